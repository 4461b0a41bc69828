//! Records of a file into the database: one transaction a file, all of it or nothing.
//!
//! Loading is repeatable: a record is found by its business key (SKU, account number, order number)
//! and inserted, changed or left as it is; the same file a second time changes nothing. A dry run
//! does the same work and rolls it back, so that its report is not a guess. A column the file lacks
//! leaves what is stored; an empty cell clears it.

mod accounts;
mod bill_to;
mod contacts;
mod contracts;
mod freight;
pub mod history;
pub mod online_retail;
mod open_items;
mod orders;
mod prices;
mod products;
mod stock;

use std::io::{self, Write};
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::Set;
use thiserror::Error;
use trade::money::Currency;
use uuid::Uuid;

use super::records::{Fault, Layout, Problem, Record};
use super::rejected::RejectedRows;
use super::table::{Table, TableError};
use crate::clock;
use crate::db::entity::{brand, import};
use crate::db::{Db, Tx};
use crate::seed::chance::Chance;

pub use accounts::{Accounts, DefaultPlaces};
pub use contacts::Contacts;
pub use contracts::Contracts;
pub use freight::Freight;
pub use open_items::OpenItems;
pub use orders::Orders;
pub use prices::Prices;
pub use products::Products;
pub use stock::Stock;

/// Rows read before they are looked up and stored together.
const BATCH: usize = 2_000;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Products,
    Prices,
    Accounts,
    Contacts,
    Stock,
    Orders,
    Contracts,
    OpenItems,
    Freight,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Products,
        Kind::Prices,
        Kind::Accounts,
        Kind::Contacts,
        Kind::Stock,
        Kind::Orders,
        Kind::Contracts,
        Kind::OpenItems,
        Kind::Freight,
    ];

    /// The word of the command line and of forms.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Products => "products",
            Kind::Prices => "prices",
            Kind::Accounts => "accounts",
            Kind::Contacts => "contacts",
            Kind::Stock => "stock",
            Kind::Orders => "orders",
            Kind::Contracts => "contracts",
            Kind::OpenItems => "open-items",
            Kind::Freight => "freight",
        }
    }
}

/// A word that is no kind of import.
#[derive(Debug, Error)]
#[error(
    "{0:?} cannot be imported; use products, prices, accounts, contacts, stock, orders, contracts, open-items or freight"
)]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let known = Kind::ALL.into_iter().find(|kind| kind.name() == text);
        known.ok_or_else(|| UnknownKind(text.chars().take(40).collect()))
    }
}

/// How to load.
#[derive(Clone, Debug)]
pub struct Options {
    /// Roll back at the end.
    pub dry_run: bool,
    /// Store the good rows although others were rejected.
    pub keep_good: bool,
    /// UTC milliseconds.
    pub now: i64,
    /// Who imports, and what the file is called: for the list of imports.
    pub by: String,
    pub file_name: String,
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub kind: Kind,
    pub read: u64,
    pub inserted: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// False after a dry run, and where a rejected row kept everything out.
    pub stored: bool,
    /// Columns that no record of this kind has.
    pub ignored_columns: Vec<String>,
}

/// Why a file was not loaded at all.
#[derive(Debug, Error)]
pub enum LoadError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))]
    Header(Vec<Fault>),
    #[error("The rejected rows could not be written: {0}")]
    Rejected(#[from] io::Error),
    #[error(transparent)]
    Database(#[from] crate::error::Error),
}

/// What loading knows beside the records.
#[derive(Clone, Debug)]
pub struct Context {
    pub now: i64,
    pub zone: TimeZone,
    pub today: Date,
    pub currency: Currency,
    /// Where the brand sells from.
    pub country: String,
    pub ids: Ids,
}

impl Context {
    /// As the brand's row has it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, now: i64, ids: Ids) -> crate::error::Result<Self> {
        let row = tx.one::<brand::Entity>(|all| all).await?;
        let zone = row
            .as_ref()
            .and_then(|row| TimeZone::get(&row.time_zone).ok());
        let zone = zone.unwrap_or(TimeZone::UTC);
        Ok(Self {
            now,
            today: clock::zoned(now, &zone).date(),
            zone,
            currency: row.as_ref().map_or(Currency::EUR, |row| row.currency),
            country: row.map_or_else(|| "DE".to_owned(), |row| row.country),
            ids,
        })
    }
}

/// Where new ids come from.
#[derive(Clone, Debug)]
pub enum Ids {
    Fresh,
    /// The same every time, for the demo.
    Repeatable(Chance),
}

