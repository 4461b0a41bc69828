//! What has come of a promotion: in which orders, of which accounts, how much of it.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use trade::id::{AccountId, OrderId, ProductId};
use trade::money::Money;
use trade::promotion::Mechanic;

use super::example::belonging;
use super::plan::Stored;
use super::view::{ResultsView, UseRow};
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, order, order_line, product, promotion_use};
use crate::db::words::UseState;
use crate::error::Result;

/// Orders that are listed.
const LATEST: u64 = 10;

#[derive(Debug, FromQueryResult)]
struct Sums {
    orders: i64,
    accounts: i64,
    spend: Option<i64>,
}

#[derive(Debug, FromQueryResult)]
struct Volume {
    pieces: Option<i64>,
    net: Option<i64>,
}

/// The results so far, of the accounts that the caller sees.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, stored: &Stored) -> Result<ResultsView> {
    use promotion_use::Column as U;
    let currency = stored.row.currency;
    let sums: Vec<Sums> = tx
        .report::<promotion_use::Entity, Sums>(|uses| {
            uses.filter(U::PromotionId.eq(stored.row.id))
                .filter(U::State.ne(UseState::Released))
                .select_only()
                .expr_as(Expr::col(U::OrderId).count(), "orders")
                .expr_as(Expr::col(U::AccountId).count_distinct(), "accounts")
                .expr_as(Expr::col(U::SpendMinor).sum().cast_as("bigint"), "spend")
        })
        .await?;
    let sums = sums.into_iter().next();
    let volume = volume(tx, stored).await?;
    let net = volume.as_ref().and_then(|volume| volume.net).unwrap_or(0);
    let spend = sums.as_ref().and_then(|sums| sums.spend).unwrap_or(0);
    let cap = stored.row.cap_minor;
    Ok(ResultsView {
        orders: sums.as_ref().map_or(0, |sums| sums.orders),
        accounts: sums.as_ref().map_or(0, |sums| sums.accounts),
        pieces: volume.and_then(|volume| volume.pieces).unwrap_or(0),
        net: Money::new(net, currency),
        spend: Money::new(spend, currency),
        spend_bp: (net > 0).then(|| part(spend, net, 10_000)),
        cap: cap.map(|cap| Money::new(cap, currency)),
        // The cap is everybody's, whatever the reader sees of it.
        cap_permille: cap.map_or(0, |cap| part(stored.row.spent_minor, cap, 1_000)),
        latest: latest(tx, stored).await?,
    })
}

/// `some` of `whole` in `parts`.
pub(crate) fn part(some: i64, whole: i64, parts: i64) -> i64 {
    let exact = i128::from(some) * i128::from(parts) / i128::from(Ord::max(whole, 1));
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// What was ordered of its items in the orders that it gave something in.
async fn volume(tx: &Tx, stored: &Stored) -> Result<Option<Volume>> {
    use order_line::Column as L;
    let orders = Query::select()
        .column(promotion_use::Column::OrderId)
        .from(promotion_use::Entity)
        .and_where(promotion_use::Column::PromotionId.eq(stored.row.id))
        .and_where(promotion_use::Column::State.ne(UseState::Released))
        .to_owned();
    let products = Query::select()
        .column(product::Column::Id)
        .from(product::Entity)
        .cond_where(concerned(stored))
        .to_owned();
    let rows: Vec<Volume> = tx
        .report::<order_line::Entity, Volume>(|lines| {
            lines
                .filter(L::OrderId.in_subquery(orders))
                .filter(L::ProductId.in_subquery(products))
                .select_only()
                .expr_as(
                    Expr::col(L::Ordered)
                        .sub(Expr::col(L::Cancelled))
                        .sum()
                        .cast_as("bigint"),
                    "pieces",
                )
                .expr_as(Expr::col(L::NetMinor).sum().cast_as("bigint"), "net")
        })
        .await?;
    Ok(rows.into_iter().next())
}

/// The products that it counts; of a bundle, its parts.
pub(crate) fn concerned(stored: &Stored) -> Condition {
    match &stored.plan.mechanic {
        Mechanic::Bundle { parts, .. } => {
            let ids: Vec<ProductId> = parts.iter().map(|part| part.product).collect();
            Condition::all().add(product::Column::Id.is_in(ids))
        }
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::BuyGetOther { .. }
        | Mechanic::FreeGoods { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => belonging(&stored.plan.assortment),
    }
}

async fn latest(tx: &Tx, stored: &Stored) -> Result<Vec<UseRow>> {
    use promotion_use::Column as U;
    let uses = tx
        .all::<promotion_use::Entity>(|uses| {
            uses.filter(U::PromotionId.eq(stored.row.id))
                .order_by_desc(U::At)
                .order_by_desc(U::OrderId)
                .limit(LATEST)
        })
        .await?;
    if uses.is_empty() {
        return Ok(Vec::new());
    }
    let orders: Vec<OrderId> = uses.iter().map(|one| one.order_id).collect();
    let accounts: Vec<AccountId> = uses.iter().map(|one| one.account_id).collect();
    let orders: HashMap<OrderId, order::Model> = tx
        .all::<order::Entity>(|all| all.filter(order::Column::Id.is_in(padded(&orders))))
        .await?
        .into_iter()
        .map(|order| (order.id, order))
        .collect();
    let accounts: HashMap<AccountId, account::Model> = tx
        .all::<account::Entity>(|all| all.filter(account::Column::Id.is_in(padded(&accounts))))
        .await?
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    let rows = uses.into_iter().filter_map(|one| {
        let order = orders.get(&one.order_id)?;
        let account = accounts.get(&one.account_id)?;
        Some(UseRow {
            order: order.number.clone(),
            account_name: account.name.clone(),
            account_number: account.number.clone(),
            at: one.at,
            state: one.state.name().to_owned(),
            order_net: Money::new(order.net_minor, order.currency),
            spend: Money::new(one.spend_minor, order.currency),
        })
    });
    Ok(rows.collect())
}
