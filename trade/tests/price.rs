//! The resolver against the rules read plainly: every list of the sequence in turn, every row of
//! the list in turn, nothing clever.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that stumbles says where"
)]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use trade::calendar::Period;
use trade::id::{CategoryId, PriceListId, ProductBrandId, ProductId};
use trade::money::{BasisPoints, Currency, UnitPrice};
use trade::price::{
    Ask, Condition, Item, Outcome, PriceRow, PriceTrace, Rank, RankedList, Sequence, Target,
};
use trade::quantity::{PackFactor, Unit};
use uuid::Uuid;

const UNITS: [(Unit, i64); 3] = [(Unit::Piece, 1), (Unit::Case, 12), (Unit::Pallet, 480)];
const TIERS: [i64; 6] = [1, 2, 6, 12, 48, 480];
const SPRING: Date = date(2026, 3, 1);
const SUMMER: Date = date(2026, 6, 1);
const AUTUMN: Date = date(2026, 9, 1);

/// Periods that meet each other's ends; those with one number never overlap.
fn period(number: u8) -> Period {
    match number % 4 {
        0 => Period::new(SPRING, None),
        1 => Period::new(SPRING, Some(SUMMER)),
        2 => Period::new(SUMMER, Some(AUTUMN)),
        _ => Period::new(AUTUMN, None),
    }
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap() + 1)
}

fn item() -> Item {
    Item {
        product: ProductId(id(1)),
        brand: ProductBrandId(id(2)),
        categories: vec![CategoryId(id(3)), CategoryId(id(4))],
        base_unit: Unit::Piece,
    }
}

#[derive(Debug, Clone)]
struct World {
    lists: Vec<RankedList>,
    rows: Vec<PriceRow>,
    ask: Ask,
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let one = (0_usize..9, 0_i32..=10_000, 0_u8..4, 0_usize..1_000);
    prop::collection::vec(one, 0..4).prop_map(|drawn| {
        let condition =
            |(at, (target, discount, valid, salt)): (usize, (usize, i32, u8, usize))| Condition {
                id: id(100 * salt + at),
                target: match target {
                    0 | 1 => Target::Product(item().product),
                    2 => Target::Product(ProductId(id(77))),
                    3 => Target::Brand(item().brand),
                    4 => Target::Brand(ProductBrandId(id(77))),
                    5 => Target::Category(item().categories[0]),
                    6 => Target::Category(item().categories[1]),
                    7 => Target::Category(CategoryId(id(77))),
                    _ => Target::Everything,
                },
                discount: BasisPoints(discount),
                validity: period(valid),
            };
        drawn.into_iter().enumerate().map(condition).collect()
    })
}

fn list() -> impl Strategy<Value = RankedList> {
    (0_i32..4, 0_i32..3, 0_u8..8, 0_u8..12, conditions()).prop_map(
        |(rank, priority, currency, valid, conditions)| RankedList {
            id: PriceListId(Uuid::nil()),
            code: String::new(),
            name: String::new(),
            contract: None,
            currency: if currency == 0 {
                Currency::GBP
            } else {
                Currency::EUR
            },
            rank: Rank::from_number(rank).unwrap(),
            priority,
            // Most lists are valid all the time.
            validity: if valid < 4 {
                period(valid)
            } else {
                Period::new(date(2020, 1, 1), None)
            },
            conditions,
        },
    )
}

type DrawnRow = (usize, usize, usize, u8, i64, bool);

fn world() -> impl Strategy<Value = World> {
    let row = (
        0_usize..5,
        0_usize..3,
        0..TIERS.len(),
        0_u8..4,
        0_i64..2_000_000,
        any::<bool>(),
    );
    let asked = (0_usize..3, 1_i64..1_000, 0_usize..5);
    (
        prop::collection::vec(list(), 1..6),
        prop::collection::vec(row, 0..14),
        asked,
    )
        .prop_map(|(mut lists, drawn, (unit, quantity, day))| {
            for (at, list) in lists.iter_mut().enumerate() {
                list.id = PriceListId(id(50 - at));
                list.code = format!("L{at}");
            }
            let days = [
                date(2026, 2, 28),
                SPRING,
                date(2026, 5, 31),
                SUMMER,
                date(2027, 1, 1),
            ];
            let (unit, factor) = UNITS[unit];
            let ask = Ask {
                unit,
                factor: PackFactor::new(factor).unwrap(),
                quantity,
                date: days[day],
                currency: Currency::EUR,
            };
            World {
                rows: rows(&lists, &drawn),
                lists,
                ask,
            }
        })
}

