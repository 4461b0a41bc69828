//! The ledger in bulk: many entries of many bill-tos in a few statements, as a file brings them.

use std::collections::{BTreeMap, HashMap};

use sea_orm::Set;
use sea_orm::sea_query::Value;
use trade::id::{AccountId, OrderId};
use uuid::Uuid;

use super::Entry;
use crate::db::entity::credit_entry;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};

/// Rows of one statement.
const CHUNK: usize = 1_000;

/// Makes and locks the rows of some bill-tos, by id: two that lock many do not wait for each other
/// in a circle.
pub(crate) async fn lock_all(tx: &Tx, now: i64, mut bill_tos: Vec<AccountId>) -> Result<()> {
    bill_tos.sort_unstable();
    bill_tos.dedup();
    for chunk in bill_tos.chunks(CHUNK) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| format!("(${}, 0, 0, 0, $1)", at + 2))
            .collect();
        let sql = format!(
            "INSERT INTO credit_accounts \
             (account_id, held_minor, confirmed_minor, receivable_minor, updated_at) VALUES {} \
             ON CONFLICT (account_id) DO UPDATE SET updated_at = credit_accounts.updated_at",
            rows.join(", ")
        );
        let binds = std::iter::once(Value::from(now)).chain(chunk.iter().map(|id| (*id).into()));
        tx.execute(&sql, binds).await?;
    }
    Ok(())
}

/// Books entries of bill-tos that are locked (see [`lock_all`]).
pub(crate) async fn book_all(
    tx: &Tx,
    now: i64,
    entries: Vec<(AccountId, Entry)>,
    mut id: impl FnMut() -> Uuid,
) -> Result<()> {
    let mut sums: BTreeMap<AccountId, [i64; 3]> = BTreeMap::new();
    let mut rows = Vec::with_capacity(entries.len());
    for (account, entry) in entries {
        let [held, confirmed, receivable] = sums.entry(account).or_default();
        *held += entry.held_minor;
        *confirmed += entry.confirmed_minor;
        *receivable += entry.receivable_minor;
        rows.push(credit_entry::ActiveModel {
            id: Set(id()),
            account_id: Set(account),
            at: Set(now),
            held_minor: Set(entry.held_minor),
            confirmed_minor: Set(entry.confirmed_minor),
            receivable_minor: Set(entry.receivable_minor),
            cause: Set(entry.cause),
            order_id: Set(entry.order),
            open_item_id: Set(entry.open_item),
        });
    }
    tx.insert_all(rows).await?;
    let sums: Vec<_> = sums.into_iter().collect();
    for chunk in sums.chunks(CHUNK) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| format!("({})", placeholders(2 + 4 * at, 4)))
            .collect();
        let sql = format!(
            "WITH booked (id, held, confirmed, receivable) AS (VALUES {}) UPDATE credit_accounts \
             SET held_minor = held_minor + booked.held, \
             confirmed_minor = confirmed_minor + booked.confirmed, \
             receivable_minor = receivable_minor + booked.receivable, updated_at = $1 \
             FROM booked WHERE credit_accounts.account_id = booked.id",
            rows.join(", ")
        );
        let binds = std::iter::once(Value::from(now)).chain(chunk.iter().flat_map(
            |(account, [held, confirmed, receivable])| {
                [
                    Value::from(*account),
                    (*held).into(),
                    (*confirmed).into(),
                    (*receivable).into(),
                ]
            },
        ));
        if tx.execute(&sql, binds).await? != u64::try_from(chunk.len())? {
            return Err(Error::Internal(anyhow::anyhow!(
                "credit is booked before its account is locked"
            )));
        }
    }
    Ok(())
}

/// What confirmed orders still add to the exposure of their bill-tos, by the ledger.
pub(crate) async fn confirmed_of_orders(
    tx: &Tx,
    orders: &[OrderId],
) -> Result<HashMap<(AccountId, OrderId), i64>> {
    let mut shares = HashMap::new();
    for chunk in orders.chunks(CHUNK) {
        let sql = format!(
            "SELECT account_id, order_id, CAST(sum(confirmed_minor) AS bigint) AS confirmed \
             FROM credit_entries WHERE order_id IN ({}) GROUP BY account_id, order_id",
            placeholders(1, chunk.len())
        );
        for row in tx.rows(&sql, chunk.iter().map(|id| (*id).into())).await? {
            let key = (row.try_get("", "account_id")?, row.try_get("", "order_id")?);
            shares.insert(key, row.try_get("", "confirmed")?);
        }
    }
    Ok(shares)
}
