//! The API's description (OpenAPI 3.1), made from the code, and a page to read it on.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::{HttpResponse, web};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};
use utoipa_swagger_ui::Config;

use super::problem::MEDIA_TYPE;
use super::{cart, events, orders, prices, problem, products, recommendations, stock};
use crate::error::{Error, Result};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kontor",
        description = "Ordering for a brand's retailers: catalogue and prices of an account, its \
            orders, and the brand's own side. Money is an amount as text with its currency, dates \
            are the brand's local dates, instants are UTC. A list answers with `items` and `next`, \
            the cursor of its next page.",
        contact(name = "Kontor", url = "https://github.com/kontor"),
    ),
    paths(
        products::list, products::show, prices::ask, prices::put, orders::place, orders::list,
        orders::show, orders::cancel, stock::show, stock::put, cart::show, cart::replace, cart::add,
        recommendations::list, recommendations::promotions, events::list,
    ),
    components(schemas(problem::Problem)),
    tags(
        (name = "catalogue", description = "Products, with the caller's prices"),
        (name = "prices", description = "What lines would cost, and price lists"),
        (name = "orders", description = "Placing, following and cancelling orders"),
        (name = "cart", description = "The cart that the account's buyers share"),
        (name = "recommendations", description = "What an account might order now, and why"),
        (name = "events", description = "What happened, one after the other"),
        (name = "stock", description = "The brand's count"),
    ),
    security(("key" = [])),
    modifiers(&Keys),
)]
struct Api;

/// Bearer keys, and the version of this program.
struct Keys;

impl Modify for Keys {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        api.info.version = env!("CARGO_PKG_VERSION").to_owned();
        api.info.contact = None;
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A key of an account or of the brand: `kontor_…`"))
            .build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(key));
    }
}

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_pretty_json().unwrap_or_default());

/// The document.
#[must_use]
pub fn document() -> &'static str {
    &DOCUMENT
}

/// GET `/api/openapi.json`.
pub async fn json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(document())
}

/// GET `/api/docs`: the page lives in a folder of its own.
pub async fn index() -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, "/api/docs/"))
        .finish()
}

/// Swagger UI sets styles by script and draws its marks from data URLs. Nothing is from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'self'";

/// GET `/api/docs/…`: the page that shows the document, out of the binary.
///
/// # Errors
/// `NotFound` for a file it does not have.
pub async fn file(path: web::Path<String>) -> Result<HttpResponse> {
    let config = Arc::new(Config::from("/api/openapi.json"));
    let file = utoipa_swagger_ui::serve(&path, config)
        .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?
        .ok_or(Error::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer.content_type(file.content_type);
    answer.insert_header((CONTENT_SECURITY_POLICY, POLICY));
    if file.gzpipped {
        answer.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(file.bytes.into_owned()))
}

fn problem(status: u16) -> (String, RefOr<Response>) {
    let description = match status {
        400 => "Not JSON, or without a header that is needed",
        401 => "No key, or one that is not known",
        403 => "The key may not do this",
        404 => "No such thing, or not this key's",
        409 => "Not as things stand; `type` says why, `facts` what to do about it",
        412 => "Changed since it was read",
        413 => "More than 2 MB",
        415 => "Not announced as JSON",
        422 => "Faults in what was sent, all of them",
        429 => "Too fast; `Retry-After` says how long to wait",
        503 => "Busy; try again soon",
        _ => "A bug; `reference` leads to its cause in the log",
    };
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let response = ResponseBuilder::new()
        .description(description)
        .content(MEDIA_TYPE, content)
        .build();
    (status.to_string(), RefOr::T(response))
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = [$($status:literal),*];)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                BTreeMap::from([$(problem($status)),*])
            }
        }
    )*};
}

problems! {
    /// What can go wrong where a list is read.
    Listing = [401, 403, 422, 429, 500, 503];
    /// What can go wrong where one thing is read.
    Reading = [401, 403, 404, 422, 429, 500, 503];
    /// What can go wrong where a question is asked in a body.
    Asking = [400, 401, 403, 413, 415, 422, 429, 500, 503];
    /// What can go wrong where something is made or moved on.
    Writing = [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503];
    /// What can go wrong where something is replaced.
    Replacing = [400, 401, 403, 404, 412, 413, 415, 422, 429, 500, 503];
}
