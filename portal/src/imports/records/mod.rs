//! A row of a file as a record of its kind, or everything that is wrong with it.
//!
//! Columns are found by their names, in any order; capitals, spaces, underscores and hyphens in a
//! name do not matter, and each has the further names people use for it. All faults of a row are
//! collected, so that a file is corrected in one round.

mod account;
mod contract;
mod freight;
mod open_item;
mod order;
mod price;
mod product;

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;

pub use account::{AccountRow, ContactRole, ContactRow};
pub use contract::{ContractRow, Discounted, Party};
pub use freight::FreightRow;
pub use open_item::OpenItemRow;
pub use order::{OrderKind, OrderRow};
pub use price::{PriceRow, StockRow};
pub use product::{ProductRow, ProductStatus, StockPolicy};

use super::cells;
use super::table::{Row, TableError};

/// What is wrong with a cell, a row or the header.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    #[error("is missing")]
    Missing,
    #[error("has more than {max} characters")]
    TooLong { max: usize },
    #[error("is not a SKU: letters, digits, - _ and . only, {max} at most")]
    NotASku { max: usize },
    #[error("is not a GTIN of 8, 12, 13 or 14 digits")]
    NotAGtin,
    #[error("ends in a wrong check digit; {expected} would be right")]
    GtinCheckDigit { expected: u32 },
    #[error("is not a number")]
    NotANumber,
    #[error("is not a whole number")]
    NotAWholeNumber,
    #[error("has more than {max} decimals")]
    TooManyDecimals { max: u32 },
    #[error("is larger than {max}")]
    TooLarge { max: i64 },
    #[error("must be from {min} to {max}")]
    OutOfRange { min: i64, max: i64 },
    #[error("is not a day such as 2026-03-31 or 31.03.2026")]
    NotADate,
    #[error("lies before valid_from")]
    EndsBeforeItBegins,
    #[error("is not an e-mail address")]
    NotAnEmail,
    #[error("is not a unit; use a code such as H87 (piece), XCS (case), XPX (pallet)")]
    UnknownUnit,
    #[error("is not a list of units such as XCS:12|XPX:480")]
    NotAUnitList,
    #[error(
        "is not a list of days with quantities such as 2026-04-01:120|2026-05-01:240, 50 at most"
    )]
    NotReceipts,
    #[error("says otherwise than expected_on and expected_quantity")]
    OtherThanExpected,
    #[error("is not a category such as Dog > Dry food, five levels at most")]
    NotACategory,
    #[error("is not one of: {}", allowed.join(", "))]
    UnknownWord { allowed: &'static [&'static str] },
    #[error("is not a code: letters, digits, - _ and . only, {max} at most")]
    NotACode { max: usize },
    #[error("is neither base_unit nor among units")]
    UnitNotOfProduct,
    #[error("is not a two-letter country code")]
    NotACountry,
    #[error("is not a three-letter currency code")]
    NotACurrency,
    #[error("needs {other} filled in as well")]
    Alone { other: &'static str },
    #[error("is not all, brand:…, category:… or sku:…")]
    NotADiscountTarget,
    #[error("holds more cells than the header")]
    MoreCellsThanHeader,
    #[error("column is missing from the header")]
    ColumnMissing,
    #[error("column appears twice in the header")]
    ColumnTwice,
    #[error("cell has more than {max} characters")]
    CellTooLong { max: usize },
    #[error("is not known: {key}")]
    Unknown { key: String },
    #[error("repeats row {first}")]
    Repeats { first: u64 },
    #[error("{reason}")]
    Refused { reason: String },
}

/// One thing wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub row: u64,
    pub column: String,
    pub problem: Problem,
}

impl Fault {
    pub fn new(row: u64, column: impl Into<String>, problem: Problem) -> Self {
        Self {
            row,
            column: column.into(),
            problem,
        }
    }

