//! The ledger behind a credit account: append-only, a cause once.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, OpenItemId, OrderId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: AccountId,
    pub at: i64,
    pub held_minor: i64,
    pub confirmed_minor: i64,
    pub receivable_minor: i64,
    pub cause: String,
    pub order_id: Option<OrderId>,
    pub open_item_id: Option<OpenItemId>,
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
