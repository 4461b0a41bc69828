//! The words and rules of the trade: money, quantities, prices, orders and tax.
//!
//! Nothing here reads a clock, a file or a database: "now" and "today" are arguments, and every
//! rule can be reached by a property test. Amounts are integers throughout.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod approval;
pub mod calendar;
pub mod credit;
pub mod freight;
pub mod gtin;
pub mod hold;
pub mod id;
pub mod money;
pub mod order;
pub mod price;
pub mod promotion;
pub mod quantity;
pub mod stock;
pub mod tax;
pub mod usual;
