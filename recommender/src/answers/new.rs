//! What the account never ordered and might like to try.

use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

impl Model {
    /// Items new to the account, the most promising first.
    #[must_use]
    pub fn new_items(&self, ask: &Ask<'_>) -> Vec<Suggestion> {
        let buyer = self.buyer(ask.account);
        let of = self.state.active;
        let mut found: Vec<Suggestion> = (0..)
            .zip(&self.state.sales)
            .filter(|(item, sales)| {
                sales.buyers > 0 && buyer.is_none_or(|buyer| buyer.pair(*item).is_none())
            })
            .filter_map(|(item, sales)| {
                let product = self.history.items[item as usize];
                let step = (ask.may)(product)?;
                Some(Suggestion {
                    product,
                    pieces: step.least,
                    score: f64::from(sales.buyers),
                    probability: None,
                    reasons: vec![Reason::Popular {
                        buyers: sales.buyers,
                        of,
                    }],
                })
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found.truncate(ask.limit);
        found
    }
}
