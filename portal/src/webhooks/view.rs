//! What admins see of webhooks, and the mail that tells them of one that was switched off.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Instant, Message, Paging, Query};

/// An endpoint in the list.
#[derive(Clone, Debug, Serialize)]
pub struct EndpointRow {
    pub id: String,
    pub name: String,
    pub url: String,
    /// Number and name of the account whose events it hears; none for everybody's.
    pub account: Option<String>,
    /// How many kinds it chose; 0 for all.
    pub kinds: i64,
    /// `on`, `failing` or `off`.
    pub state: String,
    /// Why it is off: `by_hand`, `gone` or `failing`.
    pub because: String,
    pub waiting: i64,
    pub dead: i64,
}

/// A kind of event to choose: its name, and whether an account's endpoint hears of it. The message
/// `webhook-kind-…` says what it means.
#[derive(Clone, Debug, Serialize)]
pub struct KindChoice {
    pub name: String,
    /// The message that says what it means.
    pub key: String,
    pub is_of_account: bool,
    pub is_chosen: bool,
}

/// `/admin/webhooks`. Form: POST `/admin/webhooks` (name, url, account, which, kind …).
#[derive(Clone, Debug, Serialize)]
pub struct WebhooksPage {
    pub query: Query,
    pub rows: Vec<EndpointRow>,
    pub paging: Paging,
    pub form: FormState,
    pub kinds: Vec<KindChoice>,
    /// Whether addresses of this machine and its network may be called.
    pub private_targets: bool,
}

/// `/admin/webhooks/{id}`. Forms: POST to itself (name, url, which, kind …), `…/test`, `…/enable`,
/// `…/disable`, `…/secret`, `…/replay` (since).
#[derive(Clone, Debug, Serialize)]
pub struct WebhookPage {
    pub endpoint: EndpointRow,
    pub created_by: String,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    pub failing_since: Option<Instant>,
    pub form: FormState,
    pub kinds: Vec<KindChoice>,
    pub private_targets: bool,
    pub secret: String,
    /// Until then the secret before signs as well.
    pub previous_until: Option<Instant>,
    pub previous_secret: Option<String>,
    pub query: Query,
    pub rows: Vec<DeliveryRow>,
    pub paging: Paging,
    pub states: Vec<Choice>,
    /// Kinds to filter by.
    pub filter_kinds: Vec<Choice>,
    /// The form that sends again what was given up: `since`.
    pub replay: FormState,
}

/// An event on its way to an endpoint, or there.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryRow {
    pub id: String,
    pub kind: String,
    pub subject: String,
    /// `waiting`, `delivered` or `dead`.
    pub state: String,
    /// How often it was sent again by hand before.
    pub replay: i64,
    pub created_at: Instant,
    pub tries: i64,
    /// The last status, or why there was no answer.
    pub last: String,
    pub next_at: Option<Instant>,
}

/// A try.
#[derive(Clone, Debug, Serialize)]
pub struct AttemptRow {
    pub at: Instant,
    /// As the header had it.
    pub timestamp: String,
    pub signature: String,
    pub is_good: bool,
    pub status: Option<i64>,
    pub error: Option<String>,
    pub answer: String,
    pub duration_ms: i64,
}

/// `/admin/webhooks/{id}/deliveries/{delivery}`. Form: POST `…/replay`.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryPage {
    pub endpoint: String,
    pub endpoint_name: String,
    pub url: String,
    pub row: DeliveryRow,
    /// Its id, which is the header `webhook-id`.
    pub event: String,
    pub happened_at: Instant,
    pub body: String,
    /// The latest first.
    pub attempts: Vec<AttemptRow>,
    pub can_replay: bool,
}

/// To an admin: an endpoint was switched off.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookStoppedMail {
    pub brand_name: String,
    pub name: String,
    pub endpoint: String,
    /// `gone` or `failing`.
    pub because: String,
    pub link: String,
}

impl EndpointRow {
    fn sample(name: &str, state: &str) -> Self {
        Self {
            id: "w1".into(),
            name: name.into(),
            url: "https://hooks.example.com/kontor?shop=7".into(),
            account: (state == "failing").then(|| "10001 Corner Shop Hannover".into()),
            kinds: if state == "on" { 0 } else { 3 },
            state: state.into(),
            because: if state == "off" { "gone" } else { "" }.into(),
            waiting: if state == "failing" { 12 } else { 0 },
            dead: if state == "on" { 0 } else { 4 },
        }
    }
}

impl KindChoice {
    fn samples() -> Vec<Self> {
        ["order-placed", "order-confirmed", "promotion-approved"]
            .map(|word| Self {
                name: word.replace('-', "."),
                key: format!("webhook-kind-{word}"),
                is_of_account: word.starts_with("order"),
                is_chosen: word == "order-placed",
            })
            .to_vec()
    }
}

