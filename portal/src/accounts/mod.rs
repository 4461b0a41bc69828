//! The KAM's accounts: the portfolio, an account's profile, ordering on behalf.

pub mod view;
