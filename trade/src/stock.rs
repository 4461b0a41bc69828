//! What can be promised of a product, and when: what is there now, then what is on its way, after
//! everybody who has waited longer.
//!
//! ```
//! use trade::stock::{Receipt, promise};
//! let day = |text: &str| text.parse().unwrap();
//! let receipts = [Receipt { on: day("2026-03-19"), quantity: 48 }];
//! let answer = promise(24, 0, &receipts, 36);
//! assert_eq!((answer.now, answer.later), (24, vec![(day("2026-03-19"), 12)]));
//! assert_eq!(answer.by, Some(day("2026-03-19")));
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::quantity::PackFactor;

/// Goods on their way, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt {
    /// When they are expected.
    pub on: Date,
    /// How many.
    pub quantity: i64,
}

/// When so many pieces can be had: the parts add up to what was wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promise {
    /// At once.
    pub now: i64,
    /// From what is on its way, the earliest first, each day once.
    pub later: Vec<(Date, i64)>,
    /// The day on which all of it is there; none where all is there now, or nobody knows.
    pub by: Option<Date>,
    /// Of what nobody knows when it comes.
    pub unknown: i64,
}

impl Promise {
    /// The same in whole units of `factor` pieces: a unit is there when its last piece is.
    #[must_use]
    pub fn in_units(&self, factor: PackFactor) -> Promise {
        let factor = factor.get();
        let mut pieces = self.now;
        let mut told = pieces / factor;
        let mut counted = Promise {
            now: told,
            ..Promise::default()
        };
        for (day, quantity) in &self.later {
            pieces += quantity;
            let units = pieces / factor - told;
            if units > 0 {
                told += units;
                counted.later.push((*day, units));
            }
        }
        // Pieces that make no whole unit wait for the rest of theirs.
        let all = pieces + self.unknown;
        counted.unknown = (all + factor - 1) / factor - told;
        if counted.unknown == 0 {
            counted.by = counted.later.last().map(|(day, _)| *day);
        }
        counted
    }

    /// Whether some of it has to be waited for.
    #[must_use]
    pub fn is_short(&self) -> bool {
        !self.later.is_empty() || self.unknown > 0
    }
}

/// What can be promised to somebody who wants `wanted` pieces, with `available` free ones
/// (negative where more is promised than there is) and `owed_before` owed to others before.
///
/// Whoever waits already is served first. The order of `receipts` does not matter; what is not
/// above zero is passed over.
#[must_use]
pub fn promise(available: i64, owed_before: i64, receipts: &[Receipt], wanted: i64) -> Promise {
    let mut owed = owed_before.max(0).saturating_sub(available.min(0));
    let mut wanted = wanted.max(0);
    let mut take = |there: i64| {
        let theirs = there.max(0).min(owed);
        owed -= theirs;
        let taken = (there.max(0) - theirs).min(wanted);
        wanted -= taken;
        taken
    };
    let now = take(available);
    let mut days: BTreeMap<Date, i64> = BTreeMap::new();
    for receipt in receipts {
        let day = days.entry(receipt.on).or_default();
        *day = day.saturating_add(receipt.quantity.max(0));
    }
    let later: Vec<(Date, i64)> = days
        .into_iter()
        .map(|(day, quantity)| (day, take(quantity)))
        .filter(|(_, taken)| *taken > 0)
        .collect();
    Promise {
        now,
        by: later.last().map(|(day, _)| *day).filter(|_| wanted == 0),
        later,
        unknown: wanted,
    }
}
