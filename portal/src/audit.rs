//! What was changed, by whom, for whom, before and after. Append-only, by trigger.

use sea_orm::Set;
use serde_json::Value;
use trade::id::AccountId;
use uuid::Uuid;

use crate::db::Tx;
use crate::db::entity::audit_entry;
use crate::error::Result;

/// Notes a sensitive change, in the transaction that makes it.
///
/// # Errors
/// Whatever the database says.
pub async fn note(
    tx: &Tx,
    now: i64,
    action: &str,
    subject: &str,
    account: Option<AccountId>,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let scope = tx.scope();
    tx.insert(audit_entry::ActiveModel {
        id: Set(Uuid::now_v7()),
        at: Set(now),
        actor: Set(scope.actor.name.clone()),
        actor_id: Set(scope.actor.user_id),
        on_behalf_of: Set(scope.on_behalf_of.clone()),
        account_id: Set(account),
        action: Set(action.to_owned()),
        subject: Set(subject.to_owned()),
        before: Set(before),
        after: Set(after),
    })
    .await
}
