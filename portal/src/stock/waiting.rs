//! Those who wait: what comes in, or is given back, goes to the orders that are owed it, first come
//! first served, in the transaction that brings it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DatabaseBackend;
use sea_orm::Set;
use sea_orm::sea_query::Value;
use trade::id::{AccountId, OrderId, ProductId};
use trade::order::OrderState;
use uuid::Uuid;

use super::{alerts, moves};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::stock_movement;
use crate::db::{Tx, again, placeholders};
use crate::error::{Error, Result};
use crate::webhooks::kinds::Kind;
use crate::webhooks::orders::{self, Told};

/// States of orders to which pieces can still be owed, as SQL lists them.
pub const OPEN_STATES: &str = "'held', 'confirmed', 'released'";
/// Products at once.
const PRODUCTS: usize = 2_000;
/// Rows a statement.
const ROWS: usize = 2_000;

/// A line that gets pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    order: OrderId,
    position: i32,
    product: ProductId,
    account: AccountId,
    number: String,
    state: OrderState,
    pieces: i64,
}

/// Gives what is free of `products` to the lines that are owed it: orders that came first are
/// served first. A held order's pieces are reserved, the others' allocated. Whoever asked to be
/// told of what is left over is told. Says how many lines were given something.
///
/// The rows are other accounts' as well, whoever brings the goods: this is not for a caller's eyes.
///
/// # Errors
/// Whatever the database says.
pub async fn serve(tx: &Tx, products: &[ProductId], now: i64) -> Result<usize> {
    let mut ids = products.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut lines = 0;
    for chunk in ids.chunks(PRODUCTS) {
        moves::lock(tx, chunk).await?;
        let ids = padded(chunk);
        let given = first_come(tx, &ids).await?;
        lines += given.len();
        give(tx, &given, now).await?;
        alerts::wake(tx, &ids, now).await?;
    }
    Ok(lines)
}

/// As [`serve`], of what one order is owed. For whoever has held its row: goods that came in
/// meanwhile passed it by.
///
/// # Errors
/// Whatever the database says.
pub async fn serve_order(tx: &Tx, order: OrderId, now: i64) -> Result<usize> {
    let sql = "SELECT DISTINCT product_id FROM order_lines \
               WHERE order_id = $1 AND back_ordered > 0";
    let mut owed = Vec::new();
    for row in tx.rows(sql, [order.into()]).await? {
        owed.push(row.try_get("", "product_id")?);
    }
    serve(tx, &owed, now).await
}

/// Gives what is free to orders that were passed by: somebody held their row just when goods came
/// in, and then changed nothing after all. The worker looks now and then; says how many lines were
/// given something.
///
/// # Errors
/// Whatever the database says.
pub async fn serve_passed_by(app: &App) -> Result<usize> {
    let sql = format!(
        "SELECT DISTINCT l.product_id FROM order_lines l JOIN orders o ON o.id = l.order_id \
         JOIN stock s ON s.product_id = l.product_id JOIN products p ON p.id = l.product_id \
         WHERE l.back_ordered > 0 AND o.state IN ({OPEN_STATES}) \
         AND p.stock_policy <> 'untracked' AND s.on_hand - s.allocated - s.reserved > 0"
    );
    // Asked before any writing transaction: where nobody was passed by, nobody's turn is taken.
    let reading = app.db.read_system("serve passed by").await?;
    let mut products = Vec::new();
    for row in reading.rows(&sql, []).await? {
        products.push(row.try_get("", "product_id")?);
    }
    drop(reading);
    if products.is_empty() {
        return Ok(0);
    }
    again(async || {
        let tx = app.db.begin_system("serve passed by").await?;
        let lines = serve(&tx, &products, app.clock.millis()).await?;
        tx.commit().await?;
        Ok(lines)
    })
    .await
}

/// The lines that what is free is enough for, in the order in which they came.
async fn first_come(tx: &Tx, ids: &[ProductId]) -> Result<Vec<Given>> {
    // An order that somebody is cancelling or confirming just now is theirs: it gives back what it
    // has, and asks again. Waiting for it here would wait for one who waits for this stock.
    let lock = if tx.backend() == DatabaseBackend::Postgres {
        "FOR UPDATE OF o SKIP LOCKED"
    } else {
        ""
    };
    let sql = format!(
        "WITH waiting AS (\
             SELECT l.order_id, l.position, l.product_id, l.back_ordered, o.account_id, o.number, \
                 o.state, o.placed_at, s.on_hand - s.allocated - s.reserved AS free \
             FROM order_lines l JOIN orders o ON o.id = l.order_id \
             JOIN stock s ON s.product_id = l.product_id \
             JOIN products p ON p.id = l.product_id \
             WHERE l.product_id IN ({}) AND l.back_ordered > 0 AND o.state IN ({OPEN_STATES}) \
                 AND p.stock_policy <> 'untracked' \
                 AND s.on_hand - s.allocated - s.reserved > 0 {lock}), \
         queue AS (\
             SELECT order_id, position, product_id, back_ordered, account_id, number, state, \
                 placed_at, free, CAST(sum(back_ordered) OVER (PARTITION BY product_id \
                     ORDER BY placed_at, order_id, position \
                     ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS bigint) AS upto \
             FROM waiting) \
         SELECT order_id, position, product_id, account_id, number, state, back_ordered, upto, free \
         FROM queue WHERE upto - back_ordered < free ORDER BY placed_at, order_id, position",
        placeholders(1, ids.len()),
    );
    let rows = tx.rows(&sql, ids.iter().map(|id| Value::from(*id))).await?;
    let mut given = Vec::with_capacity(rows.len());
    for row in rows {
        let owed: i64 = row.try_get("", "back_ordered")?;
        let upto: i64 = row.try_get("", "upto")?;
        let free: i64 = row.try_get("", "free")?;
        given.push(Given {
            order: row.try_get("", "order_id")?,
            position: row.try_get("", "position")?,
            product: row.try_get("", "product_id")?,
            account: row.try_get("", "account_id")?,
            number: row.try_get("", "number")?,
            state: row.try_get("", "state")?,
            pieces: Ord::min(owed, free - (upto - owed)),
        });
    }
    Ok(given)
}

