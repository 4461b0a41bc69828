//! The KAM's desk: orders as they come in.

pub mod view;
