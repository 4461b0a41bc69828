//! What waits for a colleague's decision, and the rules and budgets it comes from, as pages.

use serde::Serialize;
use trade::hold::ApprovalReason;

use crate::orders::hold_words;
use crate::orders::view::OrderPage;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Day, Instant, Message, Money, Paging, Query, eur};

/// A rule of the account.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRow {
    pub id: String,
    pub level: i64,
    pub asks: Message,
    /// The one person who may decide.
    pub approver: Option<String>,
}

/// What a person may order in a period.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetRow {
    pub user_id: String,
    pub name: String,
    /// `month`, `quarter` or `year`: the message `budget-<period>` names it.
    pub period: String,
    pub limit: Money,
    pub used: Money,
    /// What is left; none where it is used up and more.
    pub left: Option<Money>,
    /// Most of it, in minor units: from there on its bar warns.
    pub most: i64,
    /// The last day of the period.
    pub last_day: Day,
}

/// The company's approvals: rules and budgets, with their forms.
#[derive(Clone, Debug, Serialize)]
pub struct CompanyApprovals {
    pub rules: Vec<RuleRow>,
    pub rule_form: FormState,
    /// The message `rule-kind-<value>` names each.
    pub kinds: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub approvers: Vec<Choice>,
    pub budgets: Vec<BudgetRow>,
    pub budget_form: FormState,
    pub people: Vec<Choice>,
    /// The message `budget-<value>` names each.
    pub periods: Vec<Choice>,
    pub currency: String,
    /// Something was refused because nobody could decide: says what to do about it.
    pub needs_decider: bool,
    /// Budgets are there, and no rule looks at them.
    pub budgets_unasked: bool,
}

/// One approval in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ApprovalRow {
    pub number: String,
    pub placed_by: String,
    pub on_behalf_of: Option<String>,
    pub placed_at: Instant,
    pub net: Money,
    pub lines: i64,
    pub reasons: Vec<Message>,
    pub step: i64,
    pub steps: i64,
    pub approver: Option<String>,
    pub due: Instant,
    /// `open`, `released`, `rejected`, `expired` or `withdrawn`: the message `approval-<state>`.
    pub state: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<Instant>,
    pub word: Option<String>,
    pub can_decide: bool,
    pub is_own: bool,
}

/// `/approvals`.
#[derive(Clone, Debug, Serialize)]
pub struct ApprovalsPage {
    pub query: Query,
    /// What has been decided, rather than what waits.
    pub decided: bool,
    pub rows: Vec<ApprovalRow>,
    pub paging: Paging,
    /// Whether the reader decides about orders of the company.
    pub decides: bool,
}

/// One step of an order's approval.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    pub step: i64,
    /// As [`ApprovalRow::state`], or `waiting`.
    pub state: String,
    pub reasons: Vec<Message>,
    pub approver: Option<String>,
    pub due: Instant,
    pub decided_by: Option<String>,
    pub decided_at: Option<Instant>,
    pub word: Option<String>,
}

/// `/approvals/{number}`. Forms: POST `…/approve` (hold, word), `…/reject` (hold, reason).
#[derive(Clone, Debug, Serialize)]
pub struct ApprovalPage {
    pub page: OrderPage,
    pub steps: Vec<StepView>,
    /// The step that waits for a decision now.
    pub hold: Option<String>,
    pub can_decide: bool,
    /// Why the reader cannot decide; none where they can or nothing waits.
    pub why_not: Option<Message>,
    /// The requester's budget of today's period, with this order in it.
    pub budget: Option<BudgetRow>,
    pub form: FormState,
}

impl CompanyApprovals {
    /// For samples.
    #[must_use]
    pub fn sample() -> Self {
        let choices = |values: &[&str]| values.iter().map(|v| Choice::new(v, "", false)).collect();
        Self {
            rules: vec![
                RuleRow {
                    id: "r1".into(),
                    level: 1,
                    asks: Message::new("rule-total").with("threshold", eur(150_000)),
                    approver: None,
                },
                RuleRow {
                    id: "r2".into(),
                    level: 2,
                    asks: Message::new("rule-off_list"),
                    approver: Some("Anton Arndt".into()),
                },
            ],
            rule_form: FormState::new(),
            kinds: choices(&["total", "category", "off_list", "new_ship_to", "budget"]),
            categories: vec![Choice::new("c1", "Dog > Dry food", false)],
            levels: choices(&["1", "2", "3"]),
            approvers: vec![Choice::new("u1", "Anton Arndt", false)],
            budgets: vec![BudgetRow::sample(423_000), BudgetRow::sample(612_000)],
            budget_form: FormState::new(),
            people: vec![Choice::new("u1", "Britta Becker", false)],
            periods: choices(&["month", "quarter", "year"]),
            currency: "EUR".into(),
            needs_decider: false,
            budgets_unasked: true,
        }
    }
}

