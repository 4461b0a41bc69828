//! The order being built, and its checkout.

mod checkout;

pub use checkout::{CheckoutLine, CheckoutPage, LineDifference, WaitView};
use serde::{Deserialize, Serialize};

use crate::catalogue::view::Availability;
use crate::db::words::SuggestionList;
use crate::pricing::view::{ByHandView, PromotionStep};
use crate::stock::view::{SplitView, SubstituteView};
use crate::suggestions::picks::Pick;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{
    Choice, Currency, Day, Instant, Message, Money, Paging, Totals, Unit, UnitPrice, eur,
};

/// What keeps a line from being ordered, and the quantities that would do.
#[derive(Clone, Debug, Serialize)]
pub struct LineProblem {
    pub message: Message,
    pub nearest: Vec<i64>,
}

/// One line of the cart.
#[derive(Clone, Debug, Serialize)]
pub struct CartLineView {
    pub id: String,
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    /// Base units in the ordered unit, and the base unit.
    pub factor: i64,
    pub base_unit: Unit,
    pub min: i64,
    pub step: i64,
    pub unit_price: Option<UnitPrice>,
    pub list_price: Option<UnitPrice>,
    pub price_unit: Unit,
    pub currency: Currency,
    pub total: Option<Money>,
    /// The total before promotions, where they take something off.
    pub before: Option<Money>,
    /// Which of them takes off how much.
    pub promotions: Vec<PromotionStep>,
    pub by_hand: Option<ByHandView>,
    pub availability: Availability,
    /// What is there now and when the rest comes; none where all can be had at once.
    pub split: Option<SplitView>,
    /// What to take instead, where it is sold only from stock and there is less.
    pub substitutes: Vec<SubstituteView>,
    /// As [`crate::catalogue::view::ProductRow::alert`].
    pub alert: String,
    pub problem: Option<LineProblem>,
    /// What is usually ordered, where this is far from it.
    pub usual: Option<i64>,
    /// The form to set the price, as typed where it was refused; for staff who may.
    pub price_form: Option<FormState>,
    pub added_by: String,
    pub added_at: Instant,
}

/// Goods that come along at no charge.
#[derive(Clone, Debug, Serialize)]
pub struct FreeLine {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    /// The promotion they come with.
    pub promotion: String,
    pub worth_nothing: Money,
}

/// A line that one button adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddLine {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub quantity: i64,
}

/// A promotion that is near, and what would reach it.
#[derive(Clone, Debug, Serialize)]
pub struct NearView {
    pub code: String,
    pub name: String,
    pub message: Message,
    /// What its button adds; empty where only looking helps.
    pub adds: Vec<AddLine>,
}

/// How far the cart is from a value.
#[derive(Clone, Debug, Serialize)]
pub struct Progress {
    /// `minimum` or `freight`.
    pub kind: String,
    pub goal: Money,
    pub reached: Money,
    /// Zero where it is reached.
    pub missing: Money,
    pub percent: i64,
}

/// What a reorder dropped, changed or replaced, and why. Kept with the cart as it stands here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReorderReport {
    pub order_number: String,
    pub lines: Vec<ReorderNote>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReorderNote {
    /// `dropped`, `changed`, `substituted` or `price-changed`.
    pub kind: String,
    pub sku: String,
    pub name: String,
    pub reason: Message,
}

/// A line that was to be added and was not: kept as typed, to be corrected where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedLine {
    pub sku: String,
    /// None where there is no such product.
    pub name: Option<String>,
    /// As typed.
    pub quantity: String,
    /// The unit's code, or what was typed for one.
    pub unit: String,
    /// The label of the suggestion it came from, to be sent again with it.
    pub suggested: Option<String>,
    pub problem: LineProblem,
}

