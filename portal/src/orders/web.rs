//! Handlers of order lists, the order page, its PDF, cancelling, and credit notes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{cancel, document, list, reorder, show};
use crate::auth::{Buyer, Kam, SignedIn};
use crate::db::again;
use crate::db::scope::Scope;
use crate::error::Result;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/orders`: the account's own.
///
/// # Errors
/// Whatever the database says.
pub async fn own(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = list::page(&tx, page.query(), false).await?;
    page.render(&view)
}

/// GET `/kam/orders`: those of the accounts one looks after.
///
/// # Errors
/// Whatever the database says.
pub async fn portfolio(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = list::page(&tx, page.query(), true).await?;
    page.render(&view)
}

/// GET `/orders/{number}`.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: SignedIn, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let mut view = show::seen_by(&tx, &page.app, &who, &number).await?;
    view.just_placed = page.query().contains_key("placed");
    page.render(&view)
}

/// GET `/orders/{number}/confirmation.pdf`.
///
/// # Errors
/// `NotFound`.
pub async fn pdf(page: Page, who: SignedIn, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let whole = show::load(&tx, &number).await?;
    drop(tx);
    let bytes = document::confirmation_pdf(&page.app, &whole, page.lang()).await?;
    let name = format!("inline; filename=\"order-{}.pdf\"", whole.order.number);
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("Content-Disposition", name))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(bytes))
}

/// POST `/orders/{number}/cancel`.
///
/// # Errors
/// `NotFound`; `Refused` where it is too late.
pub async fn cancel(
    page: Page,
    who: SignedIn,
    number: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let reason = fields.text("reason");
    if reason.is_empty() || reason.chars().count() > 500 {
        let tx = page.app.db.read(&who.scope).await?;
        let mut view = show::seen_by(&tx, &page.app, &who, &number).await?;
        view.cancel_form = fields.form();
        view.cancel_form
            .refuse("reason", Message::new("error-required"));
        return page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let scope = acting(&page, &who, &number).await?;
    let cancelled = again(async || {
        let tx = page.app.db.begin(&scope).await?;
        let cancelled = cancel::cancel(&tx, &page.app, &number, reason).await?;
        tx.commit().await?;
        Ok(cancelled)
    })
    .await?;
    page.app.wake.notify_one();
    let message = Message::new("cancelled-done").with("number", cancelled.number.clone());
    let to = format!("/orders/{}", cancelled.number);
    Ok(page.redirect_with(&to, flash::good(message)))
}

/// How far cancelling reaches: for the brand's people beyond the orders they see, to the books of
/// whoever pays.
async fn acting(page: &Page, who: &SignedIn, number: &str) -> Result<Scope> {
    if who.scope.account_id().is_some() {
        return Ok(who.scope.clone());
    }
    let tx = page.app.db.read(&who.scope).await?;
    super::find(&tx, number).await?;
    Ok(who.scope.everywhere())
}

/// GET `/credit-notes`.
///
/// # Errors
/// Whatever the database says.
pub async fn credit_notes(page: Page, who: SignedIn) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = list::credit_notes(&tx, page.query()).await?;
    page.render(&view)
}

/// POST `/orders/{number}/reorder`: into the cart, at today's prices.
///
/// # Errors
/// `NotFound`.
pub async fn reorder(
    page: Page,
    who: Buyer,
    number: web::Path<String>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let count = reorder::reorder(&tx, &page.app, &who, &number).await?;
    tx.commit().await?;
    let message = if count > 0 {
        flash::good(Message::new("reorder-done").with("count", i64::try_from(count)?))
    } else {
        flash::warning(Message::new("reorder-nothing"))
    };
    Ok(page.redirect_with("/cart", message))
}

/// POST `/orders/{number}/take-back`: into the cart, to be changed and submitted anew.
///
/// # Errors
/// `NotFound`; `Refused` for an order that goes its way.
pub async fn take_back(
    page: Page,
    who: Buyer,
    number: web::Path<String>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let words = page.app.templates.words();
    let reason = words.message(page.lang(), &Message::new("taken-back-reason"));
    let tx = page.app.db.begin(&who.scope).await?;
    let count = reorder::take_back(&tx, &page.app, &who, &number, &reason).await?;
    tx.commit().await?;
    page.app.wake.notify_one();
    let message = if count > 0 {
        let count = i64::try_from(count)?;
        flash::good(Message::new("taken-back").with("count", count))
    } else {
        flash::warning(Message::new("reorder-nothing"))
    };
    Ok(page.redirect_with("/cart", message))
}
