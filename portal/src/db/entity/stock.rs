//! On hand, allocated and reserved, in base units.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::ProductId;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    pub on_hand: i64,
    pub allocated: i64,
    pub reserved: i64,
    pub expected_on: Option<LocalDate>,
    pub expected_quantity: Option<i64>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.everyone()
    }
}
