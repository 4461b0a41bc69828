//! Handlers of what one was told.

use std::convert::Infallible;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use futures_util::Stream;
use futures_util::stream::unfold;
use uuid::Uuid;

use super::live::Listener;
use super::{devices, list};
use crate::auth::SignedIn;
use crate::error::{Error, Result};
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/notifications`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: SignedIn) -> Result<HttpResponse> {
    let view = list::page(&page.app, &who.scope, &who.session, page.query()).await?;
    page.render(&view)
}

/// POST `/notifications/{id}/open`: on to where it leads.
///
/// # Errors
/// `NotFound` where it is somebody else's; whatever the database says.
pub async fn open(
    page: Page,
    who: SignedIn,
    id: web::Path<Uuid>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let link = list::open(&page.app, &who.scope, &who.session, *id).await?;
    Ok(page.redirect(local_path(&link, "/notifications")))
}

/// POST `/notifications/read`: all of it, or all of a topic.
///
/// # Errors
/// Whatever the database says.
pub async fn read_all(page: Page, who: SignedIn, fields: Fields) -> Result<HttpResponse> {
    let until = fields.text("until").parse().map_err(|_| {
        let form = FormState::new();
        form.error("until", Message::new("error-choice"))
    })?;
    let topic = fields.text("topic");
    list::read_all(&page.app, &who.scope, &who.session, until, topic).await?;
    // A topic that is none was refused, so the word needs no escaping.
    Ok(page.redirect(&if topic.is_empty() {
        "/notifications".to_owned()
    } else {
        format!("/notifications?topic={topic}")
    }))
}

/// POST `/notifications/devices`: lets a browser be woken.
///
/// # Errors
/// Whatever the database says.
pub async fn add_device(page: Page, who: SignedIn, fields: Fields) -> Result<HttpResponse> {
    let browser = page.user_agent();
    let added = devices::add(&page.app, &who.scope, &who.session, &fields, browser).await;
    let flash = match added {
        Ok(()) => flash::good(Message::new("device-added")),
        Err(Error::Invalid(form)) => {
            let why = form.errors.first().map(|error| error.message.clone());
            flash::bad(why.unwrap_or_default())
        }
        Err(error) => return Err(error),
    };
    Ok(page.redirect_with("/notifications#devices", flash))
}

/// POST `/notifications/devices/{id}/remove`.
///
/// # Errors
/// `NotFound` where it is somebody else's; whatever the database says.
pub async fn remove_device(
    page: Page,
    who: SignedIn,
    id: web::Path<Uuid>,
    _fields: Fields,
) -> Result<HttpResponse> {
    devices::remove(&page.app, &who.scope, *id).await?;
    let flash = flash::good(Message::new("device-removed"));
    Ok(page.redirect_with("/notifications#devices", flash))
}

/// GET `/notifications/events`: the bell's number and what is new, as server-sent events.
///
/// # Errors
/// None.
pub async fn events(page: Page, who: SignedIn) -> Result<HttpResponse> {
    let app = page.app.clone().into_inner();
    let listener = Listener::begin(app, &who.session);
    let events = unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(Bytes::from(event)), listener))
    });
    Ok(stream(events))
}

/// An answer that goes on for as long as `events` do.
pub fn stream(
    events: impl Stream<Item = std::result::Result<Bytes, Infallible>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/event-stream")
        // A compressed stream would wait for a full block.
        .insert_header(("Content-Encoding", "identity"))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events)
}
