//! Everything that happens to orders, by many people at once, in any order, while the process is
//! killed again and again: what was acknowledged is there, what was refused is not, nothing
//! happened twice, and the books agree.
//!
//! `KONTOR_OPERATIONS` says how many operations there are on each database (500),
//! `KONTOR_STORM_SEED` repeats a run: the same operation is the same number.

mod compare;
mod deeds;
mod ground;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{Either, join_all, select};

use crate::harness::database::{Backend, Sql, postgres_server};
use crate::harness::installed::{Installed, setting};
use deeds::Deed;
use ground::Ground;

/// People and programs at work at the same time.
const AT_ONCE: usize = 8;

/// A number that looks random and is the same each time for the same question.
#[derive(Clone, Copy)]
struct Chance {
    seed: u64,
}

impl Chance {
    fn of(self, operation: u64, question: u64) -> u64 {
        let mut x = self.seed ^ operation.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (question << 56);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// One of `0..count`.
    fn below(self, operation: u64, question: u64, count: usize) -> usize {
        let count = u64::try_from(count).unwrap();
        usize::try_from(self.of(operation, question) % count).unwrap()
    }
}

/// What somebody did, and what they were told; nothing where the process died before it answered.
struct Entry {
    deed: Deed,
    told: Option<u16>,
    /// The order that the answer names.
    order: Option<String>,
}

#[derive(Default)]
struct Journal {
    next: AtomicU64,
    entries: Mutex<Vec<Entry>>,
}

/// Does one thing after the other until there is nothing left to do, or the process is gone.
async fn work(ground: &Ground, url: &str, chance: Chance, journal: &Journal, total: u64) {
    loop {
        let operation = journal.next.fetch_add(1, Ordering::SeqCst);
        if operation >= total {
            return;
        }
        for entry in deeds::perform(ground, url, chance, operation).await {
            if let Some(told) = entry.told {
                assert!(
                    told < 500,
                    "operation {operation}: {told} for {:?}",
                    entry.deed
                );
            }
            let gone = entry.told.is_none();
            journal.entries.lock().unwrap().push(entry);
            if gone {
                return;
            }
        }
    }
}

async fn storm(backend: Backend, name: &str) {
    let total = setting("KONTOR_OPERATIONS").unwrap_or(500);
    let seed = setting("KONTOR_STORM_SEED").unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    println!("{name}: KONTOR_STORM_SEED={seed} KONTOR_OPERATIONS={total}");
    let chance = Chance { seed };
    let installed = Installed::new(name, &backend).await;
    let mut ground = Ground::lay(&installed).await;
    let mut server = installed.serve();
    ground.sign_in(&server.url).await;
    let journal = Journal::default();
    let began = Instant::now();
    let mut kills = 0;
    while journal.next.load(Ordering::SeqCst) < total {
        let url = server.url.clone();
        let moment = Duration::from_millis(200 + chance.of(kills, 99) % 2_500);
        let workers = join_all((0..AT_ONCE).map(|_| work(&ground, &url, chance, &journal, total)));
        let workers = std::pin::pin!(workers);
        let killer = std::pin::pin!(actix_web::rt::time::sleep(moment));
        if let Either::Right(((), workers)) = select(workers, killer).await {
            server.kill();
            kills += 1;
            workers.await;
            server = installed.serve();
        }
    }
    let took = began.elapsed();
    // Restarted once more, so that what is past its time is ended.
    server.kill();
    let mut server = installed.serve();
    let sql = Sql::connect(installed.database()).await;
    let entries = journal.entries.into_inner().unwrap();
    compare::say(&entries, name, kills, took);
    compare::with_the_books(&sql, &entries).await;
    server.kill();
    drop((sql, ground));
    installed.check();
    installed.remove().await;
}

#[test]
fn many_people_do_everything_at_once_while_sqlite_is_killed() {
    actix_web::rt::System::new().block_on(storm(Backend::Sqlite, "SQLite"));
}

#[test]
fn many_people_do_everything_at_once_on_postgres_while_kontor_is_killed() {
    match postgres_server() {
        Some(server) => {
            actix_web::rt::System::new().block_on(storm(Backend::Postgres(server), "PostgreSQL"))
        }
        None => crate::harness::skip("it::storm::postgres", "KONTOR_TEST_POSTGRES is not set"),
    }
}
