//! History as rows of its tables.

use jiff::civil::Date;
use sea_orm::Set;
use serde_json::json;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CreditNoteId, OrderId};
use trade::money::{Money, UnitPrice};
use trade::order::{LineQuantities, OrderState};
use trade::tax::{LineTax, TaxPlace, Totals};
use uuid::Uuid;

use super::facts::PlaceFacts;
use super::{AccountFacts, Context, Document, Facts, Resolved, short};
use crate::db::entity::{credit_note, credit_note_line, order, order_event, order_line};
use crate::db::words::DeliveryPolicy;
use crate::error::Result;
use crate::imports::records::Problem;

/// Where the goods went: one of the account's places, or its own address.
pub(super) struct Place<'a> {
    known: Option<&'a PlaceFacts>,
    country: &'a str,
    address: &'a [String],
}

impl<'a> Place<'a> {
    pub fn of(
        account: &'a AccountFacts,
        document: &Document<'_>,
    ) -> std::result::Result<Self, Problem> {
        let known = match &document.ship_to {
            None => account.places.iter().find(|place| place.is_default),
            Some(code) => {
                let known = account.places.iter().find(|place| place.code == *code);
                Some(known.ok_or_else(|| Problem::Unknown {
                    key: code.to_string(),
                })?)
            }
        };
        Ok(match known {
            Some(place) => Self {
                known: Some(place),
                country: &place.country,
                address: &place.address,
            },
            None => Self {
                known: None,
                country: &account.country,
                address: &account.address,
            },
        })
    }
}

/// A line's amount and tax.
pub(super) struct Taxed {
    pub net: Money,
    pub tax: LineTax,
}

pub(super) fn taxed(
    facts: &Facts,
    context: &Context,
    account: &AccountFacts,
    place: &Place<'_>,
    lines: &[Resolved<'_>],
    day: Date,
) -> Result<Vec<Taxed>> {
    let place = TaxPlace {
        seller_country: &context.country,
        ship_to_country: place.country,
        buyer_has_vat_id: account.has_vat_id,
    };
    let taxed = lines.iter().map(|line| {
        let net = UnitPrice(line.unit_price).line_total(line.quantity, account.currency)?;
        Ok(Taxed {
            net,
            tax: place.line(facts.rate(line.product.tax_class, day)),
        })
    });
    taxed.collect()
}

/// What all rows of an order share.
pub(super) struct Head<'a> {
    pub id: OrderId,
    pub document: &'a Document<'a>,
    pub account: &'a AccountFacts,
    pub place: &'a Place<'a>,
    pub placed_on: Date,
}

pub(super) fn order(head: &Head<'_>, sums: &Totals, lines: i32) -> Result<order::ActiveModel> {
    let Head {
        id,
        document,
        account,
        place,
        placed_on,
    } = head;
    Ok(order::ActiveModel {
        id: Set(*id),
        number: Set(document.number.to_string()),
        account_id: Set(account.id),
        cart_id: Set(None),
        state: Set(document.state),
        source: Set(document.source),
        ship_to_id: Set(place.known.map(|place| place.id)),
        currency: Set(account.currency),
        net_minor: Set(sums.net.minor),
        tax_minor: Set(sums.tax.minor),
        gross_minor: Set(sums.gross.minor),
        freight_minor: Set(0),
        discount_minor: Set(0),
        bill_to_id: Set(None),
        lines_digest: Set(String::new()),
        delivery_policy: Set(DeliveryPolicy::BackOrder),
        taken_back_at: Set(None),
        line_count: Set(lines),
        taxes: Set(serde_json::to_value(&sums.rows)?),
        addresses: Set(addresses(account, place)),
        po_number: Set(document.po_number.to_string()),
        requested_date: Set(None),
        note: Set(String::new()),
        payment_terms_days: Set(account.payment_terms_days),
        placed_at: Set(document.placed_at),
        placed_on: Set(LocalDate(*placed_on)),
        placed_by: Set(document.placed_by.to_string()),
        placed_by_id: Set(None),
        on_behalf_of: Set(document.on_behalf.then(|| account.name.clone())),
        cancel_reason: Set(None),
        updated_at: Set(document.placed_at),
        trial_id: Set(None),
        trial_arm: Set(None),
        visit_seconds: Set(None),
    })
}

