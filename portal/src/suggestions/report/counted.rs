//! What is counted for the report: sums that the database makes, and one row an account.

use std::collections::HashMap;

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, DatabaseBackend, FromQueryResult, QueryFilter, QuerySelect};
use trade::id::AccountId;
use trade::money::Currency;

use super::Span;
use super::view::{FunnelRow, SurfaceRow};
use crate::app::App;
use crate::clock::zoned;
use crate::db::Tx;
use crate::db::entity::{account, suggestion_trial};
use crate::db::words::{SuggestionList, Surface, TrialArm};
use crate::error::Result;
use crate::suggestions::effect::Account;
use crate::suggestions::trial;

/// Orders whose time is looked at, the latest; more would tell no more.
const TIMED: i64 = 50_000;

#[derive(Debug, FromQueryResult)]
struct Known {
    id: AccountId,
    status: String,
    created_at: i64,
}

// Of orders that were not taken back, of one trial or (with a nil id) of all time.
const THESE: &str = "o.placed_at >= $1 AND o.placed_at < $2 \
    AND o.state NOT IN ('cancelled', 'rejected', 'expired')";

/// What the accounts did in the span: every account, with orders or without. Also how many orders
/// were in other currencies than the brand's.
///
/// # Errors
/// Whatever the database says.
pub async fn accounts(
    tx: &Tx,
    app: &App,
    span: &Span,
    of: Option<&suggestion_trial::Model>,
) -> Result<(Vec<Account>, i64)> {
    let known: Vec<Known> = tx
        .report::<account::Entity, Known>(|all| {
            all.filter(account::Column::CreatedAt.lt(span.until_millis))
                .select_only()
                .columns([
                    account::Column::Id,
                    account::Column::Status,
                    account::Column::CreatedAt,
                ])
        })
        .await?;
    let mut sums = sums(tx, app.brand.currency, span, of).await?;
    let suggested = suggested(tx, span, of).await?;
    let mut seconds = seconds(tx, span, of).await?;
    let foreign = sums.values().map(|one| one.orders - one.valued).sum();
    let mut accounts = Vec::with_capacity(known.len());
    for one in known {
        let sums = sums.remove(&one.id);
        // Who is no longer sold to and ordered nothing did not take part.
        if sums.is_none() && one.status != "active" {
            continue;
        }
        let sums = sums.unwrap_or_default();
        let joined = zoned(one.created_at, &app.brand.zone).date();
        let arm = of.map_or(TrialArm::Suggestions, |of| {
            trial::arm(one.id, of.salt, of.control_share)
        });
        accounts.push(Account {
            arm,
            days: span.days_from(joined),
            orders: u32::try_from(sums.orders)?,
            valued: u32::try_from(sums.valued)?,
            value_minor: sums.value_minor,
            lines: u32::try_from(sums.lines)?,
            suggested: u32::try_from(suggested.get(&one.id).copied().unwrap_or(0))?,
            seconds: seconds.remove(&one.id).unwrap_or_default(),
        });
    }
    Ok((accounts, foreign))
}

#[derive(Debug, Default)]
struct Sums {
    orders: i64,
    valued: i64,
    value_minor: i64,
    lines: i64,
}

fn values(span: &Span, of: Option<&suggestion_trial::Model>) -> Vec<Value> {
    let mut values: Vec<Value> = vec![span.from_millis.into(), span.until_millis.into()];
    values.extend(of.map(|of| Value::from(of.id)));
    values
}

fn these(of: Option<&suggestion_trial::Model>) -> String {
    match of {
        Some(_) => format!("{THESE} AND o.trial_id = $3"),
        None => THESE.to_owned(),
    }
}

async fn sums(
    tx: &Tx,
    currency: Currency,
    span: &Span,
    of: Option<&suggestion_trial::Model>,
) -> Result<HashMap<AccountId, Sums>> {
    // A currency is three letters.
    let own = format!("CASE WHEN o.currency = '{currency}' THEN");
    let sql = format!(
        "SELECT o.account_id, count(*), CAST(sum({own} 1 ELSE 0 END) AS bigint), \
         CAST(sum({own} o.net_minor ELSE 0 END) AS bigint), \
         CAST(sum(o.line_count) AS bigint) FROM orders o WHERE {} GROUP BY o.account_id",
        these(of)
    );
    let mut sums = HashMap::new();
    for row in tx.rows(&sql, values(span, of)).await? {
        let one = Sums {
            orders: row.try_get_by_index(1)?,
            valued: row.try_get_by_index(2)?,
            value_minor: row.try_get_by_index(3)?,
            lines: row.try_get_by_index(4)?,
        };
        sums.insert(row.try_get_by_index(0)?, one);
    }
    Ok(sums)
}

