//! Mail that came back: what a mail server reports, what it means for the address, and who is told.
//!
//! An address that does not exist, or whose reader calls our mails unwanted, is written to no more
//! ([`super::suppression`]), and the account's KAM hears of it. What may go next time counts: five
//! times within two weeks is as good as dead. A report that comes twice, or by two ways, counts once.

pub mod hook;
pub mod judge;
pub mod mailbox;
pub mod view;
pub mod web;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::suppression::{self, Dead};
use super::{Notice, tell};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, mail, mail_bounce, user};
use crate::db::words::{BounceKind, SuppressedBecause, Topic};
use crate::error::Result;
use crate::web::shape::Message;
use crate::webhooks::kinds::Kind;
use crate::webhooks::{self, Happened};
use view::ComesBackMail;

/// The word for the mail to the KAM in the outbox.
pub const COMES_BACK: &str = "mail-comes-back";
/// So many soft bounces…
const PATIENCE: u64 = 5;
/// … within so many milliseconds are as good as a hard one.
const WITHIN: i64 = 14 * 24 * 3_600_000;
/// Details longer than this are of no use to anybody.
const DETAIL: usize = 300;

/// What a mail server, or a service that runs one, reports of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whom it is about; empty where the report does not say.
    pub email: String,
    /// The `Message-ID` of the mail, without brackets; empty where the report does not say.
    pub message_id: String,
    /// The mail's subject, for services that give mails an id of their own; may be empty.
    pub subject: String,
    pub kind: BounceKind,
    /// RFC 3463, such as 5.1.1; may be empty.
    pub status: String,
    /// What the server said.
    pub detail: String,
    /// What tells this report from others of the same address, where the mail is not known.
    pub key: String,
}

/// Which way reports came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A service that has proved itself: what it says of an address is believed.
    Webhook,
    /// A mailbox that anybody can write to: only what names a mail of ours is believed.
    Mailbox,
    /// The mail server's answer when it was given the mail.
    Refusal,
}

impl Source {
    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Source::Webhook => "webhook",
            Source::Mailbox => "mailbox",
            Source::Refusal => "refusal",
        }
    }
}

/// What came of reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Kept.
    pub new: i64,
    /// Here already.
    pub known: i64,
    /// Of no mail of ours.
    pub foreign: i64,
    /// Of them, addresses that are written to no more from now on.
    pub suppressed: i64,
}

impl std::ops::AddAssign for Taken {
    fn add_assign(&mut self, more: Taken) {
        self.new += more.new;
        self.known += more.known;
        self.foreign += more.foreign;
        self.suppressed += more.suppressed;
    }
}

/// Takes reports in. `tx` sees everything.
///
/// # Errors
/// Whatever the database says.
pub async fn take(tx: &Tx, app: &App, source: Source, reports: &[Report]) -> Result<Taken> {
    let mails = mails(tx, reports).await?;
    let mut taken = Taken::default();
    for report in reports {
        let mail = match mail_id(&report.message_id) {
            Some(id) => mails.get(&id).cloned(),
            None if source == Source::Webhook => latest(tx, report).await?,
            None => None,
        };
        taken += one(tx, app, source, report, mail.as_ref()).await?;
    }
    Ok(taken)
}

/// Takes in that a mail server refused a mail because there is no such address. Anything else it
/// refused for says nothing about the address, and is left alone.
///
/// # Errors
/// Whatever the database says.
pub async fn refused(tx: &Tx, app: &App, mail: &mail::Model, code: u16, text: &str) -> Result<()> {
    let status = judge::status_in(text).unwrap_or_default();
    if !(550..=559).contains(&code) || judge::kind(&status, text) != BounceKind::Hard {
        return Ok(());
    }
    let report = Report {
        email: mail.to_email.clone(),
        message_id: String::new(),
        subject: String::new(),
        kind: BounceKind::Hard,
        status,
        detail: text.to_owned(),
        key: String::new(),
    };
    one(tx, app, Source::Refusal, &report, Some(mail)).await?;
    Ok(())
}

/// The mail that a `Message-ID` of ours names.
fn mail_id(message_id: &str) -> Option<Uuid> {
    let message_id = message_id.trim().trim_matches(['<', '>']);
    message_id.split('@').next()?.parse().ok()
}

