//! Accounts like an account, and what they order that it does not.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, CategoryId, ProductId};

use super::reasons::LIKE_ACCOUNTS;
use crate::history::{AccountAt, Day, ItemAt};
use crate::model::Model;
use crate::state::Buyer;
use crate::suggestion::Ask;

/// An account whose orders resemble another's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SimilarAccount {
    /// Who.
    pub account: AccountId,
    /// Cosine of their decayed order vectors, 0 to 1.
    pub similarity: f64,
    /// Items both have ordered.
    pub shared: u32,
}

/// Something accounts like this one order and it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The item.
    pub product: ProductId,
    /// Its category.
    pub category: Option<CategoryId>,
    /// Of the similar accounts, so many ordered it.
    pub buyers: u32,
    /// Similar accounts looked at, at most 30.
    pub of: u32,
    /// Base units the buyers among them take in 28 days, on average over the last 364 days (over
    /// fewer, though at least 28, for those that began to order later); 0 without dates.
    pub pieces_in_28_days: f64,
}

/// A year of whole weeks, and four weeks.
const YEAR: i32 = 364;
const FOUR_WEEKS: i32 = 28;

impl Model {
    /// The accounts most like one, at most `limit`, the most similar first.
    #[must_use]
    pub fn similar_accounts(&self, account: AccountId, limit: usize) -> Vec<SimilarAccount> {
        let (Some(at), Some(buyer)) = (self.account(account), self.buyer(account)) else {
            return Vec::new();
        };
        let mut found = self.cosines(at, buyer);
        let ids = &self.history.accounts;
        let by = |a: &(f64, AccountAt), b: &(f64, AccountAt)| {
            let by_id = || ids[a.1 as usize].cmp(&ids[b.1 as usize]);
            b.0.total_cmp(&a.0).then_with(by_id)
        };
        if found.len() > limit {
            found.select_nth_unstable_by(limit, by);
            found.truncate(limit);
        }
        found.sort_unstable_by(by);
        let similar = found.into_iter().map(|(similarity, other)| SimilarAccount {
            account: ids[other as usize],
            similarity,
            shared: shared(buyer, &self.state.buyers[other as usize]),
        });
        similar.collect()
    }

    /// The cosine with every account that ordered something of what this one did.
    fn cosines(&self, account: AccountAt, buyer: &Buyer) -> Vec<(f64, AccountAt)> {
        let buyers = &self.state.buyers;
        let most = buyers.iter().map(|buyer| buyer.orders).max().unwrap_or(0);
        let weights: Vec<f64> = (0..most).map(Buyer::order_weight).collect();
        let mut products = vec![0.0_f64; buyers.len()];
        for pair in &buyer.pairs {
            let own = Buyer::weight_of(pair);
            for &(other, order) in &self.state.sales[pair.item as usize].postings {
                products[other as usize] += own * weights[order as usize];
            }
        }
        (0..)
            .zip(products.iter().zip(buyers))
            .filter(|(other, (product, _))| *other != account && **product > 0.0)
            .map(|(other, (product, theirs))| {
                let lengths = buyer.length_squared.sqrt() * theirs.length_squared.sqrt();
                // What is equal but for the last digits of sums is equal.
                let cosine = (product / lengths).clamp(0.0, 1.0);
                ((cosine * 1e9).round() / 1e9, other)
            })
            .collect()
    }

    /// What the accounts most like one order and it does not, by how many of them do. An account
    /// that has not ordered yet is compared with the largest of its group or region.
    #[must_use]
    pub fn gaps(&self, ask: &Ask<'_>) -> Vec<Gap> {
        let own = self.buyer(ask.account);
        let like: Vec<AccountAt> = if own.is_some() {
            let like = self.similar_accounts(ask.account, LIKE_ACCOUNTS);
            like.iter()
                .filter_map(|other| self.account(other.account))
                .collect()
        } else {
            self.largest_of_kind(ask.account)
        };
        let mut ordered: Vec<ItemAt> = like
            .iter()
            .flat_map(|at| {
                self.state.buyers[*at as usize]
                    .pairs
                    .iter()
                    .map(|pair| pair.item)
            })
            .filter(|item| own.is_none_or(|own| own.pair(*item).is_none()))
            .collect();
        ordered.sort_unstable();
        let items = &self.history.items;
        let mut counted: Vec<(u32, ItemAt)> = ordered
            .chunk_by(|a, b| a == b)
            .filter(|same| (ask.may)(items[same[0] as usize]).is_some())
            .map(|same| (same.len() as u32, same[0]))
            .collect();
        counted.sort_unstable_by(|a, b| {
            let by_id = || items[a.1 as usize].cmp(&items[b.1 as usize]);
            b.0.cmp(&a.0).then_with(by_id)
        });
        counted.truncate(ask.limit);
        let gaps = counted.into_iter().map(|(buyers, item)| Gap {
            product: items[item as usize],
            category: self.history.facts[item as usize].category,
            buyers,
            of: like.len() as u32,
            pieces_in_28_days: self.pieces_in_28_days(&like, item, ask.today) / f64::from(buyers),
        });
        gaps.collect()
    }

    /// Up to 30 accounts of an account's kind, those with the most orders first.
    fn largest_of_kind(&self, account: AccountId) -> Vec<AccountAt> {
        let Some(kind) = self.account(account).and_then(|at| self.kind(at)) else {
            return Vec::new();
        };
        let mut members: Vec<AccountAt> = kind.members().collect();
        let orders = |at: &AccountAt| self.state.buyers[*at as usize].orders;
        members.sort_unstable_by_key(|at| {
            let id = self.history.accounts[*at as usize];
            (std::cmp::Reverse(orders(at)), id)
        });
        members.truncate(LIKE_ACCOUNTS);
        members
    }

    /// What these accounts take of an item in 28 days, each counted since it began, together.
    fn pieces_in_28_days(&self, accounts: &[AccountAt], item: ItemAt, today: Day) -> f64 {
        if !self.history.dated {
            return 0.0;
        }
        let each = accounts.iter().map(|at| {
            let baskets = &self.history.baskets[*at as usize];
            let Some(first) = baskets.first() else {
                return 0.0;
            };
            let days = (today.0 - first.day + 1).clamp(FOUR_WEEKS, YEAR);
            let from = baskets.partition_point(|basket| basket.day <= today.0 - days);
            let to = baskets.partition_point(|basket| basket.day <= today.0);
            let pieces = baskets[from..to.max(from)].iter().filter_map(|basket| {
                let at = basket.lines.binary_search_by_key(&item, |line| line.0);
                Some(u64::from(basket.lines[at.ok()?].1))
            });
            let pieces: u64 = pieces.sum();
            pieces as f64 * f64::from(FOUR_WEEKS) / f64::from(days)
        });
        each.sum()
    }
}

/// Items both have ordered.
fn shared(one: &Buyer, other: &Buyer) -> u32 {
    let (few, many) = if one.pairs.len() < other.pairs.len() {
        (one, other)
    } else {
        (other, one)
    };
    let both = few
        .pairs
        .iter()
        .filter(|pair| many.pair(pair.item).is_some());
    both.count() as u32
}
