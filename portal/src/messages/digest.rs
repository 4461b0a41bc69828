//! The daily mail: what was told to those who chose one mail a day.

use crate::app::App;
use crate::error::Result;

/// Writes the daily mail of those whose morning it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(_app: &App) -> Result<()> {
    Ok(())
}
