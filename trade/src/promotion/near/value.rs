//! Near-misses of the order and freight stages.

use super::super::offer::tier_gain;
use super::super::order::{reached, value};
use super::super::{Gain, Mechanic, Missing, Tier};
use super::several::tier_stands;
use super::{Asked, Near, View};
use crate::money::MoneyError;

pub(super) fn near(view: &View<'_, '_>, asked: &Asked<'_, '_>) -> Result<Option<Near>, MoneyError> {
    if asked.members.is_empty() || asked.is_taken(None) {
        return Ok(None);
    }
    match &asked.promotion.mechanic {
        Mechanic::OrderValue { tiers } => next_tier(view, asked, tiers),
        Mechanic::FreeFreight { from_minor } => {
            let minor = from_minor.saturating_sub(value(&view.books.left, asked.members)?);
            let is_near = view.books.free_freight.is_none() && minor > 0;
            Ok(is_near.then_some(Near {
                missing: Missing::Value { minor },
                gain: Gain::Freight,
                lacks: minor,
                of: *from_minor,
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

fn next_tier(
    view: &View<'_, '_>,
    asked: &Asked<'_, '_>,
    tiers: &[Tier],
) -> Result<Option<Near>, MoneyError> {
    let value = value(view.order, asked.members)?;
    let next = tiers
        .iter()
        .filter(|tier| tier.from > value)
        .min_by_key(|tier| tier.from);
    let Some(tier) = next else {
        return Ok(None);
    };
    let minor = tier.from - value;
    let more = i128::from(minor) * view.goods.scale;
    Ok(
        tier_stands(view, asked, (reached(tiers, value), tier), more)?.then_some(Near {
            missing: Missing::Value { minor },
            gain: tier_gain(tier),
            lacks: minor,
            of: tier.from,
        }),
    )
}
