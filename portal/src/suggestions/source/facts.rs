//! What is known of items and retailers beside their orders, also of those without any.

use std::collections::HashMap;

use jiff::civil::Date;
use recommender::{Item, PurchaseHistory, Retailer};
use sea_orm::QueryResult;
use sea_orm::sea_query::Value;
use trade::calendar::LocalDate;
use trade::id::{AccountId, CategoryId, ProductBrandId, ProductId};
use trade::money::Currency;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// Rows read at once.
const PAGE: i64 = 2_000;

/// Which list prices are meant.
#[derive(Debug, Clone, Copy)]
pub struct On {
    /// In the brand's currency.
    pub currency: Currency,
    /// Of this day.
    pub day: Date,
}

impl On {
    /// Today's, of the brand.
    #[must_use]
    pub fn today(app: &App) -> On {
        On {
            currency: app.brand.currency,
            day: app.today(),
        }
    }
}

/// A history without orders, of every item and every retailer.
///
/// # Errors
/// Whatever the database says.
pub async fn ground(tx: &Tx, on: &On) -> Result<PurchaseHistory> {
    let items = items(tx, on).await?;
    let retailers = retailers(tx).await?;
    Ok(PurchaseHistory::default()
        .with_items(items)
        .with_retailers(retailers))
}

// Delisted ones too: their orders are history, and others are found instead of them.
const ITEMS: &str = "SELECT id, category_id, brand_id, name FROM products WHERE id > $1 \
    ORDER BY id LIMIT $2";

async fn items(tx: &Tx, on: &On) -> Result<Vec<(ProductId, Item)>> {
    let mut substitutes = substitutes(tx).await?;
    let mut items = Vec::new();
    let mut after = ProductId(Uuid::nil());
    loop {
        let rows = tx.rows(ITEMS, [after.into(), PAGE.into()]).await?;
        let Some(last) = rows.last() else {
            return Ok(items);
        };
        let upto: ProductId = last.try_get_by_index(0)?;
        let mut prices = prices(tx, on, after, upto).await?;
        for row in &rows {
            let id: ProductId = row.try_get_by_index(0)?;
            let category: CategoryId = row.try_get_by_index(1)?;
            let brand: ProductBrandId = row.try_get_by_index(2)?;
            let item = Item {
                category: Some(category),
                brand: Some(brand),
                name: row.try_get_by_index(3)?,
                price: prices.remove(&id).map_or(0.0, |(_, price)| price),
                substitutes: substitutes.remove(&id).unwrap_or_default(),
            };
            items.push((id, item));
        }
        after = upto;
    }
}

async fn substitutes(tx: &Tx) -> Result<HashMap<ProductId, Vec<ProductId>>> {
    let sql = "SELECT product_id, substitute_id FROM product_substitutes \
               ORDER BY product_id, position, substitute_id";
    let mut named: HashMap<ProductId, Vec<ProductId>> = HashMap::new();
    for row in tx.rows(sql, []).await? {
        let product = row.try_get_by_index(0)?;
        named
            .entry(product)
            .or_default()
            .push(row.try_get_by_index(1)?);
    }
    Ok(named)
}

// Lists that are everybody's: what is called the list price elsewhere.
const PRICES: &str = "SELECT r.product_id, r.min_quantity, r.amount, coalesce(u.pack_factor, 1) \
    FROM price_rows r JOIN price_lists l ON l.id = r.price_list_id \
    JOIN price_list_assignments a ON a.price_list_id = l.id \
    LEFT JOIN product_units u ON u.product_id = r.product_id AND u.unit = r.unit \
    WHERE a.account_id IS NULL AND a.ship_to_id IS NULL AND a.group_id IS NULL \
    AND r.product_id > $1 AND r.product_id <= $2 AND l.currency = $3 \
    AND a.valid_from <= $4 AND $4 < a.valid_until \
    AND r.valid_from <= $4 AND $4 < r.valid_until";

/// Of items after one up to another: from how many pieces on, and what one of them costs then, for
/// the fewest pieces that have a price.
async fn prices(
    tx: &Tx,
    on: &On,
    after: ProductId,
    upto: ProductId,
) -> Result<HashMap<ProductId, (i64, f64)>> {
    let binds: [Value; 4] = [
        after.into(),
        upto.into(),
        on.currency.into(),
        LocalDate(on.day).into(),
    ];
    let mut prices: HashMap<ProductId, (i64, f64)> = HashMap::new();
    for row in tx.rows(PRICES, binds).await? {
        let product: ProductId = row.try_get_by_index(0)?;
        let (from, price) = piece_price(&row)?;
        let entry = prices.entry(product).or_insert((from, price));
        // Of two for as many pieces the lower stands, whichever was read first.
        if from < entry.0 || (from == entry.0 && price < entry.1) {
            *entry = (from, price);
        }
    }
    Ok(prices)
}

fn piece_price(row: &QueryResult) -> Result<(i64, f64)> {
    let from: i64 = row.try_get_by_index(1)?;
    let amount: i64 = row.try_get_by_index(2)?;
    let factor: i32 = row.try_get_by_index(3)?;
    let factor = factor.max(1);
    // For statistics only: nobody is shown this number.
    let price = f64::from(i32::try_from(amount).unwrap_or(i32::MAX)) / 10_000.0;
    Ok((
        from.saturating_mul(factor.into()),
        price / f64::from(factor),
    ))
}

const RETAILERS: &str = "SELECT id, group_id, region, country FROM accounts WHERE id > $1 \
    ORDER BY id LIMIT $2";

async fn retailers(tx: &Tx) -> Result<Vec<(AccountId, Retailer)>> {
    let mut retailers = Vec::new();
    let mut after = AccountId(Uuid::nil());
    loop {
        let rows = tx.rows(RETAILERS, [after.into(), PAGE.into()]).await?;
        for row in &rows {
            after = row.try_get_by_index(0)?;
            let region: String = row.try_get_by_index(2)?;
            let retailer = Retailer {
                group: row.try_get_by_index(1)?,
                region: if region.is_empty() {
                    row.try_get_by_index(3)?
                } else {
                    region
                },
            };
            retailers.push((after, retailer));
        }
        if rows.is_empty() {
            return Ok(retailers);
        }
    }
}
