//! What an account orders more of, and less, than it did.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, ProductId};

use crate::history::Day;
use crate::model::Model;

/// Changes of fewer base units, or of less than a quarter, are the ups and downs of any item.
const LEAST_PIECES: u64 = 3;

/// How an account's orders of an item changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The item.
    pub product: ProductId,
    /// Base units in the period.
    pub now: u64,
    /// Base units in the period of the same length before it.
    pub before: u64,
}

impl Model {
    /// Items by how much the account's orders of the last `days` differ from those of the `days`
    /// before, in base units: the risen ones, the most first, and the fallen ones, the most first.
    #[must_use]
    pub fn trends(
        &self,
        account: AccountId,
        today: Day,
        days: u32,
        limit: usize,
    ) -> (Vec<Trend>, Vec<Trend>) {
        let Some(at) = self.account(account) else {
            return (Vec::new(), Vec::new());
        };
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        let mut found: std::collections::BTreeMap<u32, (u64, u64)> = Default::default();
        for basket in &self.history.baskets[at as usize] {
            let ago = today.0 - basket.day;
            if ago < 0 || ago >= days.saturating_mul(2) {
                continue;
            }
            for (item, pieces) in &basket.lines {
                let sums = found.entry(*item).or_default();
                if ago < days {
                    sums.0 += u64::from(*pieces);
                } else {
                    sums.1 += u64::from(*pieces);
                }
            }
        }
        let trends = found.into_iter().map(|(item, (now, before))| Trend {
            product: self.history.items[item as usize],
            now,
            before,
        });
        let (mut risen, mut fallen): (Vec<Trend>, Vec<Trend>) = trends
            .filter(|trend| {
                let change = trend.now.abs_diff(trend.before);
                change >= LEAST_PIECES && change * 4 >= trend.now.max(trend.before)
            })
            .partition(|trend| trend.now > trend.before);
        let by = |trend: &Trend| std::cmp::Reverse(trend.now.abs_diff(trend.before));
        risen.sort_by_key(by);
        fallen.sort_by_key(by);
        risen.truncate(limit);
        fallen.truncate(limit);
        (risen, fallen)
    }
}
