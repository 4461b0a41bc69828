//! Retailer companies that buy.

use sea_orm::entity::prelude::*;
use trade::id::{AccountGroupId, AccountId, UserId};
use trade::money::{BasisPoints, Currency};

use crate::db::scope::{Scope, Visible};
use crate::db::words::DeliveryPolicy;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub number: String,
    pub name: String,
    pub group_id: Option<AccountGroupId>,
    pub parent_id: Option<AccountId>,
    pub kam_id: Option<UserId>,
    pub status: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    pub region: String,
    pub vat_id: Option<String>,
    pub currency: Currency,
    pub locale: String,
    pub payment_terms_days: i32,
    pub credit_limit_minor: Option<i64>,
    /// The account that pays; none is the account itself.
    pub bill_to_id: Option<AccountId>,
    /// None is the brand's.
    pub overdue_tolerance_days: Option<i32>,
    pub early_payment_days: i32,
    pub early_payment_discount: BasisPoints,
    /// None is the brand's.
    pub minimum_order_minor: Option<i64>,
    pub delivery_policy: DeliveryPolicy,
    /// The KAM wants to see every order, for this reason.
    pub review_note: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.owns(Column::Id)
    }
}
