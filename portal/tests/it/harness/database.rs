//! Databases: one is migrated and filled a run, every case gets a copy of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use portal::db::{Db, migrate};
use sea_orm::sea_query::Value;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DbErr,
    QueryResult, Statement,
};
use tokio::sync::OnceCell;

use super::world;

/// Which database a case runs on.
pub enum Backend {
    Sqlite,
    /// The server's URL, without a database.
    Postgres(String),
}

/// The server of `KONTOR_TEST_POSTGRES`, without the database that it may name.
pub fn postgres_server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no settings of their own"
    )]
    let url = std::env::var("KONTOR_TEST_POSTGRES")
        .ok()
        .filter(|url| !url.is_empty())?;
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(format!("{scheme}://{host}"))
}

/// A case's own database.
pub struct Copy {
    /// As `DATABASE_URL` has it.
    pub url: String,
    kind: Kind,
}

enum Kind {
    File(PathBuf),
    Server { admin: String, name: String },
}

static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();
static COPIES: AtomicU32 = AtomicU32::new(0);

impl Copy {
    /// Copies the filled database.
    pub async fn make(backend: &Backend) -> Copy {
        let number = COPIES.fetch_add(1, Ordering::SeqCst);
        match backend {
            Backend::Sqlite => {
                let template = SQLITE.get_or_init(sqlite_template).await;
                let folder = run_folder().join(number.to_string());
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::copy(template, folder.join("kontor.db")).unwrap();
                Copy::file(folder)
            }
            Backend::Postgres(server) => {
                let template = POSTGRES
                    .get_or_init(|| postgres_template(server.clone()))
                    .await
                    .clone();
                let name = format!("kontor_it_{}_{number}", std::process::id());
                Copy::on_server(server, name, Some(template)).await
            }
        }
    }

    /// An empty database, not even migrated.
    pub async fn empty(backend: &Backend) -> Copy {
        let number = COPIES.fetch_add(1, Ordering::SeqCst);
        match backend {
            Backend::Sqlite => {
                let folder = run_folder().join(number.to_string());
                std::fs::create_dir_all(&folder).unwrap();
                Copy::file(folder)
            }
            Backend::Postgres(server) => {
                let name = format!("kontor_it_{}_{number}", std::process::id());
                Copy::on_server(server, name, None).await
            }
        }
    }

    fn file(folder: PathBuf) -> Copy {
        let url = format!("sqlite://{}", folder.join("kontor.db").display());
        Copy {
            url,
            kind: Kind::File(folder),
        }
    }

    async fn on_server(server: &str, name: String, template: Option<String>) -> Copy {
        let admin = format!("{server}/postgres");
        let sql = Sql::connect(&admin).await;
        let from = template.map_or_else(String::new, |name| format!(" TEMPLATE {name}"));
        sql.run(&format!("CREATE DATABASE {name}{from}"), [])
            .await
            .unwrap();
        Copy {
            url: format!("{server}/{name}"),
            kind: Kind::Server { admin, name },
        }
    }

    /// A folder of the case's own.
    pub fn folder(&self) -> PathBuf {
        match &self.kind {
            Kind::File(folder) => folder.clone(),
            Kind::Server { name, .. } => run_folder().join(name),
        }
    }

    /// Removes the database.
    pub async fn remove(self) {
        let folder = self.folder();
        if let Kind::Server { admin, name } = &self.kind {
            let sql = Sql::connect(admin).await;
            sql.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), [])
                .await
                .unwrap();
        }
        // The server's last connection may still write beside the file; the next run clears up.
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// A folder for this run; those of runs that are over go.
fn run_folder() -> PathBuf {
    let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("it");
    let own = all.join(std::process::id().to_string());
    if !own.exists() {
        for other in std::fs::read_dir(&all).into_iter().flatten().flatten() {
            if !is_running(&other.file_name().to_string_lossy()) {
                let _ = std::fs::remove_dir_all(other.path());
            }
        }
        std::fs::create_dir_all(&own).unwrap();
    }
    own
}

fn is_running(process: &str) -> bool {
    process == std::process::id().to_string() || PathBuf::from("/proc").join(process).exists()
}

async fn sqlite_template() -> PathBuf {
    let folder = run_folder();
    let raw = folder.join("raw.db");
    let url = format!("sqlite://{}", raw.display());
    fill(&url).await;
    // A copy in one piece, whatever still stands in the write-ahead log.
    let whole = folder.join("template.db");
    let sql = Sql::connect(&url).await;
    sql.run(&format!("VACUUM INTO '{}'", whole.display()), [])
        .await
        .unwrap();
    whole
}

async fn postgres_template(server: String) -> String {
    let admin = Sql::connect(&format!("{server}/postgres")).await;
    let old = "SELECT datname FROM pg_database WHERE datname LIKE 'kontor_it_%'";
    for name in admin.texts(old).await {
        let process = name
            .trim_start_matches("kontor_it_")
            .split('_')
            .next()
            .unwrap_or_default();
        if !is_running(process) {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            admin.run(&drop, []).await.unwrap();
        }
    }
    let name = format!("kontor_it_{}_template", std::process::id());
    admin
        .run(&format!("CREATE DATABASE {name}"), [])
        .await
        .unwrap();
    fill(&format!("{server}/{name}")).await;
    // A template is copied only while nobody is connected to it.
    let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
    admin
        .run(
            &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
            [],
        )
        .await
        .unwrap();
    admin.run(close, [name.clone().into()]).await.unwrap();
    name
}

async fn fill(url: &str) {
    let db = Db::connect(url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let sql = Sql::connect(url).await;
    world::fill(&db, &sql).await;
    // Cases read pages in English, whoever opens them.
    sql.run("UPDATE users SET locale = 'en'", []).await.unwrap();
}

/// A connection of the tests' own, for what no page shows. Its statements are written for both
/// databases, with `$1`, `$2` for values.
pub struct Sql {
    db: DatabaseConnection,
}

impl Sql {
    /// Connects beside the server.
    pub async fn connect(url: &str) -> Sql {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Sql {
            db: Database::connect(options).await.unwrap(),
        }
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DatabaseBackend::Postgres
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }

    /// Runs a statement; says how many rows it touched.
    pub async fn run(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, DbErr> {
        Ok(self
            .db
            .execute_raw(self.statement(sql, values))
            .await?
            .rows_affected())
    }

    /// The rows of a query.
    pub async fn rows(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Vec<QueryResult> {
        let rows = self.db.query_all_raw(self.statement(sql, values)).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first column of every row, which is text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql, []).await;
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }

    /// The first column of the first row, which is text.
    pub async fn text(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> String {
        let rows = self.rows(sql, values).await;
        let row = rows.first().unwrap_or_else(|| panic!("no row: {sql}"));
        row.try_get_by_index(0).unwrap()
    }

    /// The first column of the first row, which is a whole number.
    pub async fn number(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let rows = self.rows(sql, values).await;
        rows[0].try_get_by_index(0).unwrap()
    }

    /// How many rows each table has.
    pub async fn row_counts(&self) -> Vec<(String, i64)> {
        let mut counts = Vec::new();
        for table in self.tables().await {
            let rows = self
                .number(&format!("SELECT count(*) FROM {table}"), [])
                .await;
            counts.push((table, rows));
        }
        counts
    }

    /// Every table of the schema.
    pub async fn tables(&self) -> Vec<String> {
        let sql = if self.is_postgres() {
            "SELECT table_name::text FROM information_schema.tables \
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' ORDER BY 1"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' \
             AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations' ORDER BY 1"
        };
        self.texts(sql).await
    }
}
