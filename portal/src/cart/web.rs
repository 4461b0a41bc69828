//! Handlers of the cart.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use trade::id::CartLineId;
use trade::quantity::Unit;

use super::details::Details;
use super::overrides::{self, Agreed};
use super::page::{self, Overlay};
use super::problem;
use super::suggested::{self, Suggested};
use super::view::{LineProblem, RefusedLine};
use super::{Adding, Which};
use crate::auth::caller::Buyer;
use crate::db::words::Surface;
use crate::error::{Error, Result};
use crate::quick_order::paste::parse_quantity;
use crate::suggestions::{picks, showings};
use crate::web::context::local_path;
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::shape::Message;
use crate::web::{Fields, Page, flash};

/// GET `/cart`.
///
/// # Errors
/// Whatever the database says.
pub async fn show(page: Page, who: Buyer) -> Result<HttpResponse> {
    let query = page.query();
    let number = query.get("page").map_or("", String::as_str);
    answer(
        &page,
        &who,
        StatusCode::OK,
        Overlay {
            page: number_of(number),
            ..Overlay::default()
        },
    )
    .await
}

fn number_of(page: &str) -> i64 {
    page.parse().unwrap_or(1)
}

async fn answer(
    page: &Page,
    who: &Buyer,
    status: StatusCode,
    overlay: Overlay,
) -> Result<HttpResponse> {
    let tx = page.app.db.read(&who.scope).await?;
    let view = page::page(&tx, &page.app, who, overlay).await?;
    drop(tx);
    let lists = picks::lists(view.forgotten.iter().chain(&view.goes_with));
    showings::note(&page.app, &who.scope, who.account.id, Surface::Cart, &lists).await;
    page.render_as(status, &view)
}

/// After a change: the block the page's script asked for, or the page itself by its address.
async fn changed(
    page: &Page,
    who: &Buyer,
    fields: &Fields,
    done: Option<Message>,
) -> Result<HttpResponse> {
    let number = number_of(fields.text("page"));
    if page.fragment().is_some() {
        let overlay = Overlay {
            page: number,
            ..Overlay::default()
        };
        return answer(page, who, StatusCode::OK, overlay).await;
    }
    let to = if number > 1 {
        format!("/cart?page={number}")
    } else {
        "/cart".to_owned()
    };
    Ok(match done {
        Some(message) => page.redirect_with(&to, flash::good(message)),
        None => page.redirect(&to),
    })
}

/// A line of the form as typed.
struct Typed<'a> {
    sku: &'a str,
    quantity: &'a str,
    unit: &'a str,
    suggested: Option<Suggested>,
}

/// POST `/cart/lines`: repeated `sku`, `unit`, `quantity`; a line without quantity is passed over.
/// `suggested` labels those that a suggestion put there ([`suggested::labels`]).
///
/// # Errors
/// Whatever the database says.
pub async fn add(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let typed = typed_lines(&fields);
    let (adding, mut refused) = read_lines(&typed, page.lang());
    let items: Vec<Adding> = adding.iter().map(|(_, item)| item.clone()).collect();
    let tx = page.app.db.begin(&who.scope).await?;
    let added = super::add(&tx, &page.app, who.account.id, &items).await?;
    tx.commit().await?;
    for line in &added.refused {
        let Some((typed, _)) = adding.get(line.at) else {
            continue;
        };
        let article = line.article.as_deref();
        let problem = problem::reason_words(&line.reason, article, line.unit);
        let unit = line
            .unit
            .map_or_else(|| typed.unit.to_owned(), |unit| unit.code().to_owned());
        refused.push(refused_line(
            typed,
            article.map(|a| a.name.clone()),
            &unit,
            problem,
        ));
    }
    let return_to = local_path(fields.text("return"), "");
    if refused.is_empty() {
        let to = if return_to.is_empty() {
            "/cart"
        } else {
            return_to
        };
        let count = i64::try_from(added.taken.len())?;
        if count == 0 {
            return Ok(page.redirect(to));
        }
        let message = Message::new("cart-added").with("count", count);
        return Ok(page.redirect_with(to, flash::good(message)));
    }
    let overlay = Overlay {
        refused,
        return_to: return_to.to_owned(),
        ..Overlay::default()
    };
    answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await
}

