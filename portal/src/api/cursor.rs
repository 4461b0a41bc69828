//! Where the next page of a list begins, as one opaque word.
//!
//! A cursor names the last entry that was given, not a place in the list: what is added or taken
//! away meanwhile neither repeats an entry nor skips one.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Bytes of a cursor: a number and an id.
const BYTES: usize = 24;

/// The last entry that was given: a number it is sorted by, and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When it was placed, or at which place of the hits it stood.
    pub at: i64,
    /// Which it was.
    pub id: Uuid,
}

/// Not a cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoCursor)?;
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| NoCursor)?;
        let (at, id) = bytes.split_first_chunk::<8>().ok_or(NoCursor)?;
        let id = Uuid::from_slice(id).map_err(|_| NoCursor)?;
        Ok(Cursor {
            at: i64::from_be_bytes(*at),
            id,
        })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend(self.at.to_be_bytes());
        bytes.extend(self.id.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List<T> {
    /// Its entries.
    pub items: Vec<T>,
    /// What to ask for as `cursor` next; null at the end.
    #[schema(required = true)]
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A page from one entry more than it shows, which says whether there is a next one.
    pub fn cut<R>(
        mut rows: Vec<R>,
        limit: u64,
        last: impl FnOnce(&R) -> Cursor,
    ) -> (Vec<R>, Option<String>) {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return (rows, None);
        }
        rows.truncate(limit);
        let next = rows.last().map(|row| last(row).to_string());
        (rows, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(at: i64) -> Cursor {
        Cursor {
            at,
            id: Uuid::from_u128(7),
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_and_anything_else_is_refused() {
        for at in [0, 1_741_780_800_000, -1, i64::MAX] {
            let word = cursor(at).to_string();
            assert_eq!(word.len(), 32);
            assert_eq!(word.parse(), Ok(cursor(at)));
        }
        for odd in ["", "***", "AA", &"A".repeat(31), &"A".repeat(36)] {
            assert_eq!(odd.parse::<Cursor>(), Err(NoCursor), "{odd}");
        }
    }

    #[test]
    fn the_next_page_begins_after_the_last_entry_shown() {
        let last = |row: &i64| cursor(*row);
        let (page, next) = List::<i64>::cut(vec![1, 2, 3], 2, last);
        assert_eq!((page, next), (vec![1, 2], Some(cursor(2).to_string())));
        let (page, next) = List::<i64>::cut(vec![1, 2], 2, last);
        assert_eq!((page, next), (vec![1, 2], None));
    }
}
