//! What is asked once more right before a mail leaves: hours may have passed since it was written.

use sea_orm::{ColumnTrait, QueryFilter};

use super::choices;
use crate::db::Tx;
use crate::db::entity::{mail, mail_suppression, user};
use crate::db::words::{MailChoice, UserStatus};
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
    let address = mail.to_email.to_lowercase();
    let dead = tx
        .count::<mail_suppression::Entity>(|all| {
            all.filter(mail_suppression::Column::Email.eq(address))
        })
        .await?;
    if dead > 0 {
        return Ok(Some(Withheld::Suppressed));
    }
    let Some(id) = mail.user_id else {
        return Ok(None);
    };
    let person = tx.get::<user::Entity>(id).await?;
    if person.status == UserStatus::Disabled {
        return Ok(Some(Withheld::Disabled));
    }
    let Some(topic) = mail.topic else {
        return Ok(None);
    };
    let choice = choices::of(tx, &person, topic).await?;
    Ok((choice.mail == MailChoice::Off).then_some(Withheld::Unsubscribed))
}
