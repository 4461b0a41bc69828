//! Holds in words: why an order waits, and what happens next.
//!
//! The same facts are told to two readers. Whoever decides reads them in full. The buyer reads
//! what they may know: how a company that pays for them stands is told to nobody but its own
//! people, and neither is what the brand's people note about an account.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use trade::hold::{ApprovalReason, Facts, HoldKind, HoldState, LineFact, Releaser};
use trade::money::Money;

use crate::db::entity::{hold, order};
use crate::web::shape::{Arg, Day, Message};

/// Lines that are named; the rest are counted.
const LINES: usize = 5;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody of the brand, or who else decides: everything.
    Decider,
    /// Somebody of the account.
    Buyer {
        /// Whether the account pays itself, and so may read how it stands.
        pays: bool,
    },
}

impl Reader {
    /// Somebody who reads about this order, of the brand or of its account.
    #[must_use]
    pub fn of(order: &order::Model, is_staff: bool) -> Reader {
        if is_staff {
            return Reader::Decider;
        }
        Reader::Buyer {
            pays: order.bill_to_id.is_none_or(|id| id == order.account_id),
        }
    }

    /// Whether facts of this kind may be read as they stand, figures and all.
    #[must_use]
    pub fn may_read(self, kind: HoldKind) -> bool {
        match (self, kind) {
            (Reader::Decider, _) => true,
            (Reader::Buyer { pays }, HoldKind::Credit | HoldKind::Overdue) => pays,
            (Reader::Buyer { .. }, HoldKind::KamReview | HoldKind::ExportFailed) => false,
            (
                Reader::Buyer { .. },
                HoldKind::Approval
                | HoldKind::StockShort
                | HoldKind::PriceDrift
                | HoldKind::BelowMinimum
                | HoldKind::Duplicate
                | HoldKind::UnusualQuantity,
            ) => true,
        }
    }
}

/// An invoice whose payment would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payable {
    /// Its number.
    pub number: String,
    /// What is open of it.
    pub open: Money,
}

/// The facts as they were stored with the hold; none where a later version wrote them.
#[must_use]
pub fn facts(hold: &hold::Model) -> Option<Facts> {
    serde_json::from_value(hold.facts.clone()).ok()
}

/// The word by which messages name a kind: `hold-stock-short`.
#[must_use]
pub fn kind_word(kind: HoldKind) -> String {
    kind.name().replace('_', "-")
}

/// The local day of an instant.
#[must_use]
pub fn local_day(millis: i64, zone: &TimeZone) -> Day {
    Timestamp::from_millisecond(millis)
        .map(|at| at.to_zoned_datetime(zone.clone()).date().to_string())
        .unwrap_or_default()
}

/// The local day of an instant, as messages take it.
#[must_use]
pub fn day(millis: i64, zone: &TimeZone) -> Arg {
    Arg::Date {
        date: local_day(millis, zone),
    }
}

/// Why the order waits for this hold: one sentence a fact.
#[must_use]
pub fn why(hold: &hold::Model, reader: Reader, zone: &TimeZone) -> Vec<Message> {
    let facts = facts(hold);
    facts.map_or_else(Vec::new, |facts| why_of(hold.kind, facts, reader, zone))
}

/// As [`why`], of a hold that is not stored: one an order would open.
#[must_use]
pub fn why_of(kind: HoldKind, facts: Facts, reader: Reader, zone: &TimeZone) -> Vec<Message> {
    let open = reader.may_read(kind);
    match facts {
        Facts::Approval { reasons } => reasons.into_iter().map(approval).collect(),
        Facts::Credit { .. } if !open => vec![Message::new("hold-why-credit-other")],
        Facts::Credit {
            limit,
            exposure,
            gross,
        } => vec![credit(limit, exposure, gross, reader)],
        Facts::Overdue { .. } if !open => vec![Message::new("hold-why-overdue-other")],
        Facts::Overdue {
            overdue,
            items,
            oldest_days,
            tolerance_days,
        } => vec![
            overdue_message(reader)
                .with("overdue", overdue)
                .with("items", items)
                .with("days", oldest_days)
                .with("tolerance", tolerance_days),
        ],
        Facts::StockShort {
            lines,
            complete_only,
        } => {
            let mut said = listed(&lines, short);
            if complete_only {
                said.push(Message::new("hold-why-stock-complete"));
            }
            said
        }
        Facts::PriceDrift { before, now } => vec![
            Message::new("hold-why-price-drift")
                .with("before", before)
                .with("now", now),
        ],
        Facts::BelowMinimum { net, minimum } => vec![
            Message::new("hold-why-below-minimum")
                .with("net", net)
                .with("minimum", minimum)
                .with("missing", less(minimum, net)),
        ],
        Facts::Duplicate { order, placed_at } => vec![
            Message::new("hold-why-duplicate")
                .with("order", order)
                .with("date", day(placed_at, zone)),
        ],
        Facts::UnusualQuantity { lines } => listed(&lines, unusual),
        Facts::KamReview { .. } if !open => vec![Message::new("hold-why-kam-review")],
        Facts::KamReview { note } => vec![Message::new("hold-facts-kam-review").with("note", note)],
        Facts::ExportFailed { .. } if !open => vec![Message::new("hold-why-export-failed")],
        Facts::ExportFailed { error } => {
            vec![Message::new("hold-facts-export-failed").with("error", error)]
        }
    }
}

