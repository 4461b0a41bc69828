//! The first sheet of an XLSX workbook as rows of text, within limits.
//!
//! A workbook is a zip of XML, so a few kilobytes can unpack to gigabytes, and one cell in the last
//! row of the last column can ask for a table of seventeen billion cells. So the archive is
//! unpacked once into nothing, counting, before the real reader sees it, and cells are taken one by
//! one instead of as a rectangle.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};

use super::table::{MAX_COLUMNS, MAX_ROWS, Row, TableError};

/// Bytes of the workbook as it arrives.
const MAX_PACKED: u64 = 64 << 20;
/// Bytes of all its parts once unpacked; the shared texts of a workbook are held in memory.
const MAX_UNPACKED: u64 = 256 << 20;
/// A workbook has a few dozen parts.
const MAX_PARTS: usize = 2_000;

pub fn rows(mut bytes: Box<dyn Read + Send>) -> Result<Vec<Row>, TableError> {
    let mut packed = Vec::new();
    bytes
        .by_ref()
        .take(MAX_PACKED.saturating_add(1))
        .read_to_end(&mut packed)
        .map_err(broken)?;
    if u64::try_from(packed.len()).unwrap_or(u64::MAX) > MAX_PACKED {
        return Err(too_large(MAX_PACKED));
    }
    refuse_bombs(&packed)?;
    // The reader is not ours and the file is a stranger's: should it panic on one, the file is
    // refused like any other broken one.
    catch_unwind(AssertUnwindSafe(|| first_sheet(packed)))
        .unwrap_or_else(|_| Err(broken("its contents contradict each other")))
}

fn refuse_bombs(packed: &[u8]) -> Result<(), TableError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(packed)).map_err(broken)?;
    if archive.len() > MAX_PARTS {
        return Err(too_large(MAX_UNPACKED));
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        // What the archive claims a part to be is the sender's word; unpacking shows.
        let unpacked = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink());
        left = left
            .checked_sub(unpacked.map_err(broken)?)
            .ok_or_else(|| too_large(MAX_UNPACKED))?;
    }
    Ok(())
}

fn first_sheet(packed: Vec<u8>) -> Result<Vec<Row>, TableError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(broken)?;
    let name = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or(TableError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    // Cells may stand in any order in a hand-made file; a map puts them right.
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let number = u64::from(row).saturating_add(1);
        if number > MAX_ROWS {
            return Err(TableError::TooManyRows { limit: MAX_ROWS });
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            return Err(TableError::TooManyColumns {
                row: number,
                limit: MAX_COLUMNS,
            });
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column.saturating_add(1), String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
    }
    let row = |(row, cells)| Row {
        number: u64::from(row).saturating_add(1),
        cells,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// A cell as a person reads it in the sheet, without the spreadsheet's decoration.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(instant) => date_text(instant),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) => Data::from(value.clone()).to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Fifteen significant digits, as Excel shows them: 0.1 + 0.2 is 0.3, a GTIN stays a GTIN.
fn number_text(number: f64) -> String {
    let shown = format!("{number:.14e}");
    shown.parse::<f64>().unwrap_or(number).to_string()
}

fn date_text(instant: &ExcelDateTime) -> String {
    if instant.is_duration() || !(0.0..3_000_000.0).contains(&instant.as_f64()) {
        return number_text(instant.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn broken(reason: impl std::fmt::Display) -> TableError {
    TableError::BrokenSpreadsheet {
        reason: reason.to_string(),
    }
}

fn too_large(limit: u64) -> TableError {
    TableError::TooLarge {
        limit_mib: limit >> 20,
    }
}
