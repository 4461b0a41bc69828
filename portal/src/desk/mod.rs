//! The KAM's desk: orders as they come in, and the share that came in by themselves.

pub mod live;
pub mod view;
pub mod web;

use jiff::ToSpan;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::LocalDate;
use trade::money::Money;
use trade::order::OrderState;

use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, order};
use crate::db::words::OrderSource;
use crate::error::Result;
use crate::holds::queue;
use crate::orders::list;
use view::DeskPage;

/// Orders on the desk's list.
const FLOW: u64 = 30;

#[derive(Debug, FromQueryResult)]
struct Sums {
    orders: i64,
    value: Option<i64>,
}

/// The desk as of now: today's orders, and the self-service share of the last 30 days.
///
/// Self-service is what the retailers' own users or their programs submitted, as a share of all
/// orders that were placed here; imported history was not, and is left out.
///
/// # Errors
/// Whatever the database says.
pub async fn desk(tx: &Tx, app: &App, first_name: &str) -> Result<DeskPage> {
    use order::Column as O;
    let today = app.today();
    let since = LocalDate(today.checked_sub(30.days())?);
    let today = LocalDate(today);
    let taken_back = [
        OrderState::Cancelled,
        OrderState::Rejected,
        OrderState::Expired,
    ];
    let sums = async |from: LocalDate, sources: &[OrderSource]| -> Result<Sums> {
        let sums: Vec<Sums> = tx
            .report::<order::Entity, Sums>(|orders| {
                orders
                    .filter(O::PlacedOn.gte(from))
                    .filter(O::State.is_not_in(taken_back))
                    .filter(O::Source.is_in(sources.iter().copied()))
                    .select_only()
                    .expr_as(Expr::col(O::Id).count(), "orders")
                    .expr_as(Expr::col(O::NetMinor).sum().cast_as("bigint"), "value")
            })
            .await?;
        Ok(sums.into_iter().next().unwrap_or(Sums {
            orders: 0,
            value: None,
        }))
    };
    let day = sums(today, OrderSource::ALL).await?;
    let own = sums(since, &[OrderSource::Portal, OrderSource::Api]).await?;
    let keyed = sums(since, &[OrderSource::OnBehalf]).await?;
    let share = |own: i64, keyed: i64| (own + keyed > 0).then(|| own * 10_000 / (own + keyed));
    let flow = list::rows(tx, |orders| {
        orders
            .filter(O::PlacedOn.gte(today))
            .order_by_desc(O::PlacedAt)
            .order_by_desc(O::Id)
            .limit(FLOW)
    })
    .await?;
    let held = queue::mine(tx).await?;
    let accounts = tx.count::<account::Entity>(|accounts| accounts).await?;
    Ok(DeskPage {
        first_name: first_name.to_owned(),
        orders_today: day.orders,
        value_today: Money::new(day.value.unwrap_or(0), app.brand.currency),
        self_service_orders_bp: share(own.orders, keyed.orders),
        self_service_value_bp: share(own.value.unwrap_or(0), keyed.value.unwrap_or(0)),
        open_holds: i64::try_from(held)?,
        accounts: i64::try_from(accounts)?,
        newest: flow
            .first()
            .map(|order| order.number.clone())
            .unwrap_or_default(),
        flow,
    })
}