/// The rows, without those that the database would refuse: two prices of a tier on one day.
fn rows(lists: &[RankedList], drawn: &[DrawnRow]) -> Vec<PriceRow> {
    let mut rows: Vec<PriceRow> = Vec::new();
    for (list, unit, tier, valid, amount, other) in drawn {
        let row = PriceRow {
            list: lists[list % lists.len()].id,
            product: if *other && *tier == 0 {
                ProductId(id(99))
            } else {
                item().product
            },
            unit: UNITS[*unit].0,
            min_quantity: TIERS[*tier],
            validity: period(*valid),
            amount: UnitPrice(*amount),
        };
        let clashes = rows.iter().any(|r| {
            (r.list, r.product, r.unit, r.min_quantity)
                == (row.list, row.product, row.unit, row.min_quantity)
                && r.validity.overlaps(&row.validity)
        });
        if !clashes {
            rows.push(row);
        }
    }
    rows
}

/// The rules of the trade, read plainly.
mod plain {
    use super::*;

    pub fn price(world: &World) -> Option<i64> {
        in_turn(world, false)
    }

    pub fn list_price(world: &World) -> Option<i64> {
        in_turn(world, true)
    }

    fn in_turn(world: &World, defaults_only: bool) -> Option<i64> {
        let mut left: Vec<&RankedList> = world.lists.iter().collect();
        while !left.is_empty() {
            let mut first = 0;
            for at in 1..left.len() {
                if comes_before(left[at], left[first]) {
                    first = at;
                }
            }
            let list = left.remove(first);
            let applies = list.currency == world.ask.currency && is_on(list.validity, world);
            if !applies || (defaults_only && list.rank != Rank::Default) {
                continue;
            }
            let price = row_price(world, list);
            let price = if defaults_only {
                price
            } else {
                price.or_else(|| discounted(world, list))
            };
            if price.is_some() {
                return price;
            }
        }
        None
    }

    fn comes_before(a: &RankedList, b: &RankedList) -> bool {
        if a.rank.number() != b.rank.number() {
            return a.rank.number() < b.rank.number();
        }
        if a.priority != b.priority {
            return a.priority < b.priority;
        }
        if a.validity.from != b.validity.from {
            return a.validity.from > b.validity.from;
        }
        a.id < b.id
    }

    fn is_on(period: Period, world: &World) -> bool {
        let ended = match period.until {
            Some(until) => world.ask.date >= until,
            None => false,
        };
        world.ask.date >= period.from && !ended
    }

    fn row_price(world: &World, list: &RankedList) -> Option<i64> {
        let ask = &world.ask;
        let pieces = ask.quantity * ask.factor.get();
        let tier = |unit: Unit, quantity: i64| {
            let mut best: Option<&PriceRow> = None;
            for row in &world.rows {
                let fits = row.list == list.id
                    && row.product == item().product
                    && row.unit == unit
                    && row.min_quantity <= quantity
                    && is_on(row.validity, world);
                if fits && best.is_none_or(|best| best.min_quantity < row.min_quantity) {
                    best = Some(row);
                }
            }
            best.map(|row| row.amount.0)
        };
        let own = tier(ask.unit, ask.quantity);
        own.or_else(|| tier(Unit::Piece, pieces).map(|price| price * ask.factor.get()))
    }

