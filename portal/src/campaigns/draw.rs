//! Drawing a campaign's audience: who is told and who goes without, by what is expected of them.
//!
//! Accounts are asked some at a time, each lot in a transaction of its own; a draw that is broken
//! off goes on where it was, and what was drawn twice stands once. Nothing is told before all are
//! drawn and placed.

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::{AccountId, CampaignId};
use uuid::Uuid;

use super::audience::{self, Candidate};
use super::{rules, sending, when};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{campaign, campaign_account, campaign_message, message_setting};
use crate::db::words::{CampaignArm, CampaignState, Wave};
use crate::error::Result;
use crate::jobs::{Job, Leave};
use crate::messages::settings;
use crate::promotions::{audience as reached, plan};

/// Accounts that are asked together.
const TOGETHER: u64 = 200;
/// After so long the rest is left to another job.
const LONG_MILLIS: i64 = 20_000;

/// Draws the audience, from the accounts after `after` on; then tells it to be written to.
///
/// # Errors
/// Whatever the database says.
pub async fn draw(app: &App, id: CampaignId, after: Option<AccountId>) -> Result<()> {
    let began = app.clock.millis();
    let mut after = after;
    loop {
        let tx = app.db.read_system("campaign").await?;
        let row = tx.get::<campaign::Entity>(id).await?;
        if !is_drawn(&row) {
            return Ok(());
        }
        let stored = plan::find(&tx, row.promotion_id).await?;
        let of = (&stored.plan.reach, stored.plan.currency);
        let accounts = reached::after(&tx, of, after, TOGETHER).await?;
        let Some(last) = accounts.last().map(|account| account.id) else {
            break;
        };
        let found = audience::of(&tx, app, row.promotion_id, accounts).await?;
        let settings = settings::load(&tx).await?;
        drop(tx);
        let last_day = stored.plan.validity.last_day();
        keep(app, (&row, last_day), &found, &settings).await?;
        after = Some(last);
        if app.clock.millis() - began > LONG_MILLIS {
            let tx = app.db.begin_system("campaign").await?;
            let now = app.clock.millis();
            let rest = Job::Campaign {
                campaign: id,
                after,
            };
            tx.leave_all(now, [Leave::now(now, rest)]).await?;
            return tx.commit().await;
        }
    }
    place(app, id).await?;
    sending::leave(app, id).await
}

/// Whether it is being drawn: begun, and nothing told yet.
fn is_drawn(row: &campaign::Model) -> bool {
    row.state == CampaignState::Planned && row.started_at.is_some()
}

async fn keep(
    app: &App,
    (row, last_day): (&campaign::Model, Option<Date>),
    found: &[Candidate],
    settings: &message_setting::Model,
) -> Result<()> {
    let now = app.clock.millis();
    let (mut accounts, mut messages) = (Vec::new(), Vec::new());
    for one in found.iter().filter(|one| one.fits().is_some()) {
        let arm = rules::arm(one.account.id, row.salt, row.holdout_share);
        let (expected, saving) = one.worth();
        accounts.push(campaign_account::ActiveModel {
            campaign_id: Set(row.id),
            account_id: Set(one.account.id),
            arm: Set(arm),
            // All are placed once all are drawn.
            place: Set(1),
            expected_minor: Set(expected),
            saving_minor: Set(saving),
        });
        if arm == CampaignArm::Holdout {
            continue;
        }
        for person in one.readers() {
            let when = when(row, Wave::Announcement, last_day);
            messages.push(campaign_message::ActiveModel {
                id: Set(Uuid::now_v7()),
                campaign_id: Set(row.id),
                account_id: Set(one.account.id),
                user_id: Set(person.user.id),
                wave: Set(Wave::Announcement),
                due_at: Set(rules::due(when, now, &person.zone, settings)?),
                state: Set("waiting".to_owned()),
                skipped_because: Set(None),
                mail_id: Set(None),
                opened_at: Set(None),
                clicked_at: Set(None),
            });
        }
    }
    let tx = app.db.begin_system("campaign").await?;
    let going = still(&tx, row.id, |row| row).await?;
    if going {
        let once = OnConflict::new().do_nothing().to_owned();
        tx.put_all(accounts, &once).await?;
        tx.put_all(messages, &once).await?;
    }
    tx.commit().await
}

/// Touches the campaign's row where it is being drawn, so that nobody stops it in between; whether
/// it is.
async fn still(
    tx: &Tx,
    id: CampaignId,
    change: impl FnOnce(sea_orm::UpdateMany<campaign::Entity>) -> sea_orm::UpdateMany<campaign::Entity>,
) -> Result<bool> {
    let touched = tx
        .change::<campaign::Entity>(|update| {
            let update = update
                .filter(campaign::Column::Id.eq(id))
                .filter(campaign::Column::State.eq(CampaignState::Planned))
                .filter(campaign::Column::StartedAt.is_not_null())
                .col_expr(
                    campaign::Column::StartedAt,
                    Expr::col(campaign::Column::StartedAt),
                );
            change(update)
        })
        .await?;
    Ok(touched == 1)
}

// As `rules::by_expectation` places them.
const PLACE: &str = "UPDATE campaign_accounts SET place = placed.place FROM (\
    SELECT account_id, row_number() OVER (ORDER BY expected_minor DESC NULLS LAST, \
        saving_minor DESC NULLS LAST, account_id) AS place \
        FROM campaign_accounts WHERE campaign_id = $1) AS placed \
    WHERE campaign_accounts.campaign_id = $1 \
    AND campaign_accounts.account_id = placed.account_id";
const BEYOND: [&str; 2] = [
    "DELETE FROM campaign_messages WHERE campaign_id = $1 AND account_id IN (\
        SELECT account_id FROM campaign_accounts WHERE campaign_id = $1 AND place > $2)",
    "DELETE FROM campaign_accounts WHERE campaign_id = $1 AND place > $2",
];

/// Places what was drawn, leaves out what is beyond the plan, and lets it be written to.
async fn place(app: &App, id: CampaignId) -> Result<()> {
    let tx = app.db.begin_system("campaign").await?;
    let sending = Expr::value(CampaignState::Sending);
    if !still(&tx, id, |row| {
        row.col_expr(campaign::Column::State, sending)
    })
    .await?
    {
        return Ok(());
    }
    let row = tx.get::<campaign::Entity>(id).await?;
    tx.execute(PLACE, [id.into()]).await?;
    if let Some(most) = row.most_accounts {
        for sql in BEYOND {
            tx.execute(sql, [id.into(), most.into()]).await?;
        }
    }
    tx.commit().await
}
