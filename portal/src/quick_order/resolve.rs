//! What typed rows mean: the product behind a code, the unit, the quantity, and what it costs.
//!
//! A code is an article number or a GTIN. A product's own GTIN means the product, in the unit it is
//! usually ordered in; the GTIN of one of its units means that unit. A unit that was typed wins
//! over both. However many the rows are, they are read by the same few queries.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use trade::id::ProductId;
use trade::quantity::Unit;

use super::paste::{QuantityFault, parse_quantity};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{product, product_unit, quick_order_row};
use crate::error::Result;
use crate::orders::quote::{self, ForWhom, Problem, QuotedLine, Wanted};
use crate::web::locale::Lang;

/// Codes asked for in one statement.
const CHUNK: usize = 4_000;

/// Why a row is wrong; the first of them, as a person would work through them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no code.
    NoCode,
    /// No product that the account sees has this code.
    Unknown,
    /// Several products have it.
    Ambiguous,
    /// The word for the unit is none.
    Unit,
    /// What was typed is no quantity.
    Quantity(QuantityFault),
    /// It cannot be ordered like this.
    Order(Problem),
}

/// A row and what it means.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// As typed.
    pub typed: quick_order_row::Model,
    /// The product with its price, where the code is known. Where the quantity could not be read it
    /// is 0.
    pub quoted: Option<QuotedLine>,
    /// None: it can be ordered.
    pub fault: Option<Fault>,
}

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Meaning {
    product: ProductId,
    unit: Unit,
}

#[derive(Debug, FromQueryResult)]
struct Found {
    id: ProductId,
    code: String,
    unit: Unit,
}

/// Reads rows: what is right with its price, what is wrong with its fault.
///
/// # Errors
/// Whatever the database says.
pub async fn resolve(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    rows: Vec<quick_order_row::Model>,
    lang: Lang,
) -> Result<Vec<Resolved>> {
    let codes = Codes::load(tx, &rows).await?;
    let mut read = Vec::with_capacity(rows.len());
    let mut wanted = Vec::with_capacity(rows.len());
    for row in rows {
        let meaning = codes.meaning(&row.code);
        let (line, fault) = match meaning {
            Ok(meaning) => {
                let (line, fault) = read_row(&row, meaning, lang);
                wanted.push(line);
                (Some(line), fault)
            }
            Err(fault) => (None, Some(fault)),
        };
        read.push((row, line, fault));
    }
    let mut quoted = quote::prices(tx, app, whom, &wanted)
        .await?
        .lines
        .into_iter();
    let resolved = read.into_iter().map(|(typed, line, fault)| {
        let quoted = line.and_then(|_| quoted.next());
        let problem = quoted.as_ref().and_then(|quoted| quoted.problem.clone());
        let fault = match (fault, problem) {
            // Whether it is sold at all comes before how it was typed.
            (_, Some(Problem::NotFound)) => Some(Fault::Unknown),
            (_, Some(Problem::Delisted)) => Some(Fault::Order(Problem::Delisted)),
            (Some(fault), _) => Some(fault),
            (None, problem) => problem.map(Fault::Order),
        };
        Resolved {
            typed,
            quoted,
            fault,
        }
    });
    Ok(resolved.collect())
}

fn read_row(row: &quick_order_row::Model, meaning: Meaning, lang: Lang) -> (Wanted, Option<Fault>) {
    let mut fault = None;
    let unit = match row.unit.as_str() {
        "" => meaning.unit,
        word => word.parse().unwrap_or_else(|_| {
            fault = Some(Fault::Unit);
            meaning.unit
        }),
    };
    let quantity = parse_quantity(&row.quantity, lang).unwrap_or_else(|unreadable| {
        fault.get_or_insert(Fault::Quantity(unreadable));
        0
    });
    (
        Wanted {
            product: meaning.product,
            unit,
            quantity,
        },
        fault,
    )
}

/// The products behind the codes of some rows.
#[derive(Debug, Default)]
struct Codes {
    skus: HashMap<String, Meaning>,
    gtins: HashMap<String, Vec<Meaning>>,
}

