//! What a person of an account may order in a period, net.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::BudgetPeriod;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_budgets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub account_id: AccountId,
    pub period: BudgetPeriod,
    pub limit_minor: i64,
    pub updated_at: i64,
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
