//! Promotions: planned, approved by a second person, running, settled; what they say; what is in
//! force for an account and what is left of it; what orders take; and the funds they spend from.

pub mod audience;
pub mod book;
pub mod calendar;
pub mod drafts;
pub mod editor;
pub mod example;
pub mod funds;
pub mod life;
pub mod list;
pub mod offers;
pub mod plan;
pub mod ranked;
pub mod ranked_view;
pub mod results;
pub mod show;
pub mod spend;
pub mod view;
pub mod web;
pub mod words;

use crate::db::Tx;
use crate::error::Result;

/// The counter that every change of a promotion raises.
pub const VERSION: &str = "promotions";

/// Tells every instance that promotions have changed. Call it in the changing transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn changed(tx: &Tx) -> Result<()> {
    tx.next_number(VERSION).await?;
    Ok(())
}
