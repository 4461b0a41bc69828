//! Recurring work: each time it is due it is taken on once, however many instances there are.
//!
//! Whoever writes the row of a slot in `schedule_runs` has it. What is short and comes again within
//! minutes is done on the spot; what comes once a day is left as a job in the same transaction, so
//! that it is done even where its taker dies.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{Job, Leave};
use crate::app::App;
use crate::db::entity::schedule_run;
use crate::error::Result;
use crate::orders::decide;
use crate::stock::waiting;
use crate::{campaigns, messages};

/// Recurring work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// End holds that nobody decided in time.
    ExpireHolds,
    /// Give pieces that are owed and there.
    ServeOwed,
    /// Begin campaigns whose day it is, and write to those whose morning it is.
    Campaigns,
    /// The daily mail of those who chose one.
    DailyMails,
    /// What the night brought, to the brand's people.
    Mornings,
    /// Tell retailers that their usual order is due.
    Reorders,
    /// Remind of holds that run out before long.
    HoldsRunningOut,
    /// Remove what nobody needs any more.
    Sweep,
}

/// When recurring work is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every so many minutes, counted from the hour.
    Minutes(i64),
    /// Once a day at that hour of the brand's clock.
    Daily(i8),
}

/// All of it.
pub const TASKS: [(Task, Rhythm); 8] = [
    (Task::ExpireHolds, Rhythm::Minutes(1)),
    (Task::ServeOwed, Rhythm::Minutes(1)),
    (Task::Campaigns, Rhythm::Minutes(1)),
    (Task::DailyMails, Rhythm::Minutes(15)),
    (Task::Mornings, Rhythm::Minutes(15)),
    (Task::Reorders, Rhythm::Minutes(15)),
    (Task::HoldsRunningOut, Rhythm::Minutes(15)),
    (Task::Sweep, Rhythm::Daily(3)),
];

/// How long it is kept what was taken on.
const KEPT_MILLIS: i64 = 2 * 24 * 3_600_000;

impl Task {
    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Task::ExpireHolds => "expire_holds",
            Task::ServeOwed => "serve_owed",
            Task::Campaigns => "campaigns",
            Task::DailyMails => "daily_mails",
            Task::Mornings => "mornings",
            Task::Reorders => "reorders",
            Task::HoldsRunningOut => "holds_running_out",
            Task::Sweep => "sweep",
        }
    }
}

impl Rhythm {
    /// The latest instant it was due, in UTC milliseconds.
    ///
    /// # Errors
    /// An instant beyond the calendar.
    pub fn slot(self, now: i64, zone: &TimeZone) -> Result<i64> {
        match self {
            Rhythm::Minutes(minutes) => Ok(now - now.rem_euclid(minutes * 60_000)),
            Rhythm::Daily(hour) => {
                let here = Timestamp::from_millisecond(now)?.to_zoned_datetime(zone.clone());
                let at = |date: jiff::civil::Date| -> Result<i64> {
                    let at = date.to_datetime(time(hour, 0, 0, 0));
                    Ok(at
                        .to_zoned_datetime(zone.clone())?
                        .timestamp()
                        .as_millisecond())
                };
                let today = at(here.date())?;
                if today <= now {
                    return Ok(today);
                }
                at(here.date().yesterday()?)
            }
        }
    }
}

/// When each task was last taken on, as far as this instance knows: by it or by another one. A slot
/// that is known to be taken costs no transaction.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<Task, i64>>);

impl Known {
    fn has(&self, task: Task, due_at: i64) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&task) == Some(&due_at)
    }

    fn note(&self, task: Task, due_at: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(task, due_at);
    }
}

/// Takes on what is due; what another instance has is left to it.
pub async fn tick(app: &App) {
    for (task, rhythm) in TASKS {
        if let Err(error) = take(app, task, rhythm).await {
            let error = error.cause();
            tracing::warn!(task = task.name(), error, "recurring work was not done");
        }
    }
}

async fn take(app: &App, task: Task, rhythm: Rhythm) -> Result<()> {
    let now = app.clock.millis();
    let due_at = rhythm.slot(now, &app.brand.zone)?;
    if app.recurring.has(task, due_at) {
        return Ok(());
    }
    let tx = app.db.begin_system("schedule").await?;
    let taken = tx
        .execute(
            "INSERT INTO schedule_runs (task, due_at, taken_at) VALUES ($1, $2, $3) \
             ON CONFLICT (task, due_at) DO NOTHING",
            [task.name().into(), due_at.into(), now.into()],
        )
        .await?;
    if taken == 0 {
        app.recurring.note(task, due_at);
        return Ok(());
    }
    match rhythm {
        Rhythm::Minutes(_) => {
            tx.commit().await?;
            app.recurring.note(task, due_at);
            perform(app, task).await
        }
        Rhythm::Daily(_) => {
            let job = Job::Recurring { task, due_at };
            tx.leave_all(now, [Leave::now(now, job)]).await?;
            tx.commit().await?;
            app.recurring.note(task, due_at);
            app.wake.notify_one();
            Ok(())
        }
    }
}

/// Does it.
///
/// # Errors
/// Whatever the work says.
pub async fn perform(app: &App, task: Task) -> Result<()> {
    match task {
        Task::ExpireHolds => decide::expire_due(app).await.map(|_| ()),
        Task::ServeOwed => waiting::serve_passed_by(app).await.map(|_| ()),
        Task::Campaigns => campaigns::due(app).await,
        Task::DailyMails => messages::digest::due(app).await,
        Task::Mornings => messages::morning::due(app).await,
        Task::Reorders => messages::reorder::due(app).await,
        Task::HoldsRunningOut => messages::running_out::due(app).await,
        Task::Sweep => {
            super::worker::sweep(app).await?;
            let before = app.clock.millis() - KEPT_MILLIS;
            let tx = app.db.begin_system("sweep").await?;
            tx.delete::<schedule_run::Entity>(|rows| {
                rows.filter(schedule_run::Column::DueAt.lt(before))
            })
            .await?;
            tx.commit().await
        }
    }
}

#[cfg(test)]
mod tests;
