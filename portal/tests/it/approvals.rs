//! Approvals and budgets of an account: who is asked, who may answer, and that somebody always can.

use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::client::unescape;
use crate::harness::world::{ADMIN, BUYER, OWNER};
use crate::harness::{App, Client, PASSWORD};
use crate::shelf::{KIBBLE, TERRINE, add, cart, fill, line};

const APPROVER: &str = "approver@demo.kontor.example";

/// The shelf, without the demo's rules, budgets and freight: nets are the lines' alone.
async fn ground(app: &App) {
    fill(app).await;
    for table in ["approval_rules", "user_budgets", "freight_rates"] {
        run(app, &format!("DELETE FROM {table}"), []).await;
    }
}

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

async fn person(app: &App, email: &str) -> Uuid {
    let rows = app
        .sql
        .rows("SELECT id FROM users WHERE email = $1", [email.into()])
        .await;
    rows[0].try_get_by_index(0).unwrap()
}

/// A rule of the corner shop.
async fn rule(app: &App, kind: &str, level: i32, threshold: Option<i64>, approver: Option<Uuid>) {
    let sql = "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, level, \
               approver_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0)";
    let shop = app.world.corner_shop.id;
    let values: [Value; 6] = [
        Uuid::now_v7().into(),
        shop.into(),
        kind.into(),
        threshold.into(),
        level.into(),
        approver.into(),
    ];
    run(app, sql, values).await;
}

async fn rules(app: &App) -> i64 {
    let sql = "SELECT count(*) FROM approval_rules WHERE account_id = $1";
    app.sql.number(sql, [app.world.corner_shop.id.into()]).await
}

