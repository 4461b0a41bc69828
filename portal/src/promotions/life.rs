//! The life of a promotion: draft, submitted, approved, running, ended, settled; or stopped, or
//! cancelled. Each step has its own people, and nobody approves what they submitted.

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter, Set, UpdateMany};
use serde_json::{Value, json};
use trade::calendar::Period;
use trade::id::PromotionId;

use super::audience;
use super::changed;
use super::plan::{self, Stored};
use crate::audit;
use crate::db::Tx;
use crate::db::entity::{fund, promotion, promotion_use};
use crate::db::scope::{self, Scope};
use crate::db::words::{PromotionState, Role, UseState};
use crate::error::{Error, Refusal, Result};
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::webhooks::kinds::Kind;
use crate::webhooks::{self, Happened};

/// Where a promotion stands, as people see it: as stored, and by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Being written.
    Draft,
    /// Waits for a second person.
    Submitted,
    /// Approved; its time has not come.
    Approved,
    /// In its time.
    Running,
    /// Its time is over.
    Ended,
    /// Ended by somebody before its time.
    Stopped,
    /// Accounted for.
    Settled,
    /// Never ran.
    Cancelled,
}

impl Stand {
    /// All of them, in the order of life.
    pub const ALL: [Stand; 8] = [
        Stand::Draft,
        Stand::Submitted,
        Stand::Approved,
        Stand::Running,
        Stand::Ended,
        Stand::Stopped,
        Stand::Settled,
        Stand::Cancelled,
    ];

    /// Where a stored promotion stands on a day.
    #[must_use]
    pub fn on(state: PromotionState, validity: &Period, today: Date) -> Stand {
        match state {
            PromotionState::Draft => Stand::Draft,
            PromotionState::Submitted => Stand::Submitted,
            PromotionState::Approved if today < validity.from => Stand::Approved,
            PromotionState::Approved if validity.contains(today) => Stand::Running,
            PromotionState::Approved => Stand::Ended,
            PromotionState::Stopped => Stand::Stopped,
            PromotionState::Settled => Stand::Settled,
            PromotionState::Cancelled => Stand::Cancelled,
        }
    }

    /// The word in addresses and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stand::Draft => "draft",
            Stand::Submitted => "submitted",
            Stand::Approved => "approved",
            Stand::Running => "running",
            Stand::Ended => "ended",
            Stand::Stopped => "stopped",
            Stand::Settled => "settled",
            Stand::Cancelled => "cancelled",
        }
    }
}

/// A step in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To be approved.
    Submit,
    /// Back to the one who submitted it, by themselves.
    Withdraw,
    /// By a second person, who has seen what was submitted at that moment.
    Approve {
        /// When it was submitted, as the page said; none where nobody asks.
        seen: Option<i64>,
    },
    /// Back to draft, with a word why.
    SendBack(String),
    /// Before its time is over.
    Stop,
    /// Before it has begun.
    Cancel,
    /// Once nothing of it is reserved any more.
    Settle,
}

impl Step {
    /// Its word in the audit log and in messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Step::Submit => "submitted",
            Step::Withdraw => "withdrawn",
            Step::Approve { .. } => "approved",
            Step::SendBack(_) => "sent-back",
            Step::Stop => "stopped",
            Step::Cancel => "cancelled",
            Step::Settle => "settled",
        }
    }

    /// Whether a promotion can take it from where it stands.
    #[must_use]
    pub fn fits(&self, stand: Stand) -> bool {
        match self {
            Step::Submit => stand == Stand::Draft,
            Step::Withdraw | Step::Approve { .. } | Step::SendBack(_) => stand == Stand::Submitted,
            Step::Stop => stand == Stand::Running,
            Step::Cancel => matches!(stand, Stand::Draft | Stand::Submitted | Stand::Approved),
            Step::Settle => matches!(stand, Stand::Ended | Stand::Stopped),
        }
    }

    /// Whether it is this person's to take. That nobody approves their own is asked apart, for the
    /// answer says why.
    #[must_use]
    pub fn is_for(&self, scope: &Scope, row: &promotion::Model) -> bool {
        let own = |id| scope.actor.user_id.is_some() && id == scope.actor.user_id;
        match self {
            Step::Submit | Step::Cancel => may_write(scope, row),
            Step::Withdraw => own(row.submitted_by_id),
            Step::Approve { .. } | Step::SendBack(_) | Step::Settle => decides(scope),
            Step::Stop => decides(scope) || may_write(scope, row),
        }
    }
}

/// Whether this person approves and settles promotions.
#[must_use]
pub fn decides(scope: &Scope) -> bool {
    matches!(
        scope.actor.role,
        Some(Role::Marketing | Role::Finance | Role::Admin)
    )
}

