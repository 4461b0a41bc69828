//! Near-misses of the assortment stage.

use std::collections::BTreeMap;

use super::super::assortment::{bundles, merged, worth_of};
use super::super::exact::Exact;
use super::super::goods::Left;
use super::super::offer::{free, tier_gain};
use super::super::order::reached;
use super::super::{CountIn, Cut, Gain, Mechanic, Missing, Part, Tier};
use super::{Asked, Near, View, is_worth_telling};
use crate::id::ProductId;
use crate::money::{BasisPoints, MoneyError};

pub(super) fn near(view: &View<'_, '_>, asked: &Asked<'_, '_>) -> Result<Option<Near>, MoneyError> {
    if asked.is_taken(None) {
        return Ok(None);
    }
    match &asked.promotion.mechanic {
        Mechanic::BuyGetOther {
            buy,
            count_in,
            get,
            off,
            times,
        } if asked.once_more(*times) => buy_get_other(view, asked, *buy, *count_in, (*get, *off)),
        Mechanic::FreeGoods {
            buy,
            count_in,
            give,
            times,
        } if asked.once_more(*times) => {
            let pieces = asked.times().saturating_add(1).saturating_mul(give.pieces);
            let worth = worth_of(view.goods, give.product, pieces, view.basket.worth)?;
            let carried = view.carries(asked, worth);
            Ok(round(view, asked, *buy, *count_in)
                .filter(|_| carried)
                .map(|(missing, lacks)| Near {
                    missing,
                    gain: free(*give),
                    lacks,
                    of: *buy,
                }))
        }
        Mechanic::Bundle {
            parts,
            price_minor,
            times,
        } if asked.once_more(*times) => bundle(view, asked, &merged(parts), *price_minor),
        Mechanic::MixAndMatch { tiers, count_in } => next_tier(view, asked, tiers, *count_in),
        Mechanic::BuyGetOther { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::Bundle { .. }
        | Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Ok(None),
    }
}

/// How many of the assortment complete the next round of `buy`; none where it is not worth telling.
fn round(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    buy: i64,
    count_in: CountIn,
) -> Option<(Missing, i64)> {
    if buy <= 0 {
        return None;
    }
    let count = view.goods.count(asked.members, count_in);
    let before = count >= buy;
    let has = match before {
        true => count % buy,
        false => view.goods.count(asked.members, CountIn::Pieces),
    };
    let lacks = buy - count % buy;
    is_worth_telling(has, buy, before).then_some((
        Missing::OfAssortment {
            count: lacks,
            count_in,
        },
        lacks,
    ))
}

/// What is missing is more of the assortment, or more of what it makes cheaper; where both are, one
/// alone would not do and nothing is told.
fn buy_get_other(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    buy: i64,
    count_in: CountIn,
    (get, off): (Part, BasisPoints),
) -> Result<Option<Near>, MoneyError> {
    if buy <= 0 || get.pieces <= 0 {
        return Ok(None);
    }
    let there = view.goods.pieces(get.product);
    let earned = view.goods.count(asked.members, count_in) / buy;
    let used = asked.times();
    let cheaper = used.saturating_mul(get.pieces);
    let (missing, lacks, of) = if earned > used {
        // Earned once more than there was something to make cheaper.
        let lacks = get.pieces - (there - cheaper).clamp(0, get.pieces - 1);
        let part = Part {
            product: get.product,
            pieces: lacks,
        };
        (Missing::Parts { parts: vec![part] }, lacks, get.pieces)
    } else if there > cheaper {
        let of_it = round(view, asked, buy, count_in);
        let from_it = || {
            // With none of the assortment yet, what would be cheaper is what is there.
            let count = view.goods.count(asked.members, CountIn::Pieces);
            let missing = Missing::OfAssortment {
                count: buy,
                count_in,
            };
            (count == 0).then_some((missing, buy))
        };
        match of_it.or_else(from_it) {
            Some((missing, lacks)) => (missing, lacks, buy),
            None => return Ok(None),
        }
    } else {
        return Ok(None);
    };
    // All of a round may be made cheaper then, or only what is there.
    let pieces = match earned > used {
        true => get.pieces,
        false => Ord::min(get.pieces, there - cheaper),
    };
    let value = |pieces: i64, left: &Left| {
        // What is added is at its full price, whatever was taken off what is there.
        let left = if earned > used { view.initial } else { left };
        let value = view.value_of(get.product, pieces, left)?;
        value.unwrap_or(Exact::whole(0)).share(off)
    };
    let stands = view.stands(asked, asked.spent(), |left| value(pieces, left))?
        && view.stands(asked, asked.spent(), |left| value(get.pieces, left))?;
    // Nobody knows what an item costs that is neither in the basket nor named with its worth.
    let unknown = view.value_of(get.product, 1, view.initial)?.is_none();
    let unlimited = asked.promotion.left.cap_minor.is_none() && asked.promotion.fund.is_none();
    Ok((stands || (unknown && unlimited)).then_some(Near {
        missing,
        gain: Gain::Goods { part: get, off },
        lacks,
        of,
    }))
}

fn bundle(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    parts: &BTreeMap<ProductId, i64>,
    price_minor: i64,
) -> Result<Option<Near>, MoneyError> {
    let complete = bundles(view.goods, parts);
    let (mut lacks, mut of, mut missing) = (0_i64, 0_i64, Vec::new());
    for (product, pieces) in parts {
        let there = view.goods.pieces(*product);
        let has = there.saturating_sub(complete.saturating_mul(*pieces));
        let more = (pieces - has).max(0);
        lacks = lacks.saturating_add(more);
        of = of.saturating_add(*pieces);
        if more > 0 {
            missing.push(Part {
                product: *product,
                pieces: more,
            });
        }
    }
    if lacks == 0 || !is_worth_telling(of - lacks, of, complete > 0) {
        return Ok(None);
    }
    let value = |left: &Left| -> Result<Option<Exact>, MoneyError> {
        let mut sum = Exact::whole(0);
        for (product, pieces) in parts {
            let Some(part) = view.value_of(*product, *pieces, left)? else {
                return Ok(None);
            };
            sum = sum.plus(part)?;
        }
        Ok(Some(sum))
    };
    let price = i128::from(price_minor.max(0)) * view.goods.scale;
    let stands = view.stands(asked, asked.spent(), |left| {
        value(left)?.unwrap_or(Exact::whole(0)).less(price)
    })?;
    let unknown = value(view.initial)?.is_none();
    let unlimited = asked.promotion.left.cap_minor.is_none() && asked.promotion.fund.is_none();
    Ok((stands || (unknown && unlimited)).then_some(Near {
        missing: Missing::Parts { parts: missing },
        gain: Gain::BundlePrice { minor: price_minor },
        lacks,
        of,
    }))
}

fn next_tier(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    tiers: &[Tier],
    count_in: CountIn,
) -> Result<Option<Near>, MoneyError> {
    let count = view.goods.count(asked.members, count_in);
    let pieces = view.goods.count(asked.members, CountIn::Pieces);
    let next = tiers
        .iter()
        .filter(|tier| tier.from > count)
        .min_by_key(|tier| tier.from);
    let Some(tier) = next.filter(|_| pieces > 0) else {
        return Ok(None);
    };
    let lacks = tier.from - count;
    // What is added is taken to be worth what the dearest of the assortment is, at most.
    let dearest = dearest(view, asked, lacks, count_in)?;
    Ok(
        tier_stands(view, asked, (reached(tiers, count), tier), dearest)?.then_some(Near {
            missing: Missing::OfAssortment {
                count: lacks,
                count_in,
            },
            gain: tier_gain(tier),
            lacks,
            of: tier.from,
        }),
    )
}

fn dearest(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    lacks: i64,
    count_in: CountIn,
) -> Result<i128, MoneyError> {
    let mut dearest = 0;
    for at in asked.members {
        let Some(good) = view.goods.get(*at) else {
            continue;
        };
        let pieces = good.each(count_in).saturating_mul(lacks);
        let value = Exact::whole(view.initial.of(*at).exact).portion(pieces, good.pieces)?;
        dearest = Ord::max(dearest, value.floor() + 1);
    }
    Ok(dearest)
}

/// Whether a tier that is not reached would give something, more than the one that is reached
/// `now`, and be carried, if `more` were added.
pub(super) fn tier_stands(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    (now, tier): (Option<&Tier>, &Tier),
    more: i128,
) -> Result<bool, MoneyError> {
    let scale = view.goods.scale;
    let value = |left: &Left| {
        let members = asked.members.iter();
        members.fold(0_i128, |sum, at| sum.saturating_add(left.of(*at).exact))
    };
    let cut = |value: i128| match tier.cut {
        Cut::Percent(off) => Exact::whole(value).share(off)?.to_minor(scale),
        Cut::Amount(minor) => {
            let amount = i128::from(minor.max(0)) * scale;
            Exact::whole(value).at_most(amount).to_minor(scale)
        }
    };
    let left = value(&view.books.left);
    let spent = i128::from(asked.spent()) * scale;
    let is_better = match (now.filter(|_| asked.applied.is_some()), tier.cut) {
        (None, _) => true,
        (
            Some(Tier {
                cut: Cut::Percent(now),
                ..
            }),
            Cut::Percent(next),
        ) => next > *now,
        (
            Some(Tier {
                cut: Cut::Amount(now),
                ..
            }),
            Cut::Amount(next),
        ) => next > *now,
        // An amount and a share compare by what is there, before it was taken off.
        (Some(_), _) => cut(left.saturating_add(spent))? > asked.spent(),
    };
    let most = cut(value(view.initial).saturating_add(more))?;
    Ok(is_better && cut(left)? > 0 && view.carries(asked, most))
}
