//! Quick order as typed.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::SuggestionList;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quick_order_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub code: String,
    pub quantity: String,
    pub unit: String,
    /// The suggestion it was filled in from.
    pub suggested_list: Option<SuggestionList>,
    pub suggested_pieces: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope
            .own_person(Column::UserId)
            .add(scope.owns(Column::AccountId))
    }

    fn owner() -> Option<Column> {
        Some(Column::AccountId)
    }
}
