//! What lines and documents are looked up in: accounts with their places, products with their units.

use std::collections::HashMap;

use jiff::civil::Date;
use trade::id::{AccountId, ProductId, ShipToId};
use trade::money::{BasisPoints, Currency};
use trade::quantity::Unit;
use trade::tax::TaxClass;

use super::{Document, Resolved};
use crate::catalogue::Reference;
use crate::catalogue::reference::ReferenceCache;
use crate::db::Tx;
use crate::db::entity::{account, product, product_unit, ship_to};
use crate::db::words::StockPolicy;
use crate::error::Result;
use crate::imports::records::Problem;

pub(super) struct Facts {
    accounts: HashMap<String, std::sync::Arc<AccountFacts>>,
    products: HashMap<String, ProductFacts>,
    reference: std::sync::Arc<Reference>,
    country: String,
}

pub(super) struct AccountFacts {
    pub id: AccountId,
    pub name: String,
    pub currency: Currency,
    pub payment_terms_days: i32,
    pub has_vat_id: bool,
    pub country: String,
    pub address: Vec<String>,
    pub places: Vec<PlaceFacts>,
}

pub(super) struct PlaceFacts {
    pub id: ShipToId,
    pub code: String,
    pub name: String,
    pub country: String,
    pub address: Vec<String>,
    pub is_default: bool,
}

pub(super) struct ProductFacts {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    pub base_unit: Unit,
    pub units: Vec<(Unit, i64)>,
    pub tax_class: TaxClass,
    pub stock_policy: StockPolicy,
}

/// The line it is about, the column, what is wrong.
pub(super) type Refused = (Option<usize>, &'static str, Problem);

impl Facts {
    pub async fn load(tx: &Tx, country: &str) -> Result<Self> {
        let mut places: HashMap<AccountId, Vec<PlaceFacts>> = HashMap::new();
        for row in tx.all::<ship_to::Entity>(|all| all).await? {
            let address = lines(&row.street, &row.postal_code, &row.city, &row.country);
            places.entry(row.account_id).or_default().push(PlaceFacts {
                id: row.id,
                code: row.code,
                name: row.name,
                country: row.country,
                address,
                is_default: row.is_default,
            });
        }
        let accounts = tx
            .all::<account::Entity>(|all| all)
            .await?
            .into_iter()
            .map(|row| {
                let address = lines(&row.street, &row.postal_code, &row.city, &row.country);
                let facts = AccountFacts {
                    places: places.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    name: row.name,
                    currency: row.currency,
                    payment_terms_days: row.payment_terms_days,
                    has_vat_id: row.vat_id.is_some(),
                    country: row.country,
                    address,
                };
                (row.number, std::sync::Arc::new(facts))
            });
        let accounts = accounts.collect();
        let mut units: HashMap<ProductId, Vec<(Unit, i64)>> = HashMap::new();
        for row in tx.all::<product_unit::Entity>(|all| all).await? {
            units
                .entry(row.product_id)
                .or_default()
                .push((row.unit, row.pack_factor.into()));
        }
        let products = tx
            .all::<product::Entity>(|all| all)
            .await?
            .into_iter()
            .map(|row| {
                let facts = ProductFacts {
                    units: units.remove(&row.id).unwrap_or_default(),
                    id: row.id,
                    sku: row.sku.clone(),
                    name: row.name,
                    base_unit: row.base_unit,
                    tax_class: row.tax_class,
                    stock_policy: row.stock_policy,
                };
                (row.sku, facts)
            });
        let products = products.collect();
        let reference = ReferenceCache::default().get(tx).await?;
        Ok(Self {
            accounts,
            products,
            reference,
            country: country.to_owned(),
        })
    }

    /// A document's account, and its lines with their products.
    pub fn resolve<'a>(
        &'a self,
        document: &Document<'_>,
    ) -> std::result::Result<(std::sync::Arc<AccountFacts>, Vec<Resolved<'a>>), Refused> {
        let unknown = |key: &str| Problem::Unknown {
            key: key.to_owned(),
        };
        let account = self.accounts.get(document.account);
        let account = account.ok_or_else(|| (None, "account", unknown(document.account)))?;
        let mut lines = Vec::with_capacity(document.lines.len());
        for (at, line) in document.lines.iter().enumerate() {
            let product = self.products.get(line.sku);
            let product = product.ok_or_else(|| (Some(at), "sku", unknown(line.sku)))?;
            let unit = line.unit.unwrap_or(product.base_unit);
            let known = product.units.iter().find(|(known, _)| *known == unit);
            let (_, factor) = known.ok_or((Some(at), "unit", Problem::UnitNotOfProduct))?;
            lines.push(Resolved {
                product,
                unit,
                factor: *factor,
                quantity: line.quantity,
                unit_price: line.unit_price,
                returned: line.returned,
            });
        }
        Ok((std::sync::Arc::clone(account), lines))
    }

    /// The seller's rate of a class on a day; nought where the brand has set none up.
    pub fn rate(&self, class: TaxClass, day: Date) -> BasisPoints {
        self.reference
            .tax_rate(&self.country, class, day)
            .unwrap_or(BasisPoints(0))
    }
}

/// An address as the lines of a label under the name.
fn lines(street: &str, postal_code: &str, city: &str, country: &str) -> Vec<String> {
    let town = format!("{postal_code} {city}");
    [street, town.trim(), country]
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
