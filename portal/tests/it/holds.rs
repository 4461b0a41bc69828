//! Orders that wait for a decision: who decides them, where, what everybody is told, and what
//! happens when nobody does.

use portal::mail::KeptMail;
use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{BUYER, KAM_NORTH, KAM_SOUTH};
use crate::harness::{App, Client};
use crate::shelf::{KIBBLE, add, fill};

pub const FINANCE: &str = "finance@demo.kontor.example";
pub const APPROVER: &str = "anna@shop.example";
pub const DAY: i64 = 86_400_000;

pub async fn run<const N: usize>(app: &App, sql: &str, values: [Value; N]) {
    app.sql.run(sql, values).await.unwrap();
}

/// The shelf's products, and accounts that nothing holds up but what a case sets.
pub async fn calm(app: &App) {
    fill(app).await;
    let sql = "UPDATE accounts SET credit_limit_minor = NULL, overdue_tolerance_days = 365, \
               minimum_order_minor = 0, review_note = NULL, bill_to_id = NULL";
    run(app, sql, []).await;
    run(app, "DELETE FROM approval_rules", []).await;
}

/// As [`calm`], but the corner shop's KAM wants to see each of its orders.
pub async fn reviewed(app: &App) {
    calm(app).await;
    let sql = "UPDATE accounts SET review_note = 'Moves to a new shop' WHERE id = $1";
    run(app, sql, [app.world.corner_shop.id.into()]).await;
}

/// Orders so many pieces of kibble at 2.50 by the form; gives the order's number.
pub async fn order(client: &Client, pieces: &str) -> String {
    add(client, KIBBLE, pieces).await.expect(303);
    let page = client.page("/checkout").await;
    let fields = ["idempotency_key", "expected_total_minor", "cart", "shown"]
        .map(|name| (name, page.field(name).unwrap_or_default()));
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let placed = client.post("/checkout", &fields).await.expect(303);
    let path = placed.location().strip_prefix("/orders/").unwrap();
    path.split('?').next().unwrap().to_owned()
}

/// The ids of an order's holds of a kind.
pub async fn hold(app: &App, number: &str, kind: &str) -> Uuid {
    let sql = "SELECT h.id FROM holds h JOIN orders o ON o.id = h.order_id \
               WHERE o.number = $1 AND h.kind = $2 ORDER BY h.level";
    let rows = app.sql.rows(sql, [number.into(), kind.into()]).await;
    rows[0].try_get_by_index(0).unwrap()
}

pub async fn state(app: &App, number: &str) -> String {
    let sql = "SELECT state FROM orders WHERE number = $1";
    app.sql.text(sql, [number.into()]).await
}

/// The mails of a kind that have left to a person.
pub fn mails_to(app: &App, email: &str) -> Vec<KeptMail> {
    let mails = app.mails().into_iter();
    mails.filter(|kept| kept.mail.to_email == email).collect()
}

/// Somebody of the corner shop who may approve.
pub async fn approver(app: &App) -> Client {
    let sql = "INSERT INTO users (id, email, name, password_hash, role, account_id, status, \
               locale, created_at) SELECT $1, $2, 'Anna Appel', password_hash, 'approver', \
               account_id, 'active', 'en', 0 FROM users WHERE email = $3";
    let values = [Uuid::now_v7().into(), APPROVER.into(), BUYER.into()];
    run(app, sql, values).await;
    app.sign_in(APPROVER).await
}

/// More than so much net needs approval.
pub async fn approval_above(app: &App, threshold: i64, level: i32) {
    let sql = "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, level, \
               created_at) VALUES ($1, $2, 'total', $3, $4, 0)";
    let shop = app.world.corner_shop.id.into();
    run(
        app,
        sql,
        [Uuid::now_v7().into(), shop, threshold.into(), level.into()],
    )
    .await;
}

