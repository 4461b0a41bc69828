//! What products, brands, categories and their packs are called.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::Value;
use trade::id::{CategoryId, ProductBrandId, ProductId};
use trade::price::Target;
use trade::promotion::{Assortment, CountIn, Mechanic, Part};
use trade::quantity::{PackFactor, Unit};

use crate::catalogue::{Article, Reference, padded};
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::web::shape::{Arg, Message};

/// A product by name, with its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What its pieces are.
    pub base_unit: Unit,
    /// What packs of it are.
    pub order_unit: Unit,
    /// Pieces in a pack.
    pub order_factor: PackFactor,
}

/// Products of one brand, category and kind of pack.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    brand: ProductBrandId,
    category: CategoryId,
    base_unit: Unit,
    order_unit: Unit,
}

/// What is named in promotions. It follows from the catalogue and the promotions alone, not from
/// who asks, so it may be kept as long as neither changes.
#[derive(Debug, Clone, Default)]
pub struct Names {
    reference: Arc<Reference>,
    products: Arc<HashMap<ProductId, Named>>,
    kinds: Arc<Vec<Kind>>,
    /// Products of whoever asks, beside those that promotions name.
    own: HashMap<ProductId, Named>,
}

impl Names {
    /// The names in these promotions' mechanics and assortments: two queries however many.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load<'a>(
        tx: &Tx,
        reference: Arc<Reference>,
        promotions: impl IntoIterator<Item = (&'a Mechanic, &'a Assortment)>,
    ) -> Result<Names> {
        let mut ids: Vec<ProductId> = Vec::new();
        for (mechanic, assortment) in promotions {
            ids.extend(products_of(mechanic, assortment));
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(Names {
            reference,
            products: Arc::new(products(tx, &ids).await?),
            kinds: Arc::new(kinds(tx).await?),
            own: HashMap::new(),
        })
    }

    /// Names a product that no promotion names, such as one in a cart.
    pub fn know(&mut self, article: &Article) {
        let factor = article.factor(article.order_unit);
        let named = Named {
            sku: article.sku.clone(),
            name: article.name.clone(),
            base_unit: article.base_unit,
            order_unit: article.order_unit,
            order_factor: factor.unwrap_or(PackFactor::ONE),
        };
        self.own.insert(article.id, named);
    }

    /// A product, where it is one of those named.
    #[must_use]
    pub fn find(&self, product: ProductId) -> Option<&Named> {
        self.products
            .get(&product)
            .or_else(|| self.own.get(&product))
    }

    pub(super) fn product(&self, product: ProductId) -> String {
        self.find(product)
            .map_or_else(|| product.to_string(), |named| named.name.clone())
    }

    /// A target in words.
    #[must_use]
    pub fn target(&self, target: &Target) -> Arg {
        match target {
            Target::Product(id) => self.product(*id).into(),
            Target::Brand(id) => {
                let brand = self.reference.brands.get(id);
                let name = brand.map(|brand| brand.name.clone()).unwrap_or_default();
                Message::new("promotion-brand").with("name", name).into()
            }
            Target::Category(id) => {
                let path = self
                    .reference
                    .categories
                    .get(id)
                    .map(|category| category.row.path.clone());
                let name = path.unwrap_or_default();
                Message::new("promotion-category").with("name", name).into()
            }
            Target::Everything => Message::new("promotion-everything").into(),
        }
    }

    /// A target by its own name alone.
    pub(super) fn briefly(&self, target: &Target) -> Arg {
        let reference = &self.reference;
        match target {
            Target::Product(id) => self.product(*id).into(),
            Target::Brand(id) => reference
                .brands
                .get(id)
                .map_or_else(String::new, |brand| brand.name.clone())
                .into(),
            Target::Category(id) => reference
                .categories
                .get(id)
                .map_or_else(String::new, |category| category.row.name.clone())
                .into(),
            Target::Everything => Message::new("promotion-any-item").into(),
        }
    }

    /// What an assortment's counts count in, where all of its products agree.
    pub(super) fn unit(&self, include: &[Target], count_in: CountIn) -> Option<Unit> {
        let unit_of = |base: Unit, order: Unit| match count_in {
            CountIn::Pieces => base,
            CountIn::Packs => order,
        };
        let mut units: Vec<Unit> = include
            .iter()
            .filter_map(|target| match target {
                Target::Product(id) => self.find(*id),
                Target::Brand(_) | Target::Category(_) | Target::Everything => None,
            })
            .map(|named| unit_of(named.base_unit, named.order_unit))
            .collect();
        let kinds = self.kinds.iter().filter(|kind| {
            include.is_empty()
                || include.iter().any(|target| match target {
                    Target::Product(_) => false,
                    Target::Brand(id) => kind.brand == *id,
                    Target::Category(id) => self.reference.line(kind.category).contains(id),
                    Target::Everything => true,
                })
        });
        units.extend(kinds.map(|kind| unit_of(kind.base_unit, kind.order_unit)));
        match units.split_first() {
            Some((first, others)) if others.iter().all(|unit| unit == first) => Some(*first),
            // Pieces of anything are pieces; packs of different kinds have no word in common.
            _ => (count_in == CountIn::Pieces).then_some(Unit::Piece),
        }
    }

    /// So many base units as order units, where they come out even.
    pub(super) fn in_order_units(&self, part: &Part) -> (i64, Unit) {
        let Some(named) = self.find(part.product) else {
            return (part.pieces, Unit::Piece);
        };
        let factor = named.order_factor.get();
        if part.pieces % factor == 0 {
            (part.pieces / factor, named.order_unit)
        } else {
            (part.pieces, named.base_unit)
        }
    }
}

