//! Numbers nobody should have let through: refused or passed over, never a crash.

use proptest::prelude::*;
use trade::money::{BasisPoints, UnitPrice};
use trade::promotion::{CountIn, Cut, Line, Mechanic, Part, Tier, apply};
use trade::quantity::Unit;

use super::random::{Dice, world};
use super::shop::*;

fn wild(dice: &mut Dice) -> i64 {
    dice.pick(&[
        i64::MIN,
        -7,
        -1,
        0,
        1,
        2,
        7,
        1_000_000,
        i64::MAX / 2,
        i64::MAX,
    ])
}

fn wild_mechanic(dice: &mut Dice) -> Mechanic {
    let off = BasisPoints(dice.pick(&[i32::MIN, -1, 0, 1, 10_000, 10_001, i32::MAX]));
    let count_in = dice.pick(&[CountIn::Pieces, CountIn::Packs]);
    let times = dice.pick(&[None, Some(0), Some(1), Some(-3), Some(i64::MAX)]);
    let part = |dice: &mut Dice| Part {
        pieces: wild(dice),
        ..part(dice.pick(&[0, 1, 2, 77]), 1)
    };
    let tiers = |dice: &mut Dice| -> Vec<Tier> {
        let cut = |dice: &mut Dice| match dice.one_in(2) {
            true => Cut::Amount(wild(dice)),
            false => Cut::Percent(off),
        };
        let tier = |dice: &mut Dice| Tier {
            from: wild(dice),
            cut: cut(dice),
        };
        (0..dice.between(0, 3)).map(|_| tier(dice)).collect()
    };
    let (from, buy, get) = (wild(dice), wild(dice), wild(dice));
    match dice.between(0, 9) {
        0 => Mechanic::Percent {
            off,
            from,
            count_in,
        },
        1 => Mechanic::Amount {
            off: UnitPrice(wild(dice)),
            from,
            count_in,
        },
        2 => Mechanic::FixedPrice {
            price: UnitPrice(wild(dice)),
            from,
            count_in,
        },
        3 => Mechanic::BuyGet {
            buy,
            get,
            off,
            count_in,
            times,
        },
        4 => Mechanic::BuyGetOther {
            buy,
            count_in,
            get: part(dice),
            off,
            times,
        },
        5 => Mechanic::FreeGoods {
            buy,
            count_in,
            give: part(dice),
            times,
        },
        6 => Mechanic::Bundle {
            parts: (0..dice.between(0, 3)).map(|_| part(dice)).collect(),
            price_minor: wild(dice),
            times,
        },
        7 => Mechanic::MixAndMatch {
            tiers: tiers(dice),
            count_in,
        },
        8 => Mechanic::OrderValue { tiers: tiers(dice) },
        _ => Mechanic::FreeFreight {
            from_minor: wild(dice),
        },
    }
}

fn wild_line(dice: &mut Dice) -> Line {
    let price = dice.pick(&[0, 1, 99, 1_000_000, 90_000_000_000]);
    let quantity = dice.pick(&[1, 7, 1_000_000]);
    let factor = dice.pick(&[1, 12, 100_000]);
    let number = dice.pick(&[0, 1, 2]);
    line(number, Unit::Case, factor, quantity, price)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_makes_it_crash_or_give_more_than_there_is(seed: u64) {
        let mut dice = Dice::new(seed);
        let mut world = world(seed, false);
        world.lines.extend((0..3).map(|_| wild_line(&mut dice)));
        for promotion in &mut world.promotions {
            promotion.mechanic = wild_mechanic(&mut dice);
            promotion.left.cap_minor = dice.pick(&[None, Some(i64::MIN), Some(0), Some(i64::MAX)]);
        }
        if let Ok(outcome) = apply(&world.basket(), &world.promotions, &world.funds) {
            for (line, adjusted) in world.lines.iter().zip(&outcome.lines) {
                let off = adjusted.discount.minor;
                prop_assert!((0..=line.net.minor).contains(&off), "{off} off {:?}", line.net);
            }
        }
    }
}
