//! A campaign's way once it is planned: it begins when its day comes, its people are written to at
//! their hour, those who have not ordered are reminded, and it ends when everything is written.

use std::collections::HashSet;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, OnConflict, Value};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use trade::id::{AccountId, CampaignId, UserId};
use uuid::Uuid;

use super::rules::{self, Excluded};
use super::{report, when};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{campaign, campaign_message, message_setting};
use crate::db::words::{CampaignState, Wave};
use crate::error::Result;
use crate::jobs::{Job, Leave};
use crate::messages::settings::{self, instant, zone_of};
use crate::promotions::book::Approved;

/// People one job writes to.
const TOGETHER: usize = 50;
/// People that jobs are left for at once; the others are left for a minute later.
const AT_ONCE: u64 = 10_000;
/// An audience is drawn so long before the first of it has its morning.
const LEAD_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * 3_600_000;
/// People who are reminded by one statement.
const REMINDED: usize = 1_000;

/// Begins campaigns whose day it is, leaves work for those whose hour it is, reminds, and ends
/// those that are written; tells what came of those that are over.
///
/// # Errors
/// Whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let tx = app.db.read_system("campaigns").await?;
    let open = tx
        .all::<campaign::Entity>(|all| {
            all.filter(
                campaign::Column::State.is_in([CampaignState::Planned, CampaignState::Sending]),
            )
            .order_by_asc(campaign::Column::CreatedAt)
        })
        .await?;
    drop(tx);
    for row in open {
        // One that fails does not hold up the others.
        if let Err(error) = step(app, &row).await {
            let error = error.cause();
            tracing::warn!(campaign = %row.id, error, "a campaign could not go on");
        }
    }
    report::due(app).await
}

async fn step(app: &App, row: &campaign::Model) -> Result<()> {
    let tx = app.db.read_system("campaigns").await?;
    let approved = app.promotions.get(&tx).await?;
    let found = approved
        .iter()
        .find(|one| one.promotion.id == row.promotion_id);
    let last = found.and_then(|one| one.promotion.validity.last_day());
    let is_over = last.is_some_and(|last| last < app.today());
    let Some(found) = found.filter(|_| !is_over) else {
        drop(tx);
        return close(app, row, is_over).await;
    };
    let settings = settings::load(&tx).await?;
    match row.state {
        CampaignState::Planned if row.started_at.is_some() => Ok(()),
        CampaignState::Planned => {
            let minute = row.announce_minute;
            let first = first_instant(&tx, app, row.announce_on.0, minute).await?;
            drop(tx);
            if app.clock.millis() < first {
                return Ok(());
            }
            begin(app, row.id).await
        }
        CampaignState::Sending => {
            remind(app, &tx, row, found, &settings).await?;
            drop(tx);
            leave(app, row.id).await?;
            finish(app, row).await
        }
        CampaignState::Finished | CampaignState::Stopped => Ok(()),
    }
}

/// When somebody on earth who may be concerned first has that minute of that day, less the time it
/// takes to draw; without a minute, when the brand's day begins.
async fn first_instant(tx: &Tx, app: &App, on: Date, minute: Option<i32>) -> Result<i64> {
    let midnight = instant(on, 0, &app.brand.zone)?;
    let Some(minute) = minute else {
        return Ok(midnight);
    };
    // Days away, nobody's morning is near.
    if app.clock.millis() < midnight - 2 * DAY_MILLIS {
        return Ok(midnight);
    }
    let mut first = instant(on, minute, &app.brand.zone)?;
    let zones = "SELECT DISTINCT time_zone FROM users WHERE time_zone IS NOT NULL";
    for row in tx.rows(zones, []).await? {
        let zone: String = row.try_get_by_index(0)?;
        let zone = zone_of(app, Some(&zone), None);
        first = Ord::min(first, instant(on, minute, &zone)?);
    }
    for row in tx.rows("SELECT DISTINCT country FROM accounts", []).await? {
        let country: String = row.try_get_by_index(0)?;
        let zone = zone_of(app, None, Some(&country));
        first = Ord::min(first, instant(on, minute, &zone)?);
    }
    Ok(first - LEAD_MILLIS)
}

