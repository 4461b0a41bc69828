//! What an account could order and does not, what it orders more and less of, who orders like it,
//! and what it is late with: the preparation of a visit.

use std::collections::{HashMap, HashSet};

use recommender::answers::peers::{Gap, SimilarAccount};
use recommender::answers::trends::Trend;
use recommender::{Reason, Suggestion};
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId};
use trade::money::{Money, round_div};

use super::insight_view::{
    DueRow, GapGroup, GapRow, GapsPage, InsightView, SimilarRow, TrendRow, Trends,
};
use crate::app::App;
use crate::catalogue::reference::Reference;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::account;
use crate::error::Result;
use crate::pricing::{Customer, PriceBook};
use crate::suggestions;
use crate::web::shape::{Paging, Query};

/// Gaps on the profile; all of them have a page of their own.
const GAPS: usize = 10;
/// Gaps that are looked at at all.
const MOST_GAPS: usize = 500;
/// Gaps on a page of their own.
const PAGE: u64 = 50;
/// Items on each of the other lists.
const ITEMS: usize = 8;
/// Similar accounts that are asked for, and of them named.
const PEERS: usize = 30;
const NAMED: usize = 8;
/// Items are shown so many days before they are due.
const WITHIN_DAYS: u32 = 7;
/// Trends compare so many days with as many before.
const TREND_DAYS: u32 = 90;

/// What the model says of an account.
struct Said {
    gaps: Vec<Gap>,
    risen: Vec<Trend>,
    fallen: Vec<Trend>,
    similar: Vec<SimilarAccount>,
    due: Vec<Suggestion>,
}

/// The sections of an account's profile; the caller has found the account through its own reach.
///
/// # Errors
/// Whatever the database says.
pub async fn view(tx: &Tx, app: &App, found: &account::Model) -> Result<InsightView> {
    let asked = suggestions::ask(tx, app, found.id, MOST_GAPS, |model, ask| {
        let (risen, fallen) = model.trends(ask.account, ask.today, TREND_DAYS, ITEMS);
        Said {
            gaps: model.gaps(ask),
            risen,
            fallen,
            similar: model.similar_accounts(ask.account, PEERS),
            due: model.due(ask, WITHIN_DAYS),
        }
    });
    let Some(mut said) = asked.await? else {
        return Ok(InsightView::default());
    };
    let gap_count = i64::try_from(said.gaps.len())?;
    let due_count = i64::try_from(said.due.len())?;
    said.gaps.truncate(GAPS);
    said.due.truncate(ITEMS);
    let goods = Goods::load(tx, app, found, &said).await?;
    let peers = i64::try_from(said.similar.len())?;
    let mut similar = named(tx, &said.similar).await?;
    similar.truncate(NAMED);
    Ok(InsightView {
        is_ready: true,
        gap_count,
        gaps: groups(said.gaps.iter().filter_map(|gap| goods.gap(gap)).collect()),
        trends: Trends {
            days: TREND_DAYS.into(),
            rising: goods.trends(&said.risen),
            falling: goods.trends(&said.fallen),
        },
        others: peers - i64::try_from(similar.len())?,
        similar,
        due_count,
        due: said.due.iter().filter_map(|one| goods.due(one)).collect(),
    })
}

/// Every gap of the account with that number.
///
/// # Errors
/// `NotFound`.
pub async fn gaps(tx: &Tx, app: &App, number: &str, mut query: Query) -> Result<GapsPage> {
    let found = super::find(tx, number).await?;
    let asked = suggestions::ask(tx, app, found.id, MOST_GAPS, |model, ask| model.gaps(ask));
    let all = asked.await?.unwrap_or_default();
    let total = u64::try_from(all.len())?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let shown = all
        .into_iter()
        .skip(usize::try_from(offset)?)
        .take(usize::try_from(PAGE)?)
        .collect();
    let said = Said {
        gaps: shown,
        risen: Vec::new(),
        fallen: Vec::new(),
        similar: Vec::new(),
        due: Vec::new(),
    };
    let goods = Goods::load(tx, app, &found, &said).await?;
    Ok(GapsPage {
        number: found.number.clone(),
        name: found.name.clone(),
        rows: said.gaps.iter().filter_map(|gap| goods.gap(gap)).collect(),
        query,
        paging,
    })
}

/// By category, in the order in which the categories come up.
fn groups(rows: Vec<GapRow>) -> Vec<GapGroup> {
    let mut groups: Vec<GapGroup> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|one| one.category == row.category) {
            Some(group) => group.rows.push(row),
            None => groups.push(GapGroup {
                category: row.category.clone(),
                rows: vec![row],
            }),
        }
    }
    groups
}

/// Those of the accounts that the caller sees, the most similar first. The others are only
/// counted: whose customers order alike is no news of theirs.
async fn named(tx: &Tx, similar: &[SimilarAccount]) -> Result<Vec<SimilarRow>> {
    if similar.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<AccountId> = similar.iter().map(|one| one.account).collect();
    let ids = padded(&ids);
    let rows = tx
        .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(ids)))
        .await?;
    let mut rows: HashMap<AccountId, account::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    let rows = similar.iter().filter_map(|one| {
        let row = rows.remove(&one.account)?;
        Some(SimilarRow {
            number: row.number,
            name: row.name,
            city: row.city,
            shared: one.shared.into(),
            percent: whole(one.similarity * 100.0),
        })
    });
    Ok(rows.collect())
}

