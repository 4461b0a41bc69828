//! What a program sends, read strictly: every fault of a body or a query is found before one is
//! reported, each at its field, and a field nobody knows is a fault too.
//!
//! ```
//! use portal::api::body::{Reading, parse};
//!
//! let faults = parse(br#"{"quantity": 0, "colour": "red"}"#, |body: &mut Reading<'_>| {
//!     body.whole("quantity", 1..=10)
//! })
//! .unwrap_err();
//! assert_eq!(faults.to_string(), "invalid input at quantity, colour");
//! ```

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde_json::{Map, Value};
use trade::money;
use trade::quantity::Unit;

use super::problem::Fault;
use crate::error::Error;
use crate::web::form::FormState;
use crate::web::shape::Message;

/// The most bytes of a body.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// What is read of a body that is too large, so that its sender gets to read the answer.
const DRAINED_BYTES: usize = 32 * 1024 * 1024;

/// A body that has not been read yet. Nothing is read before the key is known and may.
pub struct Sent {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for Sent {
    type Error = Fault;
    type Future = std::future::Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Sent {
            request: request.clone(),
            payload: payload.take(),
        }))
    }
}

impl Sent {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// 415, 413, 400 where it is no JSON, 422 with every fault.
    pub async fn read<T>(self, read: impl FnOnce(&mut Reading<'_>) -> T) -> Result<T, Fault> {
        let announced = self.request.headers().get(CONTENT_TYPE);
        if !announced.is_some_and(|value| value.to_str().is_ok_and(is_json)) {
            return Err(Fault::MediaType);
        }
        parse(&read_bytes(self.payload).await?, read)
    }
}

/// `application/json`, with any parameters, and its kin such as `application/merge-patch+json`.
fn is_json(header: &str) -> bool {
    let essence = header
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn read_bytes(mut payload: Payload) -> Result<web::BytesMut, Fault> {
    let mut body = web::BytesMut::new();
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Fault::Malformed(error.to_string()))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= MAX_BYTES {
            body.extend_from_slice(&chunk);
        } else if seen > DRAINED_BYTES {
            break;
        }
    }
    if seen > MAX_BYTES {
        Err(Error::TooLarge.into())
    } else {
        Ok(body)
    }
}

/// Reads `bytes` as a JSON object.
///
/// # Errors
/// 400 where they are no JSON; 422 with every fault.
pub fn parse<T>(bytes: &[u8], read: impl FnOnce(&mut Reading<'_>) -> T) -> Result<T, Fault> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| Fault::Malformed(error.to_string()))?;
    let mut faults = FormState::new();
    let done = Reading::of(value, String::new(), &mut faults).map(|mut reading| {
        let done = read(&mut reading);
        reading.refuse_the_rest();
        done
    });
    match done {
        Some(done) if faults.is_valid() => Ok(done),
        _ => Err(faults.into()),
    }
}

/// A JSON object of which one field after the other is taken. A faulty field notes its fault and
/// gives some value, which nobody gets to see: a body with faults is refused as a whole.
pub struct Reading<'f> {
    path: String,
    left: Map<String, Value>,
    faults: &'f mut FormState,
}

