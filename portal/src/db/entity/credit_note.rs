//! Credit notes.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CreditNoteId};
use trade::money::Currency;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreditNoteId,
    pub number: String,
    pub account_id: AccountId,
    pub issued_at: i64,
    pub issued_on: LocalDate,
    pub currency: Currency,
    pub net_minor: i64,
    pub line_count: i32,
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
