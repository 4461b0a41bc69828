//! One order as its page shows it: lines as they were, totals by rate, the timeline.

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use trade::money::{Money, UnitPrice};
use trade::order::OrderState;
use trade::price::PriceTrace;
use trade::tax::{TaxReason, TaxRow};

use super::view::{OrderLineView, OrderPage, OrderRow, TimelineEvent};
use crate::app::App;
use crate::auth::SignedIn;
use crate::db::Tx;
use crate::db::entity::{account, order, order_event, order_line, product};
use crate::db::scope::Reach;
use crate::db::words::OrderSource;
use crate::error::Result;
use crate::holds;
use crate::holds::view::HoldView;
use crate::pricing::view::{PromotionStep, WhyPrice};
use crate::stock::outlook;
use crate::web::form::FormState;
use crate::web::shape::{Address, NetParts, Totals, Unit, VatLine};

/// An order with everything that belongs to it.
#[derive(Debug)]
pub struct Whole {
    /// Its row.
    pub order: order::Model,
    /// Its lines by position.
    pub lines: Vec<order_line::Model>,
    /// What happened, the latest first.
    pub events: Vec<order_event::Model>,
    /// Whose it is.
    pub account: account::Model,
}

/// Loads an order the caller sees.
///
/// # Errors
/// `NotFound`.
pub async fn load(tx: &Tx, number: &str) -> Result<Whole> {
    let order = super::find(tx, number).await?;
    whole(tx, order).await
}

/// Loads what belongs to an order.
///
/// # Errors
/// Whatever the database says.
pub async fn whole(tx: &Tx, order: order::Model) -> Result<Whole> {
    let lines = tx
        .all::<order_line::Entity>(|lines| {
            lines
                .filter(order_line::Column::OrderId.eq(order.id))
                .order_by_asc(order_line::Column::Position)
        })
        .await?;
    let events = tx
        .all::<order_event::Entity>(|events| {
            events
                .filter(order_event::Column::OrderId.eq(order.id))
                .order_by_desc(order_event::Column::At)
                .order_by_desc(order_event::Column::Id)
        })
        .await?;
    let account = tx.get::<account::Entity>(order.account_id).await?;
    Ok(Whole {
        order,
        lines,
        events,
        account,
    })
}

/// The trace stored with a line; none for imported history.
#[must_use]
pub fn trace(line: &order_line::Model) -> Option<PriceTrace> {
    line.price_trace
        .as_ref()
        .and_then(|json| serde_json::from_value(json.clone()).ok())
}

/// The order's VAT rows and sums, as stored.
#[must_use]
pub fn totals(order: &order::Model) -> Totals {
    let rows: Vec<TaxRow> = serde_json::from_value(order.taxes.clone()).unwrap_or_default();
    let money = |minor| Money::new(minor, order.currency);
    Totals {
        parts: NetParts {
            goods: money(order.net_minor - order.freight_minor + order.discount_minor),
            discount: money(order.discount_minor),
            freight: money(order.freight_minor),
            freight_waived_by: None,
            has_freight: order.freight_minor > 0,
        },
        net: Money::new(order.net_minor, order.currency),
        vat: rows
            .into_iter()
            .map(|row| VatLine {
                rate_bp: row.tax.rate.0.into(),
                reason: vat_word(row.tax.reason, row.tax.rate.0).to_owned(),
                net: row.net,
                tax: row.amount,
            })
            .collect(),
        tax: Money::new(order.tax_minor, order.currency),
        gross: Money::new(order.gross_minor, order.currency),
    }
}

/// The word by which messages name a rate or the reason for none.
#[must_use]
pub fn vat_word(reason: TaxReason, rate: i32) -> &'static str {
    match reason {
        TaxReason::IntraCommunity => "intra-community",
        TaxReason::Export => "export",
        TaxReason::Taxed if rate == 0 => "zero",
        TaxReason::Taxed => "standard",
    }
}

/// An address of the order: `bill_to` or `ship_to`, as it was.
#[must_use]
pub fn address(order: &order::Model, which: &str) -> Address {
    let found = order.addresses.get(which);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Address {
        name: found
            .and_then(|a| a.get("name"))
            .map(text)
            .unwrap_or_default(),
        lines: found
            .and_then(|a| a.get("lines")?.as_array())
            .map(|lines| {
                lines
                    .iter()
                    .map(text)
                    .filter(|line| !line.is_empty())
                    .collect()
            })
            .unwrap_or_default(),
    }
}

