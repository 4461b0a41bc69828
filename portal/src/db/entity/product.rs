//! What is sold.

use sea_orm::entity::prelude::*;
use trade::id::{CategoryId, ProductBrandId, ProductId};
use trade::quantity::Unit;
use trade::tax::TaxClass;

use crate::db::scope::{Scope, Visible, visible_products};
use crate::db::words::{ProductStatus, StockPolicy};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    pub sku: String,
    pub gtin: Option<String>,
    pub name: String,
    pub description: String,
    pub brand_id: ProductBrandId,
    pub category_id: CategoryId,
    pub base_unit: Unit,
    pub order_unit: Unit,
    pub moq: i32,
    pub multiple: i32,
    pub tax_class: TaxClass,
    pub status: ProductStatus,
    pub stock_policy: StockPolicy,
    pub popularity: i64,
    pub picture: Option<String>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        visible_products(scope)
    }
}
