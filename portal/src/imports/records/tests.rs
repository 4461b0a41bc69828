use jiff::civil::date;
use proptest::prelude::*;
use trade::calendar::LocalDate;
use trade::quantity::{PackFactor, Unit};
use trade::tax::TaxClass;

use super::*;
use crate::imports::table::Table;
use crate::stock::Incoming;

fn factor(n: i64) -> PackFactor {
    PackFactor::new(n).expect("a factor")
}

fn parse<R: Record>(csv: &str) -> Vec<Result<R, Vec<String>>> {
    let table = Table::from_bytes(csv.into()).expect("a table");
    let layout = Layout::of::<R>(table.header()).expect("a layout");
    let worded = |faults: Vec<Fault>| faults.iter().map(Fault::to_string).collect();
    table
        .map(|row| R::parse(&layout, &row.expect("a row")).map_err(worded))
        .collect()
}

fn one<R: Record>(csv: &str) -> R {
    let mut all = parse::<R>(csv);
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn a_product_reads_from_columns_in_any_order_and_spelling() {
    let product: ProductRow = one(
        "Product Name;Article-Number;EAN;brand;CATEGORY PATH;Order_Unit;units;MOQ;multiple;\
         Tax Class;status;stock policy;substitutes;Notes\n\
         =Duck & Rice 2 kg; aw-1201 ;4006381333931;Auenwild;Dog > Dry food;case;XCS:6|XPX:240;2;2;\
         reduced;Phasing out;strict;AW-1202|AW-1203;x\n",
    );
    assert_eq!(
        product,
        ProductRow {
            sku: "AW-1201".into(),
            gtin: Some("4006381333931".into()),
            name: "=Duck & Rice 2 kg".into(),
            description: None,
            brand: Some("Auenwild".into()),
            category: vec!["Dog".into(), "Dry food".into()],
            base_unit: Unit::Piece,
            order_unit: Unit::Case,
            units: vec![(Unit::Case, factor(6)), (Unit::Pallet, factor(240))],
            moq: 2,
            multiple: 2,
            tax_class: TaxClass::Reduced,
            status: ProductStatus::PhasingOut,
            stock_policy: StockPolicy::Strict,
            substitutes: vec!["AW-1202".into(), "AW-1203".into()],
        }
    );
    assert_eq!(product.pack_factor(Unit::Pallet), Some(factor(240)));
    assert_eq!(product.pack_factor(Unit::Piece), Some(PackFactor::ONE));
    assert_eq!(product.pack_factor(Unit::Kilogram), None);
}

#[test]
fn every_fault_of_a_row_is_reported() {
    let rows = parse::<ProductRow>(
        "sku,name,gtin,order_unit,moq,status\nA B,,4006381333930,bucket,0,gone\nA,Fine,,XCS,1,\n",
    );
    assert_eq!(
        rows[0].clone().expect_err("faults"),
        [
            "row 2: order_unit is not a unit; use a code such as H87 (piece), XCS (case), XPX (pallet)",
            "row 2: sku is not a SKU: letters, digits, - _ and . only, 40 at most",
            "row 2: gtin ends in a wrong check digit; 1 would be right",
            "row 2: name is missing",
            "row 2: moq must be from 1 to 1000000",
            "row 2: status is not one of: active, phasing_out, delisted",
        ]
    );
    assert_eq!(
        rows[1].clone().expect_err("faults"),
        ["row 3: order_unit is neither base_unit nor among units"]
    );
}

#[test]
fn a_header_without_a_needed_column_or_with_one_twice_is_refused() {
    let header = ["EAN", "gtin", "name"].map(str::to_owned);
    let faults = Layout::of::<ProductRow>(&header).expect_err("faults");
    assert_eq!(
        faults,
        [
            Fault::new(1, "gtin", Problem::ColumnTwice),
            Fault::new(1, "sku", Problem::ColumnMissing)
        ]
    );
    let header = ["sku", "Name", "shoe size"].map(str::to_owned);
    let layout = Layout::of::<ProductRow>(&header).expect("layout");
    assert_eq!(layout.ignored, ["shoe size"]);
    assert!(layout.has("name") && !layout.has("gtin"));
}

#[test]
fn cells_beyond_the_header_are_a_fault_unless_empty() {
    let rows = parse::<StockRow>("sku,on_hand\nA,1,\nB,2,3\n");
    assert!(rows[0].is_ok());
    assert_eq!(
        rows[1].clone().expect_err("faults"),
        ["row 3: row holds more cells than the header"]
    );
}

#[test]
fn a_price_reads_with_decimal_comma_and_inclusive_last_day() {
    let price: PriceRow = one(
        "Price list;SKU;Unit;From quantity;Price;Currency;valid from;valid until\n\
         STANDARD;aw-1201;XCS;12;1.234,5;eur;01.01.2026;31.12.2026\n",
    );
    assert_eq!(
        price,
        PriceRow {
            list: "STANDARD".into(),
            sku: "AW-1201".into(),
            unit: Some(Unit::Case),
            min_quantity: 12,
            amount: 12_345_000,
            currency: Some("EUR".into()),
            valid_from: Some(date(2026, 1, 1)),
            last_day: Some(date(2026, 12, 31)),
        }
    );
    let rows = parse::<PriceRow>(
        "list,sku,amount,valid_from,valid_until\nS,A,0,,\nS,A,-1,,\nS,A,1,2026-02-01,2026-01-31\n",
    );
    let texts: Vec<String> = rows
        .into_iter()
        .flat_map(|row| row.expect_err("fault"))
        .collect();
    assert_eq!(
        texts,
        [
            "row 2: amount must be from 0 to 1000000000",
            "row 3: amount must be from 0 to 1000000000",
            "row 4: valid_until lies before valid_from",
        ]
    );
}

#[test]
fn an_account_reads_whole() {
    let account: AccountRow = one(
        "customer number,name,group,parent,country,vat,street,zip,city,terms,credit limit,\
         KAM e-mail,price lists,locale,region\n\
         1001,Zoohandlung Petersen,independent,1000,de,DE123456789,Deich 1,20457,Hamburg,30,\
         \"5.000,00\",Kam@demo.example,STANDARD|NORTH,DE,north\n",
    );
    assert_eq!(account.number, "1001");
    assert_eq!(account.parent.as_deref(), Some("1000"));
    assert_eq!(account.country, "DE");
    assert_eq!(account.credit_limit, Some(500_000));
    assert_eq!(account.payment_terms_days, Some(30));
    assert_eq!(account.kam.as_deref(), Some("kam@demo.example"));
    assert_eq!(account.price_lists, ["STANDARD", "NORTH"]);
    assert_eq!(account.locale.as_deref(), Some("de"));
}

#[test]
fn a_contact_has_a_role() {
    let contact: ContactRow = one("account,mail,name,role\n1001,A@B.example,Anna,Account admin\n");
    assert_eq!(contact.role, ContactRole::Owner);
    assert_eq!(contact.email, "a@b.example");
}

#[test]
fn expected_stock_needs_its_day() {
    let rows = parse::<StockRow>(
        "sku,on_hand,expected_on,expected_quantity\nA,0,2026-02-01,48\nB,-1,,5\n",
    );
    let next = Some(LocalDate(date(2026, 2, 1)));
    assert_eq!(
        rows[0].as_ref().expect("row").incoming.next(),
        (next, Some(48))
    );
    assert_eq!(
        rows[1].clone().expect_err("faults"),
        [
            "row 3: on_hand must be from 0 to 1000000000",
            "row 3: expected_quantity needs expected_on filled in as well"
        ]
    );
}

#[test]
fn several_receipts_stand_in_one_cell() {
    let rows = parse::<StockRow>(
        "sku,on_hand,expected_on,expected_quantity,receipts\n\
         A,0,,,2026-05-01:240|2026-04-01:120\n\
         B,0,2026-04-01,120,2026-04-01:120 01.05.2026:240\n\
         C,0,2026-04-01,60,2026-04-01:120\n\
         D,0,,,soon\n",
    );
    let both = Incoming::of([(date(2026, 4, 1), 120), (date(2026, 5, 1), 240)]);
    assert_eq!(rows[0].as_ref().expect("row").incoming, both);
    assert_eq!(rows[1].as_ref().expect("row").incoming, both);
    assert_eq!(
        rows[2].clone().expect_err("a fault"),
        ["row 4: receipts says otherwise than expected_on and expected_quantity"]
    );
    assert_eq!(
        rows[3].clone().expect_err("a fault"),
        [
            "row 5: receipts is not a list of days with quantities such as \
          2026-04-01:120|2026-05-01:240, 50 at most"
        ]
    );
}

#[test]
fn negative_quantities_and_numbers_with_c_are_credit_notes() {
    let rows = parse::<OrderRow>(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n\
         536365,85123A,6,2010-12-01 08:26:00,2.55,17850\n\
         C536379,85123a,-1,2010-12-01 09:41:00,2.55,17850\n\
         536380,85123A,-2,2010-12-01,2.55,17850\n\
         536381,85123A,0,x,0,17850\n",
    );
    let kinds: Vec<_> = rows[..3]
        .iter()
        .map(|row| row.as_ref().expect("row"))
        .collect();
    assert_eq!(kinds[0].kind, OrderKind::Order);
    assert_eq!(
        (kinds[1].kind, kinds[1].quantity),
        (OrderKind::CreditNote, 1)
    );
    assert_eq!(kinds[1].sku, "85123A");
    assert_eq!(
        (kinds[2].kind, kinds[2].quantity),
        (OrderKind::CreditNote, 2)
    );
    assert_eq!(rows[3].clone().expect_err("faults").len(), 3);
}

#[test]
fn a_contract_has_a_party_and_a_target() {
    let rows = parse::<ContractRow>(
        "number,account,group,target,percent,valid_from,valid_until,priority\n\
         C-1,1001,,brand: Auenwild,\"7,5%\",2026-01-01,2026-12-31,10\n\
         C-2,,chain,category:Dog > Dry food,5,,,\n\
         C-3,,,all,5,,,\n\
         C-4,1,,wish:x,100,,,\n",
    );
    let first = rows[0].as_ref().expect("row");
    assert_eq!(first.target, Discounted::Brand("Auenwild".into()));
    assert_eq!((first.discount_basis_points, first.priority), (750, 10));
    let second = rows[1].as_ref().expect("row");
    assert_eq!(second.party, Some(Party::Group("chain".into())));
    assert_eq!(
        second.target,
        Discounted::Category(vec!["Dog".into(), "Dry food".into()])
    );
    assert_eq!(
        rows[2].clone().expect_err("fault"),
        ["row 4: account needs either an account or a group"]
    );
    assert_eq!(rows[3].clone().expect_err("faults").len(), 2);
}

fn read_all<R: Record>(bytes: &[u8]) {
    let Ok(table) = Table::from_bytes(bytes.to_vec()) else {
        return;
    };
    let Ok(layout) = Layout::of::<R>(table.header()) else {
        return;
    };
    for row in table.flatten() {
        let _ = R::parse(&layout, &row);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_cells_make_a_record_panic(cells in proptest::collection::vec("\\PC{0,12}|[-+0-9.,:| ]{0,24}", 16)) {
        fn with<R: Record>(cells: &[String]) {
            let header: Vec<String> = R::COLUMNS.iter().map(|c| c.name.to_owned()).collect();
            let layout = Layout::of::<R>(&header).expect("layout");
            let row = Row { number: 2, cells: cells.to_vec() };
            let _ = R::parse(&layout, &row);
        }
        with::<ProductRow>(&cells);
        with::<PriceRow>(&cells);
        with::<AccountRow>(&cells);
        with::<ContactRow>(&cells);
        with::<StockRow>(&cells);
        with::<OrderRow>(&cells);
        with::<ContractRow>(&cells);
    }

    #[test]
    fn no_bytes_make_a_record_panic(tail in proptest::collection::vec(any::<u8>(), 0..600)) {
        let bytes = |header: &str| [header.as_bytes(), b"\n", &tail].concat();
        read_all::<ProductRow>(&bytes("sku,name,gtin,units,moq"));
        read_all::<PriceRow>(&bytes("list;sku;amount;valid_from"));
        read_all::<OrderRow>(&bytes("order\tdate\taccount\tsku\tqty\tprice"));
        read_all::<ContractRow>(&bytes("number,account,target,percent"));
    }
}
