//! What time it is: the system's time, or a fixed one in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// Where "now" comes from. It is passed in, so that a test can stand still or step ahead.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The system's.
    #[default]
    System,
    /// UTC milliseconds that only [`Clock::advance`] moves.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `millis` (UTC milliseconds since 1970).
    #[must_use]
    pub fn fixed(millis: i64) -> Clock {
        Clock::Fixed(Arc::new(AtomicI64::new(millis)))
    }

    /// UTC milliseconds since 1970.
    #[must_use]
    pub fn millis(&self) -> i64 {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads it"
            )]
            Clock::System => Timestamp::now().as_millisecond(),
            Clock::Fixed(millis) => millis.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock; the system's stays as it is.
    pub fn advance(&self, millis: i64) {
        if let Clock::Fixed(now) = self {
            now.fetch_add(millis, Ordering::SeqCst);
        }
    }

    /// Now, on the wall in `zone`.
    #[must_use]
    pub fn zoned(&self, zone: &TimeZone) -> ZonedDateTime {
        zoned(self.millis(), zone)
    }

    /// The local date in `zone`.
    #[must_use]
    pub fn today(&self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }
}

/// An instant as it reads on the wall in `zone`.
#[must_use]
pub fn zoned(millis: i64, zone: &TimeZone) -> ZonedDateTime {
    Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned_datetime(zone.clone())
}
