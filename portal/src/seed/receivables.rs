//! What the demo's retailers owe: invoices of the last weeks that are not paid yet, one account
//! that pays late and one that pays too late, and what is confirmed and not yet billed.

use jiff::ToSpan;
use jiff::civil::Date;
use trade::calendar::LocalDate;
use trade::id::{AccountId, OrderId};
use trade::money::BasisPoints;

use super::world::World;
use crate::credit::{Entry, ledger};
use crate::db::Tx;
use crate::db::words::OpenItemKind;
use crate::error::Result;
use crate::imports::load::{Context, Ids, OpenItems, load_all};
use crate::imports::records::OpenItemRow;

/// Days back that invoices can still be open.
const MEMORY_DAYS: i64 = 120;

/// How an account pays, by its place in the world: days after the due date it still owes.
fn late_days(at: usize) -> Option<i64> {
    match at {
        // Late, and tolerated; late beyond that.
        6 => Some(11),
        9 => Some(48),
        // Its head office pays.
        2 => Some(0),
        at if at.is_multiple_of(3) => Some(0),
        _ => None,
    }
}

/// Books what is owed and about to be owed.
pub(super) async fn fill(tx: &Tx, world: &World, now: i64) -> Result<()> {
    open_orders(tx, world, now).await?;
    let context = Context::load(tx, now, Ids::Repeatable(world.chance.of("items", 1))).await?;
    let items = invoices(tx, world).await?;
    let loader = OpenItems::new(tx, context).await?;
    load_all(tx, loader, items).await?;
    Ok(())
}

/// Orders that are confirmed and not yet billed count.
async fn open_orders(tx: &Tx, world: &World, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE orders SET bill_to_id = (SELECT coalesce(a.bill_to_id, a.id) FROM accounts a \
         WHERE a.id = orders.account_id) WHERE state IN ('confirmed', 'released')",
        [],
    )
    .await?;
    let rows = tx
        .rows(
            "SELECT id, number, bill_to_id, gross_minor FROM orders \
             WHERE state IN ('confirmed', 'released') ORDER BY number",
            [],
        )
        .await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let number: String = row.try_get("", "number")?;
        let order: OrderId = row.try_get("", "id")?;
        let bill_to: AccountId = row.try_get("", "bill_to_id")?;
        let entry = Entry {
            cause: format!("order {number} confirmed"),
            order: Some(order),
            open_item: None,
            held_minor: 0,
            confirmed_minor: row.try_get("", "gross_minor")?,
            receivable_minor: 0,
        };
        entries.push((bill_to, entry));
    }
    let bill_tos = entries.iter().map(|(bill_to, _)| *bill_to).collect();
    ledger::lock_all(tx, now, bill_tos).await?;
    let mut ids = Ids::Repeatable(world.chance.of("credit", 1));
    ledger::book_all(tx, now, entries, || ids.next(now)).await
}

/// Invoices of closed orders that their retailers have not paid yet.
async fn invoices(tx: &Tx, world: &World) -> Result<Vec<OpenItemRow>> {
    let today = world.size.today;
    let since = today.checked_sub(MEMORY_DAYS.days()).unwrap_or(today);
    let mut late = std::collections::HashMap::new();
    for (at, retailer) in world.retailers.iter().enumerate() {
        if let Some(days) = late_days(at) {
            late.insert(retailer.row.number.as_str(), days);
        }
    }
    let rows = tx
        .rows(
            "SELECT o.number, o.placed_on, o.gross_minor, a.number AS account, \
             p.payment_terms_days, p.early_payment_days, p.early_payment_discount FROM orders o \
             JOIN accounts a ON a.id = o.account_id \
             JOIN accounts p ON p.id = coalesce(a.bill_to_id, a.id) \
             WHERE o.state = 'closed' AND o.placed_on >= $1 ORDER BY o.number",
            [LocalDate(since).into()],
        )
        .await?;
    let mut items = Vec::new();
    for row in rows {
        let account: String = row.try_get("", "account")?;
        let Some(late) = late.get(account.as_str()) else {
            continue;
        };
        let after = |day: Date, days: i64| day.checked_add(days.days()).unwrap_or(day);
        let placed: LocalDate = row.try_get("", "placed_on")?;
        let issued_on = after(placed.0, 2);
        let terms: i32 = row.try_get("", "payment_terms_days")?;
        let due_on = after(issued_on, terms.into());
        if after(due_on, *late) < today || issued_on > today {
            continue;
        }
        let early: i32 = row.try_get("", "early_payment_days")?;
        let number: String = row.try_get("", "number")?;
        let gross: i64 = row.try_get("", "gross_minor")?;
        items.push(OpenItemRow {
            account,
            number: format!("R-{number}"),
            kind: OpenItemKind::Invoice,
            order: Some(number),
            issued_on,
            due_on: Some(due_on),
            currency: None,
            amount: gross * 100,
            open: gross * 100,
            early_payment_on: (early > 0).then(|| after(issued_on, early.into())),
            early_payment_discount: if early > 0 {
                row.try_get("", "early_payment_discount")?
            } else {
                BasisPoints(0)
            },
        });
    }
    Ok(items)
}
