//! Handlers of approvals: what waits, one order's decision, and the account's rules and budgets.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::{ApprovalRuleId, UserId};

use super::{budgets, rules, waiting};
use crate::auth::{AccountAdmin, Buyer};
use crate::company::{self, Forms};
use crate::db::again;
use crate::error::{Error, Result};
use crate::orders::decide;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// The longest word of a decider.
const MAX_WORD: usize = 500;

/// GET `/approvals`: what waits, and what was decided.
///
/// # Errors
/// Whatever the database says.
pub async fn list(page: Page, who: Buyer) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = waiting::page(&tx, &who, page.query()).await?;
    page.render(&view)
}

/// GET `/approvals/{number}`: looking decides nothing, whoever follows the link of a mail.
///
/// # Errors
/// `NotFound`.
pub async fn one(page: Page, who: Buyer, number: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    match waiting::one(&tx, &page.app, &who, &number, Default::default()).await? {
        Some(view) => page.render(&view),
        // Nobody was ever asked: the order's own page says how it stands.
        None => Ok(page.redirect(&format!("/orders/{number}"))),
    }
}

/// POST `/approvals/{number}/approve`.
///
/// # Errors
/// `NotFound`; `Refused` where somebody was first, or the caller may not.
pub async fn approve(
    page: Page,
    who: Buyer,
    number: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let word = fields.text("word");
    if word.chars().count() > MAX_WORD {
        return faulty(&page, &who, &number, &fields, "word").await;
    }
    let order = again(async || {
        let tx = page.app.db.begin(&who.scope).await?;
        let hold = waiting::named(&tx, &number, fields.text("hold")).await?;
        let order = decide::release(&tx, &page.app, hold, word).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await?;
    page.app.wake.notify_one();
    let key = if order.state == trade::order::OrderState::Held {
        "approved-and-waits"
    } else {
        "approved-and-confirmed"
    };
    let message = Message::new(key).with("number", order.number);
    Ok(page.redirect_with("/approvals", flash::good(message)))
}

/// POST `/approvals/{number}/reject`: sent back, with a word.
///
/// # Errors
/// As [`approve`].
pub async fn reject(
    page: Page,
    who: Buyer,
    number: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let reason = fields.text("reason");
    if reason.is_empty() || reason.chars().count() > MAX_WORD {
        return faulty(&page, &who, &number, &fields, "reason").await;
    }
    let order = again(async || {
        let tx = page.app.db.begin(&who.scope).await?;
        let hold = waiting::named(&tx, &number, fields.text("hold")).await?;
        let order = decide::reject(&tx, &page.app, hold, reason).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await?;
    page.app.wake.notify_one();
    let message = Message::new("sent-back").with("number", order.number);
    Ok(page.redirect_with("/approvals", flash::good(message)))
}

/// The page again, with what was typed and what is wrong with it.
async fn faulty(
    page: &Page,
    who: &Buyer,
    number: &str,
    fields: &Fields,
    field: &str,
) -> Result<HttpResponse> {
    let mut form = fields.form();
    if fields.has(field) {
        form.refuse_with(field, "error-too-long", "most", 500);
    } else {
        form.refuse_key(field, "error-required");
    }
    let tx = page.app.db.read(&who.scope).await?;
    match waiting::one(&tx, &page.app, who, number, form).await? {
        Some(view) => page.render_as(StatusCode::UNPROCESSABLE_ENTITY, &view),
        None => Ok(page.redirect(&format!("/orders/{number}"))),
    }
}

/// POST `/company/rules`: adds a rule.
///
/// # Errors
/// Whatever the database says.
pub async fn add_rule(page: Page, who: AccountAdmin, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    match rules::add(&tx, &page.app, &who, &fields).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(saved(&page, "/company#rules", Message::new("rule-added")))
        }
        Err(Error::Invalid(form)) => {
            drop(tx);
            let rule = *form;
            let forms = Forms {
                rule,
                ..Forms::default()
            };
            company::web::again(&page, who.into(), forms).await
        }
        Err(error) => Err(error),
    }
}

/// POST `/company/rules/{id}/remove`.
///
/// # Errors
/// `NotFound` for another account's.
pub async fn remove_rule(
    page: Page,
    who: AccountAdmin,
    id: web::Path<ApprovalRuleId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    rules::remove(&tx, &page.app, &who, *id).await?;
    tx.commit().await?;
    Ok(saved(&page, "/company#rules", Message::new("rule-removed")))
}

/// POST `/company/budgets`: sets or changes a person's budget.
///
/// # Errors
/// Whatever the database says.
pub async fn set_budget(page: Page, who: AccountAdmin, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    match budgets::set(&tx, &page.app, &who, &fields).await {
        Ok(name) => {
            tx.commit().await?;
            let message = Message::new("budget-set").with("name", name);
            Ok(saved(&page, "/company#budgets", message))
        }
        Err(Error::Invalid(form)) => {
            drop(tx);
            let budget = *form;
            let forms = Forms {
                budget,
                ..Forms::default()
            };
            company::web::again(&page, who.into(), forms).await
        }
        Err(error) => Err(error),
    }
}

/// POST `/company/budgets/{user}/remove`.
///
/// # Errors
/// `NotFound` for somebody of another account, or without a budget.
pub async fn remove_budget(
    page: Page,
    who: AccountAdmin,
    user: web::Path<UserId>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    let name = budgets::remove(&tx, &page.app, &who, *user).await?;
    tx.commit().await?;
    let message = Message::new("budget-removed").with("name", name);
    Ok(saved(&page, "/company#budgets", message))
}

fn saved(page: &Page, to: &str, message: Message) -> HttpResponse {
    page.redirect_with(to, flash::good(message))
}
