//! The line stage: each item for itself.
//!
//! Values are the average of a product's lines: it is one item, so neither the order of lines nor
//! how they are split may decide which pieces are the free ones.

use super::benefit::Benefit;
use super::exact::Exact;
use super::goods::{Good, Goods, Left};
use super::{CountIn, Mechanic};
use crate::money::{BasisPoints, MoneyError, UnitPrice};

/// What a promotion of this stage gives on these products; none where no product reaches it.
pub(super) fn gain(
    mechanic: &Mechanic,
    goods: &Goods<'_>,
    left: &Left,
    members: &[usize],
) -> Result<Option<Benefit>, MoneyError> {
    if let Mechanic::BuyGet {
        buy,
        get,
        off,
        count_in,
        times,
    } = mechanic
    {
        let offer = BuyGet {
            buy: *buy,
            get: *get,
            off: *off,
            count_in: *count_in,
        };
        return offer.gain(goods, left, members, *times);
    }
    let mut off = Vec::new();
    for at in members {
        let (Some(good), value) = (goods.get(*at), left.of(*at)) else {
            continue;
        };
        if let Some(exact) = off_item(mechanic, good, Exact::whole(value.exact))? {
            off.push((*at, Ord::min(exact.to_minor(goods.scale)?, value.minor)));
        }
    }
    Ok((!off.is_empty()).then(|| Benefit::off_items(off, 1)))
}

/// The discount on one product; none where it does not reach the promotion.
fn off_item(
    mechanic: &Mechanic,
    good: &Good<'_>,
    value: Exact,
) -> Result<Option<Exact>, MoneyError> {
    match mechanic {
        Mechanic::Percent {
            off,
            from,
            count_in,
        } => match reached(good, *from, *count_in) {
            Some(_) => value.share(*off).map(Some),
            None => Ok(None),
        },
        Mechanic::Amount {
            off,
            from,
            count_in,
        } => match reached(good, *from, *count_in) {
            Some(count) => Ok(Some(
                counted(good, value, count, *count_in)?.at_most(price_of(*off, count)?),
            )),
            None => Ok(None),
        },
        Mechanic::FixedPrice {
            price,
            from,
            count_in,
        } => match reached(good, *from, *count_in) {
            Some(count) => counted(good, value, count, *count_in)?
                .less(price_of(*price, count)?)
                .map(Some),
            None => Ok(None),
        },
        Mechanic::BuyGet { .. }
        | Mechanic::BuyGetOther { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::Bundle { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Ok(None),
    }
}

/// How many are counted, where that is enough.
fn reached(good: &Good<'_>, from: i64, count_in: CountIn) -> Option<i64> {
    let count = good.count(count_in);
    (count >= from.max(1)).then_some(count)
}

/// The value of those that are counted: loose pieces beyond whole packs are not.
fn counted(
    good: &Good<'_>,
    value: Exact,
    count: i64,
    count_in: CountIn,
) -> Result<Exact, MoneyError> {
    let pieces = count.checked_mul(good.each(count_in));
    value.portion(pieces.ok_or(MoneyError::TooLarge)?, good.pieces)
}

fn price_of(each: UnitPrice, count: i64) -> Result<i128, MoneyError> {
    i128::from(each.0.max(0))
        .checked_mul(i128::from(count))
        .ok_or(MoneyError::TooLarge)
}

struct BuyGet {
    buy: i64,
    get: i64,
    off: BasisPoints,
    count_in: CountIn,
}

impl BuyGet {
    /// Where the times of an order are limited, items whose free ones are worth most come first.
    fn gain(
        &self,
        goods: &Goods<'_>,
        left: &Left,
        members: &[usize],
        times: Option<i64>,
    ) -> Result<Option<Benefit>, MoneyError> {
        let Some(cycle) = self
            .buy
            .checked_add(self.get)
            .filter(|_| self.buy > 0 && self.get > 0)
        else {
            return Ok(None);
        };
        let mut reached = Vec::new();
        for at in members {
            let Some(good) = goods.get(*at) else { continue };
            let most = good.count(self.count_in) / cycle;
            if most > 0 {
                let once = self.free(good, Exact::whole(left.of(*at).exact), 1)?;
                reached.push((once.floor(), *at, good, most));
            }
        }
        if times.is_some() {
            reached.sort_by_key(|(once, at, ..)| (-once, *at));
        }
        let mut remaining = times.unwrap_or(i64::MAX).max(0);
        let mut off = Vec::new();
        for (_, at, good, most) in reached {
            let times = Ord::min(most, remaining);
            if times == 0 {
                break;
            }
            remaining -= times;
            let value = left.of(at);
            let free = self.free(good, Exact::whole(value.exact), times)?;
            off.push((at, Ord::min(free.to_minor(goods.scale)?, value.minor)));
        }
        let times = times.unwrap_or(i64::MAX).max(0) - remaining;
        off.sort_unstable();
        Ok((!off.is_empty()).then(|| Benefit::off_items(off, times)))
    }

    /// What the cheaper ones are cheaper by, `times` over.
    fn free(&self, good: &Good<'_>, value: Exact, times: i64) -> Result<Exact, MoneyError> {
        let pieces = self
            .get
            .checked_mul(good.each(self.count_in))
            .and_then(|pieces| pieces.checked_mul(times))
            .ok_or(MoneyError::TooLarge)?;
        value.portion(pieces, good.pieces)?.share(self.off)
    }
}
