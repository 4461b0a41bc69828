//! What needs the brand's people, and what the night brought, each morning.

use crate::app::App;
use crate::error::Result;

/// Writes to those whose morning it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(_app: &App) -> Result<()> {
    Ok(())
}
