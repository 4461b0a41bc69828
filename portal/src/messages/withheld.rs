//! What is asked once more right before a mail leaves: hours may have passed since it was written.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::UserId;
use uuid::Uuid;

use super::choices;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{mail, mail_suppression, user};
use crate::db::words::{MailChoice, Topic, UserStatus};
use crate::error::Result;

/// Why a mail does not leave although it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// Its reader may not sign in any more.
    Disabled,
    /// Its reader wants no more mails on its topic.
    Unsubscribed,
    /// Mail to the address came back, or its reader called one unwanted.
    Suppressed,
}

impl Withheld {
    /// The word that is kept with the mail.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Withheld::Disabled => "disabled",
            Withheld::Unsubscribed => "unsubscribed",
            Withheld::Suppressed => "suppressed",
        }
    }
}

/// Why the mail is not to leave; none where it is.
///
/// # Errors
/// Whatever the database says.
pub async fn why(tx: &Tx, mail: &mail::Model) -> Result<Option<Withheld>> {
    let found = of_all(tx, std::slice::from_ref(mail)).await?;
    Ok(found.get(&mail.id).copied())
}

/// Those mails that are not to leave, and why: in a few queries, however many mails they are.
///
/// # Errors
/// Whatever the database says.
pub async fn of_all(tx: &Tx, mails: &[mail::Model]) -> Result<HashMap<Uuid, Withheld>> {
    let suppressed = suppressed(tx, mails).await?;
    let people = people(tx, mails).await?;
    let mut topics: BTreeMap<&str, (Topic, Vec<UserId>)> = BTreeMap::new();
    for mail in mails {
        if let (Some(topic), Some(person)) = (mail.topic, mail.user_id) {
            let (_, of_topic) = topics.entry(topic.name()).or_insert((topic, Vec::new()));
            of_topic.push(person);
        }
    }
    let mut unsubscribed = HashSet::new();
    for (topic, of_topic) in topics.into_values() {
        let chosen = choices::of_all(tx, &of_topic, topic).await?;
        let by_custom = choices::custom(topic);
        let off =
            |person: &UserId| chosen.get(person).unwrap_or(&by_custom).mail == MailChoice::Off;
        unsubscribed.extend(
            of_topic
                .iter()
                .filter(|p| off(p))
                .map(|p| (topic.name(), *p)),
        );
    }
    let why = |mail: &mail::Model| {
        if suppressed.contains(&mail.to_email.to_lowercase()) {
            return Some(Withheld::Suppressed);
        }
        let person = mail.user_id?;
        if people.get(&person) == Some(&UserStatus::Disabled) {
            return Some(Withheld::Disabled);
        }
        let wanted = !unsubscribed.contains(&(mail.topic?.name(), person));
        (!wanted).then_some(Withheld::Unsubscribed)
    };
    Ok(mails
        .iter()
        .filter_map(|mail| Some((mail.id, why(mail)?)))
        .collect())
}

async fn suppressed(tx: &Tx, mails: &[mail::Model]) -> Result<HashSet<String>> {
    let mut addresses: Vec<String> = mails.iter().map(|m| m.to_email.to_lowercase()).collect();
    // As many as any other batch has: the statement is prepared once.
    if let Some(last) = addresses.last().cloned() {
        addresses.resize(addresses.len().next_power_of_two(), last);
    }
    let rows = tx
        .all::<mail_suppression::Entity>(|all| {
            all.filter(mail_suppression::Column::Email.is_in(addresses))
        })
        .await?;
    Ok(rows.into_iter().map(|row| row.email).collect())
}

async fn people(tx: &Tx, mails: &[mail::Model]) -> Result<HashMap<UserId, UserStatus>> {
    let ids: Vec<UserId> = mails.iter().filter_map(|mail| mail.user_id).collect();
    let rows = tx
        .all::<user::Entity>(|all| all.filter(user::Column::Id.is_in(padded(&ids))))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.status)).collect())
}
