//! What a promotion gave in an order.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, OrderId, PromotionId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::UseState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_uses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub promotion_id: PromotionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub spend_minor: i64,
    pub state: UseState,
    pub at: i64,
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
