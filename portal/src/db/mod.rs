//! The database, and transactions that can only see their caller's rows.
//!
//! Handlers get a [`Db`]; `db.begin(&scope)` gives a [`Tx`]. A `Tx` is not a SeaORM connection:
//! each of its methods adds the entity's own answer to "who may see this row" ([`scope::Visible`]).
//! SQLite and PostgreSQL are served by the same code; what differs stands in this module.

mod again;
pub mod entity;
pub mod migrate;
pub mod scope;
pub mod words;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sea_query::Value;
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseBackend,
    DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    IsolationLevel, Iterable, PaginatorTrait, PrimaryKeyToColumn, PrimaryKeyTrait, QueryFilter,
    QueryResult, Select, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Error, Result};
pub use again::again;
use scope::{Reach, Scope, Visible};

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: DatabaseConnection,
    /// SQLite has one writer. Waiting here is fair and costs nothing; its own busy handler sleeps.
    writer: Option<Arc<Mutex<()>>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("backend", &self.backend())
            .finish()
    }
}

impl Db {
    /// Opens `url` (`sqlite://path` or `postgres://…`); makes the SQLite file where it is missing.
    ///
    /// # Errors
    /// The file cannot be made or opened, or the server does not answer.
    pub async fn connect(url: &str) -> anyhow::Result<Db> {
        let sqlite = url.starts_with("sqlite:");
        if sqlite {
            let path = url
                .trim_start_matches("sqlite://")
                .trim_start_matches("sqlite:");
            let path = path.split('?').next().unwrap_or(path);
            if let Some(folder) = std::path::Path::new(path).parent() {
                std::fs::create_dir_all(folder)?;
            }
        }
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(if sqlite { 8 } else { 16 })
            .acquire_timeout(Duration::from_secs(8))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| {
                use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                options
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // A confirmed order survives a power cut; NORMAL may lose the last ones.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
                    .pragma("cache_size", "-8000")
                    .statement_cache_capacity(256)
            });
        let pool = Database::connect(options).await?;
        let writer = sqlite.then(|| Arc::new(Mutex::new(())));
        Ok(Db { pool, writer })
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.pool.get_database_backend()
    }

    /// Begins a transaction that may write, as `scope`.
    ///
    /// # Errors
    /// `Busy` where no connection is to be had.
    pub async fn begin(&self, scope: &Scope) -> Result<Tx> {
        let turn = match &self.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        };
        // Immediate: a deferred transaction that reads before it writes loses to any other writer
        // with "database is locked", at once and for good.
        self.open(scope, SqliteTransactionMode::Immediate, None, turn)
            .await
    }

    /// Begins a transaction that only reads: one consistent picture, no writer's turn.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn read(&self, scope: &Scope) -> Result<Tx> {
        self.open(
            scope,
            SqliteTransactionMode::Deferred,
            Some(IsolationLevel::RepeatableRead),
            None,
        )
        .await
    }

    /// For the program itself: sign-in, jobs, imports. `purpose` names the task in the audit log.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn begin_system(&self, purpose: &str) -> Result<Tx> {
        self.begin(&Scope::system(purpose)).await
    }

    /// As [`Db::begin_system`], only reading.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn read_system(&self, purpose: &str) -> Result<Tx> {
        self.read(&Scope::system(purpose)).await
    }

    async fn open(
        &self,
        scope: &Scope,
        mode: SqliteTransactionMode,
        isolation_level: Option<IsolationLevel>,
        turn: Option<OwnedMutexGuard<()>>,
    ) -> Result<Tx> {
        let postgres = self.backend() == DatabaseBackend::Postgres;
        let inner = self
            .pool
            .begin_with_options(TransactionOptions {
                isolation_level: isolation_level.filter(|_| postgres),
                access_mode: None,
                sqlite_transaction_mode: (!postgres).then_some(mode),
            })
            .await?;
        Ok(Tx {
            inner,
            scope: scope.clone(),
            _turn: turn,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.pool.ping().await?)
    }

    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }
}

