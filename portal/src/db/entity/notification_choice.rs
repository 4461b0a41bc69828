//! What a person chose to be told of, and how.

use sea_orm::entity::prelude::*;
use trade::id::UserId;

use crate::db::scope::{Scope, Visible};
use crate::db::words::{MailChoice, Topic};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_choices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: Topic,
    pub mail: MailChoice,
    pub in_app: bool,
    pub push: bool,
    pub changed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.own_person(Column::UserId)
    }
}
