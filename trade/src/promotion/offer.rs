//! A promotion told beside one item, with nothing in the basket.

use super::assortment::merged;
use super::{CountIn, Cut, Gain, Mechanic, Missing, Part, Promotion, Tier};
use crate::money::BasisPoints;
use crate::price::Item;
use crate::quantity::PackFactor;

/// What it takes to reach a promotion, and what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What to order.
    pub missing: Missing,
    /// What it gives then.
    pub gain: Gain,
}

/// Whether the promotion is worth telling beside the item: the item counts for it, is a part of it,
/// or is made cheaper by it. Validity and limits are not asked.
#[must_use]
pub fn covers(promotion: &Promotion, item: &Item) -> bool {
    match &promotion.mechanic {
        Mechanic::Bundle { parts, .. } => parts.iter().any(|part| part.product == item.product),
        Mechanic::BuyGetOther { get, .. } => {
            get.product == item.product || promotion.assortment.contains(item)
        }
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => promotion.assortment.contains(item),
    }
}

/// The promotion as it is told beside the item; none where it does not cover it. Of tiers it is the
/// first. `pack` is the unit that packs of the item count.
#[must_use]
pub fn offer(promotion: &Promotion, item: &Item, pack: PackFactor) -> Option<Offer> {
    if !covers(promotion, item) {
        return None;
    }
    let of_item = |count: i64, count_in: CountIn| Missing::OfItem {
        product: item.product,
        count: count.max(1),
        count_in,
    };
    let (missing, gain) = match &promotion.mechanic {
        Mechanic::Percent { from, count_in, .. }
        | Mechanic::Amount { from, count_in, .. }
        | Mechanic::FixedPrice { from, count_in, .. } => {
            (of_item(*from, *count_in), item_gain(&promotion.mechanic)?)
        }
        Mechanic::BuyGet {
            buy,
            get,
            off,
            count_in,
            ..
        } => {
            let each = match count_in {
                CountIn::Pieces => PackFactor::ONE,
                CountIn::Packs => pack,
            };
            let part = Part {
                product: item.product,
                pieces: get.saturating_mul(each.get()),
            };
            let gain = Gain::Goods { part, off: *off };
            (of_item(buy.saturating_add(*get), *count_in), gain)
        }
        Mechanic::BuyGetOther {
            buy,
            count_in,
            get,
            off,
            ..
        } => (
            of_assortment(*buy, *count_in),
            Gain::Goods {
                part: *get,
                off: *off,
            },
        ),
        Mechanic::FreeGoods {
            buy,
            count_in,
            give,
            ..
        } => (of_assortment(*buy, *count_in), free(*give)),
        Mechanic::Bundle {
            parts, price_minor, ..
        } => (
            Missing::Parts {
                parts: merged(parts)
                    .into_iter()
                    .map(|(product, pieces)| Part { product, pieces })
                    .collect(),
            },
            Gain::BundlePrice {
                minor: *price_minor,
            },
        ),
        Mechanic::MixAndMatch { tiers, count_in } => {
            let first = first(tiers)?;
            (of_assortment(first.from, *count_in), tier_gain(first))
        }
        Mechanic::OrderValue { tiers } => {
            let first = first(tiers)?;
            (Missing::Value { minor: first.from }, tier_gain(first))
        }
        Mechanic::FreeFreight { from_minor } => {
            (Missing::Value { minor: *from_minor }, Gain::Freight)
        }
    };
    Some(Offer { missing, gain })
}

fn of_assortment(count: i64, count_in: CountIn) -> Missing {
    Missing::OfAssortment { count, count_in }
}

fn first(tiers: &[Tier]) -> Option<&Tier> {
    tiers.iter().min_by_key(|tier| tier.from)
}

/// Goods at no charge.
pub(super) fn free(part: Part) -> Gain {
    Gain::Goods {
        part,
        off: BasisPoints(10_000),
    }
}

/// What a tier gives.
pub(super) fn tier_gain(tier: &Tier) -> Gain {
    match tier.cut {
        Cut::Percent(off) => Gain::Percent { off },
        Cut::Amount(minor) => Gain::Amount { minor },
    }
}

/// What a promotion gives on each item that reaches it; none where it counts in another way.
pub(super) fn item_gain(mechanic: &Mechanic) -> Option<Gain> {
    match mechanic {
        Mechanic::Percent { off, .. } => Some(Gain::Percent { off: *off }),
        Mechanic::Amount { off, count_in, .. } => Some(Gain::Each {
            off: Some(*off),
            price: None,
            count_in: *count_in,
        }),
        Mechanic::FixedPrice {
            price, count_in, ..
        } => Some(Gain::Each {
            off: None,
            price: Some(*price),
            count_in: *count_in,
        }),
        Mechanic::BuyGet { .. }
        | Mechanic::BuyGetOther { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::Bundle { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => None,
    }
}
