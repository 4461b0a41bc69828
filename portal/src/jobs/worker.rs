//! The worker: takes jobs that are due, runs them, and tries again later what failed.
//!
//! A job is claimed for a minute; whoever dies in the middle leaves it to the next claim, so any
//! number of workers may run at once, and every job may run twice. What failed eight times is left
//! as `dead`, where an admin sees it and may send it off again.
//!
//! Training takes longer than a minute. It runs beside the others, one at a time, and its claim is
//! prolonged while it does; where the worker is to stop, it is left to whoever works next.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join, join_all};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter, UpdateMany};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Job, Lane, outbox, schedule, training};
use crate::app::App;
use crate::auth::mails as auth_mails;
use crate::db::Tx;
use crate::db::entity::{job, session, user_token};
use crate::error::{Error, Result};
use crate::messages::push;
use crate::orders::mails as order_mails;
use crate::stock::alerts;
use crate::suggestions::schedule as training_schedule;
use crate::suggestions::train;
use crate::{campaigns, webhooks};

/// How often a job is tried before it is given up.
pub const MAX_ATTEMPTS: i32 = 8;
/// How long a claim holds: longer than [`TIME_LIMIT`], so that only a dead worker's job is taken.
pub(super) const LEASE_MILLIS: i64 = 60_000;
/// How long one job may take.
const TIME_LIMIT: Duration = Duration::from_secs(50);
/// Jobs run at once: as many as are claimed together, so that none waits while its claim runs out.
const AT_ONCE: i64 = 4;
/// How long jobs that are done are kept, for whoever asks what happened.
const KEPT_MILLIS: i64 = 14 * 24 * 3_600_000;
/// How often it is looked for recurring work.
const TICK_MILLIS: i64 = 15_000;
/// Other instances leave jobs too; they are looked for this often.
pub(super) const POLL: Duration = Duration::from_secs(1);
/// Seconds until the next try, after each failure: a mail server may be away for half a day.
const PAUSES: [i64; 7] = [15, 60, 300, 1_200, 3_600, 10_800, 28_800];

/// A job that this worker holds.
#[derive(Debug)]
pub(super) struct Claimed {
    pub id: Uuid,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempt: i32,
}

/// How a job ended, where trying again would not help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it is for, or there was nothing left to do.
    Done,
    /// It would fail the same way each time.
    Hopeless(String),
}

/// How many jobs of a lane run at once.
fn at_once(lane: Lane) -> i64 {
    match lane {
        Lane::Short | Lane::Mail => AT_ONCE,
        Lane::Long | Lane::Bulk => 1,
        Lane::BulkMail | Lane::Hook => 8,
    }
}

/// Runs jobs until `stop` says so; those under way are finished first, but for training.
pub async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    let training = Box::pin(training::work(&app, stop.clone()));
    join(Box::pin(work(&app, stop)), training).await;
}

