//! The one resolver: prices for a whole page in one load, with their traces.
//!
//! Pages, cart, export, mail and API all ask a [`PriceBook`]; there is no call for a single item.
//! The rules stand in `trade::price`; here is what they need from the database.

pub mod assign;
mod many;
pub mod question;
pub mod view;
pub mod web;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::sea_query::Value;
use trade::calendar::{LocalDate, Period};
use trade::id::{AccountId, CategoryId, PriceListId, ProductBrandId, ProductId, ShipToId};
use trade::money::{BasisPoints, Currency, UnitPrice};
use trade::price::{
    Ask, Condition, Item, LadderStep, PriceRow, PriceTrace, Rank, RankedList, Sequence, Target,
};
use trade::quantity::{PackFactor, Unit};
use uuid::Uuid;

use crate::catalogue::{Article, padded};
use crate::db::scope::Reach;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};

/// Whose prices, where to, and on which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// The account.
    pub account: AccountId,
    /// The place of delivery, on which prices may hang.
    pub ship_to: Option<ShipToId>,
    /// The account's currency.
    pub currency: Currency,
    /// The brand's local date.
    pub date: Date,
}

/// Everything the resolver needs to price some products for one customer.
#[derive(Debug)]
pub struct PriceBook {
    customer: Customer,
    sequence: Sequence,
    /// Also of lists that are not the customer's, where several customers share them.
    rows: Arc<HashMap<ProductId, Vec<PriceRow>>>,
}

impl PriceBook {
    /// Loads the customer's lists with their conditions, and these products' rows in them.
    ///
    /// # Errors
    /// `NotFound` for an account the caller does not see.
    pub async fn load(tx: &Tx, customer: Customer, products: &[ProductId]) -> Result<PriceBook> {
        PriceBook::with_rows(tx, customer, products, NEARBY_DAYS).await
    }

    /// As [`PriceBook::load`], with the rows of the customer's day alone: its prices and ladders
    /// are the same, its traces would lack what is outside its validity. For lists, which show
    /// many products and no trace.
    ///
    /// # Errors
    /// As [`PriceBook::load`].
    pub async fn for_list(tx: &Tx, customer: Customer, products: &[ProductId]) -> Result<Self> {
        PriceBook::with_rows(tx, customer, products, 0).await
    }

