//! When an account's own orders need a colleague's approval: its rules, its people's budgets, and
//! what waits for whom.

use trade::hold::Opening;
use trade::id::UserId;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::{ForWhom, Quote};

/// The approvals an order of these lines needs, by level. Asked when it is placed, with the
/// account's credit row locked: two orders at once cannot both use the rest of a budget. `person`
/// is who places it; none for a program.
///
/// # Errors
/// Whatever the database says.
pub async fn openings(
    _tx: &Tx,
    _app: &App,
    _whom: &ForWhom,
    _quote: &Quote,
    _person: Option<UserId>,
) -> Result<Vec<Opening>> {
    Ok(Vec::new())
}
