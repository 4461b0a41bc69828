//! What is there of each product, what is on its way, and who waits for it. Every change leaves a
//! movement with its cause, and the movements of a product add up to its stock.

pub mod alerts;
pub mod book;
pub mod incoming;
pub mod list;
pub mod mail_view;
pub mod moves;
pub mod outlook;
pub mod short;
pub mod show;
pub mod view;
pub mod waiting;
pub mod web;

use sea_orm::{ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use trade::id::ProductId;
use uuid::Uuid;

pub use incoming::Incoming;

use crate::db::Tx;
use crate::db::entity::{stock, stock_movement};
use crate::error::Result;

/// The most pieces of a product anybody has.
pub const MOST: i64 = 1_000_000_000;

/// What somebody has counted, in base units, and what is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What lies in the warehouse.
    pub on_hand: i64,
    /// What is expected.
    pub incoming: Incoming,
}

/// Why there is more or less than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody has counted.
    Count,
    /// Goods have come.
    Receipt,
}

impl Cause {
    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Cause::Count => "count",
            Cause::Receipt => "receipt",
        }
    }
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
/// where the count is less: those pieces are promised, and the shortage shows. Whoever waits for
/// what is there now is served in the same transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn count(
    tx: &Tx,
    now: i64,
    product: ProductId,
    before: Option<stock::Model>,
    count: &Count,
) -> Result<stock::Model> {
    let by = tx.scope().actor.name.clone();
    put(tx, now, product, before, count, Cause::Count, &by).await
}

/// As [`count`], with why and by whom.
///
/// # Errors
/// Whatever the database says.
pub async fn put(
    tx: &Tx,
    now: i64,
    product: ProductId,
    before: Option<stock::Model>,
    count: &Count,
    cause: Cause,
    reference: &str,
) -> Result<stock::Model> {
    let day = before.as_ref().and_then(|row| row.expected_on);
    let expected_before = incoming::load(tx, product, day).await?;
    let (expected_on, expected_quantity) = count.incoming.next();
    let counted_before = before.as_ref().map_or(0, |row| row.on_hand);
    let after = stock::Model {
        product_id: product,
        on_hand: count.on_hand,
        allocated: before.as_ref().map_or(0, |row| row.allocated),
        reserved: before.as_ref().map_or(0, |row| row.reserved),
        expected_on,
        expected_quantity,
        updated_at: now,
    };
    let differs = |row: &stock::Model| {
        row.on_hand != after.on_hand
            || row.expected_on != expected_on
            || row.expected_quantity != expected_quantity
            || expected_before != count.incoming
    };
    match before {
        None => tx.insert(after.clone().into_active_model()).await?,
        Some(row) if !differs(&row) => return Ok(row),
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
    if expected_before != count.incoming {
        incoming::store(tx, product, &count.incoming).await?;
    }
    if count.on_hand != counted_before {
        tx.insert(stock_movement::ActiveModel {
            id: Set(Uuid::now_v7()),
            product_id: Set(product),
            at: Set(now),
            on_hand: Set(count.on_hand - counted_before),
            allocated: Set(0),
            reserved: Set(0),
            cause: Set(cause.name().to_owned()),
            reference: Set(reference.to_owned()),
        })
        .await?;
        if waiting::serve(tx, &[product], now).await? > 0 {
            // What those who waited were given is no longer free.
            return Ok(find(tx, product).await?.unwrap_or(after));
        }
    }
    Ok(after)
}
