//! One server, one database, one clock for a case; [`both!`] runs it on SQLite and PostgreSQL.

pub mod client;
pub mod database;
pub mod installed;
pub mod smtp;
pub mod world;

use std::io::Write;

use actix_web::web::Data;
use futures_util::FutureExt;
use portal::clock::Clock;
use portal::config::{Config, Environment};
use portal::db::Db;
use portal::mail::{KeptMail, Mailer};
use portal::server;

pub use client::{Answer, Client};
use database::{Backend, Copy};
pub use world::World;

/// Tuesday, 24 November 2026, 09:30 in Berlin: what every case's clock shows at first.
pub const NOW: i64 = 1_795_509_000_000;
/// The password of everybody in the demo world.
pub const PASSWORD: &str = "kontor-demo";

/// With which everything is signed.
pub const SECRET: &str = "a secret of forty characters for testing";

/// Runs a case on both databases: `both! { async fn a_sentence(app) { … } }` makes the tests
/// `a_sentence::sqlite` and `a_sentence::postgres`. The case gets an [`App`] of its own.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($app: &$crate::harness::App) $body

        mod $name {
            #[test]
            fn sqlite() {
                $crate::harness::on_sqlite(super::$name);
            }

            #[test]
            fn postgres() {
                $crate::harness::on_postgres(concat!(module_path!(), "::postgres"), super::$name);
            }
        }
    )*};
}

/// A running Kontor.
pub struct App {
    /// Where it listens, without a slash at the end.
    pub url: String,
    /// The server's own state.
    pub data: Data<portal::app::App>,
    /// The clock it reads.
    pub clock: Clock,
    /// The database, past every scope, for what no page shows.
    pub sql: database::Sql,
    /// Who and what is in it.
    pub world: World,
}

impl App {
    async fn start(copy: &Copy) -> (App, actix_web::dev::ServerHandle) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let bind = listener.local_addr().unwrap().to_string();
        let db = Db::connect(&copy.url).await.unwrap();
        let sender = portal::app::sender(&db).await.unwrap();
        let clock = Clock::fixed(NOW);
        let config = Config {
            environment: Environment::Demo,
            base_url: Some(format!("http://{bind}")),
            bind,
            secret: SECRET.to_owned(),
            database_url: copy.url.clone(),
            smtp_url: None,
            worker: false,
            migrate: false,
            folder: copy.folder(),
            // Endpoints and push services of tests are on this machine.
            private_targets: true,
            bounce_token: Some("a-word-for-bounces".into()),
        };
        let built =
            portal::app::App::build(config, db, clock.clone(), Mailer::memory(sender)).await;
        let data = Data::new(built.unwrap());
        let bound = server::start(data.clone(), listener, 2).unwrap();
        let handle = bound.server.handle();
        let url = format!("http://{}", bound.address);
        actix_web::rt::spawn(bound.server);
        let sql = database::Sql::connect(&copy.url).await;
        let world = World::read(&sql).await;
        (
            App {
                url,
                data,
                clock,
                sql,
                world,
            },
            handle,
        )
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Client {
        Client::new(&self.url)
    }

    /// Signs in by the form, as people do.
    pub async fn sign_in(&self, email: &str) -> Client {
        let client = self.visitor();
        let answer = client.sign_in(email, PASSWORD).await;
        assert_eq!(
            answer.status,
            303,
            "{email} cannot sign in: {}",
            answer.text()
        );
        client
    }

    /// The corner shop's buyer.
    pub async fn as_buyer(&self) -> Client {
        self.sign_in(world::BUYER).await
    }

    /// The corner shop's account admin.
    pub async fn as_owner(&self) -> Client {
        self.sign_in(world::OWNER).await
    }

    /// A buyer of another account, which another KAM looks after.
    pub async fn as_stranger(&self) -> Client {
        self.sign_in(&self.world.stranger.email).await
    }

    /// The corner shop's KAM.
    pub async fn as_kam(&self) -> Client {
        self.sign_in(world::KAM_NORTH).await
    }

    /// A KAM who does not look after the corner shop.
    pub async fn as_other_kam(&self) -> Client {
        self.sign_in(world::KAM_SOUTH).await
    }

    /// Who looks after this Kontor.
    pub async fn as_admin(&self) -> Client {
        self.sign_in(world::ADMIN).await
    }

    /// Does the work that is due, as the worker would; says how much there was.
    pub async fn run_jobs(&self) -> usize {
        portal::jobs::worker::run_due(&self.data).await.unwrap()
    }

    /// The mails that have left so far.
    pub fn mails(&self) -> Vec<KeptMail> {
        self.data.mailer.kept()
    }
}

/// Runs a case against a database of its own in a file.
pub fn on_sqlite(case: impl AsyncFnOnce(&App)) {
    run(Backend::Sqlite, case);
}

/// Runs a case against a database of its own on the server that `KONTOR_TEST_POSTGRES` names.
pub fn on_postgres(name: &str, case: impl AsyncFnOnce(&App)) {
    match database::postgres_server() {
        Some(server) => run(Backend::Postgres(server), case),
        None => skip(name, "KONTOR_TEST_POSTGRES is not set"),
    }
}

/// Says that a test did not run. Past the test runner, which keeps what passing tests print.
pub fn skip(name: &str, why: &str) {
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    let line = format!("skipped: {name}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn run(backend: Backend, case: impl AsyncFnOnce(&App)) {
    let done = actix_web::rt::System::new().block_on(async {
        let copy = Copy::make(&backend).await;
        let (app, server) = App::start(&copy).await;
        let done = std::panic::AssertUnwindSafe(async {
            case(&app).await;
            app.nothing_is_left().await;
        });
        let done = done.catch_unwind().await;
        server.stop(false).await;
        drop(app);
        copy.remove().await;
        done
    });
    if let Err(panic) = done {
        std::panic::resume_unwind(panic);
    }
}

impl App {
    /// For cases that try everything: drops the work they have caused.
    pub async fn forget_jobs(&self) {
        self.sql.run("DELETE FROM jobs", []).await.unwrap();
    }

    /// Work that a case has caused but not looked at is work nobody has tested.
    async fn nothing_is_left(&self) {
        let waiting = self
            .sql
            .texts("SELECT kind FROM jobs WHERE state = 'waiting'")
            .await;
        assert!(waiting.is_empty(), "jobs were left behind: {waiting:?}");
    }
}