impl Codes {
    async fn load(tx: &Tx, rows: &[quick_order_row::Model]) -> Result<Codes> {
        let mut skus: HashSet<String> = HashSet::with_capacity(rows.len() * 2);
        let mut gtins: HashSet<String> = HashSet::new();
        for row in rows {
            skus.extend(spellings(&row.code));
            gtins.extend(gtin_spellings(&row.code));
        }
        let mut codes = Codes::default();
        let skus: Vec<String> = skus.into_iter().collect();
        for chunk in skus.chunks(CHUNK) {
            for found in by_code(tx, product::Column::Sku, chunk).await? {
                codes.skus.insert(
                    found.code,
                    Meaning {
                        product: found.id,
                        unit: found.unit,
                    },
                );
            }
        }
        let gtins: Vec<String> = gtins.into_iter().collect();
        for chunk in gtins.chunks(CHUNK) {
            let units = by_unit_gtin(tx, chunk).await?;
            // Units first: where a product's own number is also its case's, the case is meant.
            for found in units
                .into_iter()
                .chain(by_code(tx, product::Column::Gtin, chunk).await?)
            {
                let known = codes.gtins.entry(found.code).or_default();
                if !known.iter().any(|meaning| meaning.product == found.id) {
                    known.push(Meaning {
                        product: found.id,
                        unit: found.unit,
                    });
                }
            }
        }
        Ok(codes)
    }

    /// An article number comes before a GTIN: it is the brand's own.
    fn meaning(&self, code: &str) -> Result<Meaning, Fault> {
        if code.is_empty() {
            return Err(Fault::NoCode);
        }
        if let Some(meaning) = spellings(code).iter().find_map(|sku| self.skus.get(sku)) {
            return Ok(*meaning);
        }
        let mut meant: Vec<Meaning> = Vec::new();
        for gtin in gtin_spellings(code) {
            for meaning in self.gtins.get(&gtin).into_iter().flatten() {
                if !meant.iter().any(|known| known.product == meaning.product) {
                    meant.push(*meaning);
                }
            }
        }
        match meant.as_slice() {
            [] => Err(Fault::Unknown),
            [one] => Ok(*one),
            _ => Err(Fault::Ambiguous),
        }
    }
}

/// An article number as typed and in either case; in the order in which they are tried.
fn spellings(code: &str) -> Vec<String> {
    // The longest article number has 64 characters.
    if code.is_empty() || code.chars().count() > 64 {
        return Vec::new();
    }
    let mut spellings = vec![code.to_owned()];
    for other in [code.to_uppercase(), code.to_lowercase()] {
        if !spellings.contains(&other) {
            spellings.push(other);
        }
    }
    spellings
}

/// A GTIN as typed, and with the zeros that spreadsheets take away or other programs put before it.
fn gtin_spellings(code: &str) -> Vec<String> {
    let digits: String = code
        .chars()
        .filter(|char| !matches!(char, ' ' | '-' | '\u{a0}'))
        .collect();
    let bare = digits.trim_start_matches('0');
    let is_gtin = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (7..=14).contains(&digits.len())
        && bare.len() >= 6;
    if !is_gtin {
        return Vec::new();
    }
    let mut spellings: Vec<String> = [8, 12, 13, 14]
        .into_iter()
        .filter(|length| bare.len() <= *length)
        .map(|length| format!("{bare:0>length$}"))
        .collect();
    if !spellings.contains(&digits) {
        spellings.push(digits);
    }
    spellings
}

async fn by_code(tx: &Tx, column: product::Column, codes: &[String]) -> Result<Vec<Found>> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let codes = padded(&codes);
    tx.report::<product::Entity, Found>(|select| {
        select
            .filter(column.is_in(codes))
            .select_only()
            .column(product::Column::Id)
            .column_as(column, "code")
            .column_as(product::Column::OrderUnit, "unit")
    })
    .await
}

