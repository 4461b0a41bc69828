//! Files that were imported, and their rejected rows.

use sea_orm::entity::prelude::*;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub file_name: String,
    pub by_name: String,
    pub at: i64,
    pub dry_run: bool,
    pub inserted: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub rejected_rows: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
