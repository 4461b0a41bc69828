//! New orders on an open desk, and holds that come and go, as server-sent events.
//!
//! Each open desk asks the database once a second for orders placed since it last looked, and how
//! many holds wait for its person; so it sees those of every instance, and nothing has to be told
//! between them. The bell's events come by the same line: a browser has six for a site, and a desk
//! that is open needs one.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::time::{Interval, MissedTickBehavior};
use trade::id::OrderId;

use crate::app::App;
use crate::db::entity::order;
use crate::db::scope::Scope;
use crate::error::Result;
use crate::holds::queue;
use crate::notifications::live::Listener;

/// How often a desk looks.
const EVERY: Duration = Duration::from_secs(1);

struct Desk {
    app: Data<App>,
    scope: Scope,
    seen: OrderId,
    /// Holds that waited for this person when last looked.
    holds: Option<u64>,
    bell: Listener,
    looks: Interval,
}

/// The latest order the caller sees; events tell of those after it.
///
/// # Errors
/// Whatever the database says.
pub async fn latest(app: &App, scope: &Scope) -> Result<OrderId> {
    let tx = app.db.read(scope).await?;
    let latest = tx
        .one::<order::Entity>(|orders| orders.order_by_desc(order::Column::Id).limit(1))
        .await?;
    Ok(latest.map_or(OrderId(uuid::Uuid::nil()), |order| order.id))
}

/// The events after `seen`: `data: {"number": "…"}` each, and those of the bell, which also ends
/// the line with the session or the server. Ids grow with time, so "after" is ">".
pub fn events(
    app: Data<App>,
    scope: Scope,
    seen: OrderId,
    bell: Listener,
) -> impl Stream<Item = std::result::Result<Bytes, Infallible>> {
    let mut looks = tokio::time::interval(EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let desk = Desk {
        app,
        scope,
        seen,
        holds: None,
        bell,
        looks,
    };
    futures_util::stream::unfold(desk, |mut desk| async move {
        loop {
            let heard = tokio::select! {
                heard = desk.bell.next() => Some(heard?),
                _ = desk.looks.tick() => None,
            };
            if let Some(event) = heard {
                return Some((Ok(Bytes::from(event)), desk));
            }
            // A database that does not answer now is asked again in a second.
            let new = new_orders(&mut desk).await.unwrap_or_default();
            if !new.is_empty() {
                return Some((Ok(Bytes::from(new)), desk));
            }
        }
    })
}

async fn new_orders(desk: &mut Desk) -> Result<String> {
    let tx = desk.app.db.read(&desk.scope).await?;
    let seen = desk.seen;
    let new = tx
        .all::<order::Entity>(|orders| {
            orders
                .filter(order::Column::Id.gt(seen))
                .order_by_asc(order::Column::Id)
                .limit(50)
        })
        .await?;
    let mut text = String::new();
    for order in new {
        desk.seen = order.id;
        let data = serde_json::json!({"number": order.number, "state": order.state});
        text.push_str(&format!("id: {}\ndata: {data}\n\n", order.id));
    }
    let holds = queue::mine(&tx).await?;
    if desk
        .holds
        .replace(holds)
        .is_some_and(|before| before != holds)
    {
        text.push_str(&format!(
            "data: {}\n\n",
            serde_json::json!({"holds": holds})
        ));
    }
    Ok(text)
}
