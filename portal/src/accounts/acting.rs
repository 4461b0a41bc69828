//! Ordering on behalf: staff see an account's own pages until they say they are done, or two hours
//! have passed. Both names stand on everything they do.

use sea_orm::Set;
use serde_json::json;
use uuid::Uuid;

use super::find;
use crate::audit;
use crate::auth::session::{ACTING_MILLIS, Session};
use crate::db::Tx;
use crate::db::entity::session;
use crate::db::words::Role;
use crate::error::{Error, Result};

/// Whether people in that role may order for an account.
#[must_use]
pub fn may_act(role: Role) -> bool {
    match role {
        Role::Kam | Role::Operations | Role::Admin => true,
        Role::Marketing | Role::Finance | Role::Buyer | Role::Approver | Role::AccountAdmin => {
            false
        }
    }
}

/// Begins to act for the account with that number.
///
/// # Errors
/// `Forbidden` for roles that do not order; `NotFound` for an account one does not look after.
pub async fn begin(tx: &Tx, who: &Session, number: &str, now: i64) -> Result<()> {
    if !may_act(who.role) {
        return Err(Error::Forbidden);
    }
    let account = find(tx, number).await?;
    tx.update(session::ActiveModel {
        id: Set(who.id),
        acting_for: Set(Some(account.id)),
        acting_until: Set(Some(now + ACTING_MILLIS)),
        ..Default::default()
    })
    .await?;
    let subject = format!("account {number}");
    let after = Some(json!({"until": now + ACTING_MILLIS}));
    audit::note(
        tx,
        now,
        "acting begun",
        &subject,
        Some(account.id),
        None,
        after,
    )
    .await
}

/// Ends it.
///
/// # Errors
/// Whatever the database says.
pub async fn end(tx: &Tx, session: Uuid) -> Result<()> {
    tx.update(session::ActiveModel {
        id: Set(session),
        acting_for: Set(None),
        acting_until: Set(None),
        ..Default::default()
    })
    .await
}
