//! Submitted orders.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CartId, OrderId, ShipToId, UserId};
use trade::money::Currency;
use trade::order::OrderState;

use crate::db::scope::{Scope, Visible};
use crate::db::words::{DeliveryPolicy, OrderSource, TrialArm};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub number: String,
    pub account_id: AccountId,
    pub cart_id: Option<CartId>,
    pub state: OrderState,
    pub source: OrderSource,
    pub ship_to_id: Option<ShipToId>,
    pub currency: Currency,
    pub net_minor: i64,
    pub tax_minor: i64,
    pub gross_minor: i64,
    /// Part of the net, beside the lines.
    pub freight_minor: i64,
    /// What promotions took off; the lines' net is after it.
    pub discount_minor: i64,
    pub bill_to_id: Option<AccountId>,
    pub lines_digest: String,
    pub delivery_policy: DeliveryPolicy,
    /// When its lines were taken back into a cart.
    pub taken_back_at: Option<i64>,
    pub line_count: i32,
    pub taxes: Json,
    pub addresses: Json,
    pub po_number: String,
    pub requested_date: Option<LocalDate>,
    pub note: String,
    pub payment_terms_days: i32,
    pub placed_at: i64,
    pub placed_on: LocalDate,
    pub placed_by: String,
    pub placed_by_id: Option<UserId>,
    pub on_behalf_of: Option<String>,
    pub cancel_reason: Option<String>,
    pub updated_at: i64,
    /// The arm of the suggestions' trial the account was in; none outside of one.
    pub trial_id: Option<Uuid>,
    pub trial_arm: Option<TrialArm>,
    /// From the visit's first request to the submit; none where nobody visited.
    pub visit_seconds: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.owns(Column::AccountId)
    }

    fn owner() -> Option<Column> {
        Some(Column::AccountId)
    }
}
