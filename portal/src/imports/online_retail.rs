//! A real wholesaler's year: the UCI data set "Online Retail" as a brand's data.
//!
//! The file is read once; every row ends as a line of an order, a line of a credit note, or a
//! rejected row with its reason, and the three add up to the rows of the file ([`Tally`]). What the
//! source does not say (names of customers, categories) is made from what it does say, by rules
//! written down in `docs/online-retail.md`.

use std::collections::HashMap;
use std::io::{self, Write};

use jiff::civil::{Date, DateTime};
use thiserror::Error;

use super::cells::{self, Moment};
use super::records::{
    AccountRow, Fault, OrderKind, PriceRow, Problem, ProductRow, ProductStatus, StockPolicy,
};
use super::rejected::RejectedRows;
use super::table::{Row, Table, TableError};

mod words;

pub const TIME_ZONE: &str = "Europe/London";
pub const PRICE_LIST: &str = "STANDARD";
pub const CURRENCY: &str = "GBP";

/// Codes of postage, fees, manual corrections and vouchers, which are no goods.
const SERVICES: &[&str] = &[
    "POST",
    "DOT",
    "M",
    "D",
    "C2",
    "S",
    "B",
    "CRUK",
    "PADS",
    "BANK CHARGES",
    "AMAZONFEE",
];

#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("The rejected rows could not be written: {0}")]
    Rejected(#[from] io::Error),
    #[error("This is not the Online Retail file: column {column} is missing.")]
    NotThisFile { column: &'static str },
}

/// Where the rows of the file went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub rows: u64,
    pub order_lines: u64,
    pub credit_lines: u64,
    pub no_customer: u64,
    pub service: u64,
    pub no_price: u64,
    pub negative: u64,
    pub unreadable: u64,
}

impl Tally {
    pub fn rejected(&self) -> u64 {
        self.no_customer + self.service + self.no_price + self.negative + self.unreadable
    }
}

/// Why a row is no line of an order or a credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    NoCustomer,
    Service,
    NoPrice,
    Negative,
    Unreadable(&'static str, Problem),
}

/// The wholesaler, compact: what repeats is kept once and named by its number.
#[derive(Debug, Default)]
pub struct Wholesaler {
    goods: Vec<Good>,
    good_by_sku: HashMap<String, usize>,
    customers: Vec<Customer>,
    customer_by_id: HashMap<String, usize>,
    documents: Vec<Document>,
    document_by_number: HashMap<String, usize>,
    pub tally: Tally,
}

#[derive(Debug)]
struct Good {
    sku: String,
    /// Spellings of its description, with how often each stands in the file.
    names: Vec<(String, u32)>,
}

#[derive(Debug)]
struct Customer {
    id: String,
    /// As the newest row has it: a few moved.
    country: String,
}

/// An invoice or a credit note.
#[derive(Debug)]
pub struct Document {
    pub number: String,
    pub kind: OrderKind,
    /// London time of its first row.
    pub placed_at: DateTime,
    customer: usize,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    good: usize,
    quantity: i64,
    unit_price: i64,
}

/// The cells of a row that matter.
struct Cells<'a> {
    invoice: &'a str,
    code: &'a str,
    description: &'a str,
    quantity: i64,
    date: &'a str,
    unit_price: i64,
    customer: &'a str,
    country: &'a str,
}

impl Wholesaler {
    /// Reads the file; rows that are neither order nor credit note go to `rejected`. `progress`
    /// hears the number of rows now and then.
    pub fn read<W: Write>(
        table: Table,
        rejected: &mut RejectedRows<W>,
        mut progress: impl FnMut(u64),
    ) -> Result<Self, ReadError> {
        let places = Places::of(table.header())?;
        let mut all = Self::default();
        for row in table {
            let row = match row {
                Ok(row) => row,
                Err(error) => match Fault::of_table(&error) {
                    Some((fault, cells)) => {
                        all.tally.rows += 1;
                        all.tally.unreadable += 1;
                        rejected.reject(&[fault], &cells)?;
                        continue;
                    }
                    None => return Err(error.into()),
                },
            };
            all.tally.rows += 1;
            if let Err(reason) = all.take(&places, &row) {
                all.tally.count(&reason);
                rejected.reject(&[reason.fault(row.number)], &row.cells)?;
            }
            if all.tally.rows.is_multiple_of(10_000) {
                progress(all.tally.rows);
            }
        }
        progress(all.tally.rows);
        Ok(all)
    }

