//! Killed at any moment, Kontor loses no order that it has confirmed, places none twice, and
//! leaves none half done.
//!
//! The real binary serves a file; programs place orders and keep a journal of what they were told;
//! the process is killed outright, again and again, and started anew. In the end every key of the
//! journal is sent once more, as a program does that has not heard, and the books are compared.
//! `KONTOR_KILLS` says how often (5), `KONTOR_KILL_SEED` repeats a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::database::{Backend, Sql};
use crate::harness::installed::{Installed, Running, setting};

const PROGRAMS: u64 = 4;

/// What a program has sent, and what it was told.
#[derive(Default)]
pub struct Journal {
    /// Keys that were sent, with their answer where one came.
    pub sent: Mutex<BTreeMap<u64, Option<String>>>,
    pub next: AtomicU64,
}

/// A program that places orders.
pub struct Program {
    http: reqwest::Client,
    bearer: String,
    lines: Vec<Value>,
}

impl Program {
    /// One that orders what the shop of `key` may order.
    pub async fn new(server: &Running, key: &str) -> Program {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let bearer = format!("Bearer {key}");
        let products = format!("{}/api/v1/products", server.url);
        let answer = http
            .get(products)
            .header("authorization", &bearer)
            .send()
            .await
            .unwrap();
        let page: Value = answer.json().await.unwrap();
        let priced = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| !p["price"].is_null());
        let line = |product: &Value| {
            let (moq, multiple) = (&product["moq"], &product["multiple"]);
            let (moq, multiple) = (moq.as_i64().unwrap(), multiple.as_i64().unwrap());
            json!({
                "sku": product["sku"],
                "unit": product["order_unit"],
                "quantity": (moq + multiple - 1) / multiple * multiple,
            })
        };
        let lines: Vec<Value> = priced.map(line).collect();
        assert!(lines.len() >= 4, "{page}");
        Program {
            http,
            bearer,
            lines,
        }
    }

    /// Places the order with that number of the journal: always the same for the same number.
    pub async fn place(&self, url: &str, number: u64) -> Option<(u16, Value)> {
        let count = u64::try_from(self.lines.len()).unwrap();
        let pick = |at: u64| self.lines[usize::try_from((number + at) % count).unwrap()].clone();
        let body = json!({"lines": [pick(0), pick(1), pick(2)], "po_number": number.to_string()});
        let request = self
            .http
            .post(format!("{url}/api/v1/orders"))
            .header("authorization", &self.bearer)
            .header("idempotency-key", format!("journal-{number}"))
            .json(&body);
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    /// Places one order after the other until the server is gone.
    async fn work(&self, url: &str, journal: &Journal) {
        loop {
            let number = journal.next.fetch_add(1, Ordering::SeqCst);
            journal.sent.lock().unwrap().insert(number, None);
            let Some((status, order)) = self.place(url, number).await else {
                return;
            };
            assert_eq!(status, 201, "{order}");
            let told = order["number"].as_str().unwrap().to_owned();
            journal.sent.lock().unwrap().insert(number, Some(told));
        }
    }
}

#[test]
fn no_order_is_lost_doubled_or_halved_when_the_process_is_killed() {
    actix_web::rt::System::new().block_on(kill_again_and_again());
}

/// Orders that nobody can fill would be refused, which is not what is tried here. Small orders, and
/// nobody has to look at them.
pub async fn refuse_nothing(sql: &Sql) {
    sql.run("UPDATE accounts SET minimum_order_minor = 0", [])
        .await
        .unwrap();
    sql.run("UPDATE products SET stock_policy = 'back_order'", [])
        .await
        .unwrap();
}

async fn kill_again_and_again() {
    let kills = setting("KONTOR_KILLS").unwrap_or(5);
    let mut chance =
        setting("KONTOR_KILL_SEED").unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
    println!("KONTOR_KILL_SEED={chance} KONTOR_KILLS={kills}");
    let installed = Installed::new("crash", &Backend::Sqlite).await;
    let sql = Sql::connect(installed.database()).await;
    refuse_nothing(&sql).await;
    drop(sql);
    let mut server = installed.serve();
    let program = Program::new(&server, &installed.key()).await;
    let journal = Journal::default();
    for _ in 0..kills {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let moment = Duration::from_millis(50 + (chance >> 33) % 800);
        let url = server.url.clone();
        let work = join_all((0..PROGRAMS).map(|_| program.work(&url, &journal)));
        let killer = async {
            actix_web::rt::time::sleep(moment).await;
            server.kill();
        };
        futures_util::future::join(work, killer).await;
        server = installed.serve();
    }
    compare(&installed, &server, &program, &journal).await;
    server.kill();
    installed.check();
    installed.remove().await;
}

/// Sends everything once more, and looks at what is there.
async fn compare(installed: &Installed, server: &Running, program: &Program, journal: &Journal) {
    let sent = journal.sent.lock().unwrap().clone();
    let told = sent.values().flatten().count();
    println!("{} orders sent, {told} confirmed before a kill", sent.len());
    assert!(told > 0, "nothing was placed before the kills");
    let mut numbers = BTreeSet::new();
    for (number, told) in &sent {
        let (status, order) = program.place(&server.url, *number).await.unwrap();
        assert_eq!(status, 201, "{order}");
        let placed = order["number"].as_str().unwrap().to_owned();
        if let Some(told) = told {
            assert_eq!(
                &placed, told,
                "the confirmed order of key {number} was lost"
            );
        }
        assert!(numbers.insert(placed), "two keys have one order");
    }
    let sql = Sql::connect(installed.database()).await;
    let orders = sql
        .number("SELECT count(*) FROM orders WHERE source = 'api'", [])
        .await;
    assert_eq!(
        orders,
        i64::try_from(sent.len()).unwrap(),
        "an order was placed twice"
    );
    let whole = "SELECT count(*) FROM orders o WHERE o.source = 'api' \
                 AND 3 = (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id \
                 AND l.promotion_id IS NULL) \
                 AND o.line_count = (SELECT count(*) FROM order_lines l \
                 WHERE l.order_id = o.id) \
                 AND o.net_minor - o.freight_minor = (SELECT sum(l.net_minor) FROM order_lines l \
                 WHERE l.order_id = o.id) \
                 AND 1 = (SELECT count(*) FROM order_events e WHERE e.order_id = o.id \
                 AND e.kind = 'placed') AND 1 = (SELECT count(*) FROM order_events e \
                 WHERE e.order_id = o.id AND e.kind = o.state)";
    assert_eq!(sql.number(whole, []).await, orders, "a half order");
    let jobs = "SELECT count(*) FROM jobs j JOIN order_events e ON e.id = j.id \
                WHERE j.kind = 'order_event' AND e.kind = 'placed'";
    assert_eq!(
        sql.number(jobs, []).await,
        orders,
        "an order without its job"
    );
    let twice = "SELECT count(*) FROM (SELECT 1 FROM mails GROUP BY event, to_email \
                 HAVING count(*) > 1) AS twice";
    assert_eq!(sql.number(twice, []).await, 0);
}
