//! Messages: telling people what happened, in Kontor, by mail and on their devices, each in the way
//! they chose and once.
//!
//! [`tell`] is the one door for whatever has a topic. What must reach its reader whatever they chose
//! (a link to sign in) goes to the outbox directly, without a topic.

pub mod bounces;
pub mod brand;
pub mod choices;
pub mod digest;
pub mod digest_view;
pub mod frame;
pub mod headers;
pub mod kinds;
pub mod links;
pub mod morning;
mod morning_news;
pub mod mornings;
pub mod once;
pub mod own;
pub mod push;
pub mod reorder;
pub mod reorder_view;
pub mod rhythm;
pub mod running_out;
pub mod sections;
pub mod settings;
pub mod signed;
pub mod suppression;
pub mod vapid;
pub mod withheld;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::AccountId;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{notification, user};
use crate::db::words::{MailChoice, Topic, UserStatus};
use crate::error::Result;
use crate::jobs::outbox::{self, Letter};
use crate::web::page::View;
use crate::web::shape::Message;

/// What a person is told.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// What it is about: what the reader chose a way for.
    pub topic: Topic,
    /// What happened, once: with the reader it is the message's key.
    pub event: &'a str,
    /// The word for the mail in the outbox, such as `order-confirmation`.
    pub kind: &'a str,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// In one sentence, as the list of notifications shows it.
    pub said: Message,
    /// Where it leads: a path of this Kontor.
    pub link: String,
    /// Messages with the same word reach the reader in the order they were written.
    pub follows: Option<&'a str>,
}

/// Tells a person in the ways they chose; who may not sign in is told nothing. The same event tells
/// nobody twice.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn tell<V: View>(
    app: &App,
    tx: &Tx,
    notice: &Notice<'_>,
    to: &user::Model,
    mail: &V,
) -> Result<()> {
    if to.status != UserStatus::Active {
        return Ok(());
    }
    let choice = choices::of(tx, to, notice.topic).await?;
    let daily = choice.mail == MailChoice::Daily;
    note(app, tx, notice, to, choice.in_app, choice.push, daily).await?;
    if choice.mail == MailChoice::AtOnce {
        let letter = Letter {
            event: notice.event,
            kind: notice.kind,
            account: notice.account,
            topic: Some(notice.topic),
            follows: notice.follows,
        };
        outbox::post(app, tx, letter, to, mail).await?;
    }
    Ok(())
}

/// Notes what a person is told in Kontor or by their daily mail.
///
/// # Errors
/// Whatever the database says.
pub(crate) async fn note(
    app: &App,
    tx: &Tx,
    notice: &Notice<'_>,
    to: &user::Model,
    in_app: bool,
    push: bool,
    daily: bool,
) -> Result<()> {
    if !in_app && !push && !daily {
        return Ok(());
    }
    let now = app.clock.millis();
    let id = Uuid::now_v7();
    let row = notification::ActiveModel {
        id: Set(id),
        user_id: Set(to.id),
        account_id: Set(notice.account),
        topic: Set(notice.topic),
        event: Set(notice.event.to_owned()),
        said: Set(serde_json::to_value(&notice.said)?),
        link: Set(notice.link.clone()),
        created_at: Set(now),
        in_app: Set(in_app),
        read_at: Set(None),
        digest: Set(daily.then(|| "waiting".to_owned())),
    };
    let once = OnConflict::columns([notification::Column::Event, notification::Column::UserId])
        .do_nothing()
        .to_owned();
    tx.put_all([row], &once).await?;
    let new = tx
        .count::<notification::Entity>(|all| all.filter(notification::Column::Id.eq(id)))
        .await?;
    if push && new == 1 {
        push::leave(tx, now, id, to.id).await?;
    }
    Ok(())
}
