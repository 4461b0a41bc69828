//! What a person of an account may order in a period, and how much of it is used.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Value, json};
use trade::approval::Budget;
use trade::calendar::LocalDate;
use trade::id::{AccountId, UserId};
use trade::money::{Currency, Money};
use trade::order::OrderState;

use super::deciders::{self, House};
use super::rules;
use crate::app::App;
use crate::audit;
use crate::auth::AccountAdmin;
use crate::db::Tx;
use crate::db::entity::{account, user, user_budget};
use crate::db::words::BudgetPeriod;
use crate::error::Result;
use crate::web::Fields;

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
    let Some(budget) = of(tx, account.id, person).await? else {
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

/// A person's budget in an account; none where they have none.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, account: AccountId, person: UserId) -> Result<Option<user_budget::Model>> {
    tx.one::<user_budget::Entity>(|budgets| {
        budgets
            .filter(user_budget::Column::UserId.eq(person))
            .filter(user_budget::Column::AccountId.eq(account))
    })
    .await
}

/// Sets a person's budget. The caller commits.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn set(tx: &Tx, app: &App, who: &AccountAdmin, fields: &Fields) -> Result<String> {
    let mut house = House::lock(tx, who.account.id).await?;
    let mut form = fields.form();
    let person = fields.text("user").parse::<UserId>().ok();
    let person = person.and_then(|id| house.people.iter().find(|user| user.id == id).cloned());
    if person.is_none() {
        form.refuse_key("user", "error-choice");
    }
    let period = fields.text("period").parse::<BudgetPeriod>().ok();
    if period.is_none() {
        form.refuse_key("period", "error-choice");
    }
    let limit = rules::amount(&mut form, fields, "limit", who.account.currency);
    let (Some(person), Some(period), Some(limit)) = (person, period, limit) else {
        return Err(form.into());
    };
    let now = app.clock.millis();
    let budget = user_budget::Model {
        user_id: person.id,
        account_id: who.account.id,
        period,
        limit_minor: limit.minor,
        updated_at: now,
    };
    let is_own = |other: &user_budget::Model| other.user_id == person.id;
    let at = house.budgets.iter().position(is_own);
    let before = at.map(|at| house.budgets.swap_remove(at));
    house.budgets.push(budget.clone());
    let stranded = house.stranded();
    if stranded.contains(&person.id) {
        form.refuse("user", deciders::nobody_decides(&house, &[person.id]));
        return Err(form.into());
    }
    let after = facts(&budget, who.account.currency);
    let before = before.map(|before| facts(&before, who.account.currency));
    // A person's row stands under another account only where a person changed companies; a file
    // may not do that, and no page does.
    tx.delete::<user_budget::Entity>(|rows| rows.filter(user_budget::Column::UserId.eq(person.id)))
        .await?;
    tx.insert(user_budget::ActiveModel::from(budget)).await?;
    note(tx, now, "budget set", &person, before, Some(after)).await?;
    Ok(person.name)
}

/// Takes a person's budget away. The caller commits.
///
/// # Errors
/// `NotFound` for another account's; whatever the database says.
pub async fn remove(tx: &Tx, app: &App, who: &AccountAdmin, person: UserId) -> Result<String> {
    let budget = tx.get::<user_budget::Entity>(person).await?;
    let person = tx.get::<user::Entity>(person).await?;
    tx.delete::<user_budget::Entity>(|rows| rows.filter(user_budget::Column::UserId.eq(person.id)))
        .await?;
    let before = facts(&budget, who.account.currency);
    let now = app.clock.millis();
    note(tx, now, "budget removed", &person, Some(before), None).await?;
    Ok(person.name)
}

fn facts(budget: &user_budget::Model, currency: Currency) -> Value {
    let limit = Money::new(budget.limit_minor, currency).to_string();
    json!({"period": budget.period, "limit": limit})
}

async fn note(
    tx: &Tx,
    now: i64,
    action: &str,
    person: &user::Model,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let subject = format!("user {}", person.email);
    audit::note(tx, now, action, &subject, person.account_id, before, after).await
}

/// What each person has used of the period around today, in minor units: one query, whatever
/// their periods.
///
/// # Errors
/// Whatever the database says.
pub async fn used_by_all(tx: &Tx, app: &App, account: AccountId) -> Result<HashMap<UserId, i64>> {
    let today = app.today();
    let (month, month_until) = around(BudgetPeriod::Month, today)?;
    let (quarter, quarter_until) = around(BudgetPeriod::Quarter, today)?;
    let (year, year_until) = around(BudgetPeriod::Year, today)?;
    let sql = "SELECT b.user_id, CAST(coalesce(sum(o.net_minor), 0) AS bigint) AS used \
               FROM user_budgets b LEFT JOIN orders o ON o.placed_by_id = b.user_id \
               AND o.account_id = b.account_id \
               AND o.placed_on >= CASE b.period WHEN 'month' THEN $2 WHEN 'quarter' THEN $3 ELSE $4 END \
               AND o.placed_on < CASE b.period WHEN 'month' THEN $5 WHEN 'quarter' THEN $6 ELSE $7 END \
               AND o.state NOT IN ('cancelled', 'rejected', 'expired') \
               WHERE b.account_id = $1 GROUP BY b.user_id";
    let days = [month, quarter, year, month_until, quarter_until, year_until];
    let binds = std::iter::once(account.into());
    let binds = binds.chain(days.map(|day| LocalDate(day).into()));
    let mut used = HashMap::new();
    for row in tx.rows(sql, binds).await? {
        used.insert(row.try_get("", "user_id")?, row.try_get("", "used")?);
    }
    Ok(used)
}

/// Net of what a person has ordered from `from` until the day before `until`.
///
/// # Errors
/// Whatever the database says.
pub async fn used(
    tx: &Tx,
    account: AccountId,
    person: UserId,
    from: Date,
    until: Date,
) -> Result<i64> {
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
