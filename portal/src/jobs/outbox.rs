//! Outgoing mail: written as a row beside what caused it, then handed to the mail server by a job
//! of its own. One mail an event and recipient, however often the job that writes it runs; a mail
//! server that is away loses nothing.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::AccountId;
use uuid::Uuid;

use super::worker::Outcome;
use super::{Job, Leave};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{mail, user};
use crate::db::words::{Topic, UserStatus};
use crate::error::{Error, Result};
use crate::mail::{Attachment, Mailer, OutgoingMail};
use crate::messages::withheld::{self, Withheld};
use crate::orders::mails as order_mails;
use crate::web::locale::Lang;
use crate::web::page::View;

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
    let lang = Lang::parse(&to.locale).unwrap_or(app.brand.lang);
    let words = app.templates.email(view, lang)?;
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
        return Ok(false);
    }
    let leave = Leave::now(now, Job::SendMail { mail: id });
    let leave = match letter.follows {
        Some(word) => leave.after(format!("{word}/{}", to.id)),
        None => leave,
    };
    tx.leave_all(now, [leave]).await?;
    Ok(true)
}

/// Hands a waiting mail to the mail server.
///
/// # Errors
/// What may pass by itself: the server is away or asks to try later, the database is busy.
pub async fn send(app: &App, id: Uuid) -> Result<Outcome> {
    let tx = app.db.read_system("mail").await?;
    let row = tx.get::<mail::Entity>(id).await?;
    if row.state != "waiting" {
        return Ok(Outcome::Done);
    }
    let withheld = withheld::why(&tx, &row).await?;
    // The mail server may take its time; no transaction waits for it.
    drop(tx);
    if let Some(withheld) = withheld {
        return withhold(app, id, withheld).await;
    }
    let attachments = attachments(app, &row).await?;
    let outgoing = OutgoingMail {
        to_email: row.to_email.clone(),
        to_name: Some(row.to_name.clone()),
        subject: row.subject.clone(),
        text: row.body_text.clone(),
        html: row.body_html.clone(),
        message_id: message_id(&app.base_url, id),
        headers: vec![("Auto-Submitted".into(), "auto-generated".into())],
        attachments,
    };
    match app.mailer.send(&outgoing).await {
        Ok(()) => {}
        Err(error) if error.is_permanent() => return Ok(Outcome::Hopeless(error.to_string())),
        Err(error) => return Err(Error::Busy(error.to_string())),
    }
    let tx = app.db.begin_system("mail").await?;
    tx.change::<mail::Entity>(|update| {
        let update = update
            .filter(mail::Column::Id.eq(id))
            .col_expr(mail::Column::State, Expr::value("sent"))
            .col_expr(mail::Column::SentAt, Expr::value(app.clock.millis()))
            .col_expr(mail::Column::LastError, Expr::value(None::<String>));
        match app.mailer {
            // Its recipient has it now: nobody else is let in by the copy that is kept.
            Mailer::Smtp { .. } => update
                .col_expr(
                    mail::Column::BodyText,
                    Expr::value(without_token(&row.body_text)),
                )
                .col_expr(
                    mail::Column::BodyHtml,
                    Expr::value(without_token(&row.body_html)),
                ),
            Mailer::File { .. } | Mailer::Memory { .. } => update,
        }
    })
    .await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

async fn withhold(app: &App, id: Uuid, because: Withheld) -> Result<Outcome> {
    let tx = app.db.begin_system("mail").await?;
    tx.change::<mail::Entity>(|update| {
        update
            .filter(mail::Column::Id.eq(id))
            .filter(mail::Column::State.eq("waiting"))
            .col_expr(mail::Column::State, Expr::value("withheld"))
            .col_expr(mail::Column::LastError, Expr::value(because.name()))
    })
    .await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

async fn attachments(app: &App, row: &mail::Model) -> Result<Vec<Attachment>> {
    if row.kind == order_mails::CONFIRMATION {
        return order_mails::confirmation_document(app, row).await;
    }
    Ok(Vec::new())
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
            return kept;
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
