//! Validity, counts, caps and funds.

use jiff::civil::date;
use trade::calendar::Period;
use trade::promotion::Passed;

use super::shop::*;

#[test]
fn what_takes_no_part_says_why() {
    let mut gbp = promotion(1, percent(1_000, 1));
    gbp.currency = trade::money::Currency::GBP;
    let mut over = promotion(2, percent(1_000, 1));
    over.validity = Period::new(date(2026, 3, 1), Some(TODAY));
    let mut used = promotion(3, percent(1_000, 1));
    used.left.account_uses = Some(0);
    let mut used_by_all = promotion(4, percent(1_000, 1));
    used_by_all.left.uses = Some(0);
    let high = promotion(5, percent(1_000, 100));
    let outcome = try_out(
        &[pieces(1, 10, 20_000)],
        &[high, used_by_all, used, over, gbp],
    );
    assert_eq!(off(&outcome), [0]);
    assert_eq!(
        outcome.passed,
        [
            (promotion_id(1), Passed::OtherCurrency),
            (promotion_id(2), Passed::OutsideValidity),
            (promotion_id(3), Passed::AccountLimit),
            (promotion_id(4), Passed::TotalLimit),
            (promotion_id(5), Passed::NotReached),
        ]
    );
}

#[test]
fn a_cap_carries_the_whole_discount_or_none_of_it() {
    let basket = [pieces(1, 10, 20_000), pieces(2, 10, 20_000)];
    let outcome = try_out(&basket, &[promotion(1, percent(1_000, 1)).cap(400)]);
    assert_eq!(off(&outcome), [200, 200]);
    let outcome = try_out(&basket, &[promotion(1, percent(1_000, 1)).cap(399)]);
    assert_eq!(off(&outcome), [0, 0]);
    assert_eq!(outcome.passed, [(promotion_id(1), Passed::CapReached)]);
}

#[test]
fn a_fund_is_charged_in_the_order_of_application() {
    let basket = [pieces(1, 10, 20_000)];
    let promotions = [
        promotion(1, percent(1_000, 1)).paid_by(1), // 2.00
        promotion(2, percent(1_000, 1)).paid_by(1), // 1.80
        promotion(3, percent(500, 1)).paid_by(1),   // 0.90 of 18.00
    ];
    let outcome = with_funds(&basket, &promotions, &[(1, 300)]);
    let spent: Vec<_> = outcome
        .applied
        .iter()
        .map(|a| (a.promotion, a.spend.minor))
        .collect();
    assert_eq!(spent, [(promotion_id(1), 200), (promotion_id(3), 90)]);
    assert_eq!(outcome.passed, [(promotion_id(2), Passed::FundSpent)]);
    let unfunded = with_funds(&basket, &promotions, &[]);
    assert!(unfunded.applied.is_empty());
}

#[test]
fn a_spent_fund_lets_the_next_best_of_the_class_apply() {
    let basket = [pieces(1, 10, 20_000)];
    let better = promotion(1, percent(1_000, 1)).class("a").paid_by(1);
    let lesser = promotion(2, percent(500, 1)).class("a");
    let outcome = with_funds(&basket, &[better, lesser], &[(1, 199)]);
    assert_eq!(off(&outcome), [100]);
    assert_eq!(outcome.passed, [(promotion_id(1), Passed::FundSpent)]);
}