async fn mails(tx: &Tx, reports: &[Report]) -> Result<HashMap<Uuid, mail::Model>> {
    let ids: Vec<Uuid> = reports
        .iter()
        .filter_map(|report| mail_id(&report.message_id))
        .collect();
    let mut found = HashMap::new();
    for chunk in ids.chunks(1_000) {
        let rows = tx
            .all::<mail::Entity>(|mails| mails.filter(mail::Column::Id.is_in(padded(chunk))))
            .await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// The latest mail of that subject to that address: for services that put an id of their own in
/// place of ours.
async fn latest(tx: &Tx, report: &Report) -> Result<Option<mail::Model>> {
    if report.email.is_empty() || report.subject.is_empty() {
        return Ok(None);
    }
    tx.one::<mail::Entity>(|mails| {
        mails
            .filter(mail::Column::ToEmail.eq(&report.email))
            .filter(mail::Column::Subject.eq(&report.subject))
            .order_by_desc(mail::Column::CreatedAt)
            .limit(1)
    })
    .await
}

async fn one(
    tx: &Tx,
    app: &App,
    source: Source,
    report: &Report,
    mail: Option<&mail::Model>,
) -> Result<Taken> {
    // Where mail is passed on, the address at the end is not the one we wrote to.
    let email = mail.map_or(report.email.as_str(), |mail| mail.to_email.as_str());
    let email = email.trim().to_lowercase();
    let person = tx
        .one::<user::Entity>(|users| users.filter(user::Column::Email.eq(&email)))
        .await?;
    let believed = mail.is_some() || (source == Source::Webhook && person.is_some());
    if !believed {
        return Ok(Taken {
            foreign: 1,
            ..Taken::default()
        });
    }
    let now = app.clock.millis();
    let row = mail_bounce::Model {
        id: Uuid::now_v7(),
        mail_id: mail.map(|mail| mail.id),
        kind: report.kind,
        status: report.status.chars().take(20).collect(),
        detail: brief(&report.detail),
        source: source.name().to_owned(),
        at: now,
        digest: digest(&email, mail, report),
        email,
    };
    if !keep(tx, &row).await? {
        return Ok(Taken {
            known: 1,
            ..Taken::default()
        });
    }
    // What its reader called unwanted did arrive, and what was refused never left.
    if let Some(mail) = mail
        && report.kind != BounceKind::Complaint
        && source != Source::Refusal
    {
        tx.change::<mail::Entity>(|update| {
            update
                .filter(mail::Column::Id.eq(mail.id))
                .filter(mail::Column::BouncedAt.is_null())
                .col_expr(mail::Column::BouncedAt, Expr::value(now))
        })
        .await?;
    }
    let suppressed = weigh(tx, app, &row, person.as_ref()).await?;
    Ok(Taken {
        new: 1,
        suppressed: i64::from(suppressed),
        ..Taken::default()
    })
}

/// Whether the report is new.
async fn keep(tx: &Tx, row: &mail_bounce::Model) -> Result<bool> {
    let written = tx
        .execute(
            "INSERT INTO mail_bounces \
             (id, email, mail_id, kind, status, detail, source, at, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (digest) DO NOTHING",
            [
                row.id.into(),
                row.email.clone().into(),
                row.mail_id.into(),
                row.kind.name().into(),
                row.status.clone().into(),
                row.detail.clone().into(),
                row.source.clone().into(),
                row.at.into(),
                row.digest.clone().into(),
            ],
        )
        .await?;
    Ok(written > 0)
}

/// Whether the report, with those before it, ends mail to the address; then its KAM is told.
async fn weigh(
    tx: &Tx,
    app: &App,
    row: &mail_bounce::Model,
    person: Option<&user::Model>,
) -> Result<bool> {
    use mail_bounce::Column as B;
    let reason = match row.kind {
        BounceKind::Hard => SuppressedBecause::Bounce,
        BounceKind::Complaint => SuppressedBecause::Complaint,
        BounceKind::Soft => {
            let recent = tx
                .count::<mail_bounce::Entity>(|rows| {
                    rows.filter(B::Email.eq(&row.email))
                        .filter(B::Kind.eq(BounceKind::Soft))
                        .filter(B::At.gt(row.at - WITHIN))
                })
                .await?;
            if recent < PATIENCE {
                return Ok(false);
            }
            SuppressedBecause::Bounce
        }
    };
    let dead = Dead {
        email: &row.email,
        reason,
        detail: &said(row),
        mail_id: row.mail_id,
    };
    if !suppression::suppress(tx, app, &dead).await? {
        return Ok(false);
    }
    if let Some(person) = person {
        tell_kam(tx, app, row, person, reason).await?;
    }
    tell_programs(tx, row, person, reason).await?;
    Ok(true)
}

/// Tells the brand's own programs, such as the one that keeps its addresses.
async fn tell_programs(
    tx: &Tx,
    row: &mail_bounce::Model,
    person: Option<&user::Model>,
    reason: SuppressedBecause,
) -> Result<()> {
    let company = match person.and_then(|person| person.account_id) {
        Some(id) => Some(tx.get::<account::Entity>(id).await?),
        None => None,
    };
    let happened = Happened {
        kind: Kind::MailBounced.name(),
        account: None,
        subject: format!("mail/{}", row.email),
        data: json!({
            "email": row.email,
            "account": company.map(|company| company.number),
            "because": reason,
            "status": row.status,
        }),
    };
    webhooks::note(tx, row.at, happened).await?;
    Ok(())
}

async fn tell_kam(
    tx: &Tx,
    app: &App,
    row: &mail_bounce::Model,
    person: &user::Model,
    reason: SuppressedBecause,
) -> Result<()> {
    let Some(company) = person.account_id else {
        return Ok(());
    };
    let company = tx.get::<account::Entity>(company).await?;
    let Some(kam) = company.kam_id else {
        return Ok(());
    };
    let kam = tx.get::<user::Entity>(kam).await?;
    let complaint = reason == SuppressedBecause::Complaint;
    let key = if complaint {
        "comes-back-said-complaint"
    } else {
        "comes-back-said"
    };
    let path = format!("/kam/accounts/{}", company.number);
    let notice = Notice {
        topic: Topic::Accounts,
        event: &format!("{COMES_BACK}/{}", row.id),
        kind: COMES_BACK,
        account: Some(company.id),
        said: Message::new(key)
            .with("name", person.name.clone())
            .with("email", person.email.clone())
            .with("account", company.name.clone()),
        link: path.clone(),
        follows: None,
    };
    let mail = ComesBackMail {
        brand_name: app.brand.row.name.clone(),
        name: kam.name.clone(),
        person: person.name.clone(),
        email: person.email.clone(),
        account_name: company.name,
        account_number: company.number,
        is_complaint: complaint,
        detail: said(row),
        link: format!("{}{path}", app.base_url),
    };
    tell(app, tx, &notice, &kam, &mail).await
}

/// What the server said, with its code.
fn said(row: &mail_bounce::Model) -> String {
    if row.detail.contains(&row.status) {
        return row.detail.clone();
    }
    format!("{} {}", row.status, row.detail).trim().to_owned()
}

fn brief(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = words.join(" ").replace(char::is_control, "");
    plain.chars().take(DETAIL).collect()
}

/// One for each mail and kind of report, whichever way it came; without a mail, one for each report.
fn digest(email: &str, mail: Option<&mail::Model>, report: &Report) -> String {
    let what = match mail {
        Some(mail) => mail.id.to_string(),
        None => format!("{email}\0{}", report.key),
    };
    hash(format!("{what}\0{}", report.kind.name()))
}

/// What stands for a report's bytes.
fn hash(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_of_ours_names_its_mail() {
        let id = Uuid::from_u128(7);
        assert_eq!(mail_id(&format!("<{id}@orders.example.com>")), Some(id));
        assert_eq!(mail_id(&format!("{id}@localhost")), Some(id));
        assert_eq!(mail_id("CAF+x@mail.gmail.com"), None);
        assert_eq!(mail_id(""), None);
    }

    #[test]
    fn details_are_one_line_of_a_bearable_length() {
        assert_eq!(brief("550\r\n\t5.1.1  unknown\0"), "550 5.1.1 unknown");
        assert_eq!(brief(&"ä".repeat(400)).chars().count(), 300);
    }
}
