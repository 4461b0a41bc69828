//! Finding products: lists, facets, search, the product page.

pub mod view;
