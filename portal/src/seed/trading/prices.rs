//! What an account of the demo pays, by the house's own resolver over the demo's lists.

use std::collections::HashMap;

use jiff::civil::Date;
use trade::calendar::Period;
use trade::id::{CategoryId, PriceListId, ProductBrandId, ProductId};
use trade::money::{BasisPoints, Currency, UnitPrice};
use trade::price::{Ask, Condition, Item, PriceRow, Rank, RankedList, Sequence, Target};
use trade::quantity::Unit;
use uuid::Uuid;

use crate::imports::records::{Discounted, Party};
use crate::seed::conditions::{Holder, List};
use crate::seed::world::World;

/// Every price of the world, ready to be asked.
pub struct Prices<'a> {
    world: &'a World,
    items: Vec<Item>,
    rows: HashMap<(PriceListId, usize), Vec<PriceRow>>,
}

/// The lists of one account and place, in their order.
pub struct Book {
    sequence: Sequence,
}

/// The number of a thing as an id; the generator needs no other.
fn id(number: usize) -> Uuid {
    Uuid::from_u64_pair(0, u64::try_from(number).unwrap_or(0).saturating_add(1))
}

impl<'a> Prices<'a> {
    pub fn new(world: &'a World) -> Self {
        let numbers: HashMap<&str, usize> = world
            .products
            .iter()
            .enumerate()
            .map(|(at, p)| (p.row.sku.as_str(), at))
            .collect();
        let lists: HashMap<&str, PriceListId> = world
            .conditions
            .lists
            .iter()
            .enumerate()
            .map(|(at, list)| (list.code.as_str(), PriceListId(id(at))))
            .collect();
        let names = Names::of(world);
        let mut rows: HashMap<(PriceListId, usize), Vec<PriceRow>> = HashMap::new();
        for row in &world.conditions.prices {
            let (Some(&product), Some(&list), Some(from), Some(unit)) = (
                numbers.get(row.sku.as_str()),
                lists.get(row.list.as_str()),
                row.valid_from,
                row.unit,
            ) else {
                continue;
            };
            let until = row.last_day.and_then(|day| day.tomorrow().ok());
            rows.entry((list, product)).or_default().push(PriceRow {
                list,
                product: ProductId(id(product)),
                unit,
                min_quantity: row.min_quantity,
                validity: Period::new(from, until),
                amount: UnitPrice(row.amount),
            });
        }
        let items = world.products.iter().enumerate().map(|(at, product)| Item {
            product: ProductId(id(at)),
            brand: names.brand(product.row.brand.as_deref().unwrap_or_default()),
            categories: names.categories(&product.row.category),
            base_unit: product.row.base_unit,
        });
        Self {
            world,
            items: items.collect(),
            rows,
        }
    }

    /// The lists that apply to an account where it receives goods at one of its places.
    pub fn book(&self, account: usize, ship_to: usize) -> Book {
        let names = Names::of(self.world);
        let lists = self.world.conditions.lists.iter().enumerate();
        let ranked = lists.filter_map(|(at, list)| {
            let rank = self.rank(list, account, ship_to)?;
            Some(ranked(at, list, rank, &names, self.world))
        });
        Book {
            sequence: Sequence::new(ranked.collect()),
        }
    }

    fn rank(&self, list: &List, account: usize, ship_to: usize) -> Option<Rank> {
        let retailer = self.world.retailers.get(account)?;
        let group = retailer.row.group.as_deref();
        let above = retailer.row.parent.as_deref();
        match &list.holder {
            Holder::Everybody => Some(Rank::Default),
            Holder::Group(code)
            | Holder::Contract {
                party: Party::Group(code),
                ..
            } => (group == Some(code)).then_some(Rank::Group),
            Holder::ShipTo {
                account: whose,
                ship_to: place,
            } => (*whose == account && *place == ship_to).then_some(Rank::ShipTo),
            Holder::Contract {
                party: Party::Account(number),
                ..
            } => {
                if *number == retailer.row.number {
                    Some(Rank::Contract)
                } else {
                    // What head office has agreed holds for its stores, behind their own.
                    (above == Some(number)).then_some(Rank::Group)
                }
            }
        }
    }

    /// The price of one `unit`; none where there is no valid one.
    pub fn price(
        &self,
        book: &Book,
        product: usize,
        unit: Unit,
        quantity: i64,
        date: Date,
    ) -> Option<UnitPrice> {
        let item = self.items.get(product)?;
        let factor = self.world.products.get(product)?.row.pack_factor(unit)?;
        let rows: Vec<PriceRow> = book
            .sequence
            .lists()
            .iter()
            .filter_map(|list| self.rows.get(&(list.id, product)))
            .flatten()
            .filter(|row| row.validity.contains(date))
            .cloned()
            .collect();
        let ask = Ask {
            unit,
            factor,
            quantity,
            date,
            currency: Currency::EUR,
        };
        book.sequence.price(item, &rows, &ask)
    }
}

fn ranked(at: usize, list: &List, rank: Rank, names: &Names, world: &World) -> RankedList {
    let condition = |(number, discount): (usize, &crate::seed::conditions::Discount)| Condition {
        id: id(number),
        target: match &discount.target {
            Discounted::Everything => Target::Everything,
            Discounted::Brand(name) => Target::Brand(names.brand(name)),
            Discounted::Category(path) => Target::Category(names.category(path)),
            Discounted::Sku(sku) => {
                let at = world
                    .products
                    .iter()
                    .position(|product| product.row.sku == *sku);
                Target::Product(ProductId(id(at.unwrap_or(usize::MAX))))
            }
        },
        discount: BasisPoints(discount.basis_points),
        validity: list.validity,
    };
    RankedList {
        id: PriceListId(id(at)),
        code: list.code.clone(),
        name: list.name.clone(),
        contract: None,
        currency: Currency::EUR,
        rank,
        priority: list.priority,
        validity: list.validity,
        conditions: list.discounts.iter().enumerate().map(condition).collect(),
    }
}

/// Numbers for brands and for nodes of the category tree.
struct Names {
    brands: Vec<String>,
    paths: Vec<String>,
}

impl Names {
    fn of(world: &World) -> Self {
        let (mut brands, mut paths) = (Vec::new(), Vec::new());
        for product in &world.products {
            let brand = product.row.brand.clone().unwrap_or_default();
            if !brands.contains(&brand) {
                brands.push(brand);
            }
            for depth in 1..=product.row.category.len() {
                let path = joined(product.row.category.iter().take(depth));
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        Self { brands, paths }
    }

    fn brand(&self, name: &str) -> ProductBrandId {
        let at = self.brands.iter().position(|brand| brand == name);
        ProductBrandId(id(at.unwrap_or(usize::MAX)))
    }

    fn category(&self, path: &[String]) -> CategoryId {
        let path = joined(path.iter());
        let at = self.paths.iter().position(|known| *known == path);
        CategoryId(id(at.unwrap_or(usize::MAX)))
    }

    /// The node and those above it, the nearest first.
    fn categories(&self, path: &[String]) -> Vec<CategoryId> {
        let depths = (1..=path.len()).rev();
        depths
            .filter_map(|depth| path.get(..depth))
            .map(|path| self.category(path))
            .collect()
    }
}

fn joined<'a>(path: impl Iterator<Item = &'a String>) -> String {
    path.map(String::as_str).collect::<Vec<_>>().join(" > ")
}