/// One transaction, seen through its caller's scope. Rolled back unless [`Tx::commit`] is called.
pub struct Tx {
    inner: DatabaseTransaction,
    scope: Scope,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    /// Who acts, for whom.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.inner.get_database_backend()
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// Whatever the database says; then nothing was stored.
    pub async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }

    fn select<E: Visible>(&self) -> Select<E> {
        E::find().filter(E::visible_to(&self.scope))
    }

    /// The row with that primary key.
    ///
    /// # Errors
    /// `NotFound` where there is none, or it is not the caller's.
    pub async fn get<E: Visible>(
        &self,
        key: <E::PrimaryKey as PrimaryKeyTrait>::ValueType,
    ) -> Result<E::Model> {
        E::find_by_id(key)
            .filter(E::visible_to(&self.scope))
            .one(&self.inner)
            .await?
            .ok_or(Error::NotFound)
    }

    /// The first row that `refine` leaves.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn one<E: Visible>(
        &self,
        refine: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Option<E::Model>> {
        Ok(refine(self.select::<E>()).one(&self.inner).await?)
    }

    /// The rows that `refine` leaves, in its order.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn all<E: Visible>(
        &self,
        refine: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Vec<E::Model>> {
        Ok(refine(self.select::<E>()).all(&self.inner).await?)
    }

    /// How many rows `refine` leaves.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn count<E: Visible>(
        &self,
        refine: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<u64>
    where
        E::Model: Send + Sync,
    {
        Ok(refine(self.select::<E>()).count(&self.inner).await?)
    }

    /// Columns, sums and joins of the rows that `refine` leaves, each as an `R`.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn report<E: Visible, R: FromQueryResult + Send + Sync>(
        &self,
        refine: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Vec<R>> {
        Ok(refine(self.select::<E>())
            .into_model::<R>()
            .all(&self.inner)
            .await?)
    }

    /// Inserts a row. One that would belong to an account out of reach is refused.
    ///
    /// # Errors
    /// `NotFound` out of reach; `Internal` where a constraint is broken.
    pub async fn insert<A>(&self, row: A) -> Result<()>
    where
        A: ActiveModelTrait,
        A::Entity: Visible,
    {
        self.insert_all([row]).await
    }

    /// Inserts rows, in as few statements as bind limits allow.
    ///
    /// # Errors
    /// As [`Tx::insert`].
    pub async fn insert_all<A>(&self, rows: impl IntoIterator<Item = A>) -> Result<()>
    where
        A: ActiveModelTrait,
        A::Entity: Visible,
    {
        // 32 766 binds on SQLite; the widest table has fewer than 32 columns.
        let mut chunk = Vec::new();
        for row in rows {
            self.check_owner(&row)?;
            chunk.push(row);
            if chunk.len() == 1_000 {
                let full = std::mem::take(&mut chunk);
                A::Entity::insert_many(full)
                    .exec_without_returning(&self.inner)
                    .await?;
            }
        }
        if !chunk.is_empty() {
            A::Entity::insert_many(chunk)
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(())
    }

    /// Inserts rows; where a key of theirs is taken, `taken` says what becomes of the row there.
    /// The key must hold something of the account's own, or it would reach into another's row.
    ///
    /// # Errors
    /// As [`Tx::insert`].
    pub async fn put_all<A>(
        &self,
        rows: impl IntoIterator<Item = A>,
        taken: &sea_orm::sea_query::OnConflict,
    ) -> Result<()>
    where
        A: ActiveModelTrait,
        A::Entity: Visible,
    {
        let rows: Vec<A> = rows.into_iter().collect();
        for row in &rows {
            self.check_owner(row)?;
        }
        for chunk in rows.chunks(1_000) {
            A::Entity::insert_many(chunk.to_vec())
                .on_conflict(taken.clone())
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(())
    }

    fn check_owner<A>(&self, row: &A) -> Result<()>
    where
        A: ActiveModelTrait,
        A::Entity: Visible,
    {
        let Some(column) = <A::Entity as Visible>::owner() else {
            return Ok(());
        };
        match self.scope.reach {
            Reach::Brand | Reach::System => Ok(()),
            Reach::Account { id, .. } => {
                let owner = row.get(column).into_value();
                if owner == Some(Value::from(id.0)) {
                    Ok(())
                } else {
                    Err(Error::NotFound)
                }
            }
            // A KAM writes for an account by acting for it, which is a scope of that account.
            Reach::Portfolio(_) => Err(Error::NotFound),
        }
    }

    /// Updates the row with the primary key of `row`, if the caller sees it.
    ///
    /// # Errors
    /// `NotFound` otherwise.
    pub async fn update<A>(&self, row: A) -> Result<()>
    where
        A: ActiveModelTrait,
        A::Entity: Visible,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        let touched = self
            .change::<A::Entity>(|mut update| {
                for key in <A::Entity as EntityTrait>::PrimaryKey::iter() {
                    let column = key.into_column();
                    if let Some(value) = row.get(column).into_value() {
                        update = update.filter(sea_orm::ColumnTrait::eq(&column, value));
                    }
                }
                update.set(row.clone())
            })
            .await?;
        if touched == 1 {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// A conditional update: how many of the caller's rows it touched.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn change<E: Visible>(
        &self,
        refine: impl FnOnce(sea_orm::UpdateMany<E>) -> sea_orm::UpdateMany<E>,
    ) -> Result<u64> {
        let update = refine(E::update_many().filter(E::visible_to(&self.scope)));
        Ok(update.exec(&self.inner).await?.rows_affected)
    }

    /// Deletes those of the caller's rows that `refine` leaves; says how many.
    ///
    /// # Errors
    /// Whatever the database says, such as history that hangs on a row.
    pub async fn delete<E: Visible>(
        &self,
        refine: impl FnOnce(sea_orm::DeleteMany<E>) -> sea_orm::DeleteMany<E>,
    ) -> Result<u64> {
        let delete = refine(E::delete_many().filter(E::visible_to(&self.scope)));
        Ok(delete.exec(&self.inner).await?.rows_affected)
    }

    /// The next number of a series, without gaps among what is committed.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn next_number(&self, series: &str) -> Result<i64> {
        let sql = "INSERT INTO counters (name, value) VALUES ($1, 1) \
                   ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value";
        let row = self
            .inner
            .query_one_raw(self.statement(sql, [series.into()]))
            .await?;
        let row = row.ok_or_else(|| DbErr::Custom("no counter".into()))?;
        Ok(row.try_get_by_index(0)?)
    }

    /// The counter's value; 0 where it has never been used.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn counter(&self, name: &str) -> Result<i64> {
        let sql = "SELECT value FROM counters WHERE name = $1";
        let row = self
            .inner
            .query_one_raw(self.statement(sql, [name.into()]))
            .await?;
        Ok(match row {
            Some(row) => row.try_get_by_index(0)?,
            None => 0,
        })
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), sql, values)
    }

    /// Rows of a hand-written query, for the few that the builder cannot say (`$1`, `$2` … on both
    /// databases). It is not scoped: the query itself must name the account it is for.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>> {
        Ok(self
            .inner
            .query_all_raw(self.statement(sql, values))
            .await?)
    }

    /// Rows whatever the caller may see: for what is theirs to know in effect, though not in its
    /// rows, such as the promotions that reach them.
    pub(crate) async fn all_as_system<E: Visible>(
        &self,
        refine: impl FnOnce(Select<E>) -> Select<E>,
    ) -> Result<Vec<E::Model>> {
        Ok(refine(E::find()).all(&self.inner).await?)
    }

    /// As [`Tx::rows`], for a statement that writes; says how many rows it touched.
    pub(crate) async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64> {
        Ok(self
            .inner
            .execute_raw(self.statement(sql, values))
            .await?
            .rows_affected())
    }
}

/// `$3, $4, $5`: `count` placeholders from `first` on.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 5);
    for at in first..first + count {
        if at > first {
            text.push_str(", ");
        }
        text.push('$');
        text.push_str(&at.to_string());
    }
    text
}

/// Whether the database refused because a unique key is taken.
pub(crate) fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}
