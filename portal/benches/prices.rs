//! `cargo bench -p portal --bench prices`: the price of 500 items for one account among 2,000 price
//! lists and 5,000,000 price rows.
//!
//! Budget (docs/benchmarks.md): p95 ≤ 50 ms. What an answer costs depends on the lists of this
//! account only. PostgreSQL is measured where `KONTOR_TEST_POSTGRES` names a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "a bench stops at the first surprise"
)]

mod load;

use std::collections::HashMap;
use std::time::Instant;

use portal::catalogue::article::ArticleUnit;
use portal::catalogue::{Article, article, reference::ReferenceCache};
use portal::db::{Db, migrate};
use portal::pricing::{Customer, PriceBook};
use sea_orm::{ConnectionTrait, Database};
use trade::id::{AccountId, ProductId};
use trade::money::Currency;
use uuid::Uuid;

const LISTS: u32 = 2_000;
const PRODUCTS: u32 = 2_500;
const ASKED: usize = 500;
const ROUNDS: usize = 200;

fn main() {
    actix_web::rt::System::new().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/prices.db", folder.path().display());
        measure("SQLite", &url).await;
        if let Ok(server) = std::env::var("KONTOR_TEST_POSTGRES") {
            let name = format!("bench_prices_{}", std::process::id());
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
    let db = Db::connect(url).await.unwrap();
    migrate::up(&db).await.unwrap();
    let filled = Instant::now();
    if url.starts_with("postgres") {
        // The rows made here do not overlap; checking five million of them takes a quarter of an
        // hour, and no question uses the index that does it.
        let pool = Database::connect(url).await.unwrap();
        let drop = "ALTER TABLE price_rows DROP CONSTRAINT price_rows_no_overlap";
        pool.execute_unprepared(drop).await.unwrap();
    }
    fill(url).await;
    println!(
        "\n{name}: {} price rows in {LISTS} lists, filled in {:.0} s",
        u64::from(LISTS) * u64::from(PRODUCTS),
        filled.elapsed().as_secs_f64()
    );
    let cache = ReferenceCache::default();
    let mut took = Vec::with_capacity(ROUNDS);
    let mut priced = 0;
    for round in 0..ROUNDS {
        let account = AccountId(id(2, (round * 7 % 2_000) as u32));
        let ids: Vec<ProductId> = (0..ASKED)
            .map(|at| ProductId(id(4, ((at * 5 + round) as u32) % PRODUCTS)))
            .collect();
        let tx = db.read_system("bench").await.unwrap();
        let reference = cache.get(&tx).await.unwrap();
        let articles: HashMap<ProductId, Article> =
            article::by_id(&tx, &reference, &ids).await.unwrap();
        let begin = Instant::now();
        let customer = Customer {
            account,
            ship_to: None,
            currency: Currency::EUR,
            date: "2026-06-01".parse().unwrap(),
        };
        let book = PriceBook::load(&tx, customer, &ids).await.unwrap();
        for product in &ids {
            let article = &articles[product];
            let unit: &ArticleUnit = &article.units[0];
            let trace = book.trace(article, unit.unit, 1).unwrap();
            priced += usize::from(trace.price.is_some());
        }
        took.push(begin.elapsed().as_secs_f64() * 1000.0);
    }
    assert_eq!(priced, ROUNDS * ASKED, "everything has a price");
    took.sort_by(f64::total_cmp);
    println!(
        "  {ASKED} items with traces: p50 {:.1} ms, p95 {:.1} ms (budget 50 ms)",
        load::percentile(&took, 0.5),
        load::percentile(&took, 0.95)
    );
}

fn id(kind: u8, n: u32) -> Uuid {
    let mut bytes = [0; 16];
    bytes[0] = kind;
    bytes[12..].copy_from_slice(&n.to_be_bytes());
    Uuid::from_bytes(bytes)
}

/// Fills the tables inside the database: a row an account, three lists each (own, group's,
/// everybody's), every item in every list.
async fn fill(url: &str) {
    let db = Database::connect(url).await.unwrap();
    let postgres = url.starts_with("postgres");
    let make = |kind: u8, n: &str| {
        if postgres {
            format!(
                "(lpad(to_hex({kind}), 2, '0') || repeat('0', 22) || lpad(to_hex({n}), 8, '0'))::uuid"
            )
        } else {
            format!(
                "unhex(printf('%02x', {kind}) || substr(hex(zeroblob(11)), 1, 22) || printf('%08x', {n}))"
            )
        }
    };
    let numbers = |count: u32| {
        if postgres {
            format!("(SELECT generate_series(0, {}) AS n)", count - 1)
        } else {
            format!(
                "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {}) \
                 SELECT n FROM c)",
                count - 1
            )
        }
    };
    let text = if postgres { "n::text" } else { "n" };
    let one = |kind| make(kind, "0");
    let statements = [
        format!(
            "INSERT INTO accounts (id, number, name, country, currency, locale, created_at) \
            SELECT {}, {text}, {text}, 'DE', 'EUR', 'en', 0 FROM {} AS s",
            make(2, "n"),
            numbers(2_000)
        ),
        format!(
            "INSERT INTO product_brands (id, code, name) VALUES ({}, 'B', 'B')",
            one(5)
        ),
        format!(
            "INSERT INTO categories (id, name, path) VALUES ({}, 'C', 'C')",
            one(6)
        ),
        format!(
            "INSERT INTO products (id, sku, name, brand_id, category_id, base_unit, order_unit, \
            moq, multiple, tax_class, status, stock_policy, updated_at) \
            SELECT {}, 'S' || {text}, 'S', {}, {}, 'H87', 'H87', 1, 1, 'standard', 'active', \
            'untracked', 0 FROM {} AS s",
            make(4, "n"),
            one(5),
            one(6),
            numbers(PRODUCTS)
        ),
        format!(
            "INSERT INTO product_units (product_id, unit, pack_factor) \
            SELECT {}, 'H87', 1 FROM {} AS s",
            make(4, "n"),
            numbers(PRODUCTS)
        ),
        format!(
            "INSERT INTO price_lists (id, code, name, currency) \
            SELECT {}, 'L' || {text}, 'L', 'EUR' FROM {} AS s",
            make(3, "n"),
            numbers(LISTS)
        ),
        format!(
            "INSERT INTO account_price_lists (id, account_id, price_list_id, rank, priority, \
            valid_from, valid_until) SELECT {}, {}, {}, 0, 1, '2026-01-01', '9999-12-31' FROM {} AS s",
            make(7, "n"),
            make(2, "n"),
            make(3, "n"),
            numbers(LISTS)
        ),
        format!(
            "INSERT INTO account_price_lists (id, account_id, price_list_id, rank, priority, \
            valid_from, valid_until) SELECT {}, {}, {}, 2, 1, '2026-01-01', '9999-12-31' FROM {} AS s",
            make(8, "n"),
            make(2, "n"),
            make(3, "(n % 20)"),
            numbers(LISTS)
        ),
        format!(
            "INSERT INTO account_price_lists (id, account_id, price_list_id, rank, priority, \
            valid_from, valid_until) SELECT {}, {}, {}, 3, 1, '2026-01-01', '9999-12-31' FROM {} AS s",
            make(9, "n"),
            make(2, "n"),
            one(3),
            numbers(LISTS)
        ),
        "INSERT INTO price_rows (product_id, price_list_id, unit, min_quantity, valid_from, \
            valid_until, amount) SELECT p.id, l.id, 'H87', 1, '2026-01-01', '9999-12-31', 12345 \
            FROM price_lists l CROSS JOIN products p"
            .to_owned(),
        "ANALYZE".to_owned(),
    ];
    for sql in statements {
        db.execute_unprepared(&sql).await.unwrap();
    }
}