impl Ids {
    /// An id that sorts by `millis`.
    pub fn next(&mut self, millis: i64) -> Uuid {
        match self {
            Self::Fresh => Uuid::now_v7(),
            Self::Repeatable(chance) => {
                let mut random = [0; 10];
                for (place, byte) in random.iter_mut().zip(chance.uuid().into_bytes()) {
                    *place = byte;
                }
                let millis = u64::try_from(millis).unwrap_or(0);
                uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
            }
        }
    }
}

/// A record with the row it came from.
#[derive(Clone, Debug)]
pub struct Numbered<R> {
    pub row: u64,
    pub cells: Vec<String>,
    pub record: R,
}

impl<R> Numbered<R> {
    /// A record that came from no file.
    pub fn made(record: R) -> Self {
        Self {
            row: 0,
            cells: Vec::new(),
            record,
        }
    }
}

/// What has come of the rows so far.
#[derive(Debug, Default)]
pub struct Outcome {
    pub inserted: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejections: Vec<(Vec<Fault>, Vec<String>)>,
}

impl Outcome {
    fn reject(&mut self, row: u64, cells: &[String], column: &str, problem: Problem) {
        self.rejections
            .push((vec![Fault::new(row, column, problem)], cells.to_vec()));
    }
}

/// Stores records of one kind.
pub trait Loader {
    type Record: Record;

    /// Stores some rows of the file, in its order.
    fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<Self::Record>>,
        outcome: &mut Outcome,
    ) -> impl Future<Output = crate::error::Result<()>>;

    /// Stores what had to wait for the last row.
    fn finish(
        &mut self,
        tx: &Tx,
        outcome: &mut Outcome,
    ) -> impl Future<Output = crate::error::Result<()>>;
}

/// Loads a file of `kind`. `progress` hears how many rows have been read.
///
/// # Errors
/// A file that cannot be read or has not the columns of its kind; the database.
pub async fn run<W: Write>(
    db: &Db,
    kind: Kind,
    table: Table,
    options: &Options,
    rejected: &mut RejectedRows<W>,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, LoadError> {
    let tx = db
        .begin_system(&format!("import of {} by {}", kind.name(), options.by))
        .await?;
    let context = Context::load(&tx, options.now, Ids::Fresh).await?;
    let layout = layout(kind, table.header()).map_err(LoadError::Header)?;
    let mut file = File {
        tx: &tx,
        table,
        layout: layout.clone(),
        rejected,
        progress,
    };
    let (read, outcome) = match kind {
        Kind::Products => {
            file.load(Products::new(&tx, context, Some(layout)).await?)
                .await?
        }
        Kind::Prices => file.load(Prices::new(&tx, context).await?).await?,
        Kind::Accounts => {
            let places = DefaultPlaces::Made;
            file.load(Accounts::new(&tx, context, Some(layout), places).await?)
                .await?
        }
        Kind::Contacts => file.load(Contacts::new(&tx, context).await?).await?,
        Kind::Stock => file.load(Stock::new(&tx, context).await?).await?,
        Kind::Orders => file.load(Orders::new(&tx, context).await?).await?,
        Kind::Contracts => file.load(Contracts::new(&tx, context).await?).await?,
        Kind::OpenItems => file.load(OpenItems::new(&tx, context).await?).await?,
        Kind::Freight => file.load(Freight::new(&tx, context).await?).await?,
    };
    let ignored_columns = file.layout.ignored;
    let rejected_rows = rejected.rows();
    let stored = !options.dry_run && (rejected_rows == 0 || options.keep_good);
    let report = Report {
        kind,
        read,
        inserted: outcome.inserted,
        changed: outcome.changed,
        unchanged: outcome.unchanged,
        rejected: rejected_rows,
        stored,
        ignored_columns,
    };
    if stored {
        settle(&tx).await?;
        note(&tx, &report, options).await?;
        tx.commit().await?;
    } else {
        drop(tx);
        let tx = db.begin_system("import").await?;
        note(&tx, &report, options).await?;
        tx.commit().await?;
    }
    Ok(report)
}

/// After much has been written: the planner's statistics, and the caches' version.
///
/// # Errors
/// Whatever the database says.
pub async fn settle(tx: &Tx) -> crate::error::Result<()> {
    crate::catalogue::reference::changed(tx).await?;
    tx.execute("ANALYZE", []).await?;
    Ok(())
}

async fn note(tx: &Tx, report: &Report, options: &Options) -> crate::error::Result<()> {
    tx.insert(import::ActiveModel {
        id: Set(Uuid::now_v7()),
        kind: Set(report.kind.name().to_owned()),
        file_name: Set(options.file_name.clone()),
        by_name: Set(options.by.clone()),
        at: Set(options.now),
        dry_run: Set(!report.stored),
        inserted: Set(signed(report.inserted)),
        changed: Set(signed(report.changed)),
        unchanged: Set(signed(report.unchanged)),
        rejected: Set(signed(report.rejected)),
        rejected_rows: Set(String::new()),
    })
    .await
}

fn layout(kind: Kind, header: &[String]) -> Result<Layout, Vec<Fault>> {
    match kind {
        Kind::Products => Layout::of::<<Products as Loader>::Record>(header),
        Kind::Prices => Layout::of::<<Prices as Loader>::Record>(header),
        Kind::Accounts => Layout::of::<<Accounts as Loader>::Record>(header),
        Kind::Contacts => Layout::of::<<Contacts as Loader>::Record>(header),
        Kind::Stock => Layout::of::<<Stock as Loader>::Record>(header),
        Kind::Orders => Layout::of::<<Orders as Loader>::Record>(header),
        Kind::Contracts => Layout::of::<<Contracts as Loader>::Record>(header),
        Kind::OpenItems => Layout::of::<<OpenItems as Loader>::Record>(header),
        Kind::Freight => Layout::of::<<Freight as Loader>::Record>(header),
    }
}

/// A file being loaded.
struct File<'a, W: Write> {
    tx: &'a Tx,
    table: Table,
    layout: Layout,
    rejected: &'a mut RejectedRows<W>,
    progress: &'a mut dyn FnMut(u64),
}

