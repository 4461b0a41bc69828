//! Links of mails that work without signing in: choosing what one is mailed, ending a topic with one
//! press, and counting that a mail was opened.
//!
//! The word in a link is all it takes, and all it opens: mail on topics, of the one person it names.
//! Looking at a link changes nothing, because mail servers follow links before people do; posting to
//! it does, as often as anybody likes, with the same end.

pub mod view;
pub mod web;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::UserId;
use uuid::Uuid;

use super::choices::{self, Choice};
use super::settings;
use super::signed::{self, Purpose};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{campaign_message, notification_choice, user};
use crate::db::words::{MailChoice, Topic};
use crate::error::Result;
use crate::web::Fields;
use crate::web::form::FormState;

/// Where a person chooses what they are mailed.
#[must_use]
pub fn choices(secret: &str, person: UserId) -> String {
    format!("/mail/choices/{}", of_person(secret, person))
}

/// Where a person ends mails on a topic.
#[must_use]
pub fn unsubscribe(secret: &str, topic: Topic, person: UserId) -> String {
    format!("/mail/unsubscribe/{topic}/{}", of_person(secret, person))
}

/// The promotion's prepared order, as a campaign's message leads there.
#[must_use]
pub fn order(secret: &str, promotion: &str, message: Uuid) -> String {
    let code: String = form_urlencoded::byte_serialize(promotion.as_bytes()).collect();
    let code = code.replace('+', "%20");
    let word = signed::word(secret, Purpose::Campaign, message);
    format!("/promotions/{code}/order?m={word}")
}

/// The picture of one point that a campaign's message shows where the brand counts opening.
#[must_use]
pub fn opened(secret: &str, message: Uuid) -> String {
    let word = signed::word(secret, Purpose::Campaign, message);
    format!("/mail/open/{word}.gif")
}

fn of_person(secret: &str, person: UserId) -> String {
    signed::word(secret, Purpose::Choices, person.0)
}

/// The text with the words of its links struck out: whoever reads the copy that is kept cannot
/// choose for its reader.
#[must_use]
pub fn without_words(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let paths = ["/mail/choices/", "/mail/unsubscribe/", "/mail/open/"].iter();
        let found = paths.filter_map(|path| Some(rest.find(path)? + path.len()));
        let Some((before, after)) = found.min().and_then(|at| rest.split_at_checked(at)) else {
            kept.push_str(rest);
            return kept;
        };
        kept.push_str(before);
        kept.push('…');
        rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_/".contains(c));
    }
}

/// The person a word names; none where Kontor did not write it, or they are no more.
///
/// # Errors
/// Whatever the database says.
pub async fn person(app: &App, tx: &Tx, word: &str) -> Result<Option<user::Model>> {
    let Some(id) = named(app, word) else {
        return Ok(None);
    };
    tx.one::<user::Entity>(|people| people.filter(user::Column::Id.eq(id)))
        .await
}

/// The person's id in a word.
#[must_use]
pub fn named(app: &App, word: &str) -> Option<UserId> {
    signed::read(&app.config.secret, Purpose::Choices, word).map(UserId)
}

/// Ends mails on a topic; what is told in other ways stays as it was chosen.
///
/// # Errors
/// Whatever the database says.
pub async fn end(app: &App, tx: &Tx, person: UserId, topic: Topic) -> Result<()> {
    set(app, tx, person, &[(topic, MailChoice::Off)]).await
}

/// Reads the choices of mail for each topic of the person from a form.
///
/// # Errors
/// The form as typed, with its faults.
pub fn read(
    person: &user::Model,
    fields: &Fields,
) -> std::result::Result<Vec<(Topic, MailChoice)>, FormState> {
    let mut form = fields.form();
    let mut chosen = Vec::new();
    for topic in choices::topics(person.role) {
        let name = format!("mail-{topic}");
        match fields.text(&name).parse() {
            Ok(choice) => chosen.push((*topic, choice)),
            Err(_) => form.refuse_key(&name, "error-choice"),
        }
    }
    if form.is_valid() {
        Ok(chosen)
    } else {
        Err(form)
    }
}