async fn by_unit_gtin(tx: &Tx, codes: &[String]) -> Result<Vec<Found>> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let codes = padded(&codes);
    tx.report::<product::Entity, Found>(|select| {
        let mut select = select
            .filter(product_unit::Column::Gtin.is_in(codes))
            .select_only()
            .column(product::Column::Id)
            .column_as(product_unit::Column::Gtin, "code")
            .column_as(product_unit::Column::Unit, "unit");
        QueryTrait::query(&mut select).inner_join(
            product_unit::Entity,
            Expr::col((product_unit::Entity, product_unit::Column::ProductId))
                .equals((product::Entity, product::Column::Id)),
        );
        select
    })
    .await
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn meaning(product: u128, unit: Unit) -> Meaning {
        Meaning {
            product: ProductId(Uuid::from_u128(product)),
            unit,
        }
    }

    fn codes() -> Codes {
        let skus = [("HK-1001", 1), ("40063812", 2)];
        let gtins = [
            ("4006381333931", vec![meaning(1, Unit::Piece)]),
            ("14006381333938", vec![meaning(1, Unit::Case)]),
            ("0012345678905", vec![meaning(3, Unit::Case)]),
            (
                "96385074",
                vec![meaning(4, Unit::Case), meaning(5, Unit::Case)],
            ),
            ("40063812", vec![meaning(6, Unit::Case)]),
        ];
        Codes {
            skus: skus
                .map(|(sku, id)| (sku.to_owned(), meaning(id, Unit::Case)))
                .into(),
            gtins: gtins.map(|(gtin, meant)| (gtin.to_owned(), meant)).into(),
        }
    }

    #[test]
    fn an_article_number_is_found_in_either_case() {
        for code in ["HK-1001", "hk-1001", "Hk-1001"] {
            assert_eq!(codes().meaning(code), Ok(meaning(1, Unit::Case)), "{code}");
        }
        assert_eq!(codes().meaning("HK-1002"), Err(Fault::Unknown));
        assert_eq!(codes().meaning(""), Err(Fault::NoCode));
        assert_eq!(codes().meaning(&"9".repeat(100_000)), Err(Fault::Unknown));
    }

    #[test]
    fn the_gtin_of_a_case_means_the_case() {
        assert_eq!(
            codes().meaning("4006381333931"),
            Ok(meaning(1, Unit::Piece))
        );
        assert_eq!(
            codes().meaning("14006381333938"),
            Ok(meaning(1, Unit::Case))
        );
        assert_eq!(
            codes().meaning("4 006381 333931"),
            Ok(meaning(1, Unit::Piece))
        );
    }

    #[test]
    fn zeros_before_a_gtin_make_no_difference() {
        for code in [
            "12345678905",
            "012345678905",
            "0012345678905",
            "00012345678905",
        ] {
            assert_eq!(codes().meaning(code), Ok(meaning(3, Unit::Case)), "{code}");
        }
    }

    #[test]
    fn a_gtin_of_two_products_is_asked_about_and_an_article_number_comes_first() {
        assert_eq!(codes().meaning("96385074"), Err(Fault::Ambiguous));
        assert_eq!(codes().meaning("40063812"), Ok(meaning(2, Unit::Case)));
    }

    #[test]
    fn a_typed_unit_wins_and_a_word_that_is_none_is_a_fault() {
        let row = |quantity: &str, unit: &str| quick_order_row::Model {
            account_id: Uuid::nil().into(),
            user_id: Uuid::nil().into(),
            position: 1,
            code: "HK-1001".into(),
            quantity: quantity.into(),
            unit: unit.into(),
            suggested_list: None,
            suggested_pieces: None,
        };
        let read = |quantity, unit| {
            let (wanted, fault) = read_row(&row(quantity, unit), meaning(1, Unit::Case), Lang::En);
            (wanted.quantity, wanted.unit, fault)
        };
        assert_eq!(read("24", ""), (24, Unit::Case, None));
        assert_eq!(read("24", "Stück"), (24, Unit::Piece, None));
        assert_eq!(read("24", "bucket"), (24, Unit::Case, Some(Fault::Unit)));
        let empty = Fault::Quantity(QuantityFault::Empty);
        assert_eq!(read("", ""), (0, Unit::Case, Some(empty)));
        let negative = Fault::Quantity(QuantityFault::Negative);
        assert_eq!(read("-3", ""), (0, Unit::Case, Some(negative)));
        assert_eq!(read("many", "bucket"), (0, Unit::Case, Some(Fault::Unit)));
    }
}
