//! When what is wanted can be had: what is free now, then what is on its way, after everybody who
//! waits already.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::LocalDate;
use trade::id::{OrderId, ProductId};
use trade::stock::{Promise, Receipt, promise};

use super::incoming::in_time;
use super::waiting::OPEN_STATES;
use crate::catalogue::padded;
use crate::db::entity::expected_receipt;
use crate::db::{Tx, placeholders};
use crate::error::Result;

/// Products at once.
const CHUNK: usize = 2_000;

/// What can be promised of some products.
#[derive(Debug, Default)]
pub struct Outlook {
    products: HashMap<ProductId, Supply>,
}

#[derive(Debug, Default)]
struct Supply {
    available: i64,
    owed: i64,
    receipts: Vec<Receipt>,
    /// A day of which nobody has said how much comes.
    day: Option<Date>,
}

impl Outlook {
    /// Of `products`; those that are not counted are not in it.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, today: Date, products: &[ProductId]) -> Result<Outlook> {
        let mut outlook = Outlook::default();
        for chunk in products.chunks(CHUNK) {
            let ids = padded(chunk);
            // What is owed to others counts, whoever they are; nobody learns who.
            let sql = format!(
                "SELECT s.product_id, s.on_hand - s.allocated - s.reserved AS available, \
                 s.expected_on, (SELECT CAST(coalesce(sum(l.back_ordered), 0) AS bigint) \
                     FROM order_lines l JOIN orders o ON o.id = l.order_id \
                     WHERE l.product_id = s.product_id AND l.back_ordered > 0 \
                     AND o.state IN ({OPEN_STATES})) AS owed \
                 FROM stock s JOIN products p ON p.id = s.product_id \
                 WHERE p.stock_policy <> 'untracked' AND s.product_id IN ({})",
                placeholders(1, ids.len())
            );
            for row in tx.rows(&sql, ids.iter().map(|id| Value::from(*id))).await? {
                let day: Option<LocalDate> = row.try_get("", "expected_on")?;
                let supply = Supply {
                    available: row.try_get("", "available")?,
                    owed: row.try_get("", "owed")?,
                    receipts: Vec::new(),
                    day: day.map(|day| day.0).filter(|day| *day >= today),
                };
                outlook
                    .products
                    .insert(row.try_get("", "product_id")?, supply);
            }
            for (product, receipts) in receipts_of(tx, today, &ids).await? {
                if let Some(supply) = outlook.products.get_mut(&product) {
                    supply.receipts = receipts;
                    supply.day = None;
                }
            }
        }
        Ok(outlook)
    }

    /// When so many pieces can be had; none where the product is not counted. What was asked for
    /// before is spoken for: two lines of one product are not promised the same pieces.
    pub fn promise(&mut self, product: ProductId, pieces: i64) -> Option<Promise> {
        let supply = self.products.get_mut(&product)?;
        let mut answer = promise(supply.available, supply.owed, &supply.receipts, pieces);
        supply.owed = supply.owed.saturating_add(pieces.max(0));
        if answer.unknown > 0 && answer.later.is_empty() {
            // The best that is known: a day without a quantity.
            answer.by = supply.day;
        }
        Some(answer)
    }
}

async fn receipts_of(
    tx: &Tx,
    today: Date,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Vec<Receipt>>> {
    let rows = tx
        .all::<expected_receipt::Entity>(|rows| {
            rows.filter(expected_receipt::Column::ProductId.is_in(ids.iter().copied()))
        })
        .await?;
    let mut days: HashMap<ProductId, Vec<(Date, i64)>> = HashMap::new();
    for row in rows {
        let days = days.entry(row.product_id).or_default();
        days.push((row.expected_on.0, row.quantity));
    }
    Ok(days
        .into_iter()
        .map(|(product, days)| (product, in_time(&days, today)))
        .collect())
}

/// When what an order is still owed comes, by the position of its lines, in base units: after the
/// orders that came before it.
///
/// # Errors
/// Whatever the database says.
pub async fn of_order(tx: &Tx, today: Date, order: OrderId) -> Result<HashMap<i32, Promise>> {
    let sql = format!(
        "SELECT l.position, l.product_id, l.back_ordered, \
         s.on_hand - s.allocated - s.reserved AS available, \
         (SELECT CAST(coalesce(sum(e.back_ordered), 0) AS bigint) FROM order_lines e \
             JOIN orders eo ON eo.id = e.order_id \
             WHERE e.product_id = l.product_id AND e.back_ordered > 0 \
             AND eo.state IN ({OPEN_STATES}) AND (eo.placed_at < o.placed_at \
                 OR (eo.placed_at = o.placed_at AND (eo.id < o.id \
                 OR (eo.id = o.id AND e.position < l.position))))) AS ahead \
         FROM order_lines l JOIN orders o ON o.id = l.order_id \
         JOIN stock s ON s.product_id = l.product_id \
         WHERE l.order_id = $1 AND l.back_ordered > 0 AND o.state IN ({OPEN_STATES})"
    );
    let rows = tx.rows(&sql, [order.into()]).await?;
    let mut ids = Vec::with_capacity(rows.len());
    for row in &rows {
        ids.push(row.try_get::<ProductId>("", "product_id")?);
    }
    let mut receipts: HashMap<ProductId, Vec<Receipt>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        receipts.extend(receipts_of(tx, today, &padded(chunk)).await?);
    }
    let mut promises = HashMap::with_capacity(rows.len());
    for row in rows {
        let product: ProductId = row.try_get("", "product_id")?;
        let receipts = receipts.get(&product).map_or(&[][..], Vec::as_slice);
        let available: i64 = row.try_get("", "available")?;
        let ahead: i64 = row.try_get("", "ahead")?;
        let owed: i64 = row.try_get("", "back_ordered")?;
        promises.insert(
            row.try_get("", "position")?,
            promise(available, ahead, receipts, owed),
        );
    }
    Ok(promises)
}
