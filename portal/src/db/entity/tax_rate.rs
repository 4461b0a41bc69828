//! VAT rates by country, class and date.

use sea_orm::entity::prelude::*;
use trade::calendar::LocalDate;
use trade::money::BasisPoints;
use trade::tax::TaxClass;

use crate::db::scope::{Scope, Visible};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tax_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub country: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tax_class: TaxClass,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: LocalDate,
    pub rate: BasisPoints,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Visible for Entity {
    fn visible_to(scope: &Scope) -> sea_orm::Condition {
        scope.everyone()
    }
}
