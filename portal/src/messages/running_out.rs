//! Reminding those who decide of holds that run out before long: once, a day before, or half way
//! where a hold lasts less than two days. Who ordered is not told: they can do nothing about it.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::hold::HoldState;
use trade::id::OrderId;

use super::once;
use crate::app::App;
use crate::db::entity::{hold, order};
use crate::error::{Error, Result};
use crate::holds;
use crate::orders::hold_mails::{self, Asked};

/// So long before.
const AHEAD: i64 = 24 * 3_600_000;
/// Holds that are looked at in one go; the others wait for the next.
const AT_ONCE: u64 = 500;

/// Reminds of those whose time it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.read_system("reminders").await?;
    let found = tx
        .all::<hold::Entity>(|holds| {
            holds
                .filter(hold::Column::State.eq(HoldState::Open))
                .filter(hold::Column::DueAt.gt(now))
                .filter(hold::Column::DueAt.lte(now.saturating_add(AHEAD)))
                .order_by_asc(hold::Column::DueAt)
                .order_by_asc(hold::Column::Id)
                .limit(AT_ONCE)
        })
        .await?;
    let found: Vec<hold::Model> = found
        .into_iter()
        .filter(|hold| is_time((hold.opened_at, hold.due_at), now))
        .collect();
    let marks: Vec<(String, i64)> = found.iter().map(mark).collect();
    let taken = once::taken(&tx, &marks).await?;
    drop(tx);
    let mut of_order: HashMap<OrderId, Vec<hold::Model>> = HashMap::new();
    for (hold, mark) in found.into_iter().zip(marks) {
        if !taken.contains(&mark) {
            of_order.entry(hold.order_id).or_default().push(hold);
        }
    }
    for (order, holds) in of_order {
        match remind(app, order, &holds).await {
            Ok(()) => {}
            // One that fails keeps no other waiting; it is tried again next time.
            Err(error) => {
                let error = error.cause();
                tracing::warn!(order = %order, error, "nobody was reminded of a hold");
            }
        }
    }
    app.wake.notify_one();
    Ok(())
}

fn is_time((opened_at, due_at): (i64, i64), now: i64) -> bool {
    let half = (due_at - opened_at) / 2;
    due_at - now <= Ord::min(half, AHEAD)
}

fn mark(hold: &hold::Model) -> (String, i64) {
    (format!("remind-of-hold/{}", hold.id), hold.due_at)
}

async fn remind(app: &App, order: OrderId, due: &[hold::Model]) -> Result<()> {
    let tx = app.db.begin_system("reminders").await?;
    let order = match tx.get::<order::Entity>(order).await {
        Err(Error::NotFound) => return Ok(()),
        found => found?,
    };
    let of_order = holds::of_orders(&tx, &[order.id]).await?;
    for hold in due {
        if !once::take(&tx, app.clock.millis(), &mark(hold)).await? {
            continue;
        }
        // As it stands now: it may have been decided since.
        if let Some(now) = of_order.iter().find(|other| other.id == hold.id) {
            hold_mails::ask(app, &tx, Asked::Again, now, &order, &of_order).await?;
        }
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_time_a_day_before_or_half_way() {
        let hours = |hours: i64| hours * 3_600_000;
        let first = |lasts: i64| (0..=lasts).find(|at| is_time((0, hours(lasts)), hours(*at)));
        assert_eq!(first(72), Some(48));
        assert_eq!(first(48), Some(24));
        assert_eq!(first(20), Some(10));
    }
}
