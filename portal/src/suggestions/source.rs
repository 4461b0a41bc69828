//! The history the recommender learns from, read from the database.

use recommender::{Line, Order, PurchaseHistory};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};

use super::day;
use crate::db::Tx;
use crate::error::Result;

// Unscoped on purpose: everybody's orders teach the model; what it says is asked with the asker's
// own range.
const LINES: &str = "SELECT l.account_id, o.placed_on, l.product_id, \
    CAST(SUM(l.ordered - l.cancelled) AS bigint) FROM order_lines l \
    JOIN orders o ON o.id = l.order_id \
    WHERE o.state NOT IN ('cancelled', 'rejected', 'expired') \
    GROUP BY l.account_id, o.placed_on, l.product_id \
    ORDER BY l.account_id, o.placed_on, l.product_id";

/// Every order that counts.
///
/// # Errors
/// Whatever the database says.
pub async fn history(tx: &Tx) -> Result<PurchaseHistory> {
    let mut orders: Vec<Order> = Vec::new();
    for row in tx.rows(LINES, []).await? {
        let account: AccountId = row.try_get_by_index(0)?;
        let on: LocalDate = row.try_get_by_index(1)?;
        let product: ProductId = row.try_get_by_index(2)?;
        let pieces: i64 = row.try_get_by_index(3)?;
        let line = Line {
            product,
            pieces: u32::try_from(pieces.max(0))?,
        };
        let on = day(on.0);
        match orders.last_mut() {
            Some(order) if order.account == account && order.day == on => order.lines.push(line),
            _ => orders.push(Order {
                account,
                day: on,
                lines: vec![line],
            }),
        }
    }
    Ok(PurchaseHistory::of(orders))
}
