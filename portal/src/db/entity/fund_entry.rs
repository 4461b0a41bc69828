//! The book of a fund: append-only, a cause once.

use sea_orm::entity::prelude::*;
use trade::id::{FundId, OrderId, PromotionId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fund_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub fund_id: FundId,
    pub promotion_id: PromotionId,
    pub order_id: OrderId,
    pub kind: String,
    pub reserved_minor: i64,
    pub committed_minor: i64,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
