//! Facts that speak for an item: each counted exactly after its definition in
//! [`Reason`], the strongest first.

mod calendar;

use std::cell::OnceCell;
use std::collections::HashMap;

use trade::id::{AccountId, CategoryId, ProductBrandId, ProductId};

use super::cart::Beside;
use crate::history::{AccountAt, Basket, Day, ItemAt};
use crate::model::Model;
use crate::state::{Buyer, Pair};
use crate::suggestion::{Ask, Reason};

/// Facts told with a suggestion, at most.
pub(crate) const TOLD: usize = 3;
/// Accounts that are asked what those like the account order.
pub(crate) const LIKE_ACCOUNTS: usize = 30;
/// The latest orders in which an item is looked for.
const LATEST: u32 = 8;
/// Days of "lately", and of the year before them.
const LATELY: i32 = 28;
const YEAR: i32 = 364;
/// Orders with both, before they are said to go together.
const TOGETHER: u32 = 3;

/// What reasons are drawn from, for one account and one answer. What is dear is counted when it is
/// first needed, and once.
pub(crate) struct Facts<'m> {
    model: &'m Model,
    id: AccountId,
    account: Option<AccountAt>,
    buyer: Option<&'m Buyer>,
    today: Day,
    /// What new items may go with: the cart or, without one, the account's last order.
    with: Vec<ItemAt>,
    beside: OnceCell<Beside>,
    peers: OnceCell<Vec<&'m Buyer>>,
    kind: OnceCell<Option<Kind>>,
    stocked: OnceCell<Stocked>,
    /// Whether the dear ones are left out: when many accounts are asked for at once.
    lean: bool,
}

/// Accounts of the same group or region.
pub(crate) struct Kind {
    /// By account: whether it is one of them.
    members: Vec<bool>,
    of: u32,
}

impl Kind {
    /// How many they are.
    pub fn of(&self) -> u32 {
        self.of
    }

    pub fn members(&self) -> impl Iterator<Item = AccountAt> + '_ {
        let members = (0..).zip(&self.members);
        members.filter(|(_, member)| **member).map(|(at, _)| at)
    }
}

/// Orders of the account by category and by brand.
#[derive(Default)]
struct Stocked {
    categories: HashMap<CategoryId, u32>,
    brands: HashMap<ProductBrandId, u32>,
}

