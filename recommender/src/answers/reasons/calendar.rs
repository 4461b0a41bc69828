//! The day a year before, in the Gregorian calendar.

use crate::history::Day;

/// Days of 400 years.
const ERA: i64 = 146_097;

/// The same day of the year before; 28 February for the 29th.
pub(super) fn a_year_before(day: Day) -> Day {
    let (year, month, of_month) = date(i64::from(day.0));
    let of_month = if (month, of_month) == (2, 29) {
        28
    } else {
        of_month
    };
    let before = number(year - 1, month, of_month);
    Day(i32::try_from(before).unwrap_or(day.0))
}

/// Year, month and day of the month. Years begin with March here, so that a leap day ends one.
fn date(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(ERA);
    let of_era = day.rem_euclid(ERA);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, of_month)
}

/// Days from 1970-01-01 to a date.
fn number(year: i64, month: i64, of_month: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + of_month - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_before_is_the_same_date_also_around_leap_days() {
        let day = |y, m, d| Day(i32::try_from(number(y, m, d)).unwrap_or_default());
        assert_eq!(day(1970, 1, 1), Day(0));
        assert_eq!(day(2026, 3, 1), Day(20_513));
        assert_eq!(a_year_before(day(2026, 10, 5)), day(2025, 10, 5));
        assert_eq!(a_year_before(day(2024, 2, 29)), day(2023, 2, 28));
        assert_eq!(a_year_before(day(2025, 1, 31)), day(2024, 1, 31));
        assert_eq!(a_year_before(day(1970, 1, 1)), day(1969, 1, 1));
    }
}
