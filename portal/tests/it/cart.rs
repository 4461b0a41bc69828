//! The cart and its checkout.

use std::time::Instant;

use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{KAM_NORTH, OWNER};
use crate::harness::{Answer, App, Client};
use crate::shelf::{
    KIBBLE, NEW, OLD, RARE, SECRET, TERRINE, add, cart, fill, line, line_id, product,
};

both! {
    async fn a_quantity_off_the_multiple_offers_the_nearest_two(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let answer = add(&buyer, TERRINE, "30").await.expect(422);
        let text = unescape(&answer.text());
        assert!(text.contains("Multiples of 12: order 24 or 36."), "{text}");
        assert!(text.contains("name=\"nearest\" value=\"24\""), "{text}");
        assert!(text.contains("name=\"nearest\" value=\"36\""), "{text}");
        assert_eq!(cart(app).await, []);
        let fields = [("sku", TERRINE), ("unit", "H87"), ("quantity", "30"), ("nearest", "24")];
        buyer.post("/cart/lines", &fields).await.expect(303);
        assert_eq!(cart(app).await, [line(TERRINE, "H87", 24)]);
    }

    async fn right_lines_go_in_and_wrong_ones_come_back_with_their_reasons(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let mut fields = Vec::new();
        let lines = [
            (TERRINE, "H87", "24"), (KIBBLE, "XCS", "2"), (KIBBLE, "", ""), (KIBBLE, "H87", "3"),
            (OLD, "", "1"), (SECRET, "", "1"), ("X-9999", "", "1"), (RARE, "XPX", "1"),
            (RARE, "bucket", "1"), (RARE, "", "-1"), (RARE, "", "1.5"), (RARE, "", "99999999999"),
        ];
        for (sku, unit, quantity) in lines {
            fields.extend([("sku", sku), ("unit", unit), ("quantity", quantity)]);
        }
        let answer = buyer.post("/cart/lines", &fields).await.expect(422);
        let text = unescape(&answer.text());
        assert_eq!(cart(app).await, [line(KIBBLE, "XCS", 2), line(TERRINE, "H87", 24)]);
        for words in [
            "9 lines were not added",
            "At least 5 per order.",
            "The product is no longer sold.",
            "There is no product with this SKU or GTIN.",
            "The product is not sold in this unit.",
            "The product is not sold in the unit “bucket”.",
            "“-1” is not a quantity.",
            "“1.5” is not a quantity.",
        ] {
            assert!(text.contains(words), "{words} is not said: {text}");
        }
        assert!(!text.contains("Product S-0001"), "the name of a hidden product is told");
    }

    async fn the_same_product_adds_up_and_what_does_not_fit_beside_it_is_refused(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        add(&buyer, KIBBLE, "1").await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 6)]);
        let answer = add(&buyer, KIBBLE, "999999").await.expect(422);
        assert!(unescape(&answer.text()).contains("6 are in the cart already"), "{}", answer.text());
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 6)]);
    }

    async fn a_companys_buyers_share_one_cart_which_outlives_the_session(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        buyer.post("/sign-out", &[]).await.expect(303);
        let owner = app.as_owner().await;
        add(&owner, KIBBLE, "7").await.expect(303);
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        add(&kam, TERRINE, "12").await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 12), line(TERRINE, "H87", 12)]);
        let by = app.sql.texts("SELECT added_by FROM cart_lines WHERE quantity = 12 ORDER BY added_by").await;
        let sql = "SELECT name FROM users WHERE email = $1";
        let owner = app.sql.text(sql, [OWNER.into()]).await;
        let kam = app.sql.text(sql, [KAM_NORTH.into()]).await;
        // Both names are kept: who acts, and for whom.
        assert_eq!(by, [owner, format!("{kam} ({})", app.world.corner_shop.name)]);
        let stranger = app.as_stranger().await;
        assert!(!stranger.page("/cart").await.text().contains(KIBBLE));
    }

    async fn buyers_who_begin_a_cart_at_once_get_the_same(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        let token = buyer.token().await;
        let fields = [("csrf", token.as_str()), ("sku", KIBBLE), ("quantity", "5")];
        let tries = (0..8).map(|_| buyer.post_raw("/cart/lines", &fields));
        for answer in futures_util::future::join_all(tries).await {
            answer.expect(303);
        }
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 40)]);
        assert_eq!(app.sql.number("SELECT count(*) FROM carts", []).await, 1);
    }

    async fn a_line_changes_only_to_what_is_allowed_and_shows_what_was_typed(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, TERRINE, "12").await.expect(303);
        let path = format!("/cart/lines/{}", line_id(app, TERRINE).await);
        buyer.post(&path, &[("quantity", "36")]).await.expect(303);
        assert_eq!(cart(app).await, [line(TERRINE, "H87", 36)]);
        let answer = buyer.post(&path, &[("quantity", "40")]).await.expect(422);
        let text = unescape(&answer.text());
        assert!(text.contains("Multiples of 12: order 36 or 48."), "{text}");
        assert!(text.contains("value=\"40\""), "{text}");
        for typed in ["0", "-12", "", "many", "1.5", "99999999999999999999"] {
            buyer.post(&path, &[("quantity", typed)]).await.expect(422);
        }
        assert_eq!(cart(app).await, [line(TERRINE, "H87", 36)]);
        buyer.post(&format!("{path}/remove"), &[]).await.expect(303);
        assert_eq!(cart(app).await, []);
        buyer.post(&format!("{path}/remove"), &[]).await.expect(404);
        buyer.post("/cart/lines/nonsense", &[("quantity", "1")]).await.expect(404);
    }

    async fn what_cannot_be_ordered_is_said_at_its_line(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        for (sku, quantity) in [(NEW, "1"), (RARE, "4"), (TERRINE, "12"), (KIBBLE, "5")] {
            add(&buyer, sku, quantity).await.expect(303);
        }
        let sql = "UPDATE products SET multiple = 24, moq = 24 WHERE sku = $1";
        app.sql.run(sql, [TERRINE.into()]).await.unwrap();
        let sql = "UPDATE products SET status = 'delisted' WHERE sku = $1";
        app.sql.run(sql, [KIBBLE.into()]).await.unwrap();
        let text = unescape(&buyer.page("/cart").await.text());
        for words in [
            "4 lines cannot be ordered yet.",
            "There is no price for you at the moment.",
            "Only 3 are available",
            "At least 24 per order.",
            "The product is no longer sold.",
        ] {
            assert!(text.contains(words), "{words} is not said: {text}");
        }
        let answer = buyer.get("/checkout").await.expect(303);
        assert_eq!(answer.location(), "/cart");
    }

    async fn details_are_kept_and_faults_stand_at_their_fields(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        let fields = [("po_number", "PO-4711"), ("requested_date", "2026-12-01"), ("note", "Ring")];
        buyer.post("/cart/details", &fields).await.expect(303);
        let page = buyer.page("/cart").await;
        assert_eq!(page.field("po_number").as_deref(), Some("PO-4711"));
        let long = "9".repeat(65);
        let place = Uuid::now_v7().to_string();
        let fields = [("po_number", long.as_str()), ("requested_date", "2026-11-23"), ("ship_to", &place)];
        let text = buyer.post("/cart/details", &fields).await.expect(422).text();
        assert!(text.contains("At most 64 characters"), "{text}");
        assert!(text.contains("This date is too early."), "{text}");
        let answer = buyer.post("/cart/details", &[("ship_to", &place)]).await.expect(422);
        assert!(answer.text().contains("Please choose one of the entries."), "{}", answer.text());
        assert_eq!(buyer.page("/cart").await.field("po_number").as_deref(), Some("PO-4711"));
    }

    async fn a_cart_of_three_thousand_lines_is_shown_page_by_page(app) {
        fill(app).await;
        many_products(app, 3_000).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        let sql = "INSERT INTO cart_lines (id, account_id, cart_id, product_id, unit, quantity, \
                   added_by, added_at) SELECT p.id, c.account_id, c.id, p.id, 'H87', 1, 'x', 0 \
                   FROM products p, carts c WHERE p.sku LIKE 'M-%'";
        app.sql.run(sql, []).await.unwrap();
        let start = Instant::now();
        let text = buyer.page("/cart?page=30").await.text();
        let took = start.elapsed();
        assert!(text.contains("3,001 lines"), "{}", text.len());
        // 3,000 × 2.50 + 5 × 2.50
        assert!(text.contains("7,512.50"), "the total is over all pages");
        assert!(took.as_secs() < 10, "{took:?}");
        eprintln!("a cart of 3,001 lines: {took:?}");
    }
}