    async fn with_rows(
        tx: &Tx,
        customer: Customer,
        products: &[ProductId],
        days_around: i64,
    ) -> Result<PriceBook> {
        may_ask(tx, customer.account).await?;
        let lists = ranked_lists(tx, &customer).await?;
        let mut ids: Vec<PriceListId> = lists.iter().map(|list| list.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let (date, days) = (customer.date, days_around.days());
        let window = [date.saturating_sub(days), date.saturating_add(days)].map(LocalDate);
        let rows = price_rows(tx, &ids, products, window).await?;
        Ok(PriceBook {
            customer,
            sequence: Sequence::new(lists),
            rows: Arc::new(rows),
        })
    }

    /// The customer's lists in the order in which they are asked.
    #[must_use]
    pub fn lists(&self) -> &[RankedList] {
        self.sequence.lists()
    }

    /// Whose prices these are.
    #[must_use]
    pub fn customer(&self) -> &Customer {
        &self.customer
    }

    fn rows(&self, article: &Article) -> &[PriceRow] {
        self.rows_of(article.id)
    }

    fn rows_of(&self, product: ProductId) -> &[PriceRow] {
        self.rows.get(&product).map_or(&[], Vec::as_slice)
    }

    fn ask(&self, article: &Article, unit: Unit, quantity: i64) -> Option<Ask> {
        Some(Ask {
            unit,
            factor: article.factor(unit)?,
            quantity,
            date: self.customer.date,
            currency: self.customer.currency,
        })
    }

    /// The price of one unit, with why; none where the product is not sold in that unit.
    #[must_use]
    pub fn trace(&self, article: &Article, unit: Unit, quantity: i64) -> Option<PriceTrace> {
        let ask = self.ask(article, unit, quantity)?;
        Some(
            self.sequence
                .resolve(&article.item, self.rows(article), &ask),
        )
    }

    /// The price of one unit; none is "price on request".
    #[must_use]
    pub fn price(&self, article: &Article, unit: Unit, quantity: i64) -> Option<UnitPrice> {
        let ask = self.ask(article, unit, quantity)?;
        self.sequence.price(&article.item, self.rows(article), &ask)
    }

    /// As [`PriceBook::price`], for sorting a whole catalogue: of what is known of a product
    /// without loading it.
    #[must_use]
    pub fn price_of(
        &self,
        item: &Item,
        (unit, factor): (Unit, PackFactor),
        quantity: i64,
    ) -> Option<UnitPrice> {
        let Customer { date, currency, .. } = self.customer;
        let ask = Ask {
            unit,
            factor,
            quantity,
            date,
            currency,
        };
        self.sequence.price(item, self.rows_of(item.product), &ask)
    }

    /// What everybody pays for one unit.
    #[must_use]
    pub fn list_price(&self, article: &Article, unit: Unit, quantity: i64) -> Option<UnitPrice> {
        let ask = self.ask(article, unit, quantity)?;
        self.sequence
            .list_price(&article.item, self.rows(article), &ask)
    }

    /// How the price changes with the quantity, from the least that can be ordered on.
    #[must_use]
    pub fn ladder(&self, article: &Article, unit: Unit) -> Vec<LadderStep> {
        let Some(factor) = article.factor(unit) else {
            return Vec::new();
        };
        let least = article.rule().least(factor);
        match self.ask(article, unit, least) {
            Some(ask) => self
                .sequence
                .ladder(&article.item, self.rows(article), &ask, least),
            None => Vec::new(),
        }
    }
}

async fn may_ask(tx: &Tx, account: AccountId) -> Result<()> {
    match tx.scope().reach {
        Reach::System | Reach::Brand => Ok(()),
        Reach::Account { id, .. } if id == account => Ok(()),
        Reach::Account { .. } => Err(Error::NotFound),
        Reach::Portfolio(_) => tx
            .get::<crate::db::entity::account::Entity>(account)
            .await
            .map(|_| ()),
    }
}

const LISTS: &str = "SELECT l.price_list_id, l.rank, l.priority, l.valid_from, l.valid_until, \
    p.code, p.name, p.currency, k.number AS contract, c.id AS condition_id, c.target, \
    c.product_id, c.brand_id, c.category_id, c.discount, \
    c.valid_from AS condition_from, c.valid_until AS condition_until \
    FROM account_price_lists l \
    JOIN price_lists p ON p.id = l.price_list_id \
    LEFT JOIN contracts k ON k.id = l.contract_id \
    LEFT JOIN price_conditions c ON c.price_list_id = l.price_list_id \
    WHERE l.account_id = $1 AND (l.ship_to_id IS NULL OR l.ship_to_id = $2) \
    ORDER BY l.id";

async fn ranked_lists(tx: &Tx, customer: &Customer) -> Result<Vec<RankedList>> {
    let ship_to = customer.ship_to.map_or(Uuid::nil(), |id| id.0);
    let mut lists: Vec<RankedList> = Vec::new();
    for row in tx
        .rows(LISTS, [customer.account.into(), ship_to.into()])
        .await?
    {
        take_list(&mut lists, &row)?;
    }
    Ok(lists)
}

/// Adds a row of [`LISTS`]: a list, or one more condition of the last one.
fn take_list(lists: &mut Vec<RankedList>, row: &sea_orm::QueryResult) -> Result<()> {
    let id: PriceListId = row.try_get("", "price_list_id")?;
    let rank: i32 = row.try_get("", "rank")?;
    let rank = Rank::from_number(rank).unwrap_or(Rank::Default);
    let priority: i32 = row.try_get("", "priority")?;
    let validity = period(row, "valid_from", "valid_until")?;
    // A row a condition: a list without any has one row, with nothing in those columns.
    let same = |list: &RankedList| {
        (list.id, list.rank, list.priority, list.validity) == (id, rank, priority, validity)
    };
    if !lists.last().is_some_and(same) {
        lists.push(RankedList {
            id,
            code: row.try_get("", "code")?,
            name: row.try_get("", "name")?,
            contract: row.try_get("", "contract")?,
            currency: row.try_get("", "currency")?,
            rank,
            priority,
            validity,
            conditions: Vec::new(),
        });
    }
    let Some(condition) = row.try_get::<Option<Uuid>>("", "condition_id")? else {
        return Ok(());
    };
    let target = match row.try_get::<String>("", "target")?.as_str() {
        "product" => Target::Product(row.try_get::<ProductId>("", "product_id")?),
        "brand" => Target::Brand(row.try_get::<ProductBrandId>("", "brand_id")?),
        "category" => Target::Category(row.try_get::<CategoryId>("", "category_id")?),
        _ => Target::Everything,
    };
    let condition = Condition {
        id: condition,
        target,
        discount: row.try_get::<BasisPoints>("", "discount")?,
        validity: period(row, "condition_from", "condition_until")?,
    };
    if let Some(list) = lists.last_mut()
        && !list.conditions.iter().any(|known| known.id == condition.id)
    {
        list.conditions.push(condition);
    }
    Ok(())
}

fn period(row: &sea_orm::QueryResult, from: &str, until: &str) -> Result<Period> {
    let from: LocalDate = row.try_get("", from)?;
    let until: LocalDate = row.try_get("", until)?;
    Ok(Period::stored(from, until))
}

/// Prices that ended or begin within so many days of the date stand in the trace as "outside
/// validity"; those further off explain nothing, and years of history would make every page and
/// every order line heavier.
const NEARBY_DAYS: i64 = 92;

async fn price_rows(
    tx: &Tx,
    lists: &[PriceListId],
    products: &[ProductId],
    window: [LocalDate; 2],
) -> Result<HashMap<ProductId, Vec<PriceRow>>> {
    let mut found: HashMap<ProductId, Vec<PriceRow>> = HashMap::with_capacity(products.len());
    if lists.is_empty() {
        return Ok(found);
    }
    let lists = padded(lists);
    for chunk in products.chunks(2_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT price_list_id, product_id, unit, min_quantity, valid_from, valid_until, amount \
             FROM price_rows WHERE valid_until > $1 AND valid_from <= $2 \
             AND price_list_id IN ({}) AND product_id IN ({})",
            placeholders(3, lists.len()),
            placeholders(3 + lists.len(), chunk.len()),
        );
        let values = window
            .into_iter()
            .map(Value::from)
            .chain(lists.iter().map(|id| Value::from(*id)))
            .chain(chunk.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            let price = PriceRow {
                list: row.try_get_by_index(0)?,
                product: row.try_get_by_index(1)?,
                unit: row.try_get_by_index(2)?,
                min_quantity: row.try_get_by_index(3)?,
                validity: Period::stored(row.try_get_by_index(4)?, row.try_get_by_index(5)?),
                amount: row.try_get_by_index::<UnitPrice>(6)?,
            };
            found.entry(price.product).or_default().push(price);
        }
    }
    Ok(found)
}
