//! What waits for a decision in an account and what was decided, and one order with its steps.

use std::collections::HashMap;

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::hold::{Facts, HoldKind, HoldState};
use trade::id::{HoldId, OrderId, UserId};
use trade::money::{Currency, Money};

use super::deciders;
use super::view::{ApprovalPage, ApprovalRow, ApprovalsPage, StepView};
use crate::app::App;
use crate::auth::Buyer;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{hold, user};
use crate::error::{Refusal, Result};
use crate::orders::{hold_words, show};
use crate::web::form::FormState;
use crate::web::shape::{Message, Paging, Query};

/// Approvals on a page of the list.
const PAGE: u64 = 20;

/// Whether the caller decides about orders of the account: one of its own people with the role.
#[must_use]
pub fn decides(who: &Buyer) -> bool {
    deciders::decides(who.session.role)
}

/// Whether the caller may decide a hold now; or why not, in words. The decision itself checks
/// this once more.
fn may_decide(who: &Buyer, hold: &hold::Model, approver: Option<&str>) -> Result<(), Message> {
    let own = who.session.user_id;
    if who.is_staff() {
        return Err(Message::new("approval-not-staff"));
    }
    if !decides(who) {
        return Err(Message::new("approval-not-role"));
    }
    if hold.requested_by_id == Some(own) {
        return Err(Message::new("approval-not-own"));
    }
    if hold.approver_id.is_some_and(|named| named != own) {
        let name = approver.unwrap_or_default();
        return Err(Message::new("approval-not-named").with("name", name));
    }
    Ok(())
}

/// The page of approvals that `query` asks for (`tab`, `page`): those of the whole company for its
/// approvers and admins, a buyer's own otherwise.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, who: &Buyer, mut query: Query) -> Result<ApprovalsPage> {
    let decided = query.get("tab").is_some_and(|tab| tab == "decided");
    let sees_all = who.is_staff() || decides(who);
    let states: &[HoldState] = if decided {
        &[
            HoldState::Released,
            HoldState::Rejected,
            HoldState::Expired,
            HoldState::Withdrawn,
        ]
    } else {
        &[HoldState::Open]
    };
    let own = who.session.user_id;
    let of_page = |holds: sea_orm::Select<hold::Entity>| {
        let holds = holds
            .filter(hold::Column::AccountId.eq(who.account.id))
            .filter(hold::Column::Kind.eq(HoldKind::Approval))
            .filter(hold::Column::State.is_in(states.iter().map(|state| state.name())));
        if sees_all {
            holds
        } else {
            holds.filter(hold::Column::RequestedById.eq(own))
        }
    };
    let total = tx.count::<hold::Entity>(of_page).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let holds = tx
        .all::<hold::Entity>(|holds| {
            use sea_orm::QuerySelect as _;
            let holds = of_page(holds).offset(offset).limit(PAGE);
            if decided {
                holds.order_by_desc(hold::Column::DecidedAt)
            } else {
                holds.order_by_asc(hold::Column::DueAt)
            }
            .order_by_desc(hold::Column::Id)
        })
        .await?;
    let orders = orders(tx, who, &holds).await?;
    let names = names(tx, &holds).await?;
    let rows = holds
        .iter()
        .filter_map(|hold| Some(row(who, hold, orders.get(&hold.order_id)?, &names)))
        .collect();
    query.remove("tab");
    if decided {
        query.insert("tab".into(), "decided".into());
    }
    Ok(ApprovalsPage {
        query,
        decided,
        rows,
        paging,
        decides: sees_all,
    })
}

/// What a row says of its order.
struct Head {
    number: String,
    placed_by: String,
    on_behalf_of: Option<String>,
    placed_at: i64,
    net: Money,
    lines: i64,
    steps: i64,
}

