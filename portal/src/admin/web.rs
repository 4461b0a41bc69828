//! Handlers of the admin's pages.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::UserId;
use uuid::Uuid;

use super::mail::web::framed;
use super::{audit, health, mail, recommender, users};
use crate::audit::note;
use crate::auth::Admin;
use crate::auth::people::{self, Change, Invites};
use crate::db::entity::mail as mail_row;
use crate::error::{Error, Result};
use crate::jobs::worker;
use crate::suggestions::train::Asked;
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/admin`.
///
/// # Errors
/// None.
pub async fn index(page: Page, _who: Admin) -> Result<HttpResponse> {
    Ok(page.redirect("/admin/users"))
}

/// GET `/admin/users`.
///
/// # Errors
/// Whatever the database says.
pub async fn list_users(page: Page, who: Admin) -> Result<HttpResponse> {
    show_users(&page, &who, StatusCode::OK, FormState::new()).await
}

async fn show_users(
    page: &Page,
    who: &Admin,
    status: StatusCode,
    invite: FormState,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = users::page(&tx, page.query(), who.session.user_id, invite).await?;
    page.render_as(status, &view)
}

/// POST `/admin/users`: invites a person.
///
/// # Errors
/// Whatever the database says.
pub async fn invite(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    match people::invite(&page.app, &who.scope, Invites::Anybody, &fields).await {
        Ok(email) => {
            let done = flash::good(Message::new("user-invited-flash").with("email", email));
            Ok(page.redirect_with("/admin/users", done))
        }
        Err(Error::Invalid(form)) => {
            show_users(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, *form).await
        }
        Err(error) => Err(error),
    }
}

/// POST `/admin/users/{id}`: another role, or whether they may sign in.
///
/// # Errors
/// `NotFound`; `Refused` for oneself.
pub async fn change_user(
    page: Page,
    who: Admin,
    id: web::Path<UserId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let change = Change::of(&fields)
        .ok_or_else(|| FormState::new().error("role", Message::new("error-choice")))?;
    people::change(&page.app, &who.scope, *id, change).await?;
    Ok(page.redirect_with("/admin/users", flash::good(Message::new("user-saved"))))
}

/// POST `/admin/users/{id}/reset`: sends them a link.
///
/// # Errors
/// `NotFound`; `Refused` where they are disabled.
pub async fn reset_user(
    page: Page,
    who: Admin,
    id: web::Path<UserId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let user = people::send_link(&page.app, &who.scope, *id).await?;
    let done = flash::good(Message::new("user-reset-sent").with("email", user.email));
    Ok(page.redirect_with("/admin/users", done))
}

/// GET `/admin/mail`.
///
/// # Errors
/// Whatever the database says.
pub async fn list_mail(page: Page, who: Admin) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render(&mail::page(&tx, page.query()).await?)
}

/// GET `/admin/mail/{id}`.
///
/// # Errors
/// `NotFound`.
pub async fn one_mail(page: Page, who: Admin, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render(&mail::one(&tx, &page.app, *id).await?)
}

/// GET `/admin/mail/{id}/html`: the HTML part, framed by the page. It holds people's text, so it
/// may show itself and do nothing else.
///
/// # Errors
/// `NotFound`.
pub async fn mail_html(page: Page, who: Admin, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let mail = tx.get::<mail_row::Entity>(*id).await?;
    Ok(framed(mail.body_html))
}

/// GET `/admin/audit`.
///
/// # Errors
/// Whatever the database says.
pub async fn audit_log(page: Page, who: Admin) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&audit::page(&tx, page.query(), &page.app.brand.zone).await?)
}

/// GET `/admin/health`.
///
/// # Errors
/// Whatever the database says.
pub async fn show_health(page: Page, _who: Admin) -> Result<HttpResponse> {
    page.render(&health::page(&page.app).await?)
}

/// GET `/admin/recommender`.
///
/// # Errors
/// Whatever the database says.
pub async fn show_recommender(page: Page, who: Admin) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render(&recommender::page(&tx, &page.app).await?)
}

/// POST `/admin/recommender/train`: asks for a training, unless one goes on.
///
/// # Errors
/// Whatever the database says.
pub async fn train_recommender(page: Page, who: Admin, _fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let asked = recommender::ask(&tx, &page.app).await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let told = match asked {
        Asked::Begins => "recommender-asked",
        Asked::GoesOn => "recommender-goes-on",
    };
    Ok(page.redirect_with("/admin/recommender", flash::good(Message::new(told))))
}

/// POST `/admin/jobs/{id}/retry`: sends off again what was given up.
///
/// # Errors
/// `NotFound` where it is not given up.
pub async fn retry_job(
    page: Page,
    who: Admin,
    id: web::Path<Uuid>,
    fields: Fields,
) -> Result<HttpResponse> {
    let now = page.app.clock.millis();
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let job = worker::retry(&tx, *id, now).await?;
    note(
        &tx,
        now,
        "job sent off again",
        &format!("{} {id}", job.kind),
        None,
        None,
        None,
    )
    .await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let back = local_path(fields.text("return"), "/admin/health");
    Ok(page.redirect_with(back, flash::good(Message::new("job-retried"))))
}

/// POST `/admin/jobs/retry`: sends off again everything that was given up.
///
/// # Errors
/// Whatever the database says.
pub async fn retry_jobs(page: Page, who: Admin, _fields: Fields) -> Result<HttpResponse> {
    let now = page.app.clock.millis();
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let jobs = worker::retry_all(&tx, now).await?;
    let what = format!("{jobs} jobs sent off again");
    note(&tx, now, "jobs sent off again", &what, None, None, None).await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let jobs = i64::try_from(jobs).unwrap_or(i64::MAX);
    let done = flash::good(Message::new("jobs-retried").with("jobs", jobs));
    Ok(page.redirect_with("/admin/health", done))
}
