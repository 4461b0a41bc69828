//! The KAM's accounts: the portfolio, an account's profile, ordering on behalf.

pub mod acting;
pub mod insight;
pub mod insight_view;
pub mod portfolio;
pub mod profile;
pub mod view;
pub mod web;

use sea_orm::{ColumnTrait, QueryFilter};

use crate::db::Tx;
use crate::db::entity::account;
use crate::error::{Error, Result};

/// The account with that number, if the caller looks after it.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &Tx, number: &str) -> Result<account::Model> {
    tx.one::<account::Entity>(|accounts| accounts.filter(account::Column::Number.eq(number)))
        .await?
        .ok_or(Error::NotFound)
}
