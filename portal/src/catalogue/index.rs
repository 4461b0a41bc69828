//! The search index of the running Kontor: built from the database when it is first asked for,
//! and again, in the background, when the catalogue has changed; until then the old one serves.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{Mutex, RwLock};
use trade::id::{CategoryId, ProductBrandId, ProductId};

use super::reference::VERSION;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::search::{Doc, Embedded, SearchError};

/// An index and the version of the catalogue it was built from.
struct Built {
    version: i64,
    index: Arc<Embedded>,
}

/// Keeps the index between requests.
#[derive(Default)]
pub struct SearchIndex {
    current: RwLock<Option<Built>>,
    /// One build at a time.
    building: Arc<Mutex<()>>,
}

impl SearchIndex {
    /// The index. It may be some moments behind `tx`: what it finds is to be looked up, and what
    /// cannot be looked up is left out.
    ///
    /// # Errors
    /// Whatever the database says; an index that cannot be built.
    pub async fn get(&self, app: &Arc<App>, tx: &Tx, version: i64) -> Result<Arc<Embedded>> {
        if let Some((built, index)) = self.known().await {
            // Version 0 is a catalogue that has never said it changed.
            if built != version || version == 0 {
                rebuild(app);
            }
            return Ok(index);
        }
        let _turn = self.building.lock().await;
        if let Some((_, index)) = self.known().await {
            return Ok(index);
        }
        self.build(tx, version).await
    }

    async fn known(&self) -> Option<(i64, Arc<Embedded>)> {
        let current = self.current.read().await;
        current
            .as_ref()
            .map(|built| (built.version, Arc::clone(&built.index)))
    }

    async fn build(&self, tx: &Tx, version: i64) -> Result<Arc<Embedded>> {
        let docs = docs(tx).await?;
        let build = move || Embedded::build(docs.into_iter());
        let index = tokio::task::spawn_blocking(build)
            .await
            .map_err(anyhow::Error::from)?;
        let index = Arc::new(index.map_err(internal)?);
        *self.current.write().await = Some(Built {
            version,
            index: Arc::clone(&index),
        });
        Ok(index)
    }
}

fn internal(error: SearchError) -> Error {
    Error::Internal(error.into())
}

/// Builds the index anew, unless somebody is at it already.
fn rebuild(app: &Arc<App>) {
    let Ok(turn) = Arc::clone(&app.search.building).try_lock_owned() else {
        return;
    };
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _turn = turn;
        let built = async {
            let tx = app.db.read_system("search index").await?;
            let version = tx.counter(VERSION).await?;
            app.search.build(&tx, version).await
        };
        if let Err(error) = built.await {
            tracing::error!(%error, "the search index could not be rebuilt; the old one serves on");
        }
    });
}

// Unscoped on purpose: the index knows nothing of who may see what, its hits are looked up.
const PRODUCTS: &str = "SELECT id, sku, gtin, name, description, brand_id, category_id, \
    popularity FROM products WHERE status <> 'delisted'";

const UNIT_GTINS: &str = "SELECT product_id, gtin FROM product_units WHERE gtin IS NOT NULL";

const BRANDS: &str = "SELECT id, name FROM product_brands";

const CATEGORIES: &str = "SELECT id, path FROM categories";

async fn docs(tx: &Tx) -> Result<Vec<Doc>> {
    let mut gtins: HashMap<ProductId, Vec<String>> = HashMap::new();
    for row in tx.rows(UNIT_GTINS, []).await? {
        let product: ProductId = row.try_get_by_index(0)?;
        gtins
            .entry(product)
            .or_default()
            .push(row.try_get_by_index(1)?);
    }
    let mut brands: HashMap<ProductBrandId, String> = HashMap::new();
    for row in tx.rows(BRANDS, []).await? {
        brands.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    let mut categories: HashMap<CategoryId, String> = HashMap::new();
    for row in tx.rows(CATEGORIES, []).await? {
        let path: String = row.try_get_by_index(1)?;
        categories.insert(row.try_get_by_index(0)?, path.replace('>', " "));
    }
    let mut docs = Vec::new();
    for row in tx.rows(PRODUCTS, []).await? {
        let id: ProductId = row.try_get_by_index(0)?;
        let mut codes = gtins.remove(&id).unwrap_or_default();
        codes.extend(row.try_get_by_index::<Option<String>>(2)?);
        let brand: ProductBrandId = row.try_get_by_index(5)?;
        let category: CategoryId = row.try_get_by_index(6)?;
        let popularity: i64 = row.try_get_by_index(7)?;
        docs.push(Doc {
            id: id.0,
            sku: row.try_get_by_index(1)?,
            gtins: codes,
            name: row.try_get_by_index(3)?,
            brand: brands.get(&brand).cloned().unwrap_or_default(),
            category: categories.get(&category).cloned().unwrap_or_default(),
            description: row.try_get_by_index(4)?,
            popularity: u64::try_from(popularity).unwrap_or(0),
        });
    }
    Ok(docs)
}
