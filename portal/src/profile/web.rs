//! Handlers of a person's own page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use uuid::Uuid;

use crate::auth::SignedIn;
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/profile`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: SignedIn) -> Result<HttpResponse> {
    page.render(&super::page(&page.app, &who.session, &who.scope, None, FormState::new()).await?)
}

/// POST `/profile`: name, language, colours.
///
/// # Errors
/// Whatever the database says.
pub async fn save(page: Page, who: SignedIn, fields: Fields) -> Result<HttpResponse> {
    match super::save(&page.app, &who.scope, who.session.user_id, &fields).await {
        Ok(()) => Ok(page.redirect_with("/profile", flash::good(Message::new("profile-saved")))),
        Err(Error::Invalid(form)) => {
            let view = super::page(
                &page.app,
                &who.session,
                &who.scope,
                Some(*form),
                FormState::new(),
            )
            .await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}

/// POST `/profile/password`.
///
/// # Errors
/// `TooFast` after too many wrong ones; whatever the database says.
pub async fn change_password(page: Page, who: SignedIn, fields: Fields) -> Result<HttpResponse> {
    // Whoever finds an open screen may not try passwords for ever.
    page.app
        .limits
        .sign_in(&who.session.email, &page.address())?;
    match super::change_password(&page.app, &who.scope, &who.session, &fields).await {
        Ok(()) => Ok(page.redirect_with("/profile", flash::good(Message::new("password-saved")))),
        Err(Error::Invalid(form)) => {
            let view = super::page(&page.app, &who.session, &who.scope, None, *form).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}

/// POST `/profile/sessions/{id}/revoke`: signs another device out; only ever one's own.
///
/// # Errors
/// Whatever the database says.
pub async fn revoke(
    page: Page,
    who: SignedIn,
    id: web::Path<Uuid>,
    _fields: Fields,
) -> Result<HttpResponse> {
    super::revoke(&page.app, &who.session, *id).await?;
    Ok(page.redirect_with("/profile", flash::good(Message::new("session-revoked"))))
}