impl Model {
    /// Where reasons for an account come from; `cart` may be empty.
    pub(crate) fn facts(&self, id: AccountId, today: Day, cart: &[ItemAt]) -> Facts<'_> {
        let account = self.account(id);
        let baskets = account.map_or(&[][..], |at| &self.history.baskets[at as usize]);
        let with = if cart.is_empty() {
            let last = baskets.last().map_or(&[][..], |basket| &basket.lines);
            last.iter().map(|line| line.0).collect()
        } else {
            cart.to_vec()
        };
        Facts {
            model: self,
            id,
            account,
            buyer: self.buyer(id),
            today,
            with,
            beside: OnceCell::new(),
            peers: OnceCell::new(),
            kind: OnceCell::new(),
            stocked: OnceCell::new(),
            lean: false,
        }
    }

    /// The strongest facts that speak for each of these products, for the account that asks: at
    /// most three of each, none of one that is not known.
    #[must_use]
    pub fn why(&self, ask: &Ask<'_>, products: &[ProductId]) -> Vec<(ProductId, Vec<Reason>)> {
        let facts = self.facts(ask.account, ask.today, &[]);
        let known = products
            .iter()
            .filter(|product| (ask.may)(**product).is_some())
            .filter_map(|product| Some((*product, *self.history.item_at.get(product)?)));
        known
            .map(|(product, item)| (product, facts.of(item)))
            .collect()
    }

    /// What the account's own orders say of an item.
    pub(crate) fn own_reasons(
        &self,
        account: AccountAt,
        buyer: &Buyer,
        pair: &Pair,
        today: Day,
    ) -> Vec<Reason> {
        let of = buyer.orders.min(LATEST);
        let times = pair.in_latest(buyer.orders, of);
        let mut reasons = Vec::with_capacity(TOLD);
        if times > 0 {
            reasons.push(Reason::OftenOrdered { times, of });
        }
        if let Some(every_days) = self.median_gap(account, pair) {
            reasons.push(Reason::Rhythm {
                every_days,
                last_days_ago: today.since(Day(pair.last_day)).max(0) as u32,
            });
        }
        reasons.extend(self.season(account, pair.item, today));
        reasons.push(Reason::LastOrdered {
            on: Day(pair.last_day),
            pieces: pair.pieces[0],
        });
        reasons.truncate(TOLD);
        reasons
    }

    /// The median of the gaps between an account's orders of an item, in days, half days up; none
    /// before there are two gaps, nor without dates.
    pub(crate) fn median_gap(&self, account: AccountAt, pair: &Pair) -> Option<u32> {
        if !self.history.dated || pair.count < 3 {
            return None;
        }
        let baskets = &self.history.baskets[account as usize];
        let days: Vec<i32> = baskets
            .get(pair.first as usize..=pair.last as usize)?
            .iter()
            .filter(|basket| holds(basket, pair.item))
            .map(|basket| basket.day)
            .collect();
        let mut gaps: Vec<i32> = days.windows(2).map(|two| two[1] - two[0]).collect();
        gaps.sort_unstable();
        let low = gaps.get(gaps.len().checked_sub(1)? / 2)?;
        let high = gaps.get(gaps.len() / 2)?;
        Some((low + high + 1).unsigned_abs() / 2)
    }

    /// Of the orders with `other`, how many held `item` too.
    pub(crate) fn together(&self, other: ItemAt, item: ItemAt) -> (u32, u32) {
        let of = |item: ItemAt| &self.state.sales[item as usize].postings;
        let (a, b) = (of(other), of(item));
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        let (mut rest, mut with) = (many.as_slice(), 0);
        for posting in few {
            // Mostly the next one is near: look there first, twice as far each time.
            let mut far = 1;
            while far < rest.len() && rest[far - 1] < *posting {
                far *= 2;
            }
            let near = &rest[..far.min(rest.len())];
            rest = &rest[near.partition_point(|other| other < posting)..];
            with += u32::from(rest.first() == Some(posting));
        }
        (with, a.len() as u32)
    }

    /// Orders of the last 28 days with an item, and of the 364 days before, if it rises.
    fn rising(&self, item: ItemAt, today: Day) -> Option<(u32, u32)> {
        if !self.history.dated {
            return None;
        }
        let days = &self.state.sales.get(item as usize)?.days;
        let between = |after: i32, until: i32| -> u32 {
            let from = days.partition_point(|day| day.0 <= after);
            let to = days.partition_point(|day| day.0 <= until);
            days[from..to.max(from)].iter().map(|day| day.1).sum()
        };
        let month = today.0.saturating_sub(LATELY);
        let recent = between(month, today.0);
        let before = between(month.saturating_sub(YEAR), month);
        // 28 days are a thirteenth of 364.
        let rises = before > 0 && u64::from(recent) * 26 >= u64::from(before) * 3;
        rises.then_some((recent, before))
    }

    /// The first order with an item in the 28 days from this day last year on.
    fn season(&self, account: AccountAt, item: ItemAt, today: Day) -> Option<Reason> {
        if !self.history.dated {
            return None;
        }
        let from = calendar::a_year_before(today).0;
        let baskets = &self.history.baskets[account as usize];
        let at = baskets.partition_point(|basket| basket.day < from);
        let then = baskets[at..].iter().take_while(|b| b.day < from + LATELY);
        let first = then.into_iter().find(|basket| holds(basket, item))?;
        Some(Reason::Season { on: Day(first.day) })
    }
}

fn holds(basket: &Basket, item: ItemAt) -> bool {
    basket
        .lines
        .binary_search_by_key(&item, |line| line.0)
        .is_ok()
}

