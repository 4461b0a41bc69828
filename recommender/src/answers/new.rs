//! What the account never ordered and might like to try.

use std::collections::HashMap;

use crate::history::{AccountAt, ItemAt};
use crate::model::Model;
use crate::state::Buyer;
use crate::suggestion::{Ask, Reason, Suggestion};

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
                reasons: self.new_reasons(account, item),
            });
        }
        // Sorted by score, whatever slot brought them in.
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found
    }

    /// For an account without orders: what accounts of its group (without one, of its region)
    /// order, drawn towards what everybody orders.
    fn of_its_kind(&self, account: Option<AccountAt>) -> Vec<(ItemAt, f64, Option<f64>)> {
        let (of, buyers) = self.kind_of(account);
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
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    /// Accounts of the same kind that have ordered, and how many of them ordered each item.
    pub(crate) fn kind_of(&self, account: Option<AccountAt>) -> (u32, HashMap<ItemAt, u32>) {
        let mut buyers: HashMap<ItemAt, u32> = HashMap::new();
        let Some(own) = account.and_then(|at| self.history.retailers.get(at as usize)) else {
            return (0, buyers);
        };
        let alike = |at: usize| {
            let other = &self.history.retailers[at];
            match own.group {
                Some(group) => other.group == Some(group),
                None => !own.region.is_empty() && other.region == own.region,
            }
        };
        let mut of = 0;
        for (at, buyer) in self.state.buyers.iter().enumerate() {
            if buyer.orders > 0 && Some(at as AccountAt) != account && alike(at) {
                of += 1;
                for pair in &buyer.pairs {
                    *buyers.entry(pair.item).or_default() += 1;
                }
            }
        }
        (of, buyers)
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
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    fn new_reasons(&self, account: Option<AccountAt>, item: ItemAt) -> Vec<Reason> {
        let sales = &self.state.sales[item as usize];
        if sales.postings.is_empty() {
            return vec![Reason::JustAdded];
        }
        let (of, buyers) = self.kind_of(account);
        let mut reasons = Vec::new();
        if let Some(buyers) = buyers.get(&item).copied().filter(|_| of > 0) {
            reasons.push(Reason::OfYourKind { buyers, of });
        }
        reasons.push(Reason::Popular {
            buyers: sales.buyers,
            of: self.state.active,
        });
        reasons
    }
}
