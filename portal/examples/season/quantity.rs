//! How often a quantity can be right at all: suggested ones beside the last one ordered, and beside
//! the one that would have been right most often, which only hindsight knows.

use std::collections::{BTreeMap, HashMap};

use trade::id::ProductId;

use super::shop::TrueOrder;

/// Lines of items the account ordered before, and how many quantities were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    pub lines: u32,
    pub suggested: u32,
    pub last: u32,
    pub hindsight: u32,
}

/// What is known of an account and an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    last: Option<u32>,
    hindsight: u32,
}

pub struct Ledger(HashMap<(usize, ProductId), Known>);

impl Ledger {
    /// With the whole of history and season read ahead, though nothing ordered yet.
    pub fn with_hindsight(orders: &[TrueOrder]) -> Self {
        let mut times: HashMap<(usize, ProductId), BTreeMap<u32, u32>> = HashMap::new();
        for order in orders {
            for need in &order.needs {
                let of = times.entry((order.account, need.product)).or_default();
                *of.entry(need.pieces).or_default() += 1;
            }
        }
        let known = times.into_iter().map(|(pair, times)| {
            // Of those ordered equally often the largest.
            let most = times.into_iter().max_by_key(|(_, times)| *times);
            let known = Known {
                last: None,
                hindsight: most.map_or(0, |(pieces, _)| pieces),
            };
            (pair, known)
        });
        Self(known.collect())
    }

    /// Judges an order, `suggested` being quantities of what the account ordered before.
    pub fn judge(&self, order: &TrueOrder, suggested: &HashMap<ProductId, u32>) -> Right {
        let mut right = Right::default();
        for need in &order.needs {
            let Some(known) = self.0.get(&(order.account, need.product)) else {
                continue;
            };
            let Some(last) = known.last else {
                continue;
            };
            right.lines += 1;
            right.last += u32::from(last == need.pieces);
            right.hindsight += u32::from(known.hindsight == need.pieces);
            let fits = suggested.get(&need.product) == Some(&need.pieces);
            right.suggested += u32::from(fits);
        }
        right
    }

    pub fn take(&mut self, order: &TrueOrder) {
        for need in &order.needs {
            let known = self.0.entry((order.account, need.product)).or_default();
            known.last = Some(need.pieces);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buyer::Need;
    use uuid::Uuid;

    #[test]
    fn quantities_are_judged_where_the_item_was_ordered_before() {
        let product = ProductId(Uuid::from_u128(1));
        let order = |day, pieces| TrueOrder {
            account: 0,
            on: jiff::civil::date(2026, 9, day),
            needs: vec![Need {
                product,
                pieces,
                units: 1,
                sku: 7,
            }],
        };
        let orders = [order(1, 12), order(8, 24), order(15, 12), order(22, 12)];
        let mut ledger = Ledger::with_hindsight(&orders);
        let suggested = HashMap::from([(product, 24)]);
        let mut sum = Right::default();
        for order in &orders {
            let right = ledger.judge(order, &suggested);
            sum.lines += right.lines;
            sum.suggested += right.suggested;
            sum.last += right.last;
            sum.hindsight += right.hindsight;
            ledger.take(order);
        }
        let expected = Right {
            lines: 3,
            suggested: 1,
            last: 1,
            hindsight: 2,
        };
        assert_eq!(sum, expected);
    }
}
