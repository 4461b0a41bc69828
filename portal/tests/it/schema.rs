//! The schema: it comes up from nothing, every entity reads its table, and the constraints hold.

use portal::db::entity;
use portal::db::{Db, migrate};
use sea_orm::QuerySelect;
use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::database::{Backend, Copy, Sql, postgres_server};

/// Reads some rows of every entity, and says which tables that were.
macro_rules! read_all {
    ($tx:expr; $($entity:ident),* $(,)?) => {{
        let mut tables = Vec::new();
        $({
            let rows = $tx.all::<entity::$entity::Entity>(|all| all.limit(20)).await;
            rows.unwrap_or_else(|error| panic!("{}: {error}", stringify!($entity)));
            tables.push(sea_orm::EntityName::table_name(&entity::$entity::Entity).to_owned());
        })*
        tables.sort();
        tables
    }};
}

async fn read_every_entity(db: &Db) -> Vec<String> {
    let tx = db.read_system("test").await.unwrap();
    read_all!(tx; account, account_group, account_history, account_price_list, account_product, api_key, approval_rule, audit_entry, brand, campaign, campaign_account, campaign_message, cart, cart_line, category, category_ancestor, contract, counter, credit_account, credit_entry, credit_note, credit_note_line, event, expected_receipt, freight_rate, fund, fund_entry, hold, idempotency_key, import, job, mail, mail_bounce, mail_suppression, message_setting, notification, notification_choice, open_item, order, order_event, order_line, price_condition, price_list, price_list_assignment, price_row, product, product_brand, product_substitute, product_unit, promotion, promotion_audience, promotion_item, promotion_use, push_subscription, quick_order_row, recommender_model, reorder_reminder, schedule_run, session, ship_to, stock, stock_alert, stock_movement, suggestion_dismissal, suggestion_showing, suggestion_trial, tax_rate, user, user_budget, user_token, visibility_rule, webhook_attempt, webhook_delivery, webhook_endpoint)
}

both! {
    async fn every_table_has_an_entity_that_reads_it(app) {
        assert_eq!(read_every_entity(&app.data.db).await, app.sql.tables().await);
    }
}

async fn comes_up_from_nothing(backend: Backend) {
    let copy = Copy::empty(&backend).await;
    let db = Db::connect(&copy.url).await.unwrap();
    assert!(migrate::pending(&db).await.unwrap() > 0);
    migrate::up(&db).await.unwrap();
    assert_eq!(migrate::pending(&db).await.unwrap(), 0);
    migrate::up(&db).await.unwrap();
    let tables = read_every_entity(&db).await;
    let sql = Sql::connect(&copy.url).await;
    assert_eq!(tables, sql.tables().await);
    drop((db, sql));
    copy.remove().await;
}

#[test]
fn the_schema_comes_up_from_nothing_on_sqlite() {
    actix_web::rt::System::new().block_on(comes_up_from_nothing(Backend::Sqlite));
}

#[test]
fn the_schema_comes_up_from_nothing_on_postgres() {
    match postgres_server() {
        Some(server) => {
            actix_web::rt::System::new().block_on(comes_up_from_nothing(Backend::Postgres(server)))
        }
        None => crate::harness::skip(
            "it::schema::the_schema_comes_up_from_nothing_on_postgres",
            "KONTOR_TEST_POSTGRES is not set",
        ),
    }
}

/// A statement that breaks one rule, and the kind of constraint that must stop it.
struct Breach {
    rule: &'static str,
    sql: &'static str,
    stopped_by: &'static str,
}

const CHECK: &str = "check constraint";
const UNIQUE: &str = "unique constraint";
const FOREIGN: &str = "foreign key constraint";

macro_rules! breaches {
    ($($rule:literal, $stopped_by:expr, $sql:literal;)*) => {
        &[$(Breach { rule: $rule, sql: $sql, stopped_by: $stopped_by }),*]
    };
}

