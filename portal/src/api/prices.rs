//! What lines would cost an account, and the prices of a list.

use actix_web::{HttpResponse, web};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use trade::id::ProductId;
use trade::quantity::{MAX_ORDERED, Unit};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Answer;
use super::body::{Reading, Sent};
use super::caller::ApiCaller;
use super::docs::{Asking, Writing};
use super::keys::Permission;
use super::products::numbered;
use super::sent::{UnitCode, UnitPriceSent};
use super::shape::{LineProblem, Money, Trace};
use crate::app::App;
use crate::audit;
use crate::db::entity::price_list;
use crate::error::Error;
use crate::imports::load::{Context, Ids, Loader, Numbered, Outcome, Prices};
use crate::imports::records::PriceRow;
use crate::orders::quote::{self, ForWhom, QuotedLine, Wanted};

/// The most lines of one question, one order and one change of prices.
pub const MAX_LINES: usize = 2_000;

/// A line somebody wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The article number.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
    )]
    pub sku: String,
    /// The unit it is wanted in: UN/ECE Recommendation 20 (`H87` piece, `XCS` case …).
    #[schema(value_type = UnitCode)]
    pub unit: Unit,
    /// How many of it.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
}

impl Line {
    /// Reads one line of a body.
    #[must_use]
    pub fn read(line: &mut Reading<'_>) -> Line {
        Line {
            sku: line.text("sku", 1..=64),
            unit: line.unit("unit"),
            quantity: line.whole("quantity", 1..=MAX_ORDERED),
        }
    }
}

/// Lines as the use cases take them. A number that the caller does not see is a product that is
/// not found, which is found out and said there, with everything else that is wrong.
///
/// # Errors
/// Whatever the database says.
pub async fn wanted(tx: &crate::db::Tx, lines: &[Line]) -> crate::error::Result<Vec<Wanted>> {
    let skus: Vec<String> = lines.iter().map(|line| line.sku.clone()).collect();
    let known = numbered(tx, &skus).await?;
    let nobody = ProductId(Uuid::nil());
    let wanted = lines.iter().map(|line| Wanted {
        product: known.get(&line.sku).copied().unwrap_or(nobody),
        unit: line.unit,
        quantity: line.quantity,
    });
    Ok(wanted.collect())
}

/// A question for prices.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceQuestion {
    /// 1 to 2,000 lines.
    #[schema(min_items = 1, max_items = 2000)]
    pub lines: Vec<Line>,
    /// Brand keys: the account's number.
    #[schema(max_length = 64)]
    pub account: Option<String>,
}

/// What lines would cost today.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PriceAnswer {
    /// The account's number.
    pub account: String,
    /// The day.
    #[schema(format = Date)]
    pub date: String,
    /// As asked, in the same order.
    pub lines: Vec<PricedLine>,
    /// Sum of the lines that can be ordered in that quantity and have a price.
    pub net: Money,
    /// Their tax.
    pub tax: Money,
    /// Both.
    pub gross: Money,
}

/// A line with its price, or with what stands in the way of ordering it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PricedLine {
    /// The article number.
    pub sku: String,
    /// The unit.
    pub unit: String,
    /// How many of it.
    pub quantity: i64,
    /// The price of one; null is "price on request".
    #[schema(required = true)]
    pub price: Option<Money>,
    /// The line's total.
    #[schema(required = true)]
    pub total: Option<Money>,
    /// Why.
    #[schema(required = true)]
    pub price_trace: Option<Trace>,
    /// Why it cannot be ordered as it stands.
    #[schema(required = true)]
    pub problem: Option<LineProblem>,
}

/// A quoted line as asked.
#[must_use]
pub fn priced(app: &App, asked: &Line, line: &QuotedLine) -> PricedLine {
    let trace = line.trace.as_ref();
    PricedLine {
        sku: asked.sku.clone(),
        unit: asked.unit.to_string(),
        quantity: asked.quantity,
        price: trace.and_then(|trace| Some(Money::unit(trace.price?, trace.currency))),
        total: line.net.map(Money::from),
        price_trace: trace.map(Trace::from),
        problem: line
            .problem
            .as_ref()
            .map(|problem| LineProblem::of(app, problem)),
    }
}

/// What lines would cost today, with why; and for each what stands in the way of ordering it.
///
/// # Errors
/// What [`Asking`] says.
#[utoipa::path(
    post, path = "/api/v1/prices", tag = "prices",
    description = "Needs `prices:read`. A line that cannot be ordered has its `problem`; the \
        others are priced all the same.",
    request_body = PriceQuestion,
    responses((status = 200, description = "The prices", body = PriceAnswer), Asking),
)]
pub async fn ask(app: web::Data<App>, caller: ApiCaller, sent: Sent) -> Answer {
    caller.may(Permission::PricesRead)?;
    let (lines, account) = sent
        .read(|body| {
            (
                body.list("lines", 1..=MAX_LINES, Line::read),
                body.maybe_text("account", 64),
            )
        })
        .await?;
    let whom = caller.for_account(&app, &account).await?;
    let tx = app.db.read(&whom.scope).await?;
    let customer = ForWhom::load(&tx, &app, whom.account.id, None).await?;
    let wanted = wanted(&tx, &lines).await?;
    let quote = quote::prices(&tx, &app, &customer, &wanted).await?;
    Ok(HttpResponse::Ok().json(PriceAnswer {
        account: whom.account.number,
        date: customer.customer.date.to_string(),
        lines: lines
            .iter()
            .zip(&quote.lines)
            .map(|(asked, line)| priced(&app, asked, line))
            .collect(),
        net: quote.totals.net.into(),
        tax: quote.totals.tax.into(),
        gross: quote.totals.gross.into(),
    }))
}

