//! The handlers of the first page.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::typed::{self, Act, TypedLine};
use super::view::Notice;
use super::{Desk, Overlay};
use crate::auth::SignedIn;
use crate::auth::caller::Buyer;
use crate::cart::{self, problem};
use crate::db::words::{Dismissal, Surface};
use crate::error::Result;
use crate::suggestions::{dismiss, showings};
use crate::web::page::{FlashKind, FlashStep};
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/`: the buyer's desk. The brand's people, unless they act for an account, have their own.
///
/// # Errors
/// Whatever the database says.
pub async fn home(page: Page, who: SignedIn) -> Result<HttpResponse> {
    let Some(account) = &who.session.account else {
        return Ok(page.redirect("/kam"));
    };
    let overlay = Overlay {
        lang: page.lang(),
        ..Overlay::default()
    };
    let tx = page.app.db.read(&who.scope).await?;
    let desk = super::desk(&tx, &page.app, &who.session, account, overlay).await?;
    drop(tx);
    showings::note(
        &page.app,
        &who.scope,
        account.id,
        Surface::Home,
        &desk.shown,
    )
    .await;
    page.render(&desk.page)
}

/// POST `/`: the order as it stands on the desk, and what is to be done with it (`do`).
///
/// Whatever is pressed, what was typed stays on the page: only what is in the cart leaves it.
///
/// # Errors
/// `NotFound` for a dismissal of what the account does not see; whatever the database says.
pub async fn order(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let overlay = Overlay {
        typed: typed::lines(&fields),
        lang: page.lang(),
        ..Overlay::default()
    };
    match Act::read(&fields) {
        Act::Count => show(&page, &who, StatusCode::OK, overlay).await,
        Act::Dismiss(kind, sku) => dismiss(&page, &who, overlay, kind, &sku).await,
        Act::TakeBack(sku) => take_back(&page, &who, overlay, &sku).await,
        Act::Take { sku, quantity } => {
            let line = TypedLine {
                suggested: typed::label_of(&fields, &sku),
                sku,
                unit: String::new(),
                quantity,
                ticked: true,
            };
            add(&page, &who, overlay, vec![line], false).await
        }
        Act::Add => {
            let wanted = |line: &&TypedLine| line.ticked && !line.quantity.is_empty();
            let lines: Vec<TypedLine> = overlay.typed.iter().filter(wanted).cloned().collect();
            add(&page, &who, overlay, lines, true).await
        }
    }
}

async fn show(
    page: &Page,
    who: &Buyer,
    status: StatusCode,
    overlay: Overlay,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let Desk { page: view, shown } =
        super::desk(&tx, &page.app, &who.session, &who.account, overlay).await?;
    drop(tx);
    showings::note(&page.app, &who.scope, who.account.id, Surface::Home, &shown).await;
    page.cart_holds(view.cart_lines);
    page.render_as(status, &view)
}

async fn dismiss(
    page: &Page,
    who: &Buyer,
    mut overlay: Overlay,
    kind: Dismissal,
    sku: &str,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let done = dismiss::dismiss(&tx, &page.app, who.account.id, sku, kind).await?;
    tx.commit().await?;
    overlay.typed.retain(|line| line.sku != sku);
    overlay.notice = Some(Notice {
        kind: FlashKind::Good,
        message: dismiss::web::words(&done),
        undo: Some(done.sku),
        to_cart: false,
    });
    show(page, who, StatusCode::OK, overlay).await
}

async fn take_back(
    page: &Page,
    who: &Buyer,
    mut overlay: Overlay,
    sku: &str,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let name = dismiss::take_back(&tx, who.account.id, sku).await?;
    tx.commit().await?;
    overlay.notice = name.map(|name| Notice {
        kind: FlashKind::Good,
        message: Message::new("dismiss-undone").with("name", name),
        undo: None,
        to_cart: false,
    });
    show(page, who, StatusCode::OK, overlay).await
}

/// Puts lines into the cart. Where all are in and it was the whole order, the page begins anew;
/// else it stays with what was typed, the wrong ones with their reasons.
async fn add(
    page: &Page,
    who: &Buyer,
    mut overlay: Overlay,
    lines: Vec<TypedLine>,
    whole: bool,
) -> Result<HttpResponse> {
    if lines.is_empty() {
        overlay.notice = Some(Notice {
            kind: FlashKind::Warning,
            message: Message::new("home-nothing-ticked"),
            undo: None,
            to_cart: false,
        });
        return show(page, who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await;
    }
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
    let taken: HashSet<&str> = added
        .taken
        .iter()
        .filter_map(|at| Some(good.get(*at)?.sku.as_str()))
        .collect();
    overlay
        .typed
        .retain(|line| !taken.contains(line.sku.as_str()));
    let refused = overlay.problems.len();
    let message = words(taken.len(), refused);
    if refused == 0 && whole {
        let said = flash::good(message)
            .then(link("/cart", "home-to-cart"))
            .then(link("/checkout", "cart-checkout"));
        return Ok(page.redirect_with("/", said));
    }
    overlay.notice = Some(Notice {
        kind: if refused == 0 {
            FlashKind::Good
        } else {
            FlashKind::Warning
        },
        message,
        undo: None,
        to_cart: !taken.is_empty(),
    });
    let status = if refused == 0 {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    show(page, who, status, overlay).await
}

fn words(taken: usize, refused: usize) -> Message {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let key = match (taken, refused) {
        (_, 0) => "home-added",
        (0, _) => "home-refused",
        _ => "home-added-partly",
    };
    Message::new(key)
        .with("count", count(taken))
        .with("refused", count(refused))
}

fn link(href: &str, label: &str) -> FlashStep {
    FlashStep::Link {
        href: href.to_owned(),
        label: label.to_owned(),
    }
}
