//! Which items stand on the prepared order, in which quantities.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::ProductId;
use trade::promotion::{Mechanic, Promotion, covers};
use trade::quantity::PackFactor;

use super::Prepared;
use crate::app::App;
use crate::cart::suggested::{Suggested, label};
use crate::catalogue::list::{in_order, priced_rows};
use crate::catalogue::view::ProductRow;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::{account, product};
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::home::typed::TypedLine;
use crate::promotions::offers::whole;
use crate::suggestions;
use crate::suggestions::telling::{self, Telling};

/// Usual items that stand there at most.
const USUAL: usize = 12;
/// Items for who takes none of it usually.
const OTHERS: usize = 12;
/// Of a usual order so many are looked at for what the promotion covers.
const LOOKED_AT: usize = 200;

/// A line before it has a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub sku: String,
    pub unit: String,
    pub quantity: String,
    pub ticked: bool,
    /// The least that was suggested, in order units; none where it was only typed.
    pub suggested: Option<i64>,
    pub label: Option<String>,
}

/// Lines with what is known of their products.
pub(super) struct Laid {
    pub lines: Vec<Line>,
    pub articles: Vec<Article>,
    /// By article number.
    pub rows: HashMap<String, ProductRow>,
    /// Whether the account usually takes any of it.
    pub usual: bool,
    /// The quantities are those it takes while the promotion lasts.
    pub ahead: bool,
}

/// A product with base units of it.
struct Item {
    product: ProductId,
    pieces: i64,
    ticked: bool,
}

/// The lines as the promotion and the account's habits prepare them.
pub(super) async fn prepared(of: &mut Prepared, tx: &Tx, app: &App) -> Result<Laid> {
    let (mut items, ahead) = usual(of, tx, app).await?;
    let usual = !items.is_empty();
    if !usual {
        items = others(of, tx).await?;
    }
    let known: HashSet<ProductId> = items.iter().map(|item| item.product).collect();
    let missing = parts(&of.promotion).into_iter();
    items.extend(missing.filter(|item| !known.contains(&item.product)));
    let ids: Vec<ProductId> = items.iter().map(|item| item.product).collect();
    let articles = in_order(tx, &of.reference, &ids).await?;
    let mut rows = rows(of, tx, app, &articles).await?;
    rows.retain(|_, row| row.price.unit_price.is_some() && row.status != "delisted");
    let items: HashMap<ProductId, Item> =
        items.into_iter().map(|item| (item.product, item)).collect();
    let most = if usual { articles.len() } else { OTHERS };
    let lines = articles.iter().filter_map(|article| {
        let row = rows.get(&article.sku)?;
        let item = items.get(&article.id)?;
        Some(line(article, row, item))
    });
    Ok(Laid {
        lines: lines.take(most).collect(),
        articles,
        rows,
        usual,
        ahead,
    })
}

/// The lines as they were typed.
pub(super) async fn typed(
    of: &mut Prepared,
    tx: &Tx,
    app: &App,
    typed: &[TypedLine],
) -> Result<Laid> {
    // PostgreSQL takes no text with a NUL in it; a form's have none.
    let skus: Vec<&str> = typed.iter().map(|line| line.sku.as_str()).collect();
    let mut articles = Vec::with_capacity(skus.len());
    if !skus.is_empty() {
        let skus = padded(&skus);
        let found = article::articles(tx, &of.reference, |all| {
            all.filter(product::Column::Sku.is_in(skus))
        });
        articles = found.await?;
    }
    let rows = rows(of, tx, app, &articles).await?;
    let known: HashMap<&str, &Article> = articles
        .iter()
        .map(|article| (article.sku.as_str(), article))
        .collect();
    let lines = typed.iter().filter_map(|line| {
        let article = known.get(line.sku.as_str())?;
        Some(Line {
            sku: line.sku.clone(),
            unit: line.unit.clone(),
            quantity: line.quantity.clone(),
            ticked: line.ticked,
            suggested: line
                .suggested
                .map(|(_, pieces)| order_units(article, pieces)),
            label: line.suggested.map(|mark| label(mark, &line.sku)),
        })
    });
    let lines: Vec<Line> = lines.collect();
    Ok(Laid {
        usual: true,
        ahead: false,
        lines,
        articles,
        rows,
    })
}

