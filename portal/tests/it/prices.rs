//! One price, wherever it is read: what a program is told, what list, product page, quick order,
//! cart and checkout say, what the order, its page, its mail and its PDF keep. On a sample of 500
//! questions to the demo world, another one each run, with the demo's promotions and freight in
//! force and one more promotion on everything.

use std::collections::BTreeMap;

use portal::auth::token;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{App, Client};

const ACCOUNTS: usize = 10;
const LINES: usize = 50;

/// A question: so many of that.
#[derive(Debug, Clone)]
struct Line {
    sku: String,
    product: String,
    unit: String,
    quantity: i64,
}

/// A key of the brand's, which may ask for every account.
async fn brand_key(app: &App) -> String {
    let sql = "INSERT INTO api_keys (id, name, key_hash, prefix, scopes, created_at) \
               VALUES ($1, 'ERP', $2, 'kontor_', 'prices:read orders:read cart:read', 0)";
    let key = "kontor_of_the_brand";
    let hash = token::digest(key);
    app.sql
        .run(sql, [Uuid::now_v7().into(), hash.into()])
        .await
        .unwrap();
    format!("Bearer {key}")
}

/// Quantities on both sides of the tiers, each allowed by the item's rule.
async fn questions(app: &App, chance: &mut u64, skus: &[String]) -> Vec<Line> {
    let mut lines = Vec::new();
    for sku in skus {
        let sql = "SELECT id, order_unit, moq, multiple FROM products WHERE sku = $1";
        let rows = app.sql.rows(sql, [sku.clone().into()]).await;
        let (moq, step): (i32, i32) = (
            rows[0].try_get("", "moq").unwrap(),
            rows[0].try_get("", "multiple").unwrap(),
        );
        *chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let more = i64::try_from(*chance >> 33).unwrap() % 30;
        let (moq, step) = (i64::from(moq), i64::from(step));
        let product: Uuid = rows[0].try_get("", "id").unwrap();
        lines.push(Line {
            sku: sku.clone(),
            product: product.simple().to_string(),
            unit: rows[0].try_get("", "order_unit").unwrap(),
            quantity: ((moq + step - 1) / step + more) * step,
        });
    }
    lines
}

async fn told_by_the_api(client: &Client, key: &str, account: &str, lines: &[Line]) -> Vec<Value> {
    let asked =
        |line: &Line| json!({"sku": line.sku, "unit": line.unit, "quantity": line.quantity});
    let body = json!({"account": account, "lines": lines.iter().map(asked).collect::<Vec<_>>()});
    let request = client.request(reqwest::Method::POST, "/api/v1/prices");
    let answer = client
        .send(request.header("authorization", key).json(&body))
        .await
        .expect(200);
    answer.json()["lines"].as_array().unwrap().clone()
}

/// `12.40` and `12.4` are one amount.
fn ten_thousandths(amount: &Value) -> i64 {
    let price: trade::money::UnitPrice = amount["amount"].as_str().unwrap().parse().unwrap();
    price.0
}

/// A promotion on every item of which ten or more are ordered.
async fn promote(app: &App) {
    let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
               valid_until, audience, created_by, created_at, updated_at) VALUES ($1, 'ALL-10', \
               'Ten of anything', 'approved', $2, 'EUR', '2026-01-01', '2027-01-01', 'everybody', \
               'Maren', 0, 0)";
    let mechanic = json!({"kind": "percent", "off": 333, "from": 10, "count_in": "packs"});
    app.sql
        .run(sql, [Uuid::now_v7().into(), mechanic.into()])
        .await
        .unwrap();
    let sql = "UPDATE counters SET value = value + 1 WHERE name = 'promotions'";
    app.sql.run(sql, []).await.unwrap();
}

both! {
    async fn five_hundred_prices_are_the_same_wherever_they_are_read(app) {
        let key = brand_key(app).await;
        promote(app).await;
        let mut chance = Uuid::new_v4().as_u64_pair().0;
        println!("the sample begins with {chance}");
        app.sql.run("UPDATE products SET stock_policy = 'back_order'", []).await.unwrap();
        let skus = app.sql.texts("SELECT sku FROM products WHERE status = 'active' ORDER BY sku").await;
        let buyers = "SELECT min(u.email) FROM users u JOIN accounts a ON a.id = u.account_id \
                      WHERE u.status = 'active' AND u.role = 'buyer' AND a.status = 'active' \
                      GROUP BY a.id ORDER BY a.id";
        let buyers = app.sql.texts(buyers).await;
        let mut compared = 0;
        for at in 0..ACCOUNTS {
            let email = buyers[at * buyers.len() / ACCOUNTS].clone();
            let buyer = app.sign_in(&email).await;
            let number = "SELECT a.number FROM accounts a JOIN users u ON u.account_id = a.id \
                          WHERE u.email = $1";
            let number = app.sql.text(number, [email.clone().into()]).await;
            let from = usize::try_from(chance % 97).unwrap();
            let step = skus.len() / LINES;
            let some: Vec<String> =
                (0..LINES).map(|n| skus[(from + n * step) % skus.len()].clone()).collect();
            let lines = questions(app, &mut chance, &some).await;
            let told = told_by_the_api(&buyer, &key, &number, &lines).await;
            let one = Asked { app, buyer: &buyer, key: &key, account: &number };
            compared += one.compare(&lines, &told).await;
        }
        assert!(compared > ACCOUNTS * LINES * 7 / 10, "only {compared} could be ordered");
        app.run_jobs().await;
        let mails = app.mails();
        assert!(mails.iter().any(|mail| mail.mail.text.contains("Ten of anything −")));
    }
}

