//! Lines of an order, with price and trace as they were.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, OrderId, ProductId, PromotionId};
use trade::money::{BasisPoints, UnitPrice};
use trade::quantity::Unit;
use trade::tax::TaxReason;

use crate::db::scope::{Scope, Visible};
use crate::db::words::SuggestionList;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub account_id: AccountId,
    pub product_id: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub pack_factor: i32,
    pub quantity: i32,
    pub ordered: i64,
    pub cancelled: i64,
    pub shipped: i64,
    pub allocated: i64,
    pub back_ordered: i64,
    pub returned: i64,
    pub unit_price: UnitPrice,
    pub net_minor: i64,
    /// What promotions took off; the net is after it.
    pub discount_minor: i64,
    /// Of goods that came along at no charge: what they came with.
    pub promotion_id: Option<PromotionId>,
    pub tax_rate: BasisPoints,
    pub tax_reason: TaxReason,
    pub price_trace: Option<Json>,
    /// Where it came from a suggestion: from which list, and how many base units were suggested.
    pub suggested_list: Option<SuggestionList>,
    pub suggested_pieces: Option<i64>,
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
