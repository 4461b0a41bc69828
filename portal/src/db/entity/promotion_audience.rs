//! Whom a promotion reaches, where it is not everybody.

use sea_orm::entity::prelude::*;
use trade::id::{AccountGroupId, AccountId, PromotionId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotion_audiences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub promotion_id: PromotionId,
    pub account_id: Option<AccountId>,
    pub group_id: Option<AccountGroupId>,
    pub region: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
