//! The list of addresses that nothing is sent to.

use super::view::{SuppressionRow, SuppressionsPage};
use crate::admin::PAGE;
use crate::db::Tx;
use crate::db::entity::mail_suppression;
use crate::error::Result;
use crate::messages::suppression;
use crate::web::form::FormState;
use crate::web::shape::{Paging, Query};

/// The page that `query` asks for (`q`, `page`), the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query, add: FormState) -> Result<SuppressionsPage> {
    let text = query.get("q").cloned().unwrap_or_default();
    let total = suppression::count(tx, &text).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let rows = suppression::list(tx, &text, offset, PAGE).await?;
    Ok(SuppressionsPage {
        search: FormState::new().value("q", text),
        add,
        query,
        rows: rows.into_iter().map(row).collect(),
        paging,
    })
}

fn row(row: mail_suppression::Model) -> SuppressionRow {
    SuppressionRow {
        email: row.email,
        reason: row.reason.name().to_owned(),
        detail: row.detail,
        mail_id: row.mail_id.map(|id| id.to_string()),
        since: row.since,
        by: row.by_name,
    }
}
