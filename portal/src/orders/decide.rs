//! Deciding holds: released, the order goes on to the next level or is confirmed; rejected, it ends
//! and gives back what it held; expired, it does so by itself.
//!
//! A hold is decided by one conditional update: of two people who decide at once, one does. Before
//! the last release confirms an order, its bill-to's credit and its prices are looked at again.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use trade::hold::{HoldKind, HoldState, Opening, Releaser, Verdict, verdict};
use trade::id::HoldId;
use trade::money::Money;
use trade::order::OrderState;

use super::quote::{self, ForWhom, Wanted};
use super::{bought, cancel, holds, judge, refusals, settle, tell};
use crate::app::App;
use crate::audit;
use crate::credit;
use crate::db::entity::{hold, order, order_line};
use crate::db::scope::{Reach, Scope};
use crate::db::words::Role;
use crate::db::{Tx, again};
use crate::error::{Error, Result};

/// Whether the caller may decide a hold: by role, as the named approver where there is one, and
/// never their own order.
#[must_use]
pub fn may_decide(scope: &Scope, hold: &hold::Model) -> bool {
    let Some(role) = scope.actor.role else {
        return false;
    };
    let own = scope.actor.user_id.is_some() && scope.actor.user_id == hold.requested_by_id;
    match hold.releaser {
        Releaser::Approver => {
            let named = hold.approver_id.is_none() || hold.approver_id == scope.actor.user_id;
            let theirs = matches!(scope.reach, Reach::Account { id, .. } if id == hold.account_id);
            matches!(role, Role::Approver | Role::AccountAdmin) && named && theirs && !own
        }
        Releaser::Kam => matches!(role, Role::Kam | Role::Admin),
        Releaser::Finance => matches!(role, Role::Finance | Role::Admin),
        Releaser::Operations => matches!(role, Role::Operations | Role::Admin),
    }
}

/// Releases a hold. The caller commits, and then wakes the worker.
///
/// # Errors
/// `NotFound`; `Forbidden` for somebody who may not decide it; `Refused` where it is decided.
pub async fn release(tx: &Tx, app: &App, id: HoldId, reason: &str) -> Result<order::Model> {
    let (found, order) = locked(tx, app, id).await?;
    let now = app.clock.millis();
    decide(tx, now, &found, HoldState::Released, reason).await?;
    let of = (order.id, order.account_id);
    let what = tell::What::of("hold_released").about(id).saying(reason);
    tell::tell(tx, now, of, what).await?;
    open_next_level(tx, now, &found).await?;
    let states = holds::of_order(tx, order.id).await?;
    if verdict(states.iter().map(|hold| hold.state)) == Verdict::Confirm {
        confirm(tx, app, &order, &states).await?;
    }
    super::find(tx, &order.number).await
}

/// Rejects a hold, and with it the order. The caller commits, and then wakes the worker.
///
/// # Errors
/// As [`release`]; `Refused` without a reason.
pub async fn reject(tx: &Tx, app: &App, id: HoldId, reason: &str) -> Result<order::Model> {
    if reason.trim().is_empty() {
        return Err(refusals::reason_missing().into());
    }
    let (found, order) = locked(tx, app, id).await?;
    let now = app.clock.millis();
    decide(tx, now, &found, HoldState::Rejected, reason).await?;
    let of = (order.id, order.account_id);
    let what = tell::What::of("hold_rejected").about(id).saying(reason);
    tell::tell(tx, now, of, what).await?;
    cancel::close(tx, app, &order, OrderState::Rejected, reason).await?;
    super::find(tx, &order.number).await
}

