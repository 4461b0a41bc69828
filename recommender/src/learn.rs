//! Learning from examples: boosted trees, logistic regression, and probabilities from scores.
//!
//! All of it is deterministic: the same rows and seed give the same bits on any number of threads.

mod batch;
pub(crate) mod bins;
pub(crate) mod calibrate;
#[cfg(test)]
pub(crate) mod examples;
pub(crate) mod gbdt;
mod grow;
pub(crate) mod logistic;
