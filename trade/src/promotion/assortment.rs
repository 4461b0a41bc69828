//! The assortment stage: several items at once.

use std::collections::BTreeMap;

use super::benefit::{Benefit, Gives};
use super::exact::Exact;
use super::goods::{Goods, Left};
use super::order::{reached, tier_gain};
use super::{CountIn, Mechanic, Part};
use crate::id::ProductId;
use crate::money::{BasisPoints, MoneyError, UnitPrice};

/// What a promotion of this stage gives; none where it is not reached. `members` is its assortment.
pub(super) fn gain(
    mechanic: &Mechanic,
    goods: &Goods<'_>,
    left: &Left,
    members: &[usize],
    worth: &[(ProductId, UnitPrice)],
) -> Result<Option<Benefit>, MoneyError> {
    match mechanic {
        Mechanic::BuyGetOther {
            buy,
            count_in,
            get,
            off,
            times,
        } => {
            let times = multiples(goods, members, *buy, *count_in, *times);
            buy_get_other(goods, left, times, *get, *off)
        }
        Mechanic::FreeGoods {
            buy,
            count_in,
            give,
            times,
        } => {
            let times = multiples(goods, members, *buy, *count_in, *times);
            free_goods(goods, times, *give, worth)
        }
        Mechanic::Bundle {
            parts,
            price_minor,
            times,
        } => bundle(goods, left, parts, *price_minor, *times),
        Mechanic::MixAndMatch { tiers, count_in } => {
            let count = goods.count(members, *count_in);
            match reached(tiers, count) {
                Some(tier) => tier_gain(goods, left, members, tier).map(Some),
                None => Ok(None),
            }
        }
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Ok(None),
    }
}

/// How often `buy` is in the assortment.
fn multiples(
    goods: &Goods<'_>,
    members: &[usize],
    buy: i64,
    count_in: CountIn,
    times: Option<i64>,
) -> i64 {
    if buy <= 0 {
        return 0;
    }
    let most = goods.count(members, count_in) / buy;
    Ord::min(most, times.unwrap_or(i64::MAX)).max(0)
}

fn buy_get_other(
    goods: &Goods<'_>,
    left: &Left,
    times: i64,
    get: Part,
    off: BasisPoints,
) -> Result<Option<Benefit>, MoneyError> {
    let Some((at, good)) = goods
        .find(get.product)
        .and_then(|at| Some((at, goods.get(at)?)))
    else {
        return Ok(None);
    };
    // The last time may find fewer pieces than it would make cheaper.
    let cheaper = Ord::min(times.saturating_mul(get.pieces), good.pieces);
    if cheaper <= 0 {
        return Ok(None);
    }
    let used = cheaper / get.pieces + i64::from(cheaper % get.pieces > 0);
    let discount = Exact::whole(left.of(at).exact)
        .portion(cheaper, good.pieces)?
        .share(off)?;
    Benefit::off_together(goods, left, discount, &[(at, 1)], used).map(Some)
}

fn free_goods(
    goods: &Goods<'_>,
    times: i64,
    give: Part,
    worth: &[(ProductId, UnitPrice)],
) -> Result<Option<Benefit>, MoneyError> {
    if times <= 0 || give.pieces <= 0 {
        return Ok(None);
    }
    let pieces = times.checked_mul(give.pieces).ok_or(MoneyError::TooLarge)?;
    Ok(Some(Benefit {
        off: Vec::new(),
        spend: worth_of(goods, give.product, pieces, worth)?,
        times,
        gives: Gives::Goods(Part {
            product: give.product,
            pieces,
        }),
    }))
}

/// What so many base units of an item are worth to the account, in minor units.
pub(super) fn worth_of(
    goods: &Goods<'_>,
    product: ProductId,
    pieces: i64,
    worth: &[(ProductId, UnitPrice)],
) -> Result<i64, MoneyError> {
    let named = worth.iter().find(|(named, _)| *named == product);
    let each = named.map_or(UnitPrice(0), |(_, each)| UnitPrice(each.0.max(0)));
    Ok(each.line_total(pieces, goods.currency)?.minor)
}

/// A bundle's parts with each item named once.
pub(super) fn merged(parts: &[Part]) -> BTreeMap<ProductId, i64> {
    let mut merged = BTreeMap::new();
    for part in parts.iter().filter(|part| part.pieces > 0) {
        let pieces: &mut i64 = merged.entry(part.product).or_default();
        *pieces = pieces.saturating_add(part.pieces);
    }
    merged
}

/// How often all parts are in the basket.
pub(super) fn bundles(goods: &Goods<'_>, parts: &BTreeMap<ProductId, i64>) -> i64 {
    parts
        .iter()
        .map(|(product, pieces)| goods.pieces(*product) / pieces)
        .min()
        .unwrap_or(0)
}

fn bundle(
    goods: &Goods<'_>,
    left: &Left,
    parts: &[Part],
    price_minor: i64,
    times: Option<i64>,
) -> Result<Option<Benefit>, MoneyError> {
    let parts = merged(parts);
    let times = Ord::min(bundles(goods, &parts), times.unwrap_or(i64::MAX));
    if times <= 0 {
        return Ok(None);
    }
    let mut value = Exact::whole(0);
    let mut concerned = Vec::new();
    for (product, pieces) in &parts {
        let Some((at, good)) = goods
            .find(*product)
            .and_then(|at| Some((at, goods.get(at)?)))
        else {
            continue;
        };
        let pieces = pieces.checked_mul(times).ok_or(MoneyError::TooLarge)?;
        let part = Exact::whole(left.of(at).exact).portion(pieces, good.pieces)?;
        concerned.push((at, part.floor()));
        value = value.plus(part)?;
    }
    let price = i128::from(price_minor.max(0))
        .checked_mul(i128::from(times))
        .and_then(|minor| minor.checked_mul(goods.scale))
        .ok_or(MoneyError::TooLarge)?;
    Benefit::off_together(goods, left, value.less(price)?, &concerned, times).map(Some)
}