async fn give(tx: &Tx, given: &[Given], now: i64) -> Result<()> {
    for chunk in given.chunks(ROWS) {
        let sql = format!(
            "WITH given (order_id, position, pieces) AS (VALUES {}) UPDATE order_lines \
             SET allocated = allocated + given.pieces, back_ordered = back_ordered - given.pieces \
             FROM given WHERE order_lines.order_id = given.order_id \
             AND order_lines.position = given.position",
            rows_of(chunk.len(), 1, 3),
        );
        let binds = chunk.iter().flat_map(|line| {
            [
                line.order.into(),
                line.position.into(),
                Value::from(line.pieces),
            ]
        });
        let touched = tx.execute(&sql, binds).await?;
        if touched != u64::try_from(chunk.len())? {
            return Err(Error::Internal(anyhow::anyhow!("order lines are missing")));
        }
    }
    // By product, what held orders keep back and what the others are given.
    let mut sums: BTreeMap<ProductId, (i64, i64)> = BTreeMap::new();
    let mut movements: BTreeMap<(OrderId, ProductId), (&Given, i64)> = BTreeMap::new();
    for line in given {
        let sum = sums.entry(line.product).or_default();
        if line.state == OrderState::Held {
            sum.0 += line.pieces;
        } else {
            sum.1 += line.pieces;
        }
        let key = (line.order, line.product);
        movements.entry(key).or_insert((line, 0)).1 += line.pieces;
    }
    set_aside(tx, &sums, now).await?;
    tx.insert_all(movements.into_values().map(|(line, pieces)| {
        let held = line.state == OrderState::Held;
        stock_movement::ActiveModel {
            id: Set(Uuid::now_v7()),
            product_id: Set(line.product),
            at: Set(now),
            on_hand: Set(0),
            allocated: Set(if held { 0 } else { pieces }),
            reserved: Set(if held { pieces } else { 0 }),
            cause: Set("allocation".to_owned()),
            reference: Set(line.number.clone()),
        }
    }))
    .await?;
    note(tx, given, now).await
}

/// Adds to what is reserved and allocated, by product.
async fn set_aside(tx: &Tx, sums: &BTreeMap<ProductId, (i64, i64)>, now: i64) -> Result<()> {
    let entries: Vec<(&ProductId, &(i64, i64))> = sums.iter().collect();
    for chunk in entries.chunks(ROWS) {
        let sql = format!(
            "WITH moved (id, reserved, allocated) AS (VALUES {}) UPDATE stock \
             SET reserved = stock.reserved + moved.reserved, \
             allocated = stock.allocated + moved.allocated, updated_at = $1 \
             FROM moved WHERE stock.product_id = moved.id",
            rows_of(chunk.len(), 2, 3),
        );
        let binds = chunk.iter().flat_map(|(id, (reserved, allocated))| {
            [
                Value::from(**id),
                Value::from(*reserved),
                Value::from(*allocated),
            ]
        });
        tx.execute(&sql, std::iter::once(Value::from(now)).chain(binds))
            .await?;
    }
    Ok(())
}

/// An entry in the timeline of each order that was given something, and programs are told. Written
/// past the caller's scope: a buyer who cancels serves others.
async fn note(tx: &Tx, given: &[Given], now: i64) -> Result<()> {
    let orders: BTreeSet<(OrderId, AccountId)> = given
        .iter()
        .map(|line| (line.order, line.account))
        .collect();
    let orders: Vec<(OrderId, AccountId)> = orders.into_iter().collect();
    for chunk in orders.chunks(ROWS) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| {
                let first = 2 + 3 * at;
                format!("({}, 'allocated', $1, '', FALSE)", placeholders(first, 3))
            })
            .collect();
        let sql = format!(
            "INSERT INTO order_events (id, order_id, account_id, kind, at, by_name, told) \
             VALUES {}",
            rows.join(", ")
        );
        let ids: Vec<Uuid> = chunk.iter().map(|_| Uuid::now_v7()).collect();
        let binds = chunk.iter().zip(&ids).flat_map(|((order, account), id)| {
            [Value::from(*id), (*order).into(), (*account).into()]
        });
        tx.execute(&sql, std::iter::once(Value::from(now)).chain(binds))
            .await?;
        let told = chunk.iter().zip(ids).map(|((order, _), id)| Told {
            id,
            order: *order,
            kind: Kind::OrderChanged,
            by: None,
            on_behalf_of: None,
        });
        orders::note(tx, now, told.collect()).await?;
    }
    Ok(())
}

/// `($2, $3, $4), ($5, $6, $7)`: `count` rows of `width` placeholders from `first` on.
fn rows_of(count: usize, first: usize, width: usize) -> String {
    let rows: Vec<String> = (0..count)
        .map(|at| format!("({})", placeholders(first + width * at, width)))
        .collect();
    rows.join(", ")
}
