//! The list: what a person was told, newest first, and what they have read of it.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::view::{DayOfNotices, NoticeRow, NotificationsPage};
use super::{devices, sentence};
use crate::app::App;
use crate::auth::session::Session;
use crate::clock::zoned;
use crate::db::Tx;
use crate::db::entity::{account, notification, user};
use crate::db::scope::Scope;
use crate::db::words::Topic;
use crate::error::{Error, Result};
use crate::messages::{choices, settings, vapid};
use crate::web::shape::{Choice, Paging, Query};

const PER_PAGE: u64 = 30;

/// The page that `query` asks for.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    app: &App,
    scope: &Scope,
    own: &Session,
    mut query: Query,
) -> Result<NotificationsPage> {
    let tx = app.db.read(scope).await?;
    let offered = choices::topics(own.role);
    let topic = query.get("topic").and_then(|word| topic_of(word, offered));
    if topic.is_none() {
        query.remove("topic");
    }
    let unread_only = query.get("show").is_some_and(|show| show == "unread");
    let chosen = |all: sea_orm::Select<notification::Entity>| {
        let all = listed(all, topic);
        if unread_only {
            all.filter(notification::Column::ReadAt.is_null())
        } else {
            all
        }
    };
    let total = tx.count::<notification::Entity>(chosen).await?;
    let (paging, offset) = Paging::asked(&mut query, PER_PAGE, total)?;
    let rows = tx
        .all::<notification::Entity>(|all| {
            chosen(all)
                .order_by_desc(notification::Column::CreatedAt)
                .order_by_desc(notification::Column::Id)
                .offset(offset)
                .limit(PER_PAGE)
        })
        .await?;
    let zone = own_zone(app, own).await?;
    let until = rows.iter().map(|row| row.created_at).max();
    Ok(NotificationsPage {
        any_unread: own.unread > 0,
        until: until.unwrap_or_default(),
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        today: app.clock.today(&zone).to_string(),
        days: by_day(rows, &zone),
        topics: offered
            .iter()
            .map(|one| Choice::new(one.name(), "", Some(*one) == topic))
            .collect(),
        topic: topic.map(|topic| topic.name().to_owned()),
        unread_only,
        query,
        paging,
        key: vapid::Key::of(&app.config.secret)?.public(),
        devices: devices::list(&tx).await?,
        pushed: devices::pushed(&tx, own).await?,
    })
}

/// The clock the reader goes by.
async fn own_zone(app: &App, own: &Session) -> Result<jiff::tz::TimeZone> {
    // Staff who act for an account see that account's people; their own row is beyond it.
    let tx = app.db.read_system("notifications").await?;
    let person = tx.get::<user::Entity>(own.user_id).await?;
    let company = match person.account_id {
        Some(id) => Some(tx.get::<account::Entity>(id).await?),
        None => None,
    };
    Ok(settings::zone(app, &person, company.as_ref()))
}

fn topic_of(word: &str, offered: &[Topic]) -> Option<Topic> {
    offered.iter().copied().find(|topic| topic.name() == word)
}

/// What stands in the list: what was for the daily mail or a device alone does not.
fn listed(
    all: sea_orm::Select<notification::Entity>,
    topic: Option<Topic>,
) -> sea_orm::Select<notification::Entity> {
    let all = all.filter(notification::Column::InApp.eq(true));
    match topic {
        Some(topic) => all.filter(notification::Column::Topic.eq(topic)),
        None => all,
    }
}

fn by_day(rows: Vec<notification::Model>, zone: &jiff::tz::TimeZone) -> Vec<DayOfNotices> {
    let mut days: Vec<DayOfNotices> = Vec::new();
    for row in rows {
        let day = zoned(row.created_at, zone).date().to_string();
        let notice = NoticeRow {
            id: row.id.to_string(),
            topic: row.topic.name().to_owned(),
            said: sentence(row.said),
            at: row.created_at,
            unread: row.read_at.is_none(),
        };
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.rows.push(notice),
            None => days.push(DayOfNotices {
                day,
                rows: vec![notice],
            }),
        }
    }
    days
}

/// Notes that a notification was read; says where it leads.
///
/// # Errors
/// `NotFound` where it is not the reader's; whatever the database says.
pub async fn open(app: &App, scope: &Scope, own: &Session, id: Uuid) -> Result<String> {
    let tx = app.db.begin(scope).await?;
    let row = tx.get::<notification::Entity>(id).await?;
    if row.read_at.is_none() {
        read(&tx, app.clock.millis(), |update| {
            update.filter(notification::Column::Id.eq(id))
        })
        .await?;
        tx.commit().await?;
        app.bell.count_again(own.user_id);
    }
    Ok(row.link)
}

/// Notes that everything was read that was told until then: what came while the reader looked is
/// still news.
///
/// # Errors
/// Whatever the database says.
pub async fn read_all(
    app: &App,
    scope: &Scope,
    own: &Session,
    until: i64,
    topic: &str,
) -> Result<()> {
    let topic = match topic {
        "" => None,
        word => Some(topic_of(word, choices::topics(own.role)).ok_or(Error::NotFound)?),
    };
    let tx = app.db.begin(scope).await?;
    read(&tx, app.clock.millis(), |update| {
        let update = update.filter(notification::Column::CreatedAt.lte(until));
        match topic {
            Some(topic) => update.filter(notification::Column::Topic.eq(topic)),
            None => update,
        }
    })
    .await?;
    tx.commit().await?;
    app.bell.count_again(own.user_id);
    Ok(())
}

async fn read(
    tx: &Tx,
    now: i64,
    which: impl FnOnce(
        sea_orm::UpdateMany<notification::Entity>,
    ) -> sea_orm::UpdateMany<notification::Entity>,
) -> Result<u64> {
    tx.change::<notification::Entity>(|update| {
        which(update)
            .filter(notification::Column::ReadAt.is_null())
            .col_expr(notification::Column::ReadAt, now.into())
    })
    .await
}
