//! The worker: takes jobs that are due, runs them, and tries again later what failed.
//!
//! Every lane goes on by itself, so what is slow in one holds up nothing in another; any number of
//! workers may run at once ([`super::claims`]), and every job may run twice. What failed eight times
//! is left as `dead`, where an admin sees it and may send it off again.
//!
//! One loop looks for work, for all lanes in one query, and calls the lanes in which there is some;
//! another does what recurs. Training takes minutes. It runs beside the others, one at a time, and
//! where the worker is to stop, it is left to whoever works next.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{join_all, join4};
use sea_orm::{ColumnTrait, QueryFilter};
use tokio::sync::watch;

pub use super::claims::{MAX_ATTEMPTS, Outcome, retry, retry_all};

use super::claims::{self, Claimed, Tried};
use super::outbox::{self, Opened};
use super::relay::Relay;
use super::shift::{self, Calls};
use super::{Job, Lane, schedule, training};
use crate::app::App;
use crate::auth::mails as auth_mails;
use crate::db::Tx;
use crate::db::entity::{job, session, user_token};
use crate::error::{Error, Result};
use crate::messages::push;
use crate::orders::mails as order_mails;
use crate::stock::alerts;
use crate::suggestions::schedule as training_schedule;
use crate::{campaigns, webhooks};

/// How long one job may take.
const TIME_LIMIT: Duration = Duration::from_secs(50);
/// How long jobs that are done are kept, for whoever asks what happened.
const KEPT_MILLIS: i64 = 14 * 24 * 3_600_000;
/// How often it is looked for recurring work.
const TICK: Duration = Duration::from_secs(15);
/// Other instances leave jobs too; they are looked for this often.
pub(super) const POLL: Duration = Duration::from_secs(1);
/// Lanes that one loop works alike; training has its own.
const LANES: [Lane; 5] = [
    Lane::Short,
    Lane::Mail,
    Lane::Bulk,
    Lane::BulkMail,
    Lane::Hook,
];

/// Runs jobs until `stop` says so; those under way are finished first, but for training.
pub async fn run(app: Arc<App>, stop: watch::Receiver<bool>) {
    let app = &*app;
    let training = Box::pin(training::work(app, stop.clone()));
    let (callers, lanes): (Vec<_>, Vec<_>) = LANES
        .into_iter()
        .map(|lane| {
            let (caller, look) = watch::channel(());
            let stop = stop.clone();
            let work = Box::pin(shift::work(app, lane, Calls { look, stop }));
            ((lane, caller), work)
        })
        .unzip();
    let call = Box::pin(call(app, callers, stop.clone()));
    let recur = Box::pin(recur(app, stop));
    join4(join_all(lanes), call, recur, training).await;
}

/// Calls the lanes in which something is due: when somebody has left work here, and every second,
/// for other instances leave some too, and what was to wait has waited.
async fn call(app: &App, callers: Vec<(Lane, watch::Sender<()>)>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match claims::due(app).await {
            Ok(due) => {
                for (_, caller) in callers.iter().filter(|(lane, _)| due.contains(lane)) {
                    caller.send_replace(());
                }
            }
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
async fn recur(app: &App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        schedule::tick(app).await;
        if let Err(error) = training_schedule::tick(app).await {
            let error = error.cause();
            tracing::warn!(error, "it is not known whether to train the recommender");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Runs everything that is due now; says how many jobs that were.
///
/// # Errors
/// Whatever the database says when jobs are claimed; a job's own failure is noted with the job.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut total = 0;
    loop {
        let mut ran = 0;
        for lane in LANES {
            ran += Box::pin(shift::work_off(app, lane)).await?;
        }
        for job in claims::claim(app, Lane::Long, 1).await? {
            Box::pin(training::run(app, &job)).await;
            ran += 1;
        }
        if ran == 0 {
            return Ok(total);
        }
        total += ran;
    }
}

/// Runs one job that takes long, and writes down how it ended.
pub(super) async fn run_long(app: &App, claimed: &Claimed, limit: Duration) {
    let outcome = within(app, claimed, limit, Box::pin(perform(app, claimed))).await;
    let tried = Tried {
        claimed: claimed.clone(),
        outcome: Some(outcome),
        mail: None,
    };
    if let Err(error) = claims::note(app, &[tried]).await {
        // The claim runs out, and the job runs again.
        tracing::warn!(job = %claimed.id, %error, "a job's outcome could not be noted");
    }
}

/// Runs one job: a mail that was read with others, or whatever else.
pub(super) async fn run_one(
    app: &App,
    relay: &Relay,
    claimed: Claimed,
    mail: Option<Opened>,
) -> Tried {
    let mut leaving = None;
    let work = async {
        match mail {
            Some(opened) => {
                let (outcome, left) = Box::pin(outbox::send(app, relay, opened)).await;
                leaving = left;
                outcome
            }
            None => Box::pin(perform(app, &claimed)).await,
        }
    };
    let outcome = within(app, &claimed, TIME_LIMIT, work).await;
    Tried {
        claimed,
        outcome: Some(outcome),
        mail: leaving,
    }
}

async fn within(
    app: &App,
    claimed: &Claimed,
    limit: Duration,
    work: impl Future<Output = Result<Outcome>>,
) -> Result<Outcome> {
    let began = app.clock.millis();
    // A job that kills its worker each time never comes to note its failure.
    let outcome = if claimed.attempt > MAX_ATTEMPTS {
        Ok(Outcome::Hopeless("its worker died each time".into()))
    } else {
        match tokio::time::timeout(limit, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Busy(format!("not done in {} s", limit.as_secs()))),
        }
    };
    let duration_ms = app.clock.millis() - began;
    let (job, kind, attempt) = (claimed.id, claimed.kind.as_str(), claimed.attempt);
    match &outcome {
        Ok(Outcome::Done) => tracing::info!(%job, kind, attempt, duration_ms, "job done"),
        Ok(Outcome::Hopeless(why)) => tracing::error!(%job, kind, attempt, why, "job given up"),
        Ok(Outcome::Later { why, .. }) => tracing::info!(%job, kind, why, "job put off"),
        Err(error) => tracing::warn!(%job, kind, attempt, error = error.cause(), "job failed"),
    }
    outcome
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
        // Mails are read with the others of their batch, and sent by `run_one`.
        Job::SendMail { .. } => return Err(Error::NotFound),
        Job::Recurring { task, .. } => schedule::perform(app, task).await?,
        Job::Campaign { campaign, after } => {
            Box::pin(campaigns::draw(app, campaign, after)).await?
        }
        Job::CampaignMails { campaign, messages } => {
            Box::pin(campaigns::write(app, campaign, &messages)).await?;
        }
        Job::Push {
            notification,
            device,
        } => return push::send(app, notification, device).await,
        Job::DeliverWebhook { delivery, .. } => return webhooks::deliver(app, delivery).await,
    }
    Ok(Outcome::Done)
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
    webhooks::log::delete_old(tx, now).await
}

#[cfg(test)]
mod tests;