    fn take(&mut self, places: &Places, row: &Row) -> Result<(), Reason> {
        let cells = places.cells(row)?;
        if cells.customer.is_empty() {
            return Err(Reason::NoCustomer);
        }
        let sku = cells.code.to_uppercase();
        if SERVICES.contains(&sku.as_str()) || sku.starts_with("GIFT_") {
            return Err(Reason::Service);
        }
        let sku = cells::sku(&sku).map_err(|problem| Reason::Unreadable("StockCode", problem))?;
        if cells.unit_price <= 0 {
            return Err(Reason::NoPrice);
        }
        let credit = cells.invoice.starts_with('C');
        if (cells.quantity < 0) != credit || cells.quantity == 0 {
            return Err(Reason::Negative);
        }
        let document = self.document(&cells, credit)?;
        let good = self.good(sku, cells.description);
        if credit {
            self.tally.credit_lines += 1;
        } else {
            self.tally.order_lines += 1;
        }
        let quantity = cells.quantity.saturating_abs();
        if let Some(document) = self.documents.get_mut(document) {
            document.lines.push(Line {
                good,
                quantity,
                unit_price: cells.unit_price,
            });
        }
        Ok(())
    }

    fn document(&mut self, cells: &Cells<'_>, credit: bool) -> Result<usize, Reason> {
        if let Some(&known) = self.document_by_number.get(cells.invoice) {
            return Ok(known);
        }
        let placed_at = match cells::moment(cells.date) {
            Ok(Moment::Local(local)) => local,
            Ok(Moment::Instant(_)) => {
                return Err(Reason::Unreadable("InvoiceDate", Problem::NotADate));
            }
            Err(problem) => return Err(Reason::Unreadable("InvoiceDate", problem)),
        };
        let customer = self.customer(cells);
        let at = self.documents.len();
        self.document_by_number.insert(cells.invoice.to_owned(), at);
        self.documents.push(Document {
            number: cells.invoice.to_owned(),
            kind: if credit {
                OrderKind::CreditNote
            } else {
                OrderKind::Order
            },
            placed_at,
            customer,
            lines: Vec::new(),
        });
        Ok(at)
    }

    fn customer(&mut self, cells: &Cells<'_>) -> usize {
        if let Some(&at) = self.customer_by_id.get(cells.customer) {
            if let Some(customer) = self.customers.get_mut(at)
                && customer.country != cells.country
            {
                cells.country.clone_into(&mut customer.country);
            }
            return at;
        }
        let at = self.customers.len();
        self.customer_by_id.insert(cells.customer.to_owned(), at);
        let (id, country) = (cells.customer.to_owned(), cells.country.to_owned());
        self.customers.push(Customer { id, country });
        at
    }

    fn good(&mut self, sku: String, description: &str) -> usize {
        let at = match self.good_by_sku.get(&sku) {
            Some(&at) => at,
            None => {
                let at = self.goods.len();
                self.good_by_sku.insert(sku.clone(), at);
                self.goods.push(Good {
                    sku,
                    names: Vec::new(),
                });
                at
            }
        };
        if let Some(good) = self.goods.get_mut(at) {
            good.note(description);
        }
        at
    }

    /// Products, in the order of their codes.
    pub fn products(&self) -> impl Iterator<Item = ProductRow> {
        let mut goods: Vec<&Good> = self.goods.iter().collect();
        goods.sort_by(|a, b| a.sku.cmp(&b.sku));
        goods.into_iter().map(Good::product)
    }

    /// Customers as accounts, in the order of their numbers.
    pub fn accounts(&self) -> impl Iterator<Item = AccountRow> {
        let mut customers: Vec<&Customer> = self.customers.iter().collect();
        customers.sort_by(|a, b| a.id.cmp(&b.id));
        customers.into_iter().map(Customer::account)
    }

    /// The price list: for each product the median of the prices it was sold at, from the day of
    /// the first sale on.
    pub fn prices(&self) -> impl Iterator<Item = PriceRow> {
        let mut paid: Vec<Vec<i64>> = vec![Vec::new(); self.goods.len()];
        for document in &self.documents {
            // What came back and was never sold within the year still needs a price.
            for line in &document.lines {
                if let Some(prices) = paid.get_mut(line.good)
                    && (document.kind == OrderKind::Order || prices.is_empty())
                {
                    prices.push(line.unit_price);
                }
            }
        }
        let from = self.first_day();
        let mut rows: Vec<PriceRow> = std::iter::zip(&self.goods, paid)
            .filter_map(|(good, prices)| Some((good, median(prices)?)))
            .map(|(good, amount)| PriceRow {
                list: PRICE_LIST.to_owned(),
                sku: good.sku.clone(),
                unit: Some(trade::quantity::Unit::Piece),
                min_quantity: 1,
                amount,
                currency: Some(CURRENCY.to_owned()),
                valid_from: from,
                last_day: None,
            })
            .collect();
        rows.sort_by(|a, b| a.sku.cmp(&b.sku));
        rows.into_iter()
    }

    /// The day of the first document.
    pub fn first_day(&self) -> Option<Date> {
        self.documents
            .iter()
            .map(|document| document.placed_at.date())
            .min()
    }

    /// Invoices and credit notes, as the file has them.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The account a document is for.
    pub fn account_of(&self, document: &Document) -> &str {
        self.customers
            .get(document.customer)
            .map_or("", |customer| customer.id.as_str())
    }

