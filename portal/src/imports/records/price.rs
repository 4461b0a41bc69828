//! Prices of a list, and what is in stock.

use jiff::civil::Date;

use super::{Column, Fields, Problem, Record, code, currency, optional, required, within};
use trade::quantity::Unit;

use crate::imports::cells;

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

/// What is there of a product, and what is coming.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockRow {
    pub sku: String,
    /// In base units.
    pub on_hand: i64,
    pub expected_on: Option<Date>,
    /// In base units.
    pub expected_quantity: Option<i64>,
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
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let most = 1_000_000_000;
        let stock = Self {
            sku: fields.must("sku", cells::sku),
            on_hand: fields.must("on_hand", |cell| within(cells::whole(cell)?, 0, most)),
            expected_on: fields.maybe("expected_on", cells::date),
            expected_quantity: fields.whole("expected_quantity", 1, most),
        };
        if stock.expected_on.is_none() && stock.expected_quantity.is_some() {
            fields.fault(
                "expected_quantity",
                Problem::Alone {
                    other: "expected_on",
                },
            );
        }
        stock
    }
}
