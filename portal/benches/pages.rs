//! `cargo bench -p portal --bench pages`: the catalogue page of 24 with contract prices, beside a
//! bare actix handler that reads 24 such rows; start-up; memory after start and under load.
//!
//! The catalogue page is measured without promotions, with forty in force, and with a cart to
//! compare them with: it must cost the same however many there are.
//!
//! Budget (docs/benchmarks.md): catalogue page ≤ 1.5 ms processor time on SQLite, ≤ 2.5 ms on
//! PostgreSQL; start ≤ 0.3 s processor time; memory ≤ 60 MiB idle, ≤ 120 MiB under load.
//! PostgreSQL is measured where `KONTOR_TEST_POSTGRES` names a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a bench stops at the first surprise"
)]

mod load;

use std::time::Duration;

use load::{Client, Server};

const KONTOR: &str = env!("CARGO_BIN_EXE_kontor");
const PAGE: &str = "/catalogue?sort=name";
const TIME: Duration = Duration::from_secs(5);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--bare") {
        bare::serve(&arguments[at + 1]);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}/kontor.db", folder.path().display());
    measure("SQLite", &sqlite);
    match std::env::var("KONTOR_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("bench_pages_{}", std::process::id());
            let url = bare::create_database(&server, &name);
            measure("PostgreSQL", &url);
            bare::drop_database(&server, &name);
        }
        Err(_) => println!("PostgreSQL: skipped, KONTOR_TEST_POSTGRES is not set"),
    }
}

fn measure(name: &str, url: &str) {
    let environment = [
        ("DATABASE_URL", url),
        ("KONTOR_BIND", "127.0.0.1:0"),
        ("KONTOR_MIGRATE", "on"),
    ];
    let seeded = std::process::Command::new(KONTOR)
        .args(["seed", "demo", "--skus", "3000", "--weeks", "26"])
        .envs(environment)
        .status()
        .unwrap();
    assert!(seeded.success());
    let server = Server::start(KONTOR, &["serve"], &environment);
    let mut client = Client::connect(&server.address);
    client.get("/healthz");
    println!("\n{name}, 3,000 products, 60 accounts");
    println!(
        "  start to first answer: {:.2} s processor time",
        server.cpu_seconds()
    );
    client.sign_in("buyer@demo.kontor.example", "kontor-demo");
    for _ in 0..50 {
        client.get(PAGE);
    }
    let rows = client.get(PAGE).body;
    let rows = String::from_utf8_lossy(&rows)
        .matches("picture.svg")
        .count();
    assert_eq!(rows, 24, "a page shows 24 products");
    println!("  memory after start: {:.0} MiB", server.memory_mib());
    let program = std::env::current_exe().unwrap();
    let bare = Server::start(program.to_str().unwrap(), &["--bare", url], &[]);
    bare::promotions(url, 0);
    run(&client, &[("catalogue page, no promotion", PAGE, &server)]);
    bare::promotions(url, 40);
    run(
        &client,
        &[
            ("catalogue page, 40 promotions", PAGE, &server),
            (
                "search page, 40 promotions",
                "/catalogue?q=chicken",
                &server,
            ),
            ("bare handler, 24 rows", "/", &bare),
        ],
    );
    bare::fill_cart(url);
    run(
        &client,
        &[(
            "catalogue page, 40 promotions, 10 lines in the cart",
            PAGE,
            &server,
        )],
    );
    println!("  memory under load: {:.0} MiB", server.memory_mib());
}

fn run(client: &Client, paths: &[(&str, &str, &Server)]) {
    for (what, path, server) in paths.iter().copied() {
        for connections in [1, 16] {
            let before = server.cpu_seconds() + load::postgres_cpu_seconds();
            let m = load::load(&server.address, &client.cookie, path, connections, TIME);
            let cpu = server.cpu_seconds() + load::postgres_cpu_seconds() - before;
            println!(
                "  {what}, {connections:>2} connections: {:>6.0}/s, p50 {:.2} ms, p95 {:.2} ms, \
                 {:.2} ms processor time a request",
                m.per_second,
                m.p50_ms,
                m.p95_ms,
                cpu * 1000.0 / m.requests as f64
            );
        }
    }
}

/// The program Kontor is measured against: one query, one string, nothing else.
mod bare {
    use actix_web::{App, HttpResponse, HttpServer, web};
    use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

    const ROWS: &str = "SELECT p.sku, p.name, b.name AS brand, r.amount, s.on_hand \
        FROM (SELECT id, sku, name, brand_id FROM products ORDER BY name, id LIMIT 24) AS p \
        JOIN product_brands b ON b.id = p.brand_id \
        JOIN price_rows r ON r.price_list_id = \
            (SELECT price_list_id FROM account_price_lists ORDER BY rank DESC, id LIMIT 1) \
            AND r.product_id = p.id AND r.unit = 'H87' AND r.min_quantity = 1 \
            AND r.valid_until = '9999-12-31' \
        LEFT JOIN stock s ON s.product_id = p.id ORDER BY p.name";

