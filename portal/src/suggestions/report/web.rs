//! Handlers of the report, and of the trials it tells of.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::{Asked, page as report, share};
use crate::auth::{Admin, Decider};
use crate::db::words::Role;
use crate::error::Result;
use crate::suggestions::trial;
use crate::web::shape::{Arg, Message};
use crate::web::{Fields, Page, flash};

/// GET `/admin/suggestions`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: Decider) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let asked = Asked::of(&mut page.query());
    let can_set = who.session.role == Role::Admin;
    let (view, is_valid) = report(&tx, &page.app, &asked, can_set, None).await?;
    let status = if is_valid {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.render_as(status, &view)
}

/// POST `/admin/suggestions/trial`: begins a trial in which `share` per cent go without.
///
/// # Errors
/// Refused where one of that share runs.
pub async fn begin(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    let app = &page.app;
    match share(fields.text("share")) {
        Ok(share) => {
            let tx = app.db.begin(&who.scope).await?;
            trial::begin(&tx, app, share).await?;
            tx.commit().await?;
            let rate = Arg::Rate {
                rate_bp: share.into(),
            };
            let done = flash::good(Message::new("trial-begun").with("share", rate));
            Ok(page.redirect_with("/admin/suggestions", done))
        }
        Err(wrong) => {
            let form = fields.form().error("share", wrong);
            let tx = app.db.read(&who.scope).await?;
            let (view, _) = report(&tx, app, &Asked::default(), true, Some(form)).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
    }
}

/// POST `/admin/suggestions/trial/end`: everybody sees suggestions again.
///
/// # Errors
/// Refused where none runs.
pub async fn end(page: Page, who: Admin, _: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    trial::end(&tx, &page.app).await?;
    tx.commit().await?;
    let done = flash::good(Message::new("trial-ended"));
    Ok(page.redirect_with("/admin/suggestions", done))
}
