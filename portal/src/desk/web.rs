//! Handlers of the desk and its live events.

use actix_web::HttpResponse;

use super::live;
use crate::auth::Kam;
use crate::error::Result;
use crate::notifications::live::Listener;
use crate::notifications::web::stream;
use crate::web::Page;

/// GET `/kam`.
///
/// # Errors
/// Whatever the database says.
pub async fn desk(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let first_name = who
        .session
        .name
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let view = super::desk(&tx, &page.app, first_name).await?;
    page.render(&view)
}

/// GET `/kam/events`: server-sent events.
///
/// # Errors
/// Whatever the database says.
pub async fn events(page: Page, who: Kam) -> Result<HttpResponse> {
    let seen = live::latest(&page.app, &who.scope).await?;
    let bell = Listener::begin(page.app.clone().into_inner(), &who.session);
    Ok(stream(live::events(
        page.app.clone(),
        who.scope,
        seen,
        bell,
    )))
}
