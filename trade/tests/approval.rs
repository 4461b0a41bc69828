//! Approval rules against what they promise: who is asked, in which order, and who never is.
#![expect(clippy::unwrap_used, reason = "a test that stumbles says where")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use trade::approval::{Ask, Budget, Line, Order, Rule, openings, reason, steps, stranded};
use trade::hold::{ApprovalReason, Facts, HoldKind, Opening};
use trade::id::{CategoryId, UserId};
use trade::money::{Currency, Money};
use uuid::Uuid;

const MARCH: Date = date(2026, 3, 1);

fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn person(number: u8) -> UserId {
    UserId(id(number))
}

fn category(number: u8) -> CategoryId {
    CategoryId(id(number))
}

fn plain(net: i64) -> Order {
    Order {
        net: eur(net),
        lines: vec![Line {
            sku: "A-1".into(),
            net: eur(net),
            categories: vec![category(1), category(0)],
            off_list: false,
        }],
        new_ship_to: None,
        budget: None,
        requester: Some(person(0)),
        category_names: BTreeMap::new(),
    }
}

fn rule(ask: Ask, level: i32, approver: Option<u8>) -> Rule {
    Rule {
        ask,
        level,
        approver: approver.map(person),
    }
}

fn reasons(opening: &Opening) -> &[ApprovalReason] {
    let Facts::Approval { reasons } = &opening.facts else {
        panic!("no approval: {opening:?}");
    };
    reasons
}

#[test]
fn a_total_at_the_threshold_is_free_and_one_cent_more_asks() {
    let rules = [rule(Ask::Total(eur(100_000)), 1, None)];
    assert_eq!(openings(&rules, &plain(100_000)), []);
    let held = openings(&rules, &plain(100_001));
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].kind, HoldKind::Approval);
    assert_eq!((held[0].level, held[0].approver), (1, None));
    assert_eq!(
        reasons(&held[0]),
        [ApprovalReason::Total {
            net: eur(100_001),
            threshold: eur(100_000)
        }]
    );
}

#[test]
fn a_category_counts_what_lies_below_it_and_nothing_else() {
    let mut order = plain(60_000);
    order.lines.push(Line {
        sku: "B-1".into(),
        net: eur(90_000),
        categories: vec![category(2)],
        off_list: false,
    });
    order.category_names.insert(category(0), "Dog".into());
    assert_eq!(
        reason(&Ask::Category(category(0), eur(60_000)), &order),
        None
    );
    assert_eq!(
        reason(&Ask::Category(category(0), eur(59_999)), &order),
        Some(ApprovalReason::Category {
            category: category(0),
            name: "Dog".into(),
            net: eur(60_000),
            threshold: eur(59_999),
        })
    );
}

#[test]
fn a_budget_used_up_to_the_cent_is_fine_and_one_more_asks() {
    let mut order = plain(40_000);
    let budget = |used| Budget {
        from: MARCH,
        limit: eur(100_000),
        used: eur(used),
    };
    assert_eq!(reason(&Ask::Budget, &order), None, "no budget, no rule");
    order.budget = Some(budget(60_000));
    assert_eq!(reason(&Ask::Budget, &order), None);
    order.budget = Some(budget(60_001));
    assert_eq!(
        reason(&Ask::Budget, &order),
        Some(ApprovalReason::Budget {
            from: MARCH,
            limit: eur(100_000),
            used: eur(60_001),
            net: eur(40_000),
        })
    );
}

#[test]
fn items_without_an_agreed_price_are_named_once_and_counted() {
    let mut order = plain(1);
    order.lines = (0..30)
        .flat_map(|at| {
            let line = Line {
                sku: format!("S-{at:02}"),
                net: eur(1),
                categories: Vec::new(),
                off_list: true,
            };
            [line.clone(), line]
        })
        .collect();
    let Some(ApprovalReason::OffList { skus, count }) = reason(&Ask::OffList, &order) else {
        panic!("nothing off the list");
    };
    assert_eq!((count, skus.len()), (30, 20));
    assert_eq!(skus[0], "S-00");
}

#[test]
fn the_first_delivery_to_a_place_is_asked_about() {
    let mut order = plain(1);
    assert_eq!(reason(&Ask::NewShipTo, &order), None);
    order.new_ship_to = Some("Lager Celle".into());
    let name = "Lager Celle".to_owned();
    assert_eq!(
        reason(&Ask::NewShipTo, &order),
        Some(ApprovalReason::NewShipTo { name })
    );
}

#[test]
fn two_people_named_on_one_level_are_both_asked_one_after_the_other() {
    let rules = [
        rule(Ask::Total(eur(10)), 2, Some(2)),
        rule(Ask::Total(eur(20)), 2, Some(1)),
        rule(Ask::Total(eur(30)), 2, None),
        rule(Ask::Total(eur(40)), 3, None),
    ];
    let held = openings(&rules, &plain(100));
    let asked: Vec<_> = held
        .iter()
        .map(|step| (step.level, step.approver))
        .collect();
    assert_eq!(
        asked,
        [(1, Some(person(1))), (2, Some(person(2))), (3, None)]
    );
    assert_eq!(
        reasons(&held[0]).len(),
        2,
        "what anybody may decide joins the first"
    );
}

#[test]
fn a_named_approvers_own_order_is_for_anybody_else_with_the_role() {
    let held = openings(&[rule(Ask::Total(eur(10)), 1, Some(0))], &plain(100));
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].approver, None);
}

