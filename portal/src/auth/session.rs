//! Sessions: rows in the database, so that one ends everywhere on the next request.
//!
//! The cookie holds a random token, the row its digest. A session is made anew at every sign-in,
//! and all others of the user end when the password changes.

use sea_orm::{ColumnTrait, Condition, QueryFilter, Set};
use trade::id::{AccountGroupId, AccountId, UserId};
use trade::money::Currency;
use uuid::Uuid;

use super::token::{self, FormSecret};
use crate::app::App;
use crate::db::entity::{push_subscription, session};
use crate::db::words::{Role, UserStatus};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::web::locale::Lang;
use crate::web::page::Theme;

/// How long a session lasts without being used: two weeks, in milliseconds.
pub const IDLE_MILLIS: i64 = 14 * 24 * 3_600_000;
/// How long staff act for an account before they have to say so again: two hours.
pub const ACTING_MILLIS: i64 = 2 * 3_600_000;
/// After so long without a request the next one begins another visit: half an hour.
const PAUSE_MILLIS: i64 = 30 * 60_000;
/// How exactly "last seen" is kept; writing it on each request would cost a write a page.
const SEEN_MILLIS: i64 = 5 * 60_000;

/// The account a session's pages are about.
#[derive(Debug, Clone)]
pub struct AccountHead {
    /// Its id.
    pub id: AccountId,
    /// Its number, for people.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its group.
    pub group: Option<AccountGroupId>,
    /// The currency it is priced in.
    pub currency: Currency,
    /// ISO country of its bill-to address.
    pub country: String,
    /// Whether it has a VAT-id.
    pub has_vat_id: bool,
    /// Blocked accounts may look but not order.
    pub blocked: bool,
    /// Lines in its open cart.
    pub cart_lines: i64,
}

/// Who is signed in on this request.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session's own id, by which its user lists and revokes it.
    pub id: Uuid,
    /// The user.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// Their language.
    pub lang: Lang,
    /// Their choice of colours.
    pub theme: Theme,
    /// What their forms carry.
    pub secret: FormSecret,
    /// A retailer's own account, or the one staff act for.
    pub account: Option<AccountHead>,
    /// Whether staff act for the account.
    pub acting: bool,
    /// When this visit began: the first request after half an hour without one. None where it began
    /// before that was kept.
    pub visit_started_at: Option<i64>,
    /// Approvals that wait for this person; of a buyer, their own orders that wait for others.
    pub approvals: i64,
    /// What they were told in Kontor and have not read, counted as far as
    /// [`crate::notifications::MANY`].
    pub unread: i64,
}

/// A session just made: what goes into the cookie.
#[derive(Debug)]
pub struct NewSession {
    /// The cookie's value.
    pub token: String,
    /// The session's id.
    pub id: Uuid,
}

/// Begins a session; the caller has checked the password.
///
/// # Errors
/// No randomness, or whatever the database says.
pub async fn begin(tx: &Tx, user: UserId, user_agent: &str, now: i64) -> Result<NewSession> {
    let token = token::random()?;
    let id = Uuid::now_v7();
    tx.insert(session::ActiveModel {
        id: Set(id),
        token_hash: Set(token::digest(&token)),
        user_id: Set(user),
        csrf_secret: Set(FormSecret::random()?.to_stored()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + IDLE_MILLIS),
        user_agent: Set(user_agent.chars().take(200).collect()),
        acting_for: Set(None),
        acting_until: Set(None),
        visit_started_at: Set(now),
    })
    .await?;
    Ok(NewSession { token, id })
}

/// Ends one session, and with it the waking of the browser it was in.
///
/// # Errors
/// Whatever the database says.
pub async fn end(tx: &Tx, user: UserId, id: Uuid) -> Result<u64> {
    tx.delete::<push_subscription::Entity>(|delete| {
        delete
            .filter(push_subscription::Column::UserId.eq(user))
            .filter(push_subscription::Column::SessionId.eq(id))
    })
    .await?;
    tx.delete::<session::Entity>(|delete| {
        delete
            .filter(session::Column::Id.eq(id))
            .filter(session::Column::UserId.eq(user))
    })
    .await
}

/// Ends every session of a user but `keep`, and the waking of their browsers; says how many.
///
/// # Errors
/// Whatever the database says.
pub async fn end_others(tx: &Tx, user: UserId, keep: Option<Uuid>) -> Result<u64> {
    tx.delete::<push_subscription::Entity>(|delete| {
        let delete = delete.filter(push_subscription::Column::UserId.eq(user));
        match keep {
            Some(id) => delete.filter(
                Condition::any()
                    .add(push_subscription::Column::SessionId.is_null())
                    .add(push_subscription::Column::SessionId.ne(id)),
            ),
            None => delete,
        }
    })
    .await?;
    tx.delete::<session::Entity>(|delete| {
        let delete = delete.filter(session::Column::UserId.eq(user));
        match keep {
            Some(id) => delete.filter(session::Column::Id.ne(id)),
            None => delete,
        }
    })
    .await
}

