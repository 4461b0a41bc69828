//! The account's open cart, the same one that its buyers see.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::{Asked, Sent};
use super::caller::{ApiCaller, ForAccount};
use super::docs::{Asking, Reading};
use super::keys::Permission;
use super::prices::{Line, MAX_LINES, PricedLine, priced};
use super::shape::{LinePromotion, Money, problem_message};
use super::{Answer, Fault, tag};
use crate::app::App;
use crate::cart::{self, Added, Adding, Reason, Which};
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::{self, ForWhom, Quote, QuotedLine};
use crate::orders::refusals::{problem_code, problem_facts};
use crate::web::form::FormState;
use crate::web::locale::Lang;

/// What is in the cart, at today's prices.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cart {
    /// The account's number.
    pub account: String,
    /// Its lines, in the order in which they were begun.
    pub lines: Vec<PricedLine>,
    /// Goods that come along at no charge.
    pub free: Vec<FreeGoods>,
    /// Sum of the lines that can be ordered in that quantity and have a price, after promotions.
    pub goods: Money,
    /// What promotions take off them.
    pub discount: Money,
    /// Freight.
    pub freight: CartFreight,
    /// The least an order should be worth; null where there is none.
    #[schema(required = true)]
    pub minimum: Option<CartMinimum>,
    /// Promotions that apply.
    pub applied: Vec<LinePromotion>,
    /// Promotions that are near, the nearest first.
    pub near: Vec<NearPromotion>,
    /// Goods and freight.
    pub net: Money,
    /// Their tax.
    pub tax: Money,
    /// Both.
    pub gross: Money,
}

/// Goods that come along.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FreeGoods {
    /// The article number.
    pub sku: String,
    /// The unit.
    pub unit: String,
    /// How many of it.
    pub quantity: i64,
    /// Code of the promotion they come with.
    pub promotion: String,
}

/// What the freight costs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CartFreight {
    /// Net.
    pub charge: Money,
    /// The value of goods from which it is free; null where it never is.
    #[schema(required = true)]
    pub free_from: Option<Money>,
    /// What is missing for that; null where nothing is charged.
    #[schema(required = true)]
    pub missing: Option<Money>,
    /// Code of the promotion that takes it off.
    #[schema(required = true)]
    pub waived_by: Option<String>,
}

/// The minimum order value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CartMinimum {
    /// Net value of goods.
    pub minimum: Money,
    /// Zero where it is reached; else an order is held.
    pub missing: Money,
}

/// A promotion that a little more would reach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NearPromotion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is missing and what it gives, in English.
    pub message: String,
    /// Lines that would reach it; empty where none alone does.
    pub add: Vec<NearLine>,
}

/// A line that would help.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NearLine {
    /// The article number.
    pub sku: String,
    /// The unit.
    pub unit: String,
    /// How many more of it.
    pub quantity: i64,
}

/// Lines for the cart.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartLines {
    /// Up to 2,000 lines; the same product in the same unit adds up.
    #[schema(max_items = 2000)]
    pub lines: Vec<Line>,
    /// Brand keys: the account's number.
    #[schema(max_length = 64)]
    pub account: Option<String>,
}

async fn shape(tx: &Tx, app: &App, whom: &ForAccount) -> Result<Cart> {
    let open = cart::find(tx, whom.account.id).await?;
    let lines = match &open {
        Some(open) => cart::lines(tx, open.id).await?,
        None => Vec::new(),
    };
    let place = open.as_ref().and_then(|open| open.ship_to_id);
    let mut customer = ForWhom::load(tx, app, whom.account.id, place).await?;
    customer.by_hand = cart::by_hand(&lines);
    let quote = quote::quote(tx, app, &customer, &cart::wanted(&lines)).await?;
    let shaped = quote.lines.iter().map(|line| {
        // What the account does not see any more keeps its place, and says so.
        let sku = line
            .article
            .as_ref()
            .map(|article| article.sku.clone())
            .unwrap_or_default();
        let asked = Line {
            sku,
            unit: line.wanted.unit,
            quantity: line.wanted.quantity,
        };
        priced(app, &asked, line)
    });
    let lines = shaped.collect();
    let code = |id| quote.book.find(id).map(|one| one.code.clone());
    let freight = &quote.freight;
    Ok(Cart {
        account: whom.account.number.clone(),
        lines,
        free: quote
            .free
            .iter()
            .filter_map(|line| free(&quote, line))
            .collect(),
        goods: quote.goods.into(),
        discount: quote.discount.into(),
        freight: CartFreight {
            charge: freight.charge.into(),
            free_from: freight.free_from.map(Money::from),
            missing: freight.missing.map(Money::from),
            waived_by: freight.waived_by.and_then(code),
        },
        minimum: quote.minimum.map(|minimum| CartMinimum {
            minimum: minimum.minimum.into(),
            missing: minimum.missing.into(),
        }),
        applied: applied(&quote),
        near: near(tx, app, &quote).await?,
        net: quote.totals.net.into(),
        tax: quote.totals.tax.into(),
        gross: quote.totals.gross.into(),
    })
}

