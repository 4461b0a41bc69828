//! Use cases of people and their passwords: invitation and reset links, each good for one use.
//!
//! A link holds a random token, the database its digest. Setting a password spends every link of
//! the user and ends every session.

use actix_web::web;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use serde_json::json;
use trade::id::{AccountId, UserId};
use uuid::Uuid;

use super::password::{self, PasswordFault};
use super::{session, token};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{account, user, user_token};
use crate::db::words::{Role, UserStatus};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::web::locale::Lang;
use crate::web::page::Theme;
use crate::web::shape::Message;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first password of an invited person; good for a week.
    Invitation,
    /// A new password; good for an hour.
    Reset,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Invitation => "invitation",
            Kind::Reset => "reset",
        }
    }

    /// How long it is good.
    pub(super) fn lasts_millis(self) -> i64 {
        match self {
            Kind::Invitation => 7 * 24 * 3_600_000,
            Kind::Reset => 3_600_000,
        }
    }
}

/// Whether `email` has the form of an address; the mail itself is the proof.
#[must_use]
pub fn looks_like_email(email: &str) -> bool {
    let plain = email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = email.split_once('@');
    plain
        && parts.is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && !email.contains(['<', '>', '"', ',', ';', '\\', '(', ')'])
        })
}

/// The user with that address, whoever asks: for sign-in and reset only.
///
/// # Errors
/// Whatever the database says.
pub async fn find_user(app: &App, email: &str) -> Result<Option<user::Model>> {
    let tx = app.db.read_system("sign-in").await?;
    tx.one::<user::Entity>(|users| users.filter(user::Column::Email.eq(email)))
        .await
}

/// Notes when a user last signed in.
///
/// # Errors
/// Whatever the database says.
pub async fn note_sign_in(tx: &Tx, id: UserId, now: i64) -> Result<()> {
    tx.change::<user::Entity>(|update| {
        update
            .filter(user::Column::Id.eq(id))
            .col_expr(user::Column::LastSignInAt, now.into())
    })
    .await?;
    Ok(())
}

/// Asks for a reset link. The job finds out whether the address is known.
///
/// # Errors
/// Whatever the database says.
pub async fn ask_for_reset(app: &App, email: &str) -> Result<()> {
    let tx = app.db.begin_system("reset").await?;
    tx.enqueue(
        app.clock.millis(),
        &Job::PasswordReset {
            email: email.to_owned(),
        },
    )
    .await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(())
}

/// A new link for a user: the token to put into the mail.
///
/// # Errors
/// No randomness, or whatever the database says.
pub async fn issue(tx: &Tx, user: UserId, kind: Kind, now: i64) -> Result<String> {
    let token = token::random()?;
    tx.insert(user_token::ActiveModel {
        token_hash: Set(token::digest(&token)),
        user_id: Set(user),
        kind: Set(kind.name().to_owned()),
        created_at: Set(now),
        expires_at: Set(now + kind.lasts_millis()),
        used_at: Set(None),
    })
    .await?;
    Ok(token)
}

/// The user whom a link is for: none where it is unknown, spent, too old, or the user disabled.
///
/// # Errors
/// Whatever the database says.
pub async fn open(app: &App, kind: Kind, token: &str) -> Result<Option<user::Model>> {
    let tx = app.db.read_system("link").await?;
    open_in(&tx, kind, token, app.clock.millis()).await
}

async fn open_in(tx: &Tx, kind: Kind, token: &str, now: i64) -> Result<Option<user::Model>> {
    let link = tx
        .one::<user_token::Entity>(|links| {
            links
                .filter(user_token::Column::TokenHash.eq(token::digest(token)))
                .filter(user_token::Column::Kind.eq(kind.name()))
                .filter(user_token::Column::UsedAt.is_null())
                .filter(user_token::Column::ExpiresAt.gt(now))
        })
        .await?;
    let Some(link) = link else { return Ok(None) };
    let user = tx.get::<user::Entity>(link.user_id).await?;
    Ok((user.status != UserStatus::Disabled).then_some(user))
}

/// The retailer's name, or the brand's for its own people.
///
/// # Errors
/// Whatever the database says.
pub async fn company_of(app: &App, user: &user::Model) -> Result<String> {
    let Some(id) = user.account_id else {
        return Ok(app.brand.row.name.clone());
    };
    let tx = app.db.read_system("link").await?;
    Ok(tx.get::<account::Entity>(id).await?.name)
}

