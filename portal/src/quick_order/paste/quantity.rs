//! A quantity as people write it, read as a whole number or refused with the reason.

use crate::web::locale::Lang;

/// No order line is larger; a number that is was meant for another column.
pub const MOST_QUANTITY: i64 = 1_000_000;

/// Why what was typed is no quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuantityFault {
    #[error("no quantity")]
    Empty,
    #[error("not a number")]
    NotANumber,
    #[error("not a whole number")]
    Fraction,
    #[error("negative")]
    Negative,
    #[error("zero")]
    Zero,
    #[error("more than {MOST_QUANTITY}")]
    TooLarge,
}

/// Reads a positive whole number as the language writes it.
///
/// - A mark before exactly three digits is the language's thousands mark or its decimal mark: for
///   English "1,000" is a thousand and "1.000" a fraction, for German the other way round. The
///   fraction is refused, not rounded: whoever typed it may have meant a thousand.
/// - Marks that leave no doubt mean the same in both: "1,000,000" and "1.000.000" are a million,
///   "1.5" and "1,5" are fractions, "12.00" and "12,0" are twelve.
/// - Apostrophes and no-break spaces mark thousands; a plain space may stand between two columns
///   and is refused.
pub fn parse_quantity(typed: &str, lang: Lang) -> Result<i64, QuantityFault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(QuantityFault::Empty);
    }
    let negative = typed.strip_prefix(['-', '\u{2212}']);
    let unsigned = negative.or(typed.strip_prefix('+')).unwrap_or(typed);
    let whole = whole_number(unsigned.trim_start(), lang)?;
    match (whole, negative) {
        (0, _) => Err(QuantityFault::Zero),
        (_, Some(_)) => Err(QuantityFault::Negative),
        (MOST_QUANTITY.., None) if whole > MOST_QUANTITY => Err(QuantityFault::TooLarge),
        (_, None) => Ok(whole),
    }
}

/// The value of digits and marks; the largest number there is where it is larger still.
fn whole_number(text: &str, lang: Lang) -> Result<i64, QuantityFault> {
    let (grouping, decimal) = match lang {
        Lang::En => (',', '.'),
        Lang::De => ('.', ','),
    };
    let mut groups = text.split(is_mark);
    let marks: Vec<char> = text.chars().filter(|char| is_mark(*char)).collect();
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let digits =
        |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if !std::iter::once(&first).chain(&rest).all(digits) {
        return Err(QuantityFault::NotANumber);
    }
    let Some((last_mark, earlier_marks)) = marks.split_last() else {
        return value([first]);
    };
    let Some((last, between)) = rest.split_last() else {
        return value([first]);
    };
    let same_marks = earlier_marks.iter().all(|mark| mark == last_mark);
    let groups_of_three = first.len() <= 3 && between.iter().all(|group| group.len() == 3);
    let last_is_group = last.len() == 3
        && groups_of_three
        && same_marks
        && !first.starts_with('0')
        && (*last_mark == grouping || *last_mark != decimal || !earlier_marks.is_empty());
    if last_is_group {
        return value(std::iter::once(first).chain(rest));
    }
    let one_mark_earlier = earlier_marks
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one == other));
    let is_decimal = matches!(last_mark, '.' | ',')
        && !earlier_marks.contains(last_mark)
        && one_mark_earlier
        && (between.is_empty() || groups_of_three);
    if !is_decimal {
        return Err(QuantityFault::NotANumber);
    }
    // Three zeros may have been meant as thousands, fewer cannot.
    if last.len() < 3 && last.bytes().all(|byte| byte == b'0') {
        return value(std::iter::once(first).chain(between.iter().copied()));
    }
    Err(QuantityFault::Fraction)
}

fn value<'a>(groups: impl IntoIterator<Item = &'a str>) -> Result<i64, QuantityFault> {
    let digits: String = groups.into_iter().collect();
    // Only digits are left, so what does not fit is too large.
    Ok(digits.parse().unwrap_or(i64::MAX))
}

fn is_mark(char: char) -> bool {
    matches!(
        char,
        '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}'
    )
}
