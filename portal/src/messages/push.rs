//! Web push: waking a person's browsers (RFC 8030, 8188, 8291, 8292).
//!
//! What is sent is the sentence of the list, the brand's name and where it leads, readable by the
//! browser alone. Each device is work of its own: one whose push service is away is tried again
//! without waking the others twice.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::{ColumnTrait, QueryFilter, Set};
use sha2::Sha256;
use trade::id::UserId;
use uuid::Uuid;
use web_push_native::{Auth, p256::PublicKey};

use super::vapid::Key;
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{notification, push_subscription, user};
use crate::db::words::{Topic, UserStatus};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::jobs::worker::Outcome;
use crate::notifications::sentence;
use crate::outgoing::OutgoingError;
use crate::web::locale::Lang;

/// So much of a sentence is sent: a push service takes four kilobytes in all.
const MOST_CHARS: usize = 600;
/// A push service that asks for more seconds than that is asked again all the same.
const LONGEST_PAUSE: i64 = 6 * 3_600;
/// How exactly it is kept when a device was last woken.
const USED_MILLIS: i64 = 3_600_000;

/// What a browser gave to encrypt for it.
pub struct Keys {
    public: PublicKey,
    auth: Auth,
}

impl Keys {
    /// The keys as a browser spells them; none where they are no such keys.
    #[must_use]
    pub fn read(p256dh: &str, auth: &str) -> Option<Keys> {
        let public = URL_SAFE_NO_PAD.decode(p256dh.trim_end_matches('=')).ok()?;
        let auth = URL_SAFE_NO_PAD.decode(auth.trim_end_matches('=')).ok()?;
        let auth: [u8; 16] = auth.try_into().ok()?;
        Some(Keys {
            public: PublicKey::from_sec1_bytes(&public).ok()?,
            auth: auth.into(),
        })
    }
}

/// Leaves the work of waking each of a person's devices.
///
/// # Errors
/// Whatever the database says.
pub async fn leave(tx: &Tx, now: i64, notification: Uuid, person: UserId) -> Result<()> {
    let devices = tx
        .all_as_system::<push_subscription::Entity>(|all| {
            all.filter(push_subscription::Column::UserId.eq(person))
        })
        .await?;
    let jobs: Vec<Job> = devices
        .into_iter()
        .map(|device| Job::Push {
            notification,
            device: device.id,
        })
        .collect();
    tx.enqueue_all(now, &jobs).await
}

/// For how many seconds a push service keeps it for a device that is switched off, and how much
/// it matters to a battery that runs low.
fn manner(topic: Topic) -> (i64, &'static str) {
    match topic {
        Topic::Approvals | Topic::Accounts => (3 * 86_400, "high"),
        Topic::Orders | Topic::BackInStock | Topic::Invoices | Topic::Claims => {
            (2 * 86_400, "normal")
        }
        Topic::Promotions | Topic::Reorder | Topic::Morning => (12 * 3_600, "low"),
    }
}

/// What is to be sent, and where.
struct Push {
    notice: notification::Model,
    person: user::Model,
    device: push_subscription::Model,
}

/// Wakes one of the browsers of whoever a notification is for.
///
/// # Errors
/// What may pass by itself: the push service is away, or asks to try later.
pub async fn send(app: &App, notification: Uuid, device: Uuid) -> Result<Outcome> {
    let now = app.clock.millis();
    let Some(push) = load(app, notification, device, now).await? else {
        return Ok(Outcome::Done);
    };
    let key = Key::of(&app.config.secret)?;
    if push.device.our_key != key.public() {
        return forget(app, device, "it knows Kontor by another key").await;
    }
    let Some(keys) = Keys::read(&push.device.p256dh, &push.device.auth) else {
        return forget(app, device, "its keys are none").await;
    };
    let text = payload(app, &push);
    let body = web_push_native::encrypt(text, &keys.public, &keys.auth)
        .map_err(|error| Error::Internal(anyhow::anyhow!("web push: {error}")))?;
    let endpoint = &push.device.endpoint;
    let headers = match headers(app, &push, &key, now) {
        Some(headers) => headers,
        None => return forget(app, device, "its address is none").await,
    };
    let answer = match app.outgoing.post(endpoint, &headers, body).await {
        Ok(answer) => answer,
        Err(OutgoingError::Forbidden(why)) => return forget(app, device, &why.to_string()).await,
        Err(OutgoingError::Unreachable(why)) => return Err(Error::Busy(why)),
    };
    match answer.status {
        200..=299 => {
            used(app, &push.device, now).await?;
            Ok(Outcome::Done)
        }
        // The browser has taken its consent back, or is gone.
        404 | 410 => forget(app, device, "the browser is gone").await,
        status @ (408 | 429 | 500..=599) => {
            let why = format!("the push service answered {status}");
            match answer.retry_after {
                // It says itself when; that it is busy for many is no failure of this one.
                Some(seconds) => {
                    let pause = i64::try_from(seconds).unwrap_or(LONGEST_PAUSE);
                    let run_at = now + pause.clamp(1, LONGEST_PAUSE) * 1_000;
                    Ok(Outcome::Later { run_at, why })
                }
                None => Err(Error::Busy(why)),
            }
        }
        status => {
            let said: String = answer.body.chars().take(200).collect();
            Ok(Outcome::Hopeless(format!(
                "the push service answered {status}: {said}"
            )))
        }
    }
}

