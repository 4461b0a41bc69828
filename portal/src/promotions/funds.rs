//! Funds: budgets that promotions spend from, how they burn, and their books.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use trade::id::{FundId, OrderId, PromotionId};
use trade::money::{Currency, Money};
use uuid::Uuid;

use super::changed;
use super::editor::budget_of;
use super::life::decides;
use super::list;
use super::results::part;
use super::view::{Burn, FundEntryRow, FundPage, FundRow, FundsPage};
use crate::app::App;
use crate::audit;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, fund, fund_entry, order, promotion};
use crate::error::{Error, Result};
use crate::web::Fields;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Message, Paging, Query};

/// Rows on a page.
const PAGE: u64 = 50;

/// How much of a budget is spent.
#[must_use]
pub fn burn(fund: &fund::Model) -> Burn {
    let money = |minor| Money::new(minor, fund.currency);
    let used = fund.reserved_minor + fund.committed_minor;
    Burn {
        budget: money(fund.budget_minor),
        reserved: money(fund.reserved_minor),
        committed: money(fund.committed_minor),
        left: money(fund.budget_minor - used),
        committed_permille: part(fund.committed_minor, fund.budget_minor, 1_000),
        reserved_permille: part(fund.reserved_minor, fund.budget_minor, 1_000),
        used_bp: part(used, fund.budget_minor, 10_000),
    }
}

#[derive(Debug, FromQueryResult)]
struct Count {
    fund_id: Option<FundId>,
    promotions: i64,
}

async fn rows(tx: &Tx, funds: Vec<fund::Model>) -> Result<Vec<FundRow>> {
    let ids: Vec<FundId> = funds.iter().map(|fund| fund.id).collect();
    let mut counts: HashMap<FundId, i64> = HashMap::new();
    if !ids.is_empty() {
        let counted = tx
            .report::<promotion::Entity, Count>(|all| {
                all.filter(promotion::Column::FundId.is_in(padded(&ids)))
                    .select_only()
                    .column(promotion::Column::FundId)
                    .expr_as(Expr::col(promotion::Column::Id).count(), "promotions")
                    .group_by(promotion::Column::FundId)
            })
            .await?;
        let counted = counted.into_iter();
        counts.extend(counted.filter_map(|row| Some((row.fund_id?, row.promotions))));
    }
    let rows = funds.into_iter().map(|fund| FundRow {
        burn: burn(&fund),
        promotions: counts.get(&fund.id).copied().unwrap_or(0),
        id: fund.id.to_string(),
        code: fund.code,
        name: fund.name,
    });
    Ok(rows.collect())
}

