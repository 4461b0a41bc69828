//! The demo brand, which is also the world the tests live in.
//!
//! Feldmann Tiernahrung makes and imports pet food, and sells to pet shops, chains and web shops.
//! It does not exist; nor do its retailers. Everything here follows from a [`WorldSize`]: the same
//! size, seed and day give the same world on every machine, so only integers decide anything.

mod approvals;
pub mod assortment;
mod campaigns;
pub mod chance;
pub mod command;
pub mod conditions;
pub mod load;
pub mod pictures;
pub mod promotions;
mod receivables;
pub mod retailers;
pub mod trading;
pub mod world;
