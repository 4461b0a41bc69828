//! Which promotion an account gains from, and which account a promotion.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, ProductId, PromotionId};

use crate::history::Day;
use crate::model::Model;
use crate::suggestion::{Ask, Reason, Step, Suggestion};

/// A promotion as one account would have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Which.
    pub promotion: PromotionId,
    /// Days it still runs, today included; at least 1.
    pub days: u32,
    /// The items in it that the account may order.
    pub items: Vec<OfferItem>,
}

/// An item of a promotion, at one account's prices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfferItem {
    /// Which.
    pub product: ProductId,
    /// In which steps it is ordered.
    pub step: Step,
    /// What a base unit costs the account today, in the major unit of the currency.
    pub price: f64,
    /// What it costs within the promotion, at the quantity it asks for.
    pub promotional: f64,
}

/// What a promotion is expected to bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Which.
    pub promotion: PromotionId,
    /// Expected additional sales while it runs, net of what is given away, in the major unit.
    pub value: f64,
    /// What the account saves on the quantities it would have ordered anyway.
    pub saving: f64,
    /// The items it is likeliest to order of it, with quantities and reasons.
    pub items: Vec<Suggestion>,
}

impl Model {
    /// Promotions by what is expected to come of them, the best first. Those with nothing for this
    /// account are left out.
    #[must_use]
    pub fn promotions(&self, ask: &Ask<'_>, offers: &[Offer]) -> Vec<Gain> {
        let mut gains: Vec<Gain> = offers
            .iter()
            .filter_map(|offer| self.gain(ask.account, ask.today, offer, ask.limit))
            .collect();
        gains.sort_by(|a, b| {
            b.value
                .total_cmp(&a.value)
                .then(a.promotion.cmp(&b.promotion))
        });
        gains
    }

    /// Accounts for a promotion, each with the offer as it would have it, by what is expected of
    /// them, the best first.
    #[must_use]
    pub fn accounts_for(
        &self,
        offers: &[(AccountId, Offer)],
        today: Day,
    ) -> Vec<(AccountId, Gain)> {
        let mut gains: Vec<(AccountId, Gain)> = offers
            .iter()
            .filter_map(|(account, offer)| Some((*account, self.gain(*account, today, offer, 5)?)))
            .collect();
        gains.sort_by(|(one, a), (other, b)| b.value.total_cmp(&a.value).then(one.cmp(other)));
        gains
    }

    fn gain(&self, account: AccountId, today: Day, offer: &Offer, limit: usize) -> Option<Gain> {
        let buyer = self.buyer(account)?;
        let habit = self.habit(Some(buyer));
        let mut gain = Gain {
            promotion: offer.promotion,
            value: 0.0,
            saving: 0.0,
            items: Vec::new(),
        };
        for item in &offer.items {
            let at = self.history.item_at.get(&item.product)?;
            let Some(pair) = buyer.pair(*at) else {
                continue;
            };
            let pieces = self.usual_pieces(&habit, pair, today, item.step);
            let saving = (item.price - item.promotional).max(0.0) * f64::from(pieces);
            gain.saving += saving;
            gain.value += saving;
            gain.items.push(Suggestion {
                product: item.product,
                pieces,
                score: saving,
                probability: None,
                reasons: vec![Reason::InPromotion {
                    promotion: offer.promotion,
                }],
            });
        }
        gain.items.truncate(limit);
        (!gain.items.is_empty()).then_some(gain)
    }
}
