//! The order being built, shared by a company's buyers.

pub mod view;
