//! Words one or two slips of the finger away: a letter missing, doubled, wrong, or two swapped.
//!
//! The words stand sorted, so the comparison with one is continued from where the next differs,
//! and whole ranges whose beginning is already too far off are passed over.

/// What of a catalogue word the typed word is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// All of it.
    Whole,
    /// Its beginning: the typed word may go on.
    Start,
    /// Any stretch of it: the typed word may stand inside a compound.
    Inside,
}

/// Sorted words, ready to be compared with a typed one.
#[derive(Debug)]
pub struct Sorted {
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    chars: Vec<char>,
    /// How many first characters it shares with the word before it.
    shared: usize,
}

/// A word found: its place in the sorted list and the number of slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    pub index: usize,
    pub slips: usize,
}

impl Sorted {
    /// Any order gives right answers, sorted words give them fast.
    pub fn new<'a>(sorted: impl Iterator<Item = &'a str>) -> Self {
        let mut words: Vec<Word> = Vec::new();
        for text in sorted {
            let chars: Vec<char> = text.chars().collect();
            let shared = words.last().map_or(0, |before| {
                let pairs = before.chars.iter().zip(&chars);
                pairs.take_while(|(one, other)| one == other).count()
            });
            words.push(Word { chars, shared });
        }
        Self { words }
    }

    /// The words at most `most` slips away from what was typed, in their order.
    pub fn near(&self, typed: &str, most: usize, span: Span) -> Vec<Near> {
        let typed: Vec<char> = typed.chars().collect();
        let mut table = Table::new(&typed, most, span);
        let mut found = Vec::new();
        for (index, word) in self.words.iter().enumerate() {
            if span == Span::Whole && table.is_over(word) {
                continue;
            }
            table.compare(word);
            if let Some(slips) = table.slips().filter(|slips| *slips <= most) {
                found.push(Near { index, slips });
            }
        }
        found
    }
}

/// The slips between two words.
pub fn slips(typed: &str, word: &str) -> usize {
    let typed: Vec<char> = typed.chars().collect();
    let chars: Vec<char> = word.chars().collect();
    let mut table = Table::new(&typed, usize::MAX, Span::Whole);
    table.compare(&Word { chars, shared: 0 });
    table.slips().unwrap_or(usize::MAX)
}

/// The table of edit distances, one row for each character of the catalogue word so far.
struct Table<'a> {
    typed: &'a [char],
    most: usize,
    span: Span,
    rows: Vec<Vec<usize>>,
    /// Rows to write the next ones into.
    spare: Vec<Vec<usize>>,
    /// The length of the beginning that is already too far off.
    dead: Option<usize>,
}

impl<'a> Table<'a> {
    fn new(typed: &'a [char], most: usize, span: Span) -> Self {
        Self {
            typed,
            most,
            span,
            rows: vec![(0..=typed.len()).collect()],
            spare: Vec::new(),
            dead: None,
        }
    }

    /// The word begins as the one before it did, which is too far off already.
    fn is_over(&self, word: &Word) -> bool {
        self.dead.is_some_and(|length| word.shared >= length)
    }

    fn compare(&mut self, word: &Word) {
        if self.is_over(word) {
            return;
        }
        self.dead = None;
        let kept = (word.shared + 1).min(self.rows.len());
        self.spare.extend(self.rows.drain(kept..));
        let mut before = kept.checked_sub(2).and_then(|at| word.chars.get(at));
        for (at, char) in word.chars.iter().enumerate().skip(kept - 1) {
            let row = self.next_row(at + 1, *char, before.copied());
            let over = row.iter().all(|slips| *slips > self.most);
            self.rows.push(row);
            if over {
                self.dead = Some(at + 1);
                return;
            }
            before = Some(char);
        }
    }

    fn next_row(&mut self, depth: usize, char: char, before: Option<char>) -> Vec<usize> {
        let mut row = self.spare.pop().unwrap_or_default();
        row.clear();
        let mut left = if self.span == Span::Inside { 0 } else { depth };
        row.push(left);
        let mut above = self.rows.iter().rev();
        let (last, last_but_one) = (above.next(), above.next());
        let mut earlier = None;
        let pairs = last.map(|row| row.windows(2)).into_iter().flatten();
        for (column, (wanted, pair)) in self.typed.iter().zip(pairs).enumerate() {
            let &[diagonal, up] = pair else { continue };
            let mut best = (diagonal + usize::from(*wanted != char)).min(up.min(left) + 1);
            if earlier == Some(char) && before == Some(*wanted) {
                let swapped = column
                    .checked_sub(1)
                    .and_then(|column| last_but_one?.get(column));
                best = swapped.map_or(best, |slips| best.min(slips + 1));
            }
            row.push(best);
            left = best;
            earlier = Some(*wanted);
        }
        row
    }

    fn slips(&self) -> Option<usize> {
        match self.span {
            Span::Whole if self.dead.is_some() => None,
            Span::Whole => self.rows.last()?.last().copied(),
            Span::Start | Span::Inside => {
                self.rows.iter().filter_map(|row| row.last()).min().copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(words: &[&str], typed: &str, most: usize, span: Span) -> Vec<(String, usize)> {
        let found = Sorted::new(words.iter().copied()).near(typed, most, span);
        found
            .iter()
            .map(|near| (words[near.index].to_owned(), near.slips))
            .collect()
    }

    #[test]
    fn a_missing_doubled_wrong_or_swapped_letter_is_one_slip() {
        for typed in ["slmon", "sallmon", "sulmon", "saomln", "aslmon"] {
            let expected = if typed == "saomln" { 2 } else { 1 };
            assert_eq!(slips(typed, "salmon"), expected, "{typed}");
        }
    }

    #[test]
    fn a_typed_word_may_be_a_beginning_or_stand_inside() {
        let words = ["hund", "hundefutter", "katzenfutter"];
        assert_eq!(
            near(&words, "hnude", 1, Span::Start),
            [("hundefutter".to_owned(), 1)]
        );
        assert_eq!(near(&words, "futer", 1, Span::Inside).len(), 2);
        assert_eq!(
            near(&words, "hunt", 1, Span::Whole),
            [("hund".to_owned(), 1)]
        );
    }

    proptest! {
        #[test]
        fn passing_over_ranges_changes_no_answer(
            mut words in proptest::collection::vec("[abc]{0,7}", 0..40),
            typed in "[abc]{0,7}",
            most in 0_usize..3,
        ) {
            words.sort();
            let found = Sorted::new(words.iter().map(String::as_str)).near(&typed, most, Span::Whole);
            let one_by_one: Vec<Near> = words
                .iter()
                .enumerate()
                .map(|(index, word)| Near { index, slips: slips(&typed, word) })
                .filter(|near| near.slips <= most)
                .collect();
            prop_assert_eq!(found, one_by_one);
        }
    }
}
