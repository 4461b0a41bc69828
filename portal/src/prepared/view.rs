//! A promotion's prepared order.

use std::collections::HashMap;

use serde::Serialize;

use super::lines::Line;
use super::standing::Over;
use crate::cart::view::{FreeLine, LineProblem};
use crate::catalogue::view::ProductRow;
use crate::home::view::Notice;
use crate::home::{price_at, prices};
use crate::web::page::View;
use crate::web::shape::{Day, Message, Money, UnitPrice, eur};

/// A line of it.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    pub row: ProductRow,
    /// The label that marks it as suggested; none where it was not.
    pub label: Option<String>,
    /// What is suggested, in order units.
    pub suggested: Option<i64>,
    /// What stands in the field, as typed.
    pub quantity: String,
    pub ticked: bool,
    /// The price of one at that quantity, and of all, before promotions; none where it is no
    /// quantity.
    pub unit_price: Option<UnitPrice>,
    pub total: Option<Money>,
    /// `from:price` of every step of its price, for reckoning on the page.
    pub prices: String,
    pub problem: Option<LineProblem>,
}

/// A line of which promotions take something off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    pub name: String,
    pub before: Money,
    pub net: Money,
}

/// `/promotions/{code}/order`. Its form: repeated `sku`, `unit`, `quantity`, `suggested`, and `tick`
/// with the article numbers of those that are ticked; `do` is `add`, or anything else to reckon.
#[derive(Clone, Debug, Serialize)]
pub struct PreparedPage {
    pub code: String,
    pub name: String,
    /// Exactly what it does.
    pub sentence: Message,
    /// Its last day; none where no end is set.
    pub last_day: Option<Day>,
    /// Whether the account usually takes any of it.
    pub usual: bool,
    /// The quantities are those it takes while the promotion lasts, ordered at once.
    pub ahead: bool,
    pub lines: Vec<LineView>,
    /// How many lines are reckoned.
    pub ticked: i64,
    /// What those cost before promotions.
    pub before: Money,
    /// What this promotion takes off.
    pub saving: Money,
    /// What other promotions take off.
    pub others: Money,
    /// What comes along free with it is worth so much.
    pub along: Money,
    pub free: Vec<FreeLine>,
    /// What the lines cost with everything that is in force.
    pub net: Money,
    pub taken: Vec<Taken>,
    /// What is missing for it to give something, or more.
    pub near: Option<Message>,
    /// Decimals of the currency, for reckoning on the page.
    pub digits: u32,
    /// Blocked accounts may look but not order.
    pub can_order: bool,
    /// Lines in the cart already.
    pub cart_lines: i64,
    /// What the last press of a button did.
    pub notice: Option<Notice>,
}

/// What stands in place of a promotion that gives the account nothing.
#[derive(Clone, Debug, Serialize)]
pub struct OverPage {
    /// `not-yet`, `ended`, `used` or `not-for-you`.
    pub why: &'static str,
    /// The day it begins, or its last.
    pub day: Option<Day>,
    /// What was about to be ordered: article number, unit, quantity.
    pub lines: Vec<(String, String, String)>,
}

impl OverPage {
    /// With what was about to be ordered.
    #[must_use]
    pub fn new(over: Over, lines: Vec<(String, String, String)>) -> Self {
        let (why, day) = match over {
            Over::NotYet(day) => ("not-yet", Some(day)),
            Over::Ended(day) => ("ended", day),
            Over::Used => ("used", None),
            Over::NotForYou => ("not-for-you", None),
        };
        Self { why, day, lines }
    }
}

