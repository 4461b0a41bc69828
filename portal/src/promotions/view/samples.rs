//! States worth looking at.

use super::{
    Actions, Burn, CalendarView, EditorPage, ExampleBasket, ExampleLine, Explained, FundEntryRow,
    FundLink, FundPage, FundRow, FundsPage, Lane, MonthHead, PromotionPage, PromotionRow,
    PromotionsPage, ResultsView, UseRow,
};
use crate::campaigns::results::view::CampaignResults;
use crate::promotions::editor::KINDS;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Arg, Choice, Message, Paging, Query, Unit, eur};

const STATES: [&str; 8] = [
    "draft",
    "submitted",
    "approved",
    "running",
    "ended",
    "stopped",
    "settled",
    "cancelled",
];

fn gist() -> Message {
    Message::new("promotion-gist-buy-get")
        .with("buy", 10)
        .with(
            "get",
            Arg::Quantity {
                quantity: 1,
                unit: Unit::Case,
            },
        )
        .with("free", "yes")
        .with("rate", Arg::Rate { rate_bp: 10_000 })
        .with("times", 0)
}

impl PromotionRow {
    fn sample(state: &str) -> Self {
        Self {
            id: format!("p-{state}"),
            code: "RAGOUT-11".into(),
            name: "Ragout: ten and one".into(),
            state: state.into(),
            short: gist(),
            valid_from: "2026-03-01".into(),
            valid_last: (state != "draft").then(|| "2026-03-31".into()),
            uses: 41,
            spent: eur(123_450),
            created_by: "Jana Vogt".into(),
        }
    }
}

impl Burn {
    fn sample() -> Self {
        Self {
            budget: eur(1_000_000),
            reserved: eur(80_000),
            committed: eur(420_000),
            left: eur(500_000),
            committed_permille: 420,
            reserved_permille: 80,
            used_bp: 5_000,
        }
    }
}

impl Explained {
    fn sample() -> Self {
        let line = |free: bool| ExampleLine {
            sku: "ST-1020".into(),
            name: "Silbertatze Ragout Duck 85 g".into(),
            quantity: if free { 1 } else { 10 },
            unit: Unit::Case,
            net: eur(if free { 0 } else { 16_560 }),
            discount: eur(if free { 0 } else { 1_656 }),
            after: eur(if free { 0 } else { 14_904 }),
            free,
        };
        let near = Message::new("promotion-near")
            .with(
                "missing",
                Message::new("promotion-missing-value").with("amount", eur(4_500)),
            )
            .with("gain", Message::new("promotion-gain-freight"));
        Self {
            sentence: Message::new("promotion-says-free-freight")
                .with("assortment", Message::new("promotion-everything"))
                .with("from", eur(30_000)),
            short: gist(),
            items: Message::new("promotion-items")
                .with("items", Message::new("promotion-everything")),
            validity: Message::new("promotion-valid-from").with(
                "from",
                Arg::Date {
                    date: "2026-03-01".into(),
                },
            ),
            limits: vec![Message::new("promotion-limit-account").with("count", 2)],
            reach: vec![Message::new("promotion-reach-everybody")],
            reached: 60,
            accounts: vec!["Corner Shop Hannover".into(), "Zoo Zeven".into()],
            class: Some("winter".into()),
            priority: 100,
            examples: vec![
                ExampleBasket {
                    title: Message::new("promotion-example-below"),
                    lines: vec![line(false)],
                    net: eur(16_560),
                    discount: eur(0),
                    after: eur(16_560),
                    free_freight: false,
                    near: Some(near),
                },
                ExampleBasket {
                    title: Message::new("promotion-example-at"),
                    lines: vec![line(false), line(true)],
                    net: eur(16_560),
                    discount: eur(1_656),
                    after: eur(14_904),
                    free_freight: true,
                    near: None,
                },
            ],
        }
    }
}

