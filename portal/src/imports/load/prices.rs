//! Prices, by list, SKU, unit, tier and first day.
//!
//! A price without a last day holds until the next one begins, so a list grows by sending the new
//! prices alone: what was open ends on the day the new one starts. Periods that both say when they
//! end and still overlap are refused.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{PriceListId, ProductId};
use trade::money::{Currency, UnitPrice};
use trade::quantity::Unit;
use uuid::Uuid;

use super::{Context, Loader, Numbered, Outcome, insert_many};
use crate::db::Tx;
use crate::db::entity::{price_list, price_list_assignment, price_row, product, product_unit};
use crate::error::Result;
use crate::imports::records::{PriceRow, Problem};

pub struct Prices {
    context: Context,
    lists: HashMap<String, (PriceListId, Currency)>,
    products: HashMap<String, (ProductId, Unit)>,
    units: HashMap<ProductId, Vec<Unit>>,
    seen: HashMap<(Key, Date), u64>,
    made_lists: bool,
}

/// What a price is for: at most one is valid on a day.
type Key = (PriceListId, ProductId, Unit, i64);

/// The periods of a key as stored, and what has become of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Date,
    until: Date,
    amount: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Write {
    Insert,
    Update,
}

#[derive(Default)]
struct Writes(HashMap<(Key, Date), (Span, Write)>);

impl Writes {
    /// Two writes of one row in a batch: what is new stays new.
    fn put(&mut self, key: Key, span: Span, write: Write) {
        let known = self.0.get(&(key, span.from)).map(|(_, write)| *write);
        self.0
            .insert((key, span.from), (span, known.unwrap_or(write)));
    }
}

impl Prices {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let lists = tx.all::<price_list::Entity>(|all| all).await?;
        let products = tx.all::<product::Entity>(|all| all).await?;
        let mut units: HashMap<ProductId, Vec<Unit>> = HashMap::new();
        for row in tx.all::<product_unit::Entity>(|all| all).await? {
            units.entry(row.product_id).or_default().push(row.unit);
        }
        Ok(Self {
            context,
            lists: lists
                .into_iter()
                .map(|list| (list.code, (list.id, list.currency)))
                .collect(),
            products: products
                .into_iter()
                .map(|row| (row.sku, (row.id, row.order_unit)))
                .collect(),
            units,
            seen: HashMap::new(),
            made_lists: false,
        })
    }

    /// The list of that code, made where it is new.
    async fn list(
        &mut self,
        tx: &Tx,
        record: &PriceRow,
    ) -> Result<Result<PriceListId, (&'static str, Problem)>> {
        let currency = match record.currency.as_deref().map(str::parse::<Currency>) {
            None => None,
            Some(Ok(currency)) => Some(currency),
            Some(Err(_)) => return Ok(Err(("currency", Problem::NotACurrency))),
        };
        if let Some((id, own)) = self.lists.get(&record.list) {
            if currency.is_some_and(|currency| currency != *own) {
                let reason = format!("is not the list's own, {own}");
                return Ok(Err(("currency", Problem::Refused { reason })));
            }
            return Ok(Ok(*id));
        }
        let currency = currency.unwrap_or(self.context.currency);
        let id = PriceListId(self.context.ids.next(self.context.now));
        let (code, name) = (record.list.clone(), record.list.clone());
        tx.insert(price_list::ActiveModel {
            id: Set(id),
            code: Set(code),
            name: Set(name),
            currency: Set(currency),
        })
        .await?;
        self.for_everybody(tx, id, &record.list).await?;
        self.lists.insert(record.list.clone(), (id, currency));
        self.made_lists = true;
        Ok(Ok(id))
    }

    /// A brand's first list called STANDARD or DEFAULT is what everybody pays.
    async fn for_everybody(&mut self, tx: &Tx, list: PriceListId, code: &str) -> Result<()> {
        use price_list_assignment::Column::{AccountId, GroupId, ShipToId};
        if !["STANDARD", "DEFAULT"]
            .iter()
            .any(|word| code.eq_ignore_ascii_case(word))
        {
            return Ok(());
        }
        let everybody = tx
            .count::<price_list_assignment::Entity>(|all| {
                all.filter(
                    AccountId
                        .is_null()
                        .and(GroupId.is_null())
                        .and(ShipToId.is_null()),
                )
            })
            .await?;
        if everybody > 0 {
            return Ok(());
        }
        assign(tx, self.context.ids.next(self.context.now), list).await
    }

    async fn stored(
        &self,
        tx: &Tx,
        keys: &[(u64, Vec<String>, Key, PriceRow)],
    ) -> Result<HashMap<Key, Vec<Span>>> {
        let mut lists: Vec<PriceListId> = keys.iter().map(|(_, _, key, _)| key.0).collect();
        let mut products: Vec<ProductId> = keys.iter().map(|(_, _, key, _)| key.1).collect();
        lists.sort_unstable();
        lists.dedup();
        products.sort_unstable();
        products.dedup();
        let mut stored: HashMap<Key, Vec<Span>> = HashMap::new();
        for products in products.chunks(500) {
            let lists = lists.clone();
            let rows = tx
                .all::<price_row::Entity>(|all| {
                    all.filter(price_row::Column::ProductId.is_in(products.iter().copied()))
                        .filter(price_row::Column::PriceListId.is_in(lists))
                })
                .await?;
            for row in rows {
                let key = (
                    row.price_list_id,
                    row.product_id,
                    row.unit,
                    row.min_quantity,
                );
                stored.entry(key).or_default().push(Span {
                    from: row.valid_from.0,
                    until: row.valid_until.0,
                    amount: row.amount.0,
                });
            }
        }
        Ok(stored)
    }

    /// Fits a price among those of its key.
    fn fit(
        &mut self,
        row: u64,
        key: Key,
        record: &PriceRow,
        spans: &mut Vec<Span>,
        writes: &mut Writes,
        outcome: &mut Outcome,
    ) -> Option<(&'static str, Problem)> {
        let today = self.context.today;
        let valid_today = spans
            .iter()
            .find(|span| span.from <= today && today < span.until);
        let from = record
            .valid_from
            .or(valid_today.map(|span| span.from))
            .unwrap_or(today);
        if let Some(first) = self.seen.insert((key, from), row)
            && row > 0
        {
            return Some(("valid_from", Problem::Repeats { first }));
        }
        let open = LocalDate::OPEN_END.0;
        let next = spans
            .iter()
            .map(|span| span.from)
            .filter(|other| *other > from)
            .min();
        let stated = record.last_day.map(|day| day.tomorrow().unwrap_or(open));
        let until = stated.unwrap_or_else(|| next.unwrap_or(open));
        if until <= from {
            return Some(("valid_until", Problem::EndsBeforeItBegins));
        }
        let wanted = Span {
            from,
            until,
            amount: record.amount,
        };
        let after = spans
            .iter()
            .find(|span| span.from > from && span.from < until);
        if let Some(after) = after {
            return Some(("valid_until", overlap(after)));
        }
        let before = spans
            .iter_mut()
            .find(|span| span.from < from && from < span.until);
        if let Some(before) = before {
            if before.until != open && before.until != until {
                return Some(("valid_from", overlap(before)));
            }
            before.until = from;
            writes.put(key, *before, Write::Update);
        }
        match spans.iter_mut().find(|span| span.from == from) {
            Some(same) if *same == wanted => outcome.unchanged += 1,
            Some(same) => {
                *same = wanted;
                writes.put(key, wanted, Write::Update);
                outcome.changed += 1;
            }
            None => {
                spans.push(wanted);
                writes.put(key, wanted, Write::Insert);
                outcome.inserted += 1;
            }
        }
        None
    }

    async fn write(&self, tx: &Tx, writes: Writes) -> Result<()> {
        let row = |(list, product, unit, min_quantity): Key, span: Span| price_row::ActiveModel {
            product_id: Set(product),
            price_list_id: Set(list),
            unit: Set(unit),
            min_quantity: Set(min_quantity),
            valid_from: Set(LocalDate(span.from)),
            valid_until: Set(LocalDate(span.until)),
            amount: Set(UnitPrice(span.amount)),
        };
        let (mut updates, mut inserts) = (Vec::new(), Vec::new());
        for ((key, _), (span, write)) in writes.0 {
            match write {
                Write::Update => updates.push((span.until, key, span)),
                Write::Insert => inserts.push((key, span)),
            }
        }
        // What ends earlier is written first, so that no two overlap in between; a fixed order also
        // makes the same file the same work.
        updates.sort_by_key(|(until, key, span)| (*until, *key, span.from));
        inserts.sort_by_key(|(key, span)| (*key, span.from));
        for (_, key, span) in updates {
            tx.update(row(key, span)).await?;
        }
        let inserts = inserts.into_iter().map(|(key, span)| row(key, span));
        insert_many(tx, inserts.collect()).await
    }
}

