//! The catalogue with the caller's prices.

use actix_web::{HttpRequest, web};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use trade::id::{CategoryId, ProductId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::Asked;
use super::caller::{ApiCaller, ForAccount};
use super::cursor::{Cursor, List};
use super::docs::{Listing, Reading};
use super::keys::Permission;
use super::shape::{Money, Trace};
use super::{Answer, tag};
use crate::app::App;
use crate::catalogue::reference::VERSION;
use crate::catalogue::{Article, Reference, article, padded};
use crate::db::Tx;
use crate::db::entity::{category_ancestor, product};
use crate::db::scope::Scope;
use crate::db::words::ProductStatus;
use crate::error::{Error, Result};
use crate::orders::quote::ForWhom;
use crate::pricing::PriceBook;

/// How deep a search is paged through: nobody reads on, a program asks without `q`.
const DEEPEST: usize = 2_000;

/// A product with the caller's price.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Product {
    /// The article number.
    pub sku: String,
    /// GTIN of the base unit.
    #[schema(required = true)]
    pub gtin: Option<String>,
    /// Its name.
    pub name: String,
    /// Its brand.
    pub brand: String,
    /// Names from the root of the tree, joined by ` > `.
    pub category: String,
    /// `active`, `phasing_out` (while stock lasts) or `delisted`.
    pub status: String,
    /// What stock counts in (UN/ECE Recommendation 20).
    pub base_unit: String,
    /// What it is ordered in unless a line says otherwise.
    pub order_unit: String,
    /// Base units in an order unit.
    pub pack_factor: i64,
    /// Minimum order quantity, in order units.
    pub moq: i64,
    /// Order increment, in order units.
    pub multiple: i64,
    /// Every unit it can be ordered in, the smallest first.
    pub units: Vec<ProductUnit>,
    /// What can be had now, in base units; null where stock is not counted.
    #[schema(required = true)]
    pub available: Option<i64>,
    /// When more is expected.
    #[schema(required = true, format = Date)]
    pub expected_on: Option<String>,
    /// The price of one order unit at the least that can be ordered; null is "price on request",
    /// or a brand's key that names no account.
    #[schema(required = true)]
    pub price: Option<Money>,
    /// Why.
    #[schema(required = true)]
    pub price_trace: Option<Trace>,
}

/// A unit a product can be ordered in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductUnit {
    /// UN/ECE Recommendation 20.
    pub unit: String,
    /// Base units in it.
    pub pack_factor: i64,
    /// GTIN of that pack.
    #[schema(required = true)]
    pub gtin: Option<String>,
}

/// The catalogue: by article number, or with `q` the best hits first.
///
/// # Errors
/// What [`Listing`] says.
#[utoipa::path(
    get, path = "/api/v1/products", tag = "catalogue",
    description = "Needs `catalogue:read`.",
    params(
        ("q" = Option<String>, Query, description = "Name, brand, article number or GTIN; slips of the keyboard are forgiven", max_length = 200),
        ("category" = Option<String>, Query, description = "A category as products name it, with everything below it", max_length = 500),
        ("account" = Option<String>, Query, description = "Brand keys: whose prices and range", max_length = 64),
        ("cursor" = Option<String>, Query, description = "`next` of the page before", pattern = "^([A-Za-z0-9_-]{32})?$"),
        ("limit" = Option<u16>, Query, description = "Entries a page, 50 unless said otherwise", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of products", body = List<Product>), Listing),
)]
pub async fn list(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::CatalogueRead)?;
    let mut asked = Asked::of(&request);
    let limit = asked.limit(50, 200);
    let cursor: Option<Cursor> = asked.word("cursor", "api-cursor");
    let wanted = Wanted {
        query: asked.text("q", 200),
        category: asked.text("category", 500),
        everything: false,
    };
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.maybe_for(&app, &account).await?;
    let scope = scope_of(&caller, whom.as_ref());
    let tx = app.db.read(scope).await?;
    let reference = app.reference.get(&tx).await?;
    let wanted = Wanted {
        everything: scope.account_id().is_none(),
        ..wanted
    };
    let (ids, next) = match wanted.category_id(&reference) {
        None => (Vec::new(), None),
        Some(category) if wanted.query.is_empty() => {
            by_sku(&tx, &wanted, category, cursor, limit).await?
        }
        Some(category) => by_rank(&app, &tx, &wanted, category, cursor, limit).await?,
    };
    let mut found = article::by_id(&tx, &reference, &ids).await?;
    let book = book(&tx, &app, whom.as_ref(), &ids).await?;
    let items = ids
        .iter()
        .filter_map(|id| found.remove(id))
        .map(|article| shape(&article, &reference, book.as_ref()))
        .collect();
    Ok(actix_web::HttpResponse::Ok().json(List { items, next }))
}

