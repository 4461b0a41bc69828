//! The one resolver: prices for a whole page in one query, with their traces.

pub mod view;
