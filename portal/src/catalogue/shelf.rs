//! The shelf: every product that is sold, as lists need it, kept in memory under the catalogue's
//! version. A page narrows, counts and sorts it without asking the database, and then loads the
//! few products it shows.
//!
//! What an account may see of it is asked of the database, through the account's own transaction,
//! once a version; the products shown are loaded through that transaction again, so nothing that
//! is remembered here can show a product to somebody it is hidden from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect};
use tokio::sync::RwLock;
use trade::id::{AccountId, CategoryId, ProductBrandId, ProductId};
use trade::price::Item;
use trade::quantity::{OrderRule, PackFactor, Unit};

use super::marks::Marks;
use super::reference::Reference;
use crate::db::Tx;
use crate::db::entity::product;
use crate::db::scope::{Reach, Scope, visible_products};
use crate::db::words::{ProductStatus, StockPolicy};
use crate::error::Result;

/// How long "in stock" is remembered for counting, in milliseconds. Lists of what is in stock, and
/// the availability beside a product, are always of the moment.
const STOCK_MILLIS: i64 = 15_000;
/// How many accounts' ranges are remembered; beyond, all are asked for again.
const RANGES: usize = 2_000;

/// A product as lists sort, count and price it.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Its id.
    pub id: ProductId,
    /// Its category's place in [`Shelf::categories`].
    pub category: usize,
    /// Its brand's place in [`Shelf::brands`].
    pub brand: usize,
    /// Its place among all by name.
    pub by_name: usize,
    /// Its place among all by article number.
    pub by_sku: usize,
    /// What its books count in.
    pub base_unit: Unit,
    /// What it is ordered in.
    pub order_unit: Unit,
    /// Base units in that.
    pub factor: PackFactor,
    /// The least that can be ordered, in order units.
    pub least: i64,
    /// From one quantity that can be ordered to the next, in order units.
    pub step: i64,
    /// How it is sold when stock is short.
    pub stock_policy: StockPolicy,
}

/// Every product that is sold, the more popular first.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The categories, brands and rates of the same version.
    pub reference: Arc<Reference>,
    /// The products; a product's *place* is its index here.
    pub products: Vec<Listed>,
    /// The categories in the order of the tree.
    pub categories: Vec<CategoryId>,
    /// The brands by name.
    pub brands: Vec<ProductBrandId>,
    places: HashMap<ProductId, usize>,
    category_places: HashMap<CategoryId, usize>,
    ranges: Mutex<HashMap<Reach, Arc<Marks>>>,
    bought: Mutex<HashMap<AccountId, (i64, Arc<Marks>)>>,
    stocked: Mutex<Option<(i64, Arc<Marks>)>>,
}

// Unscoped on purpose: the shelf is everybody's, and `Shelf::range` says what of it a caller sees.
const PRODUCTS: &str = "SELECT p.id, p.name, p.sku, p.category_id, p.brand_id, p.base_unit, \
    p.order_unit, p.moq, p.multiple, p.stock_policy, u.pack_factor FROM products p \
    LEFT JOIN product_units u ON u.product_id = p.id AND u.unit = p.order_unit \
    WHERE p.status <> 'delisted' ORDER BY p.popularity DESC, p.sku";

const STOCKED: &str = "SELECT product_id, on_hand - allocated - reserved FROM stock \
    WHERE on_hand - allocated - reserved > 0";

#[derive(Debug, FromQueryResult)]
struct Id {
    id: ProductId,
}

impl Shelf {
    async fn load(tx: &Tx, reference: &Arc<Reference>) -> Result<Shelf> {
        let mut shelf = Shelf::of(Arc::clone(reference));
        let brand_places = numbered(&shelf.brands);
        let mut names = Vec::new();
        for row in tx.rows(PRODUCTS, []).await? {
            let category: CategoryId = row.try_get_by_index(3)?;
            let brand: ProductBrandId = row.try_get_by_index(4)?;
            let (moq, multiple): (i32, i32) = (row.try_get_by_index(7)?, row.try_get_by_index(8)?);
            let factor: Option<i32> = row.try_get_by_index(10)?;
            let factor = factor
                .and_then(|f| PackFactor::new(f.into()))
                .unwrap_or(PackFactor::ONE);
            let rule = OrderRule::new(factor, moq.into(), multiple.into());
            let (Some(category), Some(brand)) = (
                shelf.category_places.get(&category),
                brand_places.get(&brand),
            ) else {
                continue;
            };
            let name: String = row.try_get_by_index(1)?;
            names.push((name.to_lowercase(), row.try_get_by_index::<String>(2)?));
            shelf.products.push(Listed {
                id: row.try_get_by_index(0)?,
                category: *category,
                brand: *brand,
                by_name: 0,
                by_sku: 0,
                base_unit: row.try_get_by_index(5)?,
                order_unit: row.try_get_by_index(6)?,
                factor,
                least: rule.map_or(1, |rule| rule.least(factor)),
                step: rule.map_or(1, |rule| rule.step_in(factor)),
                stock_policy: row.try_get_by_index(9)?,
            });
        }
        shelf.rank(&names);
        Ok(shelf)
    }

