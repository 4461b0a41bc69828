//! What the account's own orders say of one item.

use trade::id::ProductId;

use crate::model::Model;
use crate::suggestion::{Ask, Suggestion};

impl Model {
    /// How an account orders `product`: the quantity it usually takes, in how many of its orders,
    /// when last and in which rhythm. None where it never ordered it, or may not now.
    #[must_use]
    pub fn own_habit(&self, ask: &Ask<'_>, product: ProductId) -> Option<Suggestion> {
        let (account, buyer) = (self.account(ask.account)?, self.buyer(ask.account)?);
        let pair = buyer.pair(*self.history.item_at.get(&product)?)?;
        let step = (ask.may)(product)?;
        Some(Suggestion {
            product,
            pieces: self.usual_pieces(&self.habit(Some(buyer)), pair, ask.today, step),
            score: f64::from(pair.count),
            probability: None,
            reasons: self.own_reasons(account, buyer, pair, ask.today),
        })
    }
}
