//! Outgoing mail as it was sent, or as it waits.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::PAGE;
use super::view::{MailListPage, MailPage, MailRow};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{job, mail};
use crate::error::Result;
use crate::jobs::outbox;
use crate::web::shape::{Paging, Query};

/// The page of mails that `query` asks for, the latest first. `tx` sees everything: the tries of a
/// mail are counted with its job.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query) -> Result<MailListPage> {
    let total = tx.count::<mail::Entity>(|mails| mails).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let mails = tx
        .all::<mail::Entity>(|mails| {
            mails
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
    Ok(MailListPage {
        query,
        rows,
        paging,
    })
}

/// One mail.
///
/// # Errors
/// `NotFound`.
pub async fn one(tx: &Tx, app: &App, id: Uuid) -> Result<MailPage> {
    let mail = tx.get::<mail::Entity>(id).await?;
    let attempts = attempts(tx, vec![id]).await?;
    Ok(MailPage {
        mail: row(&mail, &attempts),
        from: app.brand.row.email.clone(),
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
    let state = match (mail.state.as_str(), &mail.last_error) {
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
        error: mail.last_error.clone(),
    }
}
