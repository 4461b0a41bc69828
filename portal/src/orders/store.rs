//! What a submit stores: the order with its lines, what it takes of stock, credit and promotions,
//! its holds, its events, and what the account has bought.

use std::collections::BTreeMap;

use sea_orm::Set;
use serde_json::json;
use trade::calendar::LocalDate;
use trade::id::{AccountId, OrderId, ProductId};
use trade::order::{LineQuantities, OrderState};
use trade::quantity::Quantity;
use uuid::Uuid;

use super::bought::{self, Bought};
use super::quote::{ForWhom, Quote, QuotedLine};
use super::submit::{Decided, Lines, Submission, Submitted};
use super::{holds, tell};
use crate::app::App;
use crate::credit;
use crate::db::Tx;
use crate::db::entity::{order, order_line};
use crate::db::words::{OrderSource, UseState};
use crate::error::{Error, Result};
use crate::promotions::spend;
use crate::stock::moves::{self, Shift};

/// Stores the order: held where it opens a hold, else confirmed.
pub(super) async fn store(
    tx: &Tx,
    app: &App,
    submission: &Submission,
    whom: &ForWhom,
    quote: &Quote,
    decided: &Decided,
) -> Result<Submitted> {
    let now = app.clock.millis();
    let id = OrderId(Uuid::now_v7());
    let is_held = !decided.openings.is_empty();
    let account = submission.account;
    let promises = promises(quote);
    // The counter is taken as late as it can be: everybody who submits waits for it.
    let number = order_number(tx.next_number("orders").await?);
    let row = order_row(app, tx, (id, &number), submission, whom, quote, decided)?;
    tx.insert(row).await?;
    let mut lines = Vec::with_capacity(promises.len());
    for (at, (line, promise)) in quote.order_lines().zip(&promises).enumerate() {
        let mut row = line_row(id, account, at + 1, line, *promise)?;
        // What comes along at no charge was not suggested, though the same goods may have been.
        let key = (line.wanted.product, line.wanted.unit);
        let mark = decided.suggested.get(&key);
        if let Some((list, pieces)) = mark.filter(|_| line.comes_with.is_none()) {
            row.suggested_list = Set(Some(*list));
            row.suggested_pieces = Set(Some(*pieces));
        }
        lines.push(row);
    }
    tx.insert_all(lines).await?;
    let shifts = shifts(quote, &promises, is_held);
    moves::shift(tx, &shifts, "order", &number, now).await?;
    let (state, cause) = if is_held {
        (UseState::Reserved, "held")
    } else {
        (UseState::Committed, "confirmed")
    };
    spend::take(tx, now, (id, account), &quote.applied, state).await?;
    let gross = quote.totals.gross.minor;
    let entry = credit::Entry {
        cause: format!("order {number} {cause}"),
        order: Some(id),
        open_item: None,
        held_minor: if is_held { gross } else { 0 },
        confirmed_minor: if is_held { 0 } else { gross },
        receivable_minor: 0,
    };
    credit::book(tx, now, decided.standing.bill_to, entry).await?;
    if !is_held {
        let lines = quote.lines.iter().map(Bought::quoted);
        bought::remember(tx, account, LocalDate(app.today()), lines).await?;
    }
    let placed = (id, account);
    let end = if is_held { "held" } else { "confirmed" };
    let told = [tell::What::of("placed"), tell::What::of(end).by_nobody()];
    if is_held {
        let by = tx.scope().actor.user_id;
        holds::open(tx, now, placed, by, &decided.openings, &told).await?;
    } else {
        tell::tell_all(tx, now, placed, &told).await?;
    }
    Ok(Submitted {
        order: id,
        number,
        replayed: false,
    })
}

fn order_row(
    app: &App,
    tx: &Tx,
    (id, number): (OrderId, &str),
    submission: &Submission,
    whom: &ForWhom,
    quote: &Quote,
    decided: &Decided,
) -> Result<order::ActiveModel> {
    let now = app.clock.millis();
    let scope = tx.scope();
    let totals = &quote.totals;
    Ok(order::ActiveModel {
        id: Set(id),
        number: Set(number.to_owned()),
        account_id: Set(submission.account),
        cart_id: Set(match submission.lines {
            Lines::Cart(cart) => Some(cart),
            Lines::Given(_) => None,
        }),
        state: Set(if decided.openings.is_empty() {
            OrderState::Confirmed
        } else {
            OrderState::Held
        }),
        source: Set(if scope.on_behalf_of.is_some() {
            OrderSource::OnBehalf
        } else {
            submission.source
        }),
        ship_to_id: Set(whom.ship_to.as_ref().map(|place| place.id)),
        currency: Set(whom.customer.currency),
        net_minor: Set(totals.net.minor),
        tax_minor: Set(totals.tax.minor),
        gross_minor: Set(totals.gross.minor),
        freight_minor: Set(quote.freight.charge.minor),
        discount_minor: Set(quote.discount.minor),
        bill_to_id: Set(Some(whom.bill_to())),
        lines_digest: Set(decided.digest.clone()),
        delivery_policy: Set(whom.account.delivery_policy),
        taken_back_at: Set(None),
        line_count: Set(i32::try_from(quote.order_lines().count())?),
        taxes: Set(serde_json::to_value(&totals.rows)?),
        addresses: Set(addresses(whom)),
        po_number: Set(submission.po_number.clone()),
        requested_date: Set(submission.requested_date.map(LocalDate)),
        note: Set(submission.note.clone()),
        payment_terms_days: Set(whom.account.payment_terms_days),
        placed_at: Set(now),
        placed_on: Set(LocalDate(app.today())),
        placed_by: Set(scope.actor.name.clone()),
        placed_by_id: Set(scope.actor.user_id),
        on_behalf_of: Set(scope.on_behalf_of.clone()),
        cancel_reason: Set(None),
        updated_at: Set(now),
        trial_id: Set(decided.trial.map(|(id, _)| id)),
        trial_arm: Set(decided.trial.map(|(_, arm)| arm)),
        visit_seconds: Set(submission.visit_started_at.and_then(|begun| {
            let seconds = now.saturating_sub(begun).max(0) / 1_000;
            i32::try_from(seconds).ok()
        })),
    })
}

