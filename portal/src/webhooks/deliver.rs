//! Handing an event to its endpoint: signed, tried again on the specification's schedule, every try
//! kept with what was answered.

use std::time::Instant;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use uuid::Uuid;

use super::endpoints::{self, Because};
use super::kinds::Kind;
use super::{payload, secret};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{event, webhook_attempt, webhook_delivery, webhook_endpoint};
use crate::error::Result;
use crate::jobs::worker::Outcome;
use crate::outgoing::{Answer, OutgoingError};

/// Seconds until the next try, after each failure: three days in all, as the specification says.
pub const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// No other side puts the next try off for longer.
const LONGEST_PAUSE: i64 = 86_400;
/// An endpoint at which nothing arrives for so long is switched off.
pub const PATIENCE_MILLIS: i64 = 5 * 24 * 3_600_000;
/// Characters of an answer that are kept.
const KEPT: usize = 1_000;

/// A delivery with all it takes.
struct Parcel {
    delivery: webhook_delivery::Model,
    endpoint: webhook_endpoint::Model,
    event: event::Model,
    /// Tries before this one.
    tries: usize,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It arrived.
    Delivered,
    /// The other side wants no more of it.
    Gone,
    /// It is tried again.
    Again {
        /// When, in UTC milliseconds.
        at: i64,
    },
    /// It is given up.
    Dead,
}

/// Hands an event to its endpoint.
///
/// # Errors
/// Whatever the database says: then it is not known whether it arrived, and it is tried again.
pub async fn deliver(app: &App, delivery: Uuid) -> Result<Outcome> {
    let Some(parcel) = open(app, delivery).await? else {
        return Ok(Outcome::Done);
    };
    if parcel.endpoint.disabled_at.is_some() {
        let tx = app.db.begin_system("webhooks").await?;
        settle(&tx, parcel.delivery.id, "dead", None).await?;
        tx.commit().await?;
        return Ok(Outcome::Done);
    }
    let (end, said) = attempt(app, &parcel).await?;
    Ok(match end {
        End::Delivered | End::Gone => Outcome::Done,
        End::Again { at } => Outcome::Later {
            run_at: at,
            why: said,
        },
        End::Dead => Outcome::Hopeless(said),
    })
}

/// Tries a delivery once, whether or not its endpoint is on. It is not tried again.
///
/// # Errors
/// Whatever the database says.
pub async fn try_once(app: &App, delivery: Uuid) -> Result<()> {
    if let Some(parcel) = open(app, delivery).await? {
        attempt(app, &parcel).await?;
    }
    Ok(())
}

/// The delivery, unless it has arrived.
async fn open(app: &App, id: Uuid) -> Result<Option<Parcel>> {
    let tx = app.db.read_system("webhooks").await?;
    let found = tx
        .one::<webhook_delivery::Entity>(|all| all.filter(webhook_delivery::Column::Id.eq(id)))
        .await?;
    // What was given up and has a job again is sent off again by somebody.
    let Some(delivery) = found.filter(|row| row.state != "delivered") else {
        return Ok(None);
    };
    let tries = tx
        .count::<webhook_attempt::Entity>(|all| {
            all.filter(webhook_attempt::Column::DeliveryId.eq(id))
        })
        .await?;
    Ok(Some(Parcel {
        endpoint: tx
            .get::<webhook_endpoint::Entity>(delivery.endpoint_id)
            .await?,
        event: tx.get::<event::Entity>(delivery.event_id).await?,
        delivery,
        tries: usize::try_from(tries)?,
    }))
}

/// Sends it once, and writes down what came of it; says that in a word too.
async fn attempt(app: &App, parcel: &Parcel) -> Result<(End, String)> {
    let sent_at = app.clock.millis();
    let body = payload::body(&app.base_url, &parcel.event)?;
    let id = parcel.event.id.to_string();
    let signature = secret::signatures(&app.config.secret, &parcel.endpoint, sent_at, &id, &body)?;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", sent_at.div_euclid(1_000).to_string()),
        ("webhook-signature", signature.clone()),
    ];
    // The other side may take its time; no transaction waits for it.
    let began = Instant::now();
    let answer = app
        .outgoing
        .post(&parcel.endpoint.url, &headers, body)
        .await;
    let duration_ms = i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX);
    let now = app.clock.millis();
    let end = end_of(parcel, now, &answer);
    let said = said(&answer);
    let row = webhook_attempt::ActiveModel {
        id: Set(Uuid::now_v7()),
        delivery_id: Set(parcel.delivery.id),
        at: Set(sent_at),
        signature: Set(signature),
        status: Set(answer.as_ref().ok().map(|answer| answer.status.into())),
        error: Set(answer.as_ref().err().map(|error| kept(&error.to_string()))),
        answer: Set(answer.as_ref().map_or(String::new(), |a| kept(&a.body))),
        duration_ms: Set(duration_ms),
    };
    let tx = app.db.begin_system("webhooks").await?;
    tx.insert(row).await?;
    note(app, &tx, parcel, end, now).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok((end, said))
}

