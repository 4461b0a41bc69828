//! Checkout: the cart once more with its total, where it goes, and one button.
//!
//! The form carries back what was shown, so that a price that moved in between is told line by
//! line and nothing is ordered before the buyer has seen the new total.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use trade::id::{AccountId, CartId};
use trade::money::Money;
use trade::stock::Promise;
use uuid::Uuid;

use super::quote::QuotedLine;
use super::seen::{Seen, SeenLine, differences};
use super::submit::{self, Lines, Submission};
use super::{ahead, refusals};
use crate::app::App;
use crate::auth::caller::Buyer;
use crate::cart::page::{self as cart_page, Priced};
use crate::cart::view::{CheckoutLine, CheckoutPage};
use crate::cart::{self, Details};
use crate::catalogue::view::Availability;
use crate::credit;
use crate::db::Tx;
use crate::db::words::OrderSource;
use crate::error::{Error, Refusal, Result};
use crate::pricing::view::{ByHandView, PromotionStep};
use crate::stock::short;
use crate::stock::view::SplitView;
use crate::web::form::FormState;
use crate::web::shape::{Address, Arg, Message};
use crate::web::{Fields, Page, flash};

/// Lines that checkout repeats; the cart's page has all of them.
const LINES_SHOWN: usize = 100;

/// GET `/checkout`.
///
/// # Errors
/// `Refused` for a blocked account; whatever the database says.
pub async fn page(page: Page, who: Buyer) -> Result<HttpResponse> {
    if who.account.blocked {
        return Err(refusals::blocked().into());
    }
    let tx = page.app.db.read(&who.scope).await?;
    let priced = cart_page::priced(&tx, &page.app, who.account.id).await?;
    let Some(priced) = priced.filter(|priced| priced.quote.is_orderable()) else {
        // The cart's page says what is missing or wrong, and mends it.
        let message = flash::warning(Message::new("checkout-not-yet"));
        return Ok(page.redirect_with("/cart", message));
    };
    let form = Details::of(&priced.cart).form();
    let view = view(&tx, &page.app, &who, &priced, (form, &Seen::default())).await?;
    page.render(&view)
}

/// POST `/checkout`.
///
/// # Errors
/// `Refused` where it cannot be ordered as things stand; whatever the database says.
pub async fn submit(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let mut form = fields.form();
    let details = Details::read(&fields, page.app.today(), &mut form);
    let key = fields.text("idempotency_key");
    let expected = fields.text("expected_total_minor").parse::<i64>().ok();
    let Some(expected) = expected.filter(|_| (1..=255).contains(&key.len())) else {
        form.refuse_key("", "checkout-look-again");
        return again(
            &page,
            &who,
            StatusCode::UNPROCESSABLE_ENTITY,
            form,
            &Seen::default(),
        )
        .await;
    };
    if !form.is_valid() {
        return again(
            &page,
            &who,
            StatusCode::UNPROCESSABLE_ENTITY,
            form,
            &Seen::default(),
        )
        .await;
    }
    let seen = Seen::read(fields.raw("shown"));
    let expected = Money::new(expected, who.account.currency);
    let submitting = async || {
        let tx = page.app.db.begin(&who.scope).await?;
        let open = cart::find(&tx, who.account.id).await?;
        // The cart that was looked at, not one that a colleague has begun since.
        let cart = fields
            .text("cart")
            .parse::<CartId>()
            .ok()
            .or(open.map(|cart| cart.id));
        let submission = Submission {
            account: who.account.id,
            // Without a cart only the answer of an earlier request with this key can be meant.
            lines: cart.map_or_else(|| Lines::Given(Vec::new()), Lines::Cart),
            source: OrderSource::Portal,
            key: key.to_owned(),
            digest: digest(who.account.id, expected, &details),
            expected_total: Some(expected),
            shown: seen.lines.iter().map(SeenLine::shown).collect(),
            // An empty field is a page that told nothing.
            expected_free: (!seen.lines.is_empty()).then(|| seen.free.clone()),
            ship_to: details.ship_to,
            po_number: details.po_number.clone(),
            requested_date: details.requested_date,
            note: details.note.clone(),
            visit_started_at: who.session.visit_started_at.filter(|_| !who.is_staff()),
        };
        let placed = submit::submit(&tx, &page.app, &submission).await?;
        tx.commit().await?;
        Ok(placed)
    };
    let refusal = match crate::db::again(submitting).await {
        Ok(placed) => {
            page.app.wake.notify_one();
            return Ok(page.redirect(&format!("/orders/{}?placed=1", placed.number)));
        }
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => return Err(other),
    };
    refused(&page, &who, *refusal, form, &details, &seen).await
}

/// Nothing was ordered; what was typed is kept with the cart.
async fn refused(
    page: &Page,
    who: &Buyer,
    refusal: Refusal,
    mut form: FormState,
    details: &Details,
    seen: &Seen,
) -> Result<HttpResponse> {
    match refusal.code {
        "unknown-ship-to" => {
            form.refuse("ship_to", refusal.happened);
            return again(
                page,
                who,
                StatusCode::UNPROCESSABLE_ENTITY,
                form,
                &Seen::default(),
            )
            .await;
        }
        "total-changed" | "lines-not-orderable" => {
            let tx = page.app.db.begin(&who.scope).await?;
            cart::set_details(&tx, &page.app, who.account.id, details).await?;
            tx.commit().await?;
        }
        _ => return Err(refusal.into()),
    }
    if refusal.code != "total-changed" {
        return Err(refusal.into());
    }
    again(page, who, StatusCode::CONFLICT, form, seen).await
}

