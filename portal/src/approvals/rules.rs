//! The rules of an account: reading, adding, taking away.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::id::AccountId;

use crate::db::Tx;
use crate::db::entity::approval_rule;
use crate::error::Result;

/// The rules of an account, by level.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, account: AccountId) -> Result<Vec<approval_rule::Model>> {
    tx.all::<approval_rule::Entity>(|rules| {
        rules
            .filter(approval_rule::Column::AccountId.eq(account))
            .order_by_asc(approval_rule::Column::Level)
            .order_by_asc(approval_rule::Column::CreatedAt)
            .order_by_asc(approval_rule::Column::Id)
    })
    .await
}
