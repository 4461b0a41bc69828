//! Trials in which some accounts go without suggestions.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::UserId;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion_trials")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `running` or `ended`.
    pub state: String,
    /// Hundredths of a per cent of the accounts.
    pub control_share: i32,
    pub salt: i64,
    pub started_at: i64,
    pub started_on: LocalDate,
    pub ended_at: Option<i64>,
    pub by_user_id: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    // Says nothing of an account; every page has to know its arm.
    fn visible_to(_: &Scope) -> sea_orm::Condition {
        sea_orm::Condition::all()
    }
}
