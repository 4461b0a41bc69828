//! The order confirmation as a PDF, in the reader's language.

use std::collections::BTreeMap;

use jiff::Timestamp;
use trade::money::Money;

use super::show::{self, Whole};
use crate::app::App;
use crate::db::entity::order_line;
use crate::documents::{
    DocumentKind, DocumentLine, DocumentTotal, Labels, Letterhead, OrderDocument, TotalWeight,
    confirmation,
};
use crate::error::{Error, Result};
use crate::pricing::view::PromotionStep;
use crate::web::filters::{money_text, percent_text, quantity_text, unit_price_text};
use crate::web::locale::Lang;
use crate::web::shape::{Arg, Message};
use trade::order::OrderState;

/// The PDF's bytes. Drawing is left to a thread that may take its time.
///
/// # Errors
/// A document that cannot be drawn, which is a bug.
pub async fn confirmation_pdf(app: &App, whole: &Whole, lang: Lang) -> Result<Vec<u8>> {
    let document = document(app, whole, lang);
    let drawn = actix_web::web::block(move || confirmation(&document)).await?;
    drawn.map_err(|error| Error::Internal(error.into()))
}

/// What the PDF says.
#[must_use]
pub fn document(app: &App, whole: &Whole, lang: Lang) -> OrderDocument {
    let say = |key: &str| app.templates.words().say(lang, key, &BTreeMap::new());
    let order = &whole.order;
    let totals = show::totals(order);
    let address = |which: &str| {
        let address = show::address(order, which);
        std::iter::once(address.name)
            .chain(address.lines)
            .collect::<Vec<_>>()
    };
    let brand = show::brand_address(app);
    let days = i64::from(order.payment_terms_days);
    OrderDocument {
        letterhead: Letterhead {
            name: brand.name,
            address: brand.lines,
            vat_id: app.brand.row.vat_id.clone(),
            contact: vec![app.brand.row.email.clone()],
        },
        kind: match order.state {
            OrderState::Held => DocumentKind::Received,
            OrderState::Confirmed | OrderState::Released | OrderState::Closed => {
                DocumentKind::Confirmed
            }
            OrderState::Cancelled | OrderState::Rejected | OrderState::Expired => {
                DocumentKind::Cancelled
            }
        },
        order_number: order.number.clone(),
        order_date: order.placed_on.0,
        requested_date: order.requested_date.map(|date| date.0),
        po_number: Some(order.po_number.clone()).filter(|po| !po.is_empty()),
        account_name: whole.account.name.clone(),
        account_number: whole.account.number.clone(),
        bill_to: address("bill_to"),
        ship_to: address("ship_to"),
        terms: if days > 0 {
            let args = [("days".to_owned(), Arg::from(days))].into();
            Some(app.templates.words().say(lang, "terms-days", &args))
        } else {
            Some(say("terms-receipt"))
        },
        introduction: (order.state == OrderState::Held).then(|| say("document-introduction-held")),
        lines: lines(app, whole, lang),
        totals: total_rows(&totals, lang, &say),
        closing_notes: vec![say("document-closing")],
        labels: labels(&say),
        language: lang.as_str().to_owned(),
        created_at: Timestamp::from_millisecond(order.placed_at).unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

fn lines(app: &App, whole: &Whole, lang: Lang) -> Vec<DocumentLine> {
    let words = app.templates.words();
    let currency = whole.order.currency;
    whole
        .lines
        .iter()
        .map(|line| {
            let quantity = i64::from(line.quantity);
            let owed = line.back_ordered / i64::from(line.pack_factor);
            DocumentLine {
                position: line.position.to_string(),
                sku: line.sku.clone(),
                name: line.name.clone(),
                pack: (line.pack_factor > 1).then(|| format!("à {}", line.pack_factor)),
                quantity: quantity_text(lang, quantity),
                unit: words.unit(lang, line.unit.code(), quantity),
                unit_price: unit_price_text(lang, line.unit_price, currency),
                // Quantity times price: the discounts are taken off below, as the totals do.
                net: money_text(
                    lang,
                    Money::new(line.net_minor + line.discount_minor, currency),
                ),
                note: notes(app, line, owed, lang),
            }
        })
        .collect()
}

/// What is owed of a line, who agreed its price, and what promotions made of it: a line each.
fn notes(app: &App, line: &order_line::Model, owed: i64, lang: Lang) -> Option<String> {
    let trace = show::trace(line);
    let mut notes = Vec::new();
    if owed > 0 {
        notes.push(Message::new("document-back-ordered").with("quantity", owed));
    }
    if let Some(by_hand) = trace.as_ref().and_then(|trace| trace.by_hand.as_ref()) {
        notes.push(Message::new("document-by-hand").with("name", by_hand.by.clone()));
    }
    for step in trace.iter().flat_map(PromotionStep::of) {
        notes.push(if line.promotion_id.is_some() {
            Message::new("document-free").with("name", step.name)
        } else {
            Message::new("document-promotion")
                .with("name", step.name)
                .with("discount", step.discount)
        });
    }
    let words = app.templates.words();
    let notes: Vec<String> = notes.iter().map(|note| words.message(lang, note)).collect();
    (!notes.is_empty()).then(|| notes.join("\n"))
}

fn total_rows(
    totals: &crate::web::shape::Totals,
    lang: Lang,
    say: &impl Fn(&str) -> String,
) -> Vec<DocumentTotal> {
    let part = |label: String, amount: Money| DocumentTotal {
        label,
        amount: money_text(lang, amount),
        reason: None,
        weight: TotalWeight::Part,
    };
    let parts = &totals.parts;
    let mut rows = Vec::new();
    if parts.discount.minor > 0 || parts.freight.minor > 0 {
        rows.push(part(say("document-goods"), parts.goods));
    }
    if parts.discount.minor > 0 {
        let off = Money::new(-parts.discount.minor, parts.discount.currency);
        rows.push(part(say("document-discount"), off));
    }
    if parts.freight.minor > 0 {
        rows.push(part(say("document-freight"), parts.freight));
    }
    rows.push(part(say("document-net"), totals.net));
    for vat in &totals.vat {
        let label = format!(
            "{} {}",
            say("document-vat"),
            percent_text(lang, vat.rate_bp)
        );
        rows.push(DocumentTotal {
            reason: match vat.reason.as_str() {
                "intra-community" => Some(say("document-reason-intra-community")),
                "export" => Some(say("document-reason-export")),
                _ => None,
            },
            ..part(label, vat.tax)
        });
    }
    rows.push(DocumentTotal {
        weight: TotalWeight::Sum,
        ..part(say("document-gross"), totals.gross)
    });
    rows
}

fn labels(say: &impl Fn(&str) -> String) -> Labels {
    Labels {
        title_received: say("document-title-received"),
        title_confirmed: say("document-title-confirmed"),
        title_cancelled: say("document-title-cancelled"),
        order_number: say("document-order-number"),
        order_date: say("document-order-date"),
        requested_date: say("document-requested-date"),
        po_number: say("document-po-number"),
        account: say("document-account"),
        ship_to: say("document-ship-to"),
        terms: say("document-terms"),
        vat_id: say("document-vat-id"),
        position: say("document-position"),
        sku: say("document-sku"),
        product: say("document-product"),
        quantity: say("document-quantity"),
        unit_price: say("document-unit-price"),
        net: say("document-line-net"),
        date_format: say("document-date-format"),
    }
}
