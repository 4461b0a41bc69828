use std::collections::{BTreeMap, HashSet};

use jiff::civil::date;
use trade::order::OrderState;

use super::*;
use crate::seed::trading::Happening;

fn demo() -> World {
    World::of(WorldSize::demo(date(2026, 11, 23)))
}

#[test]
fn the_same_size_gives_the_same_world_twice() {
    let small = WorldSize {
        accounts: 12,
        skus: 60,
        weeks: 20,
        seed: 5,
        today: date(2026, 3, 2),
        campaigns: false,
    };
    let history = |world: &World| world.history().collect::<Vec<_>>();
    let (first, second) = (World::of(small), World::of(small));
    assert_eq!(history(&first), history(&second));
    assert_eq!(
        format!("{:?}", first.conditions),
        format!("{:?}", second.conditions)
    );
    let other = World::of(WorldSize { seed: 6, ..small });
    assert_ne!(history(&first), history(&other));
}

#[test]
fn products_are_sound_and_distinct() {
    let world = demo();
    let (mut skus, mut names, mut gtins) = (HashSet::new(), HashSet::new(), HashSet::new());
    for product in &world.products {
        let row = &product.row;
        assert_eq!(crate::imports::cells::sku(&row.sku), Ok(row.sku.clone()));
        assert!(trade::gtin::is_valid(row.gtin.as_deref().expect("a gtin")));
        assert!(row.pack_factor(row.order_unit).is_some());
        assert_eq!(row.moq % row.multiple, 0);
        assert!(
            skus.insert(&row.sku) && names.insert(&row.name),
            "{}",
            row.name
        );
        assert!(gtins.insert(&row.gtin));
    }
    assert_eq!(world.products.len(), 320);
    let gone = |p: &&Product| p.row.status != ProductStatus::Active;
    let left: Vec<&Product> = world.products.iter().filter(gone).collect();
    assert!((6..=14).contains(&left.len()), "{}", left.len());
    assert!(
        left.iter()
            .all(|product| !product.row.substitutes.is_empty())
    );
}

#[test]
fn accounts_are_sixty_of_every_kind_and_mail_addresses_are_unique() {
    let world = demo();
    assert_eq!(world.retailers.len(), 60);
    let mut names = HashSet::new();
    let mut mails = HashSet::new();
    let mut countries: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kams: BTreeMap<&str, usize> = BTreeMap::new();
    for retailer in &world.retailers {
        assert!(names.insert(&retailer.row.name), "{}", retailer.row.name);
        *countries.entry(&retailer.row.country).or_default() += 1;
        *kams
            .entry(retailer.row.kam.as_deref().expect("a kam"))
            .or_default() += 1;
        assert_eq!(
            retailer
                .ship_tos
                .iter()
                .filter(|place| place.is_default)
                .count(),
            1
        );
        for contact in &retailer.contacts {
            assert!(mails.insert(&contact.email), "{}", contact.email);
        }
    }
    assert!(
        ["AT", "CH", "NL"]
            .iter()
            .all(|country| countries.contains_key(country)),
        "{countries:?}"
    );
    assert!(
        kams.values().all(|accounts| (20..=40).contains(accounts)),
        "{kams:?}"
    );
    assert_eq!(
        world.retailers[0].row.kam.as_deref(),
        Some("kam@demo.kontor.example")
    );
    assert_eq!(world.retailers[0].contacts.len(), 3);
    let parents = world
        .retailers
        .iter()
        .filter(|retailer| retailer.parent.is_some())
        .count();
    assert_eq!(parents, 14);
}

#[test]
fn two_years_of_orders_end_with_open_ones_and_hold_credit_notes() {
    let world = demo();
    let (mut orders, mut lines, mut credits, mut last) = (0, 0, 0, jiff::Timestamp::MIN);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for happening in world.history() {
        let at = match &happening {
            Happening::Ordered(order) => {
                orders += 1;
                lines += order.lines.len();
                assert_eq!(order.number, orders);
                *states.entry(order.state.name()).or_default() += 1;
                let open = matches!(order.state, OrderState::Confirmed | OrderState::Released);
                assert_eq!(
                    open,
                    order.placed_on >= date(2026, 11, 18),
                    "{}",
                    order.placed_on
                );
                order.placed_at
            }
            Happening::SentBack(credit) => {
                credits += 1;
                assert!(credit.line.quantity > 0);
                credit.issued_at
            }
        };
        assert!(at >= last);
        last = at;
    }
    assert!((2_500..9_000).contains(&orders), "{orders} orders");
    assert!((20_000..90_000).contains(&lines), "{lines} lines");
    assert!((40..400).contains(&credits), "{credits} credit notes");
    assert!(states["confirmed"] >= 4, "{states:?}");
    assert!(states["cancelled"] >= 5, "{states:?}");
    assert!(last < "2026-11-22T23:00:00Z".parse().expect("an instant"));
}

#[test]
fn nobody_buys_what_they_may_not_see() {
    let world = demo();
    for happening in world.history() {
        let Happening::Ordered(order) = happening else {
            continue;
        };
        let group = world.retailers[order.account].row.group.as_deref();
        for line in &order.lines {
            assert!(
                world
                    .conditions
                    .visible(&world.products[line.product], group)
            );
            assert!(line.unit_price.0 > 0 && line.quantity > 0);
        }
    }
}

#[test]
fn prices_of_a_list_never_overlap() {
    let world = demo();
    let mut seen: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in &world.conditions.prices {
        let key = (&row.list, &row.sku, row.unit, row.min_quantity);
        let from = row.valid_from.expect("a day");
        let until = row.last_day.unwrap_or(date(9999, 1, 1));
        let others = seen.entry(key).or_default();
        assert!(
            others.iter().all(|(f, u)| until < *f || *u < from),
            "{row:?}"
        );
        others.push((from, until));
    }
    assert!(world.conditions.lists.len() > 25);
}

#[test]
fn wild_birds_are_fed_in_winter() {
    let world = demo();
    let (mut winter, mut summer) = (0_i64, 0_i64);
    for happening in world.history() {
        let Happening::Ordered(order) = happening else {
            continue;
        };
        for line in &order.lines {
            if world.products[line.product]
                .row
                .category
                .last()
                .map(String::as_str)
                == Some("Wild birds")
            {
                let pieces = line.quantity * line.pack_factor;
                match order.placed_on.month() {
                    11 | 12 | 1 | 2 => winter += pieces,
                    5..=8 => summer += pieces,
                    _ => {}
                }
            }
        }
    }
    assert!(
        winter > 2 * summer,
        "{winter} in winter, {summer} in summer"
    );
}

#[test]
fn a_world_of_any_size_can_be_made() {
    for (accounts, skus, weeks) in [(1, 1, 1), (3, 5, 2), (200, 900, 3)] {
        let size = WorldSize {
            accounts,
            skus,
            weeks,
            seed: 9,
            today: date(2026, 1, 5),
            campaigns: false,
        };
        let world = World::of(size);
        assert_eq!(world.products.len(), usize::try_from(skus).expect("small"));
        assert_eq!(
            world.retailers.len(),
            usize::try_from(accounts).expect("small")
        );
        let _ = world.history().count();
    }
}
