//! What the brand settles for all messages: how many promotion mails, when nothing leaves that can
//! wait, when mornings are, whether opening is counted, who goes without.

pub mod view;
pub mod web;

use sea_orm::Set;
use serde_json::{Value, json};

use super::settings;
use crate::app::App;
use crate::audit;
use crate::auth::Admin;
use crate::db::entity::message_setting;
use crate::error::Result;
use crate::imports::cells;
use crate::web::Fields;
use crate::web::form::FormState;
use view::SettingsPage;

/// Most promotion mails to one person within seven days.
const MOST_MAILS: i32 = 14;
/// The largest share that goes without, in hundredths of a per cent.
const MOST_HELD_OUT: i64 = 5_000;

/// The page; `form` where it was sent and refused.
///
/// # Errors
/// Whatever the database says.
pub async fn page(app: &App, who: &Admin, form: Option<FormState>) -> Result<SettingsPage> {
    let tx = app.db.read(&who.scope).await?;
    let kept = settings::load(&tx).await?;
    let stored = || {
        let share = percent(kept.holdout_share);
        let form = FormState::new()
            .value(
                "promotion_mails_a_week",
                kept.promotion_mails_a_week.to_string(),
            )
            .value("quiet_from", clock(kept.quiet_from))
            .value("quiet_until", clock(kept.quiet_until))
            .value("morning", clock(kept.morning))
            .value("holdout_share", share);
        if kept.counts_opens {
            form.value("counts_opens", "1")
        } else {
            form
        }
    };
    Ok(SettingsPage {
        form: form.unwrap_or_else(stored),
        changed_at: Some(kept.changed_at).filter(|at| *at > 0),
        zone: app.brand.row.time_zone.clone(),
    })
}

/// Hundredths of a per cent as people write them: `10`, `12.5`.
fn percent(share: i32) -> String {
    let (whole, rest) = (share.div_euclid(100), share.rem_euclid(100));
    match (rest, rest.rem_euclid(10)) {
        (0, _) => whole.to_string(),
        (rest, 0) => format!("{whole}.{}", rest.div_euclid(10)),
        (rest, _) => format!("{whole}.{rest:02}"),
    }
}

/// Minutes after midnight as a clock shows them.
fn clock(minute: i32) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

/// What a clock shows as minutes after midnight.
fn minutes(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let part = |text: &str, most: i32| {
        let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let part: i32 = text.parse().ok().filter(|_| digits)?;
        (part <= most).then_some(part)
    };
    Some(part(hours, 23)? * 60 + part(minutes, 59)?)
}

fn read(
    fields: &Fields,
    kept: &message_setting::Model,
) -> Result<message_setting::Model, FormState> {
    let mut form = fields.form();
    let mails = fields.text("promotion_mails_a_week").parse::<i32>().ok();
    let mails = mails.filter(|mails| (0..=MOST_MAILS).contains(mails));
    if mails.is_none() {
        form.refuse_with(
            "promotion_mails_a_week",
            "error-mails-a-week",
            "most",
            i64::from(MOST_MAILS),
        );
    }
    let mut time = |name: &'static str| {
        let minute = minutes(fields.text(name));
        if minute.is_none() {
            form.refuse_key(name, "error-clock");
        }
        minute.unwrap_or_default()
    };
    let (quiet_from, quiet_until, morning) =
        (time("quiet_from"), time("quiet_until"), time("morning"));
    let share = fields
        .text("holdout_share")
        .trim_end_matches('%')
        .trim_end();
    let share = cells::decimal(share, cells::BASIS_POINTS).ok();
    let share = share.filter(|share| (0..=MOST_HELD_OUT).contains(share));
    if share.is_none() {
        form.refuse_with(
            "holdout_share",
            "error-holdout-share",
            "most",
            MOST_HELD_OUT / 100,
        );
    }
    let read = message_setting::Model {
        promotion_mails_a_week: mails.unwrap_or_default(),
        quiet_from,
        quiet_until,
        morning,
        counts_opens: fields.has("counts_opens"),
        holdout_share: share
            .and_then(|share| i32::try_from(share).ok())
            .unwrap_or_default(),
        ..kept.clone()
    };
    // What is meant for the morning would wait for the end of the quiet hours.
    if form.is_valid() && settings::is_quiet_minute(&read, morning) {
        form.refuse_key("morning", "error-morning-quiet");
    }
    if form.is_valid() { Ok(read) } else { Err(form) }
}

/// Keeps the settings, noted with what they were.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn save(app: &App, who: &Admin, fields: &Fields) -> Result<()> {
    let now = app.clock.millis();
    let tx = app.db.begin(&who.scope).await?;
    let before = settings::load(&tx).await?;
    let after = read(fields, &before)?;
    if before == after {
        return Ok(());
    }
    tx.update(message_setting::ActiveModel {
        id: Set(after.id),
        promotion_mails_a_week: Set(after.promotion_mails_a_week),
        quiet_from: Set(after.quiet_from),
        quiet_until: Set(after.quiet_until),
        morning: Set(after.morning),
        counts_opens: Set(after.counts_opens),
        holdout_share: Set(after.holdout_share),
        changed_at: Set(now),
    })
    .await?;
    let (was, is) = (facts(&before), facts(&after));
    let action = "message settings changed";
    audit::note(&tx, now, action, "messages", None, Some(was), Some(is)).await?;
    tx.commit().await
}

fn facts(row: &message_setting::Model) -> Value {
    json!({
        "promotion_mails_a_week": row.promotion_mails_a_week,
        "quiet_from": clock(row.quiet_from),
        "quiet_until": clock(row.quiet_until),
        "morning": clock(row.morning),
        "counts_opens": row.counts_opens,
        "holdout_share_percent": percent(row.holdout_share),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_read_as_it_is_written() {
        for minute in [0, 390, 1_140, 1_439] {
            assert_eq!(minutes(&clock(minute)), Some(minute));
        }
        assert_eq!((minutes("7:05"), clock(425)), (Some(425), "07:05".into()));
        for text in [
            "", "7", "24:00", "07:60", "07:5x", "-1:00", "+1:00", "007:00",
        ] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_written_without_needless_digits() {
        let written = [0, 1_000, 1_250, 1_205, 5_000].map(percent);
        assert_eq!(written, ["0", "10", "12.5", "12.05", "50"]);
    }
}
