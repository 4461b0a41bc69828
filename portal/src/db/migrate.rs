//! Brings the schema up to date from the SQL files of `migrations/`.
//!
//! A file serves both databases, or has a twin: `0005_no_overlap.postgres.sql` beside
//! `0005_no_overlap.sqlite.sql`. Forward only; a file that has run is never changed.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sea_orm::DatabaseBackend;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::Db;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../migrations"]
struct Files;

/// Runs what has not run yet. Instances that start at once wait for each other.
///
/// # Errors
/// A file that fails, is missing, or was changed after it ran.
pub async fn up(db: &Db) -> anyhow::Result<()> {
    let migrator = migrator(db.backend())?;
    if db.backend() == DatabaseBackend::Postgres {
        migrator
            .run(db.pool().get_postgres_connection_pool())
            .await?;
    } else {
        migrator.run(db.pool().get_sqlite_connection_pool()).await?;
    }
    Ok(())
}

/// How many files have not run yet.
///
/// # Errors
/// Whatever the database says.
pub async fn pending(db: &Db) -> anyhow::Result<usize> {
    let sql = "SELECT count(*) FROM _sqlx_migrations WHERE success";
    // A database without the table has run nothing.
    let done: i64 = if db.backend() == DatabaseBackend::Postgres {
        let pool = db.pool().get_postgres_connection_pool();
        sqlx::query_scalar(sql).fetch_one(pool).await.unwrap_or(0)
    } else {
        let pool = db.pool().get_sqlite_connection_pool();
        sqlx::query_scalar(sql).fetch_one(pool).await.unwrap_or(0)
    };
    let all = migrator(db.backend())?.migrations.len();
    Ok(all.saturating_sub(usize::try_from(done)?))
}

fn migrator(backend: DatabaseBackend) -> anyhow::Result<Migrator> {
    let other = if backend == DatabaseBackend::Postgres {
        ".sqlite.sql"
    } else {
        ".postgres.sql"
    };
    let mut names: Vec<_> = Files::iter()
        .filter(|name| !name.ends_with(other))
        .collect();
    names.sort();
    let mut migrations = Vec::with_capacity(names.len());
    for name in names {
        let file = Files::get(&name).ok_or_else(|| anyhow::anyhow!("{name} is missing"))?;
        let sql = String::from_utf8(file.data.into_owned())?;
        let (version, description) = name
            .split_once('_')
            .ok_or_else(|| anyhow::anyhow!("{name} has no number"))?;
        let description = description
            .split('.')
            .next()
            .unwrap_or(description)
            .to_owned();
        migrations.push(Migration::new(
            version.parse()?,
            Cow::Owned(description),
            MigrationType::Simple,
            sqlx::AssertSqlSafe(sql).into_sql_str(),
            false,
        ));
    }
    Ok(Migrator {
        migrations: Cow::Owned(migrations),
        ..Migrator::DEFAULT
    })
}
