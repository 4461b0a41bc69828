//! Chance and loss, for the tests of what learns.

/// Numbers that look random and are the same every time.
pub(crate) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to below 1.
    pub fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// Mean log loss of log-odds.
pub(crate) fn loss(margins: &[f32], labels: &[f32], weights: &[f32]) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for ((margin, label), weight) in margins.iter().zip(labels).zip(weights) {
        let signed = f64::from(if *label > 0.5 { -margin } else { *margin });
        sum += f64::from(*weight) * signed.exp().ln_1p();
        all += f64::from(*weight);
    }
    sum / all
}
