//! People who sign in: a retailer's and the brand's own.

use sea_orm::entity::prelude::*;
use trade::id::{AccountId, UserId};

use crate::db::scope::{Scope, Visible};
use crate::db::words::{Role, UserStatus};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub role: Role,
    pub account_id: Option<AccountId>,
    pub status: UserStatus,
    pub locale: String,
    pub theme: String,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
    pub may_override_prices: bool,
    /// Where their morning is; none is the zone of their company's country, else the brand's.
    pub time_zone: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.people(Column::AccountId, Column::Id)
    }
}
