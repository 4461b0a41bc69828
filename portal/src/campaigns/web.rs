//! Handlers of campaigns.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::{PromotionId, UserId};
use uuid::Uuid;

use super::{page as pages, plan, report};
use crate::auth::{Kam, Planner};
use crate::db::words::Wave;
use crate::error::Result;
use crate::messages::settings;
use crate::promotions::plan as promotion_plan;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

type Id = web::Path<Uuid>;

/// GET `/kam/promotions/{id}/campaign`: the plan, whom it tells and whom not; `mail` names a person
/// whose mail is shown.
///
/// # Errors
/// `NotFound`.
pub async fn show(page: Page, who: Kam, id: Id) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let id = PromotionId(*id);
    page.render(&pages::page(&tx, &page.app, id, page.query(), None).await?)
}

/// GET `/kam/promotions/{id}/campaign/preview/{user}`: the HTML part of a reader's mail, framed by
/// the page. It may show itself and do nothing else.
///
/// # Errors
/// `NotFound`; refused for a person who would get none.
pub async fn preview(page: Page, who: Kam, ids: web::Path<(Uuid, Uuid)>) -> Result<HttpResponse> {
    let (id, user) = *ids;
    let tx = page.app.db.read(&who.scope).await?;
    let stored = promotion_plan::find(&tx, PromotionId(id)).await?;
    let wave = match page.query().get("wave").map(String::as_str) {
        Some("reminder") => Wave::Reminder,
        _ => Wave::Announcement,
    };
    let (_, mail) = pages::preview(&tx, &page.app, &stored, UserId(user), wave).await?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; \
                  frame-ancestors 'self'";
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Content-Security-Policy", policy))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(mail.html))
}

/// POST `/kam/promotions/{id}/campaign`: plans it, or changes what is planned.
///
/// # Errors
/// Refused where the promotion cannot be announced, or a campaign is under way.
pub async fn keep(page: Page, who: Planner, id: Id, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let id = PromotionId(*id);
    let tx = app.db.begin(&who.scope).await?;
    let stored = plan::announceable(&tx, app, id).await?;
    let settings = settings::load(&tx).await?;
    let (form, planned) = plan::read(app, &stored, &settings, &fields);
    let Some(planned) = planned else {
        let view = pages::page(&tx, app, id, page.query(), Some(form)).await?;
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    };
    plan::keep(&tx, app, &stored, &planned).await?;
    tx.commit().await?;
    app.wake.notify_one();
    let said = match planned.announce_minute {
        Some(_) => "campaign-done-planned",
        None => "campaign-done-started",
    };
    Ok(to(&page, id, said))
}

/// POST `/kam/promotions/{id}/campaign/start`: tells those it is planned for now.
///
/// # Errors
/// Refused where none is planned.
pub async fn start(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let id = PromotionId(*id);
    let tx = app.db.begin(&who.scope).await?;
    let stored = plan::announceable(&tx, app, id).await?;
    plan::start_now(&tx, app, &stored).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(to(&page, id, "campaign-done-started"))
}

/// POST `/kam/promotions/{id}/campaign/stop`: tells nobody any more.
///
/// # Errors
/// Refused where there is nothing to stop.
pub async fn stop(page: Page, who: Planner, id: Id, _: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    let id = PromotionId(*id);
    let tx = app.db.begin(&who.scope).await?;
    plan::stop(&tx, app, id).await?;
    tx.commit().await?;
    Ok(to(&page, id, "campaign-done-stopped"))
}

fn to(page: &Page, id: PromotionId, said: &str) -> HttpResponse {
    let good = flash::good(Message::new(said));
    page.redirect_with(&report::path(id), good)
}
