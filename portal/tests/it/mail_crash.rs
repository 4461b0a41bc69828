//! A campaign's mails reach everybody, although the mail server is killed and started again while
//! they leave, one of two workers is killed outright again and again, and orders are placed.
//!
//! The real binary works; the mail server is the tests' own. Who got a mail twice is counted: it may
//! only be one that the server had taken when somebody was killed, and that was not yet written
//! down. `KONTOR_MAILS` says how many mails (600), `KONTOR_KILLS` how often something is killed (5).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sea_query::Value;
use serde_json::json;
use uuid::Uuid;

use crate::crash::{Program, refuse_nothing};
use crate::harness::database::{Backend, Sql, postgres_server};
use crate::harness::installed::{Installed, Running, setting};
use crate::harness::skip;
use crate::harness::smtp::Smtp;

/// How long the last mails may take: a killed worker's wait for their claim to run out, those that
/// were put off for their next try.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of so many recipients one is put off by the server the first time.
const PUT_OFF: u64 = 40;
/// When the mails were written: some time ago.
const THEN: i64 = 1_700_000_000_000;
/// So many are refused for good.
const REFUSED: u64 = 3;

#[test]
fn sqlite() {
    actix_web::rt::System::new().block_on(survive(&Backend::Sqlite));
}

#[test]
fn postgres() {
    match postgres_server() {
        Some(server) => {
            actix_web::rt::System::new().block_on(survive(&Backend::Postgres(server)));
        }
        None => skip(
            "it::mail_crash::postgres",
            "KONTOR_TEST_POSTGRES is not set",
        ),
    }
}

/// What happens, and what is counted on the way.
struct Campaign {
    installed: Installed,
    sql: Sql,
    smtp: Smtp,
    mails: BTreeSet<String>,
    /// Mails that the server had and that nobody had written down when something was killed.
    in_between: usize,
}

async fn survive(backend: &Backend) {
    let count = setting("KONTOR_MAILS").unwrap_or(600);
    let kills = setting("KONTOR_KILLS").unwrap_or(5);
    let installed = Installed::new("mail_crash", backend).await;
    let sql = Sql::connect(installed.database()).await;
    refuse_nothing(&sql).await;
    let server = installed.serve_with(&[("KONTOR_WORKER", "off")]);
    let program = Program::new(&server, &installed.key()).await;
    let mut campaign = Campaign {
        mails: leave_mails(&sql, count).await,
        smtp: Smtp::start(Duration::from_millis(5)),
        installed,
        sql,
        in_between: 0,
    };
    let began = Instant::now();
    let is_over = AtomicBool::new(false);
    let (orders, ()) = futures_util::future::join(
        order(&program, &server, &is_over),
        campaign.go_through(kills, &is_over),
    )
    .await;
    campaign
        .compare(count, kills, orders, began.elapsed())
        .await;
    drop(server);
    campaign.installed.check();
    let Campaign { installed, sql, .. } = campaign;
    drop(sql);
    installed.remove().await;
}

/// Places orders, one after the other, until it is over; says how many. Each is answered.
async fn order(program: &Program, server: &Running, is_over: &AtomicBool) -> u64 {
    let mut placed = 0;
    while !is_over.load(Ordering::SeqCst) {
        placed += 1;
        let (status, order) = program.place(&server.url, placed).await.unwrap();
        assert_eq!(status, 201, "{order}");
        actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    }
    placed
}

impl Campaign {
    fn work(&self) -> Running {
        self.installed.work(&[("SMTP_URL", &self.smtp.url())])
    }

    /// Kills now the mail server, now a worker, as the mails leave.
    async fn go_through(&mut self, kills: u64, is_over: &AtomicBool) {
        let steady = self.work();
        let mut killed = self.work();
        let count = u64::try_from(self.mails.len()).unwrap();
        for kill in 0..kills {
            let far = usize::try_from(count * (kill + 1) / (kills + 2)).unwrap();
            while self.taken() < far {
                actix_web::rt::time::sleep(Duration::from_millis(5)).await;
            }
            if kill % 2 == 0 {
                killed.kill();
                self.look().await;
                killed = self.work();
            } else {
                self.smtp.kill();
                self.look().await;
                // Long enough that nobody is answered, and that lanes rest.
                actix_web::rt::time::sleep(Duration::from_millis(1_500)).await;
                self.smtp.restart();
            }
        }
        let until = Instant::now() + PATIENCE;
        let open = "SELECT count(*) FROM mails WHERE event = 'a campaign' AND state = 'waiting'";
        while self.sql.number(open, []).await > 0 {
            assert!(Instant::now() < until, "mails still wait");
            actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        }
        is_over.store(true, Ordering::SeqCst);
        drop((steady, killed));
    }

    /// Mails of the campaign that the server has.
    fn taken(&self) -> usize {
        let taken = self.smtp.taken();
        taken.keys().filter(|id| self.mails.contains(*id)).count()
    }

