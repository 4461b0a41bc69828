//! What a buyer typed on the desk, and which button was pressed.

use crate::cart::suggested::{self, Suggested};
use crate::cart::view::LineProblem;
use crate::cart::{Adding, Which, problem};
use crate::db::words::Dismissal;
use crate::quick_order::paste::parse_quantity;
use crate::web::Fields;
use crate::web::locale::Lang;

/// More lines than a desk ever shows.
const MOST_LINES: usize = 500;

/// A line as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedLine {
    /// Its product.
    pub sku: String,
    /// The unit the quantity counts.
    pub unit: String,
    /// How many.
    pub quantity: String,
    /// Whether it is to be ordered.
    pub ticked: bool,
    /// What was suggested.
    pub suggested: Option<Suggested>,
}

/// What the pressed button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Everything ticked goes into the cart.
    Add,
    /// One more item goes in: something new, or one instead of another.
    Take {
        /// Which.
        sku: String,
        /// How many order units, as the button says.
        quantity: String,
    },
    /// A line is no longer wanted.
    Dismiss(Dismissal, String),
    /// Or is wanted again.
    TakeBack(String),
    /// Only to see what it comes to.
    Count,
}

impl TypedLine {
    /// The line as the cart takes it.
    ///
    /// # Errors
    /// What is wrong with what was typed.
    pub fn adding(&self, lang: Lang) -> Result<Adding, LineProblem> {
        let unit = match self.unit.as_str() {
            "" => None,
            word => Some(word.parse().map_err(|_| problem::unit_words(word))?),
        };
        let quantity = parse_quantity(&self.quantity, lang)
            .map_err(|_| problem::quantity_words(&self.quantity))?;
        Ok(Adding {
            which: Which::Sku(self.sku.clone()),
            unit,
            quantity,
            suggested: self.suggested,
        })
    }
}

impl Act {
    /// The field `do`: a word, or a word and what it is about after a colon. Anything else changes
    /// nothing, such as Enter in a field.
    #[must_use]
    pub fn read(fields: &Fields) -> Act {
        let text = fields.text("do");
        let (word, about) = text.split_once(':').unwrap_or((text, ""));
        match word {
            "add" => Act::Add,
            "take" => match about.split_once(':') {
                Some((quantity, sku)) => Act::Take {
                    sku: sku.to_owned(),
                    quantity: quantity.to_owned(),
                },
                None => Act::Count,
            },
            "undo" => Act::TakeBack(about.to_owned()),
            word => match word.parse() {
                Ok(kind) => Act::Dismiss(kind, about.to_owned()),
                Err(_) => Act::Count,
            },
        }
    }
}

/// The lines: repeated `sku`, `unit`, `quantity`, and `tick` with the article numbers of those that
/// are ticked. An article number that comes twice counts once.
#[must_use]
pub fn lines(fields: &Fields) -> Vec<TypedLine> {
    let units: Vec<&str> = fields.all("unit").collect();
    let quantities: Vec<&str> = fields.all("quantity").collect();
    let ticked: std::collections::HashSet<&str> = fields.all("tick").collect();
    let labels = suggested::labels(fields);
    let mut seen = std::collections::HashSet::new();
    fields
        .all("sku")
        .take(MOST_LINES)
        .enumerate()
        .filter(|(_, sku)| seen.insert(*sku))
        .map(|(at, sku)| TypedLine {
            sku: sku.to_owned(),
            unit: units.get(at).copied().unwrap_or_default().to_owned(),
            quantity: quantities.get(at).copied().unwrap_or_default().to_owned(),
            ticked: ticked.contains(sku),
            suggested: labels.get(sku).copied(),
        })
        .collect()
}

/// The label of one article, beside the lines.
#[must_use]
pub fn label_of(fields: &Fields, sku: &str) -> Option<Suggested> {
    suggested::labels(fields).get(sku).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::words::SuggestionList;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Fields::new(owned.collect())
    }

    #[test]
    fn lines_keep_what_was_typed_and_whether_they_are_ticked() {
        let typed = lines(&fields(&[
            ("sku", "A"),
            ("unit", "H87"),
            ("quantity", " 24 "),
            ("suggested", "usual:12:A"),
            ("sku", "B"),
            ("unit", "XCS"),
            ("quantity", "x"),
            ("tick", "B"),
            ("sku", "A"),
        ]));
        let line = |sku: &str, unit: &str, quantity: &str, ticked, suggested| TypedLine {
            sku: sku.into(),
            unit: unit.into(),
            quantity: quantity.into(),
            ticked,
            suggested,
        };
        assert_eq!(
            typed,
            [
                line("A", "H87", "24", false, Some((SuggestionList::Usual, 12))),
                line("B", "XCS", "x", true, None),
            ]
        );
    }

    #[test]
    fn a_button_says_what_it_is_for_and_nonsense_changes_nothing() {
        let act = |text: &str| Act::read(&fields(&[("do", text)]));
        assert_eq!(act("add"), Act::Add);
        assert_eq!(
            act("take:2:A:B"),
            Act::Take {
                sku: "A:B".into(),
                quantity: "2".into()
            }
        );
        assert_eq!(
            act("not_now:A"),
            Act::Dismiss(Dismissal::NotNow, "A".into())
        );
        assert_eq!(
            act("not_for_us:A"),
            Act::Dismiss(Dismissal::NotForUs, "A".into())
        );
        assert_eq!(act("undo:A"), Act::TakeBack("A".into()));
        for text in ["", "take", "take:2", "delete:A", "count"] {
            assert_eq!(act(text), Act::Count, "{text}");
        }
    }
}