async fn rows(
    of: &mut Prepared,
    tx: &Tx,
    app: &App,
    articles: &[Article],
) -> Result<HashMap<String, ProductRow>> {
    let rows = priced_rows(tx, app, &of.shopper, None, articles, &mut of.offers).await?;
    Ok(rows.into_iter().map(|row| (row.sku.clone(), row)).collect())
}

fn line(article: &Article, row: &ProductRow, item: &Item) -> Line {
    let least = row.min * factor(article);
    let pieces = Ord::max(item.pieces, least);
    let quantity = order_units(article, pieces);
    let mark: Suggested = (SuggestionList::Promotion, pieces);
    Line {
        sku: article.sku.clone(),
        unit: article.order_unit.code().to_owned(),
        quantity: quantity.to_string(),
        ticked: item.ticked,
        suggested: Some(quantity),
        label: Some(label(mark, &article.sku)),
    }
}

fn factor(article: &Article) -> i64 {
    article
        .factor(article.order_unit)
        .map_or(1, PackFactor::get)
}

/// Pieces as order units that may be ordered: rather one step more than one less.
fn order_units(article: &Article, pieces: i64) -> i64 {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    article.rule().at_least(whole(pieces, factor.get()), factor)
}

/// What the account usually takes of it, exactly as the mail says it; and whether those are the
/// quantities of several orders at once. Items it never took are not ticked.
async fn usual(of: &Prepared, tx: &Tx, app: &App) -> Result<(Vec<Item>, bool)> {
    let account = of.shopper.customer.account;
    let bought = of.shelf.bought(tx, account, of.shopper.bought).await?;
    let place = |product: ProductId| of.shelf.place(product);
    let item = |product: ProductId, pieces: i64| Item {
        product,
        pieces,
        ticked: place(product).is_some_and(|place| bought.has(place)),
    };
    let row = tx.get::<account::Entity>(account).await?;
    let mut told = telling::tell(tx, app, of.promotion.id, &[row]).await?;
    if let Some(Telling::Fits(fits)) = told.remove(&account) {
        let items = fits.fitting.items.iter();
        let items: Vec<Item> = items
            .map(|one| item(one.shown.product, one.pieces))
            .collect();
        if items.iter().any(|item| item.ticked) {
            return Ok((items, fits.fitting.ahead));
        }
    }
    // It gives nothing on those quantities: the page says what is missing.
    let asked = suggestions::ask(tx, app, account, LOOKED_AT, |model, ask| {
        model.usual_order(ask)
    });
    let usual = asked.await?.unwrap_or_default().into_iter();
    let covered = usual.filter(|one| {
        let listed = place(one.product).and_then(|place| of.shelf.products.get(place));
        listed.is_some_and(|listed| covers(&of.promotion, &of.shelf.item(listed)))
    });
    let covered = covered.map(|one| item(one.product, one.pieces.into()));
    Ok((covered.take(USUAL).collect(), false))
}

/// Its items for who usually takes none: what the account has bought before, then what sells best.
/// None of them is ticked.
async fn others(of: &Prepared, tx: &Tx) -> Result<Vec<Item>> {
    let range = of.shelf.range(tx).await?;
    let account = of.shopper.customer.account;
    let bought = of.shelf.bought(tx, account, of.shopper.bought).await?;
    let products = of.shelf.products.iter().enumerate();
    let covered = products.filter(|(place, listed)| {
        range.has(*place) && covers(&of.promotion, &of.shelf.item(listed))
    });
    let (mut own, new): (Vec<_>, Vec<_>) = covered.partition(|(place, _)| bought.has(*place));
    own.extend(new);
    let items = own.into_iter().map(|(_, listed)| Item {
        product: listed.id,
        pieces: 0,
        ticked: false,
    });
    // Some have no price.
    Ok(items.take(OTHERS * 3).collect())
}

/// What has to be ordered, too, for the promotion to give anything.
fn parts(promotion: &Promotion) -> Vec<Item> {
    let parts = match &promotion.mechanic {
        Mechanic::BuyGetOther { get, .. } => std::slice::from_ref(get),
        Mechanic::Bundle { parts, .. } => parts,
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => &[],
    };
    let part = |part: &trade::promotion::Part| Item {
        product: part.product,
        pieces: part.pieces,
        ticked: false,
    };
    parts.iter().map(part).collect()
}
