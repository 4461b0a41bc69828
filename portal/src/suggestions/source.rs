//! The history the recommender learns from, read from the database some accounts at a time.
//!
//! An order counts from the moment it was placed, held or not, until it is cancelled, rejected or
//! expires; of a line counts what was not cancelled; what came along at no charge was not ordered.
//! Everybody's orders teach the model, so nothing here is scoped: what the model says is asked with
//! the asker's own range.

mod facts;

use recommender::{Line, Order, PurchaseHistory};
use sea_orm::sea_query::Value;
use trade::calendar::LocalDate;
use trade::id::{AccountId, OrderId};

use super::day;
use super::seen::{Mark, Seen};
use crate::catalogue::padded;
use crate::db::{Tx, placeholders};
use crate::error::Result;
pub use facts::On;

/// Orders read at once: what is held in memory beside the history itself.
const AT_ONCE: i64 = 2_000;
/// Orders more that are looked at one by one; beyond, the account is read anew.
const FEW: i64 = 50;
/// Of an order `o`, that it counts.
const COUNTS: &str = "o.state NOT IN ('cancelled', 'rejected', 'expired')";

/// Everything there is to learn from.
#[derive(Debug)]
pub struct Read {
    /// The history.
    pub history: PurchaseHistory,
    /// How far it goes.
    pub seen: Seen,
}

/// Reads everything. `tell` hears how many orders were read so far.
///
/// # Errors
/// Whatever the database says.
pub async fn read(tx: &Tx, on: &On, tell: &mut (dyn FnMut(u64) + Send)) -> Result<Read> {
    // First the marks, then the orders: an order that comes between the two is read again later,
    // never missed.
    let mut seen = marks(tx).await?;
    let mut history = facts::ground(tx, on).await?;
    let mut told = 0;
    for accounts in batches(tx, &mut seen).await? {
        let orders = orders_of(tx, &accounts, &mut seen).await?;
        told += u64::try_from(orders.len())?;
        history.extend(orders);
        tell(told);
    }
    Ok(Read { history, seen })
}

/// The marks of every account that has one.
///
/// # Errors
/// Whatever the database says.
pub async fn marks(tx: &Tx) -> Result<Seen> {
    let mut seen = Seen::default();
    let sql = "SELECT account_id, placed, changed FROM account_histories";
    for row in tx.rows(sql, []).await? {
        let mark = Mark {
            placed: row.try_get_by_index(1)?,
            changed: row.try_get_by_index(2)?,
            ..Mark::default()
        };
        seen.set(row.try_get_by_index(0)?, mark);
    }
    Ok(seen)
}

/// The mark of one account; its newest order is not looked up.
///
/// # Errors
/// Whatever the database says.
pub async fn mark(tx: &Tx, account: AccountId) -> Result<Mark> {
    let sql = "SELECT placed, changed FROM account_histories WHERE account_id = $1";
    let rows = tx.rows(sql, [account.into()]).await?;
    let Some(row) = rows.first() else {
        return Ok(Mark::default());
    };
    Ok(Mark {
        placed: row.try_get_by_index(0)?,
        changed: row.try_get_by_index(1)?,
        ..Mark::default()
    })
}

/// Placed and changed orders of everybody.
///
/// # Errors
/// Whatever the database says.
pub async fn changes(tx: &Tx) -> Result<i64> {
    let sql = "SELECT CAST(coalesce(sum(placed + changed), 0) AS bigint) FROM account_histories";
    let rows = tx.rows(sql, []).await?;
    let sum = rows.first().map(|row| row.try_get_by_index::<i64>(0));
    Ok(sum.transpose()?.unwrap_or(0))
}

/// Whether anybody has ordered anything that counts.
///
/// # Errors
/// Whatever the database says.
pub async fn any(tx: &Tx) -> Result<bool> {
    let sql = format!("SELECT 1 FROM orders o WHERE {COUNTS} LIMIT 1");
    Ok(!tx.rows(&sql, []).await?.is_empty())
}

/// Accounts with orders, so many together that few orders are read at once.
async fn batches(tx: &Tx, seen: &mut Seen) -> Result<Vec<Vec<AccountId>>> {
    let sql = "SELECT account_id, count(*), max(placed_at) FROM orders GROUP BY account_id \
               ORDER BY account_id";
    let mut batches: Vec<Vec<AccountId>> = Vec::new();
    let mut room = 0;
    for row in tx.rows(sql, []).await? {
        let account: AccountId = row.try_get_by_index(0)?;
        let orders: i64 = row.try_get_by_index(1)?;
        seen.saw(account, row.try_get_by_index(2)?);
        match batches.last_mut() {
            Some(batch) if room >= orders => batch.push(account),
            _ => {
                batches.push(vec![account]);
                room = AT_ONCE;
            }
        }
        room -= orders;
    }
    Ok(batches)
}

