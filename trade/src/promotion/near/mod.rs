//! Near-misses: what a little more of what is in the basket would give.
//!
//! A near-miss promises something, so it is told only where it would come true: the promotion is
//! open, its limits carry what it would cost then, something is left to take it off, and no other of
//! its class has been applied in its place. What it would cost is reckoned on the values before
//! promotions, which is the most, and whether anything is left on those after all of them, which is
//! the least.

mod item;
mod several;
mod value;

use std::collections::{HashMap, HashSet};

use super::books::Books;
use super::exact::Exact;
use super::goods::{Goods, Left};
use super::stage::Candidate;
use super::{Applied, Basket, Gain, Mechanic, Missing, NearMiss, Passed, Promotion, Stage};
use crate::id::{ProductId, PromotionId};
use crate::money::{MoneyError, UnitPrice};

/// The most that are told.
const MOST: usize = 20;

/// A basket after all promotions, and where it stood on the way.
pub(super) struct View<'v, 'a> {
    pub basket: &'v Basket<'a>,
    pub goods: &'v Goods<'a>,
    /// Values before promotions.
    pub initial: &'v Left,
    /// Values at the start of the order stage.
    pub order: &'v Left,
    /// What all promotions left.
    pub books: &'v Books,
}

/// What is missing, and how far that is of the whole way.
struct Near {
    missing: Missing,
    gain: Gain,
    lacks: i64,
    of: i64,
}

/// A promotion that may be near: it was applied, or not reached.
struct Asked<'n, 'a> {
    promotion: &'n Promotion,
    members: &'n [usize],
    applied: Option<&'n Applied>,
    taken: &'n Taken<'a>,
}

/// Where a promotion of a class has been applied: over the basket, or on a product.
type Taken<'a> = HashMap<(Stage, &'a str, Option<usize>), HashSet<PromotionId>>;

impl Asked<'_, '_> {
    fn times(&self) -> i64 {
        self.applied.map_or(0, |applied| applied.times)
    }

    fn spent(&self) -> i64 {
        self.applied.map_or(0, |applied| applied.spend.minor)
    }

    /// Whether a limited mechanic may be reached once more.
    fn once_more(&self, limit: Option<i64>) -> bool {
        limit.is_none_or(|limit| self.times() < limit)
    }

    /// Whether another of its class has been applied there.
    fn is_taken(&self, place: Option<usize>) -> bool {
        let Some(class) = self.promotion.class.as_deref() else {
            return false;
        };
        let place = (self.promotion.mechanic.stage(), class, place);
        let takers = self.taken.get(&place);
        takers.is_some_and(|takers| takers.iter().any(|taker| *taker != self.promotion.id))
    }
}