both! {
    async fn an_order_under_review_is_released_by_its_kam_and_by_nobody_else(app) {
        reviewed(app).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "40").await;
        assert_eq!(state(app, &number).await, "held");
        let release = format!("/holds/{}/release", hold(app, &number, "kam_review").await);
        app.run_jobs().await;

        let forbidden = [app.as_buyer().await, app.as_owner().await, app.sign_in(FINANCE).await];
        for client in forbidden {
            client.post(&release, &[]).await.expect(403);
        }
        for client in [app.as_stranger().await, app.as_other_kam().await] {
            client.post(&release, &[]).await.expect(404);
        }
        let nobody = app.visitor();
        assert!(nobody.post(&release, &[]).await.asks_to_sign_in());
        assert_eq!(state(app, &number).await, "held");

        let kam = app.as_kam().await;
        let page = kam.page(&format!("/orders/{number}")).await;
        assert!(page.text().contains(&format!("action=\"{release}\"")));
        assert!(page.text().contains("Review asked for: Moves to a new shop"));
        let done = kam.post(&release, &[("reason", "Spoke to them")]).await.expect(303);
        assert_eq!(done.location(), format!("/orders/{number}"));
        assert_eq!(state(app, &number).await, "confirmed");
        let page = unescape(&buyer.page(&format!("/orders/{number}")).await.text());
        assert!(page.contains("Released: Review by the key account manager"), "{page}");
        // Why the brand let it pass stays with the brand, as does why it looked.
        assert!(!page.contains("Spoke to them") && !page.contains("Moves to a new shop"));
        app.run_jobs().await;
        assert!(portal::check::books(&app.data.db).await.unwrap().is_empty());
    }

    async fn a_decision_that_comes_too_late_says_who_decided_what(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let (kam, admin) = (app.as_kam().await, app.as_admin().await);
        let reason = [("reason", "Not before the move")];
        kam.post(&format!("/holds/{id}/reject"), &reason).await.expect(303);
        let late = admin.post(&format!("/holds/{id}/release"), &[]).await.expect(409);
        let name = app.sql.text("SELECT name FROM users WHERE email = $1", [KAM_NORTH.into()]).await;
        let text = unescape(&late.text());
        assert!(
            text.contains(&format!("{name} rejected order {number} already on 24 Nov 2026.")),
            "{text}"
        );
        assert_eq!(state(app, &number).await, "rejected");
        app.run_jobs().await;
    }

    async fn of_two_who_decide_at_once_one_does(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let (kam, admin) = (app.as_kam().await, app.as_admin().await);
        let (release, reject) = (format!("/holds/{id}/release"), format!("/holds/{id}/reject"));
        let reason = [("reason", "Not before the move")];
        let (one, other) =
            futures_util::join!(kam.post(&release, &[]), admin.post(&reject, &reason));
        let mut answers = [one.status, other.status];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409], "{} {}", one.text(), other.text());
        let wanted = if one.status == 303 { "confirmed" } else { "rejected" };
        assert_eq!(state(app, &number).await, wanted);
        app.run_jobs().await;
        assert!(portal::check::books(&app.data.db).await.unwrap().is_empty());
    }

    async fn rejecting_needs_a_reason_and_keeps_what_was_typed(app) {
        reviewed(app).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let reject = format!("/holds/{id}/reject");
        let kam = app.as_kam().await;
        let answer = kam.post(&reject, &[]).await.expect(422);
        let text = unescape(&answer.text());
        assert!(text.contains("Say why in a few words: the buyer reads it."), "{text}");
        assert!(text.contains(&format!("id=\"h{id}-reason-error\"")), "{text}");
        assert!(text.contains(&format!("<h1>Order {number}")), "{text}");

        let long = "very ".repeat(101);
        let back = "/kam/exceptions?kind=kam-review#at-1";
        let fields = [("back", back), ("reason", long.as_str())];
        let answer = kam.post(&reject, &fields).await.expect(422);
        let text = unescape(&answer.text());
        assert!(text.contains("At most 500 characters, please."), "{text}");
        assert!(text.contains("very very very"), "{text}");
        assert!(text.contains("<h1>Exceptions</h1>"), "{text}");
        assert_eq!(state(app, &number).await, "held");

        let stock = "SELECT reserved FROM stock s JOIN products p ON p.id = s.product_id \
                     WHERE p.sku = $1";
        assert_eq!(app.sql.number(stock, [KIBBLE.into()]).await, 40);
        let fields = [("back", back), ("reason", "Not before the move")];
        let done = kam.post(&reject, &fields).await.expect(303);
        assert_eq!(done.location(), back);
        assert_eq!(state(app, &number).await, "rejected");
        assert_eq!(app.sql.number(stock, [KIBBLE.into()]).await, 0);
        let text = unescape(&buyer.page(&format!("/orders/{number}")).await.text());
        assert!(text.contains("This order was rejected"), "{text}");
        assert!(text.contains("Reason: Not before the move"), "{text}");
        buyer.post(&format!("/orders/{number}/reorder"), &[]).await.expect(303);
        app.run_jobs().await;
    }

    async fn whoever_orders_does_not_approve_it(app) {
        calm(app).await;
        approval_above(app, 5_000, 1).await;
        let approver = approver(app).await;
        let number = order(&approver, "40").await;
        let release = format!("/holds/{}/release", hold(app, &number, "approval").await);
        app.run_jobs().await;
        approver.post(&release, &[]).await.expect(403);
        app.as_kam().await.post(&release, &[]).await.expect(403);
        let page = approver.page(&format!("/orders/{number}")).await.text();
        assert!(!page.contains("/release"), "{page}");
        // They do not hear of it as who decides, either.
        let subjects: Vec<String> =
            mails_to(app, APPROVER).into_iter().map(|kept| kept.mail.subject).collect();
        assert_eq!(subjects.len(), 1, "{subjects:?}");
        assert!(subjects[0].starts_with(&format!("Order {number} received")), "{subjects:?}");
        let owner = app.as_owner().await;
        owner.post(&release, &[]).await.expect(303);
        assert_eq!(state(app, &number).await, "confirmed");
        app.run_jobs().await;
    }

    async fn a_kam_who_acts_for_an_account_still_decides_as_themselves(app) {
        reviewed(app).await;
        let number = order(&app.as_buyer().await, "40").await;
        let id = hold(app, &number, "kam_review").await;
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        kam.post(&format!("/holds/{id}/release"), &[]).await.expect(303);
        let sql = "SELECT count(*) FROM order_events WHERE hold_id = $1 \
                   AND kind = 'hold_released' AND on_behalf_of IS NULL";
        assert_eq!(app.sql.number(sql, [id.into()]).await, 1);
        app.run_jobs().await;
    }

    async fn the_most_value_at_risk_for_the_longest_comes_first(app) {
        calm(app).await;
        // Holds of up to two and a half days on orders of the past; one in ten is another KAM's.
        let of_kam = "SELECT o.id, o.account_id, o.number, o.net_minor, u.email FROM orders o \
                      JOIN accounts a ON a.id = o.account_id JOIN users u ON u.id = a.kam_id \
                      WHERE u.email = $1 ORDER BY o.number LIMIT 54";
        let mut rows = app.sql.rows(of_kam, [KAM_NORTH.into()]).await;
        let others = app.sql.rows(of_kam, [KAM_SOUTH.into()]).await;
        rows.extend(others.into_iter().take(6));
        let now = app.clock.millis();
        let mut wanted = Vec::new();
        for (row, hours) in rows.into_iter().zip(0_i64..) {
            let (id, account): (Uuid, Uuid) =
                (row.try_get("", "id").unwrap(), row.try_get("", "account_id").unwrap());
            let kind = if hours % 3 == 0 { "credit" } else { "kam_review" };
            let releaser = if hours % 3 == 0 { "finance" } else { "kam" };
            let hold = Uuid::now_v7();
            let opened_at = now - hours * 3_600_000;
            let sql = "INSERT INTO holds (id, order_id, account_id, kind, level, releaser, state, \
                       facts, opened_at, due_at) \
                       VALUES ($1, $2, $3, $4, 1, $5, 'open', $6, $7, $8)";
            let facts = serde_json::json!({"kind": "kam_review", "note": "A look"});
            let values = [hold.into(), id.into(), account.into(), kind.into(), releaser.into(),
                facts.into(), opened_at.into(), (opened_at + 90 * DAY).into()];
            run(app, sql, values).await;
            let net: i64 = row.try_get("", "net_minor").unwrap();
            if row.try_get::<String>("", "email").unwrap() == KAM_NORTH {
                let number: String = row.try_get("", "number").unwrap();
                wanted.push((net * (hours + 1), number, kind));
            }
        }
        wanted.sort_by_key(|(risk, ..)| std::cmp::Reverse(*risk));
        assert_eq!(wanted.len(), 54);
        let shown = |text: &str| -> Vec<String> {
            let rows = text.split("<tr id=\"at-").skip(1);
            rows.map(|row| {
                let (_, after) = row.split_once("/orders/").unwrap();
                after.chars().take_while(char::is_ascii_digit).collect()
            })
            .collect()
        };
        let numbers = |kind: Option<&str>| -> Vec<String> {
            let fits = wanted.iter().filter(|(_, _, of)| kind.is_none_or(|kind| kind == *of));
            fits.map(|(_, number, _)| number.clone()).collect()
        };
        let kam = app.as_kam().await;
        let first = kam.page("/kam/exceptions").await.text();
        let second = kam.page("/kam/exceptions?page=2").await.text();
        assert_eq!(shown(&first), numbers(None)[..25]);
        assert_eq!(shown(&second), numbers(None)[25..50]);
        let mine = numbers(Some("kam_review"));
        let page = kam.page("/kam/exceptions?releaser=mine").await.text();
        assert_eq!(shown(&page), mine[..25]);
        let credit = numbers(Some("credit"));
        let page = kam.page("/kam/exceptions?kind=credit").await.text();
        assert_eq!(shown(&page), credit);
        assert!(!page.contains("/release"), "a KAM decides on credit");
        // The desk counts what its person decides.
        let desk = kam.page("/kam").await.text();
        let (_, card) = desk.split_once("Open holds").unwrap();
        let (_, card) = card.split_once("class=\"value\">").unwrap();
        assert!(card.starts_with(&format!("{}<", mine.len())), "{card}");
        // Finance sees what finance decides, of every account.
        let finance = app.sign_in(FINANCE).await.page("/kam/exceptions").await.text();
        assert_eq!(finance.matches("formaction=").count(), 20);
        // Whatever is asked for, a page comes back.
        for odd in ["kind=x", "releaser=x", "page=0", "page=99999999999", "kind=%00"] {
            kam.page(&format!("/kam/exceptions?{odd}")).await;
        }
    }
}
