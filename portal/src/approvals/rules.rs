//! The rules of an account: reading, adding, taking away.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use trade::approval::{MOST_STEPS, steps};
use trade::id::{AccountId, ApprovalRuleId, CategoryId};
use trade::money::{Currency, Money};
use uuid::Uuid;

use super::deciders::{self, House};
use crate::app::App;
use crate::audit;
use crate::auth::AccountAdmin;
use crate::db::Tx;
use crate::db::entity::approval_rule;
use crate::db::words::ApprovalRuleKind;
use crate::error::{Error, Result};
use crate::imports::cells;
use crate::web::Fields;
use crate::web::form::FormState;

/// More rules than anybody can oversee.
const MOST_RULES: usize = 20;
/// The most levels, as the table has it.
pub const LEVELS: i32 = 3;

/// The rules of an account, by level.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, account: AccountId) -> Result<Vec<approval_rule::Model>> {
    tx.all::<approval_rule::Entity>(|rules| {
        rules
            .filter(approval_rule::Column::AccountId.eq(account))
            .order_by_asc(approval_rule::Column::Level)
            .order_by_asc(approval_rule::Column::CreatedAt)
            .order_by_asc(approval_rule::Column::Id)
    })
    .await
}

/// Adds the rule a form describes. The caller commits.
///
/// # Errors
/// `Invalid` with what is wrong at which field; whatever the database says.
pub async fn add(tx: &Tx, app: &App, who: &AccountAdmin, fields: &Fields) -> Result<()> {
    let mut house = House::lock(tx, who.account.id).await?;
    let mut form = fields.form();
    let asked = asked(tx, app, who, fields, &mut form).await?;
    let approver_id = named(&house, fields, &mut form);
    let level = fields.text("level").parse::<i32>().ok();
    let level = level.filter(|level| (1..=LEVELS).contains(level));
    if level.is_none() {
        form.refuse_key("level", "error-choice");
    }
    let (Some((kind, threshold_minor, category_id)), Some(level), true) =
        (asked, level, form.is_valid())
    else {
        return Err(form.into());
    };
    let now = app.clock.millis();
    let rule = approval_rule::Model {
        id: ApprovalRuleId(Uuid::now_v7()),
        account_id: who.account.id,
        kind,
        threshold_minor,
        category_id,
        level,
        approver_id,
        created_at: now,
    };
    let says = |rule: &approval_rule::Model| {
        let asks = (rule.kind, rule.threshold_minor, rule.category_id);
        (asks, rule.level, rule.approver_id)
    };
    if house.rules.iter().any(|other| says(other) == says(&rule)) {
        form.refuse_key("kind", "rule-is-there");
        return Err(form.into());
    }
    house.rules.push(rule.clone());
    let currency = who.account.currency;
    let pure: Vec<_> = house
        .rules
        .iter()
        .filter_map(|rule| super::pure(rule, currency))
        .collect();
    if house.rules.len() > MOST_RULES || steps(&pure) > MOST_STEPS {
        form.refuse_key("", "rules-too-many");
        return Err(form.into());
    }
    let stranded = house.stranded();
    if !stranded.is_empty() {
        form.refuse("approver", deciders::nobody_decides(&house, &stranded));
        return Err(form.into());
    }
    let after = facts(&house, &rule, currency);
    tx.insert(approval_rule::ActiveModel::from(rule)).await?;
    let subject = format!("account {}", who.account.number);
    audit::note(
        tx,
        now,
        "approval rule added",
        &subject,
        Some(who.account.id),
        None,
        Some(after),
    )
    .await
}

type Asked = (ApprovalRuleKind, Option<i64>, Option<CategoryId>);

/// What the rule looks at, or what is wrong with it.
async fn asked(
    tx: &Tx,
    app: &App,
    who: &AccountAdmin,
    fields: &Fields,
    form: &mut FormState,
) -> Result<Option<Asked>> {
    let Ok(kind) = fields.text("kind").parse::<ApprovalRuleKind>() else {
        form.refuse_key("kind", "error-choice");
        return Ok(None);
    };
    let above = match kind {
        ApprovalRuleKind::Total | ApprovalRuleKind::Category => true,
        ApprovalRuleKind::OffList | ApprovalRuleKind::NewShipTo | ApprovalRuleKind::Budget => false,
    };
    let threshold = above
        .then(|| amount(form, fields, "threshold", who.account.currency))
        .flatten();
    let mut category = None;
    if kind == ApprovalRuleKind::Category {
        let reference = app.reference.get(tx).await?;
        category = fields.text("category").parse::<CategoryId>().ok();
        category = category.filter(|id| reference.categories.contains_key(id));
        if category.is_none() {
            form.refuse_key("category", "error-choice");
        }
    }
    Ok(Some((
        kind,
        threshold.map(|threshold| threshold.minor),
        category,
    )))
}

/// The person a rule names; they must be able to decide.
fn named(house: &House, fields: &Fields, form: &mut FormState) -> Option<trade::id::UserId> {
    let text = fields.text("approver");
    if text.is_empty() {
        return None;
    }
    let found = text.parse().ok();
    let found = found.filter(|id| house.deciders().any(|user| user.id == *id));
    if found.is_none() {
        form.refuse_key("approver", "error-choice");
    }
    found
}

/// An amount as a person types it, not below zero. "1.500" is fifteen hundred to one reader and
/// one fifty to another: it is asked again.
pub(super) fn amount(
    form: &mut FormState,
    fields: &Fields,
    field: &str,
    currency: Currency,
) -> Option<Money> {
    let text = fields.text(field);
    if text.is_empty() {
        form.refuse_key(field, "error-required");
        return None;
    }
    let mut marks = text.match_indices(['.', ',']);
    let ambiguous = match (marks.next(), marks.next()) {
        (Some((at, _)), None) => text.len() - at == 4,
        _ => false,
    };
    if ambiguous {
        form.refuse_key(field, "amount-ambiguous");
        return None;
    }
    let minor = cells::decimal(text, currency.decimals()).ok();
    let minor = minor.filter(|minor| *minor >= 0);
    if minor.is_none() {
        form.refuse_key(field, "error-amount");
    }
    minor.map(|minor| Money::new(minor, currency))
}

/// Takes a rule away. The caller commits.
///
/// # Errors
/// `NotFound` for another account's; whatever the database says.
pub async fn remove(tx: &Tx, app: &App, who: &AccountAdmin, id: ApprovalRuleId) -> Result<()> {
    let house = House::lock(tx, who.account.id).await?;
    let rule = house.rules.iter().find(|rule| rule.id == id);
    let before = facts(&house, rule.ok_or(Error::NotFound)?, who.account.currency);
    tx.delete::<approval_rule::Entity>(|rules| {
        rules
            .filter(approval_rule::Column::Id.eq(id))
            .filter(approval_rule::Column::AccountId.eq(who.account.id))
    })
    .await?;
    let subject = format!("account {}", who.account.number);
    audit::note(
        tx,
        app.clock.millis(),
        "approval rule removed",
        &subject,
        Some(who.account.id),
        Some(before),
        None,
    )
    .await
}

fn facts(house: &House, rule: &approval_rule::Model, currency: Currency) -> Value {
    json!({
        "kind": rule.kind,
        "threshold": rule.threshold_minor.map(|minor| Money::new(minor, currency).to_string()),
        "category": rule.category_id,
        "level": rule.level,
        "approver": rule.approver_id.and_then(|id| house.name(id)),
    })
}
