//! The audit log, with its filters: a word, and the brand's local days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use super::PAGE;
use super::view::{AuditPage, AuditRow};
use crate::db::Tx;
use crate::db::entity::audit_entry;
use crate::error::Result;
use crate::orders::list::contains;
use crate::web::form::FormState;
use crate::web::shape::{Message, Paging, Query};

/// The page of the log that `query` asks for (`q`, `from`, `until`, `page`), the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query, zone: &TimeZone) -> Result<AuditPage> {
    let mut form = FormState::new();
    let condition = filter(&query, zone, &mut form);
    let total = tx
        .count::<audit_entry::Entity>(|rows| rows.filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let entries = tx
        .all::<audit_entry::Entity>(|rows| {
            rows.filter(condition)
                .order_by_desc(audit_entry::Column::At)
                .order_by_desc(audit_entry::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    Ok(AuditPage {
        query,
        rows: entries.into_iter().map(|entry| row(entry, zone)).collect(),
        paging,
        form,
    })
}

fn filter(query: &Query, zone: &TimeZone, form: &mut FormState) -> Condition {
    use audit_entry::Column as A;
    let value = |name: &str| query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let mut condition = Condition::all();
    if let Some(text) = value("q") {
        let any = [A::Actor, A::OnBehalfOf, A::Action, A::Subject]
            .into_iter()
            .fold(Condition::any(), |any, column| {
                any.add(contains(Expr::col(column), text))
            });
        condition = condition.add(any);
    }
    let mut instant = |name: &str, days_later: i32| -> Option<i64> {
        let start = value(name)?.parse::<Date>().ok().and_then(|date| {
            let date = date.checked_add(jiff::Span::new().days(days_later)).ok()?;
            let midnight = date.to_zoned_datetime(zone.clone()).ok()?;
            Some(midnight.timestamp().as_millisecond())
        });
        if start.is_none() {
            form.refuse(name, Message::new("error-date"));
        }
        start
    };
    if let Some(from) = instant("from", 0) {
        condition = condition.add(A::At.gte(from));
    }
    // The last day is included.
    if let Some(until) = instant("until", 1) {
        condition = condition.add(A::At.lt(until));
    }
    for name in ["q", "from", "until"] {
        if let Some(text) = query.get(name) {
            form.values.insert(name.to_owned(), text.clone());
        }
    }
    condition
}

fn row(entry: audit_entry::Model, zone: &TimeZone) -> AuditRow {
    AuditRow {
        at: entry.at,
        who: entry.actor,
        on_behalf_of: entry.on_behalf_of,
        action: entry.action,
        subject: entry.subject,
        before: entry.before.as_ref().map(|json| facts(json, zone)),
        after: entry.after.as_ref().map(|json| facts(json, zone)),
    }
}

/// `role: buyer, name: Bea` rather than JSON with its braces, and a time of day rather than its
/// milliseconds.
fn facts(json: &serde_json::Value, zone: &TimeZone) -> String {
    let plain = |value: &serde_json::Value| match (value.as_str(), value.as_i64()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(number)) => moment(number, zone).unwrap_or_else(|| number.to_string()),
        (None, None) => value.to_string(),
    };
    match json.as_object() {
        Some(facts) => {
            let facts: Vec<String> = facts
                .iter()
                .map(|(name, value)| format!("{name}: {}", plain(value)))
                .collect();
            facts.join(", ")
        }
        None => plain(json),
    }
}

/// Every instant the log keeps lies after 2001; no amount or count of it is as large.
fn moment(millis: i64, zone: &TimeZone) -> Option<String> {
    const FIRST: i64 = 1_000_000_000_000;
    if millis < FIRST {
        return None;
    }
    let at = Timestamp::from_millisecond(millis)
        .ok()?
        .to_zoned_datetime(zone.clone());
    Some(format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute()))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::facts;

    #[test]
    fn what_changed_reads_as_words() {
        assert_eq!(
            facts(&json!({"role": "buyer", "limit": 5}), &TimeZone::UTC),
            "limit: 5, role: buyer"
        );
        assert_eq!(facts(&json!("gone"), &TimeZone::UTC), "gone");
    }

    #[test]
    fn an_instant_reads_as_a_time_of_day() {
        assert_eq!(
            facts(&json!({"until": 1_795_468_595_392_i64}), &TimeZone::UTC),
            "until: 2026-11-23 21:16"
        );
    }
}
