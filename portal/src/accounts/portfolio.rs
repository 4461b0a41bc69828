//! The accounts one looks after, as a table: last order, orders and revenue of twelve months.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Query as SqlQuery, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use trade::calendar::LocalDate;
use trade::id::{AccountGroupId, AccountId};
use trade::money::{Currency, Money};
use trade::order::OrderState;

use super::view::{AccountRow, AccountsPage, sparkline};
use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, account_group, order};
use crate::error::Result;
use crate::orders::list::contains;
use crate::web::shape::{Paging, Query};

/// Accounts on a page.
const PAGE: u64 = 50;

#[derive(Debug, FromQueryResult)]
struct Listed {
    id: AccountId,
    number: String,
    name: String,
    city: String,
    currency: Currency,
    group_id: Option<AccountGroupId>,
    orders: Option<i64>,
    revenue: Option<i64>,
    last_order: Option<LocalDate>,
}

/// How the table is sorted: a column, and which way.
struct Sort {
    by: &'static str,
    down: bool,
}

impl Sort {
    fn parse(text: &str) -> Sort {
        let (down, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let known = ["number", "name", "last_order", "orders", "revenue"];
        match known.into_iter().find(|known| *known == name) {
            Some(by) => Sort { by, down },
            None => Sort {
                by: "revenue",
                down: true,
            },
        }
    }

    fn text(&self) -> String {
        format!("{}{}", if self.down { "-" } else { "" }, self.by)
    }
}

/// Sums of an account's orders since `since`, without those that were taken back.
fn sums(since: LocalDate) -> SelectStatement {
    use order::Column as O;
    SqlQuery::select()
        .column(O::AccountId)
        .expr_as(Expr::col(O::Id).count(), "orders")
        .expr_as(Expr::col(O::NetMinor).sum().cast_as("bigint"), "revenue")
        .expr_as(Expr::col(O::PlacedOn).max(), "last_order")
        .from(order::Entity)
        .and_where(O::PlacedOn.gte(since))
        .and_where(O::State.is_not_in(taken_back()))
        .group_by_col(O::AccountId)
        .to_owned()
}

fn taken_back() -> [OrderState; 3] {
    [
        OrderState::Cancelled,
        OrderState::Rejected,
        OrderState::Expired,
    ]
}

/// The page: `q`, `sort`, `page` as chosen.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, mut query: Query, can_act: bool) -> Result<AccountsPage> {
    use account::Column as A;
    let sort = Sort::parse(&query.remove("sort").unwrap_or_default());
    let text = query
        .get("q")
        .map(|q| q.trim().to_owned())
        .filter(|q| !q.is_empty());
    let condition = text.map_or_else(Condition::all, |text| {
        let column = |c: A| Expr::col((account::Entity, c));
        Condition::any()
            .add(contains(column(A::Name), &text))
            .add(contains(column(A::Number), &text))
            .add(contains(column(A::City), &text))
    });
    let total = tx
        .count::<account::Entity>(|all| all.filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let since = first_month(app.today())?;
    let order = if sort.down { Order::Desc } else { Order::Asc };
    let summed = Alias::new("summed");
    let listed: Vec<Listed> = tx
        .report::<account::Entity, Listed>(|mut accounts| {
            QueryTrait::query(&mut accounts).join_subquery(
                sea_orm::JoinType::LeftJoin,
                sums(LocalDate(since)),
                summed.clone(),
                Expr::col((account::Entity, A::Id)).equals((summed.clone(), "account_id")),
            );
            let sum = |name: &'static str| -> SimpleExpr { Expr::col((summed.clone(), name)) };
            let accounts = accounts
                .filter(condition)
                .select_only()
                .columns([A::Id, A::Number, A::Name, A::City, A::Currency, A::GroupId])
                .expr_as(sum("orders"), "orders")
                .expr_as(sum("revenue"), "revenue")
                .expr_as(sum("last_order"), "last_order");
            let accounts = match sort.by {
                "number" => accounts.order_by(A::Number, order),
                "name" => accounts.order_by(A::Name, order),
                // Without orders counts as none, not as unknown: last either way down.
                "last_order" => accounts.order_by(sum("last_order").if_null(""), order),
                by => accounts.order_by(sum(by).if_null(0_i64), order),
            };
            accounts
                .order_by(A::Number, Order::Asc)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let rows = with_months(tx, listed, since).await?;
    Ok(AccountsPage {
        query,
        sort: sort.text(),
        rows,
        paging,
        can_act,
    })
}

/// The first day of the month eleven months ago: with the current one, twelve months.
fn first_month(today: Date) -> Result<Date> {
    Ok(today.first_of_month().checked_sub(11.months())?)
}

#[derive(Debug, FromQueryResult)]
struct Month {
    account_id: AccountId,
    month: String,
    revenue: i64,
}

async fn with_months(tx: &Tx, listed: Vec<Listed>, since: Date) -> Result<Vec<AccountRow>> {
    use order::Column as O;
    let groups: HashMap<AccountGroupId, String> = tx
        .all::<account_group::Entity>(|groups| groups)
        .await?
        .into_iter()
        .map(|group| (group.id, group.name))
        .collect();
    let ids: Vec<AccountId> = listed.iter().map(|account| account.id).collect();
    let mut months: HashMap<AccountId, Vec<i64>> = HashMap::new();
    if !ids.is_empty() {
        let ids = padded(&ids);
        let month = Expr::cust("substr(placed_on, 1, 7)");
        let rows: Vec<Month> = tx
            .report::<order::Entity, Month>(|orders| {
                orders
                    .filter(O::AccountId.is_in(ids))
                    .filter(O::PlacedOn.gte(LocalDate(since)))
                    .filter(O::State.is_not_in(taken_back()))
                    .select_only()
                    .column(O::AccountId)
                    .expr_as(month.clone(), "month")
                    .expr_as(Expr::col(O::NetMinor).sum().cast_as("bigint"), "revenue")
                    .group_by(O::AccountId)
                    .group_by(month)
            })
            .await?;
        for row in rows {
            let values = months.entry(row.account_id).or_insert_with(|| vec![0; 12]);
            let at = month_index(since, &row.month).and_then(|at| values.get_mut(at));
            if let Some(value) = at {
                *value = row.revenue;
            }
        }
    }
    let rows = listed.into_iter().map(|account| {
        let months = months.remove(&account.id).unwrap_or_default();
        AccountRow {
            group: account.group_id.and_then(|id| groups.get(&id).cloned()),
            last_order: account.last_order.map(|date| date.to_string()),
            orders_12m: account.orders.unwrap_or(0),
            revenue_12m: Money::new(account.revenue.unwrap_or(0), account.currency),
            spark: if months.is_empty() {
                String::new()
            } else {
                sparkline(&months)
            },
            months,
            number: account.number,
            name: account.name,
            city: account.city,
        }
    });
    Ok(rows.collect())
}

fn month_index(since: Date, month: &str) -> Option<usize> {
    let (year, month) = month.split_once('-')?;
    let year: i32 = year.parse().ok()?;
    let month: i32 = month.parse().ok()?;
    let first = i32::from(since.year()) * 12 + i32::from(since.month());
    usize::try_from(year * 12 + month - first).ok()
}

/// One account's row, for its profile.
///
/// # Errors
/// Whatever the database says.
pub async fn row(tx: &Tx, app: &App, found: &account::Model) -> Result<AccountRow> {
    use order::Column as O;
    let since = first_month(app.today())?;
    #[derive(Debug, FromQueryResult)]
    struct Sums {
        orders: i64,
        revenue: Option<i64>,
        last_order: Option<LocalDate>,
    }
    let sums: Vec<Sums> = tx
        .report::<order::Entity, Sums>(|orders| {
            orders
                .filter(O::AccountId.eq(found.id))
                .filter(O::PlacedOn.gte(LocalDate(since)))
                .filter(O::State.is_not_in(taken_back()))
                .select_only()
                .expr_as(Expr::col(O::Id).count(), "orders")
                .expr_as(Expr::col(O::NetMinor).sum().cast_as("bigint"), "revenue")
                .expr_as(Expr::col(O::PlacedOn).max(), "last_order")
        })
        .await?;
    let sums = sums.into_iter().next();
    let listed = Listed {
        id: found.id,
        number: found.number.clone(),
        name: found.name.clone(),
        city: found.city.clone(),
        currency: found.currency,
        group_id: found.group_id,
        orders: sums.as_ref().map(|sums| sums.orders),
        revenue: sums.as_ref().and_then(|sums| sums.revenue),
        last_order: sums.and_then(|sums| sums.last_order),
    };
    let mut rows = with_months(tx, vec![listed], since).await?;
    rows.pop().ok_or(crate::error::Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_from_the_first_one() {
        let since: Date = "2025-12-01".parse().unwrap();
        assert_eq!(month_index(since, "2025-12"), Some(0));
        assert_eq!(month_index(since, "2026-11"), Some(11));
        assert_eq!(month_index(since, "2025-11"), None);
    }

    #[test]
    fn an_unknown_sort_is_by_revenue() {
        assert_eq!(Sort::parse("drop table").text(), "-revenue");
        assert_eq!(Sort::parse("-name").text(), "-name");
    }
}
