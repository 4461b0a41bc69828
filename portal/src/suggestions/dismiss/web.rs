//! Handlers of dismissing.

use actix_web::HttpResponse;

use super::Dismissed;
use super::view::DismissedPage;
use crate::auth::caller::Buyer;
use crate::db::words::Dismissal;
use crate::error::Result;
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::page::FlashStep;
use crate::web::shape::{Arg, Message};
use crate::web::{Fields, Page, flash};

/// Where the company sees what it has dismissed.
pub const LIST: &str = "/suggestions/dismissed";
/// Where a dismissal is taken back.
pub const TAKE_BACK: &str = "/suggestions/take-back";

/// POST `/suggestions/dismiss`: `sku`, `kind`, `return`.
///
/// # Errors
/// `NotFound` for a product the account does not see; `Invalid` for another word than the two.
pub async fn dismiss(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let Ok(kind) = fields.text("kind").parse::<Dismissal>() else {
        let mut form = FormState::new();
        form.refuse_key("kind", "error-choice");
        return Err(form.into());
    };
    let tx = page.app.db.begin(&who.scope).await?;
    let done = super::dismiss(&tx, &page.app, who.account.id, fields.text("sku"), kind).await?;
    tx.commit().await?;
    let back = local_path(fields.text("return"), "/");
    let undo = FlashStep::Post {
        action: TAKE_BACK.to_owned(),
        fields: [("sku", done.sku.as_str()), ("return", back)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        label: "dismiss-undo".to_owned(),
    };
    Ok(page.redirect_with(back, flash::good(words(&done)).then(undo)))
}

/// What was dismissed, and until when.
#[must_use]
pub fn words(done: &Dismissed) -> Message {
    let date = done.until.to_string();
    Message::new("dismiss-done")
        .with("name", done.name.as_str())
        .with("date", Arg::Date { date })
}

/// POST `/suggestions/take-back`: `sku`, `return`.
///
/// # Errors
/// Whatever the database says.
pub async fn take_back(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let name = super::take_back(&tx, who.account.id, fields.text("sku")).await?;
    tx.commit().await?;
    let back = local_path(fields.text("return"), LIST);
    // Somebody else may have been quicker; then it is as it should be.
    Ok(match name {
        Some(name) => {
            let said = Message::new("dismiss-undone").with("name", name);
            page.redirect_with(back, flash::good(said))
        }
        None => page.redirect(back),
    })
}

/// GET `/suggestions/dismissed`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let rows = super::standing(&tx, &page.app, who.account.id).await?;
    drop(tx);
    page.render(&DismissedPage { rows })
}
