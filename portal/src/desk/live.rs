//! New orders on an open desk, and holds that come and go, as server-sent events.
//!
//! Each open desk asks the database once a second for orders placed since it last looked, and how
//! many holds wait for its person; so it sees those of every instance, and nothing has to be told
//! between them.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::OrderId;

use crate::app::App;
use crate::db::entity::order;
use crate::db::scope::Scope;
use crate::error::Result;
use crate::holds::queue;

/// How often a desk looks.
const EVERY: Duration = Duration::from_secs(1);
/// A comment now and then keeps proxies from closing the line.
const KEEP_ALIVE_TICKS: u32 = 15;
/// After an hour the browser connects again, and with it the session is checked again.
const TICKS: u32 = 3_600;

struct Desk {
    app: Data<App>,
    scope: Scope,
    seen: OrderId,
    /// Holds that waited for this person when last looked.
    holds: Option<u64>,
    ticks: u32,
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

/// The events after `seen`: `data: {"number": "…"}` each. Ids grow with time, so "after" is ">".
pub fn events(
    app: Data<App>,
    scope: Scope,
    seen: OrderId,
) -> impl Stream<Item = std::result::Result<Bytes, Infallible>> {
    let desk = Desk {
        app,
        scope,
        seen,
        holds: None,
        ticks: 0,
    };
    futures_util::stream::unfold(desk, |mut desk| async move {
        if desk.ticks == 0 {
            desk.ticks = 1;
            return Some((Ok(Bytes::from_static(b"retry: 2000\n\n")), desk));
        }
        while desk.ticks < TICKS {
            tokio::time::sleep(EVERY).await;
            desk.ticks += 1;
            // A database that does not answer now is asked again in a second.
            let new = new_orders(&mut desk).await.unwrap_or_default();
            if !new.is_empty() {
                return Some((Ok(Bytes::from(new)), desk));
            }
            if desk.ticks.is_multiple_of(KEEP_ALIVE_TICKS) {
                return Some((Ok(Bytes::from_static(b": here\n\n")), desk));
            }
        }
        None
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
