//! What every page shares: context and answers, typed views, forms, messages, filters, errors.

pub mod assets;
pub mod context;
pub mod error_view;
pub mod fields;
pub mod filters;
pub mod flash;
pub mod form;
pub mod locale;
pub mod middleware;
pub mod page;
pub mod shape;
#[cfg(test)]
mod tests;

pub use context::Page;
pub use fields::{Fields, Unchecked};