    /// SKU, quantity and unit price of a document's lines.
    pub fn lines_of(&self, document: &Document) -> impl Iterator<Item = (&str, i64, i64)> {
        document.lines.iter().filter_map(|line| {
            let good = self.goods.get(line.good)?;
            Some((good.sku.as_str(), line.quantity, line.unit_price))
        })
    }
}

/// The middle one; of two the lower, so that it is a price somebody paid.
fn median(mut prices: Vec<i64>) -> Option<i64> {
    prices.sort_unstable();
    let middle = prices.len().saturating_sub(1) / 2;
    prices.get(middle).copied()
}

impl Good {
    fn note(&mut self, description: &str) {
        let mut words = description.split_whitespace();
        let known = self
            .names
            .iter_mut()
            .find(|(name, _)| name.split(' ').eq(words.clone()));
        match known {
            Some((_, times)) => *times += 1,
            None => {
                let first = words.next().unwrap_or_default().to_owned();
                let name = words.fold(first, |name, word| name + " " + word);
                self.names.push((name, 1));
            }
        }
    }

    fn product(&self) -> ProductRow {
        // The most frequent spelling; of equals the first in the alphabet, not in the file.
        let spelling = |(name, times): &&(String, u32)| (*times, std::cmp::Reverse(name.clone()));
        let name = self
            .names
            .iter()
            .max_by_key(spelling)
            .map_or("", |(name, _)| name.as_str());
        let name = if name.is_empty() {
            self.sku.as_str()
        } else {
            name
        };
        ProductRow {
            sku: self.sku.clone(),
            gtin: None,
            name: words::sentence(name),
            description: None,
            brand: Some("Giftware".to_owned()),
            category: words::category(name)
                .split(" > ")
                .map(str::to_owned)
                .collect(),
            base_unit: trade::quantity::Unit::Piece,
            order_unit: trade::quantity::Unit::Piece,
            units: Vec::new(),
            moq: 1,
            multiple: 1,
            tax_class: trade::tax::TaxClass::Standard,
            status: ProductStatus::Active,
            stock_policy: StockPolicy::Untracked,
            substitutes: Vec::new(),
        }
    }
}

impl Customer {
    fn account(&self) -> AccountRow {
        AccountRow {
            number: self.id.clone(),
            name: words::shop(&self.id),
            country: words::country(&self.country).to_owned(),
            payment_terms_days: Some(30),
            currency: Some(CURRENCY.to_owned()),
            locale: Some("en".to_owned()),
            region: Some(self.country.clone()),
            ..AccountRow::default()
        }
    }
}

/// Where the eight columns stand.
struct Places([usize; 8]);

impl Places {
    const NAMES: [&'static str; 8] = [
        "InvoiceNo",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ];

    fn of(header: &[String]) -> Result<Self, ReadError> {
        let mut places = [0; 8];
        for (place, column) in places.iter_mut().zip(Self::NAMES) {
            let at = header
                .iter()
                .position(|word| word.eq_ignore_ascii_case(column));
            *place = at.ok_or(ReadError::NotThisFile { column })?;
        }
        Ok(Self(places))
    }

    fn cells<'a>(&self, row: &'a Row) -> Result<Cells<'a>, Reason> {
        let [
            invoice,
            code,
            description,
            quantity,
            date,
            price,
            customer,
            country,
        ] = self
            .0
            .map(|at| row.cells.get(at).map_or("", String::as_str));
        let unreadable = |column| move |problem| Reason::Unreadable(column, problem);
        Ok(Cells {
            invoice,
            code,
            description,
            quantity: cells::whole(quantity).map_err(unreadable("Quantity"))?,
            date,
            unit_price: cells::decimal(price, cells::TEN_THOUSANDTHS)
                .map_err(unreadable("UnitPrice"))?,
            // Some spreadsheets make the number a decimal.
            customer: customer.strip_suffix(".0").unwrap_or(customer),
            country,
        })
    }
}

impl Tally {
    fn count(&mut self, reason: &Reason) {
        let counter = match reason {
            Reason::NoCustomer => &mut self.no_customer,
            Reason::Service => &mut self.service,
            Reason::NoPrice => &mut self.no_price,
            Reason::Negative => &mut self.negative,
            Reason::Unreadable(..) => &mut self.unreadable,
        };
        *counter += 1;
    }
}

impl Reason {
    fn fault(self, row: u64) -> Fault {
        let refused = |column, reason: &str| {
            Fault::new(
                row,
                column,
                Problem::Refused {
                    reason: reason.to_owned(),
                },
            )
        };
        match self {
            Self::NoCustomer => refused("CustomerID", "is missing: sold to nobody in particular"),
            Self::Service => refused("StockCode", "is a service, fee or voucher, not goods"),
            Self::NoPrice => refused("UnitPrice", "is not above zero: a gift or a write-off"),
            Self::Negative => refused("Quantity", "does not fit the kind of document"),
            Self::Unreadable(column, problem) => Fault::new(row, column, problem),
        }
    }
}

#[cfg(test)]
mod tests;
