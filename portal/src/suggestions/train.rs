//! Training: every order is read, a model learned from them and stored, for all instances.
//!
//! The job table holds the one place for it: a row of this kind that waits or runs is unique, so
//! only one training goes on however many instances there are and whoever asks. Training has
//! threads of its own, fewer than there are processors where requests are served meanwhile.

use std::num::NonZero;
use std::time::Instant;

use recommender::model::Trained;
use recommender::snapshot::FORMAT;
use recommender::{PurchaseHistory, Settings};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::live::{Live, Origin};
use super::seen::Seen;
use super::source::{self, On, Read};
use super::store::{self, Head, Packed};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::job;
use crate::error::{Error, Refusal, Result};
use crate::jobs::Job;
use crate::web::shape::Message;

/// The job's word in the table.
pub const KIND: &str = "train_recommender";

/// Why a model is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// There is none that can be used.
    Missing,
    /// It is night, and orders came since.
    Nightly,
    /// So many orders came since that it says little of them.
    Outgrown,
    /// Somebody asked.
    Asked,
}

/// How much of the machine training may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it: nobody waits for pages.
    All,
    /// Half, and one processor at least: requests are served meanwhile.
    Half,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// So many orders were read.
    Reading(u64),
    /// They are learned from.
    Learning,
}

/// Trains a model and stores it; none where there is no order to learn from.
///
/// # Errors
/// Whatever the database says.
pub async fn train(
    app: &App,
    share: Share,
    tell: &mut (dyn FnMut(Stage) + Send),
) -> Result<Option<Head>> {
    let began = Instant::now();
    forget_peak();
    let orders_until = app.clock.millis();
    let tx = app.db.read_system("train the recommender").await?;
    let mut reading = |orders| tell(Stage::Reading(orders));
    let Read { history, seen } = source::read(&tx, &On::today(app), &mut reading).await?;
    drop(tx);
    if history.size().1 == 0 {
        return Ok(None);
    }
    tell(Stage::Learning);
    let (trained, seen, packed) = learn(share, history, seen).await?;
    let head = Head {
        id: Uuid::now_v7(),
        trained_at: app.clock.millis(),
        orders_until,
        format: i32::try_from(FORMAT)?,
        checksum: packed.checksum().to_owned(),
        changes: seen.changes(),
        report: trained.report,
        train_millis: store::millis(began),
        peak_kib: peak_kib(),
        bytes: packed.bytes(),
    };
    let tx = app.db.begin_system("train the recommender").await?;
    store::keep(&tx, &head, packed).await?;
    tx.commit().await?;
    let recommender = &app.recommender;
    recommender.note_use(head.id, true);
    if recommender.followed() || recommender.serving().is_some() {
        let origin = Origin::Trained {
            id: head.id,
            at: head.trained_at,
        };
        let model = trained.model;
        recommender.exchange(Live {
            model,
            seen,
            origin,
        });
    }
    Ok(Some(head))
}

/// Learns on threads of its own. They are left alone when the process ends, which a thread of the
/// runtime would hold up for minutes.
async fn learn(
    share: Share,
    history: PurchaseHistory,
    seen: Seen,
) -> Result<(Trained, Seen, Packed)> {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = match share {
        Share::All => processors,
        Share::Half => processors / 2,
    };
    let (done, learned) = tokio::sync::oneshot::channel();
    let work = move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1));
        let result = pool.build().map_err(anyhow::Error::from).and_then(|pool| {
            let trained = pool.install(|| recommender::train(history, &Settings::default()));
            let packed = store::pack(&trained.model, &seen)?;
            Ok((trained, seen, packed))
        });
        // Nobody listens where the claim on the job was lost meanwhile.
        let _ = done.send(result);
    };
    std::thread::Builder::new()
        .name("train".into())
        .spawn(work)?;
    match learned.await {
        Ok(result) => Ok(result?),
        // The thread has said why.
        Err(_) => Err(Error::Internal(anyhow::anyhow!("training panicked"))),
    }
}

/// Asks for a training at `run_at`; where one waits or runs already, that one will do. `id` makes
/// the wish the same whoever has it. Says whether it is a new one.
///
/// # Errors
/// Whatever the database says.
pub async fn enqueue(tx: &Tx, now: i64, id: Uuid, because: Because) -> Result<bool> {
    let work = Job::TrainRecommender { because };
    let before = known(tx, id).await?;
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(KIND.to_owned()),
        payload: Set(serde_json::to_value(work)?),
        state: Set("waiting".into()),
        run_at: Set(now),
        leased_until: Set(None),
        attempts: Set(0),
        last_error: Set(None),
        created_at: Set(now),
        done_at: Set(None),
        lane: Set("long".into()),
        follows: Set(None),
    };
    // Whichever key is taken: the wish was had before, or a training waits or runs.
    tx.put_all([row], &OnConflict::new().do_nothing().to_owned())
        .await?;
    Ok(!before && known(tx, id).await?)
}

async fn known(tx: &Tx, id: Uuid) -> Result<bool> {
    let same = job::Column::Id.eq(id);
    Ok(tx.count::<job::Entity>(|jobs| jobs.filter(same)).await? > 0)
}

/// The training that waits or runs.
///
/// # Errors
/// Whatever the database says.
pub async fn under_way(tx: &Tx) -> Result<Option<job::Model>> {
    tx.one::<job::Entity>(|jobs| {
        jobs.filter(job::Column::Kind.eq(KIND))
            .filter(job::Column::State.is_in(["waiting", "running"]))
    })
    .await
}

/// What somebody asked for a training gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It begins as soon as a worker looks.
    Begins,
    /// One goes on already.
    GoesOn,
}

/// Asks for a training now. One that waits for its next try need not wait any longer.
///
/// # Errors
/// Whatever the database says.
pub async fn ask_now(tx: &Tx, now: i64) -> Result<Asked> {
    if enqueue(tx, now, Uuid::now_v7(), Because::Asked).await? {
        return Ok(Asked::Begins);
    }
    let woken = tx
        .change::<job::Entity>(|update| {
            update
                .filter(job::Column::Kind.eq(KIND))
                .filter(job::Column::State.eq("waiting"))
                .col_expr(job::Column::RunAt, Expr::value(now))
        })
        .await?;
    Ok(if woken > 0 {
        Asked::Begins
    } else {
        Asked::GoesOn
    })
}

/// Another training goes on.
#[must_use]
pub fn busy() -> Refusal {
    Refusal::new("training-goes-on", Message::new("refused-training-goes-on")).go_on(
        Message::new("refused-training-goes-on-next"),
        "/admin/recommender",
    )
}

/// An id that everybody who has the same wish comes to.
#[must_use]
pub fn wish(because: Because, about: &str) -> Uuid {
    let digest = Sha256::digest(format!("{KIND}/{because:?}/{about}"));
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// From now on the system counts the process's largest memory anew, where it can.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The process's largest resident size so far; 0 where the system does not tell.
fn peak_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wish_has_one_id() {
        let nightly = wish(Because::Nightly, "2026-11-24");
        assert_eq!(nightly, wish(Because::Nightly, "2026-11-24"));
        assert_ne!(nightly, wish(Because::Nightly, "2026-11-25"));
        assert_ne!(nightly, wish(Because::Missing, "2026-11-24"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_tells_how_large_the_process_was() {
        assert!(peak_kib() > 1_000);
    }
}
