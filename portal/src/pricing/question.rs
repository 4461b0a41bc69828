//! "What does this account pay for that on this day, and why?": asked by the brand's people.

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::quantity::{MAX_ORDERED, Unit};

use super::PriceBook;
use super::view::{PriceAnswer, PricesPage, WhyPrice};
use crate::app::App;
use crate::catalogue::{Article, article};
use crate::db::Tx;
use crate::db::entity::{account, product};
use crate::error::Result;
use crate::orders::quote::ForWhom;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message, Query};

/// The fields of the question.
const FIELDS: [&str; 5] = ["account", "sku", "unit", "quantity", "date"];

/// Answers the question in `query`, or says at which fields it cannot be understood. Nothing asked
/// is no fault.
///
/// # Errors
/// Whatever the database says.
pub async fn answer(tx: &Tx, app: &App, query: &Query) -> Result<PricesPage> {
    let mut form = FormState::new();
    for field in FIELDS {
        let typed = query.get(field).map_or("", |value| value.trim());
        form = form.value(field, typed.chars().take(200).collect::<String>());
    }
    let typed = form.clone();
    let typed = |field: &str| typed.values.get(field).map_or("", String::as_str);
    if FIELDS.iter().all(|field| typed(field).is_empty()) {
        return Ok(PricesPage {
            units: units(None, None),
            form,
            answer: None,
        });
    }
    let account = tx
        .one::<account::Entity>(|all| all.filter(account::Column::Number.eq(typed("account"))))
        .await?;
    if account.is_none() {
        form.refuse_key("account", "error-account-unknown");
    }
    let article = find_article(tx, app, typed("sku")).await?;
    if article.is_none() {
        form.refuse_key("sku", "error-sku-unknown");
    }
    let unit = unit(&mut form, article.as_ref(), typed("unit"));
    let quantity = quantity(&mut form, article.as_ref().zip(unit), typed("quantity"));
    let date = date(&mut form, app.today(), typed("date"));
    let mut page = PricesPage {
        units: units(article.as_ref(), unit),
        form,
        answer: None,
    };
    if let (Some(account), Some(article), Some(unit), Some(quantity), Some(date)) =
        (account, article, unit, quantity, date)
    {
        let mut whom = ForWhom::load(tx, app, account.id, None).await?;
        whom.customer.date = date;
        page.answer = priced(tx, &whom, &article, unit, quantity).await?;
    }
    Ok(page)
}

async fn priced(
    tx: &Tx,
    whom: &ForWhom,
    article: &Article,
    unit: Unit,
    quantity: i64,
) -> Result<Option<PriceAnswer>> {
    let book = PriceBook::load(tx, whom.customer, &[article.id]).await?;
    let Some(trace) = book.trace(article, unit, quantity) else {
        return Ok(None);
    };
    let total = trace
        .price
        .map(|price| price.line_total(quantity, trace.currency))
        .transpose()?;
    Ok(Some(PriceAnswer {
        account_name: whom.account.name.clone(),
        account_number: whom.account.number.clone(),
        sku: article.sku.clone(),
        product_name: article.name.clone(),
        quantity,
        unit,
        date: whom.customer.date.to_string(),
        total,
        why: WhyPrice::from_trace(&trace, true),
    }))
}

async fn find_article(tx: &Tx, app: &App, sku: &str) -> Result<Option<Article>> {
    let reference = app.reference.get(tx).await?;
    let found = article::articles(tx, &reference, |all| {
        all.filter(product::Column::Sku.eq(sku))
    });
    Ok(found.await?.into_iter().next())
}

fn unit(form: &mut FormState, article: Option<&Article>, typed: &str) -> Option<Unit> {
    if typed.is_empty() {
        return article.map(|article| article.order_unit);
    }
    let unit = typed.parse::<Unit>().ok();
    let sold = unit.filter(|unit| article.is_none_or(|article| article.factor(*unit).is_some()));
    if sold.is_none() {
        form.refuse_with("unit", "problem-unit", "typed", typed);
    }
    sold
}

fn quantity(form: &mut FormState, of: Option<(&Article, Unit)>, typed: &str) -> Option<i64> {
    if typed.is_empty() {
        let (article, unit) = of?;
        return article
            .factor(unit)
            .map(|factor| article.rule().least(factor));
    }
    let quantity = typed
        .parse::<i64>()
        .ok()
        .filter(|quantity| (1..=MAX_ORDERED).contains(quantity));
    if quantity.is_none() {
        form.refuse_with("quantity", "problem-quantity", "typed", typed);
    }
    quantity
}

fn date(form: &mut FormState, today: Date, typed: &str) -> Option<Date> {
    if typed.is_empty() {
        return Some(today);
    }
    let date = typed.parse::<Date>().ok();
    if date.is_none() {
        form.refuse("date", Message::new("error-date"));
    }
    date
}

/// The units to choose from: the product's, or all while none is known.
fn units(article: Option<&Article>, chosen: Option<Unit>) -> Vec<Choice> {
    let known = article.map(|article| article.units.iter().map(|unit| unit.unit).collect());
    let units = known.unwrap_or_else(|| Unit::ALL.to_vec());
    units
        .into_iter()
        .map(|unit| Choice::new(unit.code(), "", chosen == Some(unit)))
        .collect()
}
