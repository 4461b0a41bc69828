//! Ordering again: the lines of an order go into the cart at today's prices, with a list of what
//! was dropped, changed or substituted, and why.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use trade::id::ProductId;
use trade::order::OrderState;
use trade::price::PriceTrace;
use trade::quantity::{Misfit, Unit};

use super::quote::{ForWhom, Problem};
use super::show::{self, Whole};
use crate::app::App;
use crate::auth::Buyer;
use crate::cart::view::{ReorderNote, ReorderReport};
use crate::cart::{self, Details, Piece, problem};
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::{order, order_line, product_substitute, ship_to};
use crate::error::Result;
use crate::pricing::PriceBook;
use crate::web::shape::{Arg, Message};

/// Puts the lines of an order into the account's cart. Says how many went in.
///
/// # Errors
/// `NotFound` for an order out of reach; whatever the database says.
pub async fn reorder(tx: &Tx, app: &App, who: &Buyer, number: &str) -> Result<usize> {
    let whole = show::load(tx, number).await?;
    fill(tx, app, who, &whole).await
}

/// Puts the lines of an order that is loaded into the account's cart. Goods that came along with a
/// promotion are left out: they come along again.
async fn fill(tx: &Tx, app: &App, who: &Buyer, whole: &Whole) -> Result<usize> {
    let lines: Vec<&order_line::Model> = whole
        .lines
        .iter()
        .filter(|line| line.promotion_id.is_none())
        .collect();
    let reference = app.reference.get(tx).await?;
    let ids: Vec<ProductId> = lines.iter().map(|line| line.product_id).collect();
    let substitutes = substitutes(tx, &ids).await?;
    let mut wanted = ids.clone();
    wanted.extend(substitutes.values().flatten());
    wanted.sort_unstable();
    wanted.dedup();
    let articles: HashMap<ProductId, Arc<Article>> = article::by_id(tx, &reference, &wanted)
        .await?
        .into_iter()
        .map(|(id, article)| (id, Arc::new(article)))
        .collect();
    let whom = ForWhom::load(tx, app, who.account.id, None).await?;
    let again = Again {
        order: &whole.order,
        articles: &articles,
        substitutes: &substitutes,
        book: PriceBook::load(tx, whom.customer, &wanted).await?,
    };
    let mut pieces = Vec::new();
    let mut notes = Vec::new();
    for line in lines {
        pieces.extend(again.line(line, &mut notes));
    }
    let added = cart::add_pieces(tx, app, who.account.id, &pieces).await?;
    for refused in added.refused {
        let article = refused.article.as_deref();
        let words = problem::reason_words(&refused.reason, article, refused.unit);
        notes.extend(article.map(|article| note("dropped", article, words.message)));
    }
    let cart = cart::open(tx, app, who.account.id).await?;
    let report = ReorderReport {
        order_number: whole.order.number.clone(),
        lines: notes,
    };
    let report = (!report.lines.is_empty()).then_some(&report);
    cart::set_notices(tx, cart.id, report).await?;
    Ok(added.taken.len())
}

/// Takes an order that came to nothing back into the account's cart, with its number, note and
/// place, to be changed and submitted anew; one that is still held is cancelled with `reason`.
/// Says how many lines went in. The caller commits, and then wakes the worker.
///
/// # Errors
/// `NotFound`; `Refused` for an order that goes its way.
pub async fn take_back(
    tx: &Tx,
    app: &App,
    who: &Buyer,
    number: &str,
    reason: &str,
) -> Result<usize> {
    // The cart before credit and stock, as submit locks them.
    let cart = cart::open(tx, app, who.account.id).await?;
    let fresh = cart::lines(tx, cart.id).await?.is_empty();
    let found = super::find(tx, number).await?;
    match found.state {
        OrderState::Rejected | OrderState::Expired | OrderState::Cancelled => {}
        OrderState::Held => {
            super::cancel::cancel(tx, app, number, reason).await?;
        }
        OrderState::Confirmed | OrderState::Released | OrderState::Closed => {
            return Err(super::refusals::not_taken_back(number).into());
        }
    }
    // Pressed twice, or by two colleagues, the lines come back once.
    let now = app.clock.millis();
    let first = tx
        .change::<order::Entity>(|update| {
            update
                .filter(order::Column::Id.eq(found.id))
                .filter(order::Column::TakenBackAt.is_null())
                .col_expr(order::Column::TakenBackAt, now.into())
        })
        .await?;
    if first == 0 {
        return Err(super::refusals::taken_back_already(number).into());
    }
    let whole = show::load(tx, number).await?;
    let count = fill(tx, app, who, &whole).await?;
    let details = details_of(tx, app, &whole.order, &Details::of(&cart), fresh).await?;
    cart::set_details(tx, app, who.account.id, &details).await?;
    Ok(count)
}