/// `/cart`. The details form has `ship_to`, `po_number`, `requested_date`, `note`.
#[derive(Clone, Debug, Serialize)]
pub struct CartPage {
    /// Lines that were to be added with this request and were not.
    pub refused: Vec<RefusedLine>,
    /// The page they were added from; empty where there is none to go back to.
    pub return_to: String,
    /// One page of the lines; those with a problem come first where there is more than one page.
    pub lines: Vec<CartLineView>,
    pub free: Vec<FreeLine>,
    pub near: Vec<NearView>,
    /// The minimum order value and free freight, where there are such.
    pub progress: Vec<Progress>,
    /// Usually ordered and not in the cart, what is due first.
    pub forgotten: Vec<Pick>,
    /// Goes with what is in the cart.
    pub goes_with: Vec<Pick>,
    /// Of an empty cart: the account has ordered before, and its usual order stands ready.
    pub has_usual: bool,
    pub paging: Paging,
    /// Over all pages.
    pub problems: i64,
    pub details: FormState,
    pub ship_tos: Vec<Choice>,
    pub earliest_date: Option<Day>,
    pub totals: Option<Totals>,
    pub last_changed_by: Option<String>,
    pub last_changed_at: Option<Instant>,
    pub reorder: Option<ReorderReport>,
    /// The account may look but not order.
    pub blocked: bool,
    pub can_checkout: bool,
}

impl CartLineView {
    pub fn sample(id: &str, sku: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            sku: sku.into(),
            name: name.into(),
            quantity: 24,
            unit: Unit::Case,
            factor: 12,
            base_unit: Unit::Piece,
            min: 2,
            step: 2,
            unit_price: Some(UnitPrice(33_500)),
            list_price: Some(UnitPrice(39_900)),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: Some(eur(96_480)),
            availability: Availability {
                state: "in-stock".into(),
                quantity: 480,
                expected: None,
            },
            before: Some(eur(97_720)),
            promotions: vec![PromotionStep {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                discount: eur(1_240),
            }],
            by_hand: None,
            usual: None,
            price_form: None,
            split: None,
            substitutes: Vec::new(),
            alert: String::new(),
            problem: None,
            added_by: "Britta Becker".into(),
            added_at: 1_773_298_800_000,
        }
    }
}

fn sample_ship_tos() -> Vec<Choice> {
    vec![
        Choice::new("s1", "Store Hannover, Lange Str. 4", true),
        Choice::new("s2", "Warehouse Celle, Hafenweg 11", false),
    ]
}

