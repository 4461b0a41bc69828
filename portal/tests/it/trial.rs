//! Trials: who goes without suggestions, what orders keep of it, and a report whose numbers can be
//! counted by hand.

use std::collections::HashMap;

use portal::db::words::TrialArm;
use portal::suggestions::trial::arm;
use serde_json::json;
use trade::id::AccountId;
use uuid::Uuid;

use crate::api::Program;
use crate::harness::{App, Client, NOW};
use crate::shelf::{KIBBLE, RARE, add};
use crate::suggested::{LITTER, ordered, regulars, words};

const MARKETING: &str = "marketing@demo.kontor.example";
const PAGE: &str = "/admin/suggestions";
const DAY: i64 = 86_400_000;

async fn begin(admin: &Client, share: &str) {
    let answer = admin
        .post("/admin/suggestions/trial", &[("share", share)])
        .await;
    assert_eq!(answer.expect(303).location(), PAGE);
}

/// The trial that runs draws the corner shop for going without, and the stranger not.
async fn draw(app: &App) -> i64 {
    let (shop, stranger) = (app.world.corner_shop.id, app.world.stranger.id);
    let falls = |salt: &i64| {
        arm(AccountId(shop), *salt, 5_000) == TrialArm::Control
            && arm(AccountId(stranger), *salt, 5_000) == TrialArm::Suggestions
    };
    let salt = (0..1_000_i64).find(falls).unwrap();
    let sql = "UPDATE suggestion_trials SET salt = $1 WHERE state = 'running'";
    assert_eq!(app.sql.run(sql, [salt.into()]).await.unwrap(), 1);
    salt
}

async fn said(client: &Client, path: &str) -> String {
    words(&client.page(path).await.text())
}

/// Puts one kibble order through the portal, as people do.
async fn order(client: &Client) {
    add(client, KIBBLE, "5").await;
    let page = client.page("/checkout").await;
    let names = ["idempotency_key", "expected_total_minor", "cart", "shown"];
    let fields = names.map(|name| (name, page.field(name).unwrap_or_default()));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    client.post("/checkout", &fields).await.expect(303);
}

/// Trial arm and seconds of the latest order.
async fn latest(app: &App) -> (Option<String>, Option<i32>) {
    let sql = "SELECT trial_arm, visit_seconds, trial_id FROM orders \
               ORDER BY placed_at DESC, number DESC LIMIT 1";
    let rows = app.sql.rows(sql, []).await;
    let arm: Option<String> = rows[0].try_get_by_index(0).unwrap();
    let trial: Option<Uuid> = rows[0].try_get_by_index(2).unwrap();
    assert_eq!(arm.is_some(), trial.is_some());
    (arm, rows[0].try_get_by_index(1).unwrap())
}

