//! A person's own choices of what they are told.

use serde::Serialize;

use crate::db::words::{MailChoice, Topic};
use crate::web::form::FormState;
use crate::web::page::View;

/// A topic with the ways it reaches the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicRow {
    pub topic: Topic,
    /// As chosen or, after a refused form, as typed.
    pub mail: String,
    pub in_app: bool,
    pub push: bool,
}

/// Time zones of a continent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ZoneGroup {
    pub continent: String,
    pub zones: Vec<String>,
}

/// How somebody of the account is mailed, as its admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColleagueRow {
    pub name: String,
    pub mails: Vec<(Topic, MailChoice)>,
}

/// `/profile/messages`. Its form: `mail-<topic>`, `in_app-<topic>`, `push-<topic>`, `time_zone`.
#[derive(Clone, Debug, Serialize)]
pub struct ChoicesPage {
    pub rows: Vec<TopicRow>,
    /// The zone that holds where none is chosen.
    pub usual_zone: String,
    /// Whether that follows from the reader's company; else it is the brand's.
    pub of_company: bool,
    pub zones: Vec<ZoneGroup>,
    pub form: FormState,
}

impl View for ChoicesPage {
    const TEMPLATE: &'static str = "pages/mail/own.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |topic, mail: MailChoice, push| TopicRow {
            topic,
            mail: mail.name().into(),
            in_app: topic != Topic::Morning,
            push,
        };
        let group = |continent: &str, zones: &[&str]| ZoneGroup {
            continent: continent.into(),
            zones: zones.iter().map(|zone| (*zone).to_owned()).collect(),
        };
        let buyer = Self {
            rows: vec![
                row(Topic::Orders, MailChoice::AtOnce, true),
                row(Topic::Approvals, MailChoice::AtOnce, false),
                row(Topic::Promotions, MailChoice::Daily, false),
                row(Topic::Reorder, MailChoice::Off, false),
                row(Topic::BackInStock, MailChoice::AtOnce, false),
                row(Topic::Invoices, MailChoice::AtOnce, false),
                row(Topic::Claims, MailChoice::AtOnce, false),
            ],
            usual_zone: "Europe/Berlin".into(),
            of_company: true,
            zones: vec![
                group("Europe", &["Europe/Berlin", "Europe/Lisbon"]),
                group("Atlantic", &["Atlantic/Azores"]),
            ],
            form: FormState::new().value("time_zone", "Europe/Lisbon"),
        };
        let mut form = FormState::new().value("time_zone", "Middle-earth/Shire");
        form.refuse_key("time_zone", "error-choice");
        form.refuse_key("mail-accounts", "error-choice");
        let kam = Self {
            rows: vec![
                row(Topic::Accounts, MailChoice::Daily, false),
                row(Topic::Morning, MailChoice::AtOnce, false),
            ],
            of_company: false,
            form,
            ..buyer.clone()
        };
        vec![("buyer", buyer), ("refused", kam)]
    }
}
