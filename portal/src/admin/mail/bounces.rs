//! What mail servers sent back, as reports of a service or out of a mailbox.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::view::{BounceRow, BouncesPage};
use crate::admin::PAGE;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::mail_bounce;
use crate::db::scope::Scope;
use crate::error::Result;
use crate::messages::bounces::mailbox::Found;
use crate::messages::bounces::{self, Source, Taken};
use crate::web::form::FormState;
use crate::web::shape::{Paging, Query};

/// The page of reports, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query, form: FormState) -> Result<BouncesPage> {
    let total = tx.count::<mail_bounce::Entity>(|rows| rows).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let rows = tx
        .all::<mail_bounce::Entity>(|rows| {
            rows.order_by_desc(mail_bounce::Column::At)
                .order_by_desc(mail_bounce::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    Ok(BouncesPage {
        form,
        query,
        rows: rows.into_iter().map(row).collect(),
        paging,
    })
}

/// What was reported of one mail.
///
/// # Errors
/// Whatever the database says.
pub async fn of_mail(tx: &Tx, mail: Uuid) -> Result<Vec<BounceRow>> {
    let rows = tx
        .all::<mail_bounce::Entity>(|rows| {
            rows.filter(mail_bounce::Column::MailId.eq(mail))
                .order_by_asc(mail_bounce::Column::At)
        })
        .await?;
    Ok(rows.into_iter().map(row).collect())
}

fn row(row: mail_bounce::Model) -> BounceRow {
    BounceRow {
        email: row.email,
        mail_id: row.mail_id.map(|id| id.to_string()),
        kind: row.kind.name().to_owned(),
        status: row.status,
        detail: row.detail,
        source: row.source,
        at: row.at,
    }
}

/// Takes in what was found in a mailbox, all of it or nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn read(app: &App, scope: &Scope, found: &Found, file: &str) -> Result<Taken> {
    let tx = app.db.begin(scope).await?;
    let taken = bounces::take(&tx, app, Source::Mailbox, &found.reports).await?;
    let after = serde_json::json!({
        "messages": found.messages, "new": taken.new, "suppressed": taken.suppressed,
    });
    let now = app.clock.millis();
    audit::note(
        &tx,
        now,
        "returned mail read",
        file,
        None,
        None,
        Some(after),
    )
    .await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(taken)
}
