//! Stock counts, by SKU. A count is a movement: the ledger explains every change. Whoever waits for
//! what has come is served in the same transaction.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use trade::id::ProductId;

use super::{Context, Loader, Numbered, Outcome, insert_many};
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{expected_receipt, product, stock, stock_movement};
use crate::error::Result;
use crate::imports::records::{Problem, StockRow};
use crate::stock::{incoming, waiting};

pub struct Stock {
    context: Context,
    products: HashMap<String, ProductId>,
    stored: HashMap<ProductId, stock::Model>,
    receipts: HashMap<ProductId, Vec<(Date, i64)>>,
    seen: HashMap<ProductId, u64>,
    /// Products of which there is more than before.
    more: Vec<ProductId>,
}

impl Stock {
    /// # Errors
    /// Whatever the database says.
    pub async fn new(tx: &Tx, context: Context) -> Result<Self> {
        let products = tx.all::<product::Entity>(|all| all).await?;
        // By id, as everything that moves stock locks it.
        let stored = tx
            .all::<stock::Entity>(|all| all.order_by_asc(stock::Column::ProductId).lock_exclusive())
            .await?;
        let mut receipts: HashMap<ProductId, Vec<(Date, i64)>> = HashMap::new();
        for row in tx
            .all::<expected_receipt::Entity>(|all| {
                all.order_by_asc(expected_receipt::Column::ExpectedOn)
            })
            .await?
        {
            let days = receipts.entry(row.product_id).or_default();
            days.push((row.expected_on.0, row.quantity));
        }
        Ok(Self {
            context,
            products: products.into_iter().map(|row| (row.sku, row.id)).collect(),
            stored: stored
                .into_iter()
                .map(|row| (row.product_id, row))
                .collect(),
            receipts,
            seen: HashMap::new(),
            more: Vec::new(),
        })
    }

    /// Whether the receipts are the ones that are stored.
    fn is_expected(&self, product: ProductId, record: &StockRow) -> bool {
        let stored = self.receipts.get(&product).into_iter().flatten().copied();
        stored.eq(record.incoming.receipts())
    }
}

/// What a part of the file changes.
#[derive(Default)]
struct Changes {
    counts: Vec<stock::ActiveModel>,
    movements: Vec<stock_movement::ActiveModel>,
    /// Products whose receipts are others now.
    expected: Vec<ProductId>,
    receipts: Vec<expected_receipt::ActiveModel>,
}

impl Changes {
    async fn store(self, tx: &Tx) -> Result<()> {
        insert_many(tx, self.counts).await?;
        insert_many(tx, self.movements).await?;
        if !self.expected.is_empty() {
            let ids = padded(&self.expected);
            tx.delete::<expected_receipt::Entity>(|rows| {
                rows.filter(expected_receipt::Column::ProductId.is_in(ids))
            })
            .await?;
        }
        insert_many(tx, self.receipts).await
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
        let mut changes = Changes::default();
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
            let (expected_on, expected_quantity) = record.incoming.next();
            let new = stock::Model {
                product_id,
                on_hand: record.on_hand,
                allocated: old.map_or(0, |old| old.allocated),
                reserved: old.map_or(0, |old| old.reserved),
                expected_on,
                expected_quantity,
                updated_at: old.map_or(now, |old| old.updated_at),
            };
            let difference = new.on_hand - old.map_or(0, |old| old.on_hand);
            let as_expected = self.is_expected(product_id, &record);
            match old {
                Some(old) if *old == new && as_expected => {
                    outcome.unchanged += 1;
                    continue;
                }
                Some(_) => {
                    // What orders hold is theirs, whatever was counted.
                    tx.update(stock::ActiveModel {
                        product_id: Set(product_id),
                        on_hand: Set(new.on_hand),
                        expected_on: Set(new.expected_on),
                        expected_quantity: Set(new.expected_quantity),
                        updated_at: Set(now),
                        ..Default::default()
                    })
                    .await?;
                    outcome.changed += 1;
                }
                None => {
                    changes
                        .counts
                        .push(stock::ActiveModel::from(new).reset_all());
                    outcome.inserted += 1;
                }
            }
            if !as_expected {
                changes.expected.push(product_id);
                let receipts = incoming::rows(product_id, &record.incoming);
                changes.receipts.extend(receipts);
            }
            if difference > 0 {
                self.more.push(product_id);
            }
            if difference != 0 {
                changes.movements.push(stock_movement::ActiveModel {
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
        changes.store(tx).await
    }

    async fn finish(&mut self, tx: &Tx, _: &mut Outcome) -> Result<()> {
        waiting::serve(tx, &self.more, self.context.now).await?;
        Ok(())
    }
}
