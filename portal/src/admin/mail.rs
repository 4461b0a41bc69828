//! Outgoing mail as it was sent, or as it waits.

pub mod bounces;
pub mod suppressions;
pub mod templates;
pub mod view;
pub mod web;

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::PAGE;
use super::view::{HeaderRow, MailListPage, MailPage, MailRow};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{job, mail};
use crate::error::Result;
use crate::jobs::outbox;
use crate::messages::kinds;
use crate::messages::withheld::Withheld;
use crate::orders::list::contains;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message, Paging, Query};

/// The states of the filter. Those of the table are finer: a mail that came back was sent, one that
/// is tried again waits.
const STATES: [&str; 6] = [
    "waiting", "retrying", "sent", "bounced", "withheld", "failed",
];

/// The page of mails that `query` asks for (`q`, `state`, `kind`, `page`), the latest first. `tx`
/// sees everything: the tries of a mail are counted with its job.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query) -> Result<MailListPage> {
    let condition = filter(&query);
    let total = tx
        .count::<mail::Entity>(|mails| mails.filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let mails = tx
        .all::<mail::Entity>(|mails| {
            mails
                .filter(condition)
                .order_by_desc(mail::Column::CreatedAt)
                .order_by_desc(mail::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let attempts = attempts(tx, mails.iter().map(|mail| mail.id).collect()).await?;
    let rows = mails
        .into_iter()
        .map(|mail| row(&mail, &attempts))
        .collect();
    let chosen = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (state, kind) = (chosen("state"), chosen("kind"));
    Ok(MailListPage {
        form: FormState::new().value("q", chosen("q")),
        states: STATES
            .map(|word| Choice::new(word, "", word == state))
            .to_vec(),
        kinds: kinds::ALL
            .iter()
            .map(|one| Choice::new(one.name, "", one.name == kind))
            .collect(),
        query,
        rows,
        paging,
    })
}

fn filter(query: &Query) -> Condition {
    use mail::Column as M;
    let value = |name: &str| query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let mut all = Condition::all();
    if let Some(text) = value("q") {
        all = all.add(contains(Expr::col(M::ToEmail), text));
    }
    if let Some(kind) = value("kind") {
        let words = kinds::find(kind).map_or(vec![kind], |known| {
            [known.name].iter().chain(known.also).copied().collect()
        });
        all = all.add(M::Kind.is_in(words));
    }
    match value("state") {
        Some("bounced") => all.add(M::BouncedAt.is_not_null()),
        Some("sent") => all.add(M::State.eq("sent")).add(M::BouncedAt.is_null()),
        Some("waiting") => all.add(M::State.eq("waiting")).add(M::LastError.is_null()),
        Some("retrying") => all
            .add(M::State.eq("waiting"))
            .add(M::LastError.is_not_null()),
        Some("failed") => all.add(M::State.eq("dead")),
        Some("withheld") => all.add(M::State.eq("withheld")),
        // A word that is no state filters nothing.
        _ => all,
    }
}

/// One mail.
///
/// # Errors
/// `NotFound`.
pub async fn one(tx: &Tx, app: &App, id: Uuid) -> Result<MailPage> {
    let mail = tx.get::<mail::Entity>(id).await?;
    let attempts = attempts(tx, vec![id]).await?;
    let header = |(name, value)| HeaderRow { name, value };
    Ok(MailPage {
        bounces: bounces::of_mail(tx, id).await?,
        mail: row(&mail, &attempts),
        headers: outbox::all_headers(app, &mail)
            .into_iter()
            .map(header)
            .collect(),
        has_html: !mail.body_html.is_empty(),
        attachments: outbox::attachment_names(&mail),
        text: mail.body_text,
    })
}

/// How often each mail was tried: the job that sends it carries its id. Jobs that are done are
/// removed after a while; then the mail left at some time, and that is what matters.
async fn attempts(tx: &Tx, ids: Vec<Uuid>) -> Result<HashMap<Uuid, i64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let jobs = tx
        .all::<job::Entity>(|jobs| jobs.filter(job::Column::Id.is_in(padded(&ids))))
        .await?;
    Ok(jobs
        .into_iter()
        .map(|job| (job.id, i64::from(job.attempts)))
        .collect())
}

fn row(mail: &mail::Model, attempts: &HashMap<Uuid, i64>) -> MailRow {
    let withheld = mail.state == "withheld";
    let state = match (mail.state.as_str(), &mail.last_error) {
        _ if mail.bounced_at.is_some() => "bounced",
        _ if withheld => "withheld",
        ("sent", _) => "sent",
        ("dead", _) => "failed",
        (_, Some(_)) => "retrying",
        (_, None) => "waiting",
    };
    let sent = i64::from(mail.sent_at.is_some());
    MailRow {
        id: mail.id.to_string(),
        to: mail.to_email.clone(),
        subject: mail.subject.clone(),
        kind: mail.kind.clone(),
        state: state.to_owned(),
        created_at: mail.created_at,
        sent_at: mail.sent_at,
        attempts: attempts.get(&mail.id).copied().unwrap_or(sent),
        error: mail.last_error.clone().filter(|_| !withheld),
        withheld: withheld.then(|| because(mail.last_error.as_deref())),
    }
}

/// Why a mail was not sent, in words.
fn because(word: Option<&str>) -> Message {
    let word = word.unwrap_or_default();
    let known = [
        Withheld::Disabled,
        Withheld::Unsubscribed,
        Withheld::Suppressed,
    ];
    if known.iter().any(|one| one.name() == word) {
        return Message::new(format!("withheld-{word}"));
    }
    Message::new("withheld-other").with("word", word)
}
