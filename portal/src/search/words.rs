//! What counts as a word: the same rules for the catalogue's texts and for what is typed.

use tantivy::tokenizer::{AsciiFoldingFilter, RawTokenizer, TextAnalyzer};

/// A query is text from anywhere: what is beyond these bounds is not read.
pub const QUERY_CHARS: usize = 200;
pub const QUERY_WORDS: usize = 12;

/// No word of the trade is longer; a longer one is compared by its beginning.
const WORD_CHARS: usize = 40;

/// Words that say nothing about a product, left out of a query that has others.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "das", "der", "die", "for", "fur", "in", "mit", "of", "the", "und", "von",
    "with", "x",
];

/// A typed text, read.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    /// What stood between spaces. Each must match something.
    pub parts: Vec<Part>,
    /// All of it as one code, for article numbers typed with spaces; empty for a single part.
    pub code: String,
    /// The last word may go on: no space follows it.
    pub unfinished: bool,
}

/// "HK-1020" is one part: an article number, or else the words "hk" and "1020".
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub words: Vec<String>,
    pub code: String,
}

/// Reads a query within its bounds. Nothing in it is syntax.
pub fn ask(query: &str) -> Asked {
    let query: String = query.chars().take(QUERY_CHARS).collect();
    let mut room = QUERY_WORDS;
    let mut parts = Vec::new();
    for piece in query.split_whitespace() {
        let mut words = split(piece);
        words.truncate(room);
        room -= words.len();
        if !words.is_empty() {
            parts.push(Part {
                code: code(piece),
                words,
            });
        }
    }
    if parts.iter().any(|part| !part.is_small()) {
        parts.retain(|part| !part.is_small());
    }
    Asked {
        code: if parts.len() > 1 {
            code(&query)
        } else {
            String::new()
        },
        unfinished: query.chars().last().is_some_and(char::is_alphanumeric),
        parts,
    }
}

impl Part {
    fn is_small(&self) -> bool {
        matches!(self.words.as_slice(), [word] if SMALL_WORDS.contains(&word.as_str()))
    }
}

/// The words of a text: folded, letters apart from digits ("12kg" is "12" and "kg"), so that how
/// a weight is spaced makes no difference.
pub fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    let mut digits = false;
    for char in fold(text).chars() {
        if matches!(char, '\'' | '\u{300}'..='\u{36f}') {
            // "Hill's" is found as "hills"; a combining mark belongs to the letter before it.
            continue;
        }
        let breaks = !char.is_alphanumeric() || char.is_numeric() != digits;
        if breaks && !word.is_empty() {
            words.push(plain_umlauts(&word));
            word.clear();
            length = 0;
        }
        digits = char.is_numeric();
        if char.is_alphanumeric() && length < WORD_CHARS {
            word.push(char);
            length += 1;
        }
    }
    if !word.is_empty() {
        words.push(plain_umlauts(&word));
    }
    words
}

/// An article number or GTIN without what people leave out or add: case, hyphens, spaces, dots.
pub fn code(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|char| char.is_alphanumeric())
        .take(WORD_CHARS)
        .collect()
}

/// A typed code, read within the bounds of a query.
pub fn ask_code(typed: &str) -> String {
    let typed: String = typed.chars().take(QUERY_CHARS).collect();
    code(&typed)
}

/// A GTIN is the same number with or without the zeros that pad it to fourteen digits.
pub fn without_padding(code: &str) -> &str {
    let gtin = code.len() >= 8 && code.bytes().all(|byte| byte.is_ascii_digit());
    if gtin {
        code.trim_start_matches('0')
    } else {
        code
    }
}

/// Lower case without accents: "Größe" is "grosse".
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folder = TextAnalyzer::builder(RawTokenizer::default())
        .filter(AsciiFoldingFilter)
        .build();
    let lower = text.to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    folder
        .token_stream(&lower)
        .process(&mut |token| folded.push_str(&token.text));
    folded
}

/// "Gefluegel" and "Geflügel" are typed for the same word, so the `e` that spells an umlaut goes.
fn plain_umlauts(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut vowel = false;
    for char in word.chars() {
        let spells_umlaut = vowel && char == 'e';
        if !spells_umlaut {
            plain.push(char);
        }
        vowel = !spells_umlaut && matches!(char, 'a' | 'o' | 'u');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_accents_case_and_spacing_make_no_difference() {
        assert_eq!(split("Geflügel-Menü"), split("GEFLUEGEL menu"));
        assert_eq!(split("gefl\u{75}\u{308}gel"), split("Geflugel"));
        assert_eq!(split("12kg"), split("12 KG"));
        assert_eq!(split("Hill’s"), ["hills"]);
        assert_eq!(split("Crème brûlée"), ["creme", "brulee"]);
    }

    #[test]
    fn a_code_is_its_letters_and_digits() {
        assert_eq!(code("HK-10.20 / a"), "hk1020a");
        assert_eq!(without_padding("04006381333931"), "4006381333931");
        assert_eq!(without_padding("0012"), "0012");
    }

    #[test]
    fn a_query_is_read_within_its_bounds() {
        assert_eq!(ask(&"word ".repeat(500)).parts.len(), QUERY_WORDS);
        assert_eq!(ask("food for dogs").parts.len(), 2);
        assert_eq!(ask("the").parts.len(), 1);
        assert!(ask("sal").unfinished);
        assert!(!ask("sal ").unfinished);
    }
}
