//! The text a buyer pastes into the quick order, read line by line.
//!
//! It comes from spreadsheets, mails, scanners and other shops' exports, so any order-friendly
//! form is understood: code and quantity and perhaps a unit, between tabs, semicolons, commas or
//! spaces; "12 x HK-1001" and "HK-1001 12 cases" too. Nothing is dropped: what cannot be
//! understood becomes an entry with the line as its code, to be corrected where it stands. Whether
//! a code, quantity or unit is right is decided later; here they are kept as typed.
//!
//! What could mean two things:
//! - `HK 1001` is the code "HK" 1,001 times, since codes may have no digits; `HK 1001 12` has both.
//! - `HK-1001,1,000` has one quantity, "1,000"; with a space after the comma it has a further column.
//! - `HK-1001 1 000` keeps "1 000", which is refused as a quantity: the 1 may be meant. With
//!   a no-break space, as spreadsheets and word processors write thousands, it is a thousand.
//! - "1.000" and "1,000" are for [`parse_quantity`].

mod amount;
mod cells;
mod heads;
mod line;
mod quantity;

#[cfg(test)]
mod tests;

use heads::Columns;
pub use quantity::{MOST_QUANTITY, QuantityFault, parse_quantity};

/// What one paste may hold.
pub const MOST_ROWS: usize = 2_000;
pub const MOST_BYTES: usize = 200 * 1_024;

/// One line as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The line's number in the pasted text, from 1, blank lines and the header counted.
    pub row: u32,
    /// An article number or GTIN; the whole line where it could not be understood.
    pub code: String,
    /// As typed; empty where there was none.
    pub quantity: String,
    /// As typed, without a full stop at its end.
    pub unit: Option<String>,
}

/// Why a paste is not taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasteFault {
    #[error("{rows} rows pasted, at most {MOST_ROWS} go in one")]
    TooManyRows { rows: usize },
    #[error("{bytes} bytes pasted, at most {MOST_BYTES} go in one")]
    TooManyBytes { bytes: usize },
}

/// Reads pasted text into one entry for each line that is neither blank nor the header.
pub fn parse(text: &str) -> Result<Vec<Typed>, PasteFault> {
    if text.len() > MOST_BYTES {
        return Err(PasteFault::TooManyBytes { bytes: text.len() });
    }
    let mut lines = lines(text).peekable();
    let columns = lines
        .peek()
        .and_then(|(_, first)| Columns::of_header(first));
    if columns.is_some() {
        lines.next();
    }
    let lines: Vec<(u32, String)> = lines.collect();
    if lines.len() > MOST_ROWS {
        return Err(PasteFault::TooManyRows { rows: lines.len() });
    }
    let read = |(row, line): (u32, String)| line::read(row, &line, columns.as_ref());
    Ok(lines.into_iter().map(read).collect())
}

/// Reads the rows of a file as if they had been pasted out of a spreadsheet; each comes with its
/// number there.
pub fn parse_rows(
    rows: impl IntoIterator<Item = (u32, Vec<String>)>,
) -> Result<Vec<Typed>, PasteFault> {
    let in_one_line = |cell: &String| cells::plain(&cell.replace('\t', " "));
    let mut lines: Vec<(u32, String)> = rows
        .into_iter()
        .map(|(row, cells)| {
            let cells: Vec<String> = cells.iter().map(in_one_line).collect();
            (row, cells.join("\t"))
        })
        .filter(|(_, line)| !cells::is_blank(line))
        .collect();
    let columns = lines
        .first()
        .and_then(|(_, first)| Columns::of_header(first));
    if columns.is_some() {
        lines.remove(0);
    }
    if lines.len() > MOST_ROWS {
        return Err(PasteFault::TooManyRows { rows: lines.len() });
    }
    let read = |(row, line): (u32, String)| line::read(row, &line, columns.as_ref());
    Ok(lines.into_iter().map(read).collect())
}

/// The lines that have something in them, made plain, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (u32, String)> {
    let text = text.replace("\r\n", "\n");
    let lines: Vec<String> = text
        .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(cells::plain)
        .collect();
    (1..).zip(lines).filter(|(_, line)| !cells::is_blank(line))
}