/// Makes a list everybody's.
pub(in crate::imports) async fn assign(tx: &Tx, id: Uuid, list: PriceListId) -> Result<()> {
    tx.insert(price_list_assignment::ActiveModel {
        id: Set(id),
        price_list_id: Set(list),
        account_id: Set(None),
        ship_to_id: Set(None),
        group_id: Set(None),
        priority: Set(100),
        valid_from: Set(LocalDate(Date::constant(2000, 1, 1))),
        valid_until: Set(LocalDate::OPEN_END),
    })
    .await
}

fn overlap(other: &Span) -> Problem {
    let last = other.until.yesterday().unwrap_or(other.until);
    Problem::Refused {
        reason: format!("overlaps the price valid from {} to {last}", other.from),
    }
}

impl Loader for Prices {
    type Record = PriceRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<PriceRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut keyed = Vec::with_capacity(rows.len());
        for Numbered { row, cells, record } in rows {
            let Some((product, order_unit)) = self.products.get(&record.sku).copied() else {
                outcome.reject(
                    row,
                    &cells,
                    "sku",
                    Problem::Unknown {
                        key: record.sku.clone(),
                    },
                );
                continue;
            };
            let unit = record.unit.unwrap_or(order_unit);
            if !self
                .units
                .get(&product)
                .is_some_and(|units| units.contains(&unit))
            {
                outcome.reject(row, &cells, "unit", Problem::UnitNotOfProduct);
                continue;
            }
            match self.list(tx, &record).await? {
                Ok(list) => keyed.push((
                    row,
                    cells,
                    (list, product, unit, record.min_quantity),
                    record,
                )),
                Err((column, problem)) => outcome.reject(row, &cells, column, problem),
            }
        }
        let mut stored = self.stored(tx, &keyed).await?;
        let mut writes = Writes::default();
        for (row, cells, key, record) in keyed {
            let spans = stored.entry(key).or_default();
            if let Some((column, problem)) =
                self.fit(row, key, &record, spans, &mut writes, outcome)
            {
                outcome.reject(row, &cells, column, problem);
            }
        }
        self.write(tx, writes).await
    }

    async fn finish(&mut self, tx: &Tx, _: &mut Outcome) -> Result<()> {
        if self.made_lists {
            crate::pricing::assign::rebuild(tx, None).await?;
        }
        Ok(())
    }
}
