//! Handlers of a person's own choices.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::auth::SignedIn;
use crate::error::{Error, Result};
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/profile/messages`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: SignedIn) -> Result<HttpResponse> {
    page.render(&super::page(&page.app, &who.session, None).await?)
}

/// POST `/profile/messages`.
///
/// # Errors
/// Whatever the database says.
pub async fn save(page: Page, who: SignedIn, fields: Fields) -> Result<HttpResponse> {
    match super::save(&page.app, &who.scope, &who.session, &fields).await {
        Ok(()) => {
            let saved = flash::good(Message::new("choices-saved"));
            Ok(page.redirect_with("/profile/messages", saved))
        }
        Err(Error::Invalid(form)) => {
            let view = super::page(&page.app, &who.session, Some(*form)).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}
