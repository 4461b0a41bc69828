//! The accounts of a promotion by what is expected of them, as a page shows them.

use serde::Serialize;

use crate::suggestions::words::ReasonView;
use crate::web::page::View;
use crate::web::shape::{Message, Money, Paging, Query, Unit, eur};

/// `/kam/promotions/{id}/accounts`.
#[derive(Clone, Debug, Serialize)]
pub struct RankedPage {
    pub id: String,
    pub name: String,
    pub code: String,
    pub state: String,
    /// Whether there is a model to ask.
    pub is_ready: bool,
    /// Accounts it reaches, of those the reader sees.
    pub reached: i64,
    /// How many of them were ranked at most, where those are fewer.
    pub most: Option<i64>,
    pub rows: Vec<RankedRow>,
    pub query: Query,
    pub paging: Paging,
}

/// An account, and what is expected of it.
#[derive(Clone, Debug, Serialize)]
pub struct RankedRow {
    pub number: String,
    pub name: String,
    pub city: String,
    /// Sales expected beyond those without the promotion, less what it gives; may be below zero.
    pub value: Money,
    /// What the account saves on its usual quantities.
    pub saving: Money,
    /// Of the highest value.
    pub permille: i64,
    pub items: Vec<ExpectedItem>,
    /// Why it is likely to order the first of them.
    pub reasons: Vec<ReasonView>,
}

/// An item an account is likely to order.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedItem {
    pub sku: String,
    pub name: String,
    pub pieces: i64,
    pub unit: Unit,
}

impl View for RankedPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/accounts.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let item = ExpectedItem {
            sku: "DOG-ADL-12".into(),
            name: "Adult lamb and rice 12 kg".into(),
            pieces: 48,
            unit: Unit::Piece,
        };
        let row = |number: &str, name: &str, value: i64, permille: i64| RankedRow {
            number: number.into(),
            name: name.into(),
            city: "Hannover".into(),
            value: eur(value),
            saving: eur(2_490),
            permille,
            items: vec![item.clone()],
            reasons: vec![ReasonView {
                kind: "often_ordered",
                text: Message::new("reason-like")
                    .with("buyers", 14)
                    .with("of", 30)
                    .with("reader", "staff"),
            }],
        };
        let some = Self {
            id: "0190b7a4-0000-7000-8000-000000000001".into(),
            name: "Spring of the dogs".into(),
            code: "SPRING-DOGS".into(),
            state: "running".into(),
            is_ready: true,
            reached: 812,
            most: Some(500),
            rows: vec![
                row("10001", "Corner Shop Hannover", 18_420, 1_000),
                row("10002", "Tierwelt Braunschweig", 6_110, 331),
                row("10003", "Zoo Zeven", -1_250, 0),
            ],
            query: Query::new(),
            paging: Paging::new(1, 50, 431),
        };
        let none = Self {
            rows: vec![],
            most: None,
            reached: 3,
            paging: Paging::new(1, 50, 0),
            ..some.clone()
        };
        let not_ready = Self {
            is_ready: false,
            ..none.clone()
        };
        vec![("some", some), ("none", none), ("no model", not_ready)]
    }
}
