//! The document's letters: their widths, where lines break, and what of a text can be printed at all.
//!
//! DejaVu Sans Condensed, because it has the letters of all of Europe, figures of one width, and a licence that lets it
//! be embedded.

use std::cell::RefCell;
use std::collections::HashMap;

use krilla::text::{Font, GlyphId};
use skrifa::MetadataProvider;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use unicode_normalization::UnicodeNormalization;

/// More than any field of an order holds; bounds the work of a hostile one.
const MAX_CHARACTERS: usize = 8_192;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

pub struct Typeface {
    regular: Face,
    bold: Face,
}

/// One letter's shape and its width as a share of the type size.
#[derive(Debug, Clone, Copy)]
pub struct Letter {
    pub id: GlyphId,
    pub advance: f32,
}

struct Face {
    font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
    seen: RefCell<HashMap<char, Letter>>,
}

impl Typeface {
    pub fn load() -> Option<Self> {
        Some(Self {
            regular: Face::load(dejavu::sans_condensed::regular())?,
            bold: Face::load(dejavu::sans_condensed::bold())?,
        })
    }

    pub fn font(&self, weight: Weight) -> Font {
        self.face(weight).font.clone()
    }

    pub fn letter(&self, letter: char, weight: Weight) -> Letter {
        self.face(weight).letter(letter)
    }

    pub fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        text.chars()
            .map(|letter| self.letter(letter, weight).advance)
            .sum::<f32>()
            * size
    }

    /// The size at which the text fits: a figure is set smaller rather than cut.
    pub fn fitting_size(&self, text: &str, weight: Weight, size: f32, width: f32) -> f32 {
        let natural = self.width(text, weight, size);
        if natural > width {
            size * width / natural
        } else {
            size
        }
    }

    /// The text in lines no wider than `width`. What does not fit into `max_lines` ends in an ellipsis.
    pub fn wrap(
        &self,
        text: &str,
        weight: Weight,
        size: f32,
        width: f32,
        max_lines: usize,
    ) -> Vec<String> {
        let mut lines = Lines {
            face: self.face(weight),
            limit: width / size,
            done: Vec::new(),
            line: String::new(),
            used: 0.0,
        };
        for paragraph in text.lines() {
            let paragraph = printable(paragraph);
            for word in paragraph.split_inclusive([' ', '-', '/']) {
                lines.push_word(word);
                if lines.done.len() > max_lines {
                    break;
                }
            }
            lines.end_line();
        }
        let mut done = lines.done;
        if done.len() > max_lines {
            done.truncate(max_lines);
            if let Some(last) = done.last_mut() {
                while self.width(last, weight, size) + self.width("…", weight, size) > width
                    && last.pop().is_some()
                {}
                last.truncate(last.trim_end().len());
                last.push('…');
            }
        }
        done
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.to_vec().into(), 0)?;
        let tables = skrifa::FontRef::new(bytes).ok()?;
        Some(Self {
            units_per_em: font.units_per_em(),
            font,
            charmap: tables.charmap(),
            metrics: tables.glyph_metrics(Size::unscaled(), LocationRef::default()),
            seen: RefCell::default(),
        })
    }

    fn letter(&self, letter: char) -> Letter {
        *self.seen.borrow_mut().entry(letter).or_insert_with(|| {
            // A letter the face lacks shows as its empty box, so that the reader sees something is there.
            let id = self.charmap.map(letter).unwrap_or_default();
            let advance = self.metrics.advance_width(id).unwrap_or_default();
            Letter {
                id: GlyphId::new(id.to_u32()),
                advance: advance / self.units_per_em,
            }
        })
    }

    fn width(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.letter(letter).advance).sum()
    }
}

/// Lines being filled; widths are shares of the type size.
struct Lines<'a> {
    face: &'a Face,
    limit: f32,
    done: Vec<String>,
    line: String,
    used: f32,
}

impl Lines<'_> {
    fn push_word(&mut self, word: &str) {
        let needed = self.face.width(word.trim_end());
        if self.used + needed > self.limit && !self.line.is_empty() {
            self.end_line();
        }
        if needed <= self.limit {
            self.line.push_str(word);
            self.used += self.face.width(word);
            return;
        }
        // A word wider than the column, such as a number without blanks, breaks anywhere.
        for letter in word.chars() {
            let advance = self.face.letter(letter).advance;
            if self.used + advance > self.limit && !self.line.is_empty() {
                self.end_line();
            }
            self.line.push(letter);
            self.used += advance;
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.used = 0.0;
        let line = line.trim_end();
        if !line.is_empty() {
            self.done.push(line.to_owned());
        }
    }
}

/// The text as it can be printed on one line: composed, blanks for control characters, and without the invisible
/// characters that reorder or join what is around them; a document must read as it is stored.
pub fn printable(text: &str) -> String {
    let spaced = text
        .chars()
        .take(MAX_CHARACTERS)
        .map(|c| if c.is_control() { ' ' } else { c });
    let composed = spaced
        .filter(|c| !is_invisible(*c))
        .nfc()
        .collect::<String>();
    composed
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
