//! Checkout: the cart once more with its total, where it goes, and one button.
//!
//! The form carries back what was shown, so that a price that moved in between is told line by
//! line and nothing is ordered before the buyer has seen the new total.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use trade::id::{AccountId, CartId, ProductId};
use trade::money::{Money, UnitPrice};
use trade::quantity::Unit;
use trade::stock::Promise;
use uuid::Uuid;

use super::quote::{Quote, QuotedLine};
use super::refusals;
use super::submit::{self, Lines, Shown, Submission};
use crate::app::App;
use crate::auth::caller::Buyer;
use crate::cart::page::{self as cart_page, Priced};
use crate::cart::view::{CheckoutLine, CheckoutPage, LineDifference};
use crate::cart::{self, Details};
use crate::catalogue::article;
use crate::credit;
use crate::db::Tx;
use crate::db::words::OrderSource;
use crate::error::{Error, Refusal, Result};
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
    let view = view(&tx, &page.app, &priced, form, &[]).await?;
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
        return again(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form, &[]).await;
    };
    if !form.is_valid() {
        return again(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, form, &[]).await;
    }
    let seen = Seen::read(fields.raw("shown"));
    let expected = Money::new(expected, who.account.currency);
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
        shown: seen.iter().map(Seen::shown).collect(),
        ship_to: details.ship_to,
        po_number: details.po_number.clone(),
        requested_date: details.requested_date,
        note: details.note.clone(),
    };
    let refusal = match submit::submit(&tx, &page.app, &submission).await {
        Ok(placed) => {
            tx.commit().await?;
            page.app.wake.notify_one();
            return Ok(page.redirect(&format!("/orders/{}?placed=1", placed.number)));
        }
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => return Err(other),
    };
    drop(tx);
    refused(&page, &who, *refusal, form, &details, &seen).await
}

