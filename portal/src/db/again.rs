//! Doing a transaction again that had to give way to another one.
//!
//! PostgreSQL ends one of two transactions that wait for each other (40P01), or that cannot both
//! have been first (40001). Nothing of it has happened, and the same again is likely to go through.
//! What is done again is a whole transaction and nothing beside it: mails and calls to other
//! systems leave by jobs, which are stored with it or not at all. A commit whose answer was lost
//! is no such case, for it may have happened. SQLite has one writer at a time and needs none of
//! this.

use std::time::Duration;

use uuid::Uuid;

use crate::error::{Error, Result};

/// Milliseconds before the second try, the third and so on.
const PAUSES: [u64; 4] = [5, 20, 80, 200];

/// Does `work`, which begins and commits one transaction; where it gives way, up to five times.
///
/// # Errors
/// Whatever `work` says; `GaveWay` where it did so each time.
pub async fn again<T>(work: impl AsyncFn() -> Result<T>) -> Result<T> {
    for pause in PAUSES {
        match work().await {
            Err(Error::GaveWay(cause)) => tracing::info!(cause, "a transaction is done again"),
            done => return done,
        }
        // By chance a little longer: those that met do not meet again.
        let chance = Uuid::new_v4().as_u64_pair().1 % pause;
        tokio::time::sleep(Duration::from_millis(pause + chance)).await;
    }
    work().await
}

#[cfg(test)]
mod tests;
