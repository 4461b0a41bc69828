//! The demo world as the recommender gets to know it: ids, facts and ranges, without a database.

use std::collections::HashMap;

use jiff::civil::Date;
use portal::imports::records::ProductStatus;
use portal::seed::assortment::Product;
use portal::seed::trading::{Happening, PastOrder};
use portal::seed::world::World;
use portal::suggestions::day;
use recommender::{Item, Line, Order, PurchaseHistory, Retailer, Step};
use trade::id::{AccountGroupId, AccountId, CategoryId, ProductBrandId, ProductId};
use trade::order::OrderState;
use uuid::Uuid;

use super::buyer::Need;

/// Things by their place in the world's lists, numbered from 1.
fn id(number: usize) -> Uuid {
    Uuid::from_u64_pair(0, u64::try_from(number).unwrap_or(0).saturating_add(1))
}

fn place(id: Uuid) -> Option<usize> {
    usize::try_from(id.as_u64_pair().1).ok()?.checked_sub(1)
}

pub fn account(number: usize) -> AccountId {
    AccountId(id(number))
}

/// The numbers of names, as they come.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn id(&mut self, name: &str) -> Uuid {
        let next = self.0.len();
        id(*self.0.entry(name.to_owned()).or_insert(next))
    }
}

pub struct Shop<'a> {
    pub world: &'a World,
    items: Vec<(ProductId, Item)>,
    retailers: Vec<(AccountId, Retailer)>,
}

/// A day's order of an account: what was truly needed.
pub struct TrueOrder {
    pub account: usize,
    pub on: Date,
    pub needs: Vec<Need>,
}

impl TrueOrder {
    pub fn as_order(&self) -> Order {
        let line = |need: &Need| Line {
            product: need.product,
            pieces: need.pieces,
        };
        Order {
            account: account(self.account),
            day: day(self.on),
            lines: self.needs.iter().map(line).collect(),
        }
    }
}

impl<'a> Shop<'a> {
    pub fn of(world: &'a World) -> Self {
        let numbers = world.products.iter().enumerate();
        let numbers: HashMap<&str, usize> = numbers
            .map(|(at, product)| (product.row.sku.as_str(), at))
            .collect();
        let (mut categories, mut brands) = (Names::default(), Names::default());
        let item = |(at, product): (usize, &Product)| {
            let price = i32::try_from(product.list_price).unwrap_or(i32::MAX);
            let others = product.row.substitutes.iter();
            let item = Item {
                category: Some(CategoryId(categories.id(&product.row.category.join("/")))),
                brand: product
                    .row
                    .brand
                    .as_deref()
                    .map(|name| ProductBrandId(brands.id(name))),
                name: product.row.name.clone(),
                price: f64::from(price) / 10_000.0,
                substitutes: others
                    .filter_map(|sku| Some(ProductId(id(*numbers.get(sku.as_str())?))))
                    .collect(),
            };
            (ProductId(id(at)), item)
        };
        let items = world.products.iter().enumerate().map(item).collect();
        let mut groups = Names::default();
        let retailers = world.retailers.iter().enumerate().map(|(at, retailer)| {
            let place = retailer.ship_tos.first();
            let facts = Retailer {
                group: retailer
                    .row
                    .group
                    .as_deref()
                    .map(|code| AccountGroupId(groups.id(code))),
                region: place.map_or_else(String::new, |place| place.country.clone()),
            };
            (account(at), facts)
        });
        Self {
            retailers: retailers.collect(),
            items,
            world,
        }
    }

    /// Everything ordered and not cancelled, oldest first.
    pub fn orders(&self) -> Vec<TrueOrder> {
        let happenings = self.world.history();
        happenings
            .filter_map(|happening| match happening {
                Happening::Ordered(order) if order.state != OrderState::Cancelled => Some(order),
                Happening::Ordered(_) | Happening::SentBack(_) => None,
            })
            .map(|order| self.true_order(&order))
            .collect()
    }

    fn true_order(&self, order: &PastOrder) -> TrueOrder {
        let need = |line: &portal::seed::trading::PastLine| {
            let pieces = line.quantity.checked_mul(line.pack_factor)?;
            let product = self.world.products.get(line.product)?;
            let factor = product.row.pack_factor(product.row.order_unit)?.get();
            Some(Need {
                product: ProductId(id(line.product)),
                pieces: u32::try_from(pieces).ok()?,
                units: u32::try_from(pieces.div_euclid(factor).max(1)).ok()?,
                sku: u32::try_from(product.row.sku.len()).ok()?,
            })
        };
        TrueOrder {
            account: order.account,
            on: order.placed_on,
            needs: order.lines.iter().filter_map(need).collect(),
        }
    }

    /// What a model learns from.
    pub fn history<'o>(&self, orders: impl IntoIterator<Item = &'o TrueOrder>) -> PurchaseHistory {
        let mut history = PurchaseHistory::default()
            .with_items(self.items.iter().cloned())
            .with_retailers(self.retailers.iter().cloned());
        history.extend(orders.into_iter().map(TrueOrder::as_order));
        history
    }

    /// In which steps an account may order a product: what it sees and is sold.
    pub fn step(&self, account: usize, product: ProductId) -> Option<Step> {
        let product = self.world.products.get(place(product.0)?)?;
        let group = self.world.retailers.get(account)?.row.group.as_deref();
        let sold = product.row.status != ProductStatus::Delisted;
        if !sold || !self.world.conditions.visible(product, group) {
            return None;
        }
        let factor = product.row.pack_factor(product.row.order_unit)?.get();
        let in_pieces = |units: i64| u32::try_from(units.checked_mul(factor)?).ok();
        let multiple = product.row.multiple.max(1);
        // The least that fits the step, as the shelf counts it.
        let least = (product.row.moq.max(1) + multiple - 1) / multiple * multiple;
        Some(Step {
            least: in_pieces(least)?,
            multiple: in_pieces(multiple)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal::seed::world::WorldSize;

    fn world() -> World {
        World::of(WorldSize {
            accounts: 12,
            skus: 80,
            weeks: 30,
            seed: 3,
            today: jiff::civil::date(2026, 11, 23),
            campaigns: false,
        })
    }

    #[test]
    fn every_need_of_the_last_weeks_may_be_ordered_in_the_quantity_needed_or_on_a_pallet() {
        let world = world();
        let shop = Shop::of(&world);
        let orders = shop.orders();
        let first = jiff::civil::date(2026, 8, 24);
        let recent = orders.iter().filter(|order| order.on >= first);
        let mut lines = 0;
        for order in recent {
            for need in &order.needs {
                let step = shop.step(order.account, need.product);
                let step = step.unwrap_or_else(|| panic!("{need:?} is out of range"));
                assert!(need.pieces >= step.least, "{need:?} {step:?}");
                lines += 1;
            }
        }
        assert!(lines > 100, "{lines}");
    }

    #[test]
    fn the_history_holds_every_order_and_every_item() {
        let world = world();
        let shop = Shop::of(&world);
        let orders = shop.orders();
        let (accounts, _, lines) = shop.history(&orders).size();
        assert_eq!(accounts, 12);
        let of_all: usize = orders.iter().map(|order| order.needs.len()).sum();
        assert_eq!(lines, of_all);
        assert_eq!(shop.history(&[]).items().len(), 80);
    }
}
