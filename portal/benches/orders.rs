//! `cargo bench -p portal --bench orders`: durable orders of ten lines, placed by sixteen at once,
//! beside a bare transaction that writes the same rows. Forty promotions are in force, some of them
//! with funds and limits that each order uses; the payer has a credit limit.
//!
//! Budget (docs/benchmarks.md): ≥ 0.3 of the bare transaction's rate. Durability is on in both:
//! SQLite `synchronous = FULL`, PostgreSQL as the server is set up. PostgreSQL is measured where
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

use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use portal::app::App;
use portal::clock::Clock;
use portal::config::Config;
use portal::db::entity::{
    account, account_product, credit_entry, fund_entry, idempotency_key, job, order, order_event,
    order_line, product, promotion_use, stock_movement,
};
use portal::db::words::OrderSource;
use portal::db::{Db, migrate};
use portal::mail::Mailer;
use portal::orders::quote::Wanted;
use portal::orders::submit::{Lines, Submission, submit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, Database, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

const KONTOR: &str = env!("CARGO_BIN_EXE_kontor");
const TIME: Duration = Duration::from_secs(6);
const BUYERS: usize = 16;

fn main() {
    actix_web::rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        measure(
            "SQLite",
            &format!("sqlite://{}/orders.db", folder.path().display()),
        )
        .await;
        if let Ok(server) = std::env::var("KONTOR_TEST_POSTGRES") {
            let name = format!("bench_orders_{}", std::process::id());
            let admin = Database::connect(&server).await.unwrap();
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}"))
                .await
                .unwrap();
            let base = server
                .rsplit_once('/')
                .map_or(server.as_str(), |(base, _)| base);
            measure("PostgreSQL", &format!("{base}/{name}")).await;
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            admin.execute_unprepared(&drop).await.unwrap();
        } else {
            println!("PostgreSQL: skipped, KONTOR_TEST_POSTGRES is not set");
        }
    });
}

async fn measure(name: &str, url: &str) {
    let environment = [("DATABASE_URL", url), ("KONTOR_MIGRATE", "on")];
    let seeded = std::process::Command::new(KONTOR)
        .args(["seed", "demo", "--weeks", "12"])
        .envs(environment)
        .status()
        .unwrap();
    assert!(seeded.success());
    let config = Config::read(|key| match key {
        "DATABASE_URL" => Some(url.to_owned()),
        "KONTOR_SECRET" => Some("0123456789012345678901234567890123456789".to_owned()),
        _ => None,
    })
    .unwrap();
    let db = Db::connect(url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let mailer = Mailer::memory("bench <bench@localhost.localdomain>".parse().unwrap());
    let app = Data::new(App::build(config, db, Clock::System, mailer).await.unwrap());
    let wanted = wanted_lines(&app).await;
    promote(&app, url, &wanted).await;
    let first = place(&app, &wanted, "warm-up").await;
    let cpu = || load::cpu_seconds(std::process::id()) + load::postgres_cpu_seconds();
    let before = cpu();
    let kontor = at_once(|buyer, round| {
        let (app, wanted) = (app.clone(), Rc::clone(&wanted));
        async move {
            place(&app, &wanted, &format!("{buyer}-{round}")).await;
        }
    })
    .await;
    let cost = (cpu() - before) * 1000.0 / (kontor * TIME.as_secs_f64());
    let rows = Rc::new(Rows::of(url, &first).await);
    let writer = Rc::new(tokio::sync::Mutex::new(()));
    let pool = Database::connect(url).await.unwrap();
    let before = cpu();
    let bare = at_once(|_, _| {
        let (rows, pool, writer) = (Rc::clone(&rows), pool.clone(), Rc::clone(&writer));
        async move { rows.write(&pool, &writer).await }
    })
    .await;
    let bare_cost = (cpu() - before) * 1000.0 / (bare * TIME.as_secs_f64());
    println!(
        "\n{name}, orders of {} lines, {BUYERS} at once",
        wanted.len()
    );
    println!("  Kontor: {kontor:.0}/s, {cost:.2} ms processor time an order");
    println!("  bare transaction, the same rows: {bare:.0}/s, {bare_cost:.2} ms");
    println!("  ratio {:.2} (budget 0.3)", kontor / bare);
}

/// How many a second, with so many at once.
async fn at_once<F: Future<Output = ()> + 'static>(work: impl Fn(usize, usize) -> F) -> f64 {
    let work = Rc::new(work);
    let begin = Instant::now();
    let buyers = (0..BUYERS).map(|buyer| {
        let work = Rc::clone(&work);
        async move {
            let mut done = 0;
            while begin.elapsed() < TIME {
                work(buyer, done).await;
                done += 1;
            }
            done
        }
    });
    let done: usize = futures_util::future::join_all(buyers)
        .await
        .into_iter()
        .sum();
    done as f64 / begin.elapsed().as_secs_f64()
}

