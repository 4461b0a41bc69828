//! Handlers of the admin's pages about webhooks.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use trade::id::WebhookId;
use uuid::Uuid;

use super::endpoints::Wanted;
use super::{endpoints, log, pages};
use crate::auth::Admin;
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

fn path(id: WebhookId) -> String {
    format!("/admin/webhooks/{id}")
}

/// GET `/admin/webhooks`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Admin) -> Result<HttpResponse> {
    show_list(&page, &who, StatusCode::OK, None).await
}

async fn show_list(
    page: &Page,
    who: &Admin,
    status: StatusCode,
    typed: Option<(FormState, &Fields)>,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    let view = pages::list(&tx, &page.app, page.query(), typed).await?;
    page.render_as(status, &view)
}

/// POST `/admin/webhooks`: sets one up.
///
/// # Errors
/// Whatever the database says.
pub async fn create(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    let wanted = match Wanted::read(&page.app, &fields).await {
        Ok(wanted) => wanted,
        Err(Error::Invalid(form)) => {
            let typed = Some((*form, &fields));
            return show_list(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
        }
        Err(error) => return Err(error),
    };
    let tx = page.app.db.begin(&who.scope).await?;
    let id = endpoints::create(&tx, page.app.clock.millis(), &wanted).await?;
    tx.commit().await?;
    let done = flash::good(Message::new("webhook-created").with("name", wanted.name));
    Ok(page.redirect_with(&path(id), done))
}

/// GET `/admin/webhooks/{id}`.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: Admin, id: web::Path<WebhookId>) -> Result<HttpResponse> {
    show(&page, &who, *id, StatusCode::OK, None, None).await
}

async fn show(
    page: &Page,
    who: &Admin,
    id: WebhookId,
    status: StatusCode,
    typed: Option<(FormState, &Fields)>,
    replay: Option<FormState>,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    let mut view = pages::one(&tx, &page.app, id, page.query(), typed).await?;
    if let Some(replay) = replay {
        view.replay = replay;
    }
    page.render_as(status, &view)
}

/// POST `/admin/webhooks/{id}`: changes it.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn save(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let wanted = match Wanted::read(&page.app, &fields).await {
        Ok(wanted) => wanted,
        Err(Error::Invalid(form)) => {
            let typed = Some((*form, &fields));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&page, &who, *id, status, typed, None).await;
        }
        Err(error) => return Err(error),
    };
    let tx = page.app.db.begin(&who.scope).await?;
    endpoints::save(&tx, page.app.clock.millis(), *id, &wanted).await?;
    tx.commit().await?;
    Ok(page.redirect_with(&path(*id), flash::good(Message::new("webhook-saved"))))
}

/// POST `/admin/webhooks/{id}/enable`.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn enable(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    endpoints::enable(&tx, page.app.clock.millis(), *id).await?;
    tx.commit().await?;
    Ok(page.redirect_with(&path(*id), flash::good(Message::new("webhook-enabled"))))
}

/// POST `/admin/webhooks/{id}/disable`.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn disable(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    endpoints::disable(&tx, page.app.clock.millis(), *id).await?;
    tx.commit().await?;
    Ok(page.redirect_with(&path(*id), flash::good(Message::new("webhook-disabled"))))
}

/// POST `/admin/webhooks/{id}/secret`: a new secret.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn rotate(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    endpoints::rotate(&tx, page.app.clock.millis(), *id).await?;
    tx.commit().await?;
    let done = flash::good(Message::new("webhook-rotated"));
    Ok(page.redirect_with(&format!("{}#secret", path(*id)), done))
}

/// POST `/admin/webhooks/{id}/test`: sends a test event and shows what is answered.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn test(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let delivery = endpoints::test(&tx, page.app.clock.millis(), *id).await?;
    tx.commit().await?;
    super::try_once(&page.app, delivery).await?;
    Ok(page.redirect(&format!("{}/deliveries/{delivery}", path(*id))))
}

/// POST `/admin/webhooks/{id}/replay`: sends again what was given up since a day.
///
/// # Errors
/// `NotFound`; `Refused` where it is off; whatever the database says.
pub async fn replay_dead(
    page: Page,
    who: Admin,
    id: web::Path<WebhookId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let zone = page.app.brand.zone.clone();
    let since = fields.text("since").parse::<Date>().ok();
    let since = since.and_then(|day| day.to_zoned_datetime(zone).ok());
    let Some(since) = since.map(|day| day.timestamp().as_millisecond()) else {
        let form = fields.form().error("since", Message::new("error-date"));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(&page, &who, *id, status, None, Some(form)).await;
    };
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let count = log::replay_dead(&tx, page.app.clock.millis(), *id, since).await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let count = i64::try_from(count)?;
    let said = Message::new("webhook-replayed").with("count", count);
    Ok(page.redirect_with(&format!("{}#log", path(*id)), flash::good(said)))
}

/// GET `/admin/webhooks/{id}/deliveries/{delivery}`.
///
/// # Errors
/// `NotFound`.
pub async fn one_delivery(
    page: Page,
    who: Admin,
    ids: web::Path<(WebhookId, Uuid)>,
) -> Result<HttpResponse> {
    let (endpoint, id) = ids.into_inner();
    let tx = page.app.db.read(&who.scope.everywhere()).await?;
    page.render(&log::one(&tx, &page.app, endpoint, id).await?)
}

/// POST `/admin/webhooks/{id}/deliveries/{delivery}/replay`: sends it again.
///
/// # Errors
/// `NotFound`; `Refused` while it is on its way, or where the endpoint is off.
pub async fn replay(
    page: Page,
    who: Admin,
    ids: web::Path<(WebhookId, Uuid)>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let (endpoint, id) = ids.into_inner();
    let tx = page.app.db.begin(&who.scope.everywhere()).await?;
    let again = log::replay(&tx, page.app.clock.millis(), endpoint, id).await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let to = format!("{}/deliveries/{again}", path(endpoint));
    let done = flash::good(Message::new("webhook-replayed").with("count", 1));
    Ok(page.redirect_with(&to, done))
}
