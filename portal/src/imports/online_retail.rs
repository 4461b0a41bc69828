//! Online Retail (later)