impl<'m> Facts<'m> {
    /// The same, without the facts that are dear to count.
    pub fn lean(self) -> Self {
        Self { lean: true, ..self }
    }

    /// Whether the account has ordered from the item's category or brand; none where the item has
    /// neither.
    pub fn stocks(&self, item: ItemAt) -> Option<bool> {
        let facts = self.model.history.facts.get(item as usize)?;
        let stocked = self.stocked();
        let category = facts
            .category
            .map(|id| stocked.categories.contains_key(&id));
        let brand = facts.brand.map(|id| stocked.brands.contains_key(&id));
        category.max(brand)
    }

    /// The strongest facts for an item, at most three, at least one.
    pub fn of(&self, item: ItemAt) -> Vec<Reason> {
        let pair = self
            .buyer
            .and_then(|buyer| Some((buyer, buyer.pair(item)?)));
        match (self.account, pair) {
            (Some(account), Some((buyer, pair))) => {
                self.model.own_reasons(account, buyer, pair, self.today)
            }
            _ => self.of_new(item),
        }
    }

    /// The strongest facts for an item the account has not ordered.
    pub fn of_new(&self, item: ItemAt) -> Vec<Reason> {
        let mut found: Vec<(f64, Reason)> = Vec::with_capacity(8);
        let sales = self.model.state.sales.get(item as usize);
        let (buyers, active) = (
            sales.map_or(0, |sales| sales.buyers),
            self.model.state.active,
        );
        let everywhere = f64::from(buyers) / f64::from(active.max(1));
        self.accounts_say(item, everywhere, &mut found);
        self.own_orders_say(item, &mut found);
        if let Some((recent, before)) = self.model.rising(item, self.today) {
            // A few orders more than one or two say nothing.
            let times = f64::from(recent) * 13.0 / f64::from(before);
            let strength = 0.15 * (times.ln() / 2.0).min(1.0) * share(recent, 5);
            found.push((strength, Reason::Rising { recent, before }));
        }
        if buyers > 0 {
            found.push((0.3 * everywhere, Reason::Popular { buyers, of: active }));
        } else {
            found.push((0.1, Reason::JustAdded));
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.truncate(TOLD);
        found.into_iter().map(|(_, reason)| reason).collect()
    }

    /// What accounts like this one, and those of its kind, do with an item.
    fn accounts_say(&self, item: ItemAt, everywhere: f64, found: &mut Vec<(f64, Reason)>) {
        let (buyers, of) = if self.lean {
            (0, 0)
        } else {
            self.like_accounts(item)
        };
        if buyers > 0 {
            // What most accounts order says little of those like this one.
            let here = share(buyers - 1, of);
            let strength = here * (1.0 + (here / (everywhere + 0.05)).ln().clamp(-0.5, 1.0));
            found.push((strength, Reason::LikeAccounts { buyers, of }));
        }
        if let Some((buyers, of)) = self.of_kind(item) {
            let here = share(buyers - 1, of);
            let strength = here * (0.7 + (here / (everywhere + 0.05)).ln().clamp(-0.5, 0.7));
            found.push((strength, Reason::OfYourKind { buyers, of }));
        }
    }

    /// What the account's own orders say of an item that is not among them.
    fn own_orders_say(&self, item: ItemAt, found: &mut Vec<(f64, Reason)>) {
        if !self.lean
            && let Some(Reason::GoesWith { product, with, of }) = self.goes_with(item)
            && with >= TOGETHER
        {
            let strength = 1.2 * share(with - 1, of);
            found.push((strength, Reason::GoesWith { product, with, of }));
        }
        let Some(facts) = self.model.history.facts.get(item as usize) else {
            return;
        };
        let orders = self.buyer.map_or(0, |buyer| buyer.orders);
        let stocked = self.stocked();
        if let Some(brand) = facts.brand
            && let Some(&times) = stocked.brands.get(&brand)
        {
            let strength = 0.2 * share(times, orders);
            let orders = times;
            found.push((strength, Reason::BrandYouStock { brand, orders }));
        }
        if let Some(category) = facts.category
            && let Some(&times) = stocked.categories.get(&category)
        {
            let strength = 0.18 * share(times, orders);
            let orders = times;
            found.push((strength, Reason::CategoryYouStock { category, orders }));
        }
    }

    /// Of the accounts most like this one, how many ordered an item.
    fn like_accounts(&self, item: ItemAt) -> (u32, u32) {
        let peers = self.peers();
        let buyers = peers.iter().filter(|peer| peer.pair(item).is_some());
        (buyers.count() as u32, peers.len() as u32)
    }

    /// The item of the cart or last order that an item goes with most, if any.
    pub fn goes_with(&self, item: ItemAt) -> Option<Reason> {
        let model = self.model;
        let best = self.beside().best(item).filter(|best| *best != item)?;
        let (with, of) = model.together(best, item);
        (with > 0).then(|| Reason::GoesWith {
            product: model.history.items[best as usize],
            with,
            of,
        })
    }

    /// What stands in orders with the cart or last order.
    pub fn beside(&self) -> &Beside {
        self.beside.get_or_init(|| self.model.beside(&self.with))
    }

    fn peers(&self) -> &[&'m Buyer] {
        self.peers.get_or_init(|| {
            let like = self.model.similar_accounts(self.id, LIKE_ACCOUNTS);
            like.iter()
                .filter_map(|peer| self.model.buyer(peer.account))
                .collect()
        })
    }

    /// Of the accounts in the same group, or region, how many ordered an item; none where nobody
    /// did, or nothing is known of the account.
    pub fn of_kind(&self, item: ItemAt) -> Option<(u32, u32)> {
        let kind = self.kind.get_or_init(|| self.model.kind(self.account?));
        let kind = kind.as_ref()?;
        let mut buyers = 0;
        let mut last = None;
        for (account, _) in &self.model.state.sales.get(item as usize)?.postings {
            if last != Some(*account) {
                last = Some(*account);
                buyers += u32::from(kind.members[*account as usize]);
            }
        }
        (buyers > 0).then_some((buyers, kind.of))
    }

    fn stocked(&self) -> &Stocked {
        self.stocked.get_or_init(|| {
            let mut stocked = Stocked::default();
            let Some(account) = self.account else {
                return stocked;
            };
            let facts = &self.model.history.facts;
            for basket in &self.model.history.baskets[account as usize] {
                let known = basket.lines.iter().filter_map(|l| facts.get(l.0 as usize));
                let mut categories: Vec<_> = known.clone().filter_map(|f| f.category).collect();
                let mut brands: Vec<_> = known.filter_map(|f| f.brand).collect();
                categories.sort_unstable();
                categories.dedup();
                brands.sort_unstable();
                brands.dedup();
                for category in categories {
                    *stocked.categories.entry(category).or_default() += 1;
                }
                for brand in brands {
                    *stocked.brands.entry(brand).or_default() += 1;
                }
            }
            stocked
        })
    }
}

/// A share, held down where there is little to tell it from.
fn share(part: u32, of: u32) -> f64 {
    f64::from(part) / (f64::from(of) + 3.0)
}

impl Model {
    /// The other accounts of an account's group or, without one, region.
    pub(crate) fn kind(&self, account: AccountAt) -> Option<Kind> {
        let retailers = &self.history.retailers;
        let own = retailers.get(account as usize)?;
        if own.group.is_none() && own.region.is_empty() {
            return None;
        }
        let buyers = &self.state.buyers;
        let members: Vec<bool> = (0..)
            .zip(retailers)
            .map(|(at, other): (u32, _)| {
                let alike = match own.group {
                    Some(group) => other.group == Some(group),
                    None => other.region == own.region,
                };
                let orders = buyers.get(at as usize).map_or(0, |buyer| buyer.orders);
                alike && at != account && orders > 0
            })
            .collect();
        let of = members.iter().filter(|member| **member).count() as u32;
        (of > 0).then_some(Kind { members, of })
    }
}
