//! The mails that gather what happened: a person's daily mail, and the morning of the brand's
//! people.

use serde::Serialize;

use super::sections::{MailRow, MailSection};
use crate::web::page::View;
use crate::web::shape::{Arg, Day, Message, eur};

/// To who chose one mail a day.
#[derive(Clone, Debug, Serialize)]
pub struct DigestMail {
    pub brand_name: String,
    pub name: String,
    pub date: Day,
    /// A topic each.
    pub sections: Vec<MailSection>,
    /// Where all that they were told stands.
    pub link: String,
}

/// To the brand's people, each working morning.
#[derive(Clone, Debug, Serialize)]
pub struct MorningMail {
    pub brand_name: String,
    pub name: String,
    pub date: Day,
    pub sections: Vec<MailSection>,
    /// Their desk.
    pub link: String,
}

const HERE: &str = "https://kontor.example";

fn row(text: Message, path: &str) -> MailRow {
    MailRow {
        text,
        link: Some(format!("{HERE}{path}")),
    }
}

impl View for DigestMail {
    const TEMPLATE: &'static str = "emails/digest";

    fn samples() -> Vec<(&'static str, Self)> {
        let orders = vec![
            row(
                Message::new("told-order-confirmed")
                    .with("number", "100240")
                    .with("net", eur(241_860))
                    .with("placed", "own")
                    .with("by", "Britta Becker"),
                "/orders/100240",
            ),
            row(
                Message::new("told-order-cancelled")
                    .with("number", "100238")
                    .with("by", "Karl Kamp"),
                "/orders/100238",
            ),
        ];
        let back = vec![row(
            Message::new("told-back-in-stock").with("product", "Adult Dog Beef & Barley 12 kg"),
            "/products/DOG-ADL-12",
        )];
        let all = Some(format!("{HERE}/notifications"));
        vec![(
            "two topics",
            Self {
                brand_name: "Feldhof".into(),
                name: "Britta Becker".into(),
                date: "2026-03-12".into(),
                sections: vec![
                    MailSection::new(Message::new("digest-topic-orders"), orders, 14, all.clone()),
                    MailSection::new(Message::new("digest-topic-back-in-stock"), back, 1, all),
                ],
                link: format!("{HERE}/notifications"),
            },
        )]
    }
}

impl View for MorningMail {
    const TEMPLATE: &'static str = "emails/morning";

    fn samples() -> Vec<(&'static str, Self)> {
        let date = |date: &str| Arg::Date { date: date.into() };
        let hold = Message::new("morning-hold")
            .with("number", "100240")
            .with("account", "Corner Shop Hannover")
            .with("net", eur(241_860))
            .with("kind", Message::new("hold-kam-review"))
            .with("since", date("2026-03-10"))
            .with("due", date("2026-03-13"));
        let overdue = Message::new("morning-overdue")
            .with("account", "Corner Shop Hannover")
            .with("every", 14)
            .with("ago", 19);
        let starts = Message::new("morning-promotion-starts")
            .with("name", "Spring offer")
            .with("date", date("2026-03-12"));
        let orders = Message::new("morning-orders")
            .with("count", 14)
            .with("value", eur(1_241_860))
            .with("share", Arg::Rate { rate_bp: 8_570 })
            .with("date", date("2026-03-11"));
        let section = |title: Message, rows, total, path: &str| {
            MailSection::new(title, rows, total, Some(format!("{HERE}{path}")))
        };
        vec![(
            "kam",
            Self {
                brand_name: "Feldhof".into(),
                name: "Karl Kamp".into(),
                date: "2026-03-12".into(),
                sections: vec![
                    section(
                        Message::new("morning-holds").with("count", 13),
                        vec![row(hold, "/orders/100240")],
                        13,
                        "/kam/exceptions?releaser=mine",
                    ),
                    section(orders, vec![], 0, "/kam/orders"),
                    section(
                        Message::new("morning-overdues").with("count", 1),
                        vec![row(overdue, "/kam/accounts/10001")],
                        1,
                        "/kam/accounts",
                    ),
                    section(
                        Message::new("morning-promotions").with("count", 1),
                        vec![row(starts, "/kam/promotions/1")],
                        1,
                        "/kam/promotions",
                    ),
                ],
                link: format!("{HERE}/kam"),
            },
        )]
    }
}
