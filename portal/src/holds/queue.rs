//! The brand's queue: open holds of the accounts one sees, the most at risk for the longest first.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use trade::hold::{HoldKind, Releaser};
use trade::id::UserId;
use trade::money::{Currency, Money};

use super::view::{QueuePage, QueueRow};
use crate::app::App;
use crate::db::Tx;
use crate::db::entity::{account, hold, order};
use crate::db::words::Role;
use crate::error::Result;
use crate::orders::decide;
use crate::orders::hold_words::{Reader, kind_word};
use crate::web::shape::{Choice, Paging, Query};

/// Where it is.
pub const PATH: &str = "/kam/exceptions";
/// Holds on a page.
const PAGE: u64 = 25;
/// The filter for what one decides oneself.
const MINE: &str = "mine";

#[derive(Debug, FromQueryResult)]
struct Listed {
    #[sea_orm(nested)]
    hold: hold::Model,
    order_number: String,
    net_minor: i64,
    currency: Currency,
    placed_by: String,
    account_name: String,
    account_number: String,
}

/// How many holds wait for the person who asks.
///
/// # Errors
/// Whatever the database says.
pub async fn mine(tx: &Tx) -> Result<u64> {
    tx.count::<hold::Entity>(|holds| open(holds).filter(decided_by_me(tx)))
        .await
}

/// A hold that waits for the person who asks.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The hold.
    pub hold: hold::Model,
    /// Its order's number.
    pub order_number: String,
    /// Its order's net.
    pub net: Money,
    /// Whose order it is.
    pub account_name: String,
}

/// The first of them to expire.
///
/// # Errors
/// Whatever the database says.
pub async fn soonest(tx: &Tx, most: u64) -> Result<Vec<Waiting>> {
    let listed: Vec<Listed> = tx
        .report::<hold::Entity, Listed>(|holds| {
            with_order(open(holds).filter(decided_by_me(tx)))
                .order_by_asc(hold::Column::DueAt)
                .order_by_asc(hold::Column::Id)
                .limit(most)
        })
        .await?;
    let waiting = listed.into_iter().map(|listed| Waiting {
        hold: listed.hold,
        order_number: listed.order_number,
        net: Money::new(listed.net_minor, listed.currency),
        account_name: listed.account_name,
    });
    Ok(waiting.collect())
}

