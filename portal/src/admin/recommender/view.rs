//! What an administrator sees of the recommender.

use serde::Serialize;

use crate::web::page::View;
use crate::web::shape::Instant;

/// `/admin/recommender`. Form: POST `/admin/recommender/train`.
#[derive(Clone, Debug, Serialize)]
pub struct RecommenderPage {
    /// `nothing` (no orders to learn from), `none` (no model yet), `good` or `old`.
    pub state: String,
    /// The model that counts: the newest that can be used.
    pub model: Option<ModelRow>,
    pub age_days: i64,
    /// A newer one is stored, but cannot be used.
    pub refused: bool,
    /// The training that waits or runs.
    pub training: Option<Training>,
    /// The training that was given up last, where no model came after it.
    pub failed: Option<Failed>,
    /// Orders placed or changed since the model was trained.
    pub changes_since: i64,
    /// What this process asks; none where nobody has asked anything yet.
    pub serving: Option<ServingRow>,
    /// The stored models, the newest first.
    pub rows: Vec<ModelRow>,
}

/// A stored model.
#[derive(Clone, Debug, Serialize)]
pub struct ModelRow {
    pub trained_at: Instant,
    /// Placed and changed orders in it.
    #[serde(skip)]
    pub changes: i64,
    pub accounts: i64,
    pub items: i64,
    pub orders: i64,
    pub lines: i64,
    /// Orders held out to measure with.
    pub examples: i64,
    /// Of what the held-out orders had, how much was among ten suggestions, in hundredths of a per
    /// cent; none where it was not measured.
    pub recall: Option<i64>,
    /// The same of what each account orders most often.
    pub baseline: Option<i64>,
    pub seconds: i64,
    pub snapshot: Size,
    pub memory: Option<Size>,
    pub format: i64,
    /// Whether this version reads its format.
    pub readable: bool,
    pub usable: bool,
}

/// A size as people say it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Size {
    pub count: i64,
    /// The same in every language.
    pub unit: &'static str,
}

impl Size {
    /// Of so many KiB.
    #[must_use]
    pub fn of_kib(kib: i64) -> Size {
        if kib >= 10 * 1_024 {
            let (count, unit) = (kib / 1_024, "MiB");
            return Size { count, unit };
        }
        let (count, unit) = (kib, "KiB");
        Size { count, unit }
    }
}

/// A training that waits or runs.
#[derive(Clone, Debug, Serialize)]
pub struct Training {
    pub running: bool,
    pub at: Instant,
    /// `missing`, `nightly`, `outgrown` or `asked`.
    pub because: String,
    pub attempts: i64,
    /// What went wrong with the last try.
    pub error: Option<String>,
}

/// A training that was given up.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    pub at: Instant,
    pub attempts: i64,
    pub error: String,
}

/// What this process asks.
#[derive(Clone, Debug, Serialize)]
pub struct ServingRow {
    /// None where orders are only counted.
    pub trained_at: Option<Instant>,
    pub accounts: i64,
    pub orders: i64,
}

impl ModelRow {
    fn sample() -> Self {
        Self {
            trained_at: 1_773_277_260_000,
            changes: 0,
            accounts: 60,
            items: 318,
            orders: 6_123,
            lines: 61_230,
            examples: 58,
            recall: Some(2_311),
            baseline: Some(1_874),
            seconds: 12,
            snapshot: Size::of_kib(1_311),
            memory: Some(Size::of_kib(146_432)),
            format: 1,
            readable: true,
            usable: true,
        }
    }
}

impl RecommenderPage {
    fn sample() -> Self {
        let model = ModelRow::sample();
        let foreign = ModelRow::sample().foreign();
        Self {
            state: "good".into(),
            age_days: 0,
            refused: false,
            training: None,
            failed: None,
            changes_since: 17,
            serving: Some(ServingRow {
                trained_at: Some(model.trained_at),
                accounts: 60,
                orders: 6_140,
            }),
            rows: vec![model.clone(), ModelRow::sample().unmeasured(), foreign],
            model: Some(model),
        }
    }

    /// Without any model.
    fn bare(state: &str) -> Self {
        let counted = ServingRow {
            trained_at: None,
            accounts: 60,
            orders: 6_140,
        };
        Self {
            state: state.into(),
            model: None,
            serving: (state != "nothing").then_some(counted),
            rows: vec![],
            ..Self::sample()
        }
    }

    fn training(self, running: bool, because: &str, error: Option<&str>) -> Self {
        let training = Training {
            running,
            at: 1_773_298_800_000,
            because: because.into(),
            attempts: 1,
            error: error.map(str::to_owned),
        };
        Self {
            training: Some(training),
            ..self
        }
    }
}

impl ModelRow {
    fn unmeasured(self) -> Self {
        Self {
            examples: 0,
            recall: None,
            baseline: None,
            memory: None,
            ..self
        }
    }

    fn damaged(self) -> Self {
        Self {
            usable: false,
            ..self
        }
    }

    fn foreign(self) -> Self {
        Self {
            readable: false,
            format: 0,
            ..self.damaged()
        }
    }
}

impl View for RecommenderPage {
    const TEMPLATE: &'static str = "pages/admin/recommender.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let old = Self {
            state: "old".into(),
            age_days: 12,
            failed: Some(Failed {
                at: 1_773_298_800_000,
                attempts: 8,
                error: "training panicked".into(),
            }),
            ..Self::sample()
        };
        let newest_damaged = Self {
            model: Some(ModelRow::sample().unmeasured()),
            refused: true,
            rows: vec![
                ModelRow::sample().damaged(),
                ModelRow::sample().unmeasured(),
            ],
            ..Self::sample()
        };
        let other_version = Self {
            refused: true,
            rows: vec![ModelRow::sample().foreign()],
            ..Self::bare("none").training(false, "missing", None)
        };
        let first_fails =
            Self::bare("none").training(false, "outgrown", Some("not done in 7200 s"));
        vec![
            ("good", Self::sample()),
            (
                "trained again",
                Self::sample().training(true, "nightly", None),
            ),
            ("old", old),
            ("newest damaged", newest_damaged),
            ("other version", other_version),
            ("first fails", first_fails),
            (
                "asked for",
                Self::bare("none").training(true, "asked", None),
            ),
            ("none", Self::bare("none")),
            ("nothing", Self::bare("nothing")),
        ]
    }
}
