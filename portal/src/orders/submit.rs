//! Submit: from a cart, or lines another program sends, to a confirmed order, in one transaction.
//!
//! The same key gives the first answer again; a cart becomes one order however many tabs submit
//! it; a total other than the expected one is refused with the difference. Prices with their
//! traces, names and addresses are copied: nothing that changes later changes an order.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CartId, OrderId, ProductId, ShipToId};
use trade::money::{Money, UnitPrice};
use trade::order::{LineQuantities, OrderState};
use trade::quantity::{Quantity, Unit};
use uuid::Uuid;

use super::quote::{self, ForWhom, Quote, QuotedLine, Wanted};
use super::refusals;
use crate::app::App;
use crate::db::entity::{cart, cart_line, order, order_event, order_line, stock, stock_movement};
use crate::db::words::OrderSource;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};
use crate::jobs::Job;

/// What is submitted.
#[derive(Debug, Clone)]
pub enum Lines {
    /// An open cart; it becomes the order and stays.
    Cart(CartId),
    /// Lines of a program, without a cart.
    Given(Vec<Wanted>),
}

/// A price somebody was shown, for telling them what has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The product.
    pub product: ProductId,
    /// The unit.
    pub unit: Unit,
    /// The price of one.
    pub unit_price: UnitPrice,
}

/// A request to place an order.
#[derive(Debug, Clone)]
pub struct Submission {
    /// For which account.
    pub account: AccountId,
    /// What.
    pub lines: Lines,
    /// How it came in.
    pub source: OrderSource,
    /// The sender's key, 1 to 255 characters: the same key is the same order.
    pub key: String,
    /// A digest of everything the request says; the same key with another digest is refused.
    pub digest: String,
    /// The total the buyer has seen, gross (or net, as an ERP may reckon); none skips the check.
    pub expected_total: Option<Money>,
    /// The prices the buyer has seen.
    pub shown: Vec<Shown>,
    /// Where to; the account's default place where none is named.
    pub ship_to: Option<ShipToId>,
    /// The buyer's own number.
    pub po_number: String,
    /// When it is wanted.
    pub requested_date: Option<Date>,
    /// For the warehouse.
    pub note: String,
}

/// The order a submission led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its id.
    pub order: OrderId,
    /// Its number.
    pub number: String,
    /// Whether it was placed by an earlier request with the same key.
    pub replayed: bool,
}

/// Places an order. The caller commits, and then wakes the worker.
///
/// # Errors
/// `Refused` with one of the codes of [`refusals`]; `NotFound` for an account or place out of
/// reach; whatever the database says. After an error the transaction must not be committed.
pub async fn submit(tx: &Tx, app: &App, submission: &Submission) -> Result<Submitted> {
    let now = app.clock.millis();
    if let Some(stored) = claim_key(tx, submission, now).await? {
        return Ok(stored);
    }
    let wanted = take_lines(tx, submission, now).await?;
    let mut ids: Vec<ProductId> = wanted.iter().map(|line| line.product).collect();
    ids.sort_unstable();
    ids.dedup();
    lock_stock(tx, &ids).await?;
    let whom = ForWhom::load(tx, app, submission.account, submission.ship_to).await?;
    if submission.ship_to.is_some() && whom.ship_to.is_none() {
        return Err(refusals::unknown_ship_to().into());
    }
    if whom.account.status == "blocked" {
        return Err(refusals::blocked().into());
    }
    if wanted.is_empty() {
        return Err(refusals::empty().into());
    }
    if submission
        .requested_date
        .is_some_and(|date| date < app.today())
    {
        return Err(refusals::date_passed(app.today()).into());
    }
    let quote = quote::quote(tx, app, &whom, &wanted).await?;
    if !quote.is_orderable() {
        return Err(refusals::not_orderable(&quote).into());
    }
    if let Some(expected) = submission.expected_total
        && expected != quote.totals.gross
        && expected != quote.totals.net
    {
        return Err(refusals::total_changed(expected, &quote, &submission.shown).into());
    }
    let placed = store(tx, app, submission, &whom, &quote, now).await?;
    answer_key(tx, submission, &placed).await?;
    Ok(placed)
}

