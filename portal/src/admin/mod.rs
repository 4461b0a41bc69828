//! What the brand's administrators look after: people, outgoing mail, the audit log, imports, and
//! how the system is.

pub mod audit;
pub mod health;
pub mod mail;
pub mod recommender;
pub mod users;
pub mod view;
pub mod web;

/// Rows on a page of a list.
pub const PAGE: u64 = 50;
