//! Chance that comes out the same everywhere: a small generator of our own, integers only.

use uuid::Uuid;

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, good enough to invent shops with.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self {
            state: mix(seed.wrapping_add(STEP)),
        }
    }

    /// A stream of its own for `what`, so that one thing more here changes nothing there.
    pub fn of(&self, what: &str, number: u64) -> Self {
        let spread = |state: u64, byte: u8| mix(state.wrapping_add(STEP) ^ u64::from(byte));
        let named = what.bytes().fold(self.state, spread);
        Self {
            state: mix(named ^ mix(number.wrapping_add(STEP))),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// From 0 to `bound` − 1; 0 where `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.below_u64(bound)).unwrap_or(0)
    }

    fn below_u64(&mut self, bound: u64) -> u64 {
        // The high half of the product; the bias is below one in 2^32 for bounds in use.
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from(most.saturating_sub(least)).unwrap_or(0);
        let step = i64::try_from(self.below_u64(span.saturating_add(1))).unwrap_or(0);
        least.saturating_add(step)
    }

    /// True in `permille` of a thousand cases.
    pub fn permille(&mut self, permille: i64) -> bool {
        self.between(0, 999) < permille
    }

    /// One of `all`; the fallback only for an empty slice.
    pub fn pick<T: Copy>(&mut self, all: &[T], fallback: T) -> T {
        all.get(self.below(all.len())).copied().unwrap_or(fallback)
    }

    /// One of the words.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words, "")
    }

    /// Around 1,000, seldom far from it: the sum of three throws.
    pub fn around_thousand(&mut self, spread: i64) -> i64 {
        let throws = self.between(-spread, spread)
            + self.between(-spread, spread)
            + self.between(-spread, spread);
        1_000 + throws / 3
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let other = self.below(last.saturating_add(1));
            all.swap(last, other);
        }
    }

    /// An id in the form of a random one.
    pub fn uuid(&mut self) -> Uuid {
        let (high, low) = (self.next().to_be_bytes(), self.next().to_be_bytes());
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().zip(high.into_iter().chain(low)) {
            *place = byte;
        }
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chance_everywhere() {
        let mut chance = Chance::new(1);
        let throws: Vec<i64> = (0..6).map(|_| chance.between(1, 100)).collect();
        assert_eq!(throws, FIRST_SIX);
        assert_eq!(chance.of("a", 1).uuid(), chance.of("a", 1).uuid());
        assert_ne!(chance.of("a", 1).uuid(), chance.of("a", 2).uuid());
        assert_ne!(chance.of("a", 1).uuid(), chance.of("b", 1).uuid());
    }

    const FIRST_SIX: [i64; 6] = [37, 95, 5, 78, 22, 78];

    #[test]
    fn bounds_hold_and_every_value_comes() {
        let mut chance = Chance::new(7);
        let mut seen = [0; 5];
        for _ in 0..1_000 {
            seen[chance.below(5)] += 1;
        }
        assert!(
            seen.iter().all(|&times| (150..250).contains(&times)),
            "{seen:?}"
        );
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.between(3, 3), 3);
    }
}