/// Order numbers have six digits at least and count from 100001.
#[must_use]
pub fn order_number(count: i64) -> String {
    (100_000 + count).to_string()
}

fn addresses(whom: &ForWhom) -> serde_json::Value {
    let lines = |street: &str, code: &str, city: &str, country: &str| {
        json!([street, format!("{code} {city}").trim(), country])
    };
    let account = &whom.account;
    let bill_to = json!({
        "name": account.name,
        "lines": lines(&account.street, &account.postal_code, &account.city, &account.country),
    });
    let ship_to = match &whom.ship_to {
        Some(place) => json!({
            "name": place.name,
            "lines": lines(&place.street, &place.postal_code, &place.city, &place.country),
        }),
        None => bill_to.clone(),
    };
    json!({"bill_to": bill_to, "ship_to": ship_to})
}

/// What of each line can be set aside now; a product on two lines is given out once.
fn promises(quote: &Quote) -> Vec<LineQuantities> {
    let mut left: BTreeMap<ProductId, i64> = BTreeMap::new();
    quote
        .order_lines()
        .map(|line| {
            let available = line.article.as_ref().and_then(|article| article.available);
            match available {
                // Not counted: always there.
                None => LineQuantities::promise(line.ordered, line.ordered),
                Some(available) => {
                    let left = left.entry(line.wanted.product).or_insert(available);
                    let promise = LineQuantities::promise(line.ordered, Quantity(*left));
                    *left -= promise.allocated.0;
                    promise
                }
            }
        })
        .collect()
}

/// What the order takes of counted stock: reserved while it is held, else allocated.
fn shifts(quote: &Quote, promises: &[LineQuantities], is_held: bool) -> BTreeMap<ProductId, Shift> {
    let mut shifts: BTreeMap<ProductId, Shift> = BTreeMap::new();
    for (line, promise) in quote.order_lines().zip(promises) {
        let counted = line
            .article
            .as_ref()
            .is_some_and(|article| article.available.is_some());
        if counted && promise.allocated.0 > 0 {
            let shift = shifts.entry(line.wanted.product).or_default();
            if is_held {
                shift.reserved += promise.allocated.0;
            } else {
                shift.allocated += promise.allocated.0;
            }
        }
    }
    shifts
}

fn line_row(
    order: OrderId,
    account: AccountId,
    position: usize,
    line: &QuotedLine,
    promise: LineQuantities,
) -> Result<order_line::ActiveModel> {
    let missing = || Error::Internal(anyhow::anyhow!("an orderable line without its price"));
    let article = line.article.as_ref().ok_or_else(missing)?;
    let trace = line.trace.as_ref().ok_or_else(missing)?;
    let price = trace.price.ok_or_else(missing)?;
    let net = line.net.ok_or_else(missing)?;
    let tax = line.tax.ok_or_else(missing)?;
    let factor = article.factor(line.wanted.unit).ok_or_else(missing)?;
    Ok(order_line::ActiveModel {
        order_id: Set(order),
        position: Set(i32::try_from(position)?),
        account_id: Set(account),
        product_id: Set(article.id),
        sku: Set(article.sku.clone()),
        name: Set(article.name.clone()),
        unit: Set(line.wanted.unit),
        pack_factor: Set(i32::try_from(factor.get())?),
        quantity: Set(i32::try_from(line.wanted.quantity)?),
        ordered: Set(promise.ordered.0),
        cancelled: Set(0),
        shipped: Set(0),
        allocated: Set(promise.allocated.0),
        back_ordered: Set(promise.back_ordered.0),
        returned: Set(0),
        unit_price: Set(price),
        net_minor: Set(net.minor),
        discount_minor: Set(line.discount().map_or(0, |discount| discount.minor)),
        promotion_id: Set(line.comes_with),
        tax_rate: Set(tax.rate),
        tax_reason: Set(tax.reason),
        price_trace: Set(Some(serde_json::to_value(trace)?)),
        suggested_list: Set(None),
        suggested_pieces: Set(None),
    })
}
