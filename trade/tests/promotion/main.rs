//! Promotions: every mechanic in figures, what holds whatever the basket, and the engine against
//! arithmetic that was written independently of it.
#![expect(clippy::unwrap_used, reason = "a test that stumbles says where")]

mod limits;
mod mechanics;
mod oracle;
mod random;
mod shop;
mod stacking;
