//! Finding products by what a buyer types: a name with a typo, half an article number, a GTIN
//! read off a case.
//!
//! The index is a cache: it is built whole from the database, kept in memory behind an `Arc`, and
//! replaced by the next one. It knows nothing of who may see what; the caller filters the hits in
//! the database, which is why `limit` may be as large as the catalogue.

mod codes;
mod embedded;
mod nearby;
mod rows;
mod vocabulary;
mod words;

#[cfg(test)]
mod tests;

pub use embedded::Embedded;

/// One product as the index reads it.
#[derive(Debug, Clone, Default)]
pub struct Doc {
    pub id: uuid::Uuid,
    pub sku: String,
    pub gtins: Vec<String>,
    pub name: String,
    pub brand: String,
    /// The words of the category and of those above it: "Hund Trockenfutter Welpe".
    pub category: String,
    pub description: String,
    /// Any measure of how much it is bought; decides between equally good hits.
    pub popularity: u64,
}

/// A product found, best first. Scores compare within one answer only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: uuid::Uuid,
    pub score: f32,
}

/// Why an index could not be built or asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("the search index failed")]
    Index(#[from] tantivy::TantivyError),
    #[error("a catalogue of {0} products is more than one index holds")]
    TooMany(usize),
}
