//! The accounts that a promotion reaches.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use trade::id::AccountId;
use trade::money::Currency;

use super::plan::Reach;
use crate::catalogue::padded;
use crate::db::Tx;
use crate::db::entity::{account, account_group, order};
use crate::error::Result;
use crate::web::shape::{Arg, Message};

/// Accounts named on a page; the others are counted.
const NAMED: u64 = 12;

/// Accounts that a promotion in `currency` reaches, as the caller sees them.
#[derive(Debug, Clone)]
pub struct Audience {
    /// How many.
    pub count: u64,
    /// The first of them, by name.
    pub first: Vec<account::Model>,
}

fn reached(reach: &Reach, currency: Currency) -> Condition {
    use account::Column as A;
    let able = Condition::all()
        .add(A::Currency.eq(currency))
        .add(A::Status.eq("active"));
    if reach.everybody {
        return able;
    }
    able.add(
        Condition::any()
            .add(A::Id.is_in(reach.accounts.iter().copied()))
            .add(A::GroupId.is_in(reach.groups.iter().copied()))
            .add(A::Region.is_in(reach.regions.iter().cloned())),
    )
}

/// Asks for them.
///
/// # Errors
/// Whatever the database says.
pub async fn of(tx: &Tx, reach: &Reach, currency: Currency) -> Result<Audience> {
    let condition = reached(reach, currency);
    let count = tx
        .count::<account::Entity>(|all| all.filter(condition.clone()))
        .await?;
    let first = tx
        .all::<account::Entity>(|all| {
            all.filter(condition)
                .order_by_asc(account::Column::Name)
                .order_by_asc(account::Column::Id)
                .limit(NAMED)
        })
        .await?;
    Ok(Audience { count, first })
}

/// At most `most` of the accounts that are reached, those that ordered last first.
///
/// # Errors
/// Whatever the database says.
pub async fn lately(
    tx: &Tx,
    reach: &Reach,
    currency: Currency,
    most: u64,
) -> Result<Vec<account::Model>> {
    use order::Column as O;
    let last = Query::select()
        .expr(Expr::col((order::Entity, O::PlacedOn)).max())
        .from(order::Entity)
        .and_where(
            Expr::col((order::Entity, O::AccountId)).equals((account::Entity, account::Column::Id)),
        )
        .to_owned();
    let last = Expr::SubQuery(None, Box::new(last.into()));
    tx.all::<account::Entity>(|all| {
        all.filter(reached(reach, currency))
            .order_by_desc(last.if_null(""))
            .order_by_asc(account::Column::Id)
            .limit(most)
    })
    .await
}

/// At most `most` of the accounts that are reached, by id, those after `after`.
///
/// # Errors
/// Whatever the database says.
pub async fn after(
    tx: &Tx,
    (reach, currency): (&Reach, Currency),
    after: Option<AccountId>,
    most: u64,
) -> Result<Vec<account::Model>> {
    tx.all::<account::Entity>(|all| {
        let all = all.filter(reached(reach, currency));
        let all = match after {
            Some(after) => all.filter(account::Column::Id.gt(after)),
            None => all,
        };
        all.order_by_asc(account::Column::Id).limit(most)
    })
    .await
}

/// Whom it reaches, in words: everybody, or groups, regions and accounts by name.
///
/// # Errors
/// Whatever the database says.
pub async fn words(tx: &Tx, reach: &Reach) -> Result<Vec<Message>> {
    if reach.everybody {
        return Ok(vec![Message::new("promotion-reach-everybody")]);
    }
    let mut said = Vec::new();
    if !reach.groups.is_empty() {
        let groups = tx
            .all::<account_group::Entity>(|all| {
                all.filter(account_group::Column::Id.is_in(reach.groups.iter().copied()))
                    .order_by_asc(account_group::Column::Name)
            })
            .await?;
        let all: Vec<Arg> = groups.into_iter().map(|group| group.name.into()).collect();
        said.push(Message::new("promotion-reach-groups").with("names", Arg::List { all }));
    }
    if !reach.regions.is_empty() {
        let all: Vec<Arg> = reach.regions.iter().cloned().map(Arg::from).collect();
        said.push(Message::new("promotion-reach-regions").with("names", Arg::List { all }));
    }
    if !reach.accounts.is_empty() {
        let count = i64::try_from(reach.accounts.len())?;
        said.push(Message::new("promotion-reach-accounts").with("count", count));
    }
    if said.is_empty() {
        said.push(Message::new("promotion-reach-nobody"));
    }
    Ok(said)
}

/// Those of `accounts` that the caller sees.
///
/// # Errors
/// Whatever the database says.
pub async fn own(tx: &Tx, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx
        .all::<account::Entity>(|all| {
            all.filter(account::Column::Id.is_in(padded(accounts)))
                .order_by_asc(account::Column::Number)
        })
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