impl BudgetRow {
    fn sample(used: i64) -> Self {
        let left = 500_000 - used;
        Self {
            user_id: "u1".into(),
            name: "Britta Becker".into(),
            period: "month".into(),
            limit: eur(500_000),
            used: eur(used),
            left: (left >= 0).then(|| eur(left)),
            most: 400_000,
            last_day: "2026-03-31".into(),
        }
    }
}

fn sample_reasons() -> Vec<Message> {
    let day = |text: &str| text.parse().unwrap_or(jiff::civil::Date::ZERO);
    [
        ApprovalReason::Total {
            net: eur(241_860),
            threshold: eur(150_000),
        },
        ApprovalReason::Category {
            category: trade::id::CategoryId(uuid::Uuid::nil()),
            name: "Dog > Dry food".into(),
            net: eur(120_000),
            threshold: eur(100_000),
        },
        ApprovalReason::OffList {
            skus: vec!["DOG-ADL-12".into(), "CAT-WET-85".into()],
            count: 2,
        },
        ApprovalReason::NewShipTo {
            name: "Warehouse Celle".into(),
        },
        ApprovalReason::Budget {
            from: day("2026-03-01"),
            limit: eur(500_000),
            used: eur(423_000),
            net: eur(241_860),
        },
    ]
    .into_iter()
    .map(hold_words::approval)
    .collect()
}

impl ApprovalRow {
    fn sample(state: &str) -> Self {
        let decided = state != "open";
        Self {
            number: "100240".into(),
            placed_by: "Britta Becker".into(),
            on_behalf_of: None,
            placed_at: 1_773_298_800_000,
            net: eur(241_860),
            lines: 14,
            reasons: sample_reasons(),
            step: 1,
            steps: 2,
            approver: None,
            due: 1_773_903_600_000,
            state: state.into(),
            decided_by: decided.then(|| "Anton Arndt".into()),
            decided_at: decided.then_some(1_773_302_400_000),
            word: (state == "rejected").then(|| "Half of it will do until April.".into()),
            can_decide: !decided,
            is_own: false,
        }
    }
}

impl View for ApprovalsPage {
    const TEMPLATE: &'static str = "pages/approvals/list.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let waiting = Self {
            query: Query::new(),
            decided: false,
            rows: vec![
                ApprovalRow::sample("open"),
                ApprovalRow {
                    number: "100239".into(),
                    on_behalf_of: Some("Corner Shop Hannover".into()),
                    approver: Some("Olga Ott".into()),
                    can_decide: false,
                    ..ApprovalRow::sample("open")
                },
                ApprovalRow {
                    number: "100238".into(),
                    can_decide: false,
                    is_own: true,
                    steps: 1,
                    ..ApprovalRow::sample("open")
                },
            ],
            paging: Paging::new(1, 20, 3),
            decides: true,
        };
        let states = ["released", "rejected", "expired", "withdrawn"];
        let decided = Self {
            decided: true,
            rows: states.map(ApprovalRow::sample).to_vec(),
            ..waiting.clone()
        };
        let empty = Self {
            rows: Vec::new(),
            paging: Paging::new(1, 20, 0),
            ..waiting.clone()
        };
        vec![
            ("waiting", waiting),
            ("nothing waits", empty.clone()),
            (
                "nothing of a buyer's waits",
                Self {
                    decides: false,
                    ..empty.clone()
                },
            ),
            ("decided", decided),
            (
                "nothing decided",
                Self {
                    decided: true,
                    ..empty
                },
            ),
        ]
    }
}

impl View for ApprovalPage {
    const TEMPLATE: &'static str = "pages/approvals/show.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let step = |step, state: &str| {
            let row = ApprovalRow::sample(state);
            StepView {
                step,
                state: state.into(),
                reasons: row.reasons,
                approver: (step == 2).then(|| "Olga Ott".into()),
                due: row.due,
                decided_by: row.decided_by.filter(|_| state != "waiting"),
                decided_at: row.decided_at.filter(|_| state != "waiting"),
                word: row.word,
            }
        };
        let Some((_, order)) = OrderPage::samples().into_iter().next() else {
            return Vec::new();
        };
        let page = Self {
            page: order,
            steps: vec![step(1, "open"), step(2, "waiting")],
            hold: Some("h1".into()),
            can_decide: true,
            why_not: None,
            budget: Some(BudgetRow::sample(423_000)),
            form: FormState::new(),
        };
        vec![
            ("to decide", page.clone()),
            (
                "without a reason",
                Self {
                    form: FormState::new().error("reason", Message::new("error-required")),
                    ..page.clone()
                },
            ),
            (
                "one's own",
                Self {
                    can_decide: false,
                    why_not: Some(Message::new("approval-not-own")),
                    ..page.clone()
                },
            ),
            (
                "decided",
                Self {
                    steps: vec![step(1, "rejected"), step(2, "withdrawn")],
                    hold: None,
                    can_decide: false,
                    budget: Some(BudgetRow::sample(612_000)),
                    ..page
                },
            ),
        ]
    }
}
