//! Products with their units, brands, categories and substitutes, by SKU.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
use trade::id::{CategoryId, ProductBrandId, ProductId};
use trade::quantity::{PackFactor, Unit};

use super::{Context, Loader, Numbered, Outcome, insert_many, short};
use crate::db::Tx;
use crate::db::entity::{
    category, category_ancestor, product, product_brand, product_substitute, product_unit,
};
use crate::error::Result;
use crate::imports::records::{Layout, Problem, ProductRow};

pub struct Products {
    context: Context,
    layout: Option<Layout>,
    brands: HashMap<String, ProductBrandId>,
    categories: HashMap<String, CategoryId>,
    seen: HashMap<String, u64>,
    seen_gtins: HashMap<String, u64>,
    /// Substitutes wait for the last row: they may stand below what they replace.
    substitutes: Vec<Numbered<(ProductId, Vec<String>)>>,
}

/// What is stored of a product, beside its row.
#[derive(Default)]
struct Stored {
    rows: HashMap<String, product::Model>,
    units: HashMap<ProductId, Vec<(Unit, PackFactor)>>,
    /// Whose a GTIN is.
    gtins: HashMap<String, String>,
}

impl Products {
    /// `layout` says which columns the file has; none where records come from no file and are whole.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context, layout: Option<Layout>) -> Result<Self> {
        let brands = tx.all::<product_brand::Entity>(|all| all).await?;
        let categories = tx.all::<category::Entity>(|all| all).await?;
        Ok(Self {
            context,
            layout,
            brands: brands
                .into_iter()
                .map(|brand| (brand.name, brand.id))
                .collect(),
            categories: categories
                .into_iter()
                .map(|node| (node.path, node.id))
                .collect(),
            seen: HashMap::new(),
            seen_gtins: HashMap::new(),
            substitutes: Vec::new(),
        })
    }

    fn has(&self, column: &str) -> bool {
        self.layout.as_ref().is_none_or(|layout| layout.has(column))
    }

    async fn stored(&self, tx: &Tx, rows: &[Numbered<ProductRow>]) -> Result<Stored> {
        let mut stored = Stored::default();
        for chunk in rows.chunks(500) {
            let skus = chunk.iter().map(|row| row.record.sku.as_str());
            let gtins = chunk.iter().filter_map(|row| row.record.gtin.as_deref());
            let found = tx
                .all::<product::Entity>(|all| {
                    all.filter(
                        product::Column::Sku
                            .is_in(skus)
                            .or(product::Column::Gtin.is_in(gtins)),
                    )
                })
                .await?;
            let ids: Vec<ProductId> = found.iter().map(|row| row.id).collect();
            let units = tx
                .all::<product_unit::Entity>(|all| {
                    all.filter(product_unit::Column::ProductId.is_in(ids))
                })
                .await?;
            for unit in units {
                if let Some(factor) = PackFactor::new(unit.pack_factor.into()) {
                    stored
                        .units
                        .entry(unit.product_id)
                        .or_default()
                        .push((unit.unit, factor));
                }
            }
            for row in found {
                if let Some(gtin) = &row.gtin {
                    stored.gtins.insert(gtin.clone(), row.sku.clone());
                }
                stored.rows.insert(row.sku.clone(), row);
            }
        }
        Ok(stored)
    }

    /// What of a row stands against another row or another product.
    fn refuse(
        &mut self,
        row: &Numbered<ProductRow>,
        stored: &Stored,
    ) -> Option<(&'static str, Problem)> {
        let record = &row.record;
        if let Some(first) = self.seen.insert(record.sku.clone(), row.row) {
            return Some(("sku", Problem::Repeats { first }));
        }
        let gtin = record.gtin.as_ref()?;
        if let Some(first) = self.seen_gtins.insert(gtin.clone(), row.row) {
            return Some(("gtin", Problem::Repeats { first }));
        }
        let other = stored.gtins.get(gtin).filter(|sku| **sku != record.sku)?;
        let reason = format!("belongs to {other}");
        Some(("gtin", Problem::Refused { reason }))
    }

    async fn brand(&mut self, tx: &Tx, name: &str) -> Result<ProductBrandId> {
        if let Some(id) = self.brands.get(name) {
            return Ok(*id);
        }
        let id = ProductBrandId(self.context.ids.next(self.context.now));
        let taken: HashSet<String> = self.brands.keys().map(|name| slug(name)).collect();
        let mut code = slug(name);
        while taken.contains(&code) {
            code.push('-');
        }
        tx.insert(product_brand::ActiveModel {
            id: Set(id),
            code: Set(code),
            name: Set(name.to_owned()),
        })
        .await?;
        self.brands.insert(name.to_owned(), id);
        Ok(id)
    }

    /// The node of a path, with everything above it.
    async fn category(&mut self, tx: &Tx, path: &[String]) -> Result<CategoryId> {
        let mut above: Vec<CategoryId> = Vec::new();
        for depth in 1..=path.len() {
            let Some(names) = path.get(..depth) else {
                break;
            };
            let joined = names.join(" > ");
            let id = match self.categories.get(&joined) {
                Some(id) => *id,
                None => {
                    let id = CategoryId(self.context.ids.next(self.context.now));
                    self.insert_category(tx, id, names, &joined, &above).await?;
                    self.categories.insert(joined, id);
                    id
                }
            };
            above.insert(0, id);
        }
        above
            .first()
            .copied()
            .ok_or_else(|| anyhow::anyhow!("a category without a name").into())
    }

    async fn insert_category(
        &self,
        tx: &Tx,
        id: CategoryId,
        names: &[String],
        path: &str,
        above: &[CategoryId],
    ) -> Result<()> {
        tx.insert(category::ActiveModel {
            id: Set(id),
            parent_id: Set(above.first().copied()),
            name: Set(names.last().cloned().unwrap_or_default()),
            path: Set(path.to_owned()),
            position: Set(i32::try_from(self.categories.len()).unwrap_or(0)),
        })
        .await?;
        let line = std::iter::once(id).chain(above.iter().copied());
        tx.insert_all(
            line.zip(0..)
                .map(|(ancestor, distance)| category_ancestor::ActiveModel {
                    category_id: Set(id),
                    ancestor_id: Set(ancestor),
                    distance: Set(distance),
                }),
        )
        .await
    }

    /// The row as it should be stored; columns the file lacks stay as they are.
    async fn wanted(
        &mut self,
        tx: &Tx,
        record: &ProductRow,
        old: Option<&product::Model>,
    ) -> Result<product::Model> {
        let brand_id = match old {
            Some(old) if !self.has("brand") => old.brand_id,
            _ => {
                self.brand(tx, record.brand.as_deref().unwrap_or("No brand"))
                    .await?
            }
        };
        let category_id = match old {
            Some(old) if !self.has("category") => old.category_id,
            _ if record.category.is_empty() => self.category(tx, &["Other".to_owned()]).await?,
            _ => self.category(tx, &record.category).await?,
        };
        let new = product::Model {
            id: old.map_or_else(
                || ProductId(self.context.ids.next(self.context.now)),
                |old| old.id,
            ),
            sku: record.sku.clone(),
            gtin: record.gtin.clone(),
            name: record.name.clone(),
            description: record.description.clone().unwrap_or_default(),
            brand_id,
            category_id,
            base_unit: record.base_unit,
            order_unit: record.order_unit,
            moq: short(record.moq),
            multiple: short(record.multiple),
            tax_class: record.tax_class,
            status: record.status,
            stock_policy: record.stock_policy,
            popularity: old.map_or(0, |old| old.popularity),
            picture: old.and_then(|old| old.picture.clone()),
            updated_at: old.map_or(self.context.now, |old| old.updated_at),
        };
        Ok(match old {
            Some(old) => self.kept(new, old),
            None => new,
        })
    }

    fn kept(&self, mut new: product::Model, old: &product::Model) -> product::Model {
        macro_rules! keep {
            ($($column:literal $field:ident),+) => {
                $(if !self.has($column) { new.$field.clone_from(&old.$field); })+
            };
        }
        keep!("gtin" gtin, "description" description, "moq" moq, "multiple" multiple,
            "base_unit" base_unit, "tax_class" tax_class, "status" status,
            "stock_policy" stock_policy);
        if !self.has("order_unit") && !self.has("units") {
            new.order_unit = old.order_unit;
        }
        new
    }

    async fn store_units(
        &self,
        tx: &Tx,
        id: ProductId,
        units: &[(Unit, PackFactor)],
    ) -> Result<()> {
        tx.insert_all(
            units
                .iter()
                .map(|(unit, factor)| product_unit::ActiveModel {
                    product_id: Set(id),
                    unit: Set(*unit),
                    pack_factor: Set(short(factor.get())),
                    gtin: Set(None),
                }),
        )
        .await
    }
}

