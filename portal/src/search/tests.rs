//! What a buyer types and what they must find first.

use std::time::Instant;

use proptest::prelude::*;
use uuid::Uuid;

use super::{Doc, Embedded, Hit};

/// SKU, GTIN, name, brand, category, description; the first are bought most.
#[rustfmt::skip]
const SHELF: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("HK-1001", "4006381333931", "Adult Salmon & Rice 12 kg", "Havenkost", "Dog Dry food", "Complete food with fresh salmon."),
    ("HK-1002", "4006381333948", "Adult Salmon & Rice 3 kg", "Havenkost", "Dog Dry food", "Complete food with fresh salmon."),
    ("HK-1003", "4006381333955", "Adult Lamb & Potato 12 kg", "Havenkost", "Dog Dry food", "Grain free."),
    ("HK-1010", "4006381334006", "Puppy Chicken 3 kg", "Havenkost", "Dog Dry food Puppies", "For the first twelve months."),
    ("HK-1011", "4006381334013", "Senior Turkey Light 3 kg", "Havenkost", "Dog Dry food", "Easy on the joints."),
    ("HK-2001", "4006381335003", "Pâté Duck 400 g", "Havenkost", "Dog Wet food", "A tin, with cranberries."),
    ("HK-2002", "4006381335010", "Pâté Duck 800 g", "Havenkost", "Dog Wet food", "A tin, with cranberries."),
    ("HK-2003", "4006381335027", "Pâté Venison 400 g", "Havenkost", "Dog Wet food", "A tin, with blueberries."),
    ("MZ-0101", "5012345678900", "Kitten Chicken in Gravy 85 g", "Mizzi", "Cat Wet food", "A pouch."),
    ("MZ-0102", "5012345678917", "Tuna in Jelly 85 g", "Mizzi", "Cat Wet food", "A pouch."),
    ("MZ-0103", "5012345678924", "Mackerel in Jelly 85 g", "Mizzi", "Cat Wet food", "A pouch."),
    ("MZ-0201", "5012345679006", "Indoor Sterilised Chicken 1.5 kg", "Mizzi", "Cat Dry food", "Fewer hairballs."),
    ("MZ-0301", "5012345680002", "Clumping Litter Bentonite 10 l", "Mizzi", "Cat Litter", "Low dust."),
    ("MZ-0302", "5012345680019", "Wood Pellet Litter 15 l", "Mizzi", "Cat Litter", "Compostable."),
    ("TR-50-A", "4260012340011", "Dental Sticks Medium 7 pieces", "Trottel", "Dog Treats", "Against tartar."),
    ("TR-50-B", "4260012340028", "Dental Sticks Large 7 pieces", "Trottel", "Dog Treats", "Against tartar."),
    ("TR-61", "4260012340103", "Training Treat Liver 150 g", "Trottel", "Dog Treats", "Small bites."),
    ("TR-62", "4260012340110", "Rawhide Bone 20 cm", "Trottel", "Dog Chews", "Long lasting."),
    ("TR-70", "4260012340202", "Freeze-dried Chicken Cubes 50 g", "Trottel", "Cat Treats", "Nothing else in it."),
    ("GW.300.1", "4018653000013", "Hundefutter Geflügel mit Reis 10 kg", "Grünwald", "Hund Trockenfutter", "Alleinfuttermittel."),
    ("GW.300.2", "4018653000020", "Welpenfutter Huhn 4 kg", "Grünwald", "Hund Trockenfutter Welpen", "Bis zum zwölften Monat."),
    ("GW.310.1", "4018653000105", "Katzenmenü Lachs 100 g", "Grünwald", "Katze Nassfutter", "Schale."),
    ("GW.310.2", "4018653000112", "Katzenmenü Kaninchen 100 g", "Grünwald", "Katze Nassfutter", "Schale."),
    ("GW.320.1", "4018653000204", "Kauknochen Rind groß", "Grünwald", "Hund Kauartikel", "Luftgetrocknet."),
    ("GW.330.1", "4018653000303", "Meerschweinchenheu Kräuter 1 kg", "Grünwald", "Nager Heu", "Erste Mahd."),
    ("GW.340.1", "4018653000402", "Futter für Wellensittiche 1 kg", "Grünwald", "Vögel Futter", "Mit Jod."),
    ("HS-9001", "0712345600015", "Hairball Control Paste 100 g", "Hill's Garden", "Cat Care", "Malt."),
    ("HS-9002", "0712345600022", "Flea Collar Reflective", "Hill's Garden", "Dog Care", "Sixty centimetres."),
    ("HS-9003", "0712345600039", "Stainless Bowl 1.8 l", "Hill's Garden", "Dog Bowls", "Does not slip."),
    ("HS-9004", "0712345600046", "Orthopaedic Bed Grey L", "Hill's Garden", "Dog Beds", "Washable at sixty degrees."),
];

