//! Orders under pressure: whatever is pressed twice, at once, or too late, there is one order, and
//! it is the one that was seen.

use futures_util::future::join_all;

use crate::harness::{Answer, App, Client};
use crate::shelf::plain_prices;

/// Fields of a form, as a browser would send them.
type Form = Vec<(String, String)>;

/// Puts two cases of an item into the corner shop's cart and opens the checkout.
async fn at_checkout(app: &App, buyer: &Client) -> Form {
    plain_prices(app).await;
    let sku = app.world.sku.as_str();
    let quantity = usual_quantity(app).await;
    let added = buyer
        .post("/cart/lines", &[("sku", sku), ("quantity", &quantity)])
        .await;
    assert_eq!(added.status, 303, "{}", added.text());
    let page = buyer.page("/checkout").await;
    let names = [
        "csrf",
        "idempotency_key",
        "expected_total_minor",
        "cart",
        "shown",
    ];
    let mut form: Form = names
        .iter()
        .map(|name| ((*name).to_owned(), page.field(name).unwrap_or_default()))
        .collect();
    form.push(("po_number".to_owned(), "PO-1".to_owned()));
    form
}

/// A quantity that the item's minimum and multiple allow.
async fn usual_quantity(app: &App) -> String {
    let sql = "SELECT moq, multiple FROM products WHERE sku = $1";
    let rows = app.sql.rows(sql, [app.world.sku.clone().into()]).await;
    let moq: i32 = rows[0].try_get("", "moq").unwrap();
    let multiple: i32 = rows[0].try_get("", "multiple").unwrap();
    ((moq + multiple - 1) / multiple * multiple).to_string()
}

async fn submit(buyer: &Client, form: &Form) -> Answer {
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    buyer.post_raw("/checkout", &fields).await
}

fn with(form: &Form, name: &str, value: &str) -> Form {
    let mut form = form.clone();
    for (key, old) in &mut form {
        if key == name {
            *old = value.to_owned();
        }
    }
    form
}

/// Orders that were placed here, and everything that must have happened with each of them.
async fn orders(app: &App) -> i64 {
    let sql = &app.sql;
    let orders = sql
        .number("SELECT count(*) FROM orders WHERE cart_id IS NOT NULL", [])
        .await;
    let whole = "SELECT count(*) FROM orders o WHERE o.cart_id IS NOT NULL \
                 AND o.line_count = (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id) \
                 AND o.net_minor - o.freight_minor = (SELECT sum(l.net_minor) FROM order_lines l WHERE l.order_id = o.id) \
                 AND 2 = (SELECT count(*) FROM order_events e WHERE e.order_id = o.id)";
    assert_eq!(sql.number(whole, []).await, orders, "a half order");
    let jobs = "SELECT count(*) FROM jobs j JOIN order_events e ON e.id = j.id \
                WHERE j.kind = 'order_event' AND e.kind = 'placed'";
    assert_eq!(sql.number(jobs, []).await, orders);
    let findings = portal::check::books(&app.data.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    orders
}

both! {
    async fn two_tabs_that_submit_one_cart_place_one_order(app) {
        let buyer = app.as_buyer().await;
        let first = at_checkout(app, &buyer).await;
        // Another tab has a key of its own.
        let page = buyer.page("/checkout").await;
        let second = with(&first, "idempotency_key", &page.field("idempotency_key").unwrap());
        let placed = submit(&buyer, &first).await.expect(303);
        let late = submit(&buyer, &second).await.expect(409);
        let number = placed.location().trim_start_matches("/orders/").replace("?placed=1", "");
        assert!(late.text().contains(&number), "{}", late.text());
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
    }

    async fn two_tabs_at_the_very_same_time_place_one_order(app) {
        let buyer = app.as_buyer().await;
        let first = at_checkout(app, &buyer).await;
        let tabs: Vec<Form> =
            (0..8).map(|tab| with(&first, "idempotency_key", &format!("tab-{tab}"))).collect();
        let answers = join_all(tabs.iter().map(|tab| submit(&buyer, tab))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
    }

    async fn fifty_submits_of_one_key_get_one_answer(app) {
        let buyer = app.as_buyer().await;
        let form = at_checkout(app, &buyer).await;
        let answers = join_all((0..50).map(|_| submit(&buyer, &form))).await;
        for answer in &answers {
            assert_eq!(answer.status, 303, "{}", answer.text());
            assert_eq!(answer.location(), answers[0].location());
        }
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
        // However often the job runs, a person gets one mail an order.
        let mails = "SELECT count(*) FROM (SELECT event, to_email FROM mails \
                     GROUP BY event, to_email HAVING count(*) > 1) AS twice";
        assert_eq!(app.sql.number(mails, []).await, 0);
        assert!(!app.mails().is_empty());
    }

    async fn the_same_key_with_another_order_is_refused(app) {
        let buyer = app.as_buyer().await;
        let form = at_checkout(app, &buyer).await;
        submit(&buyer, &form).await.expect(303);
        submit(&buyer, &with(&form, "po_number", "PO-2")).await.expect(409);
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
    }

    async fn a_price_that_moved_is_shown_line_by_line_before_anything_is_ordered(app) {
        let buyer = app.as_buyer().await;
        let form = at_checkout(app, &buyer).await;
        let raise = "UPDATE price_rows SET amount = amount + 10000 WHERE product_id = \
                     (SELECT id FROM products WHERE sku = $1)";
        assert!(app.sql.run(raise, [app.world.sku.clone().into()]).await.unwrap() > 0);
        let refused = submit(&buyer, &form).await.expect(409);
        assert_eq!(orders(app).await, 0);
        let text = refused.text();
        assert!(text.contains("id=\"moved-title\"") && text.contains(&app.world.sku), "{text}");
        assert_eq!(refused.field("po_number").unwrap(), "PO-1");
        // The page that says so carries the new total: pressing again orders at it.
        let mut again = form.clone();
        for name in ["idempotency_key", "expected_total_minor", "shown"] {
            again = with(&again, name, &refused.field(name).unwrap());
        }
        submit(&buyer, &again).await.expect(303);
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
    }

    async fn a_colleagues_new_cart_is_not_ordered_by_an_old_page(app) {
        let (buyer, owner) = (app.as_buyer().await, app.as_owner().await);
        let old = at_checkout(app, &buyer).await;
        submit(&buyer, &old).await.expect(303);
        at_checkout(app, &owner).await;
        submit(&buyer, &with(&old, "idempotency_key", "another")).await.expect(409);
        assert_eq!(orders(app).await, 1);
        app.run_jobs().await;
    }

    async fn many_buyers_of_many_accounts_order_at_once(app) {
        let sql = "SELECT min(u.email) FROM users u JOIN accounts a ON a.id = u.account_id \
                   WHERE u.status = 'active' AND u.role = 'buyer' AND a.status = 'active' \
                   GROUP BY a.id ORDER BY 1 LIMIT 12";
        let mut ready = Vec::new();
        for email in app.sql.texts(sql).await {
            let buyer = app.sign_in(&email).await;
            let form = at_checkout(app, &buyer).await;
            ready.push((buyer, form));
        }
        let answers = join_all(ready.iter().map(|(buyer, form)| submit(buyer, form))).await;
        let mut places: Vec<&str> = answers.iter().map(|answer| answer.location()).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), ready.len(), "{places:?}");
        assert_eq!(orders(app).await, i64::try_from(ready.len()).unwrap());
        app.run_jobs().await;
    }
}
