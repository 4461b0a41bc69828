//! What would help a cart: what is missing for a promotion as lines that one button adds, and
//! how far it is from the minimum and from free freight.

use std::collections::HashMap;
use std::sync::Arc;

use trade::id::ProductId;
use trade::promotion::{CountIn, Missing, NearMiss, Part, Promotion};
use trade::quantity::{PackFactor, Unit};
use trade::usual::{Habit, is_unusual};

use super::view::{AddLine, NearView, Progress};
use crate::app::App;
use crate::catalogue::{Article, article};
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::{Quote, QuotedLine};
use crate::promotions::offers::{Offers, whole};
use crate::web::shape::Money;

/// Near promotions that the cart tells, the nearest first.
const NEAR: usize = 5;

type Articles = HashMap<ProductId, Arc<Article>>;

/// The promotions that are near, each with what its button adds.
///
/// # Errors
/// Whatever the database says.
pub async fn near(tx: &Tx, app: &App, quote: &Quote) -> Result<Vec<NearView>> {
    if quote.near.is_empty() {
        return Ok(Vec::new());
    }
    let reference = app.reference.get(tx).await?;
    let mut offers = Offers::load(tx, app, &reference, Arc::clone(&quote.book)).await?;
    offers.compare(quote);
    let mut articles: Articles = quote
        .lines
        .iter()
        .filter_map(|line| line.article.as_ref())
        .map(|article| (article.id, Arc::clone(article)))
        .collect();
    let mut others: Vec<ProductId> = quote.near.iter().flat_map(parts).collect();
    others.retain(|id| !articles.contains_key(id));
    if !others.is_empty() {
        let found = article::by_id(tx, &reference, &others).await?;
        articles.extend(found.into_iter().map(|(id, one)| (id, Arc::new(one))));
    }
    let told = quote.near.iter().filter_map(|near| {
        let promotion = quote.book.find(near.promotion)?;
        Some(NearView {
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            message: offers.near(near.promotion)?.clone(),
            adds: adds(near, promotion, quote, &articles).unwrap_or_default(),
        })
    });
    Ok(told.take(NEAR).collect())
}

fn parts(near: &NearMiss) -> Vec<ProductId> {
    match &near.missing {
        Missing::Parts { parts } => parts.iter().map(|part| part.product).collect(),
        Missing::OfItem { .. } | Missing::OfAssortment { .. } | Missing::Value { .. } => Vec::new(),
    }
}

/// The lines that reach it; none where one of them cannot be ordered.
fn adds(
    near: &NearMiss,
    promotion: &Promotion,
    quote: &Quote,
    articles: &Articles,
) -> Option<Vec<AddLine>> {
    match &near.missing {
        Missing::OfItem {
            product,
            count,
            count_in,
        } => {
            let line = quote
                .lines
                .iter()
                .find(|line| line.wanted.product == *product)?;
            Some(vec![more_of(line, *count, *count_in, quote)?])
        }
        Missing::OfAssortment { count, count_in } => {
            let line = largest(promotion, quote)?;
            Some(vec![more_of(line, *count, *count_in, quote)?])
        }
        Missing::Parts { parts } => parts
            .iter()
            .map(|part| whole_part(*part, articles.get(&part.product)?, quote))
            .collect(),
        Missing::Value { minor } => {
            let line = largest(promotion, quote)?;
            let (net, quantity) = (line.net?.minor, line.wanted.quantity);
            // More than doubling a line is nothing to do by one button: what counts is shown.
            let count = worth(*minor, net, quantity).filter(|count| *count <= quantity)?;
            let article = line.article.as_ref()?;
            Some(vec![add(article, line.wanted.unit, count, quote)?])
        }
    }
}

/// So many units that cost `net` for `quantity` are worth `minor` at least.
fn worth(minor: i64, net: i64, quantity: i64) -> Option<i64> {
    let wanted = i128::from(minor) * i128::from(quantity);
    let net = i128::from(net);
    (net > 0).then(|| i64::try_from((wanted + net - 1) / net).ok())?
}

/// The line of the assortment on which most is spent: more of it is the smallest surprise.
fn largest<'a>(promotion: &Promotion, quote: &'a Quote) -> Option<&'a QuotedLine> {
    let counted = quote.lines.iter().filter(|line| {
        line.problem.is_none()
            && line
                .article
                .as_ref()
                .is_some_and(|article| promotion.assortment.contains(&article.item))
    });
    counted.max_by_key(|line| line.net.map_or(0, |net| net.minor))
}

