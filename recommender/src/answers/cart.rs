//! What goes with a cart or a product, and what a cart lacks that usually is in it.

use trade::id::ProductId;

use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

impl Model {
    /// Items that go with those in `cart` (or with the one product of a page), whether the account
    /// ordered them before or not. None of `cart` is among them.
    #[must_use]
    pub fn goes_with(&self, ask: &Ask<'_>, cart: &[ProductId]) -> Vec<Suggestion> {
        let mut found: Vec<Suggestion> = Vec::new();
        for (item, product) in (0..).zip(&self.history.items) {
            let Some(step) = (ask.may)(*product).filter(|_| !cart.contains(product)) else {
                continue;
            };
            let best = cart
                .iter()
                .filter_map(|id| Some((*id, *self.history.item_at.get(id)?)))
                .map(|(id, other)| (id, self.together(other, item)))
                .filter(|(_, (with, of))| *with > 0 && *of > 0)
                .max_by(|(_, a), (_, b)| (a.0 * b.1).cmp(&(b.0 * a.1)));
            let Some((with_product, (with, of))) = best else {
                continue;
            };
            found.push(Suggestion {
                product: *product,
                pieces: step.least,
                score: f64::from(with) / f64::from(of + 5),
                probability: None,
                reasons: vec![Reason::GoesWith {
                    product: with_product,
                    with,
                    of,
                }],
            });
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found.truncate(ask.limit);
        found
    }

    /// Of the usual order, what is not in `cart`: "did you forget?".
    #[must_use]
    pub fn forgotten(&self, ask: &Ask<'_>, cart: &[ProductId]) -> Vec<Suggestion> {
        let mut usual = self.usual_order(ask);
        usual.retain(|suggestion| !cart.contains(&suggestion.product));
        usual
    }
}
