//! What the account never ordered and might like to try.

use std::collections::HashMap;

use crate::history::{AccountAt, ItemAt};
use crate::model::Model;
use crate::state::Buyer;
use crate::suggestion::{Ask, Suggestion};

/// Of one category, at most so many.
const OF_A_CATEGORY: usize = 2;
/// One in so many may be an item that nobody has ordered yet.
const UNTRIED: usize = 5;
/// How much what everybody does counts beside what accounts of the same kind do, in accounts.
const PRIOR: f64 = 3.0;

impl Model {
    /// Items new to the account, the most promising first: what similar accounts order, what goes
    /// with what it orders, and now and then something nobody has tried. At most two of a
    /// category.
    #[must_use]
    pub fn new_items(&self, ask: &Ask<'_>) -> Vec<Suggestion> {
        let account = self.account(ask.account);
        let mut ranked: Vec<(ItemAt, f64, Option<f64>)> = Vec::new();
        match (account, self.buyer(ask.account)) {
            (Some(account), Some(_)) => {
                for one in self.rank_new(account) {
                    ranked.push((one.item, f64::from(one.score), Some(one.probability)));
                }
            }
            (account, _) => ranked = self.of_its_kind(account),
        }
        let buyer = self.buyer(ask.account);
        let mut untried = buyer
            .map_or_else(Vec::new, |buyer| self.untried(buyer))
            .into_iter();
        let mut taken: HashMap<_, usize> = HashMap::new();
        let mut found: Vec<Suggestion> = Vec::new();
        let habit = self.habit(buyer);
        let facts = self.facts(ask.account, ask.today, &[]);
        let mut ranked = ranked.into_iter();
        while found.len() < ask.limit {
            let slot = found.len() + 1;
            let fresh = if slot.is_multiple_of(UNTRIED) {
                untried.next()
            } else {
                None
            };
            let Some((item, score, probability)) = fresh.or_else(|| ranked.next()) else {
                break;
            };
            let product = self.history.items[item as usize];
            let Some(step) = (ask.may)(product) else {
                continue;
            };
            let category = self.history.facts[item as usize].category;
            if let Some(category) = category {
                let of_it = taken.entry(category).or_default();
                *of_it += 1;
                if *of_it > OF_A_CATEGORY {
                    continue;
                }
            }
            found.push(Suggestion {
                product,
                pieces: self.first_pieces(&habit, item, step),
                score,
                probability,
                reasons: facts.of_new(item),
            });
        }
        // Sorted by score, whatever slot brought them in.
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found
    }

    /// For an account without orders: what accounts of its group (without one, of its region)
    /// order, drawn towards what everybody orders.
    fn of_its_kind(&self, account: Option<AccountAt>) -> Vec<(ItemAt, f64, Option<f64>)> {
        let (of, buyers) = self.ordered_by_kind(account);
        let everybody = f64::from(self.state.active.max(1));
        let mut found: Vec<(ItemAt, f64, Option<f64>)> = (0..)
            .zip(&self.state.sales)
            .filter(|(_, sales)| sales.buyers > 0)
            .map(|(item, sales): (ItemAt, _)| {
                let all = f64::from(sales.buyers) / everybody;
                let own = f64::from(buyers.get(&item).copied().unwrap_or(0));
                (item, (own + PRIOR * all) / (f64::from(of) + PRIOR), None)
            })
            .collect();
        let id = |item: ItemAt| self.history.items[item as usize];
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(a.0).cmp(&id(b.0))));
        found
    }

    /// How many accounts of the same kind have ordered anything, and how many each item.
    fn ordered_by_kind(&self, account: Option<AccountAt>) -> (u32, HashMap<ItemAt, u32>) {
        let mut buyers: HashMap<ItemAt, u32> = HashMap::new();
        let Some(kind) = account.and_then(|account| self.kind(account)) else {
            return (0, buyers);
        };
        for member in kind.members() {
            for pair in &self.state.buyers[member as usize].pairs {
                *buyers.entry(pair.item).or_default() += 1;
            }
        }
        (kind.of(), buyers)
    }

    /// Items without a sale, of the categories and brands the account orders, the more it orders
    /// of them the earlier.
    fn untried(&self, buyer: &Buyer) -> Vec<(ItemAt, f64, Option<f64>)> {
        let (mut categories, mut brands) = (HashMap::new(), HashMap::new());
        for pair in &buyer.pairs {
            let facts = &self.history.facts[pair.item as usize];
            *categories.entry(facts.category).or_insert(0.0) += f64::from(pair.count);
            *brands.entry(facts.brand).or_insert(0.0) += f64::from(pair.count);
        }
        let lines = f64::from(buyer.lines.max(1));
        let mut found: Vec<(ItemAt, f64, Option<f64>)> = (0..)
            .zip(&self.history.facts)
            .filter(|(item, _)| {
                self.state
                    .sales
                    .get(*item as usize)
                    .is_none_or(|sales| sales.postings.is_empty())
            })
            .filter_map(|(item, facts): (ItemAt, _)| {
                facts.category?;
                let category = categories.get(&facts.category).copied().unwrap_or(0.0);
                let brand = brands.get(&facts.brand).copied().unwrap_or(0.0);
                (category > 0.0).then_some((item, (category + 0.5 * brand) / lines - 5.0, None))
            })
            .collect();
        let id = |item: ItemAt| self.history.items[item as usize];
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(a.0).cmp(&id(b.0))));
        found
    }
}
