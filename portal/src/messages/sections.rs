//! Mails that gather: sections of sentences, each with its link, and how many more there are.

use serde::Serialize;

use crate::web::shape::Message;

/// A sentence and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailRow {
    pub text: Message,
    pub link: Option<String>,
}

/// Some of them under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailSection {
    /// Says how many there are in all, where that matters.
    pub title: Message,
    pub rows: Vec<MailRow>,
    /// How many are not shown.
    pub more: i64,
    /// Where all of them are.
    pub link: Option<String>,
}

impl MailSection {
    /// A section of `rows`, out of `total`.
    pub fn new(title: Message, rows: Vec<MailRow>, total: i64, link: Option<String>) -> Self {
        let more = total - i64::try_from(rows.len()).unwrap_or(total);
        Self {
            title,
            rows,
            more: Ord::max(more, 0),
            link,
        }
    }
}
