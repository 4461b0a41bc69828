//! Stock counts, by SKU. A count is a movement: the ledger explains every change.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, Set};
use trade::calendar::LocalDate;
use trade::id::ProductId;

use super::{Context, Loader, Numbered, Outcome, insert_many};
use crate::db::Tx;
use crate::db::entity::{product, stock, stock_movement};
use crate::error::Result;
use crate::imports::records::{Problem, StockRow};

pub struct Stock {
    context: Context,
    products: HashMap<String, ProductId>,
    stored: HashMap<ProductId, stock::Model>,
    seen: HashMap<ProductId, u64>,
}

impl Stock {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let products = tx.all::<product::Entity>(|all| all).await?;
        let stored = tx.all::<stock::Entity>(|all| all).await?;
        Ok(Self {
            context,
            products: products.into_iter().map(|row| (row.sku, row.id)).collect(),
            stored: stored
                .into_iter()
                .map(|row| (row.product_id, row))
                .collect(),
            seen: HashMap::new(),
        })
    }
}

impl Loader for Stock {
    type Record = StockRow;

    async fn load(
        &mut self,
        tx: &Tx,
        rows: Vec<Numbered<StockRow>>,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let now = self.context.now;
        let (mut counts, mut movements) = (Vec::new(), Vec::new());
        for Numbered { row, cells, record } in rows {
            let Some(&product_id) = self.products.get(&record.sku) else {
                outcome.reject(
                    row,
                    &cells,
                    "sku",
                    Problem::Unknown {
                        key: record.sku.clone(),
                    },
                );
                continue;
            };
            if let Some(first) = self.seen.insert(product_id, row) {
                outcome.reject(row, &cells, "sku", Problem::Repeats { first });
                continue;
            }
            let old = self.stored.get(&product_id);
            let new = stock::Model {
                product_id,
                on_hand: record.on_hand,
                allocated: old.map_or(0, |old| old.allocated),
                reserved: old.map_or(0, |old| old.reserved),
                expected_on: record.expected_on.map(LocalDate),
                expected_quantity: record.expected_quantity,
                updated_at: old.map_or(now, |old| old.updated_at),
            };
            let difference = new.on_hand - old.map_or(0, |old| old.on_hand);
            match old {
                Some(old) if *old == new => {
                    outcome.unchanged += 1;
                    continue;
                }
                Some(_) => {
                    let new = stock::Model {
                        updated_at: now,
                        ..new
                    };
                    tx.update(stock::ActiveModel::from(new).reset_all()).await?;
                    outcome.changed += 1;
                }
                None => {
                    counts.push(stock::ActiveModel::from(new).reset_all());
                    outcome.inserted += 1;
                }
            }
            if difference != 0 {
                movements.push(stock_movement::ActiveModel {
                    id: Set(self.context.ids.next(now)),
                    product_id: Set(product_id),
                    at: Set(now),
                    on_hand: Set(difference),
                    allocated: Set(0),
                    reserved: Set(0),
                    cause: Set("count".to_owned()),
                    reference: Set("import".to_owned()),
                });
            }
        }
        insert_many(tx, counts).await?;
        insert_many(tx, movements).await
    }

    async fn finish(&mut self, _: &Tx, _: &mut Outcome) -> Result<()> {
        Ok(())
    }
}
