//! The prices of many accounts at once: two queries however many they are.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::calendar::LocalDate;
use trade::id::{AccountId, PriceListId, ProductId, ShipToId};
use trade::price::{RankedList, Sequence};

use super::{Customer, PriceBook, price_rows, take_list};
use crate::catalogue::padded;
use crate::db::entity::account;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};

/// What [`super::LISTS`] asks, for several accounts.
const LISTS: &str = "SELECT l.account_id, l.price_list_id, l.rank, l.priority, l.valid_from, \
    l.valid_until, p.code, p.name, p.currency, k.number AS contract, c.id AS condition_id, \
    c.target, c.product_id, c.brand_id, c.category_id, c.discount, \
    c.valid_from AS condition_from, c.valid_until AS condition_until \
    FROM account_price_lists l \
    JOIN price_lists p ON p.id = l.price_list_id \
    LEFT JOIN contracts k ON k.id = l.contract_id \
    LEFT JOIN price_conditions c ON c.price_list_id = l.price_list_id";

impl PriceBook {
    /// As [`PriceBook::for_list`], for each of `accounts`.
    ///
    /// # Errors
    /// `NotFound` where the caller does not see one of them.
    pub async fn for_accounts(
        tx: &Tx,
        accounts: &[account::Model],
        date: Date,
        products: &[ProductId],
    ) -> Result<HashMap<AccountId, PriceBook>> {
        let customers = accounts.iter().map(|account| Customer {
            account: account.id,
            ship_to: None,
            currency: account.currency,
            date,
        });
        let customers: Vec<Customer> = customers.collect();
        PriceBook::for_customers(tx, &customers, products).await
    }

    /// As [`PriceBook::for_list`], for each of `customers`: one an account, delivered to where it
    /// says.
    ///
    /// # Errors
    /// `NotFound` where the caller does not see one of them.
    pub async fn for_customers(
        tx: &Tx,
        customers: &[Customer],
        products: &[ProductId],
    ) -> Result<HashMap<AccountId, PriceBook>> {
        let ids: Vec<AccountId> = customers.iter().map(|customer| customer.account).collect();
        let Some(date) = customers.first().map(|customer| customer.date) else {
            return Ok(HashMap::new());
        };
        let seen = tx
            .count::<account::Entity>(|all| all.filter(account::Column::Id.is_in(padded(&ids))))
            .await?;
        if seen != u64::try_from(ids.len())? {
            return Err(Error::NotFound);
        }
        let places: Vec<ShipToId> = customers.iter().filter_map(|one| one.ship_to).collect();
        let mut lists = ranked_lists(tx, &ids, &places).await?;
        let mut list_ids: Vec<PriceListId> = lists.values().flatten().map(|list| list.id).collect();
        list_ids.sort_unstable();
        list_ids.dedup();
        let rows = price_rows(tx, &list_ids, products, [LocalDate(date); 2]).await?;
        let rows = Arc::new(rows);
        let books = customers.iter().map(|customer| {
            let lists = lists.remove(&customer.account).unwrap_or_default();
            let book = PriceBook {
                customer: *customer,
                sequence: Sequence::new(lists),
                rows: Arc::clone(&rows),
            };
            (customer.account, book)
        });
        Ok(books.collect())
    }
}

async fn ranked_lists(
    tx: &Tx,
    accounts: &[AccountId],
    places: &[ShipToId],
) -> Result<HashMap<AccountId, Vec<RankedList>>> {
    let mut lists: HashMap<AccountId, Vec<RankedList>> = HashMap::with_capacity(accounts.len());
    let (accounts, places) = (padded(accounts), padded(places));
    let delivered = if places.is_empty() {
        String::new()
    } else {
        let places = placeholders(1 + accounts.len(), places.len());
        format!("OR l.ship_to_id IN ({places})")
    };
    let sql = format!(
        "{LISTS} WHERE (l.ship_to_id IS NULL {delivered}) AND l.account_id IN ({}) \
         ORDER BY l.account_id, l.id",
        placeholders(1, accounts.len())
    );
    let values = accounts.iter().map(|id| Value::from(*id));
    let values = values.chain(places.iter().map(|id| Value::from(*id)));
    for row in tx.rows(&sql, values).await? {
        let account: AccountId = row.try_get("", "account_id")?;
        take_list(lists.entry(account).or_default(), &row)?;
    }
    Ok(lists)
}
