//! How much names resemble each other: by their words, rare ones above all; sizes and colours are
//! compared apart, since they are what variants differ in.

use std::collections::HashMap;

use crate::history::{ItemAt, PurchaseHistory};

/// Words that name a colour, in the languages names are written in.
const COLOURS: [&str; 42] = [
    "black",
    "white",
    "red",
    "blue",
    "green",
    "yellow",
    "pink",
    "purple",
    "orange",
    "brown",
    "grey",
    "gray",
    "silver",
    "gold",
    "ivory",
    "cream",
    "turquoise",
    "lilac",
    "mint",
    "beige",
    "schwarz",
    "weiss",
    "weiß",
    "rot",
    "blau",
    "grün",
    "gelb",
    "rosa",
    "lila",
    "braun",
    "grau",
    "silber",
    "creme",
    "türkis",
    "bunt",
    "natur",
    "clear",
    "assorted",
    "copper",
    "bronze",
    "anthrazit",
    "anthracite",
];
/// Words that name a size; numbers, with or without a unit, do so too.
const SIZES: [&str; 26] = [
    "small", "medium", "large", "mini", "maxi", "big", "jumbo", "giant", "tall", "short", "xs",
    "s", "m", "l", "xl", "xxl", "klein", "mittel", "groß", "gross", "kleine", "grosse", "große",
    "midi", "junior", "adult",
];

/// A name taken apart.
#[derive(Debug, Default, PartialEq)]
struct Words {
    /// What it is, sorted, each word once.
    words: Vec<String>,
    sizes: Vec<String>,
    colours: Vec<String>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut taken = Self::default();
        let lower = name.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphanumeric()) {
            let list = if word.is_empty() {
                continue;
            } else if COLOURS.contains(&word) {
                &mut taken.colours
            } else if SIZES.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) {
                &mut taken.sizes
            } else {
                &mut taken.words
            };
            list.push(word.to_owned());
        }
        for list in [&mut taken.words, &mut taken.sizes, &mut taken.colours] {
            list.sort_unstable();
            list.dedup();
        }
        taken
    }
}

/// The names of an item's category, taken apart.
pub(super) struct Names {
    own: Words,
    others: Vec<(ItemAt, Words)>,
    /// In how many names a word stands.
    frequency: HashMap<String, u32>,
}

impl Names {
    /// The names of the items of an item's category; of those without, if it has none.
    pub fn of(history: &PurchaseHistory, at: ItemAt) -> Self {
        let own = &history.facts[at as usize];
        let others: Vec<(ItemAt, Words)> = (0..)
            .zip(&history.facts)
            .filter(|(item, facts)| *item != at && facts.category == own.category)
            .map(|(item, facts)| (item, Words::of(&facts.name)))
            .collect();
        let mut frequency: HashMap<String, u32> = HashMap::new();
        for word in others.iter().flat_map(|(_, words)| &words.words) {
            match frequency.get_mut(word) {
                Some(times) => *times += 1,
                None => {
                    frequency.insert(word.clone(), 1);
                }
            }
        }
        Self {
            own: Words::of(&own.name),
            others,
            frequency,
        }
    }

    /// How much each resembles the item, from 0 to 1: what it is, then size and colour.
    pub fn alike(&self) -> impl Iterator<Item = (ItemAt, f64)> + '_ {
        let own = self.weight(&self.own.words);
        self.others.iter().map(move |(item, other)| {
            let both = self.own.words.iter();
            let both = both.filter(|word| other.words.binary_search(word).is_ok());
            let both: f64 = both.map(|word| self.rarity(word)).sum();
            if both == 0.0 {
                return (*item, 0.0);
            }
            let words = 2.0 * both / (own + self.weight(&other.words));
            let same = |is: bool| if is { 1.0 } else { 0.85 };
            let size = same(self.own.sizes == other.sizes);
            let colour = same(self.own.colours == other.colours);
            (*item, words * size * colour)
        })
    }

    fn weight(&self, words: &[String]) -> f64 {
        words.iter().map(|word| self.rarity(word)).sum()
    }

    /// What a word weighs: 1 and more, the rarer the more.
    fn rarity(&self, word: &str) -> f64 {
        let times = self.frequency.get(word).copied().unwrap_or(0);
        let all = self.others.len() as f64 + 2.0;
        1.0 + (all / f64::from(times + 1)).ln().max(0.0) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_into_what_it_is_and_its_size_and_colour() {
        let words = Words::of("Sphagnum MOSS, red 500g (Large)");
        assert_eq!(words.words, ["moss", "sphagnum"]);
        assert_eq!(words.sizes, ["500g", "large"]);
        assert_eq!(words.colours, ["red"]);
    }
}
