use super::*;

const HEADER: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

fn read(rows: &[&str]) -> (Wholesaler, String) {
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let table = Table::from_bytes(text.into_bytes()).expect("a table");
    let mut rejected = RejectedRows::new(Vec::new(), table.header()).expect("a writer");
    let all = Wholesaler::read(table, &mut rejected, |_| {}).expect("read");
    let out = String::from_utf8(rejected.finish().expect("bytes")).expect("text");
    (all, out)
}

#[test]
fn every_row_is_a_line_or_rejected_with_its_reason() {
    let (all, rejected) = read(&[
        "536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
        "536365,85123a,WHITE HANGING  HEART T-LIGHT HOLDER,2,2010-12-01 08:26:00,2.95,17850,United Kingdom",
        "C536379,85123A,CREAM HANGING HEART,-1,2010-12-01 09:41:00,2.55,12431,Australia",
        "536370,POST,POSTAGE,3,2010-12-01 08:45:00,18,12583,France",
        "536414,22139,,56,2010-12-01 11:52:00,0,,United Kingdom",
        "536415,22139,RETROSPOT TEA SET,56,2010-12-01 11:52:00,0,17850,United Kingdom",
        "536416,22139,RETROSPOT TEA SET,-5,2010-12-01 11:52:00,1,17850,United Kingdom",
        "536417,22139,RETROSPOT TEA SET,x,2010-12-01 11:52:00,1,17850,United Kingdom",
        "536418,22 139,RETROSPOT TEA SET,1,2010-12-01 11:52:00,1,17850,United Kingdom",
    ]);
    let tally = all.tally;
    assert_eq!(
        tally,
        Tally {
            rows: 9,
            order_lines: 2,
            credit_lines: 1,
            no_customer: 1,
            service: 1,
            no_price: 1,
            negative: 1,
            unreadable: 2,
        }
    );
    assert_eq!(
        tally.order_lines + tally.credit_lines + tally.rejected(),
        tally.rows
    );
    assert_eq!(rejected.lines().count(), 1 + 6);
    assert!(
        rejected.contains("\n5,StockCode,\"is a service, fee or voucher, not goods\",536370,POST,")
    );
}

#[test]
fn the_pieces_fit_together() {
    let (all, _) = read(&[
        "536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
        "536366,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-02 08:26:00,2.95,13047,EIRE",
        "536366,22423,REGENCY CAKESTAND 3 TIER,1,2010-12-02 08:27:00,12.75,13047,EIRE",
        "536367,85123A,WRONGLY NAMED,6,2010-12-03 08:26:00,2.55,13047,France",
    ]);
    let products: Vec<ProductRow> = all.products().collect();
    assert_eq!(products[0].sku, "22423");
    assert_eq!(products[0].name, "Regency cakestand 3 tier");
    assert_eq!(products[0].category, ["Kitchen & dining", "Baking"]);
    assert_eq!(products[1].name, "White hanging heart T-light holder");
    let prices: Vec<(String, i64)> = all.prices().map(|row| (row.sku, row.amount)).collect();
    assert_eq!(
        prices,
        [("22423".to_owned(), 127_500), ("85123A".to_owned(), 25_500)]
    );
    assert_eq!(
        all.prices().next().and_then(|row| row.valid_from),
        Some(jiff::civil::date(2010, 12, 1))
    );
    let accounts: Vec<AccountRow> = all.accounts().collect();
    assert_eq!(accounts[0].number, "13047");
    assert_eq!(accounts[0].country, "FR");
    assert!(accounts[0].name.ends_with("13047"));
    let invoice = &all.documents()[1];
    assert_eq!(
        (invoice.number.as_str(), all.account_of(invoice)),
        ("536366", "13047")
    );
    let lines: Vec<(&str, i64, i64)> = all.lines_of(invoice).collect();
    assert_eq!(lines, [("85123A", 6, 29_500), ("22423", 1, 127_500)]);
}

#[test]
fn another_file_is_refused_by_the_column_it_lacks() {
    let table = Table::from_bytes(b"sku,name\nA,b\n".to_vec()).expect("a table");
    let mut rejected = RejectedRows::new(Vec::new(), table.header()).expect("a writer");
    let error = Wholesaler::read(table, &mut rejected, |_| {}).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "This is not the Online Retail file: column InvoiceNo is missing."
    );
}

#[test]
fn names_of_shops_are_theirs_alone_and_never_change() {
    assert_eq!(words::shop("17850"), words::shop("17850"));
    let names: std::collections::HashSet<String> = (12_000..19_000)
        .map(|number| words::shop(&number.to_string()))
        .collect();
    assert_eq!(names.len(), 7_000);
}

/// The whole file, where the machine has it: `ONLINE_RETAIL=online_retail_raw.csv.gz`.
#[test]
fn the_whole_file_adds_up() {
    let Some(path) = std::env::var_os("ONLINE_RETAIL") else {
        println!("skipped: ONLINE_RETAIL names no file");
        return;
    };
    let table = Table::open(std::path::Path::new(&path)).expect("a table");
    let mut rejected = RejectedRows::new(io::sink(), table.header()).expect("a writer");
    let all = Wholesaler::read(table, &mut rejected, |_| {}).expect("read");
    let tally = all.tally;
    assert_eq!(tally.rows, 541_909);
    assert_eq!(
        tally.order_lines + tally.credit_lines + tally.rejected(),
        541_909
    );
    assert_eq!(rejected.rows(), tally.rejected());
    let mut categories: HashMap<Vec<String>, usize> = HashMap::new();
    for product in all.products() {
        *categories.entry(product.category).or_default() += 1;
    }
    println!(
        "{tally:?} {} products {} accounts {} documents {categories:#?}",
        all.goods.len(),
        all.customers.len(),
        all.documents.len()
    );
    let lines: usize = all
        .documents
        .iter()
        .map(|document| document.lines.len())
        .sum();
    assert_eq!(
        u64::try_from(lines),
        Ok(tally.order_lines + tally.credit_lines)
    );
}
