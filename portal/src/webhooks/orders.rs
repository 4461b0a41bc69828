//! What programs are told of orders: which, how it stands, what it comes to and what it waits for.
//! Its lines are read where the event points to; an order of a thousand lines is no bigger here.

use std::collections::HashMap;

use sea_orm::sea_query::Value as Bind;
use serde_json::{Value, json};
use trade::hold::{HoldKind, Releaser};
use trade::id::{AccountId, OrderId};
use trade::money::{Currency, Money};
use trade::order::OrderState;
use uuid::Uuid;

use super::kinds::Kind;
use super::payload::instant;
use super::{Happened, note_all};
use crate::api::shape;
use crate::catalogue::padded;
use crate::db::words::OrderSource;
use crate::db::{Tx, placeholders};
use crate::error::Result;

/// Orders a query.
const CHUNK: usize = 500;

/// What happened to an order.
#[derive(Debug, Clone)]
pub struct Told {
    /// The event's id.
    pub id: Uuid,
    /// To which.
    pub order: OrderId,
    /// What.
    pub kind: Kind,
    /// By whom; nobody where it followed by itself.
    pub by: Option<String>,
    /// The account's name where the brand acted for it.
    pub on_behalf_of: Option<String>,
}

/// Notes what happened to orders. The orders are read as they are now, so this comes after what
/// it tells of.
///
/// # Errors
/// Whatever the database says.
pub async fn note(tx: &Tx, now: i64, told: Vec<Told>) -> Result<()> {
    for chunk in told.chunks(CHUNK) {
        let mut ids: Vec<OrderId> = chunk.iter().map(|one| one.order).collect();
        ids.sort_unstable();
        ids.dedup();
        let orders = read(tx, &ids).await?;
        let held: Vec<OrderId> = orders
            .iter()
            .filter(|(_, order)| order.state == OrderState::Held)
            .map(|(id, _)| *id)
            .collect();
        let holds = open_holds(tx, &held).await?;
        let happened = chunk.iter().filter_map(|one| {
            let order = orders.get(&one.order)?;
            let waits_for = holds.get(&one.order).cloned().unwrap_or_default();
            Some((one.id, happened(one, order, waits_for)))
        });
        note_all(tx, now, happened.collect()).await?;
    }
    Ok(())
}

/// What is told of an order.
struct Order {
    account: AccountId,
    account_number: String,
    number: String,
    state: OrderState,
    source: OrderSource,
    po_number: String,
    placed_at: i64,
    line_count: i32,
    net: Money,
    tax: Money,
    gross: Money,
    reason: Option<String>,
}

/// Past the caller's scope: a buyer who cancels gives others what they are owed.
async fn read(tx: &Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, Order>> {
    let ids = padded(ids);
    let sql = format!(
        "SELECT o.id, o.account_id, a.number AS account_number, o.number, o.state, o.source, \
         o.po_number, o.placed_at, o.line_count, o.currency, o.net_minor, o.tax_minor, \
         o.gross_minor, o.cancel_reason \
         FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.id IN ({})",
        placeholders(1, ids.len())
    );
    let rows = tx.rows(&sql, ids.into_iter().map(Bind::from)).await?;
    let mut orders = HashMap::with_capacity(rows.len());
    for row in rows {
        let currency: Currency = row.try_get("", "currency")?;
        let money =
            |column| -> Result<Money> { Ok(Money::new(row.try_get("", column)?, currency)) };
        let order = Order {
            account: row.try_get("", "account_id")?,
            account_number: row.try_get("", "account_number")?,
            number: row.try_get("", "number")?,
            state: row.try_get("", "state")?,
            source: row.try_get("", "source")?,
            po_number: row.try_get("", "po_number")?,
            placed_at: row.try_get("", "placed_at")?,
            line_count: row.try_get("", "line_count")?,
            net: money("net_minor")?,
            tax: money("tax_minor")?,
            gross: money("gross_minor")?,
            reason: row.try_get("", "cancel_reason")?,
        };
        orders.insert(row.try_get("", "id")?, order);
    }
    Ok(orders)
}

/// What orders wait for, as anybody may know it who sees the order: not on which facts it rests.
async fn open_holds(tx: &Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<Value>>> {
    let mut holds: HashMap<OrderId, Vec<Value>> = HashMap::new();
    if ids.is_empty() {
        return Ok(holds);
    }
    let ids = padded(ids);
    let sql = format!(
        "SELECT order_id, kind, level, releaser, due_at FROM holds \
         WHERE order_id IN ({}) AND state = 'open' ORDER BY opened_at, kind, level",
        placeholders(1, ids.len())
    );
    for row in tx.rows(&sql, ids.into_iter().map(Bind::from)).await? {
        let kind: HoldKind = row.try_get("", "kind")?;
        let releaser: Releaser = row.try_get("", "releaser")?;
        let hold = json!({
            "kind": kind,
            "level": row.try_get::<i32>("", "level")?,
            "releaser": releaser,
            "due_at": instant(row.try_get("", "due_at")?),
        });
        holds
            .entry(row.try_get("", "order_id")?)
            .or_default()
            .push(hold);
    }
    Ok(holds)
}

fn happened(told: &Told, order: &Order, holds: Vec<Value>) -> Happened {
    let money = |amount: Money| json!(shape::Money::from(amount));
    Happened {
        kind: told.kind.name(),
        account: Some(order.account),
        subject: format!("order/{}", order.number),
        data: json!({
            "order": order.number,
            "account": order.account_number,
            "state": order.state,
            "source": order.source,
            "po_number": order.po_number,
            "placed_at": instant(order.placed_at),
            "line_count": order.line_count,
            "net": money(order.net),
            "tax": money(order.tax),
            "gross": money(order.gross),
            "holds": holds,
            "reason": order.reason.as_ref().filter(|reason| !reason.is_empty()),
            "by": told.by,
            "on_behalf_of": told.on_behalf_of,
            "path": format!("/api/v1/orders/{}", order.number),
        }),
    }
}
