//! What mail servers sent back.

use sea_orm::entity::prelude::*;

use crate::db::scope::{Scope, Visible};
use crate::db::words::BounceKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_bounces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub mail_id: Option<Uuid>,
    pub kind: BounceKind,
    pub status: String,
    pub detail: String,
    pub source: String,
    pub at: i64,
    pub digest: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