/// Claims the key for this request, or gives the order of the earlier one. On PostgreSQL a second
/// request with the same key waits here until the first is through.
async fn claim_key(tx: &Tx, submission: &Submission, now: i64) -> Result<Option<Submitted>> {
    let owner = tx.scope().actor.owner;
    let inserted = tx
        .execute(
            "INSERT INTO idempotency_keys (owner, key, request_hash, status, answer, created_at) \
             VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (owner, key) DO NOTHING",
            [
                owner.into(),
                submission.key.clone().into(),
                submission.digest.clone().into(),
                serde_json::Value::Null.into(),
                now.into(),
            ],
        )
        .await?;
    if inserted == 1 {
        return Ok(None);
    }
    let rows = tx
        .rows(
            "SELECT request_hash, answer FROM idempotency_keys WHERE owner = $1 AND key = $2",
            [owner.into(), submission.key.clone().into()],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| Error::Busy("the key is being used".into()))?;
    if row.try_get::<String>("", "request_hash")? != submission.digest {
        return Err(refusals::key_reused().into());
    }
    let answer: serde_json::Value = row.try_get("", "answer")?;
    let (Some(order), Some(number)) = (
        answer.get("order").and_then(|id| id.as_str()?.parse().ok()),
        answer.get("number").and_then(|number| number.as_str()),
    ) else {
        return Err(Error::Internal(anyhow::anyhow!(
            "an idempotency key without its order"
        )));
    };
    Ok(Some(Submitted {
        order,
        number: number.to_owned(),
        replayed: true,
    }))
}

