//! Handlers of an account's own people and places.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::UserId;

use super::Forms;
use crate::auth::people::{self, Change, Invites};
use crate::auth::{AccountAdmin, Buyer};
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/company`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&super::page(&tx, &page.app, &who, Forms::default()).await?)
}

/// The page again after a form was refused, with what was typed.
///
/// # Errors
/// Whatever the database says.
pub async fn again(page: &Page, who: Buyer, forms: Forms) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = super::page(&tx, &page.app, &who, forms).await?;
    page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// POST `/company/users`: invites a person to the account.
///
/// # Errors
/// Whatever the database says.
pub async fn invite(page: Page, who: AccountAdmin, fields: Fields) -> Result<HttpResponse> {
    let own = Invites::Own(&who.account);
    match people::invite(&page.app, &who.scope, own, &fields).await {
        Ok(email) => {
            let done = flash::good(Message::new("user-invited-flash").with("email", email));
            Ok(page.redirect_with("/company", done))
        }
        Err(Error::Invalid(form)) => {
            let forms = Forms {
                invite: *form,
                ..Forms::default()
            };
            again(&page, who.into(), forms).await
        }
        Err(error) => Err(error),
    }
}

/// POST `/company/users/{id}`: another role, or whether they may sign in.
///
/// # Errors
/// `NotFound` for somebody of another account; `Refused` for oneself or a role of the brand.
pub async fn change_user(
    page: Page,
    who: AccountAdmin,
    id: web::Path<UserId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let change = Change::of(&fields)
        .ok_or_else(|| FormState::new().error("role", Message::new("error-choice")))?;
    people::change(&page.app, &who.scope, *id, change).await?;
    Ok(page.redirect_with("/company", flash::good(Message::new("user-saved"))))
}
