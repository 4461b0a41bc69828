//! Money: parts make up the whole, and rounding happens once, in one direction.
#![expect(clippy::unwrap_used, reason = "a test that stumbles says where")]

use proptest::prelude::*;
use trade::money::{BasisPoints, Currency, Money, UnitPrice};

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["EUR", "JPY", "KWD", "GBP"]).prop_map(|code| code.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_up_to_the_whole(
        minor in -1_000_000_000_000_i64..1_000_000_000_000,
        weights in prop::collection::vec(0_u64..1_000_000, 1..40),
    ) {
        let whole = Money::new(minor, Currency::EUR);
        let parts = whole.spread(&weights);
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Money::sum(Currency::EUR, parts.iter().copied()).unwrap(), whole);
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if total == 0 {
            return Ok(());
        }
        for (part, weight) in parts.iter().zip(&weights) {
            // No part is a whole cent away from its exact share, and none has the other sign.
            let off = i128::from(part.minor) * total - i128::from(minor) * i128::from(*weight);
            prop_assert!(off.abs() < total);
            prop_assert!(part.minor == 0 || part.minor.signum() == minor.signum());
        }
    }

    #[test]
    fn equal_shares_differ_by_a_cent_at_most_and_the_first_have_it(minor in 0_i64..1_000_000, count in 1_usize..50) {
        let parts = Money::new(minor, Currency::EUR).spread(&vec![1; count]);
        let minors: Vec<i64> = parts.iter().map(|part| part.minor).collect();
        prop_assert!(minors.iter().max().unwrap() - minors.iter().min().unwrap() <= 1);
        prop_assert!(minors.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn a_line_is_rounded_once_half_away_from_zero(
        price in 0_i64..100_000_000_000, quantity in -1_000_000_i64..=1_000_000, currency in currency()
    ) {
        let total = UnitPrice(price).line_total(quantity, currency).unwrap();
        let exact = i128::from(price) * i128::from(quantity);
        let unit = 10_i128.pow(4 - currency.decimals());
        let off = exact - i128::from(total.minor) * unit;
        prop_assert!(2 * off.abs() <= unit);
        // At exactly half a cent the larger amount is taken.
        if unit > 1 && 2 * off.abs() == unit {
            prop_assert!(off.signum() == -exact.signum());
        }
        let back = UnitPrice(price).line_total(-quantity, currency).unwrap();
        prop_assert_eq!(back.minor, -total.minor);
    }

    #[test]
    fn a_share_and_the_rest_are_the_whole_within_a_cent(minor in -1_000_000_000_i64..1_000_000_000, rate in 0_i32..=10_000) {
        let whole = Money::new(minor, Currency::EUR);
        let share = whole.share(BasisPoints(rate)).unwrap();
        let rest = whole.share(BasisPoints(10_000 - rate)).unwrap();
        prop_assert!((share.minor + rest.minor - minor).abs() <= 1);
        prop_assert_eq!(whole.share(BasisPoints(10_000)).unwrap(), whole);
        prop_assert_eq!(whole.share(BasisPoints(0)).unwrap().minor, 0);
    }

    #[test]
    fn a_discount_never_makes_a_price_dearer_or_negative(price in 0_i64..1_000_000_000, discount in 0_i32..=10_000) {
        let less = UnitPrice(price).less(BasisPoints(discount)).0;
        prop_assert!((0..=price).contains(&less));
    }

    #[test]
    fn amounts_are_read_as_they_are_written(minor in any::<i64>(), currency in currency()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::from_decimal(&money.to_decimal(), currency), Ok(money));
        let price = UnitPrice(minor);
        prop_assert_eq!(price.to_decimal().parse(), Ok(price));
    }

    #[test]
    fn whatever_is_typed_for_an_amount_is_an_amount_or_refused(text in ".{0,30}") {
        if let Ok(money) = Money::from_decimal(&text, Currency::EUR) {
            let again = Money::from_decimal(&money.to_decimal(), Currency::EUR);
            prop_assert_eq!(again, Ok(money));
        }
    }

    #[test]
    fn currencies_are_never_added(minor in any::<i32>()) {
        let euros = Money::new(minor.into(), Currency::EUR);
        prop_assert!(euros.plus(Money::new(1, Currency::GBP)).is_err());
    }
}
