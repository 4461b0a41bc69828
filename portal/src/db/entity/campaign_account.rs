//! The accounts a campaign was drawn for.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, CampaignId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::CampaignArm;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub arm: CampaignArm,
    pub place: i32,
    pub expected_minor: Option<i64>,
    pub saving_minor: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        // Whether an account was drawn to be told nothing is not for its own people.
        scope.staff_only().add(scope.owns(Column::AccountId))
    }

    fn owner() -> Option<Column> {
        Some(Column::AccountId)
    }
}
