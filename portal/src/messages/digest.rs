//! The daily mail: what was told to those who chose one mail a day, in their morning.
//!
//! What waits is mailed whatever its reader chose since, unless they want no mail on its topic any
//! more: who changes from daily to at once loses nothing.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, UserId};

use super::digest_view::DigestMail;
use super::frame::MailFrame;
use super::mornings::{self, Morning};
use super::sections::{MailRow, MailSection};
use super::{choices, settings};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, notification, user};
use crate::db::words::{MailChoice, Topic, UserStatus};
use crate::error::Result;
use crate::jobs::outbox::{self, Letter};
use crate::web::shape::Message;

/// The word for the daily mail in the outbox.
pub const KIND: &str = "digest";
/// Where all that one was told stands.
const ALL: &str = "/notifications";
/// Sentences of a topic that are shown; the rest are counted.
const MOST_OF_TOPIC: usize = 15;
/// More than anybody is told in a day; the rest goes with the next mail.
const MOST: u64 = 1_000;
/// Mails that are written in one go; the others are in a quarter of an hour.
const AT_ONCE: usize = 2_000;

/// Writes the daily mail of those whose morning it is.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn due(app: &App) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.read_system("daily mails").await?;
    let settings = settings::load(&tx).await?;
    let readers = readers(&tx).await?;
    let companies = companies(&tx, &readers).await?;
    drop(tx);
    let mut written = 0;
    for (reader, first) in readers {
        let company = reader.account_id.and_then(|id| companies.get(&id));
        let zone = settings::zone(app, &reader, company);
        let morning = mornings::latest(now, settings.morning, &zone)?;
        // Nothing of it is from before the morning, or it is so late that it waits for the next.
        if first >= morning.began_at || settings::is_quiet(&settings, now, &zone) {
            continue;
        }
        if let Err(error) = write(app, &reader, morning).await {
            // One that fails keeps no other waiting.
            let error = error.cause();
            tracing::warn!(user = %reader.id, error, "a daily mail was not written");
        }
        written += 1;
        if written >= AT_ONCE {
            break;
        }
    }
    app.wake.notify_one();
    Ok(())
}

/// Those for whom something waits, each with when the first of it was told.
async fn readers(tx: &Tx) -> Result<Vec<(user::Model, i64)>> {
    let sql = "SELECT user_id, min(created_at) FROM notifications WHERE digest = 'waiting' \
               GROUP BY user_id ORDER BY min(created_at), user_id";
    let mut first: Vec<(UserId, i64)> = Vec::new();
    for row in tx.rows(sql, []).await? {
        first.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    let mut people = HashMap::new();
    for chunk in first.chunks(1_000) {
        let ids = padded(&chunk.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        let rows = tx
            .all::<user::Entity>(|users| {
                users
                    .filter(user::Column::Id.is_in(ids))
                    .filter(user::Column::Status.eq(UserStatus::Active))
            })
            .await?;
        people.extend(rows.into_iter().map(|user| (user.id, user)));
    }
    let known = first
        .into_iter()
        .filter_map(|(id, at)| Some((people.remove(&id)?, at)));
    Ok(known.collect())
}

async fn companies(
    tx: &Tx,
    readers: &[(user::Model, i64)],
) -> Result<HashMap<AccountId, account::Model>> {
    let mut ids: Vec<AccountId> = readers
        .iter()
        .filter_map(|(reader, _)| reader.account_id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut companies = HashMap::new();
    for chunk in ids.chunks(1_000) {
        let ids = padded(chunk);
        let rows = tx
            .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(ids)))
            .await?;
        companies.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(companies)
}

/// Writes one person's mail, and notes what is in it.
async fn write(app: &App, reader: &user::Model, morning: Morning) -> Result<()> {
    use notification::Column as N;
    let tx = app.db.begin_system("daily mails").await?;
    let waiting = tx
        .all::<notification::Entity>(|all| {
            all.filter(N::UserId.eq(reader.id))
                .filter(N::Digest.eq("waiting"))
                .filter(N::CreatedAt.lt(morning.began_at))
                .order_by_asc(N::CreatedAt)
                .order_by_asc(N::Id)
                .limit(MOST)
        })
        .await?;
    let mut topics: Vec<(Topic, Vec<notification::Model>)> = Vec::new();
    let mut unwanted = Vec::new();
    for topic in Topic::ALL {
        let of_topic = waiting.iter().filter(|row| row.topic == *topic);
        let of_topic: Vec<notification::Model> = of_topic.cloned().collect();
        if of_topic.is_empty() {
            continue;
        }
        let choice = choices::of(&tx, reader, *topic).await?;
        if choice.mail == MailChoice::Off {
            unwanted.extend(of_topic.into_iter().map(|row| row.id));
        } else {
            topics.push((*topic, of_topic));
        }
    }
    mark(&tx, &unwanted, None).await?;
    if !topics.is_empty() {
        let event = format!("digest/{}", morning.date);
        let letter = Letter {
            event: &event,
            kind: KIND,
            account: reader.account_id,
            // What is of one topic alone can be unsubscribed from like any mail of that topic.
            topic: match topics.as_slice() {
                [(topic, _)] => Some(*topic),
                _ => None,
            },
            follows: None,
        };
        let view = mail(app, reader, morning, &topics);
        // One mail a day: what came too late for it waits for the next.
        let words = outbox::framed(app, &MailFrame::daily(app, reader), reader, &view)?;
        let written = outbox::put(app, &tx, letter, reader, words).await?;
        if written.is_some() {
            let told: Vec<_> = topics
                .iter()
                .flat_map(|(_, rows)| rows.iter().map(|row| row.id))
                .collect();
            mark(&tx, &told, Some("mailed")).await?;
        }
    }
    tx.commit().await
}

async fn mark(tx: &Tx, rows: &[uuid::Uuid], digest: Option<&str>) -> Result<()> {
    for chunk in rows.chunks(1_000) {
        let ids = padded(chunk);
        tx.change::<notification::Entity>(|update| {
            update.filter(notification::Column::Id.is_in(ids)).col_expr(
                notification::Column::Digest,
                Expr::value(digest.map(str::to_owned)),
            )
        })
        .await?;
    }
    Ok(())
}

fn mail(
    app: &App,
    reader: &user::Model,
    morning: Morning,
    topics: &[(Topic, Vec<notification::Model>)],
) -> DigestMail {
    let section = |(topic, rows): &(Topic, Vec<notification::Model>)| {
        let said = rows.iter().filter_map(|row| {
            // What another version of the program said may not be known here.
            let text: Message = serde_json::from_value(row.said.clone()).ok()?;
            Some(MailRow {
                text,
                link: Some(format!("{}{}", app.base_url, row.link)),
            })
        });
        let said: Vec<MailRow> = said.collect();
        let total = i64::try_from(said.len()).unwrap_or(i64::MAX);
        MailSection::new(
            Message::new(format!("digest-topic-{}", topic.name().replace('_', "-"))),
            said.into_iter().take(MOST_OF_TOPIC).collect(),
            total,
            Some(format!("{}{ALL}", app.base_url)),
        )
    };
    DigestMail {
        brand_name: app.brand.row.name.clone(),
        name: reader.name.clone(),
        date: morning.date.to_string(),
        sections: topics.iter().map(section).collect(),
        link: format!("{}{ALL}", app.base_url),
    }
}
