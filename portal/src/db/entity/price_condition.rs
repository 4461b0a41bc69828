//! Discounts off the list price that a list carries.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{CategoryId, PriceListId, ProductBrandId, ProductId};
use trade::money::BasisPoints;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_conditions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub price_list_id: PriceListId,
    pub target: String,
    pub product_id: Option<ProductId>,
    pub brand_id: Option<ProductBrandId>,
    pub category_id: Option<CategoryId>,
    pub discount: BasisPoints,
    pub valid_from: LocalDate,
    pub valid_until: LocalDate,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
