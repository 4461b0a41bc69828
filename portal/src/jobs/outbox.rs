//! Outgoing mail: written as a row beside what caused it, then handed to the mail server by a job
//! of its own. One mail an event and recipient, however often the job that writes it runs; a mail
//! server that is away loses nothing.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, Value};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::AccountId;
use uuid::Uuid;

use super::claims::Outcome;
use super::relay::Relay;
use super::{Job, Lane, Leave};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::entity::{mail, user};
use crate::db::words::{Topic, UserStatus};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};
use crate::mail::{Attachment, MailError, Mailer, OutgoingMail};
use crate::messages::frame::MailFrame;
use crate::messages::withheld::{self, Withheld};
use crate::messages::{bounces, headers, links};
use crate::orders::mails as order_mails;
use crate::web::locale::Lang;
use crate::web::page::{MailText, View};

/// What a mail is about.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// What happened, once: with the recipient's address it is the mail's key.
    pub event: &'a str,
    /// The word in the outbox, such as `order-confirmation`.
    pub kind: &'a str,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// What its reader chose a way for; none for what they must get, such as a link to sign in.
    pub topic: Option<Topic>,
    /// Mails with the same word reach the reader in the order they were written.
    pub follows: Option<&'a str>,
}

/// Writes a mail to a person, in their language, and the job that sends it. Says whether it is
/// new: the same event writes nobody twice. Who may not sign in gets none.
///
/// # Errors
/// A template that fails, or whatever the database says.
pub async fn post<V: View>(
    app: &App,
    tx: &Tx,
    letter: Letter<'_>,
    to: &user::Model,
    view: &V,
) -> Result<bool> {
    if to.status == UserStatus::Disabled {
        return Ok(false);
    }
    let words = worded(app, letter.topic, to, view)?;
    let mail = put(app, tx, letter, to, words).await?;
    Ok(mail.is_some())
}

/// A mail in its reader's language.
///
/// # Errors
/// A template that fails.
pub fn worded<V: View>(
    app: &App,
    topic: Option<Topic>,
    to: &user::Model,
    view: &V,
) -> Result<MailText> {
    framed(app, &MailFrame::of(app, topic, to), to, view)
}

/// As [`worded`], in a frame of the caller's own.
///
/// # Errors
/// A template that fails.
pub fn framed<V: View>(
    app: &App,
    frame: &MailFrame,
    to: &user::Model,
    view: &V,
) -> Result<MailText> {
    let lang = Lang::parse(&to.locale).unwrap_or(app.brand.lang);
    Ok(app.templates.email(view, lang, frame)?)
}

/// As [`post`], for what has been worded already: a transaction that writes to many does not wait
/// for templates. Says which mail it is; none where the event wrote one before.
///
/// # Errors
/// Whatever the database says.
pub async fn put(
    app: &App,
    tx: &Tx,
    letter: Letter<'_>,
    to: &user::Model,
    words: MailText,
) -> Result<Option<Uuid>> {
    let now = app.clock.millis();
    let id = Uuid::now_v7();
    let written = tx
        .execute(
            "INSERT INTO mails (id, event, to_email, to_name, account_id, kind, subject, \
             body_text, body_html, state, created_at, user_id, topic) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $11, $12) \
             ON CONFLICT (event, to_email) DO NOTHING",
            [
                id.into(),
                letter.event.into(),
                to.email.clone().into(),
                to.name.clone().into(),
                letter.account.map(|account| account.0).into(),
                letter.kind.into(),
                words.subject.into(),
                words.text.into(),
                words.html.into(),
                now.into(),
                to.id.into(),
                letter.topic.map(Topic::name).into(),
            ],
        )
        .await?;
    if written == 0 {
        return Ok(None);
    }
    let leave = Leave {
        lane: lane(letter.topic),
        ..Leave::now(now, Job::SendMail { mail: id })
    };
    let leave = match letter.follows {
        Some(word) => leave.after(format!("{word}/{}", to.id)),
        None => leave,
    };
    tx.leave_all(now, [leave]).await?;
    Ok(Some(id))
}

