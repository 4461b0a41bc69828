//! What is missing, in figures.

use trade::money::{BasisPoints, UnitPrice};
use trade::promotion::{
    Cut, Gain, Line, Mechanic, Missing, Offer, Promotion, Tier, apply, covers, offer,
};
use trade::quantity::PackFactor;

use super::shop::*;

/// What is missing for one promotion, and what it would give.
fn near(lines: &[Line], promotion: &Promotion) -> Option<(Missing, Gain)> {
    let worth = [(product(9), UnitPrice(10_000))];
    let outcome = apply(&basket(lines, &worth), std::slice::from_ref(promotion), &[]).unwrap();
    let near = outcome.near.into_iter().next()?;
    assert_eq!(near.promotion, promotion.id);
    Some((near.missing, near.gain))
}

fn of_item(number: u32, count: i64) -> Missing {
    Missing::OfItem {
        product: product(number),
        count,
        count_in: PIECES,
    }
}

fn of_assortment(count: i64) -> Missing {
    Missing::OfAssortment {
        count,
        count_in: PIECES,
    }
}

fn goods(number: u32, pieces: i64) -> Gain {
    Gain::Goods {
        part: part(number, pieces),
        off: BasisPoints(10_000),
    }
}

fn ten_and_two() -> Mechanic {
    Mechanic::BuyGet {
        buy: 10,
        get: 2,
        off: BasisPoints(10_000),
        count_in: PIECES,
        times: None,
    }
}

#[test]
fn the_item_of_which_the_least_is_missing_is_told() {
    let ten = promotion(1, percent(1_000, 12));
    let gain = Gain::Percent {
        off: BasisPoints(1_000),
    };
    let lines = [pieces(1, 3, 20_000), pieces(2, 10, 20_000)];
    assert_eq!(near(&lines, &ten), Some((of_item(2, 2), gain)));
    // Reached by one item, it is not told again for the others.
    assert_eq!(
        near(&[pieces(1, 3, 20_000), pieces(2, 12, 20_000)], &ten),
        None
    );
    // Nothing of it is in the basket.
    assert_eq!(near(&[pieces(1, 3, 20_000)], &ten.on(&[2])), None);
}

#[test]
fn a_price_that_is_no_lower_is_not_promised() {
    let fixed = |price| {
        let mechanic = Mechanic::FixedPrice {
            price: UnitPrice(price),
            from: 12,
            count_in: PIECES,
        };
        promotion(1, mechanic)
    };
    let gain = Gain::Each {
        off: None,
        price: Some(UnitPrice(19_000)),
        count_in: PIECES,
    };
    let lines = [pieces(1, 10, 20_000)];
    assert_eq!(near(&lines, &fixed(19_000)), Some((of_item(1, 2), gain)));
    assert_eq!(near(&lines, &fixed(20_000)), None);
}

#[test]
fn the_next_round_is_told_from_half_of_the_way_on() {
    let offer = promotion(1, ten_and_two());
    let told = |quantity| near(&[pieces(1, quantity, 20_000)], &offer);
    assert_eq!(told(1), Some((of_item(1, 11), goods(1, 2))));
    assert_eq!(told(12), None);
    assert_eq!(told(17), None);
    assert_eq!(told(18), Some((of_item(1, 6), goods(1, 2))));
    let mut once = offer;
    if let Mechanic::BuyGet { times, .. } = &mut once.mechanic {
        *times = Some(1);
    }
    assert_eq!(near(&[pieces(1, 18, 20_000)], &once), None);
}

#[test]
fn six_more_and_one_is_free() {
    let free = Mechanic::FreeGoods {
        buy: 12,
        count_in: PIECES,
        give: part(9, 1),
        times: None,
    };
    let free = promotion(1, free).on(&[1, 2]);
    let lines = [pieces(1, 2, 20_000), pieces(2, 4, 20_000)];
    assert_eq!(near(&lines, &free), Some((of_assortment(6), goods(9, 1))));
    // What it would cost then must be carried: one of item 9 is worth 1.00.
    assert_eq!(near(&lines, &free.clone().cap(99)), None);
    assert!(near(&lines, &free.cap(100)).is_some());
}

#[test]
fn what_would_be_cheaper_is_told_when_it_is_not_there() {
    let other = Mechanic::BuyGetOther {
        buy: 6,
        count_in: PIECES,
        get: part(9, 2),
        off: BasisPoints(10_000),
        times: None,
    };
    let other = promotion(1, other).on(&[1]);
    let parts = |pieces| Missing::Parts {
        parts: vec![part(9, pieces)],
    };
    let six = pieces(1, 6, 20_000);
    assert_eq!(
        near(std::slice::from_ref(&six), &other),
        Some((parts(2), goods(9, 2)))
    );
    // Both are missing: one alone would not do.
    assert_eq!(near(&[pieces(1, 5, 20_000)], &other), None);
    let lines = [pieces(1, 5, 20_000), pieces(9, 2, 10_000)];
    assert_eq!(near(&lines, &other), Some((of_assortment(1), goods(9, 2))));
    let lines = [pieces(9, 2, 10_000)];
    assert_eq!(near(&lines, &other), Some((of_assortment(6), goods(9, 2))));
    let lines = [pieces(1, 12, 20_000), pieces(9, 2, 10_000)];
    assert_eq!(near(&lines, &other), Some((parts(2), goods(9, 2))));
}