/// `$1` is a new id, `$2` the corner shop, `$3` another account. Each statement stands on rows
/// that are there, so that only its one fault can stop it.
const BREACHES: &[Breach] = breaches! {
    "two prices of an item and tier are not valid on one day", "price_rows_no_overlap",
        "INSERT INTO price_rows (product_id, price_list_id, unit, min_quantity, valid_from, amount) \
         SELECT product_id, price_list_id, unit, min_quantity, '1999-01-01', amount \
         FROM price_rows LIMIT 1";
    "a changed period may not overlap either", "price_rows_no_overlap",
        "UPDATE price_rows SET valid_until = '9999-12-31' \
         WHERE min_quantity = 4711 AND valid_from = '2001-01-01'";
    "a period ends after it begins", CHECK,
        "UPDATE price_rows SET valid_until = valid_from";
    "a price is not negative", CHECK,
        "UPDATE price_rows SET amount = -1";
    "what is ordered is cancelled, shipped, allocated or back-ordered", CHECK,
        "UPDATE order_lines SET back_ordered = back_ordered + 1";
    "what is ordered is quantity times pack factor", CHECK,
        "UPDATE order_lines SET ordered = ordered + 1, back_ordered = back_ordered + 1";
    "no more comes back than was shipped", CHECK,
        "UPDATE order_lines SET returned = shipped + 1";
    "no part of a line is negative", CHECK,
        "UPDATE order_lines SET cancelled = cancelled - 1, allocated = allocated + 1 \
         WHERE cancelled = 0";
    "an order's gross is net and tax", CHECK,
        "UPDATE orders SET gross_minor = gross_minor + 1";
    "an order's state is one of seven", CHECK,
        "UPDATE orders SET state = 'lost'";
    "a line stands in its account's own order", FOREIGN,
        "UPDATE order_lines SET account_id = $3 WHERE account_id = $2";
    "an order goes to a place of its own account", FOREIGN,
        "UPDATE orders SET ship_to_id = (SELECT id FROM ship_tos WHERE account_id = $3 LIMIT 1) \
         WHERE account_id = $2";
    "an order number is given once", UNIQUE,
        "UPDATE orders SET number = 'X'";
    "a company has one open cart", UNIQUE,
        "INSERT INTO carts (id, account_id, state, created_at, updated_at) \
         SELECT $1, account_id, 'open', 0, 0 FROM carts WHERE state = 'open' AND account_id = $2";
    "a cart becomes one order", UNIQUE,
        "UPDATE orders SET cart_id = (SELECT id FROM carts WHERE account_id = $2 LIMIT 1)";
    "a cart line orders at least one", CHECK,
        "UPDATE cart_lines SET quantity = 0";
    "an address belongs to one person, in lower case", CHECK,
        "UPDATE users SET email = 'Buyer@demo.kontor.example' WHERE role = 'admin'";
    "a buyer belongs to an account", CHECK,
        "UPDATE users SET account_id = NULL WHERE role = 'buyer'";
    "the brand's people belong to no account", CHECK,
        "UPDATE users SET account_id = $2 WHERE role = 'admin'";
    "a user's account exists", FOREIGN,
        "UPDATE users SET account_id = $1 WHERE role = 'buyer'";
    "an account has one usual place", UNIQUE,
        "INSERT INTO ship_tos (id, account_id, code, name, country, is_default) \
         SELECT $1, account_id, 'OTHER', name, country, is_default FROM ship_tos \
         WHERE is_default AND account_id = $2";
    "an account with orders stays", FOREIGN,
        "DELETE FROM accounts WHERE id = $2";
    "a product that was ordered stays", FOREIGN,
        "DELETE FROM products WHERE id IN (SELECT product_id FROM order_lines)";
    "an order with lines stays", FOREIGN,
        "DELETE FROM orders WHERE account_id = $2";
    "stock on hand is not negative", CHECK,
        "UPDATE stock SET on_hand = -1";
    "no more stock is given back than was set aside", CHECK,
        "UPDATE stock SET allocated = -1";
    "a minimum quantity is at least one", CHECK,
        "UPDATE products SET moq = 0";
    "there is one brand", CHECK,
        "INSERT INTO brand (id, name, country, email, currency, time_zone, locale) \
         SELECT 2, name, country, email, currency, time_zone, locale FROM brand";
    "a credit entry's cause is booked once", UNIQUE,
        "INSERT INTO credit_entries (id, account_id, at, held_minor, confirmed_minor, \
         receivable_minor, cause) SELECT $1, account_id, 0, 0, 0, 1, cause FROM credit_entries \
         LIMIT 1";
    "the credit ledger is not changed", "append-only",
        "UPDATE credit_entries SET receivable_minor = 0";
    "nothing leaves the credit ledger", "append-only",
        "DELETE FROM credit_entries";
    "no more credit is given back than was held", CHECK,
        "UPDATE credit_accounts SET held_minor = -1";
    "no more is billed than was confirmed", CHECK,
        "UPDATE credit_accounts SET confirmed_minor = -1";
    "no more of an invoice is open than it amounts to", CHECK,
        "UPDATE open_items SET open_minor = amount_minor + 1";
    "what an account has paid is not owed by it", CHECK,
        "UPDATE open_items SET kind = 'payment'";
    "an open item's number is there once", UNIQUE,
        "UPDATE open_items SET number = 'X'";
    "late is tolerated for a year at most", CHECK,
        "UPDATE accounts SET overdue_tolerance_days = 366";
    "an account that pays for another exists", FOREIGN,
        "UPDATE accounts SET bill_to_id = $1";
    "the audit log is not changed", "append-only",
        "UPDATE audit_log SET actor = 'somebody else'";
    "nothing leaves the audit log", "append-only",
        "DELETE FROM audit_log";
    "a fund is not overspent", CHECK,
        "UPDATE funds SET reserved_minor = budget_minor, committed_minor = 1";
    "no more goes back to a fund than was reserved", CHECK,
        "UPDATE funds SET reserved_minor = -1";
    "no more goes back to a fund than was committed", CHECK,
        "UPDATE funds SET committed_minor = -1";
    "a fund's budget stays above what was spent of it", CHECK,
        "UPDATE funds SET budget_minor = 299 WHERE code = 'GROUND'";
    "a fund that promotions spend from stays", FOREIGN,
        "DELETE FROM funds WHERE code = 'GROUND'";
    "the book of a fund is not changed", "append-only",
        "UPDATE fund_entries SET committed_minor = 0";
    "nothing leaves the book of a fund", "append-only",
        "DELETE FROM fund_entries";
    "what an order takes from a fund is booked once", UNIQUE,
        "INSERT INTO fund_entries (id, fund_id, promotion_id, order_id, kind, reserved_minor, \
         committed_minor, at) SELECT $1, fund_id, promotion_id, order_id, kind, 0, 0, 0 \
         FROM fund_entries LIMIT 1";
    "who submits a promotion does not approve it", CHECK,
        "UPDATE promotions SET approved_by_id = submitted_by_id WHERE code = 'GROUND'";
    "a promotion is used as often as it may be", CHECK,
        "UPDATE promotions SET uses = 6 WHERE code = 'GROUND'";
    "a promotion spends no more than its cap", CHECK,
        "UPDATE promotions SET spent_minor = 1001 WHERE code = 'GROUND'";
    "a promotion is not used less than never", CHECK,
        "UPDATE promotions SET uses = -1 WHERE code = 'GROUND'";
    "a promotion ends after it begins", CHECK,
        "UPDATE promotions SET valid_until = valid_from WHERE code = 'DRAFT'";
    "a promotion's state is one of six", CHECK,
        "UPDATE promotions SET state = 'running'";
    "what an approved promotion gives is not rewritten", "promotions_stand",
        "UPDATE promotions SET mechanic = '{}' WHERE code = 'GROUND'";
    "when an approved promotion ends is not rewritten", "promotions_stand",
        "UPDATE promotions SET valid_until = '2098-01-01' WHERE code = 'GROUND'";
    "what an approved promotion may spend is not rewritten", "promotions_stand",
        "UPDATE promotions SET cap_minor = NULL WHERE code = 'GROUND'";
    "what an approved promotion spends from is not rewritten", "promotions_stand",
        "UPDATE promotions SET fund_id = NULL WHERE code = 'GROUND'";
    "a promotion reaches one account, group or region a row", CHECK,
        "INSERT INTO promotion_audiences (id, promotion_id, account_id, region) \
         SELECT $1, id, $2, 'North' FROM promotions WHERE code = 'DRAFT'";
    "a promotion's item is one product, brand or category", CHECK,
        "INSERT INTO promotion_items (id, promotion_id, effect) \
         SELECT $1, id, 'include' FROM promotions WHERE code = 'DRAFT'";
    "an order uses a promotion once", UNIQUE,
        "INSERT INTO promotion_uses (promotion_id, order_id, account_id, spend_minor, state, at) \
         SELECT promotion_id, order_id, account_id, 0, 'reserved', 0 FROM promotion_uses LIMIT 1";
    "what an order uses of a promotion is its own account's", FOREIGN,
        "UPDATE promotion_uses SET account_id = $3 WHERE account_id = $2";
    "what a promotion spends is not negative", CHECK,
        "UPDATE promotion_uses SET spend_minor = -1";
    "an order has one hold of a kind and level", UNIQUE,
        "INSERT INTO holds (id, order_id, account_id, kind, level, releaser, state, facts, \
         opened_at, due_at) SELECT $1, order_id, account_id, kind, level, releaser, 'open', facts, \
         0, 1 FROM holds WHERE kind = 'approval' AND requested_by_id IS NOT NULL LIMIT 1";
    "a released hold names who released it", CHECK,
        "UPDATE holds SET state = 'released', decided_at = 1 WHERE state = 'open'";
    "a rejected hold says why", CHECK,
        "UPDATE holds SET state = 'rejected', decided_at = 1, decided_by = 'Olga', reason = '' \
         WHERE state = 'open'";
    "an open hold has not been decided", CHECK,
        "UPDATE holds SET decided_at = 1 WHERE state = 'open'";
    "a decided hold says when", CHECK,
        "UPDATE holds SET state = 'withdrawn' WHERE state = 'open'";
    "nobody approves their own order", CHECK,
        "UPDATE holds SET state = 'released', decided_at = 1, decided_by = 'Bea', \
         decided_by_id = requested_by_id WHERE state = 'open' AND requested_by_id IS NOT NULL";
    "nobody approves an order of a person without being one", CHECK,
        "UPDATE holds SET state = 'released', decided_at = 1, decided_by = 'Program' \
         WHERE state = 'open' AND requested_by_id IS NOT NULL";
    "a hold belongs to its order's account", FOREIGN,
        "UPDATE holds SET account_id = $3 WHERE account_id = $2";
    "a hold is due after it was opened", CHECK,
        "UPDATE holds SET due_at = opened_at";
    "an order's freight is not negative", CHECK,
        "UPDATE orders SET freight_minor = -1";
    "an order's discount is not negative", CHECK,
        "UPDATE orders SET discount_minor = -1";
    "who pays for an order exists", FOREIGN,
        "UPDATE orders SET bill_to_id = $1";
    "an event of an order is one that there is", CHECK,
        "INSERT INTO order_events (id, order_id, account_id, kind, at, by_name, told) \
         SELECT $1, id, account_id, 'lost', 0, '', FALSE FROM orders LIMIT 1";
    "the timeline of an order is not changed", "append-only",
        "UPDATE order_events SET by_name = 'somebody else'";
    "nothing leaves the timeline of an order", "append-only",
        "DELETE FROM order_events";
    "the book of stock is not changed", "append-only",
        "UPDATE stock_movements SET allocated = allocated + 1";
    "nothing leaves the book of stock", "append-only",
        "DELETE FROM stock_movements";
    "stock moves for a cause that there is", CHECK,
        "INSERT INTO stock_movements (id, product_id, at, on_hand, allocated, reserved, cause, \
         reference) SELECT $1, product_id, 0, 1, 0, 0, 'theft', '' FROM stock LIMIT 1";
    "no more stock is given back than was reserved", CHECK,
        "UPDATE stock SET reserved = -1";
    "nothing is not on its way", CHECK,
        "INSERT INTO expected_receipts (product_id, expected_on, quantity) \
         SELECT product_id, '2098-01-01', 0 FROM stock LIMIT 1";
    "a rule about totals says from which on", CHECK,
        "INSERT INTO approval_rules (id, account_id, kind, level, created_at) \
         VALUES ($1, $2, 'total', 1, 0)";
    "a rule about a category names it", CHECK,
        "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, level, created_at) \
         VALUES ($1, $2, 'category', 1, 1, 0)";
    "approval has three levels at most", CHECK,
        "INSERT INTO approval_rules (id, account_id, kind, threshold_minor, level, created_at) \
         VALUES ($1, $2, 'total', 1, 4, 0)";
    "a budget is not negative", CHECK,
        "INSERT INTO user_budgets (user_id, account_id, period, limit_minor, updated_at) \
         SELECT id, $2, 'month', -1, 0 FROM users WHERE account_id = $2 LIMIT 1";
    "a price set by hand says why", CHECK,
        "UPDATE cart_lines SET override_price = 1, override_reason = ''";
};

