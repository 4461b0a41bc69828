//! A bill-to's statement: what is open, how late it is, what may be taken off for paying early.

use std::collections::HashSet;
use std::io::Write;

use jiff::civil::Date;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use trade::calendar::LocalDate;
use trade::credit::{Age, Standing, ageing, days_late, paid_early};
use trade::id::AccountId;
use trade::money::{Currency, Money};

use super::view::{AgeRow, CreditView, EarlyPayment, ItemRow, PaidBy, StatementPage, age_word};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, open_item, order};
use crate::error::{Error, Result};
use crate::imports::cells::neutralise_formula;
use crate::web::shape::{Paging, Query};

/// Items on a page.
const PAGE: u64 = 50;
/// Items read together for a file.
const CHUNK: u64 = 1_000;

/// Where a statement's page and file are.
#[derive(Debug, Clone)]
pub struct Place {
    /// The page.
    pub path: String,
    /// The file.
    pub csv: String,
    /// Whether the brand's people read it.
    pub for_brand: bool,
}

/// Who pays for the account, where that is another one.
///
/// # Errors
/// Whatever the database says.
pub async fn paid_by(tx: &Tx, account: &account::Model) -> Result<Option<PaidBy>> {
    let Some(payer) = account.bill_to_id.filter(|payer| *payer != account.id) else {
        return Ok(None);
    };
    // The name is on every invoice; nothing else of an account out of reach is told.
    let rows = tx
        .rows("SELECT name FROM accounts WHERE id = $1", [payer.into()])
        .await?;
    let row = rows.first().ok_or(Error::NotFound)?;
    let seen = tx.one::<account::Entity>(|all| all.filter(account::Column::Id.eq(payer)));
    Ok(Some(PaidBy {
        name: row.try_get("", "name")?,
        number: seen.await?.map(|payer| payer.number),
    }))
}

/// What is open of a bill-to by due date; what is owed to it apart.
async fn by_due_date(tx: &Tx, bill_to: AccountId) -> Result<Vec<(Date, i64)>> {
    let rows = tx
        .rows(
            "SELECT due_on, CAST(sum(open_minor) AS bigint) AS open FROM open_items \
             WHERE account_id = $1 AND open_minor <> 0 GROUP BY due_on, open_minor < 0",
            [bill_to.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let due: LocalDate = row.try_get("", "due_on")?;
            Ok((due.0, row.try_get("", "open")?))
        })
        .collect()
}

/// A standing with what is late of it, for pages.
///
/// # Errors
/// Whatever the database says.
pub async fn credit(tx: &Tx, app: &App, standing: &Standing) -> Result<CreditView> {
    let open = by_due_date(tx, standing.bill_to).await?;
    summary(app, standing, &open)
}

fn summary(app: &App, standing: &Standing, open: &[(Date, i64)]) -> Result<CreditView> {
    let today = app.today();
    let held_before = standing.overdue_before(today);
    let currency = standing.receivable.currency;
    let late = open
        .iter()
        .filter(|(due, minor)| *minor > 0 && *due < today);
    let overdue = Money::sum(
        currency,
        late.map(|(_, minor)| Money::new(*minor, currency)),
    )?;
    let beyond = open
        .iter()
        .any(|(due, minor)| *minor > 0 && *due < held_before);
    CreditView::of(standing, overdue, beyond)
}

