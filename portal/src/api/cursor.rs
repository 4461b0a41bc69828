//! Where the next page of a list begins, as one opaque word.
//!
//! A cursor names the last entry that was given, not a place in the list: what is added or taken
//! away meanwhile neither repeats an entry nor skips one.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

/// The last entry that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// Not a cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoCursor)?;
        let last = String::from_utf8(bytes).map_err(|_| NoCursor)?;
        if last.is_empty() || last.contains(char::is_control) {
            Err(NoCursor)
        } else {
            Ok(Cursor(last))
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
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
        last: impl FnOnce(&R) -> String,
    ) -> (Vec<R>, Option<String>) {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return (rows, None);
        }
        rows.truncate(limit);
        let next = rows.last().map(|row| Cursor(last(row)).to_string());
        (rows, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_anything_else_is_refused() {
        for last in ["A-1", "Größe 7", "1741780800000.0190"] {
            let word = Cursor(last.to_owned()).to_string();
            assert_eq!(word.parse(), Ok(Cursor(last.to_owned())));
        }
        for odd in ["", "***", "AA", "_w"] {
            assert_eq!(odd.parse::<Cursor>(), Err(NoCursor), "{odd}");
        }
    }

    #[test]
    fn the_next_page_begins_after_the_last_entry_shown() {
        let (page, next) = List::<i32>::cut(vec![1, 2, 3], 2, i32::to_string);
        assert_eq!(page, [1, 2]);
        assert_eq!(next, Some(Cursor("2".into()).to_string()));
        let (page, next) = List::<i32>::cut(vec![1, 2], 2, i32::to_string);
        assert_eq!((page, next), (vec![1, 2], None));
    }
}
