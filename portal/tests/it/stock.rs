//! Stock: goods come in and go to those who wait, in order; what is short is explained; whoever
//! asked is told once.

use portal::api::keys::{self, Permission};
use portal::check;
use reqwest::Method;
use sea_orm::sea_query::Value as Bind;
use serde_json::{Value, json};

use crate::harness::client::unescape;
use crate::harness::{Answer, App, Client};
use crate::shelf::{KIBBLE, RARE, TERRINE, add, cart, fill, line, line_id};

/// On hand, allocated, reserved, and what is owed to open orders.
async fn stock(app: &App, sku: &str) -> [i64; 4] {
    let sql = "SELECT s.on_hand, s.allocated, s.reserved, \
               (SELECT CAST(coalesce(sum(l.back_ordered), 0) AS bigint) FROM order_lines l \
               JOIN orders o ON o.id = l.order_id WHERE l.product_id = s.product_id \
               AND o.state IN ('held', 'confirmed', 'released')) AS owed \
               FROM stock s JOIN products p ON p.id = s.product_id WHERE p.sku = $1";
    let rows = app.sql.rows(sql, [sku.into()]).await;
    ["on_hand", "allocated", "reserved", "owed"].map(|name| rows[0].try_get("", name).unwrap())
}

/// What is on its way, as the table of receipts has it, and what the stock's row says is next.
async fn receipts(app: &App, sku: &str) -> (Vec<(String, i64)>, Option<String>, Option<i64>) {
    let sql = "SELECT r.expected_on, r.quantity FROM expected_receipts r \
               JOIN products p ON p.id = r.product_id WHERE p.sku = $1 ORDER BY r.expected_on";
    let rows = app.sql.rows(sql, [sku.into()]).await;
    let all = rows.iter().map(|row| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    });
    let all = all.collect();
    let sql = "SELECT s.expected_on, s.expected_quantity FROM stock s \
               JOIN products p ON p.id = s.product_id WHERE p.sku = $1";
    let next = app.sql.rows(sql, [sku.into()]).await;
    (
        all,
        next[0].try_get_by_index(0).unwrap(),
        next[0].try_get_by_index(1).unwrap(),
    )
}

/// Orders one line by cart and checkout; the order's number.
async fn order(app: &App, buyer: &Client, sku: &str, quantity: &str) -> String {
    app.clock.advance(1_000);
    add(buyer, sku, quantity).await.expect(303);
    let page = buyer.page("/checkout").await;
    let fields: Vec<(&str, String)> = ["idempotency_key", "expected_total_minor", "cart", "shown"]
        .into_iter()
        .map(|name| (name, page.field(name).unwrap_or_default()))
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = buyer.post("/checkout", &fields).await.expect(303);
    let number = answer.location().trim_start_matches("/orders/");
    number.trim_end_matches("?placed=1").to_owned()
}

async fn cancel(buyer: &Client, number: &str) {
    let path = format!("/orders/{number}/cancel");
    buyer
        .post(&path, &[("reason", "too late")])
        .await
        .expect(303);
}

/// What a line has, and what it is owed.
async fn has(app: &App, number: &str) -> (i64, i64) {
    let sql = "SELECT l.allocated, l.back_ordered FROM order_lines l \
               JOIN orders o ON o.id = l.order_id WHERE o.number = $1";
    let rows = app.sql.rows(sql, [number.into()]).await;
    (
        rows[0].try_get_by_index(0).unwrap(),
        rows[0].try_get_by_index(1).unwrap(),
    )
}

/// Corrects the count, as the warehouse does.
async fn count(app: &App, admin: &Client, sku: &str, on_hand: i64) {
    let seen = stock(app, sku).await[0].to_string();
    let on_hand = on_hand.to_string();
    let fields = [
        ("seen", seen.as_str()),
        ("on_hand", &on_hand),
        ("reason", "stocktaking"),
    ];
    let path = format!("/kam/stock/{sku}/count");
    admin.post(&path, &fields).await.expect(303);
}

async fn receive(admin: &Client, sku: &str, seen: i64, fields: &[(&str, &str)]) -> Answer {
    let seen = seen.to_string();
    let mut all = vec![("seen", seen.as_str())];
    all.extend_from_slice(fields);
    admin.post(&format!("/kam/stock/{sku}/receive"), &all).await
}

