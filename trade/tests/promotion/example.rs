//! The worked example of docs/promotions.md.

use trade::money::BasisPoints;
use trade::promotion::{Cut, Gain, Mechanic, Missing, NearMiss, Passed, Promotion, Tier};

use super::shop::*;

const SNACK: u32 = 1;
const BALL: u32 = 2;

fn promotions() -> Vec<Promotion> {
    let tier = |from, off| Tier {
        from,
        cut: Cut::Percent(BasisPoints(off)),
    };
    let ten_and_two = Mechanic::BuyGet {
        buy: 10,
        get: 2,
        off: BasisPoints(10_000),
        count_in: PIECES,
        times: None,
    };
    let mix = Mechanic::MixAndMatch {
        tiers: vec![tier(36, 500), tier(48, 800)],
        count_in: PIECES,
    };
    let order = Mechanic::OrderValue {
        tiers: vec![tier(8_000, 200)],
    };
    vec![
        promotion(1, percent(1_000, 24))
            .on(&[SNACK])
            .class("spring"),
        promotion(2, ten_and_two).on(&[SNACK]).class("spring"),
        promotion(3, mix).on(&[SNACK, BALL]),
        promotion(4, order),
        promotion(5, Mechanic::FreeFreight { from_minor: 9_000 }),
    ]
}

#[test]
fn the_example_of_the_documentation() {
    let lines = [pieces(SNACK, 30, 20_000), pieces(BALL, 8, 45_000)];
    let outcome = try_out(&lines, &promotions());
    let steps = |line: usize| -> Vec<i64> {
        let steps = outcome.lines[line].steps.iter();
        steps.map(|step| step.discount.minor).collect()
    };
    assert_eq!(steps(0), [800, 260, 99]);
    assert_eq!(steps(1), [180, 68]);
    let spent: Vec<_> = outcome
        .applied
        .iter()
        .map(|a| (a.promotion, a.spend.minor))
        .collect();
    assert_eq!(
        spent,
        [
            (promotion_id(2), 800),
            (promotion_id(3), 440),
            (promotion_id(4), 167)
        ]
    );
    assert_eq!(9_600 - off(&outcome).iter().sum::<i64>(), 8_193);
    assert_eq!(
        outcome.passed,
        [
            (promotion_id(1), Passed::BetterInClass),
            (promotion_id(5), Passed::NotReached)
        ]
    );
    let near = |number, missing, gain| NearMiss {
        promotion: promotion_id(number),
        missing,
        gain,
    };
    let ten_more = Missing::OfAssortment {
        count: 10,
        count_in: PIECES,
    };
    let eight_percent = Gain::Percent {
        off: BasisPoints(800),
    };
    let six_more = Missing::OfItem {
        product: product(SNACK),
        count: 6,
        count_in: PIECES,
    };
    let two_free = Gain::Goods {
        part: part(SNACK, 2),
        off: BasisPoints(10_000),
    };
    assert_eq!(
        outcome.near,
        [
            near(5, Missing::Value { minor: 807 }, Gain::Freight),
            near(3, ten_more, eight_percent),
            near(2, six_more, two_free),
        ]
    );
}
