//! What came of a campaign, counted each time it is asked for: what became of its mails, what both
//! arms ordered since, and what of that the mails brought.
//!
//! A reader sees the accounts that are theirs, and no others are in any number here: a KAM's
//! hold-out is the part of it that they look after.

mod counted;
mod figures;
pub mod view;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, PromotionId};
use uuid::Uuid;

use super::effect::{self, Account, Adjusting, Difference, Estimate, Untold};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{campaign, message_setting};
use crate::db::scope::Reach;
use crate::db::words::{CampaignArm, CampaignState};
use crate::error::{Error, Result};
use crate::promotions::plan::Stored;
use view::{CampaignResults, OtherCampaign};

/// How long before the announcement an account's sales are looked at: eight weeks.
const BEFORE_MILLIS: i64 = 56 * 24 * 3_600_000;
/// Campaigns of a promotion that are offered to look at.
const OFFERED: u64 = 12;

/// The time a campaign is measured in, in UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// From when on earlier sales count.
    pub before: i64,
    /// Its draw.
    pub from: i64,
    /// The promotion's end, or now.
    pub until: i64,
    /// Whether it is not the present that ends it.
    pub over: bool,
}

impl Window {
    /// From the campaign's draw to the promotion's end; none before the draw.
    ///
    /// # Errors
    /// A day beyond the calendar.
    pub fn of(app: &App, campaign: &campaign::Model, stored: &Stored) -> Result<Option<Window>> {
        let Some(from) = campaign.started_at else {
            return Ok(None);
        };
        let now = app.clock.millis();
        let mut until = now;
        if let Some(end) = stored.plan.validity.until {
            let end = end.to_zoned_datetime(app.brand.zone.clone())?;
            until = Ord::min(until, end.timestamp().as_millisecond());
        }
        if let Some(stopped) = stored.row.stopped_at {
            until = Ord::min(until, stopped);
        }
        Ok(Some(Window {
            before: from - BEFORE_MILLIS,
            from,
            until: Ord::max(until, from),
            over: until < now,
        }))
    }
}

/// What an account of a campaign did, net in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Did {
    pub account: AccountId,
    /// What it was drawn for.
    pub arm: CampaignArm,
    /// What it ordered of the promotion's items in the weeks before, and in how many orders.
    pub net_before: i64,
    pub orders_before: i64,
    /// What it ordered of them since.
    pub net: i64,
    /// Orders since in which the promotion gave something.
    pub orders: i64,
}

/// What the mails brought, as far as that can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brought {
    /// Net of the promotion's items, in minor units.
    pub sales: Difference,
    /// Orders with the promotion; none where there are too few.
    pub orders: Option<Difference>,
    /// Share of the accounts with such an order.
    pub share: Estimate,
}

/// What accounts spent on the promotion's items, ready to be compared.
#[must_use]
pub fn sales(did: &[Did]) -> Vec<Account> {
    compared(did, |one| (one.net_before, one.net))
}

fn compared(did: &[Did], of: fn(&Did) -> (i64, i64)) -> Vec<Account> {
    let account = |one: &Did| {
        let (before, since) = of(one);
        Account {
            arm: one.arm,
            before: figures::real(before),
            since: figures::real(since),
        }
    };
    did.iter().map(account).collect()
}

/// What both arms did differently.
///
/// # Errors
/// Why that cannot be told.
pub fn brought(did: &[Did], salt: i64) -> std::result::Result<Brought, Untold> {
    let seed = salt.unsigned_abs();
    let sales = effect::difference(&sales(did), Adjusting::Before, seed)?;
    let orders = compared(did, |one| (one.orders_before, one.orders));
    // Many buy of the items, and few of them enough to have the promotion.
    let orders = effect::difference(&orders, Adjusting::Before, seed).ok();
    let ordering = |arm: CampaignArm| {
        let of_arm = did.iter().filter(|one| one.arm == arm);
        let some = of_arm.clone().filter(|one| one.orders > 0).count();
        (some, of_arm.count())
    };
    let share = effect::shares(ordering(CampaignArm::Mail), ordering(CampaignArm::Holdout));
    Ok(Brought {
        sales,
        orders,
        share: share.ok_or(Untold::NoHoldout)?,
    })
}

