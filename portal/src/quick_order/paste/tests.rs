use proptest::prelude::*;

use super::*;
use crate::web::locale::Lang;

type Line<'a> = (&'a str, &'a str, &'a str, Option<&'a str>);

/// Reads each line by itself and returns those that say something else.
fn wrong(table: &[Line<'_>]) -> Vec<String> {
    let said = |entries: &[Typed]| match entries {
        [one] => format!(
            "{:?} {:?} {:?}",
            one.code,
            one.quantity,
            one.unit.as_deref()
        ),
        other => format!("{other:?}"),
    };
    table
        .iter()
        .filter_map(|(text, code, quantity, unit)| {
            let found = said(&parse(text).unwrap());
            let expected = format!("{code:?} {quantity:?} {unit:?}");
            (found != expected).then(|| format!("{text:?}: {expected}, not {found}"))
        })
        .collect()
}

/// A line, then its code, quantity and unit.
const LINES: &[Line<'static>] = &[
    // separators
    ("HK-1001\t12\tcase", "HK-1001", "12", Some("case")),
    ("HK-1001;12;case", "HK-1001", "12", Some("case")),
    ("HK-1001,12,case", "HK-1001", "12", Some("case")),
    ("HK-1001, 12, case", "HK-1001", "12", Some("case")),
    ("HK-1001 12 case", "HK-1001", "12", Some("case")),
    ("  HK-1001   12  ", "HK-1001", "12", None),
    ("4006381333931 12", "4006381333931", "12", None),
    ("4006381333931,12", "4006381333931", "12", None),
    ("4 006381 333931 12", "4006381333931", "12", None),
    ("22423 6", "22423", "6", None),
    ("85123A 6", "85123A", "6", None),
    ("85123A;6", "85123A", "6", None),
    ("GW.300.1\t4", "GW.300.1", "4", None),
    ("POST 1", "POST", "1", None),
    // the quantity first, or with its sign
    ("12 x HK-1001", "HK-1001", "12", None),
    ("12x HK-1001", "HK-1001", "12", None),
    ("12 × HK-1001", "HK-1001", "12", None),
    ("12 x 22423", "22423", "12", None),
    ("12 HK-1001", "HK-1001", "12", None),
    ("12 case HK-1001", "HK-1001", "12", Some("case")),
    ("12 cases of HK-1001", "HK-1001", "12", Some("cases")),
    ("12 x HK-1001 cases", "HK-1001", "12", Some("cases")),
    ("12;HK-1001", "HK-1001", "12", None),
    ("6;85123A;case", "85123A", "6", Some("case")),
    ("12\t4006381333931", "4006381333931", "12", None),
    ("HK-1001 x 12", "HK-1001", "12", None),
    ("HK-1001 x12", "HK-1001", "12", None),
    ("HK-1001 12x", "HK-1001", "12", None),
    ("HK-1001: 12", "HK-1001", "12", None),
    ("HK-1001 - 12", "HK-1001", "12", None),
    ("HK-1001 = 12", "HK-1001", "12", None),
    ("- HK-1001 12", "HK-1001", "12", None),
    ("• 12 x HK-1001", "HK-1001", "12", None),
    ("3. HK-1001 12", "HK-1001", "12", None),
    // units
    ("HK-1001 12 cases", "HK-1001", "12", Some("cases")),
    ("HK-1001 12cs", "HK-1001", "12", Some("cs")),
    ("HK-1001 12 Stk.", "HK-1001", "12", Some("Stk")),
    ("HK-1001;12 Kartons", "HK-1001", "12", Some("Kartons")),
    ("HK-1001;case;12", "HK-1001", "12", Some("case")),
    ("HK-1001 case 12", "HK-1001", "12", Some("case")),
    ("10080 cases 12", "10080", "12", Some("cases")),
    ("HK-1001;12;C62", "HK-1001", "12", Some("C62")),
    ("HK-1001;12;crates", "HK-1001", "12", Some("crates")),
    // further columns and text
    (
        "HK-1001\t12\tcase\t3.50\tEUR",
        "HK-1001",
        "12",
        Some("case"),
    ),
    ("HK-1001\t12\t3.50", "HK-1001", "12", None),
    ("HK-1001;Adult Salmon 12 kg;24", "HK-1001", "24", None),
    ("HK-1001;Salmon;24;case", "HK-1001", "24", Some("case")),
    ("HK-1001 12 Adult Salmon", "HK-1001", "12", None),
    (
        "HK-1001;12;please call before delivery",
        "HK-1001",
        "12",
        None,
    ),
    ("HK-1001 12, please", "HK-1001", "12", None),
    ("12 x HK-1001; thank you", "HK-1001", "12", None),
    // no quantity, to be reported
    ("HK-1001", "HK-1001", "", None),
    ("HK-1001;", "HK-1001", "", None),
    ("HK-1001;;4.20", "HK-1001", "", None),
    ("HK-1001 Adult Salmon", "HK-1001", "", None),
    // quantities kept as typed, to be refused
    ("HK-1001 2.5", "HK-1001", "2.5", None),
    ("HK-1001 2,5", "HK-1001", "2,5", None),
    ("HK-1001;2,5", "HK-1001", "2,5", None),
    ("HK-1001 -3", "HK-1001", "-3", None),
    ("HK-1001;−3", "HK-1001", "−3", None),
    ("HK-1001;0", "HK-1001", "0", None),
    ("HK-1001;twelve", "HK-1001", "twelve", None),
    ("HK-1001;1e3", "HK-1001", "1e3", None),
    (
        "HK-1001 99999999999999999999",
        "HK-1001",
        "99999999999999999999",
        None,
    ),
    // thousands
    ("HK-1001 1,000", "HK-1001", "1,000", None),
    ("HK-1001 1.000 Stk", "HK-1001", "1.000", Some("Stk")),
    ("HK-1001,1,000", "HK-1001", "1,000", None),
    ("HK-1001,1, 120", "HK-1001", "1", None),
    ("HK-1001,\"1,000\",case", "HK-1001", "1,000", Some("case")),
    ("HK-1001\u{a0}1\u{202f}000", "HK-1001", "1\u{a0}000", None),
    ("HK-1001 1 000", "HK-1001", "1 000", None),
    // codes of two parts
    ("HK 1001 12", "HK 1001", "12", None),
    ("HK 1001;12", "HK 1001", "12", None),
    // spaces, quotes and marks nobody sees
    ("HK-1001\u{a0}12\u{2003}case", "HK-1001", "12", Some("case")),
    ("\u{feff}HK-1001\u{3000}12", "HK-1001", "12", None),
    ("HK\u{ad}-1001\u{200b} 12", "HK-1001", "12", None),
    ("\"HK-1001\";\"12\";\"case\"", "HK-1001", "12", Some("case")),
    ("\"HK-1001\" \"12\"", "HK-1001", "12", None),
    ("'0012345;12", "0012345", "12", None),
    ("“HK-1001” 12", "HK-1001", "12", None),
    ("\"HK;1001\";12", "HK;1001", "12", None),
    // not understood: kept whole
    (
        "please deliver on Monday",
        "please deliver on Monday",
        "",
        None,
    ),
    ("---", "---", "", None),
    (";12", ";12", "", None),
];

#[test]
fn a_line_is_read_in_any_form_people_order_in() {
    assert_eq!(wrong(LINES), Vec::<String>::new());
}

fn entries(text: &str) -> Vec<(u32, String, String, Option<String>)> {
    let entries = parse(text).unwrap().into_iter();
    entries
        .map(|entry| (entry.row, entry.code, entry.quantity, entry.unit))
        .collect()
}

fn entry(row: u32, code: &str, quantity: &str) -> (u32, String, String, Option<String>) {
    (row, code.to_owned(), quantity.to_owned(), None)
}

#[test]
fn a_header_is_skipped_and_blank_lines_leave_the_row_numbers_alone() {
    let expected = [entry(2, "HK-1001", "12"), entry(4, "HK-1002", "6")];
    for header in [
        "SKU;Quantity",
        "sku,qty",
        "SKU\tQuantity\tUnit",
        "Art.-Nr.;Menge",
        "Artikelnummer Menge",
        "\"SKU\";\"Quantity\"",
        "Item no. | Qty",
        "SKU",
    ] {
        let text = format!("{header}\r\nHK-1001;12\r\n;;\r\nHK-1002;6\r\n\r\n");
        assert_eq!(entries(&text), expected, "{header}");
    }
    assert_eq!(entries("\n\nSKU;Qty\nA1;2"), [entry(4, "A1", "2")]);
    assert_eq!(
        entries("A1 2\rB2 3\u{2028}C3 4"),
        [
            entry(1, "A1", "2"),
            entry(2, "B2", "3"),
            entry(3, "C3", "4")
        ]
    );
}

#[test]
fn a_header_says_which_column_is_which() {
    let text = "Name;Quantity;Price;SKU;EAN\nSalmon 12 kg;24;3.50;HK-1001;4006381333931\nDuck;6;2.10;;4006381335003\nNothing;;1.00;HK-9;";
    let expected = [
        entry(2, "HK-1001", "24"),
        entry(3, "4006381335003", "6"),
        entry(4, "HK-9", ""),
    ];
    assert_eq!(entries(text), expected);
    let text = "SKU\tUnit\tQty\nHK-1001\tcase\t3";
    assert_eq!(parse(text).unwrap()[0].unit.as_deref(), Some("case"));
}

#[test]
fn a_paste_without_anything_in_it_is_no_entries() {
    for text in ["", " \n\t\n", ";;\n,,", "\u{feff}", "SKU;Quantity"] {
        assert_eq!(parse(text), Ok(vec![]), "{text:?}");
    }
}

#[test]
fn a_paste_that_is_too_large_says_how_large_it_was() {
    let rows = |count: usize| "HK-1001;12\n".repeat(count);
    assert_eq!(
        parse(&format!("SKU;Qty\n\n{}", rows(2_000))).unwrap().len(),
        2_000
    );
    assert_eq!(
        parse(&rows(2_001)),
        Err(PasteFault::TooManyRows { rows: 2_001 })
    );
    assert_eq!(
        parse(&"x".repeat(204_801)),
        Err(PasteFault::TooManyBytes { bytes: 204_801 })
    );
    assert_eq!(parse(&"x".repeat(204_800)).unwrap().len(), 1);
}

#[test]
fn one_endless_line_is_read_as_quickly_as_many() {
    for pattern in [
        "1\u{a0}111\u{a0}",
        ",",
        "\"",
        ",  \"",
        "a 1,1",
        "x ",
        "aaaa",
        "1,",
    ] {
        let text = format!("A-1,{}", pattern.repeat((MOST_BYTES - 4) / pattern.len()));
        assert_eq!(parse(&text).unwrap().len(), 1, "{pattern:?}");
        let spaces = format!(
            "A-1,{}{}",
            " ".repeat(MOST_BYTES / 2),
            "\"".repeat(MOST_BYTES / 3)
        );
        assert_eq!(parse(&spaces).unwrap().len(), 1);
    }
}

#[test]
fn a_quantity_is_a_positive_whole_number_as_the_language_writes_it() {
    use QuantityFault::{Empty, Fraction, Negative, NotANumber, TooLarge, Zero};
    let table = [
        // typed, English, German
        ("12", Ok(12), Ok(12)),
        (" 12 ", Ok(12), Ok(12)),
        ("+12", Ok(12), Ok(12)),
        ("0012", Ok(12), Ok(12)),
        ("1000000", Ok(1_000_000), Ok(1_000_000)),
        ("1,000", Ok(1_000), Err(Fraction)),
        ("1.000", Err(Fraction), Ok(1_000)),
        ("1,000,000", Ok(1_000_000), Ok(1_000_000)),
        ("1.000.000", Ok(1_000_000), Ok(1_000_000)),
        ("1'000", Ok(1_000), Ok(1_000)),
        ("1\u{a0}000", Ok(1_000), Ok(1_000)),
        ("1\u{202f}000", Ok(1_000), Ok(1_000)),
        ("1 000", Err(NotANumber), Err(NotANumber)),
        ("12.00", Ok(12), Ok(12)),
        ("12,0", Ok(12), Ok(12)),
        ("1,200.00", Ok(1_200), Ok(1_200)),
        ("1.200,00", Ok(1_200), Ok(1_200)),
        ("2.5", Err(Fraction), Err(Fraction)),
        ("2,5", Err(Fraction), Err(Fraction)),
        ("0.5", Err(Fraction), Err(Fraction)),
        ("0,500", Err(Fraction), Err(Fraction)),
        ("1.200,50", Err(Fraction), Err(Fraction)),
        ("", Err(Empty), Err(Empty)),
        ("\u{a0}", Err(Empty), Err(Empty)),
        ("0", Err(Zero), Err(Zero)),
        ("-0", Err(Zero), Err(Zero)),
        ("-3", Err(Negative), Err(Negative)),
        ("−3", Err(Negative), Err(Negative)),
        ("1000001", Err(TooLarge), Err(TooLarge)),
        ("99999999999999999999", Err(TooLarge), Err(TooLarge)),
        ("twelve", Err(NotANumber), Err(NotANumber)),
        ("12a", Err(NotANumber), Err(NotANumber)),
        ("1e3", Err(NotANumber), Err(NotANumber)),
        ("--3", Err(NotANumber), Err(NotANumber)),
        ("1,00,000", Err(NotANumber), Err(NotANumber)),
        ("1.2.3", Err(NotANumber), Err(NotANumber)),
        (".5", Err(NotANumber), Err(NotANumber)),
        ("5.", Err(NotANumber), Err(NotANumber)),
        ("=1+1", Err(NotANumber), Err(NotANumber)),
        ("١٢", Err(NotANumber), Err(NotANumber)),
    ];
    for (typed, english, german) in table {
        assert_eq!(
            parse_quantity(typed, Lang::En),
            english,
            "{typed:?} in English"
        );
        assert_eq!(
            parse_quantity(typed, Lang::De),
            german,
            "{typed:?} in German"
        );
    }
}

proptest! {
    #[test]
    fn every_line_with_something_in_it_is_an_entry(
        lines in proptest::collection::vec("[A-Za-z0-9 ;,.\"'x\u{a0}\t-]{0,30}", 0..40),
    ) {
        let text = lines.join("\n");
        let filled = |line: &&String| line.chars().any(|char| !" \u{a0}\t;,\"".contains(char));
        let numbers: Vec<u32> = (1..)
            .zip(&lines)
            .filter(|(_, line)| filled(line))
            .map(|(number, _)| number)
            .collect();
        // A header would need one of its words; see to it that the first line is none.
        let text = format!("A-1\n{text}");
        let entries = parse(&text).unwrap();
        let rows: Vec<u32> = entries.iter().skip(1).map(|entry| entry.row - 1).collect();
        prop_assert_eq!(rows, numbers);
        prop_assert!(entries.iter().all(|entry| !entry.code.is_empty()));
    }

    #[test]
    fn whatever_is_pasted_is_read(text in any::<String>(), lang in prop_oneof![Just(Lang::En), Just(Lang::De)]) {
        for entry in parse(&text).unwrap() {
            let quantity = parse_quantity(&entry.quantity, lang);
            prop_assert!(quantity.is_err() || (1..=MOST_QUANTITY).contains(&quantity.unwrap()));
        }
    }

    #[test]
    fn whatever_is_typed_is_a_quantity_or_a_fault(typed in "[0-9.,' \u{a0}+-]{0,12}") {
        for lang in [Lang::En, Lang::De] {
            let quantity = parse_quantity(&typed, lang);
            prop_assert!(quantity.is_err() || (1..=MOST_QUANTITY).contains(&quantity.unwrap()));
        }
    }

    #[test]
    fn a_code_and_a_quantity_come_back_whatever_stands_between(
        code in "[A-Z]{2}-[0-9]{4}",
        quantity in 1_u32..100_000,
        between in prop_oneof![Just("\t"), Just(";"), Just(","), Just(", "), Just(" "), Just(" x "), Just("\u{a0}")],
    ) {
        let entries = parse(&format!("{code}{between}{quantity}")).unwrap();
        prop_assert_eq!(&entries[0].code, &code);
        prop_assert_eq!(parse_quantity(&entries[0].quantity, Lang::En), Ok(i64::from(quantity)));
    }
}
