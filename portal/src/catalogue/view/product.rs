//! A product as a page.

use serde::Serialize;

use super::{ProductRow, sample_words};
use crate::db::words::SuggestionList;
use crate::pricing::view::{PriceView, WhyPrice};
use crate::promotions::offers::{OfferPrice, ProductOffer};
use crate::stock::view::PartView;
use crate::suggestions::picks::Pick;
use crate::web::page::View;
use crate::web::shape::{Arg, Day, Message, Unit, eur};

/// One bar of the order history chart: a month, and what was ordered.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryBar {
    /// First day of the month.
    pub month: Day,
    pub quantity: i64,
}

/// The own order history of a product. [`History::new`] computes the chart's geometry.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    pub unit: Unit,
    pub bars: Vec<HistoryBar>,
    pub max: i64,
    pub total: i64,
    /// x, y and height of each bar in a view box of 240 × 64.
    pub shapes: Vec<BarShape>,
}

#[derive(Clone, Debug, Serialize)]
pub struct BarShape {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

impl History {
    pub fn new(unit: Unit, bars: Vec<HistoryBar>) -> Self {
        let max = bars
            .iter()
            .map(|bar| bar.quantity)
            .max()
            .unwrap_or(0)
            .max(1);
        let count = i64::try_from(bars.len()).unwrap_or(1).max(1);
        let pitch = (240 / count).max(3);
        let shapes = (0_i64..)
            .zip(&bars)
            .map(|(index, bar)| {
                let height = (bar.quantity * 60 / max).max(i64::from(bar.quantity > 0));
                BarShape {
                    x: index * pitch,
                    y: 62 - height,
                    width: pitch - 2,
                    height,
                }
            })
            .collect();
        let total = bars.iter().map(|bar| bar.quantity).sum();
        Self {
            unit,
            bars,
            max,
            total,
            shapes,
        }
    }
}

/// `/products/{sku}`.
#[derive(Clone, Debug, Serialize)]
pub struct ProductPage {
    pub row: ProductRow,
    pub description: String,
    /// From the top of the tree down.
    pub categories: Vec<Crumb>,
    pub facts: Vec<Fact>,
    /// None where nobody is priced: the brand's people who act for no account.
    pub why: Option<WhyPrice>,
    /// Promotions that concern it, with what they need.
    pub offers: Vec<ProductOffer>,
    pub history: Option<History>,
    /// Named by the brand; those that are offered instead stand there.
    pub substitutes: Vec<ProductRow>,
    /// How the account orders it.
    pub habit: Option<HabitView>,
    /// Often ordered together with it.
    pub together: Vec<Pick>,
    /// What to take instead, where it is short, out or no longer sold.
    pub instead: Vec<Pick>,
    /// What is on its way and owed to nobody yet, in order units.
    pub coming: Vec<PartView>,
    pub can_order: bool,
    pub is_staff: bool,
}

/// How an account orders a product: "about every 14 days, usually 2 cases".
#[derive(Clone, Debug, Serialize)]
pub struct HabitView {
    /// What it usually takes, in order units.
    pub quantity: i64,
    pub text: Message,
}

#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub value: String,
    pub label: String,
}

/// A fact of a product, named by the brand.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

impl ProductOffer {
    fn samples() -> Vec<Self> {
        vec![
            ProductOffer {
                code: "SPRING".into(),
                name: "Spring offer".into(),
                sentence: Message::plain("10 % off everything by Feldhof, from 6 cases on."),
                last_day: Some("2026-03-31".into()),
                near: Some(sample_words("Add 2 cases to get 10 % off.")),
                price: Some(OfferPrice {
                    quantity: 6,
                    unit: Unit::Case,
                    before: eur(24_120),
                    net: eur(21_708),
                }),
            },
            ProductOffer {
                code: "PATE".into(),
                name: "Pâté week".into(),
                sentence: Message::plain("For every 10 cases, 1 case of Pâté free."),
                last_day: None,
                near: None,
                price: None,
            },
        ]
    }
}

impl HabitView {
    fn sample(key: &str) -> Self {
        let date = "2025-11-02".into();
        let (quantity, unit) = (2, Unit::Case);
        Self {
            quantity,
            text: Message::new(key)
                .with("every", 14)
                .with("ago", 16)
                .with("date", Arg::Date { date })
                .with("quantity", Arg::Quantity { quantity, unit }),
        }
    }
}

impl History {
    fn sample() -> Self {
        let months = [
            "2025-10-01",
            "2025-11-01",
            "2025-12-01",
            "2026-01-01",
            "2026-02-01",
        ];
        let bars = months
            .into_iter()
            .zip([24, 36, 0, 48, 24])
            .map(|(month, quantity)| HistoryBar {
                month: month.into(),
                quantity,
            })
            .collect();
        Self::new(Unit::Case, bars)
    }
}

impl View for ProductPage {
    const TEMPLATE: &'static str = "pages/product.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let buyer = Self {
            row: ProductRow::sample("DOG-ADL-12", "Adult Dog Beef & Barley 12 kg"),
            description: "Complete food for grown dogs, with beef and barley.".into(),
            categories: vec![
                Crumb {
                    value: "dog".into(),
                    label: "Dog".into(),
                },
                Crumb {
                    value: "dog-dry".into(),
                    label: "Dry food".into(),
                },
            ],
            facts: vec![
                Fact {
                    name: "Net weight".into(),
                    value: "12 kg".into(),
                },
                Fact {
                    name: "Shelf life".into(),
                    value: "18 months".into(),
                },
            ],
            why: Some(WhyPrice::sample(false)),
            offers: ProductOffer::samples(),
            history: Some(History::sample()),
            substitutes: ProductRow::sample_rows().into_iter().take(3).collect(),
            habit: Some(HabitView::sample("habit-rhythm")),
            together: vec![
                Pick::sample(
                    SuggestionList::GoesWith,
                    "SNK-BIS-01",
                    "Oat Biscuits Mixed 1 kg",
                ),
                Pick::sample(
                    SuggestionList::GoesWith,
                    "CAT-WET-85",
                    "Cat Terrine Salmon 85 g",
                ),
            ],
            instead: vec![],
            coming: vec![PartView {
                date: "2026-03-19".into(),
                quantity: 40,
            }],
            can_order: true,
            is_staff: false,
        };
        let mut delisted = buyer.clone();
        delisted.row.status = "delisted".into();
        delisted.row.availability.state = "none".into();
        delisted.history = None;
        delisted.instead = vec![Pick::sample(
            SuggestionList::Instead,
            "DOG-ADL-15",
            "Adult Dog Lamb & Rice 12 kg",
        )];
        delisted.habit = Some(HabitView::sample("habit-last"));
        let mut on_request = buyer.clone();
        on_request.row.price = PriceView::sample_on_request();
        on_request.why = Some(WhyPrice {
            unit_price: None,
            source: None,
            tier_min: None,
            valid_from: None,
            valid_last: None,
            ..WhyPrice::sample(false)
        });
        on_request.substitutes.clear();
        let staff = Self {
            why: Some(WhyPrice::sample(true)),
            can_order: false,
            is_staff: true,
            ..buyer.clone()
        };
        let mut for_nobody = Self {
            why: None,
            offers: vec![],
            history: None,
            ..staff.clone()
        };
        for_nobody.row.price = PriceView::sample_on_request();
        for_nobody.substitutes.clear();
        vec![
            ("buyer", buyer),
            ("staff", staff),
            ("staff for nobody", for_nobody),
            ("delisted", delisted),
            ("price on request", on_request),
        ]
    }
}