/// The list, with the form of a new one.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, mut query: Query, form: FormState) -> Result<FundsPage> {
    let total = tx.count::<fund::Entity>(|all| all).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let funds = tx
        .all::<fund::Entity>(|all| {
            all.order_by_asc(fund::Column::Name)
                .order_by_asc(fund::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    Ok(FundsPage {
        rows: rows(tx, funds).await?,
        query,
        paging,
        can_change: decides(tx.scope()),
        form,
        currencies: currencies(tx, app.brand.currency).await?,
    })
}

#[derive(Debug, FromQueryResult)]
struct Coin {
    currency: Currency,
}

async fn currencies(tx: &Tx, own: Currency) -> Result<Vec<Choice>> {
    let coins = tx
        .report::<account::Entity, Coin>(|all| {
            all.select_only()
                .column(account::Column::Currency)
                .distinct()
        })
        .await?;
    let mut all: Vec<Currency> = coins.into_iter().map(|coin| coin.currency).collect();
    all.push(own);
    all.sort_unstable();
    all.dedup();
    Ok(all
        .into_iter()
        .map(|coin| Choice::new(coin.code(), coin.code(), coin == own))
        .collect())
}

/// A fund with its promotions and the page of its book that `query` asks for.
///
/// # Errors
/// `NotFound`.
pub async fn one(
    tx: &Tx,
    app: &App,
    id: FundId,
    mut query: Query,
    form: Option<FormState>,
) -> Result<FundPage> {
    let found = tx.get::<fund::Entity>(id).await?;
    let budget = Money::new(found.budget_minor, found.currency).to_decimal();
    let form = form.unwrap_or_else(|| FormState::new().value("budget", budget));
    let entries =
        |all: sea_orm::Select<fund_entry::Entity>| all.filter(fund_entry::Column::FundId.eq(id));
    let total = tx.count::<fund_entry::Entity>(entries).await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let listed = tx
        .all::<fund_entry::Entity>(|all| {
            entries(all)
                .order_by_desc(fund_entry::Column::At)
                .order_by_desc(fund_entry::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let currency = found.currency;
    let row = rows(tx, vec![found]).await?.pop().ok_or(Error::NotFound)?;
    Ok(FundPage {
        fund: row,
        entries: entry_rows(tx, currency, listed).await?,
        query,
        paging,
        promotions: list::of_fund(tx, app, id).await?,
        can_change: decides(tx.scope()),
        form,
    })
}

async fn entry_rows(
    tx: &Tx,
    currency: Currency,
    entries: Vec<fund_entry::Model>,
) -> Result<Vec<FundEntryRow>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let orders: Vec<OrderId> = entries.iter().map(|entry| entry.order_id).collect();
    let promotions: Vec<PromotionId> = entries.iter().map(|entry| entry.promotion_id).collect();
    let orders: HashMap<OrderId, String> = tx
        .all::<order::Entity>(|all| all.filter(order::Column::Id.is_in(padded(&orders))))
        .await?
        .into_iter()
        .map(|order| (order.id, order.number))
        .collect();
    let promotions: HashMap<PromotionId, String> = tx
        .all::<promotion::Entity>(|all| {
            all.filter(promotion::Column::Id.is_in(padded(&promotions)))
        })
        .await?
        .into_iter()
        .map(|promotion| (promotion.id, promotion.name))
        .collect();
    let rows = entries.into_iter().map(|entry| FundEntryRow {
        at: entry.at,
        kind: entry.kind,
        promotion_id: entry.promotion_id.to_string(),
        promotion: promotions
            .get(&entry.promotion_id)
            .cloned()
            .unwrap_or_default(),
        order: orders.get(&entry.order_id).cloned(),
        reserved: Money::new(entry.reserved_minor, currency),
        committed: Money::new(entry.committed_minor, currency),
    });
    Ok(rows.collect())
}

/// Keeps a new fund: `code`, `name`, `currency`, `budget`.
///
/// # Errors
/// What is wrong at which field.
pub async fn create(tx: &Tx, app: &App, now: i64, fields: &Fields) -> Result<FundId> {
    let mut form = fields.form();
    for (field, most) in [("code", 40), ("name", 200)] {
        let typed = fields.text(field);
        if typed.is_empty() {
            form.refuse_key(field, "error-required");
        } else if typed.chars().count() > usize::try_from(most)? {
            form.refuse_with(field, "error-too-long", "most", i64::from(most));
        }
    }
    let code = fields.text("code");
    let taken = tx
        .one::<fund::Entity>(|all| all.filter(fund::Column::Code.eq(code)))
        .await?;
    if taken.is_some() {
        form.refuse_key("code", "error-promotion-code-taken");
    }
    let currency = match fields.text("currency") {
        "" => Ok(app.brand.currency),
        typed => typed.parse::<Currency>(),
    };
    if currency.is_err() {
        form.refuse_key("currency", "error-choice");
    }
    let currency = currency.unwrap_or(app.brand.currency);
    let budget = budget_of(&mut form, fields, currency);
    let (Some(budget), true) = (budget, form.is_valid()) else {
        return Err(form.into());
    };
    let id = FundId(Uuid::now_v7());
    tx.insert(fund::ActiveModel {
        id: Set(id),
        code: Set(code.to_owned()),
        name: Set(fields.text("name").to_owned()),
        currency: Set(currency),
        budget_minor: Set(budget),
        reserved_minor: Set(0),
        committed_minor: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .await?;
    let after = json!({ "budget": Money::new(budget, currency).to_string() });
    let subject = format!("fund {code}");
    audit::note(tx, now, "fund created", &subject, None, None, Some(after)).await?;
    Ok(id)
}

/// Raises or lowers a budget, never below what is reserved and committed.
///
/// # Errors
/// What is wrong at its field.
pub async fn set_budget(tx: &Tx, now: i64, id: FundId, fields: &Fields) -> Result<()> {
    let found = tx.get::<fund::Entity>(id).await?;
    let mut form = fields.form();
    let Some(budget) = budget_of(&mut form, fields, found.currency) else {
        return Err(form.into());
    };
    // Orders may take from the fund at this moment: the condition is asked of the row itself.
    let touched = tx
        .change::<fund::Entity>(|update| {
            use fund::Column as F;
            let used = Expr::col(F::ReservedMinor).add(Expr::col(F::CommittedMinor));
            update
                .filter(F::Id.eq(id))
                .filter(used.lte(budget))
                .col_expr(F::BudgetMinor, Expr::value(budget))
                .col_expr(F::UpdatedAt, Expr::value(now))
        })
        .await?;
    if touched == 0 {
        let fresh = tx.get::<fund::Entity>(id).await?;
        let used = Money::new(fresh.reserved_minor + fresh.committed_minor, fresh.currency);
        form.refuse(
            "budget",
            Message::new("error-fund-below-used").with("used", used),
        );
        return Err(form.into());
    }
    let say = |minor| json!({ "budget": Money::new(minor, found.currency).to_string() });
    audit::note(
        tx,
        now,
        "fund budget changed",
        &format!("fund {}", found.code),
        None,
        Some(say(found.budget_minor)),
        Some(say(budget)),
    )
    .await?;
    changed(tx).await
}