/// Every product that a promotion names.
fn products_of(mechanic: &Mechanic, assortment: &Assortment) -> Vec<ProductId> {
    let targets = assortment.include.iter().chain(&assortment.exclude);
    let mut ids: Vec<ProductId> = targets
        .filter_map(|target| match target {
            Target::Product(id) => Some(*id),
            Target::Brand(_) | Target::Category(_) | Target::Everything => None,
        })
        .collect();
    match mechanic {
        Mechanic::BuyGetOther { get: part, .. } | Mechanic::FreeGoods { give: part, .. } => {
            ids.push(part.product);
        }
        Mechanic::Bundle { parts, .. } => ids.extend(parts.iter().map(|part| part.product)),
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => {}
    }
    ids
}

// Past the scope: names are the same for whoever asks.
async fn products(tx: &Tx, ids: &[ProductId]) -> Result<HashMap<ProductId, Named>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT p.id, p.sku, p.name, p.base_unit, p.order_unit, u.pack_factor \
             FROM products p LEFT JOIN product_units u \
             ON u.product_id = p.id AND u.unit = p.order_unit WHERE p.id IN ({})",
            placeholders(1, chunk.len())
        );
        for row in tx.rows(&sql, chunk.into_iter().map(Value::from)).await? {
            let factor: Option<i32> = row.try_get_by_index(5)?;
            let named = Named {
                sku: row.try_get_by_index(1)?,
                name: row.try_get_by_index(2)?,
                base_unit: row.try_get_by_index(3)?,
                order_unit: row.try_get_by_index(4)?,
                order_factor: factor
                    .and_then(|factor| PackFactor::new(factor.into()))
                    .unwrap_or(PackFactor::ONE),
            };
            found.insert(row.try_get_by_index(0)?, named);
        }
    }
    Ok(found)
}

async fn kinds(tx: &Tx) -> Result<Vec<Kind>> {
    let sql = "SELECT DISTINCT brand_id, category_id, base_unit, order_unit FROM products \
               WHERE status <> 'delisted'";
    let rows = tx.rows(sql, []).await?;
    rows.iter()
        .map(|row| {
            Ok(Kind {
                brand: row.try_get_by_index(0)?,
                category: row.try_get_by_index(1)?,
                base_unit: row.try_get_by_index(2)?,
                order_unit: row.try_get_by_index(3)?,
            })
        })
        .collect()
}
