//! Which accounts see which products.

use sea_orm::entity::prelude::*;
use trade::id::{AccountGroupId, AccountId, CategoryId, ProductId};

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visibility_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub effect: String,
    pub product_id: Option<ProductId>,
    pub category_id: Option<CategoryId>,
    pub account_id: Option<AccountId>,
    pub group_id: Option<AccountGroupId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.staff_only()
    }
}