async fn suggested(
    tx: &Tx,
    span: &Span,
    of: Option<&suggestion_trial::Model>,
) -> Result<HashMap<AccountId, i64>> {
    let sql = format!(
        "SELECT o.account_id, count(*) FROM orders o JOIN order_lines l ON l.order_id = o.id \
         WHERE {} AND l.suggested_list IS NOT NULL GROUP BY o.account_id",
        these(of)
    );
    let mut counts = HashMap::new();
    for row in tx.rows(&sql, values(span, of)).await? {
        counts.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(counts)
}

async fn seconds(
    tx: &Tx,
    span: &Span,
    of: Option<&suggestion_trial::Model>,
) -> Result<HashMap<AccountId, Vec<u32>>> {
    let sql = format!(
        "SELECT o.account_id, o.visit_seconds FROM orders o \
         WHERE {} AND o.visit_seconds IS NOT NULL ORDER BY o.placed_at DESC LIMIT {TIMED}",
        these(of)
    );
    let mut seconds: HashMap<AccountId, Vec<u32>> = HashMap::new();
    for row in tx.rows(&sql, values(span, of)).await? {
        let one: i32 = row.try_get_by_index(1)?;
        let of = seconds.entry(row.try_get_by_index(0)?).or_default();
        of.push(u32::try_from(one)?);
    }
    Ok(seconds)
}

/// The report's second half: what became of what was shown.
#[derive(Debug, Default)]
pub struct Funnel {
    /// Lines of all orders.
    pub lines: i64,
    /// By list.
    pub lists: Vec<FunnelRow>,
    /// By where it was shown.
    pub surfaces: Vec<SurfaceRow>,
}

/// What was shown in the span, and what came of it.
///
/// # Errors
/// Whatever the database says.
pub async fn funnel(tx: &Tx, span: &Span, of: Option<&suggestion_trial::Model>) -> Result<Funnel> {
    let mut lists: HashMap<String, FunnelRow> = HashMap::new();
    let mut surfaces: HashMap<String, SurfaceRow> = HashMap::new();
    for (list, surface, items) in shown(tx, span).await? {
        lists.entry(list).or_default().shown += items;
        surfaces.entry(surface).or_default().shown += items;
    }
    for one in ordered(tx, span, of).await? {
        let row = lists.entry(one.list).or_default();
        row.ordered += one.lines;
        row.changed += one.changed;
        surfaces.entry(one.surface).or_default().ordered += one.lines;
    }
    for (list, lines) in counts(tx, IN_CARTS, span).await? {
        lists.entry(list).or_default().in_carts = lines;
    }
    let dismissed = DISMISSED.replace(
        "{shown}",
        &last_showing(tx, "s.list", ("d", "d.dismissed_at"), "TRUE"),
    );
    for (list, count) in counts(tx, &dismissed, span).await? {
        lists.entry(list).or_default().dismissed = count;
    }
    let lines = lines(tx, span, of).await?;
    Ok(Funnel {
        lines,
        lists: in_order(lists, lines),
        surfaces: places(surfaces, lines),
    })
}

fn part(some: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| crate::promotions::results::part(some, of, 10_000))
}

fn in_order(mut lists: HashMap<String, FunnelRow>, lines: i64) -> Vec<FunnelRow> {
    let most = lists.values().map(|row| row.ordered).max().unwrap_or(0);
    let known = SuggestionList::ALL.iter().map(|list| list.name());
    // A dismissal of something that was never shown has no list.
    let names: Vec<&str> = known.chain([""]).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let row = lists.remove(name)?;
            Some(FunnelRow {
                list: name.to_owned(),
                accepted_bp: part(row.ordered, row.shown),
                share_bp: part(row.ordered, lines),
                permille: crate::promotions::results::part(row.ordered, most, 1_000),
                ..row
            })
        })
        .collect()
}

fn places(mut surfaces: HashMap<String, SurfaceRow>, lines: i64) -> Vec<SurfaceRow> {
    let known = Surface::ALL.iter().map(|surface| surface.name());
    let names: Vec<&str> = known.chain([""]).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let row = surfaces.remove(name)?;
            Some(SurfaceRow {
                surface: name.to_owned(),
                share_bp: part(row.ordered, lines),
                ..row
            })
        })
        .collect()
}

