//! The timeline of an order: every change is an event, and each event that somebody may want to
//! know of has one job, which bears its id. What programs are told is written here too, under the
//! same id: people and programs cannot hear different things.

use sea_orm::Set;
use trade::id::{AccountId, HoldId, OrderId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::order_event;
use crate::error::Result;
use crate::jobs::{Job, Leave};
use crate::webhooks::kinds::Kind;
use crate::webhooks::orders::{self, Told};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct What<'a> {
    kind: &'static str,
    hold: Option<HoldId>,
    detail: Option<&'a str>,
    by_caller: bool,
}

impl<'a> What<'a> {
    /// Something the caller did. The message `event-<kind>` names it.
    #[must_use]
    pub fn of(kind: &'static str) -> What<'a> {
        What {
            kind,
            hold: None,
            detail: None,
            by_caller: true,
        }
    }

    /// Something that followed by itself.
    #[must_use]
    pub fn by_nobody(self) -> What<'a> {
        What {
            by_caller: false,
            ..self
        }
    }

    /// About a hold.
    #[must_use]
    pub fn about(self, hold: HoldId) -> What<'a> {
        What {
            hold: Some(hold),
            ..self
        }
    }

    /// In a person's words; empty ones say nothing.
    #[must_use]
    pub fn saying(self, detail: &'a str) -> What<'a> {
        What {
            detail: Some(detail).filter(|detail| !detail.is_empty()),
            ..self
        }
    }
}

/// Notes an event, leaves the job that tells people of it, and tells programs.
///
/// # Errors
/// Whatever the database says.
pub async fn tell(tx: &Tx, now: i64, of: (OrderId, AccountId), what: What<'_>) -> Result<()> {
    tell_all(tx, now, of, &[what]).await
}

/// As [`tell`], for all that happened to an order at once. The order is as it has become by now:
/// programs are told how it stands.
///
/// # Errors
/// Whatever the database says.
pub async fn tell_all(
    tx: &Tx,
    now: i64,
    (order, account): (OrderId, AccountId),
    happened: &[What<'_>],
) -> Result<()> {
    let scope = tx.scope();
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    let mut told: Vec<Told> = Vec::new();
    for what in happened {
        let event = Uuid::now_v7();
        let by = what.by_caller.then(|| scope.actor.name.clone());
        // An order that waits for two decisions waits once.
        let kind = program_kind(what.kind).filter(|kind| told.iter().all(|one| one.kind != *kind));
        told.extend(kind.map(|kind| Told {
            id: event,
            order,
            kind,
            by: by.clone(),
            on_behalf_of: scope.on_behalf_of.clone(),
        }));
        // What happened to an order is told in the order in which it did.
        let leave = Leave::now(now, Job::OrderEvent { event });
        jobs.push(leave.after(format!("order/{order}")));
        rows.push(order_event::ActiveModel {
            id: Set(event),
            order_id: Set(order),
            account_id: Set(account),
            kind: Set(what.kind.to_owned()),
            at: Set(now),
            by_name: Set(by.unwrap_or_default()),
            on_behalf_of: Set(scope.on_behalf_of.clone()),
            detail: Set(what.detail.map(str::to_owned)),
            hold_id: Set(what.hold),
            told: Set(true),
        });
    }
    tx.insert_all(rows).await?;
    tx.leave_all(now, jobs).await?;
    orders::note(tx, now, told).await
}

/// What programs hear of an entry in the timeline; nothing where another entry of the same moment
/// says it: a hold that was rejected ends its order, and that is told.
fn program_kind(kind: &str) -> Option<Kind> {
    Some(match kind {
        "placed" => Kind::OrderPlaced,
        "held" | "hold_opened" => Kind::OrderHeld,
        "hold_released" => Kind::OrderHoldReleased,
        "confirmed" => Kind::OrderConfirmed,
        "allocated" => Kind::OrderChanged,
        "rejected" => Kind::OrderRejected,
        "expired" => Kind::OrderExpired,
        "cancelled" => Kind::OrderCancelled,
        _ => return None,
    })
}
