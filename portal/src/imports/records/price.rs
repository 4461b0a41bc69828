//! Prices of a list, and what is in stock.

use jiff::civil::Date;

use super::{Column, Fields, Problem, Record, code, currency, optional, required, within};
use trade::quantity::Unit;

use crate::imports::cells;
use crate::stock::Incoming;
use crate::stock::incoming::MOST_RECEIPTS;

/// A price of a list from a quantity on, for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceRow {
    pub list: String,
    pub sku: String,
    /// None: the product's order unit.
    pub unit: Option<Unit>,
    /// In that unit.
    pub min_quantity: i64,
    /// Ten-thousandths of the currency's major unit, for one of that unit.
    pub amount: i64,
    /// None: the list's own.
    pub currency: Option<String>,
    pub valid_from: Option<Date>,
    /// Included.
    pub last_day: Option<Date>,
}

impl Record for PriceRow {
    const COLUMNS: &'static [Column] = &[
        required("list", &["price list", "list code", "preisliste"]),
        required(
            "sku",
            &["article", "article number", "item", "artikelnummer"],
        ),
        optional("unit", &["einheit", "uom"]),
        optional(
            "min_quantity",
            &["from quantity", "quantity", "tier", "ab menge", "menge"],
        ),
        required("amount", &["price", "unit price", "preis", "net price"]),
        optional("currency", &["währung", "waehrung"]),
        optional("valid_from", &["from", "gültig ab", "gueltig ab"]),
        optional(
            "valid_until",
            &["until", "valid to", "gültig bis", "gueltig bis"],
        ),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let (valid_from, last_day) = fields.validity();
        Self {
            list: fields.must("list", code),
            sku: fields.must("sku", cells::sku),
            unit: fields.maybe("unit", cells::unit),
            min_quantity: fields.whole("min_quantity", 1, 10_000_000).unwrap_or(1),
            amount: fields.must("amount", price),
            currency: fields.maybe("currency", currency),
            valid_from,
            last_day,
        }
    }
}

/// A unit price above zero: nothing is sold for nothing by a typing mistake.
pub(super) fn price(cell: &str) -> Result<i64, Problem> {
    let amount = cells::decimal(cell, cells::TEN_THOUSANDTHS)?;
    within(amount, 1, i64::MAX).map_err(|_| Problem::OutOfRange {
        min: 0,
        max: 1_000_000_000,
    })
}

/// The most pieces of a product anybody has.
const MOST: i64 = crate::stock::MOST;

/// What is there of a product, and what is coming.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockRow {
    pub sku: String,
    /// In base units.
    pub on_hand: i64,
    /// In base units.
    pub incoming: Incoming,
}

impl Record for StockRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "sku",
            &["article", "article number", "item", "artikelnummer"],
        ),
        required("on_hand", &["stock", "quantity", "bestand"]),
        optional("expected_on", &["expected", "expected date", "erwartet am"]),
        optional("expected_quantity", &["incoming", "erwartete menge"]),
        optional("receipts", &["expected receipts", "zugänge"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let sku = fields.must("sku", cells::sku);
        let on_hand = fields.must("on_hand", |cell| within(cells::whole(cell)?, 0, MOST));
        let day = fields.maybe("expected_on", cells::date);
        let quantity = fields.whole("expected_quantity", 1, MOST);
        let receipts = fields.list("receipts", receipt);
        if day.is_none() && quantity.is_some() {
            fields.fault(
                "expected_quantity",
                Problem::Alone {
                    other: "expected_on",
                },
            );
        }
        if receipts.len() > MOST_RECEIPTS {
            fields.fault("receipts", Problem::NotReceipts);
        }
        let next = day.map(|day| (day, quantity));
        let incoming = Incoming::new(next, receipts).unwrap_or_else(|_| {
            fields.fault("receipts", Problem::OtherThanExpected);
            Incoming::default()
        });
        Self {
            sku,
            on_hand,
            incoming,
        }
    }
}

/// A day and how much it brings: `2026-04-01:120`.
fn receipt(text: &str) -> Result<(Date, i64), Problem> {
    let (day, quantity) = text.split_once([':', '=']).ok_or(Problem::NotReceipts)?;
    let quantity = within(cells::whole(quantity)?, 1, MOST)?;
    Ok((cells::date(day)?, quantity))
}