/// Products with a price, by one statement.
pub async fn many_products(app: &App, count: usize) {
    let list = app
        .sql
        .rows("SELECT id FROM price_lists WHERE code = 'SHELF'", [])
        .await;
    let list: Uuid = list[0].try_get_by_index(0).unwrap();
    product(app, list, "M-00000", (1, 1), "active", "back_order", 1_000).await;
    let columns = "name, brand_id, category_id, base_unit, order_unit, moq, multiple, tax_class, \
                   status, stock_policy, updated_at";
    let ids: Vec<(Uuid, String)> = (1..count)
        .map(|at| (Uuid::now_v7(), format!("M-{at:05}")))
        .collect();
    for chunk in ids.chunks(1_000) {
        let places: Vec<String> = (0..chunk.len())
            .map(|at| format!("(${}, ${})", 2 * at + 1, 2 * at + 2))
            .collect();
        let values: Vec<Value> = chunk
            .iter()
            .flat_map(|(id, sku)| [(*id).into(), sku.clone().into()])
            .collect();
        let sql = format!(
            "WITH new (id, sku) AS (VALUES {}) INSERT INTO products (id, sku, {columns}) \
             SELECT new.id, new.sku, {columns} FROM new, products p WHERE p.sku = 'M-00000'",
            places.join(", ")
        );
        app.sql.run(&sql, values).await.unwrap();
    }
    for sql in [
        "INSERT INTO product_units (product_id, unit, pack_factor) SELECT id, 'H87', 1 \
         FROM products WHERE sku LIKE 'M-%' AND sku <> 'M-00000'",
        "INSERT INTO stock (product_id, on_hand, updated_at) SELECT id, 1000, 0 \
         FROM products WHERE sku LIKE 'M-%' AND sku <> 'M-00000'",
        "INSERT INTO price_rows (product_id, price_list_id, unit, min_quantity, valid_from, amount) \
         SELECT p.id, l.id, 'H87', 1, '2020-01-01', 25000 FROM products p, price_lists l \
         WHERE l.code = 'SHELF' AND p.sku LIKE 'M-%' AND p.sku <> 'M-00000'",
    ] {
        app.sql.run(sql, []).await.unwrap();
    }
}

