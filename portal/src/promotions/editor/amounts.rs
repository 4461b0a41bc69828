//! Figures as people write them: "12,5", "1.234,50", "2500".

use trade::money::{BasisPoints, Currency, Money, UnitPrice};

use crate::web::Fields;
use crate::web::form::FormState;

/// The most that anything is counted to.
pub(super) const MOST: i64 = 1_000_000;
/// The most money in one field, in minor units.
const MOST_MINOR: i64 = 1_000_000_000_000;

/// Why a figure is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not a figure.
    Figure,
    /// "2,500" is two and a half for one reader and twenty-five hundred for another.
    Ambiguous,
}

impl Fault {
    pub(super) fn key(self) -> &'static str {
        match self {
            Fault::Figure => "error-figure",
            Fault::Ambiguous => "error-figure-ambiguous",
        }
    }
}

/// A figure with a point, as the house's types read it.
pub(super) fn plain(typed: &str) -> Result<String, Fault> {
    let typed: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '€' | '%'))
        .collect();
    let separators: Vec<char> = typed.chars().filter(|c| matches!(c, ',' | '.')).collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match separators.as_slice() {
        [] if digits(&typed) => Ok(typed),
        [one] => match typed.split_once(*one) {
            Some((whole, part)) if digits(whole) && digits(part) => {
                if part.len() == 3 {
                    Err(Fault::Ambiguous)
                } else {
                    Ok(format!("{whole}.{part}"))
                }
            }
            _ => Err(Fault::Figure),
        },
        [first, .., last] => {
            let grouping = separators.iter().filter(|c| *c == first).count();
            // "1.234.567" has no decimals; "1.234,50" has those after its last mark.
            let (whole, part) = if first == last {
                (typed.as_str(), None)
            } else {
                match typed.rsplit_once(*last) {
                    Some((whole, part)) => (whole, Some(part)),
                    None => return Err(Fault::Figure),
                }
            };
            let parts: Vec<&str> = whole.split(*first).collect();
            let grouped = parts.iter().skip(1).all(|part| part.len() == 3)
                && parts.iter().all(|part| digits(part))
                && grouping + 1 == parts.len();
            if !grouped || part.is_some_and(|part| !digits(part)) {
                return Err(Fault::Figure);
            }
            let whole = parts.concat();
            Ok(part.map_or(whole.clone(), |part| format!("{whole}.{part}")))
        }
        [] => Err(Fault::Figure),
    }
}

/// 0.01 to 100 per cent.
pub(super) fn rate_of(typed: &str) -> Result<BasisPoints, Fault> {
    let price: UnitPrice = plain(typed)?.parse().map_err(|_| Fault::Figure)?;
    // Per cent with four decimals; a basis point is a hundredth of one.
    let points = i32::try_from(price.0 / 100).map_err(|_| Fault::Figure)?;
    if price.0 % 100 == 0 && (1..=10_000).contains(&points) {
        Ok(BasisPoints(points))
    } else {
        Err(Fault::Figure)
    }
}

/// An amount above nothing, in minor units.
pub(super) fn money_of(typed: &str, currency: Currency) -> Result<i64, Fault> {
    let money = Money::from_decimal(&plain(typed)?, currency).map_err(|_| Fault::Figure)?;
    if (1..=MOST_MINOR).contains(&money.minor) {
        Ok(money.minor)
    } else {
        Err(Fault::Figure)
    }
}

/// A whole number from 1 on.
pub(super) fn count_of(typed: &str) -> Result<i64, Fault> {
    let count: i64 = plain(typed)?.parse().map_err(|_| Fault::Figure)?;
    if (1..=MOST).contains(&count) {
        Ok(count)
    } else {
        Err(Fault::Figure)
    }
}

/// What is typed into a field, which must be filled in.
pub(super) fn needed<T>(
    form: &mut FormState,
    field: &str,
    fields: &Fields,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Option<T> {
    match fields.text(field) {
        "" => {
            form.refuse_key(field, "error-required");
            None
        }
        typed => match read(typed) {
            Ok(value) => Some(value),
            Err(fault) => {
                form.refuse_key(field, fault.key());
                None
            }
        },
    }
}

pub(super) fn price(form: &mut FormState, field: &str, fields: &Fields) -> Option<UnitPrice> {
    needed(form, field, fields, |typed| {
        let price: UnitPrice = plain(typed)?.parse().map_err(|_| Fault::Figure)?;
        if (1..=MOST_MINOR).contains(&price.0) {
            Ok(price)
        } else {
            Err(Fault::Figure)
        }
    })
}

pub(super) fn optional_count(form: &mut FormState, field: &str, fields: &Fields) -> Option<i64> {
    if !fields.has(field) {
        return None;
    }
    needed(form, field, fields, count_of)
}

pub(super) fn optional_money(
    form: &mut FormState,
    field: &str,
    fields: &Fields,
    currency: Currency,
) -> Option<i64> {
    if !fields.has(field) {
        return None;
    }
    needed(form, field, fields, |typed| money_of(typed, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_either_language_writes_them() {
        for (typed, read) in [
            ("2500", "2500"),
            ("12,5", "12.5"),
            ("12.50", "12.50"),
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1.234.567", "1234567"),
            ("€ 9.90", "9.90"),
            ("5 %", "5"),
        ] {
            assert_eq!(plain(typed), Ok(read.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_two_readers_read_differently_is_asked_about() {
        assert_eq!(plain("2,500"), Err(Fault::Ambiguous));
        assert_eq!(plain("2.500"), Err(Fault::Ambiguous));
        for typed in ["", "-1", "1e3", "1,2,3", "12.34,5.6", "a", ".5", "5,"] {
            assert_eq!(plain(typed), Err(Fault::Figure), "{typed}");
        }
    }

    #[test]
    fn a_rate_is_up_to_all_of_it() {
        assert_eq!(rate_of("12,5 %"), Ok(BasisPoints(1_250)));
        assert_eq!(rate_of("100"), Ok(BasisPoints(10_000)));
        for typed in ["0", "100.01", "0.0001"] {
            assert_eq!(rate_of(typed), Err(Fault::Figure), "{typed}");
        }
    }
}
