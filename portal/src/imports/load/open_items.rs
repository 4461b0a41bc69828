//! Open items, by number. What is open of each is the bill-to's receivable: every change is booked
//! with its difference, once. An invoice that names an order of ours takes it out of what is
//! confirmed and not yet billed.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};
use trade::calendar::LocalDate;
use trade::id::{AccountId, OpenItemId, OrderId};
use trade::money::{Currency, Money};

use super::{Context, Loader, Numbered, Outcome};
use crate::credit::{Entry, ledger};
use crate::db::Tx;
use crate::db::entity::{account, open_item, order};
use crate::db::words::OpenItemKind;
use crate::error::Result;
use crate::imports::records::{OpenItemRow, Problem};

/// The series that statements are counted in. Its row is locked until the import ends, so that two
/// imports go one after the other and each has a number of its own for what it books.
const SERIES: &str = "open-item-statements";

pub struct OpenItems {
    context: Context,
    statement: i64,
    seen: HashMap<String, u64>,
}

/// An account of the file and who pays for it.
struct Payer {
    account: AccountId,
    id: AccountId,
    currency: Currency,
    terms_days: i32,
}

/// What a batch is checked against.
struct Known {
    payers: HashMap<String, Payer>,
    items: HashMap<String, open_item::Model>,
}

impl OpenItems {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        Ok(Self {
            context,
            statement: tx.next_number(SERIES).await?,
            seen: HashMap::new(),
        })
    }

    /// The row as it is to be stored, or what is wrong with it.
    fn wanted(
        &mut self,
        row: &Numbered<OpenItemRow>,
        known: &Known,
    ) -> Result<open_item::Model, (&'static str, Problem)> {
        let record = &row.record;
        let refused = |reason: String| Problem::Refused { reason };
        if let Some(first) = self.seen.insert(record.number.clone(), row.row) {
            return Err(("number", Problem::Repeats { first }));
        }
        let Some(payer) = known.payers.get(&record.account) else {
            let key = record.account.clone();
            return Err(("account", Problem::Unknown { key }));
        };
        if let Some(code) = &record.currency
            && code.parse() != Ok(payer.currency)
        {
            let reason = format!("is not {}, the account's", payer.currency);
            return Err(("currency", refused(reason)));
        }
        let old = known.items.get(&record.number);
        // What was booked on the account before another one paid for it stays there.
        let bill_to = old
            .filter(|old| old.account_id == payer.account)
            .map_or(payer.id, |old| old.account_id);
        if old.is_some_and(|old| old.account_id != bill_to) {
            let reason = "is an item of another account".to_owned();
            return Err(("number", refused(reason)));
        }
        let terms = jiff::Span::new().days(payer.terms_days);
        let by_terms = record.issued_on.checked_add(terms);
        let due_on = record.due_on.or(by_terms.ok()).unwrap_or(record.issued_on);
        let now = self.context.now;
        Ok(open_item::Model {
            id: old.map_or_else(|| OpenItemId(self.context.ids.next(now)), |old| old.id),
            account_id: bill_to,
            number: record.number.clone(),
            kind: record.kind,
            order_number: record.order.clone(),
            issued_on: LocalDate(record.issued_on),
            due_on: LocalDate(due_on),
            currency: payer.currency,
            amount_minor: minor("amount", record.amount, payer.currency)?,
            open_minor: minor("open", record.open, payer.currency)?,
            early_payment_on: record.early_payment_on.map(LocalDate),
            early_payment_discount: record.early_payment_discount,
            updated_at: old.map_or(now, |old| old.updated_at),
        })
    }

    /// What an item's change adds to the receivable.
    fn difference(&self, new: &open_item::Model, old: Option<&open_item::Model>) -> Option<Entry> {
        let change = new.open_minor - old.map_or(0, |old| old.open_minor);
        let open = Money::new(new.open_minor, new.currency).to_decimal();
        (change != 0).then(|| Entry {
            cause: format!(
                "item {} at {open}, statement {}",
                new.number, self.statement
            ),
            order: None,
            open_item: Some(new.id),
            held_minor: 0,
            confirmed_minor: 0,
            receivable_minor: change,
        })
    }

    /// Takes orders that are billed out of what is confirmed, each whole and once.
    async fn billed(&self, tx: &Tx, items: &[open_item::Model]) -> Result<Vec<(AccountId, Entry)>> {
        let orders = orders(tx, items).await?;
        let ids: Vec<OrderId> = orders.values().copied().collect();
        let mut shares = ledger::confirmed_of_orders(tx, &ids).await?;
        let mut entries = Vec::new();
        for item in items {
            let number = item.order_number.as_ref();
            let Some((number, order)) = number.and_then(|n| Some((n, *orders.get(n)?))) else {
                continue;
            };
            // Of two invoices that name one order, the first takes it.
            let share = shares.remove(&(item.account_id, order)).unwrap_or(0);
            if share == 0 {
                continue;
            }
            let cause = format!(
                "order {number} billed by {}, statement {}",
                item.number, self.statement
            );
            let entry = Entry {
                cause,
                order: Some(order),
                open_item: Some(item.id),
                held_minor: 0,
                confirmed_minor: -share,
                receivable_minor: 0,
            };
            entries.push((item.account_id, entry));
        }
        Ok(entries)
    }
}