/// Promotions wait for nothing and nobody waits for them: they do not hold up a confirmation.
fn lane(topic: Option<Topic>) -> Lane {
    match topic {
        Some(Topic::Promotions) => Lane::BulkMail,
        Some(
            Topic::Orders
            | Topic::Approvals
            | Topic::BackInStock
            | Topic::Reorder
            | Topic::Invoices
            | Topic::Claims
            | Topic::Accounts
            | Topic::Morning,
        )
        | None => Lane::Mail,
    }
}

/// A mail whose turn it is.
#[derive(Debug)]
pub(super) enum Opened {
    /// It has left before, or was given up, or its row is gone.
    Settled,
    /// It is not to leave.
    Withheld(Withheld),
    /// It is to leave.
    Ready(Box<mail::Model>),
}

/// What became of a mail.
#[derive(Debug)]
pub(super) enum Leaving {
    /// The mail server has it.
    Sent {
        /// Text and HTML as they are kept, where they differ from what was sent.
        kept: Option<(String, String)>,
    },
    /// It does not leave.
    Withheld(Withheld),
    /// The mail server refused it for good.
    Refused {
        /// Its answer's code.
        code: u16,
        /// Its answer, without addresses.
        reason: String,
    },
}

/// Reads mails and what keeps any of them back, in a few queries however many they are.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn open(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, Opened>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = app.db.read_system("mail").await?;
    let rows = tx
        .all::<mail::Entity>(|mails| {
            mails
                .filter(mail::Column::Id.is_in(padded(ids)))
                .filter(mail::Column::State.eq("waiting"))
        })
        .await?;
    let withheld = withheld::of_all(&tx, &rows).await?;
    let open = |row: mail::Model| {
        let id = row.id;
        let opened = match withheld.get(&id) {
            Some(why) => Opened::Withheld(*why),
            None => Opened::Ready(Box::new(row)),
        };
        (id, opened)
    };
    Ok(rows.into_iter().map(open).collect())
}

/// Hands a mail to the mail server, if it is to leave. The server may take its time; no transaction
/// waits for it.
pub(super) async fn send(
    app: &App,
    relay: &Relay,
    opened: Opened,
) -> (Result<Outcome>, Option<Leaving>) {
    let row = match opened {
        Opened::Settled => return (Ok(Outcome::Done), None),
        Opened::Withheld(why) => return (Ok(Outcome::Done), Some(Leaving::Withheld(why))),
        Opened::Ready(row) => row,
    };
    let attachments = match attachments(app, &row).await {
        Ok(attachments) => attachments,
        Err(error) => return (Err(error), None),
    };
    let outgoing = outgoing(app, &row, attachments);
    let Err(error) = app.mailer.send(&outgoing).await else {
        relay.answered();
        let kept = kept(app, outgoing);
        return (Ok(Outcome::Done), Some(Leaving::Sent { kept }));
    };
    // A server that answers nobody says nothing about this mail.
    if error.may_concern_all() && relay.is_away(app).await {
        let why = error.to_string();
        let run_at = app.clock.millis() + relay.pause();
        return (Ok(Outcome::Later { run_at, why }), None);
    }
    relay.answered();
    let said = error.to_string();
    if let MailError::Refused { code, reason } = error {
        let refused = Leaving::Refused { code, reason };
        return (Ok(Outcome::Hopeless(said)), Some(refused));
    }
    if error.is_permanent() {
        return (Ok(Outcome::Hopeless(said)), None);
    }
    (Err(Error::Busy(said)), None)
}

