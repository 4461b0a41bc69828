//! Reports as services send them by HTTP: our own shape, Postmark's, and Amazon SES's by SNS.

use serde_json::Value;

use super::{Report, hash, judge};
use crate::db::words::BounceKind;

/// What a body says.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// Reports, and how many entries of the body report nothing that concerns an address.
    Reports { reports: Vec<Report>, others: i64 },
    /// SNS wants this address opened once, before it sends anything.
    Confirm(String),
}

/// Reads a body: an entry, or a list of entries. None where it is no such thing.
#[must_use]
pub fn read(body: &[u8]) -> Option<Sent> {
    let body: Value = serde_json::from_slice(body).ok()?;
    if text(&body, "Type") == "SubscriptionConfirmation" {
        let url = text(&body, "SubscribeURL");
        return url
            .starts_with("https://")
            .then(|| Sent::Confirm(url.to_owned()));
    }
    let entries = match body {
        Value::Array(entries) => entries,
        entry @ Value::Object(_) => vec![entry],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    let mut reports = Vec::new();
    let mut others = 0;
    for entry in &entries {
        let read = one(entry)?;
        if read.is_empty() {
            others += 1;
        }
        reports.extend(read);
    }
    Some(Sent::Reports { reports, others })
}

/// The reports of one entry; none where it has no shape that is known here.
fn one(entry: &Value) -> Option<Vec<Report>> {
    if entry.get("RecordType").is_some() {
        return Some(postmark(entry).into_iter().collect());
    }
    if text(entry, "Type") == "Notification" {
        let inside: Value = serde_json::from_str(text(entry, "Message")).ok()?;
        return Some(ses(&inside));
    }
    if entry.get("notificationType").is_some() || entry.get("eventType").is_some() {
        return Some(ses(entry));
    }
    own(entry).map(|report| vec![report])
}

/// `{"email", "kind": "hard" | "soft" | "complaint", "status", "detail", "message_id", "id"}`; all
/// but the address may be left out. Without a kind, the status and the detail decide.
fn own(entry: &Value) -> Option<Report> {
    let email = text(entry, "email");
    if !email.contains('@') {
        return None;
    }
    let (status, detail) = (text(entry, "status"), text(entry, "detail"));
    let kind = match text(entry, "kind") {
        "" => judge::kind(status, detail),
        word => word.parse().ok()?,
    };
    Some(Report {
        email: email.to_lowercase(),
        message_id: text(entry, "message_id").to_owned(),
        subject: text(entry, "subject").to_owned(),
        kind,
        status: status.to_owned(),
        detail: detail.to_owned(),
        key: key(entry, "id"),
    })
}

fn postmark(entry: &Value) -> Option<Report> {
    let kind = match (text(entry, "RecordType"), text(entry, "Type")) {
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint") => BounceKind::Complaint,
        ("Bounce", "HardBounce" | "BadEmailAddress" | "ManuallyDeactivated") => BounceKind::Hard,
        (
            "Bounce",
            "Transient"
            | "SoftBounce"
            | "DnsError"
            | "SpamNotification"
            | "Blocked"
            | "Unknown"
            | "SMTPApiError"
            | "DMARCPolicy"
            | "TemplateRenderingFailed",
        ) => BounceKind::Soft,
        // Answers of machines, confirmations, deliveries, openings.
        _ => return None,
    };
    let detail = match text(entry, "Details") {
        "" => text(entry, "Description"),
        details => details,
    };
    Some(Report {
        email: text(entry, "Email").to_lowercase(),
        // Postmark gives mails ids of its own.
        message_id: String::new(),
        subject: text(entry, "Subject").to_owned(),
        kind,
        status: judge::status_in(detail).unwrap_or_default(),
        detail: detail.to_owned(),
        key: key(entry, "ID"),
    })
}

fn ses(entry: &Value) -> Vec<Report> {
    let what = match text(entry, "notificationType") {
        "" => text(entry, "eventType"),
        what => what,
    };
    let headers = at(at(entry, "mail"), "commonHeaders");
    let report = |recipient: &Value, kind, detail: &str, feedback: &Value| Report {
        email: text(recipient, "emailAddress").to_lowercase(),
        message_id: text(headers, "messageId")
            .trim_matches(['<', '>'])
            .to_owned(),
        subject: text(headers, "subject").to_owned(),
        kind,
        status: text(recipient, "status").to_owned(),
        detail: detail.to_owned(),
        key: key(feedback, "feedbackId"),
    };
    match what {
        "Bounce" => {
            let bounce = at(entry, "bounce");
            let lasting = text(bounce, "bounceType") == "Permanent";
            let kind = if lasting {
                BounceKind::Hard
            } else {
                BounceKind::Soft
            };
            list(bounce, "bouncedRecipients")
                .map(|one| report(one, kind, text(one, "diagnosticCode"), bounce))
                .collect()
        }
        "Complaint" => {
            let complaint = at(entry, "complaint");
            let word = text(complaint, "complaintFeedbackType");
            if word == "not-spam" {
                return Vec::new();
            }
            list(complaint, "complainedRecipients")
                .map(|one| report(one, BounceKind::Complaint, word, complaint))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(entry: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    entry
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The service's own id of the report, else the report itself.
fn key(entry: &Value, id: &str) -> String {
    match entry.get(id) {
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => hash(entry.to_string()),
    }
}

fn at<'a>(entry: &'a Value, name: &str) -> &'a Value {
    entry.get(name).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reports(body: &Value) -> (Vec<Report>, i64) {
        match read(body.to_string().as_bytes()) {
            Some(Sent::Reports { reports, others }) => (reports, others),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn our_own_shape_alone_and_in_a_list() {
        let one = json!({"email": "Bea@Shop.example", "status": "5.1.1", "detail": "gone",
                         "message_id": "m@h", "id": "r-1"});
        let (found, others) = reports(&one);
        assert_eq!(others, 0);
        assert_eq!(
            found,
            [Report {
                email: "bea@shop.example".into(),
                message_id: "m@h".into(),
                subject: String::new(),
                kind: BounceKind::Hard,
                status: "5.1.1".into(),
                detail: "gone".into(),
                key: "r-1".into(),
            }]
        );
        let soft = json!({"email": "a@b.example", "kind": "soft"});
        let (found, _) = reports(&json!([one, soft]));
        let kinds: Vec<BounceKind> = found.iter().map(|report| report.kind).collect();
        assert_eq!(kinds, [BounceKind::Hard, BounceKind::Soft]);
    }

    #[test]
    fn what_is_no_report_is_not_understood() {
        for body in [
            "",
            "7",
            "\"x\"",
            "[1]",
            "{}",
            "{\"email\": \"nobody\"}",
            "{\"email\": \"a@b.example\", \"kind\": \"odd\"}",
            "not json",
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn postmark_reports_bounces_and_complaints() {
        let bounce = |kind: &str| {
            json!({"RecordType": "Bounce", "ID": 692_560_173, "Type": kind, "TypeCode": 1,
                   "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Email": "A@b.example",
                   "Subject": "Order 1 confirmed", "Details": "smtp;550 5.1.1 no such user"})
        };
        let (found, others) = reports(&bounce("HardBounce"));
        assert_eq!((found.len(), others), (1, 0));
        assert_eq!(
            (
                found[0].email.as_str(),
                found[0].kind,
                found[0].status.as_str()
            ),
            ("a@b.example", BounceKind::Hard, "5.1.1")
        );
        assert_eq!(found[0].key, "692560173");
        assert_eq!(found[0].subject, "Order 1 confirmed");
        assert_eq!(reports(&bounce("SoftBounce")).0[0].kind, BounceKind::Soft);
        assert_eq!(reports(&bounce("AutoResponder")), (vec![], 1));
        let complaint = json!({"RecordType": "SpamComplaint", "ID": 1, "Email": "a@b.example"});
        assert_eq!(reports(&complaint).0[0].kind, BounceKind::Complaint);
        assert_eq!(reports(&json!({"RecordType": "Delivery"})), (vec![], 1));
    }

    #[test]
    fn ses_reports_by_sns_each_recipient() {
        let message = json!({
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": "Permanent", "feedbackId": "f-1",
                "bouncedRecipients": [
                    {"emailAddress": "A@b.example", "status": "5.1.1", "action": "failed",
                     "diagnosticCode": "smtp; 550 5.1.1 user unknown"},
                    {"emailAddress": "c@d.example"},
                ],
            },
            "mail": {"commonHeaders": {"messageId": "<m@h>", "subject": "S"}},
        });
        let sns = json!({"Type": "Notification", "Message": message.to_string()});
        let (found, _) = reports(&sns);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            Report {
                email: "a@b.example".into(),
                message_id: "m@h".into(),
                subject: "S".into(),
                kind: BounceKind::Hard,
                status: "5.1.1".into(),
                detail: "smtp; 550 5.1.1 user unknown".into(),
                key: "f-1".into(),
            }
        );
        let complaint = json!({
            "eventType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": "a@b.example"}],
                          "complaintFeedbackType": "abuse", "feedbackId": "f-2"},
        });
        assert_eq!(reports(&complaint).0[0].kind, BounceKind::Complaint);
        assert_eq!(reports(&json!({"eventType": "Delivery"})), (vec![], 1));
    }

    #[test]
    fn sns_asks_to_be_confirmed_first() {
        let ask = json!({"Type": "SubscriptionConfirmation",
                         "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=x"});
        assert_eq!(
            read(ask.to_string().as_bytes()),
            Some(Sent::Confirm(
                "https://sns.eu-central-1.amazonaws.com/?Action=x".into()
            ))
        );
    }
}