fn shelf() -> impl Iterator<Item = Doc> {
    let popularity = (0..u64::MAX).rev();
    SHELF
        .iter()
        .zip(1_u128..)
        .zip(popularity)
        .map(|((row, id), popularity)| {
            let (sku, gtin, name, brand, category, description) = *row;
            Doc {
                id: Uuid::from_u128(id),
                sku: sku.to_owned(),
                gtins: vec![gtin.to_owned()],
                name: name.to_owned(),
                brand: brand.to_owned(),
                category: category.to_owned(),
                description: description.to_owned(),
                popularity,
            }
        })
}

fn skus(hits: &[Hit]) -> Vec<&'static str> {
    let sku = |hit: &Hit| SHELF[usize::try_from(hit.id.as_u128()).unwrap() - 1].0;
    hits.iter().map(sku).collect()
}

/// Every query that finds something else first, with what it finds.
fn wrong(table: &[(&str, &str)], find: impl Fn(&str) -> Vec<Hit>) -> Vec<String> {
    table
        .iter()
        .filter_map(|(query, expected)| {
            let hits = find(query);
            let found = skus(&hits);
            (found.first() != Some(expected))
                .then(|| format!("{query:?}: {expected}, not {found:?}"))
        })
        .collect()
}

#[test]
fn what_is_typed_finds_what_was_meant_first() {
    let index = Embedded::build(shelf()).unwrap();
    let table = [
        // names, in any order and case
        ("salmon rice", "HK-1001"),
        ("RICE SALMON", "HK-1001"),
        ("salmon 3 kg", "HK-1002"),
        ("salmon 3kg", "HK-1002"),
        ("lamb and potato", "HK-1003"),
        ("duck 800", "HK-2002"),
        ("pate venison", "HK-2003"),
        ("pâté venison", "HK-2003"),
        // typos
        ("slamon", "HK-1001"),
        ("salmn", "HK-1001"),
        ("venisson", "HK-2003"),
        ("chiken pupy", "HK-1010"),
        ("kiten gravy", "MZ-0101"),
        ("mackeral", "MZ-0103"),
        ("sterilized", "MZ-0201"),
        ("bentonit litter", "MZ-0301"),
        ("orthopedic bed", "HS-9004"),
        ("trotel dental", "TR-50-A"),
        ("hafenkost duck", "HK-2001"),
        // plurals and beginnings
        ("puppies", "HK-1010"),
        ("training treats", "TR-61"),
        ("bowls", "HS-9003"),
        ("collars", "HS-9002"),
        ("ster", "MZ-0201"),
        // brands and categories
        ("mizzi tuna", "MZ-0102"),
        ("cat litter", "MZ-0301"),
        ("hills paste", "HS-9001"),
        ("Hill's paste", "HS-9001"),
        ("grunwald kaninchen", "GW.310.2"),
        ("wet food for cats", "MZ-0101"),
        // German: umlauts however typed, plurals, compounds
        ("geflügel", "GW.300.1"),
        ("gefluegel", "GW.300.1"),
        ("geflugel", "GW.300.1"),
        ("gruenwald heu", "GW.330.1"),
        ("knochen", "GW.320.1"),
        ("hundefuter", "GW.300.1"),
        ("futter welpe", "GW.300.2"),
        ("vogelfutter", "GW.340.1"),
        ("vogel", "GW.340.1"),
        ("kaninchenmenü", "GW.310.2"),
        ("kauknochen gross", "GW.320.1"),
        ("wellensitich", "GW.340.1"),
        // codes
        ("HK-1001", "HK-1001"),
        ("hk1010", "HK-1010"),
        ("hk 2003", "HK-2003"),
        ("HK-20", "HK-2001"),
        ("tr50b", "TR-50-B"),
        ("gw3102", "GW.310.2"),
        ("9003", "HS-9003"),
        ("4006381335027", "HK-2003"),
        ("4006381 335027", "HK-2003"),
        ("712345600039", "HS-9003"),
        ("00712345600039", "HS-9003"),
        ("400638133502", "HK-2003"),
        ("4006381335072", "HK-2003"),
        ("HK-l00l", "HK-1001"),
        // not every word is anywhere
        ("salmon wombat", "HK-1001"),
        ("organic tuna jelly", "MZ-0102"),
        // only the description says so
        ("cranberries", "HK-2001"),
    ];
    let wrong = wrong(&table, |query| index.search(query, 100));
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_word_half_typed_is_completed() {
    let index = Embedded::build(shelf()).unwrap();
    let table = [
        ("sa", "HK-1001"),
        ("dental sticks l", "TR-50-B"),
        ("salmn & r", "HK-1001"),
        ("chikcen gra", "MZ-0101"),
        ("wellens", "GW.340.1"),
        ("welens", "GW.340.1"),
        ("duck 80", "HK-2002"),
        ("hk-20", "HK-2001"),
        ("mz01", "MZ-0101"),
        ("501234568", "MZ-0301"),
    ];
    let wrong = wrong(&table, |query| index.complete(query, 8));
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(index.complete("d", 3).len(), 3);
}

#[test]
fn a_mistyped_code_offers_what_was_meant() {
    let index = Embedded::build(shelf()).unwrap();
    let table = [
        ("HK-1001", "HK-1001"),
        ("HK-1O01", "HK-1001"),
        ("hk-i0i0", "HK-1010"),
        ("HK 0101", "HK-1001"),
        ("HK-203", "HK-2003"),
        ("MZ-O3OI", "MZ-0301"),
        ("TR50", "TR-50-A"),
        ("TR-70X", "TR-70"),
        ("4006381333913", "HK-1001"),
        ("400638133393", "HK-1001"),
        ("0400638133393l", "HK-1001"),
        ("GW-330-1", "GW.330.1"),
        ("Dentalsticks large", "TR-50-B"),
        ("tuna", "MZ-0102"),
    ];
    let wrong = wrong(&table, |query| index.nearest(query, 5));
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        index.nearest("HK-1001", 1).first().map(|hit| hit.score),
        Some(1.0)
    );
    assert_eq!(index.nearest("----", 5), []);
}

