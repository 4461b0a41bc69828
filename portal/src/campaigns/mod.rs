//! Campaigns: telling retailers of a promotion they gain from, and what came of it.

use trade::id::CampaignId;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// Begins campaigns whose day it is, leaves work for those whose morning it is, and ends those that
/// are written.
///
/// # Errors
/// Whatever the database says.
pub async fn due(_app: &App) -> Result<()> {
    Ok(())
}

/// Draws a campaign's audience: who is told, who goes without, in which order.
///
/// # Errors
/// Whatever the database says.
pub async fn draw(_app: &App, _campaign: CampaignId) -> Result<()> {
    Ok(())
}

/// Writes mails to some of a campaign's people.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn write(_app: &App, _campaign: CampaignId, _messages: &[Uuid]) -> Result<()> {
    Ok(())
}
