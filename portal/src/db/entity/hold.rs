//! What keeps an order from being confirmed, on which facts, and who decided.

use sea_orm::entity::prelude::*;
use trade::hold::{HoldKind, HoldState, Releaser};
use trade::id::{AccountId, HoldId, OrderId, UserId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldId,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub kind: HoldKind,
    pub level: i32,
    pub releaser: Releaser,
    pub approver_id: Option<UserId>,
    pub requested_by_id: Option<UserId>,
    pub state: HoldState,
    pub facts: Json,
    pub opened_at: i64,
    pub due_at: i64,
    pub decided_at: Option<i64>,
    pub decided_by: Option<String>,
    pub decided_by_id: Option<UserId>,
    pub reason: Option<String>,
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
