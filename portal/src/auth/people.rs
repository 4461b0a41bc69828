//! Looking after people: who is invited, what they may do, whether they may sign in.
//!
//! A retailer's roles go with an account, the brand's own with none. Nobody changes their own role
//! or disables themself, so neither an account nor the brand ever loses its last admin that way.

use sea_orm::{ColumnTrait, QueryFilter, Set};
use serde_json::json;
use trade::id::UserId;

use super::links::{self, NewUser};
use super::session;
use crate::accounts::acting::may_act;
use crate::app::App;
use crate::approvals::deciders;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{account, user};
use crate::db::scope::Scope;
use crate::db::words::{Role, UserStatus};
use crate::error::{Error, Refusal, Result};
use crate::jobs::Job;
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::shape::Message;

/// The longest name of a person.
pub const MAX_NAME: usize = 120;

/// What is changed of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// What they may do.
    Role(Role),
    /// They may sign in again.
    Enable,
    /// They may not sign in, from the next request on.
    Disable,
    /// Whether they may agree prices for lines they order for an account.
    AgreePrices(bool),
}

impl Change {
    /// The change a form asks for.
    #[must_use]
    pub fn of(fields: &Fields) -> Option<Change> {
        match fields.text("status") {
            "active" => Some(Change::Enable),
            "disabled" => Some(Change::Disable),
            // A box that is not ticked sends the "no" that stands before it.
            _ if fields.has("prices") => Some(Change::AgreePrices(
                fields.all("prices").any(|it| it == "yes"),
            )),
            _ => fields.text("role").parse().ok().map(Change::Role),
        }
    }
}

/// Changes a person whom `scope` sees.
///
/// # Errors
/// `NotFound` out of reach; `Refused` for oneself or a role of the other side.
pub async fn change(app: &App, scope: &Scope, id: UserId, change: Change) -> Result<user::Model> {
    // Seen with the caller's own eyes first; sessions and links are beyond what they see.
    app.db.read(scope).await?.get::<user::Entity>(id).await?;
    let now = app.clock.millis();
    let tx = app.db.begin(&scope.everywhere()).await?;
    let user = tx.get::<user::Entity>(id).await?;
    if scope.account_id().is_some() && user.account_id != scope.account_id() {
        return Err(Error::NotFound);
    }
    if scope.actor.user_id == Some(id) {
        return Err(Refusal::new("oneself", Message::new("user-oneself")).into());
    }
    let mut row = user::ActiveModel {
        id: Set(id),
        ..Default::default()
    };
    let (action, before, after) = match change {
        Change::Role(role) if role.is_retailer() != user.account_id.is_some() => {
            return Err(Refusal::new("role", Message::new("error-role-account")).into());
        }
        Change::Role(role) => {
            row.role = Set(role);
            (
                "role changed",
                json!({"role": user.role}),
                json!({"role": role}),
            )
        }
        Change::AgreePrices(may) if may && !may_act(user.role) => {
            return Err(Refusal::new("role", Message::new("error-role-prices")).into());
        }
        Change::AgreePrices(may) => {
            row.may_override_prices = Set(may);
            (
                "right to agree prices changed",
                json!({"may_override_prices": user.may_override_prices}),
                json!({"may_override_prices": may}),
            )
        }
        Change::Enable | Change::Disable => {
            let status = match (change, &user.password_hash) {
                (Change::Disable, _) => UserStatus::Disabled,
                (_, Some(_)) => UserStatus::Active,
                (_, None) => UserStatus::Invited,
            };
            row.status = Set(status);
            let action = if status == UserStatus::Disabled {
                "user disabled"
            } else {
                "user enabled"
            };
            (
                action,
                json!({"status": user.status}),
                json!({"status": status}),
            )
        }
    };
    if before == after {
        return Ok(user);
    }
    deciders::before_change(&tx, &user, change).await?;
    tx.update(row).await?;
    if change == Change::Disable {
        shut_out(&tx, id, now).await?;
    }
    let subject = format!("user {}", user.email);
    audit::note(
        &tx,
        now,
        action,
        &subject,
        user.account_id,
        Some(before),
        Some(after),
    )
    .await?;
    tx.commit().await?;
    Ok(user)
}

/// Ends every session of a person and spends every link.
async fn shut_out(tx: &Tx, id: UserId, now: i64) -> Result<()> {
    session::end_others(tx, id, None).await?;
    links::spend_all(tx, id, now).await
}

