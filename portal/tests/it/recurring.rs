//! Recurring work, with several instances.

use futures_util::future::join;
use portal::app;
use portal::db::Db;
use portal::jobs::{schedule, worker};

use crate::harness::App;

/// Another instance on the same database, by the same clock.
async fn another(app: &App) -> app::App {
    let db = Db::connect(&app.data.config.database_url).await.unwrap();
    let (config, mailer) = (app.data.config.clone(), app.data.mailer.clone());
    let built = app::App::build(config, db, app.clock.clone(), mailer).await;
    built.unwrap()
}

/// Of recurring work alone: what is done once for one thing bears its name after a slash.
const TAKEN: &str = "SELECT count(*) FROM schedule_runs WHERE task NOT LIKE '%/%'";
const SWEEPS: &str = "SELECT count(*) FROM jobs WHERE kind = 'recurring'";
const DONE: &str = "SELECT count(*) FROM jobs WHERE kind = 'recurring' AND state = 'done'";

both! {
    async fn what_is_due_is_taken_on_once_however_many_instances_there_are(app) {
        let (second, third) = (another(app).await, another(app).await);
        for day in 1..=3 {
            for _ in 0..4 {
                let others = join(schedule::tick(&second), schedule::tick(&third));
                Box::pin(join(schedule::tick(&app.data), others)).await;
            }
            // Once a day it is swept, by a job.
            assert_eq!(app.sql.number(SWEEPS, []).await, day);
            app.clock.advance(24 * 3_600_000);
        }
        // Three times everything that recurs: each is one row.
        assert_eq!(app.sql.number(TAKEN, []).await, 3 * 8);
        // Beside them, what that work left: the mails of a morning.
        app.run_jobs().await;
        assert_eq!(app.sql.number(DONE, []).await, 3);
    }

    async fn what_is_known_to_be_taken_on_costs_no_transaction(app) {
        let second = another(app).await;
        schedule::tick(&app.data).await;
        schedule::tick(&second).await;
        // Were it looked again, the rows would be written again.
        app.sql.run("DELETE FROM schedule_runs", []).await.unwrap();
        schedule::tick(&app.data).await;
        schedule::tick(&second).await;
        assert_eq!(app.sql.number(TAKEN, []).await, 0);
        // In the next minute what comes each minute is due again.
        app.clock.advance(60_000);
        schedule::tick(&app.data).await;
        assert_eq!(app.sql.number(TAKEN, []).await, 3);
        app.run_jobs().await;
    }

    async fn daily_work_is_done_although_whoever_took_it_on_is_gone(app) {
        let first = another(app).await;
        schedule::tick(&first).await;
        drop(first);
        schedule::tick(&app.data).await;
        assert_eq!(app.sql.number(DONE, []).await, 0);
        worker::run_due(&app.data).await.unwrap();
        assert_eq!(app.sql.number(DONE, []).await, 1);
    }
}
