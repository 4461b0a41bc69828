//! What came of a campaign, as the promotion's page shows it: figures ready to be worded, and
//! drawings ready to be drawn.

use serde::Serialize;

use crate::web::shape::{Day, Instant, Message, Money, eur};

/// What came of a campaign, in the accounts that the reader sees.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignResults {
    pub id: String,
    /// Named by the message `campaign-result-state-<state>`.
    pub state: String,
    /// Mails are still written: the figures move.
    pub sending: bool,
    pub announce_on: Day,
    pub remind_on: Option<Day>,
    /// Since when it is measured; none before it begins.
    pub from: Option<Instant>,
    pub until: Option<Instant>,
    /// Nothing more is counted.
    pub over: bool,
    pub holdout_bp: i64,
    /// The reader sees their own accounts alone.
    pub own_only: bool,
    pub counts_opens: bool,
    pub waves: Vec<WaveRow>,
    pub arms: Option<Arms>,
    pub effect: Option<EffectView>,
    /// Why there is no effect to show.
    pub untold: Option<Message>,
    pub others: Vec<OtherCampaign>,
}

/// Another campaign of the promotion.
#[derive(Clone, Debug, Serialize)]
pub struct OtherCampaign {
    pub id: String,
    pub announce_on: Day,
    pub state: String,
}

/// What became of the mails of a wave.
#[derive(Clone, Debug, Serialize)]
pub struct WaveRow {
    /// `announcement` or `reminder`.
    pub wave: &'static str,
    /// People it was for.
    pub people: i64,
    /// From written to clicked.
    pub steps: Vec<StepRow>,
    /// Whose mail is not written yet.
    pub waiting: i64,
    /// Who are told with everything else of the day, as they chose.
    pub daily: i64,
    /// Written, and waiting to be sent.
    pub on_the_way: i64,
    pub bounced: i64,
    /// Given up.
    pub failed: i64,
    /// Why others got none, the most frequent first.
    pub without: Vec<WithoutRow>,
    /// Height of the drawing in its view box.
    pub height: i64,
}

/// A step of a wave, with its bar.
#[derive(Clone, Debug, Serialize)]
pub struct StepRow {
    /// `written`, `sent`, `delivered`, `opened` or `clicked`.
    pub step: &'static str,
    pub people: i64,
    /// Of the people it was for.
    pub share_bp: i64,
    pub y: i64,
    pub width: i64,
}

/// People who got no mail, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithoutRow {
    /// Named by the message `campaign-without-<because>`.
    pub because: &'static str,
    pub people: i64,
}

/// Both arms side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Arms {
    pub told: ArmRow,
    pub held: ArmRow,
}

/// What an arm's accounts did since the announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArmRow {
    pub accounts: i64,
    /// Accounts with an order that the promotion gave something in.
    pub ordering: i64,
    /// None of no accounts.
    pub share_bp: Option<i64>,
    /// Such orders.
    pub orders: i64,
    /// Net of the promotion's items, in whichever orders.
    pub net: Money,
    pub net_each: Option<Money>,
    /// The same in the weeks before, an account.
    pub before_each: Option<Money>,
}

/// What the mails brought.
#[derive(Clone, Debug, Serialize)]
pub struct EffectView {
    /// `more`, `less` or `open`.
    pub verdict: &'static str,
    pub sentence: Message,
    pub sales: MoneyFigure,
    pub sales_each: MoneyFigure,
    /// In hundredths.
    pub orders: Option<Figure>,
    /// In basis points.
    pub share: Figure,
    pub drawing: IntervalBar,
}

/// Net in both.
#[derive(Clone, Debug, Serialize)]
pub struct MoneyFigure {
    pub value: Money,
    pub low: Money,
    pub high: Money,
}

/// A number with its interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub value: i64,
    pub low: i64,
    pub high: i64,
}

/// The interval on a scale that holds nothing as well, in a view box of 1,000.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IntervalBar {
    pub nothing: i64,
    pub low: i64,
    pub width: i64,
    pub at: i64,
}

impl WaveRow {
    fn sample(wave: &'static str, opens: bool) -> Self {
        let steps = [
            ("written", 180),
            ("sent", 176),
            ("delivered", 174),
            ("opened", 90),
            ("clicked", 41),
        ];
        let shown = steps
            .into_iter()
            .filter(|(step, _)| opens || *step != "opened");
        let rows: Vec<StepRow> = (0..)
            .zip(shown)
            .map(|(at, (step, people))| StepRow {
                step,
                people,
                share_bp: people * 50,
                y: at * 28 + 6,
                width: people * 5,
            })
            .collect();
        Self {
            wave,
            people: 200,
            waiting: 3,
            daily: 5,
            on_the_way: 1,
            bounced: 2,
            failed: 1,
            without: vec![
                WithoutRow {
                    because: "unsubscribed",
                    people: 14,
                },
                WithoutRow {
                    because: "capped",
                    people: 6,
                },
            ],
            height: i64::try_from(rows.len()).unwrap_or(0) * 28,
            steps: rows,
        }
    }
}

impl CampaignResults {
    /// States worth looking at: finished with an effect, sending without one, planned.
    pub fn samples() -> [Self; 3] {
        let arm = |accounts: i64, ordering: i64, net: i64| ArmRow {
            accounts,
            ordering,
            share_bp: Some(ordering * 10_000 / accounts),
            orders: ordering * 2,
            net: eur(net),
            net_each: Some(eur(net / accounts)),
            before_each: Some(eur(net / accounts / 2)),
        };
        let money = |value, low, high| MoneyFigure {
            value: eur(value),
            low: eur(low),
            high: eur(high),
        };
        let finished = Self {
            id: "c1".into(),
            state: "finished".into(),
            sending: false,
            announce_on: "2026-03-02".into(),
            remind_on: Some("2026-03-24".into()),
            from: Some(1_772_434_800_000),
            until: Some(1_773_298_800_000),
            over: true,
            holdout_bp: 1_000,
            own_only: false,
            counts_opens: true,
            waves: vec![
                WaveRow::sample("announcement", true),
                WaveRow::sample("reminder", true),
            ],
            arms: Some(Arms {
                told: arm(180, 46, 612_000),
                held: arm(20, 3, 48_000),
            }),
            effect: Some(EffectView {
                verdict: "open",
                sentence: Message::new("campaign-effect-open-more")
                    .with("value", eur(124_000))
                    .with("low", eur(-8_000))
                    .with("high", eur(256_000)),
                sales: money(124_000, -8_000, 256_000),
                sales_each: money(689, -44, 1_422),
                orders: Some(Figure {
                    value: 2_140,
                    low: -310,
                    high: 4_600,
                }),
                share: Figure {
                    value: 1_056,
                    low: -820,
                    high: 2_110,
                },
                drawing: IntervalBar {
                    nothing: 83,
                    low: 54,
                    width: 892,
                    at: 500,
                },
            }),
            untold: None,
            others: vec![OtherCampaign {
                id: "c0".into(),
                announce_on: "2026-02-02".into(),
                state: "stopped".into(),
            }],
        };
        let sending = Self {
            state: "sending".into(),
            sending: true,
            remind_on: None,
            over: false,
            own_only: true,
            counts_opens: false,
            waves: vec![WaveRow::sample("announcement", false)],
            effect: None,
            untold: Some(Message::new("campaign-untold-few-held-out").with("accounts", 2)),
            others: vec![],
            ..finished.clone()
        };
        let planned = Self {
            state: "planned".into(),
            sending: false,
            from: None,
            until: None,
            waves: vec![],
            arms: None,
            untold: None,
            ..sending.clone()
        };
        [finished, sending, planned]
    }
}