pub(super) fn minor(
    column: &'static str,
    ten_thousandths: i64,
    currency: Currency,
) -> Result<i64, (&'static str, Problem)> {
    let max = currency.decimals();
    let per_minor = 10_i64.pow(4_u32.saturating_sub(max));
    if ten_thousandths % per_minor == 0 {
        Ok(ten_thousandths / per_minor)
    } else {
        Err((column, Problem::TooManyDecimals { max }))
    }
}

/// Accounts of some rows with who pays for each. What a file books on a shop whose parent pays is
/// the parent's to pay.
async fn payers(tx: &Tx, rows: &[Numbered<OpenItemRow>]) -> Result<HashMap<String, Payer>> {
    let mut found = Vec::new();
    let numbers: HashSet<&str> = rows.iter().map(|row| row.record.account.as_str()).collect();
    let numbers: Vec<&str> = numbers.into_iter().collect();
    for chunk in numbers.chunks(500) {
        let numbers = chunk.iter().copied();
        found.extend(
            tx.all::<account::Entity>(|all| all.filter(account::Column::Number.is_in(numbers)))
                .await?,
        );
    }
    let others: HashSet<AccountId> = found.iter().filter_map(|row| row.bill_to_id).collect();
    let others: Vec<AccountId> = others.into_iter().collect();
    let mut terms = HashMap::new();
    for chunk in others.chunks(500) {
        let ids = chunk.iter().copied();
        let rows = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(ids)))
            .await?;
        terms.extend(rows.into_iter().map(|row| (row.id, row.payment_terms_days)));
    }
    let payer = |row: account::Model| {
        let id = row.bill_to_id.unwrap_or(row.id);
        let payer = Payer {
            account: row.id,
            id,
            currency: row.currency,
            terms_days: terms.get(&id).copied().unwrap_or(row.payment_terms_days),
        };
        (row.number, payer)
    };
    Ok(found.into_iter().map(payer).collect())
}

async fn items(
    tx: &Tx,
    rows: &[Numbered<OpenItemRow>],
) -> Result<HashMap<String, open_item::Model>> {
    let mut items = HashMap::new();
    for chunk in rows.chunks(500) {
        let numbers = chunk.iter().map(|row| row.record.number.as_str());
        let found = tx
            .all::<open_item::Entity>(|all| all.filter(open_item::Column::Number.is_in(numbers)))
            .await?;
        items.extend(found.into_iter().map(|row| (row.number.clone(), row)));
    }
    Ok(items)
}

/// Orders of ours that invoices name, by number.
async fn orders(tx: &Tx, items: &[open_item::Model]) -> Result<HashMap<String, OrderId>> {
    let mut orders = HashMap::new();
    let invoices = items
        .iter()
        .filter(|item| item.kind == OpenItemKind::Invoice);
    let numbers: Vec<&str> = invoices
        .filter_map(|item| item.order_number.as_deref())
        .collect();
    for chunk in numbers.chunks(500) {
        let numbers = chunk.iter().copied();
        let found = tx
            .all::<order::Entity>(|all| all.filter(order::Column::Number.is_in(numbers)))
            .await?;
        orders.extend(found.into_iter().map(|row| (row.number, row.id)));
    }
    Ok(orders)
}

impl Loader for OpenItems {
    type Record = OpenItemRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<OpenItemRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let now = self.context.now;
        let known = Known {
            payers: payers(tx, &rows).await?,
            items: items(tx, &rows).await?,
        };
        let (mut stored, mut entries) = (Vec::new(), Vec::new());
        for row in rows {
            let new = match self.wanted(&row, &known) {
                Ok(new) => new,
                Err((column, problem)) => {
                    outcome.reject(row.row, &row.cells, column, problem);
                    continue;
                }
            };
            let old = known.items.get(&new.number);
            match old {
                Some(old) if *old == new => {
                    outcome.unchanged += 1;
                    continue;
                }
                Some(_) => outcome.changed += 1,
                None => outcome.inserted += 1,
            }
            entries.extend(
                self.difference(&new, old)
                    .map(|entry| (new.account_id, entry)),
            );
            stored.push(open_item::Model {
                updated_at: now,
                ..new
            });
        }
        let bill_tos = stored.iter().map(|item| item.account_id).collect();
        ledger::lock_all(tx, now, bill_tos).await?;
        entries.extend(self.billed(tx, &stored).await?);
        let taken = OnConflict::column(open_item::Column::Number)
            .update_columns(CHANGEABLE)
            .to_owned();
        let rows = stored
            .into_iter()
            .map(|item| item.into_active_model().reset_all());
        tx.put_all(rows, &taken).await?;
        let ids = &mut self.context.ids;
        ledger::book_all(tx, now, entries, || ids.next(now)).await
    }

    async fn finish(&mut self, _: &Tx, _: &mut Outcome) -> Result<()> {
        Ok(())
    }
}

/// What a later statement may say anew of an item.
const CHANGEABLE: [open_item::Column; 10] = {
    use open_item::Column::{
        AmountMinor, Currency, DueOn, EarlyPaymentDiscount, EarlyPaymentOn, IssuedOn, Kind,
        OpenMinor, OrderNumber, UpdatedAt,
    };
    [
        Kind,
        OrderNumber,
        IssuedOn,
        DueOn,
        Currency,
        AmountMinor,
        OpenMinor,
        EarlyPaymentOn,
        EarlyPaymentDiscount,
        UpdatedAt,
    ]
};
