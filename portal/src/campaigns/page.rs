//! The page of a promotion's campaign: its plan, whom it would tell or tells, whom not and why, and
//! the mail of any of its readers.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, CampaignId, PromotionId, UserId};
use trade::money::{Currency, Money};
use uuid::Uuid;

use super::audience::{self, Candidate, Person};
use super::letter::{Cause, letter};
use super::plan::{self, hindrance, is_changeable, is_open};
use super::report::Counts;
use super::rules::{self, Excluded};
use super::view::{
    AudienceRow, AudienceView, CampaignPage, CampaignView, ExcludedCount, MailPreview, PersonView,
};
use super::when;
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{
    account, campaign, campaign_account, campaign_message, message_setting, user,
};
use crate::db::scope::Reach;
use crate::db::words::{CampaignState, MailChoice, Topic, Wave};
use crate::error::{Error, Refusal, Result};
use crate::jobs::outbox;
use crate::messages::frame::MailFrame;
use crate::messages::settings;
use crate::promotions::audience as reached;
use crate::promotions::life::{Stand, may_write};
use crate::promotions::plan::{self as promotion_plan, Stored};
use crate::suggestions::telling::Fits;
use crate::suggestions::words::Reader;
use crate::web::form::FormState;
use crate::web::page::MailText;
use crate::web::shape::{Message, Paging, Query};

/// Accounts that a forecast looks at, those that ordered last first; on its day all are asked.
const MOST: u64 = 300;
/// Accounts on a page.
const PAGE: u64 = 50;

/// The page; `form` is what was typed, where it was refused.
///
/// # Errors
/// `NotFound`.
pub async fn page(
    tx: &Tx,
    app: &App,
    id: PromotionId,
    mut query: Query,
    form: Option<FormState>,
) -> Result<CampaignPage> {
    let stored = promotion_plan::find(tx, id).await?;
    let settings = settings::load(tx).await?;
    let hindrance = hindrance(app, &stored);
    let row = plan::latest(tx, id).await?;
    let can_plan = may_write(tx.scope(), &stored.row);
    let open = row.as_ref().filter(|row| is_open(row));
    let told = |row: &&campaign::Model| {
        let open = is_open(row) && row.state != CampaignState::Planned;
        open || (row.started_at.is_some() && !is_open(row) && hindrance.is_some())
    };
    let asked = Asked {
        stored: &stored,
        settings: &settings,
        row: row.as_ref(),
    };
    let (audience, paging) = match row.as_ref().filter(told) {
        Some(row) => drawn(tx, &stored, row, &mut query).await?,
        None if hindrance.is_none() => asked.forecast(tx, app, &mut query).await?,
        None => (AudienceView::nobody(), Paging::new(1, 50, 0)),
    };
    let mail = match query.remove("mail").and_then(|user| user.parse().ok()) {
        Some(user) => Some(shown(tx, app, &stored, UserId(user), &mut query).await?),
        None => None,
    };
    let campaign = match &row {
        Some(row) => Some(view(tx, row).await?),
        None => None,
    };
    let validity = &stored.plan.validity;
    Ok(CampaignPage {
        id: id.to_string(),
        name: stored.row.name.clone(),
        code: stored.row.code.clone(),
        stand: Stand::on(stored.row.state, validity, app.today())
            .name()
            .to_owned(),
        hindrance: hindrance.map(str::to_owned),
        campaign,
        can_plan,
        is_open_to_plan: hindrance.is_none() && open.is_none_or(is_changeable),
        form: form.unwrap_or_else(|| asked.form(app, open)),
        morning: clock(settings.morning),
        first_day: Ord::max(validity.from, app.today()).to_string(),
        last_day: validity.last_day().map(|day| day.to_string()),
        cap: settings.promotion_mails_a_week.into(),
        audience,
        mail,
        query,
        paging,
    })
}

