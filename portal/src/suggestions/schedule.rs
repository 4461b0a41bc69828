//! When it is time to train: at night, where orders came since; at once, where there is no model
//! that can be used, or where it says little of the orders there are.
//!
//! Every instance asks, and comes to the same job: its id follows from the day, or from the model.

use super::source;
use super::store::{self, Head};
use super::train::{self, Because};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// The hour of the brand's night at which models are trained.
const HOUR: i8 = 2;
/// Fewer changes than this are no reason to train before the night.
const MANY: i64 = 1_000;

/// Leaves a job where it is time to train.
///
/// # Errors
/// Whatever the database says.
pub async fn tick(app: &App) -> Result<()> {
    let tx = app.db.read_system("schedule").await?;
    let wish = due(&tx, app).await?;
    drop(tx);
    let Some((because, about)) = wish else {
        return Ok(());
    };
    let now = app.clock.millis();
    let tx = app.db.begin_system("schedule").await?;
    let id = train::wish(because, &about);
    if train::enqueue(&tx, now, id, because).await? {
        tx.commit().await?;
        tracing::info!(job = %id, ?because, "the recommender is to be trained");
    }
    Ok(())
}

/// Why it is time to train, and what that is about: the day, or the model.
async fn due(tx: &Tx, app: &App) -> Result<Option<(Because, String)>> {
    let newest = newest_usable(tx, app).await?;
    let today = app.today().to_string();
    let Some(newest) = newest else {
        let missing = source::any(tx).await?.then_some((Because::Missing, today));
        return Ok(missing);
    };
    let since = source::changes(tx).await? - newest.changes;
    if since <= 0 {
        return Ok(None);
    }
    if since > Ord::max(MANY, newest.changes / 2) && since > i64::from(newest.report.orders) / 2 {
        return Ok(Some((Because::Outgrown, newest.id.to_string())));
    }
    let night = night(app)?;
    let nightly = newest.trained_at < night && app.clock.millis() >= night;
    Ok(nightly.then_some((Because::Nightly, today)))
}

/// Orders placed or changed since a model that had `known` of them, and whether any order counts.
///
/// # Errors
/// Whatever the database says.
pub async fn since(tx: &Tx, known: Option<i64>) -> Result<(i64, bool)> {
    let changes = source::changes(tx).await? - known.unwrap_or(0);
    Ok((changes, source::any(tx).await?))
}

async fn newest_usable(tx: &Tx, app: &App) -> Result<Option<Head>> {
    for head in store::heads(tx).await? {
        if store::usable(tx, app, &head).await? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// The instant of today's hour for training, in the brand's time zone.
fn night(app: &App) -> Result<i64> {
    let at = app.today().at(HOUR, 0, 0, 0);
    Ok(at
        .to_zoned_datetime(app.brand.zone.clone())?
        .timestamp()
        .as_millisecond())
}
