//! A person's own choices: what they are told of, in which ways, and where their morning is.

pub mod view;
pub mod web;

use std::collections::HashMap;

use jiff::tz;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::UserId;

use super::choices::{self, Choice};
use super::settings;
use crate::app::App;
use crate::auth::session::Session;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, notification_choice, user};
use crate::db::scope::Scope;
use crate::db::words::{MailChoice, Topic};
use crate::error::Result;
use crate::web::Fields;
use crate::web::form::FormState;
use view::{ChoicesPage, ColleagueRow, TopicRow, ZoneGroup};

/// The page; `form` where it was sent and refused.
///
/// # Errors
/// Whatever the database says.
pub async fn page(app: &App, own: &Session, form: Option<FormState>) -> Result<ChoicesPage> {
    let tx = app.db.read_system("choices").await?;
    let person = tx.get::<user::Entity>(own.user_id).await?;
    let company = match person.account_id {
        Some(id) => Some(tx.get::<account::Entity>(id).await?),
        None => None,
    };
    let kept = choices::of_person(&tx, person.id).await?;
    let topics = choices::topics(person.role);
    let rows = topics.iter().map(|topic| {
        let kept = kept.get(topic).copied();
        row(*topic, kept.unwrap_or_else(|| choices::custom(*topic)))
    });
    let rows = match &form {
        Some(form) => rows.map(|row| as_typed(row, form)).collect(),
        None => rows.collect(),
    };
    let without_own = user::Model {
        time_zone: None,
        ..person.clone()
    };
    let usual = settings::zone(app, &without_own, company.as_ref());
    let own_zone = person.time_zone.unwrap_or_default();
    Ok(ChoicesPage {
        rows,
        usual_zone: usual.iana_name().unwrap_or("UTC").to_owned(),
        of_company: company.is_some(),
        zones: zones(),
        form: form.unwrap_or_else(|| FormState::new().value("time_zone", own_zone)),
    })
}

fn row(topic: Topic, choice: Choice) -> TopicRow {
    TopicRow {
        topic,
        mail: choice.mail.name().to_owned(),
        in_app: choice.in_app,
        push: choice.push,
    }
}

fn as_typed(row: TopicRow, form: &FormState) -> TopicRow {
    let typed = |way: &str| form.values.get(&format!("{way}-{}", row.topic));
    TopicRow {
        mail: typed("mail").cloned().unwrap_or_default(),
        in_app: typed("in_app").is_some(),
        push: typed("push").is_some(),
        ..row
    }
}

/// The zones of the world by continent, Europe's first: those that are named after a place.
fn zones() -> Vec<ZoneGroup> {
    let mut groups: Vec<ZoneGroup> = Vec::new();
    let names = tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = names.filter(|name| is_place(name)).collect();
    names.sort_by_key(|name| (!name.starts_with("Europe/"), name.clone()));
    for name in names {
        let continent = name.split('/').next().unwrap_or_default();
        match groups.last_mut() {
            Some(group) if group.continent == continent => group.zones.push(name),
            Some(_) | None => groups.push(ZoneGroup {
                continent: continent.to_owned(),
                zones: vec![name],
            }),
        }
    }
    groups
}

fn is_place(name: &str) -> bool {
    let continents = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let continent = name.split_once('/').map(|(continent, _)| continent);
    continent.is_some_and(|continent| continents.contains(&continent))
}

/// What a form says.
struct Chosen {
    topics: Vec<(Topic, Choice)>,
    zone: Option<String>,
}

