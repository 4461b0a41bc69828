//! A few products with everything a cart minds: minimum, multiple, units, stock, prices.

use sea_orm::sea_query::Value;
use uuid::Uuid;

use crate::harness::{Answer, App, Client};

/// By the piece or the case of 12, in twelves.
pub const TERRINE: &str = "T-0012";
/// By the piece, at least 5; a case's GTIN is [`KIBBLE_CASE_GTIN`].
pub const KIBBLE: &str = "K-0005";
pub const KIBBLE_GTIN: &str = "4006381333931";
pub const KIBBLE_CASE_GTIN: &str = "14006381333938";
/// Without a price.
pub const NEW: &str = "N-0001";
/// No longer sold.
pub const OLD: &str = "O-0001";
/// Three in stock, and no more.
pub const RARE: &str = "R-0003";
/// Not for the corner shop.
pub const SECRET: &str = "S-0001";

/// Ends the demo's promotions, its freight and its minimum: what they would add is for the cases
/// about them.
pub async fn plain_prices(app: &App) {
    let sql = "UPDATE promotions SET state = 'stopped', stopped_at = 0 WHERE state = 'approved'";
    run(app, sql, []).await;
    run(app, "DELETE FROM freight_rates", []).await;
    run(app, "UPDATE accounts SET minimum_order_minor = 0", []).await;
    let sql = "UPDATE counters SET value = value + 1 WHERE name IN ('promotions', 'catalogue')";
    run(app, sql, []).await;
}

/// Puts the products there; 2.50 each, and 19 % VAT.
pub async fn fill(app: &App) {
    plain_prices(app).await;
    let sql = "INSERT INTO tax_rates (country, tax_class, valid_from, rate) \
               VALUES ('DE', 'standard', '2020-01-01', 1900) ON CONFLICT DO NOTHING";
    run(app, sql, []).await;
    let list = Uuid::now_v7();
    let sql =
        "INSERT INTO price_lists (id, code, name, currency) VALUES ($1, 'SHELF', 'Shelf', 'EUR')";
    run(app, sql, [list.into()]).await;
    for account in [app.world.corner_shop.id, app.world.stranger.id] {
        let sql = "INSERT INTO account_price_lists (id, account_id, price_list_id, rank, priority, \
                   valid_from, valid_until) VALUES ($1, $2, $3, 0, 0, '2020-01-01', '9999-12-31')";
        run(
            app,
            sql,
            [Uuid::now_v7().into(), account.into(), list.into()],
        )
        .await;
    }
    product(app, list, TERRINE, (12, 12), "active", "back_order", 1_000).await;
    product(app, list, KIBBLE, (5, 1), "active", "back_order", 1_000).await;
    product(app, Uuid::nil(), NEW, (1, 1), "active", "back_order", 1_000).await;
    product(app, list, OLD, (1, 1), "delisted", "back_order", 1_000).await;
    product(app, list, RARE, (1, 1), "active", "strict", 3).await;
    product(app, list, SECRET, (1, 1), "active", "back_order", 1_000).await;
    let sql = "UPDATE products SET gtin = $1 WHERE sku = $2";
    run(app, sql, [KIBBLE_GTIN.into(), KIBBLE.into()]).await;
    let sql = "UPDATE product_units SET gtin = $1 WHERE unit = 'XCS' AND product_id = \
               (SELECT id FROM products WHERE sku = $2)";
    run(app, sql, [KIBBLE_CASE_GTIN.into(), KIBBLE.into()]).await;
    let sql = "INSERT INTO visibility_rules (id, effect, product_id, account_id) \
               SELECT $1, 'exclude', id, $2 FROM products WHERE sku = $3";
    let values = [
        Uuid::now_v7().into(),
        app.world.corner_shop.id.into(),
        SECRET.into(),
    ];
    run(app, sql, values).await;
}

/// One product of the standard tax class, with a price where there is a list.
pub async fn product(
    app: &App,
    list: Uuid,
    sku: &str,
    (moq, multiple): (i32, i32),
    status: &str,
    policy: &str,
    on_hand: i64,
) {
    let id = Uuid::now_v7();
    let statement = "INSERT INTO products (id, sku, name, brand_id, category_id, base_unit, \
        order_unit, moq, multiple, tax_class, status, stock_policy, updated_at) \
        SELECT $1, $2, $3, b.id, c.id, 'H87', 'H87', $4, $5, 'standard', $6, $7, 0 \
        FROM (SELECT id FROM product_brands LIMIT 1) b, (SELECT id FROM categories LIMIT 1) c";
    let name = format!("Product {sku}");
    let values = [
        id.into(),
        sku.into(),
        name.into(),
        moq.into(),
        multiple.into(),
    ];
    let values = values.into_iter().chain([status.into(), policy.into()]);
    run(app, statement, values).await;
    let statement = "INSERT INTO product_units (product_id, unit, pack_factor) \
                     VALUES ($1, 'H87', 1), ($1, 'XCS', 12)";
    run(app, statement, [id.into()]).await;
    let statement = "INSERT INTO stock (product_id, on_hand, updated_at) VALUES ($1, $2, 0)";
    run(app, statement, [id.into(), on_hand.into()]).await;
    let statement = "INSERT INTO stock_movements (id, product_id, at, on_hand, allocated, reserved, \
                     cause, reference) VALUES ($1, $2, 0, $3, 0, 0, 'count', 'shelf')";
    let values = [Uuid::now_v7().into(), id.into(), on_hand.into()];
    run(app, statement, values).await;
    if !list.is_nil() {
        let statement = "INSERT INTO price_rows (product_id, price_list_id, unit, min_quantity, \
                         valid_from, amount) VALUES ($1, $2, 'H87', 1, '2020-01-01', 25000)";
        run(app, statement, [id.into(), list.into()]).await;
    }
}

async fn run(app: &App, sql: &str, values: impl IntoIterator<Item = Value>) {
    app.sql.run(sql, values).await.unwrap();
}

/// Adds one line as a product page does.
pub async fn add(client: &Client, sku: &str, quantity: &str) -> Answer {
    client
        .post(
            "/cart/lines",
            &[("sku", sku), ("unit", ""), ("quantity", quantity)],
        )
        .await
}

/// What is in the corner shop's open cart: article number, unit, quantity.
pub async fn cart(app: &App) -> Vec<(String, String, i64)> {
    let sql = "SELECT p.sku, l.unit, l.quantity FROM cart_lines l \
               JOIN products p ON p.id = l.product_id JOIN carts c ON c.id = l.cart_id \
               WHERE c.account_id = $1 AND c.state = 'open' ORDER BY p.sku, l.unit";
    let rows = app.sql.rows(sql, [app.world.corner_shop.id.into()]).await;
    let line = |row: &sea_orm::QueryResult| {
        let quantity: i32 = row.try_get_by_index(2).unwrap();
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            quantity.into(),
        )
    };
    rows.iter().map(line).collect()
}

/// A line of [`cart`].
pub fn line(sku: &str, unit: &str, quantity: i64) -> (String, String, i64) {
    (sku.to_owned(), unit.to_owned(), quantity)
}

/// The id of the line of a product in the corner shop's cart.
pub async fn line_id(app: &App, sku: &str) -> String {
    let sql = "SELECT l.id FROM cart_lines l JOIN products p ON p.id = l.product_id \
               WHERE p.sku = $1 AND l.account_id = $2";
    let rows = app
        .sql
        .rows(sql, [sku.into(), app.world.corner_shop.id.into()])
        .await;
    let id: Uuid = rows[0].try_get_by_index(0).unwrap();
    id.to_string()
}
