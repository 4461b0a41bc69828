//! Telling retailers in their morning that their usual order is due, with the order as it stands
//! ready on their desk: at most once in each of their own rhythms, and nobody who goes without
//! suggestions in a trial.
//!
//! It is looked first, for many accounts at once, whether an account's rhythm has passed at all;
//! only of those the recommender is asked.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::sea_query::{OnConflict, Value};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use trade::money::Money;

use super::choices::{self, Choice};
use super::reorder_view::{UsualLine, UsualOrderDueMail};
use super::rhythm::{self, Rhythm};
use super::{Notice, mornings, settings};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{account, message_setting, reorder_reminder, user};
use crate::db::scope::{Actor, Reach, Scope};
use crate::db::words::{MailChoice, Role, SuggestionList, Surface, Topic, UserStatus};
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::orders::quote::ForWhom;
use crate::suggestions::picks::{self, Pick, Wish};
use crate::suggestions::{self, follow, showings};
use crate::web::shape::Message;

/// Accounts that are looked at together.
const CHUNK: usize = 200;
/// Accounts that are told in one go; the others are in a quarter of an hour.
const MOST_TOLD: usize = 500;
/// Accounts that are looked at in one go.
const MOST_LOOKED_AT: usize = 20_000;
/// Lines of a usual order, as on the order desk.
const MOST_LINES: usize = 40;
/// Items that the mail shows.
const SHOWN: usize = 12;
/// So many of its items are due by their own rhythms, or all where there are fewer.
const LEAST_DUE: usize = 3;

/// Tells those whose day it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.read_system("reorder reminders").await?;
    let settings = settings::load(&tx).await?;
    let mornings = where_it_is_morning(&tx, app, &settings, now).await?;
    drop(tx);
    let (mut looked_at, mut told) = (0, 0);
    for (began_at, places) in mornings {
        while looked_at < MOST_LOOKED_AT && told < MOST_TOLD {
            let tx = app.db.read_system("reorder reminders").await?;
            let accounts = candidates(&tx, began_at, &places).await?;
            let due = due_of(&tx, app, &accounts).await?;
            drop(tx);
            if accounts.is_empty() {
                break;
            }
            looked_at += accounts.len();
            if !due.is_empty() {
                // A worker of its own asks nobody else's model.
                follow::tick(app).await?;
            }
            for (account, rhythm) in due {
                match remind(app, &settings, account, rhythm).await {
                    Ok(true) => told += 1,
                    Ok(false) => {}
                    // One that fails keeps no other waiting.
                    Err(error) => {
                        let error = error.cause();
                        tracing::warn!(account = %account, error, "an account was not reminded");
                    }
                }
            }
            look(app, &accounts, now).await?;
        }
    }
    app.wake.notify_one();
    Ok(())
}

/// Clocks by which a working morning began at the same instant.
#[derive(Debug, Default)]
struct Places {
    zones: Vec<String>,
    countries: Vec<&'static str>,
    /// Countries whose clock is not known go by the brand's.
    others: bool,
}

/// Where it is morning, by the instant it began.
async fn where_it_is_morning(
    tx: &Tx,
    app: &App,
    settings: &message_setting::Model,
    now: i64,
) -> Result<BTreeMap<i64, Places>> {
    let mut mornings: BTreeMap<i64, Places> = BTreeMap::new();
    let began = |zone: &TimeZone| -> Result<Option<i64>> {
        let morning = mornings::working(now, settings.morning, zone)?;
        Ok(morning.map(|morning| morning.began_at))
    };
    for (country, name) in settings::countries() {
        let zone = TimeZone::get(name).unwrap_or_else(|_| app.brand.zone.clone());
        if let Some(at) = began(&zone)? {
            mornings.entry(at).or_default().countries.push(country);
        }
    }
    if let Some(at) = began(&app.brand.zone)? {
        mornings.entry(at).or_default().others = true;
    }
    let sql = "SELECT DISTINCT time_zone FROM users WHERE time_zone IS NOT NULL";
    for row in tx.rows(sql, []).await? {
        let name: String = row.try_get_by_index(0)?;
        let zone = TimeZone::get(&name).unwrap_or_else(|_| app.brand.zone.clone());
        if let Some(at) = began(&zone)? {
            mornings.entry(at).or_default().zones.push(name);
        }
    }
    Ok(mornings)
}

