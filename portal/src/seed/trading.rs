//! Two years of trade: who ordered what, when, at which price; and what came back.
//!
//! Every account walks its shelf on its own rhythm and orders what has run low: more in season, in
//! a promotion's weeks and as it grows, less after a promotion (the shelf is full), nothing once it
//! has lapsed. Days are played one after another, so that history of any length is made as it is
//! read, in the order in which it happened, with the state of one walk per account in memory.

use std::collections::VecDeque;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use trade::money::UnitPrice;
use trade::order::OrderState;
use trade::quantity::Unit;

use super::assortment::Product;
use super::chance::Chance;
use super::retailers::Retailer;
use super::world::World;
use crate::imports::records::ProductStatus;

mod prices;

pub use prices::Prices;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    Ordered(PastOrder),
    SentBack(PastCredit),
}

/// An order of the history. Accounts, places and products are by their place in the world's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastOrder {
    /// Counts all orders of the world, from 1.
    pub number: i64,
    pub account: usize,
    pub ship_to: usize,
    pub placed_at: Timestamp,
    pub placed_on: Date,
    pub state: OrderState,
    /// By the retailer's own buyer, or by the KAM on the telephone.
    pub self_service: bool,
    pub po_number: String,
    pub lines: Vec<PastLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLine {
    pub product: usize,
    pub unit: Unit,
    pub pack_factor: i64,
    /// In that unit.
    pub quantity: i64,
    pub unit_price: UnitPrice,
    /// In that unit; a credit note follows.
    pub returned: i64,
}

/// A credit note for one line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCredit {
    pub number: i64,
    pub account: usize,
    pub issued_at: Timestamp,
    pub issued_on: Date,
    /// The line as ordered, its quantity what came back.
    pub line: PastLine,
}

/// How one account walks its shelf.
struct Walk {
    chance: Chance,
    shelf: Vec<Facing>,
    /// What it might try: products by weight.
    pool: Vec<(usize, i64)>,
    pool_weight: i64,
    next_on: Date,
    price_book: prices::Book,
}

/// An item an account usually has.
struct Facing {
    product: usize,
    every_days: i64,
    /// In order units, in an average month, in thousandths.
    usual: i64,
    last: i64,
}

pub struct History<'a> {
    world: &'a World,
    prices: Prices<'a>,
    walks: Vec<Walk>,
    day: Date,
    day_number: i64,
    ready: VecDeque<Happening>,
    /// Credit notes by the day they are written.
    coming_back: VecDeque<PastCredit>,
    orders: i64,
    credits: i64,
}

impl<'a> History<'a> {
    pub fn new(world: &'a World) -> Self {
        let prices = Prices::new(world);
        let days = i64::from(world.size.weeks).saturating_mul(7);
        let first = world
            .size
            .today
            .checked_sub(days.days())
            .unwrap_or(world.size.today);
        let walk = |(at, retailer)| Walk::new(world, &prices, at, retailer, first);
        Self {
            walks: world.retailers.iter().enumerate().map(walk).collect(),
            world,
            prices,
            day: first,
            day_number: 0,
            ready: VecDeque::new(),
            coming_back: VecDeque::new(),
            orders: 0,
            credits: 0,
        }
    }

    fn play_day(&mut self) {
        if !closed(self.day) {
            let mut orders: Vec<PastOrder> = Vec::new();
            for (at, walk) in self.walks.iter_mut().enumerate() {
                let Some(retailer) = self.world.retailers.get(at) else {
                    continue;
                };
                let gone = retailer.nature.lapsed_on.is_some_and(|on| self.day >= on);
                if walk.next_on > self.day || gone {
                    continue;
                }
                let visit = Visit {
                    world: self.world,
                    prices: &self.prices,
                    at,
                    retailer,
                    day: self.day,
                    day_number: self.day_number,
                };
                orders.extend(walk.order(&visit));
                walk.next_on = walk.next_visit(retailer, self.day);
            }
            orders.sort_by_key(|order| (order.placed_at, order.account));
            for mut order in orders {
                self.orders += 1;
                order.number = self.orders;
                self.expect_back(&order);
                self.ready.push_back(Happening::Ordered(order));
            }
            self.write_credits();
        }
        self.day = self.day.tomorrow().unwrap_or(self.day);
        self.day_number += 1;
    }

