//! Mails as sent.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::Topic;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: String,
    pub to_email: String,
    pub to_name: String,
    pub user_id: Option<UserId>,
    pub account_id: Option<AccountId>,
    pub kind: String,
    pub topic: Option<Topic>,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    pub state: String,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub bounced_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
