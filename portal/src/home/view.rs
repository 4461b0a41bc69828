//! The buyer's morning.

use serde::Serialize;

use super::bars::Bars;
use crate::cart::view::LineProblem;
use crate::catalogue::view::ProductRow;
use crate::orders::view::OrderRow;
use crate::suggestions::promotions::Fitting;
use crate::suggestions::words::ReasonView;
use crate::web::page::{FlashKind, View};
use crate::web::shape::{Arg, Message, Money, UnitPrice, eur};

/// `/` for a buyer, or for a KAM who acts for an account.
#[derive(Clone, Debug, Serialize)]
pub struct HomePage {
    pub first_name: String,
    /// Not closed yet, newest first.
    pub open_orders: Vec<OrderRow>,
    /// The last orders, with "Order again".
    pub last_orders: Vec<OrderRow>,
    /// The order as it is suggested; none where nothing is.
    pub desk: Option<OrderDesk>,
    /// New items worth trying.
    pub tries: Vec<TryRow>,
    /// Promotions that fit the account, the best first.
    pub fitting: Vec<Fitting>,
    /// Blocked accounts may look but not order.
    pub can_order: bool,
    /// Recently bought, each with its last quantity: where there is no desk.
    pub usual: Vec<ProductRow>,
    /// How many products the company does not want suggested.
    pub dismissed: i64,
    /// What the last press of a button did.
    pub notice: Option<Notice>,
    /// Lines in the cart right now.
    pub cart_lines: i64,
    /// Wrong rows waiting in quick order.
    pub quick_order_problems: i64,
    pub is_new: bool,
}

/// The suggested order, ready to be changed and sent to the cart.
#[derive(Clone, Debug, Serialize)]
pub struct OrderDesk {
    /// Whether it is what others begin with, for an account that never ordered.
    pub begins: bool,
    pub lines: Vec<DeskLine>,
    /// Due by their rhythm, though not part of the usual order.
    pub also: Vec<DeskLine>,
    /// How many lines are ticked.
    pub ticked: i64,
    /// What those come to, net.
    pub total: Money,
    /// Decimals of the currency, for reckoning on the page.
    pub digits: u32,
}

/// One line of it.
#[derive(Clone, Debug, Serialize)]
pub struct DeskLine {
    pub row: ProductRow,
    /// The label that marks it as suggested; none where it was not.
    pub label: Option<String>,
    /// What is suggested, in order units.
    pub suggested: i64,
    /// What stands in the field, as typed.
    pub quantity: String,
    pub ticked: bool,
    /// The price of one at that quantity, and of all; none where it is no quantity.
    pub unit_price: Option<UnitPrice>,
    pub total: Option<Money>,
    /// `from:price` of every step of its price, for reckoning on the page.
    pub prices: String,
    pub reasons: Vec<ReasonView>,
    /// When it is due, where that is soon or over.
    pub due: Option<Due>,
    pub bars: Option<Bars>,
    /// That there is less than is usual.
    pub short: Option<Message>,
    pub instead: Vec<TryRow>,
    pub problem: Option<LineProblem>,
}

/// When a line is due by its rhythm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    pub overdue: bool,
    pub text: Message,
}

/// An item that can be added with one press.
#[derive(Clone, Debug, Serialize)]
pub struct TryRow {
    pub row: ProductRow,
    /// In order units.
    pub quantity: i64,
    pub label: String,
    pub reasons: Vec<ReasonView>,
}

/// What a press of a button did.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    pub kind: FlashKind,
    pub message: Message,
    /// The product whose dismissal can be undone.
    pub undo: Option<String>,
    /// Whether something is in the cart now.
    pub to_cart: bool,
}

