//! What is in stock, as the brand's own system counts it.

use actix_web::{HttpRequest, web};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Reading as Body, Sent};
use super::caller::ApiCaller;
use super::docs::{Reading, Replacing};
use super::keys::Permission;
use super::products::by_number;
use super::{Answer, tag};
use crate::app::App;
use crate::stock::incoming::{self, Incoming, MOST_RECEIPTS};
use crate::stock::{self, Count, MOST};
use crate::web::shape::Message;

/// What is in stock of a product, in base units.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stock {
    /// The article number.
    pub sku: String,
    /// What lies in the warehouse.
    pub on_hand: i64,
    /// Of that, what is promised to orders.
    pub allocated: i64,
    /// Of that, what is kept back for orders that wait.
    pub reserved: i64,
    /// What can still be promised.
    pub available: i64,
    /// When more is expected.
    #[schema(required = true, format = Date)]
    pub expected_on: Option<String>,
    /// How much more.
    #[schema(required = true)]
    pub expected_quantity: Option<i64>,
    /// Everything that is on its way, the next (the two above) included, the earliest first.
    pub receipts: Vec<Receipt>,
}

/// Goods on their way.
#[derive(Debug, Clone, Serialize, ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// When they are expected.
    #[schema(value_type = String, format = Date)]
    pub expected_on: Date,
    /// How many, in base units.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub quantity: i64,
}

/// A new count. What it leaves out is not expected any more.
#[derive(Debug, Clone, ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCount {
    /// What lies in the warehouse, in base units.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub on_hand: i64,
    /// When more is expected.
    #[schema(value_type = Option<String>, format = Date)]
    pub expected_on: Option<Date>,
    /// How much more; only with `expected_on`.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub expected_quantity: Option<i64>,
    /// What is on its way, where it comes on more than one day; in any order. Beside them
    /// `expected_on` and `expected_quantity` may name one more, or repeat one.
    #[schema(max_items = 50)]
    pub receipts: Option<Vec<Receipt>>,
}

fn shape(sku: &str, row: Option<&crate::db::entity::stock::Model>, incoming: &Incoming) -> Stock {
    let on_hand = row.map_or(0, |row| row.on_hand);
    let allocated = row.map_or(0, |row| row.allocated);
    let reserved = row.map_or(0, |row| row.reserved);
    Stock {
        sku: sku.to_owned(),
        on_hand,
        allocated,
        reserved,
        available: Ord::max(on_hand - allocated - reserved, 0),
        expected_on: row
            .and_then(|row| row.expected_on)
            .map(|date| date.to_string()),
        expected_quantity: row.and_then(|row| row.expected_quantity),
        receipts: incoming
            .receipts()
            .map(|(expected_on, quantity)| Receipt {
                expected_on,
                quantity,
            })
            .collect(),
    }
}

/// The count as sent. The next receipt may be named by itself.
fn read(body: &mut Body<'_>) -> Count {
    let on_hand = body.whole("on_hand", 0..=MOST);
    let day = body.maybe_date("expected_on");
    let quantity = body.maybe_whole("expected_quantity", 1..=MOST);
    let receipts = body.maybe_list("receipts", 0..=MOST_RECEIPTS, |receipt| {
        (
            receipt.date("expected_on"),
            receipt.whole("quantity", 1..=MOST),
        )
    });
    if quantity.is_some() && day.is_none() {
        body.refuse("expected_on", "api-expected-on".into());
    }
    let next = day.map(|day| (day, quantity));
    let incoming = Incoming::new(next, receipts).unwrap_or_else(|contradiction| {
        let day = contradiction.0.to_string();
        body.refuse(
            "receipts",
            Message::new("api-receipts-contradict").with("day", day),
        );
        Incoming::default()
    });
    Count { on_hand, incoming }
}

/// What is in stock of a product.
///
/// # Errors
/// What [`Reading`] says.
#[utoipa::path(
    get, path = "/api/v1/stock/{sku}", tag = "stock",
    description = "For the brand's keys; needs `stock:write`.",
    params(("sku" = String, Path, description = "The article number")),
    responses(
        (status = 200, description = "Its stock", body = Stock, headers(("ETag" = String))),
        (status = 304, description = "As `If-None-Match` says"),
        Reading,
    ),
)]
pub async fn show(
    app: web::Data<App>,
    caller: ApiCaller,
    sku: web::Path<String>,
    request: HttpRequest,
) -> Answer {
    caller.may(Permission::StockWrite)?;
    caller.must_be_brand()?;
    let tx = app.db.read(&caller.scope).await?;
    let reference = app.reference.get(&tx).await?;
    let article = by_number(&tx, &reference, &sku).await?;
    let row = stock::find(&tx, article.id).await?;
    let day = row.as_ref().and_then(|row| row.expected_on);
    let incoming = incoming::load(&tx, article.id, day).await?;
    tag::answer(&request, &shape(&article.sku, row.as_ref(), &incoming))
}

/// Replaces the count of a product.
///
/// # Errors
/// What [`Replacing`] says.
#[utoipa::path(
    put, path = "/api/v1/stock/{sku}", tag = "stock",
    description = "For the brand's keys; needs `stock:write`. The same count again changes nothing. What \
        comes in goes to the orders that wait for it, the earliest first.",
    params(
        ("sku" = String, Path, description = "The article number"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it was read with"),
    ),
    request_body = NewCount,
    responses(
        (status = 200, description = "Its stock now", body = Stock, headers(("ETag" = String))),
        Replacing,
    ),
)]
pub async fn put(
    app: web::Data<App>,
    caller: ApiCaller,
    sku: web::Path<String>,
    request: HttpRequest,
    sent: Sent,
) -> Answer {
    caller.may(Permission::StockWrite)?;
    caller.must_be_brand()?;
    let count = sent.read(read).await?;
    let tx = app.db.begin(&caller.scope).await?;
    let reference = app.reference.get(&tx).await?;
    let article = by_number(&tx, &reference, &sku).await?;
    let before = stock::lock(&tx, article.id).await?;
    let day = before.as_ref().and_then(|row| row.expected_on);
    let expected = incoming::load(&tx, article.id, day).await?;
    let shown = shape(&article.sku, before.as_ref(), &expected);
    tag::check(&request, Some(&shown))?;
    let after = stock::count(&tx, app.clock.millis(), article.id, before, &count).await?;
    tx.commit().await?;
    app.wake.notify_one();
    tag::answer(
        &request,
        &shape(&article.sku, Some(&after), &count.incoming),
    )
}
