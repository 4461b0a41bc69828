//! Which promotion an account gains from, and which account a promotion.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use trade::id::{AccountId, ProductId, PromotionId};

use super::due::Rhythms;
use super::quantity::Habit;
use super::reasons::{Facts, TOLD};
use crate::history::{Day, ItemAt};
use crate::model::Model;
use crate::state::{Buyer, Pair};
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
    /// What the account saves on its usual quantities of the items it still orders.
    pub saving: f64,
    /// The items it is likeliest to order of it, with quantities and reasons.
    pub items: Vec<Suggestion>,
}

/// What a promotion does to a purchase.
///
/// The defaults are assumptions until promotions of the brand itself have run. Only `odds` leans on
/// a published figure, a mean price elasticity of -2.62 over 1,851 estimates
/// (Bijmolt, van Heerde and Pieters, Journal of Marketing Research 42, 2005). It is rather
/// high: of what promoted consumer brands gain, about three quarters is switching from other brands
/// (Bell, Chiang and Padmanabhan, Marketing Science 18, 1999), and here larger quantities come on
/// top. The other three have no source but judgement. So values rank promotions and accounts; as
/// amounts of money they are to be taken with care.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Uplift {
    /// What the logarithm of the odds of ordering gains for a price of nothing; a tenth of it for
    /// a tenth off.
    pub odds: f64,
    /// How much more of an item is taken for a price of nothing; a tenth of it for a tenth off.
    pub stock_up: f64,
    /// The share of additional sales that is missing from other items or later orders.
    pub displaced: f64,
    /// What else is sold along with an item the account would not have ordered, as a share of it.
    pub brought_along: f64,
}

impl Uplift {
    /// What is assumed before promotions of the brand itself have shown it.
    pub const DEFAULT: Uplift = Uplift {
        odds: 2.6,
        stock_up: 0.5,
        displaced: 0.15,
        brought_along: 0.1,
    };

    /// Learned from promotions that ran: `observed` is the gain in the logarithm of the odds by
    /// unit of price taken off, as seen over so many `orders`; little evidence stays near `self`.
    /// Ask a category's from the brand's, and an item's from its category's.
    #[must_use]
    pub fn shrunk(self, observed: f64, orders: u32) -> Self {
        /// Orders that weigh as much as what was assumed.
        const ASSUMED: f64 = 200.0;
        let orders = f64::from(orders);
        Self {
            odds: (self.odds * ASSUMED + observed.max(0.0) * orders) / (ASSUMED + orders),
            ..self
        }
    }
}

impl Default for Uplift {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Accounts counted as if they were of the account's kind and ordered as everybody does.
const EVERYBODY: f64 = 3.0;
/// How much likelier an item is tried by an account that stocks its category or brand, and less so
/// by one that does not.
const STOCKED: f64 = 1.5;
const NOT_STOCKED: f64 = 0.5;
/// No item is likelier than this to be tried in the time of a promotion.
const TRIED_AT_MOST: f64 = 0.3;
/// The account still orders an item it orders within a year with at least this chance.
const STILL_ORDERED: f64 = 0.05;

/// What is asked for all offers of one account.
struct Asked<'m> {
    facts: Facts<'m>,
    buyer: Option<&'m Buyer>,
    habit: Habit,
    rhythms: &'m Rhythms,
    today: Day,
    uplift: Uplift,
}

/// An item of an offer, weighed.
struct Weighed {
    value: f64,
    saving: f64,
    chance: f64,
    pieces: u32,
}

impl Model {
    /// Promotions by what is expected to come of them, the best first. Those with nothing for this
    /// account are left out.
    #[must_use]
    pub fn promotions(&self, ask: &Ask<'_>, offers: &[Offer]) -> Vec<Gain> {
        let rhythms = self.rhythms();
        let facts = self.facts(ask.account, ask.today, &[]);
        let asked = self.asked(facts, &rhythms, ask.account, ask.today);
        let mut gains: Vec<Gain> = offers
            .iter()
            .filter_map(|offer| {
                let may = |product| (ask.may)(product).is_some();
                self.gain(&asked, offer, &may, ask.limit)
            })
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
        let rhythms = self.rhythms();
        let mut gains: Vec<(AccountId, Gain)> = offers
            .par_iter()
            .filter_map(|(account, offer)| {
                let facts = self.facts(*account, today, &[]).lean();
                let asked = self.asked(facts, &rhythms, *account, today);
                Some((*account, self.gain(&asked, offer, &|_| true, 5)?))
            })
            .collect();
        gains.sort_by(|(one, a), (other, b)| b.value.total_cmp(&a.value).then(one.cmp(other)));
        gains
    }

