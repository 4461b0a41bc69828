//! Handlers of the statement, the ledger and an account's terms.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::statement::Place;
use super::terms::{self, Terms};
use super::{entries, statement};
use crate::accounts::{self, profile};
use crate::auth::{Buyer, Finance, Kam};
use crate::db::entity::account;
use crate::error::Result;
use crate::web::{Fields, Page, flash};

/// GET `/invoices`: what the account owes.
///
/// # Errors
/// Whatever the database says.
pub async fn own(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let account = tx.get::<account::Entity>(who.account.id).await?;
    let place = Place {
        path: "/invoices".to_owned(),
        csv: "/invoices.csv".to_owned(),
        for_brand: false,
    };
    let view = statement::page(&tx, &page.app, &account, place, page.query()).await?;
    page.render(&view)
}

/// GET `/invoices.csv`.
///
/// # Errors
/// `NotFound` where another account pays.
pub async fn own_csv(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let account = tx.get::<account::Entity>(who.account.id).await?;
    let file = statement::csv(&tx, &page.app, &account).await?;
    Ok(download(&page, &account, file))
}

/// GET `/kam/accounts/{number}/statement`.
///
/// # Errors
/// `NotFound`.
pub async fn of_account(page: Page, who: Kam, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let account = accounts::find(&tx, &number).await?;
    let path = format!("/kam/accounts/{}/statement", account.number);
    let place = Place {
        csv: format!("{path}.csv"),
        path,
        for_brand: true,
    };
    let view = statement::page(&tx, &page.app, &account, place, page.query()).await?;
    page.render(&view)
}

/// GET `/kam/accounts/{number}/statement.csv`.
///
/// # Errors
/// `NotFound`, also where another account pays.
pub async fn of_account_csv(
    page: Page,
    who: Kam,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let account = accounts::find(&tx, &number).await?;
    let file = statement::csv(&tx, &page.app, &account).await?;
    Ok(download(&page, &account, file))
}

fn download(page: &Page, account: &account::Model, file: Vec<u8>) -> HttpResponse {
    let today = page.app.today();
    let name = format!("statement-{}-{today}.csv", account.number);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(file)
}

/// GET `/kam/accounts/{number}/ledger`.
///
/// # Errors
/// `NotFound`, also where another account pays.
pub async fn ledger(page: Page, who: Kam, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let account = accounts::find(&tx, &number).await?;
    page.render(&entries::page(&tx, &page.app, &account, page.query()).await?)
}

/// POST `/kam/accounts/{number}/terms`.
///
/// # Errors
/// `NotFound`.
pub async fn set_terms(
    page: Page,
    who: Finance,
    number: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let account = accounts::find(&tx, &number).await?;
    match Terms::read(&fields, account.currency) {
        Ok(terms) => {
            terms::change(&tx, page.app.clock.millis(), &account, &terms).await?;
            tx.commit().await?;
            let to = format!("/kam/accounts/{}", account.number);
            Ok(page.redirect_with(&to, flash::good(terms::saved(&account))))
        }
        Err(form) => {
            let asked = profile::Asked {
                role: who.session.role,
                terms: Some(form),
            };
            let view = profile::page(&tx, &page.app, &number, asked).await?;
            page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
    }
}