impl View for HomePage {
    const TEMPLATE: &'static str = "pages/home.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            first_name: "Britta".into(),
            open_orders: OrderRow::samples().into_iter().take(2).collect(),
            last_orders: OrderRow::samples(),
            desk: Some(OrderDesk::sample(false)),
            tries: sample_tries(),
            fitting: Fitting::samples(),
            can_order: true,
            usual: vec![],
            dismissed: 2,
            notice: None,
            cart_lines: 3,
            quick_order_problems: 2,
            is_new: false,
        };
        let notice = |kind, message, undo: Option<&str>, to_cart| Notice {
            kind,
            message,
            undo: undo.map(str::to_owned),
            to_cart,
        };
        let mut refused = full.clone();
        refused.notice = Some(notice(
            FlashKind::Warning,
            Message::new("home-added-partly")
                .with("count", 2)
                .with("refused", 1),
            None,
            true,
        ));
        if let Some(line) = refused.desk.as_mut().and_then(|desk| desk.lines.get_mut(0)) {
            line.quantity = "7".into();
            line.total = None;
            line.problem = Some(LineProblem {
                message: Message::new("problem-below-minimum").with("minimum", 12),
                nearest: vec![12],
            });
        }
        let mut dismissed = full.clone();
        dismissed.notice = Some(notice(
            FlashKind::Good,
            Message::new("dismiss-done")
                .with("name", "Oat Biscuits Mixed 1 kg")
                .with(
                    "date",
                    Arg::Date {
                        date: "2026-03-28".into(),
                    },
                ),
            Some("SNK-BIS-01"),
            false,
        ));
        let plain = Self {
            desk: None,
            tries: vec![],
            fitting: vec![],
            usual: ProductRow::sample_rows()
                .into_iter()
                .filter(|row| row.last_order.is_some())
                .collect(),
            dismissed: 0,
            ..full.clone()
        };
        let cold = Self {
            open_orders: vec![],
            last_orders: vec![],
            desk: Some(OrderDesk::sample(true)),
            tries: vec![],
            fitting: vec![],
            dismissed: 0,
            cart_lines: 0,
            quick_order_problems: 0,
            ..full.clone()
        };
        let new = Self {
            desk: None,
            is_new: true,
            ..cold.clone()
        };
        vec![
            ("usual", full),
            ("refused", refused),
            ("dismissed", dismissed),
            ("without suggestions", plain),
            ("cold", cold),
            ("new account", new),
        ]
    }
}

fn sample_reasons() -> Vec<ReasonView> {
    let text = |kind, text: Message| ReasonView {
        kind,
        text: text.with("reader", "buyer"),
    };
    vec![
        text(
            "often_ordered",
            Message::new("reason-often-ordered")
                .with("times", 6)
                .with("of", 8)
                .with("all", "no"),
        ),
        text(
            "rhythm",
            Message::new("reason-rhythm")
                .with("every", 14)
                .with("ago", 16),
        ),
    ]
}

fn sample_tries() -> Vec<TryRow> {
    let rows = ProductRow::sample_rows().into_iter().skip(4);
    rows.map(|row| TryRow {
        label: format!("new:12:{}", row.sku),
        quantity: row.min,
        reasons: vec![ReasonView {
            kind: "like_accounts",
            text: Message::new("reason-like")
                .with("buyers", 14)
                .with("of", 30)
                .with("reader", "buyer"),
        }],
        row,
    })
    .collect()
}

impl OrderDesk {
    fn sample(begins: bool) -> Self {
        let rows = ProductRow::sample_rows().into_iter();
        let lines: Vec<DeskLine> = rows
            .filter(|row| row.price.unit_price.is_some())
            .enumerate()
            .map(|(at, row)| DeskLine::sample(at, row, begins))
            .collect();
        let also = if begins {
            vec![]
        } else {
            lines.iter().skip(3).cloned().map(DeskLine::other).collect()
        };
        let lines: Vec<DeskLine> = lines.into_iter().take(3).collect();
        Self {
            begins,
            ticked: i64::try_from(lines.iter().filter(|line| line.ticked).count()).unwrap_or(0),
            lines,
            also,
            total: eur(48_240),
            digits: 2,
        }
    }
}

impl DeskLine {
    fn sample(at: usize, row: ProductRow, begins: bool) -> Self {
        let due = Due {
            overdue: at == 0,
            text: if at == 0 {
                Message::new("home-overdue").with("days", 2)
            } else {
                Message::new("home-due").with("days", 0)
            },
        };
        Self {
            label: Some(format!("usual:24:{}", row.sku)),
            suggested: 2,
            quantity: "2".into(),
            ticked: !begins && at != 1,
            unit_price: row.price.unit_price,
            total: Some(eur(24_120)),
            prices: "2:1206000 6:1100000".into(),
            reasons: sample_reasons(),
            due: (at < 2 && !begins).then_some(due),
            bars: (!begins).then(|| Bars::new(row.order_unit, &[24, 0, 24, 48, 0, 24, 24, 24])),
            short: (at == 2).then(|| Message::new("home-short-later").with("available", 0)),
            instead: if at == 2 {
                sample_tries().into_iter().take(1).collect()
            } else {
                vec![]
            },
            problem: None,
            row,
        }
    }

    /// The same of another product, for samples.
    fn other(mut self) -> Self {
        self.ticked = false;
        self
    }
}