fn free(quote: &Quote, line: &QuotedLine) -> Option<FreeGoods> {
    Some(FreeGoods {
        sku: line.article.as_ref()?.sku.clone(),
        unit: line.wanted.unit.to_string(),
        quantity: line.wanted.quantity,
        promotion: quote.book.find(line.comes_with?)?.code.clone(),
    })
}

fn applied(quote: &Quote) -> Vec<LinePromotion> {
    let applied = quote.applied.iter().filter_map(|one| {
        let promotion = quote.book.find(one.promotion)?;
        Some(LinePromotion {
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            discount: one.discount.into(),
        })
    });
    applied.collect()
}

async fn near(tx: &Tx, app: &App, quote: &Quote) -> Result<Vec<NearPromotion>> {
    let words = app.templates.words();
    let told = cart::advice::near(tx, app, quote).await?.into_iter();
    Ok(told
        .map(|one| NearPromotion {
            message: words.message(Lang::En, &one.message),
            code: one.code,
            name: one.name,
            add: one
                .adds
                .into_iter()
                .map(|add| NearLine {
                    sku: add.sku,
                    unit: add.unit.to_string(),
                    quantity: add.quantity,
                })
                .collect(),
        })
        .collect())
}

/// The cart.
///
/// # Errors
/// What [`Reading`] says.
#[utoipa::path(
    get, path = "/api/v1/cart", tag = "cart",
    description = "Needs `cart:read`. An account has one cart, which its buyers share.",
    params(("account" = Option<String>, Query, description = "Brand keys: whose", max_length = 64)),
    responses(
        (status = 200, description = "The cart", body = Cart, headers(("ETag" = String))),
        (status = 304, description = "As `If-None-Match` says"),
        Reading,
    ),
)]
pub async fn show(app: web::Data<App>, caller: ApiCaller, request: HttpRequest) -> Answer {
    caller.may(Permission::CartRead)?;
    let mut asked = Asked::of(&request);
    let account = asked.text("account", 64);
    asked.done()?;
    let whom = caller.for_account(&app, &account).await?;
    let tx = app.db.read(&whom.scope).await?;
    tag::answer(&request, &shape(&tx, &app, &whom).await?)
}

/// Replaces what is in the cart; nothing is changed where any line is at fault.
///
/// # Errors
/// What [`Asking`] says.
#[utoipa::path(
    put, path = "/api/v1/cart", tag = "cart",
    description = "Needs `cart:write`. No lines empty the cart.",
    request_body = CartLines,
    responses((status = 200, description = "The cart now", body = Cart), Asking),
)]
pub async fn replace(app: web::Data<App>, caller: ApiCaller, sent: Sent) -> Answer {
    write(&app, &caller, sent, Write::Replace).await
}

/// Adds lines to what is in the cart; nothing is changed where any line is at fault.
///
/// # Errors
/// What [`Asking`] says.
#[utoipa::path(
    post, path = "/api/v1/cart/lines", tag = "cart",
    description = "Needs `cart:write`. What is in the cart already adds up with it.",
    request_body = CartLines,
    responses((status = 200, description = "The cart now", body = Cart), Asking),
)]
pub async fn add(app: web::Data<App>, caller: ApiCaller, sent: Sent) -> Answer {
    write(&app, &caller, sent, Write::Add).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Write {
    Replace,
    Add,
}

async fn write(app: &web::Data<App>, caller: &ApiCaller, sent: Sent, how: Write) -> Answer {
    caller.may(Permission::CartWrite)?;
    let (lines, account) = sent
        .read(|body| {
            (
                body.list("lines", 0..=MAX_LINES, Line::read),
                body.maybe_text("account", 64),
            )
        })
        .await?;
    let whom = caller.for_account(app, &account).await?;
    let tx = app.db.begin(&whom.scope).await?;
    if how == Write::Replace {
        cart::empty(&tx, app, whom.account.id).await?;
    }
    let adding: Vec<Adding> = lines
        .into_iter()
        .map(|line| Adding {
            which: Which::Sku(line.sku),
            unit: Some(line.unit),
            quantity: line.quantity,
            suggested: None,
        })
        .collect();
    let added = cart::add(&tx, app, whom.account.id, &adding).await?;
    if !added.refused.is_empty() {
        return Err(faults(added));
    }
    let now = shape(&tx, app, &whom).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok()
        .insert_header(("ETag", tag::of(&now)?))
        .json(now))
}

fn faults(added: Added) -> Fault {
    let mut form = FormState::new();
    let mut refused = added.refused;
    refused.sort_by_key(|line| line.at);
    for line in refused {
        let (field, code, facts) = match &line.reason {
            Reason::Problem(problem) => {
                let code = problem_code(problem);
                (super::orders::field_of(code), code, problem_facts(problem))
            }
            Reason::WithCart { present, nearest } => {
                let nearest: Vec<String> = nearest.iter().map(i64::to_string).collect();
                let facts: Value = json!({"present": present, "nearest": nearest});
                ("quantity", "with-cart", facts)
            }
            Reason::Full => ("sku", "cart-full", json!({})),
        };
        form.refuse(
            &format!("lines[{}].{field}", line.at),
            problem_message(code, &facts),
        );
    }
    form.into()
}
