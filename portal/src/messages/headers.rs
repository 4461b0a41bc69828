//! What a mail tells mail programs about itself, beside what its reader sees.
//!
//! Mails that nobody waits for can be ended with one press in the mail program itself (RFC 8058):
//! promotions, the usual order, what is back in stock, the morning's report. Mails about orders,
//! approvals, invoices, claims and accounts say that something happened that somebody must know of:
//! their foot leads to the choices, but no mail program offers to end them.

use trade::id::UserId;

use super::links;
use crate::app::App;
use crate::db::entity::mail;
use crate::db::words::Topic;

/// The headers of a mail that waits.
#[must_use]
pub fn of(app: &App, mail: &mail::Model) -> Vec<(String, String)> {
    headers(&app.base_url, &app.config.secret, mail.topic, mail.user_id)
}

fn headers(
    base_url: &str,
    secret: &str,
    topic: Option<Topic>,
    reader: Option<UserId>,
) -> Vec<(String, String)> {
    let mut headers = vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
    let Some((topic, reader)) = topic.filter(|topic| is_optional(*topic)).zip(reader) else {
        return headers;
    };
    let end = links::unsubscribe(secret, topic, reader);
    let more = [
        ("List-Unsubscribe", format!("<{base_url}{end}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
        // By which a mail program sorts a topic's mails, whatever their subjects are.
        (
            "List-Id",
            format!("<{topic}.{}>", host(base_url)).replace('_', "-"),
        ),
    ];
    headers.extend(more.map(|(name, value)| (name.to_owned(), value)));
    headers
}

/// Whether mails on a topic can be ended with one press.
#[must_use]
pub fn is_optional(topic: Topic) -> bool {
    match topic {
        Topic::Promotions | Topic::Reorder | Topic::BackInStock | Topic::Morning => true,
        Topic::Orders | Topic::Approvals | Topic::Invoices | Topic::Claims | Topic::Accounts => {
            false
        }
    }
}

fn host(base_url: &str) -> &str {
    let rest = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn named(topic: Option<Topic>, reader: Option<UserId>) -> Vec<(String, String)> {
        headers("https://orders.example.com", "secret", topic, reader)
    }

    #[test]
    fn what_nobody_waits_for_can_be_ended_with_one_press() {
        let reader = UserId(Uuid::from_u128(7));
        let end = links::unsubscribe("secret", Topic::BackInStock, reader);
        let expected = [
            ("Auto-Submitted", "auto-generated".to_owned()),
            (
                "List-Unsubscribe",
                format!("<https://orders.example.com{end}>"),
            ),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
            ("List-Id", "<back-in-stock.orders.example.com>".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        assert_eq!(named(Some(Topic::BackInStock), Some(reader)), expected);
        assert!(end.starts_with("/mail/unsubscribe/back_in_stock/"));
    }

    #[test]
    fn what_somebody_must_know_of_cannot() {
        let reader = Some(UserId(Uuid::from_u128(7)));
        let plain = [("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
        for topic in [
            Topic::Orders,
            Topic::Approvals,
            Topic::Invoices,
            Topic::Claims,
        ] {
            assert_eq!(named(Some(topic), reader), plain, "{topic}");
        }
        assert_eq!(named(None, reader), plain);
        assert_eq!(named(Some(Topic::Promotions), None), plain);
    }
}
