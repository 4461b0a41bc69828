//! Every mechanic in figures. Prices are in ten-thousandths: 20_000 is 2.00; discounts in cents.

use trade::money::{BasisPoints, UnitPrice};
use trade::promotion::{Applied, Cut, FreeGood, Mechanic, Passed, Tier, apply};

use super::shop::*;

/// One promotion on a basket: what it takes off each line and how often it was reached. None where
/// it was not.
fn gives(
    lines: &[trade::promotion::Line],
    promotion: &trade::promotion::Promotion,
) -> Option<(Vec<i64>, i64)> {
    let outcome = try_out(lines, std::slice::from_ref(promotion));
    match outcome.applied.as_slice() {
        [] => {
            assert_eq!(outcome.passed, [(promotion.id, Passed::NotReached)]);
            None
        }
        [Applied { times, .. }] => Some((off(&outcome), *times)),
        _ => panic!("applied twice"),
    }
}

#[test]
fn percent_takes_a_share_off_each_item_that_reaches_it() {
    let ten_from_six = promotion(1, percent(1_000, 6));
    let basket = [pieces(1, 6, 20_000), pieces(2, 5, 20_000)];
    assert_eq!(gives(&basket, &ten_from_six), Some((vec![120, 0], 1)));
    // Two lines of one item count together; 15 % of 3 × 0.99 + 3 × 0.99 is 0.891, so 0.89.
    let fifteen = promotion(1, percent(1_500, 6));
    let basket = [pieces(1, 3, 9_900), pieces(1, 3, 9_900)];
    assert_eq!(gives(&basket, &fifteen), Some((vec![45, 44], 1)));
    assert_eq!(gives(&[pieces(1, 5, 9_900)], &fifteen), None);
}

#[test]
fn percent_may_count_whole_packs() {
    let from_two_cases = promotion(
        1,
        Mechanic::Percent {
            off: BasisPoints(1_000),
            from: 2,
            count_in: PACKS,
        },
    );
    // One case and 11 pieces are one pack, one case and 12 pieces are two.
    let short = [cases(1, 1, 240_000), pieces(1, 11, 20_000)];
    assert_eq!(gives(&short, &from_two_cases), None);
    let enough = [cases(1, 1, 240_000), pieces(1, 12, 20_000)];
    assert_eq!(gives(&enough, &from_two_cases), Some((vec![240, 240], 1)));
}

#[test]
fn amount_is_off_each_one_that_is_counted() {
    let amount = |off, count_in| {
        promotion(
            1,
            Mechanic::Amount {
                off: UnitPrice(off),
                from: 1,
                count_in,
            },
        )
    };
    assert_eq!(
        gives(&[pieces(1, 30, 20_000)], &amount(1_250, PIECES)),
        Some((vec![375], 1)) // 30 × 0.125
    );
    // 30 pieces are two packs; the six loose ones keep their price.
    assert_eq!(
        gives(&[pieces(1, 30, 20_000)], &amount(30_000, PACKS)),
        Some((vec![600], 1))
    );
    // Never more than the packs are worth: 24 × 2.00.
    assert_eq!(
        gives(&[pieces(1, 30, 20_000)], &amount(900_000, PACKS)),
        Some((vec![4_800], 1))
    );
}

#[test]
fn a_fixed_price_replaces_a_higher_one() {
    let fixed = |price, count_in| {
        promotion(
            1,
            Mechanic::FixedPrice {
                price: UnitPrice(price),
                from: 1,
                count_in,
            },
        )
    };
    assert_eq!(
        gives(&[pieces(1, 10, 20_000)], &fixed(15_000, PIECES)),
        Some((vec![500], 1))
    );
    // Two packs of 24.00 for 20.00 each; six loose pieces at 2.00 stay.
    assert_eq!(
        gives(&[pieces(1, 30, 20_000)], &fixed(200_000, PACKS)),
        Some((vec![800], 1))
    );
    let dear = try_out(&[pieces(1, 10, 20_000)], &[fixed(25_000, PIECES)]);
    assert_eq!(dear.passed, [(promotion_id(1), Passed::NothingLeft)]);
}

#[test]
fn buy_and_get_makes_some_of_each_round_cheaper() {
    let ten_and_two = |off, times| {
        promotion(
            1,
            Mechanic::BuyGet {
                buy: 10,
                get: 2,
                off: BasisPoints(off),
                count_in: PIECES,
                times,
            },
        )
    };
    let basket = [pieces(1, 30, 20_000), pieces(2, 11, 20_000)];
    assert_eq!(
        gives(&basket, &ten_and_two(10_000, None)),
        Some((vec![800, 0], 2))
    );
    assert_eq!(
        gives(&basket, &ten_and_two(5_000, None)),
        Some((vec![400, 0], 2))
    );
    assert_eq!(
        gives(&basket, &ten_and_two(10_000, Some(1))),
        Some((vec![400, 0], 1))
    );
    // The limit is the order's: the dearer item comes first.
    let basket = [pieces(1, 12, 20_000), pieces(2, 24, 30_000)];
    assert_eq!(
        gives(&basket, &ten_and_two(10_000, Some(2))),
        Some((vec![0, 1_200], 2))
    );
    // One item at two prices: the average of 2.00 and 3.00.
    let basket = [pieces(1, 6, 20_000), pieces(1, 6, 30_000)];
    assert_eq!(
        gives(&basket, &ten_and_two(10_000, None)),
        Some((vec![200, 300], 1))
    );
}

