//! Trained models.

use sea_orm::entity::prelude::*;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recommender_models")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub trained_at: i64,
    /// Orders placed before this instant are in it.
    pub orders_until: i64,
    pub format: i32,
    pub checksum: String,
    pub snapshot: Vec<u8>,
    /// How far each account's orders are in it.
    pub seen: Vec<u8>,
    /// Placed and changed orders in it.
    pub changes: i64,
    pub report: Json,
    pub train_millis: i64,
    pub peak_kib: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    // Holds every account's history: only the program itself reads it.
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.system_only()
    }
}