/// What the statements need beside the demo world: an open cart with a line, an entry of the audit
/// log, two prices one after the other, and what [`lay_deals`] lays.
async fn lay_ground(sql: &Sql, account: Uuid) {
    let cart = Uuid::now_v7();
    let one = |text: &'static str, values: Vec<Value>| async move {
        let rows = sql
            .run(text, values)
            .await
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(rows > 0, "{text}");
    };
    // The demo may have left an open cart behind.
    let close = "UPDATE carts SET state = 'submitted' WHERE account_id = $1";
    sql.run(close, [account.into()]).await.unwrap();
    one(
        "INSERT INTO carts (id, account_id, state, created_at, updated_at) \
         VALUES ($1, $2, 'open', 0, 0)",
        vec![cart.into(), account.into()],
    )
    .await;
    one(
        "INSERT INTO cart_lines \
         (id, account_id, cart_id, product_id, unit, quantity, added_by, added_at) \
         SELECT $1, $2, $3, id, base_unit, 1, 'Bea', 0 FROM products LIMIT 1",
        vec![Uuid::now_v7().into(), account.into(), cart.into()],
    )
    .await;
    one(
        "INSERT INTO audit_log (id, at, actor, action, subject) VALUES ($1, 0, 'Ada', 'x', 'y')",
        vec![Uuid::now_v7().into()],
    )
    .await;
    for (from, until) in [("2001-01-01", "2001-06-01"), ("2001-06-01", "2001-12-31")] {
        one(
            "INSERT INTO price_rows \
             (product_id, price_list_id, unit, min_quantity, valid_from, valid_until, amount) \
             SELECT product_id, price_list_id, unit, 4711, $1, $2, amount FROM price_rows \
             WHERE min_quantity <> 4711 ORDER BY price_list_id, product_id, unit LIMIT 1",
            vec![from.into(), until.into()],
        )
        .await;
    }
    lay_deals(&one, account).await;
}