/// Submits what is in the cart, under a reference of its own; says the order's number.
async fn submit(client: &Client, po_number: &str) -> String {
    let page = client.page("/checkout").await;
    let names = [
        "idempotency_key",
        "expected_total_minor",
        "cart",
        "shown",
        "ship_to",
    ];
    let mut fields = vec![("po_number", po_number.to_owned())];
    fields.extend(names.map(|name| (name, page.field(name).unwrap_or_default())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let answer = client.post("/checkout", &fields).await.expect(303);
    let (number, _) = answer.location()["/orders/".len()..]
        .split_once('?')
        .unwrap();
    number.to_owned()
}

/// Orders so many pieces at 2.50.
async fn order(client: &Client, pieces: &str, po_number: &str) -> String {
    add(client, KIBBLE, pieces).await.expect(303);
    submit(client, po_number).await
}

async fn state(app: &App, number: &str) -> String {
    let sql = "SELECT state FROM orders WHERE number = $1";
    app.sql.text(sql, [number.into()]).await
}

/// The approvals of an order: level and state.
async fn holds(app: &App, number: &str) -> Vec<(i32, String)> {
    let sql = "SELECT h.level, h.state FROM holds h JOIN orders o ON o.id = h.order_id \
               WHERE o.number = $1 AND h.kind = 'approval' ORDER BY h.level";
    let rows = app.sql.rows(sql, [number.into()]).await;
    let pair = |row: &sea_orm::QueryResult| {
        (
            row.try_get("", "level").unwrap(),
            row.try_get("", "state").unwrap(),
        )
    };
    rows.iter().map(pair).collect()
}

/// The id of an order's approval of a level.
async fn hold(app: &App, number: &str, level: i32) -> String {
    let sql = "SELECT h.id FROM holds h JOIN orders o ON o.id = h.order_id \
               WHERE o.number = $1 AND h.kind = 'approval' AND h.level = $2";
    let rows = app.sql.rows(sql, [number.into(), level.into()]).await;
    rows[0].try_get::<Uuid>("", "id").unwrap().to_string()
}

async fn approve(app: &App, who: &Client, number: &str, level: i32) -> u16 {
    let hold = hold(app, number, level).await;
    let path = format!("/approvals/{number}/approve");
    who.post(&path, &[("hold", &hold)]).await.status
}

fn held(level: i32, state: &str) -> (i32, String) {
    (level, state.to_owned())
}

both! {
    async fn a_total_at_the_threshold_goes_through_and_one_piece_more_waits(app) {
        ground(app).await;
        rule(app, "total", 1, Some(2_500), None).await;
        let buyer = app.as_buyer().await;
        let free = order(&buyer, "10", "PO-1").await;
        assert_eq!(holds(app, &free).await, []);
        assert_eq!(state(app, &free).await, "confirmed");
        let waits = order(&buyer, "11", "PO-2").await;
        assert_eq!(holds(app, &waits).await, [held(1, "open")]);
        assert_eq!(state(app, &waits).await, "held");

        let approver = app.sign_in(APPROVER).await;
        let list = unescape(&approver.page("/approvals").await.text());
        let why = "Orders over €25.00 net need approval; this one is €27.50 net.";
        assert!(list.contains(why), "{list}");
        assert!(list.contains("one waits"), "the badge says so: {list}");
        let page = approver.page(&format!("/approvals/{waits}")).await;
        assert!(page.text().contains("Approve order"), "{}", page.text());
        assert_eq!(state(app, &waits).await, "held", "looking decides nothing");
        assert_eq!(approve(app, &approver, &waits, 1).await, 303);
        assert_eq!(state(app, &waits).await, "confirmed");
        // What is decided is decided.
        assert_eq!(approve(app, &approver, &waits, 1).await, 409);
        let decided = approver.page("/approvals?tab=decided").await.text();
        assert!(decided.contains(&waits) && decided.contains("Approved"), "{decided}");
        assert!(!approver.page("/approvals").await.text().contains(&waits));
        app.forget_jobs().await;
    }

    async fn lines_of_a_category_are_added_up(app) {
        ground(app).await;
        rule(app, "total", 1, Some(0), None).await;
        let sql = "UPDATE approval_rules SET kind = 'category', threshold_minor = 2500, \
                   category_id = (SELECT ca.ancestor_id FROM products p JOIN category_ancestors ca \
                   ON ca.category_id = p.category_id WHERE p.sku = $1 \
                   ORDER BY ca.distance DESC LIMIT 1)";
        run(app, sql, [KIBBLE.into()]).await;
        let buyer = app.as_buyer().await;
        let free = order(&buyer, "10", "PO-1").await;
        assert_eq!(holds(app, &free).await, []);
        add(&buyer, TERRINE, "12").await.expect(303);
        let waits = order(&buyer, "5", "PO-2").await;
        assert_eq!(holds(app, &waits).await, [held(1, "open")]);
        let text = unescape(&app.as_owner().await.page("/approvals").await.text());
        assert!(text.contains("over €25.00 net needs approval; this order has €42.50 of it."), "{text}");
        app.forget_jobs().await;
    }

    async fn what_everybody_pays_is_no_agreed_price(app) {
        ground(app).await;
        rule(app, "off_list", 1, None, None).await;
        let buyer = app.as_buyer().await;
        let free = order(&buyer, "10", "PO-1").await;
        assert_eq!(holds(app, &free).await, []);
        let sql = "DELETE FROM account_price_lists WHERE price_list_id <> \
                   (SELECT id FROM price_lists WHERE code = 'SHELF')";
        run(app, sql, []).await;
        run(app, "UPDATE account_price_lists SET rank = 3", []).await;
        let waits = order(&buyer, "10", "PO-2").await;
        assert_eq!(holds(app, &waits).await, [held(1, "open")]);
        let text = unescape(&app.as_owner().await.page("/approvals").await.text());
        assert!(text.contains("One item has no agreed price: K-0005."), "{text}");
        app.forget_jobs().await;
    }

    async fn the_first_order_to_a_place_is_asked_about_and_the_next_is_not(app) {
        ground(app).await;
        rule(app, "new_ship_to", 1, None, None).await;
        let shop = app.world.corner_shop.id;
        run(app, "UPDATE ship_tos SET is_default = FALSE WHERE account_id = $1", [shop.into()]).await;
        let sql = "INSERT INTO ship_tos (id, account_id, code, name, street, postal_code, city, \
                   country, is_default, active) VALUES ($1, $2, 'NEW', 'Lager Celle', 'Hafen 1', \
                   '29221', 'Celle', 'DE', TRUE, TRUE)";
        run(app, sql, [Uuid::now_v7().into(), shop.into()]).await;
        let buyer = app.as_buyer().await;
        let waits = order(&buyer, "10", "PO-1").await;
        assert_eq!(holds(app, &waits).await, [held(1, "open")]);
        let owner = app.as_owner().await;
        let text = unescape(&owner.page("/approvals").await.text());
        assert!(text.contains("Nothing has ever been delivered to Lager Celle."), "{text}");
        // One that came to nothing leaves the place as new as it was.
        let id = hold(app, &waits, 1).await;
        let path = format!("/approvals/{waits}/reject");
        owner.post(&path, &[("hold", &id), ("reason", "Not yet")]).await.expect(303);
        let again = order(&buyer, "11", "PO-2").await;
        assert_eq!(holds(app, &again).await, [held(1, "open")]);
        let third = order(&buyer, "12", "PO-3").await;
        assert_eq!(holds(app, &third).await, []);
        app.forget_jobs().await;
    }

    async fn a_budget_used_up_to_the_cent_is_fine_and_one_piece_more_asks(app) {
        ground(app).await;
        let owner = app.as_owner().await;
        let buyer_id = person(app, BUYER).await.to_string();
        let budget = [("user", buyer_id.as_str()), ("limit", "50,00"), ("period", "month")];
        owner.post("/company/budgets", &budget).await.expect(303);
        let text = owner.page("/company").await.text();
        assert!(text.contains("No rule looks at budgets yet"), "{text}");
        let asks = [("kind", "budget"), ("level", "1")];
        owner.post("/company/rules", &asks).await.expect(303);
        let buyer = app.as_buyer().await;
        let first = order(&buyer, "10", "PO-1").await;
        let exact = order(&buyer, "10", "PO-2").await;
        assert_eq!(holds(app, &first).await, []);
        assert_eq!(holds(app, &exact).await, [], "a budget may be used up");
        let over = order(&buyer, "5", "PO-3").await;
        assert_eq!(holds(app, &over).await, [held(1, "open")]);
        let text = unescape(&owner.page(&format!("/approvals/{over}")).await.text());
        let why = "The budget from 1 Nov 2026 is €50.00 net, €50.00 of it used. \
                   With €12.50 this order goes €12.50 over it.";
        assert!(text.contains(why), "{text}");
        // Who has no budget is not asked, and the buyer sees their own.
        let owners = order(&owner, "20", "PO-4").await;
        assert_eq!(holds(app, &owners).await, []);
        let text = unescape(&buyer.page("/company").await.text());
        assert!(text.contains("€62.50 of €50.00 used"), "{text}");
        // What comes to nothing gives the budget back; a new month begins anew.
        let id = hold(app, &over, 1).await;
        let path = format!("/approvals/{over}/reject");
        owner.post(&path, &[("hold", &id), ("reason", "No")]).await.expect(303);
        let text = unescape(&buyer.page("/company").await.text());
        assert!(text.contains("€50.00 of €50.00 used"), "{text}");
        app.clock.advance(8 * 24 * 3_600_000);
        let december = order(&buyer, "20", "PO-5").await;
        assert_eq!(holds(app, &december).await, []);
        owner.post(&format!("/company/budgets/{buyer_id}/remove"), &[]).await.expect(303);
        let more = order(&buyer, "40", "PO-6").await;
        assert_eq!(holds(app, &more).await, []);
        app.forget_jobs().await;
    }

    async fn levels_are_asked_one_after_the_other_and_a_named_person_is_asked(app) {
        ground(app).await;
        let owner_id = person(app, OWNER).await;
        rule(app, "total", 1, Some(1_000), None).await;
        rule(app, "total", 3, Some(2_000), Some(owner_id)).await;
        let buyer = app.as_buyer().await;
        let number = order(&buyer, "10", "PO-1").await;
        assert_eq!(holds(app, &number).await, [held(1, "open"), held(2, "waiting")]);
        let (approver, owner) = (app.sign_in(APPROVER).await, app.as_owner().await);
        assert_eq!(approve(app, &owner, &number, 2).await, 409, "the second waits for the first");
        assert_eq!(approve(app, &approver, &number, 1).await, 303);
        assert_eq!(holds(app, &number).await, [held(1, "released"), held(2, "open")]);
        assert_eq!(state(app, &number).await, "held");
        assert_eq!(approve(app, &approver, &number, 2).await, 403, "somebody else is named");
        let text = unescape(&approver.page(&format!("/approvals/{number}")).await.text());
        assert!(text.contains("decides about it."), "{text}");
        assert_eq!(approve(app, &owner, &number, 2).await, 303);
        assert_eq!(state(app, &number).await, "confirmed");
        app.forget_jobs().await;
    }

    async fn nobody_approves_their_own_order(app) {
        ground(app).await;
        rule(app, "total", 1, Some(1_000), None).await;
        let (approver, owner) = (app.sign_in(APPROVER).await, app.as_owner().await);
        let own = order(&approver, "10", "PO-1").await;
        assert_eq!(holds(app, &own).await, [held(1, "open")], "an approver's own order is asked too");
        assert_eq!(approve(app, &approver, &own, 1).await, 403);
        let text = approver.page(&format!("/approvals/{own}")).await.text();
        assert!(text.contains("You placed this order yourself."), "{text}");
        assert!(!text.contains("Approve order"), "{text}");
        // The database itself holds to it.
        let sql = "UPDATE holds SET state = 'released', decided_at = 1, decided_by = 'x', \
                   decided_by_id = requested_by_id WHERE kind = 'approval'";
        assert!(app.sql.run(sql, []).await.is_err());
        let buyer = app.as_buyer().await;
        assert_eq!(approve(app, &buyer, &own, 1).await, 403, "a buyer decides nothing");
        assert_eq!(approve(app, &owner, &own, 1).await, 303);
        assert_eq!(state(app, &own).await, "confirmed");
        app.forget_jobs().await;
    }

    async fn an_order_on_behalf_is_asked_about_and_staff_do_not_answer_for_the_company(app) {
        ground(app).await;
        rule(app, "total", 1, Some(1_000), None).await;
        let kam = app.as_kam().await;
        let act = format!("/kam/accounts/{}/act", app.world.corner_shop.number);
        kam.post(&act, &[]).await.expect(303);
        let number = order(&kam, "10", "PO-1").await;
        assert_eq!(holds(app, &number).await, [held(1, "open")]);
        assert_eq!(approve(app, &kam, &number, 1).await, 403);
        let text = kam.page(&format!("/approvals/{number}")).await.text();
        assert!(text.contains("People of the company itself decide about it."), "{text}");
        assert_eq!(approve(app, &app.as_owner().await, &number, 1).await, 303);
        app.forget_jobs().await;
    }

    async fn two_approvers_at_once_approve_once(app) {
        ground(app).await;
        rule(app, "total", 1, Some(1_000), None).await;
        let number = order(&app.as_buyer().await, "10", "PO-1").await;
        let (approver, owner) = (app.sign_in(APPROVER).await, app.as_owner().await);
        let both = futures_util::future::join(
            approve(app, &approver, &number, 1),
            approve(app, &owner, &number, 1),
        );
        let (one, other) = both.await;
        let mut answers = [one, other];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409]);
        let sql = "SELECT count(*) FROM order_events e JOIN orders o ON o.id = e.order_id \
                   WHERE o.number = $1 AND e.kind = 'confirmed'";
        assert_eq!(app.sql.number(sql, [number.into()]).await, 1);
        app.forget_jobs().await;
    }

    async fn a_rule_that_nobody_could_decide_is_refused_with_what_to_do(app) {
        ground(app).await;
        let owner = app.as_owner().await;
        let sql = "UPDATE users SET role = 'buyer' WHERE email = $1";
        run(app, sql, [APPROVER.into()]).await;
        let fields = [("kind", "total"), ("threshold", "1500"), ("level", "1")];
        let text = unescape(&owner.post("/company/rules", &fields).await.expect(422).text());
        let name = app.sql.text("SELECT name FROM users WHERE email = $1", [OWNER.into()]).await;
        let why = format!("Nobody could approve orders of {name}, because nobody approves their own.");
        assert!(text.contains(&why), "{text}");
        assert!(text.contains("href=\"#invite\""), "{text}");
        assert!(text.contains("value=\"1500\""), "what was typed is kept: {text}");
        assert_eq!(rules(app).await, 0);
        // A rule on budgets asks only those who have one: here somebody else can decide.
        owner.post("/company/rules", &[("kind", "budget"), ("level", "1")]).await.expect(303);
        let budget = |who: Uuid| [("user", who.to_string()), ("limit", "100".into()), ("period", "year".into())];
        let post = async |fields: [(&str, String); 3]| {
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            owner.post("/company/budgets", &fields).await
        };
        post(budget(person(app, BUYER).await)).await.expect(303);
        post(budget(person(app, OWNER).await)).await.expect(422);
        let path = format!("/company/users/{}", person(app, BUYER).await);
        owner.post(&path, &[("role", "approver")]).await.expect(303);
        post(budget(person(app, OWNER).await)).await.expect(303);
        owner.post("/company/rules", &fields).await.expect(303);
        assert_eq!(rules(app).await, 2);
        // The same rule twice, an amount that reads two ways, an amount that is none.
        owner.post("/company/rules", &fields).await.expect(422);
        for typed in ["1.500", "", "many", "-5"] {
            let fields = [("kind", "total"), ("threshold", typed), ("level", "1")];
            owner.post("/company/rules", &fields).await.expect(422);
        }
        assert_eq!(rules(app).await, 2);
        let audited = app.sql.texts("SELECT action FROM audit_log WHERE action LIKE 'approval rule%' \
                                     OR action LIKE 'budget%'").await;
        assert_eq!(audited.len(), 4, "{audited:?}");
    }

    async fn the_last_possible_approver_cannot_leave(app) {
        ground(app).await;
        let owner = app.as_owner().await;
        let approver = person(app, APPROVER).await;
        let path = format!("/company/users/{approver}");
        // Without rules anybody may go.
        owner.post(&path, &[("role", "buyer")]).await.expect(303);
        owner.post(&path, &[("role", "approver")]).await.expect(303);
        rule(app, "total", 1, Some(1_000), None).await;
        for change in [("role", "buyer"), ("status", "disabled")] {
            let text = unescape(&owner.post(&path, &[change]).await.expect(409).text());
            assert!(text.contains("nobody could approve orders of"), "{text}");
            assert!(text.contains("Invite another approver first"), "{text}");
            let admin = app.as_admin().await;
            admin.post(&format!("/admin/users/{approver}"), &[change]).await.expect(409);
        }
        let file = format!(
            "account,email,name,role\n{},{APPROVER},Jens Petersen,buyer\n",
            app.world.corner_shop.number
        );
        let (admin, part) = (app.as_admin().await, reqwest::multipart::Part::text(file));
        let form = reqwest::multipart::Form::new()
            .text("csrf", admin.token().await)
            .text("kind", "contacts")
            .part("file", part.file_name("contacts.csv"));
        let upload = admin.request(reqwest::Method::POST, "/admin/imports").multipart(form);
        let answer = admin.send(upload).await;
        assert!(answer.status < 500, "{}", answer.text());
        let said = "SELECT count(*) FROM imports WHERE kind = 'contacts' AND rejected = 1";
        assert_eq!(app.sql.number(said, []).await, 1, "a file cannot take them away either");
        let role = "SELECT role || ' ' || status FROM users WHERE email = $1";
        assert_eq!(app.sql.text(role, [APPROVER.into()]).await, "approver active");
        // With a third one there it is fine, unless a rule names the one who goes.
        let buyer = format!("/company/users/{}", person(app, BUYER).await);
        owner.post(&buyer, &[("role", "approver")]).await.expect(303);
        rule(app, "total", 2, Some(5_000), Some(approver)).await;
        let text = unescape(&owner.post(&path, &[("role", "buyer")]).await.expect(409).text());
        assert!(text.contains("Change the rule first."), "{text}");
        run(app, "DELETE FROM approval_rules WHERE level = 2", []).await;
        owner.post(&path, &[("status", "disabled")]).await.expect(303);
    }

    async fn the_link_of_a_mail_leads_through_sign_in_to_the_approval(app) {
        ground(app).await;
        rule(app, "total", 1, Some(1_000), None).await;
        let number = order(&app.as_buyer().await, "10", "PO-1").await;
        let visitor = app.visitor();
        let link = format!("/approvals/{number}");
        let answer = visitor.get(&link).await.expect(303);
        assert_eq!(answer.location(), format!("/sign-in?next=%2Fapprovals%2F{number}"));
        let next = visitor.page(answer.location()).await.field("next").unwrap();
        let fields = [("email", APPROVER), ("password", PASSWORD), ("next", next.as_str())];
        let answer = visitor.post("/sign-in", &fields).await.expect(303);
        assert_eq!(answer.location(), link);
        assert!(visitor.page(&link).await.text().contains("Approve order"));
        assert_eq!(state(app, &number).await, "held");
        // To others there is no such approval.
        let id = hold(app, &number, 1).await;
        let stranger = app.as_stranger().await;
        stranger.get(&link).await.expect(404);
        for what in ["approve", "reject"] {
            let fields = [("hold", id.as_str()), ("reason", "x")];
            stranger.post(&format!("{link}/{what}"), &fields).await.expect(404);
        }
        assert_eq!(state(app, &number).await, "held");
        app.forget_jobs().await;
    }

    async fn what_is_sent_back_is_taken_back_changed_and_asked_about_anew(app) {
        ground(app).await;
        rule(app, "total", 1, Some(2_000), None).await;
        let buyer = app.as_buyer().await;
        add(&buyer, KIBBLE, "10").await.expect(303);
        buyer.post("/cart/details", &[("note", "Ring twice"), ("po_number", "PO-7")]).await.expect(303);
        let number = submit(&buyer, "PO-7").await;
        let approver = app.sign_in(APPROVER).await;
        let id = hold(app, &number, 1).await;
        let path = format!("/approvals/{number}/reject");
        let text = approver.post(&path, &[("hold", &id)]).await.expect(422).text();
        assert!(text.contains("Please fill this in."), "{text}");
        let fields = [("hold", id.as_str()), ("reason", "Nine will do")];
        approver.post(&path, &fields).await.expect(303);
        assert_eq!(state(app, &number).await, "rejected");
        let text = buyer.page(&format!("/approvals/{number}")).await.text();
        assert!(text.contains("Nine will do"), "{text}");

        let answer = buyer.post(&format!("/orders/{number}/take-back"), &[]).await.expect(303);
        assert_eq!(answer.location(), "/cart");
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 10)]);
        let page = buyer.page("/cart").await;
        assert_eq!(page.field("po_number").as_deref(), Some("PO-7"));
        let again = submit(&buyer, "PO-7").await;
        assert_ne!(again, number);
        assert_eq!(holds(app, &again).await, [held(1, "open")]);

        // One that still waits is cancelled, and what held it up with it; a cart that somebody has
        // begun keeps what they wrote.
        buyer.post("/cart/lines", &[("sku", KIBBLE), ("quantity", "5")]).await.expect(303);
        buyer.post("/cart/details", &[("po_number", "PO-8")]).await.expect(303);
        buyer.post(&format!("/orders/{again}/take-back"), &[]).await.expect(303);
        assert_eq!(state(app, &again).await, "cancelled");
        assert_eq!(holds(app, &again).await, [held(1, "withdrawn")]);
        assert_eq!(approve(app, &approver, &again, 1).await, 409);
        assert_eq!(buyer.page("/cart").await.field("po_number").as_deref(), Some("PO-8"));
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 15)]);
        // Pressed again, the lines do not come twice.
        for taken in [&number, &again] {
            let late = buyer.post(&format!("/orders/{taken}/take-back"), &[]).await.expect(409);
            assert!(late.text().contains("have been taken back into the cart already"));
        }
        assert_eq!(cart(app).await, [line(KIBBLE, "H87", 15)]);
        buyer.post("/cart/empty", &[]).await.expect(303);
        let small = order(&buyer, "5", "PO-9").await;
        let text = buyer.post(&format!("/orders/{small}/take-back"), &[]).await.expect(409).text();
        assert!(text.contains("The order is confirmed already"), "{text}");
        assert_eq!(app.as_stranger().await.post(&format!("/orders/{number}/take-back"), &[]).await.status, 404);
        app.forget_jobs().await;
    }

    async fn a_buyer_sees_what_of_theirs_waits_and_no_colleagues(app) {
        ground(app).await;
        rule(app, "total", 1, Some(1_000), None).await;
        let (buyer, owner) = (app.as_buyer().await, app.as_owner().await);
        let own = order(&buyer, "10", "PO-1").await;
        let owners = order(&owner, "11", "PO-2").await;
        let text = buyer.page("/approvals").await.text();
        assert!(text.contains(&own) && !text.contains(&owners), "{text}");
        let text = owner.page("/approvals").await.text();
        assert!(text.contains(&own) && text.contains(&owners), "{text}");
        let admin = app.sign_in(ADMIN).await;
        admin.get("/approvals").await.expect(403);
        app.forget_jobs().await;
    }
}
