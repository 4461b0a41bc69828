//! A table out of a file somebody sent: CSV in whichever dialect their spreadsheet writes, or XLSX.
//!
//! What always holds: a CSV file is streamed, so its size on disk does not matter to memory; every
//! row knows the number people see beside it in their spreadsheet or editor; nothing in the bytes
//! can make the reader panic or grow without bound.
//!
//! ```
//! use portal::imports::table::Table;
//! let table = Table::from_bytes("SKU;Menge\nAW-1201;12\n".into()).expect("a table");
//! assert_eq!(table.header(), ["SKU", "Menge"]);
//! let row = table.last().expect("a row").expect("readable");
//! assert_eq!((row.number, row.cells), (2, vec!["AW-1201".to_owned(), "12".to_owned()]));
//! ```

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use thiserror::Error;

use super::spreadsheet;

/// More rows than any brand's file has; a guard against files made to hurt.
pub const MAX_ROWS: u64 = 2_000_000;
pub const MAX_COLUMNS: usize = 200;
pub const MAX_CELL_CHARS: usize = 4_096;
/// Bytes of a CSV file once unpacked.
const MAX_UNPACKED: u64 = 2 << 30;
/// Bytes the reader may take in for one row: an opening quote that never closes stops here.
const MAX_ROW_BYTES: u64 = 1 << 20;
/// How much of the file the dialect is judged by.
const SAMPLE_BYTES: usize = 64 << 10;

/// Why a file, or a row of it, could not be read.
#[derive(Debug, Error)]
pub enum TableError {
    #[error("The file could not be read: {0}")]
    Io(#[from] io::Error),
    #[error("The file is empty.")]
    Empty,
    #[error("The file is in UTF-16. Save it as \"CSV UTF-8\" or as XLSX.")]
    Utf16,
    #[error("This is an old Excel file (.xls). Save it as XLSX or CSV.")]
    OldExcel,
    #[error("The file is not text and not XLSX.")]
    NotATable,
    #[error("The XLSX file is damaged: {reason}")]
    BrokenSpreadsheet { reason: String },
    #[error("The compressed file is damaged or cut off.")]
    BrokenGzip,
    #[error("Unpacked, the file is larger than {limit_mib} MiB.")]
    TooLarge { limit_mib: u64 },
    #[error("The file has more than {limit} rows. Split it.")]
    TooManyRows { limit: u64 },
    #[error("Row {row} has more than {limit} columns.")]
    TooManyColumns { row: u64, limit: usize },
    #[error("Row {row} is longer than {limit} bytes. Is a quotation mark left open before it?")]
    RowTooLong { row: u64, limit: u64 },
    #[error("Row {row}, column {column}: the cell has more than {limit} characters.")]
    CellTooLong {
        row: u64,
        column: usize,
        limit: usize,
        cells: Vec<String>,
    },
}

impl TableError {
    /// The row this is about, where the rows after it can still be read.
    pub fn row(&self) -> Option<u64> {
        if let Self::CellTooLong { row, .. } = self {
            Some(*row)
        } else {
            None
        }
    }
}

/// One row, its cells trimmed of surrounding white space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As shown by a spreadsheet or an editor: the header is row 1.
    pub number: u64,
    pub cells: Vec<String>,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// A header and the rows under it, read as they are asked for.
pub struct Table {
    header: Vec<String>,
    held_back: Option<Row>,
    source: Source,
    rows_read: u64,
    done: bool,
}

enum Source {
    Csv(Box<CsvRows>),
    Sheet(std::vec::IntoIter<Row>),
}

impl Table {
    /// Opens a file on disk; its name does not matter, its first bytes do.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        Self::read(Box::new(File::open(path)?), Heading::FirstRow)
    }

