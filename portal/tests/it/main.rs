//! Kontor from the outside: the real server on a free port, asked over HTTP.
//!
//! Every case runs on SQLite and, where `KONTOR_TEST_POSTGRES` names a server, once more on
//! PostgreSQL: see [`both!`]. Each has a database of its own, copied from one that was migrated
//! and filled with the demo world once.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that stumbles says where"
)]

#[macro_use]
mod harness;

mod access;
mod account_insight;
mod admin;
mod api;
mod api_recommendations;
mod approvals;
mod books;
mod cart;
mod catalogue;
mod crash;
mod credit;
mod hold_words;
mod holds;
mod hostile;
mod house;
mod mails;
mod offers;
mod order_desk;
mod pressure;
mod prices;
mod profile;
mod promotion_words;
mod promotions;
mod quick_order;
mod races;
mod recommender;
mod schema;
mod shelf;
mod sign_in;
mod stock;
mod storm;
mod suggested;
mod trial;
