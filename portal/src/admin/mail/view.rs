//! Kinds of mail, what came back, and whom nothing is sent to any more.

use serde::Serialize;

use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Instant, Paging, Query};

/// A kind of mail. The message `mail-kind-<name>` names it.
#[derive(Clone, Debug, Serialize)]
pub struct KindRow {
    pub name: String,
    /// The message `templates-topic-<topic>` names it; none for what is sent in any case.
    pub topic: Option<String>,
}

/// `/admin/mail/templates`.
#[derive(Clone, Debug, Serialize)]
pub struct TemplatesPage {
    pub rows: Vec<KindRow>,
}

/// `/admin/mail/templates/{kind}`; the HTML part is framed from `…/html`. Asked with `sample`,
/// `lang`, `width` (`phone` or `desktop`) and `colours` (`light` or `dark`).
#[derive(Clone, Debug, Serialize)]
pub struct TemplatePage {
    pub name: String,
    pub topic: Option<String>,
    pub subject: String,
    pub text: String,
    pub bytes: i64,
    pub samples: Vec<Choice>,
    pub langs: Vec<Choice>,
    pub lang: String,
    pub sample: i64,
    pub wide: bool,
    pub dark: bool,
}

/// What a mail server reported.
#[derive(Clone, Debug, Serialize)]
pub struct BounceRow {
    pub email: String,
    /// The mail it is about, where it is known.
    pub mail_id: Option<String>,
    /// The message `bounce-kind-<kind>` names it.
    pub kind: String,
    pub status: String,
    pub detail: String,
    /// The message `bounces-source-<source>` names it.
    pub source: String,
    pub at: Instant,
}

/// `/admin/mail/bounces`. Form: POST `/admin/mail/bounces` (file), multipart.
#[derive(Clone, Debug, Serialize)]
pub struct BouncesPage {
    pub form: FormState,
    pub query: Query,
    pub rows: Vec<BounceRow>,
    pub paging: Paging,
}

/// An address that nothing is sent to.
#[derive(Clone, Debug, Serialize)]
pub struct SuppressionRow {
    pub email: String,
    /// The message `suppressed-<reason>` names it.
    pub reason: String,
    pub detail: String,
    pub mail_id: Option<String>,
    pub since: Instant,
    pub by: String,
}

/// `/admin/mail/suppressions`. Forms: POST `/admin/mail/suppressions` (email, detail),
/// `/admin/mail/suppressions/lift` (email).
#[derive(Clone, Debug, Serialize)]
pub struct SuppressionsPage {
    /// The letters looked for: `q`.
    pub search: FormState,
    pub add: FormState,
    pub query: Query,
    pub rows: Vec<SuppressionRow>,
    pub paging: Paging,
}

impl View for TemplatesPage {
    const TEMPLATE: &'static str = "pages/admin/mail_templates.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, topic: Option<&str>| KindRow {
            name: name.into(),
            topic: topic.map(Into::into),
        };
        let rows = vec![
            row("order-confirmation", Some("orders")),
            row("back-in-stock", Some("back_in_stock")),
            row("invitation", None),
        ];
        vec![("all", Self { rows })]
    }
}

impl View for TemplatePage {
    const TEMPLATE: &'static str = "pages/admin/mail_template.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let desktop = Self {
            name: "order-confirmation".into(),
            topic: Some("orders".into()),
            subject: "Order 100240 confirmed – Feldhof".into(),
            text: "Hello Britta Becker,\n\nThank you. Your order 100240 is confirmed.".into(),
            bytes: 9_870,
            samples: vec![
                Choice::new("0", "confirmed", true),
                Choice::new("1", "held", false),
            ],
            langs: vec![Choice::new("en", "", true), Choice::new("de", "", false)],
            lang: "en".into(),
            sample: 0,
            wide: true,
            dark: false,
        };
        let phone = Self {
            topic: None,
            samples: vec![Choice::new("0", "asked", true)],
            wide: false,
            dark: true,
            ..desktop.clone()
        };
        vec![("desktop", desktop), ("phone-in-the-dark", phone)]
    }
}

impl BounceRow {
    pub fn sample(kind: &str) -> Self {
        Self {
            email: "britta.becker@corner-shop.example".into(),
            mail_id: (kind != "soft").then(|| "m1".into()),
            kind: kind.into(),
            status: "5.1.1".into(),
            detail: "550 5.1.1 Recipient address rejected: User unknown".into(),
            source: "webhook".into(),
            at: 1_773_298_800_000,
        }
    }
}

impl View for BouncesPage {
    const TEMPLATE: &'static str = "pages/admin/mail_bounces.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let some = Self {
            form: FormState::new(),
            query: Query::new(),
            rows: vec![
                BounceRow::sample("hard"),
                BounceRow {
                    source: "mailbox".into(),
                    ..BounceRow::sample("soft")
                },
                BounceRow {
                    source: "refusal".into(),
                    ..BounceRow::sample("complaint")
                },
            ],
            paging: Paging::new(1, 50, 3),
        };
        let none = Self {
            form: FormState::new().error("file", "bounces-mailbox-unreadable".into()),
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..some.clone()
        };
        vec![("some", some), ("none", none)]
    }
}

impl View for SuppressionsPage {
    const TEMPLATE: &'static str = "pages/admin/mail_suppressions.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |reason: &str, detail: &str| SuppressionRow {
            email: format!("{reason}@corner-shop.example"),
            reason: reason.into(),
            detail: detail.into(),
            mail_id: (reason == "bounce").then(|| "m1".into()),
            since: 1_773_298_800_000,
            by: "Ada Adler".into(),
        };
        let some = Self {
            search: FormState::new(),
            add: FormState::new(),
            query: Query::new(),
            rows: vec![
                row("bounce", "550 5.1.1 User unknown"),
                row("complaint", "abuse"),
                row("by_hand", ""),
            ],
            paging: Paging::new(1, 50, 3),
        };
        let none = Self {
            add: FormState::new()
                .value("email", "nobody")
                .error("email", "error-email".into()),
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..some.clone()
        };
        let none_found = Self {
            search: FormState::new().value("q", "nobody"),
            add: FormState::new(),
            query: Query::from([("q".to_owned(), "nobody".to_owned())]),
            ..none.clone()
        };
        vec![("some", some), ("none", none), ("none found", none_found)]
    }
}
