//! A price: list, product, unit, tier, period.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{PriceListId, ProductId};
use trade::money::UnitPrice;
use trade::quantity::Unit;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub price_list_id: PriceListId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit: Unit,
    #[sea_orm(primary_key, auto_increment = false)]
    pub min_quantity: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: LocalDate,
    pub valid_until: LocalDate,
    pub amount: UnitPrice,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
