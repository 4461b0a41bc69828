//! Chance that comes out the same on every machine and any number of threads: drawn from what it
//! is about, not one after another.

/// SplitMix64's finishing step (Steele, Lea, Flood 2014).
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A number drawn for two things.
pub(crate) fn draw(seed: u64, one: u32, other: u32) -> u64 {
    mix(mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ ((u64::from(one) << 32) | u64::from(other)))
}

/// The same as a share, from 0 up to 1.
pub(crate) fn share(seed: u64, one: u32, other: u32) -> f64 {
    (draw(seed, one, other) >> 11) as f64 / (1_u64 << 53) as f64
}

/// In which fifth something is.
pub(crate) fn fifth(seed: u64, one: u32) -> u64 {
    draw(seed, one, u32::MAX) % 5
}
