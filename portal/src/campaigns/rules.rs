//! What decides who is told, when, and how often: pure, so that it can be tried on anything.

use std::cmp::Reverse;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use trade::id::AccountId;

use crate::clock::zoned;
use crate::db::entity::message_setting;
use crate::db::words::{CampaignArm, MailChoice, Role, TrialArm, UserStatus};
use crate::error::Result;
use crate::messages::choices::Choice;
use crate::messages::settings::{instant, is_quiet};
use crate::suggestions::trial;

/// Promotion mails are counted over so long.
pub const WEEK_MILLIS: i64 = 7 * 24 * 3_600_000;
const DAY_MILLIS: i64 = 24 * 3_600_000;

/// The largest share of accounts that may go without, in hundredths of a per cent.
pub const MOST_HOLDOUT: i32 = 5_000;

/// Why somebody is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Excluded {
    /// The account has nobody who orders.
    NoUser,
    /// The account sees nothing of it, or nothing that has a price for it.
    NoItem,
    /// It gives the account nothing on what it usually orders, or has nothing left to give.
    NothingGained,
    /// Another account's promotion, or one that is over or was stopped.
    NotReached,
    /// They may not sign in.
    Disabled,
    /// They want no mails on promotions.
    Unsubscribed,
    /// Mail to their address came back.
    Suppressed,
    /// They had as many promotion mails this week as the brand allows.
    Capped,
    /// Their account has ordered with it already.
    Ordered,
    /// Somebody stopped it.
    Stopped,
    /// The promotion is over or was stopped.
    Over,
}

impl Excluded {
    /// All of them, in the order the page shows them.
    pub const ALL: [Excluded; 11] = [
        Excluded::NoUser,
        Excluded::NoItem,
        Excluded::NothingGained,
        Excluded::NotReached,
        Excluded::Disabled,
        Excluded::Unsubscribed,
        Excluded::Suppressed,
        Excluded::Capped,
        Excluded::Ordered,
        Excluded::Stopped,
        Excluded::Over,
    ];

    /// The word in the table and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Excluded::NoUser => "no-user",
            Excluded::NoItem => "no-item",
            Excluded::NothingGained => "nothing-gained",
            Excluded::NotReached => "not-reached",
            Excluded::Disabled => "disabled",
            Excluded::Unsubscribed => "unsubscribed",
            Excluded::Suppressed => "suppressed",
            Excluded::Capped => "capped",
            Excluded::Ordered => "ordered",
            Excluded::Stopped => "stopped",
            Excluded::Over => "over",
        }
    }
}

/// What decides whether a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Whether they may sign in.
    pub status: UserStatus,
    /// What they do for their account.
    pub role: Role,
    /// What holds for them on promotions.
    pub choice: Choice,
    /// Whether mail to their address came back.
    pub suppressed: bool,
}

/// Why the person is not told; none where they are. Who has not accepted their invitation yet may
/// not sign in either.
#[must_use]
pub fn excluded(reader: &Reader) -> Option<Excluded> {
    if !reader.role.is_retailer() {
        return Some(Excluded::NoUser);
    }
    if reader.status != UserStatus::Active {
        return Some(Excluded::Disabled);
    }
    match reader.choice.mail {
        MailChoice::Off => Some(Excluded::Unsubscribed),
        // Nothing is mailed one by one, but the daily mail goes to the same address.
        MailChoice::AtOnce | MailChoice::Daily if reader.suppressed => Some(Excluded::Suppressed),
        MailChoice::AtOnce | MailChoice::Daily => None,
    }
}

/// The arm that an account draws with `salt`, where `share` hundredths of a per cent go without.
#[must_use]
pub fn arm(account: AccountId, salt: i64, share: i32) -> CampaignArm {
    match trial::arm(account, salt, share) {
        TrialArm::Control => CampaignArm::Holdout,
        TrialArm::Suggestions => CampaignArm::Mail,
    }
}

/// What places an account: what it is expected to order more, then what it saves, in minor units.
pub type Worth = (Option<i64>, Option<i64>);

/// Accounts by what is expected of them, the best first; those of which nothing is known last, and
/// equals in an order that does not change. A campaign that is drawn is placed the same way.
pub fn by_expectation<T>(accounts: &mut [T], worth: impl Fn(&T) -> (Worth, AccountId)) {
    accounts.sort_by_key(|one| {
        let ((expected, saving), account) = worth(one);
        (Reverse(expected), Reverse(saving), account)
    });
}

/// Whether one more mail is too many for a person who had `had` within the week.
#[must_use]
pub fn is_capped(had: i64, most: i32) -> bool {
    had >= i64::from(most)
}

/// When a person is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub on: Date,
    /// The minute of it by the reader's clock; none is as soon as the hour is decent.
    pub minute: Option<i32>,
    /// The last day it is of use; none where it has no end.
    pub last: Option<Date>,
}

/// The instant a person is told: at the minute of their own clock, or at once. What has passed
/// already comes a day later at the same minute, and at once where that would be too late. Nothing
/// is due at a quiet hour.
///
/// # Errors
/// A day beyond the calendar.
pub fn due(
    when: When,
    now: i64,
    zone: &TimeZone,
    settings: &message_setting::Model,
) -> Result<i64> {
    let decent = |at: i64| decent(at, zone, settings);
    let Some(minute) = when.minute else {
        return decent(now);
    };
    let first = instant(when.on, minute, zone)?;
    if first >= now {
        return decent(first);
    }
    let here = zoned(now, zone).date();
    let today = instant(here, minute, zone)?;
    let next = if today >= now {
        today
    } else {
        instant(here.tomorrow()?, minute, zone)?
    };
    let next = decent(next)?;
    let too_late = when
        .last
        .is_some_and(|last| zoned(next, zone).date() > last);
    if too_late { decent(now) } else { Ok(next) }
}

/// The instant itself, or where it is a quiet hour the reader's next morning.
///
/// # Errors
/// A day beyond the calendar.
pub fn decent(at: i64, zone: &TimeZone, settings: &message_setting::Model) -> Result<i64> {
    if !is_quiet(settings, at, zone) {
        return Ok(at);
    }
    let today = zoned(at, zone).date();
    let tomorrow = today.tomorrow()?;
    for day in [today, tomorrow, tomorrow.tomorrow()?] {
        for minute in [settings.morning, settings.quiet_until] {
            let then = instant(day, minute, zone)?;
            if then >= at && !is_quiet(settings, then, zone) {
                return Ok(then);
            }
        }
    }
    // Every minute of the day is quiet: nothing is decent, so a day later is as good as any.
    Ok(at + DAY_MILLIS)
}

#[cfg(test)]
mod tests;
