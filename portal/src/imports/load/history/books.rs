//! What history adds up to: what each account has bought, how popular a product is, and the stock
//! that open orders hold.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, QueryFilter, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId};
use trade::order::{LineQuantities, OrderState};
use trade::quantity::Quantity;

use super::{Bought, Context, Document, Resolved, insert_many, short};
use crate::db::Tx;
use crate::db::entity::{account_product, product, stock, stock_movement};
use crate::db::words::StockPolicy;
use crate::error::Result;

pub(super) struct Books {
    bought: Bought,
    /// Orders by product and month, counted from year 0.
    monthly: HashMap<(ProductId, i32), i64>,
    newest_month: i32,
    available: HashMap<ProductId, i64>,
    /// What open orders hold.
    set_aside: Vec<SetAside>,
}

/// Pieces that an open order holds of a product.
struct SetAside {
    product: ProductId,
    number: String,
    at: i64,
    pieces: i64,
    /// A held order keeps them back; a confirmed one has them.
    held: bool,
}

impl Books {
    pub async fn load(tx: &Tx) -> Result<Self> {
        let stock = tx.all::<stock::Entity>(|all| all).await?;
        let available =
            |row: stock::Model| (row.product_id, row.on_hand - row.allocated - row.reserved);
        Ok(Self {
            bought: HashMap::new(),
            monthly: HashMap::new(),
            newest_month: 0,
            available: stock.into_iter().map(available).collect(),
            set_aside: Vec::new(),
        })
    }

    /// How a line stands: what is closed was shipped, what is open holds stock.
    pub fn promise(&mut self, document: &Document<'_>, line: &Resolved<'_>) -> LineQuantities {
        let ordered = Quantity(line.quantity * line.factor);
        let none = Quantity(0);
        let settled = |shipped, cancelled| LineQuantities {
            ordered,
            cancelled,
            shipped,
            allocated: none,
            back_ordered: none,
        };
        match document.state {
            OrderState::Closed => settled(ordered, none),
            OrderState::Cancelled | OrderState::Rejected | OrderState::Expired => {
                settled(none, ordered)
            }
            OrderState::Held | OrderState::Confirmed | OrderState::Released => {
                // Not counted: always there.
                let untracked = line.product.stock_policy == StockPolicy::Untracked;
                let counted = self
                    .available
                    .get_mut(&line.product.id)
                    .filter(|_| !untracked);
                let Some(available) = counted else {
                    return LineQuantities::promise(ordered, ordered);
                };
                let promise = LineQuantities::promise(ordered, Quantity(*available));
                *available -= promise.allocated.0;
                if promise.allocated.0 > 0 {
                    self.set_aside.push(SetAside {
                        product: line.product.id,
                        number: document.number.to_string(),
                        at: document.placed_at,
                        pieces: promise.allocated.0,
                        held: document.state == OrderState::Held,
                    });
                }
                promise
            }
        }
    }

    pub fn bought(&mut self, account: AccountId, line: &Resolved<'_>, day: Date) {
        let (product, day) = (line.product.id, LocalDate(day));
        let new = account_product::Model {
            account_id: account,
            product_id: product,
            first_on: day,
            last_on: day,
            last_quantity: short(line.quantity),
            last_unit: line.unit,
            times: 1,
            pieces: line.quantity * line.factor,
        };
        match self.bought.entry((account, product)) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(new);
            }
            std::collections::hash_map::Entry::Occupied(mut place) => merge(place.get_mut(), &new),
        }
        let month = i32::from(day.0.year()) * 12 + i32::from(day.0.month());
        self.newest_month = Ord::max(self.newest_month, month);
        *self.monthly.entry((product, month)).or_insert(0) += 1;
    }

    pub async fn store(self, tx: &Tx, mut context: Context) -> Result<()> {
        let mut popular: HashMap<ProductId, i64> = HashMap::new();
        for ((product, month), orders) in self.monthly {
            if month > self.newest_month - 12 {
                *popular.entry(product).or_insert(0) += orders;
            }
        }
        for (id, orders) in popular {
            tx.change::<product::Entity>(|update| {
                let sum = Expr::col(product::Column::Popularity).add(orders);
                update
                    .filter(product::Column::Id.eq(id))
                    .col_expr(product::Column::Popularity, sum)
            })
            .await?;
        }
        store_bought(tx, self.bought).await?;
        store_set_aside(tx, self.set_aside, &mut context).await
    }
}

/// Adds what is newer in `more` to `row`.
fn merge(row: &mut account_product::Model, more: &account_product::Model) {
    row.first_on = Ord::min(row.first_on, more.first_on);
    if more.last_on >= row.last_on {
        row.last_on = more.last_on;
        row.last_quantity = more.last_quantity;
        row.last_unit = more.last_unit;
    }
    row.times = row.times.saturating_add(more.times);
    row.pieces = row.pieces.saturating_add(more.pieces);
}

async fn store_bought(tx: &Tx, mut bought: Bought) -> Result<()> {
    if tx.count::<account_product::Entity>(|all| all).await? > 0 {
        let mut accounts: Vec<AccountId> = bought.keys().map(|(account, _)| *account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        for chunk in accounts.chunks(200) {
            let known = tx
                .all::<account_product::Entity>(|all| {
                    all.filter(account_product::Column::AccountId.is_in(chunk.iter().copied()))
                })
                .await?;
            for mut row in known {
                if let Some(more) = bought.remove(&(row.account_id, row.product_id)) {
                    merge(&mut row, &more);
                    tx.update(account_product::ActiveModel::from(row).reset_all())
                        .await?;
                }
            }
        }
    }
    let mut rows: Vec<account_product::Model> = bought.into_values().collect();
    rows.sort_by_key(|row| (row.account_id, row.product_id));
    for rows in rows.chunks(4_096) {
        let rows = rows.iter().cloned();
        let rows = rows.map(|row| account_product::ActiveModel::from(row).reset_all());
        insert_many(tx, rows.collect()).await?;
    }
    Ok(())
}

async fn store_set_aside(tx: &Tx, set_aside: Vec<SetAside>, context: &mut Context) -> Result<()> {
    let mut sums: HashMap<ProductId, (i64, i64)> = HashMap::new();
    let mut movements = Vec::with_capacity(set_aside.len());
    for one in set_aside {
        let (allocated, reserved) = if one.held {
            (0, one.pieces)
        } else {
            (one.pieces, 0)
        };
        let sum = sums.entry(one.product).or_default();
        *sum = (sum.0 + allocated, sum.1 + reserved);
        movements.push(stock_movement::ActiveModel {
            id: Set(context.ids.next(one.at)),
            product_id: Set(one.product),
            at: Set(one.at),
            on_hand: Set(0),
            allocated: Set(allocated),
            reserved: Set(reserved),
            cause: Set("order".to_owned()),
            reference: Set(one.number),
        });
    }
    insert_many(tx, movements).await?;
    for (id, (allocated, reserved)) in sums {
        tx.change::<stock::Entity>(|update| {
            use stock::Column::{Allocated, ProductId, Reserved};
            update
                .filter(ProductId.eq(id))
                .col_expr(Allocated, Expr::col(Allocated).add(allocated))
                .col_expr(Reserved, Expr::col(Reserved).add(reserved))
        })
        .await?;
    }
    Ok(())
}
