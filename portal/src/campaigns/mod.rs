//! Campaigns: telling retailers of a promotion they gain from, and what came of it.
//!
//! A planner says when; [`audience`] says whom it would tell and whom not, and why; [`draw`] draws
//! them when the day comes, some of them by chance to be told nothing; [`sending`] sees to each
//! reader's hour, the reminder and the end; [`write`] asks everything once more and writes the
//! [`letter`]; [`report`] tells the KAMs what came of it. What a reader is told is worked out by
//! the code that quotes their cart.

pub mod audience;
pub mod draw;
pub mod effect;
pub mod letter;
pub mod page;
pub mod plan;
pub mod report;
pub mod results;
pub mod rules;
pub mod sending;
pub mod view;
pub mod web;
pub mod write;

use jiff::civil::Date;

use crate::db::entity::campaign;
use crate::db::words::Wave;
pub use draw::draw;
pub use sending::due;
pub use write::write;

/// When a wave of the campaign is told.
#[must_use]
pub fn when(row: &campaign::Model, wave: Wave, last: Option<Date>) -> rules::When {
    let on = match wave {
        Wave::Announcement => row.announce_on,
        Wave::Reminder => row.remind_on.unwrap_or(row.announce_on),
    };
    rules::When {
        on: on.0,
        minute: row.announce_minute,
        last,
    }
}
