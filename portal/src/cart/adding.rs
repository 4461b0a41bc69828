//! Which of several lines go into a cart, decided without a database.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use trade::id::ProductId;
use trade::quantity::{Misfit, Unit};

use super::suggested::Suggested;
use crate::catalogue::Article;
use crate::orders::quote::Problem;

/// What is in the cart already, in the unit's own count.
pub(super) type Present = HashMap<(ProductId, Unit), i64>;

/// A line to be added, its product looked up.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The product; none where there is none that the account sees.
    pub article: Option<Arc<Article>>,
    /// The unit; the product's order unit where none is named.
    pub unit: Option<Unit>,
    /// How many of it, beside what is in the cart.
    pub quantity: i64,
    /// The suggestion that put it here.
    pub suggested: Option<Suggested>,
}

/// Why a line was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The line by itself.
    Problem(Problem),
    /// Together with what is in the cart; these quantities could be added instead.
    WithCart {
        /// What is in the cart.
        present: i64,
        /// What would do beside it.
        nearest: Vec<i64>,
    },
    /// The cart has as many lines as it can have.
    Full,
}

/// A line that was not added.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Its place among the lines that were to be added.
    pub at: usize,
    /// The product, where there is one.
    pub article: Option<Arc<Article>>,
    /// The unit it was wanted in.
    pub unit: Option<Unit>,
    /// How many were wanted.
    pub quantity: i64,
    /// Why not.
    pub reason: Reason,
}

/// What became of lines that were to be added.
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// The places of those that went in.
    pub taken: Vec<usize>,
    /// Those that did not.
    pub refused: Vec<Refused>,
}

/// What became of the lines, and the quantities the cart's lines have now.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// For whoever added them.
    pub added: Added,
    /// For the table, in the order in which they were wanted.
    pub changed: Vec<(ProductId, Unit, i64)>,
}

/// Whether a line of `quantity` units may stand in a cart.
///
/// # Errors
/// Why not, with the nearest quantities that would do.
pub fn check(article: &Article, unit: Unit, quantity: i64) -> Result<(), Problem> {
    if !article.status.is_sold() {
        return Err(Problem::Delisted);
    }
    let Some(factor) = article.factor(unit) else {
        let units = article.units.iter().map(|known| known.unit).collect();
        return Err(Problem::OtherUnit(units));
    };
    article
        .rule()
        .fit(quantity, factor)
        .map(|_| ())
        .map_err(Problem::Misfit)
}

/// Decides about `pieces` beside what is `present`.
///
/// Lines of the same product and unit are taken together where their sum is allowed; otherwise one
/// after the other, so that a wrong one does not keep a right one out.
pub(super) fn plan(pieces: &[Piece], present: &Present, most_lines: usize) -> Outcome {
    let mut groups: BTreeMap<(ProductId, Unit), Vec<usize>> = BTreeMap::new();
    let mut order: Vec<(ProductId, Unit)> = Vec::new();
    let mut outcome = Outcome::default();
    for (at, piece) in pieces.iter().enumerate() {
        let Some(article) = &piece.article else {
            outcome
                .added
                .refused
                .push(refused(at, piece, Reason::Problem(Problem::NotFound)));
            continue;
        };
        let key = (article.id, piece.unit.unwrap_or(article.order_unit));
        let group = groups.entry(key).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(at);
    }
    let mut line_count = present.len();
    for key in order {
        let group = groups.remove(&key).unwrap_or_default();
        let members: Vec<(usize, &Piece)> = group
            .into_iter()
            .filter_map(|at| Some((at, pieces.get(at)?)))
            .collect();
        let Some(article) = members
            .first()
            .and_then(|(_, piece)| piece.article.as_ref())
        else {
            continue;
        };
        let there = present.get(&key).copied();
        if there.is_none() && line_count >= most_lines {
            let full = members
                .iter()
                .map(|(at, piece)| refused(*at, piece, Reason::Full));
            outcome.added.refused.extend(full);
            continue;
        }
        let now = take(
            article,
            key.1,
            there.unwrap_or(0),
            &members,
            &mut outcome.added,
        );
        if let Some(now) = now {
            line_count += usize::from(there.is_none());
            outcome.changed.push((key.0, key.1, now));
        }
    }
    outcome.added.taken.sort_unstable();
    outcome.added.refused.sort_by_key(|refused| refused.at);
    outcome
}

/// Takes what may be taken of one product in one unit; the line's quantity then, where it changed.
fn take(
    article: &Arc<Article>,
    unit: Unit,
    present: i64,
    members: &[(usize, &Piece)],
    added: &mut Added,
) -> Option<i64> {
    let positive = members.iter().all(|(_, piece)| piece.quantity > 0);
    let sum = members
        .iter()
        .try_fold(present, |sum, (_, piece)| sum.checked_add(piece.quantity))
        .filter(|sum| positive && check(article, unit, *sum).is_ok());
    if let Some(sum) = sum {
        added.taken.extend(members.iter().map(|(at, _)| *at));
        return Some(sum);
    }
    let mut now = present;
    for (at, piece) in members {
        let next = now.saturating_add(piece.quantity);
        let fault = if piece.quantity <= 0 {
            Some(Reason::Problem(Problem::Misfit(Misfit::NotPositive)))
        } else {
            check(article, unit, next)
                .err()
                .map(|problem| beside(problem, now))
        };
        match fault {
            None => {
                now = next;
                added.taken.push(*at);
            }
            Some(reason) => added.refused.push(refused(*at, piece, reason)),
        }
    }
    (now != present).then_some(now)
}

/// The problem of a sum, said of what was to be added to it.
fn beside(problem: Problem, present: i64) -> Reason {
    let Problem::Misfit(misfit) = problem else {
        return Reason::Problem(problem);
    };
    if present == 0 {
        return Reason::Problem(Problem::Misfit(misfit));
    }
    let nearest = nearest(misfit)
        .into_iter()
        .map(|quantity| quantity - present);
    Reason::WithCart {
        present,
        nearest: nearest.filter(|quantity| *quantity > 0).collect(),
    }
}

/// The quantities that would do, the smaller first.
#[must_use]
pub fn nearest(misfit: Misfit) -> Vec<i64> {
    match misfit {
        Misfit::NotPositive => Vec::new(),
        Misfit::BelowMinimum { minimum } => minimum.into_iter().collect(),
        Misfit::OffMultiple { below, above, .. } => below.into_iter().chain(above).collect(),
        Misfit::TooLarge { maximum } => vec![maximum],
    }
}

fn refused(at: usize, piece: &Piece, reason: Reason) -> Refused {
    let usual = piece.article.as_ref().map(|article| article.order_unit);
    Refused {
        at,
        article: piece.article.clone(),
        unit: piece.unit.or(usual),
        quantity: piece.quantity,
        reason,
    }
}

#[cfg(test)]
mod tests;
