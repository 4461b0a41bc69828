//! Prices as pages show them, and why they are what they are.

use serde::Serialize;
use trade::price::{ByHand, Candidate, Offer, Outcome, PriceTrace, Rank};
use trade::promotion::Step;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Currency, Day, Message, Money, Unit, UnitPrice, eur};

/// The price of one unit. `None` in `unit_price` is "price on request".
#[derive(Clone, Debug, Serialize)]
pub struct PriceView {
    pub unit_price: Option<UnitPrice>,
    /// Only where it differs from the price.
    pub list_price: Option<UnitPrice>,
    /// The unit the price stands for.
    pub unit: Unit,
    pub currency: Currency,
    /// Price breaks above the quantity shown, nearest first.
    pub tiers: Vec<TierView>,
}

/// "48+ → 3.10".
#[derive(Clone, Debug, Serialize)]
pub struct TierView {
    pub min_quantity: i64,
    pub unit_price: UnitPrice,
    /// Whether the quantity shown reaches it.
    pub reached: bool,
}

/// Why a price is what it is: a sentence for everyone, the candidates for staff.
#[derive(Clone, Debug, Serialize)]
pub struct WhyPrice {
    pub unit_price: Option<UnitPrice>,
    pub list_price: Option<UnitPrice>,
    pub currency: Currency,
    pub unit: Unit,
    /// Whose list or discount won; none for "price on request".
    pub source: Option<Rank>,
    pub list_name: String,
    pub valid_from: Option<Day>,
    /// The last day, not the day after.
    pub valid_last: Option<Day>,
    pub tier_min: Option<i64>,
    pub tier_unit: Unit,
    pub discount_bp: Option<i64>,
    /// Set where the brand's staff set the price by hand.
    pub by_hand: Option<ByHandView>,
    /// What promotions took off the line, in the order in which they were applied.
    pub promotions: Vec<PromotionStep>,
    /// Filled for staff only.
    pub candidates: Vec<CandidateView>,
}

/// A price that was set by hand.
#[derive(Clone, Debug, Serialize)]
pub struct ByHandView {
    pub by: String,
    /// For staff only.
    pub reason: Option<String>,
    /// What the price lists say.
    pub instead_of: Option<UnitPrice>,
}

impl ByHandView {
    /// As the reader may know it: why is the brand's own business.
    pub fn of(by_hand: &ByHand, staff: bool) -> Self {
        Self {
            by: by_hand.by.clone(),
            reason: staff.then(|| by_hand.reason.clone()),
            instead_of: by_hand.instead_of,
        }
    }
}

/// What one promotion took off a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromotionStep {
    pub code: String,
    pub name: String,
    pub discount: Money,
}

impl From<&Step> for PromotionStep {
    fn from(step: &Step) -> Self {
        Self {
            code: step.code.clone(),
            name: step.name.clone(),
            discount: step.discount,
        }
    }
}

impl PromotionStep {
    /// What promotions took off the line of a trace.
    pub fn of(trace: &PriceTrace) -> Vec<Self> {
        let line = trace.line.as_ref();
        line.map(|line| line.promotions.iter().map(Self::from).collect())
            .unwrap_or_default()
    }
}

/// One candidate of the price trace.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateView {
    pub list_name: String,
    pub rank: Rank,
    pub unit: Unit,
    pub min_quantity: i64,
    pub valid_from: Option<Day>,
    pub valid_last: Option<Day>,
    /// Set where the candidate is a discount off the list price.
    pub discount_bp: Option<i64>,
    /// None where it could not be worked out.
    pub unit_price: Option<UnitPrice>,
    pub outcome: Outcome,
}

impl WhyPrice {
    /// The trace as a sentence needs it; the candidates are for staff.
    pub fn from_trace(trace: &PriceTrace, staff: bool) -> Self {
        let winner = trace
            .winner()
            .map(|candidate| CandidateView::from_trace(candidate, trace));
        let candidates = trace.candidates.iter();
        Self {
            unit_price: trace.price,
            list_price: trace.list_price,
            currency: trace.currency,
            unit: trace.unit,
            source: winner.as_ref().map(|winner| winner.rank),
            list_name: winner
                .as_ref()
                .map(|won| won.list_name.clone())
                .unwrap_or_default(),
            valid_from: winner.as_ref().and_then(|won| won.valid_from.clone()),
            valid_last: winner.as_ref().and_then(|won| won.valid_last.clone()),
            tier_min: winner
                .as_ref()
                .map(|won| won.min_quantity)
                .filter(|least| *least > 1),
            tier_unit: winner.as_ref().map_or(trace.unit, |won| won.unit),
            discount_bp: winner.and_then(|winner| winner.discount_bp),
            by_hand: trace
                .by_hand
                .as_ref()
                .map(|by_hand| ByHandView::of(by_hand, staff)),
            promotions: PromotionStep::of(trace),
            candidates: if staff {
                candidates
                    .map(|candidate| CandidateView::from_trace(candidate, trace))
                    .collect()
            } else {
                Vec::new()
            },
        }
    }
}

impl CandidateView {
    fn from_trace(candidate: &Candidate, trace: &PriceTrace) -> Self {
        let (unit, min_quantity, discount_bp) = match &candidate.offer {
            Offer::Price {
                unit, min_quantity, ..
            } => (*unit, *min_quantity, None),
            Offer::Discount { discount, .. } => (trace.unit, 1, Some(i64::from(discount.0))),
        };
        Self {
            list_name: candidate.list_name.clone(),
            rank: candidate.rank,
            unit,
            min_quantity,
            valid_from: Some(candidate.validity.from.to_string()),
            valid_last: candidate.validity.last_day().map(|day| day.to_string()),
            discount_bp,
            unit_price: candidate.price,
            outcome: candidate.outcome,
        }
    }
}

