//! The list of products: searched, filtered, counted, sorted and paged for one account.

use std::cmp::Reverse;
use std::sync::Arc;

use trade::id::ProductId;
use trade::money::UnitPrice;
use trade::promotion::Promotion;

use super::filter::{self, Asked, Chosen, Narrowed, Narrowing, Sort};
use super::marks::Marks;
use super::nothing::nothing;
use super::reference::Reference;
use super::rows::{Shopper, rows};
use super::shelf::Shelf;
use super::view::{Facet, FacetOption, Nothing, ProductRow, Suggestion};
use super::{Article, article};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::db::Tx;
use crate::error::Result;
use crate::pricing::PriceBook;
use crate::promotions::offers::Offers;
use crate::web::shape::Paging;

/// Products on a page.
pub const PER_PAGE: i64 = 24;
/// Completions while typing.
const SUGGESTIONS: usize = 8;
/// Completions that are looked up before it is asked which of them the account sees.
const SUGGESTION_HITS: usize = 200;
/// A tree of so many categories is shown whole.
const SMALL_TREE: usize = 30;
/// The word for "on any promotion"; else the filter names one by its code.
const ANY_OFFER: &str = "1";
/// The most brands that are offered as a filter, those with the most products first.
const BRANDS: usize = 15;

/// One page of the list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The products.
    pub rows: Vec<ProductRow>,
    /// Further filters with what they would leave.
    pub facets: Vec<Facet>,
    /// Where in the list it is.
    pub paging: Paging,
    /// Whether the account may order.
    pub may_order: bool,
    /// What is offered where there are no rows.
    pub nothing: Option<Nothing>,
}

/// One page of what `asked` leaves of the catalogue.
///
/// # Errors
/// Whatever the database says.
pub async fn list(
    tx: &Tx,
    app: &Arc<App>,
    account: &AccountHead,
    asked: &Asked,
) -> Result<Listing> {
    let reference = app.reference.get(tx).await?;
    let shelf = app.shelf.get(tx, &reference).await?;
    let mut shopper = Shopper::load(tx, account, app.today()).await?;
    shopper.know_due(tx, app, &shelf).await?;
    let ranked = if asked.q.is_empty() {
        None
    } else {
        Some(hits(tx, app, &shelf, asked).await?)
    };
    let found: Option<Marks> = ranked
        .as_ref()
        .map(|ranked| ranked.iter().copied().collect());
    let range = shelf.range(tx).await?;
    let mut offers = shopper.offers(tx, app, &reference).await?;
    let code = asked.offer.as_deref().filter(|code| *code != ANY_OFFER);
    let offered = offers.marks(&shelf, code);
    let stocked = shelf.stocked(tx, app.clock.millis(), asked.stocked).await?;
    let bought = shelf.bought(tx, account.id, shopper.bought).await?;
    let by = Narrowing {
        range: &range,
        found: found.as_ref(),
        category: filter::category(&shelf, asked.category.as_ref()),
        brand: filter::brand(&shelf, asked.brand.as_ref()),
        offered: (&offered, asked.offer.is_some()),
        stocked: (&stocked, asked.stocked),
        due: (&shopper.due.marks, asked.due),
        bought: (&bought, asked.bought),
    };
    let mut left = filter::narrow(&shelf, &by);
    let total = i64::try_from(left.places.len())?;
    let paging = Paging::new(asked.page, PER_PAGE, total);
    let book = sort(
        tx,
        &shelf,
        &shopper,
        asked.sort,
        ranked.as_deref(),
        &mut left.places,
    )
    .await?;
    let skipped = usize::try_from((paging.page - 1) * PER_PAGE)?;
    let shown = left
        .places
        .iter()
        .skip(skipped)
        .take(usize::try_from(PER_PAGE)?);
    let ids = products(&shelf, shown.copied());
    let articles = in_order(tx, &reference, &ids).await?;
    let rows = priced_rows(tx, app, &shopper, book, &articles, &mut offers).await?;
    let chosen = code.and_then(|code| offers.book().by_code(code));
    let facets = facets(&shelf, &left, &by, code.map(|code| (code, chosen)));
    let nothing = if rows.is_empty() {
        Some(nothing(tx, app, &shelf, &shopper, asked, found.as_ref()).await?)
    } else {
        None
    };
    Ok(Listing {
        rows,
        facets,
        paging,
        may_order: shopper.may_order,
        nothing,
    })
}

