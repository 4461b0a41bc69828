//! Handlers of the brand's stock, and of the wish to be told when an item is back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use trade::calendar::LocalDate;

use super::alerts::{self, Wish};
use super::book::{self, Arrival};
use super::incoming::{Incoming, MOST_RECEIPTS};
use super::show::{self, Forms};
use super::{MOST, list};
use crate::auth::caller::{Buyer, Operations, books_stock};
use crate::auth::{Kam, SignedIn};
use crate::error::{Error, Result};
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/kam/stock`.
///
/// # Errors
/// Whatever the database says.
pub async fn all(page: Page, who: Kam) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let today = LocalDate(page.app.today());
    let can_book = books_stock(who.session.role);
    let view = list::page(&tx, today, page.query(), can_book).await?;
    page.render(&view)
}

/// GET `/kam/stock/{sku}`.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: Kam, sku: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let can_book = books_stock(who.session.role);
    let forms = Forms::default();
    let view = show::page(&tx, &page.app, &sku, page.query(), can_book, forms).await?;
    page.render(&view)
}

/// The page with what was typed and what is wrong with it.
async fn again(page: &Page, who: &Operations, sku: &str, forms: Forms) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = show::page(&tx, &page.app, sku, page.query(), true, forms).await?;
    page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

fn address(sku: &str) -> String {
    format!("/kam/stock/{sku}")
}

/// A whole number of pieces, as typed.
fn pieces(form: &mut FormState, fields: &Fields, name: &str, least: i64) -> i64 {
    let typed = fields
        .text(name)
        .replace(['.', ',', ' ', '\u{a0}', '\u{202f}'], "");
    let number = typed.parse::<i64>().ok();
    let number = number.filter(|number| (least..=MOST).contains(number));
    if number.is_none() {
        let fault = Message::new("stock-whole")
            .with("least", least)
            .with("most", MOST);
        form.refuse(name, fault);
    }
    number.unwrap_or(least)
}

/// What the page showed as on hand.
fn seen(form: &mut FormState, fields: &Fields) -> i64 {
    let seen = fields.text("seen").parse().ok();
    if seen.is_none() {
        form.refuse_key("", "stock-look-again");
    }
    seen.unwrap_or(0)
}

/// A person's words, within bounds.
fn words(form: &mut FormState, fields: &Fields, name: &str, needed: bool) -> String {
    let text: String = fields
        .text(name)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if needed && text.is_empty() {
        form.refuse_key(name, "error-required");
    }
    if text.chars().count() > 120 {
        form.refuse_with(name, "stock-words-long", "most", 120);
    }
    if text.contains(|c: char| c.is_ascii_control()) {
        form.refuse_key(name, "api-control");
    }
    text
}

/// POST `/kam/stock/{sku}/receive`: goods have come.
///
/// # Errors
/// `NotFound`; `Refused` where the product's stock is not counted.
pub async fn receive(
    page: Page,
    who: Operations,
    sku: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    show::check(&tx, &sku).await?;
    let mut form = fields.form();
    let seen = seen(&mut form, &fields);
    let quantity = pieces(&mut form, &fields, "quantity", 1);
    let reference = words(&mut form, &fields, "reference", false);
    let expected: Option<Date> = fields.text("expected").parse().ok();
    if fields.has("expected") && expected.is_none() {
        form.refuse_key("expected", "error-choice");
    }
    let arrival = Arrival {
        quantity,
        expected,
        rest_comes: fields.has("rest"),
    };
    if form.is_valid() {
        match book::receive(&tx, &page.app, &sku, seen, arrival, &reference).await {
            Ok(_) => {
                tx.commit().await?;
                page.app.wake.notify_one();
                let done = Message::new("stock-received").with("quantity", quantity);
                return Ok(page.redirect_with(&address(&sku), flash::good(done)));
            }
            Err(Error::Invalid(faults)) => form.errors.extend(faults.errors),
            Err(other) => return Err(other),
        }
    }
    drop(tx);
    let receive = form;
    let forms = Forms {
        receive,
        ..Forms::default()
    };
    again(&page, &who, &sku, forms).await
}

/// POST `/kam/stock/{sku}/count`: what lies there, with the reason for the difference.
///
/// # Errors
/// As [`receive`].
pub async fn count(
    page: Page,
    who: Operations,
    sku: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    show::check(&tx, &sku).await?;
    let mut form = fields.form();
    let seen = seen(&mut form, &fields);
    let on_hand = pieces(&mut form, &fields, "on_hand", 0);
    let reason = words(&mut form, &fields, "reason", true);
    if form.is_valid() {
        match book::count(&tx, &page.app, &sku, seen, on_hand, &reason).await {
            Ok(_) => {
                tx.commit().await?;
                page.app.wake.notify_one();
                let done = Message::new("stock-counted").with("quantity", on_hand);
                return Ok(page.redirect_with(&address(&sku), flash::good(done)));
            }
            Err(Error::Invalid(faults)) => form.errors.extend(faults.errors),
            Err(other) => return Err(other),
        }
    }
    drop(tx);
    let forms = Forms {
        count: form,
        ..Forms::default()
    };
    again(&page, &who, &sku, forms).await
}

/// POST `/kam/stock/{sku}/receipts`: what is on its way; a row without a day and a quantity is
/// passed over.
///
/// # Errors
/// As [`receive`].
pub async fn expect(
    page: Page,
    who: Operations,
    sku: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    show::check(&tx, &sku).await?;
    let typed: Vec<(String, String)> = fields
        .all("date")
        .zip(fields.all("quantity"))
        .filter(|(day, quantity)| !(day.is_empty() && quantity.is_empty()))
        .map(|(day, quantity)| (day.to_owned(), quantity.to_owned()))
        .collect();
    let mut form = FormState::new();
    let receipts = read_receipts(&typed, &mut form);
    if form.is_valid() {
        match book::expect(&tx, &page.app, &sku, Incoming::of(receipts)).await {
            Ok(_) => {
                tx.commit().await?;
                let done = Message::new("stock-receipts-saved");
                return Ok(page.redirect_with(&address(&sku), flash::good(done)));
            }
            Err(Error::Invalid(faults)) => form.errors.extend(faults.errors),
            Err(other) => return Err(other),
        }
    }
    drop(tx);
    let forms = Forms {
        expect: Some((form, typed)),
        ..Forms::default()
    };
    again(&page, &who, &sku, forms).await
}

fn read_receipts(typed: &[(String, String)], form: &mut FormState) -> Vec<(Date, i64)> {
    if typed.len() > MOST_RECEIPTS {
        let most = i64::try_from(MOST_RECEIPTS).unwrap_or(i64::MAX);
        form.refuse_with("", "stock-receipts-many", "most", most);
    }
    let mut receipts = Vec::with_capacity(typed.len());
    for (at, (day, quantity)) in typed.iter().enumerate() {
        let day: Option<Date> = day.parse().ok();
        let day = day.filter(|day| (1900..=9998).contains(&day.year()));
        let quantity: Option<i64> = quantity.replace(['.', ',', ' '], "").parse().ok();
        let quantity = quantity.filter(|quantity| (1..=MOST).contains(quantity));
        match (day, quantity) {
            (Some(day), Some(quantity)) => receipts.push((day, quantity)),
            (None, _) => form.refuse_key(&format!("date-{at}"), "error-date"),
            (Some(_), None) => {
                let fault = Message::new("stock-whole")
                    .with("least", 1)
                    .with("most", MOST);
                form.refuse(&format!("quantity-{at}"), fault);
            }
        }
    }
    receipts
}

/// POST `/products/{sku}/alert`: tell me when it is back.
///
/// # Errors
/// `NotFound`; `Refused` for one who waits for too many.
pub async fn ask(
    page: Page,
    who: Buyer,
    sku: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let wish = alerts::ask(&tx, &page.app, who.account.id, &sku).await?;
    tx.commit().await?;
    let back = format!("/products/{sku}");
    let to = local_path(fields.text("return"), &back);
    let said = match wish {
        Wish::Kept(article) => Message::new("alert-kept").with("name", article.name),
        Wish::There(article) => Message::new("alert-there").with("name", article.name),
    };
    Ok(page.redirect_with(to, flash::good(said)))
}

/// POST `/products/{sku}/alert/remove`.
///
/// # Errors
/// Whatever the database says.
pub async fn forget(
    page: Page,
    who: SignedIn,
    sku: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    alerts::forget(&tx, &sku).await?;
    tx.commit().await?;
    let to = local_path(fields.text("return"), "/profile");
    Ok(page.redirect_with(to, flash::good(Message::new("alert-removed"))))
}
