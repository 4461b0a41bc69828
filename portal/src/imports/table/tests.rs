use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn read(text: impl Into<Vec<u8>>) -> (Vec<String>, Vec<Row>) {
    let table = Table::from_bytes(text.into()).expect("a table");
    let header = table.header().to_vec();
    (header, table.map(|row| row.expect("a row")).collect())
}

fn row(number: u64, cells: &[&str]) -> Row {
    let cells = cells.iter().map(|&cell| cell.to_owned()).collect();
    Row { number, cells }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

fn error_of(bytes: Vec<u8>) -> String {
    match Table::from_bytes(bytes) {
        Err(error) => error.to_string(),
        Ok(table) => table
            .filter_map(Result::err)
            .last()
            .map_or_else(|| "none".to_owned(), |error| error.to_string()),
    }
}

#[test]
fn comma_semicolon_and_tab_are_told_apart() {
    for text in [
        "sku,name\nA,b c\n",
        "sku;name\nA;b c\n",
        "sku\tname\nA\tb c\n",
    ] {
        let (header, rows) = read(text);
        assert_eq!(header, ["sku", "name"]);
        assert_eq!(rows, [row(2, &["A", "b c"])]);
    }
}

#[test]
fn a_decimal_comma_does_not_make_a_comma_file() {
    let (_, rows) = read("sku;amount\nA;1,50\nB;2,00\n");
    assert_eq!(rows, [row(2, &["A", "1,50"]), row(3, &["B", "2,00"])]);
    let (_, rows) = read("sku;name, long, longer;amount\nA;x;1,50\n");
    assert_eq!(rows, [row(2, &["A", "x", "1,50"])]);
}

#[test]
fn quoted_cells_keep_delimiters_quotes_and_line_breaks() {
    let (_, rows) = read("sku,name\r\nA,\"Duck, \"\"wild\"\"\r\nand rice\"\r\nB,x\r\n");
    assert_eq!(
        rows,
        [
            row(2, &["A", "Duck, \"wild\"\r\nand rice"]),
            row(4, &["B", "x"])
        ]
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_header() {
    let (header, _) = read(b"\xef\xbb\xbfsku;name\nA;b\n".to_vec());
    assert_eq!(header, ["sku", "name"]);
}

#[test]
fn latin_1_rows_and_utf_8_rows_both_read_right() {
    let (_, rows) = read(b"sku;name\nA;M\xfcsli 5 \x80\nB;M\xc3\xbcsli\n".to_vec());
    assert_eq!(rows, [row(2, &["A", "Müsli 5 €"]), row(3, &["B", "Müsli"])]);
}

#[test]
fn blank_lines_are_passed_over_and_counted() {
    let (_, rows) = read("sku;name\n\n;\nA;b\n\n\nC;d\nE;f");
    assert_eq!(
        rows,
        [
            row(4, &["A", "b"]),
            row(7, &["C", "d"]),
            row(8, &["E", "f"])
        ]
    );
    let (_, rows) = read("sku;name\r\n\r\nA;b\r\n\r\nC;\"d\"\r\n");
    assert_eq!(rows, [row(3, &["A", "b"]), row(5, &["C", "d"])]);
    let (_, rows) = read("sku;name\rA;b\rC;d\r");
    assert_eq!(rows.len(), 2);
}

#[test]
fn gzip_is_unpacked_and_a_cut_off_gzip_is_refused() {
    let packed = gzip(b"sku;name\nA;b\n");
    assert_eq!(read(packed.clone()).1, [row(2, &["A", "b"])]);
    let cut = packed[..packed.len() - 6].to_vec();
    assert_eq!(error_of(cut), "The compressed file is damaged or cut off.");
}

#[test]
fn a_table_without_header_gives_its_first_row() {
    let table = Table::without_header(b"AW-1201\t12\nAW-1202\t6\n".to_vec()).expect("a table");
    assert!(table.header().is_empty());
    let rows: Vec<Row> = table.map(|row| row.expect("a row")).collect();
    assert_eq!(
        rows,
        [row(1, &["AW-1201", "12"]), row(2, &["AW-1202", "6"])]
    );
}

#[test]
fn a_workbook_reads_like_the_same_file_in_csv() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "sku").expect("cell");
        sheet.write(0, 1, "gtin").expect("cell");
        sheet.write(0, 3, "amount").expect("cell");
        sheet.write(2, 0, "A").expect("cell");
        sheet.write(2, 1, 4_041_234_000_017_u64).expect("cell");
        sheet.write(2, 2, "=1+1").expect("cell");
        sheet.write(2, 3, 0.1 + 0.2).expect("cell");
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 31).expect("date");
        let format = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
        sheet.write_with_format(2, 4, &date, &format).expect("cell");
    });
    let (header, rows) = read(bytes);
    assert_eq!(header, ["sku", "gtin", "", "amount"]);
    assert_eq!(
        rows,
        [row(3, &["A", "4041234000017", "=1+1", "0.3", "2026-03-31"])]
    );
}

