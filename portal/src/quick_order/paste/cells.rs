//! A pasted line taken apart: into the cells of a spreadsheet, or into words.

/// Stands for any space between the groups of a number.
pub const GROUP_SPACE: char = '\u{a0}';

/// No number in an order is longer than this, its groups and sign included.
const LONGEST_NUMBER: usize = 24;

/// A line with every kind of space a plain one, except between the groups of a number; without
/// what cannot be seen.
pub fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(char) = rest.next() {
        match char {
            '\t' => plain.push('\t'),
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            '\u{a0}' | '\u{202f}' | '\u{2009}' if groups_digits(&plain, rest.as_str()) => {
                plain.push(GROUP_SPACE);
            }
            _ if char.is_whitespace() || char.is_control() => plain.push(' '),
            _ => plain.push(char),
        }
    }
    plain.trim().to_owned()
}

/// A space between "1" and "000", or between further groups.
fn groups_digits(before: &str, after: &str) -> bool {
    let number = before
        .rsplit([' ', '\t', ';', ',', '"'])
        .next()
        .unwrap_or_default();
    if number.len() > LONGEST_NUMBER {
        return false;
    }
    let mut groups = number.split(GROUP_SPACE);
    let first = groups
        .next()
        .unwrap_or_default()
        .trim_start_matches(['-', '+']);
    let three = |text: &str| text.len() == 3 && is_digits(text);
    let next: String = after
        .chars()
        .take(4)
        .take_while(|char| char.is_alphanumeric())
        .collect();
    (1..=3).contains(&first.len()) && is_digits(first) && groups.all(three) && three(&next)
}

/// A line of nothing, or of empty cells.
pub fn is_blank(plain: &str) -> bool {
    plain
        .chars()
        .all(|char| char.is_whitespace() || matches!(char, ';' | ',' | '"'))
}

/// The cells of a line that has a separator: tab before semicolon before comma, because the
/// rarer one is there for its own sake.
pub fn cells(line: &str) -> Option<Vec<String>> {
    let separator = ['\t', ';', ',']
        .into_iter()
        .find(|separator| split(line, *separator).len() > 1)?;
    let mut cells = split(line, separator);
    if separator == ',' {
        join_thousands(&mut cells);
    }
    Some(cells.iter().map(|cell| unquote(cell)).collect())
}

/// "HK-1001,1,000" is one thousand, unless a space says that a new column begins.
fn join_thousands(cells: &mut Vec<String>) {
    let [_, quantity, group, ..] = cells.as_slice() else {
        return;
    };
    let thousands = (1..=3).contains(&quantity.trim().len())
        && is_digits(quantity.trim())
        && !quantity.starts_with('0')
        && group.len() == 3
        && is_digits(group);
    if thousands {
        let joined = format!("{},{group}", quantity.trim());
        cells.splice(1..3, [joined]);
    }
}

/// Splits outside quotes. A comma within a number that follows a space, as in "HK-1001 1,5", is
/// part of the number.
fn split(line: &str, separator: char) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut begun = false;
    let mut quoted = false;
    let mut rest = line.chars();
    while let Some(char) = rest.next() {
        if char == separator && !quoted && !is_in_number(&cell, char, rest.as_str()) {
            cells.push(std::mem::take(&mut cell));
            begun = false;
            continue;
        }
        if char == '"' {
            // Opens at a cell's beginning, unless it is never closed and so a character like others.
            quoted = !quoted && !begun && rest.as_str().contains('"');
        }
        begun |= !char.is_whitespace();
        cell.push(char);
    }
    cells.push(cell);
    cells
}

fn is_in_number(cell: &str, mark: char, after: &str) -> bool {
    if mark != ',' {
        return false;
    }
    let Some((code, number)) = cell.trim_start().rsplit_once(' ') else {
        return false;
    };
    !code.is_empty() && is_digits(number) && after.starts_with(|next: char| next.is_ascii_digit())
}

/// The words of a line without separators.
pub fn words(line: &str) -> Vec<String> {
    line.split([' ', '\t'])
        .map(unquote)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Without the quotes around it, those inside undoubled, and without the apostrophe that keeps
/// a spreadsheet from reading a code as a number.
pub fn unquote(cell: &str) -> String {
    let cell = cell.trim();
    let inner = cell
        .strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'));
    let cell = match inner {
        Some(inner) => inner.replace("\"\"", "\""),
        None => cell.to_owned(),
    };
    let quotes = ['"', '“', '”', '„', '«', '»'];
    let cell = cell.trim_matches(quotes).trim();
    cell.strip_prefix('\'')
        .unwrap_or(cell)
        .trim_end_matches('\'')
        .to_owned()
}

pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
