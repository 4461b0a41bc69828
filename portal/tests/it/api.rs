//! The REST API: keys, problems, ordering in one call.

use portal::api::keys::{self, Permission};
use reqwest::Method;
use serde_json::{Value, json};
use trade::id::AccountId;

use crate::harness::App;
use crate::harness::client::{Answer, Client};
use crate::shelf::plain_prices;

/// Another program with its key.
pub struct Program {
    pub client: Client,
    pub key: String,
}

impl Program {
    pub async fn of(app: &App, account: Option<AccountId>, permissions: &[Permission]) -> Program {
        let tx = app.data.db.begin_system("tests").await.unwrap();
        let key = keys::create(&tx, 0, "Test program", account, permissions)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Program {
            client: app.visitor(),
            key,
        }
    }

    pub async fn shop(app: &App) -> Program {
        let account = AccountId(app.world.corner_shop.id);
        Program::of(app, Some(account), &Permission::ACCOUNT).await
    }

    pub async fn stranger(app: &App) -> Program {
        let account = AccountId(app.world.stranger.id);
        Program::of(app, Some(account), &Permission::ACCOUNT).await
    }

    pub async fn brand(app: &App) -> Program {
        Program::of(app, None, &Permission::ALL).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self.client.request(Method::GET, &format!("/api/v1{path}"));
        self.client.send(request.bearer_auth(&self.key)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.client.request(method, &format!("/api/v1{path}"));
        self.client
            .send(request.bearer_auth(&self.key).json(body))
            .await
    }

    pub async fn order(&self, key: &str, body: &Value) -> Answer {
        let request = self.client.request(Method::POST, "/api/v1/orders");
        let request = request
            .bearer_auth(&self.key)
            .header("Idempotency-Key", key)
            .json(body);
        self.client.send(request).await
    }

    /// A line that can be ordered: the least of some product that has a price and is there.
    pub async fn good_line(&self) -> Value {
        let products = self.get("/products?limit=100").await.expect(200).json();
        let product = products["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|product| {
                let enough = product["pack_factor"].as_i64().unwrap() * 10;
                !product["price"].is_null() && product["available"].as_i64() >= Some(enough)
            })
            .unwrap();
        json!({
            "sku": product["sku"],
            "unit": product["order_unit"],
            "quantity": product["price_trace"]["quantity"],
        })
    }
}