/// Ends the orders whose holds nobody decided in time; says how many. Each in a transaction of its
/// own, so that one that fails keeps no other waiting.
///
/// # Errors
/// Whatever the database says.
pub async fn expire_due(app: &App) -> Result<usize> {
    let now = app.clock.millis();
    let reading = app.db.read_system("expire holds").await?;
    let due = reading
        .all::<hold::Entity>(|holds| {
            holds
                .filter(hold::Column::State.eq(HoldState::Open))
                .filter(hold::Column::DueAt.lte(now))
                .order_by_asc(hold::Column::DueAt)
                .limit(100)
        })
        .await?;
    drop(reading);
    let mut expired = 0;
    for hold in due {
        let one = again(async || {
            let tx = app.db.begin_system("expire holds").await?;
            expire(&tx, app, hold.id).await?;
            tx.commit().await
        });
        match one.await {
            Ok(()) => expired += 1,
            // Decided, or cancelled, in the meantime.
            Err(Error::Refused(_) | Error::NotFound) => {}
            Err(error) => {
                tracing::error!(hold = %hold.id, error = error.cause(), "a hold cannot expire");
            }
        }
    }
    if expired > 0 {
        app.wake.notify_one();
    }
    Ok(expired)
}

async fn expire(tx: &Tx, app: &App, id: HoldId) -> Result<()> {
    let hold = tx.get::<hold::Entity>(id).await?;
    let order = tx.get::<order::Entity>(hold.order_id).await?;
    let order = settle::lock(tx, app, &order).await?;
    let now = app.clock.millis();
    decide(tx, now, &hold, HoldState::Expired, "").await?;
    let what = tell::What::of("hold_expired").by_nobody().about(id);
    tell::tell(tx, now, (order.id, order.account_id), what).await?;
    cancel::close(tx, app, &order, OrderState::Expired, "").await
}

/// The hold and its order, locked, if the caller may decide it.
async fn locked(tx: &Tx, app: &App, id: HoldId) -> Result<(hold::Model, order::Model)> {
    let found = tx.get::<hold::Entity>(id).await?;
    if !may_decide(tx.scope(), &found) {
        return Err(Error::Forbidden);
    }
    let order = tx.get::<order::Entity>(found.order_id).await?;
    let order = settle::lock(tx, app, &order).await?;
    // Read again: somebody may have decided it while this waited.
    Ok((tx.get::<hold::Entity>(id).await?, order))
}