/// The products of the profile, with the account's prices for what it does not order.
struct Goods {
    articles: HashMap<ProductId, Article>,
    reference: std::sync::Arc<Reference>,
    book: PriceBook,
}

impl Goods {
    async fn load(tx: &Tx, app: &App, found: &account::Model, said: &Said) -> Result<Goods> {
        let gaps: Vec<ProductId> = said.gaps.iter().map(|gap| gap.product).collect();
        let trends = said.risen.iter().chain(&said.fallen);
        let ids: HashSet<ProductId> = gaps
            .iter()
            .copied()
            .chain(trends.map(|trend| trend.product))
            .chain(said.due.iter().map(|one| one.product))
            .collect();
        let ids: Vec<ProductId> = ids.into_iter().collect();
        let reference = app.reference.get(tx).await?;
        let customer = Customer {
            account: found.id,
            ship_to: None,
            currency: found.currency,
            date: app.today(),
        };
        Ok(Goods {
            articles: article::by_id(tx, &reference, &ids).await?,
            book: PriceBook::for_list(tx, customer, &gaps).await?,
            reference,
        })
    }

    fn gap(&self, gap: &Gap) -> Option<GapRow> {
        let article = self.articles.get(&gap.product)?;
        let category = self.reference.categories.get(&article.category);
        let pieces = whole(gap.pieces_in_28_days);
        Some(GapRow {
            sku: article.sku.clone(),
            name: article.name.clone(),
            category: category.map(|one| one.row.name.clone()).unwrap_or_default(),
            buyers: gap.buyers.into(),
            of: gap.of.into(),
            pieces,
            unit: article.base_unit,
            worth: self.worth(article, pieces),
        })
    }

    /// What so many pieces cost the account; none where they are on request.
    fn worth(&self, article: &Article, pieces: i64) -> Option<Money> {
        let factor = article.factor(article.order_unit)?;
        let least = article.rule().least(factor);
        let price = self.book.price(article, article.order_unit, least)?;
        let currency = self.book.customer().currency;
        let packs = price.line_total(pieces, currency).ok()?;
        let exact = round_div(i128::from(packs.minor), i128::from(factor.get()));
        let minor = i64::try_from(exact).ok()?;
        (minor > 0).then(|| Money::new(minor, currency))
    }

    fn trends(&self, trends: &[Trend]) -> Vec<TrendRow> {
        let most = trends.iter().map(|one| Ord::max(one.now, one.before)).max();
        let most = i128::from(most.unwrap_or(0).max(1));
        let bar = |pieces: u64| i64::try_from(i128::from(pieces) * 1_000 / most).unwrap_or(1_000);
        let row = |one: &Trend| {
            let article = self.articles.get(&one.product)?;
            Some(TrendRow {
                sku: article.sku.clone(),
                name: article.name.clone(),
                unit: article.base_unit,
                now: i64::try_from(one.now).ok()?,
                before: i64::try_from(one.before).ok()?,
                now_permille: bar(one.now),
                before_permille: bar(one.before),
            })
        };
        trends.iter().filter_map(row).collect()
    }

    fn due(&self, one: &Suggestion) -> Option<DueRow> {
        let article = self.articles.get(&one.product)?;
        let rhythm = one.reasons.iter().find_map(|reason| match reason {
            Reason::Rhythm {
                every_days,
                last_days_ago,
            } => Some((i64::from(*every_days), i64::from(*last_days_ago))),
            Reason::OftenOrdered { .. }
            | Reason::LastOrdered { .. }
            | Reason::LikeAccounts { .. }
            | Reason::GoesWith { .. }
            | Reason::Rising { .. }
            | Reason::Season { .. }
            | Reason::CategoryYouStock { .. }
            | Reason::BrandYouStock { .. }
            | Reason::OfYourKind { .. }
            | Reason::Popular { .. }
            | Reason::Replaces { .. }
            | Reason::VariantOf { .. }
            | Reason::JustAdded
            | Reason::InPromotion { .. } => None,
        });
        let (every, ago) = rhythm?;
        Some(DueRow {
            sku: article.sku.clone(),
            name: article.name.clone(),
            every_days: every,
            last_days_ago: ago,
            late_days: ago - every,
            pieces: one.pieces.into(),
            unit: article.base_unit,
        })
    }
}

/// The nearest whole number, from nothing to a million.
fn whole(number: f64) -> i64 {
    format!("{:.0}", number.clamp(0.0, 1e6))
        .parse()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_said_in_whole_numbers() {
        assert_eq!([0.0, 0.4, 0.6, 12.5, 99.9].map(whole), [0, 0, 1, 12, 100]);
        assert_eq!(
            [f64::NAN, f64::INFINITY, -3.0].map(whole),
            [0, 1_000_000, 0]
        );
    }

    #[test]
    fn gaps_stand_under_their_categories_the_best_first() {
        let row = |sku: &str, category: &str| GapRow {
            category: category.to_owned(),
            ..GapRow::sample(sku, "Anything")
        };
        let rows = vec![row("1", "Dry"), row("2", "Wet"), row("3", "Dry")];
        let groups = groups(rows);
        let skus: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| group.rows.iter().map(|row| row.sku.as_str()).collect())
            .collect();
        assert_eq!(skus, [vec!["1", "3"], vec!["2"]]);
    }
}