#[test]
fn buy_and_get_another_makes_what_is_in_the_basket_cheaper() {
    let scarf = |times| {
        promotion(
            1,
            Mechanic::BuyGetOther {
                buy: 6,
                count_in: PIECES,
                get: part(9, 2),
                off: BasisPoints(5_000),
                times,
            },
        )
        .on(&[1, 2])
    };
    let basket = [
        pieces(1, 7, 20_000),
        pieces(2, 6, 20_000),
        pieces(9, 5, 10_000),
    ];
    // 13 of the assortment: twice, so four of the five at half price.
    assert_eq!(gives(&basket, &scarf(None)), Some((vec![0, 0, 200], 2)));
    assert_eq!(gives(&basket, &scarf(Some(1))), Some((vec![0, 0, 100], 1)));
    // Three are there, so the second time makes only one cheaper.
    let basket = [pieces(1, 13, 20_000), pieces(9, 3, 10_000)];
    assert_eq!(gives(&basket, &scarf(None)), Some((vec![0, 150], 2)));
    assert_eq!(gives(&[pieces(1, 13, 20_000)], &scarf(None)), None);
}

#[test]
fn free_goods_come_along_and_cost_their_worth() {
    let one_per_six = promotion(
        1,
        Mechanic::FreeGoods {
            buy: 6,
            count_in: PIECES,
            give: part(9, 2),
            times: None,
        },
    )
    .on(&[1, 2]);
    let lines = [pieces(1, 7, 20_000), pieces(2, 6, 20_000)];
    let worth = [(product(9), UnitPrice(31_050))];
    let outcome = apply(
        &basket(&lines, &worth),
        std::slice::from_ref(&one_per_six),
        &[],
    )
    .unwrap();
    assert_eq!(
        outcome.free,
        [FreeGood {
            part: part(9, 4),
            promotion: promotion_id(1)
        }]
    );
    assert_eq!(
        outcome.applied,
        [Applied {
            promotion: promotion_id(1),
            discount: eur(0),
            spend: eur(1_242), // 4 × 3.105
            times: 2
        }]
    );
    assert_eq!(off(&outcome), [0, 0]);
    assert_eq!(gives(&[pieces(1, 5, 20_000)], &one_per_six), None);
}

#[test]
fn a_bundle_costs_its_price_as_often_as_it_is_complete() {
    let set = promotion(
        1,
        Mechanic::Bundle {
            parts: vec![part(1, 2), part(2, 1)],
            price_minor: 500,
            times: None,
        },
    );
    // 2 × 2.00 + 3.00 is 7.00, twice for 10.00 instead of 14.00. Spread by 8.00 and 6.00.
    let basket = [pieces(1, 5, 20_000), pieces(2, 2, 30_000)];
    assert_eq!(gives(&basket, &set), Some((vec![229, 171], 2)));
    assert_eq!(gives(&[pieces(1, 5, 20_000)], &set), None);
    let cheap = [pieces(1, 2, 10_000), pieces(2, 1, 10_000)];
    let outcome = try_out(&cheap, std::slice::from_ref(&set));
    assert_eq!(outcome.passed, [(set.id, Passed::NothingLeft)]);
}

#[test]
fn mix_and_match_gives_the_highest_tier_reached() {
    let tiers = promotion(
        1,
        Mechanic::MixAndMatch {
            tiers: vec![
                Tier {
                    from: 6,
                    cut: Cut::Percent(BasisPoints(500)),
                },
                Tier {
                    from: 12,
                    cut: Cut::Amount(700),
                },
            ],
            count_in: PIECES,
        },
    )
    .on(&[1, 2]);
    let other = pieces(3, 50, 20_000);
    let five = [pieces(1, 2, 20_000), pieces(2, 3, 30_000), other.clone()];
    assert_eq!(gives(&five, &tiers), None);
    // 5 % of 4.00 and 12.00.
    let six = [pieces(1, 2, 20_000), pieces(2, 4, 30_000), other.clone()];
    assert_eq!(gives(&six, &tiers), Some((vec![20, 60, 0], 1)));
    // 7.00 over 8.00 and 24.00.
    let twelve = [pieces(1, 4, 20_000), pieces(2, 8, 30_000), other];
    assert_eq!(gives(&twelve, &tiers), Some((vec![175, 525, 0], 1)));
}

#[test]
fn order_value_counts_what_earlier_stages_left() {
    let order = promotion(
        2,
        Mechanic::OrderValue {
            tiers: vec![Tier {
                from: 10_000,
                cut: Cut::Percent(BasisPoints(200)),
            }],
        },
    );
    assert_eq!(
        gives(&[pieces(1, 50, 20_000)], &order),
        Some((vec![200], 1))
    );
    assert_eq!(gives(&[pieces(1, 49, 20_000)], &order), None);
    let both = try_out(
        &[pieces(1, 50, 20_000)],
        &[promotion(1, percent(100, 1)), order],
    );
    assert_eq!(both.passed, [(promotion_id(2), Passed::NotReached)]);
}

#[test]
fn free_freight_is_reached_by_what_all_discounts_left() {
    let freight = promotion(2, Mechanic::FreeFreight { from_minor: 9_900 });
    let basket = [pieces(1, 50, 20_000)];
    let outcome = try_out(&basket, &[promotion(1, percent(100, 1)), freight.clone()]);
    assert_eq!(outcome.free_freight, Some(freight.id));
    assert_eq!(outcome.applied[1].spend, eur(0));
    let outcome = try_out(&basket, &[promotion(1, percent(101, 1)), freight.clone()]);
    assert_eq!(outcome.free_freight, None);
    assert_eq!(outcome.passed, [(freight.id, Passed::NotReached)]);
}