/// What each account of a campaign did, of those the reader sees; nothing before its draw.
///
/// # Errors
/// Whatever the database says.
pub async fn did(
    tx: &Tx,
    app: &App,
    campaign: &campaign::Model,
    stored: &Stored,
) -> Result<Vec<Did>> {
    match Window::of(app, campaign, stored)? {
        Some(window) => counted::accounts(tx, campaign, stored, window).await,
        None => Ok(Vec::new()),
    }
}

/// What came of the promotion's campaigns: of the one that is chosen, else of the latest that
/// has begun. None where there is none.
///
/// # Errors
/// Whatever the database says.
pub async fn of(
    tx: &Tx,
    app: &App,
    stored: &Stored,
    chosen: Option<&str>,
) -> Result<Option<CampaignResults>> {
    let campaigns = campaigns(tx, stored.row.id).await?;
    let asked = chosen.and_then(|id| id.parse::<Uuid>().ok());
    let find = |is: &dyn Fn(&campaign::Model) -> bool| campaigns.iter().find(|one| is(one));
    let found = find(&|one| Some(one.id.0) == asked)
        // What is planned has nothing to tell yet.
        .or_else(|| find(&|one| one.started_at.is_some()))
        .or_else(|| campaigns.first());
    let Some(campaign) = found else {
        return Ok(None);
    };
    let settings = tx.get::<message_setting::Entity>(1).await?;
    let window = Window::of(app, campaign, stored)?;
    let (mails, did) = match window {
        Some(window) => (
            counted::mails(tx, campaign.id).await?,
            counted::accounts(tx, campaign, stored, window).await?,
        ),
        None => Default::default(),
    };
    let salt = campaign.salt;
    let reckoned = actix_web::web::block(move || {
        let brought = brought(&did, salt);
        (did, brought)
    });
    let (did, brought) = reckoned
        .await
        .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
    let others = campaigns.iter().filter(|one| one.id != campaign.id);
    Ok(Some(CampaignResults {
        id: campaign.id.to_string(),
        state: campaign.state.name().to_owned(),
        sending: campaign.state == CampaignState::Sending,
        announce_on: campaign.announce_on.to_string(),
        remind_on: campaign.remind_on.map(|day| day.to_string()),
        from: window.map(|window| window.from),
        until: window.map(|window| window.until),
        over: window.is_some_and(|window| window.over),
        holdout_bp: campaign.holdout_share.into(),
        own_only: matches!(tx.scope().reach, Reach::Portfolio(_)),
        counts_opens: settings.counts_opens,
        waves: figures::waves(&mails, settings.counts_opens),
        arms: window.map(|_| figures::arms(&did, stored.row.currency)),
        untold: match brought {
            Err(why) if window.is_some() => Some(figures::untold(why)),
            Ok(_) | Err(_) => None,
        },
        effect: brought
            .ok()
            .filter(|_| window.is_some())
            .map(|brought| figures::effect(&brought, stored.row.currency)),
        others: others.map(other).collect(),
    }))
}

fn other(row: &campaign::Model) -> OtherCampaign {
    OtherCampaign {
        id: row.id.to_string(),
        announce_on: row.announce_on.to_string(),
        state: row.state.name().to_owned(),
    }
}

/// The latest first; what is planned comes before what was.
async fn campaigns(tx: &Tx, promotion: PromotionId) -> Result<Vec<campaign::Model>> {
    use campaign::Column as C;
    tx.all::<campaign::Entity>(|all| {
        all.filter(C::PromotionId.eq(promotion))
            .order_by_desc(C::CreatedAt)
            .order_by_desc(C::Id)
            .limit(OFFERED)
    })
    .await
}
