//! A page as a list of marks, and how the marks become PDF.
//!
//! Pages are laid out whole before the first is drawn, because each one names how many there are.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{KrillaGlyph, TextDirection};
use unicode_normalization::char::is_combining_mark;

use super::DocumentError;
use super::typeface::{Typeface, Weight, printable};

/// A4 in points.
pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Text,
    Muted,
    Accent,
    Hairline,
    Tint,
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub weight: Weight,
    pub size: f32,
    pub ink: Ink,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// `y` is the baseline.
    Text {
        x: f32,
        y: f32,
        text: String,
        style: Style,
    },
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
}

impl Mark {
    /// The same mark further down.
    pub fn lowered(self, by: f32) -> Self {
        match self {
            Self::Text { x, y, text, style } => Self::Text {
                x,
                y: y + by,
                text,
                style,
            },
            Self::Fill {
                x,
                y,
                width,
                height,
                ink,
            } => Self::Fill {
                x,
                y: y + by,
                width,
                height,
                ink,
            },
        }
    }
}

/// What the file says about itself.
pub struct About {
    pub title: String,
    pub author: String,
    pub language: String,
    pub created_at: jiff::Timestamp,
}

pub fn draw(
    pages: Vec<Vec<Mark>>,
    about: About,
    typeface: &Typeface,
) -> Result<Vec<u8>, DocumentError> {
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(printable(&about.title))
            .authors(vec![printable(&about.author)])
            .creator("Kontor".to_owned())
            .language(printable(&about.language))
            .creation_date(date_time(about.created_at)),
    );
    for marks in pages {
        let Some(settings) = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT) else {
            continue;
        };
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text { x, y, text, style } => {
                    draw_text(&mut surface, typeface, Point::from_xy(x, y), &text, style);
                }
                Mark::Fill {
                    x,
                    y,
                    width,
                    height,
                    ink,
                } => {
                    draw_fill(&mut surface, Rect::from_xywh(x, y, width, height), ink);
                }
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(DocumentError::Pdf)
}

fn draw_fill(surface: &mut Surface<'_>, rect: Option<Rect>, ink: Ink) {
    let Some(rect) = rect else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(ink)));
        surface.draw_path(&path);
    }
}

/// Letters of most scripts stand one beside the other. Those that join, stack or run from the right are shaped by
/// krilla, run by run: slow, and rare in an order.
fn draw_text(
    surface: &mut Surface<'_>,
    typeface: &Typeface,
    start: Point,
    text: &str,
    style: Style,
) {
    surface.set_fill(Some(fill(style.ink)));
    let font = typeface.font(style.weight);
    let mut at = start;
    for run in runs(text) {
        match direction(run) {
            Some(direction) => {
                surface.draw_text(at, font.clone(), style.size, run, false, direction);
            }
            None => {
                let glyphs: Vec<KrillaGlyph> = run
                    .char_indices()
                    .map(|(from, c)| {
                        let letter = typeface.letter(c, style.weight);
                        let range = from..from.saturating_add(c.len_utf8());
                        KrillaGlyph::new(letter.id, letter.advance, 0.0, 0.0, 0.0, range, None)
                    })
                    .collect();
                surface.draw_glyphs(at, &glyphs, font.clone(), run, style.size, false);
            }
        }
        at.x += typeface.width(run, style.weight, style.size);
    }
}

fn direction(run: &str) -> Option<TextDirection> {
    if run.chars().any(is_right_to_left) {
        Some(TextDirection::RightToLeft)
    } else if run.chars().any(is_combining_mark) {
        Some(TextDirection::LeftToRight)
    } else {
        None
    }
}

/// The text cut where the direction changes; blanks between words from the right stay with them.
fn runs(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut from_right = None;
    let mut end_of_run = 0;
    for (at, c) in text.char_indices() {
        if c == ' ' || is_combining_mark(c) {
            continue;
        }
        let now = is_right_to_left(c);
        if from_right.is_some_and(|before| before != now) {
            cuts.push(if now { at } else { end_of_run });
        }
        from_right = Some(now);
        end_of_run = at.saturating_add(c.len_utf8());
    }
    cuts.push(text.len());
    cuts.windows(2)
        .filter_map(|cut| match cut {
            [from, to] => text.get(*from..*to),
            _ => None,
        })
        .filter(|run| !run.is_empty())
        .collect()
}

fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

fn fill(ink: Ink) -> Fill {
    let color = match ink {
        Ink::Text => rgb::Color::new(28, 27, 25),
        Ink::Muted => rgb::Color::new(98, 94, 88),
        Ink::Accent => rgb::Color::new(11, 96, 92),
        Ink::Hairline => rgb::Color::new(208, 204, 197),
        Ink::Tint => rgb::Color::new(243, 241, 237),
    };
    Fill {
        paint: color.into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn date_time(at: jiff::Timestamp) -> DateTime {
    let utc = jiff::tz::Offset::UTC.to_datetime(at);
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    DateTime::new(u16::try_from(utc.year()).unwrap_or_default())
        .month(small(utc.month()))
        .day(small(utc.day()))
        .hour(small(utc.hour()))
        .minute(small(utc.minute()))
        .second(small(utc.second()))
        .utc_offset_hour(0)
}
