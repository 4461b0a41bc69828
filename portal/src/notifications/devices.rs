//! The browsers a person lets Kontor wake.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::id::UserId;
use uuid::Uuid;

use super::view::DeviceRow;
use crate::app::App;
use crate::auth::session::Session;
use crate::auth::token;
use crate::db::Tx;
use crate::db::entity::{notification_choice, push_subscription};
use crate::db::scope::Scope;
use crate::db::words::{Role, Topic};
use crate::error::{Error, Result};
use crate::messages::push::Keys;
use crate::messages::{choices, vapid};
use crate::profile::device;
use crate::web::Fields;
use crate::web::form::FormState;

/// So many browsers one person may have woken.
const MOST: u64 = 20;
/// As long as an address may be.
const LONGEST: usize = 1_000;

/// The reader's devices, the newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn list(tx: &Tx) -> Result<Vec<DeviceRow>> {
    let rows = tx
        .all::<push_subscription::Entity>(|all| {
            all.order_by_desc(push_subscription::Column::CreatedAt)
                .order_by_desc(push_subscription::Column::Id)
        })
        .await?;
    let rows = rows.into_iter().map(|row| DeviceRow {
        id: row.id.to_string(),
        mark: token::digest(&row.endpoint),
        name: row.device,
        since: row.created_at,
        last_used_at: row.last_used_at,
    });
    Ok(rows.collect())
}

/// The topics that wake the reader's devices.
///
/// # Errors
/// Whatever the database says.
pub async fn pushed(tx: &Tx, own: &Session) -> Result<Vec<String>> {
    let rows = tx
        .all::<notification_choice::Entity>(|all| {
            all.filter(notification_choice::Column::Push.eq(true))
        })
        .await?;
    let topics = choices::topics(own.role).iter();
    let topics = topics.filter(|topic| rows.iter().any(|row| row.topic == **topic));
    Ok(topics.map(|topic| topic.name().to_owned()).collect())
}

/// What somebody wants who lets a device be woken, unless they have said: what waits for them.
fn wanted(role: Role) -> &'static [Topic] {
    if role.is_retailer() {
        &[Topic::Orders, Topic::Approvals]
    } else {
        &[Topic::Accounts]
    }
}

/// Keeps a browser's subscription; `browser` is what it calls itself.
///
/// # Errors
/// `Invalid` with what is wrong with it, or that there are too many; whatever the database says.
pub async fn add(
    app: &App,
    scope: &Scope,
    own: &Session,
    fields: &Fields,
    browser: &str,
) -> Result<()> {
    let endpoint = fields.text("endpoint");
    check(app, endpoint, fields)?;
    let now = app.clock.millis();
    // A browser that others have used before is now this person's.
    let tx = app.db.begin(&scope.everywhere()).await?;
    let replaced = fields.text("replaces");
    if !replaced.is_empty() {
        drop_endpoint(&tx, own.user_id, replaced).await?;
    }
    let others = tx
        .count::<push_subscription::Entity>(|all| {
            all.filter(push_subscription::Column::UserId.eq(own.user_id))
                .filter(push_subscription::Column::Endpoint.ne(endpoint))
        })
        .await?;
    if others >= MOST {
        let mut form = FormState::new();
        form.refuse_with("endpoint", "device-too-many", "most", i64::try_from(MOST)?);
        return Err(form.into());
    }
    use push_subscription::Column;
    let again = OnConflict::column(Column::Endpoint)
        .update_columns([
            Column::UserId,
            Column::P256dh,
            Column::Auth,
            Column::OurKey,
            Column::Device,
            Column::SessionId,
        ])
        .to_owned();
    let row = push_subscription::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(own.user_id),
        endpoint: Set(endpoint.to_owned()),
        p256dh: Set(fields.text("p256dh").to_owned()),
        auth: Set(fields.text("auth").to_owned()),
        our_key: Set(vapid::Key::of(&app.config.secret)?.public()),
        device: Set(device(browser)),
        session_id: Set(Some(own.id)),
        created_at: Set(now),
        last_used_at: Set(None),
    };
    tx.put_all([row], &again).await?;
    wake_for(&tx, own, now).await?;
    tx.commit().await
}

/// Whoever has not said what may wake them is woken for what waits for them.
async fn wake_for(tx: &Tx, own: &Session, now: i64) -> Result<()> {
    let rows = wanted(own.role).iter().map(|topic| {
        let custom = choices::custom(*topic);
        notification_choice::ActiveModel {
            user_id: Set(own.user_id),
            topic: Set(*topic),
            mail: Set(custom.mail),
            in_app: Set(custom.in_app),
            push: Set(true),
            changed_at: Set(now),
        }
    });
    let chosen = OnConflict::columns([
        notification_choice::Column::UserId,
        notification_choice::Column::Topic,
    ])
    .do_nothing()
    .to_owned();
    tx.put_all(rows, &chosen).await
}

/// A browser names its push service itself, so the address may be anything.
fn check(app: &App, endpoint: &str, fields: &Fields) -> Result<()> {
    let address = app.outgoing.check(endpoint).ok();
    let plain = address
        .is_some_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none());
    let keys = Keys::read(fields.text("p256dh"), fields.text("auth"));
    if plain && endpoint.len() <= LONGEST && keys.is_some() {
        return Ok(());
    }
    let mut form = FormState::new();
    form.refuse_key("endpoint", "device-not-understood");
    Err(form.into())
}

/// Wakes a device no more.
///
/// # Errors
/// `NotFound` where it is not the reader's; whatever the database says.
pub async fn remove(app: &App, scope: &Scope, id: Uuid) -> Result<()> {
    let tx = app.db.begin(scope).await?;
    let gone = tx
        .delete::<push_subscription::Entity>(|rows| {
            rows.filter(push_subscription::Column::Id.eq(id))
        })
        .await?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    tx.commit().await
}

async fn drop_endpoint(tx: &Tx, person: UserId, endpoint: &str) -> Result<()> {
    tx.delete::<push_subscription::Entity>(|rows| {
        rows.filter(push_subscription::Column::Endpoint.eq(endpoint))
            .filter(push_subscription::Column::UserId.eq(person))
    })
    .await?;
    Ok(())
}
