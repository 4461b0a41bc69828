//! A model as bytes, to be stored and read by every instance: a head with its format and checksum,
//! then what training learned and the history. What is counted is counted anew when it is read.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::answers::quantity::QuantityModel;
use crate::history::PurchaseHistory;
use crate::model::Model;
use crate::rank::fit::Ranker;
use crate::rank::index::Ties;

/// What a snapshot begins with.
const MAGIC: &[u8; 8] = b"KONTORRM";
/// Raised whenever the shape or meaning of the content changes.
pub const FORMAT: u32 = 2;
const HEAD: usize = 8 + 4 + 32;

/// Why bytes are no model this program can use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// Too short, or something else altogether.
    #[error("this is no snapshot of a recommender: train a new one with `kontor train`")]
    NotASnapshot,
    /// Of another version of the program.
    #[error(
        "the snapshot has format {found}, this program reads {FORMAT}: train a new one with `kontor train`"
    )]
    OtherFormat {
        /// What it says.
        found: u32,
    },
    /// Damaged on its way.
    #[error("the snapshot is damaged (its checksum differs): train a new one with `kontor train`")]
    Damaged,
}

/// History, ties between items, and what was learned.
type Content = (PurchaseHistory, Ties, Option<Ranker>, QuantityModel);

impl Model {
    /// The model as bytes.
    ///
    /// # Errors
    /// None that is known; a failing serializer is reported as a damaged snapshot.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SnapshotError> {
        let content = postcard::to_allocvec(&(
            &self.history,
            &self.index.ties,
            &self.ranker,
            &self.quantities,
        ))
        .map_err(|_| SnapshotError::Damaged)?;
        let mut bytes = Vec::with_capacity(HEAD + content.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&content));
        bytes.extend_from_slice(&content);
        Ok(bytes)
    }

    /// Reads what [`Model::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are none, damaged, or of another format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (head, content) = bytes
            .split_at_checked(HEAD)
            .ok_or(SnapshotError::NotASnapshot)?;
        let (magic, head) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(SnapshotError::NotASnapshot);
        }
        let (format, checksum) = head.split_at(4);
        let format = u32::from_le_bytes([format[0], format[1], format[2], format[3]]);
        if format != FORMAT {
            return Err(SnapshotError::OtherFormat { found: format });
        }
        if Sha256::digest(content).as_slice() != checksum {
            return Err(SnapshotError::Damaged);
        }
        let (mut history, ties, ranker, quantities): Content =
            postcard::from_bytes(content).map_err(|_| SnapshotError::Damaged)?;
        history.reindex();
        Ok(Model::with(history, Some(ties), ranker, quantities))
    }
}
