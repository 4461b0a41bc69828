//! Who is told that there is a hold to decide. Who may decide it stands with the decision.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::hold::Releaser;

use crate::db::Tx;
use crate::db::entity::{account, hold, user};
use crate::db::words::{Role, UserStatus};
use crate::error::Result;

/// The most people that are told of one hold.
const TOLD: u64 = 20;

/// Who hears that a hold waits for them, the longest-standing first. Where the brand has nobody in
/// that role, its admins do.
///
/// # Errors
/// Whatever the database says.
pub async fn told(
    tx: &Tx,
    hold: &hold::Model,
    account: &account::Model,
) -> Result<Vec<user::Model>> {
    use user::Column as U;
    let found = tx
        .all::<user::Entity>(|users| {
            let users = users
                .filter(U::Status.eq(UserStatus::Active))
                .order_by_asc(U::CreatedAt)
                .order_by_asc(U::Id)
                .limit(TOLD);
            match hold.releaser {
                Releaser::Approver => {
                    let mut users = users
                        .filter(U::AccountId.eq(hold.account_id))
                        .filter(U::Role.is_in([Role::Approver, Role::AccountAdmin]));
                    if let Some(named) = hold.approver_id {
                        users = users.filter(U::Id.eq(named));
                    }
                    match hold.requested_by_id {
                        Some(requester) => users.filter(U::Id.ne(requester)),
                        None => users,
                    }
                }
                Releaser::Kam => users
                    .filter(U::Id.eq(account.kam_id.map(|id| id.0)))
                    .filter(U::Role.is_in([Role::Kam, Role::Admin])),
                Releaser::Finance => users.filter(U::Role.eq(Role::Finance)),
                Releaser::Operations => users.filter(U::Role.eq(Role::Operations)),
            }
        })
        .await?;
    if !found.is_empty() || hold.releaser == Releaser::Approver {
        return Ok(found);
    }
    tx.all::<user::Entity>(|users| {
        users
            .filter(U::Status.eq(UserStatus::Active))
            .filter(U::Role.eq(Role::Admin))
            .order_by_asc(U::CreatedAt)
            .order_by_asc(U::Id)
            .limit(TOLD)
    })
    .await
}