    fn of(reference: Arc<Reference>) -> Shelf {
        let categories = reference.category_order.clone();
        let mut brands: Vec<_> = reference.brands.values().collect();
        brands.sort_by_key(|brand| (brand.name.to_lowercase(), brand.id));
        Shelf {
            category_places: numbered(&categories),
            brands: brands.into_iter().map(|brand| brand.id).collect(),
            categories,
            reference,
            ..Shelf::default()
        }
    }

    /// `names`: name in lower case and article number of each product, in the shelf's order.
    fn rank(&mut self, names: &[(String, String)]) {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_unstable_by_key(|place| names.get(*place));
        for (rank, place) in order.iter().enumerate() {
            if let Some(product) = self.products.get_mut(*place) {
                product.by_name = rank;
            }
        }
        order.sort_unstable_by_key(|place| names.get(*place).map(|(_, sku)| sku));
        for (rank, place) in order.iter().enumerate() {
            if let Some(product) = self.products.get_mut(*place) {
                product.by_sku = rank;
            }
        }
        let places = self.products.iter().enumerate();
        self.places = places.map(|(place, product)| (product.id, place)).collect();
    }

    /// Where a product stands; none where it is not sold.
    #[must_use]
    pub fn place(&self, product: ProductId) -> Option<usize> {
        self.places.get(&product).copied()
    }

    /// Where a category stands in the tree's order.
    #[must_use]
    pub fn category_place(&self, category: CategoryId) -> Option<usize> {
        self.category_places.get(&category).copied()
    }

    /// What the resolver must know of a product.
    #[must_use]
    pub fn item(&self, listed: &Listed) -> Item {
        let category = self.categories.get(listed.category).copied();
        let brand = self.brands.get(listed.brand).copied();
        Item {
            product: listed.id,
            brand: brand.unwrap_or(ProductBrandId(uuid::Uuid::nil())),
            categories: category
                .map(|id| self.reference.line(id).to_vec())
                .unwrap_or_default(),
            base_unit: listed.base_unit,
        }
    }

    /// What of the shelf the caller sees, as the database answers.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn range(&self, tx: &Tx) -> Result<Arc<Marks>> {
        self.range_of(tx, tx.scope().reach).await
    }

    /// What of the shelf somebody else sees, of those the caller sees.
    ///
    /// # Errors
    /// Whatever the database says.
    pub(crate) async fn range_of(&self, tx: &Tx, key: Reach) -> Result<Arc<Marks>> {
        if let Some(range) = locked(&self.ranges).get(&key) {
            return Ok(Arc::clone(range));
        }
        let seen: Vec<Id> = tx
            .report::<product::Entity, Id>(|products| {
                let products = products
                    .select_only()
                    .column(product::Column::Id)
                    .filter(product::Column::Status.ne(ProductStatus::Delisted));
                if key == tx.scope().reach {
                    return products;
                }
                let reader = Scope {
                    reach: key,
                    ..tx.scope().clone()
                };
                products.filter(visible_products(&reader))
            })
            .await?;
        let range = Arc::new(self.marks(seen.into_iter().map(|row| row.id)));
        let mut ranges = locked(&self.ranges);
        if ranges.len() >= RANGES {
            ranges.clear();
        }
        ranges.insert(key, Arc::clone(&range));
        Ok(range)
    }

    /// What `account` has ever bought. Such a list only grows, so `count`, its length as of this
    /// transaction, says whether the one remembered still holds.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn bought(&self, tx: &Tx, account: AccountId, count: i64) -> Result<Arc<Marks>> {
        if let Some((known, marks)) = locked(&self.bought).get(&account)
            && *known == count
        {
            return Ok(Arc::clone(marks));
        }
        let sql = "SELECT product_id FROM account_products WHERE account_id = $1";
        let mut ids = Vec::new();
        for row in tx.rows(sql, [account.into()]).await? {
            ids.push(row.try_get_by_index::<ProductId>(0)?);
        }
        let marks = Arc::new(self.marks(ids));
        let mut bought = locked(&self.bought);
        if bought.len() >= RANGES {
            bought.clear();
        }
        bought.insert(account, (count, Arc::clone(&marks)));
        Ok(marks)
    }

    /// What at least one order unit of can be had now; with `of_the_moment`, exactly, else as of
    /// the last few seconds.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn stocked(&self, tx: &Tx, now: i64, of_the_moment: bool) -> Result<Arc<Marks>> {
        if !of_the_moment
            && let Some((at, marks)) = locked(&self.stocked).as_ref()
            && now - at < STOCK_MILLIS
        {
            return Ok(Arc::clone(marks));
        }
        let mut marks = self.marks([]);
        for (place, product) in self.products.iter().enumerate() {
            if product.stock_policy == StockPolicy::Untracked {
                marks.mark(place);
            }
        }
        for row in tx.rows(STOCKED, []).await? {
            let available: i64 = row.try_get_by_index(1)?;
            let Some(place) = self.place(row.try_get_by_index(0)?) else {
                continue;
            };
            let enough = |product: &Listed| available >= product.factor.get();
            if self.products.get(place).is_some_and(enough) {
                marks.mark(place);
            }
        }
        let marks = Arc::new(marks);
        *locked(&self.stocked) = Some((now, Arc::clone(&marks)));
        Ok(marks)
    }

    fn marks(&self, products: impl IntoIterator<Item = ProductId>) -> Marks {
        let mut marks = Marks::none(self.products.len());
        for place in products.into_iter().filter_map(|id| self.place(id)) {
            marks.mark(place);
        }
        marks
    }
}