async fn begin(app: &App, id: CampaignId) -> Result<()> {
    let tx = app.db.begin_system("campaigns").await?;
    if start(&tx, app.clock.millis(), id).await? {
        tx.commit().await?;
        app.wake.notify_one();
    }
    Ok(())
}

/// Has a planned campaign drawn; whether it was still planned.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn start(tx: &Tx, now: i64, id: CampaignId) -> Result<bool> {
    let touched = tx
        .change::<campaign::Entity>(|update| {
            update
                .filter(campaign::Column::Id.eq(id))
                .filter(campaign::Column::State.eq(CampaignState::Planned))
                .filter(campaign::Column::StartedAt.is_null())
                .col_expr(campaign::Column::StartedAt, Expr::value(now))
        })
        .await?;
    if touched == 1 {
        let job = Job::Campaign {
            campaign: id,
            after: None,
        };
        tx.leave_all(now, [Leave::now(now, job)]).await?;
    }
    Ok(touched == 1)
}

/// Leaves work for those whose hour it is and for whom none is under way.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn leave(app: &App, id: CampaignId) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.begin_system("campaigns").await?;
    let under_way = under_way(&tx, id).await?;
    let waiting = tx
        .all::<campaign_message::Entity>(|all| {
            all.filter(campaign_message::Column::CampaignId.eq(id))
                .filter(campaign_message::Column::State.eq("waiting"))
                .filter(campaign_message::Column::DueAt.lte(now))
                .order_by_asc(campaign_message::Column::DueAt)
                .order_by_asc(campaign_message::Column::Id)
                .limit(AT_ONCE)
        })
        .await?;
    let rest = waiting.into_iter().map(|row| row.id);
    let rest: Vec<Uuid> = rest.filter(|id| !under_way.contains(id)).collect();
    if rest.is_empty() {
        return Ok(());
    }
    let work = rest.chunks(TOGETHER).map(|messages| {
        let job = Job::CampaignMails {
            campaign: id,
            messages: messages.to_vec(),
        };
        Leave::now(now, job)
    });
    tx.leave_all(now, work).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(())
}

const UNDER_WAY: &str = "SELECT payload FROM jobs WHERE lane = 'bulk' \
    AND state IN ('waiting', 'running') AND kind = 'campaign_mails'";

async fn under_way(tx: &Tx, id: CampaignId) -> Result<HashSet<Uuid>> {
    let mut under_way = HashSet::new();
    for row in tx.rows(UNDER_WAY, []).await? {
        let payload: serde_json::Value = row.try_get_by_index(0)?;
        if let Ok(Job::CampaignMails { campaign, messages }) = serde_json::from_value(payload)
            && campaign == id
        {
            under_way.extend(messages);
        }
    }
    Ok(under_way)
}

const UNREMINDED: &str = "SELECT m.account_id, m.user_id, u.time_zone, a.country \
    FROM campaign_messages m JOIN users u ON u.id = m.user_id \
    JOIN accounts a ON a.id = m.account_id \
    WHERE m.campaign_id = $1 AND m.wave = 'announcement' AND m.state = 'mailed' AND m.due_at < $2 \
    AND NOT EXISTS (SELECT 1 FROM campaign_messages r WHERE r.campaign_id = m.campaign_id \
        AND r.user_id = m.user_id AND r.wave = 'reminder') \
    AND NOT EXISTS (SELECT 1 FROM promotion_uses o WHERE o.promotion_id = $3 \
        AND o.account_id = m.account_id AND o.state <> 'released') \
    ORDER BY m.id LIMIT";

