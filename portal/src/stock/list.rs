//! The brand's stock as a table: what is there, what is promised, what is owed and what is coming.

use sea_orm::sea_query::Value;
use trade::calendar::LocalDate;
use trade::quantity::Unit;

use super::view::{StockPage, StockRow};
use super::waiting::OPEN_STATES;
use crate::db::Tx;
use crate::error::Result;
use crate::web::shape::{Choice, Paging, Query};

/// Products on a page.
const PAGE: u64 = 50;
/// What can be shown alone: nothing free, more promised than there is, owed to orders, and late.
const SHOWN: [&str; 4] = ["short", "negative", "owed", "late"];

/// What is free of a product; none where it has never been counted.
const FREE: &str = "s.on_hand - s.allocated - s.reserved";

/// The page: `q`, `show`, `page` as chosen.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    today: LocalDate,
    mut query: Query,
    can_book: bool,
) -> Result<StockPage> {
    let show = query.get("show").map_or("", String::as_str);
    let show = SHOWN.into_iter().find(|known| *known == show).unwrap_or("");
    let text = query
        .get("q")
        .map_or("", String::as_str)
        .trim()
        .to_lowercase();
    let from = format!(
        "FROM products p LEFT JOIN stock s ON s.product_id = p.id \
         LEFT JOIN (SELECT l.product_id, sum(l.back_ordered) AS pieces \
             FROM order_lines l JOIN orders o ON o.id = l.order_id \
             WHERE l.back_ordered > 0 AND o.state IN ({OPEN_STATES}) \
             GROUP BY l.product_id) w ON w.product_id = p.id \
         WHERE p.stock_policy <> 'untracked' \
         AND (lower(p.sku) LIKE $1 ESCAPE '\\' OR lower(p.name) LIKE $1 ESCAPE '\\') AND {}",
        condition(show),
    );
    let mut binds: Vec<Value> = vec![pattern(&text).into()];
    if show == "late" {
        binds.push(today.into());
    }
    let counted = tx
        .rows(&format!("SELECT count(*) AS total {from}"), binds.clone())
        .await?;
    let total: i64 = match counted.first() {
        Some(row) => row.try_get("", "total")?,
        None => 0,
    };
    let (paging, offset) = Paging::asked(&mut query, PAGE, u64::try_from(total)?)?;
    let sql = format!(
        "SELECT p.sku, p.name, p.base_unit, s.on_hand, s.allocated, s.reserved, s.expected_on, \
         s.expected_quantity, CAST(coalesce(w.pieces, 0) AS bigint) AS owed {from} \
         ORDER BY p.sku LIMIT {PAGE} OFFSET {offset}"
    );
    let mut rows = Vec::new();
    for row in tx.rows(&sql, binds).await? {
        let on_hand: Option<i64> = row.try_get("", "on_hand")?;
        let allocated = row.try_get::<Option<i64>>("", "allocated")?.unwrap_or(0);
        let reserved = row.try_get::<Option<i64>>("", "reserved")?.unwrap_or(0);
        let expected_on: Option<LocalDate> = row.try_get("", "expected_on")?;
        rows.push(StockRow {
            sku: row.try_get("", "sku")?,
            name: row.try_get("", "name")?,
            unit: row.try_get::<Unit>("", "base_unit")?,
            available: on_hand.map(|there| there - allocated - reserved),
            on_hand,
            allocated,
            reserved,
            owed: row.try_get("", "owed")?,
            late: expected_on.is_some_and(|day| day < today),
            expected_on: expected_on.map(|day| day.to_string()),
            expected_quantity: row.try_get("", "expected_quantity")?,
        });
    }
    Ok(StockPage {
        is_filtered: !show.is_empty() || !text.is_empty(),
        shows: SHOWN
            .map(|value| Choice::new(value, "", value == show))
            .to_vec(),
        query,
        rows,
        paging,
        can_book,
    })
}

fn condition(show: &str) -> String {
    match show {
        "short" => format!("{FREE} <= 0"),
        "negative" => format!("{FREE} < 0"),
        "owed" => "w.pieces > 0".to_owned(),
        "late" => "s.expected_on < $2".to_owned(),
        _ => "1 = 1".to_owned(),
    }
}

fn pattern(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\0').take(100).collect();
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}