/// Hashes a password away from the server's own threads.
///
/// # Errors
/// No randomness.
pub async fn hash(password: String) -> Result<String> {
    let hashed = web::block(move || password::hash(&password)).await?;
    hashed.map_err(|error| Error::Internal(error.into()))
}

/// Sets the password through a link: spends every link of the user and ends every session. Says
/// whether the link was still good.
///
/// # Errors
/// Whatever the database says.
pub async fn set_password(
    app: &App,
    kind: Kind,
    token: &str,
    name: Option<&str>,
    hash: String,
) -> Result<bool> {
    let now = app.clock.millis();
    let tx = app.db.begin_system("link").await?;
    let Some(user) = open_in(&tx, kind, token, now).await? else {
        return Ok(false);
    };
    spend_all(&tx, user.id, now).await?;
    let mut row = user::ActiveModel {
        id: Set(user.id),
        password_hash: Set(Some(hash)),
        status: Set(UserStatus::Active),
        ..Default::default()
    };
    if let Some(name) = name {
        row.name = Set(name.to_owned());
    }
    tx.update(row).await?;
    session::end_others(&tx, user.id, None).await?;
    let subject = format!("user {}", user.email);
    audit::note(
        &tx,
        now,
        "password set",
        &subject,
        user.account_id,
        None,
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Spends every link of a user: whoever holds one has nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn spend_all(tx: &Tx, user: UserId, now: i64) -> Result<()> {
    tx.change::<user_token::Entity>(|update| {
        update
            .filter(user_token::Column::UserId.eq(user))
            .filter(user_token::Column::UsedAt.is_null())
            .col_expr(user_token::Column::UsedAt, now.into())
    })
    .await?;
    Ok(())
}

/// Invites a person: a user without a password, and a mail with a link.
///
/// # Errors
/// The address is taken; whatever the database says.
pub async fn invite(tx: &Tx, now: i64, new: &NewUser<'_>) -> Result<UserId> {
    let id = add(tx, now, new).await?;
    let by = tx.scope().actor.name.clone();
    tx.enqueue(now, &Job::Invitation { user: id, by }).await?;
    Ok(id)
}

/// Adds a person who has yet to choose a password, and leaves the link to the caller.
///
/// # Errors
/// As [`invite`].
pub async fn add(tx: &Tx, now: i64, new: &NewUser<'_>) -> Result<UserId> {
    let id = UserId(Uuid::now_v7());
    tx.insert(user::ActiveModel {
        id: Set(id),
        email: Set(new.email.to_owned()),
        name: Set(new.name.to_owned()),
        password_hash: Set(None),
        role: Set(new.role),
        account_id: Set(new.account),
        status: Set(UserStatus::Invited),
        locale: Set(new.lang.as_str().to_owned()),
        theme: Set("auto".into()),
        created_at: Set(now),
        last_sign_in_at: Set(None),
        may_override_prices: Set(false),
        time_zone: Set(None),
    })
    .await?;
    let subject = format!("user {}", new.email);
    let after = json!({"role": new.role, "name": new.name});
    audit::note(
        tx,
        now,
        "user invited",
        &subject,
        new.account,
        None,
        Some(after),
    )
    .await?;
    Ok(id)
}

/// A person to invite.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// Lower case.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they may do.
    pub role: Role,
    /// The retailer, for a retailer's people.
    pub account: Option<AccountId>,
    /// The language of the mail.
    pub lang: Lang,
}

/// Keeps a user's language and colours.
///
/// # Errors
/// Whatever the database says.
pub async fn set_preferences(
    app: &App,
    user: UserId,
    lang: Option<Lang>,
    theme: Option<Theme>,
) -> Result<()> {
    if lang.is_none() && theme.is_none() {
        return Ok(());
    }
    let tx = app.db.begin_system("preferences").await?;
    let mut row = user::ActiveModel {
        id: Set(user),
        ..Default::default()
    };
    if let Some(lang) = lang {
        row.locale = Set(lang.as_str().to_owned());
    }
    if let Some(theme) = theme {
        row.theme = Set(theme.as_str().to_owned());
    }
    tx.update(row).await?;
    tx.commit().await
}

/// What is wrong with a password, for people.
#[must_use]
pub fn password_message(fault: &PasswordFault) -> Message {
    Message::new(match fault {
        PasswordFault::TooShort => "password-too-short",
        PasswordFault::TooLong => "password-too-long",
        PasswordFault::IsEmail => "password-is-email",
        PasswordFault::Common => "password-common",
        PasswordFault::OneCharacter => "password-one-character",
    })
}
