//! An order as programs read it. A page of orders takes as many queries as one order.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};
use trade::id::{AccountId, OrderId, ShipToId};
use trade::money::{self, Currency};
use trade::tax::TaxRow;
use utoipa::ToSchema;

use super::shape::{LinePromotion, Money, Trace, percent};
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, hold, order, order_line, ship_to};
use crate::error::Result;
use crate::holds;
use crate::orders::hold_words::Reader;

/// An order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Order {
    /// Its number.
    pub number: String,
    /// `held`, `confirmed`, `released`, `closed`, `cancelled`, `rejected` or `expired`.
    pub state: String,
    /// What somebody has to decide before it goes on.
    pub holds: Vec<Hold>,
    /// The account's number.
    pub account: String,
    /// The buyer's own number.
    pub po_number: String,
    /// How it came in: `portal`, `on_behalf`, `api` or `import`.
    pub source: String,
    /// When.
    #[schema(format = DateTime)]
    pub placed_at: String,
    /// By whom: a person or a key.
    pub placed_by: String,
    /// For whom, where the brand placed it.
    #[schema(required = true)]
    pub on_behalf_of: Option<String>,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Code of the place of delivery.
    #[schema(required = true)]
    pub ship_to: Option<String>,
    /// Where to, as it was.
    pub delivery_address: Address,
    /// Who pays, as it was.
    pub billing_address: Address,
    /// The day it is wanted.
    #[schema(required = true, format = Date)]
    pub requested_date: Option<String>,
    /// For the warehouse.
    pub note: String,
    /// Days until it is to be paid.
    pub payment_terms_days: i32,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// What promotions took off its lines.
    pub discount: Money,
    /// Freight, net.
    pub freight: Money,
    /// Sum of the lines and the freight.
    pub net: Money,
    /// Tax, by rate.
    pub taxes: Vec<Tax>,
    /// Sum of the tax.
    pub tax: Money,
    /// Both.
    pub gross: Money,
    /// Why it was cancelled.
    #[schema(required = true)]
    pub cancel_reason: Option<String>,
}

/// Something that has to be decided, or was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hold {
    /// Its id.
    #[schema(format = Uuid)]
    pub id: String,
    /// `approval`, `credit`, `overdue`, `stock_short`, `price_drift`, `below_minimum`,
    /// `duplicate`, `unusual_quantity`, `kam_review` or `export_failed`.
    pub kind: String,
    /// Approval may run in levels; 1 for all else.
    pub level: i32,
    /// Who decides: `approver`, `kam`, `finance` or `operations`.
    pub releaser: String,
    /// `waiting`, `open`, `released`, `rejected`, `expired` or `withdrawn`.
    pub state: String,
    /// Since when.
    #[schema(format = DateTime)]
    pub opened_at: String,
    /// When it expires, and its order with it.
    #[schema(format = DateTime)]
    pub due_at: String,
    /// On what it rests, by kind; null where an account's key may not know it, such as how the
    /// company stands that pays for it.
    #[schema(required = true, value_type = Option<Object>)]
    pub facts: Option<Value>,
    /// Who decided.
    #[schema(required = true)]
    pub decided_by: Option<String>,
    /// Why, in their words.
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// Name and address lines.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Address {
    /// The name.
    pub name: String,
    /// Street, postal code with city, country.
    pub lines: Vec<String>,
}

/// Tax of one rate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tax {
    /// In per cent, such as `19.00`.
    pub rate: String,
    /// `taxed`, `intra_community` or `export`.
    pub reason: String,
    /// Sum of its lines.
    pub net: Money,
    /// The tax on that.
    pub amount: Money,
}

