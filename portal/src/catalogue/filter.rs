//! What a buyer asks of the list: words, filters, an order, a page; and what of the shelf that
//! leaves, with the counts beside each further filter.

use super::marks::Marks;
use super::shelf::Shelf;
use crate::web::shape::Query;

/// The most characters of a search that are read.
const QUERY_CHARS: usize = 200;
/// The last page that is asked for; beyond, it is the last there is anyway.
const PAGES: i64 = 1_000_000;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The best hit of a search first.
    Relevance,
    /// By name.
    Name,
    /// By article number.
    Sku,
    /// By the account's own price, the lowest first.
    Price,
    /// By the account's own price, the highest first.
    PriceDown,
    /// The most ordered first.
    Popular,
}

impl Sort {
    const ALL: [Sort; 6] = [
        Sort::Relevance,
        Sort::Name,
        Sort::Sku,
        Sort::Price,
        Sort::PriceDown,
        Sort::Popular,
    ];

    /// The word in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::Name => "name",
            Sort::Sku => "sku",
            Sort::Price => "price",
            Sort::PriceDown => "price_desc",
            Sort::Popular => "popular",
        }
    }
}

/// What is asked of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Words or a code; empty for everything.
    pub q: String,
    /// A category by id or path; it stands for what is below it, too.
    pub category: Option<String>,
    /// A brand by code, id or name.
    pub brand: Option<String>,
    /// Only what is on promotion: on any, or on the one with that code.
    pub offer: Option<String>,
    /// Only what can be had now.
    pub stocked: bool,
    /// Only what the account is due to order.
    pub due: bool,
    /// Only what the account has bought before.
    pub bought: bool,
    /// The order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: i64,
}

impl Asked {
    /// Reads an address's parameters; what is not understood is as if it were not there.
    #[must_use]
    pub fn from_query(query: &Query) -> Asked {
        let text = |name: &str| {
            let value = query.get(name).map_or("", |value| value.trim());
            value.chars().take(QUERY_CHARS).collect::<String>()
        };
        let some = |name: &str| Some(text(name)).filter(|value| !value.is_empty());
        let q = text("q");
        let word = text("sort");
        let sort = Sort::ALL.into_iter().find(|sort| sort.word() == word);
        let sort = match sort {
            Some(Sort::Relevance) | None if q.is_empty() => Sort::Popular,
            Some(sort) => sort,
            None => Sort::Relevance,
        };
        Asked {
            q,
            category: some("category"),
            brand: some("brand"),
            offer: some("offer"),
            stocked: text("stock") == "in",
            due: text("due") == "1",
            bought: text("bought") == "1",
            sort,
            page: text("page").parse().unwrap_or(1).clamp(1, PAGES),
        }
    }
}

/// A filter that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// No filter.
    Any,
    /// The place of what was chosen.
    Place(usize),
    /// Something that is not there: it leaves nothing.
    Unknown,
}

impl Chosen {
    fn of(asked: Option<&String>, find: impl FnOnce(&str) -> Option<usize>) -> Chosen {
        match asked {
            None => Chosen::Any,
            Some(text) => find(text).map_or(Chosen::Unknown, Chosen::Place),
        }
    }

    /// The place, where there is one.
    #[must_use]
    pub fn place(self) -> Option<usize> {
        match self {
            Chosen::Place(place) => Some(place),
            Chosen::Any | Chosen::Unknown => None,
        }
    }
}

/// The chosen category.
#[must_use]
pub fn category(shelf: &Shelf, asked: Option<&String>) -> Chosen {
    Chosen::of(asked, |text| {
        if let Ok(id) = text.parse() {
            return shelf.category_place(id);
        }
        let wanted = text.to_lowercase();
        let categories = &shelf.reference.categories;
        shelf.categories.iter().position(|id| {
            categories
                .get(id)
                .is_some_and(|known| known.row.path.to_lowercase() == wanted)
        })
    })
}

