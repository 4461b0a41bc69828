//! What was put before whom: the other half of knowing what a suggestion is worth.
//!
//! A list is stored once a day for everybody who sees it, however often they look. What has been
//! stored today is remembered here, so that a page that is looked at again writes nothing; another
//! instance, or this one after a restart, finds the row there and leaves it.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use recommender::Suggestion;
use sea_orm::Set;
use sea_orm::sea_query::OnConflict;
use serde::Serialize;
use sha2::{Digest, Sha256};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::suggestion_showing as showing;
use crate::db::scope::Scope;
use crate::db::words::{SuggestionList, Surface};
use crate::error::Result;

/// Lists of a day that are remembered; beyond, all are forgotten and found stored again.
const MOST_REMEMBERED: usize = 50_000;
/// A page waits so long for its turn to write; a list that is not stored then is tried again when
/// it is next looked at.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the account is shown suggestions at all.
///
/// # Errors
/// Whatever the database says.
pub async fn suggestions_shown(_app: &App, tx: &Tx, account: AccountId) -> Result<bool> {
    super::trial::may_see(tx, account).await
}

/// An item as it was put before somebody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shown {
    /// What.
    pub product: ProductId,
    /// How many base units of it.
    pub pieces: u32,
    /// How likely its list held it to be.
    pub probability: Option<f64>,
}

impl From<&Suggestion> for Shown {
    fn from(suggestion: &Suggestion) -> Shown {
        Shown {
            product: suggestion.product,
            pieces: suggestion.pieces,
            probability: suggestion.probability,
        }
    }
}

/// Lists as they were put before somebody, each with its items in the order shown.
pub type Lists = Vec<(SuggestionList, Vec<Shown>)>;

/// What of today has been stored.
#[derive(Debug, Default)]
pub struct Remembered {
    today: Mutex<(Option<jiff::civil::Date>, HashSet<[u8; 32]>)>,
}

impl Remembered {
    fn has(&self, day: jiff::civil::Date, mark: &[u8; 32]) -> bool {
        let today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        today.0 == Some(day) && today.1.contains(mark)
    }

    fn add(&self, day: jiff::civil::Date, marks: impl IntoIterator<Item = [u8; 32]>) {
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if today.0 != Some(day) || today.1.len() >= MOST_REMEMBERED {
            *today = (Some(day), HashSet::new());
        }
        today.1.extend(marks);
    }
}

/// Notes what the caller was shown of an account's suggestions. Call it when the page's own
/// transaction is over. A page is shown whether or not this succeeds.
pub async fn note(app: &App, scope: &Scope, account: AccountId, surface: Surface, lists: &Lists) {
    let stored = store(app, scope, account, surface, lists);
    match tokio::time::timeout(PATIENCE, stored).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what was shown could not be stored"),
        Err(_) => tracing::debug!("what was shown waits for another turn to be stored"),
    }
}

async fn store(
    app: &App,
    scope: &Scope,
    account: AccountId,
    surface: Surface,
    lists: &Lists,
) -> Result<()> {
    let Some(user) = scope.actor.user_id else {
        return Ok(());
    };
    let day = app.today();
    let (mut rows, mut marks) = (Vec::new(), Vec::new());
    for (list, items) in lists.iter().filter(|(_, items)| !items.is_empty()) {
        let items = serde_json::to_value(items)?;
        let digest = hex(&Sha256::digest(items.to_string()));
        let whole = format!("{account:?} {user:?} {surface} {list} {day} {digest}");
        let mark: [u8; 32] = Sha256::digest(whole).into();
        if app.showings.has(day, &mark) {
            continue;
        }
        marks.push(mark);
        rows.push(showing::ActiveModel {
            id: Set(Uuid::now_v7()),
            account_id: Set(account),
            user_id: Set(user),
            surface: Set(surface),
            list: Set(*list),
            shown_on: Set(LocalDate(day)),
            shown_at: Set(app.clock.millis()),
            digest: Set(digest),
            items: Set(items),
        });
    }
    if rows.is_empty() {
        return Ok(());
    }
    let known = OnConflict::columns([
        showing::Column::AccountId,
        showing::Column::UserId,
        showing::Column::Surface,
        showing::Column::List,
        showing::Column::ShownOn,
        showing::Column::Digest,
    ])
    .do_nothing()
    .to_owned();
    let tx = app.db.begin(scope).await?;
    tx.put_all(rows, &known).await?;
    tx.commit().await?;
    app.showings.add(day, marks);
    Ok(())
}

/// Half of a digest tells the lists of a day apart.
fn hex(digest: &[u8]) -> String {
    let half = digest.iter().take(16);
    half.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_was_stored_is_remembered_for_the_day_and_within_bounds() {
        let remembered = Remembered::default();
        let (monday, tuesday) = (date(2026, 3, 16), date(2026, 3, 17));
        remembered.add(monday, [[1; 32]]);
        assert!(remembered.has(monday, &[1; 32]));
        assert!(!remembered.has(tuesday, &[1; 32]));
        remembered.add(tuesday, [[2; 32]]);
        assert!(!remembered.has(tuesday, &[1; 32]) && remembered.has(tuesday, &[2; 32]));
        for number in 0..MOST_REMEMBERED {
            let mut mark = [0; 32];
            for (at, byte) in mark.iter_mut().zip(number.to_be_bytes()) {
                *at = byte;
            }
            remembered.add(tuesday, [mark]);
        }
        let count = remembered.today.lock().unwrap().1.len();
        assert!(count <= MOST_REMEMBERED, "{count}");
    }
}
