//! Orders and credit notes that happened elsewhere or before, with everything that hangs on them:
//! lines, totals, tax, timeline, what each account has bought, how popular a product is.
//!
//! A document is found by its number. One that is there with the same sum stays; one that is there
//! with another is refused: history is not rewritten.

use std::borrow::Cow;
use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, CreditNoteId, OrderId, ProductId};
use trade::money::{Money, UnitPrice};
use trade::order::OrderState;
use trade::quantity::Unit;
use trade::tax::totals;

use super::{Context, insert_many, short};
use crate::clock;
use crate::db::Tx;
use crate::db::entity::{
    account_product, credit_note, credit_note_line, order, order_event, order_line, product,
};
use crate::db::words::OrderSource;
use crate::error::Result;
use crate::imports::records::{OrderKind, Problem};

mod books;
mod facts;
mod rows;

use books::Books;
use facts::{AccountFacts, Facts, ProductFacts};

/// An order or a credit note.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    pub kind: OrderKind,
    pub number: Cow<'a, str>,
    pub account: &'a str,
    /// UTC milliseconds.
    pub placed_at: i64,
    pub state: OrderState,
    pub source: OrderSource,
    pub placed_by: Cow<'a, str>,
    /// Whether the brand's own staff placed it for the account.
    pub on_behalf: bool,
    pub po_number: Cow<'a, str>,
    /// A place's code; the account's default without one.
    pub ship_to: Option<Cow<'a, str>>,
    pub lines: Vec<Line<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub sku: &'a str,
    /// None: the product's base unit.
    pub unit: Option<Unit>,
    /// In that unit.
    pub quantity: i64,
    /// Ten-thousandths, for one of that unit.
    pub unit_price: i64,
    /// In base units.
    pub returned: i64,
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    Inserted,
    Unchanged,
    /// The line it is about, where it is about one.
    Refused(Option<usize>, &'static str, Problem),
}

/// Writes history, some documents at a time.
pub struct Writer {
    context: Context,
    facts: Facts,
    books: Books,
    pending: Pending,
}

/// Rows ready to be inserted.
#[derive(Default)]
struct Pending {
    orders: Vec<order::ActiveModel>,
    lines: Vec<order_line::ActiveModel>,
    events: Vec<order_event::ActiveModel>,
    notes: Vec<credit_note::ActiveModel>,
    note_lines: Vec<credit_note_line::ActiveModel>,
}

/// A document that is stored already: what it must agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    account: AccountId,
    net_minor: i64,
    lines: i32,
}

impl Writer {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let facts = Facts::load(tx, &context.country).await?;
        let books = Books::load(tx).await?;
        Ok(Self {
            context,
            facts,
            books,
            pending: Pending::default(),
        })
    }

    /// Stores documents in the order given and says what became of each.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn write(&mut self, tx: &Tx, documents: &[Document<'_>]) -> Result<Vec<Written>> {
        let mut known = stored(tx, documents).await?;
        let mut written = Vec::with_capacity(documents.len());
        for document in documents {
            let result = match document.kind {
                OrderKind::Order => self.order(document, &mut known)?,
                OrderKind::CreditNote => self.credit_note(document, &mut known)?,
            };
            written.push(result);
        }
        let pending = std::mem::take(&mut self.pending);
        insert_many(tx, pending.orders).await?;
        insert_many(tx, pending.lines).await?;
        insert_many(tx, pending.events).await?;
        insert_many(tx, pending.notes).await?;
        insert_many(tx, pending.note_lines).await?;
        Ok(written)
    }

    /// Stores what was summed up on the way.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn finish(self, tx: &Tx) -> Result<()> {
        self.books.store(tx, self.context).await
    }

    fn order(
        &mut self,
        document: &Document<'_>,
        known: &mut HashMap<String, Known>,
    ) -> Result<Written> {
        let (account, lines) = match self.facts.resolve(document) {
            Ok(found) => found,
            Err((line, column, problem)) => return Ok(Written::Refused(line, column, problem)),
        };
        let placed_on = clock::zoned(document.placed_at, &self.context.zone).date();
        let place = match rows::Place::of(&account, document) {
            Ok(place) => place,
            Err(problem) => return Ok(Written::Refused(None, "ship_to", problem)),
        };
        let taxed = rows::taxed(
            &self.facts,
            &self.context,
            &account,
            &place,
            &lines,
            placed_on,
        )?;
        let nets = taxed.iter().map(|line| (line.net, line.tax));
        let sums = totals(account.currency, nets)?;
        let own = Known {
            account: account.id,
            net_minor: sums.net.minor,
            lines: short(signed(lines.len())),
        };
        if let Some(written) = already(document, known, own) {
            return Ok(written);
        }
        let id = OrderId(self.context.ids.next(document.placed_at));
        let head = rows::Head {
            id,
            document,
            account: &account,
            place: &place,
            placed_on,
        };
        self.pending
            .orders
            .push(rows::order(&head, &sums, own.lines)?);
        for (position, (line, taxed)) in (1..).zip(std::iter::zip(&lines, &taxed)) {
            let promise = self.books.promise(document, line);
            self.pending
                .lines
                .push(rows::line(&head, position, line, taxed, promise));
            if document.state != OrderState::Cancelled {
                self.books.bought(account.id, line, placed_on);
            }
        }
        let ids = &mut self.context.ids;
        self.pending
            .events
            .extend(rows::events(&head, || ids.next(document.placed_at)));
        Ok(Written::Inserted)
    }

    fn credit_note(
        &mut self,
        document: &Document<'_>,
        known: &mut HashMap<String, Known>,
    ) -> Result<Written> {
        let (account, lines) = match self.facts.resolve(document) {
            Ok(found) => found,
            Err((line, column, problem)) => return Ok(Written::Refused(line, column, problem)),
        };
        let mut nets = Vec::with_capacity(lines.len());
        for line in &lines {
            nets.push(UnitPrice(line.unit_price).line_total(line.quantity, account.currency)?);
        }
        let net = Money::sum(account.currency, nets.iter().copied())?;
        let own = Known {
            account: account.id,
            net_minor: net.minor,
            lines: short(signed(lines.len())),
        };
        if let Some(written) = already(document, known, own) {
            return Ok(written);
        }
        let id = CreditNoteId(self.context.ids.next(document.placed_at));
        let issued_on = clock::zoned(document.placed_at, &self.context.zone).date();
        self.pending.notes.push(rows::note(
            id, document, &account, issued_on, net, own.lines,
        ));
        for (position, (line, net)) in (1..).zip(std::iter::zip(&lines, nets)) {
            self.pending
                .note_lines
                .push(rows::note_line(id, account.id, position, line, net));
        }
        Ok(Written::Inserted)
    }
}

