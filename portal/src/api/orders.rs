//! Placing, following and cancelling orders.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use trade::money;
use trade::order::OrderState;
use utoipa::ToSchema;

use super::body::{Asked, Reading as Fields, Sent};
use super::caller::ApiCaller;
use super::cursor::{Cursor, List};
use super::docs::{Listing, Reading, Writing};
use super::keys::Permission;
use super::order_shape::{Order, shapes};
use super::prices::{Line, MAX_LINES, wanted};
use super::shape::problem_message;
use super::{Answer, Fault, tag};
use crate::app::App;
use crate::auth::token;
use crate::db::entity::{order, ship_to};
use crate::db::words::OrderSource;
use crate::db::{Tx, again};
use crate::error::{Error, Refusal, Result};
use crate::orders::submit::{Lines, Submission};
use crate::orders::{cancel as cancelling, find, submit};
use crate::web::form::FormState;
use crate::web::shape::Message;

/// The header that keeps an order from being placed twice.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// An order to place.
#[derive(Debug, Clone, Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// 1 to 2,000 lines.
    #[schema(min_items = 1, max_items = 2000)]
    pub lines: Vec<Line>,
    /// Brand keys: the account's number.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub account: String,
    /// The buyer's own number.
    #[serde(default)]
    #[schema(max_length = 64, pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
    pub po_number: String,
    /// Code of the place of delivery; the account's default place where none is said.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub ship_to: String,
    /// The day it is wanted; today or later.
    #[schema(value_type = Option<String>, format = Date)]
    pub requested_date: Option<Date>,
    /// For the warehouse.
    #[serde(default)]
    #[schema(max_length = 2000, pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
    pub note: String,
    /// The total that was reckoned with, net or gross: another one is refused, line by line.
    #[schema(value_type = Option<super::sent::MoneySent>)]
    pub expected_total: Option<money::Money>,
}

impl NewOrder {
    fn read(body: &mut Fields<'_>) -> NewOrder {
        NewOrder {
            lines: body.list("lines", 1..=MAX_LINES, Line::read),
            account: body.maybe_text("account", 64),
            po_number: body.maybe_text("po_number", 64),
            ship_to: body.maybe_text("ship_to", 64),
            requested_date: body.maybe_date("requested_date"),
            note: body.maybe_text("note", 2_000),
            expected_total: body.maybe_money("expected_total"),
        }
    }
}

/// Why an order is cancelled.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// For whoever reads the timeline.
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
    )]
    pub reason: String,
}

