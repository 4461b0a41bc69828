//! Addresses that are written to no more.

use sea_orm::entity::prelude::*;

use crate::db::scope::{Scope, Visible};
use crate::db::words::SuppressedBecause;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_suppressions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub email: String,
    pub reason: SuppressedBecause,
    pub detail: String,
    pub mail_id: Option<Uuid>,
    pub since: i64,
    pub by_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
