//! The KAM's desk: what came in today, and how much of it without anybody's help.

use serde::Serialize;

use crate::orders::view::OrderRow;
use crate::web::page::View;
use crate::web::shape::{Money, eur};

/// `/kam`. The block `flow` is the live list.
#[derive(Clone, Debug, Serialize)]
pub struct DeskPage {
    pub first_name: String,
    pub orders_today: i64,
    pub value_today: Money,
    /// Over the last 30 days, in basis points; `None` where nothing was ordered.
    pub self_service_orders_bp: Option<i64>,
    pub self_service_value_bp: Option<i64>,
    /// Those the person who asks decides.
    pub open_holds: i64,
    pub accounts: i64,
    /// Today's orders, newest first.
    pub flow: Vec<OrderRow>,
    /// Order number that came in last, to mark it; empty where none.
    pub newest: String,
}

impl View for DeskPage {
    const TEMPLATE: &'static str = "pages/kam/desk.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            first_name: "Karl".into(),
            orders_today: 7,
            value_today: eur(1_693_020),
            self_service_orders_bp: Some(7340),
            self_service_value_bp: Some(6810),
            open_holds: 2,
            accounts: 24,
            flow: OrderRow::samples(),
            newest: "100240".into(),
        };
        let quiet = Self {
            orders_today: 0,
            value_today: eur(0),
            self_service_orders_bp: None,
            self_service_value_bp: None,
            open_holds: 0,
            flow: vec![],
            newest: String::new(),
            ..page.clone()
        };
        vec![("busy", page), ("quiet", quiet)]
    }
}
