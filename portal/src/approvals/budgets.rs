//! What a person of an account may order in a period, and how much of it is used.

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::approval::Budget;
use trade::calendar::LocalDate;
use trade::id::{AccountId, UserId};
use trade::money::Money;
use trade::order::OrderState;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, user_budget};
use crate::db::words::BudgetPeriod;
use crate::error::Result;

/// Orders that use nothing up.
pub const CAME_TO_NOTHING: [OrderState; 3] = [
    OrderState::Cancelled,
    OrderState::Rejected,
    OrderState::Expired,
];

/// The first day of the period around `today`, and the first one after it.
///
/// # Errors
/// Beyond the calendar's end.
pub fn around(period: BudgetPeriod, today: Date) -> Result<(Date, Date)> {
    let (month, months) = match period {
        BudgetPeriod::Month => (today.month(), 1),
        BudgetPeriod::Quarter => ((today.month() - 1) / 3 * 3 + 1, 3),
        BudgetPeriod::Year => (1, 12),
    };
    let from = Date::new(today.year(), month, 1)?;
    Ok((from, from.checked_add(months.months())?))
}

/// How a person's budget stands today; none where they have none. What was ordered for them by
/// others, or by their programs, is not theirs.
///
/// # Errors
/// Whatever the database says.
pub async fn standing(
    tx: &Tx,
    app: &App,
    account: &account::Model,
    person: UserId,
) -> Result<Option<Budget>> {
    let budget = tx
        .one::<user_budget::Entity>(|budgets| {
            budgets
                .filter(user_budget::Column::UserId.eq(person))
                .filter(user_budget::Column::AccountId.eq(account.id))
        })
        .await?;
    let Some(budget) = budget else {
        return Ok(None);
    };
    let (from, until) = around(budget.period, app.today())?;
    let used = used(tx, account.id, person, from, until).await?;
    Ok(Some(Budget {
        from,
        limit: Money::new(budget.limit_minor, account.currency),
        used: Money::new(used, account.currency),
    }))
}

/// Net of what a person has ordered from `from` until the day before `until`.
async fn used(tx: &Tx, account: AccountId, person: UserId, from: Date, until: Date) -> Result<i64> {
    let sql = "SELECT CAST(coalesce(sum(net_minor), 0) AS bigint) AS used FROM orders \
               WHERE placed_by_id = $1 AND account_id = $2 AND placed_on >= $3 AND placed_on < $4 \
               AND state NOT IN ('cancelled', 'rejected', 'expired')";
    let rows = tx
        .rows(
            sql,
            [
                person.into(),
                account.into(),
                LocalDate(from).into(),
                LocalDate(until).into(),
            ],
        )
        .await?;
    Ok(match rows.first() {
        Some(row) => row.try_get("", "used")?,
        None => 0,
    })
}
