//! An account's users and ship-tos, for its owner.

use serde::Serialize;

use crate::approvals::view::CompanyApprovals;
use crate::db::words::{MailChoice, Topic};
use crate::messages::own::view::ColleagueRow;
use crate::web::form::FormState;
use crate::web::page::View;
use crate::web::shape::{Address, Choice, Instant, Message};

/// A user in a list, of the retailer or of the brand.
#[derive(Clone, Debug, Serialize)]
pub struct UserRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    /// `active`, `invited` or `disabled`.
    pub status: String,
    pub last_seen_at: Option<Instant>,
    /// The retailer; empty for the brand's people.
    pub account_name: String,
    /// Whether it is the reader's own entry, which they cannot change here.
    pub is_self: bool,
    /// Whether they may agree prices; none for those who never order for an account.
    pub may_agree_prices: Option<bool>,
    /// Nothing is sent to their address any more.
    pub comes_back: bool,
}

/// A place goods are received at.
#[derive(Clone, Debug, Serialize)]
pub struct ShipToRow {
    pub code: String,
    pub address: Address,
    pub is_default: bool,
}

/// `/company`. Forms: POST `/company/users` (email, name, role), `/company/users/{id}`
/// (role, status).
#[derive(Clone, Debug, Serialize)]
pub struct CompanyPage {
    pub account_name: String,
    pub account_number: String,
    pub users: Vec<UserRow>,
    pub ship_tos: Vec<ShipToRow>,
    pub invite: FormState,
    /// Values are role names; the message `role-<value>` names them.
    pub roles: Vec<Choice>,
    pub can_manage: bool,
    pub approvals: CompanyApprovals,
    /// How each person is mailed, for the account's admin.
    pub told: Vec<ColleagueRow>,
}

impl UserRow {
    pub fn sample(name: &str, role: &str, status: &str) -> Self {
        Self {
            id: format!("u-{role}"),
            name: name.into(),
            email: format!("{role}@demo.kontor.example"),
            role: role.into(),
            status: status.into(),
            last_seen_at: (status == "active").then_some(1_773_298_800_000),
            account_name: "Corner Shop Hannover".into(),
            is_self: role == "account_admin",
            may_agree_prices: None,
            comes_back: status == "invited",
        }
    }
}

impl ShipToRow {
    pub fn sample(code: &str, is_default: bool) -> Self {
        Self {
            code: code.into(),
            address: Address {
                name: "Store Hannover".into(),
                lines: vec!["Lange Str. 4".into(), "30159 Hannover".into(), "DE".into()],
            },
            is_default,
        }
    }
}

impl View for CompanyPage {
    const TEMPLATE: &'static str = "pages/company.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            users: vec![
                UserRow::sample("Olga Ott", "account_admin", "active"),
                UserRow::sample("Britta Becker", "buyer", "active"),
                UserRow::sample("Anton Arndt", "approver", "invited"),
            ],
            ship_tos: vec![
                ShipToRow::sample("01", true),
                ShipToRow::sample("02", false),
            ],
            invite: FormState::new(),
            roles: ["buyer", "approver", "account_admin"]
                .map(|r| Choice::new(r, "", false))
                .to_vec(),
            can_manage: true,
            approvals: CompanyApprovals::sample(),
            told: vec![ColleagueRow {
                name: "Britta Becker".into(),
                mails: vec![
                    (Topic::Orders, MailChoice::AtOnce),
                    (Topic::Promotions, MailChoice::Off),
                ],
            }],
        };
        let refused = Self {
            invite: FormState::new()
                .value("email", "buyer@demo.kontor.example")
                .error("email", Message::new("error-email-taken")),
            ..page.clone()
        };
        vec![
            ("account admin", page.clone()),
            ("refused", refused),
            (
                "without approvals",
                Self {
                    approvals: CompanyApprovals {
                        rules: Vec::new(),
                        budgets: Vec::new(),
                        budgets_unasked: false,
                        needs_decider: true,
                        rule_form: FormState::new()
                            .value("threshold", "1500")
                            .error("approver", Message::new("approval-nobody-decides")),
                        ..CompanyApprovals::sample()
                    },
                    ..page.clone()
                },
            ),
            (
                "reader",
                Self {
                    can_manage: false,
                    told: Vec::new(),
                    ..page
                },
            ),
        ]
    }
}