async fn answer_key(tx: &Tx, submission: &Submission, placed: &Submitted) -> Result<()> {
    let answer = json!({"order": placed.order, "number": placed.number});
    tx.execute(
        "UPDATE idempotency_keys SET status = 201, answer = $1 WHERE owner = $2 AND key = $3",
        [
            answer.into(),
            tx.scope().actor.owner.into(),
            submission.key.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// The lines; a cart is closed at once, so that no second request gets them.
async fn take_lines(tx: &Tx, submission: &Submission, now: i64) -> Result<Vec<Wanted>> {
    let cart = match &submission.lines {
        Lines::Given(lines) => return Ok(lines.clone()),
        Lines::Cart(cart) => *cart,
    };
    let closed = tx
        .change::<cart::Entity>(|update| {
            update
                .filter(cart::Column::Id.eq(cart))
                .filter(cart::Column::AccountId.eq(submission.account))
                .filter(cart::Column::State.eq("open"))
                .col_expr(cart::Column::State, "submitted".into())
                .col_expr(cart::Column::UpdatedAt, now.into())
        })
        .await?;
    if closed == 0 {
        let earlier = tx
            .one::<order::Entity>(|orders| orders.filter(order::Column::CartId.eq(cart)))
            .await?
            .ok_or(Error::NotFound)?;
        return Err(refusals::already_submitted(&earlier.number).into());
    }
    let lines = tx
        .all::<cart_line::Entity>(|lines| {
            lines
                .filter(cart_line::Column::CartId.eq(cart))
                .order_by_asc(cart_line::Column::AddedAt)
                .order_by_asc(cart_line::Column::Id)
        })
        .await?;
    let wanted = lines.into_iter().map(|line| Wanted {
        product: line.product_id,
        unit: line.unit,
        quantity: line.quantity.into(),
    });
    Ok(wanted.collect())
}

/// Locks the products' stock, by id, as everything that moves stock does.
pub(super) async fn lock_stock(tx: &Tx, ids: &[ProductId]) -> Result<()> {
    for chunk in ids.chunks(2_000) {
        let ids = crate::catalogue::padded(chunk);
        tx.all::<stock::Entity>(|rows| {
            rows.filter(stock::Column::ProductId.is_in(ids))
                .order_by_asc(stock::Column::ProductId)
                .lock_exclusive()
        })
        .await?;
    }
    Ok(())
}

async fn store(
    tx: &Tx,
    app: &App,
    submission: &Submission,
    whom: &ForWhom,
    quote: &Quote,
    now: i64,
) -> Result<Submitted> {
    let id = OrderId(Uuid::now_v7());
    let number = order_number(tx.next_number("orders").await?);
    let today = LocalDate(app.today());
    let scope = tx.scope().clone();
    let account_id = submission.account;
    tx.insert(order::ActiveModel {
        id: Set(id),
        number: Set(number.clone()),
        account_id: Set(account_id),
        cart_id: Set(match submission.lines {
            Lines::Cart(cart) => Some(cart),
            Lines::Given(_) => None,
        }),
        state: Set(OrderState::Confirmed),
        source: Set(if scope.on_behalf_of.is_some() {
            OrderSource::OnBehalf
        } else {
            submission.source
        }),
        ship_to_id: Set(whom.ship_to.as_ref().map(|place| place.id)),
        currency: Set(whom.customer.currency),
        net_minor: Set(quote.totals.net.minor),
        tax_minor: Set(quote.totals.tax.minor),
        gross_minor: Set(quote.totals.gross.minor),
        freight_minor: Set(0),
        discount_minor: Set(0),
        bill_to_id: Set(whom.account.bill_to_id.or(Some(account_id))),
        lines_digest: Set(String::new()),
        delivery_policy: Set(whom.account.delivery_policy),
        line_count: Set(i32::try_from(quote.lines.len())?),
        taxes: Set(serde_json::to_value(&quote.totals.rows)?),
        addresses: Set(addresses(whom)),
        po_number: Set(submission.po_number.clone()),
        requested_date: Set(submission.requested_date.map(LocalDate)),
        note: Set(submission.note.clone()),
        payment_terms_days: Set(whom.account.payment_terms_days),
        placed_at: Set(now),
        placed_on: Set(today),
        placed_by: Set(scope.actor.name.clone()),
        placed_by_id: Set(scope.actor.user_id),
        on_behalf_of: Set(scope.on_behalf_of.clone()),
        cancel_reason: Set(None),
        updated_at: Set(now),
    })
    .await?;
    let promises = promises(quote);
    let mut lines = Vec::with_capacity(quote.lines.len());
    for (at, (line, promise)) in quote.lines.iter().zip(&promises).enumerate() {
        lines.push(line_row(id, account_id, at + 1, line, *promise)?);
    }
    tx.insert_all(lines).await?;
    allocate(tx, quote, &promises, &number, now).await?;
    remember_products(tx, account_id, quote, today).await?;
    for kind in ["placed", "confirmed"] {
        tx.insert(order_event::ActiveModel {
            id: Set(Uuid::now_v7()),
            order_id: Set(id),
            account_id: Set(account_id),
            kind: Set(kind.to_owned()),
            at: Set(now),
            by_name: Set(if kind == "placed" {
                scope.actor.name.clone()
            } else {
                String::new()
            }),
            on_behalf_of: Set(scope.on_behalf_of.clone()),
            detail: Set(None),
            hold_id: Set(None),
            told: Set(false),
        })
        .await?;
    }
    tx.enqueue(now, &Job::OrderPlaced { order: id }).await?;
    Ok(Submitted {
        order: id,
        number,
        replayed: false,
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
        .lines
        .iter()
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
        discount_minor: Set(0),
        promotion_id: Set(None),
        tax_rate: Set(tax.rate),
        tax_reason: Set(tax.reason),
        price_trace: Set(Some(serde_json::to_value(trace)?)),
    })
}

/// Sets the promised pieces aside, in one statement, with a movement a product.
async fn allocate(
    tx: &Tx,
    quote: &Quote,
    promises: &[LineQuantities],
    number: &str,
    now: i64,
) -> Result<()> {
    let mut sums: BTreeMap<ProductId, i64> = BTreeMap::new();
    for (line, promise) in quote.lines.iter().zip(promises) {
        let counted = line
            .article
            .as_ref()
            .is_some_and(|article| article.available.is_some());
        if counted && promise.allocated.0 > 0 {
            *sums.entry(line.wanted.product).or_default() += promise.allocated.0;
        }
    }
    move_allocated(tx, &sums, "order", number, now).await
}

/// Adds to what is allocated, by product, in base units; negative gives back.
pub(super) async fn move_allocated(
    tx: &Tx,
    sums: &BTreeMap<ProductId, i64>,
    cause: &str,
    reference: &str,
    now: i64,
) -> Result<()> {
    let entries: Vec<(&ProductId, &i64)> = sums.iter().collect();
    for chunk in entries.chunks(2_000) {
        let values: Vec<String> = (0..chunk.len())
            .map(|at| format!("(${}, ${})", 2 + 2 * at, 3 + 2 * at))
            .collect();
        let sql = format!(
            "WITH moved (id, pieces) AS (VALUES {}) UPDATE stock \
             SET allocated = allocated + moved.pieces, updated_at = $1 \
             FROM moved WHERE stock.product_id = moved.id",
            values.join(", ")
        );
        let binds = std::iter::once(Value::from(now)).chain(
            chunk
                .iter()
                .flat_map(|(id, pieces)| [Value::from(**id), Value::from(**pieces)]),
        );
        let touched = tx.execute(&sql, binds).await?;
        if touched != u64::try_from(chunk.len())? {
            return Err(Error::Internal(anyhow::anyhow!("stock rows are missing")));
        }
    }
    tx.insert_all(
        sums.iter()
            .map(|(product, pieces)| stock_movement::ActiveModel {
                id: Set(Uuid::now_v7()),
                product_id: Set(*product),
                at: Set(now),
                on_hand: Set(0),
                allocated: Set(*pieces),
                reserved: Set(0),
                cause: Set(cause.to_owned()),
                reference: Set(reference.to_owned()),
            }),
    )
    .await
}

/// Keeps "last bought" with the order, so that no page has to look for it in the lines.
async fn remember_products(
    tx: &Tx,
    account: AccountId,
    quote: &Quote,
    today: LocalDate,
) -> Result<()> {
    let mut last: BTreeMap<ProductId, (i64, Unit, i64)> = BTreeMap::new();
    for line in &quote.lines {
        let entry = last
            .entry(line.wanted.product)
            .or_insert((0, line.wanted.unit, 0));
        let pieces = entry.2 + line.ordered.0;
        // Two lines of one product in one unit count together; in two units the last one stands.
        *entry = if entry.1 == line.wanted.unit {
            (entry.0 + line.wanted.quantity, entry.1, pieces)
        } else {
            (line.wanted.quantity, line.wanted.unit, pieces)
        };
    }
    let entries: Vec<_> = last.into_iter().collect();
    for chunk in entries.chunks(2_000) {
        let rows: Vec<String> = (0..chunk.len())
            .map(|at| format!("({}, 1)", placeholders(1 + 7 * at, 7)))
            .collect();
        let sql = format!(
            "INSERT INTO account_products \
             (account_id, product_id, first_on, last_on, last_quantity, last_unit, pieces, times) \
             VALUES {} ON CONFLICT (account_id, product_id) DO UPDATE SET \
             last_on = excluded.last_on, last_quantity = excluded.last_quantity, \
             last_unit = excluded.last_unit, pieces = account_products.pieces + excluded.pieces, \
             times = account_products.times + 1",
            rows.join(", ")
        );
        let mut binds: Vec<Value> = Vec::with_capacity(chunk.len() * 7);
        for (product, (quantity, unit, pieces)) in chunk {
            let quantity = i32::try_from(*quantity).unwrap_or(i32::MAX);
            binds.extend([
                account.into(),
                (*product).into(),
                today.into(),
                today.into(),
            ]);
            binds.extend([quantity.into(), (*unit).into(), (*pieces).into()]);
        }
        tx.execute(&sql, binds).await?;
    }
    Ok(())
}