    /// The fault of a row the table itself could not give, if the rows after it can be read.
    pub fn of_table(error: &TableError) -> Option<(Self, Vec<String>)> {
        if let TableError::CellTooLong {
            row,
            column,
            limit,
            cells,
        } = error
        {
            let fault = Self::new(
                *row,
                column.to_string(),
                Problem::CellTooLong { max: *limit },
            );
            Some((fault, cells.clone()))
        } else {
            None
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "row {}: {} {}", self.row, self.column, self.problem)
    }
}

/// A column of a kind of file: its name and the other names it goes by.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub required: bool,
}

/// A column that every file of its kind has.
const fn required(name: &'static str, aliases: &'static [&'static str]) -> Column {
    Column {
        name,
        aliases,
        required: true,
    }
}

const fn optional(name: &'static str, aliases: &'static [&'static str]) -> Column {
    Column {
        name,
        aliases,
        required: false,
    }
}

/// A kind of record that rows of a file become.
pub trait Record: Sized {
    const COLUMNS: &'static [Column];

    /// Reads a row; the fields note every fault on the way, so what is returned beside faults is
    /// never used.
    fn read(fields: &mut Fields<'_>) -> Self;

    fn parse(layout: &Layout, row: &Row) -> Result<Self, Vec<Fault>> {
        let mut fields = Fields {
            layout,
            row,
            faults: Vec::new(),
        };
        fields.check_width();
        let record = Self::read(&mut fields);
        if fields.faults.is_empty() {
            Ok(record)
        } else {
            Err(fields.faults)
        }
    }
}

/// Which cell of a row is which column.
#[derive(Clone, Debug)]
pub struct Layout {
    places: Vec<(&'static str, usize)>,
    width: usize,
    /// Columns of the file that no record of this kind has; they are left alone, and said so.
    pub ignored: Vec<String>,
}

impl Layout {
    pub fn of<R: Record>(header: &[String]) -> Result<Self, Vec<Fault>> {
        let mut places: Vec<(&'static str, usize)> = Vec::new();
        let (mut ignored, mut faults) = (Vec::new(), Vec::new());
        for (at, word) in header.iter().enumerate() {
            let known = R::COLUMNS.iter().find(|column| column.goes_by(word));
            match known {
                None if word.is_empty() => {}
                None => ignored.push(word.clone()),
                Some(column) if places.iter().any(|(name, _)| *name == column.name) => {
                    faults.push(Fault::new(1, column.name, Problem::ColumnTwice));
                }
                Some(column) => places.push((column.name, at)),
            }
        }
        let absent = |column: &&Column| !places.iter().any(|(name, _)| *name == column.name);
        for column in R::COLUMNS
            .iter()
            .filter(|column| column.required)
            .filter(absent)
        {
            faults.push(Fault::new(1, column.name, Problem::ColumnMissing));
        }
        let width = header.len();
        if faults.is_empty() {
            Ok(Self {
                places,
                width,
                ignored,
            })
        } else {
            Err(faults)
        }
    }

    /// Whether the file has this column at all: an absent column leaves what is stored, an empty
    /// cell clears it.
    pub fn has(&self, column: &str) -> bool {
        self.places.iter().any(|(name, _)| *name == column)
    }
}

impl Column {
    fn goes_by(&self, word: &str) -> bool {
        let word = plain(word);
        !word.is_empty()
            && (plain(self.name) == word || self.aliases.iter().any(|alias| plain(alias) == word))
    }
}

/// A column's name without what people vary.
fn plain(word: &str) -> String {
    let kept = |c: &char| !matches!(c, ' ' | '_' | '-' | '.' | '\u{a0}');
    word.chars()
        .filter(kept)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The cells of one row by column, and the faults found so far.
pub struct Fields<'a> {
    layout: &'a Layout,
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Fields<'a> {
    fn check_width(&mut self) {
        let beyond = self.row.cells.iter().skip(self.layout.width);
        if beyond.into_iter().any(|cell| !cell.is_empty()) {
            self.fault("row", Problem::MoreCellsThanHeader);
        }
    }

    fn fault(&mut self, column: &'static str, problem: Problem) {
        self.faults
            .push(Fault::new(self.row.number, column, problem));
    }

    /// The cell, where there is one and something stands in it.
    fn cell(&self, column: &'static str) -> Option<&'a str> {
        let (_, at) = self
            .layout
            .places
            .iter()
            .find(|(name, _)| *name == column)?;
        let cell = self.row.cells.get(*at)?.as_str();
        (!cell.is_empty()).then_some(cell)
    }

    /// What the cell says, read by `read`; its problem becomes a fault of this column.
    fn maybe<T>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        match self.cell(column).map(read)? {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fault(column, problem);
                None
            }
        }
    }

    fn must<T: Default>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> T {
        if self.cell(column).is_none() {
            self.fault(column, Problem::Missing);
        }
        self.maybe(column, read).unwrap_or_default()
    }

    fn text(&mut self, column: &'static str, max: usize) -> Option<String> {
        self.maybe(column, |cell| bounded(cell, max))
    }

    fn must_text(&mut self, column: &'static str, max: usize) -> String {
        self.must(column, |cell| bounded(cell, max))
    }

    fn whole(&mut self, column: &'static str, min: i64, max: i64) -> Option<i64> {
        self.maybe(column, |cell| within(cells::whole(cell)?, min, max))
    }

    fn list<T>(
        &mut self,
        column: &'static str,
        read: impl Fn(&str) -> Result<T, Problem>,
    ) -> Vec<T> {
        let all = |cell: &str| cells::list(cell).map(&read).collect::<Result<Vec<T>, _>>();
        self.maybe(column, all).unwrap_or_default()
    }

    /// One of a few words; the first of `words` that the cell matches, by position.
    fn word<T: Copy>(
        &mut self,
        column: &'static str,
        allowed: &'static [&'static str],
        values: &[T],
    ) -> Option<T> {
        self.maybe(column, |cell| {
            let cell = plain(cell);
            let at = allowed.iter().position(|word| plain(word) == cell);
            at.and_then(|at| values.get(at).copied())
                .ok_or(Problem::UnknownWord { allowed })
        })
    }

    /// `valid_from` and `valid_until`; the file names the last day, which is included.
    fn validity(&mut self) -> (Option<Date>, Option<Date>) {
        let from = self.maybe("valid_from", cells::date);
        let last = self.maybe("valid_until", cells::date);
        if let (Some(from), Some(last)) = (from, last)
            && last < from
        {
            self.fault("valid_until", Problem::EndsBeforeItBegins);
        }
        (from, last)
    }
}

fn bounded(cell: &str, max: usize) -> Result<String, Problem> {
    if cell.chars().count() > max {
        return Err(Problem::TooLong { max });
    }
    let cell = cells::formula_as_text(cell);
    // Control characters come from cells with line breaks; nothing shown on one line needs them.
    Ok(cell
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect())
}

fn within(number: i64, min: i64, max: i64) -> Result<i64, Problem> {
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Problem::OutOfRange { min, max })
    }
}

/// A code such as an account number or a price list's: kept as written, since both are shown.
fn code(cell: &str) -> Result<String, Problem> {
    let max = 40;
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if cell.chars().count() <= max && cell.chars().all(allowed) {
        Ok(cell.to_owned())
    } else {
        Err(Problem::NotACode { max })
    }
}

fn country(cell: &str) -> Result<String, Problem> {
    let code = cell.to_ascii_uppercase();
    let good = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    if good {
        Ok(code)
    } else {
        Err(Problem::NotACountry)
    }
}

fn currency(cell: &str) -> Result<String, Problem> {
    let code = cell.to_ascii_uppercase();
    let good = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if good {
        Ok(code)
    } else {
        Err(Problem::NotACurrency)
    }
}

#[cfg(test)]
mod tests;
