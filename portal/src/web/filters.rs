//! How amounts, quantities, dates and units read in each language, as filters of the templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::assets;
use super::locale::{Lang, Words};
use super::shape::{Arg, Currency, Money, UnitPrice};

const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The files every page names.
const VERSIONED: [&str; 6] = [
    "css/tokens.css",
    "css/app.css",
    "js/kontor.js",
    "js/devices.js",
    "icons/icons.svg",
    "icons/favicon.svg",
];

/// Registers every filter and function for one language.
pub fn register(tera: &mut Tera, lang: Lang, words: &Arc<Words>) {
    tera.register_filter("money", move |value: &Value, _: Kwargs, _: &State| {
        money_of(value).map(|money| money_text(lang, money))
    });
    tera.register_filter(
        "unit_price",
        move |value: i64, kwargs: Kwargs, _: &State| {
            let currency = currency_of(kwargs.must_get::<&str>("currency")?)?;
            TeraResult::Ok(if kwargs.get::<bool>("short")?.unwrap_or(false) {
                short_price_text(lang, UnitPrice(value), currency)
            } else {
                unit_price_text(lang, UnitPrice(value), currency)
            })
        },
    );
    tera.register_filter("quantity", move |value: i64, _: Kwargs, _: &State| {
        quantity_text(lang, value)
    });
    tera.register_filter("hundredths", move |value: i64, _: Kwargs, _: &State| {
        hundredths_text(lang, value)
    });
    tera.register_filter("percent", move |value: i64, _: Kwargs, _: &State| {
        percent_text(lang, value)
    });
    tera.register_filter("urlencode", |value: &str, _: Kwargs, _: &State| {
        url_encode(value)
    });
    register_dates(tera, lang, words);
    register_words(tera, lang, words);
    tera.register_function("href", |kwargs: Kwargs, _: &State| href(&kwargs));
    // Icons are named many times on a page; their addresses are hashed once.
    let addresses: BTreeMap<&str, String> = VERSIONED
        .into_iter()
        .map(|path| (path, assets::address(path)))
        .collect();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| {
        let path: String = kwargs.must_get("path")?;
        let known = addresses.get(path.as_str()).cloned();
        TeraResult::Ok(known.unwrap_or_else(|| assets::address(&path)))
    });
}

fn register_dates(tera: &mut Tera, lang: Lang, words: &Arc<Words>) {
    let said = Arc::clone(words);
    tera.register_filter("date", move |value: &str, kwargs: Kwargs, _: &State| {
        let today: Option<String> = kwargs.get("today")?;
        TeraResult::Ok(relative_date(&said, lang, value, today.as_deref()))
    });
    let said = Arc::clone(words);
    tera.register_filter("instant", move |value: i64, kwargs: Kwargs, _: &State| {
        let zone: String = kwargs.must_get("tz")?;
        let today: Option<String> = kwargs.get("today")?;
        let Some((day, time)) = local(value, &zone) else {
            return TeraResult::Ok(String::new());
        };
        if kwargs.get::<bool>("time_only")?.unwrap_or(false) {
            return TeraResult::Ok(time);
        }
        let day = relative_date(&said, lang, &day, today.as_deref());
        TeraResult::Ok(format!("{day}, {time}"))
    });
    // Machine-readable twin of `instant`, for `<time datetime>`.
    tera.register_filter("iso_instant", |value: i64, _: Kwargs, _: &State| {
        Timestamp::from_millisecond(value)
            .map(|at| at.to_string())
            .unwrap_or_default()
    });
}

fn register_words(tera: &mut Tera, lang: Lang, words: &Arc<Words>) {
    let said = Arc::clone(words);
    tera.register_filter("unit", move |value: &str, kwargs: Kwargs, _: &State| {
        let count: Option<i64> = kwargs.get("count")?;
        TeraResult::Ok(said.unit(lang, value, count.unwrap_or(1)))
    });
    let said = Arc::clone(words);
    tera.register_function("t", move |kwargs: Kwargs, _: &State| {
        let key: &str = kwargs.must_get("key")?;
        if let Some(text) = said.plain(lang, key) {
            return Ok(text.to_owned());
        }
        let mut values: BTreeMap<String, serde_json::Value> = kwargs.deserialize()?;
        values.remove("key");
        let mut args = BTreeMap::new();
        if let Some(serde_json::Value::Object(inner)) = values.remove("args") {
            args.extend(
                inner
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, arg(value)?))),
            );
        }
        args.extend(
            values
                .into_iter()
                .filter_map(|(name, value)| Some((name, arg(value)?))),
        );
        TeraResult::Ok(said.say(lang, key, &args))
    });
}

fn arg(value: serde_json::Value) -> Option<Arg> {
    serde_json::from_value(value).ok()
}

