//! Article numbers and GTINs, however they are written and however they are mistyped.

use tantivy::BitSet;

use super::nearby::{Sorted, Span, slips};
use super::rows::Rows;
use super::words::without_padding;

/// A product's own code outweighs any words.
const EXACT: f32 = 50.0;
const BEGINNING: f32 = 6.0;
const PART: f32 = 2.0;

/// The shortest beginnings that say something: of an article number, of one that is all digits
/// (weights are, too), of a GTIN (whose first seven name the country and the company).
const SKU_CHARS: usize = 2;
const DIGITS: usize = 3;
const GTIN_DIGITS: usize = 6;

#[derive(Debug)]
pub struct Codes {
    /// Sorted by key.
    entries: Vec<Entry>,
    /// Whole codes with the letters that look like digits made the same, sorted.
    looks: Vec<Look>,
    sorted: Sorted,
    products: u32,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: String,
    row: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Sku,
    Gtin,
    /// What follows a separator in an article number: people type "1020" for "HK-1020".
    Part,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    look: String,
    row: u32,
    key: String,
}

/// The codes of a catalogue while they are gathered.
#[derive(Debug, Default)]
pub struct Gathered(Vec<Entry>);

impl Gathered {
    pub fn sku(&mut self, sku: &str, row: u32) {
        self.push(super::words::code(sku), row, Kind::Sku);
        let after = sku
            .char_indices()
            .filter(|(_, char)| !char.is_alphanumeric())
            .filter_map(|(at, char)| sku.get(at + char.len_utf8()..));
        for part in after {
            let key = super::words::code(part);
            if key.len() >= DIGITS {
                self.push(key, row, Kind::Part);
            }
        }
    }

    pub fn gtin(&mut self, gtin: &str, row: u32) {
        let key = super::words::code(gtin);
        self.push(without_padding(&key).to_owned(), row, Kind::Gtin);
    }

    fn push(&mut self, key: String, row: u32, kind: Kind) {
        if !key.is_empty() {
            self.0.push(Entry { key, row, kind });
        }
    }

    pub fn build(self, products: u32) -> Codes {
        let mut entries = self.0;
        entries.sort_unstable();
        let mut looks: Vec<Look> = entries
            .iter()
            .filter(|entry| entry.kind != Kind::Part)
            .map(|entry| Look {
                look: look(&entry.key),
                row: entry.row,
                key: entry.key.clone(),
            })
            .collect();
        looks.sort_unstable();
        Codes {
            sorted: Sorted::new(looks.iter().map(|look| look.look.as_str())),
            entries,
            looks,
            products,
        }
    }
}

impl Codes {
    /// The products whose code is this or begins with it.
    pub fn read(&self, code: &str) -> Vec<Rows> {
        let code = without_padding(code);
        let digits = code.chars().all(char::is_numeric);
        let mut exact = BitSet::with_max_value(self.products);
        let mut beginning = BitSet::with_max_value(self.products);
        let mut part = BitSet::with_max_value(self.products);
        let from = self
            .entries
            .partition_point(|entry| entry.key.as_str() < code);
        let from_there = self.entries.iter().skip(from);
        for entry in from_there.take_while(|entry| entry.key.starts_with(code)) {
            let whole = entry.key.len() == code.len();
            let least = match entry.kind {
                Kind::Gtin => GTIN_DIGITS,
                Kind::Sku if !digits => SKU_CHARS,
                Kind::Sku | Kind::Part => DIGITS,
            };
            let long_enough = code.len() >= least;
            match (entry.kind, whole) {
                (Kind::Sku | Kind::Gtin, true) => exact.insert(entry.row),
                (Kind::Sku | Kind::Gtin, false) => long_enough && beginning.insert(entry.row),
                (Kind::Part, _) => long_enough && part.insert(entry.row),
            };
        }
        [(exact, EXACT), (beginning, BEGINNING), (part, PART)]
            .into_iter()
            .filter(|(rows, _)| rows.len() > 0)
            .map(|(rows, worth)| Rows { rows, worth })
            .collect()
    }

    /// The products whose code may have been meant, nearest first, each once: a digit missing,
    /// wrong or swapped, an O for a zero, an I or l for a one.
    pub fn near(&self, code: &str) -> Vec<(u32, f32)> {
        let code = without_padding(code);
        let look = look(code);
        let most = match code.chars().count() {
            0..3 => 0,
            3..6 => 1,
            6.. => 2,
        };
        // One slip explains more than two: those two away are offered where none is nearer.
        let near = (1..=most)
            .map(|most| self.sorted.near(&look, most, Span::Whole))
            .find(|near| !near.is_empty())
            .unwrap_or_default();
        let mut found: Vec<(usize, usize, u32)> = near
            .into_iter()
            .filter_map(|near| {
                let meant = self.looks.get(near.index)?;
                Some((near.slips, slips(code, &meant.key), meant.row))
            })
            .collect();
        found.sort_unstable();
        let mut seen = BitSet::with_max_value(self.products);
        found.retain(|(_, _, row)| seen.insert(*row));
        found
            .into_iter()
            .map(|(slips, plain, row)| (row, nearness(slips, plain)))
            .collect()
    }
}

/// One for the very code, less with each slip; letters taken for digits cost little.
fn nearness(slips: usize, plain: usize) -> f32 {
    let small = |count: usize| f32::from(u8::try_from(count).unwrap_or(u8::MAX));
    1.0 / (1.0 + small(slips) + small(plain.saturating_sub(slips)) / 10.0)
}

/// How a code looks: O is a zero, I and l are ones.
fn look(code: &str) -> String {
    code.chars()
        .map(|char| match char {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}
