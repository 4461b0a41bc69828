//! Contracts: what was agreed with an account or a group, off the list price.

use jiff::civil::Date;

use super::{Column, Fields, Problem, Record, code, optional, required, within};
use crate::imports::cells;

/// With whom a contract was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    Account(String),
    Group(String),
}

/// What a discount is given on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Discounted {
    #[default]
    Everything,
    Brand(String),
    Category(Vec<String>),
    Sku(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractRow {
    pub number: String,
    pub name: Option<String>,
    pub party: Option<Party>,
    pub target: Discounted,
    /// Hundredths of a per cent off the list price.
    pub discount_basis_points: i64,
    pub valid_from: Option<Date>,
    /// Included.
    pub last_day: Option<Date>,
    pub priority: i64,
}

impl Record for ContractRow {
    const COLUMNS: &'static [Column] = &[
        required("number", &["contract", "contract number", "vertragsnummer"]),
        optional("name", &["title", "bezeichnung"]),
        optional("account", &["account number", "customer", "kundennummer"]),
        optional("group", &["account group", "kundengruppe"]),
        optional("target", &["discount target", "on", "auf"]),
        required("percent", &["discount", "discount percent", "rabatt"]),
        optional("valid_from", &["from", "gültig ab", "gueltig ab"]),
        optional(
            "valid_until",
            &["until", "valid to", "gültig bis", "gueltig bis"],
        ),
        optional("priority", &["priorität", "prioritaet"]),
    ];

    fn read(fields: &mut Fields<'_>) -> Self {
        let (valid_from, last_day) = fields.validity();
        let account = fields.maybe("account", code);
        let group = fields.maybe("group", code);
        let party = match (account, group) {
            (Some(account), None) => Some(Party::Account(account)),
            (None, Some(group)) => Some(Party::Group(group)),
            (Some(_), Some(_)) | (None, None) => {
                let reason = "needs either an account or a group".to_owned();
                fields.fault("account", Problem::Refused { reason });
                None
            }
        };
        Self {
            number: fields.must("number", code),
            name: fields.text("name", 200),
            party,
            target: fields.maybe("target", discounted).unwrap_or_default(),
            discount_basis_points: fields.must("percent", |cell| {
                let cell = cell.trim_end_matches('%').trim_end();
                let points = cells::decimal(cell, cells::BASIS_POINTS)?;
                within(points, 1, 9_999).map_err(|_| Problem::OutOfRange { min: 0, max: 100 })
            }),
            valid_from,
            last_day,
            priority: fields.whole("priority", -1_000, 1_000).unwrap_or(0),
        }
    }
}

fn discounted(cell: &str) -> Result<Discounted, Problem> {
    if cell.eq_ignore_ascii_case("all") {
        return Ok(Discounted::Everything);
    }
    let (kind, value) = cell.split_once(':').ok_or(Problem::NotADiscountTarget)?;
    let value = value.trim();
    match kind.trim().to_lowercase().as_str() {
        "brand" if !value.is_empty() => Ok(Discounted::Brand(value.to_owned())),
        "category" => cells::category(value).map(Discounted::Category),
        "sku" => cells::sku(value).map(Discounted::Sku),
        _ => Err(Problem::NotADiscountTarget),
    }
}