#[test]
fn the_parts_that_complete_a_bundle_are_told() {
    let set = Mechanic::Bundle {
        parts: vec![part(1, 2), part(2, 1), part(9, 1)],
        price_minor: 600,
        times: None,
    };
    let set = promotion(1, set);
    let gain = Gain::BundlePrice { minor: 600 };
    let missing = |parts| Missing::Parts { parts };
    let lines = [pieces(1, 1, 20_000), pieces(2, 1, 30_000)];
    assert_eq!(
        near(&lines, &set),
        Some((missing(vec![part(1, 1), part(9, 1)]), gain))
    );
    // 2 × 0.50 + 3.00 + 1.00 is less than 6.00: no promise.
    assert_eq!(
        near(&[pieces(1, 1, 5_000), pieces(2, 1, 30_000)], &set),
        None
    );
    assert_eq!(near(&[pieces(3, 1, 20_000)], &set), None);
}

#[test]
fn the_next_tier_is_told() {
    let tier = |from, off| Tier {
        from,
        cut: Cut::Percent(BasisPoints(off)),
    };
    let mix = Mechanic::MixAndMatch {
        tiers: vec![tier(6, 500), tier(12, 1_000)],
        count_in: PIECES,
    };
    let mix = promotion(1, mix);
    let percent = |off| Gain::Percent {
        off: BasisPoints(off),
    };
    let told = |quantity| near(&[pieces(1, quantity, 20_000)], &mix);
    assert_eq!(told(4), Some((of_assortment(2), percent(500))));
    assert_eq!(told(7), Some((of_assortment(5), percent(1_000))));
    assert_eq!(told(12), None);
    let value = Mechanic::OrderValue {
        tiers: vec![tier(10_000, 200), tier(20_000, 300)],
    };
    let value = promotion(1, value);
    let told = |quantity| near(&[pieces(1, quantity, 20_000)], &value);
    assert_eq!(
        told(49),
        Some((Missing::Value { minor: 200 }, percent(200)))
    );
    assert_eq!(
        told(50),
        Some((Missing::Value { minor: 10_000 }, percent(300)))
    );
}

#[test]
fn what_its_limits_or_its_class_would_not_let_apply_is_not_told() {
    let ten = promotion(1, percent(1_000, 12));
    let lines = [pieces(1, 10, 20_000)];
    // 10 % of twelve is 2.40.
    assert!(near(&lines, &ten.clone().cap(240)).is_some());
    assert_eq!(near(&lines, &ten.clone().cap(239)), None);
    let with_fund = |minor| {
        with_funds(&lines, &[ten.clone().paid_by(1)], &[(1, minor)])
            .near
            .len()
    };
    assert_eq!((with_fund(240), with_fund(239)), (1, 0));
    let mut used = ten.clone();
    used.left.account_uses = Some(0);
    assert_eq!(near(&lines, &used), None);
    let other = promotion(2, percent(100, 1)).class("a");
    let outcome = try_out(&lines, &[ten.class("a"), other]);
    assert_eq!(outcome.near, []);
}

#[test]
fn the_nearest_come_first_and_no_more_than_twenty() {
    let lines = [pieces(1, 10, 20_000)];
    let promotions: Vec<Promotion> = (1..=30)
        .map(|number| promotion(number, percent(1_000, 41 - i64::from(number))))
        .collect();
    let outcome = try_out(&lines, &promotions);
    let near: Vec<_> = outcome.near.iter().map(|near| near.promotion).collect();
    // Number 31 would be reached by ten; 30 lacks one of eleven.
    let nearest: Vec<_> = (11..=30).rev().map(promotion_id).collect();
    assert_eq!(near, nearest);
}

#[test]
fn an_offer_is_told_beside_an_item() {
    let pack = PackFactor::new(12).unwrap();
    let ten_and_two = promotion(1, ten_and_two()).on(&[1]);
    assert_eq!(
        offer(&ten_and_two, &item(1), pack),
        Some(Offer {
            missing: of_item(1, 12),
            gain: goods(1, 2)
        })
    );
    assert_eq!(offer(&ten_and_two, &item(2), pack), None);
    let set = Mechanic::Bundle {
        parts: vec![part(1, 2), part(2, 1)],
        price_minor: 600,
        times: None,
    };
    let set = promotion(1, set);
    assert!(covers(&set, &item(2)) && !covers(&set, &item(3)));
    assert_eq!(
        offer(&set, &item(2), pack),
        Some(Offer {
            missing: Missing::Parts {
                parts: vec![part(1, 2), part(2, 1)]
            },
            gain: Gain::BundlePrice { minor: 600 }
        })
    );
}
