//! From which suggestion a line came, as a form says it: a label beside the line, no more. Whatever
//! it claims, the line is held against the same rules as any other.

use std::collections::HashMap;

use crate::db::words::SuggestionList;
use crate::web::Fields;

/// From which list, and how many base units were suggested.
pub type Suggested = (SuggestionList, i64);

/// More pieces than anybody is ever suggested; a label beyond is none.
const MOST_PIECES: i64 = 1_000_000_000;

/// The labels of a form by article number. A field is `<list>:<pieces>:<article number>`, so that
/// forms need not keep theirs in step with the lines; one that is anything else is passed over.
#[must_use]
pub fn labels(fields: &Fields) -> HashMap<&str, Suggested> {
    fields.all("suggested").filter_map(parse).collect()
}

/// The label of a line, as a form sends it.
#[must_use]
pub fn label((list, pieces): Suggested, sku: &str) -> String {
    format!("{list}:{pieces}:{sku}")
}

fn parse(text: &str) -> Option<(&str, Suggested)> {
    let mut parts = text.splitn(3, ':');
    let list = parts.next()?.parse().ok()?;
    let pieces: i64 = parts.next()?.parse().ok()?;
    let sku = parts.next().filter(|sku| !sku.is_empty())?;
    (1..=MOST_PIECES)
        .contains(&pieces)
        .then_some((sku, (list, pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_list_a_count_and_an_article_or_nothing() {
        let fields = Fields::new(
            [
                "usual:24:DOG-1",
                "due:0:DOG-2",
                "mine:1:DOG-3",
                "new:-1:DOG-4",
                "new:1:",
                "new:1e9:DOG-5",
                "new:99999999999:DOG-6",
                "",
                "new:6:A:B",
            ]
            .map(|text| ("suggested".to_owned(), text.to_owned()))
            .into(),
        );
        let expected = HashMap::from([
            ("DOG-1", (SuggestionList::Usual, 24)),
            ("A:B", (SuggestionList::New, 6)),
        ]);
        assert_eq!(labels(&fields), expected);
        assert_eq!(label((SuggestionList::New, 6), "A:B"), "new:6:A:B");
    }
}