/// One product.
///
/// # Errors
/// What [`Reading`] says.
#[utoipa::path(
    get, path = "/api/v1/products/{sku}", tag = "catalogue",
    description = "Needs `catalogue:read`.",
    params(
        ("sku" = String, Path, description = "The article number"),
        ("account" = Option<String>, Query, description = "Brand keys: whose price", max_length = 64),
    ),
    responses(
        (status = 200, description = "The product", body = Product, headers(("ETag" = String))),
        (status = 304, description = "As `If-None-Match` says"),
        Reading,
    ),
)]
pub async fn show(
    app: web::Data<App>,
    caller: ApiCaller,
    sku: web::Path<String>,
    request: HttpRequest,
) -> Answer {
    caller.may(Permission::CatalogueRead)?;
    let mut asked = Asked::of(&request);
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.maybe_for(&app, &account).await?;
    let tx = app.db.read(scope_of(&caller, whom.as_ref())).await?;
    let reference = app.reference.get(&tx).await?;
    let article = by_number(&tx, &reference, &sku).await?;
    let book = book(&tx, &app, whom.as_ref(), &[article.id]).await?;
    tag::answer(&request, &shape(&article, &reference, book.as_ref()))
}

/// The product with that article number, if the caller sees it.
///
/// # Errors
/// `NotFound`.
pub async fn by_number(tx: &Tx, reference: &Reference, sku: &str) -> Result<Article> {
    // PostgreSQL takes no NUL, and no article number has one.
    if sku.contains('\0') {
        return Err(Error::NotFound);
    }
    let found = article::articles(tx, reference, |all| {
        all.filter(product::Column::Sku.eq(sku))
    });
    found.await?.into_iter().next().ok_or(Error::NotFound)
}

fn scope_of<'a>(caller: &'a ApiCaller, whom: Option<&'a ForAccount>) -> &'a Scope {
    whom.map_or(&caller.scope, |whom| &whom.scope)
}

async fn book(
    tx: &Tx,
    app: &App,
    whom: Option<&ForAccount>,
    ids: &[ProductId],
) -> Result<Option<PriceBook>> {
    let Some(whom) = whom else { return Ok(None) };
    let whom = ForWhom::load(tx, app, whom.account.id, None).await?;
    Ok(Some(PriceBook::load(tx, whom.customer, ids).await?))
}

/// What a list is narrowed to.
struct Wanted {
    query: String,
    category: String,
    /// Also what is no longer sold: the brand's programs keep their books by it.
    everything: bool,
}

impl Wanted {
    /// The category: `Some(None)` for all of them, `None` where there is none of that name.
    fn category_id(&self, reference: &Reference) -> Option<Option<CategoryId>> {
        if self.category.is_empty() {
            return Some(None);
        }
        let named = |path: &str| path == self.category;
        reference
            .categories
            .values()
            .find(|one| named(&one.row.path))
            .map(|one| Some(one.row.id))
    }

    fn narrow(
        &self,
        select: sea_orm::Select<product::Entity>,
        category: Option<CategoryId>,
    ) -> sea_orm::Select<product::Entity> {
        let mut select = select;
        if !self.everything {
            select = select.filter(product::Column::Status.ne(ProductStatus::Delisted));
        }
        let Some(category) = category else {
            return select;
        };
        let below = Query::select()
            .column(category_ancestor::Column::CategoryId)
            .from(category_ancestor::Entity)
            .and_where(category_ancestor::Column::AncestorId.eq(category))
            .to_owned();
        select.filter(product::Column::CategoryId.in_subquery(below))
    }
}

type Page = (Vec<ProductId>, Option<String>);

async fn by_sku(
    tx: &Tx,
    wanted: &Wanted,
    category: Option<CategoryId>,
    cursor: Option<Cursor>,
    limit: u64,
) -> Result<Page> {
    let rows: Vec<Known> = tx
        .report::<product::Entity, Known>(|select| {
            let mut select = wanted.narrow(select, category);
            if let Some(cursor) = cursor {
                let sku = Expr::col((product::Entity, product::Column::Sku));
                select = select.filter(sku.gt(number_of(cursor.id)));
            }
            select
                .select_only()
                .column(product::Column::Id)
                .order_by_asc(product::Column::Sku)
                .limit(limit + 1)
        })
        .await?;
    let (rows, next) = List::<Product>::cut(rows, limit, |row| Cursor {
        at: 0,
        id: row.id.0,
    });
    Ok((rows.into_iter().map(|row| row.id).collect(), next))
}

/// The article number of the last product that was given, asked in the same query: an article
/// number may be longer than a cursor.
fn number_of(id: Uuid) -> Expr {
    let last = Query::select()
        .column(product::Column::Sku)
        .from_as(product::Entity, "last")
        .and_where(Expr::col(("last", product::Column::Id)).eq(id))
        .to_owned();
    Expr::SubQuery(None, Box::new(last.into()))
}

