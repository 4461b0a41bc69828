//! Submitted orders: submit, holds and their decisions, timeline, documents, reorder, cancel.

pub mod ahead;
mod bought;
pub mod cancel;
pub mod checkout;
pub mod decide;
pub mod document;
pub mod hold_mail_view;
pub mod hold_mails;
pub mod hold_words;
pub mod holds;
pub mod judge;
pub mod list;
pub mod mail_view;
pub mod mails;
pub mod quote;
mod readers;
pub mod refusals;
pub mod reorder;
mod seen;
mod settle;
pub mod show;
pub(crate) mod store;
pub mod submit;
pub mod tell;
pub mod view;
pub mod web;

use sea_orm::{ColumnTrait, QueryFilter};

use crate::db::Tx;
use crate::db::entity::order;
use crate::error::{Error, Result};

/// The order with that number, if the caller sees it.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &Tx, number: &str) -> Result<order::Model> {
    tx.one::<order::Entity>(|orders| orders.filter(order::Column::Number.eq(number)))
        .await?
        .ok_or(Error::NotFound)
}