/// The mail of one reader, as it would be written now.
///
/// # Errors
/// `NotFound` for a person the caller does not see; refused for one who would get none, with why.
pub async fn preview(
    tx: &Tx,
    app: &App,
    stored: &Stored,
    user: UserId,
    wave: Wave,
) -> Result<(user::Model, MailText)> {
    let id = stored.row.id;
    let reader = tx.get::<user::Entity>(user).await?;
    let account = reader.account_id.ok_or(Error::NotFound)?;
    let account = tx.get::<account::Entity>(account).await?;
    let found = audience::of(tx, app, id, vec![account]).await?;
    let candidate = found.into_iter().next().ok_or(Error::NotFound)?;
    let told = candidate.readers().any(|one| one.user.id == user);
    let Some(fits) = candidate.fits().filter(|_| told) else {
        let of = candidate.people.iter().find(|one| one.user.id == user);
        let because = of.and_then(|one| one.excluded).or(candidate.excluded());
        let because = because.unwrap_or(Excluded::NoUser);
        let happened = Message::new("campaign-no-mail")
            .with("name", reader.name)
            .with(
                "because",
                Message::new(format!("campaign-excluded-{}", because.name())),
            );
        let next = Message::new("campaign-go-on");
        let refusal = Refusal::new("campaign-no-mail", happened);
        return Err(refusal.go_on(next, super::report::path(id)).into());
    };
    let settings = settings::load(tx).await?;
    let cause = Cause {
        promotion: &stored.row,
        last_day: stored.plan.validity.last_day(),
        wave,
        // Its links name no row: whoever looks at it clicks in nobody's name.
        message: Uuid::nil(),
        counts_opens: settings.counts_opens,
    };
    let mail = letter(app, cause, &reader, fits);
    let mut frame = MailFrame::of(app, Some(Topic::Promotions), &reader);
    // What opens the reader's own choices is theirs alone.
    frame.choices_link = frame
        .choices_link
        .map(|_| format!("{}/mail/choices/…", app.base_url));
    let words = outbox::framed(app, &frame, &reader, &mail)?;
    Ok((reader, words))
}

async fn shown(
    tx: &Tx,
    app: &App,
    stored: &Stored,
    user: UserId,
    query: &mut Query,
) -> Result<MailPreview> {
    let is_reminder = query.remove("wave").as_deref() == Some(Wave::Reminder.name());
    let wave = if is_reminder {
        Wave::Reminder
    } else {
        Wave::Announcement
    };
    let (reader, words) = preview(tx, app, stored, user, wave).await?;
    Ok(MailPreview {
        user: reader.id.to_string(),
        name: reader.name,
        email: reader.email,
        subject: words.subject,
        text: words.text,
        is_reminder,
    })
}

/// Whose accounts alone are counted.
fn kam(tx: &Tx) -> Option<UserId> {
    match tx.scope().reach {
        Reach::Portfolio(kam) => Some(kam),
        Reach::Account { .. } | Reach::Brand | Reach::System => None,
    }
}

fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

async fn view(tx: &Tx, row: &campaign::Model) -> Result<CampaignView> {
    let counts = Counts::load(tx, row, kam(tx)).await?;
    let is_drawing = row.state == CampaignState::Planned && row.started_at.is_some();
    Ok(CampaignView {
        state: if is_drawing {
            "drawing"
        } else {
            row.state.name()
        }
        .to_owned(),
        announce_on: row.announce_on.to_string(),
        announce_at: row.announce_minute.map(clock),
        remind_on: row.remind_on.map(|day| day.to_string()),
        holdout_bp: row.holdout_share.into(),
        most: row.most_accounts.map(i64::from),
        created_by: row.created_by.clone(),
        created_at: row.created_at,
        started_at: row.started_at,
        stopped_by: row.stopped_by.clone(),
        stopped_at: row.stopped_at,
        finished_at: row.finished_at,
        told: counts.mailed,
        waiting: counts.waiting,
        skipped: counts.skipped,
        clicked: counts.clicked,
        accounts: counts.accounts,
        ordered: counts.ordered,
        holdout: counts.holdout,
    })
}

