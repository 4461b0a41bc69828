//! Submit: from a cart, or lines another program sends, to an order that is held or confirmed, in
//! one transaction.
//!
//! The same key gives the first answer again; a cart becomes one order however many tabs submit
//! it; a total other than the expected one is refused with the difference. Prices with their
//! traces, names and addresses are copied: nothing that changes later changes an order.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, DatabaseBackend, QueryFilter, QueryOrder};
use serde_json::json;
use trade::hold::Opening;
use trade::id::{AccountId, CartId, OrderId, ProductId, PromotionId, ShipToId};
use trade::money::{Money, UnitPrice};
use trade::price::ByHand;
use trade::quantity::Unit;
use uuid::Uuid;

use super::quote::{Draft, ForWhom, Quote, Wanted};
use super::{judge, refusals, store};
use crate::app::App;
use crate::cart::Suggested;
use crate::credit::{self, Standing};
use crate::db::Tx;
use crate::db::entity::{cart, cart_line, order};
use crate::db::words::{OrderSource, TrialArm};
use crate::error::{Error, Result};
use crate::promotions::book::Book;
use crate::promotions::spend;
use crate::stock::{moves, short};
use crate::suggestions::trial;
use crate::{approvals, cart as carts};

/// What is submitted.
#[derive(Debug, Clone)]
pub enum Lines {
    /// An open cart; it becomes the order and stays.
    Cart(CartId),
    /// Lines of a program, without a cart.
    Given(Vec<Wanted>),
}

/// A price somebody was shown, for telling them what has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The product.
    pub product: ProductId,
    /// The unit.
    pub unit: Unit,
    /// The price of one.
    pub unit_price: UnitPrice,
}

/// A request to place an order.
#[derive(Debug, Clone)]
pub struct Submission {
    /// For which account.
    pub account: AccountId,
    /// What.
    pub lines: Lines,
    /// How it came in.
    pub source: OrderSource,
    /// The sender's key, 1 to 255 characters: the same key is the same order.
    pub key: String,
    /// A digest of everything the request says; the same key with another digest is refused.
    pub digest: String,
    /// The total the buyer has seen, gross (or net, as an ERP may reckon); none skips the check.
    pub expected_total: Option<Money>,
    /// The prices the buyer has seen.
    pub shown: Vec<Shown>,
    /// The goods the buyer has seen come along; none skips the check. They change no total, and
    /// must not go missing unseen.
    pub expected_free: Option<Vec<Wanted>>,
    /// Where to; the account's default place where none is named.
    pub ship_to: Option<ShipToId>,
    /// The buyer's own number.
    pub po_number: String,
    /// When it is wanted.
    pub requested_date: Option<Date>,
    /// For the warehouse.
    pub note: String,
    /// When the buyer's visit began; none for programs, and for staff who have other things open.
    pub visit_started_at: Option<i64>,
}

/// The order a submission led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its id.
    pub order: OrderId,
    /// Its number.
    pub number: String,
    /// Whether it was placed by an earlier request with the same key.
    pub replayed: bool,
}

