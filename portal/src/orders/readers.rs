//! Who is told of an order, and the way it is told: what concerns one order reaches each of its
//! readers in the order in which it happened.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, order, user};
use crate::db::words::{OrderSource, Role, Topic, UserStatus};
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::web::page::View;
use crate::web::shape::Message;

/// The most people of a company that are told of an order none of them placed.
const TOLD: usize = 20;

/// What is told of an order.
pub(super) struct Told<'a> {
    pub topic: Topic,
    /// What happened, once.
    pub event: &'a str,
    /// The word for its mail.
    pub kind: &'a str,
    pub said: Message,
    /// Where it leads, where that is not the order's page.
    pub link: Option<String>,
}

/// Tells a person of an order.
pub(super) async fn tell<V: View>(
    app: &App,
    tx: &Tx,
    order: &order::Model,
    told: Told<'_>,
    (to, mail): (&user::Model, &V),
) -> Result<()> {
    let follows = format!("order/{}", order.number);
    let link = told.link.unwrap_or_else(|| path(order));
    let notice = Notice {
        topic: told.topic,
        event: told.event,
        kind: told.kind,
        account: Some(order.account_id),
        said: told.said,
        link,
        follows: Some(&follows),
    };
    messages::tell(app, tx, &notice, to, mail).await
}

/// The order's page.
pub(super) fn path(order: &order::Model) -> String {
    format!("/orders/{}", order.number)
}

/// The order's page as a mail links to it.
pub(super) fn link(app: &App, order: &order::Model) -> String {
    format!("{}{}", app.base_url, path(order))
}

/// Whether somebody of the retailer placed it; else its people have to be told who did.
pub(super) fn placed_by_its_own(order: &order::Model) -> bool {
    match order.source {
        OrderSource::Portal => true,
        OrderSource::OnBehalf | OrderSource::Api | OrderSource::Import => false,
    }
}

/// Who of the retailer is told: whoever placed it. Where the brand's staff or a program did, all who
/// order there, so that none of them orders the same again; where the person may no longer sign in,
/// and for history from a file, whoever looks after the company's account the longest.
pub(super) async fn of_retailer(tx: &Tx, order: &order::Model) -> Result<Vec<user::Model>> {
    if let Some(id) = order.placed_by_id.filter(|_| placed_by_its_own(order)) {
        let user = tx.get::<user::Entity>(id).await?;
        let theirs = user.account_id == Some(order.account_id);
        if theirs && user.status == UserStatus::Active {
            return Ok(vec![user]);
        }
    }
    let mut people = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::AccountId.eq(order.account_id))
                .filter(user::Column::Status.eq(UserStatus::Active))
                .filter(user::Column::Role.is_in([Role::AccountAdmin, Role::Buyer]))
                .order_by_asc(user::Column::CreatedAt)
                .order_by_asc(user::Column::Id)
        })
        .await?;
    // Keeps the order of equals: the longest-standing admins, then buyers.
    people.sort_by_key(|user| user.role != Role::AccountAdmin);
    people.truncate(match order.source {
        OrderSource::OnBehalf | OrderSource::Api => TOLD,
        OrderSource::Portal | OrderSource::Import => 1,
    });
    Ok(people)
}

/// The account's KAM, where it has one.
pub(super) async fn kam(tx: &Tx, account: &account::Model) -> Result<Option<user::Model>> {
    match account.kam_id {
        Some(id) => Ok(Some(tx.get::<user::Entity>(id).await?)),
        None => Ok(None),
    }
}