/// Places an order in one call.
///
/// # Errors
/// What [`Writing`] says.
#[utoipa::path(
    post, path = "/api/v1/orders", tag = "orders",
    description = "Needs `orders:write`. The same `Idempotency-Key` with the same body is the same \
        order and gives the same answer; with another body it is refused (409). What is wrong with \
        any line is said for all lines at once (422); a total other than expected is refused (409) \
        with each line's price in `facts`.",
    params(("Idempotency-Key" = String, Header, description = "1 to 255 printable characters of the sender's choosing", min_length = 1, max_length = 255, pattern = "^[!-~]+$")),
    request_body = NewOrder,
    responses(
        (status = 201, description = "The order", body = Order, headers(
            ("Location" = String), ("ETag" = String), ("Idempotent-Replayed" = String, description = "`true` where an earlier call had placed it"),
        )),
        Writing,
    ),
)]
pub async fn place(
    app: web::Data<App>,
    caller: ApiCaller,
    request: HttpRequest,
    sent: Sent,
) -> Answer {
    caller.may(Permission::OrdersWrite)?;
    let key = idempotency_key(&request)?;
    let new = sent.read(NewOrder::read).await?;
    let whom = caller.for_account(&app, &new.account).await?;
    let digest = token::digest(&serde_json::to_string(&new).map_err(Error::from)?);
    let placing = async || {
        let tx = app.db.begin(&whom.scope).await?;
        let place = ship_to_of(&tx, &new.ship_to).await?;
        let submission = Submission {
            account: whom.account.id,
            lines: Lines::Given(wanted(&tx, &new.lines).await?),
            source: OrderSource::Api,
            key: key.clone(),
            digest: digest.clone(),
            expected_total: new.expected_total,
            shown: Vec::new(),
            expected_free: None,
            ship_to: place.map(|place| place.id),
            po_number: new.po_number.clone(),
            requested_date: new.requested_date,
            note: new.note.clone(),
            visit_started_at: None,
        };
        let submitted = submit::submit(&tx, &app, &submission).await?;
        let row = find(&tx, &submitted.number).await?;
        let order = shapes(&tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
        tx.commit().await?;
        Ok((order, submitted.replayed))
    };
    let (order, replayed) = match again(placing).await {
        Ok(placed) => placed,
        Err(Error::Refused(refusal)) => return Err(at_fields(*refusal)),
        Err(other) => return Err(other.into()),
    };
    app.wake.notify_one();
    let mut answer = HttpResponse::Created();
    answer.insert_header(("Location", format!("/api/v1/orders/{}", order.number)));
    answer.insert_header(("ETag", tag::of(&order)?));
    if replayed {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(answer.json(order))
}

fn idempotency_key(request: &HttpRequest) -> Result<String, Fault> {
    let value = request
        .headers()
        .get(IDEMPOTENCY_KEY)
        .ok_or(Fault::NoIdempotencyKey)?;
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() {
        return Err(Fault::NoIdempotencyKey);
    }
    if key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(FormState::new()
            .error(IDEMPOTENCY_KEY, "api-idempotency-key".into())
            .into());
    }
    Ok(key.to_owned())
}

/// The place with that code. That it is no longer delivered to is found out when submitting, so
/// that an order which went there is still answered again.
async fn ship_to_of(tx: &Tx, code: &str) -> Result<Option<ship_to::Model>> {
    if code.is_empty() {
        return Ok(None);
    }
    let place = tx
        .one::<ship_to::Entity>(|all| all.filter(ship_to::Column::Code.eq(code)))
        .await?;
    match place {
        Some(place) => Ok(Some(place)),
        None => Err(FormState::new()
            .error("ship_to", "api-unknown-ship-to".into())
            .into()),
    }
}

/// A refusal that is about what was sent, as faults at its fields. What is about the world (stock
/// is short, the total has changed) stays a refusal.
fn at_fields(refusal: Refusal) -> Fault {
    let mut form = FormState::new();
    match refusal.code {
        "unknown-ship-to" => form.refuse_key("ship_to", "api-unknown-ship-to"),
        "date-passed" => form.refuse_key("requested_date", "api-date-passed"),
        "lines-not-orderable" => {
            let lines = refusal
                .detail
                .get("lines")
                .and_then(|lines| lines.as_array());
            let lines: Vec<_> = lines.into_iter().flatten().filter_map(line_fault).collect();
            if lines.iter().any(|(_, code, _)| code != "stock-short") {
                for (at, _, message) in lines {
                    form.refuse(&at, message);
                }
            }
        }
        _ => {}
    }
    if form.is_valid() {
        Error::from(refusal).into()
    } else {
        form.into()
    }
}

/// At which field of a line a problem is.
#[must_use]
pub fn field_of(code: &str) -> &'static str {
    match code {
        "other-unit" => "unit",
        "not-found" | "delisted" | "price-on-request" | "no-tax-rate" | "too-dear" => "sku",
        _ => "quantity",
    }
}

fn line_fault(line: &serde_json::Value) -> Option<(String, String, Message)> {
    let code = line.get("problem")?.as_str()?;
    let field = field_of(code);
    let at = format!("lines[{}].{field}", line.get("line")?.as_u64()?);
    Some((
        at,
        code.to_owned(),
        problem_message(code, line.get("facts")?),
    ))
}

