//! Finding products: lists, facets, search, the product page.

pub mod article;
pub mod audiences;
pub mod beside;
pub mod filter;
pub mod index;
pub mod list;
pub mod marks;
pub mod nothing;
pub mod picture;
pub mod product;
pub mod reference;
pub mod rows;
pub mod shelf;
pub mod view;
pub mod web;

pub use article::Article;
pub use reference::Reference;

/// `ids` filled up with its last one to a power of two, so that a list of any length is one of a
/// few statements, which the database keeps prepared.
#[must_use]
pub fn padded<T: Copy>(ids: &[T]) -> Vec<T> {
    let mut filled = ids.to_vec();
    if let Some(last) = ids.last() {
        filled.resize(ids.len().next_power_of_two(), *last);
    }
    filled
}
