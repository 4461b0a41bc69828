//! A product as every surface needs it: units, rule, stock. One load for a whole page.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use trade::calendar::LocalDate;
use trade::id::{CategoryId, ProductBrandId, ProductId};
use trade::price::Item;
use trade::quantity::{OrderRule, PackFactor, Unit};
use trade::tax::TaxClass;

use super::reference::Reference;
use crate::db::Tx;
use crate::db::entity::{product, product_unit, stock};
use crate::db::words::{ProductStatus, StockPolicy};
use crate::error::Result;

/// A unit a product can be ordered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleUnit {
    /// The unit.
    pub unit: Unit,
    /// Base units in it.
    pub factor: PackFactor,
    /// The GTIN of that pack.
    pub gtin: Option<String>,
}

/// A product the caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its id.
    pub id: ProductId,
    /// Its article number.
    pub sku: String,
    /// The base unit's GTIN.
    pub gtin: Option<String>,
    /// Its name.
    pub name: String,
    /// Its brand.
    pub brand: ProductBrandId,
    /// The brand's name.
    pub brand_name: String,
    /// Its category.
    pub category: CategoryId,
    /// Its units, the smallest first.
    pub units: Vec<ArticleUnit>,
    /// What its books count in.
    pub base_unit: Unit,
    /// What it is ordered in unless the buyer says otherwise.
    pub order_unit: Unit,
    /// Minimum order quantity, in order units.
    pub moq: i64,
    /// Order increment, in order units.
    pub multiple: i64,
    /// How it is taxed.
    pub tax_class: TaxClass,
    /// Where it stands in its life.
    pub status: ProductStatus,
    /// What happens when stock is short.
    pub stock_policy: StockPolicy,
    /// On hand − allocated − reserved, in base units; none where stock is not counted or known.
    pub available: Option<i64>,
    /// When more is expected.
    pub expected_on: Option<Date>,
    /// What the resolver needs.
    pub item: Item,
}

impl Article {
    /// Base units in `unit`; none where the product is not sold in it.
    #[must_use]
    pub fn factor(&self, unit: Unit) -> Option<PackFactor> {
        self.units
            .iter()
            .find(|known| known.unit == unit)
            .map(|known| known.factor)
    }

    /// Minimum and multiple. A product's row is checked by the database, so there always is one.
    #[must_use]
    pub fn rule(&self) -> OrderRule {
        let factor = self.factor(self.order_unit).unwrap_or(PackFactor::ONE);
        let loosest = || OrderRule::new(PackFactor::ONE, 1, 1);
        OrderRule::new(factor, self.moq, self.multiple)
            .or_else(loosest)
            .unwrap_or_else(|| unreachable!("one piece in steps of one is a rule"))
    }

    /// What can be had in whole units of `unit`, not below zero.
    #[must_use]
    pub fn available_in(&self, unit: Unit) -> Option<i64> {
        let factor = self.factor(unit)?;
        self.available
            .map(|pieces| Ord::max(pieces, 0) / factor.get())
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: ProductId,
    sku: String,
    gtin: Option<String>,
    name: String,
    brand_id: ProductBrandId,
    category_id: CategoryId,
    base_unit: Unit,
    order_unit: Unit,
    moq: i32,
    multiple: i32,
    tax_class: TaxClass,
    status: ProductStatus,
    stock_policy: StockPolicy,
    on_hand: Option<i64>,
    allocated: Option<i64>,
    reserved: Option<i64>,
    expected_on: Option<LocalDate>,
}

/// The products that `refine` leaves of those the caller sees, in its order, with units and stock:
/// two queries however many they are.
///
/// # Errors
/// Whatever the database says.
pub async fn articles(
    tx: &Tx,
    reference: &Reference,
    refine: impl FnOnce(Select<product::Entity>) -> Select<product::Entity>,
) -> Result<Vec<Article>> {
    use product::Column as P;
    let rows: Vec<Row> = tx
        .report::<product::Entity, Row>(|select| {
            let mut select = refine(select)
                .select_only()
                .columns([P::Id, P::Sku, P::Gtin, P::Name, P::BrandId, P::CategoryId])
                .columns([P::BaseUnit, P::OrderUnit, P::Moq, P::Multiple, P::TaxClass])
                .columns([P::Status, P::StockPolicy])
                .columns([stock::Column::OnHand, stock::Column::Allocated])
                .columns([stock::Column::Reserved, stock::Column::ExpectedOn]);
            QueryTrait::query(&mut select).left_join(
                stock::Entity,
                Expr::col((stock::Entity, stock::Column::ProductId))
                    .equals((product::Entity, P::Id)),
            );
            select
        })
        .await?;
    let mut units = units_of(tx, rows.iter().map(|row| row.id).collect()).await?;
    let articles = rows.into_iter().map(|row| {
        let units = units.remove(&row.id).unwrap_or_default();
        article(reference, row, units)
    });
    Ok(articles.collect())
}

/// The products with these ids that the caller sees, by id.
///
/// # Errors
/// Whatever the database says.
pub async fn by_id(
    tx: &Tx,
    reference: &Reference,
    ids: &[ProductId],
) -> Result<HashMap<ProductId, Article>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let ids = super::padded(chunk);
        let some = articles(tx, reference, |select| {
            select.filter(product::Column::Id.is_in(ids))
        });
        found.extend(some.await?.into_iter().map(|article| (article.id, article)));
    }
    Ok(found)
}

async fn units_of(tx: &Tx, ids: Vec<ProductId>) -> Result<HashMap<ProductId, Vec<ArticleUnit>>> {
    let mut units: HashMap<ProductId, Vec<ArticleUnit>> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let chunk = super::padded(chunk);
        let rows = tx
            .all::<product_unit::Entity>(|select| {
                select
                    .filter(product_unit::Column::ProductId.is_in(chunk))
                    .order_by_asc(product_unit::Column::PackFactor)
            })
            .await?;
        for row in rows {
            let Some(factor) = PackFactor::new(row.pack_factor.into()) else {
                continue;
            };
            let unit = ArticleUnit {
                unit: row.unit,
                factor,
                gtin: row.gtin,
            };
            units.entry(row.product_id).or_default().push(unit);
        }
    }
    Ok(units)
}

fn article(reference: &Reference, row: Row, units: Vec<ArticleUnit>) -> Article {
    let available = match (row.stock_policy, row.on_hand) {
        (StockPolicy::Untracked, _) | (_, None) => None,
        (StockPolicy::Strict | StockPolicy::BackOrder, Some(on_hand)) => {
            Some(on_hand - row.allocated.unwrap_or(0) - row.reserved.unwrap_or(0))
        }
    };
    Article {
        item: Item {
            product: row.id,
            brand: row.brand_id,
            categories: reference.line(row.category_id).to_vec(),
            base_unit: row.base_unit,
        },
        brand_name: reference
            .brands
            .get(&row.brand_id)
            .map(|b| b.name.clone())
            .unwrap_or_default(),
        id: row.id,
        sku: row.sku,
        gtin: row.gtin,
        name: row.name,
        brand: row.brand_id,
        category: row.category_id,
        units,
        base_unit: row.base_unit,
        order_unit: row.order_unit,
        moq: row.moq.into(),
        multiple: row.multiple.into(),
        tax_class: row.tax_class,
        status: row.status,
        stock_policy: row.stock_policy,
        available,
        expected_on: row.expected_on.map(|date| date.0),
    }
}