async fn work(app: &App, mut stop: watch::Receiver<bool>) {
    let mut ticked_at = None;
    while !*stop.borrow() {
        let now = app.clock.millis();
        if ticked_at.is_none_or(|at| now - at >= TICK_MILLIS) {
            ticked_at = Some(now);
            tick(app).await;
        }
        match run_batch(app).await {
            // There may be more: look again without waiting.
            Ok(ran) if ran > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the worker could not look for jobs"),
        }
        tokio::select! {
            () = app.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Looks for recurring work, and whether it is time to train.
async fn tick(app: &App) {
    schedule::tick(app).await;
    if let Err(error) = training_schedule::tick(app).await {
        let error = error.cause();
        tracing::warn!(error, "it is not known whether to train the recommender");
    }
}

/// Runs everything that is due now; says how many jobs that were.
///
/// # Errors
/// Whatever the database says when jobs are claimed; a job's own failure is noted with the job.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut total = 0;
    loop {
        let mut ran = run_batch(app).await?;
        for job in claim(app, Lane::Long).await? {
            training::run(app, &job).await;
            ran += 1;
        }
        if ran == 0 {
            return Ok(total);
        }
        total += ran;
    }
}

async fn run_batch(app: &App) -> Result<usize> {
    let mut ran = 0;
    for lane in [
        Lane::Short,
        Lane::Mail,
        Lane::Bulk,
        Lane::BulkMail,
        Lane::Hook,
    ] {
        let claimed = claim(app, lane).await?;
        join_all(claimed.iter().map(|job| run_one(app, job, TIME_LIMIT))).await;
        ran += claimed.len();
    }
    Ok(ran)
}

/// The row of a job as long as this claim on it holds.
pub(super) fn held(update: UpdateMany<job::Entity>, claimed: &Claimed) -> UpdateMany<job::Entity> {
    update
        .filter(job::Column::Id.eq(claimed.id))
        .filter(job::Column::State.eq("running"))
        .filter(job::Column::Attempts.eq(claimed.attempt))
}

/// Jobs that are due, and those whose worker died.
const DUE: &str =
    "((state = 'waiting' AND run_at <= $1) OR (state = 'running' AND leased_until < $1))";

pub(super) async fn claim(app: &App, lane: Lane) -> Result<Vec<Claimed>> {
    let now = app.clock.millis();
    // Asked before any writing transaction: a worker with nothing to do takes nobody's turn.
    let reading = app.db.read_system("worker").await?;
    let at_once = at_once(lane);
    let any = format!("SELECT 1 FROM jobs WHERE lane = $2 AND {DUE} LIMIT 1");
    if reading
        .rows(&any, [now.into(), lane.name().into()])
        .await?
        .is_empty()
    {
        return Ok(Vec::new());
    }
    drop(reading);
    let tx = app.db.begin_system("worker").await?;
    // On SQLite the immediate transaction is the lock.
    let lock = if tx.backend() == DatabaseBackend::Postgres {
        "FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let sql = format!(
        "UPDATE jobs SET state = 'running', leased_until = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM jobs WHERE lane = $3 AND {DUE} \
         ORDER BY run_at, id LIMIT {at_once} {lock}) RETURNING id, kind, payload, attempts"
    );
    let rows = tx
        .rows(
            &sql,
            [now.into(), (now + LEASE_MILLIS).into(), lane.name().into()],
        )
        .await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        claimed.push(Claimed {
            id: row.try_get("", "id")?,
            kind: row.try_get("", "kind")?,
            payload: row.try_get("", "payload")?,
            attempt: row.try_get("", "attempts")?,
        });
    }
    tx.commit().await?;
    Ok(claimed)
}

pub(super) async fn run_one(app: &App, claimed: &Claimed, limit: Duration) {
    let began = app.clock.millis();
    // A job that kills its worker each time never comes to note its failure.
    let outcome = if claimed.attempt > MAX_ATTEMPTS {
        Ok(Outcome::Hopeless("its worker died each time".into()))
    } else {
        match tokio::time::timeout(limit, perform(app, claimed)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Busy(format!("not done in {} s", limit.as_secs()))),
        }
    };
    let duration_ms = app.clock.millis() - began;
    let (job, kind, attempt) = (claimed.id, claimed.kind.as_str(), claimed.attempt);
    match &outcome {
        Ok(Outcome::Done) => tracing::info!(%job, kind, attempt, duration_ms, "job done"),
        Ok(Outcome::Hopeless(why)) => tracing::error!(%job, kind, attempt, why, "job given up"),
        Err(error) => tracing::warn!(%job, kind, attempt, error = error.cause(), "job failed"),
    }
    if let Err(error) = note_outcome(app, claimed, outcome).await {
        // The claim runs out, and the job runs again.
        tracing::warn!(%job, kind, %error, "a job's outcome could not be noted");
    }
}

async fn perform(app: &App, claimed: &Claimed) -> Result<Outcome> {
    let job: Job = match serde_json::from_value(claimed.payload.clone()) {
        Ok(job) => job,
        Err(error) => return Ok(Outcome::Hopeless(format!("not understood: {error}"))),
    };
    match job {
        Job::PasswordReset { email } => auth_mails::reset(app, claimed.id, &email).await?,
        Job::Invitation { user, by } => auth_mails::invitation(app, claimed.id, user, &by).await?,
        Job::OrderEvent { event } => order_mails::event(app, event).await?,
        Job::BackInStock { product } => alerts::tell(app, product).await?,
        // Where there is nothing to learn from, there is nothing left to do.
        Job::TrainRecommender { because } => training::perform(app, because).await?,
        Job::SendMail { mail } => return outbox::send(app, mail).await,
        Job::Recurring { task, .. } => schedule::perform(app, task).await?,
        Job::Campaign { campaign } => campaigns::draw(app, campaign).await?,
        Job::CampaignMails { campaign, messages } => {
            campaigns::write(app, campaign, &messages).await?;
        }
        Job::Push { notification } => return push::send(app, notification).await,
        Job::DeliverWebhook { delivery, .. } => return webhooks::deliver(app, delivery).await,
    }
    Ok(Outcome::Done)
}

