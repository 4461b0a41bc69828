//! Lines of a credit note.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, CreditNoteId, ProductId};
use trade::money::UnitPrice;
use trade::quantity::Unit;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_note_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_note_id: CreditNoteId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub account_id: AccountId,
    pub product_id: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub quantity: i32,
    pub unit_price: UnitPrice,
    pub net_minor: i64,
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
