//! One product, with everything there is to know before ordering it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, ProductId};
use trade::money::Currency;
use trade::quantity::PackFactor;

use super::beside::Beside;
use super::list::in_order;
use super::reference::Reference;
use super::rows::{Shopper, bare, least, rows};
use super::view::{Crumb, History, HistoryBar, ProductPage, ProductRow};
use super::{Article, article};
use crate::app::App;
use crate::auth::SignedIn;
use crate::db::Tx;
use crate::db::entity::{product, product_substitute};
use crate::error::{Error, Result};
use crate::pricing::PriceBook;
use crate::pricing::view::WhyPrice;
use crate::stock::outlook::Outlook;
use crate::stock::view::{PartView, SplitView};

/// Months of the history chart, the current one included.
const MONTHS: i32 = 24;
/// Months it shows however late the first order was: a single bar says nothing.
const FEWEST: usize = 12;
/// More than is ever on its way.
const EVERYTHING: i64 = 1_000_000_000_000;
/// Substitutes that are offered.
const SUBSTITUTES: u64 = 12;

/// The product with that article number.
///
/// # Errors
/// `NotFound` where there is none, or it is hidden from the caller.
pub async fn show(tx: &Tx, app: &App, who: &SignedIn, sku: &str) -> Result<ProductPage> {
    let reference = app.reference.get(tx).await?;
    let found = article::articles(tx, &reference, |all| {
        all.filter(product::Column::Sku.eq(sku))
    });
    let article = found.await?.into_iter().next().ok_or(Error::NotFound)?;
    let substitutes = substitutes(tx, &reference, article.id).await?;
    let articles: Vec<&Article> = std::iter::once(&article).chain(&substitutes).collect();
    let account = who.session.account.as_ref();
    let mut told = Vec::new();
    let mut beside = Beside::default();
    let (shown, why, history, may_order) = match account {
        Some(account) => {
            let mut shopper = Shopper::load(tx, account, app.today()).await?;
            let shelf = app.shelf.get(tx, &reference).await?;
            shopper.know_due(tx, app, &shelf).await?;
            let ids: Vec<ProductId> = articles.iter().map(|article| article.id).collect();
            let book = PriceBook::load(tx, shopper.customer, &ids).await?;
            let trace = book.trace(&article, article.order_unit, least(&article));
            let why = trace.map(|trace| WhyPrice::from_trace(&trace, who.is_staff()));
            let history = history(tx, account.id, &article, app.today()).await?;
            let mut offers = shopper.offers(tx, app, &reference).await?;
            let shown = rows(tx, app, &shopper, &book, &articles, &mut offers).await?;
            told = offers.on_page(&article, &book)?;
            if let Some(row) = shown.first() {
                let named: Vec<ProductId> = substitutes.iter().map(|other| other.id).collect();
                beside = Beside::load(tx, app, &shopper, &article, row, &named).await?;
            }
            (shown, why, history, shopper.may_order)
        }
        None => (unpriced(&articles, app.brand.currency), None, None, false),
    };
    let coming = coming(tx, app.today(), &article).await?;
    let mut shown = shown.into_iter();
    let row = shown.next().ok_or(Error::NotFound)?;
    let elsewhere = |row: &ProductRow| beside.instead.iter().any(|pick| pick.sku == row.sku);
    let substitutes = shown.filter(|row| !elsewhere(row)).collect();
    Ok(ProductPage {
        row,
        description: description(tx, article.id).await?,
        categories: crumbs(&reference, &article),
        facts: Vec::new(),
        why,
        offers: told,
        history,
        substitutes,
        habit: beside.habit,
        together: beside.together,
        instead: beside.instead,
        coming,
        can_order: may_order && article.status.is_sold(),
        is_staff: who.is_staff(),
    })
}

/// What is on its way and owed to nobody yet.
async fn coming(tx: &Tx, today: Date, article: &Article) -> Result<Vec<PartView>> {
    let factor = article.factor(article.order_unit);
    let Some((factor, available)) = factor.zip(article.available) else {
        return Ok(Vec::new());
    };
    let mut outlook = Outlook::load(tx, today, &[article.id]).await?;
    // Asked for everything, it says what there is of it and when.
    let everything = Ord::max(available, 0).saturating_add(EVERYTHING);
    let promise = outlook.promise(article.id, everything);
    let split = promise.map(|promise| SplitView::from(&promise.in_units(factor)));
    Ok(split.map(|split| split.later).unwrap_or_default())
}

fn unpriced(articles: &[&Article], currency: Currency) -> Vec<ProductRow> {
    articles
        .iter()
        .map(|article| bare(article, currency))
        .collect()
}

#[derive(Debug, FromQueryResult)]
struct Description {
    description: String,
}

async fn description(tx: &Tx, id: ProductId) -> Result<String> {
    let found: Vec<Description> = tx
        .report::<product::Entity, Description>(|all| {
            all.select_only()
                .column(product::Column::Description)
                .filter(product::Column::Id.eq(id))
        })
        .await?;
    Ok(found
        .into_iter()
        .next()
        .map(|row| row.description)
        .unwrap_or_default())
}

