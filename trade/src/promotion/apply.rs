//! From a basket to its adjustments, stage by stage.

use super::books::Books;
use super::goods::Goods;
use super::near::View;
use super::stage::{Candidate, Round};
use super::{Basket, FundLeft, Outcome, Promotion, Stage};
use crate::money::MoneyError;

/// What the basket gains from these promotions, why, and what is missing for more. The order of
/// lines, promotions and funds does not matter. A fund that is not named has nothing left.
///
/// # Errors
/// A line in another currency than the basket's, or amounts beyond 64 bits.
pub fn apply(
    basket: &Basket<'_>,
    promotions: &[Promotion],
    funds: &[FundLeft],
) -> Result<Outcome, MoneyError> {
    let (goods, left) = Goods::of(basket)?;
    let mut sequence: Vec<&Promotion> = promotions.iter().collect();
    sequence.sort_by_key(|promotion| {
        let stage = promotion.mechanic.stage();
        (stage, promotion.priority, promotion.id)
    });
    let initial = left.clone();
    let mut order = left.clone();
    let mut books = Books::open(left, funds);
    let mut rounds = Vec::new();
    for stage in [Stage::Line, Stage::Assortment, Stage::Order, Stage::Freight] {
        let candidates: Vec<Candidate<'_>> = sequence
            .iter()
            .filter(|promotion| promotion.mechanic.stage() == stage)
            .map(|promotion| Candidate::new(promotion, basket, &goods))
            .collect();
        if stage == Stage::Order {
            order = books.left.clone();
        }
        let round = Round {
            stage,
            basket,
            goods: &goods,
            candidates: &candidates,
        };
        books = round.run(&books)?;
        rounds.extend(candidates);
    }
    let view = View {
        basket,
        goods: &goods,
        initial: &initial,
        order: &order,
        books: &books,
    };
    let near = view.near(&rounds);
    Ok(Outcome {
        lines: books.adjusted(&goods, &sequence, basket.lines.len())?,
        free: books.free,
        free_freight: books.free_freight,
        applied: books.applied,
        passed: books.passed,
        near,
    })
}
