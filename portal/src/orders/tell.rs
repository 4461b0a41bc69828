//! The timeline of an order: every change is an event, and each event that somebody may want to
//! know of has one job, which bears its id.

use sea_orm::Set;
use trade::id::{AccountId, HoldId, OrderId};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::order_event;
use crate::error::Result;
use crate::jobs::Job;

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

/// Notes an event, and leaves the job that tells of it.
///
/// # Errors
/// Whatever the database says.
pub async fn tell(
    tx: &Tx,
    now: i64,
    (order, account): (OrderId, AccountId),
    what: What<'_>,
) -> Result<()> {
    let event = Uuid::now_v7();
    let scope = tx.scope();
    tx.insert(order_event::ActiveModel {
        id: Set(event),
        order_id: Set(order),
        account_id: Set(account),
        kind: Set(what.kind.to_owned()),
        at: Set(now),
        by_name: Set(if what.by_caller {
            scope.actor.name.clone()
        } else {
            String::new()
        }),
        on_behalf_of: Set(scope.on_behalf_of.clone()),
        detail: Set(what.detail.map(str::to_owned)),
        hold_id: Set(what.hold),
        told: Set(true),
    })
    .await?;
    tx.enqueue(now, &Job::OrderEvent { event }).await
}