impl<W: Write> File<'_, W> {
    async fn load<L: Loader>(&mut self, mut loader: L) -> Result<(u64, Outcome), LoadError> {
        let mut outcome = Outcome::default();
        let (mut read, mut batch) = (0_u64, Vec::with_capacity(BATCH));
        while let Some(row) = self.table.next() {
            read += 1;
            match row {
                Ok(row) => match L::Record::parse(&self.layout, &row) {
                    Ok(record) => {
                        batch.push(Numbered {
                            row: row.number,
                            cells: row.cells,
                            record,
                        });
                    }
                    Err(faults) => self.rejected.reject(&faults, &row.cells)?,
                },
                Err(error) => match Fault::of_table(&error) {
                    Some((fault, cells)) => self.rejected.reject(&[fault], &cells)?,
                    None => return Err(error.into()),
                },
            }
            if batch.len() >= BATCH {
                loader
                    .load(self.tx, std::mem::take(&mut batch), &mut outcome)
                    .await?;
                self.write_rejections(&mut outcome)?;
                (self.progress)(read);
            }
        }
        loader.load(self.tx, batch, &mut outcome).await?;
        loader.finish(self.tx, &mut outcome).await?;
        self.write_rejections(&mut outcome)?;
        (self.progress)(read);
        Ok((read, outcome))
    }

    fn write_rejections(&mut self, outcome: &mut Outcome) -> io::Result<()> {
        for (faults, cells) in outcome.rejections.drain(..) {
            self.rejected.reject(&faults, &cells)?;
        }
        Ok(())
    }
}

/// Loads records that were made rather than read: the demo's, or a converter's.
///
/// # Errors
/// The database; or records that are refused, which made ones never should be.
pub async fn load_all<L: Loader>(
    tx: &Tx,
    mut loader: L,
    records: impl IntoIterator<Item = L::Record>,
) -> crate::error::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut batch = Vec::with_capacity(BATCH);
    for record in records {
        batch.push(Numbered::made(record));
        if batch.len() >= BATCH {
            loader
                .load(tx, std::mem::take(&mut batch), &mut outcome)
                .await?;
        }
    }
    loader.load(tx, batch, &mut outcome).await?;
    loader.finish(tx, &mut outcome).await?;
    if let Some((faults, _)) = outcome.rejections.first() {
        let fault = faults.first().map_or_else(String::new, Fault::to_string);
        return Err(anyhow::anyhow!("a made record was refused: {fault}").into());
    }
    Ok(outcome)
}

/// Inserts many rows in statements of a few fixed sizes. The driver keeps every statement it has
/// prepared; one for each size that chance brings would fill the memory with them.
pub(super) async fn insert_many<A>(tx: &Tx, rows: Vec<A>) -> crate::error::Result<()>
where
    A: sea_orm::ActiveModelTrait,
    A::Entity: crate::db::scope::Visible,
{
    let mut rows = rows.into_iter();
    for size in [512, 64, 8, 1] {
        while rows.len() >= size {
            tx.insert_all(rows.by_ref().take(size)).await?;
        }
    }
    Ok(())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A quantity or factor as a column of 32 bits keeps it; the rules' bounds are far below.
fn short(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