/// What a forecast is asked of.
struct Asked<'a> {
    stored: &'a Stored,
    settings: &'a message_setting::Model,
    row: Option<&'a campaign::Model>,
}

impl Asked<'_> {
    /// The form as it stands: the plan that can be changed, else what is customary.
    fn form(&self, app: &App, open: Option<&campaign::Model>) -> FormState {
        let hundredths = |share: i32| {
            let text = format!("{}.{:02}", share / 100, share % 100);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        let Some(row) = open else {
            let tomorrow = app.today().tomorrow().unwrap_or(app.today());
            let on = Ord::max(self.stored.plan.validity.from, tomorrow);
            return FormState::new()
                .value("announce", "morning")
                .value("on", on.to_string())
                .value("holdout", hundredths(self.settings.holdout_share));
        };
        let announce = match row.announce_minute {
            None => "now",
            Some(minute) if minute == self.settings.morning => "morning",
            Some(_) => "minute",
        };
        let mut form = FormState::new()
            .value("announce", announce)
            .value("on", row.announce_on.to_string())
            .value("holdout", hundredths(row.holdout_share));
        if let Some(minute) = row.announce_minute {
            form = form.value("time", clock(minute));
        }
        if let Some(day) = row.remind_on {
            form = form.value("remind_on", day.to_string());
        }
        match row.most_accounts {
            Some(most) => form.value("most", most.to_string()),
            None => form,
        }
    }

    fn when(&self, app: &App) -> rules::When {
        let last = self.stored.plan.validity.last_day();
        match self.row.filter(|row| is_open(row)) {
            Some(row) => when(row, Wave::Announcement, last),
            None => rules::When {
                on: Ord::max(self.stored.plan.validity.from, app.today()),
                minute: Some(self.settings.morning),
                last,
            },
        }
    }

    /// Whom it would tell if it were drawn now.
    async fn forecast(
        &self,
        tx: &Tx,
        app: &App,
        query: &mut Query,
    ) -> Result<(AudienceView, Paging)> {
        let plan = &self.stored.plan;
        let count = reached::of(tx, &plan.reach, plan.currency).await?.count;
        let accounts = reached::lately(tx, &plan.reach, plan.currency, MOST).await?;
        let mut found = audience::of(tx, app, self.stored.row.id, accounts).await?;
        self.cap(tx, app, &mut found).await?;
        let (mut told, left_out): (Vec<Candidate>, Vec<Candidate>) =
            found.into_iter().partition(|one| one.excluded().is_none());
        rules::by_expectation(&mut told, |one| (one.worth(), one.account.id));
        let mut by_reason: BTreeMap<Excluded, i64> = BTreeMap::new();
        for one in left_out.iter().filter_map(Candidate::excluded) {
            *by_reason.entry(one).or_default() += 1;
        }
        let excluded = by_reason.into_iter().map(|(because, count)| ExcludedCount {
            because: because.name().to_owned(),
            count,
        });
        let shows_excluded = query.get("show").is_some_and(|show| show == "excluded");
        let included = i64::try_from(told.len())?;
        let people: usize = told.iter().map(|one| one.readers().count()).sum();
        let shown = if shows_excluded { left_out } else { told };
        let (paging, offset) = Paging::asked(query, PAGE, u64::try_from(shown.len())?)?;
        let rows = shown.iter().enumerate().skip(usize::try_from(offset)?);
        let rows = rows.take(usize::try_from(PAGE)?);
        let mut all = Vec::new();
        for (at, one) in rows {
            all.push(self.row(app, i64::try_from(at + 1)?, one)?);
        }
        let view = AudienceView {
            is_drawn: false,
            shows_excluded,
            reached: i64::try_from(count)?,
            most: (count > MOST).then_some(i64::try_from(MOST)?),
            included,
            people: i64::try_from(people)?,
            excluded: excluded.collect(),
            rows: all,
        };
        Ok((view, paging))
    }

    /// Who had their mails of this week would get none now.
    async fn cap(&self, tx: &Tx, app: &App, found: &mut [Candidate]) -> Result<()> {
        let people = found.iter().flat_map(Candidate::readers);
        let people: Vec<UserId> = people.map(|one| one.user.id).collect();
        let had = audience::had(tx, &people, app.clock.millis()).await?;
        let most = self.settings.promotion_mails_a_week;
        for person in found.iter_mut().flat_map(|one| &mut one.people) {
            let had = had.get(&person.user.id).copied().unwrap_or(0);
            let mailed = person.choice.mail == MailChoice::AtOnce;
            if person.excluded.is_none() && mailed && rules::is_capped(had, most) {
                person.excluded = Some(Excluded::Capped);
            }
        }
        Ok(())
    }

    fn row(&self, app: &App, place: i64, one: &Candidate) -> Result<AudienceRow> {
        let fits = one.fits();
        let mut people = Vec::with_capacity(one.people.len());
        for person in &one.people {
            let told = fits.is_some() && person.excluded.is_none();
            let due = rules::due(
                self.when(app),
                app.clock.millis(),
                &person.zone,
                self.settings,
            )?;
            people.push(PersonView {
                due_at: told.then_some(due),
                has_mail: told,
                ..person_view(person)
            });
        }
        Ok(AudienceRow {
            place,
            expected: fits.and_then(|fits| fits.expected),
            saving: fits.map(Fits::gives),
            // Worded for the retailer, whose mail it stands in; here the planner reads it.
            reason: fits.and_then(|fits| {
                let said = fits.reason.as_ref()?.text.clone();
                Some(said.with("reader", Reader::Staff.name()))
            }),
            excluded: one.excluded().map(|because| because.name().to_owned()),
            people,
            ..account_row(&one.account)
        })
    }
}

