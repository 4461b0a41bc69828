//! Freight: what an order's delivery costs, by currency, country and the value of its goods.

use super::{Column, Fields, Problem, Record, country, currency, optional, required, within};
use crate::imports::cells;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreightRow {
    /// None: the brand's.
    pub currency: Option<String>,
    /// None: everywhere else.
    pub country: Option<String>,
    /// Ten-thousandths of the major unit.
    pub from: i64,
    /// None takes the step away.
    pub charge: Option<i64>,
}

impl Record for FreightRow {
    const COLUMNS: &'static [Column] = &[
        optional("currency", &["währung", "waehrung"]),
        optional("country", &["country code", "land"]),
        required("from", &["from value", "order value", "ab", "ab warenwert"]),
        required("charge", &["freight", "cost", "fracht", "kosten"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            currency: fields.maybe("currency", currency),
            country: fields.maybe("country", country),
            from: fields.must("from", amount),
            charge: fields.maybe("charge", amount),
        }
    }
}

fn amount(cell: &str) -> Result<i64, Problem> {
    within(cells::decimal(cell, cells::TEN_THOUSANDTHS)?, 0, i64::MAX)
}