pub fn faults(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    async fn without_a_known_key_nothing_is_answered(app) {
        let client = app.visitor();
        let answer = client.get("/api/v1/products").await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"Kontor\"");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["type"], "/api/docs#no-key");
        let stranger = Program { client, key: "kontor_nobody".to_owned() };
        let answer = stranger.get("/products").await.expect(401);
        assert!(answer.header("www-authenticate").contains("invalid_token"));
    }

    async fn a_key_that_lacks_a_permission_is_told_which(app) {
        let account = Some(AccountId(app.world.corner_shop.id));
        let program = Program::of(app, account, &[Permission::CatalogueRead]).await;
        program.get("/products").await.expect(200);
        let answer = program.get("/orders").await.expect(403);
        assert!(answer.json()["detail"].as_str().unwrap().contains("orders:read"));
        let answer = program.send(Method::POST, "/prices", &json!({})).await.expect(403);
        assert!(answer.json()["detail"].as_str().unwrap().contains("prices:read"));
    }

    async fn another_accounts_order_is_not_found(app) {
        let path = format!("/orders/{}", app.world.stranger.order);
        let (shop, stranger) = (Program::shop(app).await, Program::stranger(app).await);
        let hidden = shop.get(&path).await.expect(404);
        let missing = shop.get("/orders/999999999").await.expect(404);
        assert_eq!(hidden.text(), missing.text());
        let reason = json!({"reason": "not mine"});
        shop.send(Method::POST, &format!("{path}/cancellation"), &reason).await.expect(404);
        let own = stranger.get(&path).await.expect(200).json();
        assert_eq!(own["number"], app.world.stranger.order.as_str());
        Program::brand(app).await.get(&path).await.expect(200);
    }

    async fn the_same_key_gives_the_stored_answer_and_another_body_is_refused(app) {
        plain_prices(app).await;
        let shop = Program::shop(app).await;
        let body = json!({"lines": [shop.good_line().await], "po_number": "PO-7"});
        let first = shop.order("key-1", &body).await.expect(201);
        let again = shop.order("key-1", &body).await.expect(201);
        assert_eq!(again.json(), first.json());
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(first.header("idempotent-replayed"), "");
        let other = json!({"lines": body["lines"], "po_number": "PO-8"});
        let refused = shop.order("key-1", &other).await.expect(409);
        assert_eq!(refused.json()["type"], "/api/docs#idempotency-key-reused");
        let number = first.json()["number"].as_str().unwrap().to_owned();
        let count = "SELECT count(*) FROM orders WHERE number >= $1";
        assert_eq!(app.sql.number(count, [number.clone().into()]).await, 1);
        let order = shop.get(&format!("/orders/{number}")).await.expect(200).json();
        assert_eq!(order["state"], "confirmed");
        assert_eq!(order["source"], "api");
        assert_eq!(order["holds"], json!([]));
        assert!(order["lines"][0]["price_trace"]["candidates"].is_array());
        app.forget_jobs().await;
    }

    async fn an_order_without_its_idempotency_key_is_not_placed(app) {
        let shop = Program::shop(app).await;
        let body = json!({"lines": [shop.good_line().await]});
        let answer = shop.send(Method::POST, "/orders", &body).await.expect(400);
        assert_eq!(answer.json()["type"], "/api/docs#no-idempotency-key");
    }

    async fn every_fault_of_a_body_is_said_at_once(app) {
        let shop = Program::shop(app).await;
        let body = json!({
            "lines": [
                {"sku": "A", "unit": "crate?", "quantity": 0},
                {"sku": 5, "unit": "H87", "quantity": 1_000_000_000_000_000_000_i64},
                {"sku": "B", "unit": "H87", "quantity": 1.5, "hue": "red"},
            ],
            "requested_date": "soon",
            "expected_total": {"amount": 12, "currency": "EUR"},
            "rush": true,
        });
        let answer = shop.order("key-2", &body).await.expect(422);
        assert_eq!(faults(&answer), [
            "lines[0].unit", "lines[0].quantity", "lines[1].sku", "lines[1].quantity",
            "lines[2].quantity", "lines[2].hue", "requested_date", "expected_total.amount", "rush",
        ]);
    }

    async fn lines_that_cannot_be_ordered_are_named_with_what_would_do(app) {
        let shop = Program::shop(app).await;
        let good = shop.good_line().await;
        let body = json!({"lines": [
            good,
            {"sku": "NO-SUCH-SKU", "unit": "H87", "quantity": 1},
            {"sku": good["sku"], "unit": "LTR", "quantity": 1},
        ]});
        let before = app.sql.number("SELECT count(*) FROM orders", []).await;
        let answer = shop.order("key-3", &body).await.expect(422);
        assert_eq!(faults(&answer), ["lines[1].sku", "lines[2].unit"]);
        assert_eq!(app.sql.number("SELECT count(*) FROM orders", []).await, before);
        // The key was not used up by what was refused.
        shop.order("key-3", &json!({"lines": [good]})).await.expect(201);
        app.forget_jobs().await;
    }

    async fn a_total_other_than_expected_is_refused_with_each_lines_price(app) {
        let shop = Program::shop(app).await;
        let line = shop.good_line().await;
        let total = json!({"amount": "0.01", "currency": "EUR"});
        let body = json!({"lines": [line], "expected_total": total});
        let problem = shop.order("key-4", &body).await.expect(409).json();
        assert_eq!(problem["type"], "/api/docs#total-changed");
        assert_eq!(problem["facts"]["lines"][0]["sku"], line["sku"]);
        let net = json!({"amount": problem["facts"]["net"], "currency": "EUR"});
        let body = json!({"lines": [line], "expected_total": net});
        assert_eq!(shop.order("key-4", &body).await.expect(201).json()["net"], net);
        app.forget_jobs().await;
    }

    async fn a_list_is_paged_through_without_a_gap_or_a_repetition(app) {
        let shop = Program::shop(app).await;
        let whole = shop.get("/products?limit=200").await.expect(200).json();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        while seen.len() < 200 {
            let page = shop.get(&format!("/products?limit=7&cursor={cursor}")).await;
            let page = page.expect(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["sku"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = next.to_owned();
        }
        let all = whole["items"].as_array().unwrap();
        let all: Vec<Value> = all.iter().map(|one| one["sku"].clone()).collect();
        seen.truncate(all.len());
        assert_eq!(seen, all);
        shop.get("/products?cursor=elsewhere").await.expect(422);
    }

    async fn a_count_of_stock_is_a_movement_and_a_stale_one_is_refused(app) {
        let brand = Program::brand(app).await;
        let sku = brand.get("/products?limit=1").await.expect(200).json()["items"][0]["sku"].clone();
        let path = format!("/stock/{}", sku.as_str().unwrap());
        let tag = brand.get(&path).await.expect(200).header("etag").to_owned();
        let put = |on_hand: i64| {
            let request = brand.client.request(Method::PUT, &format!("/api/v1{path}"));
            let request = request.bearer_auth(&brand.key).header("If-Match", &tag);
            brand.client.send(request.json(&json!({"on_hand": on_hand})))
        };
        assert_eq!(put(70_001).await.expect(200).json()["on_hand"], 70_001);
        put(70_002).await.expect(412);
        let on_hand = "SELECT CAST(sum(m.on_hand) AS bigint) FROM stock_movements m \
                       JOIN products p ON p.id = m.product_id WHERE p.sku = $1";
        assert_eq!(app.sql.number(on_hand, [sku.as_str().unwrap().into()]).await, 70_001);
        let shop = Program::shop(app).await;
        shop.send(Method::PUT, &path, &json!({"on_hand": 1})).await.expect(403);
    }

    async fn prices_of_a_list_are_changed_row_by_row(app) {
        let brand = Program::brand(app).await;
        let sku = brand.get("/products?limit=1").await.expect(200).json()["items"][0]["sku"].clone();
        let list = app.sql.text("SELECT min(code) FROM price_lists", []).await;
        let price = |from: &str, until: &str| json!({
            "sku": sku, "unit": "H87", "min_quantity": 900_000, "amount": "0.0123",
            "valid_from": from, "valid_until": until,
        });
        let body = json!({"rows": [
            price("2031-01-01", "2031-06-30"),
            price("2031-06-01", "2031-12-31"),
            {"sku": "NO-SUCH-SKU", "amount": "1"},
        ]});
        let path = format!("/prices/{list}");
        let done = brand.send(Method::PUT, &path, &body).await.expect(200).json();
        assert_eq!(done["inserted"], 1);
        let stored: Vec<_> = done["rows"].as_array().unwrap().iter().map(|row| row["stored"].clone()).collect();
        assert_eq!(stored, [true, false, false]);
        let again = brand.send(Method::PUT, &path, &body).await.expect(200).json();
        assert_eq!((&again["inserted"], &again["unchanged"]), (&json!(0), &json!(1)));
        brand.send(Method::PUT, "/prices/NO-SUCH-LIST", &body).await.expect(404);
    }

    async fn a_cart_takes_all_lines_or_none(app) {
        let shop = Program::shop(app).await;
        let good = shop.good_line().await;
        shop.send(Method::PUT, "/cart", &json!({"lines": [good]})).await.expect(200);
        let wrong = json!({"lines": [good, {"sku": "NO-SUCH-SKU", "unit": "H87", "quantity": 1}]});
        let answer = shop.send(Method::POST, "/cart/lines", &wrong).await.expect(422);
        assert_eq!(faults(&answer), ["lines[1].sku"]);
        let cart = shop.get("/cart").await.expect(200).json();
        assert_eq!(cart["lines"][0]["quantity"], good["quantity"]);
        assert_eq!(cart["lines"].as_array().unwrap().len(), 1);
        let empty = shop.send(Method::PUT, "/cart", &json!({"lines": []})).await.expect(200);
        assert_eq!(empty.json()["lines"], json!([]));
    }

    async fn what_no_handler_sees_is_a_problem_too(app) {
        let shop = Program::shop(app).await;
        let answer = shop.get("/nothing/here").await.expect(404);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let answer = shop.send(Method::DELETE, "/orders", &json!({})).await.expect(405);
        assert_eq!(answer.header("allow"), "GET, POST");
        let send = |kind: &'static str, body: Vec<u8>| {
            let request = shop.client.request(Method::POST, "/api/v1/prices");
            let request = request.bearer_auth(&shop.key).header("content-type", kind).body(body);
            shop.client.send(request)
        };
        send("application/json", b"{".to_vec()).await.expect(400);
        send("text/plain", b"{}".to_vec()).await.expect(415);
        send("application/json", vec![b' '; 2 * 1024 * 1024 + 1]).await.expect(413);
    }
}

#[test]
fn the_description_names_every_path_of_the_table() {
    let document: Value = serde_json::from_str(portal::api::docs::document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for route in portal::routes::TABLE
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
    {
        let operation = &document["paths"][route.path][route.method];
        assert!(
            operation.is_object(),
            "{} {} is not described",
            route.method,
            route.path
        );
    }
}
