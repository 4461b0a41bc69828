//! The mail that an item is back.

use serde::Serialize;

use crate::web::page::View;
use crate::web::shape::{Currency, Unit, UnitPrice};

/// To whoever asked to be told, with their own price.
#[derive(Clone, Debug, Serialize)]
pub struct BackInStockMail {
    pub brand_name: String,
    pub name: String,
    pub product: String,
    pub sku: String,
    /// In order units.
    pub available: i64,
    /// The least that can be ordered, in order units.
    pub least: i64,
    pub unit: Unit,
    pub unit_price: Option<UnitPrice>,
    pub currency: Currency,
    pub link: String,
}

impl View for BackInStockMail {
    const TEMPLATE: &'static str = "emails/back_in_stock";

    fn samples() -> Vec<(&'static str, Self)> {
        let priced = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            product: "Adult Dog Beef & Barley 12 kg".into(),
            sku: "DOG-ADL-12".into(),
            available: 480,
            least: 2,
            unit: Unit::Case,
            unit_price: Some(UnitPrice(33_500)),
            currency: Currency::EUR,
            link: "https://orders.example.com/products/DOG-ADL-12".into(),
        };
        let on_request = Self {
            unit_price: None,
            ..priced.clone()
        };
        vec![("with a price", priced), ("price on request", on_request)]
    }
}