    fn expect_back(&mut self, order: &PastOrder) {
        for line in order.lines.iter().filter(|line| line.returned > 0) {
            let on = order
                .placed_on
                .checked_add(9.days())
                .unwrap_or(order.placed_on);
            self.coming_back.push_back(PastCredit {
                number: 0,
                account: order.account,
                issued_at: order.placed_at,
                issued_on: on,
                line: PastLine {
                    quantity: line.returned,
                    returned: 0,
                    ..line.clone()
                },
            });
        }
    }

    /// Writes the credit notes whose day has come; they came in by day, so they leave by day.
    fn write_credits(&mut self) {
        while self
            .coming_back
            .front()
            .is_some_and(|credit| credit.issued_on <= self.day)
        {
            let Some(mut credit) = self.coming_back.pop_front() else {
                break;
            };
            self.credits += 1;
            credit.number = self.credits;
            credit.issued_on = self.day;
            credit.issued_at = instant(self.world, self.day, 17 * 60 + 30);
            self.ready.push_back(Happening::SentBack(credit));
        }
    }
}

impl Iterator for History<'_> {
    type Item = Happening;

    fn next(&mut self) -> Option<Happening> {
        while self.ready.is_empty() && self.day < self.world.size.today {
            self.play_day();
        }
        self.ready.pop_front()
    }
}

/// What a walk looks at on the day it orders.
struct Visit<'a> {
    world: &'a World,
    prices: &'a Prices<'a>,
    at: usize,
    retailer: &'a Retailer,
    day: Date,
    day_number: i64,
}

impl Walk {
    fn new(
        world: &World,
        prices: &Prices<'_>,
        at: usize,
        retailer: &Retailer,
        first: Date,
    ) -> Self {
        let mut chance = world.chance.of("walk", u64::try_from(at).unwrap_or(0));
        let group = retailer.row.group.as_deref();
        let liking = |product: &Product| {
            let like = retailer
                .nature
                .likes
                .iter()
                .find(|(animal, _)| *animal == product.animal);
            let love = if product.own_label { 4 } else { 1 };
            like.map_or(0, |(_, like)| like * product.appeal / 100 * love)
                .max(1)
        };
        let seen = |(_, product): &(usize, &Product)| world.conditions.visible(product, group);
        let pool: Vec<(usize, i64)> = world
            .products
            .iter()
            .enumerate()
            .filter(seen)
            .map(|(number, product)| (number, liking(product)))
            .collect();
        let pool_weight = pool.iter().map(|(_, weight)| weight).sum();
        let mut walk = Self {
            chance: chance.of("days", 0),
            shelf: Vec::new(),
            pool,
            pool_weight,
            next_on: first.max(retailer.nature.since),
            price_book: prices.book(at, 0),
        };
        for _ in 0..retailer.nature.breadth {
            let product = walk.draw(&mut chance);
            if walk.shelf.iter().all(|facing| facing.product != product) {
                let facing = facing(product, retailer, &mut chance);
                walk.shelf.push(facing);
            }
        }
        let wait = chance.between(0, retailer.nature.rhythm_days);
        walk.next_on = walk
            .next_on
            .checked_add(wait.days())
            .unwrap_or(walk.next_on);
        walk
    }

    fn draw(&self, chance: &mut Chance) -> usize {
        let mut left = chance.between(0, (self.pool_weight - 1).max(0));
        for (product, weight) in &self.pool {
            left -= weight;
            if left < 0 {
                return *product;
            }
        }
        0
    }

