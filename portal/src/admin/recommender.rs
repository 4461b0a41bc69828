//! How the recommender is: the model that is asked, how well it does, what came since, and the
//! models before it.

pub mod view;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::app::App;
use crate::audit::note;
use crate::db::Tx;
use crate::db::entity::job;
use crate::error::Result;
use crate::jobs::Job;
use crate::suggestions::store::{self, Head};
use crate::suggestions::train::{self, Asked, Because};
use crate::suggestions::{Origin, schedule};
use view::{Failed, ModelRow, RecommenderPage, ServingRow, Size, Training};

const DAY_MILLIS: i64 = 24 * 3_600_000;
/// Older than this, a model knows little of what sells now.
const OLD_DAYS: i64 = 7;

/// The page.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App) -> Result<RecommenderPage> {
    let now = app.clock.millis();
    let heads = store::heads(tx).await?;
    let mut rows = Vec::with_capacity(heads.len());
    for head in &heads {
        let usable = store::usable(tx, app, head).await?;
        rows.push(row(head, usable));
    }
    let model = rows.iter().find(|row| row.usable).cloned();
    let training = train::under_way(tx).await?.map(|job| Training {
        running: job.state == "running" && job.leased_until.is_some_and(|until| until >= now),
        at: job.created_at,
        because: because(&job).to_owned(),
        attempts: job.attempts.into(),
        error: job.last_error,
    });
    let (changes_since, any) = schedule::since(tx, model.as_ref().map(|row| row.changes)).await?;
    let age_days = model
        .as_ref()
        .map(|row| (now - row.trained_at) / DAY_MILLIS);
    let state = match (&model, age_days) {
        (None, _) if !any => "nothing",
        (None, _) => "none",
        (Some(_), Some(OLD_DAYS..)) if changes_since > 0 => "old",
        (Some(_), _) => "good",
    };
    Ok(RecommenderPage {
        state: state.to_owned(),
        failed: failed(tx, model.as_ref()).await?,
        refused: rows.first().is_some_and(|row| !row.usable),
        model,
        age_days: age_days.unwrap_or(0),
        training,
        changes_since,
        serving: app.recommender.serving().map(|serving| ServingRow {
            trained_at: match serving.origin {
                Origin::Trained { at, .. } => Some(at),
                Origin::Counted => None,
            },
            accounts: count(serving.accounts),
            orders: count(serving.orders),
        }),
        rows,
    })
}

/// Asks for a training now.
///
/// # Errors
/// Whatever the database says.
pub async fn ask(tx: &Tx, app: &App) -> Result<Asked> {
    let now = app.clock.millis();
    let asked = train::ask_now(tx, now).await?;
    if asked == Asked::Begins {
        let what = "training asked for";
        note(tx, now, what, "recommender", None, None, None).await?;
    }
    Ok(asked)
}

fn row(head: &Head, usable: bool) -> ModelRow {
    let report = &head.report;
    let measured = report.examples > 0;
    ModelRow {
        trained_at: head.trained_at,
        changes: head.changes,
        accounts: report.accounts.into(),
        items: report.items.into(),
        orders: report.orders.into(),
        lines: report.lines.into(),
        examples: report.examples.into(),
        recall: measured.then(|| basis_points(report.recall_at_10)),
        baseline: measured.then(|| basis_points(report.baseline_recall_at_10)),
        seconds: Ord::max(1, head.train_millis / 1_000),
        snapshot: Size::of_kib(head.bytes / 1_024),
        memory: (head.peak_kib > 0).then(|| Size::of_kib(head.peak_kib)),
        format: head.format.into(),
        readable: head.readable(),
        usable,
    }
}

/// A training that was given up after the newest model was trained.
async fn failed(tx: &Tx, model: Option<&ModelRow>) -> Result<Option<Failed>> {
    let since = model.map_or(0, |model| model.trained_at);
    let dead = tx
        .one::<job::Entity>(|jobs| {
            jobs.filter(job::Column::Kind.eq(train::KIND))
                .filter(job::Column::State.eq("dead"))
                .filter(job::Column::RunAt.gte(since))
                .order_by_desc(job::Column::RunAt)
        })
        .await?;
    Ok(dead.map(|job| Failed {
        at: job.run_at,
        attempts: job.attempts.into(),
        error: job.last_error.unwrap_or_default(),
    }))
}

fn because(job: &job::Model) -> &'static str {
    match serde_json::from_value(job.payload.clone()) {
        Ok(Job::TrainRecommender { because }) => match because {
            Because::Missing => "missing",
            Because::Nightly => "nightly",
            Because::Outgrown => "outgrown",
            Because::Asked => "asked",
        },
        _ => "asked",
    }
}

/// A share of 0 to 1 in hundredths of a per cent.
fn basis_points(share: f64) -> i64 {
    let per_mille = (share.clamp(0.0, 1.0) * 10_000.0).round();
    // Whole and small by now; there is no conversion from a float without `as`.
    format!("{per_mille:.0}").parse().unwrap_or(0)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
