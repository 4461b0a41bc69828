//! Promotions with their mechanic and how much they were used.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{FundId, PromotionId, UserId};
use trade::money::Currency;

use crate::db::scope::{Scope, Visible};
use crate::db::words::{Audience, PromotionState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "promotions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PromotionId,
    pub code: String,
    pub name: String,
    pub note: String,
    pub state: PromotionState,
    pub mechanic: Json,
    pub currency: Currency,
    pub exclusivity_class: Option<String>,
    pub priority: i32,
    pub valid_from: LocalDate,
    pub valid_until: LocalDate,
    pub audience: Audience,
    pub fund_id: Option<FundId>,
    pub most_uses: Option<i64>,
    pub most_uses_per_account: Option<i64>,
    pub cap_minor: Option<i64>,
    pub uses: i64,
    pub spent_minor: i64,
    pub created_by: String,
    pub created_by_id: Option<UserId>,
    pub created_at: i64,
    pub submitted_by: Option<String>,
    pub submitted_by_id: Option<UserId>,
    pub submitted_at: Option<i64>,
    pub approved_by: Option<String>,
    pub approved_by_id: Option<UserId>,
    pub approved_at: Option<i64>,
    pub stopped_at: Option<i64>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
