//! Promotions, freight, the minimum and prices agreed by hand, as whoever orders meets them.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{ADMIN, KAM_NORTH};
use crate::harness::{Answer, App, Client};
use crate::shelf::{KIBBLE, SECRET, TERRINE, add, cart, fill, line, line_id};

/// A promotion in force for everybody on one product; with none, on everything.
pub async fn promote(app: &App, code: &str, mechanic: Value, on: Option<&str>) {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
               valid_until, audience, created_by, created_at, updated_at) VALUES ($1, $2, $3, \
               'approved', $4, 'EUR', '2026-11-01', '2027-01-01', 'everybody', 'Maren', 0, 0)";
    let name = format!("The {code} offer");
    let values = [id.into(), code.into(), name.into(), mechanic.into()];
    app.sql.run(sql, values).await.unwrap();
    if let Some(sku) = on {
        let sql = "INSERT INTO promotion_items (id, promotion_id, effect, product_id) \
                   SELECT $1, $2, 'include', id FROM products WHERE sku = $3";
        let values = [Uuid::now_v7().into(), id.into(), sku.into()];
        app.sql.run(sql, values).await.unwrap();
    }
    changed(app).await;
}

async fn changed(app: &App) {
    let sql = "UPDATE counters SET value = value + 1 WHERE name IN ('promotions', 'catalogue')";
    app.sql.run(sql, []).await.unwrap();
}

async fn stop(app: &App, code: &str) {
    let sql = "UPDATE promotions SET state = 'stopped', stopped_at = 1 WHERE code = $1";
    app.sql.run(sql, [code.into()]).await.unwrap();
    changed(app).await;
}

async fn product_id(app: &App, sku: &str) -> Uuid {
    let rows = app
        .sql
        .rows("SELECT id FROM products WHERE sku = $1", [sku.into()])
        .await;
    rows[0].try_get_by_index(0).unwrap()
}

fn ten_per_cent() -> Value {
    json!({"kind": "percent", "off": 1000, "from": 12, "count_in": "pieces"})
}

async fn free_terrine(app: &App) -> Value {
    let give = json!({"product": product_id(app, TERRINE).await, "pieces": 12});
    json!({"kind": "free_goods", "buy": 10, "count_in": "pieces", "give": give, "times": null})
}

async fn freight(app: &App) {
    let sql = "INSERT INTO freight_rates (currency, country, from_minor, charge_minor) \
               VALUES ('EUR', '', 0, 690), ('EUR', '', 15000, 0)";
    app.sql.run(sql, []).await.unwrap();
    changed(app).await;
}

/// What a page says, without its marks.
fn words(answer: &Answer) -> String {
    let text = unescape(&answer.text());
    let mut words = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => {
                inside = true;
                words.push(' ');
            }
            '>' => inside = false,
            _ if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(answer: &Answer, all: &[&str]) {
    let words = words(answer);
    for part in all {
        assert!(words.contains(part), "{part:?} is not said in: {words}");
    }
}

#[track_caller]
fn does_not_say(answer: &Answer, none: &[&str]) {
    let words = words(answer);
    for part in none {
        assert!(!words.contains(part), "{part:?} is said in: {words}");
    }
}

/// What a checkout page's form carries.
fn carried(page: &Answer) -> Vec<(&'static str, String)> {
    ["idempotency_key", "expected_total_minor", "cart", "shown"]
        .map(|name| (name, page.field(name).unwrap()))
        .to_vec()
}

async fn submit(client: &Client, page: &Answer) -> Answer {
    let form = carried(page);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, v)| (*name, v.as_str())).collect();
    client.post("/checkout", &form).await
}

fn number(placed: &Answer) -> String {
    placed
        .location()
        .trim_start_matches("/orders/")
        .replace("?placed=1", "")
}

