//! What holds for every history.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that cannot go on fails"
)]
#![expect(
    dead_code,
    reason = "facts of items are only looked up where reasons are counted"
)]

mod common;

use common::{ACCOUNTS, ITEMS, TODAY, World, account, answers, product, world};
use proptest::prelude::*;
use recommender::{
    Ask, Day, Line, List, Model, Order, PurchaseHistory, Reason, Settings, Step, Suggestion, train,
};
use trade::id::ProductId;

/// Steps by item, `None` where it may not be ordered.
fn steps() -> impl Strategy<Value = Vec<Option<Step>>> {
    let step = (1..5_u32, prop::sample::select(vec![1_u32, 2, 6, 10]));
    let step = step.prop_map(|(least, multiple)| Step {
        least: least * multiple,
        multiple,
    });
    prop::collection::vec(prop::option::weighted(0.6, step), ITEMS as usize)
}

fn of(steps: &[Option<Step>]) -> impl Fn(ProductId) -> Option<Step> + Sync + '_ {
    |id| {
        let at = (0..ITEMS).position(|number| product(number) == id)?;
        steps[at]
    }
}

fn cart(world: &World) -> Vec<ProductId> {
    let lines = world.orders.iter().take(2).flat_map(|order| &order.lines);
    lines.map(|line| line.product).take(3).collect()
}

/// Everything is equal but for the last digits of a score.
fn same(one: &[(List, Suggestion)], other: &[(List, Suggestion)]) -> Result<(), TestCaseError> {
    prop_assert_eq!(one.len(), other.len());
    for ((list, a), (other_list, b)) in one.iter().zip(other) {
        prop_assert_eq!(list, other_list);
        prop_assert_eq!(a.product, b.product);
        prop_assert_eq!(a.pieces, b.pieces);
        prop_assert_eq!(&a.reasons, &b.reasons);
        prop_assert!((a.score - b.score).abs() <= 1e-4 * a.score.abs().max(1.0));
    }
    Ok(())
}

