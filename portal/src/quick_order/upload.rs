//! A file of rows, CSV or XLSX, read as if it had been pasted.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, web};
use futures_util::StreamExt as _;

use super::paste::{self, MOST_ROWS, PasteFault, Typed};
use super::web::{answer, fault_words, keep, too_many_words};
use crate::auth::caller::Buyer;
use crate::error::{Error, Result};
use crate::imports::table::{Table, TableError};
use crate::web::fields::check_token;
use crate::web::form::FormState;
use crate::web::shape::Message;
use crate::web::{Fields, Page};

/// The largest file.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// What is read and thrown away of a larger one, so that its sender hears why it was refused.
const MOST_DRAINED: usize = 64 * 1024 * 1024;
/// The form's token is shorter.
const MOST_TOKEN_BYTES: usize = 1_024;
/// Rows that are read before a file is given up: for saying how many there are.
const MOST_COUNTED: usize = 100_000;

/// What was sent.
#[derive(Debug, Default)]
struct Sent {
    token: String,
    file: Vec<u8>,
    too_large: bool,
    /// It ended in the middle, or is not what it says.
    broken: bool,
}

/// Why a file is not taken.
#[derive(Debug)]
enum FileFault {
    Table(TableError),
    Paste(PasteFault),
}

/// POST `/quick-order/upload`: `csrf`, `file`.
///
/// # Errors
/// `FormExpired` without the form's token; whatever the database says.
pub async fn upload(
    page: Page,
    who: Buyer,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    let sent = receive(&request, body.into_inner()).await?;
    let refuse = |status, message| {
        let form = FormState::new().error("file", message);
        answer(&page, &who, status, form)
    };
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if sent.broken {
        return refuse(unprocessable, Message::new("error-file-unreadable")).await;
    }
    if sent.too_large {
        let message = Message::new("error-file-too-large").with("most", 10);
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, message).await;
    }
    if sent.file.is_empty() {
        return refuse(unprocessable, Message::new("error-file-missing")).await;
    }
    let typed = match web::block(move || read(sent.file)).await? {
        Ok(typed) if typed.is_empty() => {
            return refuse(unprocessable, Message::new("error-file-empty")).await;
        }
        Ok(typed) => typed,
        Err(fault) => return refuse(unprocessable, file_words(&fault)).await,
    };
    match keep(&page, &who, &typed).await? {
        Ok(()) => Ok(page.redirect("/quick-order")),
        Err(too_many) => refuse(unprocessable, too_many_words(too_many)).await,
    }
}

/// Reads the form, which a browser sends in parts. Its token is checked whatever else is wrong.
async fn receive(request: &HttpRequest, mut body: Payload) -> Result<Sent> {
    let kind = request
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        Fields::from_request(request, &mut body).await?;
        return Ok(Sent::default());
    }
    let mut sent = Sent::default();
    let read = read_parts(Multipart::new(request.headers(), body), &mut sent).await;
    check_token(request, &sent.token)?;
    match read {
        Ok(()) => Ok(sent),
        Err(Part::TooMuch) => Err(Error::TooLarge),
        Err(Part::Broken(error)) => {
            tracing::debug!(%error, "an upload that cannot be read");
            sent.broken = true;
            Ok(sent)
        }
    }
}

/// Why a part could not be read.
enum Part {
    Broken(MultipartError),
    TooMuch,
}

async fn read_parts(mut body: Multipart, sent: &mut Sent) -> Result<(), Part> {
    let mut drained = 0;
    while let Some(field) = body.next().await {
        let mut field = field.map_err(Part::Broken)?;
        match field.name().unwrap_or_default() {
            "csrf" => {
                let (bytes, _) = take(&mut field, MOST_TOKEN_BYTES, &mut drained).await?;
                sent.token = String::from_utf8_lossy(&bytes).into_owned();
            }
            "file" => {
                (sent.file, sent.too_large) = take(&mut field, MOST_BYTES, &mut drained).await?;
            }
            _ => {
                take(&mut field, 0, &mut drained).await?;
            }
        }
    }
    Ok(())
}

/// The first `most` bytes of a field, and whether there were more.
async fn take(
    field: &mut Field,
    most: usize,
    drained: &mut usize,
) -> Result<(Vec<u8>, bool), Part> {
    let mut bytes = Vec::new();
    let mut more = false;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(Part::Broken)?;
        if more || bytes.len() + chunk.len() > most {
            more = true;
            *drained += chunk.len();
            if *drained > MOST_DRAINED {
                return Err(Part::TooMuch);
            }
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, more))
}

