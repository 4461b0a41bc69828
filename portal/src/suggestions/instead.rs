//! What to take instead of an item that is short, out or no longer sold: what the brand names
//! first, then what the model found.

use recommender::{Ask, Model, Reason, Suggestion};
use trade::id::ProductId;

/// What can stand in for `product`, the brand's own word first, each in the quantity that was
/// wanted of it where that is known.
#[must_use]
pub fn of(
    model: &Model,
    ask: &Ask<'_>,
    product: ProductId,
    named: &[ProductId],
    pieces: Option<u32>,
) -> Vec<Suggestion> {
    let mut found = model.substitutes(ask, product);
    for other in named {
        let known = found.iter().any(|one| one.product == *other);
        let step = (ask.may)(*other).filter(|_| !known && *other != product);
        found.extend(step.map(|step| Suggestion {
            product: *other,
            pieces: step.least,
            score: 0.0,
            probability: None,
            reasons: vec![Reason::Replaces {
                product,
                switched: 0,
            }],
        }));
    }
    let rank = |one: &Suggestion| named.iter().position(|other| *other == one.product);
    found.sort_by_key(|one| rank(one).unwrap_or(usize::MAX));
    for one in &mut found {
        if let Some((pieces, step)) = pieces.zip((ask.may)(one.product)) {
            one.pieces = step.nearest(f64::from(pieces));
        }
    }
    found
}