    fn discounted(world: &World, list: &RankedList) -> Option<i64> {
        let base = list_price(world)?;
        let closest_first = [
            Target::Product(item().product),
            Target::Brand(item().brand),
            Target::Category(item().categories[0]),
            Target::Category(item().categories[1]),
            Target::Everything,
        ];
        for target in closest_first {
            let mut meant: Vec<&Condition> = list.conditions.iter().collect();
            meant.retain(|c| c.target == target && is_on(c.validity, world));
            // The newest; of two that began on one day the one with the smaller id.
            meant.sort_by(|a, b| {
                b.validity
                    .from
                    .cmp(&a.validity.from)
                    .then_with(|| a.id.cmp(&b.id))
            });
            if let Some(condition) = meant.first() {
                let kept = i64::from(10_000 - condition.discount.0);
                // Half up: nothing here is negative.
                return Some((base * kept * 2 + 10_000) / 20_000);
            }
        }
        None
    }
}

fn resolve(world: &World) -> PriceTrace {
    Sequence::new(world.lists.clone()).resolve(&item(), &world.rows, &world.ask)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_price_is_the_one_the_rules_give(world in world()) {
        let trace = resolve(&world);
        prop_assert_eq!(trace.price.map(|price| price.0), plain::price(&world));
        prop_assert_eq!(trace.list_price.map(|price| price.0), plain::list_price(&world));
        let alone = Sequence::new(world.lists.clone()).price(&item(), &world.rows, &world.ask);
        prop_assert_eq!(alone, trace.price);
    }

    #[test]
    fn the_trace_names_one_winner_and_a_reason_for_everyone_else(world in world()) {
        let trace = resolve(&world);
        let won = trace.candidates.iter().filter(|c| c.outcome == Outcome::Won);
        prop_assert_eq!(won.count(), usize::from(trace.price.is_some()));
        prop_assert_eq!(trace.winner().and_then(|winner| winner.price), trace.price);
        let known = |row: &&PriceRow| {
            row.product == item().product && world.lists.iter().any(|list| list.id == row.list)
        };
        let conditions = world.lists.iter().flat_map(|list| &list.conditions);
        let aimed = conditions.filter(|condition| match condition.target {
            Target::Product(product) => product == item().product,
            Target::Brand(brand) => brand == item().brand,
            Target::Category(category) => item().categories.contains(&category),
            Target::Everything => true,
        });
        prop_assert_eq!(trace.candidates.len(), world.rows.iter().filter(known).count() + aimed.count());
        for candidate in &trace.candidates {
            let valid = candidate.validity.contains(world.ask.date);
            prop_assert!(valid || candidate.outcome != Outcome::Won);
        }
    }

    #[test]
    fn the_order_in_which_lists_and_rows_are_told_changes_nothing(
        (world, turned) in world().prop_flat_map(|world| {
            let lists = Just(world.lists.clone()).prop_shuffle();
            let rows = Just(world.rows.clone()).prop_shuffle();
            (Just(world), lists, rows).prop_map(|(world, mut lists, rows)| {
                for list in &mut lists {
                    list.conditions.reverse();
                }
                let turned = World { lists, rows, ask: world.ask };
                (world, turned)
            })
        })
    ) {
        prop_assert_eq!(resolve(&world), resolve(&turned));
    }

    #[test]
    fn the_ladder_says_what_each_quantity_costs(world in world(), least in 1_i64..20) {
        let sequence = Sequence::new(world.lists.clone());
        let ladder = sequence.ladder(&item(), &world.rows, &world.ask, least);
        for pair in ladder.windows(2) {
            prop_assert!(pair[0].from < pair[1].from);
            prop_assert_ne!(pair[0].price, pair[1].price);
        }
        for quantity in (least..least + 60).chain([479, 480, 481, 999]).filter(|q| *q >= least) {
            let step = ladder.iter().rev().find(|step| step.from <= quantity);
            let ask = Ask { quantity, ..world.ask };
            let price = sequence.price(&item(), &world.rows, &ask);
            prop_assert_eq!(step.map(|step| step.price), price, "at {}", quantity);
        }
    }

    #[test]
    fn a_trace_is_kept_as_it_was(world in world()) {
        let trace = resolve(&world);
        let stored = serde_json::to_string(&trace).unwrap();
        prop_assert_eq!(serde_json::from_str::<PriceTrace>(&stored).unwrap(), trace);
    }
}
