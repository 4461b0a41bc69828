//! What came of a campaign, told once to the KAM of each of its accounts and to who planned it:
//! when its promotion is over, or two weeks after the last mail where that is sooner.

use sea_orm::sea_query::{Expr, Value};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{PromotionId, UserId};

use super::letter::CampaignReportMail;
use crate::app::App;
use crate::clock::zoned;
use crate::db::Tx;
use crate::db::entity::{campaign, user};
use crate::db::scope::{Actor, Reach, Scope};
use crate::db::words::{CampaignState, Role, Topic, UserStatus};
use crate::error::Result;
use crate::messages::{self, Notice, settings};
use crate::promotions::{plan, results};
use crate::web::shape::Message;

/// An order that comes later than this after the last mail is not the mail's.
const AFTER_MILLIS: i64 = 14 * 24 * 3_600_000;

/// Tells of those that are over, in the brand's morning or later that day.
///
/// # Errors
/// Whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let tx = app.db.read_system("campaign reports").await?;
    let over = tx
        .all::<campaign::Entity>(|all| {
            all.filter(
                campaign::Column::State.is_in([CampaignState::Finished, CampaignState::Stopped]),
            )
            .filter(campaign::Column::StartedAt.is_not_null())
            .filter(campaign::Column::ReportedAt.is_null())
        })
        .await?;
    if over.is_empty() {
        return Ok(());
    }
    let settings = settings::load(&tx).await?;
    let now = app.clock.millis();
    let here = zoned(now, &app.brand.zone);
    let minute = i32::from(here.hour()) * 60 + i32::from(here.minute());
    if minute < settings.morning || settings::is_quiet(&settings, now, &app.brand.zone) {
        return Ok(());
    }
    drop(tx);
    for row in over {
        if is_due(app, &row, now).await? {
            report(app, &row).await?;
        }
    }
    Ok(())
}

async fn is_due(app: &App, row: &campaign::Model, now: i64) -> Result<bool> {
    let ended = row.finished_at.or(row.stopped_at).unwrap_or(now);
    if now >= ended + AFTER_MILLIS {
        return Ok(true);
    }
    let tx = app.db.read_system("campaign reports").await?;
    let approved = app.promotions.get(&tx).await?;
    let runs = approved.iter().any(|one| {
        one.promotion.id == row.promotion_id
            && one
                .promotion
                .validity
                .last_day()
                .is_none_or(|last| app.today() <= last)
    });
    Ok(!runs)
}

async fn report(app: &App, row: &campaign::Model) -> Result<()> {
    let tx = app.db.read_system("campaign reports").await?;
    let counts = Counts::load(&tx, row, None).await?;
    let readers = if counts.mailed > 0 {
        readers(&tx, row).await?
    } else {
        // Of what nobody was told there is nothing to tell.
        Vec::new()
    };
    drop(tx);
    for reader in &readers {
        tell(app, row, reader).await?;
    }
    let tx = app.db.begin_system("campaign reports").await?;
    let now = app.clock.millis();
    tx.change::<campaign::Entity>(|update| {
        update
            .filter(campaign::Column::Id.eq(row.id))
            .col_expr(campaign::Column::ReportedAt, Expr::value(now))
    })
    .await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(())
}

const KAMS: &str = "SELECT DISTINCT a.kam_id FROM campaign_accounts c \
    JOIN accounts a ON a.id = c.account_id WHERE c.campaign_id = $1 AND a.kam_id IS NOT NULL";

async fn readers(tx: &Tx, row: &campaign::Model) -> Result<Vec<user::Model>> {
    let mut ids: Vec<UserId> = Vec::new();
    for kam in tx.rows(KAMS, [row.id.into()]).await? {
        ids.push(kam.try_get_by_index(0)?);
    }
    ids.extend(row.created_by_id);
    ids.sort_unstable();
    ids.dedup();
    let people = tx
        .all::<user::Entity>(|users| users.filter(user::Column::Id.is_in(ids)))
        .await?;
    let active = people
        .into_iter()
        .filter(|one| one.status == UserStatus::Active && !one.role.is_retailer());
    Ok(active.collect())
}

/// The scope of somebody of the brand, for what they are told.
fn scope_of(reader: &user::Model) -> Scope {
    Scope {
        reach: match reader.role {
            Role::Marketing | Role::Finance | Role::Operations | Role::Admin => Reach::Brand,
            Role::Kam | Role::Buyer | Role::Approver | Role::AccountAdmin => {
                Reach::Portfolio(reader.id)
            }
        },
        actor: Actor {
            user_id: Some(reader.id),
            name: reader.name.clone(),
            role: Some(reader.role),
            owner: reader.id.0,
        },
        on_behalf_of: None,
    }
}

