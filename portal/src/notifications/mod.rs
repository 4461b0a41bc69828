//! What a person was told, as they read it in Kontor: the list behind the bell, the bell's number
//! while things happen, and the devices they let Kontor wake.

pub mod devices;
pub mod list;
pub mod live;
pub mod view;
pub mod web;

use crate::web::shape::Message;

/// As far as it is counted what a person has not read; from there on the bell says "99+".
pub const MANY: i64 = 100;

/// A notification's sentence as it was stored.
#[must_use]
pub fn sentence(stored: serde_json::Value) -> Message {
    serde_json::from_value(stored).unwrap_or_else(|error| {
        tracing::error!(%error, "a notification cannot be read");
        Message::new("notice-unreadable")
    })
}
