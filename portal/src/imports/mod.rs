//! Files that come in: products, prices, accounts, contacts, stock, contracts and the order history.
//!
//! A file goes three steps: a [`table`] of text cells is read from CSV or XLSX, each row becomes a
//! record of its kind ([`records`]) or a list of faults, and records are loaded. What the file says
//! is data to the last character: a name beginning with `=` is a name.

pub mod cells;
pub mod command;
pub mod export;
pub mod load;
pub mod online_retail;
pub mod records;
pub mod rejected;
pub mod spreadsheet;
pub mod table;
pub mod uploads;
pub mod view;
pub mod web;
