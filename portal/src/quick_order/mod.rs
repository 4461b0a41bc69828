//! Quick order: products and quantities typed, pasted or uploaded instead of looked up.
//!
//! Rows are kept as typed, for each user and account, and read anew whenever they are shown: a
//! price that changed since, or a product that came back, shows at once. What always holds: no row
//! is dropped. Right ones go into the cart when their user says so, wrong ones stay until they are
//! corrected or removed.

pub mod page;
pub mod paste;
pub mod resolve;
pub mod upload;
pub mod usual;
pub mod view;
pub mod web;

use std::collections::HashSet;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use trade::id::{AccountId, UserId};

use crate::app::App;
use crate::cart::{self, Piece, Suggested};
use crate::db::Tx;
use crate::db::entity::{quick_order_row, user};
use crate::error::{Error, Result};
use crate::orders::quote::ForWhom;
use crate::web::locale::Lang;
use paste::{MOST_ROWS, Typed};

/// The acting user's rows for the account, in their order.
///
/// # Errors
/// Whatever the database says.
pub async fn rows(tx: &Tx, account: AccountId) -> Result<Vec<quick_order_row::Model>> {
    let user = acting_user(tx)?;
    tx.all::<quick_order_row::Entity>(|rows| {
        rows.filter(quick_order_row::Column::AccountId.eq(account))
            .filter(quick_order_row::Column::UserId.eq(user))
            .order_by_asc(quick_order_row::Column::Position)
    })
    .await
}

fn acting_user(tx: &Tx) -> Result<UserId> {
    tx.scope().actor.user_id.ok_or(Error::Forbidden)
}

/// More rows than fit beside those that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// What is kept already.
    pub present: usize,
    /// What it would be together.
    pub rows: usize,
}

/// Keeps rows behind those that are there.
///
/// # Errors
/// Whatever the database says.
pub async fn append(tx: &Tx, account: AccountId, typed: &[Typed]) -> Result<Result<(), TooMany>> {
    append_suggested(tx, account, typed.iter().map(|row| (row, None))).await
}

/// As [`append`], each with the suggestion it comes from.
async fn append_suggested<'a>(
    tx: &Tx,
    account: AccountId,
    rows_wanted: impl ExactSizeIterator<Item = (&'a Typed, Option<Suggested>)>,
) -> Result<Result<(), TooMany>> {
    let user = acting_user(tx)?;
    // Two tabs of one user take turns, or both would number their rows alike.
    tx.all::<user::Entity>(|users| users.filter(user::Column::Id.eq(user)).lock_exclusive())
        .await?;
    let present = rows(tx, account).await?;
    let together = present.len() + rows_wanted.len();
    if together > MOST_ROWS {
        return Ok(Err(TooMany {
            present: present.len(),
            rows: together,
        }));
    }
    let last = present.last().map_or(0, |row| row.position);
    let new = (last + 1..)
        .zip(rows_wanted)
        .map(
            |(position, (row, suggested))| quick_order_row::ActiveModel {
                account_id: Set(account),
                user_id: Set(user),
                position: Set(position),
                code: Set(visible(&row.code)),
                quantity: Set(visible(&row.quantity)),
                unit: Set(visible(row.unit.as_deref().unwrap_or_default())),
                suggested_list: Set(suggested.map(|(list, _)| list)),
                suggested_pieces: Set(suggested.map(|(_, pieces)| pieces)),
            },
        );
    tx.insert_all(new).await?;
    Ok(Ok(()))
}

/// Text without characters that nobody typed on purpose, and that a database may refuse.
fn visible(text: &str) -> String {
    text.trim()
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect()
}

/// Corrects one row; says whether there is one.
///
/// # Errors
/// Whatever the database says.
pub async fn correct(
    tx: &Tx,
    account: AccountId,
    position: i32,
    code: &str,
    quantity: &str,
    unit: &str,
) -> Result<bool> {
    let user = acting_user(tx)?;
    // Another product is no longer what was suggested.
    tx.change::<quick_order_row::Entity>(|update| {
        update
            .filter(quick_order_row::Column::AccountId.eq(account))
            .filter(quick_order_row::Column::UserId.eq(user))
            .filter(quick_order_row::Column::Position.eq(position))
            .filter(quick_order_row::Column::Code.ne(visible(code)))
            .set(quick_order_row::ActiveModel {
                suggested_list: Set(None),
                suggested_pieces: Set(None),
                ..Default::default()
            })
    })
    .await?;
    let touched = tx
        .change::<quick_order_row::Entity>(|update| {
            update
                .filter(quick_order_row::Column::AccountId.eq(account))
                .filter(quick_order_row::Column::UserId.eq(user))
                .filter(quick_order_row::Column::Position.eq(position))
                .col_expr(quick_order_row::Column::Code, visible(code).into())
                .col_expr(quick_order_row::Column::Quantity, visible(quantity).into())
                .col_expr(quick_order_row::Column::Unit, visible(unit).into())
        })
        .await?;
    Ok(touched == 1)
}

/// Removes one row; says whether there was one.
///
/// # Errors
/// Whatever the database says.
pub async fn remove(tx: &Tx, account: AccountId, position: i32) -> Result<bool> {
    Ok(forget(tx, account, Some(&[position])).await? == 1)
}

/// Removes every row.
///
/// # Errors
/// Whatever the database says.
pub async fn clear(tx: &Tx, account: AccountId) -> Result<u64> {
    forget(tx, account, None).await
}

async fn forget(tx: &Tx, account: AccountId, positions: Option<&[i32]>) -> Result<u64> {
    let user = acting_user(tx)?;
    let positions = positions.map(crate::catalogue::padded);
    tx.delete::<quick_order_row::Entity>(|rows| {
        let rows = rows
            .filter(quick_order_row::Column::AccountId.eq(account))
            .filter(quick_order_row::Column::UserId.eq(user));
        match positions {
            Some(positions) => rows.filter(quick_order_row::Column::Position.is_in(positions)),
            None => rows,
        }
    })
    .await
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Rows that are in the cart now.
    pub added: usize,
    /// Rows that stay.
    pub left: usize,
}

/// Puts the right rows into the cart; the wrong ones stay.
///
/// # Errors
/// Whatever the database says.
pub async fn add_to_cart(tx: &Tx, app: &App, account: AccountId, lang: Lang) -> Result<Moved> {
    let rows = rows(tx, account).await?;
    let whom = ForWhom::load(tx, app, account, None).await?;
    let resolved = resolve::resolve(tx, app, &whom, rows, lang).await?;
    let count = resolved.len();
    let mut positions = Vec::with_capacity(count);
    let mut pieces = Vec::with_capacity(count);
    for row in resolved.iter().filter(|row| row.fault.is_none()) {
        let Some(quoted) = &row.quoted else { continue };
        positions.push(row.typed.position);
        pieces.push(Piece {
            article: quoted.article.clone(),
            unit: Some(quoted.wanted.unit),
            quantity: quoted.wanted.quantity,
            suggested: row.typed.suggested_list.zip(row.typed.suggested_pieces),
        });
    }
    let added = cart::add_pieces(tx, app, account, &pieces).await?;
    let taken: HashSet<usize> = added.taken.iter().copied().collect();
    let gone: Vec<i32> = positions
        .into_iter()
        .enumerate()
        .filter(|(at, _)| taken.contains(at))
        .map(|(_, position)| position)
        .collect();
    if !gone.is_empty() {
        forget(tx, account, Some(&gone)).await?;
    }
    Ok(Moved {
        added: gone.len(),
        left: count - gone.len(),
    })
}
