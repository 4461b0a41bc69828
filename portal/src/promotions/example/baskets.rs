//! Which quantities an example shows.

use trade::id::ProductId;
use trade::promotion::{CountIn, Mechanic, Part};
use trade::quantity::{PackFactor, Unit};

use super::Goods;
use crate::catalogue::Article;
use crate::promotions::plan::Plan;

/// A line of a sketched basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub product: ProductId,
    pub unit: Unit,
    pub quantity: i64,
}

/// A basket to be priced. `which` says what it shows: `below`, `at`, `next`.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    pub which: &'static str,
    pub lines: Vec<Wanted>,
}

/// A little less than is needed, just enough, and the next step.
pub(super) fn sketches(plan: &Plan, goods: &Goods) -> Vec<Sketch> {
    let at = |count: Option<i64>| count.and_then(|count| lines(plan, goods, count));
    let steps = steps(&plan.mechanic);
    let (first, next) = (at(steps.first().copied()), at(steps.get(1).copied()));
    let below = first.as_ref().and_then(|lines| less(goods, lines));
    [("below", below), ("at", first), ("next", next)]
        .into_iter()
        .filter_map(|(which, lines)| {
            Some(Sketch {
                which,
                lines: lines.filter(|lines| !lines.is_empty())?,
            })
        })
        .collect()
}

/// At which counts or values something new happens.
fn steps(mechanic: &Mechanic) -> Vec<i64> {
    match mechanic {
        Mechanic::Percent { from, .. }
        | Mechanic::Amount { from, .. }
        | Mechanic::FixedPrice { from, .. } => vec![*from],
        Mechanic::BuyGet {
            buy, get, times, ..
        } => twice(buy.saturating_add(*get), *times),
        Mechanic::BuyGetOther { buy, times, .. } | Mechanic::FreeGoods { buy, times, .. } => {
            twice(*buy, *times)
        }
        Mechanic::Bundle { times, .. } => twice(1, *times),
        Mechanic::MixAndMatch { tiers, .. } | Mechanic::OrderValue { tiers } => {
            tiers.iter().map(|tier| tier.from).collect()
        }
        Mechanic::FreeFreight { from_minor } => vec![*from_minor],
    }
}

fn twice(once: i64, times: Option<i64>) -> Vec<i64> {
    match times {
        Some(1) => vec![once],
        Some(_) | None => vec![once, once.saturating_mul(2)],
    }
}

/// A basket that has so many, or is worth so much.
fn lines(plan: &Plan, goods: &Goods, count: i64) -> Option<Vec<Wanted>> {
    match &plan.mechanic {
        Mechanic::Percent { count_in, .. }
        | Mechanic::Amount { count_in, .. }
        | Mechanic::FixedPrice { count_in, .. }
        | Mechanic::BuyGet { count_in, .. } => {
            Some(vec![of_item(goods.counted.first()?, *count_in, count)])
        }
        Mechanic::BuyGetOther {
            buy, count_in, get, ..
        } => {
            let other = |article: &&Article| article.id != get.product;
            let counted = goods.counted.iter().find(other)?;
            let times = count / Ord::max(*buy, 1);
            Some(vec![
                of_part(goods, get, times)?,
                of_item(counted, *count_in, count),
            ])
        }
        Mechanic::FreeGoods { count_in, .. } => {
            Some(vec![of_item(goods.counted.first()?, *count_in, count)])
        }
        Mechanic::Bundle { parts, .. } => parts
            .iter()
            .map(|part| of_part(goods, part, count))
            .collect(),
        Mechanic::MixAndMatch { count_in, .. } => mixed(goods, *count_in, count),
        Mechanic::OrderValue { .. } | Mechanic::FreeFreight { .. } => worth(goods, count),
    }
}

fn of_item(article: &Article, count_in: CountIn, count: i64) -> Wanted {
    let unit = match count_in {
        CountIn::Pieces => article.base_unit,
        CountIn::Packs => article.order_unit,
    };
    Wanted {
        product: article.id,
        unit,
        quantity: allowed(article, unit, count),
    }
}

fn of_part(goods: &Goods, part: &Part, times: i64) -> Option<Wanted> {
    let article = goods.article(part.product)?;
    let factor = article.factor(article.order_unit)?.get();
    let pieces = part.pieces.saturating_mul(times);
    let (unit, quantity) = if pieces % factor == 0 {
        (article.order_unit, pieces / factor)
    } else {
        (article.base_unit, pieces)
    };
    Some(Wanted {
        product: part.product,
        unit,
        quantity: allowed(article, unit, quantity),
    })
}

/// Two items of the assortment, half of each.
fn mixed(goods: &Goods, count_in: CountIn, count: i64) -> Option<Vec<Wanted>> {
    let first = goods.counted.first()?;
    let Some(second) = goods.counted.get(1) else {
        return Some(vec![of_item(first, count_in, count)]);
    };
    let half = of_item(first, count_in, count - count / 2);
    let rest = count - half.quantity;
    if rest <= 0 {
        return Some(vec![half]);
    }
    Some(vec![half, of_item(second, count_in, rest)])
}

/// As many of one item as are worth so much. The more are bought, the less one may cost.
fn worth(goods: &Goods, minor: i64) -> Option<Vec<Wanted>> {
    let article = goods.counted.first()?;
    let unit = article.order_unit;
    let mut quantity = allowed(article, unit, 1);
    for _ in 0..8 {
        let price = goods.price(article, unit, quantity)?;
        let one = price.line_total(1, goods.currency).ok()?.minor;
        let total = price.line_total(quantity, goods.currency).ok()?.minor;
        if total >= minor || one <= 0 {
            break;
        }
        let needed = minor.saturating_add(one - 1) / one;
        quantity = allowed(article, unit, Ord::max(needed, quantity + 1));
    }
    Some(vec![Wanted {
        product: article.id,
        unit,
        quantity,
    }])
}

/// One step less of the last item; nothing where that leaves an empty basket.
fn less(goods: &Goods, lines: &[Wanted]) -> Option<Vec<Wanted>> {
    let mut lines = lines.to_vec();
    let last = lines.pop()?;
    let article = goods.article(last.product)?;
    let factor = article.factor(last.unit)?;
    let quantity = last.quantity - article.rule().step_in(factor);
    if quantity >= article.rule().least(factor) {
        lines.push(Wanted { quantity, ..last });
    }
    (!lines.is_empty()).then_some(lines)
}

/// The least quantity that can be ordered and is at least `count`.
fn allowed(article: &Article, unit: Unit, count: i64) -> i64 {
    let factor = article.factor(unit).unwrap_or(PackFactor::ONE);
    let rule = article.rule();
    let (least, step) = (rule.least(factor), Ord::max(rule.step_in(factor), 1));
    let up = count.saturating_add(step - 1) / step * step;
    Ord::max(least, up)
}