/// The orders of some accounts that count, each account's by time.
async fn orders_of(tx: &Tx, accounts: &[AccountId], seen: &mut Seen) -> Result<Vec<Order>> {
    let accounts = padded(accounts);
    let condition = format!("o.account_id IN ({})", placeholders(1, accounts.len()));
    let binds = accounts.into_iter().map(Value::from);
    lines(tx, &condition, binds, seen).await
}

/// Orders with their lines, those that `condition` leaves and that count.
async fn lines(
    tx: &Tx,
    condition: &str,
    binds: impl IntoIterator<Item = Value>,
    seen: &mut Seen,
) -> Result<Vec<Order>> {
    let sql = format!(
        "SELECT o.account_id, o.placed_at, o.placed_on, l.product_id, l.ordered - l.cancelled \
         FROM orders o JOIN order_lines l ON l.order_id = o.id \
         WHERE {condition} AND {COUNTS} AND l.promotion_id IS NULL \
         ORDER BY o.account_id, o.placed_at, o.id, l.position"
    );
    let mut orders: Vec<Order> = Vec::new();
    for row in tx.rows(&sql, binds).await? {
        let account: AccountId = row.try_get_by_index(0)?;
        let on: LocalDate = row.try_get_by_index(2)?;
        let pieces: i64 = row.try_get_by_index(4)?;
        let line = Line {
            product: row.try_get_by_index(3)?,
            pieces: u32::try_from(pieces.max(0)).unwrap_or(u32::MAX),
        };
        seen.saw(account, row.try_get_by_index(1)?);
        let on = day(on.0);
        match orders.last_mut() {
            Some(order) if order.account == account && order.day == on => order.lines.push(line),
            _ => orders.push(Order {
                account,
                day: on,
                lines: vec![line],
            }),
        }
    }
    Ok(orders)
}

/// What an account did since a mark.
#[derive(Debug)]
pub struct News {
    /// Where it stands now.
    pub mark: Mark,
    /// What to take in.
    pub what: What,
}

/// Orders to take in.
#[derive(Debug)]
pub enum What {
    /// Beside what is known.
    More(Vec<Order>),
    /// In the place of everything known of the account.
    All(Vec<Order>),
}

/// What happened between `known` and `now`, which was read in this transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn news(tx: &Tx, account: AccountId, known: Mark, now: Mark) -> Result<News> {
    let more = now.placed - known.placed;
    if now.changed == known.changed
        && (1..=FEW).contains(&more)
        && let Some(news) = since(tx, account, known, now, more).await?
    {
        return Ok(news);
    }
    let mut seen = Seen::default();
    let newest = "SELECT max(placed_at) FROM orders WHERE account_id = $1";
    for row in tx.rows(newest, [account.into()]).await? {
        if let Some(at) = row.try_get_by_index(0)? {
            seen.saw(account, at);
        }
    }
    let orders = orders_of(tx, &[account], &mut seen).await?;
    let mark = Mark {
        newest: seen.mark(account).newest,
        ..now
    };
    let what = What::All(orders);
    Ok(News { mark, what })
}

/// The `more` orders that were placed after everything known; none where that is not so, because
/// one of them bears an earlier time (a file, another machine's clock) than one that is known.
async fn since(
    tx: &Tx,
    account: AccountId,
    known: Mark,
    now: Mark,
    more: i64,
) -> Result<Option<News>> {
    let sql = "SELECT id, placed_at FROM orders WHERE account_id = $1 \
               ORDER BY placed_at DESC, id DESC LIMIT $2";
    let mut ids: Vec<OrderId> = Vec::new();
    let mut newest = known.newest;
    // One more than asked for: were it new as well, others have come since the mark was read.
    for row in tx.rows(sql, [account.into(), (more + 1).into()]).await? {
        let at: i64 = row.try_get_by_index(1)?;
        if at > known.newest {
            newest = Ord::max(newest, at);
            ids.push(row.try_get_by_index(0)?);
        }
    }
    if i64::try_from(ids.len())? != more {
        return Ok(None);
    }
    let ids = padded(&ids);
    let condition = format!("o.id IN ({})", placeholders(1, ids.len()));
    let binds = ids.into_iter().map(Value::from);
    let orders = lines(tx, &condition, binds, &mut Seen::default()).await?;
    Ok(Some(News {
        mark: Mark { newest, ..now },
        what: What::More(orders),
    }))
}
