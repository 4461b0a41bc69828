//! What suggestions do, in a trial or at any time: what the two arms ordered with how sure that is,
//! and what became of what was shown.

mod counted;
mod figures;
pub mod view;
pub mod web;

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::UserId;
use uuid::Uuid;

use super::effect;
use super::trial;
use crate::app::App;
use crate::catalogue::padded;
use crate::clock::zoned;
use crate::db::Tx;
use crate::db::entity::{suggestion_trial, user};
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::{Message, Query};
use view::{ReportPage, TrialRow};

/// Without a trial, the last so many days are reported.
const DAYS: i64 = 28;
/// The longest period.
const MOST_DAYS: i32 = 366;

/// Whole local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    from_millis: i64,
    until_millis: i64,
}

impl Span {
    fn of(app: &App, from: Date, to: Date) -> Result<Span> {
        let begin = |day: Date| -> Result<i64> {
            let zoned = day.to_zoned_datetime(app.brand.zone.clone())?;
            Ok(zoned.timestamp().as_millisecond())
        };
        Ok(Span {
            from,
            to,
            from_millis: begin(from)?,
            until_millis: begin(to.checked_add(1.days())?)?,
        })
    }

    /// How many of the days lie on or after `day`.
    fn days_from(&self, day: Date) -> u32 {
        let first = Ord::max(day, self.from);
        let days = first.until(self.to).map_or(-1, |span| span.get_days());
        u32::try_from(days + 1).unwrap_or(0)
    }
}

/// What was asked for, as typed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    trial: String,
    from: String,
    to: String,
}

impl Asked {
    /// Of a page's address.
    #[must_use]
    pub fn of(query: &mut Query) -> Asked {
        let mut take = |name: &str| query.remove(name).unwrap_or_default().trim().to_owned();
        Asked {
            trial: take("trial"),
            from: take("from"),
            to: take("to"),
        }
    }

    /// The trial and the days that are meant; what is wrong stays in the form.
    fn read(
        &self,
        app: &App,
        trials: &[suggestion_trial::Model],
    ) -> (Option<suggestion_trial::Model>, Date, Date, FormState) {
        let mut form = FormState::new();
        for (name, value) in [("from", &self.from), ("to", &self.to)] {
            if !value.is_empty() {
                form = form.value(name, value.clone());
            }
        }
        let running = trials.iter().find(|one| one.state == "running");
        let chosen = match self.trial.parse::<Uuid>() {
            Ok(id) => {
                let found = trials.iter().find(|one| one.id == id);
                if found.is_none() {
                    form.refuse_key("trial", "trial-unknown");
                }
                found
            }
            Err(_) if self.trial.is_empty() => running.or_else(|| trials.first()),
            Err(_) => {
                form.refuse_key("trial", "trial-unknown");
                None
            }
        };
        let today = app.today();
        let usual = usual(app, chosen);
        let mut day = |name: &str, text: &str, usual: Date| {
            if text.is_empty() {
                return usual;
            }
            text.parse::<Date>()
                .ok()
                .filter(|day| (2000..=9000).contains(&day.year()))
                .unwrap_or_else(|| {
                    form.refuse_key(name, "error-date");
                    usual
                })
        };
        let from = day("from", &self.from, usual.0);
        let to = Ord::min(day("to", &self.to, Ord::max(usual.1, from)), today);
        if from > to {
            form.refuse_key("to", "period-order");
        } else if from
            .until(to)
            .is_ok_and(|span| span.get_days() >= MOST_DAYS)
        {
            form.refuse_with("to", "period-length", "days", i64::from(MOST_DAYS));
        }
        if form.is_valid() {
            return (chosen.cloned(), from, to, form);
        }
        (chosen.cloned(), usual.0, usual.1, form)
    }
}

/// The trial's days so far, or the last four weeks.
fn usual(app: &App, of: Option<&suggestion_trial::Model>) -> (Date, Date) {
    let today = app.today();
    let Some(of) = of else {
        return (today.saturating_sub((DAYS - 1).days()), today);
    };
    let last = of
        .ended_at
        .map_or(today, |at| zoned(at, &app.brand.zone).date());
    let first = Ord::max(
        of.started_on.0,
        last.saturating_sub((i64::from(MOST_DAYS) - 1).days()),
    );
    (first, last)
}