both! {
    async fn an_account_that_goes_without_is_suggested_nothing_anywhere(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        let shop = Program::shop(app).await;
        let rhythm = "about every 14 days, last 16 days ago";
        assert!(said(&buyer, "/").await.contains(rhythm));
        begin(&app.as_admin().await, "50").await;
        draw(app).await;
        assert!(!said(&buyer, "/").await.contains(rhythm));
        for path in ["/catalogue", "/cart", "/quick-order", &format!("/products/{KIBBLE}")] {
            let page = buyer.page(path).await.text();
            assert!(!page.contains("name=\"suggested\""), "{path} suggests something");
            assert!(!page.contains(rhythm), "{path} tells the rhythm");
        }
        for path in ["/recommendations", "/recommendations/promotions"] {
            assert_eq!(shop.get(path).await.expect(200).json()["items"], json!([]));
        }
        // Who is not among them sees what they saw, and so does who looks after both.
        let stranger = Program::stranger(app).await;
        let items = stranger.get("/recommendations").await.expect(200).json()["items"].clone();
        assert!(!items.as_array().unwrap().is_empty());
        let profile = format!("/kam/accounts/{}", app.world.corner_shop.number);
        assert!(said(&app.as_kam().await, &profile).await.contains(&format!("Product {LITTER}")));
        let kam = app.as_kam().await;
        kam.post(&format!("{profile}/act"), &[]).await.expect(303);
        assert!(!said(&kam, "/").await.contains(rhythm), "staff see more than the account");
        // It ends, and everything is as it was.
        app.as_admin().await.post("/admin/suggestions/trial/end", &[]).await.expect(303);
        assert!(said(&buyer, "/").await.contains(rhythm));
    }

    async fn with_a_share_of_nothing_everybody_sees_suggestions(app) {
        regulars(app).await;
        begin(&app.as_admin().await, "0").await;
        let shop = Program::shop(app).await;
        let items = shop.get("/recommendations").await.expect(200).json()["items"].clone();
        assert!(!items.as_array().unwrap().is_empty());
        let page = said(&app.as_admin().await, PAGE).await;
        assert!(page.contains("In this trial nobody goes without suggestions"), "{page}");
    }

    async fn orders_keep_the_arm_and_the_time_of_the_visit(app) {
        regulars(app).await;
        let buyer = app.as_buyer().await;
        app.clock.advance(7 * 60_000 + 500);
        order(&buyer).await;
        assert_eq!(latest(app).await, (None, Some(420)));
        begin(&app.as_admin().await, "50").await;
        draw(app).await;
        // Half an hour without a request: what comes then is another visit.
        app.clock.advance(31 * 60_000);
        buyer.page("/").await;
        app.clock.advance(3 * 60_000);
        order(&buyer).await;
        assert_eq!(latest(app).await, (Some("control".to_owned()), Some(180)));
        // Twenty minutes do not end a visit.
        app.clock.advance(20 * 60_000);
        order(&buyer).await;
        assert_eq!(latest(app).await, (Some("control".to_owned()), Some(23 * 60)));
        // A program makes no visit; staff have other things open.
        let stranger = Program::stranger(app).await;
        let line = json!({"sku": KIBBLE, "unit": "H87", "quantity": 5});
        app.clock.advance(1_000);
        stranger.order("one", &json!({"lines": [line]})).await.expect(201);
        assert_eq!(latest(app).await, (Some("suggestions".to_owned()), None));
        let kam = app.as_kam().await;
        let profile = format!("/kam/accounts/{}", app.world.corner_shop.number);
        kam.post(&format!("{profile}/act"), &[]).await.expect(303);
        app.clock.advance(1_000);
        order(&kam).await;
        assert_eq!(latest(app).await, (Some("control".to_owned()), None));
        app.forget_jobs().await;
    }

    async fn a_visit_is_not_written_down_with_every_request(app) {
        let buyer = app.as_buyer().await;
        let seen = "SELECT max(last_seen_at) FROM sessions WHERE user_id = $1";
        let begun = "SELECT max(visit_started_at) FROM sessions WHERE user_id = $1";
        let who = app.world.corner_shop.buyer;
        app.clock.advance(4 * 60_000);
        buyer.page("/").await;
        assert_eq!(app.sql.number(seen, [who.into()]).await, NOW);
        app.clock.advance(2 * 60_000);
        buyer.page("/").await;
        assert_eq!(app.sql.number(seen, [who.into()]).await, NOW + 6 * 60_000);
        assert_eq!(app.sql.number(begun, [who.into()]).await, NOW);
    }

    async fn a_share_is_set_by_an_admin_within_bounds_and_written_down(app) {
        let admin = app.as_admin().await;
        for wrong in ["50.01", "-1", "ten", "", "1.005"] {
            let answer = admin.post("/admin/suggestions/trial", &[("share", wrong)]).await;
            let answer = answer.expect(422);
            assert!(answer.text().contains("Please enter a per cent from 0 to 50"), "{wrong}");
            assert_eq!(answer.field("share").as_deref(), Some(wrong));
        }
        admin.post("/admin/suggestions/trial/end", &[]).await.expect(409);
        begin(&admin, "12.5").await;
        admin.post("/admin/suggestions/trial", &[("share", "12.5")]).await.expect(409);
        begin(&admin, "20").await;
        let states = app.sql.texts("SELECT state FROM suggestion_trials ORDER BY id").await;
        assert_eq!(states, ["ended", "running"]);
        let log = "SELECT action FROM audit_log WHERE subject LIKE 'trial %' ORDER BY at, id";
        assert_eq!(app.sql.texts(log).await, ["suggestion trial begun"; 2]);
        let page = said(&admin, PAGE).await;
        assert!(page.contains("20% of the accounts go without") && page.contains("12.5%"), "{page}");
        let marketing = app.sign_in(MARKETING).await;
        let page = marketing.page(PAGE).await;
        assert!(!page.text().contains("/admin/suggestions/trial\""));
        marketing.post("/admin/suggestions/trial", &[("share", "5")]).await.expect(403);
        app.as_kam().await.get(PAGE).await.expect(403);
    }

    async fn what_cannot_be_read_of_a_period_is_told(app) {
        let admin = app.as_admin().await;
        for (query, told) in [
            ("from=soon", "This is not a date."),
            ("from=2026-11-20&to=2026-11-10", "The last day is before the first."),
            ("from=2024-01-01&to=2026-01-01", "At most 366 days at once, please."),
            ("trial=1", "There is no such trial."),
            ("trial=00000000-0000-0000-0000-0000000000ff", "There is no such trial."),
        ] {
            let answer = admin.get(&format!("{PAGE}?{query}")).await.expect(422);
            assert!(answer.text().contains(told), "{query}: {}", words(&answer.text()));
        }
        let kept = admin.get(&format!("{PAGE}?from=soon")).await.expect(422);
        assert_eq!(kept.field("from").as_deref(), Some("soon"));
        admin.page(&format!("{PAGE}?from=2026-10-01&to=2026-10-31")).await;
    }

    async fn the_report_says_what_a_hand_counts(app) {
        begin(&app.as_admin().await, "50").await;
        let salt = draw(app).await;
        let since = NOW - 27 * DAY;
        let sql = "UPDATE suggestion_trials SET started_at = $1, started_on = '2026-10-28'";
        app.sql.run(sql, [since.into()]).await.unwrap();
        let sql = "UPDATE orders SET trial_id = (SELECT id FROM suggestion_trials), \
                   trial_arm = 'control', visit_seconds = 90 WHERE placed_at >= $1";
        app.sql.run(sql, [since.into()]).await.unwrap();
        let mut arms = HashMap::from([(true, Counted::default()), (false, Counted::default())]);
        let sql = "SELECT a.id, CAST(count(o.id) AS bigint), \
                   CAST(coalesce(sum(o.net_minor), 0) AS bigint), \
                   CAST(coalesce(sum(o.line_count), 0) AS bigint) \
                   FROM accounts a LEFT JOIN orders o ON o.account_id = a.id \
                   AND o.trial_id IS NOT NULL AND o.currency = 'EUR' \
                   AND o.state NOT IN ('cancelled', 'rejected', 'expired') \
                   WHERE a.status = 'active' GROUP BY a.id";
        for row in app.sql.rows(sql, []).await {
            let account: Uuid = row.try_get_by_index(0).unwrap();
            let control = arm(AccountId(account), salt, 5_000) == TrialArm::Control;
            let orders: i64 = row.try_get_by_index(1).unwrap();
            let counted = arms.get_mut(&control).unwrap();
            counted.accounts += 1;
            counted.ordering += i64::from(orders > 0);
            counted.orders += orders;
            counted.minor += row.try_get_by_index::<i64>(2).unwrap();
            counted.lines += row.try_get_by_index::<i64>(3).unwrap();
        }
        let page = said(&app.as_admin().await, PAGE).await;
        let only_euros = "SELECT count(*) FROM orders WHERE currency <> 'EUR'";
        assert_eq!(app.sql.number(only_euros, []).await, 0);
        for (control, heading) in [(false, "With suggestions"), (true, "Without")] {
            let Counted { accounts, ordering, orders, minor, .. } = arms[&control];
            assert!(orders > 50, "too few to tell anything: {orders}");
            let head = format!(
                "{heading} {orders} orders {ordering} of {accounts} accounts ordered · {}",
                euros(minor)
            );
            assert!(page.contains(&head), "{head} is not in {page}");
        }
        let mean = |control: bool| {
            let Counted { orders, minor, .. } = arms[&control];
            (minor + orders / 2) / orders
        };
        let row = format!("Value of an order {} ", euros(mean(false)));
        assert!(page.contains(&row), "{row} is not in {page}");
        assert!(page.contains("Time to order, median 1 min 30 s 1 min 30 s … 1 min 30 s"), "{page}");
        let lines = arms[&false].lines + arms[&true].lines;
        assert!(page.contains(&format!("of {} order lines", grouped(lines))), "{lines}: {page}");
    }

    async fn what_became_of_suggestions_is_told_by_list_and_page(app) {
        regulars(app).await;
        let shop = &app.world.corner_shop;
        ordered(app, shop, 1, &[(KIBBLE, 24), (RARE, 2), (LITTER, 4)]).await;
        show(app, "home", "usual", &[KIBBLE, RARE], 2).await;
        show(app, "product", "new", &[LITTER], 3).await;
        show(app, "cart", "new", &[LITTER], 2).await;
        for (sku, list, pieces) in [(KIBBLE, "usual", 24), (RARE, "usual", 3), (LITTER, "new", 4)] {
            let sql = "UPDATE order_lines SET suggested_list = $1, suggested_pieces = $2 \
                       WHERE sku = $3 AND order_id = (SELECT id FROM orders WHERE account_id = $4 \
                       AND state = 'closed' ORDER BY placed_at DESC LIMIT 1)";
            let values = [list.into(), i64::from(pieces).into(), sku.into(), shop.id.into()];
            assert_eq!(app.sql.run(sql, values).await.unwrap(), 1);
        }
        let buyer = app.as_buyer().await;
        let no = [("sku", LITTER), ("kind", "not_for_us"), ("return", "/")];
        buyer.post("/suggestions/dismiss", &no).await.expect(303);
        let page = said(&app.as_admin().await, PAGE).await;
        // Three lines of the last order, two of the one sixteen days ago, six of the stranger's.
        assert!(page.contains("of 11 order lines"), "{page}");
        // Shown, in carts, ordered, of them in another quantity, dismissed, of all lines.
        assert!(page.contains("Usual order 2 0 2 100% of shown 1 0 18.18%"), "{page}");
        assert!(page.contains("New to try 2 0 1 50% of shown 0 1 9.09%"), "{page}");
        // Each line goes to where its item was shown last before the order.
        assert!(page.contains("Home 2 2 18.18%"), "{page}");
        assert!(page.contains("Product 1 0 0%"), "{page}");
        assert!(page.contains("Cart 1 1 9.09%"), "{page}");
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Counted {
    accounts: i64,
    ordering: i64,
    orders: i64,
    minor: i64,
    lines: i64,
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn euros(minor: i64) -> String {
    format!("€{}.{:02}", grouped(minor / 100), minor % 100)
}

/// Notes that the corner shop was shown these, so many days ago.
async fn show(app: &App, surface: &str, list: &str, skus: &[&str], days_ago: i64) {
    let mut items = Vec::new();
    for sku in skus {
        let sql = "SELECT id FROM products WHERE sku = $1";
        let rows = app.sql.rows(sql, [(*sku).into()]).await;
        let product: Uuid = rows[0].try_get_by_index(0).unwrap();
        items.push(json!({"product": product, "pieces": 4, "probability": null}));
    }
    let at = NOW - days_ago * DAY;
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let on = portal::clock::zoned(at, &zone).date().to_string();
    let sql = "INSERT INTO suggestion_showings (id, account_id, user_id, surface, list, shown_on, \
               shown_at, digest, items) VALUES ($1, $2, $3, $4, $5, $6, $7, 'x', $8)";
    let shop = &app.world.corner_shop;
    let values = [
        Uuid::now_v7().into(),
        shop.id.into(),
        shop.buyer.into(),
        surface.into(),
        list.into(),
        on.into(),
        at.into(),
        serde_json::Value::Array(items).into(),
    ];
    app.sql.run(sql, values).await.unwrap();
}
