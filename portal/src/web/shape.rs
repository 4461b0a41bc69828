//! The shapes every page shares: amounts, dates and texts as templates receive them.
//!
//! Amounts are integers: money in minor units with its currency, unit prices in ten-thousandths of
//! the major unit. Local dates are `YYYY-MM-DD`, instants are UTC milliseconds; filters word both
//! in the reader's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
pub use trade::money::{Currency, Money, UnitPrice};
pub use trade::quantity::Unit;

use crate::error::Result;

/// Euros, for samples.
pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A local date, `YYYY-MM-DD`.
pub type Day = String;

/// UTC milliseconds.
pub type Instant = i64;

/// A value inside a message; the message function words it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    Number(i64),
    Money(Money),
    UnitPrice {
        unit_price: UnitPrice,
        currency: Currency,
    },
    Quantity {
        quantity: i64,
        unit: Unit,
    },
    Date {
        date: Day,
    },
    /// A rate: 1 250 basis points are 12.5 %.
    Rate {
        rate_bp: i64,
    },
    /// A message inside another.
    Said {
        said: Box<Message>,
    },
    /// Several of these, said as one: "a, b and c".
    List {
        all: Vec<Arg>,
    },
    Text(String),
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Said {
            said: Box::new(message),
        }
    }
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

/// A text for a person, by its key in the message files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub key: String,
    #[serde(default)]
    pub args: BTreeMap<String, Arg>,
}

impl From<&str> for Message {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl Message {
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            args: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// A text that is already in words, such as one a person wrote.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new("plain").with("text", text.into())
    }
}

/// The address parameters of a list page, so that links keep what is chosen.
pub type Query = BTreeMap<String, String>;

/// Which page of a list is shown, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paging {
    pub page: i64,
    pub pages: i64,
    pub total: i64,
    /// Position of the first and last row shown, counted from 1; 0 where there is none.
    pub first: i64,
    pub last: i64,
}

impl Paging {
    /// The page of a list that `query` asks for, and how many rows come before it. The page's
    /// number leaves the query: links to other pages set it anew.
    ///
    /// # Errors
    /// None that a list of this world reaches.
    pub fn asked(query: &mut Query, per_page: u64, total: u64) -> Result<(Self, u64)> {
        let asked = query
            .remove("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        let paging = Self::new(asked, i64::try_from(per_page)?, i64::try_from(total)?);
        let offset = u64::try_from(paging.page - 1)? * per_page;
        Ok((paging, offset))
    }

    pub fn new(page: i64, per_page: i64, total: i64) -> Self {
        let per_page = per_page.max(1);
        let pages = ((total + per_page - 1) / per_page).max(1);
        let page = page.clamp(1, pages);
        let first = if total == 0 {
            0
        } else {
            (page - 1) * per_page + 1
        };
        Self {
            page,
            pages,
            total,
            first,
            last: (page * per_page).min(total),
        }
    }
}

/// A value to choose and whether it is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

impl Choice {
    pub fn new(value: &str, label: &str, selected: bool) -> Self {
        Self {
            value: value.to_owned(),
            label: label.to_owned(),
            selected,
        }
    }
}

/// Where goods or the invoice go, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Address {
    pub name: String,
    /// Street, postal code with city, country: one entry a line.
    pub lines: Vec<String>,
}

/// VAT of one rate on a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VatLine {
    pub rate_bp: i64,
    /// `standard`, `reduced`, `zero`, `intra-community` or `export`.
    pub reason: String,
    pub net: Money,
    pub tax: Money,
}

/// What goods, promotions and freight make of the net of a cart or an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetParts {
    /// The lines before promotions.
    pub goods: Money,
    /// What promotions take off them.
    pub discount: Money,
    pub freight: Money,
    /// The promotion that takes the freight off.
    pub freight_waived_by: Option<String>,
    /// Whether there is freight to speak of: charged, waived, or free from a value on.
    pub has_freight: bool,
}

/// Net, VAT per rate and gross of a cart or an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub parts: NetParts,
    pub net: Money,
    pub vat: Vec<VatLine>,
    pub tax: Money,
    pub gross: Money,
}

impl Totals {
    /// One rate of 19 %, for samples.
    pub fn sample(net_minor: i64, tax_minor: i64) -> Self {
        Self {
            parts: NetParts {
                goods: eur(net_minor + 1_240 - 690),
                discount: eur(1_240),
                freight: eur(690),
                freight_waived_by: None,
                has_freight: true,
            },
            net: eur(net_minor),
            vat: vec![VatLine {
                rate_bp: 1900,
                reason: "standard".into(),
                net: eur(net_minor),
                tax: eur(tax_minor),
            }],
            tax: eur(tax_minor),
            gross: eur(net_minor + tax_minor),
        }
    }
}
