//! Handlers of a promotion's prepared order.

use std::collections::HashSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::view::OverPage;
use super::{Overlay, Standing};
use crate::auth::caller::Buyer;
use crate::cart::{self, problem};
use crate::error::Result;
use crate::home::typed::{self, TypedLine};
use crate::home::view::Notice;
use crate::web::page::FlashKind;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/promotions/{code}/order`; `m` is the word of the mail that led here.
///
/// # Errors
/// `NotFound` where the promotion never was the account's.
pub async fn show(page: Page, who: Buyer, code: web::Path<String>) -> Result<HttpResponse> {
    let overlay = Overlay {
        lang: page.lang(),
        ..Overlay::default()
    };
    let answer = answer(&page, &who, &code, StatusCode::OK, overlay).await?;
    if let Some(word) = page.query().get("m") {
        // The page is there whether or not its opening can be noted.
        if let Err(error) = super::clicked(&page.app, &who, &code, word).await {
            tracing::warn!(%error, "that a mail was followed could not be noted");
        }
    }
    Ok(answer)
}

async fn answer(
    page: &Page,
    who: &Buyer,
    code: &str,
    status: StatusCode,
    overlay: Overlay,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    match super::find(&tx, &page.app, &who.account, code).await? {
        Standing::Running(prepared) => {
            let view = prepared.page(&tx, &page.app, &who.account, overlay).await?;
            page.cart_holds(view.cart_lines);
            page.render_as(status, &view)
        }
        Standing::Over(over) => {
            let ticked = overlay.typed.unwrap_or_default().into_iter();
            let ticked = ticked.filter(|line| line.ticked && !line.quantity.is_empty());
            let lines = ticked.map(|line| (line.sku, line.unit, line.quantity));
            page.render_as(StatusCode::GONE, &OverPage::new(over, lines.collect()))
        }
    }
}

/// POST `/promotions/{code}/order`: the lines as they stand, to be reckoned or put into the cart.
///
/// # Errors
/// `NotFound` where the promotion never was the account's.
pub async fn order(
    page: Page,
    who: Buyer,
    code: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let lines = typed::lines(&fields);
    let mut overlay = Overlay {
        lang: page.lang(),
        ..Overlay::default()
    };
    if fields.text("do") != "add" {
        overlay.typed = Some(lines);
        return answer(&page, &who, &code, StatusCode::OK, overlay).await;
    }
    let wanted = |line: &&TypedLine| line.ticked && !line.quantity.is_empty();
    let ticked: Vec<TypedLine> = lines.iter().filter(wanted).cloned().collect();
    overlay.typed = Some(lines);
    if ticked.is_empty() {
        overlay.notice = Some(notice(Message::new("home-nothing-ticked"), false));
        return answer(
            &page,
            &who,
            &code,
            StatusCode::UNPROCESSABLE_ENTITY,
            overlay,
        )
        .await;
    }
    // What has ended meanwhile is said before anything is ordered.
    let tx = page.app.db.read(&who.scope).await?;
    let standing = super::find(&tx, &page.app, &who.account, &code).await?;
    drop(tx);
    if let Standing::Over(_) = standing {
        return answer(&page, &who, &code, StatusCode::GONE, overlay).await;
    }
    add(&page, &who, &code, overlay, ticked).await
}

/// Puts lines into the cart: all of them, or the right ones, and the wrong ones stay with their
/// reasons.
async fn add(
    page: &Page,
    who: &Buyer,
    code: &str,
    mut overlay: Overlay,
    lines: Vec<TypedLine>,
) -> Result<HttpResponse> {
    let (mut good, mut adding) = (Vec::new(), Vec::new());
    for line in &lines {
        match line.adding(page.lang()) {
            Ok(item) => {
                good.push(line);
                adding.push(item);
            }
            Err(words) => {
                overlay.problems.insert(line.sku.clone(), words);
            }
        }
    }
    let tx = page.app.db.begin(&who.scope).await?;
    let added = cart::add(&tx, &page.app, who.account.id, &adding).await?;
    tx.commit().await?;
    for fault in &added.refused {
        if let Some(line) = good.get(fault.at) {
            let words = problem::reason_words(&fault.reason, fault.article.as_deref(), fault.unit);
            overlay.problems.insert(line.sku.clone(), words);
        }
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (taken, refused) = (added.taken.len(), overlay.problems.len());
    let key = match (taken, refused) {
        (_, 0) => "home-added",
        (0, _) => "home-refused",
        _ => "home-added-partly",
    };
    let message = Message::new(key)
        .with("count", count(taken))
        .with("refused", count(refused));
    if refused == 0 {
        return Ok(page.redirect_with("/cart", flash::good(message)));
    }
    let in_cart: HashSet<&str> = added
        .taken
        .iter()
        .filter_map(|at| Some(good.get(*at)?.sku.as_str()))
        .collect();
    if let Some(typed) = &mut overlay.typed {
        typed.retain(|line| !in_cart.contains(line.sku.as_str()));
    }
    overlay.notice = Some(notice(message, taken > 0));
    answer(page, who, code, StatusCode::UNPROCESSABLE_ENTITY, overlay).await
}

fn notice(message: Message, to_cart: bool) -> Notice {
    Notice {
        kind: FlashKind::Warning,
        message,
        undo: None,
        to_cart,
    }
}
