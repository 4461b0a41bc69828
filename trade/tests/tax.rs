//! Totals of a document: sums of rounded lines, the tax once a rate.

use proptest::prelude::*;
use trade::money::{BasisPoints, Currency, Money};
use trade::tax::{LineTax, TaxPlace, TaxReason, totals};

fn tax() -> impl Strategy<Value = LineTax> {
    prop_oneof![
        prop::sample::select(vec![0, 700, 1_900, 2_000]).prop_map(|rate| LineTax {
            rate: BasisPoints(rate),
            reason: TaxReason::Taxed
        }),
        Just(LineTax {
            rate: BasisPoints(0),
            reason: TaxReason::IntraCommunity
        }),
        Just(LineTax {
            rate: BasisPoints(0),
            reason: TaxReason::Export
        }),
    ]
}

fn lines() -> impl Strategy<Value = Vec<(Money, LineTax)>> {
    let line = (0_i64..10_000_000, tax());
    prop::collection::vec(
        line.prop_map(|(minor, tax)| (Money::new(minor, Currency::EUR), tax)),
        0..60,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_foot_of_a_document_adds_up(lines in lines()) {
        let sums = totals(Currency::EUR, lines.clone()).unwrap();
        let net: i64 = lines.iter().map(|(net, _)| net.minor).sum();
        prop_assert_eq!(sums.net.minor, net);
        prop_assert_eq!(sums.rows.iter().map(|row| row.net.minor).sum::<i64>(), net);
        prop_assert_eq!(sums.rows.iter().map(|row| row.amount.minor).sum::<i64>(), sums.tax.minor);
        prop_assert_eq!(sums.gross.minor, sums.net.minor + sums.tax.minor);
        for row in &sums.rows {
            let at_rate = lines.iter().filter(|(_, tax)| *tax == row.tax);
            prop_assert_eq!(at_rate.map(|(net, _)| net.minor).sum::<i64>(), row.net.minor);
            // Half up: nothing here is negative.
            let exact = row.net.minor * i64::from(row.tax.rate.0);
            prop_assert_eq!(row.amount.minor, (2 * exact + 10_000) / 20_000);
        }
        prop_assert!(sums.rows.is_sorted_by(|a, b| a.tax.rate >= b.tax.rate && a.tax != b.tax));
    }

    #[test]
    fn the_order_of_lines_changes_no_total(
        (lines, turned) in lines().prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
    ) {
        prop_assert_eq!(totals(Currency::EUR, lines), totals(Currency::EUR, turned));
    }

    #[test]
    fn only_taxed_lines_carry_a_rate(
        seller in prop::sample::select(vec!["DE", "CH", "AT"]),
        to in prop::sample::select(vec!["DE", "CH", "AT", "US"]),
        id in any::<bool>(),
        rate in 0_i32..=10_000,
    ) {
        let place = TaxPlace { seller_country: seller, ship_to_country: to, buyer_has_vat_id: id };
        let line = place.line(BasisPoints(rate));
        if line.reason == TaxReason::Taxed {
            prop_assert_eq!(line.rate, BasisPoints(rate));
        } else {
            prop_assert_eq!(line.rate, BasisPoints(0));
            prop_assert_ne!(seller, to);
        }
    }
}
