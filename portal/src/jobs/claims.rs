//! Claims on jobs: who holds what until when, and what is written down when they are done with it.
//!
//! A claim is a lease. It is prolonged while its worker lives and runs out by itself when it does
//! not, so a worker may be killed at any moment. It is known by the job and the try: what a worker
//! says whose claim ran out meanwhile no longer counts.

use std::collections::BTreeMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter, UpdateMany};
use uuid::Uuid;

use super::outbox::{self, Leaving};
use super::{Job, Lane};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::job;
use crate::db::{Tx, again};
use crate::error::{Error, Result};

/// How often a job is tried before it is given up.
pub const MAX_ATTEMPTS: i32 = 8;
/// Seconds until the next try, after each failure: eight tries take more than a day.
const PAUSES: [i64; 7] = [5, 20, 120, 900, 3_600, 21_600, 86_400];

/// A job that this worker holds.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub id: Uuid,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempt: i32,
    /// Whether other jobs may wait for it.
    pub is_followed: bool,
}

/// How a job ended, where that is not a failure that may pass by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it is for, or there was nothing left to do.
    Done,
    /// It would fail the same way each time.
    Hopeless(String),
    /// It was not tried in earnest, because what it needs is away; that is not counted.
    Later {
        /// When to look again, in UTC milliseconds.
        run_at: i64,
        /// What is away.
        why: String,
    },
}

/// A job that was tried, and how that went.
#[derive(Debug)]
pub(super) struct Tried {
    pub claimed: Claimed,
    /// None where it was put down before it was begun.
    pub outcome: Option<Result<Outcome>>,
    /// What became of its mail, where it is one.
    pub mail: Option<Leaving>,
}

/// How long a claim holds that is not prolonged: so long does a job wait whose worker was killed.
pub(super) fn lease_millis(lane: Lane) -> i64 {
    match lane {
        // Training takes every processor it may have; it may be late with a sign of life.
        Lane::Long => 60_000,
        Lane::Short | Lane::Mail | Lane::Bulk | Lane::BulkMail | Lane::Hook => 20_000,
    }
}

/// Jobs that are due, and those whose worker died, by `$1` the time and `$2` the lane.
const WAITING: &str = "lane = $2 AND state = 'waiting' AND run_at <= $1";
const ABANDONED: &str = "lane = $2 AND state = 'running' AND leased_until < $1";
/// Whether a job may go: no earlier one with the same word waits or runs, in whatever lane.
const IN_TURN: &str = "(follows IS NULL OR NOT EXISTS (SELECT 1 FROM jobs AS earlier \
     WHERE earlier.follows = jobs.follows AND earlier.id < jobs.id \
     AND earlier.state IN ('waiting', 'running')))";

/// Lanes in which something is due. It only reads: a worker with nothing to do takes nobody's turn.
pub(super) async fn due(app: &App) -> Result<Vec<Lane>> {
    let now = app.clock.millis();
    let asked: Vec<String> = Lane::ALL
        .iter()
        .map(|lane| {
            let name = lane.name();
            let of_lane = |what: &str| what.replace("$2", &format!("'{name}'"));
            format!(
                "SELECT '{name}' AS lane WHERE EXISTS (SELECT 1 FROM jobs WHERE {}) \
                 OR EXISTS (SELECT 1 FROM jobs WHERE {})",
                of_lane(WAITING),
                of_lane(ABANDONED)
            )
        })
        .collect();
    let tx = app.db.read_system("worker").await?;
    let rows = tx.rows(&asked.join(" UNION ALL "), [now.into()]).await?;
    let mut lanes = Vec::with_capacity(rows.len());
    for row in rows {
        let name: String = row.try_get("", "lane")?;
        lanes.extend(Lane::ALL.into_iter().find(|lane| lane.name() == name));
    }
    Ok(lanes)
}

