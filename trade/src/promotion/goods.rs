//! A basket by product: what is counted and what it is worth, whatever lines it stands in.

use std::collections::HashMap;

use super::{Assortment, Basket, CountIn, Line};
use crate::id::ProductId;
use crate::money::{Currency, MoneyError};
use crate::price::{Item, Target};

/// One product of the basket, over all its lines.
#[derive(Debug)]
pub(super) struct Good<'a> {
    pub item: &'a Item,
    /// Base units.
    pub pieces: i64,
    /// Base units in the unit that packs count.
    pub pack: i64,
    /// Places of its lines in the basket, in an order that the buyer's typing does not decide.
    pub lines: Vec<usize>,
}

impl Good<'_> {
    /// How many of it are counted.
    pub fn count(&self, count_in: CountIn) -> i64 {
        match count_in {
            CountIn::Pieces => self.pieces,
            CountIn::Packs => self.pieces / self.pack,
        }
    }

    /// Base units in one that is counted.
    pub fn each(&self, count_in: CountIn) -> i64 {
        match count_in {
            CountIn::Pieces => 1,
            CountIn::Packs => self.pack,
        }
    }
}

/// What is left of a product's value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Value {
    /// Price × quantity less discounts, in ten-thousandths: what discounts are computed from.
    pub exact: i128,
    /// Its lines' rounded nets less discounts, in minor units: what bounds them.
    pub minor: i64,
}

/// What is left after the promotions applied so far.
#[derive(Debug, Clone)]
pub(super) struct Left {
    /// Of each product, in the order of [`Goods::all`].
    goods: Vec<Value>,
    /// Of each line of the basket, in minor units.
    lines: Vec<i64>,
}

impl Left {
    pub fn of(&self, good: usize) -> Value {
        self.goods.get(good).copied().unwrap_or_default()
    }

    pub fn of_line(&self, line: usize) -> i64 {
        self.lines.get(line).copied().unwrap_or_default()
    }

    /// Takes `minor` off one line of a product.
    pub fn take(&mut self, good: usize, line: usize, minor: i64, scale: i128) {
        if let Some(line) = self.lines.get_mut(line) {
            *line -= minor;
        }
        if let Some(value) = self.goods.get_mut(good) {
            value.minor -= minor;
            value.exact = (value.exact - i128::from(minor) * scale).max(0);
        }
    }
}

/// The products of a basket, sorted by id.
#[derive(Debug)]
pub(super) struct Goods<'a> {
    pub all: Vec<Good<'a>>,
    pub currency: Currency,
    /// Ten-thousandths of the major unit in a minor unit.
    pub scale: i128,
    by_target: HashMap<Target, Vec<usize>>,
}

impl<'a> Goods<'a> {
    /// The basket's products, and what they are worth before promotions.
    pub fn of(basket: &Basket<'a>) -> Result<(Goods<'a>, Left), MoneyError> {
        let mut lines: Vec<(usize, &'a Line)> = basket.lines.iter().enumerate().collect();
        lines.sort_by_key(|(_, line)| {
            (
                line.item.product,
                line.unit,
                line.quantity,
                line.price.0,
                line.factor.get(),
                line.net.minor,
            )
        });
        let mut left = Left {
            goods: Vec::new(),
            lines: basket.lines.iter().map(|l| l.net.minor.max(0)).collect(),
        };
        let mut all: Vec<Good<'a>> = Vec::new();
        for (at, line) in lines {
            if line.net.currency != basket.currency {
                let (ours, theirs) = (basket.currency, line.net.currency);
                return Err(MoneyError::CurrencyMismatch(ours, theirs));
            }
            if all.last().map(|good| good.item.product) != Some(line.item.product) {
                all.push(Good {
                    item: &line.item,
                    pieces: 0,
                    pack: 1,
                    lines: Vec::new(),
                });
                left.goods.push(Value::default());
            }
            if let (Some(good), Some(value)) = (all.last_mut(), left.goods.last_mut()) {
                add(good, value, at, line).ok_or(MoneyError::TooLarge)?;
            }
        }
        let by_target = by_target(&all);
        let goods = Goods {
            all,
            currency: basket.currency,
            scale: basket.currency.ten_thousandths_per_minor(),
            by_target,
        };
        Ok((goods, left))
    }

    pub fn get(&self, good: usize) -> Option<&Good<'a>> {
        self.all.get(good)
    }

    /// The place of a product.
    pub fn find(&self, product: ProductId) -> Option<usize> {
        self.all
            .binary_search_by_key(&product, |good| good.item.product)
            .ok()
    }

    /// Base units of a product, none of one that is not in the basket.
    pub fn pieces(&self, product: ProductId) -> i64 {
        self.find(product)
            .and_then(|good| self.get(good))
            .map_or(0, |good| good.pieces)
    }

    /// The places of the products that belong to an assortment.
    pub fn members(&self, assortment: &Assortment) -> Vec<usize> {
        let mut belongs = vec![assortment.include.is_empty(); self.all.len()];
        for (targets, belong) in [(&assortment.include, true), (&assortment.exclude, false)] {
            for target in targets {
                match target {
                    Target::Everything => belongs.fill(belong),
                    Target::Product(product) => {
                        if let Some(place) = self.find(*product).and_then(|at| belongs.get_mut(at))
                        {
                            *place = belong;
                        }
                    }
                    Target::Brand(_) | Target::Category(_) => {
                        for at in self.by_target.get(target).into_iter().flatten() {
                            if let Some(place) = belongs.get_mut(*at) {
                                *place = belong;
                            }
                        }
                    }
                }
            }
        }
        let places = belongs.into_iter().enumerate();
        places
            .filter_map(|(at, belongs)| belongs.then_some(at))
            .collect()
    }

    /// How many of these products together.
    pub fn count(&self, members: &[usize], count_in: CountIn) -> i64 {
        let members = members.iter().filter_map(|good| self.get(*good));
        members.fold(0_i64, |sum, good| sum.saturating_add(good.count(count_in)))
    }
}

fn add(good: &mut Good<'_>, value: &mut Value, at: usize, line: &Line) -> Option<()> {
    let quantity = line.quantity.max(0);
    let pieces = quantity.checked_mul(line.factor.get())?;
    let exact = i128::from(line.price.0.max(0)).checked_mul(i128::from(quantity))?;
    good.pieces = good.pieces.checked_add(pieces)?;
    good.pack = Ord::max(good.pack, line.order_factor.get());
    good.lines.push(at);
    value.exact = value.exact.checked_add(exact)?;
    value.minor = value.minor.checked_add(line.net.minor.max(0))?;
    Some(())
}

/// Brands and categories are looked up rather than asked of each product: baskets have hundreds of
/// lines, and assortments hundreds of targets.
fn by_target(all: &[Good<'_>]) -> HashMap<Target, Vec<usize>> {
    let mut by_target: HashMap<Target, Vec<usize>> = HashMap::new();
    for (at, good) in all.iter().enumerate() {
        let categories = good.item.categories.iter().copied().map(Target::Category);
        for target in categories.chain([Target::Brand(good.item.brand)]) {
            by_target.entry(target).or_default().push(at);
        }
    }
    by_target
}