/// A promotion that runs and one that is a draft, a fund that has been spent from, an order that
/// waits for an approval.
async fn lay_deals<F: Future<Output = ()>>(
    one: &impl Fn(&'static str, Vec<Value>) -> F,
    account: Uuid,
) {
    let fund = Uuid::now_v7();
    one(
        "INSERT INTO funds (id, code, name, currency, budget_minor, reserved_minor, \
         committed_minor, created_at, updated_at) \
         VALUES ($1, 'GROUND', 'Ground', 'EUR', 1000, 100, 200, 0, 0)",
        vec![fund.into()],
    )
    .await;
    let promotion = "INSERT INTO promotions (id, code, name, state, mechanic, currency, valid_from, \
         valid_until, audience, fund_id, most_uses, cap_minor, uses, spent_minor, created_by, \
         created_at, submitted_by, submitted_by_id, updated_at) \
         SELECT $1, $2, 'Ground', $3, $4, 'EUR', '2020-01-01', '2099-01-01', 'everybody', $5, 5, \
         1000, 1, 300, name, 0, name, id, 0 FROM users WHERE role = 'admin'";
    for (code, state) in [("GROUND", "approved"), ("DRAFT", "draft")] {
        let mechanic = serde_json::json!({"kind": "free_freight", "from_minor": 1});
        let id = Uuid::now_v7();
        one(
            promotion,
            vec![
                id.into(),
                code.into(),
                state.into(),
                mechanic.into(),
                fund.into(),
            ],
        )
        .await;
    }
    one(
        "INSERT INTO promotion_uses (promotion_id, order_id, account_id, spend_minor, state, at) \
         SELECT p.id, o.id, o.account_id, 300, 'committed', 0 FROM promotions p, orders o \
         WHERE p.code = 'GROUND' AND o.number = (SELECT max(number) FROM orders \
         WHERE account_id = $1)",
        vec![account.into()],
    )
    .await;
    one(
        "INSERT INTO fund_entries (id, fund_id, promotion_id, order_id, kind, reserved_minor, \
         committed_minor, at) SELECT $1, p.fund_id, p.id, u.order_id, 'commit', 0, 300, 0 \
         FROM promotions p JOIN promotion_uses u ON u.promotion_id = p.id WHERE p.code = 'GROUND'",
        vec![Uuid::now_v7().into()],
    )
    .await;
    one(
        "INSERT INTO holds (id, order_id, account_id, kind, level, releaser, requested_by_id, \
         state, facts, opened_at, due_at) SELECT $1, o.id, o.account_id, 'approval', 9, \
         'approver', u.id, 'open', $3, 0, 1 FROM orders o JOIN users u \
         ON u.account_id = o.account_id WHERE u.email = 'buyer@demo.kontor.example' \
         AND o.number = (SELECT max(number) FROM orders WHERE account_id = $2)",
        vec![
            Uuid::now_v7().into(),
            account.into(),
            serde_json::json!({}).into(),
        ],
    )
    .await;
}

both! {
    async fn the_database_itself_refuses_what_breaks_a_rule(app) {
        let (corner, other) = (app.world.corner_shop.id, app.world.stranger.id);
        lay_ground(&app.sql, corner).await;
        let before = app.sql.row_counts().await;
        let mut held = Vec::new();
        for breach in BREACHES {
            let named: Vec<Value> = vec![Uuid::now_v7().into(), corner.into(), other.into()];
            let (sql, values) = only_named(breach.sql, &named);
            match app.sql.run(&sql, values).await {
                Ok(rows) => held.push(format!("{}: it went through ({rows} rows)", breach.rule)),
                Err(error) => {
                    let error = error.to_string().to_lowercase();
                    if !error.contains(breach.stopped_by) {
                        held.push(format!("{}: {error}", breach.rule));
                    }
                }
            }
        }
        assert!(held.is_empty(), "{}", held.join("\n"));
        assert_eq!(app.sql.row_counts().await, before);
    }

    async fn prices_that_follow_each_other_are_no_overlap(app) {
        lay_ground(&app.sql, app.world.corner_shop.id).await;
        let rows = "SELECT count(*) FROM price_rows WHERE min_quantity = 4711";
        assert_eq!(app.sql.number(rows, []).await, 2);
    }
}

/// PostgreSQL wants every value it is given to be used: keeps those that the statement names, and
/// numbers them anew.
fn only_named(sql: &str, values: &[Value]) -> (String, Vec<Value>) {
    let mut text = sql.to_owned();
    let mut kept = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let name = format!("${}", at + 1);
        if text.contains(&name) {
            kept.push(value.clone());
            text = text.replace(&name, &format!("$%{}", kept.len()));
        }
    }
    (text.replace("$%", "$"), kept)
}