impl View for PromotionsPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/list.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let lane = |(at, state): (i64, &&str)| Lane {
            id: format!("p-{state}"),
            name: "Ragout: ten and one".into(),
            state: (*state).into(),
            from_week: 1 + at * 2,
            weeks: 5,
            valid_from: "2026-03-01".into(),
            valid_last: (*state != "draft").then(|| "2026-03-31".into()),
        };
        let calendar = CalendarView {
            months: (1..=6)
                .map(|at| MonthHead {
                    month: (at + 9) % 12 + 1,
                    year: 2026,
                    from_week: 1 + (at - 1) * 4,
                    weeks: 4,
                })
                .collect(),
            lanes: (0..).zip(&STATES).map(lane).collect(),
            today_week: 7,
            more: 3,
        };
        let some = Self {
            query: Query::new(),
            states: STATES
                .map(|state| Choice::new(state, "", state == "running"))
                .to_vec(),
            rows: STATES.map(PromotionRow::sample).to_vec(),
            paging: Paging::new(1, 30, 8),
            calendar,
            can_plan: true,
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 30, 0),
            calendar: CalendarView {
                months: vec![],
                lanes: vec![],
                today_week: 7,
                more: 0,
            },
            ..some.clone()
        };
        let not_found = Self {
            query: [("q".to_owned(), "xyz".to_owned())].into(),
            can_plan: false,
            ..none.clone()
        };
        vec![("some", some), ("none", none), ("nothing found", not_found)]
    }
}

impl View for PromotionPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/show.html";

    #[expect(clippy::too_many_lines, reason = "a page a state")]
    fn samples() -> Vec<(&'static str, Self)> {
        let used = |state: &str| UseRow {
            order: "100240".into(),
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            at: 1_773_298_800_000,
            state: state.into(),
            order_net: eur(48_200),
            spend: eur(1_656),
        };
        let running = Self {
            id: "p1".into(),
            code: "RAGOUT-11".into(),
            name: "Ragout: ten and one".into(),
            note: "Agreed with purchasing.\nPeter: a cap, please.".into(),
            state: "running".into(),
            kind: "free_goods".into(),
            explained: Explained::sample(),
            fund: Some(FundLink {
                id: "f1".into(),
                name: "Spring fund".into(),
                burn: Burn::sample(),
            }),
            results: Some(ResultsView {
                orders: 41,
                accounts: 18,
                pieces: 4_920,
                net: eur(820_000),
                spend: eur(67_896),
                spend_bp: Some(828),
                cap: Some(eur(100_000)),
                cap_permille: 678,
                latest: ["reserved", "committed", "released"].map(used).to_vec(),
            }),
            campaign: None,
            created_by: "Jana Vogt".into(),
            created_at: 1_773_298_800_000,
            submitted_by: Some("Jana Vogt".into()),
            submitted_at: Some(1_773_298_800_000),
            approved_by: Some("Peter Sommer".into()),
            approved_at: Some(1_773_298_800_000),
            stopped_at: None,
            actions: Actions {
                copy: true,
                stop: true,
                ..Actions::default()
            },
            form: FormState::new(),
        };
        let draft = Self {
            state: "draft".into(),
            note: String::new(),
            fund: None,
            results: None,
            submitted_by: None,
            submitted_at: None,
            approved_by: None,
            approved_at: None,
            explained: Explained {
                class: None,
                examples: vec![],
                accounts: vec![],
                reached: 0,
                ..Explained::sample()
            },
            actions: Actions {
                edit: true,
                copy: true,
                submit: true,
                cancel: true,
                ..Actions::default()
            },
            ..running.clone()
        };
        let to_decide = Self {
            state: "submitted".into(),
            results: None,
            approved_by: None,
            approved_at: None,
            actions: Actions {
                approve: true,
                send_back: true,
                ..Actions::default()
            },
            form: FormState::new().error("word", Message::new("error-required")),
            ..running.clone()
        };
        let own = Self {
            actions: Actions {
                own: true,
                withdraw: true,
                ..Actions::default()
            },
            ..to_decide.clone()
        };
        let stopped = Self {
            state: "stopped".into(),
            stopped_at: Some(1_773_298_800_000),
            results: running.results.clone().map(|results| ResultsView {
                spend_bp: None,
                cap: None,
                latest: vec![],
                ..results
            }),
            actions: Actions {
                settle: true,
                ..Actions::default()
            },
            ..running.clone()
        };
        let told = CampaignResults::samples().map(|campaign| Self {
            campaign: Some(campaign),
            ..running.clone()
        });
        let told = ["mailed", "being mailed", "to be mailed"]
            .into_iter()
            .zip(told);
        let plain = [
            ("running", running),
            ("draft", draft),
            ("to decide", to_decide),
            ("own", own),
            ("stopped", stopped),
        ];
        plain.into_iter().chain(told).collect()
    }
}