fn person_view(person: &Person) -> PersonView {
    PersonView {
        id: person.user.id.to_string(),
        name: person.user.name.clone(),
        has_mail: false,
        due_at: None,
        zone: person.zone.iana_name().unwrap_or("UTC").to_owned(),
        is_daily: person.choice.mail == MailChoice::Daily,
        state: None,
        excluded: person.excluded.map(|because| because.name().to_owned()),
    }
}

fn account_row(account: &account::Model) -> AudienceRow {
    AudienceRow {
        place: 0,
        number: account.number.clone(),
        name: account.name.clone(),
        city: account.city.clone(),
        expected: None,
        saving: None,
        reason: None,
        arm: None,
        excluded: None,
        people: Vec::new(),
    }
}

impl AudienceView {
    fn nobody() -> AudienceView {
        AudienceView {
            is_drawn: false,
            shows_excluded: false,
            reached: 0,
            most: None,
            included: 0,
            people: 0,
            excluded: Vec::new(),
            rows: Vec::new(),
        }
    }
}

/// The accounts that were drawn, of those the caller sees, with what became of each person.
async fn drawn(
    tx: &Tx,
    stored: &Stored,
    row: &campaign::Model,
    query: &mut Query,
) -> Result<(AudienceView, Paging)> {
    use campaign_account::Column as C;
    let total = tx
        .count::<campaign_account::Entity>(|all| all.filter(C::CampaignId.eq(row.id)))
        .await?;
    let people = tx
        .count::<campaign_message::Entity>(|all| {
            all.filter(campaign_message::Column::CampaignId.eq(row.id))
                .filter(campaign_message::Column::Wave.eq(Wave::Announcement))
        })
        .await?;
    let (paging, offset) = Paging::asked(query, PAGE, total)?;
    let places = tx
        .all::<campaign_account::Entity>(|all| {
            all.filter(C::CampaignId.eq(row.id))
                .order_by_asc(C::Place)
                .order_by_asc(C::AccountId)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let mut page = Drawn::load(tx, row.id, &places).await?;
    let rows = places
        .iter()
        .filter_map(|place| page.row(place, stored.row.currency));
    let view = AudienceView {
        is_drawn: true,
        shows_excluded: false,
        reached: i64::try_from(total)?,
        most: None,
        included: i64::try_from(total)?,
        people: i64::try_from(people)?,
        rows: rows.collect(),
        excluded: skipped(tx, row.id).await?,
    };
    Ok((view, paging))
}

async fn skipped(tx: &Tx, id: CampaignId) -> Result<Vec<ExcludedCount>> {
    let kam = kam(tx);
    let own = if kam.is_some() {
        "AND a.kam_id = $2"
    } else {
        ""
    };
    let sql = format!(
        "SELECT m.skipped_because, count(*) FROM campaign_messages m \
         JOIN accounts a ON a.id = m.account_id WHERE m.campaign_id = $1 AND m.state = 'skipped' \
         {own} GROUP BY m.skipped_because ORDER BY m.skipped_because"
    );
    let values = std::iter::once(Value::from(id)).chain(kam.map(Value::from));
    let mut all = Vec::new();
    for row in tx.rows(&sql, values).await? {
        all.push(ExcludedCount {
            because: row.try_get_by_index(0)?,
            count: row.try_get_by_index(1)?,
        });
    }
    Ok(all)
}

/// What a page of drawn accounts names.
struct Drawn {
    accounts: HashMap<AccountId, account::Model>,
    messages: HashMap<AccountId, Vec<campaign_message::Model>>,
    names: HashMap<UserId, String>,
}

impl Drawn {
    async fn load(tx: &Tx, id: CampaignId, places: &[campaign_account::Model]) -> Result<Drawn> {
        let ids: Vec<AccountId> = places.iter().map(|place| place.account_id).collect();
        let ids = padded(&ids);
        let accounts = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(ids.clone())))
            .await?;
        let rows = tx
            .all::<campaign_message::Entity>(|all| {
                all.filter(campaign_message::Column::CampaignId.eq(id))
                    .filter(campaign_message::Column::AccountId.is_in(ids))
                    .order_by_asc(campaign_message::Column::DueAt)
                    .order_by_asc(campaign_message::Column::Id)
            })
            .await?;
        let users: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
        let users = tx
            .all::<user::Entity>(|all| all.filter(user::Column::Id.is_in(padded(&users))))
            .await?;
        let mut messages: HashMap<AccountId, Vec<campaign_message::Model>> = HashMap::new();
        for row in rows {
            messages.entry(row.account_id).or_default().push(row);
        }
        Ok(Drawn {
            accounts: accounts.into_iter().map(|one| (one.id, one)).collect(),
            names: users.into_iter().map(|one| (one.id, one.name)).collect(),
            messages,
        })
    }

    fn row(&mut self, place: &campaign_account::Model, currency: Currency) -> Option<AudienceRow> {
        let account = self.accounts.get(&place.account_id)?;
        let messages = self.messages.remove(&place.account_id).unwrap_or_default();
        let people = messages.into_iter().map(|message| PersonView {
            id: message.user_id.to_string(),
            name: self
                .names
                .get(&message.user_id)
                .cloned()
                .unwrap_or_default(),
            has_mail: message.state != "skipped",
            due_at: Some(message.due_at),
            zone: String::new(),
            is_daily: message.state == "mailed" && message.mail_id.is_none(),
            state: Some(message.state),
            excluded: message.skipped_because,
        });
        let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency));
        Some(AudienceRow {
            place: place.place.into(),
            expected: money(place.expected_minor),
            saving: money(place.saving_minor),
            arm: Some(place.arm.name().to_owned()),
            people: people.collect(),
            ..account_row(account)
        })
    }
}
