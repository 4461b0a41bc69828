//! How much of an item stood in each of an account's last orders, as small bars beside it.

use std::collections::HashMap;

use sea_orm::sea_query::Value;
use serde::Serialize;
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use trade::quantity::Unit;

use crate::catalogue::padded;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::web::shape::{Arg, Message};

/// So many orders, as the reasons count them.
const ORDERS: usize = 8;
/// From one bar to the next, in the drawing's units.
const PITCH: i64 = 8;
/// The height of the tallest.
const HEIGHT: i64 = 24;

/// The bars of one item. Their drawing is 64 wide and 24 high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bars {
    /// The same in words.
    pub text: Message,
    pub shapes: Vec<Bar>,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    /// Without the item: only the place of the order is marked.
    pub none: bool,
}

impl Bars {
    /// `pieces` in each order, the oldest first.
    pub fn new(unit: Unit, pieces: &[i64]) -> Self {
        let most = pieces.iter().copied().max().unwrap_or(0).max(1);
        let shapes = (0_i64..).zip(pieces).map(|(at, pieces)| {
            let none = *pieces <= 0;
            let height = if none {
                2
            } else {
                (pieces * HEIGHT / most).max(3)
            };
            Bar {
                x: at * PITCH + 1,
                y: HEIGHT - height,
                height,
                none,
            }
        });
        let unit = format!("unit-{}", unit.code().to_ascii_lowercase());
        let text = Message::new("home-bars")
            .with("orders", i64::try_from(pieces.len()).unwrap_or(i64::MAX))
            .with("unit", Message::new(unit).with("count", 2))
            .with(
                "pieces",
                Arg::List {
                    all: pieces.iter().copied().map(Arg::Number).collect(),
                },
            );
        Self {
            text,
            shapes: shapes.collect(),
        }
    }
}

const DAYS: &str = "SELECT DISTINCT o.placed_on FROM orders o WHERE o.account_id = $1 \
    AND o.state NOT IN ('cancelled', 'rejected', 'expired') AND EXISTS (SELECT 1 \
    FROM order_lines l WHERE l.order_id = o.id AND l.ordered > l.cancelled) \
    ORDER BY o.placed_on DESC LIMIT 8";

/// Pieces of each product in each of the account's last orders, the oldest first; orders of one
/// day are one.
///
/// # Errors
/// Whatever the database says.
pub async fn pieces(
    tx: &Tx,
    account: AccountId,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<i64>>> {
    let mut found: HashMap<ProductId, Vec<i64>> = HashMap::with_capacity(products.len());
    let mut days: Vec<LocalDate> = Vec::with_capacity(ORDERS);
    for row in tx.rows(DAYS, [account.into()]).await? {
        days.push(row.try_get_by_index(0)?);
    }
    days.reverse();
    let (Some(first), false) = (days.first(), products.is_empty()) else {
        return Ok(found);
    };
    for chunk in products.chunks(2_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT l.product_id, o.placed_on, CAST(SUM(l.ordered - l.cancelled) AS bigint) \
             FROM order_lines l JOIN orders o ON o.id = l.order_id \
             WHERE l.account_id = $1 AND o.placed_on >= $2 \
             AND o.state NOT IN ('cancelled', 'rejected', 'expired') \
             AND l.product_id IN ({}) GROUP BY l.product_id, o.placed_on",
            placeholders(3, chunk.len()),
        );
        let values = [Value::from(account), Value::from(*first)];
        let values = values
            .into_iter()
            .chain(chunk.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            let product: ProductId = row.try_get_by_index(0)?;
            let day: LocalDate = row.try_get_by_index(1)?;
            let each = found.entry(product).or_insert_with(|| vec![0; days.len()]);
            let at = days.iter().position(|one| *one == day);
            if let Some(pieces) = at.and_then(|at| each.get_mut(at)) {
                *pieces = row.try_get_by_index(2)?;
            }
        }
    }
    Ok(found)
}