/// Orders, the latest first.
///
/// # Errors
/// What [`Listing`] says.
#[utoipa::path(
    get, path = "/api/v1/orders", tag = "orders",
    description = "Needs `orders:read`. Brand keys see every account's.",
    params(
        ("state" = Option<String>, Query, description = "Only those in that state", pattern = "^(|held|confirmed|released|closed|cancelled|rejected|expired)$"),
        ("since" = Option<String>, Query, description = "Only those placed or changed since: an instant (RFC 3339), or a day", pattern = "^(|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)$"),
        ("account" = Option<String>, Query, description = "Brand keys: only that account's", max_length = 64),
        ("cursor" = Option<String>, Query, description = "`next` of the page before", pattern = "^([A-Za-z0-9_-]{32})?$"),
        ("limit" = Option<u16>, Query, description = "Entries a page, 20 unless said otherwise", minimum = 1, maximum = 100),
    ),
    responses((status = 200, description = "A page of orders", body = List<Order>), Listing),
)]
pub async fn list(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::OrdersRead)?;
    let mut asked = Asked::of(&request);
    let limit = asked.limit(20, 100);
    let cursor: Option<Cursor> = asked.word("cursor", "api-cursor");
    let state: Option<OrderState> = asked.word("state", "api-state");
    let since: Option<Since> = asked.word("since", "api-since");
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.maybe_for(&app, &account).await?;
    let since = since.map(|since| since.millis(&app)).transpose()?;
    let tx = app
        .db
        .read(whom.as_ref().map_or(&caller.scope, |whom| &whom.scope))
        .await?;
    let rows = tx
        .all::<order::Entity>(|orders| {
            let mut orders = orders;
            if let Some(state) = state {
                orders = orders.filter(order::Column::State.eq(state.name()));
            }
            if let Some(since) = since {
                orders = orders.filter(order::Column::UpdatedAt.gte(since));
            }
            if let Some(Cursor { at, id }) = cursor {
                let same = Condition::all()
                    .add(order::Column::PlacedAt.eq(at))
                    .add(order::Column::Id.lt(id));
                let before = Condition::any()
                    .add(order::Column::PlacedAt.lt(at))
                    .add(same);
                orders = orders.filter(before);
            }
            orders
                .order_by_desc(order::Column::PlacedAt)
                .order_by_desc(order::Column::Id)
                .limit(limit + 1)
        })
        .await?;
    let (rows, next) = List::<Order>::cut(rows, limit, |row| Cursor {
        at: row.placed_at,
        id: row.id.0,
    });
    Ok(HttpResponse::Ok().json(List {
        items: shapes(&tx, rows).await?,
        next,
    }))
}

/// An instant, or a day from its beginning.
enum Since {
    Instant(Timestamp),
    Day(Date),
}

impl std::str::FromStr for Since {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // An unescaped plus of an offset has become a space on its way.
        let instant = text.replace(' ', "+").parse().map(Since::Instant);
        instant.or_else(|_| text.parse().map(Since::Day))
    }
}

impl Since {
    fn millis(&self, app: &App) -> crate::error::Result<i64> {
        Ok(match self {
            Since::Instant(instant) => instant.as_millisecond(),
            Since::Day(day) => day
                .to_zoned_datetime(app.brand.zone.clone())?
                .timestamp()
                .as_millisecond(),
        })
    }
}

/// One order.
///
/// # Errors
/// What [`Reading`] says.
#[utoipa::path(
    get, path = "/api/v1/orders/{number}", tag = "orders",
    description = "Needs `orders:read`. Another account's order is not found.",
    params(("number" = String, Path, description = "The order's number")),
    responses(
        (status = 200, description = "The order", body = Order, headers(("ETag" = String))),
        (status = 304, description = "As `If-None-Match` says"),
        Reading,
    ),
)]
pub async fn show(
    app: web::Data<App>,
    caller: ApiCaller,
    number: web::Path<String>,
    request: HttpRequest,
) -> Answer {
    caller.may(Permission::OrdersRead)?;
    let tx = app.db.read(&caller.scope).await?;
    let row = find_by(&tx, &number).await?;
    let order = shapes(&tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    tag::answer(&request, &order)
}

async fn find_by(tx: &Tx, number: &str) -> Result<order::Model> {
    // PostgreSQL takes no NUL, and no order's number has one.
    if number.contains('\0') {
        return Err(Error::NotFound);
    }
    find(tx, number).await
}

/// Cancels an order that has not been released.
///
/// # Errors
/// What [`Writing`] says.
#[utoipa::path(
    post, path = "/api/v1/orders/{number}/cancellation", tag = "orders",
    description = "Needs `orders:write`. What the order held is given back. One that is cancelled \
        or released already is refused (409).",
    params(("number" = String, Path, description = "The order's number")),
    request_body = Cancellation,
    responses((status = 200, description = "The order now", body = Order), Writing),
)]
pub async fn cancel(
    app: web::Data<App>,
    caller: ApiCaller,
    number: web::Path<String>,
    sent: Sent,
) -> Answer {
    caller.may(Permission::OrdersWrite)?;
    let reason = sent.read(|body| body.text("reason", 1..=500)).await?;
    let cancelling = async || {
        let tx = app.db.begin(&caller.scope).await?;
        let found = find_by(&tx, &number).await?;
        let row = cancelling::cancel(&tx, &app, &found.number, reason.trim()).await?;
        let order = shapes(&tx, vec![row]).await?.pop().ok_or(Error::NotFound)?;
        tx.commit().await?;
        Ok(order)
    };
    let order = again(cancelling).await?;
    app.wake.notify_one();
    Ok(HttpResponse::Ok()
        .insert_header(("ETag", tag::of(&order)?))
        .json(order))
}
