//! The order being built, and its checkout.

use serde::{Deserialize, Serialize};

use crate::catalogue::view::Availability;
use crate::stock::view::{SplitView, SubstituteView};
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{
    Address, Choice, Currency, Day, Instant, Message, Money, Paging, Totals, Unit, UnitPrice, eur,
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
    pub availability: Availability,
    /// What is there now and when the rest comes; none where all can be had at once.
    pub split: Option<SplitView>,
    /// What to take instead, where it is sold only from stock and there is less.
    pub substitutes: Vec<SubstituteView>,
    /// As [`crate::catalogue::view::ProductRow::alert`].
    pub alert: String,
    pub problem: Option<LineProblem>,
    pub added_by: String,
    pub added_at: Instant,
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

/// A line whose price moved between looking and ordering.
#[derive(Clone, Debug, Serialize)]
pub struct LineDifference {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    /// `None` where the line is new or has no price any more.
    pub old_total: Option<Money>,
    pub new_total: Option<Money>,
}

/// A line as checkout repeats it.
#[derive(Clone, Debug, Serialize)]
pub struct CheckoutLine {
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub unit_price: UnitPrice,
    pub price_unit: Unit,
    pub currency: Currency,
    pub total: Money,
    pub availability: Availability,
    /// As [`CartLineView::split`].
    pub split: Option<SplitView>,
}

/// `/checkout`. Fields: `idempotency_key`, `expected_total_minor`, `cart`, `shown`, `po_number`, `ship_to`,
/// `requested_date`, `note`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckoutPage {
    pub form: FormState,
    pub idempotency_key: String,
    /// The cart that is looked at.
    pub cart: String,
    /// The first lines; the cart's page has all of them.
    pub lines: Vec<CheckoutLine>,
    pub line_count: i64,
    /// What was shown, line by line, as the form carries it back.
    pub shown: String,
    pub totals: Totals,
    pub ship_tos: Vec<Choice>,
    pub bill_to: Address,
    pub earliest_date: Option<Day>,
    /// Days until payment is due; 0 is "on receipt".
    pub terms_days: i64,
    /// What may still be ordered on account; none without a limit, or where another account pays.
    pub remaining_credit: Option<Money>,
    /// Filled after a refusal because the total had changed.
    pub differences: Vec<LineDifference>,
    pub old_total: Option<Money>,
    /// What a person should know before pressing: held for review, goes out on back-order …
    pub notices: Vec<Message>,
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
            problem: Some(LineProblem {
                message: Message::new("problem-no-price"),
                nearest: vec![],
            }),
            ..line("l3", "DOG-PUP-03", "Puppy Chicken & Rice 3 kg")
        },
        CartLineView {
            problem: Some(LineProblem {
                message: Message::new("problem-delisted"),
                nearest: vec![],
            }),
            ..line("l4", "SNK-BIS-01", "Oat Biscuits Mixed 1 kg")
        },
    ]
}

impl View for CartPage {
    const TEMPLATE: &'static str = "pages/cart.html";

    fn samples() -> Vec<(&'static str, Self)> {
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
        let ready = Self {
            refused: vec![],
            return_to: String::new(),
            lines: sample_lines().into_iter().take(1).collect(),
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
                problem: LineProblem {
                    message: Message::new("problem-below-minimum").with("minimum", 12),
                    nearest: vec![12],
                },
            }],
            return_to: "/catalogue?q=terrine".into(),
            lines: sample_lines(),
            paging: Paging::new(1, 100, 347),
            problems: 3,
            reorder: Some(ReorderReport {
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
            }),
            can_checkout: false,
            ..ready.clone()
        };
        let empty = Self {
            lines: vec![],
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

impl View for CheckoutPage {
    const TEMPLATE: &'static str = "pages/checkout.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |sku: &str, name: &str| CheckoutLine {
            sku: sku.into(),
            name: name.into(),
            quantity: 24,
            unit: Unit::Case,
            unit_price: UnitPrice(33_500),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: eur(96_480),
            availability: Availability {
                state: "back-order".into(),
                quantity: 0,
                expected: Some("2026-03-19".into()),
            },
            split: Some(SplitView::sample()),
        };
        let first = Self {
            form: FormState::new()
                .value("po_number", "PO-4711")
                .value("ship_to", "s1"),
            idempotency_key: "0195-key".into(),
            cart: "0195-cart".into(),
            line_count: 1,
            shown: String::new(),
            lines: vec![
                line("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
                CheckoutLine {
                    split: None,
                    ..line("DOG-PUP-03", "Puppy Chicken & Rice 3 kg")
                },
            ],
            totals: Totals::sample(96_480, 18_331),
            ship_tos: sample_ship_tos(),
            bill_to: Address {
                name: "Corner Shop Hannover GmbH".into(),
                lines: vec!["Lange Str. 4".into(), "30159 Hannover".into(), "DE".into()],
            },
            earliest_date: Some("2026-03-14".into()),
            terms_days: 30,
            remaining_credit: Some(eur(1_240_000)),
            differences: vec![],
            old_total: None,
            notices: vec![Message::new("checkout-notice-back-order").with("lines", 1)],
        };
        let difference = |old, new| LineDifference {
            sku: "DOG-ADL-12".into(),
            name: "Adult Dog Beef & Barley 12 kg".into(),
            quantity: 24,
            unit: Unit::Case,
            old_total: old,
            new_total: new,
        };
        let changed = Self {
            differences: vec![
                difference(Some(eur(96_480)), Some(eur(99_360))),
                difference(Some(eur(8_000)), None),
            ],
            old_total: Some(eur(104_480)),
            terms_days: 0,
            remaining_credit: None,
            ..first.clone()
        };
        let refused = Self {
            form: first
                .form
                .clone()
                .error("requested_date", Message::new("error-date-past"))
                .error("ship_to", Message::new("error-required")),
            notices: vec![],
            ..first.clone()
        };
        vec![
            ("first look", first),
            ("prices moved", changed),
            ("refused", refused),
        ]
    }
}