async fn api(app: &App, path: &str) -> Value {
    let key = portal::auth::token::digest("kontor_of_the_brand");
    let sql = "INSERT INTO api_keys (id, name, key_hash, prefix, scopes, created_at) \
               VALUES ($1, 'ERP', $2, 'kontor_', 'orders:read cart:read', 0) \
               ON CONFLICT DO NOTHING";
    let values = [Uuid::now_v7().into(), key.into()];
    app.sql.run(sql, values).await.unwrap();
    let client = app.visitor();
    let request = client.request(Method::GET, path);
    let request = request.header("authorization", "Bearer kontor_of_the_brand");
    client.send(request).await.expect(200).json()
}

async fn kam_for_the_shop(app: &App) -> Client {
    let kam = app.as_kam().await;
    let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
    kam.post(&act, &[]).await.expect(303);
    kam
}

async fn may_agree(app: &App, may: bool) {
    let sql = "UPDATE users SET may_override_prices = $1 WHERE email = $2";
    app.sql
        .run(sql, [may.into(), KAM_NORTH.into()])
        .await
        .unwrap();
}

both! {
    async fn offers_stand_beside_the_products_they_concern(app) {
        fill(app).await;
        promote(app, "TEN", ten_per_cent(), Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        let list = buyer.page("/catalogue?q=K-0005").await;
        says(&list, &["10% off from 12 pieces until 31 Dec"]);
        for view in ["table", "cards"] {
            let offers = buyer.page(&format!("/catalogue?offer=1&view={view}")).await;
            says(&offers, &["1 product", "Product K-0005", "On promotion"]);
            does_not_say(&offers, &["Product T-0012"]);
        }
        let named = buyer.page("/catalogue?offer=TEN").await;
        says(&named, &["1 product", "The TEN offer"]);
        does_not_say(&list, &["Add 6 pieces"]);
        add(&buyer, KIBBLE, "6").await.expect(303);
        let near = "Add 6 pieces of Product K-0005 to get 10% off.";
        says(&buyer.page("/catalogue?q=K-0005").await, &[near]);
        let product = buyer.page("/products/K-0005").await;
        says(&product, &[
            "10% off Product K-0005, from 12 pieces on.", near,
            "With The TEN offer, 12 pieces cost €27.00 instead of €30.00.",
        ]);
    }

    async fn one_button_adds_what_is_missing_and_the_discount_shows_line_by_line(app) {
        fill(app).await;
        promote(app, "TEN", ten_per_cent(), Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "7").await.expect(303);
        let page = buyer.page("/cart").await;
        says(&page, &["Add 5 pieces of Product K-0005 to get 10% off.", "Add 5 pieces"]);
        let (_, form) = page.text().split_once("class=\"additions\"").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(form.contains("name=\"quantity\" value=\"5\""), "{form}");
        buyer.post("/cart/lines", &[("sku", KIBBLE), ("unit", "H87"), ("quantity", "5")]).await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 12)]);
        let page = buyer.page("/cart").await;
        says(&page, &["The TEN offer −€3.00", "Goods €30.00 Promotions −€3.00 Net €27.00"]);
        let told = api(app, &format!("/api/v1/cart?account={}", app.world.corner_shop.number)).await;
        assert_eq!(told["goods"]["amount"], "27.00");
        assert_eq!(told["discount"]["amount"], "3.00");
        assert_eq!(told["applied"][0]["code"], "TEN");
        assert_eq!(told["lines"][0]["price_trace"]["promotions"][0]["discount"]["amount"], "3.00");
    }

    async fn what_is_missing_of_a_value_or_a_bundle_is_added_in_allowed_quantities(app) {
        fill(app).await;
        let tiers = json!([{"from": 10_000, "cut": {"kind": "percent", "value": 500}}]);
        promote(app, "HUNDRED", json!({"kind": "order_value", "tiers": tiers}), None).await;
        let buyer = app.as_buyer().await;
        add(&buyer, TERRINE, "36").await.expect(303);
        says(&buyer.page("/cart").await, &["Add €10.00 to get 5% off.", "Add 12 pieces"]);
        buyer.post("/cart/lines", &[("sku", TERRINE), ("unit", "H87"), ("quantity", "12")]).await.expect(303);
        says(&buyer.page("/cart").await, &["Goods €120.00 Promotions −€6.00 Net €114.00"]);
        // Quick order tells the same under its rows, whose own prices stay single.
        buyer.post("/quick-order", &[("lines", "T-0012 36")]).await.expect(303);
        let quick = buyer.page("/quick-order").await;
        says(&quick, &["€90.00", "Add €10.00 to get 5% off."]);
        assert!(unescape(&quick.text()).contains("value=\"T-0012 12 H87"), "{}", quick.text());
    }

    async fn goods_that_come_along_are_lines_with_their_cause_everywhere(app) {
        fill(app).await;
        promote(app, "TERRINE", free_terrine(app).await, Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let cause = "comes along free: The TERRINE offer";
        says(&buyer.page("/cart").await, &["Product T-0012", cause, "12 pieces free €0.00"]);
        let checkout = buyer.page("/checkout").await;
        says(&checkout, &["Product T-0012", cause]);
        let number = number(&submit(&buyer, &checkout).await.expect(303));
        says(&buyer.page(&format!("/orders/{number}")).await, &["Product T-0012", cause]);
        let order = api(app, &format!("/api/v1/orders/{number}")).await;
        assert_eq!(order["lines"][1]["free"], true);
        assert_eq!(order["lines"][1]["total"]["amount"], "0.00");
        assert_eq!(order["lines"][1]["promotions"][0]["code"], "TERRINE");
        assert_eq!(order["lines"][0]["free"], false);
        app.run_jobs().await;
        let mails = app.mails();
        let mail = mails.iter().find(|mail| mail.mail.to_email.starts_with("buyer@")).unwrap();
        assert!(mail.mail.text.contains(cause), "{}", mail.mail.text);
    }

    async fn nothing_that_comes_along_goes_missing_unseen(app) {
        fill(app).await;
        promote(app, "TERRINE", free_terrine(app).await, Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let seen = buyer.page("/checkout").await;
        stop(app, "TERRINE").await;
        let refused = submit(&buyer, &seen).await.expect(409);
        says(&refused, &["Nothing was ordered", "Product T-0012", "no longer comes along"]);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 10)]);
        let placed = submit(&buyer, &refused).await.expect(303);
        let order = api(app, &format!("/api/v1/orders/{}", number(&placed))).await;
        assert_eq!(order["lines"].as_array().unwrap().len(), 1);
        app.run_jobs().await;
    }

    async fn a_promotion_that_gives_what_is_hidden_is_not_told(app) {
        fill(app).await;
        let give = json!({"product": product_id(app, SECRET).await, "pieces": 1});
        let mechanic = json!({"kind": "free_goods", "buy": 10, "count_in": "pieces", "give": give, "times": null});
        promote(app, "HIDDEN", mechanic, Some(KIBBLE)).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "6").await.expect(303);
        for path in ["/catalogue?q=K-0005", "/products/K-0005", "/cart"] {
            does_not_say(&buyer.page(path).await, &["S-0001", "HIDDEN"]);
        }
        says(&app.as_stranger().await.page("/products/K-0005").await, &["Product S-0001"]);
    }

    async fn freight_and_minimum_say_what_is_missing_and_offer_usual_items(app) {
        fill(app).await;
        freight(app).await;
        let sql = "UPDATE accounts SET minimum_order_minor = 7500 WHERE id = $1";
        app.sql.run(sql, [app.world.corner_shop.id.into()]).await.unwrap();
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let page = buyer.page("/cart").await;
        says(&page, &[
            "€50.00 to the minimum order of €75.00", "€125.00 to free freight from €150.00",
            "Below the minimum you can still submit", "Raise the order", "Did you forget?",
            "Goods €25.00 Freight €6.90 Net €31.90",
        ]);
        let offered = page.text();
        assert!(offered.contains("href=\"#suggested\""));
        let (_, suggested) = offered.split_once("id=\"suggested\"").unwrap();
        assert!(suggested.contains("action=\"/cart/lines\""));
        let checkout = buyer.page("/checkout").await;
        says(&checkout, &[
            "This order will wait", "Below the minimum order value.", "Your key account manager decides.",
            "Submit for decision",
        ]);
        let number = number(&submit(&buyer, &checkout).await.expect(303));
        let order = api(app, &format!("/api/v1/orders/{number}")).await;
        assert_eq!(order["state"], "held");
        assert_eq!(order["freight"]["amount"], "6.90");
        assert_eq!(order["net"]["amount"], "31.90");
        says(&buyer.page(&format!("/orders/{number}")).await, &["Goods €25.00 Freight €6.90 Net €31.90"]);
        app.run_jobs().await;
        let mails = app.mails();
        let mail = mails.iter().find(|mail| mail.mail.to_email.starts_with("buyer@")).unwrap();
        assert!(mail.mail.text.contains("Freight: €6.90"), "{}", mail.mail.text);
        // At the goal nothing is missing, and nothing is charged.
        add(&buyer, KIBBLE, "60").await.expect(303);
        says(&buyer.page("/cart").await, &[
            "Minimum order of €75.00 reached", "Free freight from €150.00 reached", "Freight free",
        ]);
        does_not_say(&buyer.page("/checkout").await, &["This order will wait"]);
    }

    async fn freight_that_changes_between_looking_and_ordering_is_told(app) {
        fill(app).await;
        freight(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let seen = buyer.page("/checkout").await;
        app.sql.run("UPDATE freight_rates SET charge_minor = 990 WHERE from_minor = 0", []).await.unwrap();
        changed(app).await;
        let refused = submit(&buyer, &seen).await.expect(409);
        says(&refused, &["Nothing was ordered", "Freight €6.90 €9.90", "Net €31.90 €34.90"]);
        submit(&buyer, &refused).await.expect(303);
        app.run_jobs().await;
    }

    async fn a_quantity_far_from_the_usual_is_asked_about(app) {
        fill(app).await;
        let sql = "INSERT INTO account_products (account_id, product_id, first_on, last_on, \
                   last_quantity, last_unit, pieces, times) VALUES ($1, $2, '2026-10-01', \
                   '2026-11-01', 12, 'H87', 36, 3)";
        let product = product_id(app, KIBBLE).await;
        app.sql.run(sql, [app.world.corner_shop.id.into(), product.into()]).await.unwrap();
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "900").await.expect(303);
        says(&buyer.page("/cart").await, &["You usually order 12; 900?", "Take 12"]);
        says(&buyer.page("/checkout").await, &["This order will wait", "Unusual quantity"]);
        let path = format!("/cart/lines/{}", line_id(app, KIBBLE).await);
        buyer.post(&path, &[("quantity", "12")]).await.expect(303);
        does_not_say(&buyer.page("/cart").await, &["You usually order 12"]);
        does_not_say(&buyer.page("/checkout").await, &["This order will wait"]);
    }

    async fn staff_with_the_right_agree_a_price_for_a_line(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let path = format!("/cart/lines/{}/price", line_id(app, KIBBLE).await);
        let agreed = [("price", "2.1234"), ("reason", "Said on the telephone")];
        let kam = kam_for_the_shop(app).await;
        may_agree(app, false).await;
        does_not_say(&kam.page("/cart").await, &["Set price"]);
        kam.post(&path, &agreed).await.expect(403);
        buyer.post(&path, &agreed).await.expect(403);
        may_agree(app, true).await;
        says(&kam.page("/cart").await, &["Set price"]);
        for (price, reason, fault) in [
            ("2.12345", "why", "Enter a price"), ("-1", "why", "Enter a price"),
            ("2.10", "", "Please fill this in."), ("", "why", "Please fill this in."),
        ] {
            let refused = kam.post(&path, &[("price", price), ("reason", reason)]).await.expect(422);
            says(&refused, &[fault]);
            assert!(refused.text().contains(&format!("value=\"{price}\"")), "{}", refused.text());
        }
        kam.post(&path, &agreed).await.expect(303);
        let by = app.sql.text("SELECT name FROM users WHERE email = $1", [KAM_NORTH.into()]).await;
        let told = format!("price agreed by {by}");
        // The buyer reads who, not why; and it holds for as many as it was agreed for, no more.
        let page = buyer.page("/cart").await;
        says(&page, &[&told, "€2.1234", "€21.23"]);
        does_not_say(&page, &["Said on the telephone", "Set price"]);
        let quantity = format!("/cart/lines/{}", line_id(app, KIBBLE).await);
        buyer.post(&quantity, &[("quantity", "20")]).await.expect(303);
        does_not_say(&buyer.page("/cart").await, &[&told]);
        buyer.post(&quantity, &[("quantity", "10")]).await.expect(303);
        let checkout = buyer.page("/checkout").await;
        says(&checkout, &[&told, "€21.23"]);
        let number = number(&submit(&buyer, &checkout).await.expect(303));
        let order = api(app, &format!("/api/v1/orders/{number}")).await;
        let trace = &order["lines"][0]["price_trace"];
        assert_eq!(trace["by_hand"]["price"]["amount"], "2.1234");
        assert_eq!(trace["by_hand"]["instead_of"]["amount"], "2.50");
        says(&buyer.page(&format!("/orders/{number}")).await, &[&told]);
        says(&kam.page(&format!("/orders/{number}")).await, &["Reason: Said on the telephone"]);
        let log = "SELECT CAST(after AS text) FROM audit_log WHERE action = 'price agreed'";
        assert!(app.sql.text(log, []).await.contains("2.1234"));
        app.run_jobs().await;
    }

    async fn an_agreed_price_goes_with_its_line_or_by_a_button(app) {
        fill(app).await;
        may_agree(app, true).await;
        let buyer = app.as_buyer().await;
        let kam = kam_for_the_shop(app).await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        let of_line = format!("/cart/lines/{}", line_id(app, KIBBLE).await);
        let agreed = [("price", "2"), ("reason", "Spoilt delivery")];
        kam.post(&format!("{of_line}/price"), &agreed).await.expect(303);
        says(&buyer.page("/cart").await, &["€20.00"]);
        kam.post(&format!("{of_line}/price"), &[("remove", "1")]).await.expect(303);
        does_not_say(&buyer.page("/cart").await, &["price agreed by"]);
        says(&buyer.page("/cart").await, &["€25.00"]);
        kam.post(&format!("{of_line}/price"), &agreed).await.expect(303);
        buyer.post(&format!("{of_line}/remove"), &[]).await.expect(303);
        add(&buyer, KIBBLE, "10").await.expect(303);
        says(&buyer.page("/cart").await, &["€25.00"]);
    }

    async fn an_admin_gives_and_takes_the_right_to_agree_prices(app) {
        let admin = app.sign_in(ADMIN).await;
        may_agree(app, false).await;
        let rows = app.sql.rows("SELECT id FROM users WHERE email = $1", [KAM_NORTH.into()]).await;
        let kam: Uuid = rows[0].try_get_by_index(0).unwrap();
        let path = format!("/admin/users/{kam}");
        admin.post(&path, &[("prices", "no"), ("prices", "yes")]).await.expect(303);
        let may = "SELECT count(*) FROM users WHERE email = $1 AND may_override_prices";
        assert_eq!(app.sql.number(may, [KAM_NORTH.into()]).await, 1);
        admin.post(&path, &[("prices", "no")]).await.expect(303);
        assert_eq!(app.sql.number(may, [KAM_NORTH.into()]).await, 0);
        let log = "SELECT count(*) FROM audit_log WHERE action = 'right to agree prices changed'";
        assert_eq!(app.sql.number(log, []).await, 2);
        let buyer = format!("/admin/users/{}", app.world.corner_shop.buyer);
        admin.post(&buyer, &[("prices", "yes")]).await.expect(409);
        says(&admin.page("/admin/users").await, &["Agrees prices"]);
    }
}
