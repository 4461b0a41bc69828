//! What an account may order now, and in which steps.

use std::collections::HashMap;
use std::sync::Arc;

use recommender::Step;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};

use crate::app::App;
use crate::catalogue::marks::Marks;
use crate::catalogue::shelf::{Listed, Shelf};
use crate::db::Tx;
use crate::db::entity::{account, suggestion_dismissal as dismissal};
use crate::db::scope::Reach;
use crate::error::Result;

/// What an account sees (whoever asks on its behalf), is sold, and has not dismissed. Whether it has a price is asked where its
/// price is shown; what has none is left out there.
pub struct Range {
    shelf: Arc<Shelf>,
    seen: Arc<Marks>,
    dismissed: HashMap<ProductId, LocalDate>,
}

impl Range {
    /// The range of an account today.
    ///
    /// # Errors
    /// `NotFound` for an account the caller does not see; whatever the database says.
    pub async fn load(tx: &Tx, app: &App, account: AccountId) -> Result<Range> {
        let reference = app.reference.get(tx).await?;
        let shelf = app.shelf.get(tx, &reference).await?;
        let seen = shelf.range_of(tx, reach_of(tx, account).await?).await?;
        let today = LocalDate(app.today());
        let dismissed = tx
            .all::<dismissal::Entity>(|all| {
                all.filter(dismissal::Column::AccountId.eq(account))
                    .filter(dismissal::Column::UntilOn.gt(today))
            })
            .await?;
        Ok(Range {
            shelf,
            seen,
            dismissed: dismissed
                .into_iter()
                .map(|row| (row.product_id, row.until_on))
                .collect(),
        })
    }

    /// In which steps the account may order a product; `None` where it may not, or does not want
    /// it suggested.
    #[must_use]
    pub fn step(&self, product: ProductId) -> Option<Step> {
        if self.dismissed.contains_key(&product) {
            return None;
        }
        let place = self.shelf.place(product)?;
        if !self.seen.has(place) {
            return None;
        }
        step_of(self.shelf.products.get(place)?)
    }
}

/// In which steps a product is ordered, in base units.
pub(super) fn step_of(listed: &Listed) -> Option<Step> {
    let factor = u32::try_from(listed.factor.get()).ok()?;
    let in_pieces = |units: i64| u32::try_from(units).ok()?.checked_mul(factor);
    Some(Step {
        least: in_pieces(listed.least)?,
        multiple: in_pieces(listed.step)?,
    })
}

/// What the account itself reaches, also where its KAM asks.
async fn reach_of(tx: &Tx, id: AccountId) -> Result<Reach> {
    let own = tx.scope().reach;
    if matches!(own, Reach::Account { id: who, .. } if who == id) {
        return Ok(own);
    }
    let row = tx.get::<account::Entity>(id).await?;
    let group = row.group_id;
    Ok(Reach::Account { id, group })
}