fn everybody(model: &Model, cart: &[ProductId]) -> Vec<(List, Suggestion)> {
    let anything = |_| Some(Step::SINGLE);
    let asks = (0..=ACCOUNTS).map(|who| Ask::new(account(who), TODAY, &anything));
    asks.flat_map(|ask| answers(model, &ask, cart)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_may_not_be_ordered_is_never_suggested_and_quantities_are_allowed(
        world in world(), steps in steps(),
    ) {
        let (model, may, cart) = (world.model(), of(&steps), cart(&world));
        for who in 0..=ACCOUNTS {
            let ask = Ask::new(account(who), TODAY, &may);
            for (list, suggestion) in answers(&model, &ask, &cart) {
                let step = may(suggestion.product);
                prop_assert!(step.is_some(), "{list:?} suggests what may not be ordered");
                let step = step.unwrap();
                prop_assert!(suggestion.pieces >= step.least, "{list:?} {suggestion:?}");
                prop_assert_eq!(suggestion.pieces % step.multiple, 0);
                prop_assert!(!suggestion.reasons.is_empty(), "{list:?} without a reason");
                prop_assert!(suggestion.reasons.len() <= 3);
            }
            for gap in model.gaps(&ask) {
                prop_assert!(may(gap.product).is_some());
            }
            for product in (0..ITEMS).map(product) {
                prop_assert_eq!(model.pieces_of(&ask, product).is_some(), may(product).is_some());
            }
        }
    }

    #[test]
    fn lists_hold_what_they_say(world in world()) {
        let (model, cart) = (world.model(), cart(&world));
        let anything = |_| Some(Step::SINGLE);
        for who in 0..=ACCOUNTS {
            let ask = Ask::new(account(who), TODAY, &anything);
            let knows = |id: ProductId| world.orders.iter().any(|order| {
                order.account == account(who) && order.lines.iter().any(|line| line.product == id)
            });
            for (list, suggestion) in answers(&model, &ask, &cart) {
                let id = suggestion.product;
                match list {
                    List::Usual | List::Due => prop_assert!(knows(id)),
                    List::New => prop_assert!(!knows(id)),
                    List::GoesWith => prop_assert!(!cart.contains(&id)),
                    List::Forgotten => prop_assert!(knows(id) && !cart.contains(&id)),
                    List::Instead | List::Promotion => {}
                }
            }
            for limit in 0..3 {
                let ask = ask.limit(limit);
                prop_assert!(model.usual_order(&ask).len() <= limit);
                prop_assert!(model.due(&ask, 14).len() <= limit);
                prop_assert!(model.goes_with(&ask, &cart).len() <= limit);
                prop_assert!(model.substitutes(&ask, product(0)).len() <= limit);
                prop_assert!(model.gaps(&ask).len() <= limit);
            }
        }
    }

    #[test]
    fn the_order_in_which_orders_are_read_changes_nothing(
        (world, shuffled) in world().prop_flat_map(|world| {
            let orders = Just(world.orders.clone()).prop_shuffle();
            (Just(world), orders)
        }),
    ) {
        let one = train(world.history(), &Settings::default()).model;
        let other = train(world.history_of(shuffled), &Settings::default()).model;
        prop_assert_eq!(one.to_bytes().unwrap(), other.to_bytes().unwrap());
        let cart = cart(&world);
        prop_assert_eq!(everybody(&one, &cart), everybody(&other, &cart));
    }

    #[test]
    fn observing_orders_leaves_what_counting_all_of_them_would(
        world in world(), known in 0..60_usize,
    ) {
        // Everybody begins with everything, so that accounts and items have the same numbers.
        let first = (0..ACCOUNTS).map(|who| Order {
            account: account(who),
            day: Day(TODAY.0 - 800),
            lines: (0..ITEMS).map(|item| Line { product: product(item), pieces: 6 }).collect(),
        });
        let mut orders: Vec<Order> = first.chain(world.orders.clone()).collect();
        let rest = orders.split_off(orders.len().min(ACCOUNTS as usize + known));
        let mut model = Model::of(world.history_of(orders.clone()));
        for order in &rest {
            model.observe(order);
        }
        // But for what only training counts.
        model.tie_anew();
        orders.extend(rest);
        let rebuilt = Model::of(world.history_of(orders));
        prop_assert_eq!(&model, &rebuilt);
        let cart = cart(&world);
        prop_assert_eq!(everybody(&model, &cart), everybody(&rebuilt, &cart));
    }

    #[test]
    fn observing_orders_of_accounts_and_items_not_known_before_answers_as_if_they_had_been(
        world in world(), known in 0..60_usize,
    ) {
        let mut orders = world.orders.clone();
        let rest = orders.split_off(orders.len().min(known));
        let facts = |history: PurchaseHistory| history
            .with_items(world.items.clone())
            .with_retailers(world.retailers.clone());
        let mut model = Model::of(facts(PurchaseHistory::of(orders)));
        for order in &rest {
            model.observe(order);
        }
        model.tie_anew();
        let cart = cart(&world);
        same(&everybody(&model, &cart), &everybody(&world.model(), &cart))?;
    }

    #[test]
    fn an_order_of_an_item_nothing_is_known_of_is_taken_in(
        world in world(), who in 0..=ACCOUNTS,
    ) {
        let (mut model, fresh) = (world.model(), ProductId(uuid::Uuid::from_u128(99)));
        model.observe(&Order {
            account: account(who),
            day: Day(TODAY.0 - 1),
            lines: vec![Line { product: fresh, pieces: 4 }],
        });
        let anything = |_| Some(Step::SINGLE);
        let ask = Ask::new(account(who), TODAY, &anything);
        prop_assert_eq!(model.pieces_of(&ask, fresh), Some(4));
        let last = Reason::LastOrdered { on: Day(TODAY.0 - 1), pieces: 4 };
        let why = model.why(&ask, &[fresh]);
        prop_assert!(why.iter().any(|(id, reasons)| *id == fresh && reasons.contains(&last)));
        prop_assert!(!everybody(&model, &[fresh]).is_empty());
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let orders = (0..400_u32).map(|n| Order {
        account: account(u128::from(n % 37)),
        day: Day(i32::try_from(n).unwrap() * 3 + 19_000),
        lines: (0..5)
            .map(|k| Line {
                product: product(u128::from((n * 13 + k * 5) % 9)),
                pieces: 1 + (n * 7 + k) % 4 * 6,
            })
            .collect(),
    });
    let history = PurchaseHistory::of(orders);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        let history = history.clone();
        pool.install(|| {
            train(history, &Settings::default())
                .model
                .to_bytes()
                .unwrap()
        })
    };
    assert_eq!(with(1), with(5));
}

#[test]
fn what_nobody_has_ordered_can_be_asked_about() {
    let nothing = Model::of(PurchaseHistory::of(Vec::new()));
    assert_eq!(everybody(&nothing, &[product(0)]).len(), 7 * 5);
    let anything = |_| Some(Step::SINGLE);
    let ask = Ask::new(account(0), TODAY, &anything);
    let promoted = answers(&nothing, &ask, &[]);
    assert!(promoted.iter().all(|(_, suggestion)| {
        matches!(suggestion.reasons[..], [Reason::InPromotion { .. }]) && suggestion.pieces == 1
    }));
}
