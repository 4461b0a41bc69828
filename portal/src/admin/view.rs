//! What the brand's administrators see: users, outgoing mail, the audit log, the system's health.

use serde::Serialize;

use super::mail::view::BounceRow;
use crate::company::view::UserRow;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Choice, Instant, Message, Paging, Query};

/// `/admin/users`. Forms: POST `/admin/users` (email, name, role, account), `/admin/users/{id}`
/// (role, status), `/admin/users/{id}/reset`.
#[derive(Clone, Debug, Serialize)]
pub struct UsersPage {
    pub query: Query,
    pub rows: Vec<UserRow>,
    pub paging: Paging,
    pub invite: FormState,
    pub roles: Vec<Choice>,
}

/// One outgoing mail.
#[derive(Clone, Debug, Serialize)]
pub struct MailRow {
    pub id: String,
    pub to: String,
    pub subject: String,
    /// `order-confirmation`, `invitation` …, as the outbox names it.
    pub kind: String,
    /// `waiting`, `sent`, `retrying`, `failed`, `withheld` or `bounced`.
    pub state: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
    pub attempts: i64,
    pub error: Option<String>,
    /// Why it was not sent.
    pub withheld: Option<Message>,
}

/// `/admin/mail`.
#[derive(Clone, Debug, Serialize)]
pub struct MailListPage {
    /// The filters as chosen: `q`, `state`, `kind`.
    pub form: FormState,
    /// Values are states; the message `mail-state-<value>` names them.
    pub states: Vec<Choice>,
    /// Values are kinds; the message `mail-kind-<value>` names them.
    pub kinds: Vec<Choice>,
    pub query: Query,
    pub rows: Vec<MailRow>,
    pub paging: Paging,
}

/// `/admin/mail/{id}`; the HTML part is framed from `/admin/mail/{id}/html`.
#[derive(Clone, Debug, Serialize)]
pub struct MailPage {
    pub mail: MailRow,
    /// The headers it carries, in their order.
    pub headers: Vec<HeaderRow>,
    pub text: String,
    pub has_html: bool,
    pub attachments: Vec<String>,
    /// What mail servers reported of it.
    pub bounces: Vec<BounceRow>,
}

/// A header of a mail.
#[derive(Clone, Debug, Serialize)]
pub struct HeaderRow {
    pub name: String,
    pub value: String,
}

/// One entry of the audit log.
#[derive(Clone, Debug, Serialize)]
pub struct AuditRow {
    pub at: Instant,
    pub who: String,
    pub on_behalf_of: Option<String>,
    /// Such as `user.invited`; shown as it is, for it is what people search by.
    pub action: String,
    pub subject: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// `/admin/audit`.
#[derive(Clone, Debug, Serialize)]
pub struct AuditPage {
    /// The filters as typed: `q`, `from`, `until`.
    pub form: FormState,
    pub query: Query,
    pub rows: Vec<AuditRow>,
    pub paging: Paging,
}

/// One service the system rests on.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceRow {
    pub name: String,
    /// `good`, `warning`, `bad` or `off`.
    pub state: String,
    pub detail: String,
}

/// `/admin/health`.
#[derive(Clone, Debug, Serialize)]
pub struct HealthPage {
    pub version: String,
    pub started_at: Instant,
    pub services: Vec<ServiceRow>,
    pub jobs_waiting: i64,
    pub jobs_failed: i64,
    pub mails_waiting: i64,
    /// Counts of the large tables.
    pub counts: Vec<CountRow>,
    /// Work that was given up; POST `/admin/jobs/{id}/retry` sends it off again.
    pub dead: Vec<DeadJobRow>,
}

/// A job that was given up.
#[derive(Clone, Debug, Serialize)]
pub struct DeadJobRow {
    pub id: String,
    /// The message `job-<kind>` names it.
    pub kind: String,
    pub created_at: Instant,
    pub attempts: i64,
    pub error: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct CountRow {
    /// The message `count-<name>` names it: `accounts`, `users`, `products`, `prices`, `orders`.
    pub name: String,
    pub count: i64,
}

impl View for UsersPage {
    const TEMPLATE: &'static str = "pages/admin/users.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let roles = [
            "buyer",
            "approver",
            "account_admin",
            "kam",
            "marketing",
            "finance",
            "operations",
            "admin",
        ]
        .map(|role| Choice::new(role, "", role == "buyer"))
        .to_vec();
        let page = Self {
            query: Query::new(),
            rows: vec![
                UserRow::sample("Olga Ott", "account_admin", "active"),
                UserRow::sample("Britta Becker", "buyer", "invited"),
                UserRow {
                    account_name: String::new(),
                    may_agree_prices: Some(true),
                    ..UserRow::sample("Karl Kamp", "kam", "disabled")
                },
            ],
            paging: Paging::new(1, 50, 3),
            invite: FormState::new(),
            roles,
        };
        let refused = Self {
            invite: FormState::new()
                .value("email", "x@example.com")
                .value("role", "buyer")
                .error("account", Message::new("error-account-unknown")),
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..page.clone()
        };
        vec![("some", page), ("refused", refused)]
    }
}

