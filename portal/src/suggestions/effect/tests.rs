//! Numbers that a hand reckons, against those of the trial.

use super::*;

fn account(arm: TrialArm, orders: &[i64], lines: u32, suggested: u32) -> Account {
    let count = u32::try_from(orders.len()).unwrap();
    Account {
        arm,
        days: 28,
        orders: count,
        valued: count,
        value_minor: orders.iter().sum(),
        lines,
        suggested,
        seconds: Vec::new(),
    }
}

fn with(orders: &[i64]) -> Account {
    account(TrialArm::Suggestions, orders, 10, 4)
}

fn without(orders: &[i64]) -> Account {
    account(TrialArm::Control, orders, 8, 0)
}

fn timed(arm: TrialArm, seconds: &[u32]) -> Account {
    Account {
        seconds: seconds.to_vec(),
        ..account(arm, &vec![100; seconds.len()], 10, 0)
    }
}

#[test]
fn means_are_what_a_hand_reckons() {
    // Three accounts, four orders of 100, 200, 300 and 400 in four weeks; one ordered nothing.
    let accounts = [with(&[100, 200]), with(&[300, 400]), with(&[])];
    let arm = of(&accounts, 1).suggestions;
    assert_eq!((arm.accounts, arm.ordering, arm.orders), (3, 2, 4));
    assert_eq!(arm.value_minor, 1_000);
    let value = |metric| arm.metric(metric).map(|estimate| estimate.value);
    assert_eq!(value(Metric::OrderValue), Some(250.0));
    assert_eq!(value(Metric::WeeklyOrders), Some(4.0 / 12.0));
    assert_eq!(value(Metric::WeeklyValue), Some(1_000.0 / 12.0));
    assert_eq!(value(Metric::OrderLines), Some(30.0 / 4.0));
    assert_eq!(value(Metric::SuggestedShare), Some(12.0 / 30.0));
    assert_eq!(value(Metric::MedianSeconds), None);
}

#[test]
fn a_median_is_over_orders_and_between_two_is_their_mean() {
    let arm = TrialArm::Suggestions;
    let median = |accounts: &[Account]| {
        let metric = of(accounts, 1).suggestions.metric(Metric::MedianSeconds);
        metric.map(|estimate| estimate.value)
    };
    assert_eq!(
        median(&[timed(arm, &[60, 90]), timed(arm, &[500])]),
        Some(90.0)
    );
    assert_eq!(
        median(&[timed(arm, &[60, 90]), timed(arm, &[100, 500])]),
        Some(95.0)
    );
    let mean = of(&[timed(arm, &[60, 90]), timed(arm, &[500])], 1);
    let mean = mean.suggestions.metric(Metric::MeanSeconds).unwrap();
    assert_eq!(mean.value, 650.0 / 3.0);
}

#[test]
fn accounts_that_are_all_alike_leave_no_doubt() {
    let accounts = vec![with(&[150]); 5];
    let estimate = of(&accounts, 1).suggestions.metric(Metric::OrderValue);
    assert_eq!(
        estimate,
        Some(Estimate {
            value: 150.0,
            interval: Some((150.0, 150.0))
        })
    );
}

#[test]
fn two_accounts_bound_their_own_interval() {
    // Drawn twice out of two: a quarter of the draws is the one alone, a quarter the other.
    let accounts = [with(&[100]), with(&[200])];
    let estimate = of(&accounts, 1).suggestions.metric(Metric::OrderValue);
    assert_eq!(
        estimate,
        Some(Estimate {
            value: 150.0,
            interval: Some((100.0, 200.0))
        })
    );
}

#[test]
fn orders_of_one_account_are_not_taken_for_independent() {
    // A hundred equal orders each: the interval is that of two accounts, not of 200 orders.
    let accounts = [with(&[100; 100]), with(&[200; 100])];
    let estimate = of(&accounts, 1)
        .suggestions
        .metric(Metric::OrderValue)
        .unwrap();
    assert_eq!(estimate.interval, Some((100.0, 200.0)));
}