    /// The next day by the rhythm; weekly ones keep to their weekday.
    fn next_visit(&mut self, retailer: &Retailer, day: Date) -> Date {
        let rhythm = retailer.nature.rhythm_days;
        let late = match rhythm {
            0..7 => self.chance.between(0, 1),
            7 => {
                if self.chance.permille(120) {
                    7
                } else {
                    0
                }
            }
            _ => self.chance.between(-2, 3),
        };
        let mut next = day
            .checked_add((rhythm + late).max(1).days())
            .unwrap_or(day);
        if rhythm >= 7 {
            let off = retailer.nature.weekday - i64::from(next.weekday().to_monday_zero_offset());
            let off = if off > 3 {
                off - 7
            } else if off < -3 {
                off + 7
            } else {
                off
            };
            next = next.checked_add(off.days()).unwrap_or(next);
        }
        while closed(next) {
            next = next.tomorrow().unwrap_or(next);
        }
        next.max(day.tomorrow().unwrap_or(day))
    }

    fn order(&mut self, visit: &Visit<'_>) -> Option<PastOrder> {
        let mut wanted: Vec<(usize, i64)> = Vec::new();
        let jitter = visit.retailer.nature.rhythm_days / 2;
        for facing in &mut self.shelf {
            let Some(product) = visit.world.products.get(facing.product) else {
                continue;
            };
            let (lift, early) = promotion(visit, product);
            let due = facing.every_days - jitter - early;
            if visit.day_number - facing.last < due || !sold(product, visit) {
                continue;
            }
            let season = product.season.permille(visit.day.month());
            let grown = grown(visit.retailer.nature.growth, visit);
            let noise = self.chance.around_thousand(450).max(200);
            let thousandths =
                facing.usual * season / 1_000 * grown / 1_000 * lift / 1_000 * noise / 1_000;
            // Half a case is not ordered; it waits for the next time.
            if thousandths >= 500 {
                facing.last = visit.day_number;
                wanted.push((facing.product, (thousandths + 500) / 1_000));
            }
        }
        if self.chance.permille(160) {
            let mut chance = self
                .chance
                .of("try", u64::try_from(visit.day_number).unwrap_or(0));
            let tried = self.draw(&mut chance);
            let new = wanted.iter().all(|(product, _)| *product != tried);
            if new
                && visit
                    .world
                    .products
                    .get(tried)
                    .is_some_and(|product| sold(product, visit))
            {
                wanted.push((tried, 1));
            }
        }
        let lines: Vec<PastLine> = wanted
            .into_iter()
            .filter_map(|(product, cases)| self.line(product, cases, visit))
            .collect();
        (!lines.is_empty()).then(|| self.signed(lines, visit))
    }

    fn line(&mut self, at: usize, cases: i64, visit: &Visit<'_>) -> Option<PastLine> {
        let product = visit.world.products.get(at)?;
        let step = product.row.multiple;
        let cases = ((cases + step - 1) / step * step).max(product.row.moq);
        let factor = product.row.pack_factor(product.row.order_unit)?.get();
        let pallet = product
            .row
            .pack_factor(Unit::Pallet)
            .map_or(i64::MAX, |factor| factor.get());
        // Who needs a pallet orders a pallet.
        let (unit, factor, quantity) = if cases * factor >= pallet {
            (Unit::Pallet, pallet, (cases * factor + pallet / 2) / pallet)
        } else {
            (product.row.order_unit, factor, cases)
        };
        let unit_price = visit
            .prices
            .price(&self.price_book, at, unit, quantity, visit.day)?;
        let sent_back = self.chance.permille(3) && visit.day_number + 21 < days(visit.world);
        let returned = if sent_back {
            self.chance.between(1, quantity)
        } else {
            0
        };
        Some(PastLine {
            product: at,
            unit,
            pack_factor: factor,
            quantity,
            unit_price,
            returned,
        })
    }

