//! Exact values: fractions of ten-thousandths of the major unit, rounded where they become money.

use crate::money::{BasisPoints, MoneyError, round_div};

/// A value in ten-thousandths of the major unit, as a fraction with a positive denominator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact {
    over: i128,
    under: i128,
}

impl Exact {
    /// So many whole ten-thousandths.
    pub fn whole(value: i128) -> Exact {
        Exact {
            over: value,
            under: 1,
        }
    }

    /// `part` of `whole` of it; nothing where there is no whole.
    pub fn portion(self, part: i64, whole: i64) -> Result<Exact, MoneyError> {
        if whole <= 0 {
            return Ok(Exact::whole(0));
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        // Common divisors are costly to find and seldom needed: only where the plain product is
        // too large.
        let plain = self
            .over
            .checked_mul(part)
            .zip(self.under.checked_mul(whole));
        let (over, under) = plain
            .or_else(|| {
                let (part, whole) = reduced(part, whole);
                let (over, whole) = reduced(self.over, whole);
                let (part, under) = reduced(part, self.under);
                over.checked_mul(part).zip(under.checked_mul(whole))
            })
            .ok_or(MoneyError::TooLarge)?;
        Ok(Exact { over, under })
    }

    /// A rate of it, between nothing and everything.
    pub fn share(self, rate: BasisPoints) -> Result<Exact, MoneyError> {
        self.portion(i64::from(rate.0.clamp(0, 10_000)), 10_000)
    }

    /// The sum. Where the common denominator leaves 128 bits (a bundle of many items, each in a
    /// large quantity without a common divisor), fractions of a ten-thousandth are dropped.
    pub fn plus(self, other: Exact) -> Result<Exact, MoneyError> {
        let (ours, theirs) = reduced(self.under, other.under);
        let sum = || {
            let over = self
                .over
                .checked_mul(theirs)?
                .checked_add(other.over.checked_mul(ours)?)?;
            let (over, under) = reduced(over, self.under.checked_mul(theirs)?);
            // Room for the rounding that follows.
            under.checked_mul(1 << 20)?;
            Some(Exact { over, under })
        };
        let dropped = || Some(Exact::whole(self.floor().checked_add(other.floor())?));
        sum().or_else(dropped).ok_or(MoneyError::TooLarge)
    }

    /// What remains of it after `other` ten-thousandths, at least nothing.
    pub fn less(self, other: i128) -> Result<Exact, MoneyError> {
        let over = other
            .checked_mul(self.under)
            .and_then(|other| self.over.checked_sub(other))
            .ok_or(MoneyError::TooLarge)?;
        Ok(Exact {
            over: over.max(0),
            under: self.under,
        })
    }

    /// The smaller of it and so many ten-thousandths.
    pub fn at_most(self, most: i128) -> Exact {
        // Whole numbers compare with the floor: what is above the floor but below the next whole
        // number is still below that number.
        if self.floor() >= most {
            Exact::whole(most)
        } else {
            self
        }
    }

    /// Whole ten-thousandths, the fraction dropped.
    pub fn floor(self) -> i128 {
        self.over.div_euclid(self.under)
    }

    /// The one rounding: half away from zero to minor units of `scale` ten-thousandths.
    pub fn to_minor(self, scale: i128) -> Result<i64, MoneyError> {
        let under = self
            .under
            .checked_mul(scale)
            .filter(|under| under.checked_mul(2).is_some())
            .ok_or(MoneyError::TooLarge)?;
        i64::try_from(round_div(self.over, under)).map_err(|_| MoneyError::TooLarge)
    }
}

/// The two without their common divisor. `b` is positive.
fn reduced(a: i128, b: i128) -> (i128, i128) {
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    let divisor = i128::try_from(x).unwrap_or(1).max(1);
    (a / divisor, b / divisor)
}