fn money_of(value: &Value) -> TeraResult<Money> {
    let minor = value.get_from_path("minor").and_then(Value::as_i64);
    let currency = value.get_from_path("currency").and_then(Value::as_str);
    match (minor, currency) {
        (Some(minor), Some(currency)) => Ok(Money::new(minor, currency_of(currency)?)),
        _ => Err(tera::Error::message("money takes {minor, currency}")),
    }
}

fn currency_of(code: &str) -> TeraResult<Currency> {
    code.parse()
        .map_err(|error| tera::Error::message(format!("{error}")))
}

/// `€1,234.50` in English, `1.234,50 €` in German.
pub fn money_text(lang: Lang, money: Money) -> String {
    let digits = minor_digits(money.currency);
    let number = decimal(lang, money.minor.unsigned_abs(), digits, digits);
    with_currency(lang, money.minor < 0, &number, money.currency)
}

/// A price for one unit: two decimals, up to four where they are needed.
pub fn unit_price_text(lang: Lang, price: UnitPrice, currency: Currency) -> String {
    let number = decimal(lang, price.0.unsigned_abs(), 4, minor_digits(currency));
    with_currency(lang, price.0 < 0, &number, currency)
}

/// A price as a hint beside the exact one: rounded to what the currency's coins can pay.
pub fn short_price_text(lang: Lang, price: UnitPrice, currency: Currency) -> String {
    let digits = u32::try_from(minor_digits(currency)).unwrap_or(2);
    let step = 10_i64.pow(4_u32.saturating_sub(digits));
    money_text(
        lang,
        Money::new((price.0 + step / 2).div_euclid(step), currency),
    )
}

/// Digits in groups of three.
pub fn quantity_text(lang: Lang, quantity: i64) -> String {
    let sign = if quantity < 0 { "−" } else { "" };
    format!(
        "{sign}{}",
        group(lang, &quantity.unsigned_abs().to_string())
    )
}

/// A number in hundredths with two decimals: 1274 → `12.74`.
pub fn hundredths_text(lang: Lang, hundredths: i64) -> String {
    let sign = if hundredths < 0 { "−" } else { "" };
    format!("{sign}{}", decimal(lang, hundredths.unsigned_abs(), 2, 2))
}

/// Basis points as per cent: 1250 → `12.5 %`.
pub fn percent_text(lang: Lang, basis_points: i64) -> String {
    let sign = if basis_points < 0 { "−" } else { "" };
    // German keeps a space before the sign (DIN 5008), English does not.
    let space = match lang {
        Lang::En => "",
        Lang::De => "\u{a0}",
    };
    format!(
        "{sign}{}{space}%",
        decimal(lang, basis_points.unsigned_abs(), 2, 0)
    )
}

/// `12 Mar 2026` in English, `12.03.2026` in German; what is no date stays as it is.
pub fn date_text(lang: Lang, date: &str) -> String {
    let Ok(day) = date.parse::<Date>() else {
        return date.to_owned();
    };
    match lang {
        Lang::De => format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
        Lang::En => {
            let index = usize::try_from(day.month() - 1).unwrap_or_default();
            let month = MONTHS_EN.get(index).copied().unwrap_or_default();
            format!("{} {month} {}", day.day(), day.year())
        }
    }
}

fn relative_date(words: &Words, lang: Lang, date: &str, today: Option<&str>) -> String {
    let parsed = today
        .and_then(|today| today.parse::<Date>().ok())
        .zip(date.parse::<Date>().ok());
    let key = parsed.and_then(|(today, day)| {
        let days = |count: i64| today.checked_add(count.days()).ok();
        match day {
            day if day == today => Some("today"),
            day if Some(day) == days(-1) => Some("yesterday"),
            day if Some(day) == days(1) => Some("tomorrow"),
            _ => None,
        }
    });
    key.map_or_else(
        || date_text(lang, date),
        |key| words.say(lang, key, &BTreeMap::new()),
    )
}

fn local(millis: i64, zone: &str) -> Option<(String, String)> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(millis)
        .ok()?
        .to_zoned_datetime(zone);
    Some((
        at.date().to_string(),
        format!("{:02}:{:02}", at.hour(), at.minute()),
    ))
}

fn minor_digits(currency: Currency) -> usize {
    usize::try_from(currency.decimals()).unwrap_or(2)
}

fn with_currency(lang: Lang, negative: bool, number: &str, currency: Currency) -> String {
    let sign = if negative { "−" } else { "" };
    let symbol = match currency.code() {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        other => other,
    };
    match lang {
        Lang::En if symbol.len() == 3 && symbol.is_ascii() => {
            format!("{sign}{symbol}\u{a0}{number}")
        }
        Lang::En => format!("{sign}{symbol}{number}"),
        Lang::De => format!("{sign}{number}\u{a0}{symbol}"),
    }
}

