//! Handlers of the brand's settings for messages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::auth::Admin;
use crate::error::{Error, Result};
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/admin/messages`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: Admin) -> Result<HttpResponse> {
    page.render(&super::page(&page.app, &who, None).await?)
}

/// POST `/admin/messages`.
///
/// # Errors
/// Whatever the database says.
pub async fn save(page: Page, who: Admin, fields: Fields) -> Result<HttpResponse> {
    match super::save(&page.app, &who, &fields).await {
        Ok(()) => {
            let saved = flash::good(Message::new("message-settings-saved"));
            Ok(page.redirect_with("/admin/messages", saved))
        }
        Err(Error::Invalid(form)) => {
            let view = super::page(&page.app, &who, Some(*form)).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}
