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
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn tries(fails: u32, error: fn() -> Error) -> (u32, bool) {
        let tries = Cell::new(0);
        let done = again(async || {
            tries.set(tries.get() + 1);
            if tries.get() > fails {
                Ok(())
            } else {
                Err(error())
            }
        });
        let done = done.await.is_ok();
        (tries.get(), done)
    }

    #[actix_web::test]
    async fn what_gave_way_is_done_again_a_few_times_and_nothing_else_is() {
        let gave_way = || Error::GaveWay("deadlock".into());
        assert_eq!(tries(0, gave_way).await, (1, true));
        assert_eq!(tries(3, gave_way).await, (4, true));
        assert_eq!(tries(99, gave_way).await, (5, false));
        assert_eq!(tries(99, || Error::Busy("cut".into())).await, (1, false));
        assert_eq!(tries(99, || Error::NotFound).await, (1, false));
    }
}
