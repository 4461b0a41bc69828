//! What was bought: orders by account, and what is known of items and retailers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use trade::id::{AccountGroupId, AccountId, CategoryId, ProductBrandId, ProductId};

/// A local date of the brand, counted in days from 1970-01-01. Histories without dates count
/// orders instead and say so ([`PurchaseHistory::undated`]).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// Whole days from `earlier` to this day.
    #[must_use]
    pub fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A line of an order: an item and how many base units of it, 1 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub product: ProductId,
    /// Base units.
    pub pieces: u32,
}

/// What an account ordered at one time. Orders of an account on one day count as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who.
    pub account: AccountId,
    /// When.
    pub day: Day,
    /// What; an item that stands on several lines counts once, with the sum of its pieces.
    pub lines: Vec<Line>,
}

/// What is known of an item beside its sales. Everything may be missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Item {
    /// Its category.
    pub category: Option<CategoryId>,
    /// The brand printed on it.
    pub brand: Option<ProductBrandId>,
    /// Its name, by which variants of one thing are told.
    pub name: String,
    /// List price of a base unit in the major unit of the brand's currency; 0 where unknown.
    pub price: f64,
    /// Items the brand itself names as its substitutes, best first.
    pub substitutes: Vec<ProductId>,
}

/// What is known of a retailer beside its orders. Everything may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Retailer {
    /// The group whose conditions it shares.
    pub group: Option<AccountGroupId>,
    /// Where it is: a sales region, or a country.
    pub region: String,
}

/// An account by its number in one history, from 0 on.
pub(crate) type AccountAt = u32;
/// An item by its number in one history, from 0 on.
pub(crate) type ItemAt = u32;

/// One order of an account: lines sorted by item, each item once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Basket {
    pub day: i32,
    pub lines: Box<[(ItemAt, u32)]>,
}

/// What of the orders is looked at: all of them, or each account's first so many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub baskets: &'a [Vec<Basket>],
    pub count: Option<&'a [usize]>,
}

impl<'a> Seen<'a> {
    /// An account's orders, oldest first.
    pub fn of(&self, account: AccountAt) -> &'a [Basket] {
        let Some(baskets) = self.baskets.get(account as usize) else {
            return &[];
        };
        match self.count {
            Some(count) => &baskets[..count[account as usize]],
            None => baskets,
        }
    }
}

/// Everything known, with accounts and items numbered. Baskets of an account ascend by day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchaseHistory {
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) items: Vec<ProductId>,
    pub(crate) baskets: Vec<Vec<Basket>>,
    pub(crate) retailers: Vec<Retailer>,
    pub(crate) facts: Vec<Item>,
    /// Whether days are real days; otherwise they number an account's orders.
    pub(crate) dated: bool,
    #[serde(skip)]
    pub(crate) account_at: HashMap<AccountId, AccountAt>,
    #[serde(skip)]
    pub(crate) item_at: HashMap<ProductId, ItemAt>,
}

impl Default for PurchaseHistory {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            items: Vec::new(),
            baskets: Vec::new(),
            retailers: Vec::new(),
            facts: Vec::new(),
            dated: true,
            account_at: HashMap::new(),
            item_at: HashMap::new(),
        }
    }
}

impl Extend<Order> for PurchaseHistory {
    /// Takes more orders in, some at a time, so that they need not all be held at once. Where items
    /// and accounts are known before ([`PurchaseHistory::with_items`], `with_retailers`), the
    /// history is the same whatever order they come in.
    fn extend<T: IntoIterator<Item = Order>>(&mut self, orders: T) {
        for order in orders {
            self.add(&order);
        }
    }
}

impl PurchaseHistory {
    /// The history of these orders, in whatever order they come.
    #[must_use]
    pub fn of(orders: impl IntoIterator<Item = Order>) -> Self {
        let mut orders: Vec<Order> = orders.into_iter().collect();
        // Numbers follow ids, so that the same history is the same whatever way it was read.
        orders.sort_by_key(|order| (order.account, order.day));
        let mut items: Vec<ProductId> = orders
            .iter()
            .flat_map(|order| order.lines.iter().map(|line| line.product))
            .collect();
        items.sort_unstable();
        items.dedup();
        let mut history = Self::default();
        for item in items {
            history.number_item(item);
        }
        for order in &orders {
            history.add(order);
        }
        history
    }

