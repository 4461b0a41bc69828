//! Addresses that are written to no more: because mail to them came back, because their reader
//! called it unwanted, or because somebody of the brand says so.

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, Value};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::auth::links::looks_like_email;
use crate::catalogue::padded;
use crate::db::entity::{mail_bounce, mail_suppression};
use crate::db::words::{BounceKind, SuppressedBecause};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};
use crate::orders::list::contains;
use crate::web::form::FormState;

/// An address, and why nothing is sent to it any more.
#[derive(Debug, Clone, Copy)]
pub struct Dead<'a> {
    /// In lower case.
    pub email: &'a str,
    pub reason: SuppressedBecause,
    /// What the mail server, or whoever added it, said.
    pub detail: &'a str,
    /// The mail that came back.
    pub mail_id: Option<Uuid>,
}

/// Ends mail to an address; says whether that is new.
///
/// # Errors
/// Whatever the database says.
pub async fn suppress(tx: &Tx, app: &App, dead: &Dead<'_>) -> Result<bool> {
    let now = app.clock.millis();
    let by = tx.scope().actor.name.clone();
    let written = tx
        .execute(
            "INSERT INTO mail_suppressions (email, reason, detail, mail_id, since, by_name) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING",
            [
                dead.email.into(),
                dead.reason.name().into(),
                dead.detail.into(),
                dead.mail_id.into(),
                now.into(),
                by.into(),
            ],
        )
        .await?;
    if written == 0 {
        return Ok(false);
    }
    let after = json!({"reason": dead.reason, "detail": dead.detail});
    audit::note(
        tx,
        now,
        "mail suppressed",
        dead.email,
        None,
        None,
        Some(after),
    )
    .await?;
    Ok(true)
}

/// Ends mail to an address by hand.
///
/// # Errors
/// `Invalid` at `email` for what is no address, or one that is on the list.
pub async fn add(tx: &Tx, app: &App, email: &str, detail: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let typed = || {
        FormState::new()
            .value("email", email.clone())
            .value("detail", detail)
    };
    if !looks_like_email(&email) {
        let mut form = typed();
        form.refuse_key("email", "error-email");
        return Err(Error::from(form));
    }
    let detail: String = detail.chars().take(200).collect();
    let dead = Dead {
        email: &email,
        reason: SuppressedBecause::ByHand,
        detail: &detail,
        mail_id: None,
    };
    if !suppress(tx, app, &dead).await? {
        let mut form = typed();
        form.refuse_key("email", "suppression-known");
        return Err(Error::from(form));
    }
    Ok(email)
}

/// Lets mail to an address leave again. What came back softly is forgotten, so that its count
/// begins anew.
///
/// # Errors
/// `NotFound` for an address that is not on the list.
pub async fn lift(tx: &Tx, app: &App, email: &str) -> Result<mail_suppression::Model> {
    let email = email.trim().to_lowercase();
    let row = tx
        .one::<mail_suppression::Entity>(|rows| {
            rows.filter(mail_suppression::Column::Email.eq(&email))
        })
        .await?
        .ok_or(Error::NotFound)?;
    tx.delete::<mail_suppression::Entity>(|rows| {
        rows.filter(mail_suppression::Column::Email.eq(&email))
    })
    .await?;
    tx.delete::<mail_bounce::Entity>(|rows| {
        rows.filter(mail_bounce::Column::Email.eq(&email))
            .filter(mail_bounce::Column::Kind.eq(BounceKind::Soft))
    })
    .await?;
    let before = json!({"reason": row.reason, "detail": row.detail, "since": row.since});
    let now = app.clock.millis();
    audit::note(
        tx,
        now,
        "mail no longer suppressed",
        &email,
        None,
        Some(before),
        None,
    )
    .await?;
    Ok(row)
}

/// How many addresses on the list hold `text`, and of them those of one page, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn count(tx: &Tx, text: &str) -> Result<u64> {
    tx.count::<mail_suppression::Entity>(|rows| rows.filter(holding(text)))
        .await
}

/// As [`count`].
///
/// # Errors
/// Whatever the database says.
pub async fn list(
    tx: &Tx,
    text: &str,
    offset: u64,
    limit: u64,
) -> Result<Vec<mail_suppression::Model>> {
    tx.all::<mail_suppression::Entity>(|rows| {
        rows.filter(holding(text))
            .order_by_desc(mail_suppression::Column::Since)
            .order_by_asc(mail_suppression::Column::Email)
            .offset(offset)
            .limit(limit)
    })
    .await
}

fn holding(text: &str) -> Condition {
    let all = Condition::all();
    match text.trim() {
        "" => all,
        text => all.add(contains(Expr::col(mail_suppression::Column::Email), text)),
    }
}

/// Of `emails`, those that nothing is sent to. Whoever sees a person may know that: the rows
/// themselves are the brand's.
///
/// # Errors
/// Whatever the database says.
pub async fn among<'a>(
    tx: &Tx,
    emails: impl IntoIterator<Item = &'a str>,
) -> Result<HashSet<String>> {
    let emails: Vec<String> = emails.into_iter().map(str::to_lowercase).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    let mut dead = HashSet::new();
    for chunk in emails.chunks(1_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT email FROM mail_suppressions WHERE email IN ({})",
            placeholders(1, chunk.len())
        );
        for row in tx.rows(&sql, chunk.into_iter().map(Value::from)).await? {
            dead.insert(row.try_get("", "email")?);
        }
    }
    Ok(dead)
}