fn sample_lines() -> Vec<CartLineView> {
    let line = CartLineView::sample;
    vec![
        line("l1", "DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
        CartLineView {
            quantity: 30,
            step: 12,
            problem: Some(LineProblem {
                message: Message::new("problem-off-multiple")
                    .with("step", 12)
                    .with("below", 24)
                    .with("above", 36),
                nearest: vec![24, 36],
            }),
            split: Some(SplitView::sample()),
            substitutes: vec![SubstituteView::sample()],
            alert: "offer".into(),
            ..line("l2", "CAT-WET-85", "Cat Terrine Salmon 85 g")
        },
        CartLineView {
            unit_price: None,
            list_price: None,
            total: None,
            before: None,
            promotions: vec![],
            price_form: Some(
                FormState::new()
                    .value("price", "3,3x")
                    .error("price", Message::new("error-price")),
            ),
            problem: Some(LineProblem {
                message: Message::new("problem-no-price"),
                nearest: vec![],
            }),
            ..line("l3", "DOG-PUP-03", "Puppy Chicken & Rice 3 kg")
        },
        CartLineView {
            usual: Some(12),
            by_hand: Some(ByHandView {
                by: "Karl Kamp".into(),
                reason: Some("Agreed by telephone".into()),
                instead_of: Some(UnitPrice(39_900)),
            }),
            problem: Some(LineProblem {
                message: Message::new("problem-delisted"),
                nearest: vec![],
            }),
            ..line("l4", "SNK-BIS-01", "Oat Biscuits Mixed 1 kg")
        },
    ]
}

fn sample_free() -> Vec<FreeLine> {
    vec![FreeLine {
        sku: "CAT-PAT-85".into(),
        name: "Cat Pâté 85 g".into(),
        quantity: 2,
        unit: Unit::Case,
        promotion: "Pâté week".into(),
        worth_nothing: eur(0),
    }]
}

fn sample_progress() -> Vec<Progress> {
    let progress = |kind: &str, goal, missing| Progress {
        kind: kind.into(),
        goal: eur(goal),
        reached: eur(goal - missing),
        missing: eur(missing),
        percent: (goal - missing) * 100 / goal,
    };
    vec![
        progress("minimum", 7_500, 2_100),
        progress("freight", 15_000, 0),
    ]
}

impl NearView {
    fn sample() -> Self {
        Self {
            code: "SPRING".into(),
            name: "Spring offer".into(),
            message: Message::plain("Add 6 cases to get 1 case free."),
            adds: vec![AddLine {
                sku: "DOG-ADL-12".into(),
                name: "Adult Dog Beef & Barley 12 kg".into(),
                unit: Unit::Case,
                quantity: 6,
            }],
        }
    }
}

impl ReorderReport {
    fn sample() -> Self {
        let note = |kind: &str, sku: &str, name: &str, reason: Message| ReorderNote {
            kind: kind.into(),
            sku: sku.into(),
            name: name.into(),
            reason,
        };
        let became = |key: &str, before: &str, after: &str| {
            Message::new(key)
                .with("before", before)
                .with("after", after)
        };
        let instead = Message::new("reorder-substitute").with("sku", "SNK-01");
        Self {
            order_number: "100231".into(),
            lines: vec![
                note(
                    "dropped",
                    "OLD-01",
                    "Old Biscuits",
                    Message::new("problem-delisted"),
                ),
                note(
                    "changed",
                    "CAT-WET-85",
                    "Cat Terrine",
                    became("reorder-quantity", "30", "36"),
                ),
                note(
                    "price-changed",
                    "DOG-ADL-12",
                    "Adult Dog",
                    became("reorder-price", "€3.35", "€3.42"),
                ),
                note("substituted", "SNK-02", "Snacks", instead),
            ],
        }
    }
}

impl View for CartPage {
    const TEMPLATE: &'static str = "pages/cart.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let ready = Self {
            refused: vec![],
            return_to: String::new(),
            lines: sample_lines().into_iter().take(1).collect(),
            free: sample_free(),
            near: vec![NearView::sample()],
            progress: sample_progress(),
            forgotten: vec![Pick::sample(
                SuggestionList::Forgotten,
                "CAT-WET-85",
                "Cat Terrine Salmon 85 g",
            )],
            goes_with: vec![Pick::sample(
                SuggestionList::GoesWith,
                "SNK-BIS-01",
                "Oat Biscuits Mixed 1 kg",
            )],
            has_usual: false,
            paging: Paging::new(1, 100, 1),
            problems: 0,
            details: FormState::new()
                .value("po_number", "PO-4711")
                .value("ship_to", "s1"),
            ship_tos: sample_ship_tos(),
            earliest_date: Some("2026-03-14".into()),
            totals: Some(Totals::sample(96_480, 18_331)),
            last_changed_by: Some("Anton Arndt".into()),
            last_changed_at: Some(1_773_298_800_000),
            reorder: None,
            blocked: false,
            can_checkout: true,
        };
        let faulty = Self {
            refused: vec![RefusedLine {
                sku: "CAT-WET-85".into(),
                name: Some("Cat Terrine Salmon 85 g".into()),
                quantity: "7".into(),
                unit: "XCS".into(),
                suggested: Some("new:144:CAT-WET-85".into()),
                problem: LineProblem {
                    message: Message::new("problem-below-minimum").with("minimum", 12),
                    nearest: vec![12],
                },
            }],
            return_to: "/catalogue?q=terrine".into(),
            lines: sample_lines(),
            near: vec![NearView {
                code: "YEAR".into(),
                name: "Year end".into(),
                message: Message::plain("Add €40.00 to get 5 % off."),
                adds: vec![],
            }],
            paging: Paging::new(1, 100, 347),
            problems: 3,
            reorder: Some(ReorderReport::sample()),
            can_checkout: false,
            ..ready.clone()
        };
        let empty = Self {
            lines: vec![],
            free: vec![],
            near: vec![],
            progress: vec![],
            forgotten: vec![],
            goes_with: vec![],
            has_usual: true,
            paging: Paging::new(1, 100, 0),
            totals: None,
            last_changed_by: None,
            last_changed_at: None,
            can_checkout: false,
            ..ready.clone()
        };
        vec![("ready", ready), ("faulty", faulty), ("empty", empty)]
    }
}
