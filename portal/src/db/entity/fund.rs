//! Budgets promotions spend from.

use sea_orm::entity::prelude::*;
use trade::id::FundId;
use trade::money::Currency;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FundId,
    pub code: String,
    pub name: String,
    pub currency: Currency,
    pub budget_minor: i64,
    pub reserved_minor: i64,
    pub committed_minor: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
