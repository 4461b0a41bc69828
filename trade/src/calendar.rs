//! Periods of validity, in the local dates of the brand.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// From one local date to another, the end not included; pages show the last day.
///
/// ```
/// use trade::calendar::Period;
/// let year = Period::new("2026-01-01".parse().unwrap(), Some("2027-01-01".parse().unwrap()));
/// assert!(year.contains("2026-12-31".parse().unwrap()));
/// assert!(!year.contains("2027-01-01".parse().unwrap()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The day after the last one; none where no end is agreed.
    pub until: Option<Date>,
}

impl Period {
    /// From `from`, until the day before `until`.
    #[must_use]
    pub fn new(from: Date, until: Option<Date>) -> Self {
        Period { from, until }
    }

    /// Whether `date` is one of its days.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Period) -> bool {
        self.until.is_none_or(|until| other.from < until)
            && other.until.is_none_or(|until| self.from < until)
    }

    /// The last day, for people to read.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.until.and_then(|until| until.yesterday().ok())
    }
}
