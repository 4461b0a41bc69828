//! The demo world of a size: everything a brand's database holds, as data, before any database.
//!
//! ```
//! use portal::seed::world::{World, WorldSize};
//! let world = World::of(WorldSize::demo(jiff::civil::date(2026, 11, 23)));
//! assert_eq!(world.retailers[0].row.name, "Zoohandlung Petersen");
//! assert!(world.history().next().is_some());
//! ```

use jiff::civil::Date;
use jiff::tz::TimeZone;
use trade::quantity::Unit;
use trade::tax::TaxClass;

use super::assortment::{Product, products};
use super::chance::Chance;
use super::conditions::{Conditions, conditions};
use super::retailers::{Retailer, retailers};
use super::trading::{History, Prices};
use crate::imports::records::{ProductStatus, StockPolicy, StockRow};
use crate::stock::Incoming;

pub const BRAND: &str = "Feldmann Tiernahrung GmbH";
pub const TIME_ZONE: &str = "Europe/Berlin";
pub const PASSWORD: &str = "kontor-demo";

/// How large a world, from which seed, ending when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldSize {
    pub accounts: u32,
    pub skus: u32,
    pub weeks: u32,
    pub seed: u64,
    /// The brand's local date; the history ends with the evening before it.
    pub today: Date,
    /// Whether retailers were told of a promotion already, by mail.
    pub campaigns: bool,
}

impl WorldSize {
    pub fn demo(today: Date) -> Self {
        Self {
            accounts: 60,
            skus: 320,
            weeks: 104,
            seed: 1,
            today,
            campaigns: true,
        }
    }
}

/// A rate of value added tax, from a day on, in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxRate {
    pub country: &'static str,
    pub class: TaxClass,
    pub basis_points: i32,
}

/// Pet food is taxed at the reduced rate in Germany, at the standard one in most other places.
pub const TAX_RATES: [TaxRate; 12] = {
    const fn rate(country: &'static str, class: TaxClass, basis_points: i32) -> TaxRate {
        TaxRate {
            country,
            class,
            basis_points,
        }
    }
    [
        rate("DE", TaxClass::Standard, 1_900),
        rate("DE", TaxClass::Reduced, 700),
        rate("DE", TaxClass::Zero, 0),
        rate("AT", TaxClass::Standard, 2_000),
        rate("AT", TaxClass::Reduced, 1_000),
        rate("AT", TaxClass::Zero, 0),
        rate("NL", TaxClass::Standard, 2_100),
        rate("NL", TaxClass::Reduced, 900),
        rate("NL", TaxClass::Zero, 0),
        rate("CH", TaxClass::Standard, 810),
        rate("CH", TaxClass::Reduced, 260),
        rate("CH", TaxClass::Zero, 0),
    ]
};

#[derive(Clone, Debug)]
pub struct World {
    pub size: WorldSize,
    pub products: Vec<Product>,
    pub retailers: Vec<Retailer>,
    pub conditions: Conditions,
    pub stock: Vec<StockRow>,
    pub zone: TimeZone,
    pub chance: Chance,
}

impl World {
    pub fn of(size: WorldSize) -> Self {
        let chance = Chance::new(size.seed);
        let products = products(size.skus, &chance);
        let retailers = retailers(size.accounts, size.weeks, size.today, &chance);
        let conditions = conditions(&products, &retailers, size.today, &chance);
        let stock = stock(&products, size, &chance);
        // The zone is compiled in; a build without it would shift instants, not fail.
        let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
        Self {
            size,
            products,
            retailers,
            conditions,
            stock,
            zone,
            chance,
        }
    }

    /// What was ordered and sent back, oldest first, made as it is asked for.
    pub fn history(&self) -> History<'_> {
        History::new(self)
    }

    /// What accounts pay, by the house's own resolver.
    pub fn prices(&self) -> Prices<'_> {
        Prices::new(self)
    }
}

/// A few of what is sold only from stock are sold out.
fn is_sold_out(at: usize, product: &Product) -> bool {
    product.row.stock_policy == StockPolicy::Strict && at.is_multiple_of(13)
}

/// Enough for some weeks of most, little of a few, none of one or two with a day it comes.
fn stock(products: &[Product], size: WorldSize, chance: &Chance) -> Vec<StockRow> {
    let scale = i64::from(size.accounts).max(10);
    let row = |(at, product): (usize, &Product)| {
        let mut chance = chance.of("stock", u64::try_from(at).unwrap_or(0));
        let case = product
            .row
            .pack_factor(product.row.order_unit)
            .map_or(1, |factor| factor.get());
        let cases = product.appeal * chance.between(600, 1_800) / 1_000 * scale / 400 + 6;
        let fate = chance.between(0, 99);
        let on_hand = match (product.row.status, fate) {
            (ProductStatus::Delisted, _) | (_, 0..2) => 0,
            (ProductStatus::Active, _) if is_sold_out(at, product) => 0,
            (ProductStatus::PhasingOut, _) | (_, 2..7) => chance.between(1, 3) * case,
            (ProductStatus::Active, _) => cases * case,
        };
        let short = on_hand <= 3 * case && product.row.status == ProductStatus::Active;
        let expected_days = chance.between(3, 25);
        let expected = size
            .today
            .checked_add(jiff::Span::new().days(expected_days))
            .ok();
        let pallet = product
            .row
            .pack_factor(Unit::Pallet)
            .map_or(case * 40, |factor| factor.get());
        let later = expected
            .and_then(|day| day.checked_add(jiff::Span::new().days(14)).ok())
            // Every third of them comes in two parts.
            .filter(|_| expected_days % 3 == 0);
        let receipts = expected.into_iter().map(|day| (day, pallet));
        let receipts = receipts.chain(later.map(|day| (day, pallet * 2)));
        StockRow {
            sku: product.row.sku.clone(),
            on_hand: if product.row.stock_policy == StockPolicy::Untracked {
                0
            } else {
                on_hand
            },
            incoming: Incoming::of(receipts.filter(|_| short)),
        }
    };
    products.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests;
