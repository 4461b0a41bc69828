//! When it is morning where a reader is, and which day it is there.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::settings;
use crate::clock::zoned;
use crate::error::Result;

/// What belongs to the morning is written until so long after it began; later than that nobody is
/// told what was new at breakfast, such as after a day without a server.
pub const LASTS: i64 = 4 * 3_600_000;

/// A morning that is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Morning {
    /// The reader's day.
    pub date: Date,
    /// When it began, in UTC milliseconds.
    pub began_at: i64,
}

/// The latest morning that has begun by that clock; `minute` is the brand's, after midnight.
///
/// # Errors
/// A day beyond the calendar.
pub fn latest(now: i64, minute: i32, zone: &TimeZone) -> Result<Morning> {
    let date = zoned(now, zone).date();
    let began_at = settings::instant(date, minute, zone)?;
    if began_at <= now {
        return Ok(Morning { date, began_at });
    }
    let date = date.yesterday()?;
    let began_at = settings::instant(date, minute, zone)?;
    Ok(Morning { date, began_at })
}

/// The morning of a working day, where it is that now.
///
/// # Errors
/// A day beyond the calendar.
pub fn working(now: i64, minute: i32, zone: &TimeZone) -> Result<Option<Morning>> {
    let morning = latest(now, minute, zone)?;
    let on = now - morning.began_at < LASTS && is_working_day(morning.date);
    Ok(on.then_some(morning))
}

/// When the working morning before that one began.
///
/// # Errors
/// A day beyond the calendar.
pub fn before(morning: Morning, minute: i32, zone: &TimeZone) -> Result<Morning> {
    let mut date = morning.date.yesterday()?;
    while !is_working_day(date) {
        date = date.yesterday()?;
    }
    let began_at = settings::instant(date, minute, zone)?;
    Ok(Morning { date, began_at })
}

/// The last day to look ahead to: on a Monday the week, before a weekend the weekend, else the day.
///
/// # Errors
/// A day beyond the calendar.
pub fn ahead(date: Date) -> Result<Date> {
    let days = match date.weekday() {
        Weekday::Monday => 6,
        Weekday::Friday => 2,
        Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Saturday
        | Weekday::Sunday => 0,
    };
    Ok(date.checked_add(days.days())?)
}

fn is_working_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const SEVEN: i32 = 420;
    const HOUR: i64 = 3_600_000;

    fn at(zone: &TimeZone, date: Date, hour: i8, minute: i8) -> i64 {
        let at = date.at(hour, minute, 0, 0).to_zoned_datetime(zone.clone());
        at.unwrap().timestamp().as_millisecond()
    }

    #[test]
    fn a_morning_begins_by_its_readers_clock_and_lasts_four_hours() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
        let tuesday = date(2026, 11, 24);
        let seven = at(&berlin, tuesday, 7, 0);
        let on = Some(Morning {
            date: tuesday,
            began_at: seven,
        });
        assert_eq!(working(seven - 1, SEVEN, &berlin).unwrap(), None);
        assert_eq!(working(seven, SEVEN, &berlin).unwrap(), on);
        assert_eq!(working(seven + 4 * HOUR - 1, SEVEN, &berlin).unwrap(), on);
        assert_eq!(working(seven + 4 * HOUR, SEVEN, &berlin).unwrap(), None);
        // An hour behind.
        assert_eq!(working(seven + HOUR - 1, SEVEN, &lisbon).unwrap(), None);
        let there = working(seven + HOUR, SEVEN, &lisbon).unwrap().unwrap();
        assert_eq!(there.began_at, seven + HOUR);
    }

    #[test]
    fn weekends_have_no_working_morning_and_monday_follows_on_friday() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for day in [date(2026, 11, 28), date(2026, 11, 29)] {
            let eight = at(&berlin, day, 8, 0);
            assert_eq!(working(eight, SEVEN, &berlin).unwrap(), None, "{day}");
        }
        let monday = at(&berlin, date(2026, 11, 30), 8, 0);
        let monday = working(monday, SEVEN, &berlin).unwrap().unwrap();
        let friday = before(monday, SEVEN, &berlin).unwrap();
        assert_eq!(friday.date, date(2026, 11, 27));
        assert_eq!(ahead(monday.date).unwrap(), date(2026, 12, 6));
        assert_eq!(ahead(friday.date).unwrap(), date(2026, 11, 29));
        assert_eq!(ahead(date(2026, 11, 25)).unwrap(), date(2026, 11, 25));
    }

    #[test]
    fn a_clock_that_is_put_forward_skips_no_morning() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // On 29 March 2026 the clock goes from 2:00 to 3:00.
        let half_past_two = 150;
        let day = date(2026, 3, 29);
        let morning = latest(at(&berlin, day, 12, 0), half_past_two, &berlin).unwrap();
        assert_eq!(morning.date, day);
        assert_eq!(morning.began_at, at(&berlin, day, 3, 30));
    }
}
