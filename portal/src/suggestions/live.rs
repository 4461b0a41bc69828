//! The model every request asks, and how it is changed while they do.
//!
//! One lock, held for reading while a question is computed (microseconds to a few milliseconds)
//! and for writing while an account's orders are taken in or the model is exchanged for another.
//! Nobody waits for the database, for a snapshot to be read or for training while holding it. The
//! marks of what a model has seen travel with it, so a model that takes another's place and is
//! behind with some accounts is brought up to date like any other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use recommender::Model;
use trade::id::AccountId;
use uuid::Uuid;

use super::seen::{Mark, Seen};
use super::source::{News, What};

/// Where a model comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was trained, and read from the database.
    Trained {
        /// Its row.
        id: Uuid,
        /// When.
        at: i64,
    },
    /// There was no snapshot that could be used: the orders are counted, nothing was learned.
    Counted,
}

/// What an instance asks just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// Where it comes from.
    pub origin: Origin,
    /// Accounts it knows.
    pub accounts: usize,
    /// Orders it knows, an account's orders of a day counted once.
    pub orders: usize,
}

/// A model with what it has seen.
pub(super) struct Live {
    pub model: Model,
    pub seen: Seen,
    pub origin: Origin,
}

/// The model every request asks, exchanged as a whole when another was trained.
#[derive(Default)]
pub struct Recommender {
    live: RwLock<Option<Live>>,
    /// Whoever reads a model or counts one; the others do not do the same beside it.
    pub(super) loading: tokio::sync::Mutex<()>,
    /// Somebody in the background keeps the model: requests need not read it.
    followed: AtomicBool,
    /// Snapshots that were looked at: whether they can be used.
    checked: Mutex<HashMap<Uuid, bool>>,
}

impl Recommender {
    /// Asks the model.
    pub(super) fn with<T>(&self, question: impl FnOnce(&Model) -> T) -> Option<T> {
        self.reading(|live| question(&live.model))
    }

    pub(super) fn reading<T>(&self, look: impl FnOnce(&Live) -> T) -> Option<T> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        live.as_ref().map(look)
    }

    /// How far an account's orders are in the model; none where there is no model.
    pub(super) fn mark(&self, account: AccountId) -> Option<Mark> {
        self.reading(|live| live.seen.mark(account))
    }

    /// Puts a model in the place of the one that is asked.
    pub(super) fn exchange(&self, live: Live) {
        let mut place = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let old = place.replace(live);
        drop(place);
        // A large model takes a while to be freed.
        if old.is_some() {
            tokio::task::spawn_blocking(move || drop(old));
        }
    }

    /// Takes in what an account did since `known`; not where the model is elsewhere by now, because
    /// somebody else took it in or the model was exchanged.
    pub(super) fn take(&self, account: AccountId, known: Mark, news: News) -> bool {
        let mut place = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let Some(live) = place.as_mut() else {
            return false;
        };
        if live.seen.mark(account) != known {
            return false;
        }
        match news.what {
            What::More(orders) => orders.iter().for_each(|order| live.model.observe(order)),
            What::All(orders) => live.model.replace_account(account, orders),
        }
        live.seen.set(account, news.mark);
        true
    }

    /// What is asked just now.
    #[must_use]
    pub fn serving(&self) -> Option<Serving> {
        self.reading(|live| {
            let (accounts, orders, _) = live.model.history().size();
            Serving {
                origin: live.origin,
                accounts,
                orders,
            }
        })
    }

    /// Where the model that is asked comes from; none where there is none.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.reading(|live| live.origin)
    }

    /// From now on somebody in the background keeps the model.
    pub(super) fn is_followed(&self) {
        self.followed.store(true, Ordering::Relaxed);
    }

    pub(super) fn followed(&self) -> bool {
        self.followed.load(Ordering::Relaxed)
    }

    /// Whether a snapshot can be used, as far as it was looked at.
    #[must_use]
    pub(super) fn known_use(&self, id: Uuid) -> Option<bool> {
        self.checked().get(&id).copied()
    }

    /// Notes whether a snapshot can be used; says whether that is news.
    pub(super) fn note_use(&self, id: Uuid, usable: bool) -> bool {
        self.checked().insert(id, usable).is_none()
    }

    fn checked(&self) -> MutexGuard<'_, HashMap<Uuid, bool>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