/// List, surface, items.
async fn shown(tx: &Tx, span: &Span) -> Result<Vec<(String, String, i64)>> {
    let length = if tx.backend() == DatabaseBackend::Postgres {
        "jsonb_array_length"
    } else {
        "json_array_length"
    };
    let sql = format!(
        "SELECT list, surface, CAST(sum({length}(items)) AS bigint) FROM suggestion_showings \
         WHERE shown_on >= $1 AND shown_on <= $2 GROUP BY list, surface"
    );
    let days = [span.from.to_string().into(), span.to.to_string().into()];
    let mut shown = Vec::new();
    for row in tx.rows(&sql, days).await? {
        shown.push((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        ));
    }
    Ok(shown)
}

#[derive(Debug)]
struct Ordered {
    list: String,
    surface: String,
    lines: i64,
    changed: i64,
}

/// Lines that came from suggestions; each goes to where its item was shown last before the order.
async fn ordered(
    tx: &Tx,
    span: &Span,
    of: Option<&suggestion_trial::Model>,
) -> Result<Vec<Ordered>> {
    let surface = last_showing(
        tx,
        "s.surface",
        ("l", "o.placed_at"),
        "s.list = l.suggested_list",
    );
    let sql = format!(
        "SELECT list, surface, count(*), CAST(sum(changed) AS bigint) FROM \
         (SELECT l.suggested_list AS list, coalesce({surface}, '') AS surface, \
         CASE WHEN l.ordered <> l.suggested_pieces THEN 1 ELSE 0 END AS changed \
         FROM orders o JOIN order_lines l ON l.order_id = o.id \
         WHERE {} AND l.suggested_list IS NOT NULL) suggested GROUP BY list, surface",
        these(of)
    );
    let mut ordered = Vec::new();
    for row in tx.rows(&sql, values(span, of)).await? {
        ordered.push(Ordered {
            list: row.try_get_by_index(0)?,
            surface: row.try_get_by_index(1)?,
            lines: row.try_get_by_index(2)?,
            changed: row.try_get_by_index(3)?,
        });
    }
    Ok(ordered)
}

/// How long a showing is looked back for: a fortnight.
const LOOK_BACK_MILLIS: i64 = 14 * 24 * 3_600_000;

/// Of the showing in which a row's item was put before its account last, up to `at`, a column.
fn last_showing(tx: &Tx, column: &str, (row, at): (&str, &str), which: &str) -> String {
    let holds = if tx.backend() == DatabaseBackend::Postgres {
        format!("position(CAST({row}.product_id AS text) in CAST(s.items AS text)) > 0")
    } else {
        // Ids are bytes there, and hyphenated digits in JSON.
        let digits = format!("hex({row}.product_id)");
        let part = |from: i32, length: i32| format!("substr({digits}, {from}, {length})");
        let parts = [
            part(1, 8),
            part(9, 4),
            part(13, 4),
            part(17, 4),
            part(21, 12),
        ];
        format!("instr(s.items, lower({})) > 0", parts.join(" || '-' || "))
    };
    format!(
        "(SELECT {column} FROM suggestion_showings s WHERE s.account_id = {row}.account_id \
         AND s.shown_at <= {at} AND s.shown_at > {at} - {LOOK_BACK_MILLIS} AND {which} AND {holds} \
         ORDER BY s.shown_at DESC, s.id LIMIT 1)"
    )
}

const IN_CARTS: &str = "SELECT l.suggested_list, count(*) FROM cart_lines l \
    JOIN carts c ON c.id = l.cart_id WHERE c.state = 'open' AND l.suggested_list IS NOT NULL \
    AND l.added_at >= $1 AND l.added_at < $2 GROUP BY l.suggested_list";
const DISMISSED: &str = "SELECT list, count(*) FROM (SELECT coalesce({shown}, '') AS list \
    FROM suggestion_dismissals d WHERE d.dismissed_at >= $1 AND d.dismissed_at < $2) dismissed \
    GROUP BY list";

async fn counts(tx: &Tx, sql: &str, span: &Span) -> Result<Vec<(String, i64)>> {
    let mut counts = Vec::new();
    for row in tx.rows(sql, values(span, None)).await? {
        counts.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    Ok(counts)
}

async fn lines(tx: &Tx, span: &Span, of: Option<&suggestion_trial::Model>) -> Result<i64> {
    let sql = format!(
        "SELECT coalesce(CAST(sum(o.line_count) AS bigint), 0) FROM orders o WHERE {}",
        these(of)
    );
    let rows = tx.rows(&sql, values(span, of)).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}