impl MailRow {
    fn sample(state: &str) -> Self {
        Self {
            id: "m1".into(),
            to: "buyer@demo.kontor.example".into(),
            subject: "Order 100240 confirmed".into(),
            kind: "order-confirmation".into(),
            state: state.into(),
            created_at: 1_773_298_800_000,
            sent_at: (state == "sent").then_some(1_773_298_802_000),
            attempts: 1,
            error: (state == "failed").then(|| "550 mailbox unavailable".into()),
            withheld: (state == "withheld").then(|| Message::new("withheld-suppressed")),
        }
    }
}

impl View for MailListPage {
    const TEMPLATE: &'static str = "pages/admin/mail_list.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            query: Query::new(),
            form: FormState::new(),
            states: vec![
                Choice::new("sent", "", false),
                Choice::new("bounced", "", false),
            ],
            kinds: vec![Choice::new("order-confirmation", "", false)],
            rows: [
                "sent", "waiting", "retrying", "failed", "withheld", "bounced",
            ]
            .map(MailRow::sample)
            .to_vec(),
            paging: Paging::new(1, 50, 6),
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..page.clone()
        };
        let none_found = Self {
            form: FormState::new().value("q", "nobody"),
            query: Query::from([("q".to_owned(), "nobody".to_owned())]),
            ..none.clone()
        };
        vec![("some", page), ("none", none), ("none found", none_found)]
    }
}

impl View for MailPage {
    const TEMPLATE: &'static str = "pages/admin/mail.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |state: &str, has_html| Self {
            mail: MailRow::sample(state),
            headers: [
                ("From", "Feldhof <orders@feldhof.example>"),
                ("To", "Britta Becker <buyer@demo.kontor.example>"),
                ("Auto-Submitted", "auto-generated"),
            ]
            .map(|(name, value)| HeaderRow {
                name: name.into(),
                value: value.into(),
            })
            .to_vec(),
            bounces: (state == "bounced")
                .then(|| BounceRow::sample("hard"))
                .into_iter()
                .collect(),
            text: "Dear Britta,\nyour order 100240 is confirmed.".into(),
            has_html,
            attachments: vec!["confirmation-100240.pdf".into()],
        };
        vec![
            ("sent", page("sent", true)),
            ("failed", page("failed", false)),
            ("withheld", page("withheld", true)),
            ("bounced", page("bounced", true)),
        ]
    }
}

impl View for AuditPage {
    const TEMPLATE: &'static str = "pages/admin/audit.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = AuditRow {
            at: 1_773_298_800_000,
            who: "Ada Adler".into(),
            on_behalf_of: Some("Corner Shop Hannover".into()),
            action: "user.role".into(),
            subject: "buyer@demo.kontor.example".into(),
            before: Some("buyer".into()),
            after: Some("approver".into()),
        };
        let bare = AuditRow {
            on_behalf_of: None,
            before: None,
            after: None,
            ..row.clone()
        };
        let page = Self {
            form: FormState::new().value("q", "role"),
            query: Query::new(),
            rows: vec![row, bare],
            paging: Paging::new(1, 50, 2),
        };
        let none = Self {
            rows: vec![],
            paging: Paging::new(1, 50, 0),
            ..page.clone()
        };
        vec![("some", page), ("none", none)]
    }
}

impl View for HealthPage {
    const TEMPLATE: &'static str = "pages/admin/health.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let service = |name: &str, state: &str, detail: &str| ServiceRow {
            name: name.into(),
            state: state.into(),
            detail: detail.into(),
        };
        vec![(
            "mixed",
            Self {
                version: "0.1.0".into(),
                started_at: 1_773_298_800_000,
                services: vec![
                    service("Database", "good", "SQLite 3.50, 41 MiB"),
                    service("Search", "warning", "index is being rebuilt"),
                    service("SMTP", "bad", "connection refused"),
                    service("Redis", "off", ""),
                ],
                jobs_waiting: 3,
                jobs_failed: 11,
                mails_waiting: 2,
                counts: ["accounts", "users", "products", "prices", "orders"]
                    .map(|name| CountRow {
                        name: name.into(),
                        count: 12_345,
                    })
                    .to_vec(),
                dead: [
                    "password_reset",
                    "invitation",
                    "order_event",
                    "back_in_stock",
                    "send_mail",
                    "train_recommender",
                    "recurring",
                    "campaign",
                    "campaign_mails",
                    "push",
                    "deliver_webhook",
                ]
                .map(|kind| DeadJobRow {
                    id: format!("j-{kind}"),
                    kind: kind.into(),
                    created_at: 1_773_298_800_000,
                    attempts: 8,
                    error: "550 mailbox unavailable".into(),
                })
                .to_vec(),
            },
        )]
    }
}