#[derive(sea_orm::FromQueryResult)]
struct Known {
    id: ProductId,
}

#[derive(sea_orm::FromQueryResult)]
struct Numbered {
    id: ProductId,
    sku: String,
}

/// The cursor says at which place of the hits the last one given stood, and which it was: where
/// the index has changed meanwhile, it is looked for, and its old place stands in for it.
async fn by_rank(
    app: &web::Data<App>,
    tx: &Tx,
    wanted: &Wanted,
    category: Option<CategoryId>,
    cursor: Option<Cursor>,
    limit: u64,
) -> Result<Page> {
    let hits = hits(app, tx, &wanted.query).await?;
    let after = cursor.map(|Cursor { at, id }| {
        let found = hits.iter().position(|hit| hit.0 == id);
        found.unwrap_or_else(|| usize::try_from(at).unwrap_or(usize::MAX))
    });
    let begin = after.map_or(0, |place| place.saturating_add(1));
    let left = hits.get(begin..).unwrap_or_default();
    if left.is_empty() {
        return Ok((Vec::new(), None));
    }
    let ids = padded(left);
    let seen: Vec<Known> = tx
        .report::<product::Entity, Known>(|select| {
            wanted
                .narrow(select, category)
                .filter(product::Column::Id.is_in(ids))
                .select_only()
                .column(product::Column::Id)
        })
        .await?;
    let seen: std::collections::HashSet<ProductId> = seen.into_iter().map(|row| row.id).collect();
    let rows: Vec<(usize, ProductId)> = (begin..)
        .zip(left.iter().copied())
        .filter(|(_, id)| seen.contains(id))
        .take(usize::try_from(limit)? + 1)
        .collect();
    let (rows, next) = List::<Product>::cut(rows, limit, |(place, id)| Cursor {
        at: i64::try_from(*place).unwrap_or(i64::MAX),
        id: id.0,
    });
    Ok((rows.into_iter().map(|(_, id)| id).collect(), next))
}

/// The best hits of the whole catalogue; who may see them is asked of the database.
async fn hits(app: &web::Data<App>, tx: &Tx, query: &str) -> Result<Vec<ProductId>> {
    let version = tx.counter(VERSION).await?;
    let index = app
        .search
        .get(&app.clone().into_inner(), tx, version)
        .await?;
    let hits = index.search(query, DEEPEST);
    Ok(hits.into_iter().map(|hit| ProductId(hit.id)).collect())
}

fn shape(article: &Article, reference: &Reference, book: Option<&PriceBook>) -> Product {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(trade::quantity::PackFactor::ONE);
    let least = article.rule().least(factor);
    let trace = book.and_then(|book| book.trace(article, article.order_unit, least));
    let category = reference.categories.get(&article.category);
    Product {
        sku: article.sku.clone(),
        gtin: article.gtin.clone(),
        name: article.name.clone(),
        brand: article.brand_name.clone(),
        category: category.map(|one| one.row.path.clone()).unwrap_or_default(),
        status: article.status.to_string(),
        base_unit: article.base_unit.to_string(),
        order_unit: article.order_unit.to_string(),
        pack_factor: factor.get(),
        moq: article.moq,
        multiple: article.multiple,
        units: article
            .units
            .iter()
            .map(|known| ProductUnit {
                unit: known.unit.to_string(),
                pack_factor: known.factor.get(),
                gtin: known.gtin.clone(),
            })
            .collect(),
        available: article.available.map(|pieces| Ord::max(pieces, 0)),
        expected_on: article.expected_on.map(|date| date.to_string()),
        price: trace
            .as_ref()
            .and_then(|trace| Some(Money::unit(trace.price?, trace.currency))),
        price_trace: trace.as_ref().map(Trace::from),
    }
}

/// The products with these article numbers that the caller sees, by number.
///
/// # Errors
/// Whatever the database says.
pub async fn numbered(
    tx: &Tx,
    skus: &[String],
) -> crate::error::Result<std::collections::HashMap<String, ProductId>> {
    let mut skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    skus.sort_unstable();
    skus.dedup();
    let mut found = std::collections::HashMap::with_capacity(skus.len());
    for chunk in skus.chunks(2_000) {
        let chunk = padded(chunk);
        let rows: Vec<Numbered> = tx
            .report::<product::Entity, Numbered>(|select| {
                select
                    .filter(product::Column::Sku.is_in(chunk))
                    .select_only()
                    .columns([product::Column::Id, product::Column::Sku])
            })
            .await?;
        found.extend(rows.into_iter().map(|row| (row.sku, row.id)));
    }
    Ok(found)
}