impl<'f> Reading<'f> {
    fn of(value: Value, path: String, faults: &'f mut FormState) -> Option<Reading<'f>> {
        if let Value::Object(left) = value {
            return Some(Reading { path, left, faults });
        }
        faults.refuse_key(&path, "api-not-object");
        None
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Notes a fault at a field.
    pub fn refuse(&mut self, name: &str, message: Message) {
        let at = self.at(name);
        self.faults.refuse(&at, message);
    }

    /// Nothing, for null as for a field that is missing.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name).filter(|value| !value.is_null())
    }

    fn must(&mut self, name: &str) -> Option<Value> {
        let value = self.take(name);
        if value.is_none() {
            self.refuse(name, "api-required".into());
        }
        value
    }

    /// A whole number in `range`.
    pub fn whole(&mut self, name: &str, range: RangeInclusive<i64>) -> i64 {
        let least = *range.start();
        self.must(name)
            .map_or(least, |value| self.check_whole(name, &value, &range))
    }

    /// A whole number in `range`, or nothing.
    pub fn maybe_whole(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        self.take(name)
            .map(|value| self.check_whole(name, &value, &range))
    }

    fn check_whole(&mut self, name: &str, value: &Value, range: &RangeInclusive<i64>) -> i64 {
        if let Some(number) = value.as_i64().filter(|number| range.contains(number)) {
            return number;
        }
        let fault = Message::new("api-whole")
            .with("least", *range.start())
            .with("most", *range.end());
        self.refuse(name, fault);
        *range.start()
    }

    /// A text of so many characters.
    pub fn text(&mut self, name: &str, length: RangeInclusive<usize>) -> String {
        self.must(name)
            .map(|value| self.check_text(name, value, &length))
            .unwrap_or_default()
    }

    /// A text of so many characters; empty where there is none.
    pub fn maybe_text(&mut self, name: &str, most: usize) -> String {
        self.take(name)
            .map(|value| self.check_text(name, value, &(0..=most)))
            .unwrap_or_default()
    }

    fn check_text(&mut self, name: &str, value: Value, length: &RangeInclusive<usize>) -> String {
        let Value::String(text) = value else {
            self.refuse(name, "api-text".into());
            return String::new();
        };
        if let Some(fault) = text_fault(&text, length) {
            self.refuse(name, fault);
        }
        text
    }

    /// A text that `T` can be read from; `key` says what would do.
    pub fn word<T: FromStr>(&mut self, name: &str, key: &str) -> Option<T> {
        let value = self.must(name)?;
        self.check_word(name, &value, key)
    }

    /// As [`Reading::word`], or nothing.
    pub fn maybe_word<T: FromStr>(&mut self, name: &str, key: &str) -> Option<T> {
        let value = self.take(name)?;
        self.check_word(name, &value, key)
    }

    fn check_word<T: FromStr>(&mut self, name: &str, value: &Value, key: &str) -> Option<T> {
        let word = value.as_str().and_then(|text| text.parse().ok());
        if word.is_none() {
            self.refuse(name, key.into());
        }
        word
    }

    /// A unit of measure, by its code or in words.
    pub fn unit(&mut self, name: &str) -> Unit {
        self.word(name, "api-unit").unwrap_or(Unit::Piece)
    }

    /// A day, `2026-03-12`, in years that people use.
    pub fn maybe_date(&mut self, name: &str) -> Option<Date> {
        let date: Option<Date> = self.maybe_word(name, "api-date");
        if date.is_some_and(|date| !(1900..=9998).contains(&date.year())) {
            self.refuse(name, "api-date".into());
        }
        date
    }

    /// As [`Reading::maybe_date`], but it must be there.
    pub fn date(&mut self, name: &str) -> Date {
        if self.left.get(name).is_none_or(Value::is_null) {
            self.refuse(name, "api-required".into());
        }
        self.maybe_date(name).unwrap_or_default()
    }

    /// An amount with its currency, not negative, or nothing.
    pub fn maybe_money(&mut self, name: &str) -> Option<money::Money> {
        let value = self.take(name)?;
        let mut inner = self.inner(name, value)?;
        let currency: Option<money::Currency> = inner.word("currency", "api-currency");
        let amount = inner.must("amount");
        let money = currency.zip(amount).and_then(|(currency, amount)| {
            let text = amount.as_str().unwrap_or_default();
            let money = money::Money::from_decimal(text, currency).ok();
            money.filter(|money| money.minor >= 0).or_else(|| {
                inner.refuse("amount", "api-amount".into());
                None
            })
        });
        inner.refuse_the_rest();
        money
    }

    /// The price of one unit above zero and below a million, in ten-thousandths: text, or money
    /// with its currency.
    pub fn unit_price(&mut self, name: &str) -> (i64, Option<String>) {
        let Some(value) = self.must(name) else {
            return (1, None);
        };
        if !value.is_object() {
            return (self.check_unit_price(name, &value), None);
        }
        let Some(mut inner) = self.inner(name, value) else {
            return (1, None);
        };
        let currency: Option<money::Currency> = inner.word("currency", "api-currency");
        let amount = inner.must("amount");
        let amount = amount.map_or(1, |amount| inner.check_unit_price("amount", &amount));
        inner.refuse_the_rest();
        (amount, currency.map(|currency| currency.to_string()))
    }

    fn check_unit_price(&mut self, name: &str, value: &Value) -> i64 {
        let price = value
            .as_str()
            .and_then(|text| text.parse::<money::UnitPrice>().ok());
        // A thousand lines of a million pieces at this price still fit into a total.
        let fits = price.filter(|price| (1..10_000_000_000).contains(&price.0));
        fits.map_or_else(
            || {
                self.refuse(name, "api-unit-price".into());
                1
            },
            |price| price.0,
        )
    }

    fn inner(&mut self, name: &str, value: Value) -> Option<Reading<'_>> {
        let path = self.at(name);
        Reading::of(value, path, self.faults)
    }