#[test]
fn one_account_gives_a_number_and_no_interval() {
    let estimate = of(&[with(&[100, 300])], 1)
        .suggestions
        .metric(Metric::OrderValue);
    assert_eq!(
        estimate,
        Some(Estimate {
            value: 200.0,
            interval: None
        })
    );
}

#[test]
fn an_interval_is_as_wide_as_the_formula_says() {
    // Orders of 100, 101 … 199: standard deviation 28.866, standard error of the mean 2.887,
    // so about 5.66 each way.
    let accounts: Vec<Account> = (100..200).map(|value| with(&[value])).collect();
    let estimate = of(&accounts, 1)
        .suggestions
        .metric(Metric::OrderValue)
        .unwrap();
    let (low, high) = estimate.interval.unwrap();
    assert_eq!(estimate.value, 149.5);
    assert!((5.0..6.4).contains(&(149.5 - low)), "{low}");
    assert!((5.0..6.4).contains(&(high - 149.5)), "{high}");
}

#[test]
fn a_difference_is_with_less_without_and_as_a_part_of_without() {
    let mut accounts = vec![with(&[120]); 30];
    accounts.extend(vec![without(&[100]); 30]);
    let effect = of(&accounts, 1);
    let difference = effect.difference(Metric::OrderValue).unwrap();
    let absolute = Estimate {
        value: 20.0,
        interval: Some((20.0, 20.0)),
    };
    assert_eq!(difference.absolute, absolute);
    let relative = difference.relative.unwrap();
    assert!((relative.value - 0.2).abs() < 1e-12);
    assert_eq!(difference.detectable, Some(0.0));
    assert_eq!(effect.verdict(Metric::OrderValue), Verdict::More);
    assert_eq!(effect.verdict(Metric::WeeklyOrders), Verdict::Open);
    assert_eq!(effect.verdict(Metric::OrderLines), Verdict::More);
    assert_eq!(effect.verdict(Metric::MedianSeconds), Verdict::NotEnough);
}

#[test]
fn of_too_few_accounts_or_days_nothing_is_said() {
    let mut accounts = vec![with(&[120]); 30];
    accounts.extend(vec![without(&[100]); 19]);
    assert_eq!(
        of(&accounts, 1).verdict(Metric::OrderValue),
        Verdict::NotEnough
    );
    accounts.push(without(&[100]));
    assert_eq!(of(&accounts, 1).verdict(Metric::OrderValue), Verdict::More);
    for account in &mut accounts {
        account.days = 13;
    }
    assert_eq!(
        of(&accounts, 1).verdict(Metric::OrderValue),
        Verdict::NotEnough
    );
}

#[test]
fn chance_alone_is_seldom_taken_for_an_effect() {
    // Both arms from one and the same distribution, again and again: of 100 trials about five
    // find something that is not there; more than fifteen would be a wrong interval.
    let mut chance = Chance::new(3);
    let mut found = 0;
    for trial in 0..100 {
        let mut accounts = Vec::new();
        for _ in 0..40 {
            accounts.push(with(&[chance.between(50, 150)]));
            accounts.push(without(&[chance.between(50, 150)]));
        }
        let verdict = of(&accounts, trial).verdict(Metric::OrderValue);
        found += i32::from(verdict != Verdict::Open);
    }
    assert!((1..=15).contains(&found), "{found} of 100");
}

#[test]
fn the_same_seed_gives_the_same_interval() {
    let accounts: Vec<Account> = (0..30).map(|value| with(&[value * 17 % 40])).collect();
    assert_eq!(of(&accounts, 5), of(&accounts, 5));
}

#[test]
fn nobody_gives_nothing() {
    let effect = of(&[], 1);
    assert_eq!(effect.suggestions.accounts, 0);
    assert_eq!(effect.verdict(Metric::WeeklyValue), Verdict::NotEnough);
}

#[test]
fn whole_numbers_become_real_ones() {
    for number in [0, 1, -1, 123_456_789_012, -123_456_789_012, 1 << 52] {
        assert_eq!(format!("{:.0}", real(number)), number.to_string());
    }
}
