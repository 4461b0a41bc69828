//! What a bill-to owes and is about to owe: a ledger with a cause for each entry, and what follows
//! from it when an order is placed.
//!
//! The row of a bill-to is the first lock an order takes. It may belong to another account than the
//! one that orders (a parent that pays for its shops), so the ledger is kept by hand-written
//! statements that name their account; pages read it through the caller's scope like anything else.

pub mod entries;
pub(crate) mod ledger;
pub mod statement;
pub mod terms;
pub mod view;
pub mod web;

use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::LocalDate;
use trade::credit::Overdue;
pub use trade::credit::Standing;
use trade::hold::Opening;
use trade::id::{AccountId, OpenItemId, OrderId};
use trade::money::{Currency, Money};
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, credit_account};
use crate::error::{Error, Result};

/// One entry of the ledger: changes in minor units, either sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Booked once: "order 100123 held".
    pub cause: String,
    /// The order it comes from.
    pub order: Option<OrderId>,
    /// The open item it comes from.
    pub open_item: Option<OpenItemId>,
    /// Of held orders.
    pub held_minor: i64,
    /// Of confirmed orders.
    pub confirmed_minor: i64,
    /// Of open items.
    pub receivable_minor: i64,
}

/// The standing of a bill-to; nobody else changes it before this transaction is through. It is the
/// first lock an order takes.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(tx: &Tx, app: &App, bill_to: AccountId) -> Result<Standing> {
    lock_row(tx, app.clock.millis(), bill_to).await?;
    // A second statement: on PostgreSQL it sees what others committed while the first one waited.
    let rows = tx
        .rows(
            "SELECT a.currency, a.credit_limit_minor, \
             coalesce(a.overdue_tolerance_days, (SELECT max(overdue_tolerance_days) FROM brand)) \
             AS tolerance_days, c.held_minor, c.confirmed_minor, c.receivable_minor \
             FROM credit_accounts c JOIN accounts a ON a.id = c.account_id \
             WHERE c.account_id = $1",
            [bill_to.into()],
        )
        .await?;
    let row = rows.first().ok_or(Error::NotFound)?;
    let currency: Currency = row.try_get("", "currency")?;
    let money = |minor: i64| Money::new(minor, currency);
    let tolerance: Option<i32> = row.try_get("", "tolerance_days")?;
    Ok(Standing {
        bill_to,
        limit: row
            .try_get::<Option<i64>>("", "credit_limit_minor")?
            .map(money),
        held: money(row.try_get("", "held_minor")?),
        confirmed: money(row.try_get("", "confirmed_minor")?),
        receivable: money(row.try_get("", "receivable_minor")?),
        tolerance_days: tolerance.unwrap_or(app.brand.row.overdue_tolerance_days),
    })
}

/// Makes the row where it is missing, and locks it.
pub(crate) async fn lock_row(tx: &Tx, now: i64, bill_to: AccountId) -> Result<()> {
    // An update to the same value locks the row on PostgreSQL; on SQLite the writer is alone.
    tx.execute(
        "INSERT INTO credit_accounts \
         (account_id, held_minor, confirmed_minor, receivable_minor, updated_at) \
         VALUES ($1, 0, 0, 0, $2) ON CONFLICT (account_id) \
         DO UPDATE SET updated_at = credit_accounts.updated_at",
        [bill_to.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// Books an entry (see [`lock`]).
///
/// # Errors
/// A cause that is booked already; whatever the database says.
pub async fn book(tx: &Tx, now: i64, bill_to: AccountId, entry: Entry) -> Result<()> {
    tx.execute(
        "INSERT INTO credit_entries (id, account_id, at, held_minor, confirmed_minor, \
         receivable_minor, cause, order_id, open_item_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            Uuid::now_v7().into(),
            bill_to.into(),
            now.into(),
            entry.held_minor.into(),
            entry.confirmed_minor.into(),
            entry.receivable_minor.into(),
            entry.cause.into(),
            entry.order.map(|order| order.0).into(),
            entry.open_item.map(|item| item.0).into(),
        ],
    )
    .await?;
    let touched = tx
        .execute(
            "UPDATE credit_accounts SET held_minor = held_minor + $1, \
             confirmed_minor = confirmed_minor + $2, receivable_minor = receivable_minor + $3, \
             updated_at = $4 WHERE account_id = $5",
            [
                entry.held_minor.into(),
                entry.confirmed_minor.into(),
                entry.receivable_minor.into(),
                now.into(),
                bill_to.into(),
            ],
        )
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(Error::Internal(anyhow::anyhow!(
            "credit is booked before its account is locked"
        )))
    }
}

/// What an order still adds to the exposure of its bill-to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderShare {
    /// As a held order, in minor units.
    pub held_minor: i64,
    /// As a confirmed one that is not billed.
    pub confirmed_minor: i64,
}

