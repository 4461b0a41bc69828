//! Planning a campaign, changing it while nobody is told, starting it now, stopping it.

use jiff::civil::{Date, Time};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use trade::calendar::LocalDate;
use trade::id::{CampaignId, PromotionId};
use uuid::Uuid;

use super::rules::{Excluded, MOST_HOLDOUT};
use super::{report, sending};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{campaign, message_setting};
use crate::db::words::CampaignState;
use crate::error::{Error, Refusal, Result};
use crate::messages::settings::{instant, is_quiet};
use crate::promotions::life::{Stand, may_write};
use crate::promotions::plan::{self as promotion_plan, Stored};
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Arg, Message};

/// What a planner settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The day it is announced.
    pub announce_on: Date,
    /// The minute of it by each reader's clock; none is at once.
    pub announce_minute: Option<i32>,
    /// The day of the reminder; none is without.
    pub remind_on: Option<Date>,
    /// Hundredths of a per cent of the accounts that are told nothing.
    pub holdout_share: i32,
    /// Only so many accounts, the best first.
    pub most_accounts: Option<i32>,
}

impl Plan {
    fn facts(&self) -> Value {
        json!({
            "announce_on": self.announce_on.to_string(),
            "announce_minute": self.announce_minute,
            "remind_on": self.remind_on.map(|day| day.to_string()),
            "holdout_share": self.holdout_share,
            "most_accounts": self.most_accounts,
        })
    }
}

impl From<&campaign::Model> for Plan {
    fn from(row: &campaign::Model) -> Plan {
        Plan {
            announce_on: row.announce_on.0,
            announce_minute: row.announce_minute,
            remind_on: row.remind_on.map(|day| day.0),
            holdout_share: row.holdout_share,
            most_accounts: row.most_accounts,
        }
    }
}

/// The campaign of a promotion that is planned or under way, else its last one.
///
/// # Errors
/// Whatever the database says.
pub async fn latest(tx: &Tx, promotion: PromotionId) -> Result<Option<campaign::Model>> {
    let all = tx
        .all::<campaign::Entity>(|all| {
            all.filter(campaign::Column::PromotionId.eq(promotion))
                .order_by_desc(campaign::Column::CreatedAt)
                .order_by_desc(campaign::Column::Id)
        })
        .await?;
    let open = all.iter().position(is_open).unwrap_or(0);
    Ok(all.into_iter().nth(open))
}

/// Whether it is planned or under way.
#[must_use]
pub fn is_open(row: &campaign::Model) -> bool {
    match row.state {
        CampaignState::Planned | CampaignState::Sending => true,
        CampaignState::Finished | CampaignState::Stopped => false,
    }
}

/// Whether it may still be changed: nobody has been drawn.
#[must_use]
pub fn is_changeable(row: &campaign::Model) -> bool {
    row.state == CampaignState::Planned && row.started_at.is_none()
}

/// What the form says, or what is wrong with it.
#[must_use]
pub fn read(
    app: &App,
    stored: &Stored,
    settings: &message_setting::Model,
    fields: &Fields,
) -> (FormState, Option<Plan>) {
    let mut form = fields.form();
    let (from, last) = (stored.plan.validity.from, stored.plan.validity.last_day());
    let today = app.today();
    let (on, minute) = match fields.text("announce") {
        "now" => (Some(today), None),
        "minute" => (
            day(&mut form, fields, "on"),
            time(&mut form, app, settings, fields),
        ),
        _ => (day(&mut form, fields, "on"), Some(settings.morning)),
    };
    if let Some(on) = on {
        let field = if fields.text("announce") == "now" {
            "announce"
        } else {
            "on"
        };
        if on < from {
            let date = Arg::Date {
                date: from.to_string(),
            };
            form.refuse_with(field, "campaign-before-begin", "date", date);
        } else if on < today {
            form.refuse_key(field, "campaign-in-the-past");
        } else if last.is_some_and(|last| on > last) {
            form.refuse_key(field, "campaign-after-end");
        }
    }
    let remind_on = if fields.has("remind_on") {
        day(&mut form, fields, "remind_on")
    } else {
        None
    };
    if let (Some(on), Some(remind)) = (on, remind_on) {
        if remind <= on {
            form.refuse_key("remind_on", "campaign-reminder-too-early");
        } else if last.is_some_and(|last| remind > last) {
            form.refuse_key("remind_on", "campaign-after-end");
        }
    }
    let holdout = share(&mut form, fields);
    let most = most(&mut form, fields);
    let plan = on.zip(holdout).map(|(announce_on, holdout_share)| Plan {
        announce_on,
        announce_minute: minute,
        remind_on,
        holdout_share,
        most_accounts: most,
    });
    let plan = plan.filter(|_| form.is_valid());
    (form, plan)
}