/// A line whose product is known.
struct Resolved<'a> {
    product: &'a ProductFacts,
    unit: Unit,
    factor: i64,
    quantity: i64,
    unit_price: i64,
    returned: i64,
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether the number is taken: by the same, or by something else. Otherwise it is now.
fn already(
    document: &Document<'_>,
    known: &mut HashMap<String, Known>,
    own: Known,
) -> Option<Written> {
    match known.insert(document.number.to_string(), own) {
        None => None,
        Some(before) if before == own => Some(Written::Unchanged),
        Some(before) => {
            known.insert(document.number.to_string(), before);
            let reason = "is there already, with other lines".to_owned();
            Some(Written::Refused(
                None,
                "order_number",
                Problem::Refused { reason },
            ))
        }
    }
}

/// Those of the documents' numbers that are stored. Orders and credit notes have one series of
/// numbers in a file, so they are looked up as one.
async fn stored(tx: &Tx, documents: &[Document<'_>]) -> Result<HashMap<String, Known>> {
    let mut known = HashMap::new();
    for chunk in documents.chunks(1_000) {
        let numbers = |kind| {
            let of_kind = chunk.iter().filter(move |document| document.kind == kind);
            of_kind
                .map(|document| document.number.as_ref())
                .collect::<Vec<_>>()
        };
        let orders = tx
            .all::<order::Entity>(|all| {
                all.filter(order::Column::Number.is_in(numbers(OrderKind::Order)))
            })
            .await?;
        known.extend(orders.into_iter().map(|row| {
            let known = Known {
                account: row.account_id,
                net_minor: row.net_minor,
                lines: row.line_count,
            };
            (row.number, known)
        }));
        let notes = tx
            .all::<credit_note::Entity>(|all| {
                all.filter(credit_note::Column::Number.is_in(numbers(OrderKind::CreditNote)))
            })
            .await?;
        known.extend(notes.into_iter().map(|row| {
            let known = Known {
                account: row.account_id,
                net_minor: row.net_minor,
                lines: row.line_count,
            };
            (row.number, known)
        }));
    }
    Ok(known)
}

/// Ids by SKU.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn product_ids(
    tx: &Tx,
    skus: std::collections::BTreeSet<String>,
) -> Result<HashMap<String, ProductId>> {
    let skus: Vec<String> = skus.into_iter().collect();
    let mut ids = HashMap::new();
    for chunk in skus.chunks(1_000) {
        let rows = tx
            .all::<product::Entity>(|all| {
                all.filter(product::Column::Sku.is_in(chunk.iter().map(String::as_str)))
            })
            .await?;
        ids.extend(rows.into_iter().map(|row| (row.sku, row.id)));
    }
    Ok(ids)
}

type Bought = HashMap<(AccountId, ProductId), account_product::Model>;
