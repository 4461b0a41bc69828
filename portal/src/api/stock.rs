//! What is in stock, as the brand's own system counts it.

use actix_web::{HttpRequest, web};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Sent;
use super::caller::ApiCaller;
use super::docs::{Reading, Replacing};
use super::keys::Permission;
use super::products::by_number;
use super::{Answer, tag};
use crate::app::App;
use crate::stock::{self, Count};

/// The most pieces of a product anybody has.
const MOST: i64 = 1_000_000_000;

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
}

fn shape(sku: &str, row: Option<&crate::db::entity::stock::Model>) -> Stock {
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
    }
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
    tag::answer(&request, &shape(&article.sku, row.as_ref()))
}

/// Replaces the count of a product.
///
/// # Errors
/// What [`Replacing`] says.
#[utoipa::path(
    put, path = "/api/v1/stock/{sku}", tag = "stock",
    description = "For the brand's keys; needs `stock:write`. The same count again changes nothing.",
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
    let count = sent
        .read(|body| {
            let count = Count {
                on_hand: body.whole("on_hand", 0..=MOST),
                expected_on: body.maybe_date("expected_on"),
                expected_quantity: body.maybe_whole("expected_quantity", 1..=MOST),
            };
            if count.expected_quantity.is_some() && count.expected_on.is_none() {
                body.refuse("expected_on", "api-expected-on".into());
            }
            count
        })
        .await?;
    let tx = app.db.begin(&caller.scope).await?;
    let reference = app.reference.get(&tx).await?;
    let article = by_number(&tx, &reference, &sku).await?;
    let before = stock::lock(&tx, article.id).await?;
    let shown = before.as_ref().map(|row| shape(&article.sku, Some(row)));
    tag::check(
        &request,
        Some(&shown.unwrap_or_else(|| shape(&article.sku, None))),
    )?;
    let after = stock::count(&tx, app.clock.millis(), article.id, before, count).await?;
    tx.commit().await?;
    tag::answer(&request, &shape(&article.sku, Some(&after)))
}
