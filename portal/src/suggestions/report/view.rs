//! What suggestions do, as a page shows it: numbers ready to be worded, and a figure ready to be
//! drawn.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Day, Instant, Message, Money, eur};

/// `/admin/suggestions`.
#[derive(Clone, Debug, Serialize)]
pub struct ReportPage {
    /// Whether the reader may begin and end trials.
    pub can_set: bool,
    /// The share, as typed.
    pub form: FormState,
    /// The period, as typed.
    pub period: FormState,
    /// The latest first.
    pub trials: Vec<TrialRow>,
    /// The one that is reported; none where there never was one.
    pub chosen: Option<TrialRow>,
    /// Whether one runs now, be it reported or not.
    pub running: bool,
    pub from: Day,
    pub to: Day,
    /// Each a sentence.
    pub conclusion: Vec<Message>,
    pub has_control: bool,
    pub with: ArmHead,
    pub without: ArmHead,
    pub metrics: Vec<MetricRow>,
    pub forest: Option<Forest>,
    /// Orders in other currencies, which are not in the values.
    pub foreign_orders: i64,
    /// Lines of all orders.
    pub lines: i64,
    pub funnel: Vec<FunnelRow>,
    pub surfaces: Vec<SurfaceRow>,
}

/// A trial in the history.
#[derive(Clone, Debug, Serialize)]
pub struct TrialRow {
    pub id: String,
    pub running: bool,
    pub share_bp: i64,
    pub started_at: Instant,
    pub ended_at: Option<Instant>,
    pub by: Option<String>,
}

/// How many are in an arm.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ArmHead {
    pub accounts: i64,
    pub ordering: i64,
    pub orders: i64,
    pub value: Option<Money>,
}

/// A number in its own unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Amount {
    Money {
        money: Money,
    },
    Hundredths {
        value: i64,
    },
    Duration {
        negative: bool,
        minutes: i64,
        seconds: i64,
    },
    Rate {
        bp: i64,
    },
}

/// A number with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub value: Amount,
    pub low: Option<Amount>,
    pub high: Option<Amount>,
}

/// A metric in both arms.
#[derive(Clone, Debug, Serialize)]
pub struct MetricRow {
    /// As [`super::super::effect::Metric::name`] says.
    pub metric: &'static str,
    pub with: Option<Figure>,
    pub without: Option<Figure>,
    pub difference: Option<Figure>,
    pub relative: Option<Figure>,
    /// What this many accounts would show, as a part.
    pub detectable_bp: Option<i64>,
    /// `not-enough`, `open`, `more` or `less`.
    pub verdict: &'static str,
}

/// Differences as marks on a scale around nothing, in a view box of 1000 across.
#[derive(Clone, Debug, Serialize)]
pub struct Forest {
    pub height: i64,
    pub rows: Vec<ForestRow>,
    /// The scale's ends.
    pub end_bp: i64,
}

/// One difference; `low`, `at` and `high` are places across.
#[derive(Clone, Debug, Serialize)]
pub struct ForestRow {
    pub metric: &'static str,
    pub y: i64,
    pub low: i64,
    pub width: i64,
    pub at: i64,
    pub verdict: &'static str,
}

/// What became of a list's suggestions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FunnelRow {
    pub list: String,
    /// Items that were shown, those of a day to one person counted once.
    pub shown: i64,
    /// Lines in open carts.
    pub in_carts: i64,
    /// Lines ordered.
    pub ordered: i64,
    /// Of them, in another quantity than was suggested.
    pub changed: i64,
    pub dismissed: i64,
    /// Ordered, of what was shown.
    pub accepted_bp: Option<i64>,
    /// Ordered, of the lines of all orders.
    pub share_bp: Option<i64>,
    /// The same in thousandths of the longest bar.
    pub permille: i64,
}

/// What became of them by where they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SurfaceRow {
    /// Empty for lines whose showing is not known.
    pub surface: String,
    pub shown: i64,
    pub ordered: i64,
    pub share_bp: Option<i64>,
}

