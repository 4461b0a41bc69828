//! Everybody who may sign in, of the brand and of its retailers.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use trade::id::{AccountId, UserId};

use super::PAGE;
use super::view::UsersPage;
use crate::accounts::acting::may_act;
use crate::catalogue::padded;
use crate::company::view::UserRow;
use crate::db::Tx;
use crate::db::entity::{account, user};
use crate::db::words::Role;
use crate::error::Result;
use crate::messages::suppression;
use crate::orders::list::contains;
use crate::web::form::FormState;
use crate::web::shape::{Choice, Paging, Query};

/// The page of users that `query` asks for (`q`, `page`), with the form to invite one more.
///
/// # Errors
/// Whatever the database says.
pub async fn page(tx: &Tx, mut query: Query, own: UserId, invite: FormState) -> Result<UsersPage> {
    let condition = filter(&query);
    let total = tx
        .count::<user::Entity>(|users| with_account(users).filter(condition.clone()))
        .await?;
    let (paging, offset) = Paging::asked(&mut query, PAGE, total)?;
    let users = tx
        .all::<user::Entity>(|users| {
            with_account(users)
                .filter(condition)
                .order_by_asc(user::Column::Name)
                .order_by_asc(user::Column::Id)
                .offset(offset)
                .limit(PAGE)
        })
        .await?;
    let names = account_names(tx, &users).await?;
    let dead = suppression::among(tx, users.iter().map(|user| user.email.as_str())).await?;
    let rows = users
        .into_iter()
        .map(|user| {
            let account = user.account_id.and_then(|id| names.get(&id)).cloned();
            row(user, account.unwrap_or_default(), own, &dead)
        })
        .collect();
    let roles = Role::ALL
        .iter()
        .map(|role| Choice::new(role.name(), "", *role == Role::Buyer));
    Ok(UsersPage {
        query,
        rows,
        paging,
        invite,
        roles: roles.collect(),
    })
}

/// A user as a row of a list; `own` is the reader, nothing is sent to the addresses in `dead`.
#[must_use]
pub fn row(
    user: user::Model,
    account_name: String,
    own: UserId,
    dead: &HashSet<String>,
) -> UserRow {
    UserRow {
        comes_back: dead.contains(&user.email.to_lowercase()),
        id: user.id.to_string(),
        is_self: user.id == own,
        may_agree_prices: may_act(user.role).then_some(user.may_override_prices),
        name: user.name,
        email: user.email,
        role: user.role.name().to_owned(),
        status: user.status.name().to_owned(),
        last_seen_at: user.last_sign_in_at,
        account_name,
    }
}

fn with_account(mut users: Select<user::Entity>) -> Select<user::Entity> {
    QueryTrait::query(&mut users).left_join(
        account::Entity,
        Expr::col((account::Entity, account::Column::Id))
            .equals((user::Entity, user::Column::AccountId)),
    );
    users
}

fn filter(query: &Query) -> Condition {
    let Some(text) = query.get("q").map(|q| q.trim()).filter(|q| !q.is_empty()) else {
        return Condition::all();
    };
    [
        Expr::col((user::Entity, user::Column::Name)),
        Expr::col((user::Entity, user::Column::Email)),
        Expr::col((account::Entity, account::Column::Name)),
        Expr::col((account::Entity, account::Column::Number)),
    ]
    .into_iter()
    .fold(Condition::any(), |any, column| {
        any.add(contains(column, text))
    })
}

async fn account_names(tx: &Tx, users: &[user::Model]) -> Result<HashMap<AccountId, String>> {
    let ids: Vec<AccountId> = users.iter().filter_map(|user| user.account_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let accounts = tx
        .all::<account::Entity>(|rows| rows.filter(account::Column::Id.is_in(padded(&ids))))
        .await?;
    Ok(accounts
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect())
}