/// Whether this person may write the promotion: marketing any, a KAM their own.
#[must_use]
pub fn may_write(scope: &Scope, row: &promotion::Model) -> bool {
    match scope.actor.role {
        Some(Role::Marketing | Role::Admin) => true,
        Some(Role::Kam) => row.created_by_id.is_some() && row.created_by_id == scope.actor.user_id,
        Some(
            Role::Finance | Role::Operations | Role::Buyer | Role::Approver | Role::AccountAdmin,
        )
        | None => false,
    }
}

/// Takes a step.
///
/// # Errors
/// Refused where it does not fit, with why; `Forbidden` where it is not this person's; a missing
/// word at its field.
pub async fn take(tx: &Tx, today: Date, now: i64, id: PromotionId, step: &Step) -> Result<()> {
    let found = plan::find(tx, id).await?;
    let stand = Stand::on(found.row.state, &found.plan.validity, today);
    if !step.fits(stand) {
        return Err(misfit(&found, stand, step).into());
    }
    if !step.is_for(tx.scope(), &found.row) {
        return Err(Error::Forbidden);
    }
    match step {
        Step::Submit => ready(tx, &found, today).await?,
        Step::Approve { seen } => approvable(tx, &found, today, *seen)?,
        Step::Settle => nothing_reserved(tx, &found).await?,
        Step::SendBack(word) if word.trim().is_empty() => {
            let mut form = FormState::new();
            form.refuse_key("word", "error-required");
            return Err(form.into());
        }
        Step::SendBack(_) | Step::Withdraw | Step::Stop | Step::Cancel => {}
    }
    let row = moved(tx, now, &found, step);
    let state = row.state.clone().take();
    let touched = tx
        .change::<promotion::Entity>(|update| still(update, &found, step).set(row))
        .await?;
    if touched == 0 {
        return Err(overtaken(&found).into());
    }
    let mut after = json!({ "state": state.map(PromotionState::name) });
    if let (Step::SendBack(word), Value::Object(after)) = (step, &mut after) {
        after.insert("word".to_owned(), word.trim().into());
    }
    audit::note(
        tx,
        now,
        &format!("promotion {}", step.name().replace('-', " ")),
        &format!("promotion {}", found.row.code),
        None,
        Some(json!({ "state": found.row.state.name() })),
        Some(after),
    )
    .await?;
    if let Some(kind) = program_kind(step, found.row.state) {
        webhooks::note(tx, now, happened(tx, kind, &found, state)).await?;
    }
    changed(tx).await
}

/// What programs hear of a step. What was never approved never was any program's business.
fn program_kind(step: &Step, from: PromotionState) -> Option<Kind> {
    match step {
        Step::Approve { .. } => Some(Kind::PromotionApproved),
        Step::Stop => Some(Kind::PromotionStopped),
        Step::Cancel if from == PromotionState::Approved => Some(Kind::PromotionCancelled),
        Step::Cancel | Step::Submit | Step::Withdraw | Step::SendBack(_) | Step::Settle => None,
    }
}

/// What programs of the brand are told; whom it reaches is not an account's to know.
fn happened(tx: &Tx, kind: Kind, found: &Stored, state: Option<PromotionState>) -> Happened {
    let validity = &found.plan.validity;
    Happened {
        kind: kind.name(),
        account: None,
        subject: format!("promotion/{}", found.row.code),
        data: json!({
            "promotion": found.row.code,
            "name": found.row.name,
            "state": state.map(PromotionState::name),
            "valid_from": validity.from.to_string(),
            "valid_until": validity.last_day().map(|day| day.to_string()),
            "currency": found.plan.currency,
            "by": tx.scope().actor.name,
            "path": format!("/kam/promotions/{}", found.row.id),
        }),
    }
}

/// The row, while nobody has moved it since it was read; a draft, while nobody has rewritten it.
fn still(
    update: UpdateMany<promotion::Entity>,
    found: &Stored,
    step: &Step,
) -> UpdateMany<promotion::Entity> {
    let update = update
        .filter(promotion::Column::Id.eq(found.row.id))
        .filter(promotion::Column::State.eq(found.row.state));
    match step {
        Step::Submit => update.filter(promotion::Column::UpdatedAt.eq(found.row.updated_at)),
        Step::Withdraw
        | Step::Approve { .. }
        | Step::SendBack(_)
        | Step::Stop
        | Step::Cancel
        | Step::Settle => update,
    }
}

