//! Which orders are held out to learn from. Everything is counted without them, so that what a
//! learner sees of an order is what it will see of the next one.

use super::chance;
use crate::history::{AccountAt, Basket, PurchaseHistory};

/// For each account, how many of its orders are seen, and which is to be found.
pub(crate) struct Cut {
    pub seen: Vec<usize>,
    /// None where the account is not asked.
    pub asked: Vec<Option<usize>>,
    /// How much its orders count beside those of other cuts.
    pub weight: f32,
}

/// Days back at which time is cut, the most telling first.
const DAYS_BACK: [i32; 7] = [30, 60, 91, 14, 45, 75, 120];
/// Orders held out, about: with more, no further cut is made.
const ENOUGH: usize = 9_000;
/// What an order counts that is not an account's last.
const EARLIER: f32 = 0.7;

impl Cut {
    /// The orders of each account that are seen.
    pub fn views<'a>(&self, history: &'a PurchaseHistory) -> Vec<&'a [Basket]> {
        let seen = history.baskets.iter().zip(&self.seen);
        seen.map(|(baskets, seen)| &baskets[..*seen]).collect()
    }

    /// Accounts that are asked, in an order that chance gives.
    pub fn accounts(&self, seed: u64) -> Vec<AccountAt> {
        let asked = (0..).zip(&self.asked).filter(|(_, asked)| asked.is_some());
        let mut accounts: Vec<AccountAt> = asked.map(|(account, _)| account).collect();
        accounts.sort_by_key(|account| chance::draw(seed, *account, 0));
        accounts
    }

    fn count(&self) -> usize {
        self.asked.iter().flatten().count()
    }
}

/// The cuts to learn from.
///
/// With dates: everybody without the last order, without the last two, and as things stood some
/// weeks back; an account's recency is another in each, and a learner that saw only the first
/// takes it for granted. Without dates nobody can say which of others' orders came later: a fifth
/// of the accounts is asked at a time, and all others are seen whole.
pub(crate) fn cuts(history: &PurchaseHistory, seed: u64) -> Vec<Cut> {
    if !history.dated {
        return (0..5).map(|part| apart(history, seed, part)).collect();
    }
    let mut cuts = vec![without_last(history, 1, 1)];
    let mut count = cuts[0].count();
    let earlier = DAYS_BACK[..3]
        .iter()
        .map(|days| before(history, *days))
        .chain([without_last(history, 2, 2)])
        .chain(DAYS_BACK[3..].iter().map(|days| before(history, *days)));
    for cut in earlier {
        if count >= ENOUGH {
            break;
        }
        count += cut.count();
        cuts.push(cut);
    }
    cuts
}

/// Without the last `back` orders of everybody who then has `least` left; the first of them is
/// asked for.
pub(crate) fn without_last(history: &PurchaseHistory, back: usize, least: usize) -> Cut {
    let mut cut = Cut {
        seen: Vec::new(),
        asked: Vec::new(),
        weight: if back == 1 { 1.0 } else { EARLIER },
    };
    for baskets in &history.baskets {
        let left = baskets
            .len()
            .checked_sub(back)
            .filter(|left| *left >= least);
        cut.seen.push(left.unwrap_or(baskets.len().min(least)));
        cut.asked.push(left);
    }
    cut
}

/// Without the last order of a fifth of the accounts.
fn apart(history: &PurchaseHistory, seed: u64, part: u64) -> Cut {
    let mut cut = without_last(history, 1, 1);
    for (account, baskets) in (0..).zip(&history.baskets) {
        let at = account as usize;
        if cut.asked[at].is_none() || chance::fifth(seed, account) != part {
            cut.seen[at] = baskets.len();
            cut.asked[at] = None;
        }
    }
    cut
}

/// As things stood `days` before the last day; each account's first order after it is asked for.
fn before(history: &PurchaseHistory, days: i32) -> Cut {
    let day = history.last_day().0.saturating_sub(days);
    let mut cut = Cut {
        seen: Vec::new(),
        asked: Vec::new(),
        weight: EARLIER,
    };
    for baskets in &history.baskets {
        let seen = baskets.partition_point(|basket| basket.day <= day);
        cut.seen.push(seen);
        cut.asked
            .push((seen >= 2 && seen < baskets.len()).then_some(seen));
    }
    cut
}
