//! The job that takes minutes: it runs beside the others, one at a time, and its claim is prolonged
//! while it does.

use std::time::Duration;

use sea_orm::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter};
use tokio::sync::watch;
use uuid::Uuid;

use super::claims::{self, Claimed, Outcome, Tried, lease_millis};
use super::worker::{self, POLL};
use super::{Job, Lane};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::job;
use crate::error::{Error, Result};
use crate::suggestions::store::Head;
use crate::suggestions::train::{self, Because, Share, Stage};

/// How long training may take.
const TIME_LIMIT: Duration = Duration::from_secs(2 * 3_600);
/// How often the claim is prolonged: three times in a row may fail before somebody else takes it.
const BEAT: Duration = Duration::from_secs(15);

/// Trains where that is asked for, until `stop` says so. What is not finished by then is left to
/// whoever works next.
pub(super) async fn work(app: &App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match claims::claim(app, Lane::Long, 1).await {
            Ok(claimed) => {
                for job in &claimed {
                    tokio::select! {
                        () = run(app, job) => {}
                        _ = stop.changed() => return leave(app, job).await,
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the worker could not look for training"),
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Runs a job of minutes. Where its claim is lost, because the database was away for longer than
/// it holds, somebody else has the job and this one ends without a result.
pub(super) async fn run(app: &App, claimed: &Claimed) {
    tokio::select! {
        () = worker::run_long(app, claimed, TIME_LIMIT) => {}
        () = lost(app, claimed) => {
            let job = claimed.id;
            tracing::warn!(%job, kind = claimed.kind, "a job was taken over by another worker");
        }
    }
}

/// Prolongs the claim on a job until it is lost.
async fn lost(app: &App, claimed: &Claimed) {
    loop {
        tokio::time::sleep(BEAT).await;
        match prolong(app, claimed).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, "a claim on a job could not be prolonged"),
        }
    }
}

/// Prolongs the claim on a job; whether it still was this worker's.
pub(super) async fn prolong(app: &App, claimed: &Claimed) -> Result<bool> {
    let claims = [(claimed.id, claimed.attempt)];
    Ok(claims::renew(app, Lane::Long, claims).await? == 1)
}

/// Leaves a job that is not finished to whoever works next; it is not counted as a try.
pub(super) async fn leave(app: &App, claimed: &Claimed) {
    let left = async {
        let tx = app.db.begin_system("worker").await?;
        claims::put_down(&tx, claimed).await?;
        tx.commit().await
    };
    if let Err(error) = left.await {
        // The claim runs out by itself.
        tracing::warn!(job = %claimed.id, %error, "a job could not be left to others");
    }
}

/// Does what the job says.
pub(super) async fn perform(app: &App, because: Because) -> Result<()> {
    let trained = Box::pin(train::train(app, Share::Half, &mut |_| {})).await?;
    match trained {
        Some(model) => tracing::info!(
            model = %model.id,
            ?because,
            orders = model.report.orders,
            duration_ms = model.train_millis,
            peak_mib = model.peak_kib / 1_024,
            "the recommender is trained"
        ),
        None => tracing::info!("there are no orders the recommender could learn from"),
    }
    Ok(())
}

/// What became of a training that somebody runs by hand.
#[derive(Debug)]
pub enum ByHand {
    /// Another goes on.
    Busy,
    /// There are no orders.
    Nothing,
    /// It is stored.
    Trained(Head),
}

/// Trains in this process, in the one place there is for it, so that no worker does so meanwhile.
///
/// # Errors
/// Whatever the database says; `Busy` where the place was lost on the way.
pub async fn by_hand(app: &App, tell: &mut (dyn FnMut(Stage) + Send)) -> Result<ByHand> {
    let tx = app.db.begin_system("train by hand").await?;
    let Some(claimed) = place(&tx, app.clock.millis()).await? else {
        return Ok(ByHand::Busy);
    };
    tx.commit().await?;
    let trained = tokio::select! {
        trained = Box::pin(train::train(app, Share::All, tell)) => trained,
        () = lost(app, &claimed) => Err(Error::Busy("another worker took it over".into())),
    };
    let (outcome, told) = match trained {
        Ok(Some(head)) => (Ok(Outcome::Done), Ok(ByHand::Trained(head))),
        Ok(None) => (Ok(Outcome::Done), Ok(ByHand::Nothing)),
        // Whoever stands before it decides what to do; no worker tries again.
        Err(error) => (Ok(Outcome::Hopeless(error.cause())), Err(error)),
    };
    let outcome = Some(outcome);
    let tried = Tried {
        claimed,
        outcome,
        mail: None,
    };
    claims::note(app, &[tried]).await?;
    told
}

/// The one place for a training: a new job, or one that waits. None where somebody is at it.
pub(super) async fn place(tx: &Tx, now: i64) -> Result<Option<Claimed>> {
    let because = Because::Asked;
    let found = train::under_way(tx).await?;
    let free = |row: &job::Model| {
        row.state == "waiting" || row.leased_until.is_none_or(|until| until < now)
    };
    let claimed = match &found {
        Some(row) if !free(row) => return Ok(None),
        Some(row) => Claimed {
            id: row.id,
            kind: row.kind.clone(),
            payload: row.payload.clone(),
            attempt: row.attempts + 1,
            is_followed: false,
        },
        None => Claimed {
            id: Uuid::now_v7(),
            kind: train::KIND.to_owned(),
            payload: serde_json::to_value(Job::TrainRecommender { because })?,
            attempt: 1,
            is_followed: false,
        },
    };
    let until = now + lease_millis(Lane::Long);
    if let Some(row) = found {
        let touched = tx
            .change::<job::Entity>(|update| {
                update
                    .filter(job::Column::Id.eq(row.id))
                    .filter(job::Column::State.eq(row.state))
                    .filter(job::Column::Attempts.eq(row.attempts))
                    .col_expr(job::Column::State, Expr::value("running"))
                    .col_expr(job::Column::LeasedUntil, Expr::value(until))
                    .col_expr(job::Column::Attempts, Expr::value(claimed.attempt))
            })
            .await?;
        return Ok((touched == 1).then_some(claimed));
    }
    let row = job::ActiveModel {
        id: Set(claimed.id),
        kind: Set(claimed.kind.clone()),
        payload: Set(claimed.payload.clone()),
        state: Set("running".into()),
        run_at: Set(now),
        leased_until: Set(Some(until)),
        attempts: Set(claimed.attempt),
        last_error: Set(None),
        created_at: Set(now),
        done_at: Set(None),
        lane: Set("long".into()),
        follows: Set(None),
    };
    // Somebody may have asked for one just now.
    tx.put_all([row], &OnConflict::new().do_nothing().to_owned())
        .await?;
    let ours = job::Column::Id.eq(claimed.id);
    let stored = tx.count::<job::Entity>(|jobs| jobs.filter(ours)).await?;
    Ok((stored > 0).then_some(claimed))
}
