//! Open items: invoices, credit notes and payments as the ERP's receivables list them.

use jiff::civil::Date;
use trade::money::BasisPoints;

use super::{Column, Fields, Problem, Record, code, currency, optional, required, within};
use crate::db::words::OpenItemKind;
use crate::imports::cells;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItemRow {
    pub account: String,
    pub number: String,
    pub kind: OpenItemKind,
    pub order: Option<String>,
    pub issued_on: Date,
    /// None: by the account's terms.
    pub due_on: Option<Date>,
    pub currency: Option<String>,
    /// Ten-thousandths of the major unit; what the account is owed is below zero.
    pub amount: i64,
    /// What of it is open.
    pub open: i64,
    pub early_payment_on: Option<Date>,
    pub early_payment_discount: BasisPoints,
}

const KINDS: &[&str] = &["invoice", "credit_note", "payment"];
const KIND_VALUES: [OpenItemKind; 3] = [
    OpenItemKind::Invoice,
    OpenItemKind::CreditNote,
    OpenItemKind::Payment,
];

impl Record for OpenItemRow {
    const COLUMNS: &'static [Column] = &[
        required(
            "account",
            &[
                "account number",
                "customer",
                "customer number",
                "debtor",
                "kundennummer",
                "debitor",
            ],
        ),
        required(
            "number",
            &[
                "item",
                "document",
                "invoice",
                "invoice number",
                "belegnummer",
                "rechnungsnummer",
            ],
        ),
        optional("kind", &["type", "document type", "belegart"]),
        optional("order", &["order number", "auftrag", "auftragsnummer"]),
        required(
            "issued_on",
            &["date", "invoice date", "document date", "belegdatum"],
        ),
        optional("due_on", &["due", "due date", "fällig", "faellig"]),
        optional("currency", &["währung", "waehrung"]),
        required("amount", &["gross", "total", "betrag"]),
        optional("open", &["open amount", "balance", "offen"]),
        optional(
            "early_payment_on",
            &["discount date", "skonto bis", "skontodatum"],
        ),
        optional(
            "early_payment_discount",
            &["discount", "discount percent", "skonto"],
        ),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let written = fields.must("amount", amount);
        let open = fields.maybe("open", amount);
        let kind = fields.word("kind", KINDS, &KIND_VALUES);
        let kind = kind.unwrap_or(if written < 0 {
            OpenItemKind::CreditNote
        } else {
            OpenItemKind::Invoice
        });
        let (amount, open) = signed(fields, kind, written, open.unwrap_or(written));
        let issued_on = fields.must("issued_on", |cell| cells::date(cell).map(Some));
        let due_on = fields.maybe("due_on", cells::date);
        let early_payment_on = fields.maybe("early_payment_on", cells::date);
        for (column, day) in [("due_on", due_on), ("early_payment_on", early_payment_on)] {
            if day.zip(issued_on).is_some_and(|(day, issued)| day < issued) {
                let reason = "lies before issued_on".to_owned();
                fields.fault(column, Problem::Refused { reason });
            }
        }
        let discount = fields.maybe("early_payment_discount", percent);
        if early_payment_on.is_some() != discount.is_some_and(|rate| rate.0 > 0) {
            let (column, other) = if early_payment_on.is_some() {
                ("early_payment_on", "early_payment_discount")
            } else {
                ("early_payment_discount", "early_payment_on")
            };
            // A discount of nothing needs no day.
            if early_payment_on.is_some() || discount.is_some_and(|rate| rate.0 > 0) {
                fields.fault(column, Problem::Alone { other });
            }
        }
        Self {
            account: fields.must("account", code),
            number: fields.must("number", number),
            kind,
            order: fields.maybe("order", number),
            issued_on: issued_on.unwrap_or_default(),
            due_on,
            currency: fields.maybe("currency", currency),
            amount,
            open,
            early_payment_on,
            early_payment_discount: discount.unwrap_or(BasisPoints(0)),
        }
    }
}

/// What is owed to the account is below zero, whether the file writes the sign or leaves it to the
/// kind; what is open is part of the amount.
fn signed(fields: &mut Fields<'_>, kind: OpenItemKind, amount: i64, open: i64) -> (i64, i64) {
    let invoice = kind == OpenItemKind::Invoice;
    let mut refuse = |column, reason: &str| {
        let reason = reason.to_owned();
        fields.fault(column, Problem::Refused { reason });
    };
    if amount.signum() * open.signum() < 0 {
        refuse("open", "has another sign than amount");
    } else if invoice && (amount < 0 || open < 0) {
        refuse("amount", "of an invoice is not below 0");
    } else if open.saturating_abs() > amount.saturating_abs() {
        refuse("open", "is more than amount");
    }
    if invoice {
        (amount, open)
    } else {
        (-amount.saturating_abs(), -open.saturating_abs())
    }
}

fn amount(cell: &str) -> Result<i64, Problem> {
    cells::decimal(cell, cells::TEN_THOUSANDTHS)
}

/// `2`, `2,5 %`: from 0 to 100.
pub(super) fn percent(cell: &str) -> Result<BasisPoints, Problem> {
    let cell = cell.trim_end_matches('%').trim_end();
    let points = cells::decimal(cell, cells::BASIS_POINTS)?;
    let range = Problem::OutOfRange { min: 0, max: 100 };
    let points = within(points, 0, 10_000).map_err(|_| range.clone())?;
    i32::try_from(points).map(BasisPoints).map_err(|_| range)
}

/// A document's number as other systems write it: `R-2026/0815` too.
fn number(cell: &str) -> Result<String, Problem> {
    let max = 60;
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | '#');
    if cell.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    if cell.chars().all(allowed) {
        Ok(cell.to_owned())
    } else {
        Err(Problem::NotACode { max })
    }
}
