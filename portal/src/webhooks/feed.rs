//! Everything that happened, one after the other, for programs that ask.
//!
//! A program remembers how far it has read and asks for what comes after. Ids and times will not do
//! for that: they are made before a transaction ends, so that an event may appear behind one that
//! was read before. Each event is therefore given a position once it is there for everybody, by
//! whoever asks first, and by one at a time. What appears later is numbered later, and nothing is
//! passed by; of one order, whose changes wait for one another, the order is kept.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::kinds::Kind;
use crate::app::App;
use crate::db::entity::event;
use crate::db::scope::Scope;
use crate::db::{Tx, again};
use crate::error::Result;

/// Events that are given a position in one transaction.
const AT_ONCE: i64 = 5_000;
/// The counter of positions.
const SERIES: &str = "events";

/// What a program asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The position of the last event it has.
    pub after: i64,
    /// Which kinds; none named are all.
    pub kinds: Vec<Kind>,
    /// How many at most.
    pub limit: u64,
}

/// The events that follow, of those that `scope` reaches, and one more than asked for where there
/// is one.
///
/// # Errors
/// Whatever the database says.
pub async fn after(app: &App, scope: &Scope, asked: &Asked) -> Result<Vec<event::Model>> {
    number_new(app).await?;
    let tx = app.db.read(scope).await?;
    tx.all::<event::Entity>(|all| {
        let all = all
            .filter(event::Column::Position.gt(asked.after))
            .filter(event::Column::Kind.ne(Kind::Test.name()))
            .order_by_asc(event::Column::Position)
            .limit(asked.limit + 1);
        if asked.kinds.is_empty() {
            return all;
        }
        all.filter(event::Column::Kind.is_in(asked.kinds.iter().map(|kind| kind.name())))
    })
    .await
}

/// Gives a position to every event that is there and has none.
async fn number_new(app: &App) -> Result<()> {
    loop {
        // Asked before any writing transaction: where nothing happened, nobody's turn is taken.
        let reading = app.db.read_system("events").await?;
        let new = "SELECT 1 FROM events WHERE position IS NULL LIMIT 1";
        if reading.rows(new, []).await?.is_empty() {
            return Ok(());
        }
        drop(reading);
        let numbered = again(async || {
            let tx = app.db.begin_system("events").await?;
            let numbered = number(&tx).await?;
            tx.commit().await?;
            Ok(numbered)
        })
        .await?;
        if numbered < AT_ONCE {
            return Ok(());
        }
    }
}

async fn number(tx: &Tx) -> Result<i64> {
    // The counter's row is the lock; what is read after it is what everybody else sees by then.
    tx.execute(
        "INSERT INTO counters (name, value) VALUES ($1, 0) \
         ON CONFLICT (name) DO UPDATE SET value = counters.value",
        [SERIES.into()],
    )
    .await?;
    let last = tx.counter(SERIES).await?;
    let numbered = tx
        .execute(
            "WITH new AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM \
             (SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT $2) AS waiting) \
             UPDATE events SET position = $1 + new.place FROM new WHERE events.id = new.id",
            [last.into(), AT_ONCE.into()],
        )
        .await?;
    let numbered = i64::try_from(numbered)?;
    tx.execute(
        "UPDATE counters SET value = value + $2 WHERE name = $1",
        [SERIES.into(), numbered.into()],
    )
    .await?;
    Ok(numbered)
}
