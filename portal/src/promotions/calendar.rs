//! Half a year of promotions, a lane each, in weeks.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::{LocalDate, Period};

use super::life::Stand;
use super::plan::concerning;
use super::view::{CalendarView, Lane, MonthHead};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::promotion;
use crate::db::words::PromotionState;
use crate::error::Result;

/// Weeks that are drawn.
const WEEKS: i64 = 26;
/// Of them, how many before the current one.
const BEFORE: i64 = 6;
/// Lanes that are drawn.
const LANES: u64 = 24;

/// The calendar around today. What was cancelled never ran and is not drawn.
///
/// # Errors
/// Whatever the database says.
pub async fn around(tx: &Tx, app: &App) -> Result<CalendarView> {
    use promotion::Column as P;
    let today = app.today();
    let first = monday(today).checked_sub((BEFORE * 7).days())?;
    let end = first.checked_add((WEEKS * 7).days())?;
    let condition = concerning(tx.scope()).add(P::State.ne(PromotionState::Cancelled));
    let in_sight = sea_orm::Condition::all()
        .add(condition)
        .add(P::ValidFrom.lt(LocalDate(end)))
        .add(P::ValidUntil.gt(LocalDate(first)))
        .add(P::State.ne(PromotionState::Cancelled));
    let total = tx
        .count::<promotion::Entity>(|all| all.filter(in_sight.clone()))
        .await?;
    let rows = tx
        .all::<promotion::Entity>(|all| {
            all.filter(in_sight)
                .order_by_asc(P::ValidFrom)
                .order_by_asc(P::ValidUntil)
                .order_by_asc(P::Code)
                .limit(LANES)
        })
        .await?;
    let mut lanes = Vec::with_capacity(rows.len());
    for row in rows {
        let validity = Period::stored(row.valid_from, row.valid_until);
        let (from_week, weeks) = span(first, &validity)?;
        lanes.push(Lane {
            id: row.id.to_string(),
            name: row.name,
            state: Stand::on(row.state, &validity, today).name().to_owned(),
            from_week,
            weeks,
            valid_from: validity.from.to_string(),
            valid_last: validity.last_day().map(|day| day.to_string()),
        });
    }
    Ok(CalendarView {
        months: months(first)?,
        more: i64::try_from(total)? - i64::try_from(lanes.len())?,
        lanes,
        today_week: BEFORE + 1,
    })
}

fn monday(date: Date) -> Date {
    let since = i64::from(date.weekday().to_monday_zero_offset());
    date.saturating_sub(since.days())
}

/// The first column of a period and how many it covers, within what is drawn.
fn span(first: Date, validity: &Period) -> Result<(i64, i64)> {
    let week = |date: Date| -> Result<i64> {
        let days = first.until((Unit::Day, date))?.get_days();
        Ok(i64::from(days).div_euclid(7))
    };
    let from = week(validity.from)?.clamp(0, WEEKS - 1);
    let last = match validity.last_day() {
        Some(last) => week(last)?.clamp(from, WEEKS - 1),
        None => WEEKS - 1,
    };
    Ok((from + 1, last - from + 1))
}

/// Each month over the weeks whose Thursday it holds, as weeks are counted everywhere.
fn months(first: Date) -> Result<Vec<MonthHead>> {
    let mut heads: Vec<MonthHead> = Vec::new();
    for week in 0..WEEKS {
        let thursday = first.checked_add((week * 7 + 3).days())?;
        let (month, year) = (i64::from(thursday.month()), i64::from(thursday.year()));
        match heads.last_mut() {
            Some(head) if head.month == month => head.weeks += 1,
            _ => heads.push(MonthHead {
                month,
                year,
                from_week: week + 1,
                weeks: 1,
            }),
        }
    }
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_promotion_covers_the_weeks_it_touches() {
        let first = day("2026-10-12");
        let period = |from: &str, until: &str| Period::new(day(from), Some(day(until)));
        assert_eq!(
            span(first, &period("2026-10-12", "2026-10-19")).unwrap(),
            (1, 1)
        );
        assert_eq!(
            span(first, &period("2026-10-18", "2026-10-20")).unwrap(),
            (1, 2)
        );
        assert_eq!(
            span(first, &period("2026-01-01", "2026-10-13")).unwrap(),
            (1, 1)
        );
        assert_eq!(
            span(first, &period("2026-11-02", "2028-01-01")).unwrap(),
            (4, 23)
        );
    }

    #[test]
    fn months_cover_every_week_once() {
        let heads = months(day("2026-10-12")).unwrap();
        assert_eq!(heads.iter().map(|head| head.weeks).sum::<i64>(), WEEKS);
        assert_eq!(
            heads.first().map(|head| (head.month, head.weeks)),
            Some((10, 3))
        );
    }
}
