//! One product's stock: where its pieces are, what is on its way, who waits, and how it came to be.

use jiff::civil::Date;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use trade::id::ProductId;
use trade::order::OrderState;

use super::view::{MovementRow, ReceiptRow, StockItemPage, WaitingRow};
use super::waiting::OPEN_STATES;
use super::{book, incoming};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, order, order_line, product, stock_movement};
use crate::db::words::StockPolicy;
use crate::error::{Error, Result};
use crate::web::form::FormState;
use crate::web::shape::{Paging, Query};

/// Movements on a page.
const PAGE: u64 = 50;
/// Lines shown of those that wait, the first in line.
const WAITING: u64 = 10;
/// Empty rows offered below the receipts.
const SPARE: usize = 2;

/// The forms of the page as they stand.
#[derive(Debug, Default)]
pub struct Forms {
    /// Goods that have come.
    pub receive: FormState,
    /// A count.
    pub count: FormState,
    /// What is on its way, as typed.
    pub expect: Option<(FormState, Vec<(String, String)>)>,
}

/// The page.
///
/// # Errors
/// `NotFound`; whatever the database says.
pub async fn page(
    tx: &Tx,
    app: &App,
    sku: &str,
    mut query: Query,
    can_book: bool,
    forms: Forms,
) -> Result<StockItemPage> {
    let product = tx
        .one::<product::Entity>(|all| all.filter(product::Column::Sku.eq(sku)))
        .await?
        .ok_or(Error::NotFound)?;
    let stock = super::find(tx, product.id).await?;
    let day = stock.as_ref().and_then(|row| row.expected_on);
    let incoming = incoming::load(tx, product.id, day).await?;
    let today = app.today();
    let total = tx
        .count::<stock_movement::Entity>(|all| {
            all.filter(stock_movement::Column::ProductId.eq(product.id))
        })
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let on_hand = stock.as_ref().map_or(0, |row| row.on_hand);
    let allocated = stock.as_ref().map_or(0, |row| row.allocated);
    let reserved = stock.as_ref().map_or(0, |row| row.reserved);
    let receipts: Vec<ReceiptRow> = incoming
        .receipts()
        .map(|(day, quantity)| receipt(day, quantity, today))
        .collect();
    let (expect, typed) = forms.expect.unwrap_or_else(|| {
        let rows = receipts.iter();
        let rows = rows.map(|row| (row.date.clone(), row.quantity.to_string()));
        (FormState::new(), rows.collect())
    });
    let spare = std::iter::repeat_n((String::new(), String::new()), SPARE);
    Ok(StockItemPage {
        sku: product.sku.clone(),
        name: product.name.clone(),
        unit: product.base_unit,
        policy: product.stock_policy.name().to_owned(),
        counted: product.stock_policy != StockPolicy::Untracked,
        known: stock.is_some(),
        on_hand,
        allocated,
        reserved,
        available: on_hand - allocated - reserved,
        owed: owed(tx, product.id).await?,
        day: day
            .filter(|_| receipts.is_empty())
            .map(|day| day.to_string()),
        today: today.to_string(),
        typed: typed.into_iter().chain(spare).collect(),
        receipts,
        waiting: waiting(tx, product.id).await?,
        movements: movements(tx, product.id, offset).await?,
        paging,
        query,
        can_book: can_book && product.stock_policy != StockPolicy::Untracked,
        receive: forms.receive,
        count: forms.count,
        expect,
    })
}

/// Whether such a product is there and counted, before a form about it is read.
///
/// # Errors
/// As [`book::counted`].
pub async fn check(tx: &Tx, sku: &str) -> Result<()> {
    book::counted(tx, sku).await.map(|_| ())
}

fn receipt(day: Date, quantity: i64, today: Date) -> ReceiptRow {
    ReceiptRow {
        date: day.to_string(),
        quantity,
        late: day < today,
    }
}

/// What is owed of a product, to whomever.
async fn owed(tx: &Tx, product: ProductId) -> Result<i64> {
    let sql = format!(
        "SELECT CAST(coalesce(sum(l.back_ordered), 0) AS bigint) AS pieces FROM order_lines l \
         JOIN orders o ON o.id = l.order_id WHERE l.product_id = $1 AND l.back_ordered > 0 \
         AND o.state IN ({OPEN_STATES})"
    );
    let rows = tx.rows(&sql, [product.into()]).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get("", "pieces")?,
        None => 0,
    })
}

#[derive(Debug, FromQueryResult)]
struct Waiting {
    number: String,
    state: OrderState,
    account: String,
    placed_at: i64,
    owed: i64,
}

/// The orders that are next in line, of the accounts the reader looks after.
async fn waiting(tx: &Tx, product: ProductId) -> Result<Vec<WaitingRow>> {
    let rows: Vec<Waiting> = tx
        .report::<order_line::Entity, Waiting>(|lines| {
            let mut lines = lines
                .filter(order_line::Column::ProductId.eq(product))
                .filter(order_line::Column::BackOrdered.gt(0))
                .select_only()
                .column_as(order_line::Column::BackOrdered, "owed");
            QueryTrait::query(&mut lines)
                .inner_join(
                    order::Entity,
                    Expr::col((order::Entity, order::Column::Id))
                        .equals((order_line::Entity, order_line::Column::OrderId)),
                )
                .inner_join(
                    account::Entity,
                    Expr::col((account::Entity, account::Column::Id))
                        .equals((order::Entity, order::Column::AccountId)),
                );
            lines
                .filter(
                    order::Column::State
                        .is_in(OrderState::ALL.into_iter().filter(|state| state.is_open())),
                )
                .column_as(order::Column::Number, "number")
                .column_as(order::Column::State, "state")
                .column_as(order::Column::PlacedAt, "placed_at")
                .column_as(account::Column::Name, "account")
                .order_by_asc(order::Column::PlacedAt)
                .order_by_asc(order::Column::Id)
                .order_by_asc(order_line::Column::Position)
                .limit(WAITING)
        })
        .await?;
    let row = |row: Waiting| WaitingRow {
        number: row.number,
        state: row.state.name().to_owned(),
        account: row.account,
        placed_at: row.placed_at,
        owed: row.owed,
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn movements(tx: &Tx, product: ProductId, offset: u64) -> Result<Vec<MovementRow>> {
    let rows = tx
        .all::<stock_movement::Entity>(|all| {
            all.filter(stock_movement::Column::ProductId.eq(product))
                .order_by_desc(stock_movement::Column::At)
                .order_by_desc(stock_movement::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let row = |row: stock_movement::Model| MovementRow {
        at: row.at,
        is_order: !matches!(row.cause.as_str(), "count" | "receipt"),
        cause: row.cause,
        on_hand: row.on_hand,
        allocated: row.allocated,
        reserved: row.reserved,
        reference: row.reference,
    };
    Ok(rows.into_iter().map(row).collect())
}
