//! How the system is: its services, the work that waits or was given up, what it holds.

use std::time::Duration;

use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter, QueryOrder, QuerySelect};

use super::view::{CountRow, DeadJobRow, HealthPage, ServiceRow};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::job;
use crate::error::Result;
use crate::mail::Mailer;

/// How long the page waits for a service before it calls it down.
const PATIENCE: Duration = Duration::from_secs(3);
/// Jobs that were given up, as many as a page shows.
const SHOWN: u64 = 50;

/// The page.
///
/// # Errors
/// Whatever the database says.
pub async fn page(app: &App) -> Result<HealthPage> {
    // The mail server is asked first, so that no transaction waits for it.
    let mail = mail_service(app).await;
    let tx = app.db.read_system("health").await?;
    let services = vec![database_service(&tx).await?, mail];
    let counted = tx.rows(COUNTS, []).await?;
    let count = |name: &str| -> Result<i64> {
        let row = counted.first();
        Ok(row
            .map(|row| row.try_get::<i64>("", name))
            .transpose()?
            .unwrap_or(0))
    };
    let dead = tx
        .all::<job::Entity>(|jobs| {
            jobs.filter(job::Column::State.eq("dead"))
                .order_by_desc(job::Column::CreatedAt)
                .order_by_desc(job::Column::Id)
                .limit(SHOWN)
        })
        .await?;
    let mut counts = Vec::new();
    for name in ["accounts", "users", "products", "prices", "orders"] {
        counts.push(CountRow {
            name: name.to_owned(),
            count: count(name)?,
        });
    }
    Ok(HealthPage {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at,
        services,
        jobs_waiting: count("jobs_waiting")?,
        jobs_failed: count("jobs_dead")?,
        mails_waiting: count("mails_waiting")?,
        counts,
        dead: dead.into_iter().map(dead_row).collect(),
    })
}

const COUNTS: &str = "SELECT \
    (SELECT count(*) FROM accounts) AS accounts, \
    (SELECT count(*) FROM users) AS users, \
    (SELECT count(*) FROM products) AS products, \
    (SELECT count(*) FROM price_rows) AS prices, \
    (SELECT count(*) FROM orders) AS orders, \
    (SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')) AS jobs_waiting, \
    (SELECT count(*) FROM jobs WHERE state = 'dead') AS jobs_dead, \
    (SELECT count(*) FROM mails WHERE state = 'waiting') AS mails_waiting";

fn dead_row(row: job::Model) -> DeadJobRow {
    DeadJobRow {
        id: row.id.to_string(),
        kind: row.kind,
        created_at: row.created_at,
        attempts: row.attempts.into(),
        error: row.last_error.unwrap_or_default(),
    }
}

async fn database_service(tx: &Tx) -> Result<ServiceRow> {
    let (name, sql) = if tx.backend() == DatabaseBackend::Postgres {
        (
            "PostgreSQL",
            "SELECT current_setting('server_version') AS v",
        )
    } else {
        ("SQLite", "SELECT sqlite_version() AS v")
    };
    let rows = tx.rows(sql, []).await?;
    let version = rows
        .first()
        .map(|row| row.try_get::<String>("", "v"))
        .transpose()?;
    Ok(ServiceRow {
        name: "Database".into(),
        state: "good".into(),
        detail: format!("{name} {}", version.unwrap_or_default()),
    })
}

async fn mail_service(app: &App) -> ServiceRow {
    let reached = tokio::time::timeout(PATIENCE, app.mailer.reach()).await;
    let (state, detail) = match (reached, &app.mailer) {
        (Ok(Ok(())), Mailer::Smtp { .. }) => ("good", "SMTP".to_owned()),
        // Without a mail server nothing leaves the house; the files are what there is to read.
        (Ok(Ok(())), Mailer::File { .. }) => ("off", "*.eml".to_owned()),
        (Ok(Ok(())), Mailer::Memory { .. }) => ("off", String::new()),
        (Ok(Err(error)), _) => ("bad", error.to_string()),
        (Err(_), _) => ("bad", "timeout".to_owned()),
    };
    ServiceRow {
        name: "Mail".into(),
        state: state.into(),
        detail,
    }
}
