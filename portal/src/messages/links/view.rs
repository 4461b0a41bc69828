//! What a link in a mail opens for somebody who is not signed in.

use serde::Serialize;

use crate::db::words::{MailChoice, Topic};
use crate::web::form::FormState;
use crate::web::page::View;

/// A topic with how it is mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailRow {
    pub topic: Topic,
    /// As chosen or, after a refused form, as typed.
    pub mail: String,
}

/// `/mail/choices/{word}`; its form is posted to the same path.
#[derive(Clone, Debug, Serialize)]
pub struct MailChoicesPage {
    /// Enough of the address for its owner.
    pub address: String,
    pub word: String,
    pub rows: Vec<MailRow>,
    pub form: FormState,
    pub saved: bool,
}

/// `/mail/unsubscribe/{topic}/{word}`; its form is posted to the same path.
#[derive(Clone, Debug, Serialize)]
pub struct UnsubscribePage {
    pub address: String,
    pub topic: Topic,
    pub word: String,
    /// Whether mails on the topic have ended.
    pub done: bool,
}

/// A link that opens nothing.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownLinkPage {}

impl View for MailChoicesPage {
    const TEMPLATE: &'static str = "pages/mail/choices.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |topic, mail: MailChoice| MailRow {
            topic,
            mail: mail.name().into(),
        };
        let page = Self {
            address: "b…@demo.kontor.example".into(),
            word: "x".repeat(43),
            rows: vec![
                row(Topic::Orders, MailChoice::AtOnce),
                row(Topic::Promotions, MailChoice::Daily),
                row(Topic::Reorder, MailChoice::Off),
            ],
            form: FormState::new(),
            saved: false,
        };
        let mut form = FormState::new();
        form.refuse_key("mail-reorder", "error-choice");
        let refused = Self {
            form,
            ..page.clone()
        };
        let saved = Self {
            saved: true,
            ..page.clone()
        };
        vec![("choices", page), ("saved", saved), ("refused", refused)]
    }
}

impl View for UnsubscribePage {
    const TEMPLATE: &'static str = "pages/mail/unsubscribe.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            address: "b…@demo.kontor.example".into(),
            topic: Topic::Promotions,
            word: "x".repeat(43),
            done: false,
        };
        let done = Self {
            done: true,
            ..page.clone()
        };
        vec![("ask", page), ("done", done)]
    }
}

impl View for UnknownLinkPage {
    const TEMPLATE: &'static str = "pages/mail/unknown.html";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("unknown", Self {})]
    }
}
