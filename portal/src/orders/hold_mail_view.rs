//! The mails an order's holds cause.

use serde::Serialize;

use super::mail_view::Approval;
use crate::web::page::View;
use crate::web::shape::{Day, Message, Money, eur};

/// A hold as a mail tells of it.
#[derive(Clone, Debug, Serialize)]
pub struct MailHold {
    /// The message `hold-<kind>` names it.
    pub kind: String,
    pub why: Vec<Message>,
    pub next: Vec<Message>,
}

/// To who decides.
#[derive(Clone, Debug, Serialize)]
pub struct HoldOpenedMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub account_number: String,
    pub number: String,
    pub net: Money,
    pub placed_by: String,
    pub holds: Vec<MailHold>,
    pub due: Day,
    /// They were asked before, and it runs out before long.
    pub again: bool,
    /// A colleague of the buyer's decides, not the brand.
    pub is_approval: bool,
    pub link: String,
}

/// To the buyer when a colleague approved and the order waits for something else.
#[derive(Clone, Debug, Serialize)]
pub struct OrderApprovedMail {
    pub brand_name: String,
    pub name: String,
    pub number: String,
    pub po_number: Option<String>,
    pub net: Money,
    pub approvals: Vec<Approval>,
    /// What it still waits for.
    pub holds: Vec<MailHold>,
    pub link: String,
}

/// To the buyer and the KAM when an order is rejected.
#[derive(Clone, Debug, Serialize)]
pub struct OrderRejectedMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub number: String,
    pub po_number: Option<String>,
    pub rejected_by: String,
    pub reason: String,
    pub net: Money,
    /// To the KAM.
    pub is_staff: bool,
    pub link: String,
}

/// To the buyer and the KAM when nobody decided in time.
#[derive(Clone, Debug, Serialize)]
pub struct OrderExpiredMail {
    pub brand_name: String,
    pub name: String,
    pub account_name: String,
    pub number: String,
    pub po_number: Option<String>,
    pub net: Money,
    /// What was not decided.
    pub kinds: Vec<String>,
    /// To the KAM.
    pub is_staff: bool,
    pub link: String,
}

impl MailHold {
    pub fn sample() -> Self {
        Self {
            kind: "credit".into(),
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
        }
    }
}

impl View for HoldOpenedMail {
    const TEMPLATE: &'static str = "emails/hold_opened";

    fn samples() -> Vec<(&'static str, Self)> {
        let brand = Self {
            brand_name: "Feldhof".into(),
            name: "Karl Kamp".into(),
            account_name: "Corner Shop Hannover".into(),
            account_number: "10001".into(),
            number: "100240".into(),
            net: eur(241_860),
            placed_by: "Britta Becker".into(),
            holds: vec![MailHold {
                next: vec![],
                ..MailHold::sample()
            }],
            due: "2026-03-14".into(),
            again: false,
            is_approval: false,
            link: "https://kontor.example/kam/exceptions?releaser=mine".into(),
        };
        let approval = Self {
            is_approval: true,
            link: "https://kontor.example/approvals/100240".into(),
            ..brand.clone()
        };
        let again = |mail: &Self| Self {
            again: true,
            ..mail.clone()
        };
        vec![
            ("brand again", again(&brand)),
            ("approval again", again(&approval)),
            ("brand", brand),
            ("approval", approval),
        ]
    }
}

impl View for OrderApprovedMail {
    const TEMPLATE: &'static str = "emails/order_approved";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "approved",
            Self {
                brand_name: "Feldhof".into(),
                name: "Britta Becker".into(),
                number: "100240".into(),
                po_number: Some("PO-4711".into()),
                net: eur(241_860),
                approvals: vec![Approval::sample()],
                holds: vec![MailHold::sample()],
                link: "https://kontor.example/orders/100240".into(),
            },
        )]
    }
}

impl View for OrderRejectedMail {
    const TEMPLATE: &'static str = "emails/order_rejected";

    fn samples() -> Vec<(&'static str, Self)> {
        let buyer = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            account_name: "Corner Shop Hannover".into(),
            number: "100240".into(),
            po_number: Some("PO-4711".into()),
            rejected_by: "Anton Arndt".into(),
            reason: "Too much for this month".into(),
            net: eur(241_860),
            is_staff: false,
            link: "https://kontor.example/orders/100240".into(),
        };
        let kam = Self {
            name: "Karl Kamp".into(),
            is_staff: true,
            ..buyer.clone()
        };
        vec![("rejected", buyer), ("to the kam", kam)]
    }
}

impl View for OrderExpiredMail {
    const TEMPLATE: &'static str = "emails/order_expired";

    fn samples() -> Vec<(&'static str, Self)> {
        let buyer = Self {
            brand_name: "Feldhof".into(),
            name: "Britta Becker".into(),
            account_name: "Corner Shop Hannover".into(),
            number: "100240".into(),
            po_number: None,
            net: eur(241_860),
            kinds: vec!["approval".into(), "credit".into()],
            is_staff: false,
            link: "https://kontor.example/orders/100240".into(),
        };
        let kam = Self {
            name: "Karl Kamp".into(),
            is_staff: true,
            ..buyer.clone()
        };
        vec![("buyer", buyer), ("kam", kam)]
    }
}