fn outgoing(app: &App, row: &mail::Model, attachments: Vec<Attachment>) -> OutgoingMail {
    OutgoingMail {
        to_email: row.to_email.clone(),
        to_name: Some(row.to_name.clone()),
        subject: row.subject.clone(),
        text: row.body_text.clone(),
        html: row.body_html.clone(),
        message_id: message_id(&app.base_url, row.id),
        headers: headers::of(app, row),
        attachments,
    }
}

/// What is kept of a mail that left, where that is not what was sent: its recipient has it now,
/// nobody else is let in by the copy.
fn kept(app: &App, sent: OutgoingMail) -> Option<(String, String)> {
    match app.mailer {
        Mailer::Smtp { .. } => {
            let kept = (without_token(&sent.text), without_token(&sent.html));
            (kept.0 != sent.text || kept.1 != sent.html).then_some(kept)
        }
        Mailer::File { .. } | Mailer::Memory { .. } => None,
    }
}

/// Writes down what became of mails.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn note<'a>(
    app: &App,
    tx: &Tx,
    now: i64,
    mails: impl Iterator<Item = (Uuid, &'a Leaving)>,
) -> Result<()> {
    let mut sent = Vec::new();
    let mut changed = Vec::new();
    let mut withheld: Vec<(Withheld, Vec<Uuid>)> = Vec::new();
    for (id, leaving) in mails {
        match leaving {
            Leaving::Sent { kept } => {
                sent.push(id);
                let kept = kept.as_ref();
                changed.extend(kept.map(|(text, html)| (id, text.as_str(), html.as_str())));
            }
            Leaving::Withheld(why) => match withheld.iter_mut().find(|(of, _)| of == why) {
                Some((_, ids)) => ids.push(id),
                None => withheld.push((*why, vec![id])),
            },
            Leaving::Refused { code, reason } => refused(app, tx, id, *code, reason).await?,
        }
    }
    keep(tx, &changed).await?;
    if !sent.is_empty() {
        tx.change::<mail::Entity>(|update| {
            update
                .filter(mail::Column::Id.is_in(padded(&sent)))
                .filter(mail::Column::State.ne("sent"))
                .col_expr(mail::Column::State, Expr::value("sent"))
                .col_expr(mail::Column::SentAt, Expr::value(now))
                .col_expr(mail::Column::LastError, Expr::value(None::<String>))
        })
        .await?;
    }
    for (why, ids) in withheld {
        tx.change::<mail::Entity>(|update| {
            update
                .filter(mail::Column::Id.is_in(padded(&ids)))
                .filter(mail::Column::State.eq("waiting"))
                .col_expr(mail::Column::State, Expr::value("withheld"))
                .col_expr(mail::Column::LastError, Expr::value(why.name()))
        })
        .await?;
    }
    Ok(())
}

/// Mails' texts as they are kept, in one statement however many they are.
async fn keep(tx: &Tx, mails: &[(Uuid, &str, &str)]) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (0..mails.len())
        .map(|at| format!("({})", placeholders(3 * at + 1, 3)))
        .collect();
    let sql = format!(
        "UPDATE mails SET body_text = kept.column2, body_html = kept.column3 \
         FROM (VALUES {}) AS kept WHERE mails.id = kept.column1",
        rows.join(", ")
    );
    let values = mails
        .iter()
        .flat_map(|(id, text, html)| [Value::from(*id), (*text).into(), (*html).into()]);
    tx.execute(&sql, values).await?;
    Ok(())
}

/// What a refusal for good says of its address. The mail itself is given up with its job.
async fn refused(app: &App, tx: &Tx, id: Uuid, code: u16, reason: &str) -> Result<()> {
    tracing::warn!(mail = %id, code, reason, "a mail was refused for good");
    let mail = tx.get::<mail::Entity>(id).await?;
    bounces::refused(tx, app, &mail, code, reason).await
}

async fn attachments(app: &App, row: &mail::Model) -> Result<Vec<Attachment>> {
    if row.kind == order_mails::CONFIRMATION {
        return order_mails::confirmation_document(app, row).await;
    }
    Ok(Vec::new())
}

