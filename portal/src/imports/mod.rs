//! Files in: products, prices, accounts, contacts, stock, contracts, order history.

pub mod view;
