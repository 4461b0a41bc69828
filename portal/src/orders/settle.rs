//! What an order holds of stock, credit and promotions: turned from reserved to allocated when it
//! is confirmed, given back exactly once when it comes to nothing. Both go by the books, not by
//! what the order says, so that doing it twice does nothing.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId};

use crate::app::App;
use crate::credit;
use crate::db::Tx;
use crate::db::entity::{order, order_line};
use crate::error::Result;
use crate::promotions::spend;
use crate::stock::moves::{self, Shift};
use crate::stock::waiting;

/// Locks an order before anything that changes its state: decisions and cancelling wait for each
/// other here, before they lock credit, stock and funds.
pub(super) async fn lock(tx: &Tx, app: &App, found: &order::Model) -> Result<order::Model> {
    use sea_orm::QuerySelect as _;
    use sea_orm::sea_query::LockType;
    let order = tx
        .one::<order::Entity>(|orders| {
            orders
                .filter(order::Column::Id.eq(found.id))
                // Not against rows that only name the order: an import that bills it holds the
                // bill-to's credit, which is waited for next.
                .lock(LockType::NoKeyUpdate)
        })
        .await?
        .ok_or(crate::error::Error::NotFound)?;
    credit::lock(tx, app, bill_to(&order)).await?;
    Ok(order)
}

/// Who pays for it.
pub(super) fn bill_to(order: &order::Model) -> AccountId {
    order.bill_to_id.unwrap_or(order.account_id)
}

/// What was reserved is allocated, what was held counts as confirmed.
pub(super) async fn confirm(tx: &Tx, now: i64, order: &order::Model) -> Result<()> {
    let taken = moves::taken(tx, &order.number).await?;
    moves::lock(tx, &taken.keys().copied().collect::<Vec<_>>()).await?;
    let shifts: BTreeMap<ProductId, Shift> = taken
        .into_iter()
        .map(|(product, taken)| {
            let shift = Shift {
                allocated: taken.reserved,
                reserved: -taken.reserved,
            };
            (product, shift)
        })
        .collect();
    moves::shift(tx, &shifts, "confirmation", &order.number, now).await?;
    // What came in while this order was being decided about passed it by.
    waiting::serve_order(tx, order.id, now).await?;
    spend::commit(tx, now, order.id).await?;
    let held = credit::share_of_order(tx, bill_to(order), order.id)
        .await?
        .held_minor;
    let entry = credit::Entry {
        cause: format!("order {} confirmed", order.number),
        order: Some(order.id),
        open_item: None,
        held_minor: -held,
        confirmed_minor: held,
        receivable_minor: 0,
    };
    credit::book(tx, now, bill_to(order), entry).await
}

/// Everything is given back; `cause` is `cancellation`, `rejection` or `expiry`.
pub(super) async fn give_back(
    tx: &Tx,
    now: i64,
    order: &order::Model,
    cause: &'static str,
) -> Result<()> {
    use order_line::Column as L;
    let taken = moves::taken(tx, &order.number).await?;
    let products: Vec<ProductId> = taken.keys().copied().collect();
    moves::lock(tx, &products).await?;
    let shifts: BTreeMap<ProductId, Shift> = taken
        .into_iter()
        .map(|(product, taken)| {
            let shift = Shift {
                allocated: -taken.allocated,
                reserved: -taken.reserved,
            };
            (product, shift)
        })
        .collect();
    moves::shift(tx, &shifts, cause, &order.number, now).await?;
    tx.change::<order_line::Entity>(|update| {
        let open = Expr::col(L::Allocated).add(Expr::col(L::BackOrdered));
        update
            .filter(L::OrderId.eq(order.id))
            .col_expr(L::Cancelled, Expr::col(L::Cancelled).add(open))
            .col_expr(L::Allocated, 0.into())
            .col_expr(L::BackOrdered, 0.into())
    })
    .await?;
    // Whoever waits for what is free now is served before anybody else can take it.
    waiting::serve(tx, &products, now).await?;
    spend::release(tx, now, order.id).await?;
    let share = credit::share_of_order(tx, bill_to(order), order.id).await?;
    if share != credit::OrderShare::default() {
        let entry = credit::Entry {
            cause: format!("order {} {cause}", order.number),
            order: Some(order.id),
            open_item: None,
            held_minor: -share.held_minor,
            confirmed_minor: -share.confirmed_minor,
            receivable_minor: 0,
        };
        credit::book(tx, now, bill_to(order), entry).await?;
    }
    Ok(())
}
