//! One price, wherever it is read: what a program is told, what the cart and the checkout say,
//! what the order keeps. On a sample of 500 questions to the demo world, another one each run.

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
               VALUES ($1, 'ERP', $2, 'kontor_', 'prices:read orders:read', 0)";
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

both! {
    async fn five_hundred_prices_are_the_same_wherever_they_are_read(app) {
        crate::shelf::plain_prices(app).await;
        let key = brand_key(app).await;
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
            let buyer = app.sign_in(&buyers[at * buyers.len() / ACCOUNTS]).await;
            let email = buyers[at * buyers.len() / ACCOUNTS].clone();
            let number = "SELECT a.number FROM accounts a JOIN users u ON u.account_id = a.id \
                          WHERE u.email = $1";
            let number = app.sql.text(number, [email.into()]).await;
            let from = usize::try_from(chance % 97).unwrap();
            let step = skus.len() / LINES;
            let some: Vec<String> =
                (0..LINES).map(|n| skus[(from + n * step) % skus.len()].clone()).collect();
            let lines = questions(app, &mut chance, &some).await;
            let told = told_by_the_api(&buyer, &key, &number, &lines).await;
            compared += compare(app, &buyer, &key, &lines, &told).await;
        }
        assert!(compared > ACCOUNTS * LINES * 7 / 10, "only {compared} could be ordered");
        app.run_jobs().await;
    }
}

/// The cart, the checkout and the order against what the API has told; says how many lines.
async fn compare(app: &App, buyer: &Client, key: &str, lines: &[Line], told: &[Value]) -> usize {
    let mut due = BTreeMap::new();
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (line, told) in lines.iter().zip(told) {
        if told["price"].is_null() || !told["problem"].is_null() {
            continue;
        }
        let net = ten_thousandths(&told["total"]) / 100;
        due.insert(line.product.clone(), (ten_thousandths(&told["price"]), net));
        fields.push(("sku", line.sku.clone()));
        fields.push(("unit", line.unit.clone()));
        fields.push(("quantity", line.quantity.to_string()));
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    buyer.post("/cart/empty", &[]).await;
    buyer.post("/cart/lines", &fields).await.expect(303);
    let checkout = buyer.page("/checkout").await;
    let mut seen = BTreeMap::new();
    for line in checkout.field("shown").unwrap().split(';') {
        let parts: Vec<&str> = line.split(',').collect();
        seen.insert(
            parts[0].to_owned(),
            (parts[3].parse().unwrap(), parts[4].parse().unwrap()),
        );
    }
    assert_eq!(seen, due, "checkout and API");
    let names = ["idempotency_key", "expected_total_minor", "cart", "shown"];
    let form: Vec<(&str, String)> = names
        .iter()
        .map(|name| (*name, checkout.field(name).unwrap()))
        .collect();
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let placed = buyer.post("/checkout", &form).await.expect(303);
    let number = placed
        .location()
        .trim_start_matches("/orders/")
        .replace("?placed=1", "");
    let kept = "SELECT l.product_id, l.unit_price, l.net_minor FROM order_lines l \
                JOIN orders o ON o.id = l.order_id WHERE o.number = $1";
    let mut stored = BTreeMap::new();
    for row in app.sql.rows(kept, [number.clone().into()]).await {
        let product: Uuid = row.try_get("", "product_id").unwrap();
        let prices: (i64, i64) = (
            row.try_get("", "unit_price").unwrap(),
            row.try_get("", "net_minor").unwrap(),
        );
        stored.insert(product.simple().to_string(), prices);
    }
    assert_eq!(stored, due, "order and API");
    let request = buyer.request(reqwest::Method::GET, &format!("/api/v1/orders/{number}"));
    let order = buyer
        .send(request.header("authorization", key))
        .await
        .expect(200)
        .json();
    let mut shown: Vec<(i64, i64)> = order["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                ten_thousandths(&line["unit_price"]),
                ten_thousandths(&line["total"]) / 100,
            )
        })
        .collect();
    shown.sort_unstable();
    let mut expected: Vec<(i64, i64)> = due.values().copied().collect();
    expected.sort_unstable();
    assert_eq!(shown, expected, "the order's own answer");
    due.len()
}