/// Accounts with somebody there who may want to be told, and that nobody looked at this morning.
async fn candidates(tx: &Tx, began_at: i64, places: &Places) -> Result<Vec<AccountId>> {
    let mut values: Vec<Value> = vec![began_at.into(), Topic::Reorder.name().into()];
    let mut any_of = |texts: Vec<&str>| {
        let from = values.len() + 1;
        values.extend(texts.iter().map(|text| Value::from(*text)));
        placeholders(from, texts.len())
    };
    let mut clocks: Vec<String> = Vec::new();
    if !places.zones.is_empty() {
        let zones = any_of(places.zones.iter().map(String::as_str).collect());
        clocks.push(format!("u.time_zone IN ({zones})"));
    }
    if !places.countries.is_empty() {
        let countries = any_of(places.countries.clone());
        clocks.push(format!(
            "u.time_zone IS NULL AND a.country IN ({countries})"
        ));
    }
    if places.others {
        let known = any_of(settings::countries().map(|(country, _)| country).collect());
        clocks.push(format!(
            "u.time_zone IS NULL AND a.country NOT IN ({known})"
        ));
    }
    // Who has chosen nothing has what is custom.
    let by_custom = if reaches(choices::custom(Topic::Reorder)) {
        "c.user_id IS NULL OR"
    } else {
        ""
    };
    let sql = format!(
        "SELECT a.id FROM accounts a LEFT JOIN reorder_reminders r ON r.account_id = a.id \
         WHERE a.status = 'active' AND (r.looked_at IS NULL OR r.looked_at < $1) \
         AND EXISTS (SELECT 1 FROM users u LEFT JOIN notification_choices c \
         ON c.user_id = u.id AND c.topic = $2 \
         WHERE u.account_id = a.id AND u.status = 'active' \
         AND ({by_custom} c.mail <> 'off' OR c.in_app OR c.push) AND (({}))) \
         ORDER BY a.id LIMIT {CHUNK}",
        clocks.join(") OR (")
    );
    let rows = tx.rows(&sql, values).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index(0));
    Ok(ids.collect::<std::result::Result<_, _>>()?)
}

fn reaches(choice: Choice) -> bool {
    choice.mail != MailChoice::Off || choice.in_app || choice.push
}

/// Those of `accounts` whose rhythm has passed, whose order does not wait for a decision, and who
/// were not told since.
async fn due_of(tx: &Tx, app: &App, accounts: &[AccountId]) -> Result<Vec<(AccountId, Rhythm)>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let today = app.today();
    let rhythms = rhythm::of(tx, accounts, today).await?;
    let ids = padded(accounts);
    let sql = format!(
        "SELECT DISTINCT account_id FROM orders WHERE state = 'held' AND account_id IN ({})",
        placeholders(1, ids.len())
    );
    let mut waits: HashSet<AccountId> = HashSet::new();
    for row in tx.rows(&sql, ids.iter().map(|id| (*id).into())).await? {
        waits.insert(row.try_get_by_index(0)?);
    }
    let told = tx
        .all::<reorder_reminder::Entity>(|all| {
            all.filter(reorder_reminder::Column::AccountId.is_in(ids))
        })
        .await?;
    let told: HashMap<AccountId, Date> = told
        .into_iter()
        .filter_map(|row| Some((row.account_id, row.told_on?.0)))
        .collect();
    let is_due = |account: &AccountId| {
        let rhythm = *rhythms.get(account)?;
        let since_told = told
            .get(account)
            .map(|on| suggestions::day(today).0 - suggestions::day(*on).0);
        // An order since begins the rhythm anew.
        let was_told = since_told.is_some_and(|days| days < Ord::min(rhythm.every, rhythm.ago));
        let due = rhythm.is_due() && !was_told && !waits.contains(account);
        due.then_some((*account, rhythm))
    };
    Ok(accounts.iter().filter_map(is_due).collect())
}

/// Notes that accounts were looked at.
async fn look(app: &App, accounts: &[AccountId], now: i64) -> Result<()> {
    let tx = app.db.begin_system("reorder reminders").await?;
    let rows = accounts
        .iter()
        .map(|account| reorder_reminder::ActiveModel {
            account_id: Set(*account),
            looked_at: Set(now),
            told_on: Set(None),
        });
    let known = OnConflict::column(reorder_reminder::Column::AccountId)
        .update_column(reorder_reminder::Column::LookedAt)
        .to_owned();
    tx.put_all(rows, &known).await?;
    tx.commit().await
}

/// Tells an account's people, where there is something to tell.
async fn remind(
    app: &App,
    settings: &message_setting::Model,
    id: AccountId,
    rhythm: Rhythm,
) -> Result<bool> {
    let tx = app.db.read_system("reorder reminders").await?;
    let account = tx.get::<account::Entity>(id).await?;
    let people = people(&tx, app, settings, &account).await?;
    drop(tx);
    let Some((first, _)) = people.first() else {
        return Ok(false);
    };
    let Some(usual) = usual(app, &account, first).await? else {
        return Ok(false);
    };
    let today = app.today();
    let event = format!("reorder/{}/{today}", account.number);
    let count = i64::try_from(usual.picks.len())?;
    let notice = Notice {
        topic: Topic::Reorder,
        event: &event,
        kind: "usual-order-due",
        account: Some(account.id),
        said: Message::new("told-usual-due")
            .with("count", count)
            .with("total", usual.total),
        link: "/".to_owned(),
        follows: None,
    };
    let tx = app.db.begin_system("reorder reminders").await?;
    told(&tx, app, account.id).await?;
    let mut view = mail(app, &account, rhythm, &usual);
    for (person, _) in &people {
        view.name.clone_from(&person.name);
        super::tell(app, &tx, &notice, person, &view).await?;
    }
    tx.commit().await?;
    // The sentence names no item; the mail does.
    let shown = picks::lists(usual.picks.iter().take(SHOWN));
    for (person, choice) in &people {
        if choice.mail == MailChoice::AtOnce {
            let scope = scope_of(&account, person);
            showings::note(app, &scope, account.id, Surface::Mail, &shown).await;
        }
    }
    Ok(true)
}

