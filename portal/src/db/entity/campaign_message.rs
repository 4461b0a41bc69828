//! What a campaign says to one person in one wave.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, CampaignId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::Wave;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub campaign_id: CampaignId,
    pub account_id: AccountId,
    pub user_id: UserId,
    pub wave: Wave,
    pub due_at: i64,
    pub state: String,
    pub skipped_because: Option<String>,
    pub mail_id: Option<Uuid>,
    pub opened_at: Option<i64>,
    pub clicked_at: Option<i64>,
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
