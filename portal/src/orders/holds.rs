//! The holds of an order: opened when it is placed or its release finds something new, decided
//! once each.

use jiff::SignedDuration;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::hold::{HoldState, Opening};
use trade::id::{AccountId, HoldId, OrderId, UserId};
use uuid::Uuid;

use super::tell;
use crate::db::Tx;
use crate::db::entity::hold;
use crate::error::Result;

/// Opens holds; of those of one kind only the first level, the others wait for it. They are told
/// of after what is to be told `first`.
pub(super) async fn open(
    tx: &Tx,
    now: i64,
    (order, account): (OrderId, AccountId),
    requested_by: Option<UserId>,
    openings: &[Opening],
    first: &[tell::What<'_>],
) -> Result<()> {
    let mut opened = Vec::new();
    let mut rows = Vec::with_capacity(openings.len());
    for opening in openings {
        let id = HoldId(Uuid::now_v7());
        let is_first = openings
            .iter()
            .all(|other| other.kind != opening.kind || other.level >= opening.level);
        if is_first {
            opened.push(id);
        }
        rows.push(hold::ActiveModel {
            id: Set(id),
            order_id: Set(order),
            account_id: Set(account),
            kind: Set(opening.kind),
            level: Set(opening.level),
            releaser: Set(opening.kind.releaser()),
            approver_id: Set(opening.approver),
            requested_by_id: Set(requested_by),
            state: Set(if is_first {
                HoldState::Open
            } else {
                HoldState::Waiting
            }),
            facts: Set(serde_json::to_value(&opening.facts)?),
            opened_at: Set(now),
            due_at: Set(due_at(now, opening.kind)),
            decided_at: Set(None),
            decided_by: Set(None),
            decided_by_id: Set(None),
            reason: Set(None),
        });
    }
    tx.insert_all(rows).await?;
    let opened = opened.into_iter();
    let opened = opened.map(|id| tell::What::of("hold_opened").by_nobody().about(id));
    let told: Vec<tell::What<'_>> = first.iter().copied().chain(opened).collect();
    tell::tell_all(tx, now, (order, account), &told).await
}

/// When a hold that opens now expires, in UTC milliseconds.
pub(super) fn due_at(now: i64, kind: trade::hold::HoldKind) -> i64 {
    let days = SignedDuration::from_hours(24 * i64::from(kind.due_days()));
    now.saturating_add(i64::try_from(days.as_millis()).unwrap_or(i64::MAX))
}

/// The holds of an order, in the order in which they were opened.
///
/// # Errors
/// Whatever the database says.
pub async fn of_order(tx: &Tx, order: OrderId) -> Result<Vec<hold::Model>> {
    tx.all::<hold::Entity>(|holds| {
        holds
            .filter(hold::Column::OrderId.eq(order))
            .order_by_asc(hold::Column::OpenedAt)
            .order_by_asc(hold::Column::Kind)
            .order_by_asc(hold::Column::Level)
    })
    .await
}

/// What still holds an order up is withdrawn with it.
pub(super) async fn withdraw(tx: &Tx, now: i64, order: OrderId) -> Result<()> {
    tx.change::<hold::Entity>(|update| {
        update
            .filter(hold::Column::OrderId.eq(order))
            .filter(hold::Column::State.is_in([HoldState::Open, HoldState::Waiting]))
            .col_expr(hold::Column::State, HoldState::Withdrawn.name().into())
            .col_expr(hold::Column::DecidedAt, now.into())
    })
    .await?;
    Ok(())
}
