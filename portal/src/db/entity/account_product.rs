//! What an account has bought: last time, how much, how often.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use trade::quantity::Unit;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    pub first_on: LocalDate,
    pub last_on: LocalDate,
    pub last_quantity: i32,
    pub last_unit: Unit,
    pub times: i32,
    /// Base units in all, over so many times.
    pub pieces: i64,
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
