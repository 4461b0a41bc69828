//! Who wants to be told when an item is back.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, ProductId, UserId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_alerts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    pub account_id: AccountId,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.own_person(Column::UserId)
    }

    fn owner() -> Option<Column> {
        Some(Column::AccountId)
    }
}
