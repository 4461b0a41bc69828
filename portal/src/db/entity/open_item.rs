//! Invoices, credit notes and payments that are not settled, as the ERP knows them.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, OpenItemId};
use trade::money::{BasisPoints, Currency};

use crate::db::scope::{Scope, Visible};
use crate::db::words::OpenItemKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpenItemId,
    pub account_id: AccountId,
    pub number: String,
    pub kind: OpenItemKind,
    pub order_number: Option<String>,
    pub issued_on: LocalDate,
    pub due_on: LocalDate,
    pub currency: Currency,
    pub amount_minor: i64,
    pub open_minor: i64,
    pub early_payment_on: Option<LocalDate>,
    pub early_payment_discount: BasisPoints,
    pub updated_at: i64,
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