/// A line with price and trace as they were. Quantities but `quantity` count base units:
/// `ordered = cancelled + shipped + allocated + back_ordered`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderLine {
    /// Counted from 1.
    pub position: i32,
    /// The article number.
    pub sku: String,
    /// The name.
    pub name: String,
    /// The unit it was ordered in.
    pub unit: String,
    /// Base units in it.
    pub pack_factor: i32,
    /// How many of it.
    pub quantity: i32,
    /// The price of one.
    pub unit_price: Money,
    /// What promotions took off it.
    pub discount: Money,
    /// Which promotions took off how much; of goods that came along, what they came with.
    pub promotions: Vec<LinePromotion>,
    /// Whether it came along at no charge.
    pub free: bool,
    /// The rounded total, after promotions.
    pub total: Money,
    /// In per cent.
    pub tax_rate: String,
    /// `taxed`, `intra_community` or `export`.
    pub tax_reason: String,
    /// Ordered.
    pub ordered: i64,
    /// Withdrawn.
    pub cancelled: i64,
    /// Sent.
    pub shipped: i64,
    /// Set aside in the warehouse.
    pub allocated: i64,
    /// Owed.
    pub back_ordered: i64,
    /// Sent back.
    pub returned: i64,
    /// Why the price; null for history that was imported.
    #[schema(required = true)]
    pub price_trace: Option<Trace>,
}

/// Orders with their lines, in the same order.
///
/// # Errors
/// Whatever the database says.
pub async fn shapes(tx: &Tx, orders: Vec<order::Model>) -> Result<Vec<Order>> {
    let ids: Vec<OrderId> = orders.iter().map(|row| row.id).collect();
    let mut lines: HashMap<OrderId, Vec<order_line::Model>> = HashMap::new();
    for chunk in ids.chunks(500) {
        let ids = padded(chunk);
        let rows = tx
            .all::<order_line::Entity>(|all| {
                all.filter(order_line::Column::OrderId.is_in(ids))
                    .order_by_asc(order_line::Column::OrderId)
                    .order_by_asc(order_line::Column::Position)
            })
            .await?;
        for row in rows {
            lines.entry(row.order_id).or_default().push(row);
        }
    }
    let mut holds: HashMap<OrderId, Vec<hold::Model>> = HashMap::new();
    for hold in holds::of_orders(tx, &ids).await? {
        holds.entry(hold.order_id).or_default().push(hold);
    }
    let is_staff = tx.scope().account_id().is_none();
    let accounts = account_numbers(tx, &orders).await?;
    let places = place_codes(tx, &orders).await?;
    let shaped = orders.into_iter().map(|row| {
        let lines = lines.remove(&row.id).unwrap_or_default();
        let reader = Reader::of(&row, is_staff);
        let holds = holds.remove(&row.id).unwrap_or_default();
        let holds = holds.into_iter().map(|hold| hold_shape(hold, reader));
        let holds = holds.collect();
        let account = accounts.get(&row.account_id).cloned().unwrap_or_default();
        let place = row.ship_to_id.and_then(|id| places.get(&id).cloned());
        shape(row, lines, holds, account, place)
    });
    Ok(shaped.collect())
}

async fn account_numbers(tx: &Tx, orders: &[order::Model]) -> Result<HashMap<AccountId, String>> {
    let mut ids: Vec<AccountId> = orders.iter().map(|row| row.account_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let ids = padded(&ids);
    let rows = tx
        .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(ids)))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}

async fn place_codes(tx: &Tx, orders: &[order::Model]) -> Result<HashMap<ShipToId, String>> {
    let mut ids: Vec<ShipToId> = orders.iter().filter_map(|row| row.ship_to_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let ids = padded(&ids);
    let rows = tx
        .all::<ship_to::Entity>(|all| all.filter(ship_to::Column::Id.is_in(ids)))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code)).collect())
}