fn typed_lines(fields: &Fields) -> Vec<Typed<'_>> {
    let units: Vec<&str> = fields.all("unit").collect();
    let mut quantities: Vec<&str> = fields.all("quantity").collect();
    if fields.has("nearest") {
        // One of the offered quantities, instead of the one that was typed.
        quantities = vec![fields.text("nearest")];
    }
    let labels = suggested::labels(fields);
    fields
        .all("sku")
        .enumerate()
        .map(|(at, sku)| Typed {
            sku,
            quantity: quantities.get(at).copied().unwrap_or_default(),
            unit: units.get(at).copied().unwrap_or_default(),
            suggested: labels.get(sku).copied(),
        })
        .filter(|line| !line.quantity.is_empty())
        .collect()
}

/// The lines that can be read, and those that cannot with the reason.
fn read_lines<'a>(
    typed: &'a [Typed<'a>],
    lang: Lang,
) -> (Vec<(&'a Typed<'a>, Adding)>, Vec<RefusedLine>) {
    let mut good = Vec::with_capacity(typed.len());
    let mut refused = Vec::new();
    for line in typed {
        let unit = match line.unit {
            "" => None,
            word => match word.parse::<Unit>() {
                Ok(unit) => Some(unit),
                Err(_) => {
                    refused.push(refused_line(line, None, word, problem::unit_words(word)));
                    continue;
                }
            },
        };
        match parse_quantity(line.quantity, lang) {
            Ok(quantity) => {
                let which = Which::Sku(line.sku.to_owned());
                good.push((
                    line,
                    Adding {
                        which,
                        unit,
                        quantity,
                        suggested: line.suggested,
                    },
                ));
            }
            Err(_) => {
                let problem = problem::quantity_words(line.quantity);
                refused.push(refused_line(line, None, line.unit, problem));
            }
        }
    }
    (good, refused)
}

fn refused_line(
    typed: &Typed<'_>,
    name: Option<String>,
    unit: &str,
    problem: LineProblem,
) -> RefusedLine {
    RefusedLine {
        sku: typed.sku.chars().take(64).collect(),
        name,
        quantity: typed.quantity.chars().take(40).collect(),
        unit: unit.chars().take(40).collect(),
        suggested: typed
            .suggested
            .map(|mark| suggested::label(mark, typed.sku)),
        problem,
    }
}

/// POST `/cart/lines/{id}`: `quantity`.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn set_quantity(
    page: Page,
    who: Buyer,
    line: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let line = line_id(&line)?;
    let typed = fields.text("quantity");
    let tx = page.app.db.begin(&who.scope).await?;
    let Ok(quantity) = parse_quantity(typed, page.lang()) else {
        let (row, _) = super::line_of(&tx, &page.app, who.account.id, line).await?;
        let refused = (line, row.quantity.into(), problem::quantity_words(typed));
        drop(tx);
        return refuse_quantity(&page, &who, &fields, refused).await;
    };
    match super::set_quantity(&tx, &page.app, who.account.id, line, quantity).await? {
        Ok(()) => {
            tx.commit().await?;
            changed(&page, &who, &fields, None).await
        }
        Err(fault) => {
            let (row, article) = super::line_of(&tx, &page.app, who.account.id, line).await?;
            drop(tx);
            let problem = problem::words(&fault, article.as_ref(), row.unit);
            refuse_quantity(&page, &who, &fields, (line, quantity, problem)).await
        }
    }
}

async fn refuse_quantity(
    page: &Page,
    who: &Buyer,
    fields: &Fields,
    refused: (CartLineId, i64, LineProblem),
) -> Result<HttpResponse> {
    let page_number = number_of(fields.text("page"));
    let overlay = Overlay {
        page: page_number,
        quantity: Some(refused),
        ..Overlay::default()
    };
    answer(page, who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await
}

fn line_id(text: &str) -> Result<CartLineId> {
    text.parse().map_err(|_| Error::NotFound)
}

/// POST `/cart/lines/{id}/remove`.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn remove(
    page: Page,
    who: Buyer,
    line: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    super::remove(&tx, &page.app, who.account.id, line_id(&line)?).await?;
    tx.commit().await?;
    changed(&page, &who, &fields, None).await
}