/// Places an order. The caller commits, and then wakes the worker.
///
/// Locks are taken in the house's order: the bill-to's credit, stock by id, funds and promotions
/// by id; what was read before a lock is read again after it.
///
/// # Errors
/// `Refused` with one of the codes of [`refusals`]; `NotFound` for an account or place out of
/// reach; whatever the database says. After an error the transaction must not be committed.
pub async fn submit(tx: &Tx, app: &App, submission: &Submission) -> Result<Submitted> {
    let now = app.clock.millis();
    if let Some(stored) = claim_key(tx, submission, now).await? {
        return Ok(stored);
    }
    let taken = take_lines(tx, submission, now).await?;
    let wanted = taken.wanted;
    let mut whom = ForWhom::load(tx, app, submission.account, submission.ship_to).await?;
    whom.by_hand = taken.by_hand;
    may_be_placed(app, submission, &whom, &wanted)?;
    let standing = credit::lock(tx, app, whom.bill_to()).await?;
    let quote = locked_quote(tx, app, &whom, &wanted).await?;
    if !quote.is_orderable() {
        let shortages = short::explain(tx, app, &whom, &quote.lines).await?;
        return Err(refusals::lines_not_orderable(&quote, &shortages).into());
    }
    if let Some(expected) = submission.expected_total
        && expected != quote.totals.gross
        && expected != quote.totals.net
    {
        return Err(refusals::total_changed(expected, &quote, &submission.shown).into());
    }
    let free = quote.free.iter().map(|line| line.wanted);
    if let Some(expected) = &submission.expected_free
        && !free.eq(expected.iter().copied())
    {
        let total = quote.totals.gross;
        return Err(refusals::total_changed(total, &quote, &submission.shown).into());
    }
    let digest = judge::digest(&quote);
    let mut openings = credit::openings(tx, app, &standing, quote.totals.gross).await?;
    let person = tx.scope().actor.user_id;
    openings.extend(approvals::openings(tx, app, &whom, &quote, person).await?);
    openings.extend(judge::openings(tx, app, &whom, &quote, &submission.po_number, &digest).await?);
    let decided = Decided {
        trial: trial::arm_of(tx, submission.account).await?,
        digest,
        openings,
        standing,
        suggested: taken.suggested,
    };
    let placed = store::store(tx, app, submission, &whom, &quote, &decided).await?;
    answer_key(tx, submission, &placed).await?;
    Ok(placed)
}

/// What was found out about an order before it is stored.
#[derive(Debug)]
pub(super) struct Decided {
    /// The trial of suggestions that runs, and the account's arm in it.
    pub trial: Option<(Uuid, TrialArm)>,
    /// Of what is ordered.
    pub digest: String,
    /// The holds it opens.
    pub openings: Vec<Opening>,
    /// The bill-to's standing, locked.
    pub standing: Standing,
    /// The suggestions that lines came from.
    pub suggested: HashMap<(ProductId, Unit), Suggested>,
}

fn may_be_placed(
    app: &App,
    submission: &Submission,
    whom: &ForWhom,
    wanted: &[Wanted],
) -> Result<()> {
    if submission.ship_to.is_some() && whom.ship_to.is_none() {
        return Err(refusals::unknown_ship_to().into());
    }
    if whom.account.status == "blocked" {
        return Err(refusals::blocked().into());
    }
    if wanted.is_empty() {
        return Err(refusals::empty().into());
    }
    if submission
        .requested_date
        .is_some_and(|date| date < app.today())
    {
        return Err(refusals::date_passed(app.today()).into());
    }
    Ok(())
}

/// How often a quote is asked again because a promotion's limit moved while it was being locked.
const TRIES: usize = 4;

/// The quote with stock and everything limited that it uses locked.
async fn locked_quote(tx: &Tx, app: &App, whom: &ForWhom, wanted: &[Wanted]) -> Result<Quote> {
    let date = whom.customer.date;
    let load = || Book::load(tx, &app.promotions, &whom.account, date);
    let mut book = load().await?;
    let gifts = book.gifts();
    let mut ids: Vec<ProductId> = wanted.iter().map(|line| line.product).collect();
    ids.extend(&gifts);
    moves::lock(tx, &ids).await?;
    let draft = Draft::load(tx, app, whom, wanted, &gifts).await?;
    let mut locked: Vec<PromotionId> = Vec::new();
    for _ in 0..TRIES {
        let quote = draft.quote(app, whom, Arc::new(book))?;
        let used: Vec<PromotionId> = quote.applied.iter().map(|one| one.promotion).collect();
        // On SQLite writers take turns: what was read stays so.
        if tx.backend() != DatabaseBackend::Postgres || used.iter().all(|id| locked.contains(id)) {
            return Ok(quote);
        }
        locked.extend(used);
        locked.sort_unstable();
        locked.dedup();
        spend::lock(tx, &locked).await?;
        book = load().await?;
    }
    Err(Error::GaveWay(
        "promotions change while they are used".into(),
    ))
}

