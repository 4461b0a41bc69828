//! Holds as pages show them: on their order, and in the brand's queue.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Instant, Message, Money, Paging, Query, eur};

/// A hold, with what its reader may know of it.
#[derive(Clone, Debug, Serialize)]
pub struct HoldView {
    pub id: String,
    /// `approval`, `stock-short` …: the message `hold-<kind>` names it.
    pub kind: String,
    /// Of an approval with several; else none.
    pub level: Option<i64>,
    /// `waiting`, `open`, `released`, `rejected`, `expired` or `withdrawn`.
    pub state: String,
    /// `approver`, `kam`, `finance` or `operations`.
    pub releaser: String,
    /// The one person who may decide.
    pub named: Option<String>,
    pub why: Vec<Message>,
    /// For the buyer: who decides by when, and what helps.
    pub next: Vec<Message>,
    pub opened_at: Instant,
    pub due_at: Instant,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<String>,
    pub reason: Option<String>,
    /// Whether the reader decides it, here and now.
    pub may_decide: bool,
    pub form: FormState,
}

/// A hold in the queue, with its order.
#[derive(Clone, Debug, Serialize)]
pub struct QueueRow {
    /// Counted from 1 on this page: after deciding one comes back to the next.
    pub position: i64,
    pub hold: HoldView,
    pub order_number: String,
    pub account_name: String,
    pub account_number: String,
    pub net: Money,
    pub placed_by: String,
}

/// `/kam/exceptions`: what has to be decided, the most urgent first. The block `queue` is the list.
#[derive(Clone, Debug, Serialize)]
pub struct QueuePage {
    /// `kind`, `releaser` as chosen.
    pub query: Query,
    pub kinds: Vec<Choice>,
    /// Where one sees more than one decides; empty otherwise.
    pub releasers: Vec<Choice>,
    pub rows: Vec<QueueRow>,
    pub paging: Paging,
    pub is_filtered: bool,
    /// This very page of the list, for coming back to it.
    pub back: String,
}

impl HoldView {
    pub fn sample(kind: &str, state: &str) -> Self {
        Self {
            id: format!("01920000-0000-7000-8000-0000000000{:02}", kind.len()),
            kind: kind.into(),
            level: None,
            state: state.into(),
            releaser: "finance".into(),
            named: None,
            why: vec![
                Message::new("hold-why-credit")
                    .with("limit", eur(1_000_000))
                    .with("over", eur(32_000)),
            ],
            next: vec![
                Message::new("hold-next-finance").with("date", "14 Mar 2026"),
                Message::new("hold-help-pay")
                    .with("number", "R-4711")
                    .with("amount", eur(50_000)),
            ],
            opened_at: 1_773_298_800_000,
            due_at: 1_773_730_800_000,
            decided_at: None,
            decided_by: None,
            reason: None,
            may_decide: false,
            form: FormState::new(),
        }
    }

    pub fn sample_decided(kind: &str, state: &str) -> Self {
        Self {
            decided_at: Some(1_773_306_000_000),
            decided_by: Some("Karl Kamp".into()),
            reason: Some("Agreed by telephone".into()),
            next: vec![],
            ..Self::sample(kind, state)
        }
    }
}

impl View for QueuePage {
    const TEMPLATE: &'static str = "pages/kam/exceptions.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |position: i64, kind: &str, may_decide: bool| QueueRow {
            position,
            hold: HoldView {
                may_decide,
                ..HoldView::sample(kind, "open")
            },
            order_number: format!("{}", 100_240 + position),
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            net: eur(241_860),
            placed_by: "Britta Becker".into(),
        };
        let mut refused = row(2, "duplicate", true);
        refused
            .hold
            .form
            .refuse("reason", Message::new("hold-reason-missing"));
        let mut approval = row(3, "approval", false);
        approval.hold.releaser = "approver".into();
        approval.hold.named = Some("Anton Arndt".into());
        approval.hold.level = Some(2);
        let some = Self {
            query: Query::new(),
            kinds: vec![
                Choice::new("credit", "", false),
                Choice::new("stock-short", "", true),
            ],
            releasers: vec![Choice::new("mine", "", true), Choice::new("kam", "", false)],
            rows: vec![row(1, "credit", true), refused, approval],
            paging: Paging::new(1, 25, 61),
            is_filtered: true,
            back: "/kam/exceptions?releaser=mine".into(),
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 25, 0),
            releasers: vec![],
            is_filtered: false,
            ..some.clone()
        };
        let filtered = Self {
            is_filtered: true,
            ..none.clone()
        };
        vec![("some", some), ("none", none), ("none found", filtered)]
    }
}
