//! "Not now" and "not for us": what a company does not want suggested, until when, and how it takes
//! that back.
//!
//! A dismissal is the company's, not the person's: a colleague is not asked the same again. What is
//! dismissed can be found and ordered as before; it is only not suggested.

pub mod view;
pub mod web;

use jiff::ToSpan;
use jiff::civil::Date;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Set};
use trade::calendar::LocalDate;
use trade::id::{AccountId, ProductId, UserId};

use crate::app::App;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{product, suggestion_dismissal as dismissal, user};
use crate::db::words::Dismissal;
use crate::error::{Error, Result};
use view::DismissedRow;

/// "Not for us" is forgotten after so many days: ranges and customers change.
const NOT_FOR_US: i64 = 180;
/// "Not now" lasts one of the item's own rhythms, or so many days where it has none …
const NOT_NOW: i64 = 14;
/// … and never less than a week.
const NOT_NOW_LEAST: i64 = 7;

/// A product that was dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissed {
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What was said.
    pub kind: Dismissal,
    /// The first day it may be suggested again.
    pub until: Date,
}

/// Takes a product out of the account's suggestions.
///
/// # Errors
/// `NotFound` for a product the account does not see.
pub async fn dismiss(
    tx: &Tx,
    app: &App,
    account: AccountId,
    sku: &str,
    kind: Dismissal,
) -> Result<Dismissed> {
    let product = by_sku(tx, sku).await?.ok_or(Error::NotFound)?;
    let days = match kind {
        Dismissal::NotForUs => NOT_FOR_US,
        Dismissal::NotNow => {
            let gap = median_gap(tx, account, product.id).await?;
            Ord::max(gap.unwrap_or(NOT_NOW), NOT_NOW_LEAST)
        }
    };
    let far = |_| Error::Internal(anyhow::anyhow!("a day beyond the calendar"));
    let until = app.today().checked_add(days.days()).map_err(far)?;
    let row = dismissal::ActiveModel {
        account_id: Set(account),
        product_id: Set(product.id),
        kind: Set(kind),
        dismissed_at: Set(app.clock.millis()),
        until_on: Set(LocalDate(until)),
        by_user_id: Set(tx.scope().actor.user_id),
    };
    let again = OnConflict::columns([dismissal::Column::AccountId, dismissal::Column::ProductId])
        .update_columns([
            dismissal::Column::Kind,
            dismissal::Column::DismissedAt,
            dismissal::Column::UntilOn,
            dismissal::Column::ByUserId,
        ])
        .to_owned();
    tx.put_all([row], &again).await?;
    Ok(Dismissed {
        sku: product.sku,
        name: product.name,
        kind,
        until,
    })
}

/// Lets a product be suggested again; gives its name where it had been dismissed.
///
/// # Errors
/// Whatever the database says.
pub async fn take_back(tx: &Tx, account: AccountId, sku: &str) -> Result<Option<String>> {
    let Some(product) = by_sku(tx, sku).await? else {
        return Ok(None);
    };
    let gone = tx
        .delete::<dismissal::Entity>(|rows| {
            rows.filter(dismissal::Column::AccountId.eq(account))
                .filter(dismissal::Column::ProductId.eq(product.id))
        })
        .await?;
    Ok((gone > 0).then_some(product.name))
}

/// How many products the account has dismissed.
///
/// # Errors
/// Whatever the database says.
pub async fn count(tx: &Tx, app: &App, account: AccountId) -> Result<i64> {
    let today = LocalDate(app.today());
    let rows = tx
        .count::<dismissal::Entity>(|all| {
            all.filter(dismissal::Column::AccountId.eq(account))
                .filter(dismissal::Column::UntilOn.gt(today))
        })
        .await?;
    Ok(i64::try_from(rows)?)
}

/// Everything the account has dismissed and that still holds, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn standing(tx: &Tx, app: &App, account: AccountId) -> Result<Vec<DismissedRow>> {
    let today = LocalDate(app.today());
    let rows = tx
        .all::<dismissal::Entity>(|all| {
            all.filter(dismissal::Column::AccountId.eq(account))
                .filter(dismissal::Column::UntilOn.gt(today))
                .order_by_desc(dismissal::Column::DismissedAt)
                .order_by_asc(dismissal::Column::ProductId)
        })
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ProductId> = rows.iter().map(|row| row.product_id).collect();
    let mut products = std::collections::HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let chunk = padded(chunk);
        let some = tx.all::<product::Entity>(|all| all.filter(product::Column::Id.is_in(chunk)));
        products.extend(some.await?.into_iter().map(|row| (row.id, row)));
    }
    let mut people: Vec<UserId> = rows.iter().filter_map(|row| row.by_user_id).collect();
    people.sort_unstable();
    people.dedup();
    let people = padded(&people);
    // The brand's staff may have dismissed something while they acted for the account.
    let people = tx
        .all_as_system::<user::Entity>(|all| all.filter(user::Column::Id.is_in(people)))
        .await?;
    let by = |id: Option<UserId>| {
        let person = people.iter().find(|person| Some(person.id) == id)?;
        Some(person.name.clone())
    };
    let shown = rows.into_iter().filter_map(|row| {
        let product = products.get(&row.product_id)?;
        Some(DismissedRow {
            sku: product.sku.clone(),
            name: product.name.clone(),
            kind: row.kind,
            by: by(row.by_user_id),
            dismissed_at: row.dismissed_at,
            until: row.until_on.to_string(),
        })
    });
    Ok(shown.collect())
}

async fn by_sku(tx: &Tx, sku: &str) -> Result<Option<product::Model>> {
    tx.one::<product::Entity>(|all| all.filter(product::Column::Sku.eq(sku)))
        .await
}

const ORDER_DAYS: &str = "SELECT DISTINCT o.placed_on FROM order_lines l \
    JOIN orders o ON o.id = l.order_id WHERE l.account_id = $1 AND l.product_id = $2 \
    AND l.ordered > l.cancelled AND o.state NOT IN ('cancelled', 'rejected', 'expired') \
    ORDER BY o.placed_on";

/// The median of the days between the account's orders of a product, half days up, as its reasons
/// say it; none before there are two gaps.
async fn median_gap(tx: &Tx, account: AccountId, product: ProductId) -> Result<Option<i64>> {
    let rows = tx
        .rows(ORDER_DAYS, [account.into(), product.into()])
        .await?;
    let mut days = Vec::with_capacity(rows.len());
    for row in rows {
        days.push(row.try_get_by_index::<LocalDate>(0)?.0);
    }
    let pairs = days.iter().zip(days.iter().skip(1));
    let mut gaps: Vec<i64> = pairs
        .map(|(one, next)| i64::from(super::day(*next).since(super::day(*one))))
        .collect();
    gaps.sort_unstable();
    if gaps.len() < 2 {
        return Ok(None);
    }
    let (low, high) = (gaps.get((gaps.len() - 1) / 2), gaps.get(gaps.len() / 2));
    Ok(low.zip(high).map(|(low, high)| (low + high + 1) / 2))
}