fn more_of(line: &QuotedLine, count: i64, count_in: CountIn, quote: &Quote) -> Option<AddLine> {
    let article = line.article.as_ref()?;
    match count_in {
        CountIn::Packs => add(article, article.order_unit, count, quote),
        CountIn::Pieces => {
            let unit = line.wanted.unit;
            let factor = article.factor(unit)?;
            add(article, unit, whole(count, factor.get()), quote)
        }
    }
}

fn whole_part(part: Part, article: &Article, quote: &Quote) -> Option<AddLine> {
    if !article.status.is_sold() {
        return None;
    }
    let unit = article.order_unit;
    let factor = article.factor(unit)?;
    if part.pieces % factor.get() == 0 {
        return add(article, unit, part.pieces / factor.get(), quote);
    }
    let pieces = add(article, article.base_unit, part.pieces, quote);
    pieces.or_else(|| add(article, unit, whole(part.pieces, factor.get()), quote))
}

/// So many more of a unit, or the next quantity above that the item's rule allows together with
/// what is in the cart of it.
fn add(article: &Article, unit: Unit, count: i64, quote: &Quote) -> Option<AddLine> {
    let factor = article.factor(unit)?;
    let present: i64 = quote
        .lines
        .iter()
        .filter(|line| (line.wanted.product, line.wanted.unit) == (article.id, unit))
        .map(|line| line.wanted.quantity)
        .sum();
    let quantity = article
        .rule()
        .at_least(present.saturating_add(count), factor)
        - present;
    (quantity > 0).then(|| AddLine {
        sku: article.sku.clone(),
        name: article.name.clone(),
        unit,
        quantity,
    })
}

/// How far the goods are from the minimum order value and from free freight.
#[must_use]
pub fn progress(quote: &Quote) -> Vec<Progress> {
    let towards = |kind: &str, goal: Money, missing: Money| Progress {
        kind: kind.to_owned(),
        goal,
        reached: quote.goods,
        missing,
        percent: percent(quote.goods.minor, goal.minor),
    };
    let minimum = quote
        .minimum
        .map(|minimum| towards("minimum", minimum.minimum, minimum.missing));
    let freight = &quote.freight;
    let zero = Money::zero(quote.goods.currency);
    // A promotion that takes it off has made it free already.
    let free_from = freight.free_from.filter(|_| freight.waived_by.is_none());
    let freight = free_from
        .filter(|goal| goal.minor > 0)
        .map(|goal| towards("freight", goal, freight.missing.unwrap_or(zero)));
    minimum.into_iter().chain(freight).collect()
}

fn percent(of: i64, goal: i64) -> i64 {
    let share = i128::from(of.max(0)) * 100 / i128::from(goal.max(1));
    i64::try_from(share.min(100)).unwrap_or(100)
}

fn usual_quantity(article: &Article, habit: Habit, factor: PackFactor) -> i64 {
    article
        .rule()
        .at_least(whole(habit.usual(), factor.get()), factor)
}

/// What is usually ordered, in the unit of a line that is far from it.
#[must_use]
pub fn usual_instead(line: &QuotedLine, habits: &HashMap<ProductId, Habit>) -> Option<i64> {
    let habit = habits.get(&line.wanted.product)?;
    let article = line.article.as_ref()?;
    let factor = article.factor(line.wanted.unit)?;
    let usual = usual_quantity(article, *habit, factor);
    (is_unusual(*habit, line.ordered.0) && usual < line.wanted.quantity).then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_value_is_counted_up_to_whole_units() {
        assert_eq!(worth(1_000, 2_400, 6), Some(3));
        assert_eq!(worth(1_200, 2_400, 6), Some(3));
        assert_eq!(worth(1_201, 2_400, 6), Some(4));
        assert_eq!(worth(1_000, 0, 6), None);
        assert_eq!(worth(i64::MAX, 1, i64::MAX), None);
    }

    #[test]
    fn a_bar_is_full_at_its_goal_and_never_beyond() {
        let at = |of| percent(of, 7_500);
        assert_eq!(
            [-1, 0, 74, 75, 7_499, 7_500, 90_000].map(at),
            [0, 0, 0, 1, 99, 100, 100]
        );
    }
}
