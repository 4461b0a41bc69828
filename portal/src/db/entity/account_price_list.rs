//! Each account's ranked sequence of lists, worked out from contracts and assignments.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, ContractId, PriceListId, ShipToId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_price_lists")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: AccountId,
    pub ship_to_id: Option<ShipToId>,
    pub price_list_id: PriceListId,
    pub contract_id: Option<ContractId>,
    pub rank: i32,
    pub priority: i32,
    pub valid_from: LocalDate,
    pub valid_until: LocalDate,
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
