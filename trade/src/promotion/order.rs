//! The order and freight stages, and the tiers they share with mix-and-match.

use super::benefit::{Benefit, Gives};
use super::exact::Exact;
use super::goods::{Goods, Left};
use super::{Cut, Mechanic, Tier};
use crate::money::MoneyError;

/// What a promotion of these stages gives; none where it is not reached. Whether it is, is asked of
/// what was left at the stage's `start`; what it takes off, of what is `left` now.
pub(super) fn gain(
    mechanic: &Mechanic,
    goods: &Goods<'_>,
    start: &Left,
    left: &Left,
    members: &[usize],
) -> Result<Option<Benefit>, MoneyError> {
    let value = value(start, members)?;
    match mechanic {
        Mechanic::OrderValue { tiers } => match reached(tiers, value) {
            Some(tier) => tier_gain(goods, left, members, tier).map(Some),
            None => Ok(None),
        },
        Mechanic::FreeFreight { from_minor } => {
            let is_reached = !members.is_empty() && value >= *from_minor;
            Ok(is_reached.then(|| Benefit {
                off: Vec::new(),
                spend: 0,
                times: 1,
                gives: Gives::Freight,
            }))
        }
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::BuyGetOther { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::Bundle { .. }
        | Mechanic::MixAndMatch { .. } => Ok(None),
    }
}

/// What is left of these products in minor units: the figure a buyer sees.
pub(super) fn value(left: &Left, members: &[usize]) -> Result<i64, MoneyError> {
    members
        .iter()
        .try_fold(0_i64, |sum, good| sum.checked_add(left.of(*good).minor))
        .ok_or(MoneyError::TooLarge)
}

/// The highest tier that is reached. Nothing reaches none, whatever it says.
pub(super) fn reached(tiers: &[Tier], by: i64) -> Option<&Tier> {
    tiers
        .iter()
        .filter(|tier| by > 0 && tier.from <= by)
        .max_by_key(|tier| tier.from)
}

/// A tier's cut off all of these products.
pub(super) fn tier_gain(
    goods: &Goods<'_>,
    left: &Left,
    members: &[usize],
    tier: &Tier,
) -> Result<Benefit, MoneyError> {
    let concerned: Vec<(usize, i128)> = members
        .iter()
        .map(|good| (*good, left.of(*good).exact))
        .collect();
    let value = concerned
        .iter()
        .try_fold(0_i128, |sum, (_, exact)| sum.checked_add(*exact))
        .ok_or(MoneyError::TooLarge)?;
    let discount = match tier.cut {
        Cut::Percent(off) => Exact::whole(value).share(off)?,
        Cut::Amount(minor) => {
            let amount = i128::from(minor.max(0)) * goods.scale;
            Exact::whole(value).at_most(amount)
        }
    };
    Benefit::off_together(goods, left, discount, &concerned, 1)
}
