//! Everything that happened, one after the other: the same events that webhooks tell, for whoever
//! asks instead, or missed some.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Answer;
use super::body::Asked;
use super::caller::ApiCaller;
use super::cursor::List;
use super::docs::Listing;
use super::keys::Permission;
use crate::app::App;
use crate::db::entity::event;
use crate::webhooks::feed;
use crate::webhooks::kinds::Kind;
use crate::webhooks::payload::{data, instant};

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Event {
    /// Its place among all events: what to ask `after` next.
    #[schema(minimum = 1)]
    pub position: i64,
    /// The id that webhooks bear as `webhook-id`.
    #[schema(format = Uuid)]
    pub id: String,
    /// Such as `order.confirmed`.
    pub r#type: String,
    /// When it happened.
    #[schema(format = DateTime)]
    pub timestamp: String,
    /// What it happened to, such as `order/100123`.
    pub subject: String,
    /// As webhooks tell it.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// A position, which is never negative.
struct Position(i64);

impl std::str::FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let position = text.parse().map_err(|_| ())?;
        (0..=i64::MAX)
            .contains(&position)
            .then_some(Position(position))
            .ok_or(())
    }
}

/// A kind that can be asked for.
struct Asking(Kind);

impl std::str::FromStr for Asking {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Kind::parse(text).map(Asking).ok_or(())
    }
}

/// What happened, the first first.
///
/// # Errors
/// What [`Listing`] says.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events",
    description = "Needs `events:read`. Brand keys see everything, an account's key what concerns its account. \
        Remember the `position` of the last event and ask for what comes `after` it: none is passed by, \
        and an order's events come in their order. `next` is null where that was all for now.",
    params(
        ("after" = Option<i64>, Query, description = "`position` of the last event that is known, or `next` of the page before; from the beginning without it", minimum = 0),
        ("kind" = Option<String>, Query, description = "Only events of that kind, such as `order.confirmed`", pattern = "^(|[a-z_]+[.][a-z_]+)$"),
        ("limit" = Option<u16>, Query, description = "Entries a page, 100 unless said otherwise", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "A page of events", body = List<Event>), Listing),
)]
pub async fn list(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::EventsRead)?;
    let mut asked = Asked::of(&request);
    let limit = asked.limit(100, 1_000);
    let after: Option<Position> = asked.word("after", "api-cursor");
    let kind: Option<Asking> = asked.word("kind", "api-unknown-kind");
    asked.done()?;
    let wanted = feed::Asked {
        after: after.map_or(0, |position| position.0),
        kinds: kind.map(|asking| asking.0).into_iter().collect(),
        limit,
    };
    let mut rows = feed::after(&app, &caller.scope, &wanted).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let items: Vec<Event> = rows.into_iter().map(|row| shape(&app, row)).collect();
    let next = items.last().filter(|_| is_more);
    let next = next.map(|event| event.position.to_string());
    Ok(HttpResponse::Ok().json(List { items, next }))
}

fn shape(app: &App, row: event::Model) -> Event {
    Event {
        position: row.position.unwrap_or_default(),
        id: row.id.to_string(),
        timestamp: instant(row.at),
        data: data(&app.base_url, &row),
        r#type: row.kind,
        subject: row.subject,
    }
}