    /// Reads an uploaded file.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, TableError> {
        Self::read(Box::new(Cursor::new(bytes)), Heading::FirstRow)
    }

    /// Reads a table whose first row is already data, as scanners and quick hands write it. The
    /// caller may still find words in that row and treat it as a header.
    pub fn without_header(bytes: Vec<u8>) -> Result<Self, TableError> {
        Self::read(Box::new(Cursor::new(bytes)), Heading::None)
    }

    /// The words of the first row; empty for a table without a header.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    fn read(raw: Box<dyn Read + Send>, heading: Heading) -> Result<Self, TableError> {
        let (sample, bytes) = peek(raw, 4)?;
        let source = match sample.as_slice() {
            [0x1f, 0x8b, ..] => Self::unpacked(MultiGzDecoder::new(BufReader::new(bytes)))?,
            [b'P', b'K', 3 | 5, ..] => Source::Sheet(spreadsheet::rows(bytes)?.into_iter()),
            [0xd0, 0xcf, 0x11, 0xe0] => return Err(TableError::OldExcel),
            _ => Source::Csv(Box::new(CsvRows::new(bytes)?)),
        };
        let mut table = Self {
            header: Vec::new(),
            held_back: None,
            source,
            rows_read: 0,
            done: false,
        };
        let first = table.next().ok_or(TableError::Empty)??;
        match heading {
            Heading::FirstRow => table.header = first.cells,
            Heading::None => table.held_back = Some(first),
        }
        Ok(table)
    }

    /// What is inside a gzip file: CSV, or now and then a packed XLSX.
    fn unpacked(
        gzip: MultiGzDecoder<BufReader<Box<dyn Read + Send>>>,
    ) -> Result<Source, TableError> {
        let (sample, bytes) = peek(Box::new(gzip), 4).map_err(|_| TableError::BrokenGzip)?;
        match sample.as_slice() {
            [b'P', b'K', 3 | 5, ..] => Ok(Source::Sheet(spreadsheet::rows(bytes)?.into_iter())),
            _ => Ok(Source::Csv(Box::new(CsvRows::new(bytes)?))),
        }
    }

    fn next_of_source(&mut self) -> Option<Result<Row, TableError>> {
        match &mut self.source {
            Source::Sheet(rows) => rows.next().map(|row| checked(row.number, row.cells)),
            Source::Csv(rows) => rows.next_row().transpose(),
        }
    }
}

#[derive(Clone, Copy)]
enum Heading {
    FirstRow,
    None,
}

impl Iterator for Table {
    type Item = Result<Row, TableError>;

    /// Blank rows are passed over. After an error that [`TableError::row`] knows, reading goes on;
    /// after any other the table has ended.
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.held_back.take() {
            return Some(Ok(row));
        }
        while !self.done {
            let item = self.next_of_source();
            self.rows_read = self.rows_read.saturating_add(1);
            let item = match item {
                Some(_) if self.rows_read > MAX_ROWS => {
                    Some(Err(TableError::TooManyRows { limit: MAX_ROWS }))
                }
                Some(Ok(row)) if row.is_blank() => continue,
                other => other,
            };
            self.done = match &item {
                None => true,
                Some(Err(error)) => error.row().is_none(),
                Some(Ok(_)) => false,
            };
            return item;
        }
        None
    }
}

/// Holds a row against the limits.
fn checked(number: u64, cells: Vec<String>) -> Result<Row, TableError> {
    if cells.len() > MAX_COLUMNS {
        return Err(TableError::TooManyColumns {
            row: number,
            limit: MAX_COLUMNS,
        });
    }
    let too_long =
        |cell: &String| cell.len() > MAX_CELL_CHARS && cell.chars().count() > MAX_CELL_CHARS;
    match cells.iter().position(too_long) {
        Some(at) => Err(TableError::CellTooLong {
            row: number,
            column: at.saturating_add(1),
            limit: MAX_CELL_CHARS,
            cells,
        }),
        None => Ok(Row { number, cells }),
    }
}

/// The first bytes, and a reader that still begins with them.
fn peek(
    mut raw: Box<dyn Read + Send>,
    bytes: usize,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut sample = Vec::with_capacity(bytes);
    let wanted = u64::try_from(bytes).unwrap_or(u64::MAX);
    raw.by_ref().take(wanted).read_to_end(&mut sample)?;
    let whole = Cursor::new(sample.clone()).chain(raw);
    Ok((sample, Box::new(whole)))
}

/// The rows of a CSV file, each read within a budget of bytes.
struct CsvRows {
    reader: csv::Reader<Rationed>,
    record: csv::ByteRecord,
}

