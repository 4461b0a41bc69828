//! Promotions: every mechanic in figures, what holds whatever the basket, and the engine against
//! arithmetic that was written independently of it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that stumbles says where"
)]

mod example;
mod extremes;
mod fractions;
mod limits;
mod mechanics;
mod near;
mod oracle;
mod properties;
mod random;
mod shop;
mod stacking;