/// On its day, those are to be reminded whose account has not ordered with the promotion.
async fn remind(
    app: &App,
    tx: &Tx,
    row: &campaign::Model,
    found: &Approved,
    settings: &message_setting::Model,
) -> Result<()> {
    let Some(on) = row.remind_on else {
        return Ok(());
    };
    let now = app.clock.millis();
    let minute = row.announce_minute.unwrap_or(settings.morning);
    if now < first_instant(tx, app, on.0, Some(minute)).await? {
        return Ok(());
    }
    // Who was told on that very day is not reminded of it on the same.
    let told_before = instant(on.0, 0, &app.brand.zone)?;
    let when = when(row, Wave::Reminder, found.promotion.validity.last_day());
    let when = rules::When {
        minute: Some(minute),
        ..when
    };
    loop {
        let tx = app.db.begin_system("campaigns").await?;
        let values: [Value; 3] = [row.id.into(), told_before.into(), row.promotion_id.into()];
        let rows = tx.rows(&format!("{UNREMINDED} {REMINDED}"), values).await?;
        let count = rows.len();
        let mut messages = Vec::with_capacity(count);
        for person in rows {
            let zone: Option<String> = person.try_get("", "time_zone")?;
            let country: String = person.try_get("", "country")?;
            let zone = zone_of(app, zone.as_deref(), Some(&country));
            messages.push(campaign_message::ActiveModel {
                id: Set(Uuid::now_v7()),
                campaign_id: Set(row.id),
                account_id: Set(person.try_get::<AccountId>("", "account_id")?),
                user_id: Set(person.try_get::<UserId>("", "user_id")?),
                wave: Set(Wave::Reminder),
                due_at: Set(rules::due(when, now, &zone, settings)?),
                state: Set("waiting".to_owned()),
                skipped_because: Set(None),
                mail_id: Set(None),
                opened_at: Set(None),
                clicked_at: Set(None),
            });
        }
        tx.put_all(messages, &OnConflict::new().do_nothing().to_owned())
            .await?;
        tx.commit().await?;
        if count < REMINDED {
            return Ok(());
        }
    }
}

const FINISH: &str = "UPDATE campaigns SET state = 'finished', finished_at = $2 \
    WHERE id = $1 AND state = 'sending' AND NOT EXISTS (SELECT 1 FROM campaign_messages m \
    WHERE m.campaign_id = $1 AND m.state = 'waiting')";

/// Ends it where everything is written and nobody is to be reminded any more.
async fn finish(app: &App, row: &campaign::Model) -> Result<()> {
    if row.remind_on.is_some_and(|on| app.today() <= on.0) {
        return Ok(());
    }
    let tx = app.db.begin_system("campaigns").await?;
    let now = app.clock.millis();
    tx.execute(FINISH, [row.id.into(), now.into()]).await?;
    tx.commit().await
}

/// Ends it because its promotion is over or runs no more.
async fn close(app: &App, row: &campaign::Model, is_over: bool) -> Result<()> {
    let tx = app.db.begin_system("campaigns").await?;
    let now = app.clock.millis();
    let told = row.state == CampaignState::Sending;
    let sql = if is_over && told {
        "UPDATE campaigns SET state = 'finished', finished_at = $2 \
         WHERE id = $1 AND state = 'sending'"
    } else {
        // Nobody in particular stopped it.
        "UPDATE campaigns SET state = 'stopped', stopped_at = $2 \
         WHERE id = $1 AND state IN ('planned', 'sending')"
    };
    if tx.execute(sql, [row.id.into(), now.into()]).await? == 1 {
        silence(&tx, row.id, Excluded::Over).await?;
    }
    tx.commit().await
}

const SILENCE: [&str; 2] = [
    "UPDATE campaign_messages SET state = 'skipped', skipped_because = $2 \
     WHERE campaign_id = $1 AND state = 'waiting'",
    "UPDATE mails SET state = 'withheld', last_error = $2 WHERE state = 'waiting' \
     AND id IN (SELECT mail_id FROM campaign_messages WHERE campaign_id = $1)",
];

/// Nobody is told any more, not even by what is written and has not left.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn silence(tx: &Tx, id: CampaignId, because: Excluded) -> Result<()> {
    for sql in SILENCE {
        tx.execute(sql, [id.into(), because.name().into()]).await?;
    }
    Ok(())
}
