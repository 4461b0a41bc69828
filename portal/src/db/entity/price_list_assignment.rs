//! Lists outside a contract, and whom they are for.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountGroupId, AccountId, PriceListId, ShipToId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_list_assignments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub price_list_id: PriceListId,
    pub account_id: Option<AccountId>,
    pub ship_to_id: Option<ShipToId>,
    pub group_id: Option<AccountGroupId>,
    pub priority: i32,
    pub valid_from: LocalDate,
    pub valid_until: LocalDate,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
