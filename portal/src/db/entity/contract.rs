//! Conditions agreed with an account or a group.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountGroupId, AccountId, ContractId, PriceListId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contracts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContractId,
    pub number: String,
    pub name: String,
    pub account_id: Option<AccountId>,
    pub group_id: Option<AccountGroupId>,
    pub price_list_id: PriceListId,
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
