//! The corner shop asks before it spends much: two rules by total, one by budget, and a budget for
//! its buyer.

use sea_orm::{ColumnTrait, QueryFilter, Set};
use trade::id::ApprovalRuleId;

use crate::auth::web::DEMO_USERS;
use crate::db::Tx;
use crate::db::entity::{approval_rule, user, user_budget};
use crate::db::words::{ApprovalRuleKind, BudgetPeriod, Role};
use crate::error::Result;
use crate::imports::load::Ids;

/// Rules by level: above so many cents net, an approver has to agree; far above, once more.
const TOTALS: [(i32, i64); 2] = [(1, 500_000), (2, 2_000_000)];
/// What the buyer may order in a month, in cents net.
const BUDGET: i64 = 2_500_000;

/// Gives the demo's buyer a budget and their company its rules.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn corner_shop(tx: &Tx, ids: &mut Ids, now: i64) -> Result<()> {
    let buyer = DEMO_USERS.iter().find(|(_, role, _)| *role == Role::Buyer);
    let email = buyer.map_or("", |(email, ..)| *email);
    let buyer = tx
        .one::<user::Entity>(|users| users.filter(user::Column::Email.eq(email)))
        .await?;
    // A small world may lack them.
    let Some((buyer, account)) = buyer.and_then(|buyer| Some((buyer.id, buyer.account_id?))) else {
        return Ok(());
    };
    let totals = TOTALS.map(|(level, minor)| (ApprovalRuleKind::Total, level, Some(minor)));
    let rules = totals
        .into_iter()
        .chain([(ApprovalRuleKind::Budget, 1, None)]);
    for (kind, level, threshold) in rules {
        tx.insert(approval_rule::ActiveModel {
            id: Set(ApprovalRuleId(ids.next(now))),
            account_id: Set(account),
            kind: Set(kind),
            threshold_minor: Set(threshold),
            category_id: Set(None),
            level: Set(level),
            approver_id: Set(None),
            created_at: Set(now),
        })
        .await?;
    }
    tx.insert(user_budget::ActiveModel {
        user_id: Set(buyer),
        account_id: Set(account),
        period: Set(BudgetPeriod::Month),
        limit_minor: Set(BUDGET),
        updated_at: Set(now),
    })
    .await
}