impl DeliveryRow {
    fn sample(state: &str) -> Self {
        Self {
            id: "d1".into(),
            kind: "order.confirmed".into(),
            subject: "order/100240".into(),
            state: state.into(),
            replay: i64::from(state == "delivered"),
            created_at: 1_773_298_800_000,
            tries: if state == "waiting" { 2 } else { 10 },
            last: if state == "delivered" { "204" } else { "503" }.into(),
            next_at: (state == "waiting").then_some(1_773_300_600_000),
        }
    }
}

impl View for WebhooksPage {
    const TEMPLATE: &'static str = "pages/admin/webhooks.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            query: Query::new(),
            rows: vec![
                EndpointRow::sample("ERP", "on"),
                EndpointRow::sample("Till of the corner shop", "failing"),
                EndpointRow::sample("Old reports", "off"),
            ],
            paging: Paging::new(1, 50, 3),
            form: FormState::new(),
            kinds: KindChoice::samples(),
            private_targets: false,
        };
        let refused = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            form: FormState::new()
                .value("name", "ERP")
                .value("url", "https://127.0.0.1/")
                .value("which", "some")
                .error("url", Message::new("outgoing-private"))
                .error("which", Message::new("webhook-error-no-kind")),
            private_targets: true,
            ..page.clone()
        };
        vec![("some", page), ("refused", refused)]
    }
}

impl View for WebhookPage {
    const TEMPLATE: &'static str = "pages/admin/webhook.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let choices = |words: &[&str]| words.iter().map(|w| Choice::new(w, "", false)).collect();
        let page = Self {
            endpoint: EndpointRow::sample("ERP", "on"),
            created_by: "Ada Adler".into(),
            created_at: 1_773_298_800_000,
            disabled_at: None,
            failing_since: None,
            form: FormState::new()
                .value("name", "ERP")
                .value("url", "https://hooks.example.com/kontor")
                .value("which", "all"),
            kinds: KindChoice::samples(),
            private_targets: false,
            secret: "whsec_c2FtcGxlIG9mIGEgc2VjcmV0IG9mIDMyIGJ5dGVzIQ==".into(),
            previous_until: None,
            previous_secret: None,
            query: Query::new(),
            rows: ["waiting", "delivered", "dead"]
                .map(DeliveryRow::sample)
                .to_vec(),
            paging: Paging::new(1, 50, 3),
            states: choices(&["waiting", "delivered", "dead"]),
            filter_kinds: vec![Choice::new("order.placed", "order.placed", false)],
            replay: FormState::new().value("since", "2026-03-11"),
        };
        let failing = Self {
            endpoint: EndpointRow::sample("Till of the corner shop", "failing"),
            failing_since: Some(1_773_298_800_000),
            previous_until: Some(1_773_385_200_000),
            previous_secret: Some("whsec_YW5vdGhlciBzYW1wbGUgb2YgYSBzZWNyZXQgb2YgMzI=".into()),
            ..page.clone()
        };
        let off = Self {
            endpoint: EndpointRow::sample("Old reports", "off"),
            disabled_at: Some(1_773_298_800_000),
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            private_targets: true,
            form: FormState::new()
                .value("which", "some")
                .error("url", Message::new("outgoing-not-https")),
            replay: FormState::new().error("since", Message::new("error-date")),
            ..page.clone()
        };
        vec![("on", page), ("failing", failing), ("off", off)]
    }
}

impl View for DeliveryPage {
    const TEMPLATE: &'static str = "pages/admin/webhook_delivery.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let attempt = |status: Option<i64>| AttemptRow {
            at: 1_773_298_805_000,
            timestamp: "1773298805".into(),
            signature: "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=".into(),
            is_good: status == Some(204),
            status,
            error: status.is_none().then(|| "no answer in time".into()),
            answer: if status == Some(503) { "busy" } else { "" }.into(),
            duration_ms: 182,
        };
        let page = Self {
            endpoint: "w1".into(),
            endpoint_name: "ERP".into(),
            url: "https://hooks.example.com/kontor".into(),
            row: DeliveryRow::sample("waiting"),
            event: "019b1c5e-0000-7000-8000-000000000001".into(),
            happened_at: 1_773_298_800_000,
            body: r#"{"type":"order.confirmed","timestamp":"2026-03-12T07:00:00Z"}"#.into(),
            attempts: vec![attempt(Some(503)), attempt(None)],
            can_replay: false,
        };
        let delivered = Self {
            row: DeliveryRow::sample("delivered"),
            attempts: vec![attempt(Some(204))],
            can_replay: true,
            ..page.clone()
        };
        let fresh = Self {
            attempts: vec![],
            ..page.clone()
        };
        vec![
            ("waiting", page),
            ("delivered", delivered),
            ("fresh", fresh),
        ]
    }
}

impl View for WebhookStoppedMail {
    const TEMPLATE: &'static str = "emails/webhook_stopped";

    fn samples() -> Vec<(&'static str, Self)> {
        let mail = |because: &str| Self {
            brand_name: "Feldhof".into(),
            name: "Ada Adler".into(),
            endpoint: "ERP".into(),
            because: because.into(),
            link: "https://orders.example.com/admin/webhooks/w1".into(),
        };
        vec![("failing", mail("failing")), ("gone", mail("gone"))]
    }
}