/// What may be meant while `q` is typed.
///
/// # Errors
/// Whatever the database says.
pub async fn suggest(
    tx: &Tx,
    app: &Arc<App>,
    account: &AccountHead,
    q: &str,
) -> Result<Vec<Suggestion>> {
    if q.trim().is_empty() {
        return Ok(Vec::new());
    }
    let reference = app.reference.get(tx).await?;
    let shelf = app.shelf.get(tx, &reference).await?;
    let range = shelf.range(tx).await?;
    let index = app.search.get(app, tx, reference.version).await?;
    let seen = |limit| -> Vec<usize> {
        let hits = index.complete(q, limit).into_iter();
        let places = hits.filter_map(|hit| shelf.place(ProductId(hit.id)));
        places
            .filter(|place| range.has(*place))
            .take(SUGGESTIONS)
            .collect()
    };
    let mut places = seen(SUGGESTION_HITS);
    if places.len() < SUGGESTIONS && index.len() > SUGGESTION_HITS {
        places = seen(index.len());
    }
    let shopper = Shopper::load(tx, account, app.today()).await?;
    let ids = products(&shelf, places);
    let articles = in_order(tx, &reference, &ids).await?;
    let book = PriceBook::for_list(tx, shopper.customer, &ids).await?;
    let suggestion = |article: &Article| Suggestion {
        sku: article.sku.clone(),
        name: article.name.clone(),
        brand: article.brand_name.clone(),
        price: super::rows::price_view(&book, article),
    };
    Ok(articles.iter().map(suggestion).collect())
}

/// The places a search finds, the best first.
async fn hits(tx: &Tx, app: &Arc<App>, shelf: &Shelf, asked: &Asked) -> Result<Vec<usize>> {
    let index = app.search.get(app, tx, shelf.reference.version).await?;
    let hits = index.search(&asked.q, index.len()).into_iter();
    Ok(hits
        .filter_map(|hit| shelf.place(ProductId(hit.id)))
        .collect())
}

/// Brings `places` into the order asked for; gives the prices that were needed for it.
async fn sort(
    tx: &Tx,
    shelf: &Shelf,
    shopper: &Shopper,
    sort: Sort,
    ranked: Option<&[usize]>,
    places: &mut Vec<usize>,
) -> Result<Option<PriceBook>> {
    let at = |place: &usize| shelf.products.get(*place);
    match sort {
        // The shelf's own order, in which they are already.
        Sort::Popular => {}
        Sort::Relevance => {
            let left: Marks = places.iter().copied().collect();
            *places = ranked
                .unwrap_or_default()
                .iter()
                .copied()
                .filter(|p| left.has(*p))
                .collect();
        }
        Sort::Name => places.sort_unstable_by_key(|place| at(place).map(|p| p.by_name)),
        Sort::Sku => places.sort_unstable_by_key(|place| at(place).map(|p| p.by_sku)),
        Sort::Price | Sort::PriceDown => {
            let ids = products(shelf, places.iter().copied());
            let book = PriceBook::for_list(tx, shopper.customer, &ids).await?;
            by_price(shelf, places, sort == Sort::PriceDown, |place| {
                let product = shelf.products.get(place)?;
                let unit = (product.order_unit, product.factor);
                book.price_of(&shelf.item(product), unit, product.least)
            });
            return Ok(Some(book));
        }
    }
    Ok(None)
}

/// By price, then by name; what has none comes last either way.
fn by_price(
    shelf: &Shelf,
    places: &mut [usize],
    down: bool,
    price: impl Fn(usize) -> Option<UnitPrice>,
) {
    let name = |place: usize| shelf.products.get(place).map(|product| product.by_name);
    if down {
        places.sort_by_cached_key(|place| (Reverse(price(*place)), name(*place)));
    } else {
        places.sort_by_cached_key(|place| {
            let price = price(*place);
            (price.is_none(), price, name(*place))
        });
    }
}

fn products(shelf: &Shelf, places: impl IntoIterator<Item = usize>) -> Vec<ProductId> {
    let product = |place: usize| shelf.products.get(place).map(|product| product.id);
    places.into_iter().filter_map(product).collect()
}

/// The articles with these ids that the caller sees, in the order of the ids.
///
/// # Errors
/// Whatever the database says.
pub async fn in_order(tx: &Tx, reference: &Reference, ids: &[ProductId]) -> Result<Vec<Article>> {
    let mut articles = article::by_id(tx, reference, ids).await?;
    Ok(ids.iter().filter_map(|id| articles.remove(id)).collect())
}

/// The rows of these products; with the prices of `book` where there is one that holds theirs.
///
/// # Errors
/// Whatever the database says.
pub async fn priced_rows(
    tx: &Tx,
    app: &App,
    shopper: &Shopper,
    book: Option<PriceBook>,
    articles: &[Article],
    offers: &mut Offers,
) -> Result<Vec<ProductRow>> {
    if articles.is_empty() {
        return Ok(Vec::new());
    }
    let book = match book {
        Some(book) => book,
        None => {
            let ids: Vec<ProductId> = articles.iter().map(|article| article.id).collect();
            PriceBook::for_list(tx, shopper.customer, &ids).await?
        }
    };
    let articles: Vec<&Article> = articles.iter().collect();
    rows(tx, app, shopper, &book, &articles, offers).await
}