/// Forty promotions, of which an order uses five, and nothing that holds it up.
async fn promote(app: &App, url: &str, wanted: &[Wanted]) {
    let db = Database::connect(url).await.unwrap();
    for sql in [
        "UPDATE accounts SET credit_limit_minor = 1000000000000, overdue_tolerance_days = 365, \
         minimum_order_minor = 0, review_note = NULL",
        "UPDATE account_products SET times = 1",
        "DELETE FROM approval_rules",
        "UPDATE promotions SET state = 'stopped', stopped_at = 0 WHERE state = 'approved'",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    let run = |sql: &'static str, values: Vec<sea_orm::Value>| {
        let statement =
            sea_orm::Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let db = &db;
        async move { db.execute_raw(statement).await.unwrap() }
    };
    let fund = Uuid::now_v7();
    run(
        "INSERT INTO funds (id, code, name, currency, budget_minor, created_at, updated_at) \
         VALUES ($1, 'BENCH', 'Bench', 'EUR', 1000000000000, 0, 0)",
        vec![fund.into()],
    )
    .await;
    for at in 0..40_usize {
        let id = Uuid::now_v7();
        // Five that apply; the others ask for more than anybody orders.
        let from = if at < 5 { 1 } else { 1_000_000 };
        let mechanic = serde_json::json!({
            "kind": "percent", "off": 100 + at, "from": from, "count_in": "pieces",
        });
        let limit: Option<i64> = (at < 3).then_some(1_000_000_000);
        run(
            "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
             valid_until, audience, fund_id, most_uses, created_by, created_at, updated_at) \
             VALUES ($1, $2, 'Bench', 'approved', $3, 'EUR', '2020-01-01', '2099-01-01', \
             'everybody', $4, $5, 'Bench', 0, 0)",
            vec![
                id.into(),
                format!("BENCH-{at}").into(),
                mechanic.into(),
                (at < 2).then_some(fund).into(),
                limit.into(),
            ],
        )
        .await;
        run(
            "INSERT INTO promotion_items (id, promotion_id, effect, product_id) \
             VALUES ($1, $2, 'include', $3)",
            vec![
                Uuid::now_v7().into(),
                id.into(),
                wanted[at % wanted.len()].product.0.into(),
            ],
        )
        .await;
    }
    let tx = app.db.begin_system("bench").await.unwrap();
    portal::promotions::changed(&tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Ten items that have a price and are never short.
async fn wanted_lines(app: &App) -> Rc<Vec<Wanted>> {
    let tx = app.db.read_system("bench").await.unwrap();
    let account = buyer_account(app).await;
    let whom = portal::orders::quote::ForWhom::load(&tx, app, account.id, None)
        .await
        .unwrap();
    let products = tx
        .all::<product::Entity>(|products| {
            products
                .filter(product::Column::Status.eq("active"))
                .filter(product::Column::StockPolicy.ne("strict"))
                .order_by_asc(product::Column::Sku)
                .limit(60)
        })
        .await
        .unwrap();
    let wanted: Vec<Wanted> = products
        .iter()
        .map(|product| Wanted {
            product: product.id,
            unit: product.order_unit,
            quantity: i64::from(product.moq.max(product.multiple) * product.multiple),
        })
        .collect();
    let quote = portal::orders::quote::quote(&tx, app, &whom, &wanted)
        .await
        .unwrap();
    let good = quote.lines.iter().filter(|line| line.problem.is_none());
    let good: Vec<Wanted> = good.map(|line| line.wanted).take(10).collect();
    assert_eq!(good.len(), 10);
    Rc::new(good)
}

async fn buyer_account(app: &App) -> account::Model {
    let tx = app.db.read_system("bench").await.unwrap();
    tx.all::<account::Entity>(|accounts| {
        accounts
            .filter(account::Column::Status.eq("active"))
            .order_by_asc(account::Column::Number)
            .limit(1)
    })
    .await
    .unwrap()
    .remove(0)
}

async fn place(app: &App, wanted: &Rc<Vec<Wanted>>, key: &str) -> String {
    let account = buyer_account(app).await;
    let tx = app.db.begin_system("bench").await.unwrap();
    let submission = Submission {
        visit_started_at: None,
        account: account.id,
        lines: Lines::Given(wanted.to_vec()),
        source: OrderSource::Api,
        key: format!("{key}-{}", Uuid::now_v7()),
        digest: key.to_owned(),
        expected_total: None,
        shown: vec![],
        expected_free: None,
        ship_to: None,
        po_number: key.into(),
        requested_date: None,
        note: String::new(),
    };
    let placed = submit(&tx, app, &submission).await.unwrap();
    tx.commit().await.unwrap();
    placed.number
}

/// The rows of one order, to be written again under other keys.
struct Rows {
    order: order::Model,
    lines: Vec<order_line::Model>,
    events: Vec<order_event::Model>,
    movements: Vec<stock_movement::Model>,
    credit: Vec<credit_entry::Model>,
    uses: Vec<promotion_use::Model>,
    spent: Vec<fund_entry::Model>,
    job: job::Model,
    products: Vec<account_product::Model>,
    key: idempotency_key::Model,
}

impl Rows {
    async fn of(url: &str, number: &str) -> Rows {
        let db = Database::connect(url).await.unwrap();
        let order = order::Entity::find()
            .filter(order::Column::Number.eq(number))
            .one(&db)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(order.state, trade::order::OrderState::Confirmed);
        Rows {
            credit: credit_entry::Entity::find()
                .filter(credit_entry::Column::OrderId.eq(order.id))
                .all(&db)
                .await
                .unwrap(),
            uses: promotion_use::Entity::find()
                .filter(promotion_use::Column::OrderId.eq(order.id))
                .all(&db)
                .await
                .unwrap(),
            spent: fund_entry::Entity::find()
                .filter(fund_entry::Column::OrderId.eq(order.id))
                .all(&db)
                .await
                .unwrap(),
            lines: order_line::Entity::find()
                .filter(order_line::Column::OrderId.eq(order.id))
                .all(&db)
                .await
                .unwrap(),
            events: order_event::Entity::find()
                .filter(order_event::Column::OrderId.eq(order.id))
                .all(&db)
                .await
                .unwrap(),
            movements: stock_movement::Entity::find()
                .filter(stock_movement::Column::Reference.eq(number))
                .all(&db)
                .await
                .unwrap(),
            job: job::Entity::find()
                .limit(1)
                .one(&db)
                .await
                .unwrap()
                .unwrap(),
            products: account_product::Entity::find()
                .filter(account_product::Column::AccountId.eq(order.account_id))
                .limit(10)
                .all(&db)
                .await
                .unwrap(),
            key: idempotency_key::Entity::find()
                .limit(1)
                .one(&db)
                .await
                .unwrap()
                .unwrap(),
            order,
        }
    }

    async fn write(&self, pool: &sea_orm::DatabaseConnection, writer: &tokio::sync::Mutex<()>) {
        let sqlite = pool.get_database_backend() == sea_orm::DatabaseBackend::Sqlite;
        let _turn = if sqlite {
            Some(writer.lock().await)
        } else {
            None
        };
        let tx = pool
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: sqlite
                    .then_some(sea_orm::SqliteTransactionMode::Immediate),
                ..Default::default()
            })
            .await
            .unwrap();
        let id = trade::id::OrderId(Uuid::now_v7());
        let mut key = self.key.clone();
        key.key = id.to_string();
        idempotency_key::Entity::insert(key.into_active_model())
            .exec_without_returning(&tx)
            .await
            .unwrap();
        let order = order::Model {
            id,
            number: id.to_string(),
            ..self.order.clone()
        };
        order::Entity::insert(order.into_active_model())
            .exec_without_returning(&tx)
            .await
            .unwrap();
        let lines = self.lines.iter().cloned().map(|line| {
            order_line::Model {
                order_id: id,
                ..line
            }
            .into_active_model()
        });
        order_line::Entity::insert_many(lines)
            .exec_without_returning(&tx)
            .await
            .unwrap();
        let events = self.events.iter().cloned().map(|event| {
            order_event::Model {
                id: Uuid::now_v7(),
                order_id: id,
                ..event
            }
            .into_active_model()
        });
        order_event::Entity::insert_many(events)
            .exec_without_returning(&tx)
            .await
            .unwrap();
        if !self.movements.is_empty() {
            let movements = self.movements.iter().cloned().map(|movement| {
                stock_movement::Model {
                    id: Uuid::now_v7(),
                    ..movement
                }
                .into_active_model()
            });
            stock_movement::Entity::insert_many(movements)
                .exec_without_returning(&tx)
                .await
                .unwrap();
        }
        self.write_books(&tx, id).await;
        for product in &self.products {
            account_product::Entity::update_many()
                .filter(account_product::Column::AccountId.eq(product.account_id))
                .filter(account_product::Column::ProductId.eq(product.product_id))
                .col_expr(account_product::Column::Times, product.times.into())
                .exec(&tx)
                .await
                .unwrap();
        }
        let job = job::Model {
            id: Uuid::now_v7(),
            state: "done".into(),
            ..self.job.clone()
        };
        job::Entity::insert(job.into_active_model())
            .exec_without_returning(&tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Credit, promotions and funds, each with its sum.
    async fn write_books(&self, tx: &sea_orm::DatabaseTransaction, id: trade::id::OrderId) {
        let sum = async |sql: &str, key: Uuid, minor: i64| {
            let backend = tx.get_database_backend();
            let values: [sea_orm::Value; 2] = [minor.into(), key.into()];
            let statement = sea_orm::Statement::from_sql_and_values(backend, sql, values);
            tx.execute_raw(statement).await.unwrap();
        };
        for entry in &self.credit {
            let row = credit_entry::Model {
                id: Uuid::now_v7(),
                cause: format!("bare {id}"),
                order_id: Some(id),
                ..entry.clone()
            };
            credit_entry::Entity::insert(row.into_active_model())
                .exec_without_returning(tx)
                .await
                .unwrap();
            let sql = "UPDATE credit_accounts SET confirmed_minor = confirmed_minor + $1 \
                       WHERE account_id = $2";
            sum(sql, entry.account_id.0, entry.confirmed_minor).await;
        }
        for used in &self.uses {
            let row = promotion_use::Model {
                order_id: id,
                ..used.clone()
            };
            promotion_use::Entity::insert(row.into_active_model())
                .exec_without_returning(tx)
                .await
                .unwrap();
            let sql = "UPDATE promotions SET uses = uses + 1, spent_minor = spent_minor + $1 \
                       WHERE id = $2";
            sum(sql, used.promotion_id.0, used.spend_minor).await;
        }
        for spent in &self.spent {
            let row = fund_entry::Model {
                id: Uuid::now_v7(),
                order_id: id,
                ..spent.clone()
            };
            fund_entry::Entity::insert(row.into_active_model())
                .exec_without_returning(tx)
                .await
                .unwrap();
            let sql = "UPDATE funds SET committed_minor = committed_minor + $1 WHERE id = $2";
            sum(sql, spent.fund_id.0, spent.committed_minor).await;
        }
    }
}
