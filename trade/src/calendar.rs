//! Periods of validity, in the local dates of the brand.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A day on the brand's calendar, as tables keep it: `2026-03-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
#[serde(transparent)]
pub struct LocalDate(pub Date);

impl LocalDate {
    /// The end of a period that has none, as tables keep it.
    pub const OPEN_END: LocalDate = LocalDate(Date::constant(9999, 12, 31));
}

impl std::fmt::Display for LocalDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for LocalDate {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(LocalDate)
    }
}

impl From<Date> for LocalDate {
    fn from(date: Date) -> Self {
        LocalDate(date)
    }
}

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

    /// As tables keep it, with [`LocalDate::OPEN_END`] where no end is agreed.
    #[must_use]
    pub fn stored(from: LocalDate, until: LocalDate) -> Self {
        Period {
            from: from.0,
            until: (until < LocalDate::OPEN_END).then_some(until.0),
        }
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
