//! An account's rules and budgets as its company page shows them.

use trade::id::AccountId;
use trade::money::{Currency, Money};

use super::budgets;
use super::deciders::House;
use super::view::{BudgetRow, CompanyApprovals, RuleRow};
use crate::app::App;
use crate::auth::Buyer;
use crate::catalogue::Reference;
use crate::db::Tx;
use crate::db::entity::{approval_rule, user_budget};
use crate::db::words::{ApprovalRuleKind, BudgetPeriod};
use crate::error::Result;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message};

/// The rules and budgets of the caller's account, with the forms as they were typed. A buyer sees
/// their own budget alone.
///
/// # Errors
/// Whatever the database says.
pub async fn section(
    tx: &Tx,
    app: &App,
    who: &Buyer,
    rule_form: FormState,
    budget_form: FormState,
) -> Result<CompanyApprovals> {
    let house = House::read(tx, who.account.id).await?;
    let reference = app.reference.get(tx).await?;
    let currency = who.account.currency;
    let asked = |kind: ApprovalRuleKind| house.rules.iter().any(|rule| rule.kind == kind);
    let faults = rule_form.errors.iter().chain(&budget_form.errors);
    let needs_decider = faults
        .map(|error| error.message.key.as_str())
        .any(|key| key.starts_with("approval-nobody"));
    let choice = |name: &str| Choice::new(name, "", false);
    let person = |user: &crate::db::entity::user::Model| {
        Choice::new(&user.id.to_string(), &user.name, false)
    };
    let categories = reference.category_order.iter().filter_map(|id| {
        let path = &reference.categories.get(id)?.row.path;
        Some(Choice::new(&id.to_string(), path, false))
    });
    Ok(CompanyApprovals {
        rules: house
            .rules
            .iter()
            .map(|rule| row(rule, &house, &reference, currency))
            .collect(),
        kinds: ApprovalRuleKind::ALL
            .iter()
            .map(|kind| choice(kind.name()))
            .collect(),
        categories: categories.collect(),
        levels: (1..=super::rules::LEVELS)
            .map(|level| choice(&level.to_string()))
            .collect(),
        approvers: house.deciders().map(person).collect(),
        budgets: budget_rows(tx, app, who, &house).await?,
        people: house.people.iter().map(person).collect(),
        periods: BudgetPeriod::ALL
            .iter()
            .map(|period| choice(period.name()))
            .collect(),
        currency: currency.code().to_owned(),
        needs_decider,
        budgets_unasked: !house.budgets.is_empty() && !asked(ApprovalRuleKind::Budget),
        rule_form,
        budget_form,
    })
}

fn row(
    rule: &approval_rule::Model,
    house: &House,
    reference: &Reference,
    currency: Currency,
) -> RuleRow {
    let mut asks = Message::new(format!("rule-{}", rule.kind.name()));
    if let Some(minor) = rule.threshold_minor {
        asks = asks.with("threshold", Money::new(minor, currency));
    }
    if let Some(id) = rule.category_id {
        let found = reference.categories.get(&id);
        let path = found.map_or_else(String::new, |found| found.row.path.clone());
        asks = asks.with("category", path);
    }
    RuleRow {
        id: rule.id.to_string(),
        level: rule.level.into(),
        asks,
        approver: rule
            .approver_id
            .and_then(|id| house.name(id))
            .map(str::to_owned),
    }
}

async fn budget_rows(tx: &Tx, app: &App, who: &Buyer, house: &House) -> Result<Vec<BudgetRow>> {
    if house.budgets.is_empty() {
        return Ok(Vec::new());
    }
    let sees_all = who.is_staff() || super::deciders::decides(who.session.role);
    let used = budgets::used_by_all(tx, app, who.account.id).await?;
    let mut rows = Vec::new();
    // By name, as the people are.
    for user in &house.people {
        let budget = house.budgets.iter().find(|one| one.user_id == user.id);
        if let Some(budget) = budget
            && (sees_all || user.id == who.session.user_id)
        {
            let used = used.get(&user.id).copied().unwrap_or(0);
            rows.push(budget_row(
                app,
                budget,
                &user.name,
                used,
                who.account.currency,
            )?);
        }
    }
    Ok(rows)
}

/// A budget with what is used of it today.
///
/// # Errors
/// Beyond the calendar's end.
pub fn budget_row(
    app: &App,
    budget: &user_budget::Model,
    name: &str,
    used: i64,
    currency: Currency,
) -> Result<BudgetRow> {
    let (_, until) = budgets::around(budget.period, app.today())?;
    let left = budget.limit_minor.saturating_sub(used);
    Ok(BudgetRow {
        user_id: budget.user_id.to_string(),
        name: name.to_owned(),
        period: budget.period.name().to_owned(),
        limit: Money::new(budget.limit_minor, currency),
        used: Money::new(used, currency),
        left: (left >= 0).then(|| Money::new(left, currency)),
        most: budget.limit_minor / 5 * 4,
        last_day: until.yesterday()?.to_string(),
    })
}

/// The budget of the one who placed an order, as it stands today; none where they have none.
///
/// # Errors
/// Whatever the database says.
pub async fn budget_of(
    tx: &Tx,
    app: &App,
    account: AccountId,
    currency: Currency,
    person: trade::id::UserId,
    name: &str,
) -> Result<Option<BudgetRow>> {
    let budget = budgets::of(tx, account, person).await?;
    let Some(budget) = budget else {
        return Ok(None);
    };
    let (from, until) = budgets::around(budget.period, app.today())?;
    let used = budgets::used(tx, account, person, from, until).await?;
    budget_row(app, &budget, name, used, currency).map(Some)
}
