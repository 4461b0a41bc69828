//! The usual order: what the account's next order will hold, with its quantities.

use crate::model::Model;
use crate::suggestion::{Ask, Suggestion};

impl Model {
    /// What the account orders again and again, the likeliest first, as many lines as its next
    /// order probably repeats (at most [`Ask::limit`]), each with the quantity it probably takes.
    ///
    /// Empty for an account that never ordered, or has nothing left that it may order.
    #[must_use]
    pub fn usual_order(&self, ask: &Ask<'_>) -> Vec<Suggestion> {
        let (Some(account), Some(buyer)) = (self.account(ask.account), self.buyer(ask.account))
        else {
            return Vec::new();
        };
        let habit = self.habit(Some(buyer));
        let mut found: Vec<Suggestion> = buyer
            .pairs
            .iter()
            .filter_map(|pair| {
                let product = self.history.items[pair.item as usize];
                let step = (ask.may)(product)?;
                let probability = f64::from(pair.in_latest(buyer.orders, 8))
                    / f64::from(buyer.orders.clamp(1, 8) + 1);
                Some(Suggestion {
                    product,
                    pieces: self.usual_pieces(&habit, pair, ask.today, step),
                    score: probability,
                    probability: Some(probability),
                    reasons: self.own_reasons(account, buyer, pair, ask.today),
                })
            })
            .filter(|suggestion| suggestion.score > 0.0)
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found.truncate(ask.limit.min(buyer.size.ceil() as usize));
        found
    }
}