/// The page, and whether what was asked for could be read.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    app: &App,
    asked: &Asked,
    can_set: bool,
    form: Option<FormState>,
) -> Result<(ReportPage, bool)> {
    let trials = trial::history(tx).await?;
    let (chosen, from, to, period) = asked.read(app, &trials);
    let is_valid = period.is_valid();
    let span = Span::of(app, from, to)?;
    let (accounts, foreign_orders) = counted::accounts(tx, app, &span, chosen.as_ref()).await?;
    let funnel = counted::funnel(tx, &span, chosen.as_ref()).await?;
    let seed = chosen.as_ref().map_or(0, |of| of.salt.unsigned_abs());
    let reckoned = actix_web::web::block(move || effect::of(&accounts, seed));
    let effect = reckoned
        .await
        .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
    let names = people(tx, &trials).await?;
    let row = |of: &suggestion_trial::Model| TrialRow {
        id: of.id.to_string(),
        running: of.state == "running",
        share_bp: of.control_share.into(),
        started_at: of.started_at,
        ended_at: of.ended_at,
        by: of.by_user_id.and_then(|id| names.get(&id).cloned()),
    };
    let has_control = chosen.as_ref().is_some_and(|of| of.control_share > 0);
    let currency = app.brand.currency;
    let page = ReportPage {
        can_set,
        form: form.unwrap_or_else(|| FormState::new().value("share", "10")),
        period: with_days(period, from, to),
        running: trials.iter().any(|of| of.state == "running"),
        trials: trials.iter().map(row).collect(),
        chosen: chosen.as_ref().map(row),
        from: from.to_string(),
        to: to.to_string(),
        conclusion: if has_control {
            figures::conclusion(&effect)
        } else {
            Vec::new()
        },
        has_control,
        with: figures::head(&effect.suggestions, currency),
        without: figures::head(&effect.control, currency),
        metrics: figures::metrics(&effect, currency),
        forest: figures::forest(&effect).filter(|_| has_control),
        foreign_orders,
        lines: funnel.lines,
        funnel: funnel.lists,
        surfaces: funnel.surfaces,
    };
    Ok((page, is_valid))
}

/// The days that are shown stand in the form, where nothing else was typed.
fn with_days(mut form: FormState, from: Date, to: Date) -> FormState {
    for (name, day) in [("from", from), ("to", to)] {
        let typed = form.values.entry(name.to_owned());
        typed.or_insert_with(|| day.to_string());
    }
    form
}

async fn people(tx: &Tx, trials: &[suggestion_trial::Model]) -> Result<HashMap<UserId, String>> {
    let ids: Vec<UserId> = trials.iter().filter_map(|of| of.by_user_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = tx
        .all::<user::Entity>(|all| all.filter(user::Column::Id.is_in(padded(&ids))))
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A share as people type it, "10" or "12,5", in hundredths of a per cent.
///
/// # Errors
/// What is wrong with it.
pub fn share(text: &str) -> Result<i32, Message> {
    let plain = text.trim().trim_end_matches('%').trim().replace(',', ".");
    let wrong = || Message::new("trial-share-range");
    let exact: trade::money::UnitPrice = plain.parse().map_err(|_| wrong())?;
    // Four decimals were read, two are kept.
    let share = i32::try_from(exact.0 / 100).map_err(|_| wrong())?;
    if exact.0 % 100 == 0 && (0..=trial::MOST).contains(&share) {
        Ok(share)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_share_is_read_as_people_type_it() {
        let read = |text: &str| share(text).ok();
        assert_eq!(read("10"), Some(1_000));
        assert_eq!(read(" 12,5 % "), Some(1_250));
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("50.00"), Some(5_000));
        for wrong in [
            "",
            "-1",
            "50.01",
            "100",
            "1e1",
            "ten",
            "9999999999999999999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_account_takes_part_from_the_day_it_joined() {
        let span = Span {
            from: date(2026, 3, 1),
            to: date(2026, 3, 28),
            from_millis: 0,
            until_millis: 0,
        };
        assert_eq!(span.days_from(date(2025, 1, 1)), 28);
        assert_eq!(span.days_from(date(2026, 3, 22)), 7);
        assert_eq!(span.days_from(date(2026, 3, 28)), 1);
        assert_eq!(span.days_from(date(2026, 4, 1)), 0);
    }
}
