//! Holds and who decides them: on the order's page, and in the brand's queue.
//!
//! A hold is decided once. Who comes too late is told who decided what.

pub mod deciders;
pub mod queue;
pub mod view;
pub mod web;

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::hold::{HoldKind, HoldState, Releaser};
use trade::id::{OrderId, UserId};
use trade::money::Money;

use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{hold, open_item, order, user};
use crate::db::words::OpenItemKind;
use crate::error::{Refusal, Result};
use crate::orders::decide;
use crate::orders::hold_words::{self, Payable, Reader};
use crate::web::form::FormState;
use crate::web::shape::Message;
use view::HoldView;

/// The holds of orders, the first opened first.
///
/// # Errors
/// Whatever the database says.
pub async fn of_orders(tx: &Tx, orders: &[OrderId]) -> Result<Vec<hold::Model>> {
    let mut found = Vec::new();
    for chunk in orders.chunks(500) {
        let ids = padded(chunk);
        found.extend(
            tx.all::<hold::Entity>(|holds| {
                holds
                    .filter(hold::Column::OrderId.is_in(ids))
                    .order_by_asc(hold::Column::OpenedAt)
                    .order_by_asc(hold::Column::Kind)
                    .order_by_asc(hold::Column::Level)
            })
            .await?,
        );
    }
    Ok(found)
}

/// The holds of an order as its page shows them to whoever asks.
///
/// # Errors
/// Whatever the database says.
pub async fn of_order(
    tx: &Tx,
    app: &App,
    order: &order::Model,
    is_staff: bool,
) -> Result<Vec<HoldView>> {
    let holds = of_orders(tx, &[order.id]).await?;
    let reader = Reader::of(order, is_staff);
    let named = named(tx, &holds).await?;
    let payable = match reader {
        Reader::Decider => None,
        Reader::Buyer { .. } => payable(tx, order, &holds).await?,
    };
    let levels = holds
        .iter()
        .filter(|hold| hold.kind == HoldKind::Approval)
        .count();
    let views = holds.iter().map(|hold| HoldView {
        level: (levels > 1 && hold.kind == HoldKind::Approval).then_some(hold.level.into()),
        next: hold_words::next(
            hold,
            name_of(hold, &named),
            payable.as_ref(),
            &app.brand.zone,
        ),
        ..view(tx, app, hold, reader, &named)
    });
    Ok(views.collect())
}

/// A hold without what its order's page adds.
fn view(
    tx: &Tx,
    app: &App,
    hold: &hold::Model,
    reader: Reader,
    named: &HashMap<UserId, String>,
) -> HoldView {
    let open = hold.state == HoldState::Open;
    HoldView {
        id: hold.id.to_string(),
        kind: hold_words::kind_word(hold.kind),
        level: (hold.level > 1).then_some(hold.level.into()),
        state: hold.state.name().to_owned(),
        releaser: hold.releaser.name().to_owned(),
        named: name_of(hold, named).map(str::to_owned),
        why: hold_words::why(hold, reader, &app.brand.zone),
        next: Vec::new(),
        opened_at: hold.opened_at,
        due_at: hold.due_at,
        decided_at: hold.decided_at,
        decided_by: hold.decided_by.clone().filter(|name| !name.is_empty()),
        reason: told_reason(hold, reader),
        may_decide: open && decide::may_decide(tx.scope(), hold),
        form: FormState::new(),
    }
}

/// Why it was rejected is for the buyer to read; why the brand's people let an order pass is
/// theirs.
#[must_use]
pub fn told_reason(hold: &hold::Model, reader: Reader) -> Option<String> {
    let theirs = hold.state == HoldState::Released && hold.releaser != Releaser::Approver;
    hold.reason
        .clone()
        .filter(|reason| !reason.is_empty() && (reader == Reader::Decider || !theirs))
}

fn name_of<'a>(hold: &hold::Model, named: &'a HashMap<UserId, String>) -> Option<&'a str> {
    named.get(&hold.approver_id?).map(String::as_str)
}

/// The names of those who alone may decide one of the holds.
///
/// # Errors
/// Whatever the database says.
pub async fn named(tx: &Tx, holds: &[hold::Model]) -> Result<HashMap<UserId, String>> {
    let mut ids: Vec<UserId> = holds.iter().filter_map(|hold| hold.approver_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = padded(&ids);
    let users = tx
        .all::<user::Entity>(|users| users.filter(user::Column::Id.is_in(ids)))
        .await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

/// The invoice that is due first, where paying it helps and the account pays itself.
///
/// # Errors
/// Whatever the database says.
pub async fn payable(
    tx: &Tx,
    order: &order::Model,
    holds: &[hold::Model],
) -> Result<Option<Payable>> {
    use open_item::Column as I;
    let helps = holds.iter().any(|hold| {
        hold.state == HoldState::Open && matches!(hold.kind, HoldKind::Credit | HoldKind::Overdue)
    });
    let pays = order.bill_to_id.is_none_or(|id| id == order.account_id);
    if !helps || !pays {
        return Ok(None);
    }
    let invoice = tx
        .one::<open_item::Entity>(|items| {
            items
                .filter(I::AccountId.eq(order.account_id))
                .filter(I::Kind.eq(OpenItemKind::Invoice))
                .filter(I::OpenMinor.gt(0))
                .order_by_asc(I::DueOn)
                .order_by_asc(I::Number)
                .limit(1)
        })
        .await?;
    Ok(invoice.map(|invoice| Payable {
        number: invoice.number,
        open: Money::new(invoice.open_minor, invoice.currency),
    }))
}

/// It has been decided, or is not to be decided yet: by whom, and how.
#[must_use]
pub fn not_open(app: &App, hold: &hold::Model, number: &str) -> Refusal {
    let happened = match hold.state {
        HoldState::Released => Message::new("hold-late-released"),
        HoldState::Rejected => Message::new("hold-late-rejected"),
        HoldState::Expired => Message::new("hold-late-expired"),
        HoldState::Withdrawn => Message::new("hold-late-withdrawn"),
        HoldState::Waiting | HoldState::Open => Message::new("hold-late-waiting"),
    };
    let decided_at = hold.decided_at.unwrap_or(hold.opened_at);
    let name = hold.decided_by.clone().unwrap_or_default();
    Refusal::new(
        "hold-decided",
        happened
            .with("number", number)
            .with("name", name)
            .with("date", hold_words::day(decided_at, &app.brand.zone)),
    )
    .go_on(
        Message::new("hold-late-next").with("number", number),
        format!("/orders/{number}"),
    )
    .with_detail(serde_json::json!({"state": hold.state, "decided_by": hold.decided_by}))
}
