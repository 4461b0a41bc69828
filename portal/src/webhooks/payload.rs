//! An event as it is told: the same bytes at each try, and the same data to those who ask for it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::db::entity::event;
use crate::error::Result;

/// What a request's body holds.
#[derive(Debug, Serialize)]
struct Payload<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Value,
}

/// The body of the requests that tell of an event.
///
/// # Errors
/// None that JSON knows.
pub fn body(base_url: &str, event: &event::Model) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(&Payload {
        r#type: &event.kind,
        timestamp: instant(event.at),
        data: data(base_url, event),
    })?)
}

/// What programs are told of an event: as it was noted, and where more is to be read.
#[must_use]
pub fn data(base_url: &str, event: &event::Model) -> Value {
    let mut data = event.data.clone();
    if let Value::Object(fields) = &mut data
        && let Some(Value::String(path)) = fields.remove("path")
    {
        fields.insert("url".to_owned(), format!("{base_url}{path}").into());
    }
    data
}

/// RFC 3339 in UTC.
#[must_use]
pub fn instant(millis: i64) -> String {
    Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_string()
}
