//! Lines of a cart.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, CartId, CartLineId, ProductId};
use trade::money::UnitPrice;
use trade::quantity::Unit;

use crate::db::scope::{Scope, Visible};
use crate::db::words::SuggestionList;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cart_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CartLineId,
    pub account_id: AccountId,
    pub cart_id: CartId,
    pub product_id: ProductId,
    pub unit: Unit,
    pub quantity: i32,
    pub added_by: String,
    pub added_at: i64,
    /// A price staff set by hand, with their reason and name.
    pub override_price: Option<UnitPrice>,
    pub override_reason: Option<String>,
    pub override_by: Option<String>,
    /// Up to so many of the unit.
    pub override_quantity: Option<i32>,
    /// Where a suggestion put it in: from which list, and how many base units were suggested.
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
