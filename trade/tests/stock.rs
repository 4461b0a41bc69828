//! What is promised to those who wait in line: never a piece twice, and nobody loses by asking for
//! more.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use trade::quantity::PackFactor;
use trade::stock::{Promise, Receipt, promise};

fn day(offset: i64) -> Date {
    date(2026, 3, 1) + offset.days()
}

fn receipts() -> impl Strategy<Value = Vec<Receipt>> {
    let one = (0_i64..20, -3_i64..60).prop_map(|(offset, quantity)| Receipt {
        on: day(offset),
        quantity,
    });
    prop::collection::vec(one, 0..6)
}

fn total(promise: &Promise) -> i64 {
    promise.now + promise.later.iter().map(|(_, some)| some).sum::<i64>() + promise.unknown
}

/// Pieces that are promised for `on` or before.
fn until(promise: &Promise, on: Date) -> i64 {
    let later = promise.later.iter().filter(|(day, _)| *day <= on);
    promise.now + later.map(|(_, some)| some).sum::<i64>()
}

/// Pieces that are there on `on`, whoever gets them.
fn there(available: i64, receipts: &[Receipt], on: Date) -> i64 {
    let come = receipts.iter().filter(|receipt| receipt.on <= on);
    available + come.map(|receipt| receipt.quantity.max(0)).sum::<i64>()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_add_up_to_what_was_wanted(
        available in -50_i64..100, owed in 0_i64..100, receipts in receipts(), wanted in 0_i64..200,
    ) {
        let promise = promise(available, owed, &receipts, wanted);
        prop_assert_eq!(total(&promise), wanted);
        prop_assert!(promise.now >= 0 && promise.unknown >= 0);
        prop_assert!(promise.later.iter().all(|(_, some)| *some > 0));
        prop_assert!(promise.later.is_sorted_by(|a, b| a.0 < b.0));
        let all_later = promise.unknown == 0 && !promise.later.is_empty();
        prop_assert_eq!(promise.by.is_some(), all_later);
    }

    #[test]
    fn no_piece_is_promised_twice_on_any_day(
        available in -50_i64..100, receipts in receipts(),
        wants in prop::collection::vec(0_i64..60, 1..6),
    ) {
        let mut owed = 0;
        let mut promises = Vec::new();
        for wanted in wants {
            promises.push(promise(available, owed, &receipts, wanted));
            owed += wanted;
        }
        for offset in 0..20 {
            let on = day(offset);
            let promised: i64 = promises.iter().map(|promise| until(promise, on)).sum();
            prop_assert!(promised <= there(available, &receipts, on).max(0));
        }
        let now: i64 = promises.iter().map(|promise| promise.now).sum();
        prop_assert!(now <= available.max(0));
    }

    #[test]
    fn who_wants_more_gets_no_less_and_no_earlier(
        available in -50_i64..100, owed in 0_i64..100, receipts in receipts(),
        wanted in 0_i64..200, more in 0_i64..50,
    ) {
        let less = promise(available, owed, &receipts, wanted);
        let more = promise(available, owed, &receipts, wanted + more);
        for offset in 0..20 {
            prop_assert!(until(&less, day(offset)) <= until(&more, day(offset)));
        }
        prop_assert!(less.now <= more.now && less.unknown <= more.unknown);
        if more.unknown == 0 {
            prop_assert!(less.by <= more.by);
        }
    }

    #[test]
    fn the_order_of_receipts_does_not_matter(
        available in -50_i64..100, owed in 0_i64..100,
        (receipts, shuffled) in receipts().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        wanted in 0_i64..200,
    ) {
        prop_assert_eq!(
            promise(available, owed, &receipts, wanted),
            promise(available, owed, &shuffled, wanted)
        );
    }

    #[test]
    fn a_unit_is_there_when_its_last_piece_is(
        available in -50_i64..100, owed in 0_i64..100, receipts in receipts(),
        units in 0_i64..20, factor in 1_i64..13,
    ) {
        let factor = PackFactor::new(factor).expect("a factor");
        let pieces = promise(available, owed, &receipts, units * factor.get());
        let counted = pieces.in_units(factor);
        prop_assert_eq!(total(&counted), units);
        for offset in 0..20 {
            let on = day(offset);
            prop_assert_eq!(until(&counted, on), until(&pieces, on) / factor.get());
        }
        prop_assert_eq!(counted.by, pieces.by.filter(|_| counted.unknown == 0 && !counted.later.is_empty()));
    }
}

#[test]
fn who_waits_longer_is_served_first() {
    let receipts = [
        Receipt {
            on: day(9),
            quantity: 10,
        },
        Receipt {
            on: day(4),
            quantity: 10,
        },
    ];
    let answer = promise(0, 15, &receipts, 8);
    assert_eq!(
        answer,
        Promise {
            now: 0,
            later: vec![(day(9), 5)],
            by: None,
            unknown: 3,
        }
    );
    assert_eq!(
        promise(-4, 0, &receipts, 6),
        Promise {
            now: 0,
            later: vec![(day(4), 6)],
            by: Some(day(4)),
            unknown: 0,
        }
    );
}
