//! What the recommender says to an account, and what came of it.
//!
//! [`ask`] is the one door: it brings the model up to date with the account's own orders, asks it
//! with what the account may order, and leaves out what the account dismissed. An answer costs no
//! query a product. Where there is no model yet, the answer is none and pages do without.
//!
//! The life of a model: [`train`] reads every order, learns and stores a snapshot; [`store`] reads
//! the newest snapshot that can be used, or counts the orders where there is none; [`follow`] takes
//! in what is ordered meanwhile and exchanges the model when another was trained; [`schedule`]
//! says when it is time to train.

pub mod dismiss;
pub mod due;
pub mod effect;
pub mod follow;
pub mod instead;
mod live;
mod on_offer;
pub mod picks;
pub mod promotions;
mod range;
pub mod ranking;
pub mod report;
mod saving;
pub mod schedule;
mod seen;
pub mod showings;
mod source;
pub mod store;
pub mod telling;
pub mod train;
pub mod trial;
pub mod words;

use recommender::{Ask, Day, Model};
use trade::id::AccountId;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
pub use live::{Origin, Recommender, Serving};
pub use range::Range;

/// Days from 1970-01-01 to a local date.
#[must_use]
pub fn day(date: jiff::civil::Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = date
        .since((jiff::Unit::Day, epoch))
        .map_or(0, |span| span.get_days());
    Day(days)
}

/// Asks the model for `account`; `None` where there is no model, and on the account's own pages
/// where it takes part in a trial as one that goes without.
///
/// The question runs under the model's reading lock: it computes and returns, it does not wait.
/// `tx` must not have changed an order itself: what it may yet roll back would be learned.
///
/// # Errors
/// `NotFound` for an account the caller does not see; whatever the database says.
pub async fn ask<T>(
    tx: &Tx,
    app: &App,
    account: AccountId,
    limit: usize,
    question: impl FnOnce(&Model, &Ask<'_>) -> T,
) -> Result<Option<T>> {
    if !trial::may_see(tx, account).await? || !store::ready(tx, app).await? {
        return Ok(None);
    }
    let range = Range::load(tx, app, account).await?;
    follow::account(tx, &app.recommender, account).await?;
    let may = |product| range.step(product);
    let ask = Ask {
        account,
        today: day(app.today()),
        may: &may,
        limit,
    };
    Ok(app.recommender.with(|model| question(model, &ask)))
}