impl View for EditorPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/edit.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let words = |all: &[&str]| all.iter().map(|one| Choice::new(one, "", false)).collect();
        let named = |name: &str| {
            vec![
                Choice::new("1", name, true),
                Choice::new("2", "Other", false),
            ]
        };
        let blank = Self {
            id: None,
            form: FormState::new().value("mechanic", "percent"),
            kinds: words(&KINDS),
            counts: words(&["packs", "pieces"]),
            currencies: vec![Choice::new("EUR", "EUR", true)],
            funds: vec![Choice::new("f1", "Spring fund (EUR)", false)],
            brands: named("Silbertatze"),
            categories: named("Cat / Wet food"),
            without_brands: named("Silbertatze"),
            without_categories: named("Cat / Wet food"),
            groups: named("Chains"),
            regions: named("north"),
            only_accounts: false,
            preview: None,
        };
        let refused = Self {
            id: Some("p1".into()),
            form: FormState::new()
                .value("mechanic", "bundle")
                .value("name", "Ragout: ten and one")
                .value("audience", "chosen")
                .value("version", "1773298800000")
                .value("parts", "ST-1004 x")
                .error("", Message::new("error-promotion-changed-meanwhile"))
                .error(
                    "parts",
                    Message::new("error-promotion-part").with("typed", "ST-1004 x"),
                ),
            ..blank.clone()
        };
        let kam = Self {
            only_accounts: true,
            preview: Some(Explained::sample()),
            ..blank.clone()
        };
        vec![("blank", blank), ("refused", refused), ("preview", kam)]
    }
}

impl FundRow {
    fn sample() -> Self {
        Self {
            id: "f1".into(),
            code: "SPRING".into(),
            name: "Spring fund".into(),
            burn: Burn::sample(),
            promotions: 3,
        }
    }
}

impl View for FundsPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/funds.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let some = Self {
            query: Query::new(),
            rows: vec![FundRow::sample()],
            paging: Paging::new(1, 50, 1),
            can_change: true,
            form: FormState::new().error("budget", Message::new("error-figure")),
            currencies: vec![Choice::new("EUR", "EUR", true)],
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            can_change: false,
            form: FormState::new(),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}

impl View for FundPage {
    const TEMPLATE: &'static str = "pages/kam/promotions/fund.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let entry = |kind: &str| FundEntryRow {
            at: 1_773_298_800_000,
            kind: kind.into(),
            promotion_id: "p1".into(),
            promotion: "Ragout: ten and one".into(),
            order: (kind != "release").then(|| "100240".into()),
            reserved: eur(if kind == "reserve" { 1_656 } else { -1_656 }),
            committed: eur(if kind == "commit" { 1_656 } else { 0 }),
        };
        let some = Self {
            fund: FundRow::sample(),
            query: Query::new(),
            entries: ["reserve", "commit", "release"].map(entry).to_vec(),
            paging: Paging::new(1, 50, 3),
            promotions: vec![PromotionRow::sample("running")],
            can_change: true,
            form: FormState::new().value("budget", "1.00").error(
                "budget",
                Message::new("error-fund-below-used").with("used", eur(500_000)),
            ),
        };
        let none = Self {
            entries: vec![],
            paging: Paging::new(1, 50, 0),
            promotions: vec![],
            can_change: false,
            form: FormState::new(),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}