fn numbered<T: Copy + Eq + std::hash::Hash>(ids: &[T]) -> HashMap<T, usize> {
    ids.iter()
        .enumerate()
        .map(|(place, id)| (*id, place))
        .collect()
}

/// What is remembered is whole after every statement, so a panic elsewhere does not spoil it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the shelf between requests.
#[derive(Default)]
pub struct ShelfCache {
    current: RwLock<Arc<Shelf>>,
}

impl ShelfCache {
    /// The shelf as of `reference`, which is this transaction's.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn get(&self, tx: &Tx, reference: &Arc<Reference>) -> Result<Arc<Shelf>> {
        {
            let current = self.current.read().await;
            if current.reference.version == reference.version && reference.version > 0 {
                return Ok(Arc::clone(&current));
            }
        }
        let fresh = Arc::new(Shelf::load(tx, reference).await?);
        *self.current.write().await = Arc::clone(&fresh);
        Ok(fresh)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::catalogue::reference::Category;
    use crate::db::entity::{category, product_brand};
    use uuid::Uuid;

    pub(crate) fn category(number: u128) -> CategoryId {
        CategoryId(Uuid::from_u128(number))
    }

    /// Cat; Dog with Dry and Wet below it. Five products of two brands.
    pub(crate) fn sample() -> Shelf {
        let mut reference = Reference {
            version: 1,
            ..Reference::default()
        };
        let tree = [
            (1, "Cat", None),
            (2, "Dog", None),
            (3, "Dog > Dry", Some(2)),
            (4, "Dog > Wet", Some(2)),
        ];
        for (id, path, parent) in tree {
            let row = category::Model {
                id: category(id),
                parent_id: parent.map(category),
                name: path.rsplit(" > ").next().unwrap_or(path).to_owned(),
                path: path.to_owned(),
                position: 0,
            };
            let line = [Some(id), parent]
                .into_iter()
                .flatten()
                .map(category)
                .collect();
            reference
                .categories
                .insert(category(id), Category { row, line });
            reference.category_order.push(category(id));
        }
        for (id, name) in [(1, "Feldhof"), (2, "Nordpfote")] {
            let id = ProductBrandId(Uuid::from_u128(id));
            let row = product_brand::Model {
                id,
                code: name.to_lowercase(),
                name: name.to_owned(),
            };
            reference.brands.insert(id, row);
        }
        let mut shelf = Shelf::of(Arc::new(reference));
        let products = [
            ("Beef", 2, 0),
            ("apple", 2, 1),
            ("Cod", 0, 1),
            ("Duck", 0, 0),
            ("Eel", 3, 0),
        ];
        let mut names = Vec::new();
        for (number, (name, category, brand)) in (1..).zip(products) {
            names.push((name.to_lowercase(), format!("SKU-{}", 9 - number)));
            shelf.products.push(Listed {
                id: ProductId(Uuid::from_u128(number)),
                category,
                brand,
                by_name: 0,
                by_sku: 0,
                base_unit: Unit::Piece,
                order_unit: Unit::Piece,
                factor: PackFactor::ONE,
                least: 1,
                step: 1,
                stock_policy: StockPolicy::BackOrder,
            });
        }
        shelf.rank(&names);
        shelf
    }

    #[test]
    fn names_are_ranked_without_regard_to_case() {
        let shelf = sample();
        let by_name: Vec<usize> = shelf.products.iter().map(|p| p.by_name).collect();
        assert_eq!(by_name, [1, 0, 2, 3, 4]);
        let by_sku: Vec<usize> = shelf.products.iter().map(|p| p.by_sku).collect();
        assert_eq!(by_sku, [4, 3, 2, 1, 0]);
        assert_eq!(shelf.place(ProductId(Uuid::from_u128(3))), Some(2));
    }
}
