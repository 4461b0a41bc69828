//! The order history: one row a line, as an ERP or a shop exports it.

use super::{Column, Fields, Problem, Record, code, optional, required};
use trade::quantity::Unit;

use crate::imports::cells::{self, Moment};

/// Whether goods went out or came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderKind {
    #[default]
    Order,
    /// The line's number begins with C, or its quantity is negative.
    CreditNote,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    pub kind: OrderKind,
    pub number: String,
    pub placed_at: Option<Moment>,
    pub account: String,
    pub sku: String,
    /// In `unit`, always above zero; `kind` says which way it went.
    pub quantity: i64,
    /// None: the product's base unit.
    pub unit: Option<Unit>,
    /// Ten-thousandths of the major unit, for one of that unit.
    pub unit_price: i64,
    pub po_number: Option<String>,
    pub ship_to: Option<String>,
}

impl Record for OrderRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "order_number",
            &[
                "order",
                "number",
                "invoice",
                "invoice number",
                "invoiceno",
                "belegnummer",
            ],
        ),
        required(
            "placed_at",
            &["date", "order date", "invoice date", "invoicedate", "datum"],
        ),
        required(
            "account",
            &[
                "account number",
                "customer",
                "customer number",
                "customerid",
                "kundennummer",
            ],
        ),
        required(
            "sku",
            &[
                "article",
                "article number",
                "item",
                "stockcode",
                "artikelnummer",
            ],
        ),
        required("quantity", &["qty", "menge"]),
        optional("unit", &["uom", "einheit"]),
        required("unit_price", &["price", "net price", "unitprice", "preis"]),
        optional("po_number", &["po", "purchase order", "bestellnummer"]),
        optional("ship_to", &["delivery address", "lieferadresse"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let number = fields.must("order_number", code);
        let quantity = fields.must("quantity", signed_quantity);
        let returned = quantity < 0 || number.starts_with(['C', 'c']);
        Self {
            kind: if returned {
                OrderKind::CreditNote
            } else {
                OrderKind::Order
            },
            number,
            placed_at: fields.must("placed_at", |cell| cells::moment(cell).map(Some)),
            account: fields.must("account", code),
            sku: fields.must("sku", cells::sku),
            quantity: quantity.saturating_abs(),
            unit: fields.maybe("unit", cells::unit),
            unit_price: fields.must("unit_price", super::price::price),
            po_number: fields.text("po_number", 60),
            ship_to: fields.text("ship_to", 60),
        }
    }
}

fn signed_quantity(cell: &str) -> Result<i64, Problem> {
    let quantity = cells::whole(cell)?;
    let most = 10_000_000;
    if quantity == 0 || quantity.saturating_abs() > most {
        return Err(Problem::OutOfRange { min: 1, max: most });
    }
    Ok(quantity)
}
