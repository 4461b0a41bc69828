//! How far each account's orders are in a model, so that what came since can be told exactly.
//!
//! The database counts an account's orders twice, by trigger (`account_histories`): how often one
//! was placed, and how often one began or ceased to count or was changed. Both numbers only grow,
//! and an account's row is written by one transaction after the other; so two equal marks mean
//! equal orders, whatever the clocks said and whichever transaction was committed first.

use std::collections::HashMap;

use trade::id::AccountId;
use uuid::Uuid;

/// How far an account's orders are in a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Orders placed.
    pub placed: i64,
    /// Orders that ceased to count, or were changed.
    pub changed: i64,
    /// When the latest of them was placed, whether it counts or not.
    pub newest: i64,
}

impl Default for Mark {
    /// Of an account that never ordered.
    fn default() -> Self {
        Mark {
            placed: 0,
            changed: 0,
            newest: i64::MIN,
        }
    }
}

impl Mark {
    /// Whether a model that is this far knows everything up to `other`. A transaction that began
    /// earlier may know less than the model.
    #[must_use]
    pub fn covers(&self, other: &Mark) -> bool {
        self.placed >= other.placed && self.changed >= other.changed
    }
}

/// The marks of a model's accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    marks: HashMap<AccountId, Mark>,
    changes: i64,
}

/// Bytes of an account: its id and three numbers.
const ENTRY: usize = 16 + 3 * 8;

impl Seen {
    /// The mark of an account.
    #[must_use]
    pub fn mark(&self, account: AccountId) -> Mark {
        self.marks.get(&account).copied().unwrap_or_default()
    }

    /// Sets the mark of an account.
    pub fn set(&mut self, account: AccountId, mark: Mark) {
        let before = self.marks.insert(account, mark).unwrap_or_default();
        self.changes += mark.placed + mark.changed - before.placed - before.changed;
    }

    /// Notes that an order placed at `at` was seen.
    pub fn saw(&mut self, account: AccountId, at: i64) {
        let mark = self.marks.entry(account).or_default();
        mark.newest = Ord::max(mark.newest, at);
    }

    /// Every account with its mark.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, &Mark)> {
        self.marks.iter().map(|(account, mark)| (*account, mark))
    }

    /// Placed and changed orders of all accounts: where two models agree in it for one database,
    /// they know the same orders.
    #[must_use]
    pub fn changes(&self) -> i64 {
        self.changes
    }

    /// As bytes, to be stored beside the snapshot.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut marks: Vec<_> = self.marks.iter().collect();
        marks.sort_unstable_by_key(|(account, _)| **account);
        let mut bytes = Vec::with_capacity(marks.len() * ENTRY);
        for (account, mark) in marks {
            bytes.extend_from_slice(account.0.as_bytes());
            for number in [mark.placed, mark.changed, mark.newest] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        bytes
    }

    /// Reads what [`Seen::to_bytes`] wrote; none where it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Seen> {
        let (entries, rest) = bytes.as_chunks::<ENTRY>();
        if !rest.is_empty() {
            return None;
        }
        let mut seen = Seen::default();
        for entry in entries {
            let (id, numbers) = entry.split_first_chunk::<16>()?;
            let (numbers, _) = numbers.as_chunks::<8>();
            let number = |at: usize| numbers.get(at).copied().map(i64::from_le_bytes);
            let mark = Mark {
                placed: number(0)?,
                changed: number(1)?,
                newest: number(2)?,
            };
            seen.set(AccountId(Uuid::from_bytes(*id)), mark);
        }
        Some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    #[test]
    fn what_was_seen_survives_being_stored() {
        let mut seen = Seen::default();
        for number in 0..100_i64 {
            let mark = Mark {
                placed: number,
                changed: 100 - number,
                newest: number * 1_000,
            };
            seen.set(account(u128::from(number.unsigned_abs())), mark);
        }
        seen.saw(account(200), 7);
        assert_eq!(seen.changes(), 100 * 100);
        let bytes = seen.to_bytes();
        assert_eq!(Seen::from_bytes(&bytes), Some(seen));
        assert_eq!(Seen::from_bytes(&bytes[1..]), None);
    }

    #[test]
    fn a_model_ahead_of_a_transaction_knows_enough() {
        let at = |placed, changed| Mark {
            placed,
            changed,
            newest: 0,
        };
        assert!(at(3, 1).covers(&at(3, 1)));
        assert!(at(3, 1).covers(&at(2, 1)));
        assert!(!at(3, 1).covers(&at(4, 1)));
        assert!(!at(3, 1).covers(&at(3, 2)));
        assert!(Mark::default().covers(&at(0, 0)));
    }
}
