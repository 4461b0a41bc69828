//! What a lane knows of the mail server: whether it is away, and when to look again.
//!
//! A mail that fails because nobody answers says nothing about the mail, so it is not counted as a
//! try, and the lane rests before it asks again, with one mail only. A server that is away for days
//! costs no mail.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::app::App;

/// How long a sign of life, or its absence, holds for those that ask at the same time.
const HOLDS: Duration = Duration::from_secs(1);
/// The first rest; each further one is twice as long.
const SHORTEST_MILLIS: i64 = 1_000;
/// The longest: so soon mails leave again once the server is back.
const LONGEST_MILLIS: i64 = 60_000;

/// The mail server, as one lane sees it.
#[derive(Debug, Default)]
pub(super) struct Relay {
    asked: Mutex<Option<(Instant, bool)>>,
    /// Rests in a row.
    rests: Cell<u32>,
    until: Cell<Option<Instant>>,
}

impl Relay {
    /// Whether it gives no sign of life. Many that ask at once ask it once.
    pub async fn is_away(&self, app: &App) -> bool {
        let mut asked = self.asked.lock().await;
        if let Some((at, away)) = *asked
            && at.elapsed() < HOLDS
        {
            return away;
        }
        let away = match app.mailer.reach().await {
            Ok(()) => false,
            Err(error) => {
                tracing::warn!(%error, "the mail server is away");
                true
            }
        };
        *asked = Some((Instant::now(), away));
        away
    }

    /// It took a mail, or had something to say about one.
    pub fn answered(&self) {
        self.rests.set(0);
        self.until.set(None);
    }

    /// Begins a rest, unless one goes on; gives its milliseconds.
    pub fn pause(&self) -> i64 {
        let rests = self.rests.get();
        if self.rests_until().is_some() {
            return rest_millis(rests);
        }
        let rests = rests.saturating_add(1);
        let millis = rest_millis(rests);
        self.rests.set(rests);
        let rest = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
        self.until.set(Some(Instant::now() + rest));
        millis
    }

    /// Until when nothing is tried.
    pub fn rests_until(&self) -> Option<Instant> {
        self.until.get().filter(|until| *until > Instant::now())
    }

    /// Whether it was away when last heard of: one mail goes ahead of the others.
    pub fn is_doubtful(&self) -> bool {
        self.rests.get() > 0
    }
}

fn rest_millis(rests: u32) -> i64 {
    let doubled = rests.saturating_sub(1).min(16);
    Ord::min(SHORTEST_MILLIS << doubled, LONGEST_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_to_a_minute() {
        let rests: Vec<i64> = (1..=8).map(rest_millis).collect();
        assert_eq!(
            rests,
            [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        );
    }

    #[test]
    fn many_failures_at_once_are_one_rest_and_a_sign_of_life_ends_it() {
        let relay = Relay::default();
        assert_eq!((relay.pause(), relay.pause()), (1_000, 1_000));
        assert!(relay.rests_until().is_some());
        assert!(relay.is_doubtful());
        relay.answered();
        assert_eq!(relay.rests_until(), None);
        assert!(!relay.is_doubtful());
    }
}
