//! Web push: waking a person's browsers (RFC 8030, 8188, 8291, 8292).

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::jobs::worker::Outcome;

/// Wakes the browsers of whoever a notification is for.
///
/// # Errors
/// What may pass by itself: the push service is away, or asks to try later.
pub async fn send(_app: &App, _notification: Uuid) -> Result<Outcome> {
    Ok(Outcome::Done)
}