/// As an order of the portal keeps them.
fn addresses(account: &AccountFacts, place: &Place<'_>) -> serde_json::Value {
    json!({
        "bill_to": { "name": account.name, "lines": account.address },
        "ship_to": {
            "name": place.known.map_or(&account.name, |place| &place.name),
            "lines": place.address,
        },
    })
}

pub(super) fn line(
    head: &Head<'_>,
    position: i32,
    line: &Resolved<'_>,
    taxed: &Taxed,
    promise: LineQuantities,
) -> order_line::ActiveModel {
    order_line::ActiveModel {
        order_id: Set(head.id),
        position: Set(position),
        account_id: Set(head.account.id),
        product_id: Set(line.product.id),
        sku: Set(line.product.sku.clone()),
        name: Set(line.product.name.clone()),
        unit: Set(line.unit),
        pack_factor: Set(short(line.factor)),
        quantity: Set(short(line.quantity)),
        ordered: Set(promise.ordered.0),
        cancelled: Set(promise.cancelled.0),
        shipped: Set(promise.shipped.0),
        allocated: Set(promise.allocated.0),
        back_ordered: Set(promise.back_ordered.0),
        returned: Set(line.returned.min(promise.shipped.0)),
        unit_price: Set(UnitPrice(line.unit_price)),
        net_minor: Set(taxed.net.minor),
        discount_minor: Set(0),
        promotion_id: Set(None),
        tax_rate: Set(taxed.tax.rate),
        tax_reason: Set(taxed.tax.reason),
        price_trace: Set(None),
        suggested_list: Set(None),
        suggested_pieces: Set(None),
    }
}

const MINUTE: i64 = 60_000;

/// The timeline as far as the state tells it: confirmed at once, released in the night, closed when
/// the lorry has been there.
pub(super) fn events(
    head: &Head<'_>,
    mut new_id: impl FnMut() -> Uuid,
) -> Vec<order_event::ActiveModel> {
    let Head {
        id,
        document,
        account,
        ..
    } = head;
    let mut event = |kind: &str, after: i64, by: &str| order_event::ActiveModel {
        id: Set(new_id()),
        order_id: Set(*id),
        account_id: Set(account.id),
        kind: Set(kind.to_owned()),
        at: Set(document.placed_at + after),
        by_name: Set(by.to_owned()),
        on_behalf_of: Set(document.on_behalf.then(|| account.name.clone())),
        detail: Set(None),
        hold_id: Set(None),
        // History: nobody waits for word of it.
        told: Set(false),
    };
    let by = document.placed_by.as_ref();
    let mut events = vec![event("placed", 0, by)];
    if document.source == crate::db::words::OrderSource::Import {
        return events;
    }
    events.push(event("confirmed", 0, by));
    match document.state {
        OrderState::Released => events.push(event("released", 14 * 60 * MINUTE, "Kontor")),
        OrderState::Closed => {
            events.push(event("released", 14 * 60 * MINUTE, "Kontor"));
            events.push(event("closed", 50 * 60 * MINUTE, "Kontor"));
        }
        OrderState::Cancelled => events.push(event("cancelled", 95 * MINUTE, by)),
        OrderState::Held | OrderState::Confirmed | OrderState::Rejected | OrderState::Expired => {}
    }
    events
}

pub(super) fn note(
    id: CreditNoteId,
    document: &Document<'_>,
    account: &AccountFacts,
    issued_on: Date,
    net: Money,
    lines: i32,
) -> credit_note::ActiveModel {
    credit_note::ActiveModel {
        id: Set(id),
        number: Set(document.number.to_string()),
        account_id: Set(account.id),
        issued_at: Set(document.placed_at),
        issued_on: Set(LocalDate(issued_on)),
        currency: Set(account.currency),
        net_minor: Set(net.minor),
        line_count: Set(lines),
    }
}

pub(super) fn note_line(
    id: CreditNoteId,
    account: AccountId,
    position: i32,
    line: &Resolved<'_>,
    net: Money,
) -> credit_note_line::ActiveModel {
    credit_note_line::ActiveModel {
        credit_note_id: Set(id),
        position: Set(position),
        account_id: Set(account),
        product_id: Set(line.product.id),
        sku: Set(line.product.sku.clone()),
        name: Set(line.product.name.clone()),
        unit: Set(line.unit),
        quantity: Set(short(line.quantity)),
        unit_price: Set(UnitPrice(line.unit_price)),
        net_minor: Set(net.minor),
    }
}
