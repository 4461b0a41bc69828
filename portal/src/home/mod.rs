//! The buyer's morning: open orders, what was bought, the quick way on.

pub mod view;
