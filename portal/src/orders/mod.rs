//! Submitted orders: submit, timeline, documents, reorder, cancel.

pub mod mail_view;
pub mod quote;
pub mod view;
