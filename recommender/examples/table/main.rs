//! The evaluation.
#[path = "../common/mod.rs"]
mod common;
mod dataset;
mod metrics;
mod usage;
fn main() {}
