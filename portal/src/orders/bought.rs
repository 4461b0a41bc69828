//! What an account has bought: last time, how much, how often. Kept once an order is confirmed;
//! what was held and came to nothing is no habit.

use std::collections::BTreeMap;

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use trade::quantity::Unit;

use super::quote::QuotedLine;
use crate::db::entity::{order, order_line};
use crate::db::{Tx, placeholders};
use crate::error::Result;

/// A line that was bought. What came along at no charge was not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bought {
    product: ProductId,
    unit: Unit,
    quantity: i64,
    /// Base units.
    pieces: i64,
}

impl Bought {
    /// A line that is being ordered.
    pub fn quoted(line: &QuotedLine) -> Bought {
        Bought {
            product: line.wanted.product,
            unit: line.wanted.unit,
            quantity: line.wanted.quantity,
            pieces: line.ordered.0,
        }
    }
}

/// As [`remember`], of an order that was held until now.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn remember_order(tx: &Tx, order: &order::Model) -> Result<()> {
    let lines = tx
        .all::<order_line::Entity>(|lines| {
            lines
                .filter(order_line::Column::OrderId.eq(order.id))
                .filter(order_line::Column::PromotionId.is_null())
                .order_by_asc(order_line::Column::Position)
        })
        .await?;
    let lines = lines.into_iter().map(|line| Bought {
        product: line.product_id,
        unit: line.unit,
        quantity: line.quantity.into(),
        pieces: line.ordered,
    });
    remember(tx, order.account_id, order.placed_on, lines).await
}

/// Keeps "last bought" with the order, so that no page has to look for it in the lines.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn remember(
    tx: &Tx,
    account: AccountId,
    placed_on: LocalDate,
    lines: impl IntoIterator<Item = Bought>,
) -> Result<()> {
    let mut last: BTreeMap<ProductId, (i64, Unit, i64)> = BTreeMap::new();
    for line in lines {
        let entry = last.entry(line.product).or_insert((0, line.unit, 0));
        let pieces = entry.2 + line.pieces;
        // Two lines of one product in one unit count together; in two units the last one stands.
        *entry = if entry.1 == line.unit {
            (entry.0 + line.quantity, entry.1, pieces)
        } else {
            (line.quantity, line.unit, pieces)
        };
    }
    let entries: Vec<_> = last.into_iter().collect();
    for chunk in entries.chunks(2_000) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| format!("({}, 1)", placeholders(1 + 7 * at, 7)))
            .collect();
        let sql = format!(
            "INSERT INTO account_products \
             (account_id, product_id, first_on, last_on, last_quantity, last_unit, pieces, times) \
             VALUES {} ON CONFLICT (account_id, product_id) DO UPDATE SET \
             last_on = excluded.last_on, last_quantity = excluded.last_quantity, \
             last_unit = excluded.last_unit, pieces = account_products.pieces + excluded.pieces, \
             times = account_products.times + 1",
            rows.join(", ")
        );
        let mut binds: Vec<Value> = Vec::with_capacity(chunk.len() * 7);
        for (product, (quantity, unit, pieces)) in chunk {
            let quantity = i32::try_from(*quantity).unwrap_or(i32::MAX);
            binds.extend([
                account.into(),
                (*product).into(),
                placed_on.into(),
                placed_on.into(),
            ]);
            binds.extend([quantity.into(), (*unit).into(), (*pieces).into()]);
        }
        tx.execute(&sql, binds).await?;
    }
    Ok(())
}