async fn decide(
    tx: &Tx,
    now: i64,
    found: &hold::Model,
    state: HoldState,
    reason: &str,
) -> Result<()> {
    let scope = tx.scope().clone();
    let expires = state == HoldState::Expired;
    let by = (!expires).then(|| scope.actor.name.clone());
    let by_id = scope.actor.user_id.filter(|_| !expires);
    let decided = tx
        .change::<hold::Entity>(|update| {
            update
                .filter(hold::Column::Id.eq(found.id))
                .filter(hold::Column::State.eq(HoldState::Open))
                .col_expr(hold::Column::State, state.name().into())
                .col_expr(hold::Column::DecidedAt, now.into())
                .col_expr(hold::Column::DecidedBy, by.into())
                .col_expr(hold::Column::DecidedById, by_id.into())
                .col_expr(
                    hold::Column::Reason,
                    Some(reason.to_owned()).filter(|r| !r.is_empty()).into(),
                )
        })
        .await?;
    if decided == 0 {
        return Err(refusals::decided_already(found).into());
    }
    let before = json!({"state": found.state, "kind": found.kind, "facts": found.facts});
    let after = json!({"state": state, "reason": reason});
    let subject = format!("hold {}", found.id);
    let action = format!("hold {state}");
    let account = Some(found.account_id);
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

/// Opens the level of approval that waited for this one.
async fn open_next_level(tx: &Tx, now: i64, released: &hold::Model) -> Result<()> {
    let next = tx
        .one::<hold::Entity>(|holds| {
            holds
                .filter(hold::Column::OrderId.eq(released.order_id))
                .filter(hold::Column::Kind.eq(released.kind))
                .filter(hold::Column::State.eq(HoldState::Waiting))
                .order_by_asc(hold::Column::Level)
        })
        .await?;
    let Some(next) = next else { return Ok(()) };
    tx.change::<hold::Entity>(|update| {
        update
            .filter(hold::Column::Id.eq(next.id))
            .col_expr(hold::Column::State, HoldState::Open.name().into())
            .col_expr(hold::Column::OpenedAt, now.into())
            .col_expr(hold::Column::DueAt, holds::due_at(now, next.kind).into())
    })
    .await?;
    let what = tell::What::of("hold_opened").by_nobody().about(next.id);
    tell::tell(tx, now, (next.order_id, next.account_id), what).await
}

/// Nothing is in the way any more: credit and prices are looked at again, then it is confirmed.
async fn confirm(tx: &Tx, app: &App, order: &order::Model, decided: &[hold::Model]) -> Result<()> {
    let now = app.clock.millis();
    let mut found = Vec::new();
    // The order itself is part of what is held: the limit is asked without it.
    let gross = Money::new(order.gross_minor, order.currency);
    let standing = credit::lock(tx, app, settle::bill_to(order)).await?;
    let standing = standing.without_held(gross)?;
    found.extend(credit::openings(tx, app, &standing, gross).await?);
    found.extend(drift(tx, app, order).await?);
    // What somebody has released is not asked again.
    let asked = |opening: &Opening| decided.iter().any(|hold| hold.kind == opening.kind);
    found.retain(|opening| !asked(opening));
    let of = (order.id, order.account_id);
    if !found.is_empty() {
        return holds::open(tx, now, of, order.placed_by_id, &found, &[]).await;
    }
    let moved = tx
        .change::<order::Entity>(|update| {
            update
                .filter(order::Column::Id.eq(order.id))
                .filter(order::Column::State.eq(OrderState::Held))
                .col_expr(order::Column::State, OrderState::Confirmed.name().into())
                .col_expr(order::Column::UpdatedAt, now.into())
        })
        .await?;
    if moved == 0 {
        return Err(refusals::not_cancellable(order.state.name()).into());
    }
    settle::confirm(tx, now, order).await?;
    bought::remember_order(tx, order).await?;
    tell::tell(tx, now, of, tell::What::of("confirmed").by_nobody()).await
}

/// What the lines would cost today. Only asked when a day or more has passed since the order was
/// placed: prices are valid by the day.
async fn drift(tx: &Tx, app: &App, order: &order::Model) -> Result<Option<Opening>> {
    if order.placed_on.0 == app.today() {
        return Ok(None);
    }
    let lines = tx
        .all::<order_line::Entity>(|lines| {
            lines
                .filter(order_line::Column::OrderId.eq(order.id))
                .filter(order_line::Column::PromotionId.is_null())
                .order_by_asc(order_line::Column::Position)
        })
        .await?;
    let set_by_hand = |line: &order_line::Model| {
        line.price_trace
            .as_ref()
            .is_some_and(|trace| trace.get("by_hand").is_some())
    };
    let lines: Vec<order_line::Model> = lines.into_iter().filter(|l| !set_by_hand(l)).collect();
    let wanted: Vec<Wanted> = lines
        .iter()
        .map(|line| Wanted {
            product: line.product_id,
            unit: line.unit,
            quantity: line.quantity.into(),
        })
        .collect();
    // As the account, not as whoever releases: its prices, and only what it may see.
    let whom = ForWhom::load(tx, app, order.account_id, order.ship_to_id).await?;
    let today = quote::prices(tx, app, &whom, &wanted).await?;
    let mut before = 0_i64;
    let mut now = 0_i64;
    for (line, priced) in lines.iter().zip(&today.lines) {
        // What is no longer sold or priced was promised at its price.
        if let Some(price) = priced.before {
            before = before.saturating_add(line.net_minor + line.discount_minor);
            now = now.saturating_add(price.minor);
        }
    }
    let money = |minor| Money::new(minor, order.currency);
    Ok(judge::drift(money(before), money(now)))
}

/// The kinds of hold the caller decides, for queues.
#[must_use]
pub fn kinds_of(scope: &Scope) -> Vec<HoldKind> {
    let Some(role) = scope.actor.role else {
        return Vec::new();
    };
    let decides = |releaser| match releaser {
        Releaser::Approver => matches!(role, Role::Approver | Role::AccountAdmin),
        Releaser::Kam => matches!(role, Role::Kam | Role::Admin),
        Releaser::Finance => matches!(role, Role::Finance | Role::Admin),
        Releaser::Operations => matches!(role, Role::Operations | Role::Admin),
    };
    HoldKind::ALL
        .iter()
        .copied()
        .filter(|kind| decides(kind.releaser()))
        .collect()
}
