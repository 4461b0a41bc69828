//! Orders being built, one open one a company.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CartId, ShipToId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CartId,
    pub account_id: AccountId,
    pub state: String,
    pub ship_to_id: Option<ShipToId>,
    pub po_number: String,
    pub requested_date: Option<LocalDate>,
    pub note: String,
    pub notices: Option<Json>,
    pub created_at: i64,
    pub updated_at: i64,
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