/// Writes down how a job ended, unless its claim ran out and somebody else holds it by now.
pub(super) async fn note_outcome(
    app: &App,
    claimed: &Claimed,
    outcome: Result<Outcome>,
) -> Result<()> {
    let now = app.clock.millis();
    let (state, error) = match outcome {
        Ok(Outcome::Done) => ("done", None),
        Ok(Outcome::Hopeless(why)) => ("dead", Some(why)),
        Err(error) if claimed.attempt >= MAX_ATTEMPTS => ("dead", Some(error.cause())),
        Err(error) => ("waiting", Some(error.cause())),
    };
    let error: Option<String> = error.map(|text| text.chars().take(500).collect());
    let tx = app.db.begin_system("worker").await?;
    let touched = tx
        .change::<job::Entity>(|update| {
            let update = held(update, claimed)
                .col_expr(job::Column::State, Expr::value(state))
                .col_expr(job::Column::LeasedUntil, Expr::value(None::<i64>))
                .col_expr(job::Column::LastError, Expr::value(error.clone()));
            match state {
                "done" => update.col_expr(job::Column::DoneAt, Expr::value(now)),
                "waiting" => update.col_expr(
                    job::Column::RunAt,
                    Expr::value(now + pause_millis(claimed.id, claimed.attempt)),
                ),
                _ => update,
            }
        })
        .await?;
    if touched == 1
        && let Some(error) = error
        && let Ok(Job::SendMail { mail }) = serde_json::from_value(claimed.payload.clone())
    {
        outbox::note_failure(&tx, mail, state == "dead", &error).await?;
    }
    tx.commit().await
}

/// The pause after a failure, up to a quarter longer: what failed together is not tried together.
fn pause_millis(id: Uuid, attempt: i32) -> i64 {
    let at = usize::try_from(attempt - 1).unwrap_or(0);
    let pause = PAUSES.get(at).or(PAUSES.last()).copied().unwrap_or(60) * 1_000;
    // The id's last bits are random.
    let share = i64::try_from(id.as_u128() & 0xff).unwrap_or(0);
    pause + pause * share / 1_024
}

/// Removes what nobody needs any more: jobs done two weeks ago, sessions and links that ran out.
pub(super) async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.begin_system("sweep").await?;
    delete_old(&tx, now).await?;
    tx.commit().await
}

async fn delete_old(tx: &Tx, now: i64) -> Result<()> {
    tx.delete::<job::Entity>(|rows| {
        rows.filter(job::Column::State.eq("done"))
            .filter(job::Column::DoneAt.lt(now - KEPT_MILLIS))
    })
    .await?;
    tx.delete::<session::Entity>(|rows| rows.filter(session::Column::ExpiresAt.lt(now)))
        .await?;
    tx.delete::<user_token::Entity>(|rows| {
        rows.filter(user_token::Column::ExpiresAt.lt(now - KEPT_MILLIS))
    })
    .await?;
    Ok(())
}

/// Sends off again what was given up: an admin mended the cause.
///
/// # Errors
/// `NotFound` where the job is not dead; `Refused` where it is a training and another goes on;
/// whatever the database says.
pub async fn retry(tx: &Tx, id: Uuid, now: i64) -> Result<job::Model> {
    let row = tx.get::<job::Entity>(id).await?;
    if row.kind == train::KIND && train::under_way(tx).await?.is_some() {
        return Err(train::busy().into());
    }
    let touched = tx
        .change::<job::Entity>(|update| {
            update
                .filter(job::Column::Id.eq(id))
                .filter(job::Column::State.eq("dead"))
                .col_expr(job::Column::State, Expr::value("waiting"))
                .col_expr(job::Column::RunAt, Expr::value(now))
                .col_expr(job::Column::Attempts, Expr::value(0))
        })
        .await?;
    if touched != 1 {
        return Err(Error::NotFound);
    }
    let row = tx.get::<job::Entity>(id).await?;
    if let Ok(Job::SendMail { mail }) = serde_json::from_value(row.payload.clone()) {
        outbox::wait_again(tx, mail).await?;
    }
    Ok(row)
}

#[cfg(test)]
mod tests;
