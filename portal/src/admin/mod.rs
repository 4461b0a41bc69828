//! The brand's administration: users, imports, mails, audit, health.

pub mod view;
