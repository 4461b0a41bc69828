//! Who is signed in where, and for whom they act.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub token_hash: String,
    pub user_id: UserId,
    pub csrf_secret: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    pub user_agent: String,
    pub acting_for: Option<AccountId>,
    pub acting_until: Option<i64>,
    /// When the visit began: the first request after half an hour without one.
    pub visit_started_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.own_person(Column::UserId)
    }
}
