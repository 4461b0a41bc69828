//! Accounts like an account, and what they order that it does not.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, CategoryId, ProductId};

use crate::model::Model;
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
    /// Base units the buyers among them take in 28 days, on average; 0 without dates.
    pub pieces_in_28_days: f64,
}

impl Model {
    /// The accounts most like one, at most `limit`, the most similar first.
    #[must_use]
    pub fn similar_accounts(&self, account: AccountId, limit: usize) -> Vec<SimilarAccount> {
        let Some(buyer) = self.buyer(account) else {
            return Vec::new();
        };
        let mut found: Vec<SimilarAccount> = self
            .history
            .accounts
            .iter()
            .zip(&self.state.buyers)
            .filter(|(id, _)| **id != account)
            .filter_map(|(id, other)| {
                let shared = other
                    .pairs
                    .iter()
                    .filter(|pair| buyer.pair(pair.item).is_some());
                let shared = shared.count();
                (shared > 0).then(|| SimilarAccount {
                    account: *id,
                    similarity: shared as f64
                        / ((buyer.pairs.len() * other.pairs.len()) as f64).sqrt(),
                    shared: shared as u32,
                })
            })
            .collect();
        found.sort_by(|a, b| {
            b.similarity
                .total_cmp(&a.similarity)
                .then(a.account.cmp(&b.account))
        });
        found.truncate(limit);
        found
    }

    /// What the accounts most like this one order and it does not, by how many of them do.
    #[must_use]
    pub fn gaps(&self, ask: &Ask<'_>) -> Vec<Gap> {
        let peers = self.similar_accounts(ask.account, 30);
        let mut found: Vec<Gap> = Vec::new();
        for (item, product) in (0..).zip(&self.history.items) {
            let own = self.buyer(ask.account).and_then(|buyer| buyer.pair(item));
            if own.is_some() || (ask.may)(*product).is_none() {
                continue;
            }
            let buyers = peers
                .iter()
                .filter_map(|peer| self.buyer(peer.account)?.pair(item))
                .count() as u32;
            if buyers > 0 {
                found.push(Gap {
                    product: *product,
                    category: self.history.facts[item as usize].category,
                    buyers,
                    of: peers.len() as u32,
                    pieces_in_28_days: 0.0,
                });
            }
        }
        found.sort_by(|a, b| b.buyers.cmp(&a.buyers).then(a.product.cmp(&b.product)));
        found.truncate(ask.limit);
        found
    }
}