/// POST `/cart/lines/{id}/price`: `price` and `reason`, or `remove` to take it back.
///
/// # Errors
/// `Forbidden` without the right; `NotFound`; whatever the database says.
pub async fn set_price(
    page: Page,
    who: Buyer,
    line: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let line = line_id(&line)?;
    let mut form = fields.form();
    let tx = page.app.db.begin(&who.scope).await?;
    // Seen first, so that a line of another account is not there rather than forbidden.
    super::line_of(&tx, &page.app, who.account.id, line).await?;
    if !overrides::may(&tx, &who).await? {
        return Err(Error::Forbidden);
    }
    let (agreed, done) = if fields.has("remove") {
        (None, "cart-price-removed")
    } else {
        let agreed = Agreed::read(&fields, page.lang(), &mut form);
        if agreed.is_none() {
            drop(tx);
            let overlay = Overlay {
                page: number_of(fields.text("page")),
                price: Some((line, form)),
                ..Overlay::default()
            };
            return answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await;
        }
        (agreed, "cart-price-set")
    };
    overrides::set(&tx, &page.app, &who, line, agreed).await?;
    tx.commit().await?;
    changed(&page, &who, &fields, Some(Message::new(done))).await
}

/// POST `/cart/lines/{id}/substitute`: `sku`, `unit`, `quantity` of what is taken instead.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn substitute(
    page: Page,
    who: Buyer,
    line: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    let line = line_id(&line)?;
    let typed = typed_lines(&fields);
    let (adding, refused) = read_lines(&typed, page.lang());
    let tx = page.app.db.begin(&who.scope).await?;
    let (row, _) = super::line_of(&tx, &page.app, who.account.id, line).await?;
    let Some((typed, instead)) = adding.first() else {
        drop(tx);
        let overlay = Overlay {
            refused,
            ..Overlay::default()
        };
        return answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await;
    };
    let added = super::substitute(&tx, &page.app, who.account.id, row.id, instead).await?;
    let Some(fault) = added.refused.first() else {
        tx.commit().await?;
        let done = Message::new("cart-substituted").with("sku", instead_sku(instead));
        return changed(&page, &who, &fields, Some(done)).await;
    };
    // The line stays as it was.
    drop(tx);
    let article = fault.article.as_deref();
    let problem = problem::reason_words(&fault.reason, article, fault.unit);
    let name = article.map(|article| article.name.clone());
    let overlay = Overlay {
        refused: vec![refused_line(typed, name, typed.unit, problem)],
        ..Overlay::default()
    };
    answer(&page, &who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await
}

fn instead_sku(instead: &Adding) -> String {
    match &instead.which {
        Which::Sku(sku) => sku.clone(),
        Which::Id(_) => String::new(),
    }
}

/// POST `/cart/details`.
///
/// # Errors
/// Whatever the database says.
pub async fn details(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let mut form = fields.form();
    let details = Details::read(&fields, page.app.today(), &mut form);
    if form.is_valid() {
        let tx = page.app.db.begin(&who.scope).await?;
        match super::set_details(&tx, &page.app, who.account.id, &details).await {
            Ok(_) => {
                tx.commit().await?;
                return changed(
                    &page,
                    &who,
                    &fields,
                    Some(Message::new("cart-details-saved")),
                )
                .await;
            }
            Err(Error::Invalid(faults)) => form.errors.extend(faults.errors),
            Err(other) => return Err(other),
        }
    }
    refuse_details(&page, &who, form).await
}

async fn refuse_details(page: &Page, who: &Buyer, form: FormState) -> Result<HttpResponse> {
    let overlay = Overlay {
        details: Some(form),
        ..Overlay::default()
    };
    answer(page, who, StatusCode::UNPROCESSABLE_ENTITY, overlay).await
}

/// POST `/cart/empty`.
///
/// # Errors
/// Whatever the database says.
pub async fn empty(page: Page, who: Buyer, fields: Fields) -> Result<HttpResponse> {
    let tx = page.app.db.begin(&who.scope).await?;
    super::empty(&tx, &page.app, who.account.id).await?;
    tx.commit().await?;
    changed(&page, &who, &fields, Some(Message::new("cart-cleared"))).await
}