/// Keeps what a person chose; where they left a topic as it was, nothing is kept of it.
///
/// # Errors
/// Whatever the database says.
pub async fn save(app: &App, person: UserId, chosen: &[(Topic, MailChoice)]) -> Result<()> {
    let tx = app.db.begin_system("mail choices").await?;
    let kept = choices::of_person(&tx, person).await?;
    let changed = chosen.iter().copied().filter(|(topic, mail)| {
        let kept = kept.get(topic).copied();
        kept.unwrap_or_else(|| choices::custom(*topic)).mail != *mail
    });
    let changed: Vec<(Topic, MailChoice)> = changed.collect();
    set(app, &tx, person, &changed).await?;
    tx.commit().await
}

async fn set(app: &App, tx: &Tx, person: UserId, chosen: &[(Topic, MailChoice)]) -> Result<()> {
    if chosen.is_empty() {
        return Ok(());
    }
    let now = app.clock.millis();
    let rows = chosen.iter().map(|(topic, mail)| {
        let Choice { in_app, push, .. } = choices::custom(*topic);
        notification_choice::ActiveModel {
            user_id: Set(person),
            topic: Set(*topic),
            mail: Set(*mail),
            in_app: Set(in_app),
            push: Set(push),
            changed_at: Set(now),
        }
    });
    // Of what was chosen before, only the mail changes.
    let known = OnConflict::columns([
        notification_choice::Column::UserId,
        notification_choice::Column::Topic,
    ])
    .update_columns([
        notification_choice::Column::Mail,
        notification_choice::Column::ChangedAt,
    ])
    .to_owned();
    tx.put_all(rows, &known).await
}

/// Notes that a campaign's message was opened, where the brand counts that.
///
/// # Errors
/// Whatever the database says.
pub async fn note_opened(app: &App, word: &str) -> Result<()> {
    use campaign_message::Column as C;
    let Some(id) = signed::read(&app.config.secret, Purpose::Campaign, word) else {
        return Ok(());
    };
    let tx = app.db.read_system("mail opened").await?;
    let counts = settings::load(&tx).await?.counts_opens;
    let new = tx
        .count::<campaign_message::Entity>(|all| {
            all.filter(C::Id.eq(id)).filter(C::OpenedAt.is_null())
        })
        .await?;
    drop(tx);
    if !counts || new == 0 {
        return Ok(());
    }
    let tx = app.db.begin_system("mail opened").await?;
    tx.change::<campaign_message::Entity>(|update| {
        update
            .filter(C::Id.eq(id))
            .filter(C::OpenedAt.is_null())
            .col_expr(C::OpenedAt, Expr::value(app.clock.millis()))
    })
    .await?;
    tx.commit().await
}

/// An address that its owner recognises and nobody else learns: `i…@laden.example`.
#[must_use]
pub fn masked(address: &str) -> String {
    let (local, host) = address.split_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_recognised_by_its_owner_only() {
        assert_eq!(masked("ines@laden.example"), "i…@laden.example");
        assert_eq!(masked("ö@laden.example"), "ö…@laden.example");
        assert_eq!(masked("broken"), "b…@");
    }

    #[test]
    fn the_copy_that_is_kept_chooses_for_nobody() {
        assert_eq!(
            without_words(
                "No more: https://k.example/mail/unsubscribe/promotions/aB-9_x\n\
                 <a href=\"https://k.example/mail/choices/Zz9\">Choose</a> \
                 <img src=\"https://k.example/mail/open/a-b.gif\">"
            ),
            "No more: https://k.example/mail/unsubscribe/…\n\
             <a href=\"https://k.example/mail/choices/…\">Choose</a> \
             <img src=\"https://k.example/mail/open/….gif\">"
        );
    }

    #[test]
    fn links_escape_what_a_promotion_is_called() {
        let id = Uuid::from_u128(7);
        let link = order("secret", "SPRING 10/2", id);
        let word = signed::word("secret", Purpose::Campaign, id);
        assert_eq!(link, format!("/promotions/SPRING%2010%2F2/order?m={word}"));
    }
}
