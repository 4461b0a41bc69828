//! Lists of orders and credit notes: the account's own, or those of a portfolio.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use trade::calendar::LocalDate;
use trade::money::{Currency, Money};
use trade::order::OrderState;

use super::view::{CreditNoteRow, CreditNotesPage, OrderRow, OrdersPage};
use crate::db::Tx;
use crate::db::entity::{account, credit_note, order};
use crate::error::Result;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message, Paging, Query};

/// Rows on a page of a list.
pub const PAGE: u64 = 50;

#[derive(Debug, FromQueryResult)]
struct Row {
    number: String,
    placed_at: i64,
    state: OrderState,
    po_number: String,
    placed_by: String,
    on_behalf_of: Option<String>,
    line_count: i32,
    net_minor: i64,
    currency: Currency,
    requested_date: Option<LocalDate>,
    account_name: String,
    account_number: String,
}

impl From<Row> for OrderRow {
    fn from(row: Row) -> OrderRow {
        OrderRow {
            number: row.number,
            placed_at: row.placed_at,
            state: row.state.name().to_owned(),
            po_number: Some(row.po_number).filter(|po| !po.is_empty()),
            placed_by: row.placed_by,
            on_behalf: row.on_behalf_of.is_some(),
            lines: row.line_count.into(),
            net: Money::new(row.net_minor, row.currency),
            requested_date: row.requested_date.map(|date| date.to_string()),
            expected_date: None,
            account_name: row.account_name,
            account_number: row.account_number,
        }
    }
}

/// The orders that `refine` leaves of those the caller sees, as rows.
///
/// # Errors
/// Whatever the database says.
pub async fn rows(
    tx: &Tx,
    refine: impl FnOnce(Select<order::Entity>) -> Select<order::Entity>,
) -> Result<Vec<OrderRow>> {
    use order::Column as O;
    let rows: Vec<Row> = tx
        .report::<order::Entity, Row>(|orders| {
            let mut orders = refine(with_account(orders))
                .select_only()
                .columns([O::Number, O::PlacedAt, O::State, O::PoNumber, O::PlacedBy])
                .columns([O::OnBehalfOf, O::LineCount, O::NetMinor, O::Currency])
                .columns([O::RequestedDate])
                .expr_as(
                    Expr::col((account::Entity, account::Column::Name)),
                    "account_name",
                );
            orders = orders.expr_as(
                Expr::col((account::Entity, account::Column::Number)),
                "account_number",
            );
            orders
        })
        .await?;
    Ok(rows.into_iter().map(OrderRow::from).collect())
}

fn with_account(mut orders: Select<order::Entity>) -> Select<order::Entity> {
    QueryTrait::query(&mut orders).inner_join(
        account::Entity,
        Expr::col((account::Entity, account::Column::Id))
            .equals((order::Entity, order::Column::AccountId)),
    );
    orders
}

/// The page of a list: `q`, `state`, `from`, `until`, `page` as chosen.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query, all_accounts: bool) -> Result<OrdersPage> {
    let mut form = FormState::new();
    let condition = filter(&query, all_accounts, &mut form);
    let total = tx
        .count::<order::Entity>(|orders| with_account(orders).filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let rows = rows(tx, |orders| {
        orders
            .filter(condition)
            .order_by_desc(order::Column::PlacedAt)
            .order_by_desc(order::Column::Id)
            .offset(offset)
            .limit(PAGE)
    })
    .await?;
    let chosen = query.get("state").cloned().unwrap_or_default();
    let states = OrderState::ALL
        .iter()
        .map(|state| Choice::new(state.name(), "", state.name() == chosen))
        .collect();
    let is_filtered = query.iter().any(|(name, value)| {
        ["q", "state", "from", "until"].contains(&name.as_str()) && !value.trim().is_empty()
    });
    Ok(OrdersPage {
        query,
        states,
        rows,
        paging,
        all_accounts,
        is_filtered,
        form,
    })
}

fn filter(query: &Query, all_accounts: bool, form: &mut FormState) -> Condition {
    use order::Column as O;
    let mut condition = Condition::all();
    let value = |name: &str| query.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    if let Some(text) = value("q") {
        let mut any = Condition::any()
            .add(contains(Expr::col((order::Entity, O::Number)), text))
            .add(contains(Expr::col((order::Entity, O::PoNumber)), text));
        if all_accounts {
            any = any
                .add(contains(
                    Expr::col((account::Entity, account::Column::Name)),
                    text,
                ))
                .add(contains(
                    Expr::col((account::Entity, account::Column::Number)),
                    text,
                ));
        }
        condition = condition.add(any);
    }
    if let Some(state) = value("state").and_then(|state| state.parse::<OrderState>().ok()) {
        condition = condition.add(O::State.eq(state));
    }
    let mut date = |name: &str| -> Option<LocalDate> {
        let text = value(name)?;
        let parsed = text.parse::<Date>().ok().map(LocalDate);
        if parsed.is_none() {
            form.refuse(name, Message::new("error-date"));
        }
        parsed
    };
    if let Some(from) = date("from") {
        condition = condition.add(O::PlacedOn.gte(from));
    }
    if let Some(until) = date("until") {
        condition = condition.add(O::PlacedOn.lte(until));
    }
    for (name, text) in query {
        form.values.insert(name.clone(), text.clone());
    }
    condition
}

/// Whether `column` holds `text`, whatever its case.
pub(crate) fn contains(column: Expr, text: &str) -> Expr {
    let text: String = text.to_lowercase().chars().take(100).collect();
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    Expr::from(Func::lower(column)).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

#[derive(Debug, FromQueryResult)]
struct CreditRow {
    number: String,
    issued_on: LocalDate,
    net_minor: i64,
    currency: Currency,
    account_name: String,
}

/// The page of credit notes.
///
/// # Errors
/// Whatever the database says.
pub async fn credit_notes(tx: &Tx, mut query: Query) -> Result<CreditNotesPage> {
    use credit_note::Column as C;
    let total = tx.count::<credit_note::Entity>(|notes| notes).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let rows: Vec<CreditRow> = tx
        .report::<credit_note::Entity, CreditRow>(|mut notes| {
            QueryTrait::query(&mut notes).inner_join(
                account::Entity,
                Expr::col((account::Entity, account::Column::Id))
                    .equals((credit_note::Entity, C::AccountId)),
            );
            notes
                .select_only()
                .columns([C::Number, C::IssuedOn, C::NetMinor, C::Currency])
                .expr_as(
                    Expr::col((account::Entity, account::Column::Name)),
                    "account_name",
                )
                .order_by_desc(C::IssuedAt)
                .order_by_desc(C::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let rows = rows
        .into_iter()
        .map(|row| CreditNoteRow {
            number: row.number,
            date: row.issued_on.to_string(),
            amount: Money::new(-row.net_minor, row.currency),
            order_number: None,
            account_name: row.account_name,
        })
        .collect();
    Ok(CreditNotesPage {
        query: BTreeMap::default(),
        rows,
        paging,
    })
}
