//! The questions a model answers, one file each.

pub mod cart;
pub mod due;

pub mod instead;
pub mod new;
pub mod own;
pub mod peers;
pub mod promotions;
pub(crate) mod quantity;
mod reasons;
pub mod trends;
pub mod usual;

pub use peers::{Gap, SimilarAccount};
pub use promotions::{Gain, Offer, OfferItem, Uplift};
pub use trends::Trend;
