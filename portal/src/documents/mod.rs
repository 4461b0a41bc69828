//! Documents a retailer files: for now the confirmation of an order, as a PDF on A4.
//!
//! A document is drawn from plain text that is already in the reader's language and number format; nothing is computed
//! here, so that a document can never disagree with the order. The same input gives the same bytes. Whatever the text
//! holds (control characters, a name of 4,096 letters, scripts the typeface lacks), a document comes out.
//!
//! Drawing 2,000 lines takes a second or so of a whole core: call it from a blocking thread.

use jiff::Timestamp;
use jiff::civil::Date;

mod confirmation;
mod page;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod typeface;

pub use confirmation::confirmation;

/// Everything an order's document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDocument {
    pub letterhead: Letterhead,
    pub kind: DocumentKind,
    pub order_number: String,
    pub order_date: Date,
    pub requested_date: Option<Date>,
    pub po_number: Option<String>,
    pub account_name: String,
    pub account_number: String,
    pub bill_to: Vec<String>,
    pub ship_to: Vec<String>,
    /// Payment terms in words.
    pub terms: Option<String>,
    /// One paragraph under the title: thanks, or what an order still waits for.
    pub introduction: Option<String>,
    pub lines: Vec<DocumentLine>,
    /// In the order to be shown; VAT has one entry per rate or reason.
    pub totals: Vec<DocumentTotal>,
    /// Paragraphs after the totals.
    pub closing_notes: Vec<String>,
    pub labels: Labels,
    /// BCP 47, for screen readers and search: `de`, `en-GB`.
    pub language: String,
    /// When the order took this state, not when the file is made: two prints are the same file.
    pub created_at: Timestamp,
}

/// The brand at the top and the foot of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    pub name: String,
    pub address: Vec<String>,
    pub vat_id: Option<String>,
    /// Telephone, e-mail, web: one line each.
    pub contact: Vec<String>,
}

/// What the document says about the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// The order arrived and waits for a decision; it is not yet an agreement.
    Received,
    Confirmed,
    Cancelled,
}

/// One order line, as text in the reader's number format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    pub position: String,
    pub sku: String,
    pub name: String,
    /// What is in the ordered unit: `12 × 400 g`.
    pub pack: Option<String>,
    /// In ordered units.
    pub quantity: String,
    /// The ordered unit's word: `case`.
    pub unit: String,
    pub unit_price: String,
    pub net: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentTotal {
    pub label: String,
    pub amount: String,
    /// Why a rate is what it is: "Intra-community supply, VAT ID …".
    pub reason: Option<String>,
    pub weight: TotalWeight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalWeight {
    Part,
    /// The amount to pay; stands out.
    Sum,
}

/// Every word of the document that is not the order's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    pub title_received: String,
    pub title_confirmed: String,
    pub title_cancelled: String,
    pub order_number: String,
    pub order_date: String,
    pub requested_date: String,
    pub po_number: String,
    pub account: String,
    pub ship_to: String,
    pub terms: String,
    pub vat_id: String,
    pub position: String,
    pub sku: String,
    pub product: String,
    pub quantity: String,
    pub unit_price: String,
    pub net: String,
    /// How a date is written, in strftime's letters: `%d.%m.%Y`.
    pub date_format: String,
}

/// Why no document came out.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("the date format {format:?} cannot be used: {source}")]
    DateFormat { format: String, source: jiff::Error },
    #[error("the built-in typeface cannot be read")]
    Typeface,
    #[error("the PDF could not be written: {0}")]
    Pdf(krilla::error::KrillaError),
}
