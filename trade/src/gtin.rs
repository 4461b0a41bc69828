//! GTIN (EAN, UPC): the article number on the pack, with its check digit.

/// Whether `code` is a GTIN-8, -12, -13 or -14 with a right check digit (GS1 General
/// Specifications, section 7.9: weights 3 and 1 from the right).
#[must_use]
pub fn is_valid(code: &str) -> bool {
    matches!(code.len(), 8 | 12 | 13 | 14)
        && code.bytes().all(|b| b.is_ascii_digit())
        && code
            .split_at_checked(code.len() - 1)
            .is_some_and(|(body, check)| {
                check_digit(body).is_some_and(|digit| check == digit.to_string())
            })
}

/// The check digit for the digits before it; none where `body` holds anything but digits.
#[must_use]
pub fn check_digit(body: &str) -> Option<u32> {
    let mut sum = 0;
    for (at, c) in body.chars().rev().enumerate() {
        let weight = if at % 2 == 0 { 3 } else { 1 };
        sum += c.to_digit(10)? * weight;
    }
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_checked() {
        assert!(is_valid("4006381333931"));
        assert!(!is_valid("4006381333932"));
        assert!(is_valid("96385074"));
        assert!(!is_valid("400638133393"));
        assert!(!is_valid("40063813339३1"));
        assert!(!is_valid(""));
    }
}
