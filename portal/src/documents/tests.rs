use std::process::Command;

use jiff::civil::date;
use proptest::prelude::*;

use super::page::Mark;
use super::typeface::{Typeface, Weight, printable};
use super::*;

fn s(text: &str) -> String {
    text.to_owned()
}

fn labels() -> Labels {
    Labels {
        title_received: s("Bestelleingang"),
        title_confirmed: s("Auftragsbestätigung"),
        title_cancelled: s("Stornierung"),
        order_number: s("Auftrag"),
        order_date: s("Datum"),
        requested_date: s("Wunschtermin"),
        po_number: s("Ihre Bestellnr."),
        account: s("Kunde"),
        ship_to: s("Lieferadresse"),
        terms: s("Zahlungsbedingungen"),
        vat_id: s("USt-IdNr."),
        position: s("Pos."),
        sku: s("Art.-Nr."),
        product: s("Bezeichnung"),
        quantity: s("Menge"),
        unit_price: s("Einzelpreis"),
        net: s("Netto"),
        date_format: s("%d.%m.%Y"),
    }
}

fn line(position: usize) -> DocumentLine {
    DocumentLine {
        position: position.to_string(),
        sku: format!("NK-{position:04}"),
        name: s("Hochlandkaffee »Łódź« ganze Bohne, langsam geröstet, 100 % Arabica"),
        pack: Some(s("12 × 400 g")),
        quantity: s("1.200"),
        unit: s("Karton"),
        unit_price: s("86,4000 €"),
        net: s("103.680,00 €"),
        note: None,
    }
}

fn total(label: &str, amount: &str, weight: TotalWeight) -> DocumentTotal {
    DocumentTotal {
        label: s(label),
        amount: s(amount),
        reason: None,
        weight,
    }
}

fn document(lines: usize) -> OrderDocument {
    let reason = Some(s(
        "Innergemeinschaftliche Lieferung, steuerfrei nach § 4 Nr. 1b UStG",
    ));
    OrderDocument {
        letterhead: Letterhead {
            name: s("Nordlicht Kaffee GmbH"),
            address: vec![s("Speicherstraße 12"), s("20457 Hamburg")],
            vat_id: Some(s("DE123456789")),
            contact: vec![s("+49 40 555 0199"), s("bestellung@nordlicht.example")],
        },
        kind: DocumentKind::Confirmed,
        order_number: s("K-2026-001042"),
        order_date: date(2026, 3, 12),
        requested_date: Some(date(2026, 3, 19)),
        po_number: Some(s("PO 4711/B")),
        account_name: s("Petersen Feinkost e. K."),
        account_number: s("10042"),
        bill_to: vec![
            s("Petersen Feinkost e. K."),
            s("Ina Petersen"),
            s("Große Straße 7"),
            s("24937 Flensburg"),
        ],
        ship_to: vec![
            s("Petersen Feinkost, Lager"),
            s("Am Hafen 3"),
            s("24937 Flensburg"),
        ],
        terms: Some(s("30 Tage netto, 14 Tage 2 % Skonto")),
        introduction: Some(s(
            "Vielen Dank für Ihre Bestellung. Wir bestätigen sie wie folgt.",
        )),
        lines: (1..=lines).map(line).collect(),
        totals: vec![
            total("Nettosumme", "311.040,00 €", TotalWeight::Part),
            total("USt 7 % auf 311.040,00 €", "21.772,80 €", TotalWeight::Part),
            DocumentTotal {
                reason,
                ..total("USt 0 %", "0,00 €", TotalWeight::Part)
            },
            total("Gesamtbetrag", "332.812,80 €", TotalWeight::Sum),
        ],
        closing_notes: vec![s("Es gelten unsere Lieferbedingungen.")],
        labels: labels(),
        language: s("de"),
        created_at: "2026-03-12T09:30:00Z".parse().unwrap(),
    }
}

fn pages(doc: &OrderDocument) -> Vec<Vec<(f32, String)>> {
    let typeface = Typeface::load().unwrap();
    confirmation::lay_out(doc, &typeface)
        .unwrap()
        .into_iter()
        .map(texts)
        .collect()
}

/// The texts of a page with their baselines.
fn texts(marks: Vec<Mark>) -> Vec<(f32, String)> {
    let text = |mark| match mark {
        Mark::Text { y, text, .. } => Some((y, text)),
        Mark::Fill { .. } => None,
    };
    marks.into_iter().filter_map(text).collect()
}

