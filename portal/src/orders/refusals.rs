//! Why an order was not placed: codes for programs, words for people, facts for both.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::{Value, json};
use trade::hold::HoldState;
use trade::money::Money;
use trade::quantity::Misfit;

use super::quote::{Problem, Quote, QuotedLine};
use super::submit::Shown;
use crate::db::entity::hold;
use crate::error::Refusal;
use crate::stock::short::Shortage;
use crate::web::shape::Message;

/// The account is blocked for orders.
#[must_use]
pub fn blocked() -> Refusal {
    Refusal::new("account-blocked", Message::new("refused-account-blocked"))
}

/// Nothing to order.
#[must_use]
pub fn empty() -> Refusal {
    Refusal::new("nothing-to-order", Message::new("refused-empty"))
        .go_on(Message::new("refused-empty-next"), "/catalogue")
}

/// Another tab or colleague was first.
#[must_use]
pub fn already_submitted(number: &str) -> Refusal {
    let happened = Message::new("refused-already-submitted").with("number", number);
    Refusal::new("cart-already-submitted", happened)
        .go_on(
            Message::new("refused-already-submitted-next").with("number", number),
            format!("/orders/{number}"),
        )
        .with_detail(json!({"number": number}))
}

/// The key was used for another request.
#[must_use]
pub fn key_reused() -> Refusal {
    Refusal::new("idempotency-key-reused", Message::new("refused-key-reused"))
}

/// No such place, or no longer.
#[must_use]
pub fn unknown_ship_to() -> Refusal {
    Refusal::new("unknown-ship-to", Message::new("refused-unknown-ship-to"))
}

/// A requested date in the past.
#[must_use]
pub fn date_passed(today: Date) -> Refusal {
    Refusal::new("date-passed", Message::new("refused-date-passed"))
        .with_detail(json!({"earliest": today.to_string()}))
}

/// The order cannot be cancelled any more.
#[must_use]
pub fn not_cancellable(state: &str) -> Refusal {
    Refusal::new("not-cancellable", Message::new("refused-not-cancellable"))
        .with_detail(json!({"state": state}))
}

/// The lines of the order are in the cart already, or were.
#[must_use]
pub fn taken_back_already(number: &str) -> Refusal {
    let happened = Message::new("refused-taken-back-already").with("number", number);
    Refusal::new("taken-back-already", happened)
        .go_on(Message::new("refused-taken-back-already-next"), "/cart")
}

/// A hold that somebody has decided before.
#[must_use]
pub fn decided_already(hold: &hold::Model) -> Refusal {
    let by = hold.decided_by.clone().unwrap_or_default();
    let key = match hold.state {
        HoldState::Released => "refused-hold-released",
        HoldState::Rejected => "refused-hold-rejected",
        HoldState::Waiting => "refused-hold-waiting",
        HoldState::Open | HoldState::Expired | HoldState::Withdrawn => "refused-hold-gone",
    };
    Refusal::new("hold-decided", Message::new(key).with("by", by))
        .with_detail(json!({"state": hold.state, "decided_by": hold.decided_by}))
}

/// Rejecting says why, to whoever ordered.
#[must_use]
pub fn reason_missing() -> Refusal {
    Refusal::new("reason-missing", Message::new("refused-reason-missing"))
}

/// The order goes its way; its lines can be ordered again instead.
#[must_use]
pub fn not_taken_back(number: &str) -> Refusal {
    Refusal::new("not-taken-back", Message::new("refused-not-taken-back")).go_on(
        Message::new("refused-not-taken-back-next").with("number", number),
        format!("/orders/{number}"),
    )
}

/// Lines that cannot be ordered as they stand: all of them at once.
#[must_use]
pub fn not_orderable(quote: &Quote) -> Refusal {
    lines_not_orderable(quote, &HashMap::new())
}

