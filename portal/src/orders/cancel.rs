//! Cancelling an order before it is released: everything it held is given back exactly once.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use serde_json::json;
use trade::id::ProductId;
use trade::order::OrderState;
use uuid::Uuid;

use super::{refusals, submit};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{order, order_event, order_line};
use crate::error::Result;
use crate::jobs::Job;

/// Cancels an order the caller sees. The caller commits, and then wakes the worker.
///
/// # Errors
/// `NotFound`; `Refused` where it has been released, closed or cancelled already.
pub async fn cancel(tx: &Tx, app: &App, number: &str, reason: &str) -> Result<order::Model> {
    let now = app.clock.millis();
    let found = super::find(tx, number).await?;
    let cancellable: Vec<OrderState> = OrderState::ALL
        .into_iter()
        .filter(|state| state.may_become(OrderState::Cancelled))
        .collect();
    // The condition decides, not what was read: of two that cancel at once, one does.
    let moved = tx
        .change::<order::Entity>(|update| {
            update
                .filter(order::Column::Id.eq(found.id))
                .filter(order::Column::State.is_in(cancellable))
                .col_expr(order::Column::State, OrderState::Cancelled.name().into())
                .col_expr(order::Column::CancelReason, reason.into())
                .col_expr(order::Column::UpdatedAt, now.into())
        })
        .await?;
    if moved == 0 {
        return Err(refusals::not_cancellable(found.state.name()).into());
    }
    give_back(tx, &found, now).await?;
    let scope = tx.scope().clone();
    tx.insert(order_event::ActiveModel {
        id: Set(Uuid::now_v7()),
        order_id: Set(found.id),
        account_id: Set(found.account_id),
        kind: Set("cancelled".into()),
        at: Set(now),
        by_name: Set(scope.actor.name.clone()),
        on_behalf_of: Set(scope.on_behalf_of.clone()),
        detail: Set(Some(reason.to_owned())),
        hold_id: Set(None),
        told: Set(false),
    })
    .await?;
    let before = json!({"state": found.state});
    let after = json!({"state": OrderState::Cancelled, "reason": reason});
    let subject = format!("order {number}");
    let account = Some(found.account_id);
    audit::note(
        tx,
        now,
        "order cancelled",
        &subject,
        account,
        Some(before),
        Some(after),
    )
    .await?;
    tx.enqueue(now, &Job::OrderCancelled { order: found.id })
        .await?;
    super::find(tx, number).await
}

async fn give_back(tx: &Tx, order: &order::Model, now: i64) -> Result<()> {
    use order_line::Column as L;
    // What this order set aside and has not given back yet, by the book of movements: a product
    // whose stock is not counted has none there.
    let rows = tx
        .rows(
            "SELECT product_id, CAST(SUM(allocated) AS bigint) AS pieces FROM stock_movements \
             WHERE reference = $1 GROUP BY product_id HAVING SUM(allocated) <> 0",
            [order.number.clone().into()],
        )
        .await?;
    let mut sums: BTreeMap<ProductId, i64> = BTreeMap::new();
    for row in rows {
        sums.insert(
            row.try_get("", "product_id")?,
            -row.try_get::<i64>("", "pieces")?,
        );
    }
    submit::lock_stock(tx, &sums.keys().copied().collect::<Vec<_>>()).await?;
    submit::move_allocated(tx, &sums, "cancellation", &order.number, now).await?;
    tx.change::<order_line::Entity>(|update| {
        let open = Expr::col(L::Allocated).add(Expr::col(L::BackOrdered));
        update
            .filter(L::OrderId.eq(order.id))
            .col_expr(L::Cancelled, Expr::col(L::Cancelled).add(open))
            .col_expr(L::Allocated, 0.into())
            .col_expr(L::BackOrdered, 0.into())
    })
    .await?;
    Ok(())
}
