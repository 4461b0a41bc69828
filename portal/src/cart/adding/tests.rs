use proptest::prelude::*;
use trade::id::{CategoryId, ProductBrandId};
use trade::price::Item;
use trade::quantity::PackFactor;
use trade::tax::TaxClass;
use uuid::Uuid;

use super::*;
use crate::catalogue::article::ArticleUnit;
use crate::db::words::{ProductStatus, StockPolicy};

/// Sold by the piece and by the case of 12; `moq` and `multiple` count pieces.
fn article(number: u128, moq: i64, multiple: i64) -> Arc<Article> {
    let id = ProductId(Uuid::from_u128(number));
    let unit = |unit, factor| ArticleUnit {
        unit,
        factor: PackFactor::new(factor).expect("a factor"),
        gtin: None,
    };
    Arc::new(Article {
        id,
        sku: format!("HK-{number}"),
        gtin: None,
        name: "Adult Dog".into(),
        brand: ProductBrandId(Uuid::nil()),
        brand_name: "Feldhof".into(),
        category: CategoryId(Uuid::nil()),
        units: vec![unit(Unit::Piece, 1), unit(Unit::Case, 12)],
        base_unit: Unit::Piece,
        order_unit: Unit::Piece,
        moq,
        multiple,
        tax_class: TaxClass::Standard,
        status: ProductStatus::Active,
        stock_policy: StockPolicy::BackOrder,
        available: Some(100),
        expected_on: None,
        item: Item {
            product: id,
            brand: ProductBrandId(Uuid::nil()),
            categories: vec![],
            base_unit: Unit::Piece,
        },
    })
}

fn piece(article: &Arc<Article>, quantity: i64) -> Piece {
    Piece {
        article: Some(Arc::clone(article)),
        unit: None,
        quantity,
        suggested: None,
    }
}

fn reasons(outcome: &Outcome) -> Vec<(usize, Reason)> {
    outcome
        .added
        .refused
        .iter()
        .map(|line| (line.at, line.reason.clone()))
        .collect()
}

#[test]
fn the_same_product_and_unit_adds_up_with_what_is_there() {
    let dog = article(1, 12, 6);
    let present = Present::from([((dog.id, Unit::Piece), 12)]);
    let outcome = plan(&[piece(&dog, 6)], &present, 10);
    assert_eq!(outcome.changed, [(dog.id, Unit::Piece, 18)]);
    assert_eq!(outcome.added.taken, [0]);
}

#[test]
fn a_quantity_off_the_multiple_offers_the_nearest_two() {
    let dog = article(1, 12, 12);
    let outcome = plan(&[piece(&dog, 30)], &Present::new(), 10);
    let misfit = Misfit::OffMultiple {
        step: 12,
        below: Some(24),
        above: Some(36),
    };
    assert_eq!(
        reasons(&outcome),
        [(0, Reason::Problem(Problem::Misfit(misfit)))]
    );
    assert_eq!(outcome.changed, []);
    assert_eq!(nearest(misfit), [24, 36]);
}

#[test]
fn beside_what_is_in_the_cart_the_quantities_to_add_are_offered() {
    let dog = article(1, 12, 12);
    // Put in when it was still sold by the piece.
    let present = Present::from([((dog.id, Unit::Piece), 5)]);
    let outcome = plan(&[piece(&dog, 12)], &present, 10);
    assert_eq!(
        reasons(&outcome),
        [(
            0,
            Reason::WithCart {
                present: 5,
                nearest: vec![7, 19]
            }
        )]
    );
}

#[test]
fn a_wrong_line_does_not_keep_a_right_one_of_the_same_product_out() {
    let dog = article(1, 12, 12);
    let outcome = plan(&[piece(&dog, 5), piece(&dog, 24)], &Present::new(), 10);
    assert_eq!(outcome.added.taken, [1]);
    assert_eq!(outcome.changed, [(dog.id, Unit::Piece, 24)]);
    assert_eq!(reasons(&outcome).len(), 1);
}

