//! What is there of each product. Every change leaves a movement with its cause, and the movements
//! of a product add up to its stock.

pub mod moves;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use trade::calendar::LocalDate;
use trade::id::ProductId;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::{stock, stock_movement};
use crate::error::Result;

/// What somebody has counted, in base units, and what is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// What lies in the warehouse.
    pub on_hand: i64,
    /// When more is expected.
    pub expected_on: Option<Date>,
    /// How much more.
    pub expected_quantity: Option<i64>,
}

/// A product's stock; none where it has never been counted.
///
/// # Errors
/// Whatever the database says.
pub async fn find(tx: &Tx, product: ProductId) -> Result<Option<stock::Model>> {
    tx.one::<stock::Entity>(|all| all.filter(stock::Column::ProductId.eq(product)))
        .await
}

/// As [`find`], and nobody else changes it before this transaction is through.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(tx: &Tx, product: ProductId) -> Result<Option<stock::Model>> {
    tx.one::<stock::Entity>(|all| {
        all.filter(stock::Column::ProductId.eq(product))
            .lock_exclusive()
    })
    .await
}

/// Puts a count in place of what `before` said (see [`lock`]). What is allocated stays so, also
/// where the count is less: those pieces are promised, and the shortage shows.
///
/// # Errors
/// Whatever the database says.
pub async fn count(
    tx: &Tx,
    now: i64,
    product: ProductId,
    before: Option<stock::Model>,
    count: Count,
) -> Result<stock::Model> {
    let expected_on = count.expected_on.map(LocalDate);
    let counted_before = before.as_ref().map_or(0, |row| row.on_hand);
    let after = stock::Model {
        product_id: product,
        on_hand: count.on_hand,
        allocated: before.as_ref().map_or(0, |row| row.allocated),
        reserved: before.as_ref().map_or(0, |row| row.reserved),
        expected_on,
        expected_quantity: count.expected_quantity,
        updated_at: now,
    };
    match before {
        None => tx.insert(after.clone().into_active_model()).await?,
        Some(row)
            if stock::Model {
                updated_at: now,
                ..row.clone()
            } == after =>
        {
            return Ok(row);
        }
        Some(_) => {
            tx.update(stock::ActiveModel {
                product_id: Set(product),
                on_hand: Set(after.on_hand),
                expected_on: Set(after.expected_on),
                expected_quantity: Set(after.expected_quantity),
                updated_at: Set(now),
                ..Default::default()
            })
            .await?;
        }
    }
    if count.on_hand != counted_before {
        tx.insert(stock_movement::ActiveModel {
            id: Set(Uuid::now_v7()),
            product_id: Set(product),
            at: Set(now),
            on_hand: Set(count.on_hand - counted_before),
            allocated: Set(0),
            reserved: Set(0),
            cause: Set("count".into()),
            reference: Set(tx.scope().actor.name.clone()),
        })
        .await?;
    }
    Ok(after)
}