/// The page again as the cart is now; with `seen`, what has changed since.
async fn again(
    page: &Page,
    who: &Buyer,
    status: StatusCode,
    mut form: FormState,
    seen: &Seen,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let priced = cart_page::priced(&tx, &page.app, who.account.id).await?;
    let priced = priced.ok_or_else(|| Error::from(refusals::empty()))?;
    if !priced.quote.is_orderable() {
        let lines = &priced.quote.lines;
        let shortages = short::explain(&tx, &page.app, &priced.whom, lines).await?;
        return Err(refusals::lines_not_orderable(&priced.quote, &shortages).into());
    }
    // Keys, totals and what was shown are made anew.
    form.values.retain(|name, _| {
        matches!(
            name.as_str(),
            "ship_to" | "po_number" | "requested_date" | "note"
        )
    });
    let mut view = view(&tx, &page.app, who, &priced, (form, seen)).await?;
    if status == StatusCode::CONFLICT && view.differences.is_empty() {
        // The lines cost what they did; the tax of another place, or a page that is too old.
        view.form.refuse_key("", "refused-total-changed");
    }
    page.render_as(status, &view)
}

async fn view(
    tx: &Tx,
    app: &App,
    who: &Buyer,
    priced: &Priced,
    (form, seen): (FormState, &Seen),
) -> Result<CheckoutPage> {
    let whom = &priced.whom;
    let person = Some(who.session.user_id);
    let po_number = form.values.get("po_number").map_or("", String::as_str);
    let openings = ahead::openings(tx, app, whom, &priced.quote, person, po_number).await?;
    let currency = whom.customer.currency;
    let places = cart_page::places(tx, whom.account.id).await?;
    let chosen = whom.ship_to.as_ref().map(|place| place.id);
    let promises = short::promises(tx, app, &priced.quote.lines).await?;
    let lines = priced
        .quote
        .lines
        .iter()
        .enumerate()
        .take(LINES_SHOWN)
        .filter_map(|(at, line)| line_view(line, promises.get(&at), who.is_staff()))
        .collect();
    let differences = differences(tx, app, &priced.quote, seen).await?;
    let account = &whom.account;
    let credit = credit::remaining(tx, app, account).await?;
    Ok(CheckoutPage {
        form,
        idempotency_key: Uuid::now_v7().to_string(),
        cart: priced.cart.id.to_string(),
        lines,
        line_count: i64::try_from(priced.quote.lines.len())?,
        shown: Seen::write(&priced.quote),
        totals: cart_page::totals_view(&priced.quote),
        ship_tos: cart_page::choices(&places, chosen),
        bill_to: Address {
            name: account.name.clone(),
            lines: vec![
                account.street.clone(),
                format!("{} {}", account.postal_code, account.city),
                account.country.clone(),
            ],
        },
        earliest_date: Some(app.today().to_string()),
        terms_days: account.payment_terms_days.into(),
        old_total: (!differences.is_empty()).then(|| Money::new(seen.net_minor(), currency)),
        differences,
        free: cart_page::free_lines(&priced.quote),
        remaining_credit: credit.map(|credit| credit.remaining),
        notices: notices(&promises)?,
        waits: ahead::waits(app, whom, openings, who.is_staff()),
    })
}

fn line_view(line: &QuotedLine, promise: Option<&Promise>, is_staff: bool) -> Option<CheckoutLine> {
    let article = line.article.as_ref()?;
    let trace = line.trace.as_ref()?;
    Some(CheckoutLine {
        sku: article.sku.clone(),
        name: article.name.clone(),
        quantity: line.wanted.quantity,
        unit: line.wanted.unit,
        unit_price: trace.price?,
        price_unit: line.wanted.unit,
        currency: trace.currency,
        total: line.net?,
        before: cart_page::before(line),
        promotions: PromotionStep::of(trace),
        by_hand: trace
            .by_hand
            .as_ref()
            .map(|by_hand| ByHandView::of(by_hand, is_staff)),
        availability: Availability {
            // When its own last piece comes, not the next receipt, which others may wait for.
            expected: promise
                .and_then(|promise| promise.by)
                .map(|date| date.to_string()),
            ..cart_page::availability(article, line.wanted.unit, line.wanted.quantity)
        },
        split: promise.map(SplitView::from),
    })
}

/// How many lines come later in part, and when the last of it is there where that is known.
fn notices(promises: &HashMap<usize, Promise>) -> Result<Vec<Message>> {
    if promises.is_empty() {
        return Ok(Vec::new());
    }
    let lines = i64::try_from(promises.len())?;
    let days: Option<Vec<Date>> = promises.values().map(|promise| promise.by).collect();
    let last = days.and_then(|days| days.into_iter().max());
    let notice = match last {
        Some(day) => Message::new("checkout-notice-back-order-until").with(
            "date",
            Arg::Date {
                date: day.to_string(),
            },
        ),
        None => Message::new("checkout-notice-back-order"),
    };
    Ok(vec![notice.with("lines", lines)])
}

/// Everything the request says but its key: the same key with another digest is another request.
fn digest(account: AccountId, expected: Money, details: &Details) -> String {
    let said = serde_json::json!([
        account,
        expected.minor,
        details.ship_to,
        details.po_number,
        details.requested_date.map(|date| date.to_string()),
        details.note,
    ]);
    let hash = Sha256::digest(said.to_string().as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reference_is_another_request() {
        let account = AccountId(Uuid::from_u128(1));
        let total = Money::new(100, trade::money::Currency::EUR);
        let details = |po: &str| Details {
            po_number: po.to_owned(),
            ..Details::default()
        };
        let one = digest(account, total, &details("A"));
        assert_eq!(one, digest(account, total, &details("A")));
        assert_ne!(one, digest(account, total, &details("B")));
        assert_eq!(one.len(), 64);
    }
}