/// The base unit and those above it, smallest first.
fn units_of(record: &ProductRow) -> Vec<(Unit, PackFactor)> {
    let mut units = vec![(record.base_unit, PackFactor::ONE)];
    units.extend(
        record
            .units
            .iter()
            .filter(|(unit, _)| *unit != record.base_unit),
    );
    units.sort_by_key(|(unit, factor)| (factor.get(), *unit));
    units
}

impl Loader for Products {
    type Record = ProductRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<ProductRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let mut stored = self.stored(tx, &rows).await?;
        let (mut products, mut units) = (Vec::new(), Vec::new());
        for row in rows {
            if let Some((column, problem)) = self.refuse(&row, &stored) {
                outcome.reject(row.row, &row.cells, column, problem);
                continue;
            }
            let old = stored.rows.remove(&row.record.sku);
            let mut new = self.wanted(tx, &row.record, old.as_ref()).await?;
            let wanted_units = units_of(&row.record);
            let id = new.id;
            match old {
                None => {
                    units.push((id, wanted_units));
                    products.push(product::ActiveModel::from(new).reset_all());
                    outcome.inserted += 1;
                }
                Some(old) => {
                    let mut known = stored.units.remove(&id).unwrap_or_default();
                    known.sort_by_key(|(unit, factor)| (factor.get(), *unit));
                    let same_units = known == wanted_units || !self.has("units");
                    if old == new && same_units {
                        outcome.unchanged += 1;
                    } else {
                        new.updated_at = self.context.now;
                        tx.update(product::ActiveModel::from(new).reset_all())
                            .await?;
                        if !same_units {
                            tx.delete::<product_unit::Entity>(|all| {
                                all.filter(product_unit::Column::ProductId.eq(id))
                            })
                            .await?;
                            self.store_units(tx, id, &wanted_units).await?;
                        }
                        outcome.changed += 1;
                    }
                }
            }
            if self.has("substitutes") {
                let record = (id, row.record.substitutes);
                self.substitutes.push(Numbered {
                    row: row.row,
                    cells: row.cells,
                    record,
                });
            }
        }
        insert_many(tx, products).await?;
        for (id, units) in units {
            self.store_units(tx, id, &units).await?;
        }
        Ok(())
    }

    async fn finish(&mut self, tx: &Tx, outcome: &mut Outcome) -> Result<()> {
        let mut stored: HashMap<ProductId, Vec<(i32, ProductId)>> = HashMap::new();
        for row in tx.all::<product_substitute::Entity>(|all| all).await? {
            stored
                .entry(row.product_id)
                .or_default()
                .push((row.position, row.substitute_id));
        }
        let waiting = std::mem::take(&mut self.substitutes);
        let named = waiting
            .iter()
            .flat_map(|row| row.record.1.iter().cloned())
            .collect();
        let ids = super::history::product_ids(tx, named).await?;
        let mut new_rows = Vec::new();
        for Numbered {
            row,
            cells,
            record: (product, skus),
        } in waiting
        {
            let found: Vec<ProductId> = skus
                .iter()
                .filter_map(|sku| ids.get(sku).copied())
                .collect();
            if let Some(unknown) = skus.iter().find(|sku| !ids.contains_key(*sku)) {
                let problem = Problem::Unknown {
                    key: unknown.clone(),
                };
                outcome.reject(row, &cells, "substitutes", problem);
                continue;
            }
            if found.contains(&product) {
                let reason = "names the product itself".to_owned();
                outcome.reject(row, &cells, "substitutes", Problem::Refused { reason });
                continue;
            }
            let wanted: Vec<(i32, ProductId)> = (0..).zip(found).collect();
            let mut known = stored.remove(&product).unwrap_or_default();
            known.sort_unstable();
            if known == wanted {
                continue;
            }
            if !known.is_empty() {
                tx.delete::<product_substitute::Entity>(|all| {
                    all.filter(product_substitute::Column::ProductId.eq(product))
                })
                .await?;
            }
            new_rows.extend(wanted.into_iter().map(|(position, substitute)| {
                product_substitute::ActiveModel {
                    product_id: Set(product),
                    substitute_id: Set(substitute),
                    position: Set(position),
                }
            }));
        }
        insert_many(tx, new_rows).await
    }
}

fn slug(name: &str) -> String {
    let slug: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    slug.trim_matches('-').to_owned()
}
