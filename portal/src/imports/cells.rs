//! What a single cell may say, and how much of it: SKU, GTIN, amount, date, unit.
//!
//! Spreadsheets of two countries meet here, so a decimal comma is as good as a point. Where a cell
//! could mean two things (`03/04/2026`) it is refused rather than guessed.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use trade::quantity::{PackFactor, Unit};

use super::records::Problem;

/// Unit prices are ten-thousandths of the major unit.
pub const TEN_THOUSANDTHS: u32 = 4;
/// Rates are hundredths of a per cent.
pub const BASIS_POINTS: u32 = 2;
const MAX_SKU: usize = 40;
/// A thousand million of the major unit: no order line is larger, and sums of many still fit.
const MAX_MAJOR: i64 = 1_000_000_000;

/// A SKU in its one spelling: no spaces around it, capital letters.
pub fn sku(text: &str) -> Result<String, Problem> {
    let sku = text.trim().to_uppercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if sku.is_empty() || sku.len() > MAX_SKU || !sku.chars().all(allowed) {
        return Err(Problem::NotASku { max: MAX_SKU });
    }
    Ok(sku)
}

/// A GTIN of 8, 12, 13 or 14 digits whose check digit is right.
pub fn gtin(text: &str) -> Result<String, Problem> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if trade::gtin::is_valid(&digits) {
        return Ok(digits);
    }
    let body = digits.split_at_checked(digits.len().saturating_sub(1));
    let expected = body
        .filter(|_| matches!(digits.len(), 8 | 12 | 13 | 14))
        .and_then(|(body, _)| trade::gtin::check_digit(body));
    Err(
        expected.map_or(Problem::NotAGtin, |expected| Problem::GtinCheckDigit {
            expected,
        }),
    )
}

/// A decimal number as an integer with so many decimals: `12,5` with four is 125,000.
///
/// One kind of mark once is the decimal mark, whichever it is; of two kinds the last one is, and
/// the other groups thousands.
pub fn decimal(text: &str, decimals: u32) -> Result<i64, Problem> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = parts(digits).ok_or(Problem::NotANumber)?;
    let fraction = fraction.trim_end_matches('0');
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    if places > decimals {
        return Err(Problem::TooManyDecimals { max: decimals });
    }
    let out_of_range = Problem::TooLarge { max: MAX_MAJOR };
    let whole: i64 = whole.parse().map_err(|_| out_of_range.clone())?;
    if whole > MAX_MAJOR {
        return Err(out_of_range);
    }
    let fraction: i64 = format!("0{fraction}")
        .parse()
        .map_err(|_| Problem::NotANumber)?;
    let scaled = whole
        .checked_mul(10_i64.pow(decimals))
        .and_then(|whole| {
            whole.checked_add(fraction.checked_mul(10_i64.pow(decimals.saturating_sub(places)))?)
        })
        .ok_or(out_of_range)?;
    Ok(if negative {
        scaled.saturating_neg()
    } else {
        scaled
    })
}

/// The digits before and after the decimal mark, grouping taken out.
fn parts(text: &str) -> Option<(String, &str)> {
    let last = text.rfind(['.', ',']);
    let (whole, fraction) = match last.and_then(|at| text.split_at_checked(at)) {
        None => (text, ""),
        Some((before, after)) => {
            let mark = after.chars().next()?;
            if before.contains(mark) {
                (text, "")
            } else {
                (before, after.get(1..)?)
            }
        }
    };
    let groups: Vec<&str> = whole
        .split(['.', ',', '\'', '\u{a0}', '\u{202f}', ' '])
        .collect();
    let (first, others) = groups.split_first()?;
    let grouped = others.is_empty() || (1..=3).contains(&first.len());
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !grouped || others.iter().any(|group| group.len() != 3) {
        return None;
    }
    let whole = groups.concat();
    let some = !whole.is_empty() || !fraction.is_empty();
    let whole = if whole.is_empty() {
        "0".to_owned()
    } else {
        whole
    };
    (some && digits(&whole) && digits(fraction)).then_some((whole, fraction))
}

/// A whole number; `12`, `12,0` and `1.200,00` are, `1.5` is not.
pub fn whole(text: &str) -> Result<i64, Problem> {
    use Problem::{NotANumber, NotAWholeNumber, TooManyDecimals};
    decimal(text, 0).map_err(|problem| {
        let no_number = matches!(problem, TooManyDecimals { .. } | NotANumber);
        if no_number { NotAWholeNumber } else { problem }
    })
}

