//! What takes the place of an item that is out of stock or no longer sold.

mod names;

use std::collections::HashMap;

use trade::id::ProductId;

use self::names::Names;
use super::reasons::TOLD;
use crate::history::{Day, ItemAt};
use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

/// Accounts that went over, before it is more than chance.
const SWITCHED: u32 = 2;
/// How alike names must be for a variant, and for a switch between items without category.
const VARIANT: f64 = 0.5;
const RELATED: f64 = 0.25;

/// Something that may stand in, and what speaks for it.
#[derive(Default)]
struct Candidate {
    /// Its place among those the brand names.
    named: Option<u32>,
    switched: u32,
    /// How much it resembles the item, 0 to 1.
    alike: f64,
    variant: bool,
}

impl Model {
    /// Items that can stand in for `product`, best first: those the brand names, then variants and
    /// what accounts went over to; of these, what the account knows comes first. `product` itself
    /// is never among them.
    #[must_use]
    pub fn substitutes(&self, ask: &Ask<'_>, product: ProductId) -> Vec<Suggestion> {
        let Some(&at) = self.history.item_at.get(&product) else {
            return Vec::new();
        };
        let buyer = self.buyer(ask.account);
        let mut found: Vec<(f64, ItemAt, Candidate)> = self
            .stand_ins(at)
            .into_iter()
            .filter(|(item, _)| *item != at)
            .map(|(item, candidate)| {
                let known = buyer.is_some_and(|buyer| buyer.pair(item).is_some());
                (self.stands_in(at, item, &candidate, known), item, candidate)
            })
            .collect();
        let items = &self.history.items;
        found.sort_unstable_by(|a, b| {
            let by_id = || items[a.1 as usize].cmp(&items[b.1 as usize]);
            b.0.total_cmp(&a.0).then_with(by_id)
        });
        let habit = self.habit(buyer);
        let of = |item: ItemAt| buyer.and_then(|buyer| buyer.pair(item));
        let suggestions = found.into_iter().filter_map(|(score, item, candidate)| {
            let step = (ask.may)(items[item as usize])?;
            let pieces = match (of(item), of(at)) {
                (Some(pair), _) => self.usual_pieces(&habit, pair, ask.today, step),
                // As many as it would have taken of what is replaced.
                (None, Some(pair)) => self.usual_pieces(&habit, pair, ask.today, step),
                (None, None) => self.first_pieces(&habit, item, step),
            };
            let mut reasons = Vec::with_capacity(TOLD);
            if candidate.named.is_some() || candidate.switched >= SWITCHED {
                let switched = candidate.switched;
                reasons.push(Reason::Replaces { product, switched });
            }
            if candidate.variant {
                reasons.push(Reason::VariantOf { product });
            }
            if let Some(pair) = of(item) {
                reasons.push(Reason::LastOrdered {
                    on: Day(pair.last_day),
                    pieces: pair.pieces[0],
                });
            }
            Some(Suggestion {
                product: items[item as usize],
                pieces,
                score,
                probability: None,
                reasons,
            })
        });
        suggestions.take(ask.limit).collect()
    }

    /// Everything that may stand in for an item.
    fn stand_ins(&self, at: ItemAt) -> HashMap<ItemAt, Candidate> {
        let facts = &self.history.facts[at as usize];
        let switched = self.switched(at);
        let names = Names::of(&self.history, at);
        let mut found: HashMap<ItemAt, Candidate> = HashMap::new();
        for (item, alike) in names.alike() {
            let switched = switched.get(&item).copied().unwrap_or(0);
            // Without categories only a name tells that two things serve the same end.
            let went_over = switched >= SWITCHED && (facts.category.is_some() || alike >= RELATED);
            if alike >= VARIANT || went_over {
                found.insert(
                    item,
                    Candidate {
                        named: None,
                        switched,
                        alike,
                        variant: alike >= VARIANT,
                    },
                );
            }
        }
        for (place, other) in (0..).zip(&facts.substitutes) {
            if let Some(item) = self.history.item_at.get(other) {
                let candidate = found.entry(*item).or_insert_with(|| Candidate {
                    switched: switched.get(item).copied().unwrap_or(0),
                    ..Candidate::default()
                });
                candidate.named = candidate.named.or(Some(place));
            }
        }
        found
    }

    /// Accounts whose first order with another item came after their last with this one, by item.
    fn switched(&self, at: ItemAt) -> HashMap<ItemAt, u32> {
        let mut switched: HashMap<ItemAt, u32> = HashMap::new();
        let mut last = None;
        for (account, _) in &self.state.sales[at as usize].postings {
            if last == Some(*account) {
                continue;
            }
            last = Some(*account);
            let buyer = &self.state.buyers[*account as usize];
            let Some(left) = buyer.pair(at) else {
                continue;
            };
            for pair in buyer.pairs.iter().filter(|pair| pair.first > left.last) {
                *switched.entry(pair.item).or_default() += 1;
            }
        }
        switched
    }

    /// How well an item stands in.
    fn stands_in(&self, at: ItemAt, item: ItemAt, candidate: &Candidate, known: bool) -> f64 {
        let sales = &self.state.sales;
        let buyers = f64::from(sales[at as usize].buyers);
        let others = f64::from(sales[item as usize].buyers);
        // Against what chance would bring, and never by a few accounts alone.
        let switched = f64::from(candidate.switched) / (buyers.min(others) + 5.0);
        // What is ordered by the same accounts, though not at one time, serves the same end.
        let (with, _) = self.together(at, item);
        let apart = 1.0 - f64::from(with) / (buyers.min(others) + 5.0).max(f64::from(with) + 1.0);
        let (one, other) = (self.price(at), self.price(item));
        let price = if one > 0.0 && other > 0.0 {
            (-(one / other).ln().abs()).exp()
        } else {
            0.5
        };
        let found = candidate.alike * (0.6 + 0.4 * price) + switched + 0.1 * apart;
        let found = if known { found * 1.5 } else { found };
        // What the brand names comes first, in its order, but for what the account knows.
        match candidate.named {
            Some(place) => 10.0 + 1.0 / f64::from(1 + place) + if known { 1.0 } else { 0.0 },
            None => found,
        }
    }

    fn price(&self, item: ItemAt) -> f64 {
        self.history.facts[item as usize].price
    }
}
