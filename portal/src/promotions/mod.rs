//! Promotions: what they say, what is in force for an account and what is left of it, and what
//! orders take.

pub mod book;
pub mod spend;
pub mod words;