/// New prices of a list.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrices {
    /// 1 to 2,000 of them.
    #[schema(min_items = 1, max_items = 2000)]
    pub rows: Vec<NewPrice>,
}

/// A price of a list.
#[derive(Debug, Clone, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// The article number.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
    )]
    pub sku: String,
    /// The unit it prices; the product's order unit where none is said.
    #[schema(value_type = Option<UnitCode>)]
    pub unit: Option<Unit>,
    /// From how many of it on; 1 where nothing is said.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub min_quantity: Option<i64>,
    /// The price of one unit, above zero, up to four decimals.
    #[schema(value_type = UnitPriceSent)]
    pub amount: String,
    /// The first day; today where none is said.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    /// The last day; until the next price begins where none is said.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_until: Option<Date>,
}

/// What became of new prices. Rows that were refused keep nothing else out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PricesStored {
    /// The list's code.
    pub list: String,
    /// New rows.
    pub inserted: u64,
    /// Rows that were something else before.
    pub changed: u64,
    /// Rows that were so already.
    pub unchanged: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// A row each, in the order in which they were sent.
    pub rows: Vec<RowStored>,
}

/// What became of one row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowStored {
    /// The article number.
    pub sku: String,
    /// Whether it stands in the list now.
    pub stored: bool,
    /// What is wrong with it, at which field.
    #[schema(required = true)]
    pub problem: Option<RowProblem>,
}

/// Why a row was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowProblem {
    /// The field.
    pub field: String,
    /// What is wrong, in English.
    pub message: String,
}

fn read_row(row: &mut Reading<'_>, list: &str) -> PriceRow {
    let (amount, currency) = row.unit_price("amount");
    let read = PriceRow {
        list: list.to_owned(),
        sku: row.text("sku", 1..=64),
        unit: row.maybe_word("unit", "api-unit"),
        min_quantity: row
            .maybe_whole("min_quantity", 1..=MAX_ORDERED)
            .unwrap_or(1),
        amount,
        currency,
        valid_from: row.maybe_date("valid_from"),
        last_day: row.maybe_date("valid_until"),
    };
    if read
        .valid_from
        .zip(read.last_day)
        .is_some_and(|(first, last)| last < first)
    {
        row.refuse("valid_until", "api-ends-before".into());
    }
    read
}

/// Adds prices to a list, or changes them: a row is known by product, unit, tier and first day.
///
/// # Errors
/// What [`Writing`] says.
#[utoipa::path(
    put, path = "/api/v1/prices/{list}", tag = "prices",
    description = "For the brand's keys; needs `prices:write`. What was open ends the day before a \
        new price begins; two prices of one tier on one day are refused, at their row. The same \
        rows again change nothing.",
    params(("list" = String, Path, description = "The list's code")),
    request_body = NewPrices,
    responses((status = 200, description = "What became of each row", body = PricesStored), Writing),
)]
pub async fn put(
    app: web::Data<App>,
    caller: ApiCaller,
    list: web::Path<String>,
    sent: Sent,
) -> Answer {
    caller.may(Permission::PricesWrite)?;
    caller.must_be_brand()?;
    let rows = sent
        .read(|body| body.list("rows", 1..=MAX_LINES, |row| read_row(row, &list)))
        .await?;
    if list.contains('\0') {
        return Err(Error::NotFound.into());
    }
    let skus: Vec<String> = rows.iter().map(|row| row.sku.clone()).collect();
    let now = app.clock.millis();
    let tx = app.db.begin(&caller.scope).await?;
    let code = list.as_str();
    let known = tx
        .one::<price_list::Entity>(|all| all.filter(price_list::Column::Code.eq(code)))
        .await?
        .ok_or(Error::NotFound)?;
    let context = Context::load(&tx, now, Ids::Fresh).await?;
    let mut loader = Prices::new(&tx, context).await?;
    let numbered = (1..)
        .zip(rows)
        .map(|(row, record)| Numbered {
            row,
            cells: Vec::new(),
            record,
        })
        .collect();
    let mut outcome = Outcome::default();
    loader.load(&tx, numbered, &mut outcome).await?;
    loader.finish(&tx, &mut outcome).await?;
    let stored = report(&known.code, &skus, &outcome);
    if stored.inserted + stored.changed > 0 {
        let after = json!({"inserted": stored.inserted, "changed": stored.changed, "skus": skus});
        let subject = format!("price list {}", known.code);
        audit::note(
            &tx,
            now,
            "prices changed",
            &subject,
            None,
            None,
            Some(after),
        )
        .await?;
        tx.commit().await?;
    }
    Ok(HttpResponse::Ok().json(stored))
}

fn report(list: &str, skus: &[String], outcome: &Outcome) -> PricesStored {
    let faults: Vec<_> = outcome
        .rejections
        .iter()
        .flat_map(|(faults, _)| faults)
        .collect();
    let rows: Vec<RowStored> = (1_u64..)
        .zip(skus)
        .map(|(row, sku)| {
            let problem = faults
                .iter()
                .find(|fault| fault.row == row)
                .map(|fault| RowProblem {
                    field: fault.column.to_string(),
                    message: fault.problem.to_string(),
                });
            RowStored {
                sku: sku.clone(),
                stored: problem.is_none(),
                problem,
            }
        })
        .collect();
    let refused = rows.iter().filter(|row| !row.stored).count();
    PricesStored {
        list: list.to_owned(),
        inserted: outcome.inserted,
        changed: outcome.changed,
        unchanged: outcome.unchanged,
        refused: u64::try_from(refused).unwrap_or(u64::MAX),
        rows,
    }
}
