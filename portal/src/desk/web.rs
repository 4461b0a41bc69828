//! Handlers of the desk and its live events.

use actix_web::HttpResponse;

use super::live;
use crate::auth::Kam;
use crate::error::Result;
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
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // A compressed stream would wait for a full block.
        .insert_header(("Content-Encoding", "identity"))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(live::events(page.app.clone(), who.scope, seen)))
}