/// As [`not_orderable`], with when lines that are short can be had and what could be taken instead:
/// what [`crate::stock::short::explain`] says of them.
#[must_use]
pub fn lines_not_orderable(quote: &Quote, shortages: &HashMap<usize, Shortage>) -> Refusal {
    let lines: Vec<Value> = quote
        .lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let mut detail = problem_detail(at, line, line.problem.as_ref()?);
            let facts = detail.get_mut("facts").and_then(Value::as_object_mut);
            if let Some((facts, shortage)) = facts.zip(shortages.get(&at)) {
                let (date, substitutes) = shortage.facts();
                facts.insert("date".to_owned(), date);
                facts.insert("substitutes".to_owned(), substitutes);
            }
            Some(detail)
        })
        .collect();
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    Refusal::new(
        "lines-not-orderable",
        Message::new("refused-lines").with("count", count),
    )
    .go_on(Message::new("refused-lines-next"), "/cart")
    .with_detail(json!({"lines": lines}))
}

fn problem_detail(at: usize, line: &QuotedLine, problem: &Problem) -> Value {
    let sku = line.article.as_ref().map(|article| article.sku.clone());
    json!({
        "line": at,
        "sku": sku,
        "unit": line.wanted.unit,
        "quantity": line.wanted.quantity,
        "problem": problem_code(problem),
        "facts": problem_facts(problem),
    })
}

/// The stable word of a problem.
#[must_use]
pub fn problem_code(problem: &Problem) -> &'static str {
    match problem {
        Problem::NotFound => "not-found",
        Problem::Delisted => "delisted",
        Problem::OtherUnit(_) => "other-unit",
        Problem::Misfit(Misfit::NotPositive) => "not-positive",
        Problem::Misfit(Misfit::BelowMinimum { .. }) => "below-minimum",
        Problem::Misfit(Misfit::OffMultiple { .. }) => "off-multiple",
        Problem::Misfit(Misfit::TooLarge { .. }) => "too-large",
        Problem::NoPrice => "price-on-request",
        Problem::NoTaxRate => "no-tax-rate",
        Problem::TooDear => "too-dear",
        Problem::Short { .. } => "stock-short",
    }
}

/// The facts of a problem: nearest quantities, units, what is available and when more comes.
#[must_use]
pub fn problem_facts(problem: &Problem) -> Value {
    match problem {
        Problem::NotFound
        | Problem::Delisted
        | Problem::NoPrice
        | Problem::NoTaxRate
        | Problem::TooDear => json!({}),
        Problem::OtherUnit(units) => json!({"units": units}),
        Problem::Misfit(Misfit::NotPositive) => json!({"minimum": 1}),
        Problem::Misfit(Misfit::BelowMinimum { minimum }) => json!({"minimum": minimum}),
        Problem::Misfit(Misfit::OffMultiple { step, below, above }) => {
            json!({"multiple": step, "below": below, "above": above})
        }
        Problem::Misfit(Misfit::TooLarge { maximum }) => json!({"maximum": maximum}),
        Problem::Short {
            available,
            expected_on,
        } => json!({
            "available": available,
            "expected_on": expected_on.map(|date| date.to_string()),
        }),
    }
}

/// Prices moved since the buyer saw them: line by line, then and now.
#[must_use]
pub fn total_changed(expected: Money, quote: &Quote, shown: &[Shown]) -> Refusal {
    let lines: Vec<Value> = quote
        .lines
        .iter()
        .map(|line| {
            let before = shown.iter().find(|shown| {
                shown.product == line.wanted.product && shown.unit == line.wanted.unit
            });
            let now = line.trace.as_ref().and_then(|trace| trace.price);
            json!({
                "sku": line.article.as_ref().map(|article| article.sku.clone()),
                "name": line.article.as_ref().map(|article| article.name.clone()),
                "unit": line.wanted.unit,
                "quantity": line.wanted.quantity,
                "expected_unit_price": before.map(|shown| shown.unit_price.to_decimal()),
                "unit_price": now.map(|price| price.to_decimal()),
                "total": line.net.map(Money::to_decimal),
                "changed": before.map(|shown| Some(shown.unit_price) != now),
            })
        })
        .collect();
    Refusal::new("total-changed", Message::new("refused-total-changed"))
        .go_on(Message::new("refused-total-changed-next"), "/checkout")
        .with_detail(json!({
            "expected_total": expected.to_decimal(),
            "net": quote.totals.net.to_decimal(),
            "gross": quote.totals.gross.to_decimal(),
            "currency": quote.totals.gross.currency,
            "lines": lines,
        }))
}
