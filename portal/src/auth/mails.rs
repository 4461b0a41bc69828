//! The mails that let people in: an invitation, a link to choose a new password.

use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::UserId;
use uuid::Uuid;

use super::links::{self, Kind};
use super::view::{InvitationMail, PasswordResetMail};
use crate::app::App;
use crate::db::entity::{account, user};
use crate::db::words::UserStatus;
use crate::error::Result;
use crate::jobs::outbox::{self, Letter};

/// Sends a reset link, if the address is known and its user may sign in. Whoever asked was told
/// the same in both cases, and waited as long.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn reset(app: &App, job: Uuid, email: &str) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.begin_system("reset link").await?;
    let found = tx
        .one::<user::Entity>(|users| users.filter(user::Column::Email.eq(email)))
        .await?;
    let Some(user) = found.filter(|user| user.status != UserStatus::Disabled) else {
        return Ok(());
    };
    let token = links::issue(&tx, user.id, Kind::Reset, now).await?;
    let view = PasswordResetMail {
        brand_name: app.brand.row.name.clone(),
        name: user.name.clone(),
        link: format!("{}/reset/{token}", app.base_url),
        valid_minutes: Kind::Reset.lasts_millis() / 60_000,
    };
    let event = format!("password-reset/{job}");
    let letter = Letter {
        event: &event,
        kind: "password-reset",
        account: user.account_id,
        topic: None,
        follows: None,
    };
    if outbox::post(app, &tx, letter, &user, &view).await? {
        // Otherwise the job ran before: the link of that mail is the good one.
        tx.commit().await?;
        app.wake.notify_one();
    }
    Ok(())
}

/// Sends an invitation to a person who has not chosen a password yet.
///
/// # Errors
/// As [`reset`].
pub async fn invitation(app: &App, job: Uuid, user: UserId, by: &str) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.begin_system("invitation").await?;
    let user = tx.get::<user::Entity>(user).await?;
    if user.status != UserStatus::Invited {
        return Ok(());
    }
    let company = match user.account_id {
        Some(id) => tx.get::<account::Entity>(id).await?.name,
        None => app.brand.row.name.clone(),
    };
    let token = links::issue(&tx, user.id, Kind::Invitation, now).await?;
    let view = InvitationMail {
        brand_name: app.brand.row.name.clone(),
        company,
        invited_by: by.to_owned(),
        role: user.role.name().to_owned(),
        link: format!("{}/invitation/{token}", app.base_url),
        valid_hours: Kind::Invitation.lasts_millis() / 3_600_000,
    };
    let event = format!("invitation/{job}");
    let letter = Letter {
        event: &event,
        kind: "invitation",
        account: user.account_id,
        topic: None,
        follows: None,
    };
    if outbox::post(app, &tx, letter, &user, &view).await? {
        tx.commit().await?;
        app.wake.notify_one();
    }
    Ok(())
}
