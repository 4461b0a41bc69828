//! Snapshots of trained models: stored with their checksum, read by every instance.

use std::time::Instant;

use recommender::Model;
use recommender::model::Report;
use recommender::snapshot::{FORMAT, SnapshotError};
use sea_orm::Set;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::live::{Live, Origin};
use super::seen::Seen;
use super::source::{self, On, Read};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::recommender_model;
use crate::error::Result;

/// How many snapshots are kept: where the newest cannot be read, the one before it is.
pub const KEPT: i64 = 3;

/// A stored model, without its snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Its row.
    pub id: Uuid,
    /// When it was trained.
    pub trained_at: i64,
    /// Orders placed before this instant are in it.
    pub orders_until: i64,
    /// Its format; this program reads [`FORMAT`].
    pub format: i32,
    /// Of the snapshot and of what was seen.
    pub checksum: String,
    /// Placed and changed orders in it.
    pub changes: i64,
    /// What was learned from.
    pub report: Report,
    /// How long training took.
    pub train_millis: i64,
    /// The largest memory of the process meanwhile.
    pub peak_kib: i64,
    /// Bytes of the snapshot.
    pub bytes: i64,
}

impl Head {
    /// Whether this program reads its format.
    #[must_use]
    pub fn readable(&self) -> bool {
        u32::try_from(self.format) == Ok(FORMAT)
    }
}

/// Why a snapshot cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not what was stored.
    #[error(
        "its checksum differs from the one it was stored with; train a new one with `kontor train`"
    )]
    Checksum,
    /// What was seen is not readable.
    #[error("the list of what it has seen is damaged; train a new one with `kontor train`")]
    Seen,
    /// The crate refuses it.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

const HEADS: &str = "SELECT id, trained_at, orders_until, format, checksum, changes, report, \
    train_millis, peak_kib, CAST(length(snapshot) AS bigint) FROM recommender_models \
    ORDER BY trained_at DESC, id DESC LIMIT $1";

/// The stored models, the newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn heads(tx: &Tx) -> Result<Vec<Head>> {
    let mut heads = Vec::new();
    for row in tx.rows(HEADS, [KEPT.into()]).await? {
        let report: serde_json::Value = row.try_get_by_index(6)?;
        heads.push(Head {
            id: row.try_get_by_index(0)?,
            trained_at: row.try_get_by_index(1)?,
            orders_until: row.try_get_by_index(2)?,
            format: row.try_get_by_index(3)?,
            checksum: row.try_get_by_index(4)?,
            changes: row.try_get_by_index(5)?,
            // Another version of the program may have reported other things.
            report: serde_json::from_value(report).unwrap_or_default(),
            train_millis: row.try_get_by_index(7)?,
            peak_kib: row.try_get_by_index(8)?,
            bytes: row.try_get_by_index(9)?,
        });
    }
    Ok(heads)
}

/// A model ready to be stored.
pub(super) struct Packed {
    snapshot: Vec<u8>,
    seen: Vec<u8>,
    checksum: String,
}

/// Makes bytes of a model. Takes a while.
///
/// # Errors
/// None that is known.
pub(super) fn pack(model: &Model, seen: &Seen) -> Result<Packed, Unusable> {
    let (snapshot, seen) = (model.to_bytes()?, seen.to_bytes());
    let checksum = checksum(&snapshot, &seen);
    Ok(Packed {
        snapshot,
        seen,
        checksum,
    })
}

fn checksum(snapshot: &[u8], seen: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(snapshot);
    digest.update(seen);
    let bytes = digest.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Stores a model and drops those that are too old to be kept.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn keep(tx: &Tx, head: &Head, packed: Packed) -> Result<()> {
    tx.insert(recommender_model::ActiveModel {
        id: Set(head.id),
        trained_at: Set(head.trained_at),
        orders_until: Set(head.orders_until),
        format: Set(head.format),
        checksum: Set(packed.checksum),
        snapshot: Set(packed.snapshot),
        seen: Set(packed.seen),
        changes: Set(head.changes),
        report: Set(serde_json::to_value(&head.report)?),
        train_millis: Set(head.train_millis),
        peak_kib: Set(head.peak_kib),
    })
    .await?;
    let old = "DELETE FROM recommender_models WHERE id NOT IN (SELECT id FROM recommender_models \
               ORDER BY trained_at DESC, id DESC LIMIT $1)";
    tx.execute(old, [KEPT.into()]).await?;
    Ok(())
}

impl Packed {
    /// Bytes of the snapshot.
    pub fn bytes(&self) -> i64 {
        i64::try_from(self.snapshot.len()).unwrap_or(i64::MAX)
    }

    /// Over everything that is stored.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }
}

/// Sees to it that there is a model to ask; says whether there is. Where somebody in the background
/// keeps it, nobody waits for it here.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn ready(tx: &Tx, app: &App) -> Result<bool> {
    let recommender = &app.recommender;
    if recommender.reading(|_| ()).is_some() {
        return Ok(true);
    }
    if recommender.followed() {
        return Ok(false);
    }
    let _turn = recommender.loading.lock().await;
    if recommender.reading(|_| ()).is_none() {
        let live = load(tx, app).await?;
        recommender.exchange(live);
    }
    Ok(true)
}

