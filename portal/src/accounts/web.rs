//! Handlers of the portfolio, an account's profile, and acting for it.

use actix_web::{HttpResponse, web};

use super::{acting, insight, portfolio, profile};
use crate::auth::Kam;
use crate::error::Result;
use crate::web::{Fields, Page};

/// GET `/kam/accounts`.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let can_act = acting::may_act(who.session.role);
    let view = portfolio::page(&tx, &page.app, page.query(), can_act).await?;
    page.render(&view)
}

/// GET `/kam/accounts/{number}`.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: Kam, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let asked = profile::Asked {
        role: who.session.role,
        terms: None,
    };
    let view = profile::page(&tx, &page.app, &number, asked).await?;
    page.render(&view)
}

/// GET `/kam/accounts/{number}/gaps`: what similar accounts order and this one does not.
///
/// # Errors
/// `NotFound`.
pub async fn gaps(page: Page, who: Kam, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    page.render(&insight::gaps(&tx, &page.app, &number, page.query()).await?)
}

/// POST `/kam/accounts/{number}/act`: from here on, the account's own pages.
///
/// # Errors
/// `NotFound`; `Forbidden` for roles that do not order.
pub async fn act(
    page: Page,
    who: Kam,
    number: web::Path<String>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    acting::begin(&tx, &who.session, &number, page.app.clock.millis()).await?;
    tx.commit().await?;
    Ok(page.redirect("/"))
}

/// POST `/act/stop`.
///
/// # Errors
/// Whatever the database says.
pub async fn stop(page: Page, who: Kam, _fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    acting::end(&tx, who.session.id).await?;
    tx.commit().await?;
    Ok(page.redirect("/kam"))
}
