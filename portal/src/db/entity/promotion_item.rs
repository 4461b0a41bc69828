//! What a promotion counts and discounts; everything where nothing is included.

use sea_orm::entity::prelude::*;
use trade::id::{CategoryId, ProductBrandId, ProductId, PromotionId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::ItemEffect;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub promotion_id: PromotionId,
    pub effect: ItemEffect,
    pub product_id: Option<ProductId>,
    pub brand_id: Option<ProductBrandId>,
    pub category_id: Option<CategoryId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
