//! Webhooks: what happened, told to other programs after the Standard Webhooks specification.
//!
//! [`note`] writes an event in the transaction in which it happened, and with it a delivery to
//! every endpoint that wants to know: what did not happen is told nobody, what did is told even if
//! Kontor is killed a moment later. An order's events reach an endpoint one after the other, for
//! each waits for the one before.
//!
//! An event says what happened to what, and where more is to be read. It is written once and told
//! alike to everybody: to every endpoint, at each try, and to those who ask for it
//! (`GET /api/v1/events`). So it holds only what the account itself may know.

mod deliver;
pub mod endpoints;
pub mod feed;
pub mod kinds;
pub mod log;
pub mod orders;
pub mod pages;
pub mod payload;
pub mod secret;
pub mod view;
pub mod web;

use std::collections::BTreeSet;

use sea_orm::sea_query::IntoCondition as _;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, Set};
use serde_json::Value;
use trade::id::{AccountId, WebhookId};
use uuid::Uuid;

use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{event, webhook_delivery, webhook_endpoint};
use crate::error::Result;
use crate::jobs::{Job, Leave};
pub use deliver::{deliver, try_once};

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Such as `order.confirmed`; one of [`kinds::Kind`].
    pub kind: &'static str,
    /// Whose it is; none for the brand's own.
    pub account: Option<AccountId>,
    /// What it happened to, such as `order/100123`: events of one subject are told in their order.
    pub subject: String,
    /// What programs are told of it.
    pub data: Value,
}

/// Notes what happened, in the transaction in which it did, and leaves its deliveries.
///
/// # Errors
/// Whatever the database says.
pub async fn note(tx: &Tx, now: i64, happened: Happened) -> Result<Uuid> {
    let id = Uuid::now_v7();
    note_all(tx, now, vec![(id, happened)]).await?;
    Ok(id)
}

/// As [`note`], for several, each with the id it is to bear, in the order in which they happened.
///
/// # Errors
/// Whatever the database says.
pub async fn note_all(tx: &Tx, now: i64, happened: Vec<(Uuid, Happened)>) -> Result<()> {
    if happened.is_empty() {
        return Ok(());
    }
    let accounts: Vec<Option<AccountId>> = happened.iter().map(|(_, what)| what.account).collect();
    let endpoints = open_endpoints(tx, &accounts).await?;
    let mut deliveries = Vec::new();
    for (id, what) in &happened {
        for endpoint in endpoints.iter().filter(|one| wants(one, what)) {
            deliveries.push(delivery(now, endpoint.id, *id, 0, &what.subject));
        }
    }
    tx.insert_all(happened.into_iter().map(|(id, what)| row(now, id, what)))
        .await?;
    leave(tx, now, deliveries).await
}

fn row(now: i64, id: Uuid, what: Happened) -> event::ActiveModel {
    event::ActiveModel {
        id: Set(id),
        at: Set(now),
        kind: Set(what.kind.to_owned()),
        account_id: Set(what.account),
        subject: Set(what.subject),
        data: Set(what.data),
        position: Set(None),
    }
}

/// The endpoints that are on and hear of these accounts. Whoever causes an event need not be able
/// to see who is told of it.
async fn open_endpoints(
    tx: &Tx,
    accounts: &[Option<AccountId>],
) -> Result<Vec<webhook_endpoint::Model>> {
    use webhook_endpoint::Column as E;
    let named: BTreeSet<AccountId> = accounts.iter().copied().flatten().collect();
    let named: Vec<AccountId> = named.into_iter().collect();
    let mut whose = E::AccountId.is_null().into_condition();
    if !named.is_empty() {
        whose = Condition::any()
            .add(whose)
            .add(E::AccountId.is_in(padded(&named)));
    }
    tx.all_as_system::<webhook_endpoint::Entity>(|all| {
        all.filter(E::DisabledAt.is_null())
            .filter(whose)
            .order_by_asc(E::Id)
    })
    .await
}

/// Whether an endpoint is told of an event.
fn wants(endpoint: &webhook_endpoint::Model, what: &Happened) -> bool {
    let theirs = endpoint.account_id.is_none() || endpoint.account_id == what.account;
    let any = endpoint.kinds.trim().is_empty();
    theirs
        && (any
            || endpoint
                .kinds
                .split_whitespace()
                .any(|kind| kind == what.kind))
}

/// A delivery, and the job that makes it, which bears its id.
type Delivery = (webhook_delivery::ActiveModel, Leave);

fn delivery(now: i64, endpoint: WebhookId, event: Uuid, replay: i32, subject: &str) -> Delivery {
    let id = Uuid::now_v7();
    let row = webhook_delivery::ActiveModel {
        id: Set(id),
        endpoint_id: Set(endpoint),
        event_id: Set(event),
        replay: Set(replay),
        state: Set("waiting".to_owned()),
        created_at: Set(now),
        delivered_at: Set(None),
    };
    let job = Job::DeliverWebhook {
        delivery: id,
        subject: subject.to_owned(),
        endpoint,
    };
    let leave = Leave::now(now, job).after(format!("webhook/{endpoint}/{subject}"));
    (row, leave)
}

async fn leave(tx: &Tx, now: i64, deliveries: Vec<Delivery>) -> Result<()> {
    let (rows, work): (Vec<_>, Vec<_>) = deliveries.into_iter().unzip();
    tx.insert_all(rows).await?;
    tx.leave_all(now, work).await
}
