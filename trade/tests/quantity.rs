//! Which quantities are allowed, against trying them one by one.
#![expect(clippy::unwrap_used, reason = "a test that stumbles says where")]

use proptest::prelude::*;
use trade::quantity::{MAX_ORDERED, Misfit, OrderRule, PackFactor, Quantity};

#[derive(Debug, Clone, Copy)]
struct Sold {
    factor: i64,
    moq: i64,
    multiple: i64,
}

impl Sold {
    fn rule(self) -> OrderRule {
        OrderRule::new(
            PackFactor::new(self.factor).unwrap(),
            self.moq,
            self.multiple,
        )
        .unwrap()
    }

    /// At least the minimum, in whole steps, both counted in base units.
    fn allows(self, quantity: i64, factor: i64) -> bool {
        let pieces = quantity * factor;
        (1..=MAX_ORDERED).contains(&quantity)
            && pieces >= self.moq * self.factor
            && pieces % (self.multiple * self.factor) == 0
    }
}

fn sold() -> impl Strategy<Value = Sold> {
    (1_i64..=24, 1_i64..=20, 1_i64..=12).prop_map(|(factor, moq, multiple)| Sold {
        factor,
        moq,
        multiple,
    })
}

/// Further than any step of [`sold`] reaches.
const FAR: i64 = 2_000;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_instead_is_allowed_and_nothing_nearer_is(
        sold in sold(), factor in 1_i64..=30, quantity in -3_i64..1_000
    ) {
        let unit = PackFactor::new(factor).unwrap();
        let below = (1..quantity).rev().find(|q| sold.allows(*q, factor));
        let above = (quantity.max(0) + 1..quantity.max(0) + FAR).find(|q| sold.allows(*q, factor));
        match sold.rule().fit(quantity, unit) {
            Ok(pieces) => {
                prop_assert!(sold.allows(quantity, factor));
                prop_assert_eq!(pieces, Quantity(quantity * factor));
            }
            Err(Misfit::NotPositive) => prop_assert!(quantity <= 0),
            Err(Misfit::BelowMinimum { minimum }) => {
                prop_assert!(quantity * factor < sold.moq * sold.factor);
                prop_assert_eq!(minimum, above);
            }
            Err(Misfit::OffMultiple { step, below: offered_below, above: offered_above }) => {
                prop_assert!(!sold.allows(quantity, factor));
                prop_assert_eq!((offered_below, offered_above), (below, above));
                prop_assert_eq!(step, sold.rule().step_in(unit));
            }
            Err(Misfit::TooLarge { .. }) => prop_assert!(false, "{} is not too large", quantity),
        }
    }

    #[test]
    fn a_list_offers_the_least_first_and_then_step_by_step(sold in sold(), factor in 1_i64..=30) {
        let unit = PackFactor::new(factor).unwrap();
        let allowed: Vec<i64> = (1..FAR * 2).filter(|q| sold.allows(*q, factor)).take(3).collect();
        let (least, step) = (sold.rule().least(unit), sold.rule().step_in(unit));
        prop_assert_eq!(allowed, vec![least, least + step, least + 2 * step]);
    }

    #[test]
    fn beyond_the_bound_the_most_allowed_is_offered(sold in sold(), factor in 1_i64..=30, more in 1_i64..10_000) {
        let unit = PackFactor::new(factor).unwrap();
        let most = (1..=MAX_ORDERED).rev().find(|q| sold.allows(*q, factor)).unwrap();
        prop_assert_eq!(
            sold.rule().fit(MAX_ORDERED + more, unit),
            Err(Misfit::TooLarge { maximum: most })
        );
    }

    #[test]
    fn no_quantity_is_rounded_in_silence(quantity in any::<i64>(), factor in 1_i64..=100_000, moq in 1..=MAX_ORDERED, multiple in 1..=MAX_ORDERED) {
        let unit = PackFactor::new(factor).unwrap();
        let rule = OrderRule::new(unit, moq, multiple).unwrap();
        if let Ok(pieces) = rule.fit(quantity, unit) {
            prop_assert_eq!(pieces.0, quantity * factor);
        }
    }
}
