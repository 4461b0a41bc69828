//! `cargo bench -p portal --bench mail`: mails rendered, stored and handed to a local mail server by
//! the real worker, beside a bare lettre loop that sends one finished message as often, over as many
//! connections, to the same server in the same run.
//!
//! Budget (docs/benchmarks.md): ≥ 0.5 of the bare loop's rate. `KONTOR_BENCH_MAILS` says how many
//! mails (5,000; the figure in the docs is of 50,000). PostgreSQL is measured where
//! `KONTOR_TEST_POSTGRES` names a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise"
)]

mod load;

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use portal::app::App;
use portal::clock::Clock;
use portal::config::Config;
use portal::db::entity::user;
use portal::db::words::Topic;
use portal::db::{Db, migrate};
use portal::jobs::outbox::{self, Letter};
use portal::jobs::worker;
use portal::mail::Mailer;
use portal::messages::frame::MailFrame;
use portal::orders::mail_view::OrderConfirmationMail;
use portal::web::locale::Lang;
use portal::web::page::View;
use sea_orm::{ConnectionTrait, Database, Statement};
use tokio::sync::watch;

const KONTOR: &str = env!("CARGO_BIN_EXE_kontor");
/// Many, for lettre writes a message and its end apart, on a connection without `TCP_NODELAY`: where
/// the server waits before it acknowledges, each mail takes 40 ms however little there is to do.
const CONNECTIONS: usize = 100;
/// Mails written in one transaction, as a campaign does.
const AT_ONCE: usize = 200;

fn main() {
    if std::env::args().any(|argument| argument == "--sink") {
        sink();
        return;
    }
    let count = std::env::var("KONTOR_BENCH_MAILS").ok();
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(5_000);
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}/mail.db", folder.path().display());
    actix_web::rt::System::new().block_on(async {
        measure("SQLite", &sqlite, count).await;
        let Ok(server) = std::env::var("KONTOR_TEST_POSTGRES") else {
            println!("PostgreSQL: left out, KONTOR_TEST_POSTGRES is not set");
            return;
        };
        let name = format!("bench_mail_{}", std::process::id());
        let admin = Database::connect(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        admin.execute_unprepared(&create).await.unwrap();
        let base = server
            .rsplit_once('/')
            .map_or(server.as_str(), |(base, _)| base);
        measure("PostgreSQL", &format!("{base}/{name}"), count).await;
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        admin.execute_unprepared(&drop).await.unwrap();
    });
}

async fn measure(name: &str, url: &str, count: usize) {
    let program = std::env::current_exe().unwrap();
    let sink = load::Server::start(program.to_str().unwrap(), &["--sink"], &[]);
    let seeded = std::process::Command::new(KONTOR)
        .args(["seed", "demo", "--weeks", "2"])
        .envs([("DATABASE_URL", url), ("KONTOR_MIGRATE", "on")])
        .status()
        .unwrap();
    assert!(seeded.success());
    let smtp = format!("smtp://{}?connections={CONNECTIONS}", sink.address);
    let app = app(url, &smtp).await;
    println!("\n{name}, {count} mails of an order, {CONNECTIONS} connections");

    let cpu = || load::cpu_seconds(std::process::id()) + load::postgres_cpu_seconds();
    let (begin, before) = (Instant::now(), cpu());
    let (bare, bytes) = bare(&app, &sink.address, count).await;
    let bare_cost = (cpu() - before) * 1_000.0 / count as f64;
    println!(
        "  bare lettre loop, one message of {:.1} KiB: {bare:.0}/s, {bare_cost:.2} ms processor time a mail ({:.1} s)",
        bytes as f64 / 1_024.0,
        begin.elapsed().as_secs_f64()
    );

    let (stop, stopped) = watch::channel(false);
    let working = actix_web::rt::spawn(worker::run(Arc::clone(&app), stopped));
    let (begin, before) = (Instant::now(), cpu());
    write(&app, count).await;
    let written = begin.elapsed();
    wait_for_the_last(url).await;
    let took = begin.elapsed();
    let cost = (cpu() - before) * 1_000.0 / count as f64;
    let kontor = count as f64 / took.as_secs_f64();
    println!(
        "  Kontor, rendered, stored, sent and noted: {kontor:.0}/s, {cost:.2} ms processor time a mail ({:.1} s, the last written after {:.1} s)",
        took.as_secs_f64(),
        written.as_secs_f64()
    );
    println!("  ratio {:.2} (budget 0.5)", kontor / bare);
    stop.send(true).unwrap();
    working.await.unwrap();
}