/// The chosen brand.
#[must_use]
pub fn brand(shelf: &Shelf, asked: Option<&String>) -> Chosen {
    Chosen::of(asked, |text| {
        let wanted = text.to_lowercase();
        shelf.brands.iter().position(|id| {
            shelf.reference.brands.get(id).is_some_and(|known| {
                known.code.to_lowercase() == wanted
                    || known.name.to_lowercase() == wanted
                    || known.id.to_string() == wanted
            })
        })
    })
}

/// What stands between the shelf and a list.
#[derive(Debug, Clone)]
pub struct Narrowing<'a> {
    /// What the caller sees.
    pub range: &'a Marks,
    /// What a search found; none where nothing was searched for.
    pub found: Option<&'a Marks>,
    /// The category.
    pub category: Chosen,
    /// The brand.
    pub brand: Chosen,
    /// What is on promotion (on the one asked for), and whether only that is wanted.
    pub offered: (&'a Marks, bool),
    /// What is in stock, and whether only that is wanted.
    pub stocked: (&'a Marks, bool),
    /// What is due to be ordered, and whether only that is wanted.
    pub due: (&'a Marks, bool),
    /// What was bought before, and whether only that is wanted.
    pub bought: (&'a Marks, bool),
}

/// What is left, and what each further filter would leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The places that are left, the more popular first.
    pub places: Vec<usize>,
    /// By category's place, with what is below it: under all filters but the category's.
    pub by_category: Vec<i64>,
    /// By brand's place: under all filters but the brand's.
    pub by_brand: Vec<i64>,
    /// How many are on promotion.
    pub offered: i64,
    /// How many could be had now.
    pub stocked: i64,
    /// How many are due to be ordered.
    pub due: i64,
    /// How many were bought before.
    pub bought: i64,
}

/// Narrows and counts in one pass over the shelf.
#[must_use]
pub fn narrow(shelf: &Shelf, by: &Narrowing<'_>) -> Narrowed {
    let inside = below(shelf, by.category);
    let mut left = Narrowed {
        by_category: vec![0; shelf.categories.len()],
        by_brand: vec![0; shelf.brands.len()],
        ..Narrowed::default()
    };
    for (place, product) in shelf.products.iter().enumerate() {
        if !by.range.has(place) || by.found.is_some_and(|found| !found.has(place)) {
            continue;
        }
        let category = inside
            .as_ref()
            .is_none_or(|inside| inside.has(product.category));
        let brand = match by.brand {
            Chosen::Any => true,
            Chosen::Place(brand) => brand == product.brand,
            Chosen::Unknown => false,
        };
        let is_offered = by.offered.0.has(place);
        let is_stocked = by.stocked.0.has(place);
        let is_due = by.due.0.has(place);
        let was_bought = by.bought.0.has(place);
        let offered = is_offered || !by.offered.1;
        let stocked = is_stocked || !by.stocked.1;
        let due = is_due || !by.due.1;
        let bought = was_bought || !by.bought.1;
        let rest = offered && stocked && due && bought;
        if brand && rest {
            count(&mut left.by_category, product.category);
        }
        if category && rest {
            count(&mut left.by_brand, product.brand);
        }
        let chosen = category && brand;
        left.offered += i64::from(is_offered && chosen && stocked && due && bought);
        left.stocked += i64::from(is_stocked && chosen && offered && due && bought);
        left.due += i64::from(is_due && chosen && offered && stocked && bought);
        left.bought += i64::from(was_bought && chosen && offered && stocked && due);
        if chosen && rest {
            left.places.push(place);
        }
    }
    left.by_category = rolled_up(shelf, &left.by_category);
    left
}

fn count(counts: &mut [i64], place: usize) {
    if let Some(count) = counts.get_mut(place) {
        *count += 1;
    }
}

/// The categories at and below the chosen one; none where any will do.
fn below(shelf: &Shelf, chosen: Chosen) -> Option<Marks> {
    let mut inside = Marks::none(shelf.categories.len());
    match chosen {
        Chosen::Any => return None,
        Chosen::Unknown => {}
        Chosen::Place(place) => {
            let top = shelf.categories.get(place);
            for (place, id) in shelf.categories.iter().enumerate() {
                if top.is_some_and(|top| shelf.reference.line(*id).contains(top)) {
                    inside.mark(place);
                }
            }
        }
    }
    Some(inside)
}

/// A product counts for its category and for every one above it.
fn rolled_up(shelf: &Shelf, own: &[i64]) -> Vec<i64> {
    let mut sums = vec![0; own.len()];
    for (id, count) in shelf.categories.iter().zip(own) {
        for above in shelf.reference.line(*id) {
            let sum = shelf
                .category_place(*above)
                .and_then(|place| sums.get_mut(place));
            if let Some(sum) = sum {
                *sum += count;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::{category, sample};
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        let query = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Asked::from_query(&query)
    }

    #[test]
    fn a_search_is_sorted_by_relevance_and_a_list_by_popularity() {
        assert_eq!(asked(&[("q", " dog ")]).sort, Sort::Relevance);
        assert_eq!(asked(&[("q", "dog")]).q, "dog");
        assert_eq!(asked(&[]).sort, Sort::Popular);
        assert_eq!(asked(&[("sort", "relevance")]).sort, Sort::Popular);
        assert_eq!(
            asked(&[("q", "dog"), ("sort", "price_desc")]).sort,
            Sort::PriceDown
        );
        assert_eq!(asked(&[("sort", "drop table")]).sort, Sort::Popular);
    }

    #[test]
    fn a_page_that_is_none_is_the_first() {
        assert_eq!(asked(&[("page", "-3")]).page, 1);
        assert_eq!(asked(&[("page", "two")]).page, 1);
        assert_eq!(asked(&[("page", "99999999999")]).page, PAGES);
    }

    fn narrowed(category: Chosen, brand: Chosen, only_stocked: bool) -> Narrowed {
        let range: Marks = [0, 1, 2, 4].into_iter().collect();
        let stocked: Marks = [1, 2, 3].into_iter().collect();
        let bought: Marks = [4].into_iter().collect();
        let offered: Marks = [0, 3].into_iter().collect();
        let due: Marks = [2, 3].into_iter().collect();
        let by = Narrowing {
            range: &range,
            found: None,
            category,
            brand,
            offered: (&offered, false),
            stocked: (&stocked, only_stocked),
            due: (&due, false),
            bought: (&bought, false),
        };
        narrow(&sample(), &by)
    }

    #[test]
    fn a_category_includes_what_is_below_it_and_counts_say_what_each_filter_leaves() {
        let all = narrowed(Chosen::Any, Chosen::Any, false);
        assert_eq!(all.places, [0, 1, 2, 4]);
        // Cat, Dog, Dog > Dry, Dog > Wet.
        assert_eq!(all.by_category, [1, 3, 2, 1]);
        assert_eq!(all.by_brand, [2, 2]);
        assert_eq!((all.offered, all.stocked, all.bought), (1, 2, 1));
        assert_eq!(all.due, 1);

        let dog = narrowed(Chosen::Place(1), Chosen::Any, false);
        assert_eq!(dog.places, [0, 1, 4]);
        assert_eq!(dog.by_category, all.by_category);
        assert_eq!(dog.by_brand, [2, 1]);

        let stocked = narrowed(Chosen::Place(1), Chosen::Any, true);
        assert_eq!(stocked.places, [1]);
        assert_eq!(stocked.stocked, 1);
        assert_eq!(stocked.bought, 0);
    }

    #[test]
    fn an_unknown_category_or_brand_leaves_nothing() {
        assert!(
            narrowed(Chosen::Unknown, Chosen::Any, false)
                .places
                .is_empty()
        );
        assert!(
            narrowed(Chosen::Any, Chosen::Unknown, false)
                .places
                .is_empty()
        );
    }

    #[test]
    fn a_category_is_found_by_path_and_by_id() {
        let shelf = sample();
        let path = super::category(&shelf, Some(&"dog > DRY".to_owned()));
        assert_eq!(path, Chosen::Place(2));
        let id = super::category(&shelf, Some(&category(3).to_string()));
        assert_eq!(id, Chosen::Place(2));
        assert_eq!(
            super::category(&shelf, Some(&"Bird".to_owned())),
            Chosen::Unknown
        );
    }
}
