//! The morning of the brand's people: what needs each of them, and what came in since the last
//! working morning; in their own morning, on working days, and only where there is something to
//! say. What is gathered stands in `morning_news`.

use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::digest_view::MorningMail;
use super::morning_news::{self, News, Since};
use super::mornings::{self, Morning};
use super::once::Mark;
use super::{Notice, choices, once, settings};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::user;
use crate::db::scope::{Actor, Reach, Scope};
use crate::db::words::{MailChoice, Role, Topic, UserStatus};
use crate::error::Result;
use crate::web::shape::Message;

/// Where their work is.
const DESK: &str = "/kam";

/// Writes to those whose morning it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.read_system("mornings").await?;
    let minute = settings::load(&tx).await?.morning;
    let staff = tx
        .all::<user::Entity>(|users| {
            users
                .filter(user::Column::Status.eq(UserStatus::Active))
                .filter(user::Column::Role.is_in([
                    Role::Kam,
                    Role::Marketing,
                    Role::Finance,
                    Role::Operations,
                    Role::Admin,
                ]))
                .order_by_asc(user::Column::Id)
        })
        .await?;
    let mut readers = Vec::new();
    for person in staff {
        let zone = settings::zone(app, &person, None);
        if let Some(morning) = mornings::working(now, minute, &zone)? {
            readers.push((person, zone, morning));
        }
    }
    let readers = wanting(&tx, readers).await?;
    drop(tx);
    for (person, zone, morning) in readers {
        let since = mornings::before(morning, minute, &zone)?;
        let since = Since {
            morning,
            last: since,
            zone,
        };
        if let Err(error) = write(app, &person, &since).await {
            // One that fails keeps no other waiting.
            let error = error.cause();
            tracing::warn!(user = %person.id, error, "somebody's morning was not written");
        }
    }
    app.wake.notify_one();
    Ok(())
}

type Reader = (user::Model, TimeZone, Morning);

/// Those who want it and have not had this morning's.
async fn wanting(tx: &Tx, readers: Vec<Reader>) -> Result<Vec<Reader>> {
    let ids: Vec<_> = readers.iter().map(|(person, ..)| person.id).collect();
    let chosen = choices::of_all(tx, &ids, Topic::Morning).await?;
    let marks: Vec<Mark> = readers.iter().map(mark).collect();
    let taken = once::taken(tx, &marks).await?;
    let wants = |person: &user::Model| {
        let choice = chosen.get(&person.id).copied();
        let choice = choice.unwrap_or(choices::custom(Topic::Morning));
        choice.mail != MailChoice::Off || choice.in_app || choice.push
    };
    let left = readers
        .into_iter()
        .zip(marks)
        .filter(|((person, ..), mark)| wants(person) && !taken.contains(mark));
    Ok(left.map(|(reader, _)| reader).collect())
}

fn mark((person, _, morning): &Reader) -> Mark {
    (format!("morning/{}", person.id), morning.began_at)
}

async fn write(app: &App, person: &user::Model, since: &Since) -> Result<()> {
    let tx = app.db.read(&scope_of(person)).await?;
    let news = morning_news::gather(&tx, app, since).await?;
    drop(tx);
    let tx = app.db.begin_system("mornings").await?;
    let mark = (format!("morning/{}", person.id), since.morning.began_at);
    if !once::take(&tx, app.clock.millis(), &mark).await? {
        return Ok(());
    }
    // Noted also where there is nothing to say: what comes later in the day is no morning's news.
    if !news.sections.is_empty() {
        tell(app, &tx, person, since, news).await?;
    }
    tx.commit().await
}

async fn tell(app: &App, tx: &Tx, person: &user::Model, since: &Since, news: News) -> Result<()> {
    let date = since.morning.date.to_string();
    let event = format!("morning/{date}");
    let notice = Notice {
        topic: Topic::Morning,
        event: &event,
        kind: "morning",
        account: None,
        said: Message::new("told-night-brought").with("count", news.decisions),
        link: DESK.to_owned(),
        follows: None,
    };
    let view = MorningMail {
        brand_name: app.brand.row.name.clone(),
        name: person.name.clone(),
        date,
        sections: news.sections,
        link: format!("{}{DESK}", app.base_url),
    };
    super::tell(app, tx, &notice, person, &view).await
}

/// What the person sees when they are signed in.
fn scope_of(person: &user::Model) -> Scope {
    Scope {
        reach: match person.role {
            Role::Marketing | Role::Finance | Role::Operations | Role::Admin => Reach::Brand,
            // A retailer's people look after no accounts, and are not asked for.
            Role::Kam | Role::Buyer | Role::Approver | Role::AccountAdmin => {
                Reach::Portfolio(person.id)
            }
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
