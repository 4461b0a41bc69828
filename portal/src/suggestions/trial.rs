//! The trial that tells what suggestions do: some accounts, drawn by chance, go without them for a
//! while, and their orders are compared with the others'.
//!
//! The account is what is drawn, not the visit: everybody who buys for it sees the same pages. Its
//! arm follows from its id and the trial's salt alone, so that every instance and every order knows
//! it without asking. Another share is another trial, with a salt of its own: accounts that changed
//! sides half way would blur both arms.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use sha2::{Digest, Sha256};
use trade::calendar::LocalDate;
use trade::id::AccountId;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::db::entity::suggestion_trial as trial;
use crate::db::scope::Reach;
use crate::db::words::TrialArm;
use crate::error::{Refusal, Result};
use crate::web::shape::Message;

/// The largest share of accounts that may go without, in hundredths of a per cent.
pub const MOST: i32 = 5_000;
/// Whoever changes trials counts here first, so that they take turns.
const CHANGES: &str = "suggestion_trials";
/// Trials that the history shows.
const HISTORY: u64 = 50;

/// The arm that an account draws with `salt`, where `share` hundredths of a per cent go without.
#[must_use]
pub fn arm(account: AccountId, salt: i64, share: i32) -> TrialArm {
    let mut hash = Sha256::new();
    hash.update(salt.to_be_bytes());
    hash.update(account.0.as_bytes());
    let digest = hash.finalize();
    let drawn = digest
        .iter()
        .take(8)
        .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    if drawn % 10_000 < u64::try_from(share).unwrap_or(0) {
        TrialArm::Control
    } else {
        TrialArm::Suggestions
    }
}

/// The trial that runs. One row by a unique index: as cheap as asking whether anything changed.
///
/// # Errors
/// Whatever the database says.
pub async fn running(tx: &Tx) -> Result<Option<trial::Model>> {
    tx.one::<trial::Entity>(|all| all.filter(trial::Column::State.eq("running")))
        .await
}

/// The trial that runs and the account's arm in it; none where none runs.
///
/// # Errors
/// Whatever the database says.
pub async fn arm_of(tx: &Tx, account: AccountId) -> Result<Option<(Uuid, TrialArm)>> {
    let running = running(tx).await?;
    Ok(running.map(|row| (row.id, arm(account, row.salt, row.control_share))))
}

/// Whether the account is to see suggestions on its own pages. Staff who look at an account's
/// profile always do; staff who order for it see what it sees.
///
/// # Errors
/// Whatever the database says.
pub async fn may_see(tx: &Tx, account: AccountId) -> Result<bool> {
    match tx.scope().reach {
        Reach::Account { .. } => {
            let drawn = arm_of(tx, account).await?;
            Ok(drawn.is_none_or(|(_, arm)| arm == TrialArm::Suggestions))
        }
        Reach::Portfolio(_) | Reach::Brand | Reach::System => Ok(true),
    }
}

/// The trials, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn history(tx: &Tx) -> Result<Vec<trial::Model>> {
    tx.all::<trial::Entity>(|all| {
        all.order_by_desc(trial::Column::StartedAt)
            .order_by_desc(trial::Column::Id)
            .limit(HISTORY)
    })
    .await
}

/// Begins a trial in which `share` hundredths of a per cent of the accounts go without; one that
/// runs ends.
///
/// # Errors
/// Refused where one of that very share runs already.
pub async fn begin(tx: &Tx, app: &App, share: i32) -> Result<()> {
    let now = app.clock.millis();
    tx.next_number(CHANGES).await?;
    let before = running(tx).await?;
    if before
        .as_ref()
        .is_some_and(|row| row.control_share == share)
    {
        return Err(already_runs().into());
    }
    let id = Uuid::now_v7();
    // Its random half; nobody gains from guessing it.
    let (_, salt) = id.as_u64_pair();
    if let Some(row) = &before {
        close(tx, now, row).await?;
    }
    tx.insert(trial::ActiveModel {
        id: Set(id),
        state: Set("running".to_owned()),
        control_share: Set(share),
        salt: Set(i64::from_be_bytes(salt.to_be_bytes())),
        started_at: Set(now),
        started_on: Set(LocalDate(app.today())),
        ended_at: Set(None),
        by_user_id: Set(tx.scope().actor.user_id),
    })
    .await?;
    let was = before.map(|row| json!({"control_share": row.control_share}));
    let is = json!({"control_share": share});
    let subject = format!("trial {id}");
    audit::note(
        tx,
        now,
        "suggestion trial begun",
        &subject,
        None,
        was,
        Some(is),
    )
    .await
}

/// Ends the trial that runs: from now on everybody sees suggestions.
///
/// # Errors
/// Refused where none runs.
pub async fn end(tx: &Tx, app: &App) -> Result<()> {
    let now = app.clock.millis();
    tx.next_number(CHANGES).await?;
    let row = running(tx).await?.ok_or_else(none_runs)?;
    close(tx, now, &row).await?;
    let subject = format!("trial {}", row.id);
    audit::note(
        tx,
        now,
        "suggestion trial ended",
        &subject,
        None,
        None,
        None,
    )
    .await
}

async fn close(tx: &Tx, now: i64, row: &trial::Model) -> Result<()> {
    let touched = tx
        .change::<trial::Entity>(|update| {
            update
                .filter(trial::Column::Id.eq(row.id))
                .filter(trial::Column::State.eq("running"))
                .col_expr(trial::Column::State, "ended".into())
                .col_expr(trial::Column::EndedAt, now.into())
        })
        .await?;
    if touched == 1 {
        Ok(())
    } else {
        Err(none_runs().into())
    }
}

fn already_runs() -> Refusal {
    refusal("trial-already-runs")
}

fn none_runs() -> Refusal {
    refusal("trial-none-runs")
}

fn refusal(code: &'static str) -> Refusal {
    Refusal::new(code, Message::new(code))
        .go_on(Message::new("trial-refused-next"), "/admin/suggestions")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(share: i32, salt: i64) -> Vec<u128> {
        (0..2_000_u128)
            .filter(|id| {
                let account = AccountId(Uuid::from_u128(*id));
                arm(account, salt, share) == TrialArm::Control
            })
            .collect()
    }

    #[test]
    fn of_a_share_of_nothing_nobody_goes_without() {
        assert_eq!(drawn(0, 7), Vec::<u128>::new());
    }

    #[test]
    fn the_share_drawn_is_the_share_that_was_set() {
        // Three standard deviations of a draw of 2 000 at one half are 67, at one tenth 40.
        assert!((933..=1_067).contains(&drawn(5_000, 7).len()));
        assert!((160..=240).contains(&drawn(1_000, 7).len()));
    }

    #[test]
    fn an_account_keeps_its_arm_and_another_trial_draws_anew() {
        assert_eq!(drawn(1_000, 7), drawn(1_000, 7));
        let (one, other) = (drawn(5_000, 7), drawn(5_000, 8));
        let both = one.iter().filter(|id| other.contains(id)).count();
        assert!((400..=600).contains(&both), "{both} of 2 000 in both");
    }

    #[test]
    fn the_draw_is_the_same_on_every_machine() {
        let control: Vec<u128> = drawn(5_000, 1).into_iter().filter(|id| *id < 12).collect();
        assert_eq!(control, [0, 1, 7, 8, 10]);
    }
}
