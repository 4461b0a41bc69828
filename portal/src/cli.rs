//! What the commands of `kontor` do. Errors end the command with one readable line.

pub mod brand;
pub mod keys;
pub mod mail;
pub mod train;
pub mod users;

use std::io::IsTerminal;
use std::sync::Arc;

use actix_web::web::Data;
use tokio::sync::watch;

use crate::app::{self, App};
use crate::check as books;
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::db::{Db, migrate};
use crate::jobs::worker;
use crate::mail::Mailer;
use crate::server;
use crate::suggestions::{follow, store};

/// What is logged unless `RUST_LOG` says otherwise. A request that is no HTTP is the sender's
/// fault: anybody could fill the log with it.
const QUIET: &str = "info,sqlx=warn,tantivy=warn,actix_server=warn,actix_http::h1::dispatcher=off";

/// Starts the log: JSON in production is a matter of `RUST_LOG` and the collector; people read
/// plain lines.
pub fn start_logging() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(QUIET));
    // Standard output is for answers; colours only where a person reads along.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

async fn build(config: Config, db: Db) -> anyhow::Result<Data<App>> {
    let from = app::sender(&db).await?;
    let mailer =
        Mailer::from_settings(config.smtp_url.as_deref(), config.folder.join("mail"), from)?;
    Ok(Data::new(
        App::build(config, db, Clock::System, mailer).await?,
    ))
}

/// `kontor serve`: migrates and, in the demo, fills an empty database; then serves.
///
/// # Errors
/// The database or the address cannot be had.
pub async fn serve(mut config: Config) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    if config.environment == Environment::Demo && is_empty(&db).await? {
        crate::seed::command::seed(&db, Default::default(), Clock::System.millis()).await?;
    }
    let listener = std::net::TcpListener::bind(&config.bind)
        .map_err(|error| anyhow::anyhow!("cannot listen on {}: {error}", config.bind))?;
    config.bind = listener.local_addr()?.to_string();
    let with_worker = config.worker;
    let app = build(config, db).await?;
    if app.is_demo() {
        crate::api::keys::demo_keys(&app).await?;
    }
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let bound = server::start(app.clone(), listener, workers)?;
    follow::start(&app.clone().into_inner()).await;
    println!("listening on http://{}", bound.address);
    if app.is_demo() {
        print_demo_sign_ins();
    }
    let (stop, stopped) = watch::channel(false);
    let app = app.into_inner();
    actix_web::rt::spawn(let_go(Arc::clone(&app)));
    actix_web::rt::spawn(follow::run(Arc::clone(&app), stopped.clone()));
    let working = with_worker.then(|| actix_web::rt::spawn(worker::run(app, stopped)));
    bound.server.await?;
    // The server has stopped on Ctrl-C or SIGTERM; jobs under way are finished.
    let _ = stop.send(true);
    if let Some(working) = working {
        working.await?;
    }
    Ok(())
}

/// Open pages hold lines that never end; the server waits for all it has, so they end first.
async fn let_go(app: Arc<App>) {
    if asked_to_stop().await.is_ok() {
        app.bell.close();
    }
}

async fn is_empty(db: &Db) -> anyhow::Result<bool> {
    let tx = db.read_system("start").await?;
    Ok(crate::seed::load::is_empty(&tx).await?)
}

fn print_demo_sign_ins() {
    println!(
        "demo sign-ins, all with the password {}:",
        crate::auth::web::DEMO_PASSWORD
    );
    for (email, role, _) in crate::auth::web::DEMO_USERS {
        println!("  {email}  ({role})");
    }
}

/// `kontor worker`: the job worker alone, until Ctrl-C or SIGTERM.
///
/// # Errors
/// The database cannot be had.
pub async fn worker(config: Config) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    let app = build(config, db).await?.into_inner();
    let (stop, stopped) = watch::channel(false);
    actix_web::rt::spawn(follow::run(Arc::clone(&app), stopped.clone()));
    let working = actix_web::rt::spawn(worker::run(app, stopped));
    println!("working");
    asked_to_stop().await?;
    let _ = stop.send(true);
    working.await?;
    Ok(())
}

async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// `kontor migrate`: brings the schema up to date.
///
/// # Errors
/// A migration that fails.
pub async fn migrate(config: Config) -> anyhow::Result<()> {
    let db = Db::connect(&config.database_url).await?;
    let pending = migrate::pending(&db).await?;
    migrate::up(&db).await?;
    println!("the schema is up to date; {pending} migrations ran");
    Ok(())
}

/// `kontor check`: prints the settings without secrets, reaches every service, verifies the books.
///
/// # Errors
/// How much was found; what it is was printed.
pub async fn check(config: Config) -> anyhow::Result<()> {
    println!("{}", config.without_secrets());
    let db = app::open(&config).await?;
    db.ping().await?;
    println!("database: up");
    let mut found = 0;
    let app = build(config, db).await?;
    match app.mailer.reach().await {
        Ok(()) => println!("mail: up"),
        Err(error) => {
            println!("mail: down: {error}");
            found += 1;
        }
    }
    let (model, damaged) = recommender(&app).await?;
    println!("recommender: {model}");
    found += usize::from(damaged);
    for finding in books::books(&app.db).await? {
        println!("books: {finding}");
        found += 1;
    }
    if found > 0 {
        anyhow::bail!("{found} findings");
    }
    println!("books: in order");
    Ok(())
}

/// The newest model in words, and whether it is damaged. That there is none, or one of another
/// version, mends itself: the worker trains.
async fn recommender(app: &App) -> anyhow::Result<(String, bool)> {
    let tx = app.db.read_system("check").await?;
    let heads = store::heads(&tx).await?;
    let Some(newest) = heads.first() else {
        return Ok(("no model yet; `kontor train` makes one".to_owned(), false));
    };
    let hours = (app.clock.millis() - newest.trained_at) / 3_600_000;
    let age = match hours {
        0 => "less than an hour ago".to_owned(),
        1..48 => format!("{hours} h ago"),
        _ => format!("{} days ago", hours / 24),
    };
    let orders = newest.report.orders;
    Ok(match store::fault(&tx, newest).await? {
        None => (
            format!("trained {age} from {orders} orders, checksum right"),
            false,
        ),
        Some(fault) => (format!("trained {age}: {fault}"), newest.readable()),
    })
}

/// `kontor seed demo`: the demo brand into an empty database.
///
/// # Errors
/// A database that is not empty; production, which refuses demo data.
pub async fn seed(
    config: Config,
    arguments: crate::seed::command::Arguments,
) -> anyhow::Result<()> {
    if config.environment == crate::config::Environment::Production {
        anyhow::bail!("KONTOR_ENV=production refuses demo data");
    }
    let db = app::open(&config).await?;
    crate::seed::command::seed(&db, arguments, Clock::System.millis()).await
}

/// `kontor import`: a file into the database.
///
/// # Errors
/// A file that cannot be read, or whose rejected rows kept it out.
pub async fn import(
    config: Config,
    arguments: crate::imports::command::Arguments,
) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    crate::imports::command::import(&db, arguments, Clock::System.millis()).await
}

/// `kontor export`: what is stored, to standard output.
///
/// # Errors
/// A word that is no kind.
pub async fn export(
    config: Config,
    arguments: crate::imports::command::ExportArguments,
) -> anyhow::Result<()> {
    let db = app::open(&config).await?;
    crate::imports::command::export(&db, arguments).await
}
