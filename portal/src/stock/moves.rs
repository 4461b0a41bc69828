//! What orders do to stock: pieces are reserved while an order is held, allocated once it is
//! confirmed, and given back when it comes to nothing. Each change is a movement that names the
//! order, and giving back goes by that book: what was never taken is never returned.

use std::collections::BTreeMap;

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use trade::id::ProductId;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::{stock, stock_movement};
use crate::error::{Error, Result};

/// A change of a product's stock by an order, in base units, either sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    /// Of confirmed orders.
    pub allocated: i64,
    /// Of held orders.
    pub reserved: i64,
}

/// Locks the products' stock, by id, as everything that moves stock does.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(tx: &Tx, ids: &[ProductId]) -> Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(2_000) {
        let ids = crate::catalogue::padded(chunk);
        tx.all::<stock::Entity>(|rows| {
            rows.filter(stock::Column::ProductId.is_in(ids))
                .order_by_asc(stock::Column::ProductId)
                .lock_exclusive()
        })
        .await?;
    }
    Ok(())
}

/// What an order has taken and not given back yet, by the book of movements. A product whose stock
/// is not counted has none there.
///
/// # Errors
/// Whatever the database says.
pub async fn taken(tx: &Tx, reference: &str) -> Result<BTreeMap<ProductId, Shift>> {
    let rows = tx
        .rows(
            "SELECT product_id, CAST(SUM(allocated) AS bigint) AS allocated, \
             CAST(SUM(reserved) AS bigint) AS reserved FROM stock_movements \
             WHERE reference = $1 GROUP BY product_id \
             HAVING SUM(allocated) <> 0 OR SUM(reserved) <> 0",
            [reference.into()],
        )
        .await?;
    let mut taken = BTreeMap::new();
    for row in rows {
        let shift = Shift {
            allocated: row.try_get("", "allocated")?,
            reserved: row.try_get("", "reserved")?,
        };
        taken.insert(row.try_get("", "product_id")?, shift);
    }
    Ok(taken)
}

/// Moves stock by product, in one statement a chunk, with a movement each.
///
/// # Errors
/// A product without a stock row, a constraint, or whatever the database says.
pub async fn shift(
    tx: &Tx,
    shifts: &BTreeMap<ProductId, Shift>,
    cause: &str,
    reference: &str,
    now: i64,
) -> Result<()> {
    let entries: Vec<(&ProductId, &Shift)> = shifts
        .iter()
        .filter(|(_, shift)| **shift != Shift::default())
        .collect();
    for chunk in entries.chunks(2_000) {
        let values: Vec<String> = (0..chunk.len())
            .map(|at| format!("(${}, ${}, ${})", 2 + 3 * at, 3 + 3 * at, 4 + 3 * at))
            .collect();
        let sql = format!(
            "WITH moved (id, allocated, reserved) AS (VALUES {}) UPDATE stock \
             SET allocated = stock.allocated + moved.allocated, \
             reserved = stock.reserved + moved.reserved, updated_at = $1 \
             FROM moved WHERE stock.product_id = moved.id",
            values.join(", ")
        );
        let binds =
            std::iter::once(Value::from(now)).chain(chunk.iter().flat_map(|(id, shift)| {
                [
                    Value::from(**id),
                    Value::from(shift.allocated),
                    Value::from(shift.reserved),
                ]
            }));
        let touched = tx.execute(&sql, binds).await?;
        if touched != u64::try_from(chunk.len())? {
            return Err(Error::Internal(anyhow::anyhow!("stock rows are missing")));
        }
    }
    let rows = entries
        .into_iter()
        .map(|(product, shift)| stock_movement::ActiveModel {
            id: Set(Uuid::now_v7()),
            product_id: Set(*product),
            at: Set(now),
            on_hand: Set(0),
            allocated: Set(shift.allocated),
            reserved: Set(shift.reserved),
            cause: Set(cause.to_owned()),
            reference: Set(reference.to_owned()),
        });
    tx.insert_all(rows).await
}