/// `on` is the code of the promotion that was chosen, with the promotion where there is one.
fn facets(
    shelf: &Shelf,
    left: &Narrowed,
    by: &Narrowing<'_>,
    on: Option<(&str, Option<&Promotion>)>,
) -> Vec<Facet> {
    let facet = |param: &str, options| Facet {
        param: param.to_owned(),
        options,
    };
    let yes = |value: &str, count, selected| FacetOption {
        value: value.to_owned(),
        label: String::new(),
        count,
        selected,
        depth: 0,
    };
    let mut offer = yes(ANY_OFFER, left.offered, by.offered.1);
    if let Some((code, promotion)) = on {
        offer.value = code.to_owned();
        offer.label = promotion.map_or(code, |one| one.name.as_str()).to_owned();
    }
    let facets = [
        facet("offer", vec![offer]),
        facet("category", categories(shelf, left, by.category)),
        facet("brand", brands(shelf, left, by.brand)),
        facet("stock", vec![yes("in", left.stocked, by.stocked.1)]),
        facet("due", vec![yes("1", left.due, by.due.1)]),
        facet("bought", vec![yes("1", left.bought, by.bought.1)]),
    ];
    let offers = |option: &FacetOption| option.count > 0 || option.selected;
    facets
        .into_iter()
        .filter(|facet| facet.options.iter().any(offers))
        .collect()
}

/// The tree, of a large one what is near the chosen category.
fn categories(shelf: &Shelf, left: &Narrowed, chosen: Chosen) -> Vec<FacetOption> {
    let filled = left.by_category.iter().filter(|count| **count > 0).count();
    let chosen = chosen.place();
    let open = chosen
        .and_then(|place| shelf.categories.get(place))
        .map_or(&[][..], |id| shelf.reference.line(*id));
    let counted = shelf.categories.iter().zip(&left.by_category).enumerate();
    counted
        .filter_map(|(place, (id, count))| {
            let category = shelf.reference.categories.get(id)?;
            let selected = chosen == Some(place);
            let parent = category.row.parent_id;
            let near = parent.is_none_or(|parent| open.contains(&parent));
            if (*count == 0 && !selected) || (!near && filled > SMALL_TREE) {
                return None;
            }
            Some(FacetOption {
                value: category.row.path.clone(),
                label: category.row.name.clone(),
                count: *count,
                selected,
                depth: i64::try_from(category.line.len()).unwrap_or(1) - 1,
            })
        })
        .collect()
}

fn brands(shelf: &Shelf, left: &Narrowed, chosen: Chosen) -> Vec<FacetOption> {
    let chosen = chosen.place();
    let mut counted: Vec<(usize, i64)> = left.by_brand.iter().copied().enumerate().collect();
    counted.retain(|(place, count)| *count > 0 || chosen == Some(*place));
    counted.sort_by_key(|(place, count)| (chosen != Some(*place), Reverse(*count)));
    counted.truncate(BRANDS);
    counted.sort_unstable_by_key(|(place, _)| *place);
    let option = |(place, count): (usize, i64)| {
        let brand = shelf.reference.brands.get(shelf.brands.get(place)?)?;
        Some(FacetOption {
            value: brand.code.clone(),
            label: brand.name.clone(),
            count,
            selected: chosen == Some(place),
            depth: 0,
        })
    };
    counted.into_iter().filter_map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::sample;
    use super::*;

    #[test]
    fn what_has_no_price_comes_last_either_way_and_equal_prices_by_name() {
        let shelf = sample();
        let prices = [Some(300), Some(100), None, Some(100), Some(200)];
        let price = |place: usize| prices[place].map(UnitPrice);
        let mut places: Vec<usize> = (0..5).collect();
        by_price(&shelf, &mut places, false, price);
        assert_eq!(places, [1, 3, 4, 0, 2]);
        by_price(&shelf, &mut places, true, price);
        assert_eq!(places, [0, 4, 1, 3, 2]);
    }

    fn counted(by_category: [i64; 4], by_brand: [i64; 2]) -> Narrowed {
        Narrowed {
            by_category: by_category.to_vec(),
            by_brand: by_brand.to_vec(),
            ..Narrowed::default()
        }
    }

    #[test]
    fn categories_stand_in_the_order_of_the_tree_and_empty_ones_are_left_out() {
        let shelf = sample();
        let options = categories(&shelf, &counted([1, 2, 0, 2], [0, 0]), Chosen::Place(3));
        let shown: Vec<_> = options
            .iter()
            .map(|o| (o.value.as_str(), o.depth, o.count, o.selected))
            .collect();
        assert_eq!(
            shown,
            [
                ("Cat", 0, 1, false),
                ("Dog", 0, 2, false),
                ("Dog > Wet", 1, 2, true)
            ]
        );
    }

    #[test]
    fn a_chosen_brand_stays_on_offer_even_where_it_leaves_nothing() {
        let shelf = sample();
        let options = brands(&shelf, &counted([0; 4], [3, 0]), Chosen::Place(1));
        let shown: Vec<_> = options
            .iter()
            .map(|o| (o.label.as_str(), o.selected))
            .collect();
        assert_eq!(shown, [("Feldhof", false), ("Nordpfote", true)]);
    }
}
