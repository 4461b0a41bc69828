//! VAT: the product's tax class against the ship-to's country and the buyer's VAT-id.
//!
//! Prices are net. Tax is computed once a rate on the document, from the sum of the rounded lines,
//! so that the document's own figures add up. A supply without tax names its reason on the line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{BasisPoints, Currency, Money, MoneyError};

/// How a product is taxed; the rate follows from the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
#[serde(rename_all = "snake_case")]
pub enum TaxClass {
    /// The country's standard rate.
    Standard,
    /// The country's reduced rate (food and feed in many).
    Reduced,
    /// Never taxed.
    Zero,
}

impl TaxClass {
    /// The name used in files and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TaxClass::Standard => "standard",
            TaxClass::Reduced => "reduced",
            TaxClass::Zero => "zero",
        }
    }
}

/// A word that names no tax class or reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not known to VAT")]
pub struct UnknownTaxWord(pub String);

impl std::str::FromStr for TaxClass {
    type Err = UnknownTaxWord;
    fn from_str(text: &str) -> Result<Self, UnknownTaxWord> {
        [TaxClass::Standard, TaxClass::Reduced, TaxClass::Zero]
            .into_iter()
            .find(|class| class.name() == text.trim().to_lowercase())
            .ok_or_else(|| UnknownTaxWord(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for TaxClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a line is supplied without tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
#[serde(rename_all = "snake_case")]
pub enum TaxReason {
    /// Taxed as usual.
    Taxed,
    /// Intra-community supply to a buyer with a VAT-id (Directive 2006/112/EC, article 138).
    IntraCommunity,
    /// Export to a third country (article 146).
    Export,
}

impl TaxReason {
    /// The name in tables and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TaxReason::Taxed => "taxed",
            TaxReason::IntraCommunity => "intra_community",
            TaxReason::Export => "export",
        }
    }
}

impl std::str::FromStr for TaxReason {
    type Err = UnknownTaxWord;
    fn from_str(text: &str) -> Result<Self, UnknownTaxWord> {
        [
            TaxReason::Taxed,
            TaxReason::IntraCommunity,
            TaxReason::Export,
        ]
        .into_iter()
        .find(|reason| reason.name() == text)
        .ok_or_else(|| UnknownTaxWord(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for TaxReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The treatment of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineTax {
    /// The rate that applies, zero where the reason says so.
    pub rate: BasisPoints,
    /// Taxed, or why not.
    pub reason: TaxReason,
}

/// Where the goods come from and go to, and what is known of the buyer.
#[derive(Debug, Clone, Copy)]
pub struct TaxPlace<'a> {
    /// ISO 3166 alpha-2 of the brand.
    pub seller_country: &'a str,
    /// ISO 3166 alpha-2 of the ship-to.
    pub ship_to_country: &'a str,
    /// The buyer has a VAT-id of another member state.
    pub buyer_has_vat_id: bool,
}

const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether the country is a member state of the European Union.
#[must_use]
pub fn in_european_union(country: &str) -> bool {
    EU.contains(&country)
}

impl TaxPlace<'_> {
    /// The country whose rate applies, or the reason why none does.
    ///
    /// Within the country: its own rate. From a member state to a business in another: intra-community
    /// supply; to a buyer without a VAT-id: the seller's rate (the brand sells to businesses, so the
    /// one-stop shop for consumers is not modelled). Anywhere else: export.
    #[must_use]
    pub fn reason(&self) -> TaxReason {
        if self.seller_country == self.ship_to_country {
            return TaxReason::Taxed;
        }
        if in_european_union(self.seller_country) && in_european_union(self.ship_to_country) {
            return if self.buyer_has_vat_id {
                TaxReason::IntraCommunity
            } else {
                TaxReason::Taxed
            };
        }
        TaxReason::Export
    }

    /// The treatment of a line whose class is taxed at `rate` by the seller's country.
    #[must_use]
    pub fn line(&self, rate: BasisPoints) -> LineTax {
        match self.reason() {
            TaxReason::Taxed => LineTax {
                rate,
                reason: TaxReason::Taxed,
            },
            reason @ (TaxReason::IntraCommunity | TaxReason::Export) => LineTax {
                rate: BasisPoints(0),
                reason,
            },
        }
    }
}

/// One rate's row at the foot of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRow {
    /// Rate and reason.
    #[serde(flatten)]
    pub tax: LineTax,
    /// Sum of the lines at this rate.
    pub net: Money,
    /// The tax on that sum.
    pub amount: Money,
}

/// Net, tax and gross of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of the rounded line totals.
    pub net: Money,
    /// Sum of the rows' tax.
    pub tax: Money,
    /// Net and tax.
    pub gross: Money,
    /// A row a rate, highest rate first.
    pub rows: Vec<TaxRow>,
}

/// Adds up a document's lines.
///
/// # Errors
/// A line in another currency, or a sum beyond 64 bits.
pub fn totals(
    currency: Currency,
    lines: impl IntoIterator<Item = (Money, LineTax)>,
) -> Result<Totals, MoneyError> {
    let mut sums: BTreeMap<LineTax, Money> = BTreeMap::new();
    for (net, tax) in lines {
        let sum = sums.entry(tax).or_insert(Money::zero(currency));
        *sum = sum.plus(net)?;
    }
    let mut rows = Vec::with_capacity(sums.len());
    for (tax, net) in sums.into_iter().rev() {
        rows.push(TaxRow {
            tax,
            net,
            amount: net.share(tax.rate)?,
        });
    }
    let net = Money::sum(currency, rows.iter().map(|row| row.net))?;
    let tax = Money::sum(currency, rows.iter().map(|row| row.amount))?;
    Ok(Totals {
        net,
        tax,
        gross: net.plus(tax)?,
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_follows_from_countries_and_vat_id() {
        let place = |to, id| TaxPlace {
            seller_country: "DE",
            ship_to_country: to,
            buyer_has_vat_id: id,
        };
        assert_eq!(place("DE", true).reason(), TaxReason::Taxed);
        assert_eq!(place("AT", true).reason(), TaxReason::IntraCommunity);
        assert_eq!(place("AT", false).reason(), TaxReason::Taxed);
        assert_eq!(place("CH", false).reason(), TaxReason::Export);
        assert_eq!(
            place("CH", true).line(BasisPoints(1900)).rate,
            BasisPoints(0)
        );
    }

    #[test]
    fn tax_is_rounded_once_a_rate() {
        let taxed = |bp| LineTax {
            rate: BasisPoints(bp),
            reason: TaxReason::Taxed,
        };
        let eur = |minor| Money::new(minor, Currency::EUR);
        // Three lines of 0.33 at 19 %: 0.99 × 19 % = 0.1881; by line it would be 3 × 0.06.
        let lines = [
            (eur(33), taxed(1900)),
            (eur(33), taxed(1900)),
            (eur(33), taxed(1900)),
        ];
        let sums = totals(Currency::EUR, lines).unwrap();
        assert_eq!(
            (sums.net.minor, sums.tax.minor, sums.gross.minor),
            (99, 19, 118)
        );
        let mixed = totals(
            Currency::EUR,
            [(eur(1000), taxed(700)), (eur(500), taxed(1900))],
        );
        let rows: Vec<i64> = mixed
            .unwrap()
            .rows
            .iter()
            .map(|row| row.amount.minor)
            .collect();
        assert_eq!(rows, [95, 70]);
    }
}
