//! The words of all names, brands and categories, and which of them a typed word may mean.
//!
//! A catalogue has a few thousand different words, so a typed word is compared with all of them
//! once, and the index is asked only for products.

use std::collections::{BTreeMap, HashMap};

use tantivy::BitSet;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

use super::nearby::{Near, Sorted, Span};
use super::rows::Rows;

/// What a product is worth whose word matches in this way. The exact word is ranked by BM25 on
/// top of its worth.
const EXACT: f32 = 3.0;
const SAME_STEM: f32 = 2.5;
const BEGINNING: f32 = 2.0;
const INSIDE: f32 = 1.5;
const COMPOUND: f32 = 1.2;
const ONE_SLIP: f32 = 1.0;
const TWO_SLIPS: f32 = 0.6;
const SLIP_IN_A_PART: f32 = 0.4;

/// The shortest typed word looked for inside others ("futter" in "hundefutter").
const INSIDE_CHARS: usize = 4;
/// The shortest half of a typed compound.
const HALF_CHARS: usize = 3;

#[derive(Debug)]
pub struct Vocabulary {
    words: Vec<Entry>,
    sorted: Sorted,
    stems: HashMap<String, Vec<usize>>,
    products: u32,
}

#[derive(Debug)]
struct Entry {
    word: String,
    rows: Vec<u32>,
}

impl Vocabulary {
    /// From each word to the rows of the products that bear it.
    pub fn build(words: BTreeMap<String, Vec<u32>>, products: u32) -> Self {
        let mut stemmers = Stemmers::new();
        let mut stems: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, word) in words.keys().enumerate() {
            for stem in stemmers.stems(word) {
                stems.entry(stem).or_default().push(index);
            }
        }
        let words: Vec<Entry> = words
            .into_iter()
            .map(|(word, rows)| Entry { word, rows })
            .collect();
        Self {
            sorted: Sorted::new(words.iter().map(|entry| entry.word.as_str())),
            words,
            stems,
            products,
        }
    }

    /// All that a typed word may mean, each way with its worth. `unfinished` is the word the
    /// cursor stands behind.
    pub fn read(&self, word: &str, unfinished: bool) -> Vec<Rows> {
        let mut found = Found::new(self);
        let length = word.chars().count();
        let exact = self.exact(word);
        found.add(EXACT, exact);
        let number = word.chars().all(char::is_numeric);
        if number {
            // 400 and 500 are one slip apart and different products.
            if unfinished {
                found.add(
                    BEGINNING,
                    self.beginning(word).filter(|at| Some(*at) != exact),
                );
            }
            return found.ways;
        }
        let same_stem = self.same_stem(word);
        let known = exact.is_some() || !same_stem.is_empty();
        found.add(
            SAME_STEM,
            same_stem.into_iter().filter(|at| Some(*at) != exact),
        );
        if length >= 2 || unfinished {
            found.add(
                BEGINNING,
                self.beginning(word).filter(|at| Some(*at) != exact),
            );
        }
        if length >= INSIDE_CHARS {
            found.add(INSIDE, self.inside(word));
        }
        if !known {
            found.push(COMPOUND, self.both_halves(word));
            self.add_slips(&mut found, word, length, unfinished);
        }
        found.ways
    }

    fn add_slips(&self, found: &mut Found<'_>, word: &str, length: usize, unfinished: bool) {
        let most = slips_forgiven(length);
        if most == 0 {
            return;
        }
        let near = self.sorted.near(word, most, Span::Whole);
        found.add(ONE_SLIP, with_slips(&near, 1));
        found.add(TWO_SLIPS, with_slips(&near, 2));
        if unfinished || found.ways.is_empty() {
            let near = self.sorted.near(word, most, Span::Start);
            found.add(SLIP_IN_A_PART, near.iter().map(|near| near.index));
        }
        if found.ways.is_empty() && length > INSIDE_CHARS {
            let near = self.sorted.near(word, 1, Span::Inside);
            found.add(SLIP_IN_A_PART, near.iter().map(|near| near.index));
        }
    }

    fn exact(&self, word: &str) -> Option<usize> {
        self.words
            .binary_search_by(|entry| entry.word.as_str().cmp(word))
            .ok()
    }

    /// "Welpen" and "Welpe", "treats" and "treat".
    fn same_stem(&self, word: &str) -> Vec<usize> {
        let stems = Stemmers::new().stems(word);
        let mut found: Vec<usize> = stems
            .iter()
            .filter_map(|stem| self.stems.get(stem))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn beginning<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let from = self
            .words
            .partition_point(|entry| entry.word.as_str() < word);
        self.words
            .iter()
            .enumerate()
            .skip(from)
            .take_while(move |(_, entry)| entry.word.starts_with(word))
            .map(|(index, _)| index)
    }

    fn inside<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.words
            .iter()
            .enumerate()
            .filter(move |(_, entry)| entry.word.len() > word.len() && entry.word.contains(word))
            .filter(move |(_, entry)| !entry.word.starts_with(word))
            .map(|(index, _)| index)
    }

    /// Products that bear both halves of a typed compound: "Hundefutter" finds "Futter für Hunde",
    /// and "Hunde-Trockenfutter" by the end of its compound.
    fn both_halves(&self, word: &str) -> BitSet {
        let mut both = self.no_rows();
        for (at, _) in word.char_indices().skip(HALF_CHARS) {
            let Some((head, tail)) = word.split_at_checked(at) else {
                continue;
            };
            if tail.chars().count() < HALF_CHARS {
                break;
            }
            let mut heads = self.no_rows();
            self.collect(&mut heads, self.forms(head));
            if heads.len() == 0 {
                continue;
            }
            let mut tails = self.no_rows();
            self.collect(&mut tails, self.forms(tail));
            if tail.len() >= INSIDE_CHARS {
                let ending = self.inside(tail);
                self.collect(&mut tails, ending.filter(|at| self.ends_with(*at, tail)));
            }
            for row in (0..self.products).filter(|row| heads.contains(*row)) {
                if tails.contains(row) {
                    both.insert(row);
                }
            }
        }
        both
    }

    /// The word and its other forms.
    fn forms(&self, word: &str) -> impl Iterator<Item = usize> {
        self.exact(word).into_iter().chain(self.same_stem(word))
    }

    fn ends_with(&self, index: usize, tail: &str) -> bool {
        self.words
            .get(index)
            .is_some_and(|entry| entry.word.ends_with(tail))
    }

    fn collect(&self, rows: &mut BitSet, words: impl IntoIterator<Item = usize>) {
        for entry in words.into_iter().filter_map(|index| self.words.get(index)) {
            for row in &entry.rows {
                rows.insert(*row);
            }
        }
    }

    fn no_rows(&self) -> BitSet {
        BitSet::with_max_value(self.products)
    }
}

