//! What the brand settles for all messages, and when a reader's morning is.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::clock::zoned;
use crate::db::Tx;
use crate::db::entity::{account, message_setting, user};
use crate::error::{Error, Result};

/// The settings.
///
/// # Errors
/// Whatever the database says.
pub async fn load(tx: &Tx) -> Result<message_setting::Model> {
    let row = tx.one::<message_setting::Entity>(|all| all).await?;
    row.ok_or_else(|| Error::Internal(anyhow::anyhow!("the settings of messages are gone")))
}

/// Countries with one clock, or one that most of their shops go by.
const ZONES: [(&str, &str); 24] = [
    ("AT", "Europe/Vienna"),
    ("BE", "Europe/Brussels"),
    ("BG", "Europe/Sofia"),
    ("CH", "Europe/Zurich"),
    ("CZ", "Europe/Prague"),
    ("DE", "Europe/Berlin"),
    ("DK", "Europe/Copenhagen"),
    ("EE", "Europe/Tallinn"),
    ("ES", "Europe/Madrid"),
    ("FI", "Europe/Helsinki"),
    ("FR", "Europe/Paris"),
    ("GB", "Europe/London"),
    ("GR", "Europe/Athens"),
    ("HU", "Europe/Budapest"),
    ("IE", "Europe/Dublin"),
    ("IT", "Europe/Rome"),
    ("LU", "Europe/Luxembourg"),
    ("NL", "Europe/Amsterdam"),
    ("NO", "Europe/Oslo"),
    ("PL", "Europe/Warsaw"),
    ("PT", "Europe/Lisbon"),
    ("RO", "Europe/Bucharest"),
    ("SE", "Europe/Stockholm"),
    ("SK", "Europe/Bratislava"),
];

/// The countries whose clock is known, each with its zone; others go by the brand's.
pub fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    ZONES.into_iter()
}

/// The clock a person goes by: their own choice, else their company's country, else the brand's.
#[must_use]
pub fn zone(app: &App, person: &user::Model, company: Option<&account::Model>) -> TimeZone {
    let country = company.map(|company| company.country.as_str());
    zone_of(app, person.time_zone.as_deref(), country)
}

/// As [`zone`], of what a person chose and where their company is.
#[must_use]
pub fn zone_of(app: &App, own: Option<&str>, country: Option<&str>) -> TimeZone {
    let of_country = country.and_then(|country| {
        let found = ZONES.iter().find(|(known, _)| *known == country);
        found.map(|(_, zone)| *zone)
    });
    own.or(of_country)
        .and_then(|name| TimeZone::get(name).ok())
        .unwrap_or_else(|| app.brand.zone.clone())
}

/// The instant of `minute` after midnight on a day of that clock; where the clock skips it, the
/// instant after.
///
/// # Errors
/// A day beyond the calendar.
pub fn instant(day: Date, minute: i32, zone: &TimeZone) -> Result<i64> {
    let hour = i8::try_from(minute.div_euclid(60).rem_euclid(24))?;
    let minute = i8::try_from(minute.rem_euclid(60))?;
    let at = day.at(hour, minute, 0, 0).to_zoned_datetime(zone.clone())?;
    Ok(at.timestamp().as_millisecond())
}

/// Whether it is a time of that clock at which nothing leaves that can wait.
#[must_use]
pub fn is_quiet(settings: &message_setting::Model, now: i64, zone: &TimeZone) -> bool {
    let here = zoned(now, zone);
    is_quiet_minute(
        settings,
        i32::from(here.hour()) * 60 + i32::from(here.minute()),
    )
}

/// As [`is_quiet`], for a minute after midnight.
#[must_use]
pub fn is_quiet_minute(settings: &message_setting::Model, minute: i32) -> bool {
    let (from, until) = (settings.quiet_from, settings.quiet_until);
    if from <= until {
        (from..until).contains(&minute)
    } else {
        minute >= from || minute < until
    }
}