/// A day, as `2026-03-31` or `31.03.2026`. With slashes it could be American, so it is refused.
pub fn date(text: &str) -> Result<Date, Problem> {
    let text = text.trim();
    // A spreadsheet adds midnight to a column of dates when it pleases.
    let day = text
        .strip_suffix("00:00:00")
        .map_or(text, |day| day.trim_end_matches([' ', 'T']));
    Date::strptime("%Y-%m-%d", day)
        .or_else(|_| Date::strptime("%d.%m.%Y", day))
        .ok()
        .filter(|date| (1990..=2199).contains(&date.year()))
        .ok_or(Problem::NotADate)
}

/// When something happened, as far as the file says: an instant, or a clock's reading somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Instant(Timestamp),
    Local(DateTime),
}

impl Moment {
    /// A reading without zone is meant in the brand's zone. An hour the clock skipped is taken as
    /// if it had not.
    pub fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(*instant),
            Self::Local(local) => zone.to_timestamp(*local).ok(),
        }
    }
}

/// A day with or without its time: `2026-03-31`, `31.03.2026 08:26`, `2026-03-31T08:26:00Z`.
pub fn moment(text: &str) -> Result<Moment, Problem> {
    let text = text.trim();
    if let Ok(day) = date(text) {
        return Ok(Moment::Local(day.at(0, 0, 0, 0)));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Moment::Instant(instant));
    }
    let patterns = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%d.%m.%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
    ];
    patterns
        .iter()
        .find_map(|pattern| DateTime::strptime(pattern, text).ok())
        .filter(|local| (1990..=2199).contains(&local.year()))
        .map(Moment::Local)
        .ok_or(Problem::NotADate)
}

/// A unit, from its code or from the word people write.
pub fn unit(text: &str) -> Result<Unit, Problem> {
    let word = text.trim().trim_end_matches('.');
    word.parse().map_err(|_| Problem::UnknownUnit)
}

/// Units above the base unit with their pack factors: `XCS:12|XPX:480`.
pub fn units(text: &str) -> Result<Vec<(Unit, PackFactor)>, Problem> {
    let mut units: Vec<(Unit, PackFactor)> = Vec::new();
    for part in text
        .split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (code, factor) = part.split_once([':', '=']).ok_or(Problem::NotAUnitList)?;
        let (code, factor) = (unit(code)?, PackFactor::new(whole(factor)?));
        let factor = factor.ok_or(Problem::NotAUnitList)?;
        if units.iter().any(|(known, _)| *known == code) {
            return Err(Problem::NotAUnitList);
        }
        units.push((code, factor));
    }
    Ok(units)
}

/// A path in the category tree, `Dog > Dry food`, five levels at most.
pub fn category(text: &str) -> Result<Vec<String>, Problem> {
    let path: Vec<String> = text
        .split('>')
        .map(|level| level.trim().to_owned())
        .collect();
    let fine = |level: &String| !level.is_empty() && level.chars().count() <= 80;
    if path.len() <= 5 && path.iter().all(fine) {
        Ok(path)
    } else {
        Err(Problem::NotACategory)
    }
}

