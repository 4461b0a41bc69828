//! The web application: a request becomes a typed command, a use case loads what it needs through
//! a transaction that can only see the caller's accounts, pure rules decide, the same transaction
//! stores the result and any work for later, and a typed view is rendered.

pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credit;
pub mod db;
pub mod documents;
pub mod error;
pub mod jobs;
pub mod mail;
pub mod outgoing;
pub mod routes;
pub mod search;
pub mod seed;
pub mod server;
pub mod web;

// Features: use cases in mod.rs, handlers in web.rs, pages in view.rs.
pub mod accounts;
pub mod admin;
pub mod api;
pub mod approvals;
pub mod campaigns;
pub mod cart;
pub mod catalogue;
pub mod check;
pub mod company;
pub mod desk;
pub mod holds;
pub mod home;
pub mod imports;
pub mod messages;
pub mod notifications;
pub mod orders;
pub mod prepared;
pub mod pricing;
pub mod profile;
pub mod promotions;
pub mod quick_order;
pub mod stock;
pub mod suggestions;
pub mod webhooks;