impl ReportPage {
    /// Before anything was tried or shown.
    pub fn untouched() -> Self {
        Self {
            can_set: true,
            form: FormState::new().value("share", "10"),
            period: FormState::new(),
            trials: vec![],
            chosen: None,
            running: false,
            from: "2026-02-13".into(),
            to: "2026-03-12".into(),
            conclusion: vec![],
            has_control: false,
            with: ArmHead::default(),
            without: ArmHead::default(),
            metrics: vec![],
            forest: None,
            foreign_orders: 0,
            lines: 0,
            funnel: vec![],
            surfaces: vec![],
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a sample shows everything that can stand there"
    )]
    fn sample() -> Self {
        let figure = |value: Amount, low: Amount, high: Amount| {
            Some(Figure {
                value,
                low: Some(low),
                high: Some(high),
            })
        };
        let rate = |value: i64, low: i64, high: i64| {
            let bp = |bp| Amount::Rate { bp };
            figure(bp(value), bp(low), bp(high))
        };
        let sum = |value: i64, low: i64, high: i64| {
            let money = |minor| Amount::Money { money: eur(minor) };
            figure(money(value), money(low), money(high))
        };
        let time = |seconds: i64| Amount::Duration {
            negative: seconds < 0,
            minutes: seconds.abs() / 60,
            seconds: seconds.abs() % 60,
        };
        let trial = |running: bool| TrialRow {
            id: format!("0190b7a4-0000-7000-8000-00000000000{}", u8::from(running)),
            running,
            share_bp: 2_000,
            started_at: 1_772_000_000_000,
            ended_at: (!running).then_some(1_773_000_000_000),
            by: Some("Ada Admin".into()),
        };
        Self {
            trials: vec![trial(true), trial(false)],
            chosen: Some(trial(true)),
            running: true,
            conclusion: vec![
                Message::new("effect-more-weekly-value")
                    .with("rate", crate::web::shape::Arg::Rate { rate_bp: 620 })
                    .with("low", crate::web::shape::Arg::Rate { rate_bp: 130 })
                    .with("high", crate::web::shape::Arg::Rate { rate_bp: 1_140 }),
                Message::new("effect-no-median-seconds"),
            ],
            has_control: true,
            with: ArmHead {
                accounts: 402,
                ordering: 371,
                orders: 1_812,
                value: Some(eur(48_112_020)),
            },
            without: ArmHead {
                accounts: 98,
                ordering: 90,
                orders: 420,
                value: Some(eur(10_811_300)),
            },
            metrics: vec![
                MetricRow {
                    metric: "weekly-value",
                    with: sum(29_915, 28_700, 31_020),
                    without: sum(27_580, 25_110, 29_990),
                    difference: sum(2_335, 120, 4_410),
                    relative: rate(847, 40, 1_640),
                    detectable_bp: Some(1_210),
                    verdict: "more",
                },
                MetricRow {
                    metric: "median-seconds",
                    with: figure(time(312), time(280), time(341)),
                    without: figure(time(405), time(350), time(470)),
                    difference: figure(time(-93), time(-160), time(-21)),
                    relative: rate(-2_296, -3_410, -620),
                    detectable_bp: Some(2_100),
                    verdict: "less",
                },
                MetricRow {
                    metric: "order-lines",
                    with: figure(
                        Amount::Hundredths { value: 1_742 },
                        Amount::Hundredths { value: 1_690 },
                        Amount::Hundredths { value: 1_801 },
                    ),
                    without: None,
                    difference: None,
                    relative: None,
                    detectable_bp: None,
                    verdict: "not-enough",
                },
            ],
            forest: Some(Forest {
                height: 72,
                end_bp: 4_000,
                rows: vec![
                    ForestRow {
                        metric: "weekly-value",
                        y: 18,
                        low: 505,
                        width: 200,
                        at: 606,
                        verdict: "more",
                    },
                    ForestRow {
                        metric: "median-seconds",
                        y: 54,
                        low: 74,
                        width: 348,
                        at: 213,
                        verdict: "less",
                    },
                ],
            }),
            foreign_orders: 3,
            lines: 31_010,
            funnel: vec![
                FunnelRow {
                    list: "usual".into(),
                    shown: 40_112,
                    in_carts: 210,
                    ordered: 18_020,
                    changed: 2_912,
                    dismissed: 31,
                    accepted_bp: Some(4_492),
                    share_bp: Some(5_811),
                    permille: 1_000,
                },
                FunnelRow {
                    list: "new".into(),
                    shown: 9_000,
                    ordered: 402,
                    accepted_bp: Some(447),
                    share_bp: Some(130),
                    permille: 22,
                    ..FunnelRow::default()
                },
            ],
            surfaces: vec![
                SurfaceRow {
                    surface: "home".into(),
                    shown: 44_000,
                    ordered: 18_100,
                    share_bp: Some(5_837),
                },
                SurfaceRow {
                    surface: String::new(),
                    shown: 0,
                    ordered: 322,
                    share_bp: Some(104),
                },
            ],
            ..Self::untouched()
        }
    }
}

impl View for ReportPage {
    const TEMPLATE: &'static str = "pages/admin/suggestions.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let running = Self::sample();
        let ended = Self {
            running: false,
            can_set: false,
            chosen: running.trials.get(1).cloned(),
            ..running.clone()
        };
        let young = Self {
            conclusion: vec![
                Message::new("effect-not-enough")
                    .with("with", 4)
                    .with("without", 1)
                    .with("days", 3)
                    .with("accounts", 20)
                    .with("least-days", 14),
            ],
            forest: None,
            funnel: vec![],
            surfaces: vec![],
            ..running.clone()
        };
        let refused = Self {
            form: FormState::new()
                .value("share", "90")
                .error("share", Message::new("trial-share-range")),
            period: FormState::new()
                .value("from", "2026-03-31")
                .value("to", "2026-03-01")
                .error("to", Message::new("period-order")),
            ..running.clone()
        };
        vec![
            ("running", running),
            ("ended", ended),
            ("too young", young),
            ("refused", refused),
            ("untouched", Self::untouched()),
        ]
    }
}
