//! What to offer where a list is empty: the same without its filters, what may have been meant,
//! and what the account is due to order or usually orders. Nobody came for an empty page.

use std::sync::Arc;

use recommender::Suggestion;
use trade::id::ProductId;

use super::filter::Asked;
use super::list::in_order;
use super::marks::Marks;
use super::reference::Reference;
use super::rows::{Shopper, price_view};
use super::shelf::Shelf;
use super::view::{Nothing, Suggestion as Match};
use crate::app::App;
use crate::db::Tx;
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::pricing::PriceBook;
use crate::suggestions::picks::{Wish, picks};

/// Products that may have been meant.
const NEAREST: usize = 4;
/// How many the index is asked for, since the account may not see all of them.
const HITS: usize = 24;
/// Items that are due, or usual.
const USUAL: usize = 6;
/// How many are asked for: some have no price, or are not there.
const ASKED: usize = 24;

/// What is offered instead of the rows of `asked`; `found` is what the search alone found.
///
/// # Errors
/// Whatever the database says.
pub async fn nothing(
    tx: &Tx,
    app: &Arc<App>,
    shelf: &Shelf,
    shopper: &Shopper,
    asked: &Asked,
    found: Option<&Marks>,
) -> Result<Nothing> {
    let range = shelf.range(tx).await?;
    let hits = found.map_or(0, |found| {
        let places = (0..shelf.products.len()).filter(|at| found.has(*at) && range.has(*at));
        places.count()
    });
    let nearest = if hits == 0 && !asked.q.is_empty() {
        nearest(tx, app, shelf, shopper, (&asked.q, &range)).await?
    } else {
        Vec::new()
    };
    let account = shopper.customer.account;
    let said = crate::suggestions::ask(tx, app, account, ASKED, |model, ask| {
        let due = model.due(ask, 0);
        let is_due = |one: &Suggestion| due.iter().any(|other| other.product == one.product);
        let mut usual = model.usual_order(ask);
        usual.retain(|one| !is_due(one));
        (due, usual)
    });
    let (due, usual) = said.await?.unwrap_or_default();
    let due_now: Vec<ProductId> = due.iter().map(|one| one.product).collect();
    let wishes = [
        Wish::new(SuggestionList::Due, due, USUAL).due(&due_now),
        Wish::new(SuggestionList::Usual, usual, USUAL),
    ];
    let lists = picks(tx, app, shopper.customer, &wishes).await?;
    let mut usual: Vec<_> = lists.into_iter().flatten().collect();
    usual.truncate(USUAL);
    Ok(Nothing {
        unfiltered: i64::try_from(hits)?,
        nearest,
        usual,
    })
}

async fn nearest(
    tx: &Tx,
    app: &Arc<App>,
    shelf: &Shelf,
    shopper: &Shopper,
    (q, range): (&str, &Marks),
) -> Result<Vec<Match>> {
    let reference: &Reference = &shelf.reference;
    let index = app.search.get(app, tx, reference.version).await?;
    let hits = index.nearest(q, HITS).into_iter();
    let seen = hits.filter(|hit| {
        let place = shelf.place(ProductId(hit.id));
        place.is_some_and(|place| range.has(place))
    });
    let ids: Vec<ProductId> = seen.map(|hit| ProductId(hit.id)).take(NEAREST).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let articles = in_order(tx, reference, &ids).await?;
    let book = PriceBook::for_list(tx, shopper.customer, &ids).await?;
    let shown = articles.iter().map(|article| Match {
        sku: article.sku.clone(),
        name: article.name.clone(),
        brand: article.brand_name.clone(),
        price: price_view(&book, article),
    });
    Ok(shown.filter(|one| one.price.unit_price.is_some()).collect())
}