impl PriceView {
    pub fn sample() -> Self {
        Self {
            unit_price: Some(UnitPrice(33_500)),
            list_price: Some(UnitPrice(39_900)),
            unit: Unit::Piece,
            currency: Currency::EUR,
            tiers: vec![
                TierView {
                    min_quantity: 48,
                    unit_price: UnitPrice(31_000),
                    reached: false,
                },
                TierView {
                    min_quantity: 144,
                    unit_price: UnitPrice(29_550),
                    reached: false,
                },
            ],
        }
    }

    /// A list price without tiers.
    pub fn sample_plain(unit_price: UnitPrice) -> Self {
        Self {
            unit_price: Some(unit_price),
            list_price: None,
            tiers: vec![],
            ..Self::sample()
        }
    }

    pub fn sample_on_request() -> Self {
        Self {
            unit_price: None,
            list_price: None,
            tiers: vec![],
            ..Self::sample()
        }
    }
}

impl WhyPrice {
    pub fn sample(staff: bool) -> Self {
        let candidate = |name: &str, rank, min, price, outcome| CandidateView {
            list_name: name.into(),
            rank,
            unit: Unit::Piece,
            min_quantity: min,
            valid_from: Some("2026-01-01".into()),
            valid_last: Some("2026-12-31".into()),
            discount_bp: None,
            unit_price: Some(UnitPrice(price)),
            outcome,
        };
        let candidates = vec![
            candidate(
                "Contract 2026 Corner Shop",
                Rank::Contract,
                1,
                33_500,
                Outcome::Won,
            ),
            candidate(
                "Contract 2026 Corner Shop",
                Rank::Contract,
                48,
                31_000,
                Outcome::TierNotReached,
            ),
            CandidateView {
                discount_bp: Some(1250),
                ..candidate(
                    "Independent retailers North",
                    Rank::Group,
                    1,
                    34_912,
                    Outcome::LowerRank,
                )
            },
            candidate("List 2026", Rank::Default, 1, 39_900, Outcome::LowerRank),
            candidate(
                "List 2025",
                Rank::Default,
                1,
                38_500,
                Outcome::OutsideValidity,
            ),
        ];
        Self {
            unit_price: Some(UnitPrice(33_500)),
            list_price: Some(UnitPrice(39_900)),
            currency: Currency::EUR,
            unit: Unit::Piece,
            source: Some(Rank::Contract),
            list_name: "Contract 2026 Corner Shop".into(),
            valid_from: Some("2026-01-01".into()),
            valid_last: Some("2026-12-31".into()),
            tier_min: Some(12),
            tier_unit: Unit::Piece,
            discount_bp: None,
            by_hand: None,
            promotions: vec![PromotionStep {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                discount: eur(1_240),
            }],
            candidates: if staff { candidates } else { vec![] },
        }
    }

    pub fn sample_discount() -> Self {
        Self {
            source: Some(Rank::Group),
            list_name: "Independent retailers North".into(),
            discount_bp: Some(1250),
            unit_price: Some(UnitPrice(34_912)),
            tier_min: None,
            valid_last: None,
            by_hand: Some(ByHandView {
                by: "Karl Kamp".into(),
                reason: None,
                instead_of: Some(UnitPrice(39_900)),
            }),
            promotions: vec![],
            ..Self::sample(false)
        }
    }
}

/// `/kam/prices`: what an account pays and why.
#[derive(Clone, Debug, Serialize)]
pub struct PricesPage {
    /// `account`, `sku`, `unit`, `quantity`, `date` as asked, with what is wrong at which.
    pub form: FormState,
    pub units: Vec<Choice>,
    pub answer: Option<PriceAnswer>,
}

/// The answer to one price question.
#[derive(Clone, Debug, Serialize)]
pub struct PriceAnswer {
    pub account_name: String,
    pub account_number: String,
    pub sku: String,
    pub product_name: String,
    pub quantity: i64,
    pub unit: Unit,
    pub date: Day,
    pub total: Option<Money>,
    pub why: WhyPrice,
}

impl View for PricesPage {
    const TEMPLATE: &'static str = "pages/kam/prices.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let form = [
            ("account", "10001"),
            ("sku", "DOG-ADL-12"),
            ("unit", "H87"),
            ("quantity", "24"),
            ("date", "2026-03-12"),
        ]
        .into_iter()
        .fold(FormState::new(), |form, (name, value)| {
            form.value(name, value)
        });
        let units = vec![Choice::new("H87", "", true), Choice::new("XCS", "", false)];
        let answer = PriceAnswer {
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            sku: "DOG-ADL-12".into(),
            product_name: "Adult Dog Beef & Barley 12 kg".into(),
            quantity: 24,
            unit: Unit::Piece,
            date: "2026-03-12".into(),
            total: Some(eur(8_040)),
            why: WhyPrice::sample(true),
        };
        let page = |form: &FormState, answer| Self {
            form: form.clone(),
            units: units.clone(),
            answer,
        };
        let unknown = form
            .clone()
            .error("sku", Message::new("error-sku-unknown"))
            .error("unit", Message::new("problem-unit").with("typed", "PAL"))
            .error("date", Message::new("error-date"));
        vec![
            ("answered", page(&form, Some(answer))),
            ("unknown", page(&unknown, None)),
            ("empty", page(&FormState::new(), None)),
        ]
    }
}