fn read(own: &Session, fields: &Fields) -> Result<Chosen, FormState> {
    let mut form = fields.form();
    let mut topics = Vec::new();
    for topic in choices::topics(own.role) {
        let field = |way: &str| format!("{way}-{topic}");
        match fields.text(&field("mail")).parse::<MailChoice>() {
            Ok(mail) => {
                let choice = Choice {
                    mail,
                    in_app: fields.has(&field("in_app")),
                    push: fields.has(&field("push")),
                };
                topics.push((*topic, choice));
            }
            Err(_) => form.refuse_key(&field("mail"), "error-choice"),
        }
    }
    let zone = fields.text("time_zone");
    if !zone.is_empty() && (!is_place(zone) || zone.len() > 60 || tz::TimeZone::get(zone).is_err())
    {
        form.refuse_key("time_zone", "error-choice");
    }
    if !form.is_valid() {
        return Err(form);
    }
    Ok(Chosen {
        topics,
        zone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
    })
}

/// Keeps what a person chose; where they left a topic to its custom, nothing is kept of it.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn save(app: &App, scope: &Scope, own: &Session, fields: &Fields) -> Result<()> {
    let chosen = read(own, fields)?;
    let now = app.clock.millis();
    // Staff who act for an account see that account's people; their own row is beyond it.
    let tx = app.db.begin(&scope.everywhere()).await?;
    let kept = choices::of_person(&tx, own.user_id).await?;
    let changed = chosen.topics.into_iter().filter(|(topic, choice)| {
        let kept = kept.get(topic).copied();
        kept.unwrap_or_else(|| choices::custom(*topic)) != *choice
    });
    let rows: Vec<_> = changed
        .map(|(topic, choice)| notification_choice::ActiveModel {
            user_id: Set(own.user_id),
            topic: Set(topic),
            mail: Set(choice.mail),
            in_app: Set(choice.in_app),
            push: Set(choice.push),
            changed_at: Set(now),
        })
        .collect();
    if !rows.is_empty() {
        let known = OnConflict::columns([
            notification_choice::Column::UserId,
            notification_choice::Column::Topic,
        ])
        .update_columns([
            notification_choice::Column::Mail,
            notification_choice::Column::InApp,
            notification_choice::Column::Push,
            notification_choice::Column::ChangedAt,
        ])
        .to_owned();
        tx.put_all(rows, &known).await?;
    }
    tx.update(user::ActiveModel {
        id: Set(own.user_id),
        time_zone: Set(chosen.zone),
        ..Default::default()
    })
    .await?;
    tx.commit().await
}

/// How an account's people are mailed, for its admin to see: topic by topic in the order of
/// [`choices::topics`].
///
/// # Errors
/// Whatever the database says.
pub async fn colleagues(tx: &Tx, people: &[user::Model]) -> Result<Vec<ColleagueRow>> {
    use notification_choice::Column as C;
    let mut chosen: HashMap<(UserId, Topic), MailChoice> = HashMap::new();
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    for chunk in ids.chunks(2_000) {
        let rows = tx
            .all_as_system::<notification_choice::Entity>(|all| {
                all.filter(C::UserId.is_in(padded(chunk)))
            })
            .await?;
        chosen.extend(
            rows.into_iter()
                .map(|row| ((row.user_id, row.topic), row.mail)),
        );
    }
    let rows = people.iter().map(|person| ColleagueRow {
        name: person.name.clone(),
        mails: choices::topics(person.role)
            .iter()
            .map(|topic| {
                let own = chosen.get(&(person.id, *topic)).copied();
                let mail = own.unwrap_or_else(|| choices::custom(*topic).mail);
                (*topic, mail)
            })
            .collect(),
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_places_and_europes_come_first() {
        let zones = zones();
        let first = zones.first().unwrap();
        assert_eq!(first.continent, "Europe");
        assert!(first.zones.iter().any(|zone| zone == "Europe/Berlin"));
        let continents: Vec<&str> = zones.iter().map(|group| group.continent.as_str()).collect();
        let mut once = continents.clone();
        once.dedup();
        assert_eq!(continents, once);
        for name in [
            "UTC",
            "Etc/GMT+5",
            "posix/Europe/Berlin",
            "US/Eastern",
            "EST",
        ] {
            assert!(!is_place(name), "{name}");
        }
    }
}