fn shape(
    row: order::Model,
    lines: Vec<order_line::Model>,
    holds: Vec<Hold>,
    account: String,
    ship_to: Option<String>,
) -> Order {
    let currency = row.currency;
    let total = |minor: i64| Money::from(money::Money::new(minor, currency));
    let taxes: Vec<TaxRow> = serde_json::from_value(row.taxes).unwrap_or_default();
    Order {
        state: row.state.to_string(),
        holds,
        account,
        source: row.source.to_string(),
        placed_at: instant(row.placed_at),
        placed_by: row.placed_by,
        on_behalf_of: row.on_behalf_of,
        updated_at: instant(row.updated_at),
        ship_to,
        delivery_address: address(&row.addresses, "ship_to"),
        billing_address: address(&row.addresses, "bill_to"),
        requested_date: row.requested_date.map(|date| date.to_string()),
        note: row.note,
        payment_terms_days: row.payment_terms_days,
        lines: lines
            .into_iter()
            .map(|line| line_shape(line, currency))
            .collect(),
        discount: total(row.discount_minor),
        freight: total(row.freight_minor),
        net: total(row.net_minor),
        taxes: taxes.into_iter().map(tax).collect(),
        tax: total(row.tax_minor),
        gross: total(row.gross_minor),
        cancel_reason: row.cancel_reason,
        po_number: row.po_number,
        number: row.number,
    }
}

fn hold_shape(hold: hold::Model, reader: Reader) -> Hold {
    Hold {
        id: hold.id.to_string(),
        kind: hold.kind.to_string(),
        level: hold.level,
        releaser: hold.releaser.to_string(),
        state: hold.state.to_string(),
        opened_at: instant(hold.opened_at),
        due_at: instant(hold.due_at),
        reason: holds::told_reason(&hold, reader),
        facts: reader.may_read(hold.kind).then(|| in_words(hold.facts)),
        decided_by: hold.decided_by,
    }
}

/// Facts as stored, with amounts and instants written as everywhere in the API.
fn in_words(facts: Value) -> Value {
    match facts {
        Value::Array(list) => list.into_iter().map(in_words).collect(),
        Value::Object(fields) => {
            let stored = Value::Object(fields.clone());
            if fields.len() == 2
                && let Ok(money) = serde_json::from_value::<money::Money>(stored)
            {
                return json!(Money::from(money));
            }
            let words = fields.into_iter().map(|(name, value)| {
                let value = match value.as_i64().filter(|_| name == "placed_at") {
                    Some(millis) => Value::from(instant(millis)),
                    None => in_words(value),
                };
                (name, value)
            });
            Value::Object(words.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => facts,
    }
}

fn line_shape(line: order_line::Model, currency: Currency) -> OrderLine {
    let price_trace = Trace::stored(line.price_trace.as_ref());
    OrderLine {
        position: line.position,
        sku: line.sku,
        name: line.name,
        unit: line.unit.to_string(),
        pack_factor: line.pack_factor,
        quantity: line.quantity,
        unit_price: Money::unit(line.unit_price, currency),
        discount: money::Money::new(line.discount_minor, currency).into(),
        promotions: price_trace
            .as_ref()
            .map(|trace| trace.promotions.clone())
            .unwrap_or_default(),
        free: line.promotion_id.is_some(),
        total: money::Money::new(line.net_minor, currency).into(),
        tax_rate: percent(line.tax_rate),
        tax_reason: line.tax_reason.to_string(),
        ordered: line.ordered,
        cancelled: line.cancelled,
        shipped: line.shipped,
        allocated: line.allocated,
        back_ordered: line.back_ordered,
        returned: line.returned,
        price_trace,
    }
}

fn tax(row: TaxRow) -> Tax {
    Tax {
        rate: percent(row.tax.rate),
        reason: row.tax.reason.to_string(),
        net: row.net.into(),
        amount: row.amount.into(),
    }
}

/// As it was stored; an imported order may have none.
fn address(addresses: &Value, whose: &str) -> Address {
    let Some(stored) = addresses.get(whose) else {
        return Address::default();
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Address {
        name: stored.get("name").and_then(text).unwrap_or_default(),
        lines: stored
            .get("lines")
            .unwrap_or(stored)
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(text)
            .filter(|line| !line.is_empty())
            .collect(),
    }
}

/// RFC 3339 in UTC.
fn instant(millis: i64) -> String {
    Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}