/// The ways found so far.
struct Found<'a> {
    vocabulary: &'a Vocabulary,
    ways: Vec<Rows>,
}

impl<'a> Found<'a> {
    fn new(vocabulary: &'a Vocabulary) -> Self {
        Self {
            vocabulary,
            ways: Vec::new(),
        }
    }

    fn add(&mut self, worth: f32, words: impl IntoIterator<Item = usize>) {
        let mut rows = self.vocabulary.no_rows();
        self.vocabulary.collect(&mut rows, words);
        self.push(worth, rows);
    }

    fn push(&mut self, worth: f32, rows: BitSet) {
        if rows.len() > 0 {
            self.ways.push(Rows { rows, worth });
        }
    }
}

fn with_slips(near: &[Near], slips: usize) -> impl Iterator<Item = usize> {
    near.iter()
        .filter(move |near| near.slips == slips)
        .map(|near| near.index)
}

/// A short word with a slip is another word.
fn slips_forgiven(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..8 => 1,
        8.. => 2,
    }
}

/// One word may be either language: the demo's names are English, many brands' are German.
struct Stemmers {
    languages: [(char, TextAnalyzer); 2],
}

impl Stemmers {
    fn new() -> Self {
        let stemmer = |language| {
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(Stemmer::new(language))
                .build()
        };
        Self {
            languages: [
                ('e', stemmer(Language::English)),
                ('g', stemmer(Language::German)),
            ],
        }
    }

    /// The stems of a word, marked by language; too short ones say nothing.
    fn stems(&mut self, word: &str) -> Vec<String> {
        let mut stems = Vec::new();
        for (mark, stemmer) in &mut self.languages {
            stemmer.token_stream(word).process(&mut |token| {
                if token.text.len() >= HALF_CHARS {
                    stems.push(format!("{mark}{}", token.text));
                }
            });
        }
        stems
    }
}
