//! Writing a promotion down, rewriting it while it is a draft, and copying one.

use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use trade::calendar::Period;
use trade::id::PromotionId;
use uuid::Uuid;

use super::changed;
use super::life::{may_write, no_draft};
use super::plan::{self, Plan, Reach, Stored};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::promotion;
use crate::db::scope;
use crate::db::words::PromotionState;
use crate::error::{Error, Result};

/// Keeps a new draft.
///
/// # Errors
/// Whatever the database says.
pub async fn create(tx: &Tx, now: i64, plan: &Plan) -> Result<PromotionId> {
    let id = PromotionId(Uuid::now_v7());
    plan::insert(tx, now, id, plan, &mut Uuid::now_v7).await?;
    note(tx, now, "promotion created", plan, None).await?;
    changed(tx).await?;
    Ok(id)
}

/// The draft that is to be rewritten, if it is one and the caller's to rewrite.
///
/// # Errors
/// Refused where it is no draft any more, `Forbidden` where it is somebody else's.
pub async fn open(tx: &Tx, app: &App, id: PromotionId) -> Result<Stored> {
    let stored = plan::find(tx, id).await?;
    if stored.row.state != PromotionState::Draft {
        return Err(no_draft(&stored, app.today()).into());
    }
    if !may_write(tx.scope(), &stored.row) {
        return Err(Error::Forbidden);
    }
    Ok(stored)
}

/// Rewrites a draft that was opened.
///
/// # Errors
/// Refused where it is no draft any more.
pub async fn save(tx: &Tx, app: &App, now: i64, before: &Stored, plan: &Plan) -> Result<()> {
    if !plan::rewrite(tx, now, before.row.id, plan).await? {
        return Err(no_draft(before, app.today()).into());
    }
    note(tx, now, "promotion changed", plan, Some(&before.plan)).await?;
    changed(tx).await
}

/// A new draft like another promotion, from today on for as long. A KAM's copy reaches of its
/// accounts those that are theirs.
///
/// # Errors
/// `NotFound`.
pub async fn copy(tx: &Tx, app: &App, now: i64, id: PromotionId) -> Result<PromotionId> {
    let stored = plan::find(tx, id).await?;
    let mut plan = stored.plan;
    plan.code = free_code(tx, &plan.code).await?;
    plan.note = String::new();
    if plan.validity.from < app.today() {
        let days = plan
            .validity
            .until
            .map(|until| plan.validity.from.until(until))
            .transpose()?;
        let from = app.today();
        let until = days.map(|days| from.checked_add(days)).transpose()?;
        plan.validity = Period::new(from, until);
    }
    if let scope::Reach::Portfolio(_) = tx.scope().reach {
        let own = super::audience::own(tx, &plan.reach.accounts).await?;
        plan.reach = Reach {
            accounts: own,
            ..Reach::default()
        };
    }
    create(tx, now, &plan).await
}

/// The code with the first number that nobody has.
async fn free_code(tx: &Tx, code: &str) -> Result<String> {
    let stem: String = code.chars().take(35).collect();
    let taken = tx
        .all::<promotion::Entity>(|all| {
            all.filter(promotion::Column::Code.starts_with(format!("{stem}-")))
        })
        .await?;
    let free = (2..10_000)
        .map(|number| format!("{stem}-{number}"))
        .find(|code| taken.iter().all(|row| row.code != *code));
    Ok(free.unwrap_or_else(|| Uuid::now_v7().simple().to_string()))
}

async fn note(tx: &Tx, now: i64, action: &str, plan: &Plan, before: Option<&Plan>) -> Result<()> {
    let before = before.map(serde_json::to_value).transpose()?;
    let subject = format!("promotion {}", plan.code);
    let after = Some(json!(plan));
    audit::note(tx, now, action, &subject, None, before, after).await
}