/// Why a rule of the account asked, in words.
#[must_use]
pub fn approval(reason: ApprovalReason) -> Message {
    match reason {
        ApprovalReason::Total { net, threshold } => Message::new("hold-why-approval-total")
            .with("net", net)
            .with("threshold", threshold),
        ApprovalReason::Category {
            category: _,
            name,
            net,
            threshold,
        } => Message::new("hold-why-approval-category")
            .with("name", name)
            .with("net", net)
            .with("threshold", threshold),
        ApprovalReason::OffList { skus, count } => {
            let shown: Vec<String> = skus.into_iter().take(LINES).collect();
            Message::new("hold-why-approval-off-list")
                .with("skus", shown.join(", "))
                .with("count", count)
        }
        ApprovalReason::NewShipTo { name } => {
            Message::new("hold-why-approval-new-ship-to").with("name", name)
        }
        ApprovalReason::Budget {
            from,
            limit,
            used,
            net,
        } => Message::new("hold-why-approval-budget")
            .with(
                "from",
                Arg::Date {
                    date: from.to_string(),
                },
            )
            .with("limit", limit)
            .with("used", used)
            .with("net", net)
            .with("over", less(more(used, net), limit)),
    }
}

fn credit(limit: Money, exposure: Money, gross: Money, reader: Reader) -> Message {
    let message = match reader {
        Reader::Decider => Message::new("hold-facts-credit"),
        Reader::Buyer { .. } => Message::new("hold-why-credit"),
    };
    message
        .with("limit", limit)
        .with("exposure", exposure)
        .with("gross", gross)
        .with("over", less(more(exposure, gross), limit))
}

fn overdue_message(reader: Reader) -> Message {
    match reader {
        Reader::Decider => Message::new("hold-facts-overdue"),
        Reader::Buyer { .. } => Message::new("hold-why-overdue"),
    }
}

/// The first lines, and how many more there are.
fn listed(lines: &[LineFact], word: impl Fn(&LineFact) -> Message) -> Vec<Message> {
    let mut said: Vec<Message> = lines.iter().take(LINES).map(word).collect();
    let rest = i64::try_from(lines.len().saturating_sub(LINES)).unwrap_or(i64::MAX);
    if rest > 0 {
        said.push(Message::new("hold-why-more-lines").with("count", rest));
    }
    said
}

fn short(line: &LineFact) -> Message {
    let message = match line.date {
        Some(date) => Message::new("hold-why-stock-line-date").with(
            "date",
            Arg::Date {
                date: date.to_string(),
            },
        ),
        None => Message::new("hold-why-stock-line"),
    };
    line_of(message, line)
}

fn unusual(line: &LineFact) -> Message {
    line_of(Message::new("hold-why-unusual-line"), line)
}

fn line_of(message: Message, line: &LineFact) -> Message {
    message
        .with("sku", line.sku.clone())
        .with("name", line.name.clone())
        .with("ordered", line.ordered)
        .with("against", line.against)
}

/// Who decides by when, and what the buyer can do meanwhile. `named` is the one person who may
/// decide, where there is one.
#[must_use]
pub fn next(
    hold: &hold::Model,
    named: Option<&str>,
    payable: Option<&Payable>,
    zone: &TimeZone,
) -> Vec<Message> {
    match hold.state {
        HoldState::Open => {}
        HoldState::Waiting => return vec![Message::new("hold-next-waiting")],
        HoldState::Released | HoldState::Rejected | HoldState::Expired | HoldState::Withdrawn => {
            return Vec::new();
        }
    }
    let decides = match (hold.releaser, named) {
        (Releaser::Approver, Some(name)) => {
            Message::new("hold-next-approver-named").with("name", name)
        }
        (Releaser::Approver, None) => Message::new("hold-next-approver"),
        (Releaser::Kam, _) => Message::new("hold-next-kam"),
        (Releaser::Finance, _) => Message::new("hold-next-finance"),
        (Releaser::Operations, _) => Message::new("hold-next-operations"),
    };
    let mut said = vec![decides.with("date", day(hold.due_at, zone))];
    said.extend(help(hold.kind, payable));
    said
}

fn help(kind: HoldKind, payable: Option<&Payable>) -> Option<Message> {
    match kind {
        HoldKind::Credit | HoldKind::Overdue => payable.map(|invoice| {
            Message::new("hold-help-pay")
                .with("number", invoice.number.clone())
                .with("amount", invoice.open)
        }),
        HoldKind::BelowMinimum => Some(Message::new("hold-help-below-minimum")),
        HoldKind::Duplicate => Some(Message::new("hold-help-duplicate")),
        HoldKind::UnusualQuantity => Some(Message::new("hold-help-unusual-quantity")),
        HoldKind::Approval
        | HoldKind::StockShort
        | HoldKind::PriceDrift
        | HoldKind::KamReview
        | HoldKind::ExportFailed => None,
    }
}

fn more(one: Money, other: Money) -> Money {
    Money::new(one.minor.saturating_add(other.minor), one.currency)
}

fn less(one: Money, other: Money) -> Money {
    Money::new(one.minor.saturating_sub(other.minor), one.currency)
}

#[cfg(test)]
mod tests;
