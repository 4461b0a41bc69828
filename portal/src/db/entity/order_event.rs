//! The timeline of an order.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, HoldId, OrderId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub kind: String,
    pub at: i64,
    pub by_name: String,
    pub on_behalf_of: Option<String>,
    pub detail: Option<String>,
    pub hold_id: Option<HoldId>,
    /// Whether somebody is told of it, by the job that bears its id.
    pub told: bool,
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
