//! How often one may try: sign-in, password reset, and everything else that costs.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};

/// How many calls of one API key are answered at once …
pub const API_BURST: u32 = 1_000;
/// … and how many a second after that.
pub const API_PER_SECOND: u32 = 200;

/// As the others, and it tells how many calls are left.
type CountingLimiter =
    RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Limits of one process, by key.
pub struct Limits {
    clock: DefaultClock,
    sign_in_by_email: DefaultKeyedRateLimiter<String>,
    sign_in_by_address: DefaultKeyedRateLimiter<String>,
    reset_by_email: DefaultKeyedRateLimiter<String>,
    reset_by_address: DefaultKeyedRateLimiter<String>,
    link_by_person: DefaultKeyedRateLimiter<String>,
    unknown_link_by_address: DefaultKeyedRateLimiter<String>,
    api_by_key: CountingLimiter,
}

const fn count(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            clock: DefaultClock::default(),
            // Ten wrong passwords, then one more every six seconds: a person hardly notices, a
            // dictionary does.
            sign_in_by_email: RateLimiter::keyed(Quota::per_minute(count(10))),
            sign_in_by_address: RateLimiter::keyed(Quota::per_minute(count(120))),
            reset_by_email: RateLimiter::keyed(Quota::per_hour(count(5))),
            reset_by_address: RateLimiter::keyed(Quota::per_minute(count(20))),
            // Mail providers post for many people from a few addresses: what is good is counted by
            // whom it names, and only what is made up by where it comes from.
            link_by_person: RateLimiter::keyed(Quota::per_minute(count(30))),
            unknown_link_by_address: RateLimiter::keyed(Quota::per_minute(count(30))),
            api_by_key: RateLimiter::keyed(
                Quota::per_second(count(API_PER_SECOND)).allow_burst(count(API_BURST)),
            )
            .with_middleware(),
        }
    }
}

impl Limits {
    /// Counts a try to sign in.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn sign_in(&self, email: &str, address: &str) -> Result<()> {
        self.check(&self.sign_in_by_address, address)?;
        self.check(&self.sign_in_by_email, email)
    }

    /// Counts a request for a reset link.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn reset(&self, email: &str, address: &str) -> Result<()> {
        self.check(&self.reset_by_address, address)?;
        self.check(&self.reset_by_email, email)
    }

    /// Counts a use of a link in a mail; of one that Kontor wrote by the person it names.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn link(&self, person: Option<&str>, address: &str) -> Result<()> {
        match person {
            Some(person) => self.check(&self.link_by_person, person),
            None => self.check(&self.unknown_link_by_address, address),
        }
    }

    /// Counts a call with an API key; says how many more would be answered at once.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn api(&self, key: &str) -> Result<u32> {
        if self.api_by_key.len() > 10_000 {
            self.api_by_key.retain_recent();
        }
        match self.api_by_key.check_key(&key.to_owned()) {
            Ok(snapshot) => Ok(snapshot.remaining_burst_capacity()),
            Err(refused) => {
                let wait = refused.wait_time_from(self.clock.now());
                Err(Error::TooFast {
                    retry_after: wait.as_secs() + 1,
                })
            }
        }
    }

    fn check(&self, limiter: &DefaultKeyedRateLimiter<String>, key: &str) -> Result<()> {
        // Keys that have recovered are forgotten now and then, so that the table stays small.
        if limiter.len() > 10_000 {
            limiter.retain_recent();
        }
        limiter.check_key(&key.to_owned()).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            Error::TooFast {
                retry_after: wait.as_secs() + 1,
            }
        })
    }
}