impl CsvRows {
    fn new(bytes: Box<dyn Read + Send>) -> Result<Self, TableError> {
        let (mut sample, mut bytes) = peek(bytes, SAMPLE_BYTES).map_err(io_fault)?;
        match sample.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(TableError::Utf16),
            [0xef, 0xbb, 0xbf, ..] => {
                let mut mark = [0; 3];
                bytes.read_exact(&mut mark)?;
                sample.drain(..3);
            }
            _ => {}
        }
        if sample.contains(&0) {
            return Err(TableError::NotATable);
        }
        // Ending rows at the line feed alone keeps the count of lines right in files that end them
        // with both characters; files that have none end them with the carriage return.
        let terminator = match sample.contains(&b'\n') {
            true => csv::Terminator::Any(b'\n'),
            false => csv::Terminator::CRLF,
        };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(terminator)
            .delimiter(delimiter(&sample))
            .from_reader(Rationed {
                inner: bytes,
                row_left: 0,
                file_left: MAX_UNPACKED,
            });
        Ok(Self {
            reader,
            record: csv::ByteRecord::new(),
        })
    }

    fn next_row(&mut self) -> Result<Option<Row>, TableError> {
        self.reader.get_mut().row_left = MAX_ROW_BYTES;
        let more = self.reader.read_byte_record(&mut self.record);
        let line = self.line();
        match more {
            Ok(false) => Ok(None),
            Ok(true) if self.record.len() > MAX_COLUMNS => Err(TableError::TooManyColumns {
                row: line,
                limit: MAX_COLUMNS,
            }),
            Ok(true) => checked(line, decoded(&self.record)).map(Some),
            Err(error) => Err(self.fault(error)),
        }
    }

    /// The line the record begins on. The reader notes where it began to look, which is before any
    /// blank lines, so the count goes back from the end; a last line may lack its line feed.
    fn line(&self) -> u64 {
        let inside = self
            .record
            .as_slice()
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        let inside = u64::try_from(inside).unwrap_or(u64::MAX);
        let began = self.record.position().map_or(0, csv::Position::line);
        let ended = self.reader.position().line();
        began.max(ended.saturating_sub(inside).saturating_sub(1))
    }

    fn fault(&mut self, error: csv::Error) -> TableError {
        let row = self.reader.position().line();
        let rationed = self.reader.get_mut();
        if rationed.file_left == 0 {
            return TableError::TooLarge {
                limit_mib: MAX_UNPACKED >> 20,
            };
        }
        if rationed.row_left == 0 {
            return TableError::RowTooLong {
                row,
                limit: MAX_ROW_BYTES,
            };
        }
        if let csv::ErrorKind::Io(error) = error.into_kind() {
            io_fault(error)
        } else {
            TableError::NotATable
        }
    }
}

/// flate2 reports damage as invalid input or data, and a cut-off file as its unexpected end.
fn io_fault(error: io::Error) -> TableError {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    if matches!(error.kind(), InvalidInput | InvalidData | UnexpectedEof) {
        TableError::BrokenGzip
    } else {
        TableError::Io(error)
    }
}

/// Cells as text. Judged row by row, since one old row must not spoil a file that is otherwise
/// UTF-8, and a look at the whole file first would mean reading it twice.
fn decoded(record: &csv::ByteRecord) -> Vec<String> {
    let utf8 = std::str::from_utf8(record.as_slice()).is_ok();
    let text = |cell: &[u8]| {
        if utf8 {
            String::from_utf8_lossy(cell).trim().to_owned()
        } else {
            // Windows-1252 has a character for every byte of Latin-1 that prints.
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell);
            text.trim().to_owned()
        }
    };
    record.iter().map(text).collect()
}

/// A reader that gives out only so many bytes for a row and for the file.
struct Rationed {
    inner: Box<dyn Read + Send>,
    row_left: u64,
    file_left: u64,
}

impl Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.row_left == 0 || self.file_left == 0 {
            return Err(io::Error::other("more than the ration"));
        }
        let read = self.inner.read(buffer)?;
        let taken = u64::try_from(read).unwrap_or(u64::MAX);
        self.row_left = self.row_left.saturating_sub(taken);
        self.file_left = self.file_left.saturating_sub(taken);
        Ok(read)
    }
}

/// The mark that parts cells in every line, or else the one most used in the first line. Tab before
/// semicolon before comma where they tie: commas occur in names and decimals, tabs in neither.
fn delimiter(sample: &[u8]) -> u8 {
    let candidates = [b'\t', b';', b','];
    let mut best = (0, 0, b',');
    for candidate in candidates.into_iter().rev() {
        let counts = counts_by_line(sample, candidate);
        let in_every = counts.iter().copied().min().unwrap_or(0);
        let in_first = counts.first().copied().unwrap_or(0);
        if (in_every.min(1), in_first) >= (best.0, best.1) {
            best = (in_every.min(1), in_first, candidate);
        }
    }
    best.2
}

/// How often a mark stands outside quotes in each of the first lines.
fn counts_by_line(sample: &[u8], mark: u8) -> Vec<usize> {
    let mut counts = Vec::new();
    let (mut count, mut quoted, mut blank) = (0_usize, false, true);
    for &byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if !blank {
                    counts.push(count);
                }
                if counts.len() == 20 {
                    return counts;
                }
                (count, blank) = (0, true);
                continue;
            }
            _ if byte == mark && !quoted => count = count.saturating_add(1),
            _ => {}
        }
        blank = blank && byte.is_ascii_whitespace();
    }
    // The sample may end in the middle of a line, which then proves nothing unless it is the only one.
    if counts.is_empty() && !blank {
        counts.push(count);
    }
    counts
}

#[cfg(test)]
mod tests;
