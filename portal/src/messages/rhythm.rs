//! In which rhythm an account orders at all, whatever is in its orders: a cheap question to the
//! table of orders, asked before the recommender is.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use trade::calendar::LocalDate;
use trade::id::AccountId;

use crate::catalogue::padded;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::suggestions::day;

/// Orders older than that say nothing of today's rhythm.
const DAYS: i32 = 200;
/// Fewer days with orders are no rhythm yet.
const LEAST_ORDERS: usize = 4;
/// Who orders more often than that needs nobody to remind them.
const LEAST_DAYS: i32 = 4;
/// An account that has let pass so many of its gaps has given up, or orders elsewhere: that is for
/// its KAM to ask, not for a mail.
const GIVEN_UP_AFTER: i32 = 4;

/// How often an account orders, and how long ago it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Its usual gap, in days.
    pub every: i32,
    /// Days since its last order.
    pub ago: i32,
}

impl Rhythm {
    /// The rhythm of orders on these days, the earliest first; none where there is none.
    #[must_use]
    pub fn of(days: &[Date], today: Date) -> Option<Rhythm> {
        if days.len() < LEAST_ORDERS {
            return None;
        }
        let numbers: Vec<i32> = days.iter().map(|date| day(*date).0).collect();
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        let mut gaps: Vec<i32> = pairs.map(|(one, next)| next - one).collect();
        gaps.sort_unstable();
        let every = *gaps.get(gaps.len() / 2)?;
        let ago = day(today).0 - numbers.last()?;
        (every >= LEAST_DAYS).then_some(Rhythm { every, ago })
    }

    /// Its time has come, and has not long passed.
    #[must_use]
    pub fn is_due(self) -> bool {
        self.ago >= self.every && self.ago <= self.every.saturating_mul(GIVEN_UP_AFTER)
    }

    /// Its time has passed by more than a day or two.
    #[must_use]
    pub fn is_overdue(self) -> bool {
        self.is_due() && self.late() > Ord::max(2, self.every / 4)
    }

    /// Days since its time came.
    #[must_use]
    pub fn late(self) -> i32 {
        self.ago - self.every
    }
}

/// The rhythms of those of `accounts` that have one.
///
/// # Errors
/// Whatever the database says.
pub async fn of(
    tx: &Tx,
    accounts: &[AccountId],
    today: Date,
) -> Result<HashMap<AccountId, Rhythm>> {
    let since = LocalDate(today.checked_sub(DAYS.days())?);
    let mut days: HashMap<AccountId, Vec<Date>> = HashMap::new();
    for chunk in accounts.chunks(500) {
        let ids = padded(chunk);
        let sql = format!(
            "SELECT DISTINCT account_id, placed_on FROM orders WHERE placed_on >= $1 \
             AND state NOT IN ('cancelled', 'rejected', 'expired') AND account_id IN ({}) \
             ORDER BY account_id, placed_on",
            placeholders(2, ids.len())
        );
        let values = std::iter::once(since.into()).chain(ids.iter().map(|id| (*id).into()));
        for row in tx.rows(&sql, values).await? {
            let on: LocalDate = row.try_get_by_index(1)?;
            days.entry(row.try_get_by_index(0)?).or_default().push(on.0);
        }
    }
    let rhythms = days
        .into_iter()
        .filter_map(|(account, days)| Some((account, Rhythm::of(&days, today)?)));
    Ok(rhythms.collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rhythm(ago: &[i32]) -> Option<Rhythm> {
        let today = date(2026, 11, 24);
        let days: Vec<Date> = ago
            .iter()
            .map(|days| today.checked_sub(days.days()).unwrap())
            .collect();
        Rhythm::of(&days, today)
    }

    #[test]
    fn the_usual_gap_is_the_one_in_the_middle() {
        let found = rhythm(&[100, 58, 44, 30, 16]).unwrap();
        assert_eq!((found.every, found.ago), (14, 16));
        assert!(found.is_due() && !found.is_overdue());
        assert_eq!(found.late(), 2);
    }

    #[test]
    fn an_order_is_due_from_the_day_on_and_given_up_in_the_end() {
        let at = |ago| Rhythm { every: 14, ago };
        let due: Vec<i32> = (0..80).filter(|ago| at(*ago).is_due()).collect();
        assert_eq!(due, (14..=56).collect::<Vec<i32>>());
        let overdue: Vec<i32> = (0..80).filter(|ago| at(*ago).is_overdue()).collect();
        assert_eq!(overdue, (18..=56).collect::<Vec<i32>>());
    }

    #[test]
    fn few_orders_or_daily_ones_are_no_rhythm_to_remind_of() {
        assert_eq!(rhythm(&[42, 28, 14]), None);
        assert_eq!(rhythm(&[4, 3, 2, 1, 0]), None);
        assert_eq!(rhythm(&[]), None);
    }
}