fn holds(page: &[(f32, String)], wanted: &str) -> bool {
    page.iter().any(|(_, text)| text == wanted)
}

#[test]
fn the_same_order_gives_the_same_bytes() {
    let doc = document(3);
    let pdf = confirmation(&doc).unwrap();
    assert!(pdf.starts_with(b"%PDF-1."));
    assert_eq!(pdf, confirmation(&doc).unwrap());
    assert!(
        pdf.len() < 60_000,
        "{} bytes: only the letters used are embedded",
        pdf.len()
    );
}

#[test]
fn a_short_order_is_one_page_with_every_figure() {
    let pages = pages(&document(3));
    assert_eq!(pages.len(), 1);
    for wanted in [
        "Auftragsbestätigung K-2026-001042",
        "12.03.2026",
        "19.03.2026",
        "PO 4711/B",
        "10042",
        "NK-0003",
        "12 × 400 g",
        "1.200",
        "Karton",
        "86,4000 €",
        "103.680,00 €",
        "332.812,80 €",
        "1/1",
        "Zahlungsbedingungen: 30 Tage netto, 14 Tage 2 % Skonto",
    ] {
        assert!(
            holds(&pages[0], wanted),
            "{wanted} is missing in {:?}",
            pages[0]
        );
    }
}

#[test]
fn every_state_has_its_title() {
    for (kind, wanted) in [
        (DocumentKind::Received, "Bestelleingang K-2026-001042"),
        (DocumentKind::Confirmed, "Auftragsbestätigung K-2026-001042"),
        (DocumentKind::Cancelled, "Stornierung K-2026-001042"),
    ] {
        assert!(holds(
            &pages(&OrderDocument {
                kind,
                ..document(1)
            })[0],
            wanted
        ));
    }
}

#[test]
fn wherever_the_page_ends_no_line_is_split_and_the_totals_have_a_line_above() {
    for lines in 0..60 {
        let pages = pages(&document(lines));
        let count = pages.len();
        for (at, page) in pages.iter().enumerate() {
            assert!(holds(page, &format!("{}/{count}", at + 1)));
            let skus = page
                .iter()
                .filter(|(_, text)| text.starts_with("NK-"))
                .count();
            assert_eq!(
                page.iter()
                    .filter(|(_, text)| text == "103.680,00 €")
                    .count(),
                skus
            );
            assert_eq!(
                page.iter().filter(|(_, text)| text == "12 × 400 g").count(),
                skus
            );
            assert!(
                skus == 0 || holds(page, "Bezeichnung"),
                "the header is on every page of the table"
            );
            let in_foot = |text: &str| text.contains('·') || text.ends_with(&format!("/{count}"));
            assert!(
                page.iter().all(|(y, text)| *y <= 770.0 || in_foot(text)),
                "{lines} lines"
            );
        }
        let with_totals: Vec<_> = pages
            .iter()
            .filter(|page| holds(page, "332.812,80 €"))
            .collect();
        assert_eq!(with_totals.len(), 1);
        assert!(
            holds(with_totals[0], "Nettosumme"),
            "the totals stay together"
        );
        assert!(
            lines == 0 || holds(with_totals[0], &format!("NK-{lines:04}")),
            "{lines} lines"
        );
        let shown = pages
            .iter()
            .flatten()
            .filter(|(_, text)| text.starts_with("NK-"))
            .count();
        assert_eq!(shown, lines);
    }
}

#[test]
fn long_addresses_leave_no_header_of_the_table_alone_at_the_foot() {
    for introduction in 0..12 {
        let mut doc = document(2);
        doc.bill_to =
            vec![s("Eine sehr lange Zeile, die in der Anschrift zweimal umbrochen werden muss"); 8];
        doc.ship_to = doc.bill_to.clone();
        doc.order_number = s("K-2026-001042 in einer Fortsetzung, die den Titel umbricht");
        doc.introduction = Some(
            s("Ein Satz, der eine Zeile der Seite ungefähr füllt und dann aufhört.\n")
                .repeat(introduction),
        );
        for page in pages(&doc) {
            assert!(
                !holds(&page, "Bezeichnung")
                    || page.iter().any(|(_, text)| text.starts_with("NK-"))
            );
        }
    }
}

#[test]
fn two_thousand_lines_are_all_drawn() {
    let doc = document(2_000);
    let drawn: usize = pages(&doc)
        .iter()
        .flatten()
        .filter(|(_, text)| text.starts_with("NK-"))
        .count();
    assert_eq!(drawn, 2_000);
}

