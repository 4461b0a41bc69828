//! What of an order the brand's own people want to see before it is confirmed: too small, twice,
//! far from the usual, owed without a date, prices that moved.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use trade::hold::{Facts, HoldKind, LineFact, Opening};
use trade::id::ProductId;
use trade::money::Money;
use trade::order::OrderState;
use trade::usual::{Habit, is_unusual};

use super::quote::{ForWhom, Quote, QuotedLine};
use crate::app::App;
use crate::db::entity::order;
use crate::db::words::DeliveryPolicy;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::stock::short;

/// The same lines again within this time may be the same order twice.
const DUPLICATE_MILLIS: i64 = 24 * 3_600_000;
/// Facts name so many lines; a queue is read by people.
const LINES_NAMED: usize = 20;

/// A digest of what is ordered, whatever the order of its lines.
pub(super) fn digest(quote: &Quote) -> String {
    let mut pieces: BTreeMap<ProductId, i64> = BTreeMap::new();
    for line in &quote.lines {
        *pieces.entry(line.wanted.product).or_insert(0) += line.ordered.0;
    }
    let mut hash = Sha256::new();
    for (product, pieces) in pieces {
        hash.update(product.0.as_bytes());
        hash.update(pieces.to_be_bytes());
    }
    let hash = hash.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The holds the brand's own people decide. `po_number` is the buyer's own.
pub(super) async fn openings(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    quote: &Quote,
    po_number: &str,
    digest: &str,
) -> Result<Vec<Opening>> {
    let mut openings = Vec::new();
    if let Some(minimum) = quote.minimum.filter(|minimum| minimum.missing.minor > 0) {
        openings.push(Opening::new(
            HoldKind::BelowMinimum,
            Facts::BelowMinimum {
                net: quote.goods,
                minimum: minimum.minimum,
            },
        ));
    }
    openings.extend(owed(tx, app, whom, quote).await?);
    if let Some(note) = &whom.account.review_note {
        let facts = Facts::KamReview { note: note.clone() };
        openings.push(Opening::new(HoldKind::KamReview, facts));
    }
    openings.extend(duplicate(tx, app, whom, po_number, digest).await?);
    openings.extend(unusual(tx, whom, quote).await?);
    Ok(openings)
}

/// Pieces that are owed and nobody knows when they come, those who wait already being served
/// first; or pieces owed at all where only whole orders are delivered.
async fn owed(tx: &Tx, app: &App, whom: &ForWhom, quote: &Quote) -> Result<Option<Opening>> {
    let complete_only = whom.account.delivery_policy == DeliveryPolicy::Complete;
    let lines: Vec<QuotedLine> = quote.order_lines().cloned().collect();
    let promises = short::promises(tx, app, &lines).await?;
    let mut owed: Vec<LineFact> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let promise = promises.get(&at)?;
            let factor = line.article.as_ref()?.factor(line.wanted.unit)?;
            (complete_only || promise.unknown > 0).then(|| LineFact {
                date: promise.by,
                ..fact(line, promise.now * factor.get())
            })
        })
        .collect();
    if owed.is_empty() {
        return Ok(None);
    }
    owed.truncate(LINES_NAMED);
    let facts = Facts::StockShort {
        lines: owed,
        complete_only,
    };
    Ok(Some(Opening::new(HoldKind::StockShort, facts)))
}

fn fact(line: &QuotedLine, against: i64) -> LineFact {
    let article = line.article.as_ref();
    LineFact {
        product: line.wanted.product,
        sku: article
            .map(|article| article.sku.clone())
            .unwrap_or_default(),
        name: article
            .map(|article| article.name.clone())
            .unwrap_or_default(),
        ordered: line.ordered.0,
        against,
        date: None,
    }
}

/// The same lines under the same reference, a short while ago, and not taken back.
async fn duplicate(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    po_number: &str,
    digest: &str,
) -> Result<Option<Opening>> {
    let since = app.clock.millis() - DUPLICATE_MILLIS;
    let earlier = tx
        .one::<order::Entity>(|orders| {
            orders
                .filter(order::Column::AccountId.eq(whom.account.id))
                .filter(order::Column::LinesDigest.eq(digest))
                .filter(order::Column::PlacedAt.gt(since))
                .filter(order::Column::PoNumber.eq(po_number))
                .filter(order::Column::State.is_not_in([
                    OrderState::Cancelled,
                    OrderState::Rejected,
                    OrderState::Expired,
                ]))
                .order_by_desc(order::Column::PlacedAt)
        })
        .await?;
    Ok(earlier.map(|earlier| {
        let facts = Facts::Duplicate {
            order: earlier.number,
            placed_at: earlier.placed_at,
        };
        Opening::new(HoldKind::Duplicate, facts)
    }))
}

/// Quantities far from what this account usually orders.
async fn unusual(tx: &Tx, whom: &ForWhom, quote: &Quote) -> Result<Option<Opening>> {
    let habits = habits(tx, whom, quote).await?;
    let mut lines: Vec<LineFact> = quote
        .lines
        .iter()
        .filter_map(|line| {
            let habit = habits.get(&line.wanted.product)?;
            is_unusual(*habit, line.ordered.0).then(|| fact(line, habit.usual()))
        })
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    lines.truncate(LINES_NAMED);
    let facts = Facts::UnusualQuantity { lines };
    Ok(Some(Opening::new(HoldKind::UnusualQuantity, facts)))
}

/// What the account usually orders of these products.
///
/// # Errors
/// Whatever the database says.
pub async fn habits(tx: &Tx, whom: &ForWhom, quote: &Quote) -> Result<HashMap<ProductId, Habit>> {
    let mut ids: Vec<ProductId> = quote.lines.iter().map(|line| line.wanted.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut habits = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(2_000) {
        let chunk = crate::catalogue::padded(chunk);
        let sql = format!(
            "SELECT product_id, times, pieces FROM account_products \
             WHERE account_id = $1 AND product_id IN ({})",
            placeholders(2, chunk.len())
        );
        let values = std::iter::once(Value::from(whom.account.id))
            .chain(chunk.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            let habit = Habit {
                times: row.try_get::<i32>("", "times")?.into(),
                pieces: row.try_get("", "pieces")?,
            };
            habits.insert(row.try_get("", "product_id")?, habit);
        }
    }
    Ok(habits)
}

/// Prices that rose between submit and release: what the lines would cost now, without promotions
/// (those were reserved for it), where that is more.
pub(super) fn drift(before: Money, now: Money) -> Option<Opening> {
    (now.minor > before.minor)
        .then(|| Opening::new(HoldKind::PriceDrift, Facts::PriceDrift { before, now }))
}
