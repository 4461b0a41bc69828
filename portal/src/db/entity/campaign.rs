//! Telling retailers of a promotion.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{CampaignId, PromotionId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::CampaignState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    pub promotion_id: PromotionId,
    pub state: CampaignState,
    pub announce_on: LocalDate,
    pub announce_minute: Option<i32>,
    pub remind_on: Option<LocalDate>,
    pub holdout_share: i32,
    pub salt: i64,
    pub most_accounts: Option<i32>,
    pub created_by: String,
    pub created_by_id: Option<UserId>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub stopped_by: Option<String>,
    pub stopped_at: Option<i64>,
    pub reported_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