#[test]
fn hostile_text_is_drawn_or_dropped_and_never_stops_the_document() {
    for text in [
        "\0\u{1}\u{7f}\u{85}\r\n\t\u{b}",
        "x".repeat(4_096).as_str(),
        "wort ".repeat(900).as_str(),
        "☕🦊👩‍👩‍👧‍👦🇩🇪",
        "قهوة عربية 500 غ Kaffee",
        "קפה שחור (מאה)",
        "\u{202e}evil\u{202c}",
        "咖啡豆珈琲豆",
        "e\u{301}\u{301}\u{301}\u{327}",
        "\u{301}",
        "\u{fffd}\u{10ffff}\u{e0001}",
        "",
        " ",
        "नमस्ते",
        "\u{5d0}\u{301} a\u{301}\u{5d1}",
    ] {
        let mut doc = document(2);
        let hostile = DocumentLine {
            position: s(text),
            sku: s(text),
            name: s(text),
            pack: Some(s(text)),
            quantity: s(text),
            unit: s(text),
            unit_price: s(text),
            net: s(text),
            note: Some(s(text)),
        };
        doc.lines.push(hostile);
        doc.letterhead.name = s(text);
        doc.letterhead.contact = vec![s(text); 20];
        doc.po_number = Some(s(text));
        doc.order_number = s(text);
        doc.bill_to = vec![s(text); 20];
        doc.ship_to = vec![s(text); 20];
        doc.closing_notes = vec![s(text); 3];
        doc.language = s(text);
        doc.labels.product = s(text);
        doc.totals
            .extend(vec![total(text, text, TotalWeight::Part); 80]);
        assert!(confirmation(&doc).unwrap().starts_with(b"%PDF"), "{text:?}");
    }
}

#[test]
fn a_date_format_that_means_nothing_is_an_error() {
    let mut doc = document(1);
    doc.labels.date_format = s("%H:%M");
    assert!(matches!(
        confirmation(&doc),
        Err(DocumentError::DateFormat { .. })
    ));
}

#[test]
fn text_is_composed_and_loses_what_cannot_be_seen() {
    assert_eq!(
        printable("Kaffeeba\u{308}r\u{202e}\u{200b} \t\u{0}  x"),
        "Kaffeebär x"
    );
}

#[test]
fn long_text_ends_in_an_ellipsis_and_words_break_only_when_they_must() {
    let typeface = Typeface::load().unwrap();
    let lines = typeface.wrap("eins zwei drei vier fünf", Weight::Regular, 10.0, 50.0, 2);
    assert_eq!(lines, ["eins zwei", "drei vier…"]);
    let broken = typeface.wrap("aaaaaaaaaaaaaaaaaaaaaaaaa", Weight::Regular, 10.0, 50.0, 9);
    assert_eq!(broken.concat(), "aaaaaaaaaaaaaaaaaaaaaaaaa");
    assert!(
        broken
            .iter()
            .all(|line| typeface.width(line, Weight::Regular, 10.0) <= 50.0)
    );
}

#[test]
fn figures_are_of_one_width() {
    let typeface = Typeface::load().unwrap();
    for weight in [Weight::Regular, Weight::Bold] {
        let widths: Vec<f32> = ('0'..='9')
            .map(|figure| typeface.letter(figure, weight).advance)
            .collect();
        assert!(widths.iter().all(|width| *width == widths[0]));
    }
}

#[test]
fn another_program_reads_the_exact_words_and_figures() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("order.pdf");
    std::fs::write(&path, confirmation(&document(40)).unwrap()).unwrap();
    let Ok(read) = Command::new("pdftotext")
        .arg("-layout")
        .arg(&path)
        .arg("-")
        .output()
    else {
        eprintln!("skipped: pdftotext is not installed");
        return;
    };
    let text = String::from_utf8(read.stdout).unwrap();
    for wanted in [
        "Auftragsbestätigung K-2026-001042",
        "NK-0001",
        "NK-0040",
        "1.200 Karton",
        "86,4000 €",
        "103.680,00 €",
        "332.812,80 €",
        "»Łódź«",
        "Innergemeinschaftliche Lieferung",
        "USt-IdNr. DE123456789",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_text_makes_a_document(name in "(?s).{0,400}", note in "\\PC{0,200}") {
        let mut doc = document(1);
        doc.lines[0].name = name.clone();
        doc.lines[0].note = Some(note);
        doc.lines[0].net = name;
        prop_assert!(confirmation(&doc).unwrap().starts_with(b"%PDF"));
    }
}