    /// Counts what the server has and nobody has written down. What was killed writes no more.
    async fn look(&mut self) {
        let taken = self.smtp.taken();
        let sent = self.sent().await;
        let in_between = taken.keys().filter(|id| self.mails.contains(*id));
        self.in_between += in_between.filter(|id| !sent.contains(*id)).count();
    }

    async fn sent(&self) -> BTreeSet<String> {
        let sql = "SELECT id FROM mails WHERE event = 'a campaign' AND state = 'sent'";
        let rows = self.sql.rows(sql, []).await;
        rows.iter()
            .map(|row| row.try_get_by_index::<Uuid>(0).unwrap().to_string())
            .collect()
    }

    async fn compare(&self, count: u64, kills: u64, orders: u64, took: Duration) {
        let taken = self.smtp.taken();
        let sent = self.sent().await;
        assert_eq!(u64::try_from(sent.len()).unwrap(), count - REFUSED);
        let lost: Vec<_> = sent.iter().filter(|id| !taken.contains_key(*id)).collect();
        assert!(lost.is_empty(), "noted as sent, and never taken: {lost:?}");
        let dead = "SELECT count(*) FROM mails WHERE event = 'a campaign' AND state = 'dead'";
        let dead = self.sql.number(dead, []).await;
        assert_eq!(u64::try_from(dead).unwrap(), REFUSED);
        let twice = taken.iter().filter(|(id, _)| self.mails.contains(*id));
        let twice: u32 = twice.map(|(_, times)| times - 1).sum();
        println!(
            "{count} mails in {:.1} s, {kills} kills, {orders} orders placed meanwhile: 0 lost, \
             {twice} sent twice of {} that were under way at a kill",
            took.as_secs_f64(),
            self.in_between
        );
        assert!(usize::try_from(twice).unwrap() <= self.in_between);
        assert!(orders > 0);
    }
}

/// As a campaign leaves them: mails to people of an account, and a job for each; gives their ids.
async fn leave_mails(sql: &Sql, count: u64) -> BTreeSet<String> {
    let people = |rows: &[(Uuid, String)]| {
        let values = rows.iter().flat_map(|(id, email)| {
            let (id, email): (Value, Value) = ((*id).into(), email.clone().into());
            [id, email]
        });
        values.collect::<Vec<_>>()
    };
    let mut ids = BTreeSet::new();
    let numbers: Vec<u64> = (0..count).collect();
    for chunk in numbers.chunks(100) {
        let rows: Vec<(Uuid, String)> = chunk
            .iter()
            .map(|at| (Uuid::now_v7(), email(*at)))
            .collect();
        let pairs = |more: &str| {
            let pair = |at: usize| format!("(${}, ${}{more})", 2 * at + 1, 2 * at + 2);
            (0..rows.len()).map(pair).collect::<Vec<_>>().join(", ")
        };
        let sql_people = format!(
            "INSERT INTO users (id, email, name, role, account_id, status, locale, created_at) \
             SELECT v.column1, v.column2, 'Ada Adler', 'buyer', \
             (SELECT id FROM accounts ORDER BY number LIMIT 1), 'active', 'en', {THEN} \
             FROM (VALUES {}) AS v",
            pairs("")
        );
        sql.run(&sql_people, people(&rows)).await.unwrap();
        let sql_mails = format!(
            "INSERT INTO mails (id, event, to_email, to_name, user_id, kind, topic, subject, \
             body_text, body_html, state, created_at) \
             SELECT v.column1, 'a campaign', v.column2, 'Ada Adler', v.column1, 'promotion', \
             'promotions', 'A promotion', 'Words.', '<p>Words.</p>', 'waiting', {THEN} \
             FROM (VALUES {}) AS v",
            pairs("")
        );
        sql.run(&sql_mails, people(&rows)).await.unwrap();
        let jobs: Vec<Value> = rows
            .iter()
            .flat_map(|(id, _)| {
                let payload = json!({"kind": "send_mail", "mail": id});
                let (id, payload): (Value, Value) = ((*id).into(), payload.into());
                [id, payload]
            })
            .collect();
        let sql_jobs = format!(
            "INSERT INTO jobs (id, payload, kind, state, run_at, attempts, created_at, lane) \
             VALUES {}",
            pairs(&format!(
                ", 'send_mail', 'waiting', {THEN}, 0, {THEN}, 'bulk_mail'"
            ))
        );
        sql.run(&sql_jobs, jobs).await.unwrap();
        ids.extend(rows.iter().map(|(id, _)| id.to_string()));
    }
    ids
}

fn email(at: u64) -> String {
    match at {
        at if at < REFUSED => format!("gone{at}@shop.example"),
        at if at % PUT_OFF == PUT_OFF - 1 => format!("later{at}@shop.example"),
        at => format!("reader{at}@shop.example"),
    }
}