/// The page: `kind`, `releaser`, `page` as chosen.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, app: &App, mut query: Query) -> Result<QueuePage> {
    let back = back(&query);
    let condition = filter(tx, &query);
    let total = tx
        .count::<hold::Entity>(|holds| open(holds).filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let now = app.clock.millis();
    let listed: Vec<Listed> = tx
        .report::<hold::Entity, Listed>(|holds| {
            with_order(open(holds).filter(condition))
                .order_by(at_risk(now), Order::Desc)
                .order_by_asc(hold::Column::DueAt)
                .order_by_asc(hold::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let holds: Vec<hold::Model> = listed.iter().map(|row| row.hold.clone()).collect();
    let named = super::named(tx, &holds).await?;
    let rows = listed.into_iter().zip(1..);
    let rows = rows
        .map(|(listed, position)| row(tx, app, listed, position, &named))
        .collect();
    let is_filtered = ["kind", "releaser"]
        .iter()
        .any(|name| query.get(*name).is_some_and(|value| !value.is_empty()));
    Ok(QueuePage {
        kinds: kinds(&query),
        releasers: releasers(tx, &query),
        rows,
        paging,
        is_filtered,
        back,
        query,
    })
}

/// The same place in the list, for coming back to it.
fn back(query: &Query) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query {
        if ["kind", "releaser", "page"].contains(&name.as_str()) && !value.is_empty() {
            text.append_pair(name, value);
        }
    }
    let text = text.finish();
    if text.is_empty() {
        PATH.to_owned()
    } else {
        format!("{PATH}?{text}")
    }
}

/// Said without a bound value: only so does the index of open holds answer.
fn open(holds: Select<hold::Entity>) -> Select<hold::Entity> {
    holds.filter(Expr::cust("\"holds\".\"state\" = 'open'"))
}

fn with_order(mut holds: Select<hold::Entity>) -> Select<hold::Entity> {
    let of_order = |column| Expr::col((order::Entity, column));
    let of_account = |column| Expr::col((account::Entity, column));
    QueryTrait::query(&mut holds)
        .inner_join(
            order::Entity,
            of_order(order::Column::Id).equals((hold::Entity, hold::Column::OrderId)),
        )
        .inner_join(
            account::Entity,
            of_account(account::Column::Id).equals((hold::Entity, hold::Column::AccountId)),
        );
    holds
        .expr_as(of_order(order::Column::Number), "order_number")
        .expr_as(of_order(order::Column::NetMinor), "net_minor")
        .expr_as(of_order(order::Column::Currency), "currency")
        .expr_as(of_order(order::Column::PlacedBy), "placed_by")
        .expr_as(of_account(account::Column::Name), "account_name")
        .expr_as(of_account(account::Column::Number), "account_number")
}

/// Net × hours since it was opened; the first hour counts whole, so that what has just come in is
/// sorted by its value.
fn at_risk(now: i64) -> Expr {
    Expr::cust(format!(
        "\"orders\".\"net_minor\" * (({now} - \"holds\".\"opened_at\") / 3600000 + 1)"
    ))
}

fn role(tx: &Tx) -> Role {
    // Whoever has no role decides nothing, as marketing.
    tx.scope().actor.role.unwrap_or(Role::Marketing)
}

/// A KAM sees what their accounts wait for, whoever decides it; so does the admin. Others see what
/// they decide.
fn sees_all(role: Role) -> bool {
    matches!(role, Role::Kam | Role::Admin)
}

fn decided_by_me(tx: &Tx) -> Condition {
    let kinds = decide::kinds_of(tx.scope());
    Condition::all().add(hold::Column::Kind.is_in(kinds))
}

fn filter(tx: &Tx, query: &Query) -> Condition {
    let mut condition = Condition::all();
    if let Some(kind) = query.get("kind").and_then(|kind| kind_of(kind)) {
        condition = condition.add(hold::Column::Kind.eq(kind));
    }
    if !sees_all(role(tx)) {
        return condition.add(decided_by_me(tx));
    }
    match query.get("releaser").map(String::as_str) {
        Some(MINE) => condition.add(decided_by_me(tx)),
        Some(word) => match word.parse::<Releaser>() {
            Ok(releaser) => condition.add(hold::Column::Releaser.eq(releaser)),
            Err(_) => condition,
        },
        None => condition,
    }
}

fn kind_of(word: &str) -> Option<HoldKind> {
    HoldKind::ALL
        .iter()
        .copied()
        .find(|kind| kind_word(*kind) == word)
}

fn kinds(query: &Query) -> Vec<Choice> {
    let chosen = query.get("kind").map_or("", String::as_str);
    HoldKind::ALL
        .iter()
        .map(|kind| {
            let word = kind_word(*kind);
            Choice::new(&word, "", word == chosen)
        })
        .collect()
}

fn releasers(tx: &Tx, query: &Query) -> Vec<Choice> {
    if !sees_all(role(tx)) {
        return Vec::new();
    }
    let chosen = query.get("releaser").map_or("", String::as_str);
    std::iter::once(MINE)
        .chain(Releaser::ALL.iter().map(|releaser| releaser.name()))
        .map(|word| Choice::new(word, "", word == chosen))
        .collect()
}

fn row(
    tx: &Tx,
    app: &App,
    listed: Listed,
    position: i64,
    named: &HashMap<UserId, String>,
) -> QueueRow {
    QueueRow {
        position,
        hold: super::view(tx, app, &listed.hold, Reader::Decider, named),
        order_number: listed.order_number,
        account_name: listed.account_name,
        account_number: listed.account_number,
        net: Money::new(listed.net_minor, listed.currency),
        placed_by: listed.placed_by,
    }
}
