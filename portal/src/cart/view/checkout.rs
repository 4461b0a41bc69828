//! Checkout as a page.

use serde::Serialize;

use super::{FreeLine, sample_free, sample_ship_tos};
use crate::catalogue::view::Availability;
use crate::pricing::view::{ByHandView, PromotionStep};
use crate::stock::view::SplitView;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{
    Address, Choice, Currency, Day, Message, Money, Totals, Unit, UnitPrice, eur,
};

/// A decision the order would wait for.
#[derive(Clone, Debug, Serialize)]
pub struct WaitView {
    /// `hold-<kind>` names it.
    pub kind: String,
    /// Who decides: `approver`, `kam`, `finance` or `operations`.
    pub by: String,
    pub why: Vec<Message>,
}

/// A line whose price moved between looking and ordering.
#[derive(Clone, Debug, Serialize)]
pub struct LineDifference {
    /// `line`, `free` (goods that come along) or `freight`.
    pub kind: String,
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
    pub before: Option<Money>,
    pub promotions: Vec<PromotionStep>,
    pub by_hand: Option<ByHandView>,
    pub availability: Availability,
    /// As [`super::CartLineView::split`].
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
    /// Goods that come along at no charge.
    pub free: Vec<FreeLine>,
    /// What a person should know before pressing: goes out on back-order …
    pub notices: Vec<Message>,
    /// Decisions the order would wait for, asked before anything is submitted.
    pub waits: Vec<WaitView>,
}

impl CheckoutLine {
    fn sample(sku: &str, name: &str) -> Self {
        Self {
            sku: sku.into(),
            name: name.into(),
            quantity: 24,
            unit: Unit::Case,
            unit_price: UnitPrice(33_500),
            price_unit: Unit::Piece,
            currency: Currency::EUR,
            total: eur(96_480),
            before: Some(eur(97_720)),
            promotions: vec![PromotionStep {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                discount: eur(1_240),
            }],
            by_hand: None,
            availability: Availability {
                state: "back-order".into(),
                quantity: 0,
                expected: Some("2026-03-19".into()),
            },
            split: Some(SplitView::sample()),
        }
    }
}

impl View for CheckoutPage {
    const TEMPLATE: &'static str = "pages/checkout.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = CheckoutLine::sample;
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
            free: sample_free(),
            waits: vec![
                WaitView {
                    kind: "below-minimum".into(),
                    by: "kam".into(),
                    why: vec![Message::plain(
                        "Goods for €54.00 net; the minimum is €75.00.",
                    )],
                },
                WaitView {
                    kind: "approval".into(),
                    by: "approver".into(),
                    why: vec![],
                },
            ],
        };
        let difference = |old, new| LineDifference {
            kind: "line".into(),
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
                LineDifference {
                    kind: "freight".into(),
                    ..difference(Some(eur(0)), Some(eur(690)))
                },
                LineDifference {
                    kind: "free".into(),
                    ..difference(Some(eur(0)), None)
                },
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
            free: vec![],
            waits: vec![],
            ..first.clone()
        };
        vec![
            ("first look", first),
            ("prices moved", changed),
            ("refused", refused),
        ]
    }
}
