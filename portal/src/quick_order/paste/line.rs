//! What the cells or words of a pasted line say: which is the code, which the quantity.

use super::Typed;
use super::amount::{QUANTITY_DIGITS, amount, bare, is_times, is_unit, is_word, short_amount};
use super::cells::{self, is_digits};
use super::heads::Columns;

/// What a line was understood to say.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    code: String,
    quantity: String,
    unit: Option<String>,
}

/// Reads a plain line that is not blank.
pub fn read(row: u32, line: &str, columns: Option<&Columns>) -> Typed {
    let said = match cells::cells(line) {
        Some(cells) => columns
            .and_then(|columns| from_columns(&cells, columns))
            .or_else(|| from_cells(&cells)),
        None => from_words(&cells::words(line)),
    };
    let said = said.filter(|said| said.code.chars().any(char::is_alphanumeric));
    let Some(Said {
        code,
        quantity,
        unit,
    }) = said
    else {
        return Typed {
            row,
            code: line.to_owned(),
            quantity: String::new(),
            unit: None,
        };
    };
    Typed {
        row,
        code,
        quantity,
        unit,
    }
}

fn from_columns(cells: &[String], columns: &Columns) -> Option<Said> {
    let cell = |place: &usize| cells.get(*place).filter(|cell| !cell.is_empty());
    let code = columns.codes.iter().find_map(cell)?.clone();
    let typed = columns.quantity.as_ref().and_then(cell).cloned();
    let typed = typed.unwrap_or_default();
    let (quantity, own_unit) = amount(&typed).unwrap_or((typed, None));
    let unit = columns.unit.as_ref().and_then(cell).map(|unit| bare(unit));
    Some(Said {
        code,
        quantity,
        unit: unit.or(own_unit),
    })
}

fn from_cells(cells: &[String]) -> Option<Said> {
    // A table indented by an empty column; not one whose codes are missing.
    let cells = match cells {
        [empty, next @ ..]
            if empty.is_empty() && next.first().is_some_and(|next| amount(next).is_none()) =>
        {
            next
        }
        all => all,
    };
    let (code, rest) = cells.split_first()?;
    if let (Some((quantity, unit)), Some(second)) = (short_amount(code), rest.first())
        && is_code_beside_quantity(second)
    {
        let unit = unit.or_else(|| unit_after(rest.get(1..)?));
        let code = second.clone();
        return Some(Said {
            code,
            quantity,
            unit,
        });
    }
    let in_first_cell = || from_words(&cells::words(code)).filter(|said| !said.quantity.is_empty());
    let Some(second) = rest.first() else {
        return in_first_cell();
    };
    if amount(second).is_none()
        && !second.is_empty()
        && let Some(said) = in_first_cell()
    {
        return Some(said);
    }
    let mut said = Said {
        code: code.clone(),
        quantity: String::new(),
        unit: None,
    };
    // A name or a unit may stand between code and quantity. An empty cell may not: what follows it
    // is more likely a price.
    let named = !second.is_empty() && !starts_like_number(second);
    let place = if named {
        rest.iter().position(|cell| short_amount(cell).is_some())
    } else {
        Some(0)
    };
    let Some((place, typed)) = place.and_then(|place| Some((place, rest.get(place)?))) else {
        // Not a quantity, and the place for it: kept, to be refused where it can be seen.
        if rest.len() == 1 {
            said.quantity = second.clone();
        }
        return Some(said);
    };
    let (quantity, unit) = amount(typed).unwrap_or((typed.clone(), None));
    let before = Some(second)
        .filter(|second| is_unit(second))
        .map(|unit| bare(unit));
    said.unit = unit
        .or(before)
        .or_else(|| unit_after(rest.get(place + 1..)?))
        .filter(|_| !quantity.is_empty());
    said.quantity = quantity;
    Some(said)
}