    /// A list of so many objects.
    pub fn list<T>(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
        mut read: impl FnMut(&mut Reading<'_>) -> T,
    ) -> Vec<T> {
        let Some(value) = self.must(name) else {
            return Vec::new();
        };
        let Value::Array(values) = value else {
            self.refuse(name, "api-list".into());
            return Vec::new();
        };
        if !length.contains(&values.len()) {
            let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let fault = Message::new("api-list-length")
                .with("least", count(*length.start()))
                .with("most", count(*length.end()));
            self.refuse(name, fault);
            return Vec::new();
        }
        let mut all = Vec::with_capacity(values.len());
        for (at, value) in values.into_iter().enumerate() {
            if let Some(mut inner) = self.inner(&format!("{name}[{at}]"), value) {
                all.push(read(&mut inner));
                inner.refuse_the_rest();
            }
        }
        all
    }

    /// As [`Reading::list`], or nothing.
    pub fn maybe_list<T>(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
        read: impl FnMut(&mut Reading<'_>) -> T,
    ) -> Vec<T> {
        if self.left.get(name).is_none_or(Value::is_null) {
            self.take(name);
            return Vec::new();
        }
        self.list(name, length, read)
    }

    fn refuse_the_rest(&mut self) {
        for name in std::mem::take(&mut self.left)
            .into_iter()
            .map(|(name, _)| name)
        {
            // A fault names the field, not a novel that somebody sent as one.
            let name: String = name.chars().take(100).collect();
            self.refuse(&name, "api-unknown-field".into());
        }
    }
}

/// What is wrong with a text. Control characters would stand in mails, files and PDFs for ever,
/// and PostgreSQL keeps no NUL.
fn text_fault(text: &str, length: &RangeInclusive<usize>) -> Option<Message> {
    let chars = text.chars().count();
    if chars > *length.end() {
        let most = i64::try_from(*length.end()).unwrap_or(i64::MAX);
        return Some(Message::new("api-too-long").with("most", most));
    }
    if *length.start() > 0 && text.trim().is_empty() {
        return Some("api-required".into());
    }
    let odd = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    text.contains(odd).then(|| "api-control".into())
}

/// The parameters behind a path's question mark. An unknown one is passed over, as proxies add
/// their own.
pub struct Asked {
    values: BTreeMap<String, String>,
    faults: FormState,
}

impl Asked {
    /// Of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Asked {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes()).into_owned();
        Asked {
            values: pairs.collect(),
            faults: FormState::new(),
        }
    }

    /// A text of at most so many characters; empty where there is none.
    pub fn text(&mut self, name: &str, most: usize) -> String {
        let text = self.values.remove(name).unwrap_or_default();
        if let Some(fault) = text_fault(&text, &(0..=most)) {
            self.faults.refuse(name, fault);
        }
        text
    }

    /// What `T` reads from the text; `key` says what would do.
    pub fn word<T: FromStr>(&mut self, name: &str, key: &str) -> Option<T> {
        let text = self.text(name, 500);
        if text.is_empty() {
            return None;
        }
        let word = text.parse().ok();
        if word.is_none() {
            self.faults.refuse_key(name, key);
        }
        word
    }

    /// How many entries a list has at most: 1 to `most`, `usual` where nothing is said.
    pub fn limit(&mut self, usual: u16, most: u16) -> u64 {
        let text = self.text("limit", 20);
        if text.is_empty() {
            return usual.into();
        }
        let range = 1..=most;
        text.parse()
            .ok()
            .filter(|limit: &u16| range.contains(limit))
            .map_or_else(
                || {
                    let fault = Message::new("api-whole")
                        .with("least", 1)
                        .with("most", i64::from(most));
                    self.faults.refuse("limit", fault);
                    usual.into()
                },
                u64::from,
            )
    }

    /// Nothing, or every fault.
    ///
    /// # Errors
    /// 422.
    pub fn done(self) -> Result<(), Fault> {
        if self.faults.is_valid() {
            Ok(())
        } else {
            Err(self.faults.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults<T>(body: &str, read: impl FnOnce(&mut Reading<'_>) -> T) -> Vec<(String, String)> {
        match parse(body.as_bytes(), read) {
            Err(Fault::Portal(Error::Invalid(form))) => form
                .errors
                .into_iter()
                .map(|e| (e.field, e.message.key))
                .collect(),
            Err(other) => panic!("not a body's faults: {other}"),
            Ok(_) => Vec::new(),
        }
    }

    fn lines(body: &mut Reading<'_>) -> Vec<(String, i64)> {
        body.list("lines", 1..=3, |line| {
            (
                line.text("sku", 1..=64),
                line.whole("quantity", 1..=1_000_000),
            )
        })
    }

    #[test]
    fn a_good_body_is_read() {
        let body = br#"{"lines": [{"sku": "A-1", "quantity": 12}]}"#;
        assert_eq!(parse(body, lines).unwrap(), [("A-1".to_owned(), 12)]);
    }

    #[test]
    fn every_fault_is_found_at_once_and_at_its_field() {
        let body =
            r#"{"lines": [{"sku": 7, "quantity": 0}, {"quantity": 1.5, "size": 3}, 4], "hue": 1}"#;
        let expected = [
            ("lines[0].sku", "api-text"),
            ("lines[0].quantity", "api-whole"),
            ("lines[1].sku", "api-required"),
            ("lines[1].quantity", "api-whole"),
            ("lines[1].size", "api-unknown-field"),
            ("lines[2]", "api-not-object"),
            ("hue", "api-unknown-field"),
        ];
        assert_eq!(
            faults(body, lines),
            expected.map(|(at, key)| (at.to_owned(), key.to_owned()))
        );
    }

    #[test]
    fn a_quantity_is_a_whole_number_within_bounds_and_nothing_else() {
        for odd in [
            "0",
            "-1",
            "1000000000000000000",
            "1e18",
            "1.5",
            "\"1\"",
            "true",
            "[1]",
            "99999999999999999999",
        ] {
            let body = format!(r#"{{"quantity": {odd}}}"#);
            let found = faults(&body, |body| body.whole("quantity", 1..=1_000_000));
            assert_eq!(
                found,
                [("quantity".to_owned(), "api-whole".to_owned())],
                "{odd}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for odd in ["", "{", "{\"quantity\": NaN}", "nul", "{} {}", "\u{1}"] {
            assert!(
                matches!(parse(odd.as_bytes(), |_| ()), Err(Fault::Malformed(_))),
                "{odd}"
            );
        }
        assert!(matches!(
            parse(b"\xff\xfe", |_| ()),
            Err(Fault::Malformed(_))
        ));
    }

    #[test]
    fn a_list_has_at_least_one_entry_and_not_too_many() {
        let fault = [("lines".to_owned(), "api-list-length".to_owned())];
        assert_eq!(faults(r#"{"lines": []}"#, lines), fault);
        assert_eq!(faults(r#"{"lines": [{}, {}, {}, {}]}"#, lines), fault);
        assert_eq!(faults(r#"{"lines": {}}"#, lines)[0].1, "api-list");
    }

    #[test]
    fn money_is_an_amount_as_text_with_its_currency() {
        let read = |text: &str| parse(text.as_bytes(), |body| body.maybe_money("total"));
        let money = read(r#"{"total": {"amount": "12.40", "currency": "EUR"}}"#).unwrap();
        assert_eq!(money, Some(money::Money::new(1240, money::Currency::EUR)));
        assert_eq!(read(r#"{"total": null}"#).unwrap(), None);
        let odd = r#"{"total": {"amount": 12.4, "currency": "euro", "vat": 1}}"#;
        let found = faults(odd, |body| body.maybe_money("total"));
        assert_eq!(
            found[0],
            ("total.currency".to_owned(), "api-currency".to_owned())
        );
        assert_eq!(
            found[1],
            ("total.vat".to_owned(), "api-unknown-field".to_owned())
        );
        let odd = r#"{"total": {"amount": "-1", "currency": "EUR"}}"#;
        let found = faults(odd, |body| body.maybe_money("total"));
        assert_eq!(
            found,
            [("total.amount".to_owned(), "api-amount".to_owned())]
        );
    }

    #[test]
    fn a_control_character_is_no_text() {
        let found = faults("{\"note\": \"a\\u0000b\"}", |body| {
            body.maybe_text("note", 10)
        });
        assert_eq!(found, [("note".to_owned(), "api-control".to_owned())]);
        assert_eq!(
            faults(r#"{"note": "two\nlines"}"#, |body| body
                .maybe_text("note", 10)),
            []
        );
    }

    #[test]
    fn json_is_announced_as_such_or_as_one_of_its_kin() {
        assert!(is_json("application/json"));
        assert!(is_json("Application/JSON; charset=utf-8"));
        assert!(is_json("application/merge-patch+json"));
        assert!(!is_json("text/json"));
        assert!(!is_json("text/plain"));
        assert!(!is_json(""));
    }
}