    fn signed(&mut self, lines: Vec<PastLine>, visit: &Visit<'_>) -> PastOrder {
        let minute = self.chance.between(6 * 60 + 40, 17 * 60);
        let untouched = lines.iter().all(|line| line.returned == 0);
        let state = match working_days_before(visit.day, visit.world.size.today) {
            0..=1 => OrderState::Confirmed,
            2 => OrderState::Released,
            _ if untouched && self.chance.permille(8) => OrderState::Cancelled,
            _ => OrderState::Closed,
        };
        // From a third at first to three quarters by now: the number the portal is there to raise.
        let share = 330 + 420 * visit.day_number / days(visit.world).max(1);
        let numbered = self.chance.permille(550);
        let po_number = match numbered {
            true => format!(
                "B{:02}-{:04}",
                visit.day.year() % 100,
                self.chance.between(100, 9_999)
            ),
            false => String::new(),
        };
        PastOrder {
            number: 0,
            account: visit.at,
            ship_to: 0,
            placed_at: instant(visit.world, visit.day, minute),
            placed_on: visit.day,
            state,
            self_service: self.chance.permille(share),
            po_number,
            lines,
        }
    }
}

fn facing(product: usize, retailer: &Retailer, chance: &mut Chance) -> Facing {
    let times = chance.pick(&[1, 1, 1, 2, 2, 2, 3, 3, 4, 6], 2);
    let every_days = retailer.nature.rhythm_days * times;
    // What sells in the time between, so that slow visitors take more at once.
    let usual = retailer.nature.size * every_days * chance.between(30, 110) / 1_000;
    Facing {
        product,
        every_days,
        usual: usual.max(520),
        last: -chance.between(0, every_days),
    }
}

/// By how much a product's sales are raised today, and how many days early it is bought. A
/// promotion runs two weeks; in the two after it shelves are still full.
fn promotion(visit: &Visit<'_>, product: &Product) -> (i64, i64) {
    let week = visit.day_number / 7;
    let brand = product.row.brand.as_deref().map_or(0, |brand| brand.len());
    let turn = i64::try_from(brand * 5 + product.row.category.len()).unwrap_or(0);
    match (week + turn) % 17 {
        0 | 1 if !product.own_label => (1_700, visit.retailer.nature.rhythm_days),
        2 | 3 if !product.own_label => (650, 0),
        _ => (1_000, 0),
    }
}

/// What a yearly growth has come to since the history began, a straight line.
fn grown(growth: i64, visit: &Visit<'_>) -> i64 {
    (1_000 + growth * visit.day_number / 365).max(150)
}

/// Items that have left the range are no longer ordered in their last months.
fn sold(product: &Product, visit: &Visit<'_>) -> bool {
    let left = days(visit.world) - visit.day_number;
    match product.row.status {
        ProductStatus::Active => true,
        ProductStatus::PhasingOut => left > 14,
        ProductStatus::Delisted => left > 120,
    }
}

fn days(world: &World) -> i64 {
    i64::from(world.size.weeks) * 7
}

/// Weekends, and the days on which no German office picks up the telephone.
fn closed(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let holidays = [
        (1, 1),
        (5, 1),
        (10, 3),
        (12, 24),
        (12, 25),
        (12, 26),
        (12, 31),
    ];
    weekend || holidays.contains(&(day.month(), day.day()))
}

fn working_days_before(day: Date, today: Date) -> usize {
    let later = std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok());
    later
        .take_while(|day| *day < today)
        .filter(|day| !closed(*day))
        .take(4)
        .count()
}

fn instant(world: &World, day: Date, minute: i64) -> Timestamp {
    let hour = i8::try_from(minute / 60).unwrap_or(12);
    let minute = i8::try_from(minute % 60).unwrap_or(0);
    world
        .zone
        .to_timestamp(day.at(hour, minute, 0, 0))
        .unwrap_or_default()
}
