//! Near-misses of the line stage: the item of which the least is missing.

use super::super::exact::Exact;
use super::super::goods::{Good, Left};
use super::super::offer::item_gain;
use super::super::{CountIn, Gain, Mechanic, Missing, Part};
use super::{Asked, Near, View, is_worth_telling};
use crate::money::{MoneyError, UnitPrice};

pub(super) fn near(view: &View<'_, '_>, asked: &Asked<'_, '_>) -> Result<Option<Near>, MoneyError> {
    let mechanic = &asked.promotion.mechanic;
    let Some(terms) = Terms::of(mechanic, asked) else {
        return Ok(None);
    };
    let mut short: Vec<(i64, usize)> = asked
        .members
        .iter()
        .filter(|at| !asked.is_taken(Some(**at)))
        .filter_map(|at| Some((terms.lacks(view.goods.get(*at)?)?, *at)))
        .collect();
    short.sort_unstable();
    for (lacks, at) in short {
        let Some(good) = view.goods.get(at) else {
            continue;
        };
        // What repeats comes beside what was given before.
        let already = match &terms {
            Terms::Again { .. } => asked.spent(),
            Terms::Once { .. } => 0,
        };
        if view.stands(asked, already, |left| {
            terms.discount(mechanic, good, at, lacks, left)
        })? {
            return Ok(terms.gain(mechanic, good).map(|gain| Near {
                missing: Missing::OfItem {
                    product: good.item.product,
                    count: lacks,
                    count_in: terms.count_in(),
                },
                gain,
                lacks,
                of: terms.whole(),
            }));
        }
    }
    Ok(None)
}

/// What the item must reach.
enum Terms {
    /// A count, once.
    Once { from: i64, count_in: CountIn },
    /// A round of `buy + get`, of which `get` are cheaper, again and again.
    Again {
        cycle: i64,
        get: i64,
        count_in: CountIn,
    },
}

impl Terms {
    fn of(mechanic: &Mechanic, asked: &Asked<'_, '_>) -> Option<Terms> {
        match mechanic {
            Mechanic::Percent { from, count_in, .. }
            | Mechanic::Amount { from, count_in, .. }
            | Mechanic::FixedPrice { from, count_in, .. } => {
                asked.applied.is_none().then_some(Terms::Once {
                    from: (*from).max(1),
                    count_in: *count_in,
                })
            }
            Mechanic::BuyGet {
                buy,
                get,
                count_in,
                times,
                ..
            } => (*buy > 0 && *get > 0 && asked.once_more(*times)).then_some(Terms::Again {
                cycle: buy.saturating_add(*get),
                get: *get,
                count_in: *count_in,
            }),
            Mechanic::BuyGetOther { .. }
            | Mechanic::FreeGoods { .. }
            | Mechanic::Bundle { .. }
            | Mechanic::MixAndMatch { .. }
            | Mechanic::OrderValue { .. }
            | Mechanic::FreeFreight { .. } => None,
        }
    }

    fn count_in(&self) -> CountIn {
        match self {
            Terms::Once { count_in, .. } | Terms::Again { count_in, .. } => *count_in,
        }
    }

    fn whole(&self) -> i64 {
        match self {
            Terms::Once { from, .. } => *from,
            Terms::Again { cycle, .. } => *cycle,
        }
    }

    /// How many of the item are missing; none where it is reached, or too far.
    fn lacks(&self, good: &Good<'_>) -> Option<i64> {
        let count = good.count(self.count_in());
        match self {
            Terms::Once { from, .. } => (good.pieces > 0 && count < *from).then(|| from - count),
            Terms::Again { cycle, .. } => {
                let (has, before) = (count % cycle, count >= *cycle);
                // Loose pieces of a first pack are something too.
                let has_any = if before { has } else { good.pieces };
                is_worth_telling(has_any, *cycle, before).then(|| cycle - has)
            }
        }
    }

    /// What it would then be discounted (the next time, where it repeats), on these values.
    fn discount(
        &self,
        mechanic: &Mechanic,
        good: &Good<'_>,
        at: usize,
        lacks: i64,
        left: &Left,
    ) -> Result<Exact, MoneyError> {
        let each = good.each(self.count_in());
        let count = good.count(self.count_in()).saturating_add(lacks);
        let value = |count: i64| {
            let pieces = count.checked_mul(each).ok_or(MoneyError::TooLarge)?;
            Exact::whole(left.of(at).exact).portion(pieces, good.pieces)
        };
        let priced = |price: UnitPrice| i128::from(price.0.max(0)) * i128::from(count);
        match mechanic {
            Mechanic::Percent { off, .. } => {
                let pieces = good.pieces.saturating_add(lacks.saturating_mul(each));
                let value = Exact::whole(left.of(at).exact).portion(pieces, good.pieces)?;
                value.share(*off)
            }
            Mechanic::Amount { off, .. } => Ok(value(count)?.at_most(priced(*off))),
            Mechanic::FixedPrice { price, .. } => value(count)?.less(priced(*price)),
            Mechanic::BuyGet { get, off, .. } => value(*get)?.share(*off),
            Mechanic::BuyGetOther { .. }
            | Mechanic::FreeGoods { .. }
            | Mechanic::Bundle { .. }
            | Mechanic::MixAndMatch { .. }
            | Mechanic::OrderValue { .. }
            | Mechanic::FreeFreight { .. } => Ok(Exact::whole(0)),
        }
    }

    fn gain(&self, mechanic: &Mechanic, good: &Good<'_>) -> Option<Gain> {
        match (self, mechanic) {
            (Terms::Again { get, count_in, .. }, Mechanic::BuyGet { off, .. }) => {
                Some(Gain::Goods {
                    part: Part {
                        product: good.item.product,
                        pieces: get.saturating_mul(good.each(*count_in)),
                    },
                    off: *off,
                })
            }
            _ => item_gain(mechanic),
        }
    }
}