/// Nothing was ordered; what was typed is kept with the cart.
async fn refused(
    page: &Page,
    who: &Buyer,
    refusal: Refusal,
    mut form: FormState,
    details: &Details,
    seen: &[Seen],
) -> Result<HttpResponse> {
    match refusal.code {
        "unknown-ship-to" => {
            form.refuse("ship_to", refusal.happened);
            return again(page, who, StatusCode::UNPROCESSABLE_ENTITY, form, &[]).await;
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
    seen: &[Seen],
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
    let mut view = view(&tx, &page.app, &priced, form, seen).await?;
    if status == StatusCode::CONFLICT && view.differences.is_empty() {
        // The lines cost what they did; the tax of another place, or a page that is too old.
        view.form.refuse_key("", "refused-total-changed");
    }
    page.render_as(status, &view)
}

async fn view(
    tx: &Tx,
    app: &App,
    priced: &Priced,
    form: FormState,
    seen: &[Seen],
) -> Result<CheckoutPage> {
    let whom = &priced.whom;
    let places = cart_page::places(tx, whom.account.id).await?;
    let chosen = whom.ship_to.as_ref().map(|place| place.id);
    let promises = short::promises(tx, app, &priced.quote.lines).await?;
    let lines = priced
        .quote
        .lines
        .iter()
        .enumerate()
        .take(LINES_SHOWN)
        .filter_map(|(at, line)| line_view(line, promises.get(&at)))
        .collect();
    let differences = differences(tx, app, &priced.quote, seen).await?;
    let old_net: i64 = seen.iter().map(|line| line.net_minor).sum();
    let account = &whom.account;
    let credit = credit::remaining(tx, app, account).await?;
    let mut notices = notices(&promises)?;
    if let Some(credit) = credit.as_ref()
        && credit.remaining.minor < priced.quote.totals.gross.minor
    {
        notices.push(Message::new("checkout-notice-credit"));
    }
    Ok(CheckoutPage {
        form,
        idempotency_key: Uuid::now_v7().to_string(),
        cart: priced.cart.id.to_string(),
        lines,
        line_count: i64::try_from(priced.quote.lines.len())?,
        shown: priced
            .quote
            .lines
            .iter()
            .filter_map(Seen::of)
            .collect::<Vec<_>>()
            .join(";"),
        totals: cart_page::totals_view(&priced.quote.totals),
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
        old_total: (!differences.is_empty()).then(|| Money::new(old_net, whom.customer.currency)),
        differences,
        remaining_credit: credit.map(|credit| credit.remaining),
        notices,
    })
}

fn line_view(line: &QuotedLine, promise: Option<&Promise>) -> Option<CheckoutLine> {
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
        availability: cart_page::availability(article, line.wanted.unit, line.wanted.quantity),
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

/// A line as the page showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    product: ProductId,
    unit: Unit,
    quantity: i64,
    unit_price: UnitPrice,
    net_minor: i64,
}

impl Seen {
    /// As the form carries it back.
    fn of(line: &QuotedLine) -> Option<String> {
        let price = line.trace.as_ref()?.price?;
        let wanted = &line.wanted;
        let product = wanted.product.0.simple();
        Some(format!(
            "{product},{},{},{},{}",
            wanted.unit, wanted.quantity, price.0, line.net?.minor
        ))
    }

    /// What cannot be read is left out: it only words a refusal.
    fn read(text: &str) -> Vec<Seen> {
        text.split(';')
            .take(cart::MOST_LINES)
            .filter_map(Seen::read_one)
            .collect()
    }

    fn read_one(text: &str) -> Option<Seen> {
        let mut parts = text.split(',');
        let mut next = || parts.next();
        Some(Seen {
            product: next()?.parse().ok()?,
            unit: next()?.parse().ok()?,
            quantity: next()?.parse().ok()?,
            unit_price: UnitPrice(next()?.parse().ok()?),
            // Beyond this no total is a real one, and sums stay within 64 bits.
            net_minor: next()?
                .parse()
                .ok()
                .filter(|net| (0..=1_000_000_000_000).contains(net))?,
        })
    }

    fn shown(&self) -> Shown {
        Shown {
            product: self.product,
            unit: self.unit,
            unit_price: self.unit_price,
        }
    }
}

/// Line by line, what differs from what was shown.
async fn differences(
    tx: &Tx,
    app: &App,
    quote: &Quote,
    seen: &[Seen],
) -> Result<Vec<LineDifference>> {
    if seen.is_empty() {
        return Ok(Vec::new());
    }
    let mut before: HashMap<(ProductId, Unit), &Seen> = seen
        .iter()
        .map(|line| ((line.product, line.unit), line))
        .collect();
    let mut differences = Vec::new();
    for line in &quote.lines {
        let old = before.remove(&(line.wanted.product, line.wanted.unit));
        let old_total = old.map(|old| old.net_minor);
        if old_total == line.net.map(|net| net.minor) {
            continue;
        }
        let Some(article) = &line.article else {
            continue;
        };
        differences.push(LineDifference {
            sku: article.sku.clone(),
            name: article.name.clone(),
            quantity: line.wanted.quantity,
            unit: line.wanted.unit,
            old_total: old_total.map(|minor| Money::new(minor, quote.totals.net.currency)),
            new_total: line.net,
        });
    }
    let gone: Vec<ProductId> = before.values().map(|line| line.product).collect();
    let reference = app.reference.get(tx).await?;
    let articles = article::by_id(tx, &reference, &gone).await?;
    for line in seen
        .iter()
        .filter(|line| before.contains_key(&(line.product, line.unit)))
    {
        let Some(article) = articles.get(&line.product) else {
            continue;
        };
        differences.push(LineDifference {
            sku: article.sku.clone(),
            name: article.name.clone(),
            quantity: line.quantity,
            unit: line.unit,
            old_total: Some(Money::new(line.net_minor, quote.totals.net.currency)),
            new_total: Some(Money::new(0, quote.totals.net.currency)),
        });
    }
    Ok(differences)
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_shown_is_read_back() {
        let product = ProductId(Uuid::from_u128(7));
        let text = format!("{},XCS,24,33500,96480", product.0.simple());
        let line = Seen {
            product,
            unit: Unit::Case,
            quantity: 24,
            unit_price: UnitPrice(33_500),
            net_minor: 96_480,
        };
        assert_eq!(Seen::read(&text), std::slice::from_ref(&line));
        assert_eq!(
            Seen::read(&format!("{text};broken;{text},more")),
            [line.clone(), line]
        );
        assert_eq!(Seen::read(""), []);
    }

    proptest! {
        #[test]
        fn nothing_in_the_field_can_break_the_page(text in "[0-9a-zA-Z,;-]{0,200}") {
            let sum: i64 = Seen::read(&text).iter().map(|line| line.net_minor).sum();
            prop_assert!(sum >= 0);
        }
    }

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