/// Claims up to so many jobs of a lane: first those whose worker died, then those that are due, the
/// longest due first.
pub(super) async fn claim(app: &App, lane: Lane, at_most: usize) -> Result<Vec<Claimed>> {
    let now = app.clock.millis();
    let reading = app.db.read_system("worker").await?;
    let mut found = Vec::new();
    for what in [ABANDONED, WAITING] {
        let any = format!("SELECT 1 FROM jobs WHERE {what} AND {IN_TURN} LIMIT 1");
        let rows = reading.rows(&any, [now.into(), lane.name().into()]).await?;
        if !rows.is_empty() {
            found.push(what);
        }
    }
    drop(reading);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let tx = app.db.begin_system("worker").await?;
    let mut claimed = Vec::new();
    for what in found {
        let left = at_most.saturating_sub(claimed.len());
        if left > 0 {
            take(&tx, lane, what, left, now, &mut claimed).await?;
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

async fn take(
    tx: &Tx,
    lane: Lane,
    what: &str,
    at_most: usize,
    now: i64,
    claimed: &mut Vec<Claimed>,
) -> Result<()> {
    // On SQLite the immediate transaction is the lock.
    let lock = if tx.backend() == DatabaseBackend::Postgres {
        "FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let sql = format!(
        "UPDATE jobs SET state = 'running', leased_until = $3, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM jobs WHERE {what} AND {IN_TURN} \
         ORDER BY run_at, id LIMIT {at_most} {lock}) \
         RETURNING id, kind, payload, attempts, follows IS NOT NULL AS is_followed"
    );
    let until = now + lease_millis(lane);
    let values = [now.into(), lane.name().into(), until.into()];
    for row in tx.rows(&sql, values).await? {
        claimed.push(Claimed {
            id: row.try_get("", "id")?,
            kind: row.try_get("", "kind")?,
            payload: row.try_get("", "payload")?,
            attempt: row.try_get("", "attempts")?,
            is_followed: row.try_get("", "is_followed")?,
        });
    }
    Ok(())
}

/// The row of a job as long as this claim on it holds.
pub(super) fn held(update: UpdateMany<job::Entity>, claimed: &Claimed) -> UpdateMany<job::Entity> {
    all_held(update, claimed.attempt, &[claimed.id])
}

fn all_held(
    update: UpdateMany<job::Entity>,
    attempt: i32,
    ids: &[Uuid],
) -> UpdateMany<job::Entity> {
    update
        .filter(job::Column::Id.is_in(padded(ids)))
        .filter(job::Column::State.eq("running"))
        .filter(job::Column::Attempts.eq(attempt))
}

/// Jobs by the try they are in, which is part of the claim.
fn by_attempt(claims: impl IntoIterator<Item = (Uuid, i32)>) -> BTreeMap<i32, Vec<Uuid>> {
    let mut found: BTreeMap<i32, Vec<Uuid>> = BTreeMap::new();
    for (id, attempt) in claims {
        found.entry(attempt).or_default().push(id);
    }
    found
}

/// Prolongs claims; says how many of them still hold.
pub(super) async fn renew(
    app: &App,
    lane: Lane,
    claims: impl IntoIterator<Item = (Uuid, i32)>,
) -> Result<u64> {
    let until = app.clock.millis() + lease_millis(lane);
    let tx = app.db.begin_system("worker").await?;
    let mut touched = 0;
    for (attempt, ids) in by_attempt(claims) {
        touched += tx
            .change::<job::Entity>(|update| {
                all_held(update, attempt, &ids)
                    .col_expr(job::Column::LeasedUntil, Expr::value(until))
            })
            .await?;
    }
    tx.commit().await?;
    Ok(touched)
}

/// Writes down in one transaction how jobs ended, but for those whose claim ran out and that
/// somebody else holds by now.
pub(super) async fn note(app: &App, tried: &[Tried]) -> Result<()> {
    again(async || {
        let now = app.clock.millis();
        let tx = app.db.begin_system("worker").await?;
        // What has left has left, whoever holds the job now.
        let leaving = tried.iter().filter_map(|tried| {
            let leaving = tried.mail.as_ref()?;
            Some((tried.claimed.id, leaving))
        });
        outbox::note(app, &tx, now, leaving).await?;
        let done = tried.iter().filter(|tried| is_done(tried));
        for (attempt, ids) in by_attempt(done.map(|t| (t.claimed.id, t.claimed.attempt))) {
            tx.change::<job::Entity>(|update| {
                all_held(update, attempt, &ids)
                    .col_expr(job::Column::State, Expr::value("done"))
                    .col_expr(job::Column::LeasedUntil, Expr::value(None::<i64>))
                    .col_expr(job::Column::LastError, Expr::value(None::<String>))
                    .col_expr(job::Column::DoneAt, Expr::value(now))
            })
            .await?;
        }
        for tried in tried.iter().filter(|tried| !is_done(tried)) {
            note_trouble(&tx, tried, now).await?;
        }
        tx.commit().await
    })
    .await
}

fn is_done(tried: &Tried) -> bool {
    matches!(tried.outcome, Some(Ok(Outcome::Done)))
}

async fn note_trouble(tx: &Tx, tried: &Tried, now: i64) -> Result<()> {
    let claimed = &tried.claimed;
    let again_at = now + pause_millis(claimed.id, claimed.attempt);
    let (state, run_at, attempts, error) = match &tried.outcome {
        None => return put_down(tx, claimed).await,
        Some(Ok(Outcome::Done)) => return Ok(()),
        Some(Ok(Outcome::Hopeless(why))) => ("dead", now, claimed.attempt, why.clone()),
        Some(Ok(Outcome::Later { run_at, why })) => {
            ("waiting", *run_at, claimed.attempt - 1, why.clone())
        }
        Some(Err(error)) if claimed.attempt >= MAX_ATTEMPTS => {
            ("dead", now, claimed.attempt, error.cause())
        }
        Some(Err(error)) => ("waiting", again_at, claimed.attempt, error.cause()),
    };
    let error: String = error.chars().take(500).collect();
    let touched = tx
        .change::<job::Entity>(|update| {
            held(update, claimed)
                .col_expr(job::Column::State, Expr::value(state))
                .col_expr(job::Column::LeasedUntil, Expr::value(None::<i64>))
                .col_expr(job::Column::RunAt, Expr::value(run_at))
                .col_expr(job::Column::Attempts, Expr::value(attempts))
                .col_expr(job::Column::LastError, Expr::value(error.clone()))
        })
        .await?;
    if touched == 1
        && let Some(mail) = mail_of(claimed)
    {
        outbox::note_failure(tx, mail, state == "dead", &error).await?;
    }
    Ok(())
}

/// Leaves a job to whoever works next, as if it had not been claimed.
pub(super) async fn put_down(tx: &Tx, claimed: &Claimed) -> Result<()> {
    tx.change::<job::Entity>(|update| {
        held(update, claimed)
            .col_expr(job::Column::State, Expr::value("waiting"))
            .col_expr(job::Column::LeasedUntil, Expr::value(None::<i64>))
            .col_expr(job::Column::Attempts, Expr::value(claimed.attempt - 1))
    })
    .await?;
    Ok(())
}

/// The mail that a job sends.
pub(super) fn mail_of(claimed: &Claimed) -> Option<Uuid> {
    if let Ok(Job::SendMail { mail }) = serde_json::from_value(claimed.payload.clone()) {
        return Some(mail);
    }
    None
}

/// The pause after a failure, up to a quarter longer: what failed together is not tried together.
pub(super) fn pause_millis(id: Uuid, attempt: i32) -> i64 {
    let at = usize::try_from(attempt - 1).unwrap_or(0);
    let pause = PAUSES.get(at).or(PAUSES.last()).copied().unwrap_or(60) * 1_000;
    // The id's last bits are random.
    let share = i64::try_from(id.as_u128() & 0xff).unwrap_or(0);
    pause + pause * share / 1_024
}

/// Sends off again what was given up: an admin mended the cause.
///
/// # Errors
/// `NotFound` where the job is not dead; `Refused` where it is a training and another goes on;
/// whatever the database says.
pub async fn retry(tx: &Tx, id: Uuid, now: i64) -> Result<job::Model> {
    use crate::suggestions::train;
    let row = tx.get::<job::Entity>(id).await?;
    if row.kind == train::KIND && train::under_way(tx).await?.is_some() {
        return Err(train::busy().into());
    }
    let touched = revive(tx, now, job::Column::Id.eq(id)).await?;
    if touched != 1 {
        return Err(Error::NotFound);
    }
    let row = tx.get::<job::Entity>(id).await?;
    if let Ok(Job::SendMail { mail }) = serde_json::from_value(row.payload.clone()) {
        outbox::wait_again(tx, mail).await?;
    }
    Ok(row)
}

/// Sends off again everything that was given up, but for training, of which one goes on at a time;
/// says how much that is.
///
/// # Errors
/// Whatever the database says.
pub async fn retry_all(tx: &Tx, now: i64) -> Result<u64> {
    use crate::suggestions::train;
    // A mail's job bears the mail's id.
    tx.execute(
        "UPDATE mails SET state = 'waiting' WHERE state = 'dead' \
         AND id IN (SELECT id FROM jobs WHERE state = 'dead')",
        [],
    )
    .await?;
    revive(tx, now, job::Column::Kind.ne(train::KIND)).await
}

async fn revive(tx: &Tx, now: i64, which: sea_orm::sea_query::SimpleExpr) -> Result<u64> {
    tx.change::<job::Entity>(|update| {
        update
            .filter(which)
            .filter(job::Column::State.eq("dead"))
            .col_expr(job::Column::State, Expr::value("waiting"))
            .col_expr(job::Column::RunAt, Expr::value(now))
            .col_expr(job::Column::Attempts, Expr::value(0))
    })
    .await
}
