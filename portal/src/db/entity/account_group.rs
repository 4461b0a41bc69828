//! Groups of accounts that share conditions and visibility.

use sea_orm::entity::prelude::*;
use trade::id::AccountGroupId;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountGroupId,
    pub code: String,
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.everyone()
    }
}
