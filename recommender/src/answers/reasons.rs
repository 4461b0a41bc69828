//! Facts that speak for an item.

use crate::history::{AccountAt, Day, ItemAt};
use crate::model::Model;
use crate::state::{Buyer, Pair};
use crate::suggestion::Reason;

impl Model {
    /// What the account's own orders say of an item.
    pub(crate) fn own_reasons(
        &self,
        account: AccountAt,
        buyer: &Buyer,
        pair: &Pair,
        today: Day,
    ) -> Vec<Reason> {
        let of = buyer.orders.min(8);
        let times = pair.in_latest(buyer.orders, of);
        let mut reasons = Vec::new();
        if times > 0 {
            reasons.push(Reason::OftenOrdered { times, of });
        }
        if let Some(every_days) = self.median_gap(account, pair) {
            reasons.push(Reason::Rhythm {
                every_days,
                last_days_ago: today.since(Day(pair.last_day)).max(0) as u32,
            });
        }
        reasons.push(Reason::LastOrdered {
            on: Day(pair.last_day),
            pieces: pair.pieces[0],
        });
        reasons
    }

    /// The median of the gaps between an account's orders of an item, in days, half days up; none
    /// before there are two gaps, nor without dates.
    pub(crate) fn median_gap(&self, account: AccountAt, pair: &Pair) -> Option<u32> {
        if !self.history.dated || pair.count < 3 {
            return None;
        }
        let days: Vec<i32> = self.history.baskets[account as usize]
            .iter()
            .filter(|basket| {
                basket
                    .lines
                    .binary_search_by_key(&pair.item, |l| l.0)
                    .is_ok()
            })
            .map(|basket| basket.day)
            .collect();
        let mut gaps: Vec<i32> = days.windows(2).map(|two| two[1] - two[0]).collect();
        gaps.sort_unstable();
        let (low, high) = (gaps[(gaps.len() - 1) / 2], gaps[gaps.len() / 2]);
        Some((low + high + 1).unsigned_abs() / 2)
    }

    /// Of the orders with `other`, how many held `item` too.
    pub(crate) fn together(&self, other: ItemAt, item: ItemAt) -> (u32, u32) {
        let (a, b) = (
            &self.state.sales[other as usize].postings,
            &self.state.sales[item as usize].postings,
        );
        let (mut i, mut j, mut with) = (0, 0, 0);
        while i < a.len() && j < b.len() {
            match a[i].cmp(&b[j]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    with += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        (with, a.len() as u32)
    }
}