/// What replaces it, of what is sold.
async fn substitutes(tx: &Tx, reference: &Reference, id: ProductId) -> Result<Vec<Article>> {
    let named = tx
        .all::<product_substitute::Entity>(|all| {
            all.filter(product_substitute::Column::ProductId.eq(id))
                .order_by_asc(product_substitute::Column::Position)
                .order_by_asc(product_substitute::Column::SubstituteId)
                .limit(SUBSTITUTES)
        })
        .await?;
    let ids: Vec<ProductId> = named.iter().map(|row| row.substitute_id).collect();
    let mut articles = in_order(tx, reference, &ids).await?;
    articles.retain(|article| article.status.is_sold());
    Ok(articles)
}

/// From the top of the tree down.
fn crumbs(reference: &Reference, article: &Article) -> Vec<Crumb> {
    let line = reference.line(article.category).iter().rev();
    line.filter_map(|id| {
        let row = &reference.categories.get(id)?.row;
        Some(Crumb {
            value: row.path.clone(),
            label: row.name.clone(),
        })
    })
    .collect()
}

// What was cancelled was not bought; what was sent back later was.
const HISTORY: &str = "SELECT substr(o.placed_on, 1, 7), \
    CAST(SUM(l.ordered - l.cancelled) AS bigint) \
    FROM order_lines l JOIN orders o ON o.account_id = l.account_id AND o.id = l.order_id \
    WHERE l.account_id = $1 AND l.product_id = $2 AND o.placed_on >= $3 \
    AND o.state NOT IN ('cancelled', 'rejected', 'expired') \
    GROUP BY substr(o.placed_on, 1, 7)";

/// What the account ordered of it, by month.
async fn history(
    tx: &Tx,
    account: AccountId,
    article: &Article,
    today: Date,
) -> Result<Option<History>> {
    let first = today.first_of_month().checked_sub((MONTHS - 1).months())?;
    let values = [account.into(), article.id.into(), first.to_string().into()];
    let mut ordered: Vec<(String, i64)> = Vec::new();
    for row in tx.rows(HISTORY, values).await? {
        ordered.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    Ok(chart(article, &ordered, first, today))
}

/// The chart, from the first month in which something was ordered to the current one, a year at
/// the least; in order units where every month is whole ones, else in base units.
fn chart(
    article: &Article,
    ordered: &[(String, i64)],
    first: Date,
    today: Date,
) -> Option<History> {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE)
        .get();
    let whole = ordered.iter().all(|(_, pieces)| pieces % factor == 0);
    let (unit, factor) = if whole {
        (article.order_unit, factor)
    } else {
        (article.base_unit, 1)
    };
    let months = first.series(1.month()).take_while(|month| *month <= today);
    let bars = months.map(|month| {
        let day = month.to_string();
        let of_month = ordered
            .iter()
            .find(|(known, _)| day.starts_with(known.as_str()));
        let quantity = of_month.map_or(0, |(_, pieces)| pieces / factor);
        HistoryBar {
            month: day,
            quantity,
        }
    });
    let bars: Vec<HistoryBar> = bars.collect();
    let began = bars.iter().position(|bar| bar.quantity > 0)?;
    let empty = began.min(bars.len().saturating_sub(FEWEST));
    Some(History::new(unit, bars.into_iter().skip(empty).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::article;
    use super::*;
    use jiff::civil::date;
    use trade::quantity::Unit;

    fn months(ordered: &[(&str, i64)]) -> Option<(Unit, Vec<(String, i64)>)> {
        let ordered: Vec<_> = ordered.iter().map(|(m, q)| ((*m).to_owned(), *q)).collect();
        let history = chart(&article(), &ordered, date(2024, 4, 1), date(2026, 3, 12))?;
        Some((
            history.unit,
            history
                .bars
                .into_iter()
                .map(|b| (b.month, b.quantity))
                .collect(),
        ))
    }

    #[test]
    fn months_without_an_order_stand_between_those_with_one() {
        let (unit, bars) = months(&[("2026-03", 24), ("2026-01", 48)]).expect("a chart");
        assert_eq!(unit, Unit::Case);
        let expected = [("2026-01-01", 4), ("2026-02-01", 0), ("2026-03-01", 2)];
        assert_eq!(bars.len(), 12);
        assert_eq!(
            bars[9..],
            expected.map(|(month, quantity)| (month.to_owned(), quantity))
        );
    }

    #[test]
    fn an_odd_number_of_pieces_makes_a_chart_of_pieces() {
        let (unit, bars) = months(&[("2026-03", 24), ("2026-02", 5)]).expect("a chart");
        assert_eq!(unit, Unit::Piece);
        assert_eq!(bars[10].1, 5);
        assert_eq!(bars[11].1, 24);
    }

    #[test]
    fn a_product_never_ordered_has_no_chart() {
        assert_eq!(months(&[]), None);
    }
}
