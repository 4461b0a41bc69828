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
mod bounces;
mod campaign_results;
mod campaign_waves;
mod campaigns;
mod cart;
mod catalogue;
mod choices;
mod crash;
mod credit;
mod digests;
mod hold_words;
mod holds;
mod hostile;
mod house;
mod mail_crash;
mod mails;
mod mails_lint;
mod messages;
mod never_in_mail;
mod notifications;
mod offers;
mod order_desk;
mod prepared;
mod pressure;
mod prices;
mod profile;
mod promotion_words;
mod promotions;
mod push;
mod quick_order;
mod races;
mod recommender;
mod recurring;
mod schema;
mod shelf;
mod sign_in;
mod stock;
mod storm;
mod suggested;
mod trial;
mod webhooks;
