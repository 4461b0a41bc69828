//! Cancelling an order before it is released: everything it held is given back exactly once.

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use trade::order::OrderState;

use super::{holds, refusals, settle, tell};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::order;
use crate::error::Result;

/// Cancels an order the caller sees. The caller commits, and then wakes the worker.
///
/// # Errors
/// `NotFound`; `Refused` where it has been released, closed or cancelled already.
pub async fn cancel(tx: &Tx, app: &App, number: &str, reason: &str) -> Result<order::Model> {
    let found = super::find(tx, number).await?;
    let locked = settle::lock(tx, app, &found).await?;
    close(tx, app, &locked, OrderState::Cancelled, reason).await?;
    super::find(tx, number).await
}

/// Ends an order that is locked before anything was delivered: as cancelled, rejected or expired.
///
/// # Errors
/// `Refused` where its state does not allow it.
pub(super) async fn close(
    tx: &Tx,
    app: &App,
    order: &order::Model,
    end: OrderState,
    reason: &str,
) -> Result<()> {
    let now = app.clock.millis();
    let from: Vec<OrderState> = OrderState::ALL
        .into_iter()
        .filter(|state| state.may_become(end))
        .collect();
    // The condition decides, not what was read: of two that end it at once, one does.
    let moved = tx
        .change::<order::Entity>(|update| {
            update
                .filter(order::Column::Id.eq(order.id))
                .filter(order::Column::State.is_in(from))
                .col_expr(order::Column::State, end.name().into())
                .col_expr(order::Column::CancelReason, reason.into())
                .col_expr(order::Column::UpdatedAt, now.into())
        })
        .await?;
    if moved == 0 {
        return Err(refusals::not_cancellable(order.state.name()).into());
    }
    let (kind, cause) = match end {
        OrderState::Rejected => ("rejected", "rejection"),
        OrderState::Expired => ("expired", "expiry"),
        OrderState::Cancelled
        | OrderState::Held
        | OrderState::Confirmed
        | OrderState::Released
        | OrderState::Closed => ("cancelled", "cancellation"),
    };
    settle::give_back(tx, now, order, cause).await?;
    holds::withdraw(tx, now, order.id).await?;
    let mut what = tell::What::of(kind).saying(reason);
    if end == OrderState::Expired {
        what = what.by_nobody();
    }
    tell::tell(tx, now, (order.id, order.account_id), what).await?;
    let before = json!({"state": order.state});
    let after = json!({"state": end, "reason": reason});
    let subject = format!("order {}", order.number);
    let action = format!("order {kind}");
    let account = Some(order.account_id);
    audit::note(
        tx,
        now,
        &action,
        &subject,
        account,
        Some(before),
        Some(after),
    )
    .await
}