#[test]
fn every_word_must_match_while_some_product_has_them_all() {
    let index = Embedded::build(shelf()).unwrap();
    assert_eq!(skus(&index.search("duck tin", 100)), ["HK-2001", "HK-2002"]);
    assert_eq!(
        skus(&index.search("tuna mackerel", 100)),
        ["MZ-0102", "MZ-0103"]
    );
    assert_eq!(index.search("wombat", 100), []);
    assert_eq!(index.search("", 100), []);
    assert_eq!(index.search("food", 0), []);
    assert_eq!(index.search("food", usize::MAX).len(), 12);
}

#[test]
fn numbers_are_not_guessed() {
    let index = Embedded::build(shelf()).unwrap();
    assert_eq!(skus(&index.search("duck 400", 100)), ["HK-2001"]);
}

#[test]
fn equal_hits_stand_by_popularity_then_article_number_whatever_the_order_they_came_in() {
    let doc = |sku: &str, popularity, id| Doc {
        id: Uuid::from_u128(id),
        sku: sku.to_owned(),
        name: "Rabbit 400 g".to_owned(),
        popularity,
        ..Doc::default()
    };
    let docs = [doc("B", 1, 2), doc("C", 9, 3), doc("A", 1, 1)];
    let ids = |docs: Vec<Doc>| -> Vec<u128> {
        let hits = Embedded::build(docs.into_iter())
            .unwrap()
            .search("rabit", 10);
        hits.iter().map(|hit| hit.id.as_u128()).collect()
    };
    assert_eq!(ids(docs.to_vec()), [3, 1, 2]);
    assert_eq!(ids(docs.iter().rev().cloned().collect()), [3, 1, 2]);
}

#[test]
fn the_same_catalogue_gives_the_same_answers() {
    let one = Embedded::build(shelf()).unwrap();
    let docs: Vec<Doc> = shelf().collect();
    let other = Embedded::build(docs.into_iter().rev()).unwrap();
    for query in ["food", "salmon chicken", "futter", "d", "kg", "hk"] {
        assert_eq!(one.search(query, 100), other.search(query, 100), "{query}");
        assert_eq!(one.complete(query, 5), other.complete(query, 5), "{query}");
        assert_eq!(one.nearest(query, 5), other.nearest(query, 5), "{query}");
    }
}