/// PostgreSQL takes no text with a NUL in it.
fn kept(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(KEPT).collect()
}

/// In a word, for the log; not what the other side wrote.
fn said(answer: &std::result::Result<Answer, OutgoingError>) -> String {
    match answer {
        Ok(answer) => format!("answered with {}", answer.status),
        Err(error) => error.to_string(),
    }
}

fn end_of(parcel: &Parcel, now: i64, answer: &std::result::Result<Answer, OutgoingError>) -> End {
    let mut asked_for = 0;
    if let Ok(answer) = answer {
        match answer.status {
            200..=299 => return End::Delivered,
            410 => return End::Gone,
            _ => asked_for = answer.retry_after.unwrap_or(0),
        }
    }
    // A test says at once how it went.
    if parcel.event.kind == Kind::Test.name() {
        return End::Dead;
    }
    let Some(pause) = PAUSES.get(parcel.tries) else {
        return End::Dead;
    };
    let asked_for = i64::try_from(asked_for).unwrap_or(LONGEST_PAUSE);
    let asked_for = Ord::min(asked_for, LONGEST_PAUSE);
    let at = now + Ord::max(with_jitter(parcel, *pause * 1_000), asked_for * 1_000);
    End::Again { at }
}

/// Up to a fifth longer: what failed together is not tried together.
fn with_jitter(parcel: &Parcel, pause: i64) -> i64 {
    // The id's last bits are random, and differ from try to try.
    let shift = 8 * (parcel.tries % 6);
    let share = i64::try_from((parcel.delivery.id.as_u128() >> shift) & 0xff).unwrap_or(0);
    pause + pause * share / 1_280
}

/// What the try means for the delivery and its endpoint.
async fn note(app: &App, tx: &Tx, parcel: &Parcel, end: End, now: i64) -> Result<()> {
    let endpoint = &parcel.endpoint;
    let is_test = parcel.event.kind == Kind::Test.name();
    match end {
        End::Delivered => {
            settle(tx, parcel.delivery.id, "delivered", Some(now)).await?;
            return failing_since(tx, endpoint, None).await;
        }
        End::Again { .. } => {}
        End::Gone | End::Dead => settle(tx, parcel.delivery.id, "dead", None).await?,
    }
    if is_test {
        return Ok(());
    }
    if end == End::Gone {
        return endpoints::stop(app, tx, endpoint, Because::Gone).await;
    }
    match endpoint.failing_since {
        None => failing_since(tx, endpoint, Some(now)).await,
        Some(since) if now - since >= PATIENCE_MILLIS => {
            endpoints::stop(app, tx, endpoint, Because::Failing).await
        }
        Some(_) => Ok(()),
    }
}

async fn settle(tx: &Tx, id: Uuid, state: &str, delivered_at: Option<i64>) -> Result<()> {
    tx.change::<webhook_delivery::Entity>(|update| {
        update
            .filter(webhook_delivery::Column::Id.eq(id))
            .filter(webhook_delivery::Column::State.ne("delivered"))
            .col_expr(webhook_delivery::Column::State, Expr::value(state))
            .col_expr(
                webhook_delivery::Column::DeliveredAt,
                Expr::value(delivered_at),
            )
    })
    .await?;
    Ok(())
}

/// Keeps since when nothing arrives. The first failure counts, and one success ends it, whatever
/// another try found when it began.
async fn failing_since(
    tx: &Tx,
    endpoint: &webhook_endpoint::Model,
    since: Option<i64>,
) -> Result<()> {
    use webhook_endpoint::Column as E;
    tx.change::<webhook_endpoint::Entity>(|update| {
        let update = update
            .filter(E::Id.eq(endpoint.id))
            .col_expr(E::FailingSince, Expr::value(since));
        if since.is_some() {
            update.filter(E::FailingSince.is_null())
        } else {
            update.filter(E::FailingSince.is_not_null())
        }
    })
    .await?;
    Ok(())
}
