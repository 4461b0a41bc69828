//! An account's own people and places.

pub mod view;