/// What the checkout's form would send.
async fn checkout_form(buyer: &Client) -> Vec<(&'static str, String)> {
    let page = buyer.page("/checkout").await;
    ["idempotency_key", "expected_total_minor", "cart", "shown"]
        .map(|name| (name, page.field(name).unwrap_or_default()))
        .into()
}

async fn submit(buyer: &Client, form: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    buyer.post("/checkout", &fields).await
}

async fn orders(app: &App) -> i64 {
    let sql = "SELECT count(*) FROM orders WHERE cart_id IS NOT NULL";
    app.sql.number(sql, []).await
}

both! {
    async fn a_cart_becomes_one_order_however_often_it_is_sent(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        let (one, other) = (checkout_form(&buyer).await, checkout_form(&buyer).await);
        let first = submit(&buyer, &one).await.expect(303);
        assert!(first.location().starts_with("/orders/"), "{}", first.location());
        assert!(first.location().ends_with("?placed=1"), "{}", first.location());
        // The same form again is the same order; another tab's is told of it.
        let again = submit(&buyer, &one).await.expect(303);
        assert_eq!(again.location(), first.location());
        submit(&buyer, &other).await.expect(409);
        assert_eq!(orders(app).await, 1);
        assert_eq!(cart(app).await, []);
        app.forget_jobs().await;
    }

    async fn a_price_that_moved_is_shown_line_by_line_and_nothing_is_ordered(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        add(&buyer, TERRINE, "12").await.expect(303);
        let mut form = checkout_form(&buyer).await;
        form.push(("po_number", "PO-1".into()));
        let sql = "UPDATE price_rows SET amount = 30000 WHERE product_id = \
                   (SELECT id FROM products WHERE sku = $1)";
        app.sql.run(sql, [KIBBLE.into()]).await.unwrap();
        let answer = submit(&buyer, &form).await.expect(409);
        let text = answer.text();
        assert!(text.contains("12.50") && text.contains("15.00"), "{text}");
        assert_eq!(answer.field("po_number").as_deref(), Some("PO-1"));
        // (15.00 + 30.00) × 1.19
        assert_eq!(answer.field("expected_total_minor").as_deref(), Some("5355"));
        assert_eq!(orders(app).await, 0);
        let mut form = checkout_form(&buyer).await;
        form.push(("po_number", "PO-1".into()));
        submit(&buyer, &form).await.expect(303);
        assert_eq!(orders(app).await, 1);
        app.forget_jobs().await;
    }

    async fn a_blocked_account_keeps_its_cart_and_orders_nothing(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "5").await.expect(303);
        let form = checkout_form(&buyer).await;
        let sql = "UPDATE accounts SET status = 'blocked' WHERE id = $1";
        app.sql.run(sql, [app.world.corner_shop.id.into()]).await.unwrap();
        submit(&buyer, &form).await.expect(409);
        buyer.get("/checkout").await.expect(409);
        assert_eq!(orders(app).await, 0);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 5)]);
    }

    async fn a_form_with_faults_comes_back_as_it_was_typed(app) {
        fill(app).await;
        let buyer = app.as_buyer().await;
        assert_eq!(buyer.get("/checkout").await.expect(303).location(), "/cart");
        add(&buyer, KIBBLE, "5").await.expect(303);
        let mut form = checkout_form(&buyer).await;
        form.push(("requested_date", "2020-01-01".into()));
        form.push(("po_number", "PO-2".into()));
        let answer = submit(&buyer, &form).await.expect(422);
        assert!(answer.text().contains("This date is too early."), "{}", answer.text());
        assert_eq!(answer.field("po_number").as_deref(), Some("PO-2"));
        buyer.post("/checkout", &[("po_number", "PO-2")]).await.expect(422);
        assert_eq!(orders(app).await, 0);
    }
}
