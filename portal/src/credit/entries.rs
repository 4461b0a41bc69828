//! The ledger of a bill-to as people read it.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use trade::id::{OpenItemId, OrderId};
use trade::money::Money;

use super::statement;
use super::view::{LedgerPage, LedgerRow};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, credit_entry, open_item, order};
use crate::error::{Error, Result};
use crate::web::shape::{Message, Paging, Query};

/// Entries on a page.
const PAGE: u64 = 50;

/// The page of the ledger that `query` asks for, the latest first.
///
/// # Errors
/// `NotFound` where another account pays.
pub async fn page(
    tx: &Tx,
    app: &App,
    account: &account::Model,
    mut query: Query,
) -> Result<LedgerPage> {
    if account.bill_to_id.is_some_and(|payer| payer != account.id) {
        return Err(Error::NotFound);
    }
    let standing = super::standing(tx, app, account)
        .await?
        .ok_or(Error::NotFound)?;
    let mine = credit_entry::Column::AccountId.eq(account.id);
    let total = tx
        .count::<credit_entry::Entity>(|entries| entries.filter(mine.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let entries = tx
        .all::<credit_entry::Entity>(|entries| {
            entries
                .filter(mine)
                .order_by_desc(credit_entry::Column::At)
                .order_by_desc(credit_entry::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let orders = order_numbers(tx, &entries).await?;
    let items = item_numbers(tx, &entries).await?;
    let money = |minor| Money::new(minor, account.currency);
    let rows = entries.into_iter().map(|entry| {
        let order_number = entry.order_id.and_then(|id| orders.get(&id).cloned());
        let item = entry.open_item_id.and_then(|id| items.get(&id).cloned());
        let cause = Message::new(word(&entry))
            .with("order", order_number.clone().unwrap_or_default())
            .with("item", item.unwrap_or_default());
        LedgerRow {
            at: entry.at,
            cause,
            order_number,
            held: money(entry.held_minor),
            confirmed: money(entry.confirmed_minor),
            receivable: money(entry.receivable_minor),
        }
    });
    Ok(LedgerPage {
        account_name: account.name.clone(),
        account_number: account.number.clone(),
        credit: statement::credit(tx, app, &standing).await?,
        rows: rows.collect(),
        query,
        paging,
    })
}

/// The message that says what an entry is.
fn word(entry: &credit_entry::Model) -> &'static str {
    match (entry.order_id, entry.open_item_id) {
        (None, _) => "ledger-item",
        (Some(_), Some(_)) => "ledger-billed",
        (Some(_), None) if entry.confirmed_minor > 0 => "ledger-confirmed",
        (Some(_), None) if entry.held_minor > 0 => "ledger-held",
        (Some(_), None) => "ledger-given-back",
    }
}

async fn order_numbers(
    tx: &Tx,
    entries: &[credit_entry::Model],
) -> Result<HashMap<OrderId, String>> {
    let ids: Vec<OrderId> = entries.iter().filter_map(|entry| entry.order_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx
        .all::<order::Entity>(|orders| orders.filter(order::Column::Id.is_in(ids)))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}

async fn item_numbers(
    tx: &Tx,
    entries: &[credit_entry::Model],
) -> Result<HashMap<OpenItemId, String>> {
    let ids: Vec<OpenItemId> = entries
        .iter()
        .filter_map(|entry| entry.open_item_id)
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx
        .all::<open_item::Entity>(|items| items.filter(open_item::Column::Id.is_in(ids)))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}