async fn app(url: &str, smtp: &str) -> Arc<App> {
    let config = Config::read(|key| match key {
        "DATABASE_URL" => Some(url.to_owned()),
        "KONTOR_SECRET" => Some("0123456789012345678901234567890123456789".to_owned()),
        _ => None,
    })
    .unwrap();
    let db = Db::connect(url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let from = "bench <bench@localhost.localdomain>".parse().unwrap();
    let mailer = Mailer::from_settings(Some(smtp), "unused".into(), from).unwrap();
    Arc::new(App::build(config, db, Clock::System, mailer).await.unwrap())
}

fn view() -> OrderConfirmationMail {
    OrderConfirmationMail::samples().swap_remove(0).1
}

/// As little as there can be: one message, put together once.
async fn bare(app: &App, address: &str, count: usize) -> (f64, usize) {
    let frame = MailFrame::sample(Some(Topic::Orders));
    let words = app.templates.email(&view(), Lang::En, &frame).unwrap();
    let (host, port) = address.rsplit_once(':').unwrap();
    let relay = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(port.parse().unwrap())
        .pool_config(PoolConfig::new().max_size(CONNECTIONS as u32))
        .build();
    let message = lettre::Message::builder()
        .from("bench@localhost.localdomain".parse().unwrap())
        .to("reader@shop.example".parse().unwrap())
        .subject(words.subject)
        .multipart(lettre::message::MultiPart::alternative_plain_html(
            words.text, words.html,
        ))
        .unwrap();
    let (envelope, bytes) = (message.envelope().clone(), message.formatted());
    let begin = Instant::now();
    let senders = (0..CONNECTIONS).map(|sender| {
        let (relay, envelope, bytes) = (&relay, &envelope, &bytes);
        async move {
            for _ in (sender..count).step_by(CONNECTIONS) {
                relay.send_raw(envelope, bytes).await.unwrap();
                // Or lettre would open another connection while this one goes back to the pool.
                tokio::task::yield_now().await;
            }
        }
    });
    join_all(senders).await;
    let rate = count as f64 / begin.elapsed().as_secs_f64();
    (rate, bytes.len())
}

/// Renders and stores mails to the demo's people.
async fn write(app: &App, count: usize) {
    let tx = app.db.read_system("bench").await.unwrap();
    let people = tx.all::<user::Entity>(|all| all).await.unwrap();
    drop(tx);
    let people: Vec<_> = people.iter().filter(|p| p.account_id.is_some()).collect();
    let numbers: Vec<usize> = (0..count).collect();
    for chunk in numbers.chunks(AT_ONCE) {
        let tx = app.db.begin_system("bench").await.unwrap();
        for number in chunk {
            let letter = Letter {
                event: &format!("bench/{number}"),
                kind: "bench",
                account: None,
                topic: Some(Topic::Orders),
                follows: None,
            };
            let to = people[number % people.len()];
            outbox::post(app, &tx, letter, to, &view()).await.unwrap();
        }
        tx.commit().await.unwrap();
        app.wake.notify_one();
    }
}

async fn wait_for_the_last(url: &str) {
    let looking = Database::connect(url).await.unwrap();
    let sql = "SELECT 1 FROM mails WHERE kind = 'bench' AND state = 'waiting' LIMIT 1";
    let any = || Statement::from_string(looking.get_database_backend(), sql);
    while looking.query_one_raw(any()).await.unwrap().is_some() {
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A mail server that takes everything and keeps nothing.
fn sink() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || swallow(stream));
    }
}

fn swallow(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut answers = BufWriter::new(stream.try_clone()?);
    let mut lines = BufReader::with_capacity(65_536, stream);
    answers.write_all(b"220 sink\r\n")?;
    answers.flush()?;
    let mut line = Vec::new();
    let mut in_message = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match (in_message, line.as_slice()) {
            (true, b".\r\n") => {
                in_message = false;
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, line) if line.starts_with(b"DATA") => {
                in_message = true;
                b"354 go on\r\n"
            }
            (false, line) if line.starts_with(b"EHLO") => b"250-sink\r\n250 8BITMIME\r\n",
            (false, line) if line.starts_with(b"QUIT") => b"221 bye\r\n",
            (false, _) => b"250 well\r\n",
        };
        answers.write_all(answer)?;
        answers.flush()?;
    }
}
