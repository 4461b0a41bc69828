//! `kontor user`: the first admin, and help for one who is locked out. Whoever may run it has the
//! database in hand, so links are printed rather than mailed.

use anyhow::{Context, bail};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::app::{self, App};
use crate::audit;
use crate::auth::links::{self, Kind, NewUser};
use crate::auth::people::{self, Change};
use crate::config::Config;
use crate::db::Tx;
use crate::db::entity::{account, user};
use crate::db::scope::Scope;
use crate::db::words::{Role, UserStatus};
use crate::error::Error;
use crate::web::locale::Lang;

/// `kontor user add`: invites a person and prints their link.
///
/// # Errors
/// An address that is none or is taken, an unknown account, a role of the other side.
pub async fn add(
    config: Config,
    email: &str,
    name: &str,
    role: Role,
    account: Option<&str>,
) -> anyhow::Result<()> {
    let app = open(config).await?;
    let link = add_to(&app, email, name, role, account).await?;
    println!("{link}");
    Ok(())
}

async fn add_to(
    app: &App,
    email: &str,
    name: &str,
    role: Role,
    account: Option<&str>,
) -> anyhow::Result<String> {
    let email = email.trim().to_lowercase();
    if !links::looks_like_email(&email) {
        bail!("{email} is not an e-mail address");
    }
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() || name.chars().count() > people::MAX_NAME {
        bail!("a name has 1 to {} characters", people::MAX_NAME);
    }
    if role.is_retailer() != account.is_some() {
        bail!("a retailer's role needs --account, the brand's own roles take none");
    }
    let now = app.clock.millis();
    let tx = app.db.begin(&command()).await?;
    let account = match account {
        Some(number) => Some(
            tx.one::<account::Entity>(|rows| rows.filter(account::Column::Number.eq(number)))
                .await?
                .with_context(|| format!("there is no account {number}"))?,
        ),
        None => None,
    };
    if find(&tx, &email).await?.is_some() {
        bail!("there is a user {email} already");
    }
    let lang = account
        .as_ref()
        .and_then(|account| Lang::parse(&account.locale));
    let new = NewUser {
        email: &email,
        name: &name,
        role,
        account: account.as_ref().map(|account| account.id),
        lang: lang.unwrap_or(app.brand.lang),
    };
    let id = links::add(&tx, now, &new).await?;
    let token = links::issue(&tx, id, Kind::Invitation, now).await?;
    tx.commit().await?;
    Ok(format!("{}/invitation/{token}", app.base_url))
}

/// `kontor user disable`: shuts a person out.
///
/// # Errors
/// Nobody has that address.
pub async fn disable(config: Config, email: &str) -> anyhow::Result<()> {
    let app = open(config).await?;
    let user = known(&app, email).await?;
    let changed = people::change(&app, &command(), user.id, Change::Disable).await;
    match changed {
        Ok(_) => {}
        Err(Error::Refused(refusal)) => {
            let words = app.templates.words();
            bail!("{}", words.message(Lang::En, &refusal.happened));
        }
        Err(error) => return Err(error.into()),
    }
    println!("{} is disabled", user.email);
    Ok(())
}

/// `kontor user reset`: prints a link with which a person chooses a new password.
///
/// # Errors
/// Nobody has that address, or they are disabled.
pub async fn reset(config: Config, email: &str) -> anyhow::Result<()> {
    let app = open(config).await?;
    println!("{}", reset_of(&app, email).await?);
    Ok(())
}

async fn reset_of(app: &App, email: &str) -> anyhow::Result<String> {
    let user = known(app, email).await?;
    let (kind, path) = match user.status {
        UserStatus::Disabled => bail!("{} is disabled", user.email),
        UserStatus::Invited => (Kind::Invitation, "invitation"),
        UserStatus::Active => (Kind::Reset, "reset"),
    };
    let now = app.clock.millis();
    let tx = app.db.begin(&command()).await?;
    let token = links::issue(&tx, user.id, kind, now).await?;
    let subject = format!("user {}", user.email);
    audit::note(
        &tx,
        now,
        "reset link made",
        &subject,
        user.account_id,
        None,
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(format!("{}/{path}/{token}", app.base_url))
}

async fn open(config: Config) -> anyhow::Result<std::sync::Arc<App>> {
    let db = app::open(&config).await?;
    Ok(super::build(config, db).await?.into_inner())
}

/// The audit log names the command.
fn command() -> Scope {
    Scope::system("kontor user")
}

async fn known(app: &App, email: &str) -> anyhow::Result<user::Model> {
    let email = email.trim().to_lowercase();
    let tx = app.db.read(&command()).await?;
    find(&tx, &email)
        .await?
        .with_context(|| format!("there is no user {email}"))
}

async fn find(tx: &Tx, email: &str) -> crate::error::Result<Option<user::Model>> {
    tx.one::<user::Entity>(|users| users.filter(user::Column::Email.eq(email)))
        .await
}