/// Several values in one cell, parted by `|`, comma, semicolon or spaces.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(['|', ',', ';', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// An address that mail can be sent to as far as its form shows, in lower case.
pub fn email(text: &str) -> Result<String, Problem> {
    let address = text.trim().to_lowercase();
    let plain =
        |c: char| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')');
    let good = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !domain.split('.').any(str::is_empty)
    });
    if good && address.len() <= 254 && address.chars().all(plain) {
        Ok(address)
    } else {
        Err(Problem::NotAnEmail)
    }
}

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Text for a cell somebody will open in a spreadsheet: what the program would run as a formula is
/// made text by an apostrophe. Numbers that begin with a sign stay numbers.
pub fn neutralise_formula(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(FORMULA) && decimal(text, 9).is_err() {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// The text that [`neutralise_formula`] was given, so that an exported file comes back unchanged.
pub fn formula_as_text(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| rest.starts_with(FORMULA))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_with_point_or_comma_and_with_groups() {
        let cases = [
            ("12", 120_000),
            ("12.5", 125_000),
            ("12,5", 125_000),
            ("1.234,50", 12_345_000),
            ("1,234.5", 12_345_000),
            ("1 234,5", 12_345_000),
            ("1.234.567", 12_345_670_000),
            ("0,0001", 1),
            (".5", 5_000),
            ("-3,20", -32_000),
            ("12.50000", 125_000),
            ("1.234", 12_340),
        ];
        for (text, amount) in cases {
            assert_eq!(decimal(text, TEN_THOUSANDTHS), Ok(amount), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_reason() {
        let not = |text: &str| decimal(text, TEN_THOUSANDTHS).expect_err(text);
        for text in [
            "",
            "abc",
            "1,2,3",
            "12.34.5",
            "1e5",
            "--1",
            "12 €",
            "1.23,456.7",
            ".",
        ] {
            assert_eq!(not(text), Problem::NotANumber, "{text}");
        }
        assert_eq!(not("1.23456"), Problem::TooManyDecimals { max: 4 });
        assert_eq!(not("99999999999"), Problem::TooLarge { max: 1_000_000_000 });
        assert_eq!(
            not(&"9".repeat(60)),
            Problem::TooLarge { max: 1_000_000_000 }
        );
        assert_eq!(whole("1,5"), Err(Problem::NotAWholeNumber));
        assert_eq!(whole("1.200,00"), Ok(1_200));
    }

    #[test]
    fn a_gtin_needs_its_check_digit() {
        assert_eq!(gtin("4006381333931"), Ok("4006381333931".to_owned()));
        assert_eq!(gtin("40 06381-33393 1"), Ok("4006381333931".to_owned()));
        assert_eq!(
            gtin("4006381333932"),
            Err(Problem::GtinCheckDigit { expected: 1 })
        );
        assert_eq!(gtin("123"), Err(Problem::NotAGtin));
        assert_eq!(gtin("40063813339AX"), Err(Problem::NotAGtin));
        assert_eq!(gtin("96385074"), Ok("96385074".to_owned()));
    }

    #[test]
    fn a_sku_has_one_spelling() {
        assert_eq!(sku("  aw-1201 "), Ok("AW-1201".to_owned()));
        assert_eq!(sku("GIFT_0001_40"), Ok("GIFT_0001_40".to_owned()));
        for text in ["", "A B", "A/B", "Ä1", "<script>", &"X".repeat(41)] {
            assert_eq!(sku(text), Err(Problem::NotASku { max: 40 }), "{text}");
        }
    }

    #[test]
    fn days_read_in_two_spellings_and_never_by_guess() {
        let day = jiff::civil::date(2026, 3, 31);
        for text in [
            "2026-03-31",
            "31.03.2026",
            "31.3.2026",
            "2026-03-31 00:00:00",
        ] {
            assert_eq!(date(text), Ok(day), "{text}");
        }
        for text in [
            "03/04/2026",
            "31.02.2026",
            "26-03-31",
            "",
            "2026-3-31x",
            "0001-01-01",
        ] {
            assert_eq!(date(text), Err(Problem::NotADate), "{text}");
        }
    }

    #[test]
    fn a_reading_without_zone_is_the_brands() {
        let berlin = TimeZone::get("Europe/Berlin").expect("zone");
        let at = |text: &str| {
            moment(text)
                .expect(text)
                .instant(&berlin)
                .expect(text)
                .to_string()
        };
        assert_eq!(at("2026-07-01 08:26:00"), "2026-07-01T06:26:00Z");
        assert_eq!(at("01.12.2026 08:26"), "2026-12-01T07:26:00Z");
        assert_eq!(at("2026-07-01T08:26:00Z"), "2026-07-01T08:26:00Z");
        assert_eq!(at("2026-07-01"), "2026-06-30T22:00:00Z");
    }

    #[test]
    fn units_are_read_from_codes_and_words() {
        let factor = |n| PackFactor::new(n).expect("a factor");
        assert_eq!(unit("Stk."), Ok(Unit::Piece));
        assert_eq!(unit("case"), Ok(Unit::Case));
        assert_eq!(unit("bucket"), Err(Problem::UnknownUnit));
        assert_eq!(
            units("XCS:12 | pallet:480"),
            Ok(vec![(Unit::Case, factor(12)), (Unit::Pallet, factor(480))])
        );
        for text in ["XCS", "XCS:0", "XCS:1|XCS:2"] {
            assert_eq!(units(text), Err(Problem::NotAUnitList), "{text}");
        }
    }

    #[test]
    fn formulas_leave_as_text_and_numbers_as_numbers() {
        assert_eq!(neutralise_formula("=1+1"), "'=1+1");
        assert_eq!(neutralise_formula("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(
            neutralise_formula("-2+3+cmd|' /C calc'!A0"),
            "'-2+3+cmd|' /C calc'!A0"
        );
        assert_eq!(neutralise_formula("-12"), "-12");
        assert_eq!(neutralise_formula("+3,5"), "+3,5");
        assert_eq!(neutralise_formula("Duck = good"), "Duck = good");
        assert_eq!(formula_as_text("'=1+1"), "=1+1");
        assert_eq!(formula_as_text("'s Heerenberg"), "'s Heerenberg");
    }

    #[test]
    fn addresses_are_checked_by_their_form() {
        assert_eq!(
            email(" Anna@Shop.Example "),
            Ok("anna@shop.example".to_owned())
        );
        for text in [
            "anna", "a@b", "a@b..c", "a b@c.de", "a@b@c.de", "<a@b.de>", "@b.de",
        ] {
            assert_eq!(email(text), Err(Problem::NotAnEmail), "{text}");
        }
    }
}
