//! What a person is told inside Kontor, and what waits for their daily mail.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::Topic;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    pub account_id: Option<AccountId>,
    pub topic: Topic,
    pub event: String,
    pub said: Json,
    pub link: String,
    pub created_at: i64,
    pub in_app: bool,
    pub read_at: Option<i64>,
    pub digest: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.own_person(Column::UserId)
    }
}
