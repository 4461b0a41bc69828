//! Handlers of prices.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::question;
use crate::auth::Kam;
use crate::error::Result;
use crate::web::Page;

/// GET `/kam/prices`: what an account pays, and every price that was looked at.
///
/// # Errors
/// Whatever the database says.
pub async fn prices(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = question::answer(&tx, &page.app, &page.query()).await?;
    drop(tx);
    let status = if view.form.is_valid() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page.render_as(status, &view)
}
