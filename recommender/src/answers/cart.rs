//! What goes with a cart or a product, and what a cart lacks that usually is in it.

use trade::id::ProductId;

use super::reasons::TOLD;
use crate::history::ItemAt;
use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

/// Lines of orders looked at for one answer, about; of items ordered more often every second,
/// third, … order is looked at.
const LINES: usize = 60_000;
/// Orders of an item looked at whatever else is in the cart.
const ORDERS: usize = 40;
/// How much the account's own habit counts beside what goes with the cart. With half of
/// each order given, wholesale customers liked 1 to 2 best, and a grocer's customers too.
const OWN: f64 = 1.5;

/// What stands in orders together with some items.
pub(crate) struct Beside {
    /// By item: how strongly it goes with all of them.
    strength: Vec<f32>,
    /// By item: the one of them it goes with most; `u32::MAX` where with none.
    best: Vec<ItemAt>,
    /// Items with any strength, ascending.
    found: Vec<ItemAt>,
}

impl Beside {
    /// The one of the items that an item goes with most.
    pub fn best(&self, item: ItemAt) -> Option<ItemAt> {
        let best = self.best.get(item as usize).copied();
        best.filter(|best| *best != ItemAt::MAX)
    }

    fn strength(&self, item: ItemAt) -> f32 {
        self.strength.get(item as usize).copied().unwrap_or(0.0)
    }
}

impl Model {
    /// Counts what stands in orders with these items, from the orders with them.
    pub(crate) fn beside(&self, items: &[ItemAt]) -> Beside {
        let known = self.history.items.len();
        let mut beside = Beside {
            strength: vec![0.0; known],
            best: vec![ItemAt::MAX; known],
            found: Vec::new(),
        };
        let mut strongest = vec![0.0_f32; known];
        let mut counts = vec![0_u32; known];
        let mut touched: Vec<ItemAt> = Vec::new();
        let size = (self.state.lines / self.state.orders.max(1)).max(1) as usize;
        let orders = (LINES / items.len().max(1) / size).max(ORDERS);
        // By id: of equals the first is taken, and numbers depend on what came first.
        let mut items = items.to_vec();
        items.sort_unstable_by_key(|item| self.history.items[*item as usize]);
        for item in items {
            let Some(sales) = self.state.sales.get(item as usize) else {
                continue;
            };
            let every = sales.postings.len().div_ceil(orders).max(1);
            for &(account, order) in sales.postings.iter().step_by(every) {
                let basket = &self.history.baskets[account as usize][order as usize];
                for (other, _) in &basket.lines {
                    let count = &mut counts[*other as usize];
                    if *count == 0 {
                        touched.push(*other);
                    }
                    *count += 1;
                }
            }
            let sold = sales.postings.len() as f32 + 5.0;
            for other in touched.drain(..) {
                let with = std::mem::take(&mut counts[other as usize]) as usize * every;
                if other == item {
                    continue;
                }
                let of_other = self.state.sales[other as usize].postings.len() as f32 + 5.0;
                let strength = with as f32 / (sold * of_other).sqrt();
                let at = other as usize;
                if beside.strength[at] == 0.0 {
                    beside.found.push(other);
                }
                beside.strength[at] += strength;
                if strength > strongest[at] {
                    strongest[at] = strength;
                    beside.best[at] = item;
                }
            }
        }
        beside.found.sort_unstable();
        beside
    }

    /// Items that go with those in `cart` (or with the one product of a page), whether the account
    /// ordered them before or not. None of `cart` is among them.
    #[must_use]
    pub fn goes_with(&self, ask: &Ask<'_>, cart: &[ProductId]) -> Vec<Suggestion> {
        let numbers = cart.iter().filter_map(|id| self.history.item_at.get(id));
        let mut cart: Vec<ItemAt> = numbers.copied().collect();
        cart.sort_unstable();
        cart.dedup();
        let facts = self.facts(ask.account, ask.today, &cart);
        let beside = facts.beside();
        let buyer = self.buyer(ask.account);
        let mut scored: Vec<(f64, ItemAt)> = beside
            .found
            .iter()
            .filter(|item| cart.binary_search(item).is_err())
            .map(|item| {
                let pair = buyer.and_then(|buyer| Some((buyer, buyer.pair(*item)?)));
                let own = pair.map_or(0.0, |(buyer, pair)| {
                    let since = buyer.orders.saturating_sub(1).saturating_sub(pair.last);
                    let decayed = f64::from(pair.by_order[1]);
                    // What stood in every order would sum up to this.
                    decayed * 0.85_f64.powi(since as i32) * 0.15
                });
                (f64::from(beside.strength(*item)) + OWN * own, *item)
            })
            .collect();
        let items = &self.history.items;
        scored.sort_unstable_by(|a, b| {
            let by_id = || items[a.1 as usize].cmp(&items[b.1 as usize]);
            b.0.total_cmp(&a.0).then_with(by_id)
        });
        let habit = self.habit(buyer);
        let mut found = Vec::new();
        for (score, item) in scored {
            if found.len() >= ask.limit {
                break;
            }
            let product = items[item as usize];
            let Some(step) = (ask.may)(product) else {
                continue;
            };
            let Some(goes_with) = facts.goes_with(item) else {
                continue;
            };
            let pair = buyer.and_then(|buyer| buyer.pair(item));
            let pieces = match pair {
                Some(pair) => self.usual_pieces(&habit, pair, ask.today, step),
                None => self.first_pieces(&habit, item, step),
            };
            let mut reasons = vec![goes_with];
            let others = facts.of(item).into_iter();
            reasons.extend(others.filter(|reason| !matches!(reason, Reason::GoesWith { .. })));
            reasons.truncate(TOLD);
            found.push(Suggestion {
                product,
                pieces,
                score,
                probability: None,
                reasons,
            });
        }
        found
    }

    /// Of the usual order, what is not in `cart`: "did you forget?".
    #[must_use]
    pub fn forgotten(&self, ask: &Ask<'_>, cart: &[ProductId]) -> Vec<Suggestion> {
        let limit = ask.limit.saturating_add(cart.len());
        let mut usual = self.usual_order(&ask.limit(limit));
        usual.retain(|suggestion| !cart.contains(&suggestion.product));
        usual.truncate(ask.limit);
        usual
    }
}