/// What the ledger says an order still adds (see [`lock`]): nothing once it is billed, or where it
/// came to nothing. What is given back is this, so that it is given back once.
///
/// # Errors
/// Whatever the database says.
pub async fn share_of_order(tx: &Tx, bill_to: AccountId, order: OrderId) -> Result<OrderShare> {
    let rows = tx
        .rows(
            "SELECT CAST(coalesce(sum(held_minor), 0) AS bigint) AS held, \
             CAST(coalesce(sum(confirmed_minor), 0) AS bigint) AS confirmed \
             FROM credit_entries WHERE order_id = $1 AND account_id = $2",
            [order.into(), bill_to.into()],
        )
        .await?;
    let Some(row) = rows.first() else {
        return Ok(OrderShare::default());
    };
    Ok(OrderShare {
        held_minor: row.try_get("", "held")?,
        confirmed_minor: row.try_get("", "confirmed")?,
    })
}

/// The holds an order of so much gross opens: over the limit, overdue beyond what is tolerated.
/// The order itself must not be in `standing` (see [`Standing::without_held`]).
///
/// # Errors
/// Whatever the database says.
pub async fn openings(
    tx: &Tx,
    app: &App,
    standing: &Standing,
    gross: Money,
) -> Result<Vec<Opening>> {
    let mut openings = Vec::new();
    openings.extend(standing.over_limit(gross)?);
    if let Some(overdue) = overdue(tx, app, standing).await? {
        openings.push(overdue.opening(app.today(), standing.tolerance_days));
    }
    Ok(openings)
}

async fn overdue(tx: &Tx, app: &App, standing: &Standing) -> Result<Option<Overdue>> {
    let before = LocalDate(standing.overdue_before(app.today()));
    let rows = tx
        .rows(
            "SELECT count(*) AS items, CAST(sum(open_minor) AS bigint) AS open, \
             min(due_on) AS oldest FROM open_items WHERE account_id = $1 \
             AND open_minor <> 0 AND kind = 'invoice' AND due_on < $2",
            [standing.bill_to.into(), before.into()],
        )
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let Some(oldest) = row.try_get::<Option<LocalDate>>("", "oldest")? else {
        return Ok(None);
    };
    Ok(Some(Overdue {
        open: Money::new(row.try_get("", "open")?, standing.receivable.currency),
        items: row.try_get("", "items")?,
        oldest_due: oldest.0,
    }))
}

/// What a page says of the credit of whoever pays for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    /// The most it may owe.
    pub limit: Money,
    /// What it owes and is about to owe.
    pub exposure: Money,
    /// What is left; negative where it is over the limit.
    pub remaining: Money,
}

/// What may still be ordered on account, for pages: nothing is locked. None where there is no
/// limit, or where another account pays that the caller does not see.
///
/// # Errors
/// Whatever the database says.
pub async fn remaining(tx: &Tx, app: &App, account: &account::Model) -> Result<Option<Remaining>> {
    let Some(standing) = standing(tx, app, account).await? else {
        return Ok(None);
    };
    let (Some(limit), Some(remaining)) = (standing.limit, standing.remaining()?) else {
        return Ok(None);
    };
    Ok(Some(Remaining {
        limit,
        exposure: standing.exposure()?,
        remaining,
    }))
}

/// How whoever pays for an account stands, without a lock; none where the caller does not see them.
///
/// # Errors
/// Whatever the database says.
pub async fn standing(tx: &Tx, app: &App, account: &account::Model) -> Result<Option<Standing>> {
    let payer = match account.bill_to_id {
        Some(id) if id != account.id => {
            let seen = tx.one::<account::Entity>(|all| all.filter(account::Column::Id.eq(id)));
            let Some(payer) = seen.await? else {
                return Ok(None);
            };
            payer
        }
        Some(_) | None => account.clone(),
    };
    let sums = tx
        .one::<credit_account::Entity>(|all| {
            all.filter(credit_account::Column::AccountId.eq(payer.id))
        })
        .await?;
    let money = |minor: i64| Money::new(minor, payer.currency);
    let tolerance_days = payer
        .overdue_tolerance_days
        .unwrap_or(app.brand.row.overdue_tolerance_days);
    Ok(Some(Standing {
        bill_to: payer.id,
        limit: payer.credit_limit_minor.map(money),
        held: money(sums.as_ref().map_or(0, |row| row.held_minor)),
        confirmed: money(sums.as_ref().map_or(0, |row| row.confirmed_minor)),
        receivable: money(sums.as_ref().map_or(0, |row| row.receivable_minor)),
        tolerance_days,
    }))
}
