//! The mail that the usual order is due.

use serde::Serialize;

use crate::web::page::View;
use crate::web::shape::{Currency, Message, Money, Unit, UnitPrice, eur};

/// An item as it stands ready on the order desk.
#[derive(Clone, Debug, Serialize)]
pub struct UsualLine {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub currency: Currency,
    pub net: Money,
    /// Its own time has come.
    pub due: bool,
    /// The strongest reason.
    pub reason: Option<Message>,
}

/// To those of a retailer who want to be reminded.
#[derive(Clone, Debug, Serialize)]
pub struct UsualOrderDueMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub every: i64,
    pub ago: i64,
    pub lines: Vec<UsualLine>,
    /// Items of the order that are not shown.
    pub more: i64,
    /// Items in all, and what they come to.
    pub count: i64,
    pub total: Money,
    pub link: String,
}

impl View for UsualOrderDueMail {
    const TEMPLATE: &'static str = "emails/usual_order_due";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |sku: &str, name: &str, due| UsualLine {
            sku: sku.into(),
            name: name.into(),
            quantity: 2,
            unit: Unit::Case,
            unit_price: UnitPrice(402_000),
            currency: Currency::EUR,
            net: eur(8_040),
            due,
            reason: Some(
                Message::new("reason-rhythm")
                    .with("reader", "buyer")
                    .with("every", 14)
                    .with("ago", 16),
            ),
        };
        let long = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            account_name: "Corner Shop Hannover".into(),
            every: 14,
            ago: 16,
            lines: vec![
                line("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg", true),
                line("CAT-WET-85", "Cat Salmon in Jelly 85 g", false),
            ],
            more: 3,
            count: 5,
            total: eur(41_200),
            link: "https://kontor.example/".into(),
        };
        let short = Self {
            more: 0,
            count: 2,
            total: eur(16_080),
            ..long.clone()
        };
        vec![("with more", long), ("whole", short)]
    }
}
