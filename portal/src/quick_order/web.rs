//! Handlers of the quick order.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::page::{self, Asked};
use super::paste::{self, MOST_ROWS, PasteFault};
use super::view::CompleteFragment;
use super::{Moved, TooMany};
use crate::auth::caller::Buyer;
use crate::db::words::Surface;
use crate::error::{Error, Result};
use crate::suggestions::{picks, showings};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/quick-order`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: Buyer) -> Result<HttpResponse> {
    answer(&page, &who, StatusCode::OK, FormState::new()).await
}

/// The page with a form as it was typed.
pub(super) async fn answer(
    page: &Page,
    who: &Buyer,
    status: StatusCode,
    form: FormState,
) -> Result<HttpResponse> {
    let query = page.query();
    let number = |name| {
        query
            .get(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(1)
    };
    let asked = Asked {
        page: number("page"),
        wrong: number("wrong"),
        lang: page.lang(),
    };
    let tx = page.app.db.read(&who.scope).await?;
    let view = page::page(&tx, &page.app, who, asked, form).await?;
    page.render_as(status, &view)
}

async fn changed(page: &Page, who: &Buyer) -> Result<HttpResponse> {
    if page.fragment().is_some() {
        return answer(page, who, StatusCode::OK, FormState::new()).await;
    }
    Ok(page.redirect("/quick-order"))
}

/// POST `/quick-order`: `lines`, pasted or typed.
///
/// # Errors
/// Whatever the database says.
pub async fn append(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let text = fields.raw("lines");
    let mut form = FormState::new().value("lines", text);
    let typed = match paste::parse(text) {
        Ok(typed) if typed.is_empty() => {
            form.refuse_key("lines", "error-required");
            return answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
        Ok(typed) => typed,
        Err(fault) => {
            form.refuse("lines", fault_words(fault));
            return answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    match keep(&page, &who, &typed).await? {
        Ok(()) => changed(&page, &who).await,
        Err(too_many) => {
            form.refuse("lines", too_many_words(too_many));
            answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// POST `/quick-order/usual`: the usual order as rows, behind those that are there and behind
/// `lines`, which was typed and not yet sent.
///
/// # Errors
/// Whatever the database says.
pub async fn usual(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let text = fields.raw("lines");
    let mut form = FormState::new().value("lines", text);
    let typed = match paste::parse(text) {
        Ok(typed) => typed,
        Err(fault) => {
            form.refuse("lines", fault_words(fault));
            return answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let tx = page.app.db.begin(&who.scope).await?;
    match super::usual::fill(&tx, &page.app, &who.account, &typed, page.lang()).await? {
        Ok(filled) => {
            tx.commit().await?;
            let (app, account) = (&page.app, who.account.id);
            let lists = picks::lists(&filled);
            showings::note(app, &who.scope, account, Surface::QuickOrder, &lists).await;
            changed(&page, &who).await
        }
        Err(too_many) => {
            drop(tx);
            form.refuse("lines", too_many_words(too_many));
            answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// Keeps rows, however they came.
pub(super) async fn keep(
    page: &Page,
    who: &Buyer,
    typed: &[paste::Typed],
) -> Result<Result<(), TooMany>> {
    let tx = page.app.db.begin(&who.scope).await?;
    let kept = super::append(&tx, who.account.id, typed).await?;
    if kept.is_ok() {
        tx.commit().await?;
    }
    Ok(kept)
}

/// What was pasted is too much.
pub(super) fn fault_words(fault: PasteFault) -> Message {
    match fault {
        PasteFault::TooManyRows { rows } => Message::new("error-too-many-rows")
            .with("rows", number(rows))
            .with("most", number(MOST_ROWS)),
        PasteFault::TooManyBytes { .. } => Message::new("error-paste-too-large"),
    }
}

/// Together with what is kept it is too much.
pub(super) fn too_many_words(too_many: TooMany) -> Message {
    if too_many.present == 0 {
        return fault_words(PasteFault::TooManyRows {
            rows: too_many.rows,
        });
    }
    Message::new("error-rows-together")
        .with("present", number(too_many.present))
        .with("rows", number(too_many.rows))
        .with("most", number(MOST_ROWS))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn position(path: &str) -> Result<i32> {
    path.parse().map_err(|_| Error::NotFound)
}

/// POST `/quick-order/rows/{position}`: `code`, `quantity`, `unit`; `other` is a code that none of
/// those offered is, `nearest` one of the quantities that were.
///
/// # Errors
/// Whatever the database says.
pub async fn correct(
    page: Page,
    who: Buyer,
    row: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let position = position(&row)?;
    let code = if fields.has("other") {
        fields.text("other")
    } else {
        fields.text("code")
    };
    let quantity = if fields.has("nearest") {
        fields.text("nearest")
    } else {
        fields.text("quantity")
    };
    let tx = page.app.db.begin(&who.scope).await?;
    let account = who.account.id;
    // A row that has gone in the meantime leaves nothing to correct; the page shows what is there.
    if super::correct(&tx, account, position, code, quantity, fields.text("unit")).await? {
        tx.commit().await?;
    }
    changed(&page, &who).await
}

/// POST `/quick-order/rows/{position}/remove`.
///
/// # Errors
/// Whatever the database says.
pub async fn remove(
    page: Page,
    who: Buyer,
    row: web::Path<String>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    if super::remove(&tx, who.account.id, position(&row)?).await? {
        tx.commit().await?;
    }
    changed(&page, &who).await
}

/// POST `/quick-order/clear`.
///
/// # Errors
/// Whatever the database says.
pub async fn clear(page: Page, who: Buyer, _fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    super::clear(&tx, who.account.id).await?;
    tx.commit().await?;
    Ok(page.redirect_with(
        "/quick-order",
        flash::good(Message::new("quick-order-cleared")),
    ))
}

/// POST `/quick-order/add`: the right rows into the cart.
///
/// # Errors
/// Whatever the database says.
pub async fn add_to_cart(page: Page, who: Buyer, _fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let moved = super::add_to_cart(&tx, &page.app, who.account.id, page.lang()).await?;
    tx.commit().await?;
    let count = |count| i64::try_from(count).unwrap_or(i64::MAX);
    let Moved { added, left } = moved;
    Ok(match (added, left) {
        (0, _) => {
            let message = Message::new("quick-order-none-ready");
            page.redirect_with("/quick-order", flash::warning(message))
        }
        (_, 0) => {
            let message = Message::new("quick-order-added").with("count", count(added));
            page.redirect_with("/cart", flash::good(message))
        }
        (_, _) => {
            let message = Message::new("quick-order-left");
            let message = message
                .with("added", count(added))
                .with("left", count(left));
            page.redirect_with("/quick-order", flash::warning(message))
        }
    })
}

/// GET `/quick-order/complete?q=`.
///
/// # Errors
/// Whatever the database says.
pub async fn complete(page: Page, who: Buyer) -> Result<HttpResponse> {
    let query = page.query();
    let typed = query.get("q").map_or("", |text| text.trim());
    let matches = if typed.is_empty() {
        Vec::new()
    } else {
        let tx = page.app.db.read(&who.scope).await?;
        page::complete(&tx, &page.app, typed).await?
    };
    page.render(&CompleteFragment { matches })
}