impl View<'_, '_> {
    /// The near-misses of these promotions, the nearest first.
    pub fn near(&self, candidates: &[Candidate<'_>]) -> Vec<NearMiss> {
        let passed: HashMap<PromotionId, Passed> = self.books.passed.iter().copied().collect();
        let applied: HashMap<PromotionId, &Applied> = self
            .books
            .applied
            .iter()
            .map(|a| (a.promotion, a))
            .collect();
        let taken = self.taken(candidates, &applied);
        let mut near = Vec::new();
        for candidate in candidates {
            let promotion = candidate.promotion;
            match passed.get(&promotion.id) {
                None | Some(Passed::NotReached) => {}
                Some(
                    Passed::BetterInClass
                    | Passed::AccountLimit
                    | Passed::TotalLimit
                    | Passed::CapReached
                    | Passed::FundSpent
                    | Passed::OtherCurrency
                    | Passed::OutsideValidity
                    | Passed::NothingLeft,
                ) => continue,
            }
            let asked = Asked {
                promotion,
                members: &candidate.members,
                applied: applied.get(&promotion.id).copied(),
                taken: &taken,
            };
            // What cannot be reckoned is not promised.
            if let Ok(Some(found)) = self.nearest(&asked) {
                near.push((found, promotion));
            }
        }
        near.sort_by_key(|(near, promotion)| {
            let way = i128::from(near.lacks) * 1_000_000_000 / i128::from(near.of.max(1));
            (way, promotion.priority, promotion.id)
        });
        let told = near.into_iter().take(MOST);
        told.map(|(near, promotion)| NearMiss {
            promotion: promotion.id,
            missing: near.missing,
            gain: near.gain,
        })
        .collect()
    }

    fn nearest(&self, asked: &Asked<'_, '_>) -> Result<Option<Near>, MoneyError> {
        match &asked.promotion.mechanic {
            Mechanic::Percent { .. }
            | Mechanic::Amount { .. }
            | Mechanic::FixedPrice { .. }
            | Mechanic::BuyGet { .. } => item::near(self, asked),
            Mechanic::BuyGetOther { .. }
            | Mechanic::FreeGoods { .. }
            | Mechanic::Bundle { .. }
            | Mechanic::MixAndMatch { .. } => several::near(self, asked),
            Mechanic::OrderValue { .. } | Mechanic::FreeFreight { .. } => value::near(self, asked),
        }
    }

    fn taken<'p>(
        &self,
        candidates: &'p [Candidate<'_>],
        applied: &HashMap<PromotionId, &Applied>,
    ) -> Taken<'p> {
        let mut taken = Taken::new();
        let mut classes: HashMap<PromotionId, &'p str> = HashMap::new();
        for candidate in candidates {
            let promotion = candidate.promotion;
            if let Some(class) = promotion
                .class
                .as_deref()
                .filter(|_| applied.contains_key(&promotion.id))
            {
                classes.insert(promotion.id, class);
                let place = (promotion.mechanic.stage(), class, None);
                taken.entry(place).or_default().insert(promotion.id);
            }
        }
        for (promotion, good) in self.books.takers() {
            if let Some(class) = classes.get(&promotion) {
                let place = (Stage::Line, *class, Some(good));
                taken.entry(place).or_default().insert(promotion);
            }
        }
        taken
    }

    /// Whether a discount would come true, and the limits carry it beside what the promotion gives
    /// `already`. `discount` reckons it on given values.
    fn stands(
        &self,
        asked: &Asked<'_, '_>,
        already: i64,
        discount: impl Fn(&Left) -> Result<Exact, MoneyError>,
    ) -> Result<bool, MoneyError> {
        let least = discount(&self.books.left)?.to_minor(self.goods.scale)?;
        let most = discount(self.initial)?.to_minor(self.goods.scale)?;
        // Two roundings may fall a unit short of the one that would be made then.
        let odd = i64::from(already > 0);
        let together = already.saturating_add(most).saturating_add(odd);
        Ok(least > 0 && self.carries(asked, together))
    }

    /// Whether cap and fund would carry so much in all, given that what the promotion spends now
    /// would be part of it.
    fn carries(&self, asked: &Asked<'_, '_>, most: i64) -> bool {
        let promotion = asked.promotion;
        let cap = promotion.left.cap_minor.is_none_or(|cap| most <= cap);
        let fund = promotion.fund.is_none_or(|fund| {
            let left = self.books.funds.get(&fund).copied().unwrap_or(0);
            most.saturating_sub(asked.spent()) <= left.max(0)
        });
        cap && fund
    }

    /// The value of so many pieces of a product, whether or not the basket has them all: at its
    /// average there, else at what it is worth to the account; none where neither is known.
    fn value_of(
        &self,
        product: ProductId,
        pieces: i64,
        left: &Left,
    ) -> Result<Option<Exact>, MoneyError> {
        if let Some((at, good)) = self
            .goods
            .find(product)
            .and_then(|at| Some((at, self.goods.get(at)?)))
        {
            let value = Exact::whole(left.of(at).exact);
            return value.portion(pieces, good.pieces).map(Some);
        }
        let named = self
            .basket
            .worth
            .iter()
            .find(|(named, _)| *named == product);
        Ok(named.map(|(_, UnitPrice(each))| Exact::whole(i128::from(*each) * i128::from(pieces))))
    }
}

/// A repeating mechanic is told from the first piece on until it is reached, then again from half
/// of the way to the next time on.
fn is_worth_telling(has: i64, cycle: i64, reached_before: bool) -> bool {
    has > 0 && (!reached_before || has.saturating_mul(2) >= cycle)
}
