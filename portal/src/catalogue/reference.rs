//! What changes rarely and every page needs: the category tree, brands, tax rates,
//! freight.
//!
//! Kept in memory under the catalogue's version, a counter that every change of the catalogue
//! raises in its own transaction; so another instance's change shows on the next request.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::QueryOrder;
use tokio::sync::RwLock;
use trade::freight::FreightStep;
use trade::id::{CategoryId, ProductBrandId};
use trade::money::{BasisPoints, Currency};
use trade::tax::TaxClass;

use crate::db::Tx;
use crate::db::entity::{category, category_ancestor, freight_rate, product_brand, tax_rate};
use crate::error::Result;

/// The counter that every change of products, categories, prices' visibility or tax raises.
pub const VERSION: &str = "catalogue";

/// A category with its place in the tree.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its row.
    pub row: category::Model,
    /// Itself and those above it, the nearest first.
    pub line: Vec<CategoryId>,
}

/// The catalogue's slow-moving part.
#[derive(Debug, Default)]
pub struct Reference {
    /// The version it was read at.
    pub version: i64,
    /// By id.
    pub categories: HashMap<CategoryId, Category>,
    /// In the order of the tree.
    pub category_order: Vec<CategoryId>,
    /// By id.
    pub brands: HashMap<ProductBrandId, product_brand::Model>,
    pub(super) rates: HashMap<(String, TaxClass), Vec<(Date, BasisPoints)>>,
    pub(super) freight: HashMap<(Currency, String), Vec<FreightStep>>,
}

impl Reference {
    /// Itself and those above it, the nearest first.
    #[must_use]
    pub fn line(&self, category: CategoryId) -> &[CategoryId] {
        self.categories.get(&category).map_or(&[], |c| &c.line)
    }

    /// The rate of a class in a country on a day; none where the brand has set none up.
    #[must_use]
    pub fn tax_rate(&self, country: &str, class: TaxClass, date: Date) -> Option<BasisPoints> {
        if class == TaxClass::Zero {
            return Some(BasisPoints(0));
        }
        let rates = self.rates.get(&(country.to_owned(), class))?;
        rates
            .iter()
            .rev()
            .find(|(from, _)| *from <= date)
            .map(|(_, rate)| *rate)
    }

    /// The freight steps of a country, or else those of everywhere.
    #[must_use]
    pub fn freight(&self, currency: Currency, country: &str) -> &[FreightStep] {
        self.freight
            .get(&(currency, country.to_owned()))
            .or_else(|| self.freight.get(&(currency, String::new())))
            .map_or(&[], Vec::as_slice)
    }

    async fn load(tx: &Tx, version: i64) -> Result<Reference> {
        let rows = tx
            .all::<category::Entity>(|all| all.order_by_asc(category::Column::Path))
            .await?;
        let category_order = rows.iter().map(|row| row.id).collect();
        let mut categories: HashMap<_, _> = rows
            .into_iter()
            .map(|row| {
                (
                    row.id,
                    Category {
                        row,
                        line: Vec::new(),
                    },
                )
            })
            .collect();
        let above = tx
            .all::<category_ancestor::Entity>(|all| {
                all.order_by_asc(category_ancestor::Column::Distance)
            })
            .await?;
        for step in above {
            if let Some(category) = categories.get_mut(&step.category_id) {
                category.line.push(step.ancestor_id);
            }
        }
        let brands = tx.all::<product_brand::Entity>(|all| all).await?;
        let mut rates: HashMap<(String, TaxClass), Vec<(Date, BasisPoints)>> = HashMap::new();
        let all_rates = tx
            .all::<tax_rate::Entity>(|all| all.order_by_asc(tax_rate::Column::ValidFrom))
            .await?;
        for row in all_rates {
            let entry = rates.entry((row.country, row.tax_class)).or_default();
            entry.push((row.valid_from.0, row.rate));
        }
        let mut freight: HashMap<(Currency, String), Vec<FreightStep>> = HashMap::new();
        for row in tx.all::<freight_rate::Entity>(|all| all).await? {
            let steps = freight.entry((row.currency, row.country)).or_default();
            steps.push(FreightStep {
                from_minor: row.from_minor,
                charge_minor: row.charge_minor,
            });
        }
        Ok(Reference {
            version,
            freight,
            categories,
            category_order,
            brands: brands.into_iter().map(|brand| (brand.id, brand)).collect(),
            rates,
        })
    }
}

/// Keeps the reference between requests.
#[derive(Default)]
pub struct ReferenceCache {
    current: RwLock<Arc<Reference>>,
}

impl ReferenceCache {
    /// The reference as of this transaction.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn get(&self, tx: &Tx) -> Result<Arc<Reference>> {
        let version = tx.counter(VERSION).await?;
        {
            let current = self.current.read().await;
            // Version 0 is an empty catalogue, or nothing read yet: both are read.
            if current.version == version && version > 0 {
                return Ok(Arc::clone(&current));
            }
        }
        let fresh = Arc::new(Reference::load(tx, version).await?);
        *self.current.write().await = Arc::clone(&fresh);
        Ok(fresh)
    }
}

/// Tells every instance that the catalogue has changed. Call it in the changing transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn changed(tx: &Tx) -> Result<()> {
    tx.next_number(VERSION).await?;
    Ok(())
}
