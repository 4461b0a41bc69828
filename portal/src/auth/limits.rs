//! How often one may try: sign-in, password reset, and everything else that costs.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};

/// Limits of one process, by key.
pub struct Limits {
    clock: DefaultClock,
    sign_in_by_email: DefaultKeyedRateLimiter<String>,
    sign_in_by_address: DefaultKeyedRateLimiter<String>,
    reset_by_email: DefaultKeyedRateLimiter<String>,
    reset_by_address: DefaultKeyedRateLimiter<String>,
    api_by_key: DefaultKeyedRateLimiter<String>,
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
            api_by_key: RateLimiter::keyed(Quota::per_second(count(200)).allow_burst(count(1_000))),
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

    /// Counts a call with an API key.
    ///
    /// # Errors
    /// `TooFast` with the seconds to wait.
    pub fn api(&self, key: &str) -> Result<()> {
        self.check(&self.api_by_key, key)
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
