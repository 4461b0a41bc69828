use trade::id::{AccountId, ProductId};
use uuid::Uuid;

use crate::history::Retailer;
use crate::rank::index::Ties;
use crate::{Ask, Day, Item, Line, Model, Order, PurchaseHistory, Step};

fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

fn product(number: u128) -> ProductId {
    ProductId(Uuid::from_u128(100 + number))
}

fn order(of: u128, day: i32, items: &[(u128, u32)]) -> Order {
    let line = |(item, pieces): &(u128, u32)| Line {
        product: product(*item),
        pieces: *pieces,
    };
    Order {
        account: account(of),
        day: Day(day),
        lines: items.iter().map(line).collect(),
    }
}

/// Everybody and everything is known from the start, so that numbers do not depend on the order in
/// which orders come.
fn ground() -> PurchaseHistory {
    PurchaseHistory::default()
        .with_items((1..=4).map(|item| (product(item), Item::default())))
        .with_retailers((1..=3).map(|of| (account(of), Retailer::default())))
}

fn model(orders: &[Order]) -> Model {
    let mut history = ground();
    history.extend(orders.iter().cloned());
    Model::of(history)
}

/// The model without the ties between items, which only training counts.
fn counted(mut model: Model) -> Model {
    model.index.ties = Ties::default();
    model
}

fn season() -> Vec<Order> {
    vec![
        order(1, 10, &[(1, 6), (2, 1)]),
        order(1, 17, &[(1, 6)]),
        order(1, 31, &[(1, 12), (3, 2)]),
        order(2, 11, &[(2, 4), (3, 3)]),
        order(2, 40, &[(3, 3), (4, 1)]),
        order(3, 20, &[(1, 1)]),
    ]
}

#[test]
fn an_order_more_counts_as_if_it_had_been_there() {
    for more in [
        order(1, 45, &[(1, 6), (4, 2)]),
        // On a day that has an order already.
        order(1, 31, &[(1, 6), (4, 2)]),
        order(2, 40, &[(3, 1)]),
        // Earlier than what is known, as a file may bring it.
        order(2, 3, &[(1, 1), (3, 1)]),
        order(1, 20, &[(2, 1)]),
        // Nothing is left of it.
        order(1, 50, &[(1, 0)]),
    ] {
        let mut told = model(&season());
        told.observe(&more);
        let mut all = season();
        all.push(more.clone());
        assert_eq!(counted(told), counted(model(&all)), "{more:?}");
    }
}

#[test]
fn an_order_that_is_taken_back_was_never_there() {
    let all = season();
    for gone in 0..all.len() {
        let mut left = all.clone();
        let of = left.remove(gone).account;
        let mut told = model(&all);
        let theirs = left.iter().filter(|order| order.account == of).cloned();
        told.replace_account(of, theirs);
        assert_eq!(counted(told), counted(model(&left)), "without order {gone}");
    }
}

#[test]
fn an_account_whose_only_order_was_cancelled_can_be_asked_about() {
    let mut told = model(&season());
    told.replace_account(account(8), []);
    let anything = |_| Some(Step::SINGLE);
    let ask = Ask::new(account(8), Day(50), &anything);
    assert_eq!(told.usual_order(&ask), []);
    assert!(told.new_items(&ask).iter().all(|new| new.score.is_finite()));
    told.observe(&order(8, 50, &[(5, 2)]));
    assert_eq!(told.usual_order(&ask).len(), 1);
}

#[test]
fn what_is_said_of_an_account_that_is_not_known_yet_is_taken_in() {
    let mut told = Model::of(PurchaseHistory::default());
    let first = order(9, 5, &[(7, 3)]);
    told.replace_account(account(9), [first.clone()]);
    assert_eq!(
        counted(told),
        counted(Model::of(PurchaseHistory::of([first])))
    );
}