    fn asked<'m>(
        &'m self,
        facts: Facts<'m>,
        rhythms: &'m Rhythms,
        account: AccountId,
        today: Day,
    ) -> Asked<'m> {
        let buyer = self.buyer(account);
        Asked {
            facts,
            buyer,
            habit: self.habit(buyer),
            rhythms,
            today,
            uplift: Uplift::DEFAULT,
        }
    }

    fn gain(
        &self,
        asked: &Asked<'_>,
        offer: &Offer,
        may: &dyn Fn(ProductId) -> bool,
        limit: usize,
    ) -> Option<Gain> {
        let mut weighed: Vec<(OfferItem, Option<ItemAt>, Weighed)> = Vec::new();
        for item in offer.items.iter().filter(|item| may(item.product)) {
            let at = self.history.item_at.get(&item.product).copied();
            weighed.push((*item, at, self.weigh(asked, offer, item, at)));
        }
        weighed.sort_by(|(one, _, a), (other, _, b)| {
            b.chance
                .total_cmp(&a.chance)
                .then(one.product.cmp(&other.product))
        });
        let gain = Gain {
            promotion: offer.promotion,
            value: weighed.iter().map(|(_, _, of)| of.value).sum(),
            saving: weighed.iter().map(|(_, _, of)| of.saving).sum(),
            items: weighed
                .iter()
                .take(limit)
                .map(|(item, at, of)| {
                    let mut reasons = vec![Reason::InPromotion {
                        promotion: offer.promotion,
                    }];
                    reasons.extend(at.map_or_else(Vec::new, |at| asked.facts.of(at)));
                    reasons.truncate(TOLD);
                    Suggestion {
                        product: item.product,
                        pieces: of.pieces,
                        score: of.chance,
                        probability: None,
                        reasons,
                    }
                })
                .collect(),
        };
        (!gain.items.is_empty()).then_some(gain)
    }

    /// What an item of an offer is expected to bring: sales with the promotion less sales without
    /// it, less what other items and later orders lose, with what else is sold along.
    fn weigh(
        &self,
        asked: &Asked<'_>,
        offer: &Offer,
        item: &OfferItem,
        at: Option<ItemAt>,
    ) -> Weighed {
        let pair = at.and_then(|at| Some((asked.buyer?, asked.buyer?.pair(at)?)));
        let before = match (pair, at) {
            (Some((buyer, pair)), _) => self.orders_again(asked, buyer, pair, offer.days),
            (None, Some(at)) => self.tries(asked, at, offer.days),
            (None, None) => 0.0,
        };
        let usual = match (pair, at) {
            (Some((_, pair)), _) => self.usual_pieces(&asked.habit, pair, asked.today, item.step),
            (None, Some(at)) => self.first_pieces(&asked.habit, at, item.step),
            (None, None) => item.step.nearest(1.0),
        };
        let depth = if item.price > 0.0 {
            (1.0 - item.promotional / item.price).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let uplift = asked.uplift;
        let chance = raised(before, uplift.odds * depth);
        let usually = f64::from(usual);
        let pieces = usually * (1.0 + uplift.stock_up * depth);
        let without = before * usually * item.price;
        let with = chance * pieces * item.promotional;
        // Pieces that would not have been ordered now, at what they are sold for.
        let additional = (chance * pieces - before * usually).max(0.0) * item.promotional;
        // A sure buyer's larger quantity comes off its next order.
        let early = before * (pieces - usually) * item.promotional;
        let along = if pair.is_none() {
            additional * uplift.brought_along
        } else {
            0.0
        };
        let lost = early + (additional - early).max(0.0) * uplift.displaced;
        let still = pair.is_some_and(|(buyer, pair)| {
            self.orders_again(asked, buyer, pair, 365) >= STILL_ORDERED
        });
        let off = (item.price - item.promotional).max(0.0);
        Weighed {
            value: with - without - lost + along,
            saving: if still { off * usually } else { 0.0 },
            chance,
            pieces: usual,
        }
    }

    /// That the account orders an item it knows within so many days; without dates, in its next
    /// order.
    fn orders_again(&self, asked: &Asked<'_>, buyer: &Buyer, pair: &Pair, days: u32) -> f64 {
        if self.history.dated {
            return self.within(asked.rhythms, buyer, pair, asked.today, days.max(1));
        }
        let since = buyer.orders.saturating_sub(1).saturating_sub(pair.last);
        f64::from(pair.by_order[1]) * 0.85_f64.powi(since as i32) * 0.15
    }

    /// That the account tries an item within so many days: as many of its kind did over the whole
    /// history, held near what everybody did.
    fn tries(&self, asked: &Asked<'_>, item: ItemAt, days: u32) -> f64 {
        let buyers = self.state.sales.get(item as usize).map_or(0, |s| s.buyers);
        let everybody = (f64::from(buyers) + 0.5) / (f64::from(self.state.active) + 1.0);
        let kind = asked.facts.of_kind(item);
        let share = kind.map_or(everybody, |(buyers, of)| {
            (f64::from(buyers) + EVERYBODY * everybody) / (f64::from(of) + EVERYBODY)
        });
        let affinity = match asked.facts.stocks(item) {
            Some(true) => STOCKED,
            Some(false) => NOT_STOCKED,
            None => 1.0,
        };
        let span = f64::from(asked.rhythms.span.max(28));
        let chance = 1.0 - (-share * affinity * f64::from(days.max(1)) / span).exp();
        chance.min(TRIED_AT_MOST)
    }
}

/// A chance whose odds have been raised.
fn raised(chance: f64, odds: f64) -> f64 {
    let raised = chance * odds.exp();
    raised / (1.0 - chance + raised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_evidence_leaves_the_uplift_as_assumed_and_much_replaces_it() {
        let few = Uplift::DEFAULT.shrunk(10.0, 0);
        let many = Uplift::DEFAULT.shrunk(1.0, 1_000_000);
        assert_eq!(few, Uplift::DEFAULT);
        assert!((many.odds - 1.0).abs() < 0.001);
    }

    #[test]
    fn odds_are_raised_and_certainty_stays() {
        assert!((raised(0.5, 2.0_f64.ln()) - 2.0 / 3.0).abs() < 1e-12);
        assert!((raised(1.0, 1.0) - 1.0).abs() < 1e-12);
        assert!(raised(0.0, 1.0).abs() < 1e-12);
    }
}