/// None where it is no news any more: read, too old, the device or its person gone.
async fn load(app: &App, notification: Uuid, device: Uuid, now: i64) -> Result<Option<Push>> {
    let tx = app.db.read_system("push").await?;
    let notice = tx
        .one::<notification::Entity>(|all| all.filter(notification::Column::Id.eq(notification)))
        .await?;
    let device = tx
        .one::<push_subscription::Entity>(|all| {
            all.filter(push_subscription::Column::Id.eq(device))
        })
        .await?;
    let (Some(notice), Some(device)) = (notice, device) else {
        return Ok(None);
    };
    let (kept, _) = manner(notice.topic);
    let is_news = notice.read_at.is_none() && now - notice.created_at < kept * 1_000;
    // Somebody else uses the browser by now.
    if !is_news || device.user_id != notice.user_id {
        return Ok(None);
    }
    let person = tx.get::<user::Entity>(notice.user_id).await?;
    Ok((person.status == UserStatus::Active).then_some(Push {
        notice,
        person,
        device,
    }))
}

fn payload(app: &App, push: &Push) -> Vec<u8> {
    let lang = Lang::parse(&push.person.locale).unwrap_or_default();
    let said = app
        .templates
        .words()
        .message(lang, &sentence(push.notice.said.clone()));
    let mut short: String = said.chars().take(MOST_CHARS).collect();
    if short.len() < said.len() {
        short.push('…');
    }
    let payload = serde_json::json!({
        "id": push.notice.id,
        "title": app.brand.row.name,
        "said": short,
        "lang": lang,
        "link": push.notice.link,
        "tag": thread(&app.config.secret, push),
    });
    payload.to_string().into_bytes()
}

/// What has the same word replaces what waits for a device or is shown on it: of an order, the
/// last news. The push service learns nothing from the word.
fn thread(secret: &str, push: &Push) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(b"kontor push thread\0");
    mac.update(push.person.id.0.as_bytes());
    mac.update(push.notice.link.as_bytes());
    let code = mac.finalize().into_bytes();
    // A topic has 32 characters at most.
    let mut word = URL_SAFE_NO_PAD.encode(code);
    word.truncate(32);
    word
}

fn headers(app: &App, push: &Push, key: &Key, now: i64) -> Option<Vec<(&'static str, String)>> {
    let url = app.outgoing.check(&push.device.endpoint).ok()?;
    let (kept, urgency) = manner(push.notice.topic);
    let left = kept - (now - push.notice.created_at) / 1_000;
    let origin = url.origin().ascii_serialization();
    let word = key.authorization(&origin, &app.brand.row.email, now);
    Some(vec![
        ("authorization", word),
        ("content-encoding", "aes128gcm".to_owned()),
        ("content-type", "application/octet-stream".to_owned()),
        ("ttl", left.to_string()),
        ("urgency", urgency.to_owned()),
        ("topic", thread(&app.config.secret, push)),
    ])
}

async fn forget(app: &App, device: Uuid, why: &str) -> Result<Outcome> {
    tracing::info!(%device, why, "a device is woken no more");
    let tx = app.db.begin_system("push").await?;
    tx.delete::<push_subscription::Entity>(|rows| {
        rows.filter(push_subscription::Column::Id.eq(device))
    })
    .await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

async fn used(app: &App, device: &push_subscription::Model, now: i64) -> Result<()> {
    if device.last_used_at.is_some_and(|at| now - at < USED_MILLIS) {
        return Ok(());
    }
    let tx = app.db.begin_system("push").await?;
    tx.change::<push_subscription::Entity>(|update| {
        update
            .filter(push_subscription::Column::Id.eq(device.id))
            .set(push_subscription::ActiveModel {
                last_used_at: Set(Some(now)),
                ..Default::default()
            })
    })
    .await?;
    tx.commit().await
}