    pub fn serve(url: &str) {
        actix_web::rt::System::new().block_on(async {
            let db = web::Data::new(Database::connect(url).await.unwrap());
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(db.clone())
                    .route("/", web::get().to(page))
            })
            .workers(2)
            .bind("127.0.0.1:0")
            .unwrap();
            println!("listening on http://{}", server.addrs()[0]);
            server.run().await.unwrap();
        });
    }

    async fn page(db: web::Data<DatabaseConnection>) -> HttpResponse {
        let statement = Statement::from_string(db.get_database_backend(), ROWS);
        let mut html = String::from("<table>");
        for row in db.query_all_raw(statement).await.unwrap() {
            let sku: String = row.try_get_by_index(0).unwrap();
            let name: String = row.try_get_by_index(1).unwrap();
            let brand: String = row.try_get_by_index(2).unwrap();
            let amount: i64 = row.try_get_by_index(3).unwrap();
            let stock: Option<i64> = row.try_get_by_index(4).unwrap();
            html.push_str(&format!(
                "<tr><td>{sku}<td>{name}<td>{brand}<td>{amount}<td>{}",
                stock.unwrap_or(0)
            ));
        }
        HttpResponse::Ok().content_type("text/html").body(html)
    }

    /// Leaves so many promotions in force, each on one brand's products.
    pub fn promotions(url: &str, count: usize) {
        run(
            url,
            "UPDATE promotions SET state = 'stopped', stopped_at = 1 WHERE state = 'approved'",
        );
        for at in 0..count {
            let id = format!("00000000-0000-4000-8000-{at:012}");
            let id = sql_uuid(url, &id);
            let item = sql_uuid(url, &format!("00000000-0000-4000-9000-{at:012}"));
            run(
                url,
                &format!(
                    "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
                 valid_until, audience, created_by, created_at, updated_at) VALUES ({id}, \
                 'BENCH-{at}', 'Bench {at}', 'approved', \
                 '{{\"kind\":\"percent\",\"off\":{},\"from\":{},\"count_in\":\"packs\"}}', \
                 'EUR', '2000-01-01', '9999-12-31', 'everybody', 'Bench', 0, 0)",
                    100 + at,
                    2 + at
                ),
            );
            run(
                url,
                &format!(
                    "INSERT INTO promotion_items (id, promotion_id, effect, brand_id) \
                 SELECT {item}, {id}, 'include', b.id FROM product_brands b \
                 ORDER BY b.id LIMIT 1 OFFSET {}",
                    at % 5
                ),
            );
        }
        run(
            url,
            "UPDATE counters SET value = value + 1 WHERE name = 'promotions'",
        );
    }

    /// Ten lines for the buyer of the demo, of the products the page shows.
    pub fn fill_cart(url: &str) {
        let cart = sql_uuid(url, "00000000-0000-4000-a000-000000000000");
        let buyer = "(SELECT account_id FROM users WHERE email = 'buyer@demo.kontor.example')";
        run(
            url,
            &format!(
                "INSERT INTO carts (id, account_id, state, created_at, updated_at) \
             VALUES ({cart}, {buyer}, 'open', 0, 0)"
            ),
        );
        for at in 0..10 {
            let line = sql_uuid(url, &format!("00000000-0000-4000-b000-{at:012}"));
            run(
                url,
                &format!(
                    "INSERT INTO cart_lines (id, account_id, cart_id, product_id, unit, quantity, \
                 added_by, added_at) SELECT {line}, {buyer}, {cart}, p.id, p.order_unit, \
                 p.moq * p.multiple, 'Bench', 0 FROM products p WHERE p.status = 'active' \
                 ORDER BY p.name LIMIT 1 OFFSET {at}"
                ),
            );
        }
    }

    /// SQLite keeps a UUID as its sixteen bytes.
    fn sql_uuid(url: &str, uuid: &str) -> String {
        if url.starts_with("sqlite") {
            format!("x'{}'", uuid.replace('-', ""))
        } else {
            format!("'{uuid}'")
        }
    }

    pub fn create_database(server: &str, name: &str) -> String {
        run(server, &format!("CREATE DATABASE {name}"));
        let base = server
            .rsplit_once('/')
            .filter(|(b, _)| b.contains("://") && !b.ends_with('/'));
        format!("{}/{name}", base.map_or(server, |(base, _)| base))
    }

    pub fn drop_database(server: &str, name: &str) {
        run(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    fn run(server: &str, sql: &str) {
        actix_web::rt::System::new().block_on(async {
            let db = Database::connect(server).await.unwrap();
            db.execute_unprepared(sql).await.unwrap();
        });
    }
}
