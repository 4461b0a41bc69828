//! When an account's own orders need a colleague's approval.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, ApprovalRuleId, CategoryId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::ApprovalRuleKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalRuleId,
    pub account_id: AccountId,
    pub kind: ApprovalRuleKind,
    pub threshold_minor: Option<i64>,
    pub category_id: Option<CategoryId>,
    pub level: i32,
    pub approver_id: Option<UserId>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.owns(Column::AccountId)
    }

    fn owner() -> Option<Column> {
        Some(Column::AccountId)
    }
}