/// What the step changes in the row.
fn moved(tx: &Tx, now: i64, found: &Stored, step: &Step) -> promotion::ActiveModel {
    let actor = &tx.scope().actor;
    let mut row = promotion::ActiveModel {
        updated_at: Set(now),
        ..Default::default()
    };
    match step {
        Step::Submit => {
            row.state = Set(PromotionState::Submitted);
            row.submitted_by = Set(Some(actor.name.clone()));
            row.submitted_by_id = Set(actor.user_id);
            row.submitted_at = Set(Some(now));
        }
        Step::Withdraw | Step::SendBack(_) => {
            row.state = Set(PromotionState::Draft);
            row.submitted_by = Set(None);
            row.submitted_by_id = Set(None);
            row.submitted_at = Set(None);
            if let Step::SendBack(word) = step {
                let note = format!("{}\n{}: {}", found.row.note, actor.name, word.trim());
                row.note = Set(note.trim().to_owned());
            }
        }
        Step::Approve { .. } => {
            row.state = Set(PromotionState::Approved);
            row.approved_by = Set(Some(actor.name.clone()));
            row.approved_by_id = Set(actor.user_id);
            row.approved_at = Set(Some(now));
        }
        Step::Stop => {
            row.state = Set(PromotionState::Stopped);
            row.stopped_at = Set(Some(now));
        }
        Step::Cancel => row.state = Set(PromotionState::Cancelled),
        Step::Settle => row.state = Set(PromotionState::Settled),
    }
    row
}

fn refusal(code: &'static str, found: &Stored) -> Refusal {
    let name = found.row.name.clone();
    Refusal::new(code, Message::new(code).with("name", name)).go_on(
        Message::new("promotion-go-on").with("name", found.row.name.clone()),
        format!("/kam/promotions/{}", found.row.id),
    )
}

/// Why the step does not fit: it says where the promotion stands.
fn misfit(found: &Stored, stand: Stand, step: &Step) -> Refusal {
    let code = match step {
        Step::Stop => "promotion-not-running",
        Step::Settle => "promotion-not-over",
        Step::Cancel => "promotion-not-cancellable",
        Step::Submit | Step::Withdraw | Step::Approve { .. } | Step::SendBack(_) => {
            "promotion-moved-on"
        }
    };
    let mut refusal = refusal(code, found);
    refusal.happened = refusal.happened.with(
        "state",
        Message::new(format!("promotion-state-{}", stand.name())),
    );
    refusal
}

/// Somebody else was quicker.
pub(super) fn overtaken(found: &Stored) -> Refusal {
    refusal("promotion-overtaken", found)
}

/// Only a draft can be rewritten.
pub(super) fn no_draft(found: &Stored, today: Date) -> Refusal {
    let stand = Stand::on(found.row.state, &found.plan.validity, today);
    let mut refusal = refusal("promotion-not-draft", found);
    refusal.happened = refusal.happened.with(
        "state",
        Message::new(format!("promotion-state-{}", stand.name())),
    );
    refusal
}

fn is_over(found: &Stored, today: Date) -> bool {
    found
        .plan
        .validity
        .until
        .is_some_and(|until| until <= today)
}

/// Whether it may be submitted: its time is not over, it reaches somebody, its fund has its
/// currency, and a KAM's reaches nobody else's accounts.
async fn ready(tx: &Tx, found: &Stored, today: Date) -> Result<()> {
    if is_over(found, today) {
        return Err(refusal("promotion-time-over", found).into());
    }
    let plan = &found.plan;
    let reached = audience::of(tx, &plan.reach, plan.currency).await?;
    if reached.count == 0 {
        return Err(refusal("promotion-reaches-nobody", found).into());
    }
    if let scope::Reach::Portfolio(_) = tx.scope().reach {
        let named = u64::try_from(plan.reach.accounts.len())?;
        let only_accounts =
            !plan.reach.everybody && plan.reach.groups.is_empty() && plan.reach.regions.is_empty();
        if !only_accounts || reached.count < named {
            return Err(refusal("promotion-beyond-portfolio", found).into());
        }
    }
    if let Some(fund) = plan.fund {
        let fund = tx.get::<fund::Entity>(fund).await?;
        if fund.currency != plan.currency {
            return Err(refusal("promotion-fund-currency", found).into());
        }
    }
    Ok(())
}

/// Four eyes, and still of use.
fn approvable(tx: &Tx, found: &Stored, today: Date, seen: Option<i64>) -> Result<()> {
    if seen.is_some() && seen != found.row.submitted_at {
        return Err(overtaken(found).into());
    }
    let me = tx.scope().actor.user_id;
    // Neither who wrote it nor who asked for it.
    if me.is_none() || found.row.submitted_by_id == me || found.row.created_by_id == me {
        return Err(refusal("promotion-four-eyes", found).into());
    }
    if is_over(found, today) {
        return Err(refusal("promotion-time-over", found).into());
    }
    Ok(())
}

/// What held orders have reserved is neither spent nor saved yet.
async fn nothing_reserved(tx: &Tx, found: &Stored) -> Result<()> {
    let reserved = tx
        .count::<promotion_use::Entity>(|uses| {
            uses.filter(promotion_use::Column::PromotionId.eq(found.row.id))
                .filter(promotion_use::Column::State.eq(UseState::Reserved))
        })
        .await?;
    if reserved == 0 {
        return Ok(());
    }
    let mut refusal = refusal("promotion-still-reserved", found);
    refusal.happened = refusal.happened.with("count", i64::try_from(reserved)?);
    Err(refusal.into())
}