/// The session of a cookie's token: none where it is unknown, has expired, or its user may no
/// longer sign in. One query a request.
///
/// # Errors
/// Whatever the database says.
pub async fn find(app: &App, token: &str) -> Result<Option<Session>> {
    let now = app.clock.millis();
    let tx = app.db.read_system("session").await?;
    let rows = tx
        .rows(FIND, [token::digest(token).into(), now.into()])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let role: Role = row.try_get("", "role")?;
    let account: Option<AccountId> = row.try_get("", "account_id")?;
    let account = match account {
        Some(id) => Some(AccountHead {
            id,
            number: row.try_get("", "number")?,
            name: row.try_get("", "account_name")?,
            group: row.try_get("", "group_id")?,
            currency: row.try_get("", "currency")?,
            country: row.try_get("", "country")?,
            has_vat_id: row.try_get::<Option<String>>("", "vat_id")?.is_some(),
            blocked: row.try_get::<String>("", "account_status")? == "blocked",
            cart_lines: row.try_get("", "cart_lines")?,
        }),
        None => None,
    };
    let stored: String = row.try_get("", "csrf_secret")?;
    let locale: String = row.try_get("", "locale")?;
    let theme: String = row.try_get("", "theme")?;
    let seen: i64 = row.try_get("", "last_seen_at")?;
    let comes_back = now - seen > PAUSE_MILLIS;
    let visit: i64 = row.try_get("", "visit_started_at")?;
    let session = Session {
        id: row.try_get("", "id")?,
        user_id: row.try_get("", "user_id")?,
        name: row.try_get("", "name")?,
        email: row.try_get("", "email")?,
        role,
        lang: Lang::parse(&locale).unwrap_or_default(),
        theme: Theme::parse(&theme).unwrap_or_default(),
        secret: FormSecret::from_stored(&stored)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a session without its secret")))?,
        acting: account.is_some() && !role.is_retailer(),
        visit_started_at: Some(if comes_back { now } else { visit }).filter(|at| *at > 0),
        approvals: row.try_get("", "approvals")?,
        unread: row.try_get("", "unread")?,
        account,
    };
    drop(tx);
    if now - seen > SEEN_MILLIS {
        touch(&app.db, session.id, now, comes_back).await?;
    }
    Ok(Some(session))
}

const FIND: &str = "SELECT s.id, s.csrf_secret, s.last_seen_at, s.visit_started_at, u.id AS user_id, u.name, u.email, \
    u.role, u.locale, u.theme, a.id AS account_id, a.number, a.name AS account_name, a.group_id, \
    a.currency, a.country, a.vat_id, a.status AS account_status, \
    (SELECT count(*) FROM cart_lines l JOIN carts c ON c.id = l.cart_id \
     WHERE c.account_id = a.id AND c.state = 'open') AS cart_lines, \
    (SELECT count(*) FROM holds h WHERE h.account_id = u.account_id AND h.state = 'open' \
     AND h.kind = 'approval' AND CASE WHEN u.role = 'buyer' THEN h.requested_by_id = u.id \
     ELSE coalesce(h.requested_by_id <> u.id, TRUE) AND coalesce(h.approver_id = u.id, TRUE) END) \
    AS approvals, \
    (SELECT count(*) FROM (SELECT 1 FROM notifications n WHERE n.user_id = u.id AND n.in_app \
     AND n.read_at IS NULL LIMIT 100) few) AS unread \
    FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN accounts a ON a.id = coalesce(u.account_id, \
        CASE WHEN s.acting_until > $2 THEN s.acting_for END) \
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.status = 'active'";

async fn touch(db: &Db, id: Uuid, now: i64, comes_back: bool) -> Result<()> {
    let tx = db.begin_system("session").await?;
    tx.change::<session::Entity>(|update| {
        let update = update
            .filter(session::Column::Id.eq(id))
            .col_expr(session::Column::LastSeenAt, now.into())
            .col_expr(session::Column::ExpiresAt, (now + IDLE_MILLIS).into());
        if comes_back {
            update.col_expr(session::Column::VisitStartedAt, now.into())
        } else {
            update
        }
    })
    .await?;
    tx.commit().await
}

/// Whether a user in that status may sign in.
#[must_use]
pub fn may_sign_in(status: UserStatus) -> bool {
    match status {
        UserStatus::Active => true,
        UserStatus::Invited | UserStatus::Disabled => false,
    }
}