async fn tell(app: &App, row: &campaign::Model, reader: &user::Model) -> Result<()> {
    let tx = app.db.read(&scope_of(reader)).await?;
    let system = app.db.read_system("campaign reports").await?;
    let stored = plan::find(&system, row.promotion_id).await?;
    let is_own = reader.role == Role::Kam;
    let counts = Counts::load(&tx, row, is_own.then_some(reader.id)).await?;
    let result = results::of(&tx, &stored).await?;
    drop((tx, system));
    let path = path(row.promotion_id);
    let view = CampaignReportMail {
        brand_name: app.brand.row.name.clone(),
        name: reader.name.clone(),
        promotion: stored.row.name.clone(),
        is_own,
        mailed: counts.mailed,
        clicked: counts.clicked,
        accounts: counts.accounts,
        ordered: counts.ordered,
        holdout: counts.holdout,
        holdout_ordered: counts.holdout_ordered,
        orders: result.orders,
        sales: result.net,
        link: format!("{}{path}", app.base_url),
    };
    let event = format!("campaign-report/{}", row.id);
    let said = Message::new("campaign-note-report")
        .with("promotion", stored.row.name)
        .with("ordered", counts.ordered)
        .with("accounts", counts.accounts);
    let notice = Notice {
        topic: Topic::Accounts,
        event: &event,
        kind: "campaign-report",
        account: None,
        said,
        link: path,
        follows: None,
    };
    let tx = app.db.begin_system("campaign reports").await?;
    messages::tell(app, &tx, &notice, reader, &view).await?;
    tx.commit().await
}

/// The campaign's page.
#[must_use]
pub fn path(promotion: PromotionId) -> String {
    format!("/kam/promotions/{promotion}/campaign")
}

/// What is counted of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// People who were told.
    pub mailed: i64,
    /// People for whom nothing was written.
    pub skipped: i64,
    /// People whose hour has not come.
    pub waiting: i64,
    /// Of those told, who opened the prepared order.
    pub clicked: i64,
    /// Accounts that are told.
    pub accounts: i64,
    /// Of them, those that ordered with the promotion since.
    pub ordered: i64,
    /// Accounts that are told nothing.
    pub holdout: i64,
    /// Of them, those that ordered with it.
    pub holdout_ordered: i64,
}

impl Counts {
    /// Of all accounts, or of one KAM's.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, row: &campaign::Model, kam: Option<UserId>) -> Result<Counts> {
        let own = if kam.is_some() {
            "AND a.kam_id = $2"
        } else {
            ""
        };
        let values = || {
            let all = std::iter::once(Value::from(row.id));
            all.chain(kam.map(Value::from))
        };
        let people = format!(
            "SELECT count(CASE WHEN m.state = 'mailed' AND m.wave = 'announcement' THEN 1 END), \
             count(CASE WHEN m.state = 'skipped' THEN 1 END), \
             count(CASE WHEN m.state = 'waiting' THEN 1 END), \
             count(DISTINCT CASE WHEN m.clicked_at IS NOT NULL THEN m.user_id END) \
             FROM campaign_messages m JOIN accounts a ON a.id = m.account_id \
             WHERE m.campaign_id = $1 {own}"
        );
        let mut counts = Counts::default();
        for found in tx.rows(&people, values()).await? {
            counts.mailed = found.try_get_by_index(0)?;
            counts.skipped = found.try_get_by_index(1)?;
            counts.waiting = found.try_get_by_index(2)?;
            counts.clicked = found.try_get_by_index(3)?;
        }
        let accounts = format!(
            "SELECT c.arm, count(*), count(CASE WHEN EXISTS (SELECT 1 FROM promotion_uses u \
             WHERE u.promotion_id = k.promotion_id AND u.account_id = c.account_id \
             AND u.state <> 'released' AND u.at >= k.started_at) THEN 1 END) \
             FROM campaign_accounts c JOIN accounts a ON a.id = c.account_id \
             JOIN campaigns k ON k.id = c.campaign_id WHERE c.campaign_id = $1 {own} \
             GROUP BY c.arm"
        );
        for found in tx.rows(&accounts, values()).await? {
            let arm: String = found.try_get_by_index(0)?;
            let (all, ordered) = (found.try_get_by_index(1)?, found.try_get_by_index(2)?);
            if arm == "mail" {
                (counts.accounts, counts.ordered) = (all, ordered);
            } else {
                (counts.holdout, counts.holdout_ordered) = (all, ordered);
            }
        }
        Ok(counts)
    }
}
