//! The quick order as its page shows it: right rows with their price, wrong ones with what is
//! wrong and what may have been meant.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect};
use trade::id::ProductId;
use trade::quantity::Unit;

use super::paste::{MOST_ROWS, QuantityFault};
use super::resolve::{self, Fault, Resolved};
use super::view::{GoodRow, Match, QuickOrderPage, WrongRow};
use crate::app::App;
use crate::auth::caller::Buyer;
use crate::cart::page::{free_lines, totals_view};
use crate::cart::view::LineProblem;
use crate::cart::{advice, problem};
use crate::catalogue::{Article, padded};
use crate::db::Tx;
use crate::db::entity::product;
use crate::db::words::{ProductStatus, StockPolicy};
use crate::error::Result;
use crate::orders::quote::{self, ForWhom, Problem, QuotedLine, Wanted};
use crate::search::Hit;
use crate::web::form::FormState;
use crate::web::locale::Lang;
use crate::web::shape::{Choice, Message, Paging};

/// Right rows on one page.
const GOOD_PER_PAGE: i64 = 100;
/// Wrong rows on one page; each asks the index for what may have been meant.
const WRONG_PER_PAGE: i64 = 50;
/// How many products a wrong row offers.
const MATCHES: usize = 4;
/// How many the index is asked for, since the account may not see all of them.
const HITS: usize = 12;

/// Which pages are shown, and in whose language the rows are read.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The page of right rows.
    pub page: i64,
    /// The page of wrong rows.
    pub wrong: i64,
    /// Decides what "1.000" is.
    pub lang: Lang,
}

/// The page.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    app: &Arc<App>,
    who: &Buyer,
    asked: Asked,
    form: FormState,
) -> Result<QuickOrderPage> {
    let whom = ForWhom::load(tx, app, who.account.id, None).await?;
    let rows = super::rows(tx, who.account.id).await?;
    let resolved = resolve::resolve(tx, app, &whom, rows, asked.lang).await?;
    let usual = super::usual::missing(tx, app, &who.account, &resolved).await?;
    let (good, wrong): (Vec<&Resolved>, Vec<&Resolved>) =
        resolved.iter().partition(|row| row.fault.is_none());
    // A row's own price stays that of a single line; what promotions make of all of them together
    // stands under the rows.
    let wanted: Vec<Wanted> = good
        .iter()
        .filter_map(|row| Some(row.quoted.as_ref()?.wanted))
        .collect();
    let together = if wanted.is_empty() {
        None
    } else {
        Some(quote::quote(tx, app, &whom, &wanted).await?)
    };
    let near = match &together {
        Some(quote) => advice::near(tx, app, quote).await?,
        None => Vec::new(),
    };
    let paging = Paging::new(asked.page, GOOD_PER_PAGE, i64::try_from(good.len())?);
    let wrong_paging = Paging::new(asked.wrong, WRONG_PER_PAGE, i64::try_from(wrong.len())?);
    let wrong = on_page(wrong, &wrong_paging, WRONG_PER_PAGE);
    let matches = matches(tx, app, &wrong).await?;
    Ok(QuickOrderPage {
        form,
        wrong: wrong
            .into_iter()
            .map(|row| wrong_row(row, &matches))
            .collect(),
        wrong_paging,
        good: on_page(good, &paging, GOOD_PER_PAGE)
            .into_iter()
            .filter_map(good_row)
            .collect(),
        paging,
        free: together.as_ref().map(free_lines).unwrap_or_default(),
        totals: together.as_ref().map(totals_view),
        near,
        usual: i64::try_from(usual.len())?,
        max_rows: i64::try_from(MOST_ROWS)?,
    })
}

fn on_page<'a>(rows: Vec<&'a Resolved>, paging: &Paging, per_page: i64) -> Vec<&'a Resolved> {
    let before = usize::try_from((paging.page - 1) * per_page).unwrap_or(0);
    let count = usize::try_from(per_page).unwrap_or(0);
    rows.into_iter().skip(before).take(count).collect()
}

fn good_row(row: &Resolved) -> Option<GoodRow> {
    let quoted = row.quoted.as_ref()?;
    let article = quoted.article.as_ref()?;
    let trace = quoted.trace.as_ref()?;
    let unit = quoted.wanted.unit;
    let factor = article.factor(unit)?;
    Some(GoodRow {
        position: row.typed.position.into(),
        sku: article.sku.clone(),
        name: article.name.clone(),
        quantity: quoted.wanted.quantity,
        unit,
        step: article.rule().step_in(factor),
        min: article.rule().least(factor),
        unit_price: trace.price,
        price_unit: unit,
        currency: trace.currency,
        total: quoted.net,
        remark: remark(quoted, article),
    })
}

fn remark(quoted: &QuotedLine, article: &Article) -> Option<Message> {
    let owed = article.stock_policy == StockPolicy::BackOrder
        && article
            .available
            .is_some_and(|available| available < quoted.ordered.0);
    owed.then(|| Message::new("remark-back-order"))
}

