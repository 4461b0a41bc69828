//! What is on its way of a product, as people and programs say it: days with quantities, or only
//! the next day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::calendar::LocalDate;
use trade::id::ProductId;
use trade::stock::Receipt;

use crate::db::Tx;
use crate::db::entity::expected_receipt;
use crate::error::Result;

/// Days on which goods may be expected at once; more is a plan, not a delivery.
pub const MOST_RECEIPTS: usize = 50;

/// Goods on their way, in base units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    receipts: BTreeMap<Date, i64>,
    /// A day of which nobody has said how much comes; only where nothing else is known.
    day: Option<Date>,
}

/// The next receipt was named beside the others, and not as they have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not as the receipts have it")]
pub struct Contradiction(pub Date);

impl Incoming {
    /// From the receipts, and the next one where it is named by itself: on a day the receipts have
    /// too it must say the same, on another it is one more. Two on one day count together.
    ///
    /// # Errors
    /// Where the two contradict each other.
    pub fn new(
        next: Option<(Date, Option<i64>)>,
        receipts: impl IntoIterator<Item = (Date, i64)>,
    ) -> Result<Incoming, Contradiction> {
        let mut days: BTreeMap<Date, i64> = BTreeMap::new();
        for (day, quantity) in receipts {
            let sum = days.entry(day).or_default();
            *sum = sum.saturating_add(quantity);
        }
        let known = next.and_then(|(day, _)| days.get(&day).copied());
        let mut incoming = Incoming {
            receipts: days,
            day: None,
        };
        match (next, known) {
            (None, _) | (Some((_, None)), Some(_)) => {}
            (Some((_, Some(quantity))), Some(known)) if quantity == known => {}
            (Some((day, Some(quantity))), None) => {
                incoming.receipts.insert(day, quantity);
            }
            (Some((day, None)), None) if incoming.receipts.is_empty() => incoming.day = Some(day),
            (Some((day, _)), _) => return Err(Contradiction(day)),
        }
        Ok(incoming)
    }

    /// Nothing else than these.
    #[must_use]
    pub fn of(receipts: impl IntoIterator<Item = (Date, i64)>) -> Incoming {
        Incoming::new(None, receipts).unwrap_or_default()
    }

    /// The next day with what it brings, as a product's stock keeps it.
    #[must_use]
    pub fn next(&self) -> (Option<LocalDate>, Option<i64>) {
        let first = self.receipts.first_key_value();
        (
            first.map(|(day, _)| *day).or(self.day).map(LocalDate),
            first.map(|(_, quantity)| *quantity),
        )
    }

    /// Every receipt, the earliest first.
    pub fn receipts(&self) -> impl Iterator<Item = (Date, i64)> + '_ {
        self.receipts.iter().map(|(day, some)| (*day, *some))
    }

    /// Takes what has come off a day's receipt; what is left of it stays on its way where `rest`
    /// says so. False where nothing was expected that day.
    pub fn arrived(&mut self, day: Date, quantity: i64, rest: bool) -> bool {
        let Some(expected) = self.receipts.remove(&day) else {
            return false;
        };
        if rest && quantity < expected {
            self.receipts.insert(day, expected - quantity);
        }
        true
    }
}

/// What is on its way of a product.
///
/// # Errors
/// Whatever the database says.
pub async fn load(tx: &Tx, product: ProductId, day: Option<LocalDate>) -> Result<Incoming> {
    let rows = tx
        .all::<expected_receipt::Entity>(|rows| {
            rows.filter(expected_receipt::Column::ProductId.eq(product))
                .order_by_asc(expected_receipt::Column::ExpectedOn)
        })
        .await?;
    let receipts: BTreeMap<Date, i64> = rows
        .into_iter()
        .map(|row| (row.expected_on.0, row.quantity))
        .collect();
    Ok(Incoming {
        day: day.map(|day| day.0).filter(|_| receipts.is_empty()),
        receipts,
    })
}

/// Puts `incoming` in place of what was expected of a product.
///
/// # Errors
/// Whatever the database says.
pub async fn store(tx: &Tx, product: ProductId, incoming: &Incoming) -> Result<()> {
    tx.delete::<expected_receipt::Entity>(|rows| {
        rows.filter(expected_receipt::Column::ProductId.eq(product))
    })
    .await?;
    tx.insert_all(rows(product, incoming)).await
}

/// The rows of `incoming`.
pub fn rows(
    product: ProductId,
    incoming: &Incoming,
) -> impl Iterator<Item = expected_receipt::ActiveModel> + '_ {
    incoming
        .receipts()
        .map(move |(day, quantity)| expected_receipt::ActiveModel {
            product_id: Set(product),
            expected_on: Set(LocalDate(day)),
            quantity: Set(quantity),
        })
}

/// Receipts as promises reckon with them: what is late already is promised for no day.
#[must_use]
pub fn in_time(rows: &[(Date, i64)], today: Date) -> Vec<Receipt> {
    rows.iter()
        .filter(|(day, _)| *day >= today)
        .map(|(on, quantity)| Receipt {
            on: *on,
            quantity: *quantity,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const MAY: Date = date(2026, 5, 1);
    const JUNE: Date = date(2026, 6, 1);

    #[test]
    fn the_next_receipt_may_be_named_beside_the_others_but_not_against_them() {
        let receipts = [(JUNE, 240), (MAY, 100), (MAY, 20)];
        let all = Incoming::new(None, receipts).expect("no contradiction");
        assert_eq!(all.next(), (Some(LocalDate(MAY)), Some(120)));
        assert_eq!(
            Incoming::new(Some((MAY, Some(120))), receipts),
            Ok(all.clone())
        );
        assert_eq!(Incoming::new(Some((MAY, None)), receipts), Ok(all));
        assert_eq!(
            Incoming::new(Some((MAY, Some(60))), receipts),
            Err(Contradiction(MAY))
        );
        let alone = Incoming::new(Some((MAY, None)), []).expect("a day is enough");
        assert_eq!(alone.next(), (Some(LocalDate(MAY)), None));
        assert_eq!(
            Incoming::new(Some((MAY, None)), [(JUNE, 1)]),
            Err(Contradiction(MAY))
        );
    }

    #[test]
    fn what_has_come_is_no_longer_on_its_way_and_the_rest_stays_if_it_is_to() {
        let both = Incoming::of([(MAY, 120), (JUNE, 240)]);
        let mut short = both.clone();
        assert!(short.arrived(MAY, 100, true));
        assert_eq!(short, Incoming::of([(MAY, 20), (JUNE, 240)]));
        let mut whole = both;
        assert!(whole.arrived(MAY, 100, false));
        assert_eq!(whole, Incoming::of([(JUNE, 240)]));
        assert!(!whole.arrived(MAY, 1, false));
    }
}
