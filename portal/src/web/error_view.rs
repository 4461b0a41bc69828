//! What a person sees when something went wrong: what happened, what was kept, what to do next.

use serde::Serialize;

use super::page::View;
use super::shape::Message;

/// An error as a page. The wording follows from the kind; `happened` replaces it where the use
/// case knows better.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub status: u16,
    /// `not-found`, `forbidden`, `refused`, `invalid`, `too-fast`, `too-large`, `busy`, `expired`
    /// or `internal`.
    pub kind: String,
    pub happened: Option<Message>,
    pub kept: Option<Message>,
    pub next: Option<Message>,
    pub next_href: Option<String>,
    pub reference: Option<String>,
}

impl ErrorPage {
    pub fn new(status: u16, kind: &str) -> Self {
        Self {
            status,
            kind: kind.to_owned(),
            happened: None,
            kept: None,
            next: None,
            next_href: None,
            reference: None,
        }
    }
}

impl View for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let kinds = [
            ("not-found", 404),
            ("forbidden", 403),
            ("refused", 409),
            ("invalid", 422),
            ("too-fast", 429),
            ("too-large", 413),
            ("busy", 503),
            ("expired", 403),
        ];
        let mut samples: Vec<_> = kinds
            .into_iter()
            .map(|(kind, status)| (kind, Self::new(status, kind)))
            .collect();
        let internal = Self {
            reference: Some("7F3K-20Q9".into()),
            next_href: Some("/cart".into()),
            ..Self::new(500, "internal")
        };
        samples.push(("internal", internal));
        samples
    }
}