/// The brand's own address.
#[must_use]
pub fn brand_address(app: &App) -> Address {
    let brand = &app.brand.row;
    let lines = [
        brand.street.clone(),
        format!("{} {}", brand.postal_code, brand.city)
            .trim()
            .to_owned(),
        brand.country.clone(),
    ];
    Address {
        name: brand.name.clone(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
    }
}

/// The page as `who` sees it, with what they may do.
///
/// # Errors
/// `NotFound`.
pub async fn seen_by(tx: &Tx, app: &App, who: &SignedIn, number: &str) -> Result<OrderPage> {
    let mut view = page(tx, app, number, who.is_staff()).await?;
    view.mail_to = Some(who.session.email.clone()).filter(|_| !who.is_staff());
    // Reordering fills a cart, so it needs an account to order for.
    view.can_reorder = who.session.account.is_some();
    view.can_take_back &= view.can_reorder;
    // A KAM writes for an account by acting for it; a form that answers 404 helps nobody.
    view.can_cancel &= !matches!(who.scope.reach, Reach::Portfolio(_));
    Ok(view)
}

/// The page.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, number: &str, is_staff: bool) -> Result<OrderPage> {
    let whole = load(tx, number).await?;
    let ids: Vec<_> = whole.lines.iter().map(|line| line.product_id).collect();
    let ids = crate::catalogue::padded(&ids);
    let products = tx
        .all::<product::Entity>(|products| products.filter(product::Column::Id.is_in(ids)))
        .await?;
    let base_units: std::collections::HashMap<_, Unit> = products
        .into_iter()
        .map(|product| (product.id, product.base_unit))
        .collect();
    let promises = outlook::of_order(tx, app.today(), whole.order.id).await?;
    let lines = whole.lines.iter().map(|line| {
        let base = base_units
            .get(&line.product_id)
            .copied()
            .unwrap_or(Unit::Piece);
        let arrival = promises.get(&line.position).and_then(|promise| promise.by);
        line_view(&whole.order, line, base, arrival, is_staff)
    });
    let lines = lines.collect();
    let days: Option<Vec<Date>> = promises.values().map(|promise| promise.by).collect();
    let expected = days.and_then(|days| days.into_iter().max());
    let order = &whole.order;
    let holds = holds::of_order(tx, app, order, is_staff).await?;
    let timeline = whole.events.into_iter();
    let timeline = timeline.map(|event| event_view(event, &holds)).collect();
    let terms = i64::from(order.payment_terms_days);
    Ok(OrderPage {
        note: Some(order.note.clone()).filter(|note| !note.is_empty()),
        on_behalf_of: order.on_behalf_of.clone(),
        lines,
        totals: totals(order),
        ship_to: address(order, "ship_to"),
        bill_to: address(order, "bill_to"),
        brand: brand_address(app),
        terms_days: terms,
        timeline,
        holds,
        just_placed: false,
        mail_to: None,
        can_reorder: true,
        can_take_back: match order.state {
            OrderState::Held
            | OrderState::Rejected
            | OrderState::Expired
            | OrderState::Cancelled => order.source != OrderSource::Import,
            OrderState::Confirmed | OrderState::Released | OrderState::Closed => false,
        },
        can_cancel: order.state.may_become(OrderState::Cancelled),
        is_staff,
        cancel_form: FormState::new(),
        order: OrderRow {
            number: order.number.clone(),
            placed_at: order.placed_at,
            state: order.state.name().to_owned(),
            po_number: Some(order.po_number.clone()).filter(|po| !po.is_empty()),
            placed_by: order.placed_by.clone(),
            on_behalf: order.on_behalf_of.is_some(),
            lines: order.line_count.into(),
            net: Money::new(order.net_minor, order.currency),
            requested_date: order.requested_date.map(|date| date.to_string()),
            expected_date: expected.map(|day| day.to_string()),
            account_name: whole.account.name,
            account_number: whole.account.number,
        },
    })
}

fn line_view(
    order: &order::Model,
    line: &order_line::Model,
    base_unit: Unit,
    arrival: Option<Date>,
    is_staff: bool,
) -> OrderLineView {
    let factor = i64::from(line.pack_factor);
    let trace = trace(line);
    let list_price: Option<UnitPrice> = trace
        .as_ref()
        .and_then(|trace| trace.list_price)
        .filter(|list| *list != line.unit_price);
    OrderLineView {
        position: line.position.into(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        unit: line.unit,
        factor,
        base_unit,
        ordered: line.quantity.into(),
        // While it is held, pieces are reserved and nothing is confirmed.
        confirmed: if order.state == OrderState::Held {
            0
        } else {
            line.allocated / factor
        },
        shipped: line.shipped / factor,
        back_ordered: line.back_ordered / factor,
        cancelled: line.cancelled / factor,
        expected: arrival.map(|day| day.to_string()),
        unit_price: line.unit_price,
        list_price,
        price_unit: line.unit,
        currency: order.currency,
        total: Money::new(line.net_minor, order.currency),
        before: (line.discount_minor > 0)
            .then(|| Money::new(line.net_minor + line.discount_minor, order.currency)),
        promotions: trace.as_ref().map(PromotionStep::of).unwrap_or_default(),
        is_free: line.promotion_id.is_some(),
        vat_bp: line.tax_rate.0.into(),
        why: trace.map(|trace| WhyPrice::from_trace(&trace, is_staff)),
    }
}

/// What happened to a hold names it, and says of its reason what the page says of it.
fn event_view(event: order_event::Model, holds: &[HoldView]) -> TimelineEvent {
    let id = event.hold_id.map(|id| id.to_string());
    let hold = id.and_then(|id| holds.iter().find(|hold| hold.id == id));
    TimelineEvent {
        hold: hold.map(|hold| hold.kind.clone()),
        at: event.at,
        kind: event.kind,
        by: Some(event.by_name).filter(|name| !name.is_empty()),
        on_behalf_of: event.on_behalf_of,
        note: match hold {
            Some(hold) => hold.reason.clone().filter(|_| event.detail.is_some()),
            None => event.detail,
        },
    }
}
