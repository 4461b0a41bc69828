//! Where programs want to be told.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, WebhookId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub name: String,
    pub url: String,
    pub account_id: Option<AccountId>,
    pub kinds: String,
    pub secret_version: i32,
    pub previous_until: Option<i64>,
    pub created_by: String,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    pub disabled_because: Option<String>,
    pub failing_since: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