#[test]
fn an_empty_catalogue_answers_too() {
    let index = Embedded::build(std::iter::empty()).unwrap();
    assert!(index.is_empty());
    for query in ["", "salmon", "HK-1001", "4006381333931"] {
        assert_eq!(index.search(query, 10), []);
        assert_eq!(index.complete(query, 10), []);
        assert_eq!(index.nearest(query, 10), []);
    }
}

thread_local! {
    static INDEX: Embedded = Embedded::build(shelf()).unwrap();
}

fn ask_everything(query: &str) {
    INDEX.with(|index| {
        assert!(index.search(query, 100).len() <= SHELF.len());
        assert!(index.complete(query, 7).len() <= 7);
        assert!(index.nearest(query, 7).len() <= 7);
    });
}

proptest! {
    #[test]
    fn whatever_is_typed_is_answered(query in any::<String>()) {
        ask_everything(&query);
    }

    #[test]
    fn what_looks_like_syntax_is_text(query in "[a-z0-9äß\"*~+:()\\[\\]{}^\\\\/?! -]{0,60}") {
        ask_everything(&query);
    }

    #[test]
    fn whatever_a_catalogue_says_is_indexed(text in any::<String>()) {
        let doc = Doc {
            sku: text.clone(),
            gtins: vec![text.clone()],
            name: text.clone(),
            brand: text.clone(),
            category: text.clone(),
            description: text.clone(),
            ..Doc::default()
        };
        let index = Embedded::build(std::iter::once(doc)).unwrap();
        prop_assert!(index.search(&text, 5).len() <= 1);
    }
}

/// A catalogue as large as a wholesaler's, made of the shelf's own words.
fn large(products: u32) -> impl Iterator<Item = Doc> {
    (0..products)
        .zip(shelf().collect::<Vec<_>>().into_iter().cycle())
        .map(|(number, mut doc)| {
            // Syllables make some thousand different words, as a real catalogue has.
            let syllable = |at: u32| {
                ["ba", "ke", "lo", "mi", "nu", "ra", "se", "to"][usize::try_from(at % 8).unwrap()]
            };
            let word = format!(
                "{}{}{}{}",
                syllable(number),
                syllable(number / 8),
                syllable(number / 64),
                syllable(number / 512)
            );
            doc.id = Uuid::from_u128(number.into());
            doc.sku = format!("{}-{number:05}", &doc.sku[..2]);
            doc.gtins = vec![format!(
                "40063{:08}",
                u64::from(number) * 7919 % 100_000_000
            )];
            doc.name = format!("{} {word}", doc.name);
            doc
        })
}

/// Run with `cargo test --release -p portal --lib search::tests::how_long -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, for people"]
fn how_long_it_takes() {
    for products in [4_000, 40_000] {
        let docs: Vec<Doc> = large(products).collect();
        let started = Instant::now();
        let index = Embedded::build(docs.into_iter()).unwrap();
        println!("{products} products: built in {:?}", started.elapsed());
        let queries = [
            "salmon rice",
            "slamon",
            "hundefuter",
            "wet food for cats",
            "bakelo 12kg",
            "HK-01",
            "40063",
            "vogelfutter",
            "kg",
            "wombat kg quokka tin",
        ];
        for query in queries {
            let timed = |name: &str, ask: &dyn Fn() -> usize| {
                let started = Instant::now();
                let rounds = 20;
                let hits = (0..rounds).map(|_| ask()).max();
                println!(
                    "  {name} {query:?}: {:?} each, {hits:?} hits",
                    started.elapsed() / rounds
                );
            };
            timed("search", &|| index.search(query, 1_000_000).len());
            timed("complete", &|| index.complete(query, 8).len());
            timed("nearest", &|| index.nearest(query, 5).len());
        }
        let started = Instant::now();
        for number in 0..1_000 {
            index.nearest(&format!("HK-{:05}X", number * 31 % products), 5);
            index.nearest(&format!("40063{:07}", number * 7919), 5);
        }
        println!("  2,000 mistyped codes: {:?}", started.elapsed());
    }
}