/// What the order says of place, date, number and note; what somebody has written into a cart with
/// lines of its own stays. A place that was closed since and a day that has passed are left out.
async fn details_of(
    tx: &Tx,
    app: &App,
    order: &order::Model,
    cart: &Details,
    fresh: bool,
) -> Result<Details> {
    let place = match order.ship_to_id {
        Some(id) => {
            tx.one::<ship_to::Entity>(|places| {
                places
                    .filter(ship_to::Column::Id.eq(id))
                    .filter(ship_to::Column::Active.eq(true))
            })
            .await?
        }
        None => None,
    };
    let date = order.requested_date.map(|date| date.0);
    let of_order = Details {
        ship_to: place.map(|place| place.id),
        po_number: order.po_number.clone(),
        requested_date: date.filter(|date| *date >= app.today()),
        note: order.note.clone(),
    };
    if fresh {
        return Ok(of_order);
    }
    let kept = |own: &str, new: String| if own.is_empty() { new } else { own.to_owned() };
    Ok(Details {
        ship_to: cart.ship_to.or(of_order.ship_to),
        po_number: kept(&cart.po_number, of_order.po_number),
        requested_date: cart.requested_date.or(of_order.requested_date),
        note: kept(&cart.note, of_order.note),
    })
}

/// What replaces each product, the first choice first.
async fn substitutes(tx: &Tx, ids: &[ProductId]) -> Result<HashMap<ProductId, Vec<ProductId>>> {
    let mut found: HashMap<ProductId, Vec<ProductId>> = HashMap::new();
    for chunk in ids.chunks(2_000) {
        let ids = padded(chunk);
        let rows = tx
            .all::<product_substitute::Entity>(|rows| {
                rows.filter(product_substitute::Column::ProductId.is_in(ids))
                    .order_by_asc(product_substitute::Column::Position)
            })
            .await?;
        for row in rows {
            found
                .entry(row.product_id)
                .or_default()
                .push(row.substitute_id);
        }
    }
    Ok(found)
}

struct Again<'a> {
    order: &'a order::Model,
    articles: &'a HashMap<ProductId, Arc<Article>>,
    substitutes: &'a HashMap<ProductId, Vec<ProductId>>,
    book: PriceBook,
}

impl Again<'_> {
    /// The line as it can be ordered today, or a note why it cannot.
    fn line(&self, line: &order_line::Model, notes: &mut Vec<ReorderNote>) -> Option<Piece> {
        let own = self.articles.get(&line.product_id);
        let Some(article) = own
            .filter(|article| article.status.is_sold())
            .or_else(|| self.substitute(line))
        else {
            let problem = if own.is_some() {
                Problem::Delisted
            } else {
                Problem::NotFound
            };
            notes.push(dropped(line, &problem, own.map(Arc::as_ref)));
            return None;
        };
        if article.id != line.product_id {
            let reason = Message::new("reorder-substitute").with("sku", line.sku.clone());
            notes.push(note("substituted", article, reason));
        }
        let Some(factor) = article.factor(line.unit) else {
            let units = article.units.iter().map(|known| known.unit).collect();
            notes.push(dropped(line, &Problem::OtherUnit(units), Some(article)));
            return None;
        };
        let before = i64::from(line.quantity);
        let quantity = match article.rule().fit(before, factor) {
            Ok(_) => before,
            Err(misfit) => {
                let Some(after) = nearest(misfit) else {
                    notes.push(dropped(line, &Problem::Misfit(misfit), Some(article)));
                    return None;
                };
                let reason = Message::new("reorder-quantity")
                    .with("before", counted(before, line.unit))
                    .with("after", counted(after, line.unit));
                notes.push(note("changed", article, reason));
                after
            }
        };
        let trace = self.book.trace(article, line.unit, quantity)?;
        if trace.price.is_none() {
            notes.push(dropped(line, &Problem::NoPrice, Some(article)));
            return None;
        }
        if article.id == line.product_id {
            notes.extend(self.price_note(line, article, &trace));
        }
        Some(Piece {
            article: Some(Arc::clone(article)),
            unit: Some(line.unit),
            quantity,
            suggested: None,
        })
    }

    fn substitute(&self, line: &order_line::Model) -> Option<&Arc<Article>> {
        self.substitutes
            .get(&line.product_id)?
            .iter()
            .find_map(|id| {
                let article = self.articles.get(id)?;
                let sold = article.status.is_sold() && article.factor(line.unit).is_some();
                sold.then_some(article)
            })
    }

    fn price_note(
        &self,
        line: &order_line::Model,
        article: &Article,
        trace: &PriceTrace,
    ) -> Option<ReorderNote> {
        let now = trace.price.filter(|price| *price != line.unit_price)?;
        let priced = |unit_price| Arg::UnitPrice {
            unit_price,
            currency: self.order.currency,
        };
        let reason = Message::new("reorder-price")
            .with("before", priced(line.unit_price))
            .with("after", priced(now));
        Some(note("price-changed", article, reason))
    }
}

fn counted(quantity: i64, unit: Unit) -> Arg {
    Arg::Quantity { quantity, unit }
}

/// The nearest quantity that will do: rather more than less, for a shelf that would be empty.
fn nearest(misfit: Misfit) -> Option<i64> {
    match misfit {
        Misfit::NotPositive => None,
        Misfit::BelowMinimum { minimum } => minimum,
        Misfit::OffMultiple { below, above, .. } => above.or(below),
        Misfit::TooLarge { maximum } => Some(maximum),
    }
}

fn dropped(line: &order_line::Model, why: &Problem, article: Option<&Article>) -> ReorderNote {
    ReorderNote {
        kind: "dropped".to_owned(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        reason: problem::words(why, article, line.unit).message,
    }
}

fn note(kind: &str, article: &Article, reason: Message) -> ReorderNote {
    ReorderNote {
        kind: kind.to_owned(),
        sku: article.sku.clone(),
        name: article.name.clone(),
        reason,
    }
}
