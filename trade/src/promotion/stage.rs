//! One stage: which promotions survive their class, in what order they take, and what of them the
//! limits carry.

use std::collections::HashMap;

use super::benefit::{Benefit, Gives};
use super::books::{Books, Entry};
use super::goods::{Goods, Left};
use super::{Basket, Passed, Promotion, Stage, assortment, line, order};
use crate::money::MoneyError;

/// A promotion, and the products of the basket that belong to its assortment.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub promotion: &'a Promotion,
    pub members: Vec<usize>,
    /// Why it takes no part at all.
    pub closed: Option<Passed>,
}

impl<'a> Candidate<'a> {
    pub fn new(promotion: &'a Promotion, basket: &Basket<'_>, goods: &Goods<'_>) -> Self {
        let closed = closed(promotion, basket);
        let members = match closed {
            Some(_) => Vec::new(),
            None => goods.members(&promotion.assortment),
        };
        Candidate {
            promotion,
            members,
            closed,
        }
    }
}

fn closed(promotion: &Promotion, basket: &Basket<'_>) -> Option<Passed> {
    let spent = |uses: Option<i64>| uses.is_some_and(|uses| uses <= 0);
    if promotion.currency != basket.currency {
        Some(Passed::OtherCurrency)
    } else if !promotion.validity.contains(basket.date) {
        Some(Passed::OutsideValidity)
    } else if spent(promotion.left.account_uses) {
        Some(Passed::AccountLimit)
    } else if spent(promotion.left.uses) {
        Some(Passed::TotalLimit)
    } else {
        None
    }
}

/// A stage of a basket, with what its promotions would each give alone.
pub(super) struct Round<'r, 'a> {
    pub stage: Stage,
    pub basket: &'r Basket<'a>,
    pub goods: &'r Goods<'a>,
    /// The stage's promotions by priority, then id.
    pub candidates: &'r [Candidate<'a>],
}

/// What a promotion may concern, once its class is decided.
enum Scope {
    /// All its products.
    All,
    /// All but those of its products where another of its class is better.
    Some(Vec<usize>),
    /// None: another of its class is better.
    Nothing,
}

impl Round<'_, '_> {
    /// Applies the stage. A promotion that its limits cannot carry is taken out and the stage
    /// decided anew without it: it must not keep the others of its class from applying.
    pub fn run(&self, start: &Books) -> Result<Books, MoneyError> {
        let alone = self.alone(&start.left)?;
        let mut out: HashMap<usize, Passed> = HashMap::new();
        loop {
            match self.attempt(start, &alone, &out)? {
                Ok(books) => return Ok(books),
                Err((candidate, why)) => out.insert(candidate, why),
            };
        }
    }

    /// What each promotion of a class would give if it were the only one.
    fn alone(&self, start: &Left) -> Result<Vec<Option<Benefit>>, MoneyError> {
        self.candidates
            .iter()
            .map(|candidate| {
                let competes = candidate.promotion.class.is_some() && candidate.closed.is_none();
                match competes {
                    true => self.gain(candidate, start, start, &candidate.members),
                    false => Ok(None),
                }
            })
            .collect()
    }

    fn gain(
        &self,
        candidate: &Candidate<'_>,
        start: &Left,
        left: &Left,
        members: &[usize],
    ) -> Result<Option<Benefit>, MoneyError> {
        let (mechanic, goods) = (&candidate.promotion.mechanic, self.goods);
        match self.stage {
            Stage::Line => line::gain(mechanic, goods, left, members),
            Stage::Assortment => {
                assortment::gain(mechanic, goods, left, members, self.basket.worth)
            }
            Stage::Order | Stage::Freight => order::gain(mechanic, goods, start, left, members),
        }
    }

    /// Everything in order, or the first promotion that cannot be carried.
    fn attempt(
        &self,
        start: &Books,
        alone: &[Option<Benefit>],
        out: &HashMap<usize, Passed>,
    ) -> Result<Result<Books, (usize, Passed)>, MoneyError> {
        let mut books = start.clone();
        let scopes = self.scopes(alone, out);
        for (at, (candidate, scope)) in self.candidates.iter().zip(scopes).enumerate() {
            let promotion = candidate.promotion;
            if let Some(why) = candidate.closed.or_else(|| out.get(&at).copied()) {
                books.pass(promotion, why);
                continue;
            }
            let members = match &scope {
                Scope::All => &candidate.members,
                Scope::Some(won) => won,
                Scope::Nothing => {
                    books.pass(promotion, Passed::BetterInClass);
                    continue;
                }
            };
            let Some(gain) = self.gain(candidate, &start.left, &books.left, members)? else {
                books.pass(promotion, Passed::NotReached);
                continue;
            };
            let freight_is_off = gain.gives == Gives::Freight && books.free_freight.is_some();
            if !gain.is_any() || freight_is_off {
                books.pass(promotion, Passed::NothingLeft);
                continue;
            }
            match books.enter(self.goods, promotion, &gain)? {
                Entry::Done => {}
                Entry::Refused(why) => return Ok(Err((at, why))),
            }
        }
        Ok(Ok(books))
    }

    /// Decides the classes: at the line stage product by product, else over the whole basket.
    fn scopes(&self, alone: &[Option<Benefit>], out: &HashMap<usize, Passed>) -> Vec<Scope> {
        // The best so far and what it gives, by class and product.
        let mut best: HashMap<(&str, Option<usize>), (usize, i64)> = HashMap::new();
        let contenders = || {
            let all = self.candidates.iter().zip(alone).enumerate();
            all.filter(|(at, _)| !out.contains_key(at))
                .filter_map(|(at, (candidate, gain))| {
                    let class = candidate.promotion.class.as_deref()?;
                    let gain = gain.as_ref().filter(|gain| gain.is_any())?;
                    Some((at, class, gain))
                })
        };
        for (at, class, gain) in contenders() {
            for (place, gives) in self.bids(gain) {
                let best = best.entry((class, place)).or_insert((at, gives));
                if gives > best.1 {
                    *best = (at, gives);
                }
            }
        }
        let mut scopes: Vec<Scope> = self.candidates.iter().map(|_| Scope::All).collect();
        for (at, class, gain) in contenders() {
            let is_best = |place| best.get(&(class, place)).is_none_or(|best| best.0 == at);
            let wins_any = self.bids(gain).any(|(place, _)| is_best(place));
            let (Some(scope), Some(candidate)) = (scopes.get_mut(at), self.candidates.get(at))
            else {
                continue;
            };
            *scope = match self.stage {
                _ if !wins_any => Scope::Nothing,
                Stage::Line => {
                    let members = candidate.members.iter().copied();
                    Scope::Some(members.filter(|good| is_best(Some(*good))).collect())
                }
                Stage::Assortment | Stage::Order | Stage::Freight => Scope::All,
            };
        }
        scopes
    }

    /// What a promotion gives, by the place for which its class competes.
    fn bids<'g>(&self, gain: &'g Benefit) -> Box<dyn Iterator<Item = (Option<usize>, i64)> + 'g> {
        match self.stage {
            Stage::Line => Box::new(
                gain.off
                    .iter()
                    .filter(|(_, minor)| *minor > 0)
                    .map(|(good, minor)| (Some(*good), *minor)),
            ),
            Stage::Assortment | Stage::Order | Stage::Freight => {
                Box::new(std::iter::once((None, gain.spend)))
            }
        }
    }
}
