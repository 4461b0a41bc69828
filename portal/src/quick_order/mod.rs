//! Quick order: products and quantities typed, pasted or uploaded instead of looked up.

pub mod paste;
pub mod view;