/// Who asks, and with which key.
struct Asked<'a> {
    app: &'a App,
    buyer: &'a Client,
    key: &'a str,
    account: &'a str,
}

/// What a line costs: one unit, what promotions take off, and the total, minor units the latter.
type Costs = BTreeMap<String, (i64, i64, i64)>;

fn minor(amount: &Value) -> i64 {
    ten_thousandths(amount) / 100
}

/// As pages write it in English.
fn euros(minor: i64) -> String {
    let whole = (minor / 100).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("€{grouped}.{:02}", minor % 100)
}

#[track_caller]
fn says(place: &str, page: &str, minor: i64) {
    let amount = euros(minor);
    assert!(
        page.contains(&amount),
        "{place} does not say {amount}: {page}"
    );
}

impl Asked<'_> {
    async fn api(&self, path: &str) -> Value {
        let request = self.buyer.request(reqwest::Method::GET, path);
        let request = request.header("authorization", self.key);
        self.buyer.send(request).await.expect(200).json()
    }

    /// Every surface against what the API tells of prices and of the cart; says how many lines.
    async fn compare(&self, lines: &[Line], told: &[Value]) -> usize {
        let mut prices = BTreeMap::new();
        let mut fields: Vec<(&str, &str)> = Vec::new();
        let quantities: Vec<String> = lines.iter().map(|line| line.quantity.to_string()).collect();
        let mut pasted = String::new();
        for ((line, told), quantity) in lines.iter().zip(told).zip(&quantities) {
            if told["price"].is_null() || !told["problem"].is_null() {
                continue;
            }
            prices.insert(
                line.sku.clone(),
                (ten_thousandths(&told["price"]), minor(&told["total"])),
            );
            pasted += &format!("{} {quantity} {}\n", line.sku, line.unit);
            fields.extend([
                ("sku", line.sku.as_str()),
                ("unit", &line.unit),
                ("quantity", quantity),
            ]);
        }
        self.buyer.post("/cart/empty", &[]).await;
        self.quick_order(&pasted, &prices).await;
        self.buyer.post("/cart/lines", &fields).await.expect(303);
        let cart = self
            .api(&format!("/api/v1/cart?account={}", self.account))
            .await;
        let products: BTreeMap<&str, &str> = lines
            .iter()
            .map(|line| (line.sku.as_str(), line.product.as_str()))
            .collect();
        let mut due = Costs::new();
        for line in cart["lines"].as_array().unwrap() {
            let sku = line["sku"].as_str().unwrap();
            let (price, before) = prices[sku];
            let net = minor(&line["total"]);
            assert_eq!(ten_thousandths(&line["price"]), price, "{sku} in the cart");
            due.insert(products[sku].to_owned(), (price, before - net, net));
        }
        let sums = ["goods", "discount", "net", "gross"].map(|name| minor(&cart[name]));
        assert_eq!(due.values().map(|(_, _, net)| net).sum::<i64>(), sums[0]);
        assert_eq!(due.values().map(|(_, off, _)| off).sum::<i64>(), sums[1]);
        let freight = minor(&cart["freight"]["charge"]);
        assert_eq!(sums[0] + freight, sums[2]);
        let page = self.buyer.page("/cart").await.text();
        for (_, _, net) in due.values() {
            says("the cart", &page, *net);
        }
        for sum in sums.into_iter().skip(1).filter(|sum| *sum > 0) {
            says("the cart", &page, sum);
        }
        self.order(&due, freight, &sums).await;
        due.len()
    }

    /// Quick order tells single-line prices in its rows, and the cart's total under them; list and
    /// product page the price of the least quantity, as the API does.
    async fn quick_order(&self, pasted: &str, prices: &BTreeMap<String, (i64, i64)>) {
        self.buyer
            .post("/quick-order", &[("lines", pasted)])
            .await
            .expect(303);
        let page = self.buyer.page("/quick-order").await.text();
        for (_, before) in prices.values() {
            says("quick order", &page, *before);
        }
        self.buyer.post("/quick-order/add", &[]).await.expect(303);
        let cart = self
            .api(&format!("/api/v1/cart?account={}", self.account))
            .await;
        says("quick order", &page, minor(&cart["gross"]));
        self.buyer.post("/cart/empty", &[]).await.expect(303);
        let sku = prices.keys().next().unwrap();
        let path = format!("/api/v1/products/{sku}?account={}", self.account);
        let request = self.buyer.request(reqwest::Method::GET, &path);
        let told = self
            .buyer
            .send(request.header("authorization", self.key))
            .await;
        if told.status == 200 {
            let price = ten_thousandths(&told.json()["price"]);
            for path in [format!("/products/{sku}"), format!("/catalogue?q={sku}")] {
                let page = self.buyer.page(&path).await.text();
                let short = euros(price / 100);
                assert!(
                    page.contains(short.trim_end_matches('0')),
                    "{path}: {short}"
                );
            }
        }
    }

    /// The checkout, the order, its own answer, its page and its PDF.
    async fn order(&self, due: &Costs, freight: i64, sums: &[i64; 4]) {
        let checkout = self.buyer.page("/checkout").await;
        let mut seen = BTreeMap::new();
        let mut charged = 0;
        for line in checkout.field("shown").unwrap().split(';') {
            let parts: Vec<&str> = line.split(',').collect();
            match parts[0] {
                "freight" => charged = parts[1].parse().unwrap(),
                "free" => {}
                product => {
                    let costs: (i64, i64) = (parts[3].parse().unwrap(), parts[4].parse().unwrap());
                    seen.insert(product.to_owned(), costs);
                }
            }
        }
        let expected: BTreeMap<String, (i64, i64)> = due
            .iter()
            .map(|(id, (price, _, net))| (id.clone(), (*price, *net)))
            .collect();
        assert_eq!((seen, charged), (expected, freight), "checkout and API");
        let names = ["idempotency_key", "expected_total_minor", "cart", "shown"];
        let form = names.map(|name| (name, checkout.field(name).unwrap()));
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let placed = self.buyer.post("/checkout", &form).await.expect(303);
        let number = placed
            .location()
            .trim_start_matches("/orders/")
            .replace("?placed=1", "");
        let kept = "SELECT l.product_id, l.unit_price, l.discount_minor, l.net_minor \
                    FROM order_lines l JOIN orders o ON o.id = l.order_id \
                    WHERE o.number = $1 AND l.promotion_id IS NULL";
        let mut stored = Costs::new();
        for row in self.app.sql.rows(kept, [number.clone().into()]).await {
            let product: Uuid = row.try_get("", "product_id").unwrap();
            let of = |name: &str| row.try_get::<i64>("", name).unwrap();
            let costs = (of("unit_price"), of("discount_minor"), of("net_minor"));
            stored.insert(product.simple().to_string(), costs);
        }
        assert_eq!(&stored, due, "order and API");
        let order = self.api(&format!("/api/v1/orders/{number}")).await;
        let mut shown: Vec<(i64, i64, i64)> = order["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["free"] == false)
            .map(|line| {
                let price = ten_thousandths(&line["unit_price"]);
                (price, minor(&line["discount"]), minor(&line["total"]))
            })
            .collect();
        shown.sort_unstable();
        let mut expected: Vec<(i64, i64, i64)> = due.values().copied().collect();
        expected.sort_unstable();
        assert_eq!(shown, expected, "the order's own answer");
        let told = ["discount", "net", "gross"].map(|name| minor(&order[name]));
        assert_eq!(told.as_slice(), &sums[1..], "the order's sums");
        assert_eq!(minor(&order["freight"]), freight);
        let page = self.buyer.page(&format!("/orders/{number}")).await.text();
        let paper = paper(self.buyer, &number).await;
        for (place, text) in [
            ("the order's page", Some(&page)),
            ("the PDF", paper.as_ref()),
        ] {
            let Some(text) = text else { continue };
            for (_, discount, net) in due.values() {
                // Paper says quantity times price, and what was taken off below it.
                let off = if place == "the PDF" { *discount } else { 0 };
                says(place, text, net + off);
            }
            for sum in sums
                .iter()
                .skip(1)
                .chain([&freight])
                .filter(|sum| **sum > 0)
            {
                says(place, text, *sum);
            }
        }
    }
}

/// The confirmation's text, where the machine can read it.
async fn paper(buyer: &Client, number: &str) -> Option<String> {
    let pdf = buyer
        .page(&format!("/orders/{number}/confirmation.pdf"))
        .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("confirmation.pdf");
    std::fs::write(&path, &pdf.body).unwrap();
    let read = std::process::Command::new("pdftotext")
        .args(["-layout".as_ref(), path.as_os_str(), "-".as_ref()])
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&read.stdout).into_owned())
}
