//! Handlers of the catalogue: the list, completions, a product and its picture.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};

use super::filter::Asked;
use super::view::{CataloguePage, SuggestFragment};
use super::{list, picture, product};
use crate::auth::{Buyer, SignedIn};
use crate::db::entity::product as product_row;
use crate::db::words::Surface;
use crate::error::{Error, Result};
use crate::suggestions::{picks, showings};
use crate::web::Page;
use crate::web::shape::Query;

/// What stays in the list's addresses.
const PARAMETERS: [&str; 10] = [
    "q", "category", "brand", "offer", "stock", "due", "bought", "sort", "view", "page",
];

/// GET `/catalogue`.
///
/// # Errors
/// Whatever the database says.
pub async fn catalogue(page: Page, who: Buyer) -> Result<HttpResponse> {
    let query = kept(page.query());
    let asked = Asked::from_query(&query);
    let tx = page.app.db.read(&who.scope).await?;
    let listing = list::list(&tx, &page.app, &who.account, &asked).await?;
    drop(tx);
    if let Some(nothing) = &listing.nothing {
        let lists = picks::lists(&nothing.usual);
        let (app, account) = (&page.app, who.account.id);
        showings::note(app, &who.scope, account, Surface::Search, &lists).await;
    }
    let cards = query.get("view").is_some_and(|view| view == "cards");
    page.render(&CataloguePage {
        q: asked.q,
        sort: asked.sort.word().to_owned(),
        view: if cards { "cards" } else { "table" }.to_owned(),
        rows: listing.rows,
        facets: listing.facets,
        paging: listing.paging,
        corrected: None,
        can_order: listing.may_order,
        nothing: listing.nothing,
        query,
    })
}

fn kept(mut query: Query) -> Query {
    query.retain(|name, value| PARAMETERS.contains(&name.as_str()) && !value.is_empty());
    query
}

/// GET `/catalogue/suggest`: completions of `q`, as a fragment.
///
/// # Errors
/// Whatever the database says.
pub async fn suggest(page: Page, who: Buyer) -> Result<HttpResponse> {
    let q = Asked::from_query(&page.query()).q;
    let tx = page.app.db.read(&who.scope).await?;
    let suggestions = list::suggest(&tx, &page.app, &who.account, &q).await?;
    drop(tx);
    page.render(&SuggestFragment { q, suggestions })
}

/// GET `/products/{sku}`.
///
/// # Errors
/// `NotFound` for a product that is not there, or not for the caller.
pub async fn product(page: Page, who: SignedIn, sku: web::Path<String>) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = product::show(&tx, &page.app, &who, &sku).await?;
    drop(tx);
    if let Some(account) = &who.session.account {
        let lists = picks::lists(view.instead.iter().chain(&view.together));
        showings::note(&page.app, &who.scope, account.id, Surface::Product, &lists).await;
    }
    page.render(&view)
}

#[derive(Debug, FromQueryResult)]
struct Picture {
    name: String,
    picture: Option<String>,
}

/// A picture may come from a file of the brand's: whatever is in it, it runs and loads nothing.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// GET `/products/{sku}/picture.svg`.
///
/// # Errors
/// As [`product`].
pub async fn picture(
    page: Page,
    request: HttpRequest,
    who: SignedIn,
    sku: web::Path<String>,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let found: Vec<Picture> = tx
        .report::<product_row::Entity, Picture>(|all| {
            all.select_only()
                .columns([product_row::Column::Name, product_row::Column::Picture])
                .filter(product_row::Column::Sku.eq(sku.as_str()))
        })
        .await?;
    drop(tx);
    let row = found.into_iter().next().ok_or(Error::NotFound)?;
    let svg = picture::svg(row.picture.as_deref(), &sku, &row.name);
    let digest = Sha256::digest(svg.as_bytes());
    let tag: String = digest
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut answer = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((CACHE_CONTROL, "private, max-age=86400"))
        .insert_header((ETAG, tag))
        .insert_header((CONTENT_SECURITY_POLICY, PICTURE_POLICY));
    if unchanged {
        return Ok(answer.finish());
    }
    Ok(answer.content_type("image/svg+xml").body(svg))
}