/// The page of an account's statement.
///
/// # Errors
/// Whatever the database says.
pub async fn page(
    tx: &Tx,
    app: &App,
    account: &account::Model,
    place: Place,
    mut query: Query,
) -> Result<StatementPage> {
    let mut page = StatementPage {
        account_name: account.name.clone(),
        account_number: account.number.clone(),
        for_brand: place.for_brand,
        paid_by: paid_by(tx, account).await?,
        credit: None,
        ages: Vec::new(),
        total: Money::zero(account.currency),
        rows: Vec::new(),
        query: Query::new(),
        paging: Paging::default(),
        path: place.path,
        csv: place.csv,
    };
    if page.paid_by.is_some() {
        return Ok(page);
    }
    let Some(standing) = super::standing(tx, app, account).await? else {
        return Ok(page);
    };
    let open = by_due_date(tx, account.id).await?;
    page.credit = Some(summary(app, &standing, &open)?);
    let ages = ageing(account.currency, app.today(), open)?;
    page.total = ages.total;
    page.ages = ages
        .rows
        .into_iter()
        .map(|(age, open)| AgeRow {
            age: age_word(age),
            open,
            late: !matches!(age, Age::NotDue | Age::Credit) && open.minor > 0,
        })
        .collect();
    let mine = open_item::Column::AccountId
        .eq(account.id)
        .and(open_item::Column::OpenMinor.ne(0));
    let total = tx
        .count::<open_item::Entity>(|items| items.filter(mine.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let items = tx
        .all::<open_item::Entity>(|items| {
            items
                .filter(mine)
                .order_by_asc(open_item::Column::DueOn)
                .order_by_asc(open_item::Column::Number)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let seen = orders_seen(tx, &items).await?;
    for item in items {
        page.rows.push(row(item, app.today(), &seen)?);
    }
    (page.paging, page.query) = (paging, query);
    Ok(page)
}

/// Of the orders that items name, those the reader may open: a parent pays for orders of its shops
/// without seeing them.
async fn orders_seen(tx: &Tx, items: &[open_item::Model]) -> Result<HashSet<String>> {
    let numbers: Vec<&str> = items
        .iter()
        .filter_map(|item| item.order_number.as_deref())
        .collect();
    if numbers.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = tx
        .all::<order::Entity>(|orders| orders.filter(order::Column::Number.is_in(numbers)))
        .await?;
    Ok(rows.into_iter().map(|order| order.number).collect())
}

fn row(item: open_item::Model, today: Date, seen: &HashSet<String>) -> Result<ItemRow> {
    let open = Money::new(item.open_minor, item.currency);
    let early = early(&item, today)?;
    Ok(ItemRow {
        days_late: if open.minor > 0 {
            days_late(item.due_on.0, today)
        } else {
            0
        },
        order_linked: item
            .order_number
            .as_ref()
            .is_some_and(|number| seen.contains(number)),
        number: item.number,
        kind: item.kind.name().to_owned(),
        order_number: item.order_number,
        issued_on: item.issued_on.to_string(),
        due_on: item.due_on.to_string(),
        amount: Money::new(item.amount_minor, item.currency),
        open,
        early,
    })
}

/// What may still be taken off for paying early.
fn early(item: &open_item::Model, today: Date) -> Result<Option<EarlyPayment>> {
    let discount = item.early_payment_discount;
    let Some(until) = item.early_payment_on.filter(|until| until.0 >= today) else {
        return Ok(None);
    };
    if item.open_minor <= 0 || discount.0 == 0 {
        return Ok(None);
    }
    let open = Money::new(item.open_minor, item.currency);
    Ok(Some(EarlyPayment {
        until: until.to_string(),
        discount_bp: discount.0.into(),
        pay: paid_early(open, discount)?,
    }))
}

/// The statement as CSV: everything that is open. What a spreadsheet would run is text.
///
/// # Errors
/// `NotFound` where another account pays; whatever the database says.
pub async fn csv(tx: &Tx, app: &App, account: &account::Model) -> Result<Vec<u8>> {
    if account.bill_to_id.is_some_and(|payer| payer != account.id) {
        return Err(Error::NotFound);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    write(&mut out, HEADER.map(str::to_owned))?;
    let mut after: Option<(LocalDate, String)> = None;
    loop {
        use open_item::Column::{AccountId, DueOn, Number, OpenMinor};
        let items = tx
            .all::<open_item::Entity>(|items| {
                let mut items = items
                    .filter(AccountId.eq(account.id))
                    .filter(OpenMinor.ne(0))
                    .order_by_asc(DueOn)
                    .order_by_asc(Number)
                    .limit(CHUNK);
                if let Some((due, number)) = &after {
                    let later = DueOn
                        .gt(*due)
                        .or(DueOn.eq(*due).and(Number.gt(number.as_str())));
                    items = items.filter(later);
                }
                items
            })
            .await?;
        let Some(last) = items.last() else { break };
        after = Some((last.due_on, last.number.clone()));
        for item in items {
            write(&mut out, cells(item, app.today(), account.currency)?)?;
        }
    }
    out.into_inner()
        .map_err(|error| Error::Internal(anyhow::anyhow!(error.to_string())))
}

const HEADER: [&str; 11] = [
    "number",
    "kind",
    "order",
    "issued_on",
    "due_on",
    "days_late",
    "currency",
    "amount",
    "open",
    "early_payment_on",
    "early_payment_amount",
];

fn cells(item: open_item::Model, today: Date, currency: Currency) -> Result<[String; 11]> {
    let row = row(item, today, &HashSet::new())?;
    let (until, pay) = row
        .early
        .map(|early| (early.until, early.pay.to_decimal()))
        .unwrap_or_default();
    Ok([
        row.number,
        row.kind,
        row.order_number.unwrap_or_default(),
        row.issued_on,
        row.due_on,
        row.days_late.to_string(),
        currency.to_string(),
        row.amount.to_decimal(),
        row.open.to_decimal(),
        until,
        pay,
    ])
}

fn write<W: Write>(out: &mut csv::Writer<W>, cells: [String; 11]) -> Result<()> {
    let cells = cells
        .iter()
        .map(|cell| neutralise_formula(cell).into_owned());
    Ok(out.write_record(cells).map_err(std::io::Error::from)?)
}
