//! What was sent to an endpoint, what was answered, and sending it again.

use std::collections::HashMap;

use sea_orm::sea_query::{IntoCondition as _, Query as Sql};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use trade::id::WebhookId;
use uuid::Uuid;

use super::kinds::Kind;
use super::view::{AttemptRow, DeliveryPage, DeliveryRow};
use super::{Delivery, delivery, endpoints, leave, payload};
use crate::admin::PAGE;
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{event, job, webhook_attempt, webhook_delivery, webhook_endpoint};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Refusal, Result};
use crate::web::shape::{Message, Paging, Query};

/// The states a delivery can be in, as the filter offers them.
pub const STATES: [&str; 3] = ["waiting", "delivered", "dead"];
/// Deliveries that are sent again at once.
const MOST: i64 = 10_000;
/// For so long what happened can be read and sent again.
const KEPT_MILLIS: i64 = 90 * 24 * 3_600_000;

/// A page of the deliveries to an endpoint that `query` asks for (`state`, `kind`, `page`), the
/// latest first. `tx` sees the jobs too.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    endpoint: WebhookId,
    query: &mut Query,
) -> Result<(Vec<DeliveryRow>, Paging)> {
    use webhook_delivery::Column as D;
    let mut which = Condition::all().add(D::EndpointId.eq(endpoint));
    if let Some(state) = query.get("state").filter(|s| STATES.contains(&s.as_str())) {
        which = which.add(D::State.eq(state.as_str()));
    }
    if let Some(kind) = query.get("kind").filter(|kind| !kind.is_empty()) {
        let events = Sql::select()
            .column(event::Column::Id)
            .from(event::Entity)
            .cond_where(event::Column::Kind.eq(kind.as_str()).into_condition())
            .to_owned();
        which = which.add(D::EventId.in_subquery(events));
    }
    let total = tx
        .count::<webhook_delivery::Entity>(|all| all.filter(which.clone()))
        .await?;
    let (paging, offset) = Paging::asked(query, PAGE, total)?;
    let rows = tx
        .all::<webhook_delivery::Entity>(|all| {
            all.filter(which)
                .order_by_desc(D::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    Ok((shapes(tx, rows).await?, paging))
}

async fn shapes(tx: &Tx, rows: Vec<webhook_delivery::Model>) -> Result<Vec<DeliveryRow>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let of: Vec<Uuid> = rows.iter().map(|row| row.event_id).collect();
    let events = tx
        .all::<event::Entity>(|all| all.filter(event::Column::Id.is_in(padded(&of))))
        .await?;
    let events: HashMap<Uuid, event::Model> = events.into_iter().map(|e| (e.id, e)).collect();
    let tries = tries(tx, &ids).await?;
    let jobs = tx
        .all::<job::Entity>(|all| {
            all.filter(job::Column::Id.is_in(padded(&ids)))
                .filter(job::Column::State.eq("waiting"))
        })
        .await?;
    let next: HashMap<Uuid, i64> = jobs.into_iter().map(|job| (job.id, job.run_at)).collect();
    let shaped = rows.into_iter().filter_map(|row| {
        let event = events.get(&row.event_id)?;
        let tried = tries.get(&row.id);
        Some(DeliveryRow {
            id: row.id.to_string(),
            kind: event.kind.clone(),
            subject: event.subject.clone(),
            state: row.state,
            replay: i64::from(row.replay),
            created_at: row.created_at,
            tries: tried.map_or(0, |(count, _)| *count),
            last: tried.map(|(_, last)| last.clone()).unwrap_or_default(),
            next_at: next.get(&row.id).copied(),
        })
    });
    Ok(shaped.collect())
}

/// How often each was tried, and what came of the last try in a word.
async fn tries(tx: &Tx, deliveries: &[Uuid]) -> Result<HashMap<Uuid, (i64, String)>> {
    let mut tries: HashMap<Uuid, (i64, String)> = HashMap::new();
    if deliveries.is_empty() {
        return Ok(tries);
    }
    let ids = padded(deliveries);
    // Without what was answered, of which a page would be long.
    let sql = format!(
        "SELECT delivery_id, status, error FROM webhook_attempts \
         WHERE delivery_id IN ({}) ORDER BY at, id",
        placeholders(1, ids.len())
    );
    for row in tx.rows(&sql, ids.into_iter().map(Into::into)).await? {
        let status: Option<i32> = row.try_get("", "status")?;
        let error: Option<String> = row.try_get("", "error")?;
        let said = status.map(|status| status.to_string()).or(error);
        let entry = tries.entry(row.try_get("", "delivery_id")?).or_default();
        entry.0 += 1;
        entry.1 = said.unwrap_or_default();
    }
    Ok(tries)
}

/// One delivery with its tries. `tx` sees the jobs too.
///
/// # Errors
/// `NotFound` where the endpoint has no such delivery.
pub async fn one(tx: &Tx, app: &App, endpoint: WebhookId, id: Uuid) -> Result<DeliveryPage> {
    let endpoint = tx.get::<webhook_endpoint::Entity>(endpoint).await?;
    let found = of_endpoint(tx, endpoint.id, id).await?;
    let event = tx.get::<event::Entity>(found.event_id).await?;
    let attempts = tx
        .all::<webhook_attempt::Entity>(|all| {
            all.filter(webhook_attempt::Column::DeliveryId.eq(id))
                .order_by_desc(webhook_attempt::Column::At)
                .order_by_desc(webhook_attempt::Column::Id)
        })
        .await?;
    let row = shapes(tx, vec![found])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let body = payload::body(&app.base_url, &event)?;
    let is_test = event.kind == Kind::Test.name();
    Ok(DeliveryPage {
        endpoint: endpoint.id.to_string(),
        endpoint_name: endpoint.name,
        url: endpoint.url,
        event: event.id.to_string(),
        happened_at: event.at,
        body: String::from_utf8_lossy(&body).into_owned(),
        can_replay: !is_test && row.state != "waiting" && endpoint.disabled_at.is_none(),
        row,
        attempts: attempts.into_iter().map(attempt_row).collect(),
    })
}

fn attempt_row(row: webhook_attempt::Model) -> AttemptRow {
    AttemptRow {
        at: row.at,
        timestamp: row.at.div_euclid(1_000).to_string(),
        signature: row.signature,
        is_good: row
            .status
            .is_some_and(|status| (200..=299).contains(&status)),
        status: row.status.map(i64::from),
        error: row.error,
        answer: row.answer,
        duration_ms: i64::from(row.duration_ms),
    }
}

async fn of_endpoint(tx: &Tx, endpoint: WebhookId, id: Uuid) -> Result<webhook_delivery::Model> {
    tx.one::<webhook_delivery::Entity>(|all| {
        all.filter(webhook_delivery::Column::Id.eq(id))
            .filter(webhook_delivery::Column::EndpointId.eq(endpoint))
    })
    .await?
    .ok_or(Error::NotFound)
}

/// Sends an event again, whether or not it arrived before; says as which delivery.
///
/// # Errors
/// `NotFound`; `Refused` while it is on its way, or where the endpoint is off.
pub async fn replay(tx: &Tx, now: i64, endpoint: WebhookId, id: Uuid) -> Result<Uuid> {
    let endpoint = open(tx, endpoint).await?;
    let found = of_endpoint(tx, endpoint.id, id).await?;
    let event = tx.get::<event::Entity>(found.event_id).await?;
    if event.kind == Kind::Test.name() {
        return Err(Error::NotFound);
    }
    let sent = tx
        .all::<webhook_delivery::Entity>(|all| {
            all.filter(webhook_delivery::Column::EndpointId.eq(endpoint.id))
                .filter(webhook_delivery::Column::EventId.eq(event.id))
        })
        .await?;
    if sent.iter().any(|row| row.state == "waiting") {
        return Err(refusal("webhook-on-its-way", endpoint.id).into());
    }
    let last = sent.iter().map(|row| row.replay).max().unwrap_or(0);
    let again = delivery(now, endpoint.id, event.id, last + 1, &event.subject);
    let made = again.0.id.clone().take().ok_or(Error::NotFound)?;
    forget_dead(tx, endpoint.id, found.created_at, Some(id)).await?;
    leave(tx, now, vec![again]).await?;
    note(tx, now, &endpoint, 1).await?;
    Ok(made)
}

/// Sends again what never arrived of all that was to be sent since then, in the order in which it
/// happened; says how much that is.
///
/// # Errors
/// `NotFound`; `Refused` where the endpoint is off.
pub async fn replay_dead(tx: &Tx, now: i64, endpoint: WebhookId, since: i64) -> Result<usize> {
    let endpoint = open(tx, endpoint).await?;
    let sql = "SELECT d.event_id, MAX(d.replay) AS replay, e.subject \
               FROM webhook_deliveries d JOIN events e ON e.id = d.event_id \
               WHERE d.endpoint_id = $1 AND e.kind <> $2 AND d.event_id IN \
                   (SELECT event_id FROM webhook_deliveries \
                    WHERE endpoint_id = $1 AND state = 'dead' AND created_at >= $3) \
               GROUP BY d.event_id, e.subject \
               HAVING SUM(CASE WHEN d.state <> 'dead' THEN 1 ELSE 0 END) = 0 \
               ORDER BY d.event_id LIMIT $4";
    let values = [
        endpoint.id.into(),
        Kind::Test.name().into(),
        since.into(),
        MOST.into(),
    ];
    let mut again: Vec<Delivery> = Vec::new();
    for row in tx.rows(sql, values).await? {
        let subject: String = row.try_get("", "subject")?;
        let last: i32 = row.try_get("", "replay")?;
        let event = row.try_get("", "event_id")?;
        again.push(delivery(now, endpoint.id, event, last + 1, &subject));
    }
    let count = again.len();
    if count == 0 {
        return Ok(0);
    }
    forget_dead(tx, endpoint.id, since, None).await?;
    leave(tx, now, again).await?;
    note(tx, now, &endpoint, count).await?;
    Ok(count)
}

/// The jobs of what was given up: another is left for each, and one is enough.
async fn forget_dead(tx: &Tx, endpoint: WebhookId, since: i64, only: Option<Uuid>) -> Result<()> {
    let mut sql = "DELETE FROM jobs WHERE state = 'dead' AND id IN \
                   (SELECT id FROM webhook_deliveries \
                    WHERE endpoint_id = $1 AND state = 'dead' AND created_at >= $2)"
        .to_owned();
    let mut values = vec![endpoint.into(), since.into()];
    if let Some(id) = only {
        sql.push_str(" AND id = $3");
        values.push(id.into());
    }
    tx.execute(&sql, values).await?;
    Ok(())
}

async fn open(tx: &Tx, id: WebhookId) -> Result<webhook_endpoint::Model> {
    let endpoint = tx.get::<webhook_endpoint::Entity>(id).await?;
    if endpoint.disabled_at.is_some() {
        return Err(refusal("webhook-is-off", id).into());
    }
    Ok(endpoint)
}

fn refusal(code: &'static str, endpoint: WebhookId) -> Refusal {
    Refusal::new(code, Message::new(code)).go_on(
        Message::new("webhook-go-on"),
        format!("/admin/webhooks/{endpoint}"),
    )
}

async fn note(tx: &Tx, now: i64, endpoint: &webhook_endpoint::Model, count: usize) -> Result<()> {
    let after = serde_json::json!({ "count": count });
    let account = endpoint.account_id;
    let action = "webhook sent again";
    endpoints::noted(tx, now, action, endpoint.id, account, None, Some(after)).await
}

/// Removes what is too old to be asked for, but for what is still on its way.
///
/// # Errors
/// Whatever the database says.
pub async fn delete_old(tx: &Tx, now: i64) -> Result<()> {
    let before = now - KEPT_MILLIS;
    tx.delete::<webhook_delivery::Entity>(|rows| {
        rows.filter(webhook_delivery::Column::CreatedAt.lt(before))
            .filter(webhook_delivery::Column::State.ne("waiting"))
    })
    .await?;
    tx.execute(
        "DELETE FROM events WHERE at < $1 AND NOT EXISTS \
         (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = events.id)",
        [before.into()],
    )
    .await?;
    Ok(())
}