#[test]
fn one_cell_far_out_does_not_ask_for_a_vast_table() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "sku").expect("cell");
        sheet.write(1_048_575, 16_383, "x").expect("cell");
    });
    assert_eq!(error_of(bytes), "Row 1048576 has more than 200 columns.");
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_opened() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("xl/workbook.xml", options)
        .expect("part");
    let block = vec![b' '; 1 << 20];
    for _ in 0..257 {
        archive.write_all(&block).expect("part");
    }
    let bytes = archive.finish().expect("archive").into_inner();
    assert!(bytes.len() < 1 << 20);
    assert_eq!(
        error_of(bytes),
        "Unpacked, the file is larger than 256 MiB."
    );
}

#[test]
fn broken_files_say_what_is_wrong() {
    let start = |bytes: Vec<u8>| error_of(bytes).chars().take(27).collect::<String>();
    assert_eq!(
        start(b"PK\x03\x04 not really".to_vec()),
        "The XLSX file is damaged: i"
    );
    let mut book = workbook(|sheet| {
        sheet.write(0, 0, "sku").expect("cell");
    });
    book.truncate(book.len() / 2);
    assert_eq!(start(book), "The XLSX file is damaged: i");
    assert_eq!(error_of(Vec::new()), "The file is empty.");
    assert_eq!(error_of(b"\n\n".to_vec()), "The file is empty.");
    assert!(error_of(b"\xff\xfes\0k\0".to_vec()).contains("UTF-16"));
    assert_eq!(
        error_of(b"\x00\x01\x02".to_vec()),
        "The file is not text and not XLSX."
    );
    assert!(error_of(b"\xd0\xcf\x11\xe0\xa1".to_vec()).contains(".xls"));
}

#[test]
fn an_open_quote_does_not_swallow_memory() {
    let mut bytes = b"sku;name\nA;\"open\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 4 << 20));
    assert!(
        error_of(gzip(&bytes)).contains("quotation mark"),
        "{}",
        error_of(bytes)
    );
}

#[test]
fn a_cell_too_long_spoils_its_row_only() {
    let long = "é".repeat(MAX_CELL_CHARS + 1);
    let fits = "é".repeat(MAX_CELL_CHARS);
    let text = format!("sku;name\nA;{long}\nB;{fits}\n");
    let rows: Vec<_> = Table::from_bytes(text.into()).expect("a table").collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].as_ref().expect_err("long").row(), Some(2));
    assert_eq!(rows[1].as_ref().expect("fits").number, 3);
}

#[test]
fn too_many_columns_end_the_table() {
    let text = format!("sku,name\n{}\nA\n", "x,".repeat(MAX_COLUMNS));
    assert_eq!(error_of(text.into()), "Row 2 has more than 200 columns.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        for table in [Table::from_bytes(bytes.clone()), Table::without_header(bytes.clone())]
            .into_iter()
            .flatten()
        {
            prop_assert!(table.count() <= bytes.len());
        }
        if let Ok(table) = Table::from_bytes(gzip(&bytes)) {
            prop_assert!(table.count() <= bytes.len());
        }
    }

    #[test]
    fn no_damage_to_a_workbook_makes_the_reader_panic(
        at in 0_usize..6_000,
        with in proptest::collection::vec(any::<u8>(), 1..40),
    ) {
        let mut bytes = workbook(|sheet| {
            for line in 0..20_u32 {
                sheet.write(line, 0, line).expect("cell");
                sheet.write(line, 1, format!("name {line}")).expect("cell");
            }
        });
        let at = at % bytes.len();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(table) = Table::from_bytes(bytes) {
            prop_assert!(table.count() <= 200_000);
        }
    }
}
