//! A set of products by their place on the shelf: a bit each, so that the range of every account
//! that is online fits in memory.

/// Places that are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    words: Vec<u64>,
    count: usize,
}

impl Marks {
    /// No mark, with room for `places`.
    #[must_use]
    pub fn none(places: usize) -> Marks {
        Marks {
            words: vec![0; places.div_ceil(64)],
            count: 0,
        }
    }

    /// Marks a place; one beyond the room is passed over.
    pub fn mark(&mut self, place: usize) {
        if let Some(word) = self.words.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            self.count += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    /// Whether a place is marked.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        self.words
            .get(place / 64)
            .is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    /// Marks what is marked there, too.
    pub fn join(&mut self, other: &Marks) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
        let ones = self.words.iter().map(|word| word.count_ones());
        self.count = ones.filter_map(|ones| usize::try_from(ones).ok()).sum();
    }

    /// How many places are marked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

impl FromIterator<usize> for Marks {
    fn from_iter<T: IntoIterator<Item = usize>>(places: T) -> Marks {
        let places: Vec<usize> = places.into_iter().collect();
        let mut marks = Marks::none(places.iter().max().map_or(0, |last| last + 1));
        for place in places {
            marks.mark(place);
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn what_was_marked_is_marked_and_counted_once() {
        let marks: Marks = [0, 63, 64, 130, 64].into_iter().collect();
        let found: Vec<usize> = (0..200).filter(|place| marks.has(*place)).collect();
        assert_eq!(found, [0, 63, 64, 130]);
        assert_eq!(marks.count(), 4);
    }

    #[test]
    fn joined_sets_count_each_place_once() {
        let mut marks: Marks = [0, 63].into_iter().collect();
        marks.join(&[63, 64].into_iter().collect());
        assert_eq!(marks, [0, 63, 64].into_iter().collect());
        assert_eq!(marks.count(), 3);
    }

    #[test]
    fn a_place_beyond_the_room_is_passed_over() {
        let mut marks = Marks::none(10);
        marks.mark(64);
        assert_eq!(marks.count(), 0);
        assert!(!marks.has(64));
    }
}