fn day(form: &mut FormState, fields: &Fields, name: &str) -> Option<Date> {
    let typed = fields.text(name);
    if typed.is_empty() {
        form.refuse_key(name, "error-required");
        return None;
    }
    let day = typed.parse().ok();
    if day.is_none() {
        form.refuse_key(name, "campaign-no-date");
    }
    day
}

fn time(
    form: &mut FormState,
    app: &App,
    settings: &message_setting::Model,
    fields: &Fields,
) -> Option<i32> {
    let Ok(time) = fields.text("time").parse::<Time>() else {
        form.refuse_key("time", "campaign-no-time");
        return None;
    };
    let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
    // A quiet hour is one on any day by any clock: the brand's today will do.
    let at = instant(app.today(), minute, &app.brand.zone).ok();
    if at.is_none_or(|at| is_quiet(settings, at, &app.brand.zone)) {
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let said = Message::new("campaign-quiet-hour")
            .with("from", clock(settings.quiet_from))
            .with("until", clock(settings.quiet_until));
        form.refuse("time", said);
        return None;
    }
    Some(minute)
}

/// A per cent with at most two decimals, in hundredths of it.
fn share(form: &mut FormState, fields: &Fields) -> Option<i32> {
    let typed = fields.text("holdout").replace(',', ".");
    let (whole, rest) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let share = (!whole.is_empty() && digits(whole) && digits(rest) && rest.len() <= 2)
        .then(|| format!("{whole}{rest:0<2}").parse::<i32>().ok())
        .flatten()
        .filter(|share| *share <= MOST_HOLDOUT);
    if share.is_none() {
        form.refuse_key("holdout", "campaign-no-share");
    }
    share
}

fn most(form: &mut FormState, fields: &Fields) -> Option<i32> {
    let typed = fields.text("most");
    if typed.is_empty() {
        return None;
    }
    let most = typed.parse::<i32>().ok().filter(|most| *most >= 1);
    if most.is_none() {
        form.refuse_key("most", "campaign-no-number");
    }
    most
}

/// Why a promotion cannot be announced; none where it can.
#[must_use]
pub fn hindrance(app: &App, stored: &Stored) -> Option<&'static str> {
    let stand = Stand::on(stored.row.state, &stored.plan.validity, app.today());
    match stand {
        Stand::Approved | Stand::Running => None,
        Stand::Draft | Stand::Submitted => Some("campaign-not-approved"),
        Stand::Ended | Stand::Stopped | Stand::Settled | Stand::Cancelled => {
            Some("campaign-promotion-over")
        }
    }
}

/// The promotion, where the caller may announce it.
///
/// # Errors
/// `NotFound`; `Forbidden` where it is not theirs; refused where it does not run.
pub async fn announceable(tx: &Tx, app: &App, id: PromotionId) -> Result<Stored> {
    let stored = promotion_plan::find(tx, id).await?;
    if let Some(code) = hindrance(app, &stored) {
        let next = Message::new("promotion-go-on").with("name", stored.row.name.clone());
        let happened = Message::new(code).with("name", stored.row.name.clone());
        let refusal = Refusal::new(code, happened);
        return Err(refusal.go_on(next, format!("/kam/promotions/{id}")).into());
    }
    if may_write(tx.scope(), &stored.row) {
        Ok(stored)
    } else {
        Err(Error::Forbidden)
    }
}

fn refusal(code: &'static str, id: PromotionId) -> Error {
    let next = Message::new("campaign-go-on");
    Refusal::new(code, Message::new(code))
        .go_on(next, report::path(id))
        .into()
}

/// Keeps the plan: a new campaign, or the one that is planned, changed. What is to be told now
/// begins with it.
///
/// # Errors
/// Refused where one is under way, or somebody was quicker.
pub async fn keep(tx: &Tx, app: &App, stored: &Stored, plan: &Plan) -> Result<()> {
    let now = app.clock.millis();
    let id = stored.row.id;
    let open = latest(tx, id).await?.filter(is_open);
    let campaign = match &open {
        Some(row) if is_changeable(row) => {
            change(tx, row, plan).await?;
            row.id
        }
        Some(_) => return Err(refusal("campaign-under-way", id)),
        None => create(tx, now, stored, plan).await?,
    };
    let (word, before) = match &open {
        Some(row) => ("campaign changed", Some(Plan::from(row).facts())),
        None => ("campaign planned", None),
    };
    note(tx, now, stored, word, before, Some(plan.facts())).await?;
    if plan.announce_minute.is_none() {
        begin(tx, now, stored, campaign).await?;
    }
    Ok(())
}