/// The orders of some holds, each with how many steps its approval has.
async fn orders(tx: &Tx, who: &Buyer, holds: &[hold::Model]) -> Result<HashMap<OrderId, Head>> {
    let mut ids: Vec<OrderId> = holds.iter().map(|hold| hold.order_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = padded(&ids);
    let sql = format!(
        "SELECT o.id, o.number, o.placed_by, o.on_behalf_of, o.placed_at, o.net_minor, \
         o.currency, o.line_count, (SELECT count(*) FROM holds h WHERE h.order_id = o.id \
         AND h.kind = 'approval') AS steps FROM orders o \
         WHERE o.account_id = $1 AND o.id IN ({})",
        crate::db::placeholders(2, ids.len())
    );
    let binds = std::iter::once(Value::from(who.account.id));
    let binds = binds.chain(ids.into_iter().map(Value::from));
    let mut found = HashMap::new();
    for row in tx.rows(&sql, binds).await? {
        let currency: Currency = row.try_get("", "currency")?;
        let head = Head {
            number: row.try_get("", "number")?,
            placed_by: row.try_get("", "placed_by")?,
            on_behalf_of: row.try_get("", "on_behalf_of")?,
            placed_at: row.try_get("", "placed_at")?,
            net: Money::new(row.try_get("", "net_minor")?, currency),
            lines: row.try_get::<i32>("", "line_count")?.into(),
            steps: row.try_get("", "steps")?,
        };
        found.insert(row.try_get("", "id")?, head);
    }
    Ok(found)
}

/// The names of the people whom holds name.
async fn names(tx: &Tx, holds: &[hold::Model]) -> Result<HashMap<UserId, String>> {
    let mut ids: Vec<UserId> = holds.iter().filter_map(|hold| hold.approver_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = tx
        .all::<user::Entity>(|users| users.filter(user::Column::Id.is_in(padded(&ids))))
        .await?;
    Ok(people
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect())
}

fn name_of(names: &HashMap<UserId, String>, hold: &hold::Model) -> Option<String> {
    hold.approver_id.and_then(|id| names.get(&id)).cloned()
}

/// The reasons a hold was opened for, in words.
fn reasons(hold: &hold::Model) -> Vec<Message> {
    match serde_json::from_value(hold.facts.clone()) {
        Ok(Facts::Approval { reasons }) => reasons.into_iter().map(hold_words::approval).collect(),
        _ => Vec::new(),
    }
}

fn row(
    who: &Buyer,
    hold: &hold::Model,
    order: &Head,
    names: &HashMap<UserId, String>,
) -> ApprovalRow {
    let approver = name_of(names, hold);
    ApprovalRow {
        number: order.number.clone(),
        placed_by: order.placed_by.clone(),
        on_behalf_of: order.on_behalf_of.clone(),
        placed_at: order.placed_at,
        net: order.net,
        lines: order.lines,
        reasons: reasons(hold),
        step: hold.level.into(),
        steps: order.steps,
        due: hold.due_at,
        state: hold.state.name().to_owned(),
        decided_by: hold.decided_by.clone(),
        decided_at: hold.decided_at,
        word: hold.reason.clone().filter(|word| !word.is_empty()),
        can_decide: hold.state == HoldState::Open
            && may_decide(who, hold, approver.as_deref()).is_ok(),
        is_own: hold.requested_by_id == Some(who.session.user_id),
        approver,
    }
}

/// The page of an order's approval; none where none was ever asked for.
///
/// # Errors
/// `NotFound` for an order out of reach; whatever the database says.
pub async fn one(
    tx: &Tx,
    app: &App,
    who: &Buyer,
    number: &str,
    form: FormState,
) -> Result<Option<ApprovalPage>> {
    let order = crate::orders::find(tx, number).await?;
    let holds = tx
        .all::<hold::Entity>(|holds| {
            holds
                .filter(hold::Column::OrderId.eq(order.id))
                .filter(hold::Column::Kind.eq(HoldKind::Approval))
                .order_by_asc(hold::Column::Level)
        })
        .await?;
    if holds.is_empty() {
        return Ok(None);
    }
    let names = names(tx, &holds).await?;
    let open = holds.iter().find(|hold| hold.state == HoldState::Open);
    let may = open.map(|hold| may_decide(who, hold, name_of(&names, hold).as_deref()));
    let budget = match order.placed_by_id {
        Some(person) if who.is_staff() || decides(who) || person == who.session.user_id => {
            let account = order.account_id;
            let name = &order.placed_by;
            super::settings::budget_of(tx, app, account, order.currency, person, name).await?
        }
        _ => None,
    };
    let steps = holds.iter().map(|hold| StepView {
        step: hold.level.into(),
        state: hold.state.name().to_owned(),
        reasons: reasons(hold),
        approver: name_of(&names, hold),
        due: hold.due_at,
        decided_by: hold.decided_by.clone(),
        decided_at: hold.decided_at,
        word: hold.reason.clone().filter(|word| !word.is_empty()),
    });
    Ok(Some(ApprovalPage {
        steps: steps.collect(),
        hold: open.map(|hold| hold.id.to_string()),
        can_decide: matches!(may, Some(Ok(()))),
        why_not: may.and_then(Result::err),
        budget,
        form,
        page: show::page(tx, app, number, who.is_staff()).await?,
    }))
}

/// The approval of that order with that id, which a form names.
///
/// # Errors
/// `NotFound` for an order out of reach; `Refused` where the form is not about its approval.
pub async fn named(tx: &Tx, number: &str, id: &str) -> Result<HoldId> {
    let order = crate::orders::find(tx, number).await?;
    let hold = match id.parse::<HoldId>() {
        Ok(id) => {
            tx.one::<hold::Entity>(|holds| {
                holds
                    .filter(hold::Column::Id.eq(id))
                    .filter(hold::Column::OrderId.eq(order.id))
                    .filter(hold::Column::Kind.eq(HoldKind::Approval))
            })
            .await?
        }
        Err(_) => None,
    };
    let Some(hold) = hold else {
        let happened = Message::new("approval-moved-on").with("number", number);
        let next = Message::new("approval-moved-on-next");
        return Err(Refusal::new("approval-moved-on", happened)
            .go_on(next, format!("/approvals/{number}"))
            .into());
    };
    Ok(hold.id)
}
