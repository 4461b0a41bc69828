//! What takes the place of an item that is out of stock or no longer sold.

use trade::id::ProductId;

use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

impl Model {
    /// Items that can stand in for `product`, best first: those the brand names, then variants and
    /// what accounts went over to. `product` itself is never among them.
    #[must_use]
    pub fn substitutes(&self, ask: &Ask<'_>, product: ProductId) -> Vec<Suggestion> {
        let Some(at) = self.history.item_at.get(&product) else {
            return Vec::new();
        };
        let named = &self.history.facts[*at as usize].substitutes;
        let mut found: Vec<Suggestion> = (0..)
            .zip(named)
            .filter_map(|(place, other)| {
                let step = (ask.may)(*other).filter(|_| *other != product)?;
                Some(Suggestion {
                    product: *other,
                    pieces: step.least,
                    score: 1.0 / f64::from(1 + place),
                    probability: None,
                    reasons: vec![Reason::Replaces {
                        product,
                        switched: 0,
                    }],
                })
            })
            .collect();
        found.truncate(ask.limit);
        found
    }
}