/// The newest model that can be used, or the orders counted where there is none.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn load(tx: &Tx, app: &App) -> Result<Live> {
    for head in heads(tx).await? {
        if let Some(live) = open(tx, app, &head).await? {
            return Ok(live);
        }
    }
    let began = Instant::now();
    let Read { history, seen } = source::read(tx, &On::today(app), &mut |_| {}).await?;
    let model = tokio::task::spawn_blocking(move || Model::of(history));
    let model = model.await.map_err(anyhow::Error::from)?;
    let (accounts, orders, _) = model.history().size();
    tracing::info!(
        accounts,
        orders,
        duration_ms = millis(began),
        "no trained model of the recommender can be used: orders are counted"
    );
    Ok(Live {
        model,
        seen,
        origin: Origin::Counted,
    })
}

/// Reads a snapshot; none where it cannot be used, which is said once.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn open(tx: &Tx, app: &App, head: &Head) -> Result<Option<Live>> {
    let recommender = &app.recommender;
    if recommender.known_use(head.id) == Some(false) {
        return Ok(None);
    }
    let began = Instant::now();
    let (model, id) = (head.id, head.id);
    if !head.readable() {
        if recommender.note_use(id, false) {
            let found = head.format;
            tracing::warn!(%model, found, reads = FORMAT, "a model of the recommender has another \
                version's format and is not used; train a new one with `kontor train`");
        }
        return Ok(None);
    }
    let Some((snapshot, seen)) = bytes(tx, id).await? else {
        // Trained over meanwhile.
        return Ok(None);
    };
    let stored = head.checksum.clone();
    let size = snapshot.len();
    let unpacked = tokio::task::spawn_blocking(move || unpack(&snapshot, &seen, &stored));
    match unpacked.await.map_err(anyhow::Error::from)? {
        Ok((unpacked, seen)) => {
            recommender.note_use(id, true);
            tracing::info!(
                %model,
                bytes = size,
                duration_ms = millis(began),
                "the recommender's model is read"
            );
            let at = head.trained_at;
            Ok(Some(Live {
                model: unpacked,
                seen,
                origin: Origin::Trained { id, at },
            }))
        }
        Err(why) => {
            if recommender.note_use(id, false) {
                tracing::error!(%model, %why, "a model of the recommender cannot be used");
            }
            Ok(None)
        }
    }
}

/// Whether a snapshot is what was stored and this program can use it. Read once; remembered.
///
/// # Errors
/// Whatever the database says.
pub async fn usable(tx: &Tx, app: &App, head: &Head) -> Result<bool> {
    if let Some(known) = app.recommender.known_use(head.id) {
        return Ok(known && head.readable());
    }
    let fault = fault(tx, head).await?;
    if let Some(why) = &fault
        && app.recommender.note_use(head.id, false)
    {
        tracing::error!(model = %head.id, %why, "a model of the recommender cannot be used");
    }
    app.recommender.note_use(head.id, fault.is_none());
    Ok(fault.is_none())
}

/// What is wrong with a stored model; nothing where it can be used.
///
/// # Errors
/// Whatever the database says.
pub async fn fault(tx: &Tx, head: &Head) -> Result<Option<Unusable>> {
    if !head.readable() {
        let found = u32::try_from(head.format).unwrap_or_default();
        return Ok(Some(SnapshotError::OtherFormat { found }.into()));
    }
    let Some((snapshot, seen)) = bytes(tx, head.id).await? else {
        return Ok(None);
    };
    let stored = head.checksum.clone();
    let sound = tokio::task::spawn_blocking(move || checksum(&snapshot, &seen) == stored);
    let sound = sound.await.map_err(anyhow::Error::from)?;
    Ok((!sound).then_some(Unusable::Checksum))
}

async fn bytes(tx: &Tx, id: Uuid) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let sql = "SELECT snapshot, seen FROM recommender_models WHERE id = $1";
    let rows = tx.rows(sql, [id.into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
}

fn unpack(snapshot: &[u8], seen: &[u8], stored: &str) -> Result<(Model, Seen), Unusable> {
    if checksum(snapshot, seen) != stored {
        return Err(Unusable::Checksum);
    }
    let model = Model::from_bytes(snapshot)?;
    let seen = Seen::from_bytes(seen).ok_or(Unusable::Seen)?;
    Ok((model, seen))
}

pub(super) fn millis(began: Instant) -> i64 {
    i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX)
}
