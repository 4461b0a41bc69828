//! What the recommender says to an account, and what came of it.
//!
//! [`ask`] is the one door: it brings the model up to date with the account's own orders, asks it
//! with what the account may order, and leaves out what the account dismissed. An answer costs no
//! query a product. Where there is no model yet, the answer is none and pages do without.

mod range;
mod source;

use std::sync::{PoisonError, RwLock};

use recommender::{Ask, Day, Model};
use trade::id::AccountId;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
pub use range::Range;

/// The model every request asks, exchanged as a whole when another was trained.
#[derive(Default)]
pub struct Recommender {
    model: RwLock<Option<Model>>,
}

/// Days from 1970-01-01 to a local date.
#[must_use]
pub fn day(date: jiff::civil::Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = date
        .since((jiff::Unit::Day, epoch))
        .map_or(0, |span| span.get_days());
    Day(days)
}

/// Asks the model for `account`; `None` where there is no model.
///
/// The question runs under the model's reading lock: it computes and returns, it does not wait.
///
/// # Errors
/// Whatever the database says.
pub async fn ask<T>(
    tx: &Tx,
    app: &App,
    account: AccountId,
    limit: usize,
    question: impl FnOnce(&Model, &Ask<'_>) -> T,
) -> Result<Option<T>> {
    app.recommender.ready(tx, app).await?;
    let range = Range::load(tx, app, account).await?;
    let may = |product| range.step(product);
    let ask = Ask {
        account,
        today: day(app.today()),
        may: &may,
        limit,
    };
    let model = app
        .recommender
        .model
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(model.as_ref().map(|model| question(model, &ask)))
}

impl Recommender {
    /// Sees to it that there is a model and that it knows the latest orders.
    async fn ready(&self, tx: &Tx, _app: &App) -> Result<()> {
        if self
            .model
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
        {
            return Ok(());
        }
        let history = source::history(tx).await?;
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = Some(Model::of(history));
        Ok(())
    }
}
