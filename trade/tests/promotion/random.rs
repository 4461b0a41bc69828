//! Random shops: baskets and promotions small enough to meet each other often. A number makes
//! always the same one.

use jiff::civil::date;
use trade::calendar::Period;
use trade::id::ProductId;
use trade::money::{BasisPoints, Currency, UnitPrice};
use trade::price::Target;
use trade::promotion::{
    Assortment, Basket, CountIn, Cut, FundLeft, Line, Mechanic, Part, Promotion, Tier,
};
use trade::quantity::{PackFactor, Unit};

use super::shop::*;

/// Six items; packs of item n count this many pieces.
const PACKS_OF: [i64; 6] = [1, 6, 12, 4, 10, 12];

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.next() % width).unwrap()
    }

    pub fn one_in(&mut self, many: i64) -> bool {
        self.between(1, many) == 1
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len()).unwrap() - 1;
        let at = usize::try_from(self.between(0, last)).unwrap();
        from[at].clone()
    }

    fn number(&mut self) -> u32 {
        u32::try_from(self.between(0, 5)).unwrap()
    }
}

#[derive(Debug, Clone)]
pub struct World {
    pub lines: Vec<Line>,
    pub promotions: Vec<Promotion>,
    pub funds: Vec<FundLeft>,
    pub worth: Vec<(ProductId, UnitPrice)>,
}

impl World {
    pub fn basket(&self) -> Basket<'_> {
        basket(&self.lines, &self.worth)
    }
}

/// A shop whose prices have four decimals, or are whole cents for every unit.
pub fn world(seed: u64, whole_cents: bool) -> World {
    let mut dice = Dice::new(seed);
    let lines = (0..dice.between(1, 7))
        .map(|_| a_line(&mut dice, whole_cents))
        .collect();
    let promotions = (0..u32::try_from(dice.between(1, 8)).unwrap())
        .map(|number| a_promotion(&mut dice, number))
        .collect();
    let funds = (1..=2)
        .map(|number| FundLeft {
            fund: fund(number),
            minor: dice.between(0, 8_000),
        })
        .collect();
    let worth = (0..6)
        .filter(|number| number % 2 == 0)
        .map(|number| (product(number), UnitPrice(dice.between(0, 60_000))))
        .collect();
    World {
        lines,
        promotions,
        funds,
        worth,
    }
}

fn a_line(dice: &mut Dice, whole_cents: bool) -> Line {
    let number = dice.number();
    let pack = PACKS_OF[usize::try_from(number).unwrap()];
    let (unit, factor) = if dice.one_in(3) {
        (Unit::Case, pack)
    } else {
        (Unit::Piece, 1)
    };
    let mut price = dice.between(0, 60_000) * factor;
    if whole_cents {
        price -= price % 100;
    }
    let mut line = line(
        number,
        unit,
        factor,
        dice.between(1, 30 / factor + 1),
        price,
    );
    line.order_factor = PackFactor::new(pack).unwrap();
    line
}

fn a_promotion(dice: &mut Dice, number: u32) -> Promotion {
    let mut made = promotion(number, a_mechanic(dice));
    made.priority = i32::try_from(dice.between(1, 3)).unwrap();
    made.assortment = an_assortment(dice);
    if dice.one_in(2) {
        made.class = Some(dice.pick(&["a", "b"]).to_string());
    }
    if dice.one_in(4) {
        made.fund = Some(fund(u32::try_from(dice.between(1, 3)).unwrap()));
    }
    if dice.one_in(5) {
        made.left.cap_minor = Some(dice.between(0, 3_000));
    }
    if dice.one_in(12) {
        made.left.uses = Some(dice.between(0, 1));
        made.left.account_uses = Some(dice.between(0, 1));
    }
    if dice.one_in(20) {
        made.currency = Currency::GBP;
    }
    if dice.one_in(20) {
        made.validity = Period::new(date(2026, 3, 13), None);
    }
    made
}

fn an_assortment(dice: &mut Dice) -> Assortment {
    let mut targets = |most: i64| -> Vec<Target> {
        (0..dice.between(0, most))
            .map(|_| {
                let number = dice.number();
                match dice.between(0, 9) {
                    0 => Target::Everything,
                    1 => Target::Brand(brand(number % 2)),
                    2 => Target::Category(category(100)),
                    3..=5 => Target::Category(category(number)),
                    _ => Target::Product(product(number)),
                }
            })
            .collect()
    };
    let include = targets(4);
    let exclude = if include.len() % 2 == 0 {
        targets(1)
    } else {
        Vec::new()
    };
    Assortment { include, exclude }
}

fn a_rate(dice: &mut Dice) -> BasisPoints {
    let odd = i32::try_from(dice.between(1, 10_000)).unwrap();
    BasisPoints(dice.pick(&[500, 1_000, 1_250, 3_333, 5_000, 10_000, odd]))
}

fn tiers(dice: &mut Dice, step: i64) -> Vec<Tier> {
    let mut from = 0;
    (0..dice.between(1, 3))
        .map(|_| {
            from += dice.between(1, step);
            let cut = if dice.one_in(3) {
                Cut::Amount(dice.between(1, 3_000))
            } else {
                Cut::Percent(a_rate(dice))
            };
            Tier { from, cut }
        })
        .collect()
}

fn a_mechanic(dice: &mut Dice) -> Mechanic {
    let count_in = dice.pick(&[CountIn::Pieces, CountIn::Packs]);
    let few = |dice: &mut Dice| match count_in {
        CountIn::Pieces => dice.between(1, 16),
        CountIn::Packs => dice.between(1, 4),
    };
    let times = dice.one_in(3).then(|| dice.between(1, 3));
    let a_part = |dice: &mut Dice| part(dice.number(), dice.between(1, 4));
    match dice.between(0, 9) {
        0 => Mechanic::Percent {
            off: a_rate(dice),
            from: few(dice),
            count_in,
        },
        1 => Mechanic::Amount {
            off: UnitPrice(dice.between(1, 40_000)),
            from: few(dice),
            count_in,
        },
        2 => Mechanic::FixedPrice {
            price: UnitPrice(dice.between(1, 60_000)),
            from: few(dice),
            count_in,
        },
        3 => Mechanic::BuyGet {
            buy: few(dice),
            get: dice.between(1, 3),
            off: a_rate(dice),
            count_in,
            times,
        },
        4 => Mechanic::BuyGetOther {
            buy: few(dice),
            count_in,
            get: a_part(dice),
            off: a_rate(dice),
            times,
        },
        5 => Mechanic::FreeGoods {
            buy: few(dice),
            count_in,
            give: a_part(dice),
            times,
        },
        6 => Mechanic::Bundle {
            parts: (0..dice.between(2, 3))
                .map(|_| a_part(dice))
                .collect::<Vec<Part>>(),
            price_minor: dice.between(1, 3_000),
            times,
        },
        7 => Mechanic::MixAndMatch {
            tiers: tiers(dice, 12),
            count_in,
        },
        8 => Mechanic::OrderValue {
            tiers: tiers(dice, 20_000),
        },
        _ => Mechanic::FreeFreight {
            from_minor: dice.between(1, 30_000),
        },
    }
}