/// Claims the key for this request, or gives the order of the earlier one. On PostgreSQL a second
/// request with the same key waits here until the first is through.
async fn claim_key(tx: &Tx, submission: &Submission, now: i64) -> Result<Option<Submitted>> {
    let owner = tx.scope().actor.owner;
    let inserted = tx
        .execute(
            "INSERT INTO idempotency_keys (owner, key, request_hash, status, answer, created_at) \
             VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (owner, key) DO NOTHING",
            [
                owner.into(),
                submission.key.clone().into(),
                submission.digest.clone().into(),
                serde_json::Value::Null.into(),
                now.into(),
            ],
        )
        .await?;
    if inserted == 1 {
        return Ok(None);
    }
    let rows = tx
        .rows(
            "SELECT request_hash, answer FROM idempotency_keys WHERE owner = $1 AND key = $2",
            [owner.into(), submission.key.clone().into()],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| Error::GaveWay("the key is being used".into()))?;
    if row.try_get::<String>("", "request_hash")? != submission.digest {
        return Err(refusals::key_reused().into());
    }
    let answer: serde_json::Value = row.try_get("", "answer")?;
    let (Some(order), Some(number)) = (
        answer.get("order").and_then(|id| id.as_str()?.parse().ok()),
        answer.get("number").and_then(|number| number.as_str()),
    ) else {
        return Err(Error::Internal(anyhow::anyhow!(
            "an idempotency key without its order"
        )));
    };
    Ok(Some(Submitted {
        order,
        number: number.to_owned(),
        replayed: true,
    }))
}

async fn answer_key(tx: &Tx, submission: &Submission, placed: &Submitted) -> Result<()> {
    let answer = json!({"order": placed.order, "number": placed.number});
    tx.execute(
        "UPDATE idempotency_keys SET status = 201, answer = $1 WHERE owner = $2 AND key = $3",
        [
            answer.into(),
            tx.scope().actor.owner.into(),
            submission.key.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

/// What a submission orders.
#[derive(Debug, Default)]
struct Taken {
    wanted: Vec<Wanted>,
    by_hand: HashMap<(ProductId, Unit), ByHand>,
    suggested: HashMap<(ProductId, Unit), Suggested>,
}

/// The lines, with the prices that staff set for some, and what suggested them; a cart is closed
/// at once, so that no second request gets them.
async fn take_lines(tx: &Tx, submission: &Submission, now: i64) -> Result<Taken> {
    let cart = match &submission.lines {
        Lines::Given(lines) => {
            return Ok(Taken {
                wanted: lines.clone(),
                ..Taken::default()
            });
        }
        Lines::Cart(cart) => *cart,
    };
    let closed = tx
        .change::<cart::Entity>(|update| {
            update
                .filter(cart::Column::Id.eq(cart))
                .filter(cart::Column::AccountId.eq(submission.account))
                .filter(cart::Column::State.eq("open"))
                .col_expr(cart::Column::State, "submitted".into())
                .col_expr(cart::Column::UpdatedAt, now.into())
        })
        .await?;
    if closed == 0 {
        let earlier = tx
            .one::<order::Entity>(|orders| orders.filter(order::Column::CartId.eq(cart)))
            .await?
            .ok_or(Error::NotFound)?;
        return Err(refusals::already_submitted(&earlier.number).into());
    }
    let lines = tx
        .all::<cart_line::Entity>(|lines| {
            lines
                .filter(cart_line::Column::CartId.eq(cart))
                .order_by_asc(cart_line::Column::AddedAt)
                .order_by_asc(cart_line::Column::Id)
        })
        .await?;
    Ok(Taken {
        wanted: carts::wanted(&lines),
        by_hand: carts::by_hand(&lines),
        suggested: carts::suggested(&lines),
    })
}