fn read(bytes: Vec<u8>) -> Result<Vec<Typed>, FileFault> {
    let table = Table::without_header(bytes).map_err(FileFault::Table)?;
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    for row in table {
        let row = row.map_err(FileFault::Table)?;
        rows.push((u32::try_from(row.number).unwrap_or(u32::MAX), row.cells));
        if rows.len() > MOST_COUNTED {
            return Err(FileFault::Paste(PasteFault::TooManyRows {
                rows: rows.len(),
            }));
        }
    }
    paste::parse_rows(rows).map_err(FileFault::Paste)
}

fn file_words(fault: &FileFault) -> Message {
    let error = match fault {
        FileFault::Paste(fault) => return fault_words(*fault),
        FileFault::Table(error) => error,
    };
    let row = |row: u64| {
        let row = i64::try_from(row).unwrap_or(i64::MAX);
        Message::new("error-file-row").with("row", row)
    };
    match error {
        TableError::Empty => Message::new("error-file-empty"),
        TableError::Utf16 => Message::new("error-file-utf16"),
        TableError::OldExcel => Message::new("error-file-old-excel"),
        TableError::BrokenSpreadsheet { .. } | TableError::BrokenGzip => {
            Message::new("error-file-damaged")
        }
        TableError::TooManyRows { limit } => {
            let rows = i64::try_from(*limit).unwrap_or(i64::MAX);
            let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX);
            Message::new("error-too-many-rows")
                .with("rows", rows)
                .with("most", most)
        }
        TableError::TooManyColumns { row: at, .. }
        | TableError::RowTooLong { row: at, .. }
        | TableError::CellTooLong { row: at, .. } => row(*at),
        TableError::TooLarge { .. } => Message::new("error-file-too-large").with("most", 10),
        TableError::Io(_) | TableError::NotATable => Message::new("error-file-unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, String, String, Option<String>)> {
        let typed = read(bytes.to_vec()).expect("a file that can be read");
        typed
            .into_iter()
            .map(|row| (row.row, row.code, row.quantity, row.unit))
            .collect()
    }

    fn row(
        at: u32,
        code: &str,
        quantity: &str,
        unit: Option<&str>,
    ) -> (u32, String, String, Option<String>) {
        (at, code.into(), quantity.into(), unit.map(Into::into))
    }

    #[test]
    fn a_file_is_read_with_its_header_and_without() {
        let expected = |first| {
            vec![
                row(first, "HK-1001", "12", None),
                row(first + 1, "HK-1002", "6", None),
            ]
        };
        assert_eq!(rows(b"SKU;Menge\nHK-1001;12\nHK-1002;6\n"), expected(2));
        assert_eq!(rows(b"HK-1001;12\nHK-1002;6\n"), expected(1));
        assert_eq!(rows(b"HK-1001 12\nHK-1002 6\n"), expected(1));
    }

    #[test]
    fn columns_stand_where_the_header_says() {
        let file = b"Name,EAN,Unit,Quantity\n\"Dog, adult\",4006381333931,case,2\n";
        assert_eq!(rows(file), [row(2, "4006381333931", "2", Some("case"))]);
    }

    #[test]
    fn latin_1_is_understood() {
        let file = b"Artikelnummer;Menge;Einheit\nHK-1001;12;St\xfcck\n";
        assert_eq!(rows(file), [row(2, "HK-1001", "12", Some("Stück"))]);
    }

    #[test]
    fn what_is_no_table_is_said_in_words() {
        let words = |bytes: &[u8]| {
            let fault = read(bytes.to_vec()).expect_err("no table");
            file_words(&fault).key
        };
        assert_eq!(words(b""), "error-file-empty");
        assert_eq!(words(b"PK\x03\x04 broken"), "error-file-damaged");
        assert_eq!(words(b"\xff\xfeH\0K\0"), "error-file-utf16");
        assert_eq!(
            words(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
            "error-file-old-excel"
        );
        assert_eq!(words(b"HK\0\0\0"), "error-file-unreadable");
        let many = "HK-1001;1\n".repeat(2_001);
        assert_eq!(words(many.as_bytes()), "error-too-many-rows");
    }
}
