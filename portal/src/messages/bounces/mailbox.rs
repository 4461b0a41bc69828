//! Reports as mail servers send them by mail: delivery status notifications (RFC 3464) and
//! complaints (RFC 5965), one by one or in a mailbox file.

use std::io::BufReader;
use std::path::Path;

use mail_parser::mailbox::mbox::MessageIterator;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use super::{Report, hash, judge};
use crate::db::words::BounceKind;

/// What a mailbox holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub reports: Vec<Report>,
    /// How many messages were read.
    pub messages: i64,
    /// Of them, those that report nothing: people's answers, notes of a delay.
    pub others: i64,
}

/// Reads a file: a mailbox in mbox form, or a single message; of a folder, every file below it.
///
/// # Errors
/// What cannot be read.
pub fn read(path: &Path) -> std::io::Result<Found> {
    let mut found = Found::default();
    let mut left = vec![path.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                left.push(entry?.path());
            }
        } else {
            take(&std::fs::read(&path)?, &mut found);
        }
    }
    Ok(found)
}

/// Adds what the bytes of a mailbox or of one message report.
pub fn take(bytes: &[u8], found: &mut Found) {
    if bytes.starts_with(b"From ") {
        for message in MessageIterator::new(BufReader::new(bytes)).flatten() {
            take_message(message.contents(), found);
        }
    } else if !bytes.is_empty() {
        take_message(bytes, found);
    }
}

fn take_message(raw: &[u8], found: &mut Found) {
    found.messages += 1;
    let reports = reports(raw);
    if reports.is_empty() {
        found.others += 1;
    }
    found.reports.extend(reports);
}

/// What one message reports; nothing where it is no report, or one of a delay.
#[must_use]
pub fn reports(raw: &[u8]) -> Vec<Report> {
    let Some(message) = MessageParser::default().parse(raw) else {
        return Vec::new();
    };
    let about = original(&message);
    let key = || hash(raw);
    for part in &message.parts {
        if part.is_content_type("message", "delivery-status") {
            let groups = groups(&text(part.contents()));
            let failed = groups.iter().filter_map(|fields| failure(fields, &about));
            return failed
                .map(|report| Report {
                    key: key(),
                    ..report
                })
                .collect();
        }
        if part.is_content_type("message", "feedback-report") {
            let groups = groups(&text(part.contents()));
            let complaint = groups.first().and_then(|fields| complaint(fields, &about));
            return complaint
                .map(|report| Report {
                    key: key(),
                    ..report
                })
                .into_iter()
                .collect();
        }
    }
    Vec::new()
}

/// The mail that is reported about, as far as the report repeats it.
#[derive(Debug, Default, Clone)]
struct About {
    message_id: String,
    subject: String,
    to: String,
}

impl About {
    fn of(message: &Message<'_>) -> About {
        let to = message.to().and_then(|to| to.first());
        let to = to.and_then(|to| to.address.as_deref());
        About {
            message_id: message.message_id().unwrap_or_default().to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            to: to.unwrap_or_default().to_owned(),
        }
    }
}

fn original(report: &Message<'_>) -> About {
    for part in &report.parts {
        if let PartType::Message(message) = &part.body {
            return About::of(message);
        }
        if part.is_content_type("text", "rfc822-headers")
            && let Some(message) = MessageParser::default().parse(part.contents())
        {
            return About::of(&message);
        }
    }
    // Some servers only say what they answer.
    let answered = report.in_reply_to().as_text().unwrap_or_default();
    About {
        message_id: answered.to_owned(),
        ..About::default()
    }
}

/// A recipient's fields, where delivery to them has failed for good.
fn failure(fields: &[(String, String)], about: &About) -> Option<Report> {
    let field = |name: &str| value(fields, name);
    if !field("action")?.eq_ignore_ascii_case("failed") {
        return None;
    }
    let recipient = field("original-recipient").or_else(|| field("final-recipient"))?;
    let status = field("status").unwrap_or_default();
    // Some servers add a comment in brackets.
    let status = status.split_whitespace().next().unwrap_or_default();
    let said = field("diagnostic-code").unwrap_or_default();
    Some(Report {
        email: address(recipient),
        message_id: about.message_id.clone(),
        subject: about.subject.clone(),
        kind: judge::kind(status, said),
        status: status.to_owned(),
        detail: untyped(said).to_owned(),
        key: String::new(),
    })
}

fn complaint(fields: &[(String, String)], about: &About) -> Option<Report> {
    let kind = value(fields, "feedback-type")?;
    // A reader who takes the mail out of the junk again does not complain.
    if kind.eq_ignore_ascii_case("not-spam") {
        return None;
    }
    let named = value(fields, "original-rcpt-to").map(address);
    Some(Report {
        email: named.unwrap_or_else(|| about.to.to_lowercase()),
        message_id: about.message_id.clone(),
        subject: about.subject.clone(),
        kind: BounceKind::Complaint,
        status: String::new(),
        detail: kind.to_owned(),
        key: String::new(),
    })
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// `rfc822;name@shop.example` without its type.
fn untyped(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, rest)| rest).trim()
}

fn address(value: &str) -> String {
    untyped(value).trim_matches(['<', '>']).to_lowercase()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Groups of fields, one a paragraph: names in lower case, values on one line.
fn groups(text: &str) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        let Some(group) = groups.last_mut() else {
            break;
        };
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests;
