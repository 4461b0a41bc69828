//! How a promotion stands for an account that follows a link to it: in force, over, or none of its
//! business, which is told apart from nothing that does not exist.

use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::Period;
use trade::id::CampaignId;
use trade::price::Target;
use trade::promotion::{Promotion, covers};

use super::{Prepared, was_told};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::catalogue::rows::Shopper;
use crate::db::Tx;
use crate::db::entity::{account, campaign, promotion, promotion_audience};
use crate::db::words::Audience;
use crate::error::{Error, Result};
use crate::promotions::book::{Reach, Recipient};
use crate::promotions::life::Stand;
use crate::web::shape::Day;

/// What follows a link finds.
pub enum Standing {
    /// In force.
    Running(Box<Prepared>),
    /// Not, or not any more.
    Over(Over),
}

/// Why a promotion that was the account's gives it nothing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// It begins on that day.
    NotYet(Day),
    /// Its last day, where it ran as long as it was to.
    Ended(Option<Day>),
    /// Everything it had to give is given.
    Used,
    /// It no longer reaches the account.
    NotForYou,
}

/// As [`super::find`].
pub(super) async fn find(
    tx: &Tx,
    app: &App,
    account: &AccountHead,
    code: &str,
) -> Result<Standing> {
    let reference = app.reference.get(tx).await?;
    let shopper = Shopper::load(tx, account, app.today()).await?;
    let offers = shopper.offers(tx, app, &reference).await?;
    let Some(promotion) = offers.book().by_code(code).cloned() else {
        return over(tx, app, account, code).await.map(Standing::Over);
    };
    let shelf = app.shelf.get(tx, &reference).await?;
    let prepared = Prepared {
        reference,
        shelf,
        shopper,
        offers,
        promotion,
    };
    if !prepared.sees_something(tx).await? {
        return Err(Error::NotFound);
    }
    if !prepared.offers.book().is_open(&prepared.promotion) {
        return Ok(Standing::Over(Over::Used));
    }
    Ok(Standing::Running(Box::new(prepared)))
}

impl Prepared {
    /// Whether the account sees anything it covers, and all without which it gives nothing. Leaves
    /// out of its words what the account does not see.
    async fn sees_something(&self, tx: &Tx) -> Result<bool> {
        if self.offers.is_hidden(&self.promotion) {
            return Ok(false);
        }
        let range = self.shelf.range(tx).await?;
        let mut places = self.shelf.products.iter().enumerate();
        Ok(places.any(|(place, listed)| {
            range.has(place) && covers(&self.promotion, &self.shelf.item(listed))
        }))
    }

    /// The promotion as the account is told of it: without targets that it does not see.
    pub(super) fn told(&self, seen: impl Fn(trade::id::ProductId) -> bool) -> Promotion {
        let mut told = self.promotion.clone();
        let keep = |target: &Target| match target {
            Target::Product(product) => seen(*product),
            Target::Brand(_) | Target::Category(_) | Target::Everything => true,
        };
        told.assortment.include.retain(keep);
        told.assortment.exclude.retain(keep);
        told
    }
}

/// Why a promotion is not in force for the account.
async fn over(tx: &Tx, app: &App, account: &AccountHead, code: &str) -> Result<Over> {
    let found = tx
        .all_as_system::<promotion::Entity>(|all| all.filter(promotion::Column::Code.eq(code)))
        .await?;
    let row = found.into_iter().next().ok_or(Error::NotFound)?;
    let validity = Period::stored(row.valid_from, row.valid_until);
    let stand = Stand::on(row.state, &validity, app.today());
    let told = was_told(tx, account, row.id).await?;
    let reached = told || reaches(tx, account, &row).await?;
    let last = || validity.last_day().map(|day| day.to_string());
    match stand {
        Stand::Approved if told => Ok(Over::NotYet(validity.from.to_string())),
        Stand::Running if told => Ok(Over::NotForYou),
        Stand::Ended if reached => Ok(Over::Ended(last())),
        // Settled is what comes after ended; stopped was before its last day.
        Stand::Settled if reached && !validity.contains(app.today()) => Ok(Over::Ended(last())),
        Stand::Settled | Stand::Stopped if reached => Ok(Over::Ended(None)),
        Stand::Draft
        | Stand::Submitted
        | Stand::Approved
        | Stand::Running
        | Stand::Ended
        | Stand::Stopped
        | Stand::Settled
        | Stand::Cancelled => Err(Error::NotFound),
    }
}

async fn reaches(tx: &Tx, account: &AccountHead, row: &promotion::Model) -> Result<bool> {
    if row.currency != account.currency {
        return Ok(false);
    }
    if row.audience == Audience::Everybody {
        return Ok(true);
    }
    let audience = tx
        .all_as_system::<promotion_audience::Entity>(|all| {
            all.filter(promotion_audience::Column::PromotionId.eq(row.id))
        })
        .await?;
    let mut reach = Reach::default();
    for row in audience {
        reach.accounts.extend(row.account_id);
        reach.groups.extend(row.group_id);
        reach.regions.extend(row.region);
    }
    let account = tx.get::<account::Entity>(account.id).await?;
    Ok(reach.includes(Recipient::from(&account)))
}

/// The code of a campaign's promotion.
pub(super) async fn promotion_of(tx: &Tx, campaign: CampaignId) -> Result<Option<String>> {
    let found = tx
        .all_as_system::<campaign::Entity>(|all| all.filter(campaign::Column::Id.eq(campaign)))
        .await?;
    let Some(campaign) = found.into_iter().next() else {
        return Ok(None);
    };
    let found = tx
        .all_as_system::<promotion::Entity>(|all| {
            all.filter(promotion::Column::Id.eq(campaign.promotion_id))
        })
        .await?;
    Ok(found.into_iter().next().map(|row| row.code))
}
