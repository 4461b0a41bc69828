//! Classes, priorities and the order of things.

use trade::money::BasisPoints;
use trade::promotion::{Cut, Mechanic, Passed, Tier};

use super::shop::*;

#[test]
fn classless_promotions_each_take_from_what_the_earlier_ones_left() {
    // 10 % of 100.00, then 10 % of 90.00; the third finds nothing after 100 %.
    let outcome = try_out(
        &[pieces(1, 50, 20_000)],
        &[
            promotion(4, percent(1_000, 1)),
            promotion(3, percent(10_000, 1)),
            promotion(2, percent(1_000, 1)),
            promotion(1, percent(1_000, 1)),
        ],
    );
    let steps: Vec<_> = outcome.lines[0]
        .steps
        .iter()
        .map(|step| (step.code.as_str(), step.discount.minor))
        .collect();
    assert_eq!(steps, [("P1", 1_000), ("P2", 900), ("P3", 8_100)]);
    assert_eq!(outcome.passed, [(promotion_id(4), Passed::NothingLeft)]);
}

#[test]
fn in_a_class_each_item_gets_its_best_one() {
    let ten_percent = promotion(1, percent(1_000, 1)).class("spring");
    let one_off = promotion(
        2,
        Mechanic::Amount {
            off: trade::money::UnitPrice(3_000),
            from: 1,
            count_in: PIECES,
        },
    )
    .class("spring");
    let two_percent = promotion(3, percent(200, 1)).class("spring");
    // Of 2.00, 0.30 is more than 10 %; of 4.00 it is less.
    let outcome = try_out(
        &[pieces(1, 10, 20_000), pieces(2, 10, 40_000)],
        &[ten_percent, one_off, two_percent],
    );
    assert_eq!(off(&outcome), [300, 400]);
    assert_eq!(outcome.passed, [(promotion_id(3), Passed::BetterInClass)]);
}

#[test]
fn in_a_class_equals_are_decided_by_priority_then_id() {
    let mut first = promotion(2, percent(1_000, 1)).class("a");
    let mut second = promotion(1, percent(1_000, 1)).class("a");
    let outcome = try_out(&[pieces(1, 1, 20_000)], &[first.clone(), second.clone()]);
    assert_eq!(outcome.applied[0].promotion, promotion_id(1));
    (first.priority, second.priority) = (1, 2);
    let outcome = try_out(&[pieces(1, 1, 20_000)], &[first.clone(), second.clone()]);
    assert_eq!(outcome.applied[0].promotion, promotion_id(2));
    second.priority = 1;
    let outcome = try_out(&[pieces(1, 1, 20_000)], &[first, second]);
    assert_eq!(outcome.applied[0].promotion, promotion_id(1));
}

#[test]
fn a_class_holds_within_a_stage_only() {
    let tier = |from, off| {
        vec![Tier {
            from,
            cut: Cut::Percent(BasisPoints(off)),
        }]
    };
    let item = promotion(9, percent(1_000, 1)).class("a");
    let mix = |number, off| {
        let mechanic = Mechanic::MixAndMatch {
            tiers: tier(1, off),
            count_in: PIECES,
        };
        promotion(number, mechanic).class("a")
    };
    let order = promotion(
        1,
        Mechanic::OrderValue {
            tiers: tier(1, 1_000),
        },
    )
    .class("a");
    let outcome = try_out(
        &[pieces(1, 50, 20_000)],
        &[order, mix(2, 500), mix(3, 1_000), item],
    );
    let applied: Vec<_> = outcome
        .applied
        .iter()
        .map(|a| (a.promotion, a.discount.minor))
        .collect();
    assert_eq!(
        applied,
        [
            (promotion_id(9), 1_000),
            (promotion_id(3), 900),
            (promotion_id(1), 810)
        ]
    );
    assert_eq!(outcome.passed, [(promotion_id(2), Passed::BetterInClass)]);
}