/// Every header that Kontor gives a mail, for whoever looks at it; the mail server adds its own.
#[must_use]
pub fn all_headers(app: &App, row: &mail::Model) -> Vec<(String, String)> {
    let person = |name: &str, email: &str| format!("{name} <{email}>").trim().to_owned();
    let brand = &app.brand.row;
    let mut all = vec![
        ("From", person(&brand.name, &brand.email)),
        ("To", person(&row.to_name, &row.to_email)),
        ("Subject", row.subject.clone()),
        (
            "Message-ID",
            format!("<{}>", message_id(&app.base_url, row.id)),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect::<Vec<_>>();
    // A link that works without signing in is its reader's alone.
    let own = headers::of(app, row).into_iter();
    all.extend(own.map(|(name, value)| (name, links::without_words(&value))));
    all
}

/// Names of the files a mail carries, without making them.
#[must_use]
pub fn attachment_names(row: &mail::Model) -> Vec<String> {
    let carries = row.kind == order_mails::CONFIRMATION;
    order_mails::document_name(&row.event)
        .filter(|_| carries)
        .into_iter()
        .collect()
}

/// Keeps with a mail why it did not leave; `dead` when it will not be tried again.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn note_failure(tx: &Tx, id: Uuid, dead: bool, error: &str) -> Result<()> {
    tx.change::<mail::Entity>(|update| {
        let state = if dead { "dead" } else { "waiting" };
        update
            .filter(mail::Column::Id.eq(id))
            .filter(mail::Column::State.eq("waiting"))
            .col_expr(mail::Column::State, Expr::value(state))
            .col_expr(mail::Column::LastError, Expr::value(error.to_owned()))
    })
    .await?;
    Ok(())
}

/// A mail that was given up waits again.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn wait_again(tx: &Tx, id: Uuid) -> Result<()> {
    tx.change::<mail::Entity>(|update| {
        update
            .filter(mail::Column::Id.eq(id))
            .filter(mail::Column::State.eq("dead"))
            .col_expr(mail::Column::State, Expr::value("waiting"))
    })
    .await?;
    Ok(())
}

/// The same for each try, so that a mail sent twice is recognised as one.
fn message_id(base_url: &str, id: Uuid) -> String {
    let host = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let host = if host.is_empty() || host.starts_with('[') {
        "localhost"
    } else {
        host
    };
    format!("{id}@{host}")
}

/// The text with what lets people in struck out of its links.
fn without_token(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let found = ["/reset/", "/invitation/"]
            .iter()
            .filter_map(|path| rest.find(path).map(|at| at + path.len()))
            .min();
        let Some((before, after)) = found.and_then(|at| rest.split_at_checked(at)) else {
            kept.push_str(rest);
            return links::without_words(&kept);
        };
        kept.push_str(before);
        kept.push('…');
        rest =
            after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_that_is_kept_lets_nobody_in() {
        assert_eq!(
            without_token(
                "Click https://k.example/reset/aB-9_x\nor <a href=\"https://k.example/invitation/Zz9\">here</a>."
            ),
            "Click https://k.example/reset/…\nor <a href=\"https://k.example/invitation/…\">here</a>."
        );
        assert_eq!(
            without_token("Your order is confirmed."),
            "Your order is confirmed."
        );
    }

    #[test]
    fn a_message_keeps_its_id_for_each_try() {
        let id = Uuid::nil();
        let zero = "00000000-0000-0000-0000-000000000000";
        assert_eq!(
            message_id("https://orders.example.com", id),
            format!("{zero}@orders.example.com")
        );
        assert_eq!(
            message_id("http://127.0.0.1:8080/x", id),
            format!("{zero}@127.0.0.1")
        );
        assert_eq!(
            message_id("http://[::1]:8080", id),
            format!("{zero}@localhost")
        );
    }
}
