//! The buyer's morning.

use serde::Serialize;

use crate::catalogue::view::ProductRow;
use crate::orders::view::OrderRow;
use crate::web::page::View;

/// `/` for a buyer, or for a KAM who acts for an account.
#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    pub first_name: String,
    /// Not closed yet, newest first.
    pub open_orders: Vec<OrderRow>,
    /// The last orders, with "Order again".
    pub last_orders: Vec<OrderRow>,
    /// Recently bought, each with its last quantity.
    pub usual: Vec<ProductRow>,
    /// Lines in the cart right now.
    pub cart_lines: i64,
    /// Wrong rows waiting in quick order.
    pub quick_order_problems: i64,
    pub is_new: bool,
}

impl View for HomePage {
    const TEMPLATE: &'static str = "pages/home.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            first_name: "Britta".into(),
            open_orders: OrderRow::samples().into_iter().take(2).collect(),
            last_orders: OrderRow::samples(),
            usual: ProductRow::sample_rows()
                .into_iter()
                .filter(|row| row.last_order.is_some())
                .collect(),
            cart_lines: 3,
            quick_order_problems: 2,
            is_new: false,
        };
        let new = Self {
            open_orders: vec![],
            last_orders: vec![],
            usual: vec![],
            cart_lines: 0,
            quick_order_problems: 0,
            is_new: true,
            ..full.clone()
        };
        vec![("usual", full), ("new account", new)]
    }
}