async fn create(tx: &Tx, now: i64, stored: &Stored, plan: &Plan) -> Result<CampaignId> {
    let id = CampaignId(Uuid::now_v7());
    // Its random half; nobody gains from guessing it.
    let (_, salt) = id.0.as_u64_pair();
    let actor = &tx.scope().actor;
    // Of two planners at the same moment one is quicker.
    let sql = "INSERT INTO campaigns (id, promotion_id, state, announce_on, announce_minute, \
               remind_on, holdout_share, salt, most_accounts, created_by, created_by_id, \
               created_at) VALUES ($1, $2, 'planned', $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT DO NOTHING";
    let written = tx
        .execute(
            sql,
            [
                id.into(),
                stored.row.id.into(),
                LocalDate(plan.announce_on).into(),
                plan.announce_minute.into(),
                plan.remind_on.map(|day| day.to_string()).into(),
                plan.holdout_share.into(),
                i64::from_be_bytes(salt.to_be_bytes()).into(),
                plan.most_accounts.into(),
                actor.name.clone().into(),
                actor.user_id.map(|user| user.0).into(),
                now.into(),
            ],
        )
        .await?;
    if written == 0 {
        return Err(refusal("campaign-under-way", stored.row.id));
    }
    Ok(id)
}

async fn change(tx: &Tx, row: &campaign::Model, plan: &Plan) -> Result<()> {
    let touched = tx
        .change::<campaign::Entity>(|update| {
            update
                .filter(campaign::Column::Id.eq(row.id))
                .filter(campaign::Column::State.eq(CampaignState::Planned))
                .filter(campaign::Column::StartedAt.is_null())
                .set(campaign::ActiveModel {
                    announce_on: Set(LocalDate(plan.announce_on)),
                    announce_minute: Set(plan.announce_minute),
                    remind_on: Set(plan.remind_on.map(LocalDate)),
                    holdout_share: Set(plan.holdout_share),
                    most_accounts: Set(plan.most_accounts),
                    ..Default::default()
                })
        })
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(refusal("campaign-under-way", row.promotion_id))
    }
}

async fn begin(tx: &Tx, now: i64, stored: &Stored, id: CampaignId) -> Result<()> {
    if !sending::start(tx, now, id).await? {
        return Err(refusal("campaign-under-way", stored.row.id));
    }
    note(tx, now, stored, "campaign started", None, None).await
}

/// Tells those it is planned for at once, whatever its day.
///
/// # Errors
/// Refused where none is planned, or the promotion has not begun.
pub async fn start_now(tx: &Tx, app: &App, stored: &Stored) -> Result<()> {
    let (now, today, id) = (app.clock.millis(), app.today(), stored.row.id);
    let planned = latest(tx, id).await?.filter(is_changeable);
    let row = planned.ok_or_else(|| refusal("campaign-none-planned", id))?;
    if today < stored.plan.validity.from {
        return Err(refusal("campaign-not-begun", id));
    }
    let plan = Plan {
        announce_on: today,
        announce_minute: None,
        // A reminder on this very day would be none.
        remind_on: row.remind_on.map(|day| day.0).filter(|day| *day > today),
        ..Plan::from(&row)
    };
    change(tx, &row, &plan).await?;
    begin(tx, now, stored, row.id).await
}

/// Ends it: nobody is told any more.
///
/// # Errors
/// `NotFound`; refused where there is nothing to stop; `Forbidden` where it is not theirs.
pub async fn stop(tx: &Tx, app: &App, id: PromotionId) -> Result<()> {
    let now = app.clock.millis();
    let stored = promotion_plan::find(tx, id).await?;
    let open = latest(tx, id).await?.filter(is_open);
    let row = open.ok_or_else(|| refusal("campaign-none-open", id))?;
    if !may_write(tx.scope(), &stored.row) {
        return Err(Error::Forbidden);
    }
    let touched = tx
        .change::<campaign::Entity>(|update| {
            update
                .filter(campaign::Column::Id.eq(row.id))
                .filter(
                    campaign::Column::State.is_in([CampaignState::Planned, CampaignState::Sending]),
                )
                .set(campaign::ActiveModel {
                    state: Set(CampaignState::Stopped),
                    stopped_by: Set(Some(tx.scope().actor.name.clone())),
                    stopped_at: Set(Some(now)),
                    ..Default::default()
                })
        })
        .await?;
    if touched == 0 {
        return Err(refusal("campaign-none-open", id));
    }
    sending::silence(tx, row.id, Excluded::Stopped).await?;
    let before = Some(json!({ "state": row.state.name() }));
    note(tx, now, &stored, "campaign stopped", before, None).await
}

async fn note(
    tx: &Tx,
    now: i64,
    stored: &Stored,
    action: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let subject = format!("promotion {}", stored.row.code);
    audit::note(tx, now, action, &subject, None, before, after).await
}