fn wrong_row(row: &Resolved, matches: &HashMap<i32, Vec<Match>>) -> WrongRow {
    let article = row
        .quoted
        .as_ref()
        .and_then(|quoted| quoted.article.as_deref());
    let unit = row.quoted.as_ref().map(|quoted| quoted.wanted.unit);
    let fault = row.fault.as_ref().unwrap_or(&Fault::Unknown);
    let problem = fault_words(row, fault, article, unit);
    let typed = [&row.typed.code, &row.typed.quantity, &row.typed.unit];
    let text: Vec<&str> = typed
        .into_iter()
        .map(String::as_str)
        .filter(|t| !t.is_empty())
        .collect();
    WrongRow {
        position: row.typed.position.into(),
        text: text.join(" ").chars().take(300).collect(),
        code: row.typed.code.clone(),
        quantity: row.typed.quantity.clone(),
        unit: unit.map(|unit| unit.code().to_owned()).unwrap_or_default(),
        problem: problem.message,
        name: article.map(|article| article.name.clone()),
        matches: matches
            .get(&row.typed.position)
            .cloned()
            .unwrap_or_default(),
        nearest: problem.nearest,
        units: units(article, unit, &row.typed.unit),
    }
}

fn fault_words(
    row: &Resolved,
    fault: &Fault,
    article: Option<&Article>,
    unit: Option<Unit>,
) -> LineProblem {
    let plain = |key: &str| LineProblem {
        message: Message::new(key),
        nearest: Vec::new(),
    };
    let least = || {
        let article = article?;
        Some(article.rule().least(article.factor(unit?)?))
    };
    match fault {
        Fault::NoCode => plain("problem-no-code"),
        Fault::Unknown => plain("problem-unknown-product"),
        Fault::Ambiguous => plain("problem-ambiguous"),
        Fault::Unit | Fault::Order(Problem::OtherUnit(_)) => problem::unit_words(&row.typed.unit),
        Fault::Quantity(QuantityFault::Empty) => LineProblem {
            nearest: least().into_iter().collect(),
            ..plain("problem-no-quantity")
        },
        Fault::Quantity(_) => LineProblem {
            nearest: least().into_iter().collect(),
            ..problem::quantity_words(&row.typed.quantity)
        },
        Fault::Order(problem) => problem::words(problem, article, unit.unwrap_or(Unit::Piece)),
    }
}

/// The units to choose from: the product's, or all where the product is not known yet.
fn units(article: Option<&Article>, unit: Option<Unit>, typed: &str) -> Vec<Choice> {
    let choice = |known: Unit, selected| Choice::new(known.code(), "", selected);
    if let Some(article) = article {
        let sold = |unit: &Unit| article.factor(*unit).is_some();
        let chosen = unit.filter(sold).unwrap_or(article.order_unit);
        return article
            .units
            .iter()
            .map(|own| choice(own.unit, own.unit == chosen))
            .collect();
    }
    let chosen: Option<Unit> = typed.parse().ok();
    let usual = Choice::new("", "", chosen.is_none());
    let all = Unit::ALL
        .into_iter()
        .map(|known| choice(known, Some(known) == chosen));
    std::iter::once(usual).chain(all).collect()
}

/// A product as the page names it.
#[derive(Debug, FromQueryResult)]
struct Named {
    id: ProductId,
    sku: String,
    name: String,
}

/// For each row whose product is not known, by its position: what may have been meant.
async fn matches(tx: &Tx, app: &Arc<App>, rows: &[&Resolved]) -> Result<HashMap<i32, Vec<Match>>> {
    let unclear: Vec<&&Resolved> = rows
        .iter()
        .filter(|row| matches!(row.fault, Some(Fault::Unknown | Fault::Ambiguous)))
        .collect();
    if unclear.is_empty() {
        return Ok(HashMap::new());
    }
    let index = app
        .search
        .get(app, tx, app.reference.get(tx).await?.version)
        .await?;
    let near: HashMap<i32, Vec<ProductId>> = unclear
        .into_iter()
        .map(|row| {
            (
                row.typed.position,
                products(&index.nearest(&row.typed.code, HITS)),
            )
        })
        .collect();
    let ids: Vec<ProductId> = near.values().flatten().copied().collect();
    let named = named(tx, ids).await?;
    let matches = near.into_iter().map(|(position, ids)| {
        let known = ids.iter().filter_map(|id| named.get(id)).take(MATCHES);
        (position, known.cloned().collect())
    });
    Ok(matches.collect())
}

/// Those of the products that the account sees and can order.
async fn named(tx: &Tx, mut ids: Vec<ProductId>) -> Result<HashMap<ProductId, Match>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = padded(&ids);
    let rows = tx
        .report::<product::Entity, Named>(|select| {
            select
                .filter(product::Column::Id.is_in(ids))
                .filter(product::Column::Status.ne(ProductStatus::Delisted))
                .select_only()
                .columns([
                    product::Column::Id,
                    product::Column::Sku,
                    product::Column::Name,
                ])
        })
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                row.id,
                Match {
                    sku: row.sku,
                    name: row.name,
                },
            )
        })
        .collect())
}

/// Products for what has been typed so far.
///
/// # Errors
/// Whatever the database says.
pub async fn complete(tx: &Tx, app: &Arc<App>, typed: &str) -> Result<Vec<Match>> {
    let index = app
        .search
        .get(app, tx, app.reference.get(tx).await?.version)
        .await?;
    let ids = products(&index.complete(typed, 5 * HITS));
    let named = named(tx, ids.clone()).await?;
    Ok(ids
        .iter()
        .filter_map(|id| named.get(id))
        .take(10)
        .cloned()
        .collect())
}

fn products(hits: &[Hit]) -> Vec<ProductId> {
    hits.iter().map(|hit| ProductId(hit.id)).collect()
}
