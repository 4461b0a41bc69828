//! What a bill-to owes and is about to owe: a ledger with a cause for each entry, and what follows
//! from it when an order is placed.

use trade::hold::Opening;
use trade::id::{AccountId, OpenItemId, OrderId};
use trade::money::Money;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// How a bill-to stands, with its row locked until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who pays.
    pub bill_to: AccountId,
    /// The most it may owe; none is without limit.
    pub limit: Option<Money>,
    /// Gross of orders that are held.
    pub held: Money,
    /// Gross of orders that are confirmed and not yet billed.
    pub confirmed: Money,
    /// What is open of invoices, less credit notes and payments.
    pub receivable: Money,
}

/// One entry of the ledger: changes in minor units, either sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Booked once: "order 100123 held".
    pub cause: String,
    /// The order it comes from.
    pub order: Option<OrderId>,
    /// The open item it comes from.
    pub open_item: Option<OpenItemId>,
    /// Of held orders.
    pub held_minor: i64,
    /// Of confirmed orders.
    pub confirmed_minor: i64,
    /// Of open items.
    pub receivable_minor: i64,
}

/// The standing of a bill-to; nobody else changes it before this transaction is through. It is the
/// first lock an order takes.
///
/// # Errors
/// Whatever the database says.
pub async fn lock(_tx: &Tx, _app: &App, _bill_to: AccountId) -> Result<Standing> {
    todo_standing()
}

fn todo_standing() -> Result<Standing> {
    Err(crate::error::Error::NotFound)
}

/// Books an entry (see [`lock`]).
///
/// # Errors
/// A cause that is booked already; whatever the database says.
pub async fn book(_tx: &Tx, _now: i64, _bill_to: AccountId, _entry: Entry) -> Result<()> {
    Ok(())
}

/// The holds an order of so much gross opens: over the limit, overdue beyond what is tolerated.
///
/// # Errors
/// Whatever the database says.
pub async fn openings(
    _tx: &Tx,
    _app: &App,
    _standing: &Standing,
    _gross: Money,
) -> Result<Vec<Opening>> {
    Ok(Vec::new())
}
