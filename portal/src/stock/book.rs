//! What the warehouse's people do with a product's stock: count it, book goods in, and say what is
//! on its way. Each is in the audit log.

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Value, json};

use super::incoming::{self, Incoming};
use super::{Cause, Count, MOST};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{product, stock};
use crate::db::words::StockPolicy;
use crate::error::{Error, Refusal, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;

/// Goods that have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// How many, in base units.
    pub quantity: i64,
    /// The day on which they were expected; none for what nobody expected.
    pub expected: Option<Date>,
    /// Whether what is missing of the expected ones still comes.
    pub rest_comes: bool,
}

/// The product with that article number, whose stock is counted.
///
/// # Errors
/// `NotFound`; `Refused` where its stock is not counted.
pub async fn counted(tx: &Tx, sku: &str) -> Result<product::Model> {
    let found = tx
        .one::<product::Entity>(|all| all.filter(product::Column::Sku.eq(sku)))
        .await?
        .ok_or(Error::NotFound)?;
    if found.stock_policy == StockPolicy::Untracked {
        let happened = Message::new("refused-not-counted").with("sku", sku);
        return Err(Refusal::new("stock-not-counted", happened)
            .go_on(Message::new("refused-not-counted-next"), "/kam/stock")
            .into());
    }
    Ok(found)
}

/// Puts a count in place of what was there. `seen` is what the counter was shown: where somebody
/// else has changed it since, nothing is counted twice.
///
/// # Errors
/// `NotFound`; `Invalid` where it has changed meanwhile or would be too much.
pub async fn count(
    tx: &Tx,
    app: &App,
    sku: &str,
    seen: i64,
    on_hand: i64,
    reason: &str,
) -> Result<stock::Model> {
    let product = counted(tx, sku).await?;
    let before = super::lock(tx, product.id).await?;
    unchanged(before.as_ref(), seen)?;
    let incoming = incoming::load(
        tx,
        product.id,
        before.as_ref().and_then(|row| row.expected_on),
    )
    .await?;
    let count = Count { on_hand, incoming };
    let by = format!("{}: {reason}", tx.scope().actor.name);
    let now = app.clock.millis();
    let was = before.as_ref().map(facts);
    let after = super::put(tx, now, product.id, before, &count, Cause::Count, &by).await?;
    let mut became = facts(&after);
    if let Some(became) = became.as_object_mut() {
        became.insert("reason".to_owned(), json!(reason));
    }
    note(tx, now, "stock counted", sku, was, became).await?;
    Ok(after)
}

/// Books goods in, and takes them off what is on its way.
///
/// # Errors
/// As [`count`]; `Refused` where they were not expected that day (any more).
pub async fn receive(
    tx: &Tx,
    app: &App,
    sku: &str,
    seen: i64,
    arrival: Arrival,
    reference: &str,
) -> Result<stock::Model> {
    let product = counted(tx, sku).await?;
    let before = super::lock(tx, product.id).await?;
    unchanged(before.as_ref(), seen)?;
    let day = before.as_ref().and_then(|row| row.expected_on);
    let mut incoming = incoming::load(tx, product.id, day).await?;
    if let Some(day) = arrival.expected
        && !incoming.arrived(day, arrival.quantity, arrival.rest_comes)
    {
        return Err(changed_meanwhile(seen));
    }
    let on_hand = before.as_ref().map_or(0, |row| row.on_hand) + arrival.quantity;
    if on_hand > MOST {
        let mut form = FormState::new();
        form.refuse_with("quantity", "stock-too-many", "most", MOST);
        return Err(form.into());
    }
    let count = Count { on_hand, incoming };
    let by = if reference.is_empty() {
        tx.scope().actor.name.clone()
    } else {
        format!("{}: {reference}", tx.scope().actor.name)
    };
    let now = app.clock.millis();
    let was = before.as_ref().map(facts);
    let after = super::put(tx, now, product.id, before, &count, Cause::Receipt, &by).await?;
    note(tx, now, "goods received", sku, was, facts(&after)).await?;
    Ok(after)
}

/// Puts `incoming` in place of what was on its way.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn expect(tx: &Tx, app: &App, sku: &str, incoming: Incoming) -> Result<stock::Model> {
    let product = counted(tx, sku).await?;
    let before = super::lock(tx, product.id).await?;
    let day = before.as_ref().and_then(|row| row.expected_on);
    let was = incoming::load(tx, product.id, day).await?;
    let count = Count {
        on_hand: before.as_ref().map_or(0, |row| row.on_hand),
        incoming,
    };
    let now = app.clock.millis();
    let after = super::count(tx, now, product.id, before, &count).await?;
    let became = on_its_way(&count.incoming);
    note(
        tx,
        now,
        "receipts expected",
        sku,
        Some(on_its_way(&was)),
        became,
    )
    .await?;
    Ok(after)
}

fn unchanged(before: Option<&stock::Model>, seen: i64) -> Result<()> {
    let there = before.map_or(0, |row| row.on_hand);
    if there == seen {
        Ok(())
    } else {
        Err(changed_meanwhile(there))
    }
}

fn changed_meanwhile(there: i64) -> Error {
    let mut form = FormState::new();
    form.refuse_with("", "stock-changed-meanwhile", "there", there);
    form.into()
}

fn facts(row: &stock::Model) -> Value {
    json!({
        "on_hand": row.on_hand,
        "allocated": row.allocated,
        "reserved": row.reserved,
    })
}

fn on_its_way(incoming: &Incoming) -> Value {
    let rows: Vec<Value> = incoming
        .receipts()
        .map(|(day, quantity)| json!({"expected_on": day.to_string(), "quantity": quantity}))
        .collect();
    json!({ "receipts": rows })
}

async fn note(
    tx: &Tx,
    now: i64,
    action: &str,
    sku: &str,
    before: Option<Value>,
    after: Value,
) -> Result<()> {
    let subject = format!("product {sku}");
    audit::note(tx, now, action, &subject, None, before, Some(after)).await
}