#[test]
fn only_a_decider_other_than_oneself_helps() {
    let (anna, bob, cleo) = (person(1), person(2), person(3));
    assert_eq!(stranded(&[anna, bob], &[]), [anna, bob]);
    assert_eq!(stranded(&[anna, bob], &[bob]), [bob]);
    assert_eq!(stranded(&[anna], &[bob]), []);
    assert_eq!(stranded(&[anna, bob, cleo], &[bob, cleo]), []);
}

fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        (0_i64..2_000).prop_map(|minor| Ask::Total(eur(minor))),
        (0_u8..4, 0_i64..2_000).prop_map(|(at, minor)| Ask::Category(category(at), eur(minor))),
        Just(Ask::OffList),
        Just(Ask::NewShipTo),
        Just(Ask::Budget),
    ]
}

fn some_rules() -> impl Strategy<Value = Vec<Rule>> {
    let one = (ask(), 1_i32..=3, prop::option::of(0_u8..3))
        .prop_map(|(ask, level, approver)| rule(ask, level, approver));
    prop::collection::vec(one, 0..10)
}

fn some_order() -> impl Strategy<Value = Order> {
    let line =
        (0_u8..9, 0_i64..800, 0_u8..4, any::<bool>()).prop_map(|(sku, net, at, off_list)| Line {
            sku: format!("S-{sku}"),
            net: eur(net),
            categories: (0..=at).rev().map(category).collect(),
            off_list,
        });
    let budget = prop::option::of((0_i64..2_000, 0_i64..2_000));
    let lines = prop::collection::vec(line, 1..6);
    let requester = prop::option::of(0_u8..3);
    (lines, any::<bool>(), budget, requester).prop_map(|(lines, new, budget, requester)| Order {
        net: Money::sum(Currency::EUR, lines.iter().map(|line| line.net)).unwrap(),
        lines,
        new_ship_to: new.then(|| "Celle".into()),
        budget: budget.map(|(limit, used)| Budget {
            from: MARCH,
            limit: eur(limit),
            used: eur(used),
        }),
        requester: requester.map(person),
        category_names: BTreeMap::new(),
    })
}

proptest! {
    #[test]
    fn the_order_of_rules_and_lines_never_matters(
        (rules, turned_rules) in some_rules().prop_flat_map(|rules| {
            (Just(rules.clone()), Just(rules).prop_shuffle())
        }),
        (order, turned) in some_order().prop_flat_map(|order| {
            let lines = Just(order.lines.clone()).prop_shuffle();
            (Just(order.clone()), lines.prop_map(move |lines| Order { lines, ..order.clone() }))
        }),
    ) {
        prop_assert_eq!(openings(&rules, &order), openings(&turned_rules, &turned));
    }

    #[test]
    fn every_rule_that_asks_is_heard_and_no_other(rules in some_rules(), order in some_order()) {
        let held = openings(&rules, &order);
        for rule in &rules {
            if let Some(why) = reason(&rule.ask, &order) {
                let named = rule.approver.filter(|who| Some(*who) != order.requester);
                let heard = held.iter().any(|step| {
                    reasons(step).contains(&why) && (named.is_none() || step.approver == named)
                });
                prop_assert!(heard, "{rule:?} is not heard in {held:?}");
            }
        }
        let due: Vec<_> = rules.iter().filter_map(|rule| reason(&rule.ask, &order)).collect();
        for step in &held {
            prop_assert!(!reasons(step).is_empty());
            for why in reasons(step) {
                prop_assert!(due.contains(why));
            }
        }
    }

    #[test]
    fn steps_count_from_one_without_gaps_and_never_name_the_requester(
        rules in some_rules(),
        order in some_order(),
    ) {
        let held = openings(&rules, &order);
        let levels: Vec<i32> = held.iter().map(|step| step.level).collect();
        let counted: Vec<i32> = (1..).take(held.len()).collect();
        prop_assert_eq!(levels, counted);
        prop_assert!(held.len() <= steps(&rules));
        for step in &held {
            prop_assert!(step.approver.is_none() || step.approver != order.requester);
        }
    }

    #[test]
    fn a_higher_level_never_comes_before_a_lower_one(rules in some_rules(), order in some_order()) {
        let held = openings(&rules, &order);
        let level_of = |why: &ApprovalReason| -> BTreeSet<i32> {
            rules
                .iter()
                .filter(|rule| reason(&rule.ask, &order).as_ref() == Some(why))
                .map(|rule| rule.level)
                .collect()
        };
        let mut least = 0;
        for step in &held {
            // Every reason of a step comes from one level; several levels may share a reason.
            let common = reasons(step)
                .iter()
                .map(level_of)
                .reduce(|one, other| one.intersection(&other).copied().collect())
                .unwrap();
            let next = common.into_iter().find(|level| *level >= least);
            prop_assert!(next.is_some(), "{held:?}");
            least = next.unwrap();
        }
    }

    #[test]
    fn more_of_everything_never_asks_less(order in some_order(), rules in some_rules(), more in 1_i64..500) {
        let mut larger = order.clone();
        larger.net = eur(larger.net.minor + more);
        larger.lines[0].net = eur(larger.lines[0].net.minor + more);
        for rule in &rules {
            if reason(&rule.ask, &order).is_some() {
                prop_assert!(reason(&rule.ask, &larger).is_some());
            }
        }
    }
}