impl LineView {
    /// The lines that have a price, or that somebody typed something into.
    pub(super) fn all(
        lines: Vec<Line>,
        rows: &HashMap<String, ProductRow>,
        problems: &mut HashMap<String, LineProblem>,
    ) -> Vec<Self> {
        let shown = lines.into_iter().filter_map(|line| {
            let mut row = rows.get(&line.sku)?.clone();
            // The page is about one promotion.
            row.offers.clear();
            let count: Option<i64> = line.quantity.parse().ok();
            let problem = problems.remove(&line.sku);
            let unit_price = count.and_then(|count| price_at(&row.price, count));
            let total = count.zip(unit_price).and_then(|(count, price)| {
                let total = price.line_total(count, row.price.currency);
                total.ok().filter(|_| problem.is_none())
            });
            Some(Self {
                label: line.label,
                suggested: line.suggested,
                quantity: line.quantity,
                ticked: line.ticked,
                unit_price,
                total,
                prices: prices(&row.price, row.min),
                problem,
                row,
            })
        });
        shown.collect()
    }
}

impl View for PreparedPage {
    const TEMPLATE: &'static str = "pages/prepared/order.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |(at, row): (usize, ProductRow)| LineView {
            label: Some(format!("promotion:24:{}", row.sku)),
            suggested: Some(2),
            quantity: if at == 1 { "7" } else { "2" }.into(),
            ticked: at < 2,
            unit_price: row.price.unit_price,
            total: (at != 1).then(|| eur(24_120)),
            prices: "2:1206000 6:1100000".into(),
            problem: (at == 1).then(|| LineProblem {
                message: Message::new("problem-below-minimum").with("minimum", 12),
                nearest: vec![12],
            }),
            row,
        };
        let rows = ProductRow::sample_rows().into_iter().take(3);
        let page = Self {
            code: "SPRING".into(),
            name: "Spring offer".into(),
            sentence: Message::plain("10 % off everything by Feldhof, from 6 cases on."),
            last_day: Some("2026-03-31".into()),
            usual: true,
            ahead: false,
            lines: rows.enumerate().map(line).collect(),
            ticked: 1,
            before: eur(24_120),
            saving: eur(2_412),
            others: eur(100),
            along: eur(1_240),
            free: vec![FreeLine {
                sku: "CAT-WET-85".into(),
                name: "Cat Terrine Salmon 85 g".into(),
                quantity: 1,
                unit: crate::web::shape::Unit::Case,
                promotion: "Spring offer".into(),
                worth_nothing: eur(0),
            }],
            net: eur(21_608),
            taken: vec![Taken {
                name: "Adult Dog Beef & Barley 12 kg".into(),
                before: eur(24_120),
                net: eur(21_608),
            }],
            near: None,
            digits: 2,
            can_order: true,
            cart_lines: 3,
            notice: None,
        };
        let new = Self {
            usual: false,
            ticked: 0,
            before: eur(0),
            saving: eur(0),
            others: eur(0),
            along: eur(0),
            free: vec![],
            net: eur(0),
            taken: vec![],
            last_day: None,
            cart_lines: 0,
            can_order: false,
            ..page.clone()
        };
        let near = Self {
            saving: eur(0),
            along: eur(0),
            free: vec![],
            near: Some(Message::plain("Add 4 cases to get 1 case free.")),
            ahead: true,
            notice: Some(Notice {
                kind: crate::web::page::FlashKind::Warning,
                message: Message::new("home-added-partly")
                    .with("count", 2)
                    .with("refused", 1),
                undo: None,
                to_cart: true,
            }),
            ..page.clone()
        };
        vec![("usual", page), ("nothing usual", new), ("near", near)]
    }
}

impl View for OverPage {
    const TEMPLATE: &'static str = "pages/prepared/over.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let day = || "2026-03-31".to_owned();
        let lines = vec![("DOG-ADL-12".into(), "XCS".into(), "2".into())];
        vec![
            ("ended", Self::new(Over::Ended(Some(day())), lines)),
            ("stopped", Self::new(Over::Ended(None), vec![])),
            ("not yet", Self::new(Over::NotYet(day()), vec![])),
            ("used", Self::new(Over::Used, vec![])),
            ("not for you", Self::new(Over::NotForYou, vec![])),
        ]
    }
}