async fn told(tx: &Tx, app: &App, account: AccountId) -> Result<()> {
    let row = reorder_reminder::ActiveModel {
        account_id: Set(account),
        looked_at: Set(app.clock.millis()),
        told_on: Set(Some(LocalDate(app.today()))),
    };
    let known = OnConflict::column(reorder_reminder::Column::AccountId)
        .update_columns([
            reorder_reminder::Column::LookedAt,
            reorder_reminder::Column::ToldOn,
        ])
        .to_owned();
    tx.put_all([row], &known).await
}

/// Those who order for an account and want to be told, where it is morning for them.
async fn people(
    tx: &Tx,
    app: &App,
    settings: &message_setting::Model,
    account: &account::Model,
) -> Result<Vec<(user::Model, Choice)>> {
    let people = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::AccountId.eq(account.id))
                .filter(user::Column::Status.eq(UserStatus::Active))
                .filter(user::Column::Role.is_in([Role::Buyer, Role::Approver, Role::AccountAdmin]))
        })
        .await?;
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let chosen = choices::of_all(tx, &ids, Topic::Reorder).await?;
    let mut wanting = Vec::new();
    for person in people {
        let choice = chosen.get(&person.id).copied();
        let choice = choice.unwrap_or(choices::custom(Topic::Reorder));
        let zone = settings::zone(app, &person, Some(account));
        let morning = mornings::working(app.clock.millis(), settings.morning, &zone)?;
        if reaches(choice) && morning.is_some() {
            wanting.push((person, choice));
        }
    }
    Ok(wanting)
}

/// The usual order at the account's own prices.
struct Usual {
    picks: Vec<Pick>,
    total: Money,
}

/// As somebody who buys for the account, with what that account sees.
fn scope_of(account: &account::Model, person: &user::Model) -> Scope {
    Scope {
        reach: Reach::Account {
            id: account.id,
            group: account.group_id,
        },
        actor: Actor {
            user_id: Some(person.id),
            name: person.name.clone(),
            role: Some(person.role),
            owner: person.id.0,
        },
        on_behalf_of: None,
    }
}

/// The order; none where too little of it is due, or the account is to go without suggestions.
async fn usual(app: &App, account: &account::Model, person: &user::Model) -> Result<Option<Usual>> {
    let tx = app.db.read(&scope_of(account, person)).await?;
    let asked = suggestions::ask(&tx, app, account.id, MOST_LINES, |model, ask| {
        (model.usual_order(ask), model.due(&ask.limit(200), 0))
    });
    let Some((usual, due)) = asked.await? else {
        return Ok(None);
    };
    let due: Vec<ProductId> = due.iter().map(|one| one.product).collect();
    let customer = ForWhom::load(&tx, app, account.id, None).await?.customer;
    let wish = Wish::new(SuggestionList::Usual, usual, MOST_LINES).due(&due);
    let picks = picks::picks(&tx, app, customer, &[wish]).await?;
    let picks: Vec<Pick> = picks.into_iter().flatten().collect();
    let due = picks.iter().filter(|pick| pick.due).count();
    if picks.is_empty() || due < Ord::min(LEAST_DUE, picks.len()) {
        return Ok(None);
    }
    let total = picks.iter().map(|pick| pick.net.minor);
    let total = Money::new(total.fold(0, i64::saturating_add), customer.currency);
    Ok(Some(Usual { picks, total }))
}

fn mail(app: &App, account: &account::Model, rhythm: Rhythm, usual: &Usual) -> UsualOrderDueMail {
    let line = |pick: &Pick| {
        let rhythm = pick.reasons.iter().find(|reason| reason.kind == "rhythm");
        let reason = rhythm.or(pick.reasons.first());
        UsualLine {
            sku: pick.sku.clone(),
            name: pick.name.clone(),
            quantity: pick.quantity,
            unit: pick.unit,
            unit_price: pick.unit_price,
            currency: pick.currency,
            net: pick.net,
            due: pick.due,
            reason: reason.map(|reason| reason.text.clone()),
        }
    };
    let count = usual.picks.len();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    UsualOrderDueMail {
        brand_name: app.brand.row.name.clone(),
        name: String::new(),
        account_name: account.name.clone(),
        every: rhythm.every.into(),
        ago: rhythm.ago.into(),
        lines: usual.picks.iter().take(SHOWN).map(line).collect(),
        more: number(count.saturating_sub(SHOWN)),
        count: number(count),
        total: usual.total,
        link: format!("{}/", app.base_url),
    }
}