/// An integer of `scale` decimals, with at least `least` of them shown.
fn decimal(lang: Lang, value: u64, scale: usize, least: usize) -> String {
    let digits = format!("{value:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let kept = fraction.trim_end_matches('0').len().max(least.min(scale));
    let fraction = fraction.get(..kept).unwrap_or_default();
    let point = match lang {
        Lang::En => ".",
        Lang::De => ",",
    };
    let whole = group(lang, whole);
    if fraction.is_empty() {
        whole
    } else {
        format!("{whole}{point}{fraction}")
    }
}

fn group(lang: Lang, digits: &str) -> String {
    let mark = match lang {
        Lang::En => ',',
        Lang::De => '.',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A link to `path` that keeps the parameters of `query` and changes those of `set`; an empty
/// value takes a parameter away. `name` and `value` set one whose name is not known beforehand.
fn href(kwargs: &Kwargs) -> TeraResult<String> {
    let path: String = kwargs.must_get("path")?;
    let mut query = parameters(kwargs.get::<Value>("query")?);
    query.extend(parameters(kwargs.get::<Value>("set")?));
    if let Some(name) = kwargs.get::<String>("name")? {
        query.insert(name, kwargs.get::<String>("value")?.unwrap_or_default());
    }
    let pairs = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", url_encode(name), url_encode(value)))
        .collect::<Vec<_>>();
    Ok(if pairs.is_empty() {
        path
    } else {
        format!("{path}?{}", pairs.join("&"))
    })
}

fn parameters(value: Option<Value>) -> BTreeMap<String, String> {
    let Some(map) = value.as_ref().and_then(Value::as_map) else {
        return BTreeMap::new();
    };
    map.iter()
        .map(|(name, value)| (name.as_value().to_string(), value.to_string()))
        .collect()
}

fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, currency: &str) -> Money {
        Money::new(minor, currency.parse().unwrap())
    }

    #[test]
    fn money_reads_as_each_language_writes_it() {
        assert_eq!(money_text(Lang::En, money(123_450, "EUR")), "€1,234.50");
        assert_eq!(
            money_text(Lang::De, money(123_450, "EUR")),
            "1.234,50\u{a0}€"
        );
        assert_eq!(money_text(Lang::En, money(-5, "GBP")), "−£0.05");
        assert_eq!(money_text(Lang::De, money(0, "CHF")), "0,00\u{a0}CHF");
        assert_eq!(money_text(Lang::En, money(1_000, "JPY")), "JPY\u{a0}1,000");
    }

    #[test]
    fn a_unit_price_shows_two_decimals_and_up_to_four_where_needed() {
        assert_eq!(
            unit_price_text(Lang::En, UnitPrice(31_000), Currency::EUR),
            "€3.10"
        );
        assert_eq!(
            unit_price_text(Lang::En, UnitPrice(31_250), Currency::EUR),
            "€3.125"
        );
        assert_eq!(
            unit_price_text(Lang::De, UnitPrice(31_255), Currency::EUR),
            "3,1255\u{a0}€"
        );
        assert_eq!(
            unit_price_text(Lang::De, UnitPrice(12_345_670_000), Currency::EUR),
            "1.234.567,00\u{a0}€"
        );
    }

    #[test]
    fn percentages_drop_decimals_that_say_nothing() {
        assert_eq!(percent_text(Lang::En, 1250), "12.5%");
        assert_eq!(percent_text(Lang::De, 1900), "19\u{a0}%");
        assert_eq!(percent_text(Lang::De, -25), "−0,25\u{a0}%");
    }

    #[test]
    fn hundredths_keep_both_decimals() {
        assert_eq!(hundredths_text(Lang::En, 1_270), "12.70");
        assert_eq!(hundredths_text(Lang::De, -5), "−0,05");
    }

    #[test]
    fn dates_read_as_each_language_writes_them() {
        assert_eq!(date_text(Lang::En, "2026-03-02"), "2 Mar 2026");
        assert_eq!(date_text(Lang::De, "2026-03-02"), "02.03.2026");
        assert_eq!(date_text(Lang::De, "soon"), "soon");
    }

    #[test]
    fn an_instant_is_shown_in_the_brands_time_zone() {
        // 2026-03-29T01:30Z is after the change to summer time in Berlin.
        assert_eq!(
            local(1_774_747_800_000, "Europe/Berlin"),
            Some(("2026-03-29".into(), "03:30".into()))
        );
    }

    #[test]
    fn a_link_encodes_what_people_search_for() {
        assert_eq!(url_encode("dog & cat ä/1"), "dog%20%26%20cat%20%C3%A4%2F1");
    }
}