fn from_words(words: &[String]) -> Option<Said> {
    let words = without_bullet(words);
    let (first, rest) = words.split_first()?;
    if let Some(said) = quantity_first(first, rest) {
        return Some(said);
    }
    let (code, rest) = code_first(words)?;
    let rest = match rest {
        [sign, rest @ ..] if is_joining(sign) => rest,
        all => all,
    };
    let mut said = Said {
        code,
        quantity: String::new(),
        unit: None,
    };
    let Some((next, after)) = rest.split_first() else {
        return Some(said);
    };
    if let Some((quantity, unit)) = amount(next) {
        said.quantity = quantity;
        said.unit = unit.or_else(|| unit_after(after));
        if let Some(group) = after
            .first()
            .filter(|group| group.len() == 3 && is_digits(group))
        {
            said.quantity = format!("{} {group}", said.quantity);
        }
        return Some(said);
    }
    if let Some((quantity, unit)) = after.first().and_then(|second| amount(second))
        && is_unit(next)
    {
        said.quantity = quantity;
        said.unit = unit.or_else(|| Some(bare(next)));
        return Some(said);
    }
    if starts_like_number(next) {
        said.quantity = next.clone();
        return Some(said);
    }
    // Words after a code are its name; words after a word are a sentence.
    first.chars().any(char::is_numeric).then_some(said)
}

/// "12 x HK-1001", "12 HK-1001", "12 cases of HK-1001".
fn quantity_first(first: &str, rest: &[String]) -> Option<Said> {
    let (quantity, mut unit) = short_amount(first)?;
    let attached = unit.is_some();
    let mut rest = rest;
    let times =
        first.ends_with(['x', 'X', '×', '*']) || rest.first().is_some_and(|word| is_times(word));
    while let [word, next, ..] = rest {
        let names_unit = unit.is_none() && is_unit(word);
        if !names_unit && !is_times(word) && !matches!(word.as_str(), "of" | "von") {
            break;
        }
        let smaller = is_digits(next) && next.len() < quantity.len();
        if names_unit && smaller {
            // "10080 cases 12": the first is the code.
            return None;
        }
        if names_unit {
            unit = Some(bare(word));
        }
        rest = rest.get(1..)?;
    }
    let (code, after) = code_first(rest)?;
    let said_so = times || attached || unit.is_some();
    if !said_so && !is_code_beside_quantity(&code) {
        return None;
    }
    let unit = unit.or_else(|| unit_after(after).filter(|unit| is_unit(unit)));
    Some(Said {
        code,
        quantity,
        unit,
    })
}

/// The code at the beginning of the words and what follows it.
fn code_first(words: &[String]) -> Option<(String, &[String])> {
    let (first, rest) = words.split_first()?;
    // A GTIN as it is printed under the bars: "4 006381 333931".
    if let [middle, last, after @ ..] = rest {
        let printed = [first, middle, last].map(|part| is_digits(part).then_some(part.len()));
        if printed == [Some(1), Some(6), Some(6)] {
            return Some((format!("{first}{middle}{last}"), after));
        }
    }
    // "HK 1001 12": a code of two parts, for the quantity follows.
    if let [number, quantity, ..] = rest
        && !first.chars().any(char::is_numeric)
        && first.chars().any(char::is_alphabetic)
        && is_digits(number)
        && amount(quantity).is_some()
    {
        return Some((format!("{first} {number}"), rest.get(1..)?));
    }
    Some((first.trim_end_matches([':', '=', ',']).to_owned(), rest))
}

fn without_bullet(words: &[String]) -> &[String] {
    match words {
        [bullet, rest @ ..] if !rest.is_empty() && is_bullet(bullet) => rest,
        [number, rest @ ..] if rest.len() > 1 && is_list_number(number) => rest,
        all => all,
    }
}

fn is_bullet(word: &str) -> bool {
    matches!(word, "-" | "*" | "•" | "–" | "·" | ">")
}

fn is_list_number(word: &str) -> bool {
    word.strip_suffix(['.', ')']).is_some_and(is_digits)
}

fn is_joining(word: &str) -> bool {
    is_times(word) || matches!(word, "-" | "–" | "=" | ":" | "@" | "à")
}

/// Beside a number that may be a quantity, this is the code.
fn is_code_beside_quantity(text: &str) -> bool {
    let long = is_digits(text) && text.len() > QUANTITY_DIGITS;
    let lettered = text.chars().any(char::is_alphabetic) && short_amount(text).is_none();
    long || (lettered && text.chars().any(char::is_numeric) && !is_unit(text))
}

fn starts_like_number(text: &str) -> bool {
    text.trim_start_matches(['-', '+', '\u{2212}'])
        .starts_with(|char: char| char.is_numeric())
}

/// The unit in the place after a quantity: a known one, or a single last word, which is kept so
/// that a unit nobody knows is refused and not passed over.
fn unit_after(rest: &[String]) -> Option<String> {
    let (first, after) = rest.split_first()?;
    let last = after.iter().all(String::is_empty);
    (is_unit(first) || (last && is_word(first))).then(|| bare(first))
}
