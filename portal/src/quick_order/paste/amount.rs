//! Quantities with what is written around them: signs, "x", units.

use super::cells::GROUP_SPACE;

/// Longer runs of digits are codes, not quantities.
pub const QUANTITY_DIGITS: usize = 7;

/// Words for units that people write around quantities. Only to tell them from other words: which
/// units a product has is not known here.
const UNITS: &[&str] = &[
    "bag",
    "bags",
    "beutel",
    "bottle",
    "bottles",
    "box",
    "boxes",
    "bx",
    "c62",
    "can",
    "cans",
    "carton",
    "cartons",
    "case",
    "cases",
    "cs",
    "ct",
    "ctn",
    "display",
    "displays",
    "dose",
    "dosen",
    "dozen",
    "dz",
    "ea",
    "each",
    "einheit",
    "einheiten",
    "flasche",
    "flaschen",
    "h87",
    "karton",
    "kartons",
    "kiste",
    "kisten",
    "krt",
    "ktn",
    "layer",
    "layers",
    "pack",
    "packs",
    "packung",
    "packungen",
    "paket",
    "pakete",
    "pal",
    "palette",
    "paletten",
    "pallet",
    "pallets",
    "pc",
    "pce",
    "pck",
    "pcs",
    "pf",
    "piece",
    "pieces",
    "pk",
    "pkg",
    "plt",
    "sack",
    "säcke",
    "st",
    "stk",
    "stück",
    "stücke",
    "stueck",
    "tin",
    "tins",
    "tray",
    "trays",
    "unit",
    "units",
    "ve",
    "xbx",
    "xct",
    "xpk",
    "xpx",
];

/// An amount that is no code: few digits, and no letters but a unit's.
pub fn short_amount(text: &str) -> Option<(String, Option<String>)> {
    let (quantity, unit) = amount(text)?;
    let short = quantity.chars().filter(char::is_ascii_digit).count() <= QUANTITY_DIGITS;
    let known = unit.as_deref().is_none_or(is_unit);
    (short && known).then_some((quantity, unit))
}

/// A quantity as typed and the unit written with it: "12", "-3", "1.000,5", "12cs", "x12",
/// "12 cases".
pub fn amount(text: &str) -> Option<(String, Option<String>)> {
    let text = text.trim();
    let after_times = text.strip_prefix(['x', 'X', '×', '*']).map(str::trim_start);
    let text = after_times.unwrap_or(text);
    let unsigned = text.trim_start_matches(['-', '+', '\u{2212}']);
    if !unsigned.starts_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    let mark =
        |char: char| char.is_ascii_digit() || matches!(char, '.' | ',' | '\'' | '’' | GROUP_SPACE);
    let end = unsigned.find(|char| !mark(char)).unwrap_or(unsigned.len());
    let (number, rest) = unsigned.split_at_checked(end)?;
    let sign = text.strip_suffix(unsigned).unwrap_or_default();
    let quantity = format!("{sign}{number}");
    let apart = rest.starts_with(' ');
    let rest = rest.trim();
    if rest.is_empty() || is_times(rest) {
        return Some((quantity, None));
    }
    let mut words = rest.split(' ');
    let word = words.next()?;
    let alone = words.next().is_none();
    let unit = is_unit(word) || (alone && is_word(word));
    match (unit, apart) {
        (true, _) => Some((quantity, Some(bare(word)))),
        // "12 please call": the number counts, the text does not.
        (false, true) => Some((quantity, None)),
        (false, false) => None,
    }
}

pub fn is_unit(word: &str) -> bool {
    UNITS.contains(&bare(word).to_lowercase().as_str())
}

pub fn is_word(text: &str) -> bool {
    let bare = bare(text);
    bare.chars().count() <= 20 && !bare.is_empty() && bare.chars().all(char::is_alphabetic)
}

pub fn bare(unit: &str) -> String {
    unit.trim()
        .trim_end_matches(['.', ',', ';', ')'])
        .trim_start_matches('(')
        .to_owned()
}

pub fn is_times(word: &str) -> bool {
    matches!(word, "x" | "X" | "×" | "*")
}
