//! What an account could order, orders more and less of, and is late with, as pages show it.

use serde::Serialize;

use crate::web::page::View;
use crate::web::shape::{Money, Paging, Query, Unit, eur};

/// The sections of an account's profile.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InsightView {
    /// Whether there is a model to ask.
    pub is_ready: bool,
    /// All gaps there are; some of them stand in `gaps`.
    pub gap_count: i64,
    pub gaps: Vec<GapGroup>,
    pub trends: Trends,
    pub similar: Vec<SimilarRow>,
    /// Similar accounts that others look after.
    pub others: i64,
    pub due_count: i64,
    pub due: Vec<DueRow>,
}

/// Gaps of one category.
#[derive(Clone, Debug, Serialize)]
pub struct GapGroup {
    pub category: String,
    pub rows: Vec<GapRow>,
}

/// An item that similar accounts order and this one does not.
#[derive(Clone, Debug, Serialize)]
pub struct GapRow {
    pub sku: String,
    pub name: String,
    pub category: String,
    pub buyers: i64,
    pub of: i64,
    /// What each of them takes in 28 days, in base units; 0 where that is not known.
    pub pieces: i64,
    pub unit: Unit,
    /// The same at this account's prices.
    pub worth: Option<Money>,
}

/// What changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Trends {
    pub days: i64,
    pub rising: Vec<TrendRow>,
    pub falling: Vec<TrendRow>,
}

/// An item of which more or less is ordered; bars are in thousandths of the longest.
#[derive(Clone, Debug, Serialize)]
pub struct TrendRow {
    pub sku: String,
    pub name: String,
    pub unit: Unit,
    pub now: i64,
    pub before: i64,
    pub now_permille: i64,
    pub before_permille: i64,
}

/// An account that orders alike.
#[derive(Clone, Debug, Serialize)]
pub struct SimilarRow {
    pub number: String,
    pub name: String,
    pub city: String,
    /// Items both have ordered.
    pub shared: i64,
    pub percent: i64,
}

/// An item whose time has come; `late_days` is below zero where it comes soon.
#[derive(Clone, Debug, Serialize)]
pub struct DueRow {
    pub sku: String,
    pub name: String,
    pub every_days: i64,
    pub last_days_ago: i64,
    pub late_days: i64,
    pub pieces: i64,
    pub unit: Unit,
}

/// `/kam/accounts/{number}/gaps`.
#[derive(Clone, Debug, Serialize)]
pub struct GapsPage {
    pub number: String,
    pub name: String,
    pub rows: Vec<GapRow>,
    pub query: Query,
    pub paging: Paging,
}

impl GapRow {
    pub fn sample(sku: &str, name: &str) -> Self {
        Self {
            sku: sku.into(),
            name: name.into(),
            category: "Dry food".into(),
            buyers: 21,
            of: 30,
            pieces: 48,
            unit: Unit::Piece,
            worth: Some(eur(14_880)),
        }
    }
}

impl InsightView {
    pub fn sample() -> Self {
        let trend = |sku: &str, name: &str, now: i64, before: i64| TrendRow {
            sku: sku.into(),
            name: name.into(),
            unit: Unit::Piece,
            now,
            before,
            now_permille: now * 10,
            before_permille: before * 10,
        };
        let due = |sku: &str, name: &str, late_days: i64| DueRow {
            sku: sku.into(),
            name: name.into(),
            every_days: 14,
            last_days_ago: 14 + late_days,
            late_days,
            pieces: 24,
            unit: Unit::Piece,
        };
        let unpriced = GapRow {
            category: "Wet food".into(),
            pieces: 0,
            worth: None,
            buyers: 1,
            ..GapRow::sample("CAT-RAG-01", "Ragout with beef 85 g")
        };
        Self {
            is_ready: true,
            gap_count: 57,
            gaps: vec![
                GapGroup {
                    category: "Dry food".into(),
                    rows: vec![
                        GapRow::sample("DOG-ADL-12", "Adult lamb and rice 12 kg"),
                        GapRow::sample("DOG-PUP-03", "Puppy 3 kg"),
                    ],
                },
                GapGroup {
                    category: "Wet food".into(),
                    rows: vec![unpriced],
                },
            ],
            trends: Trends {
                days: 90,
                rising: vec![
                    trend("DOG-ADL-12", "Adult lamb and rice 12 kg", 96, 24),
                    trend("CAT-RAG-01", "Ragout with beef 85 g", 12, 0),
                ],
                falling: vec![trend("DOG-PUP-03", "Puppy 3 kg", 6, 60)],
            },
            similar: vec![SimilarRow {
                number: "10002".into(),
                name: "Tierwelt Braunschweig".into(),
                city: "Braunschweig".into(),
                shared: 41,
                percent: 78,
            }],
            others: 22,
            due_count: 9,
            due: vec![
                due("DOG-ADL-12", "Adult lamb and rice 12 kg", 9),
                due("DOG-PUP-03", "Puppy 3 kg", 0),
                due("CAT-RAG-01", "Ragout with beef 85 g", -3),
            ],
        }
    }

    /// An account that has everything and is late with nothing.
    pub fn empty() -> Self {
        Self {
            is_ready: true,
            ..Self::default()
        }
    }
}

impl View for GapsPage {
    const TEMPLATE: &'static str = "pages/kam/gaps.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let some = Self {
            number: "10001".into(),
            name: "Corner Shop Hannover".into(),
            rows: vec![
                GapRow::sample("DOG-ADL-12", "Adult lamb and rice 12 kg"),
                GapRow {
                    pieces: 0,
                    worth: None,
                    ..GapRow::sample("CAT-RAG-01", "Ragout with beef 85 g")
                },
            ],
            query: Query::new(),
            paging: Paging::new(1, 50, 57),
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}
