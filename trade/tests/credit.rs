//! Credit: exposure against the limit, what is overdue, and the ages of a statement.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use trade::credit::{Age, Overdue, Standing, ageing, days_late, paid_early};
use trade::hold::{Facts, HoldKind};
use trade::id::AccountId;
use trade::money::{BasisPoints, Currency, Money};
use uuid::Uuid;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn standing(limit: Option<i64>, held: i64, confirmed: i64, receivable: i64) -> Standing {
    Standing {
        bill_to: AccountId(Uuid::nil()),
        limit: limit.map(eur),
        held: eur(held),
        confirmed: eur(confirmed),
        receivable: eur(receivable),
        tolerance_days: 14,
    }
}

#[test]
fn an_order_may_use_the_limit_to_the_cent_and_not_one_more() {
    let standing = standing(Some(100_000), 10_000, 20_000, 30_000);
    assert_eq!(standing.exposure().unwrap(), eur(60_000));
    assert_eq!(standing.remaining().unwrap(), Some(eur(40_000)));
    assert_eq!(standing.over_limit(eur(40_000)).unwrap(), None);
    let opening = standing.over_limit(eur(40_001)).unwrap().unwrap();
    assert_eq!(opening.kind, HoldKind::Credit);
    assert_eq!(
        opening.facts,
        Facts::Credit {
            limit: eur(100_000),
            exposure: eur(60_000),
            gross: eur(40_001),
        }
    );
}

#[test]
fn without_a_limit_nothing_is_held_and_what_the_brand_owes_counts() {
    assert_eq!(
        standing(None, 0, 0, i64::MAX / 2)
            .over_limit(eur(1_000_000))
            .unwrap(),
        None
    );
    let in_credit = standing(Some(10_000), 0, 0, -5_000);
    assert_eq!(in_credit.remaining().unwrap(), Some(eur(15_000)));
    assert_eq!(in_credit.over_limit(eur(15_000)).unwrap(), None);
    assert!(in_credit.over_limit(eur(15_001)).unwrap().is_some());
}

#[test]
fn an_invoice_is_tolerated_for_as_many_days_as_are_agreed() {
    let standing = standing(None, 0, 0, 0);
    let today = date(2026, 3, 15);
    // Due on the first: fourteen days late today, which is still tolerated.
    assert_eq!(standing.overdue_before(today), date(2026, 3, 1));
    let overdue = Overdue {
        open: eur(118_024),
        items: 2,
        oldest_due: date(2026, 2, 28),
    };
    assert_eq!(
        overdue.opening(today, 14).facts,
        Facts::Overdue {
            overdue: eur(118_024),
            items: 2,
            oldest_days: 15,
            tolerance_days: 14,
        }
    );
}

#[test]
fn ages_begin_the_day_after_the_due_date() {
    let today = date(2026, 3, 31);
    let age = |late: i64| {
        let due = today.checked_sub(jiff::Span::new().days(late)).unwrap();
        Age::of(1, due, today)
    };
    assert_eq!(age(-1), Age::NotDue);
    assert_eq!(age(0), Age::NotDue);
    assert_eq!(age(1), Age::To30);
    assert_eq!(age(30), Age::To30);
    assert_eq!(age(31), Age::To60);
    assert_eq!(age(60), Age::To60);
    assert_eq!(age(61), Age::To90);
    assert_eq!(age(90), Age::To90);
    assert_eq!(age(91), Age::Beyond90);
    assert_eq!(Age::of(-1, date(2020, 1, 1), today), Age::Credit);
}

#[test]
fn paying_early_takes_the_discount_off_what_is_open() {
    assert_eq!(
        paid_early(eur(120_433), BasisPoints(200)).unwrap(),
        eur(118_024)
    );
    assert_eq!(paid_early(eur(1), BasisPoints(0)).unwrap(), eur(1));
    assert_eq!(paid_early(eur(99), BasisPoints(10_000)).unwrap(), eur(0));
}

fn day() -> impl Strategy<Value = Date> {
    (0_i64..1_500).prop_map(|days| {
        date(2024, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .unwrap_or(Date::MAX)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_orders_that_come_one_after_another_none_is_let_through_over_the_limit(
        limit in 0_i64..1_000_000,
        receivable in -500_000_i64..500_000,
        orders in prop::collection::vec(1_i64..400_000, 0..40),
    ) {
        let mut standing = standing(Some(limit), 0, 0, receivable);
        for gross in orders.into_iter().map(eur) {
            let before = standing.exposure().unwrap().minor;
            match standing.over_limit(gross).unwrap() {
                // Held orders count too: whoever comes next finds less.
                Some(opening) => {
                    prop_assert!(before + gross.minor > limit);
                    prop_assert_eq!(opening.kind, HoldKind::Credit);
                    standing.held = standing.held.plus(gross).unwrap();
                    // Asked anew without itself, the answer is the same.
                    let again = standing.clone().without_held(gross).unwrap();
                    prop_assert_eq!(again.exposure().unwrap().minor, before);
                    prop_assert_eq!(again.over_limit(gross).unwrap(), Some(opening));
                }
                None => {
                    prop_assert!(before + gross.minor <= limit);
                    standing.confirmed = standing.confirmed.plus(gross).unwrap();
                    prop_assert!(standing.remaining().unwrap().unwrap().minor >= 0);
                }
            }
        }
    }

    #[test]
    fn the_ages_of_a_statement_add_up_to_what_is_open(
        items in prop::collection::vec((day(), -1_000_000_i64..1_000_000), 0..80),
        today in day(),
    ) {
        let ages = ageing(Currency::EUR, today, items.clone()).unwrap();
        prop_assert_eq!(ages.total.minor, items.iter().map(|(_, open)| open).sum::<i64>());
        prop_assert_eq!(ages.rows.iter().map(|(_, open)| open.minor).sum::<i64>(), ages.total.minor);
        let late: i64 = items.iter().filter(|(due, open)| *open > 0 && *due < today)
            .map(|(_, open)| open).sum();
        let aged: i64 = ages.rows.iter().filter(|(age, _)| *age > Age::NotDue)
            .map(|(_, open)| open.minor).sum();
        prop_assert_eq!(aged, late);
    }

    #[test]
    fn an_invoice_within_the_tolerance_is_not_overdue_and_a_day_later_it_is(
        due in day(), tolerance in 0_i32..=365,
    ) {
        let mut standing = standing(None, 0, 0, 0);
        standing.tolerance_days = tolerance;
        let last = due.checked_add(jiff::Span::new().days(tolerance)).unwrap();
        prop_assert!(due >= standing.overdue_before(last));
        prop_assert!(due < standing.overdue_before(last.tomorrow().unwrap()));
        prop_assert_eq!(days_late(due, last), i64::from(tolerance));
    }

    #[test]
    fn what_is_paid_early_is_between_nothing_and_all(open in 0_i64..1_000_000_000, rate in 0_i32..=10_000) {
        let paid = paid_early(eur(open), BasisPoints(rate)).unwrap();
        prop_assert!(0 <= paid.minor && paid.minor <= open);
        prop_assert_eq!(paid.minor + eur(open).share(BasisPoints(rate)).unwrap().minor, open);
    }
}