    /// Says that days only number an account's orders: no rhythm in days, no season.
    #[must_use]
    pub fn undated(mut self) -> Self {
        self.dated = false;
        self
    }

    /// Adds what is known of items. Items without any sale are numbered too: they can be tried.
    #[must_use]
    pub fn with_items(mut self, facts: impl IntoIterator<Item = (ProductId, Item)>) -> Self {
        let mut facts: Vec<(ProductId, Item)> = facts.into_iter().collect();
        facts.sort_by_key(|(product, _)| *product);
        for (product, item) in facts {
            let at = self.number_item(product);
            self.facts[at as usize] = item;
        }
        self
    }

    /// Adds what is known of retailers, also of those who have not ordered yet.
    #[must_use]
    pub fn with_retailers(
        mut self,
        retailers: impl IntoIterator<Item = (AccountId, Retailer)>,
    ) -> Self {
        let mut retailers: Vec<(AccountId, Retailer)> = retailers.into_iter().collect();
        retailers.sort_by_key(|(account, _)| *account);
        for (account, retailer) in retailers {
            let at = self.number_account(account);
            self.retailers[at as usize] = retailer;
        }
        self
    }

    /// Accounts known, orders (an account's orders of a day are one), and their lines.
    #[must_use]
    pub fn size(&self) -> (usize, usize, usize) {
        let baskets = self.baskets.iter().flatten();
        (
            self.accounts.len(),
            baskets.clone().count(),
            baskets.map(|basket| basket.lines.len()).sum(),
        )
    }

    /// The last day anybody ordered.
    #[must_use]
    pub fn last_day(&self) -> Day {
        let last = self.baskets.iter().filter_map(|of| of.last());
        Day(last.map(|basket| basket.day).max().unwrap_or(0))
    }

    /// Items known.
    #[must_use]
    pub fn items(&self) -> &[ProductId] {
        &self.items
    }

    pub(crate) fn number_item(&mut self, product: ProductId) -> ItemAt {
        if let Some(at) = self.item_at.get(&product) {
            return *at;
        }
        let at = self.items.len() as ItemAt;
        self.items.push(product);
        self.facts.push(Item::default());
        self.item_at.insert(product, at);
        at
    }

    pub(crate) fn number_account(&mut self, account: AccountId) -> AccountAt {
        if let Some(at) = self.account_at.get(&account) {
            return *at;
        }
        let at = self.accounts.len() as AccountAt;
        self.accounts.push(account);
        self.baskets.push(Vec::new());
        self.retailers.push(Retailer::default());
        self.account_at.insert(account, at);
        at
    }

    /// Adds an order; those of one day become one basket. Lines of no pieces are left out.
    pub(crate) fn add(&mut self, order: &Order) -> AccountAt {
        let account = self.number_account(order.account);
        let mut lines: Vec<(ItemAt, u32)> = order
            .lines
            .iter()
            .filter(|line| line.pieces > 0)
            .map(|line| (self.number_item(line.product), line.pieces))
            .collect();
        if lines.is_empty() {
            return account;
        }
        let baskets = &mut self.baskets[account as usize];
        let at = baskets.partition_point(|basket| basket.day < order.day.0);
        let same_day = baskets.get_mut(at).filter(|b| b.day == order.day.0);
        if let Some(basket) = &same_day {
            lines.extend_from_slice(&basket.lines);
        }
        lines.sort_unstable();
        lines.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
        let lines = lines.into_boxed_slice();
        match same_day {
            Some(basket) => basket.lines = lines,
            None => baskets.insert(
                at,
                Basket {
                    day: order.day.0,
                    lines,
                },
            ),
        }
        account
    }

    /// After reading a snapshot: numbers by id.
    pub(crate) fn reindex(&mut self) {
        self.account_at = (0..)
            .zip(&self.accounts)
            .map(|(at, id)| (*id, at))
            .collect();
        self.item_at = (0..).zip(&self.items).map(|(at, id)| (*id, at)).collect();
    }
}
