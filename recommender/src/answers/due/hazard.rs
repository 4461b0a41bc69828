//! When an account will order an item again: the time between two orders is Gamma distributed with
//! a rate that is itself uncertain (Gamma too), so that few gaps speak softly and many loudly. What
//! an account has not yet shown is taken from the item, its category, and all items.

use crate::state::{Buyer, Pair};

/// So many gaps' worth of weight has what is usual for the item.
const ITEM_GAPS: f64 = 2.0;
/// So many gaps' worth has the usual spread of gaps.
const SPREAD_GAPS: f64 = 4.0;
/// Squared coefficient of variation of the gaps of retailers' regular items.
const SPREAD: f64 = 0.8;

/// The times between an account's orders of an item, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hazard {
    /// Shape of a gap's distribution: large where gaps resemble each other.
    shape: f64,
    /// What is known of its rate.
    rate_shape: f64,
    rate_scale: f64,
    /// That it gives an item up after an order of it.
    drops: f64,
}

impl Hazard {
    /// From gaps (how many, their sum and the sum of their squares), and what is usual: days
    /// between orders, and the share of orders no other follows.
    fn of(gaps: f64, days: f64, squares: f64, usual_days: f64, drops: f64) -> Self {
        let mean = (days + ITEM_GAPS * usual_days) / (gaps + ITEM_GAPS);
        let own = if gaps > 1.0 {
            (squares - days * days / gaps).max(0.0) / (mean * mean)
        } else {
            0.0
        };
        let spread = (SPREAD_GAPS * SPREAD + own) / (SPREAD_GAPS + (gaps - 1.0).max(0.0));
        let shape = (1.0 / spread).clamp(0.6, 6.0);
        Self {
            shape,
            // One more, so that the mean of what is predicted exists and is the mean.
            rate_shape: 1.0 + (gaps + ITEM_GAPS) * shape,
            rate_scale: (gaps + ITEM_GAPS) * mean,
            drops: drops * 2.0 / (2.0 + gaps),
        }
    }

    pub fn of_pair(pair: &Pair, usual_days: f64, drops: f64) -> Self {
        let gaps = f64::from(pair.count.saturating_sub(1));
        let (days, squares) = (pair.gap_days, pair.gap_days_squared);
        Self::of(gaps, f64::from(days), f64::from(squares), usual_days, drops)
    }

    pub fn of_buyer(buyer: &Buyer, usual_days: f64, drops: f64) -> Self {
        let gaps = f64::from(buyer.orders.saturating_sub(1));
        let days = f64::from(buyer.last_day - buyer.first_day);
        Self::of(
            gaps,
            days,
            f64::from(buyer.gap_days_squared),
            usual_days,
            drops,
        )
    }

    /// That no order came within `days` of the last, if it was not the last of all.
    pub fn waits(&self, days: f64) -> f64 {
        let share = days.max(0.0) / (days.max(0.0) + self.rate_scale);
        1.0 - below(share, self.shape, self.rate_shape)
    }

    /// That it still orders it at all, `days` after the last time.
    pub fn alive(&self, days: f64) -> f64 {
        let waits = (1.0 - self.drops) * self.waits(days);
        waits / (waits + self.drops)
    }

    /// That an order comes within `within` days, `days` after the last.
    pub fn comes(&self, days: f64, within: f64) -> f64 {
        let now = self.waits(days);
        if now <= 1e-9 {
            return 0.0;
        }
        let chance = (now - self.waits(days + within)).max(0.0) / now;
        self.alive(days) * chance
    }

    /// Days between orders that are to be expected.
    pub fn mean(&self) -> f64 {
        self.shape * self.rate_scale / (self.rate_shape - 1.0)
    }
}

/// The regularised incomplete beta function: that a Beta(`a`, `b`) variable stays below `x`.
fn below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front =
        (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    // The continued fraction converges fast on this side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let tame = |value: f64| {
        if value.abs() < 1e-300 { 1e-300 } else { value }
    };
    let mut c = 1.0;
    let mut d = 1.0 / tame(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..200 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / tame(1.0 + even * d);
        c = tame(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / tame(1.0 + odd * d);
        c = tame(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-10 {
            break;
        }
    }
    h
}

/// Logarithm of the gamma function (Stirling's series, after shifting small arguments up).
fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 8.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let i = 1.0 / x;
    let i2 = i * i;
    let series = i * (1.0 / 12.0 - i2 * (1.0 / 360.0 - i2 * (1.0 / 1260.0 - i2 / 1680.0)));
    shift + (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_incomplete_beta_function_has_its_known_values() {
        // Of a uniform variable, and of the highest of two, and a symmetric one at its middle.
        assert!((below(0.3, 1.0, 1.0) - 0.3).abs() < 1e-9);
        assert!((below(0.3, 2.0, 1.0) - 0.09).abs() < 1e-9);
        assert!((below(0.5, 3.7, 3.7) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn many_equal_gaps_make_the_next_one_certain() {
        // Fifty gaps of 10 days.
        let regular = Hazard::of(50.0, 500.0, 5_000.0, 30.0, 0.2);
        assert!((regular.mean() - 10.8).abs() < 0.1);
        assert!(regular.waits(1.0) > 0.99);
        assert!(regular.waits(30.0) < 0.02);
        assert!(regular.alive(60.0) < 0.1);
        assert!(regular.comes(9.0, 14.0) > regular.comes(1.0, 3.0));
    }
}