async fn expect(admin: &Client, sku: &str, receipts: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, &str)> = receipts
        .iter()
        .flat_map(|(day, quantity)| [("date", *day), ("quantity", *quantity)])
        .collect();
    admin
        .post(&format!("/kam/stock/{sku}/receipts"), &fields)
        .await
}

/// Every finding about stock and lines.
async fn books_agree(app: &App) {
    let findings = check::books(&app.data.db).await.unwrap();
    let about = |holds: &str| {
        [
            "stock",
            "piece",
            "owed",
            "receipt",
            "promised",
            "holds nothing",
        ]
        .iter()
        .any(|word| holds.contains(word))
    };
    let about_stock: Vec<String> = findings
        .iter()
        .filter(|finding| about(finding.holds))
        .map(ToString::to_string)
        .collect();
    assert_eq!(about_stock, Vec::<String>::new());
}

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Bind>) {
    app.sql.run(sql, values).await.unwrap();
}

both! {
    async fn the_demos_books_agree(app) {
        books_agree(app).await;
        let several = "SELECT count(*) FROM (SELECT product_id FROM expected_receipts \
                       GROUP BY product_id HAVING count(*) > 1) s";
        assert!(app.sql.number(several, []).await > 0, "nothing comes in two parts");
        let owed = "SELECT count(*) FROM order_lines WHERE back_ordered > 0";
        assert!(app.sql.number(owed, []).await > 0, "nothing is owed");
        let short = "SELECT count(*) FROM stock s JOIN products p ON p.id = s.product_id \
                     JOIN product_substitutes r ON r.product_id = p.id \
                     WHERE p.stock_policy = 'strict' AND p.status = 'active' \
                     AND s.on_hand - s.allocated - s.reserved <= 0";
        assert!(app.sql.number(short, []).await > 0, "no strict item with substitutes is short");
    }

    async fn what_cancellations_give_back_goes_to_those_who_wait_in_order(app) {
        fill(app).await;
        let (admin, buyer, stranger) = (app.as_admin().await, app.as_buyer().await, app.as_stranger().await);
        count(app, &admin, KIBBLE, 20).await;
        let first = order(app, &buyer, KIBBLE, "20").await;
        let second = order(app, &stranger, KIBBLE, "15").await;
        let third = order(app, &buyer, KIBBLE, "10").await;
        let fourth = order(app, &stranger, KIBBLE, "7").await;
        assert_eq!(has(app, &first).await, (20, 0));
        assert_eq!(has(app, &second).await, (0, 15));
        books_agree(app).await;

        cancel(&buyer, &first).await;
        assert_eq!(has(app, &second).await, (15, 0));
        assert_eq!(has(app, &third).await, (5, 5));
        assert_eq!(has(app, &fourth).await, (0, 7));
        books_agree(app).await;

        cancel(&stranger, &second).await;
        assert_eq!(has(app, &third).await, (10, 0));
        assert_eq!(has(app, &fourth).await, (7, 0));
        let [on_hand, allocated, reserved, owed] = stock(app, KIBBLE).await;
        assert_eq!((on_hand, allocated + reserved, owed), (20, 17, 0));
        books_agree(app).await;

        let sql = "SELECT o.number FROM order_events e JOIN orders o ON o.id = e.order_id \
                   WHERE e.kind = 'allocated' ORDER BY e.at, o.number";
        let mut served = app.sql.texts(sql).await;
        served.sort();
        let mut expected = vec![second, third.clone(), third, fourth];
        expected.sort();
        assert_eq!(served, expected);
        app.forget_jobs().await;
    }

    async fn a_held_order_keeps_back_what_comes_in_and_has_it_once_confirmed(app) {
        fill(app).await;
        let (admin, buyer) = (app.as_admin().await, app.as_buyer().await);
        count(app, &admin, KIBBLE, 0).await;
        let number = order(app, &buyer, KIBBLE, "12").await;
        run(app, "UPDATE orders SET state = 'held' WHERE number = $1", [number.clone().into()]).await;
        receive(&admin, KIBBLE, 0, &[("quantity", "8")]).await.expect(303);
        assert_eq!(has(app, &number).await, (8, 4));
        assert_eq!(stock(app, KIBBLE).await, [8, 0, 8, 4]);
        books_agree(app).await;
        app.forget_jobs().await;
    }

    async fn goods_that_come_are_booked_in_once_and_taken_off_what_was_expected(app) {
        fill(app).await;
        let (admin, buyer) = (app.as_admin().await, app.as_buyer().await);
        count(app, &admin, KIBBLE, 0).await;
        let number = order(app, &buyer, KIBBLE, "30").await;
        let two = [("2026-12-08", "100"), ("2026-11-30", "50"), ("", "")];
        expect(&admin, KIBBLE, &two).await.expect(303);
        let expected = vec![("2026-11-30".to_owned(), 50), ("2026-12-08".to_owned(), 100)];
        assert_eq!(receipts(app, KIBBLE).await, (expected, Some("2026-11-30".into()), Some(50)));
        let page = unescape(&buyer.page(&format!("/orders/{number}")).await.text());
        assert!(page.contains("30 Nov"), "{page}");

        let came = [("quantity", "20"), ("expected", "2026-11-30"), ("rest", "1"), ("reference", "DN 4711")];
        receive(&admin, KIBBLE, 0, &came).await.expect(303);
        assert_eq!(has(app, &number).await, (20, 10));
        let left = vec![("2026-11-30".to_owned(), 30), ("2026-12-08".to_owned(), 100)];
        assert_eq!(receipts(app, KIBBLE).await, (left, Some("2026-11-30".into()), Some(30)));
        // The button pressed twice books once, and says so.
        let again = receive(&admin, KIBBLE, 0, &came).await.expect(422);
        let text = unescape(&again.text());
        assert!(text.contains("Somebody has changed it meanwhile: 20 are on hand now."), "{text}");
        assert!(text.contains("value=\"DN 4711\""), "{text}");

        let rest = [("quantity", "40"), ("expected", "2026-11-30")];
        receive(&admin, KIBBLE, 20, &rest).await.expect(303);
        assert_eq!(has(app, &number).await, (30, 0));
        assert_eq!(
            receipts(app, KIBBLE).await,
            (vec![("2026-12-08".to_owned(), 100)], Some("2026-12-08".into()), Some(100))
        );
        receive(&admin, KIBBLE, 60, &rest).await.expect(422);
        let sql = "SELECT reference FROM stock_movements WHERE cause = 'receipt' ORDER BY reference";
        let booked = app.sql.texts(sql).await;
        assert_eq!(booked.len(), 2, "{booked:?}");
        assert!(booked.iter().any(|words| words.ends_with(": DN 4711")), "{booked:?}");
        let page = unescape(&admin.page(&format!("/kam/stock/{KIBBLE}")).await.text());
        for words in ["Goods received", "Given to a waiting order", "stocktaking", &number] {
            assert!(page.contains(words), "{words} is not said: {page}");
        }
        let sql = "SELECT count(*) FROM audit_log WHERE action IN ('goods received', 'stock counted')";
        assert_eq!(app.sql.number(sql, []).await, 3);
        books_agree(app).await;
        app.forget_jobs().await;
    }

    async fn what_is_typed_wrong_is_kept_and_nothing_is_booked(app) {
        fill(app).await;
        let admin = app.as_admin().await;
        let path = format!("/kam/stock/{KIBBLE}/count");
        let typed = [("seen", "1000"), ("on_hand", "-4"), ("reason", "")];
        let text = unescape(&admin.post(&path, &typed).await.expect(422).text());
        assert!(text.contains("A whole number from 0 to 1,000,000,000."), "{text}");
        assert!(text.contains("value=\"-4\""), "{text}");
        let text = expect(&admin, KIBBLE, &[("2026-12-01", "0"), ("", "7")]).await.expect(422).text();
        assert!(unescape(&text).contains("This is not a date."), "{text}");
        assert_eq!(stock(app, KIBBLE).await, [1_000, 0, 0, 0]);
        admin.get("/kam/stock/NO-SUCH").await.expect(404);
        run(app, "UPDATE products SET stock_policy = 'untracked' WHERE sku = $1", [KIBBLE.into()]).await;
        admin.post(&path, &[("seen", "1000"), ("on_hand", "4"), ("reason", "x")]).await.expect(409);
        admin.page(&format!("/kam/stock/{KIBBLE}")).await;
    }

    async fn stock_is_everybodys_to_look_at_and_operations_to_book(app) {
        fill(app).await;
        let (kam, admin, buyer) = (app.as_kam().await, app.as_admin().await, app.as_buyer().await);
        count(app, &admin, KIBBLE, 0).await;
        let path = format!("/kam/stock/{KIBBLE}");
        assert!(!kam.page(&path).await.text().contains("/receive"));
        let sql = "UPDATE users SET role = 'operations' WHERE email = 'marketing@demo.kontor.example'";
        run(app, sql, []).await;
        let operations = app.sign_in("marketing@demo.kontor.example").await;
        assert!(operations.page(&path).await.text().contains("/receive"));
        receive(&operations, KIBBLE, 0, &[("quantity", "3")]).await.expect(303);
        count(app, &admin, KIBBLE, 0).await;
        order(app, &buyer, KIBBLE, "12").await;
        for (show, there) in [("", true), ("owed", true), ("short", true), ("negative", false)] {
            let text = kam.page(&format!("/kam/stock?q=k-0005&show={show}")).await.text();
            assert_eq!(text.contains(&path), there, "{show}");
        }
        app.forget_jobs().await;
    }

    async fn pages_say_when_what_is_short_can_be_had(app) {
        fill(app).await;
        let (admin, buyer) = (app.as_admin().await, app.as_buyer().await);
        count(app, &admin, TERRINE, 24).await;
        expect(&admin, TERRINE, &[("2026-12-08", "12"), ("2026-12-22", "24")]).await.expect(303);
        add(&buyer, TERRINE, "48").await.expect(303);
        let split = "24 now, 12 on 8 Dec 2026, 12 on 22 Dec 2026";
        let text = unescape(&buyer.page("/cart").await.text());
        assert!(text.contains(split), "{text}");
        let text = unescape(&buyer.page("/checkout").await.text());
        assert!(text.contains(split), "{text}");
        assert!(text.contains("One line goes out later in part"), "{text}");
        let text = unescape(&buyer.page(&format!("/products/{TERRINE}")).await.text());
        assert!(text.contains("12 pieces on 8 Dec 2026, 24 pieces on 22 Dec 2026"), "{text}");
        // What is owed to somebody before is nobody else's.
        let stranger = app.as_stranger().await;
        order(app, &stranger, TERRINE, "36").await;
        let text = unescape(&buyer.page("/cart").await.text());
        assert!(text.contains("24 on 22 Dec 2026, 24 later, date unknown"), "{text}");
        app.forget_jobs().await;
    }

    async fn a_short_item_comes_with_its_day_and_what_to_take_instead(app) {
        fill(app).await;
        let (admin, buyer) = (app.as_admin().await, app.as_buyer().await);
        for (position, other) in [(1, KIBBLE), (2, TERRINE), (3, "S-0001"), (4, "N-0001"), (5, "O-0001")] {
            let sql = "INSERT INTO product_substitutes (product_id, substitute_id, position) \
                       SELECT a.id, b.id, $1 FROM products a, products b WHERE a.sku = $2 AND b.sku = $3";
            run(app, sql, [position.into(), RARE.into(), other.into()]).await;
        }
        expect(&admin, RARE, &[("2026-12-01", "1"), ("2026-12-08", "10")]).await.expect(303);
        add(&buyer, RARE, "7").await.expect(303);
        let text = unescape(&buyer.page("/cart").await.text());
        assert!(text.contains("Only 3 are available; more are expected on 8 Dec 2026."), "{text}");
        assert!(text.contains("Take 7 pieces of Product K-0005 instead"), "{text}");
        assert!(text.contains("Take 12 pieces of Product T-0012 instead"), "{text}");
        for hidden in ["S-0001", "N-0001", "O-0001"] {
            assert!(!text.contains(hidden), "{hidden} is offered");
        }
        let tx = app.data.db.begin_system("tests").await.unwrap();
        let account = trade::id::AccountId(app.world.corner_shop.id);
        let key = keys::create(&tx, 0, "Shop", Some(account), &Permission::ACCOUNT).await.unwrap();
        tx.commit().await.unwrap();
        let request = app.visitor().request(Method::POST, "/api/v1/orders");
        let body = json!({"lines": [{"sku": RARE, "unit": "H87", "quantity": 7}, {"sku": RARE, "unit": "H87", "quantity": 2}]});
        let request = request.bearer_auth(&key).header("Idempotency-Key", "k1").json(&body);
        let answer = app.visitor().send(request).await.expect(409).json();
        let lines = answer["facts"]["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 2, "{answer}");
        assert_eq!(lines[0]["facts"]["date"], "2026-12-08");
        assert_eq!(lines[0]["facts"]["substitutes"][0]["sku"], KIBBLE);
        assert_eq!(lines[0]["facts"]["substitutes"][0]["quantity"], 7);
        assert_eq!(lines[0]["facts"]["substitutes"].as_array().unwrap().len(), 2);

        let path = format!("/cart/lines/{}/substitute", line_id(app, RARE).await);
        // One that cannot be ordered so leaves the cart as it is.
        buyer.post(&path, &[("sku", TERRINE), ("unit", "H87"), ("quantity", "5")]).await.expect(422);
        assert_eq!(cart(app).await, [line(RARE, "H87", 7)]);
        buyer.post(&path, &[("sku", KIBBLE), ("unit", "H87"), ("quantity", "7")]).await.expect(303);
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 7)]);
    }

    async fn who_asked_is_told_once_that_an_item_is_back(app) {
        fill(app).await;
        let (admin, buyer, stranger) = (app.as_admin().await, app.as_buyer().await, app.as_stranger().await);
        count(app, &admin, RARE, 0).await;
        let path = format!("/products/{RARE}/alert");
        let text = buyer.page(&format!("/products/{RARE}")).await.text();
        assert!(text.contains("Tell me when it is back"), "{text}");
        buyer.post(&path, &[]).await.expect(303);
        buyer.post(&path, &[]).await.expect(303);
        stranger.post(&path, &[]).await.expect(303);
        let owner = app.as_owner().await;
        owner.post(&path, &[]).await.expect(303);
        assert!(buyer.page(&format!("/products/{RARE}")).await.text().contains("You will be told"));
        assert!(buyer.page("/profile").await.text().contains("Items you wait for"));
        owner.post(&format!("{path}/remove"), &[]).await.expect(303);
        assert!(stranger.page("/profile").await.text().contains(RARE));
        // The stranger may no longer see it.
        let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
                   SELECT $1, 'exclude', id, $2 FROM products WHERE sku = $3";
        let values = [uuid::Uuid::now_v7().into(), app.world.stranger.id.into(), RARE.into()];
        run(app, sql, values).await;
        assert!(!stranger.page("/profile").await.text().contains(RARE));

        receive(&admin, RARE, 0, &[("quantity", "5")]).await.expect(303);
        count(app, &admin, RARE, 6).await;
        app.run_jobs().await;
        app.run_jobs().await;
        let mails = app.mails();
        assert_eq!(mails.len(), 1, "{:?}", mails.iter().map(|kept| &kept.mail.to_email).collect::<Vec<_>>());
        assert_eq!(mails[0].mail.to_email, app.world.corner_shop.email);
        assert_eq!(mails[0].mail.subject, format!("Product {RARE} is back in stock"));
        assert!(mails[0].mail.text.contains("€2.50"), "{}", mails[0].mail.text);
        assert!(mails[0].mail.text.contains(&format!("/products/{RARE}")), "{}", mails[0].mail.text);
        assert_eq!(app.sql.number("SELECT count(*) FROM stock_alerts", []).await, 0);
        // What is there needs no asking.
        buyer.post(&path, &[]).await.expect(303);
        assert_eq!(app.sql.number("SELECT count(*) FROM stock_alerts", []).await, 0);
        app.clock.advance(60_000);
        // Asked again, it is told again; sold out before, it is not.
        count(app, &admin, RARE, 0).await;
        buyer.post(&path, &[]).await.expect(303);
        count(app, &admin, RARE, 1).await;
        run(app, "UPDATE stock SET reserved = reserved + 1 WHERE on_hand = 1 AND product_id = (SELECT id FROM products WHERE sku = $1)", [RARE.into()]).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 1);
        run(app, "UPDATE stock SET reserved = 0 WHERE on_hand = 1 AND product_id = (SELECT id FROM products WHERE sku = $1)", [RARE.into()]).await;
        count(app, &admin, RARE, 2).await;
        app.run_jobs().await;
        assert_eq!(app.mails().len(), 2);
    }

    async fn the_erp_says_what_is_on_its_way(app) {
        fill(app).await;
        let tx = app.data.db.begin_system("tests").await.unwrap();
        let key = keys::create(&tx, 0, "ERP", None, &Permission::ALL).await.unwrap();
        tx.commit().await.unwrap();
        let client = app.visitor();
        let put = |body: Value| {
            let request = client.request(Method::PUT, &format!("/api/v1/stock/{KIBBLE}"));
            client.send(request.bearer_auth(&key).json(&body))
        };
        let both = json!([
            {"expected_on": "2026-12-01", "quantity": 120},
            {"expected_on": "2027-01-05", "quantity": 240},
        ]);
        let mut turned = both.as_array().unwrap().clone();
        turned.reverse();
        let answer = put(json!({"on_hand": 5, "receipts": turned})).await.expect(200).json();
        assert_eq!(answer["receipts"], both);
        assert_eq!(answer["expected_on"], "2026-12-01");
        assert_eq!(answer["expected_quantity"], 120);
        // What was read can be sent back.
        let again = json!({
            "on_hand": 5, "expected_on": "2026-12-01", "expected_quantity": 120, "receipts": both,
        });
        assert_eq!(put(again).await.expect(200).json(), answer);
        // The former way still names one.
        let one = json!({"on_hand": 5, "expected_on": "2026-12-03", "expected_quantity": 7});
        let answer = put(one).await.expect(200).json();
        assert_eq!(answer["receipts"], json!([{"expected_on": "2026-12-03", "quantity": 7}]));
        let odd = json!({
            "on_hand": 5, "expected_on": "2026-12-01", "expected_quantity": 60, "receipts": both,
        });
        put(odd).await.expect(422);
        put(json!({"on_hand": 5, "receipts": [{"expected_on": "soon", "quantity": 0}]})).await.expect(422);
        let none = put(json!({"on_hand": 5})).await.expect(200).json();
        assert_eq!(none["receipts"], json!([]));
        assert_eq!(none["expected_on"], Value::Null);
        books_agree(app).await;
    }

    async fn a_file_of_counts_serves_those_who_wait(app) {
        fill(app).await;
        let (admin, buyer) = (app.as_admin().await, app.as_buyer().await);
        count(app, &admin, KIBBLE, 0).await;
        let number = order(app, &buyer, KIBBLE, "30").await;
        let path = format!("/orders/{number}");
        buyer.page(&path).await;
        let csv = format!("sku,on_hand,receipts\n{KIBBLE},25,2026-12-01:50|2027-01-05:60\n");
        let table = portal::imports::table::Table::from_bytes(csv.into_bytes()).unwrap();
        let mut rejected =
            portal::imports::rejected::RejectedRows::new(Vec::new(), table.header()).unwrap();
        let options = portal::imports::load::Options {
            dry_run: false,
            keep_good: false,
            now: app.clock.millis(),
            by: "Test".into(),
            file_name: "stock.csv".into(),
        };
        let kind = portal::imports::load::Kind::Stock;
        let report =
            portal::imports::load::run(&app.data.db, kind, table, &options, &mut rejected, &mut |_| {})
                .await
                .unwrap();
        assert_eq!((report.changed, report.rejected), (1, 0));
        assert_eq!(has(app, &number).await, (25, 5));
        let (all, ..) = receipts(app, KIBBLE).await;
        assert_eq!(all, [("2026-12-01".to_owned(), 50), ("2027-01-05".to_owned(), 60)]);
        books_agree(app).await;
        app.forget_jobs().await;
    }
}