#[test]
fn two_halves_of_a_multiple_are_taken_together() {
    let dog = article(1, 12, 12);
    let outcome = plan(&[piece(&dog, 6), piece(&dog, 6)], &Present::new(), 10);
    assert_eq!(outcome.changed, [(dog.id, Unit::Piece, 12)]);
    assert_eq!(outcome.added.taken, [0, 1]);
}

#[test]
fn a_product_nobody_sees_a_unit_it_has_not_and_nothing_are_refused() {
    let dog = article(1, 1, 1);
    let lines = [
        Piece {
            article: None,
            unit: None,
            quantity: 1,
            suggested: None,
        },
        Piece {
            unit: Some(Unit::Pallet),
            ..piece(&dog, 1)
        },
        piece(&dog, 0),
        piece(&dog, -3),
    ];
    let outcome = plan(&lines, &Present::new(), 10);
    let zero = || Reason::Problem(Problem::Misfit(Misfit::NotPositive));
    assert_eq!(
        reasons(&outcome),
        [
            (0, Reason::Problem(Problem::NotFound)),
            (
                1,
                Reason::Problem(Problem::OtherUnit(vec![Unit::Piece, Unit::Case]))
            ),
            (2, zero()),
            (3, zero()),
        ]
    );
    assert_eq!(outcome.changed, []);
}

#[test]
fn a_full_cart_takes_more_of_what_it_has_and_nothing_new() {
    let (dog, cat) = (article(1, 1, 1), article(2, 1, 1));
    let present = Present::from([((dog.id, Unit::Piece), 1)]);
    let outcome = plan(&[piece(&dog, 1), piece(&cat, 1)], &present, 1);
    assert_eq!(outcome.changed, [(dog.id, Unit::Piece, 2)]);
    assert_eq!(reasons(&outcome), [(1, Reason::Full)]);
}

proptest! {
    #[test]
    fn every_line_is_answered_once_and_the_cart_holds_only_what_is_allowed(
        lines in prop::collection::vec((0_u128..4, -2_i64..40, any::<bool>()), 0..30),
        there in prop::collection::vec(1_i64..4, 0..3),
    ) {
        let articles = [article(0, 1, 1), article(1, 12, 6), article(2, 4, 4), article(3, 24, 24)];
        let pieces: Vec<Piece> = lines.iter().filter_map(|(number, quantity, case)| {
            let article = articles.get(usize::try_from(*number).ok()?)?;
            let unit = case.then_some(Unit::Case);
            Some(Piece { unit, ..piece(article, *quantity) })
        }).collect();
        let present: Present = articles.iter().zip(&there)
            .map(|(article, times)| ((article.id, Unit::Piece), article.moq * times)).collect();
        let outcome = plan(&pieces, &present, 100);
        let mut answered: Vec<usize> = outcome.added.taken.clone();
        answered.extend(outcome.added.refused.iter().map(|line| line.at));
        answered.sort_unstable();
        prop_assert_eq!(answered, (0..pieces.len()).collect::<Vec<_>>());
        for (product, unit, quantity) in &outcome.changed {
            let article = articles.iter().find(|article| article.id == *product).expect("known");
            prop_assert_eq!(check(article, *unit, *quantity), Ok(()));
            let before = present.get(&(*product, *unit)).copied().unwrap_or(0);
            let taken: i64 = outcome.added.taken.iter().filter_map(|at| pieces.get(*at))
                .filter(|piece| piece.article.as_ref().is_some_and(|a| a.id == *product))
                .filter(|piece| piece.unit.unwrap_or(Unit::Piece) == *unit)
                .map(|piece| piece.quantity).sum();
            prop_assert_eq!(*quantity, before + taken);
        }
    }

    #[test]
    fn what_is_offered_instead_would_do(quantity in 1_i64..200, present in 1_i64..60) {
        let dog = article(1, 12, 6);
        let there = Present::from([((dog.id, Unit::Piece), present)]);
        let outcome = plan(&[piece(&dog, quantity)], &there, 10);
        for line in &outcome.added.refused {
            let Reason::WithCart { nearest, .. } = &line.reason else {
                return Err(TestCaseError::fail(format!("{:?}", line.reason)));
            };
            for near in nearest {
                prop_assert_eq!(plan(&[piece(&dog, *near)], &there, 10).added.taken, vec![0]);
            }
        }
    }
}