/// Sends a person a link: to choose a new password, or their invitation once more.
///
/// # Errors
/// `NotFound` out of reach; `Refused` where they are disabled.
pub async fn send_link(app: &App, scope: &Scope, id: UserId) -> Result<user::Model> {
    let now = app.clock.millis();
    let tx = app.db.begin(scope).await?;
    let user = tx.get::<user::Entity>(id).await?;
    let (job, action) = match user.status {
        UserStatus::Disabled => {
            return Err(Refusal::new("disabled", Message::new("user-is-disabled")).into());
        }
        UserStatus::Active => (
            Job::PasswordReset {
                email: user.email.clone(),
            },
            "reset link sent",
        ),
        UserStatus::Invited => (
            Job::Invitation {
                user: id,
                by: scope.actor.name.clone(),
            },
            "invitation sent again",
        ),
    };
    tx.enqueue(now, &job).await?;
    let subject = format!("user {}", user.email);
    audit::note(&tx, now, action, &subject, user.account_id, None, None).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(user)
}

/// Which roles an invitation may name.
#[derive(Debug, Clone)]
pub enum Invites<'a> {
    /// An account admin invites to their own account.
    Own(&'a super::session::AccountHead),
    /// An admin of the brand invites anybody; the form names the account.
    Anybody,
}

/// Invites whom the form names.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn invite(
    app: &App,
    scope: &Scope,
    invites: Invites<'_>,
    fields: &Fields,
) -> Result<String> {
    let now = app.clock.millis();
    let mut form = fields.form();
    let email = fields.text("email").to_lowercase();
    let name = checked_name(&mut form, fields.text("name"));
    if email.is_empty() {
        form.refuse_key("email", "error-required");
    } else if !links::looks_like_email(&email) {
        form.refuse_key("email", "error-email");
    }
    let role = fields.text("role").parse::<Role>();
    let role = match (&invites, role) {
        (Invites::Own(_), Ok(role)) if !role.is_retailer() => Err(()),
        (_, role) => role.map_err(|_| ()),
    };
    if role.is_err() {
        form.refuse_key("role", "error-choice");
    }
    let tx = app.db.begin(&scope.everywhere()).await?;
    let account = match invites {
        Invites::Own(own) => Some((own.id, own_language(&tx, own.id).await?)),
        Invites::Anybody => named_account(&tx, fields.text("account"), &mut form).await?,
    };
    if let (Invites::Anybody, Ok(role)) = (&invites, role)
        && form.errors.iter().all(|error| error.field != "account")
        && role.is_retailer() != account.is_some()
    {
        form.refuse_key("account", "error-role-account");
    }
    let taken = tx.count::<user::Entity>(|users| users.filter(user::Column::Email.eq(&email)));
    if taken.await? > 0 {
        form.refuse_key("email", "error-email-taken");
    }
    let (Ok(role), true) = (role, form.is_valid()) else {
        return Err(form.into());
    };
    let lang = account.and_then(|(_, lang)| lang).unwrap_or(app.brand.lang);
    let account = account.map(|(id, _)| id);
    let new = NewUser {
        email: &email,
        name: &name,
        role,
        account,
        lang,
    };
    match links::invite(&tx, now, &new).await {
        Ok(_) => {}
        Err(error) if is_taken(&error) => {
            form.refuse_key("email", "error-email-taken");
            return Err(form.into());
        }
        Err(error) => return Err(error),
    }
    tx.commit().await?;
    app.wake.notify_one();
    Ok(email)
}

/// The name a person is shown by, or what is wrong with it.
pub fn checked_name(form: &mut FormState, name: &str) -> String {
    if name.is_empty() {
        form.refuse_key("name", "error-required");
    } else if name.chars().count() > MAX_NAME {
        form.refuse_with("name", "error-too-long", "most", 120);
    }
    // A line break would end up in the headers of mails.
    name.chars().filter(|c| !c.is_control()).collect()
}

type Named = Option<(trade::id::AccountId, Option<Lang>)>;

async fn named_account(tx: &Tx, number: &str, form: &mut FormState) -> Result<Named> {
    if number.is_empty() {
        return Ok(None);
    }
    let found = tx
        .one::<account::Entity>(|rows| rows.filter(account::Column::Number.eq(number)))
        .await?;
    if found.is_none() {
        form.refuse_key("account", "error-account-unknown");
    }
    Ok(found.map(|account| (account.id, Lang::parse(&account.locale))))
}

async fn own_language(tx: &Tx, id: trade::id::AccountId) -> Result<Option<Lang>> {
    Ok(Lang::parse(&tx.get::<account::Entity>(id).await?.locale))
}

/// Somebody else took the address between the question and the answer.
fn is_taken(error: &Error) -> bool {
    match error {
        Error::Internal(cause) => cause
            .downcast_ref::<sea_orm::DbErr>()
            .is_some_and(crate::db::is_unique_violation),
        Error::NotFound
        | Error::SignIn
        | Error::Forbidden
        | Error::FormExpired
        | Error::Invalid(_)
        | Error::Refused(_)
        | Error::TooLarge
        | Error::TooFast { .. }
        | Error::Busy(_)
        | Error::GaveWay(_) => false,
    }
}
