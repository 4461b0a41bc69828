//! What orders take from promotions and their funds: reserved when an order is placed, committed
//! once it is confirmed, released when it comes to nothing. Limits and budgets are kept by the
//! conditional updates and the constraints behind them, not by what was read before.

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter, Set};
use trade::id::{AccountId, FundId, OrderId, PromotionId};
use trade::promotion::Applied;
use uuid::Uuid;

use crate::db::entity::promotion_use;
use crate::db::words::UseState;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};

/// Locks what these promotions are limited by, funds first, then promotions, each by id: what is
/// read of them afterwards stays so. On SQLite writers take turns anyway.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(tx: &Tx, promotions: &[PromotionId]) -> Result<()> {
    if tx.backend() != DatabaseBackend::Postgres || promotions.is_empty() {
        return Ok(());
    }
    let ids = || promotions.iter().map(|id| Value::from(*id));
    let list = placeholders(1, promotions.len());
    let funds = format!(
        "SELECT 1 FROM funds WHERE id IN (SELECT fund_id FROM promotions WHERE id IN ({list})) \
         ORDER BY id FOR UPDATE"
    );
    tx.rows(&funds, ids()).await?;
    let rows = format!("SELECT 1 FROM promotions WHERE id IN ({list}) ORDER BY id FOR UPDATE");
    tx.rows(&rows, ids()).await?;
    Ok(())
}

/// Takes what an order uses. The rows are locked (see [`lock`]) and what is left was read since;
/// so an update that touches nothing is a mistake of ours, and nothing is stored.
///
/// # Errors
/// A promotion or fund that cannot carry it; whatever the database says.
pub async fn take(
    tx: &Tx,
    now: i64,
    (order, account): (OrderId, AccountId),
    applied: &[Applied],
    state: UseState,
) -> Result<()> {
    for one in applied {
        let spend = one.spend.minor;
        let sql = "UPDATE promotions SET uses = uses + 1, spent_minor = spent_minor + $2, \
                   updated_at = $3 WHERE id = $1 AND state = 'approved' \
                   AND (most_uses IS NULL OR uses < most_uses) \
                   AND (cap_minor IS NULL OR spent_minor + $2 <= cap_minor) \
                   RETURNING fund_id";
        let rows = tx
            .rows(sql, [one.promotion.into(), spend.into(), now.into()])
            .await?;
        let row = rows.first().ok_or_else(too_late)?;
        tx.insert(promotion_use::ActiveModel {
            promotion_id: Set(one.promotion),
            order_id: Set(order),
            account_id: Set(account),
            spend_minor: Set(spend),
            state: Set(state),
            at: Set(now),
        })
        .await?;
        let Some(fund) = row.try_get::<Option<FundId>>("", "fund_id")? else {
            continue;
        };
        let (kind, reserved, committed) = match state {
            UseState::Reserved => ("reserve", spend, 0),
            UseState::Committed => ("commit", 0, spend),
            UseState::Released => continue,
        };
        let entry = (fund, one.promotion, order);
        enter(tx, now, entry, kind, (reserved, committed)).await?;
    }
    Ok(())
}

fn too_late() -> Error {
    Error::GaveWay("a promotion's limit has just been reached".into())
}

/// An entry of a fund's book, and its sums with it.
async fn enter(
    tx: &Tx,
    now: i64,
    (fund, promotion, order): (FundId, PromotionId, OrderId),
    kind: &str,
    (reserved, committed): (i64, i64),
) -> Result<()> {
    let sql = "UPDATE funds SET reserved_minor = reserved_minor + $2, \
               committed_minor = committed_minor + $3, updated_at = $4 WHERE id = $1 \
               AND reserved_minor + $2 + committed_minor + $3 <= budget_minor";
    let binds = [fund.into(), reserved.into(), committed.into(), now.into()];
    if tx.execute(sql, binds).await? == 0 {
        return Err(too_late());
    }
    // Written past the caller's scope: a retailer's order is what spends, the book is the brand's.
    let sql = "INSERT INTO fund_entries (id, fund_id, promotion_id, order_id, kind, \
               reserved_minor, committed_minor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.execute(
        sql,
        [
            Uuid::now_v7().into(),
            fund.into(),
            promotion.into(),
            order.into(),
            kind.into(),
            reserved.into(),
            committed.into(),
            now.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What an order uses and has not given back.
async fn in_use(tx: &Tx, order: OrderId) -> Result<Vec<(PromotionId, Option<FundId>, i64, bool)>> {
    let sql = "SELECT u.promotion_id, p.fund_id, u.spend_minor, u.state FROM promotion_uses u \
               JOIN promotions p ON p.id = u.promotion_id \
               WHERE u.order_id = $1 AND u.state <> 'released' ORDER BY u.promotion_id";
    let mut uses = Vec::new();
    for row in tx.rows(sql, [order.into()]).await? {
        uses.push((
            row.try_get("", "promotion_id")?,
            row.try_get("", "fund_id")?,
            row.try_get("", "spend_minor")?,
            row.try_get::<String>("", "state")? == UseState::Committed.name(),
        ));
    }
    Ok(uses)
}

/// What an order reserved is committed.
///
/// # Errors
/// Whatever the database says.
pub async fn commit(tx: &Tx, now: i64, order: OrderId) -> Result<()> {
    let uses = in_use(tx, order).await?;
    let ids: Vec<PromotionId> = uses.iter().map(|one| one.0).collect();
    lock(tx, &ids).await?;
    for (promotion, fund, spend, committed) in uses {
        if let (Some(fund), false) = (fund, committed) {
            let entry = (fund, promotion, order);
            enter(tx, now, entry, "commit", (-spend, spend)).await?;
        }
    }
    set_state(tx, order, UseState::Committed).await
}

/// What an order took is given back, once.
///
/// # Errors
/// Whatever the database says.
pub async fn release(tx: &Tx, now: i64, order: OrderId) -> Result<()> {
    let uses = in_use(tx, order).await?;
    let ids: Vec<PromotionId> = uses.iter().map(|one| one.0).collect();
    lock(tx, &ids).await?;
    for (promotion, fund, spend, committed) in uses {
        let sql = "UPDATE promotions SET uses = uses - 1, spent_minor = spent_minor - $2, \
                   updated_at = $3 WHERE id = $1";
        tx.execute(sql, [promotion.into(), spend.into(), now.into()])
            .await?;
        if let Some(fund) = fund {
            let back = if committed { (0, -spend) } else { (-spend, 0) };
            enter(tx, now, (fund, promotion, order), "release", back).await?;
        }
    }
    set_state(tx, order, UseState::Released).await
}

async fn set_state(tx: &Tx, order: OrderId, state: UseState) -> Result<()> {
    tx.change::<promotion_use::Entity>(|update| {
        update
            .filter(promotion_use::Column::OrderId.eq(order))
            .filter(promotion_use::Column::State.ne(UseState::Released))
            .col_expr(promotion_use::Column::State, state.name().into())
    })
    .await?;
    Ok(())
}
