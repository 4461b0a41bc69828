//! The model: history, what is counted of it, and what training learned.

use serde::{Deserialize, Serialize};

use crate::history::{AccountAt, Basket, Order, PurchaseHistory};
use crate::state::{Buyer, State};

/// What training may do. Nothing in it is a knob of quality: those are found by training itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Where chance begins; the same seed and history give the same model.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1 }
    }
}

/// A trained model, and what training cost.
#[derive(Debug)]
pub struct Trained {
    /// Ready to answer.
    pub model: Model,
    /// What was learned from, and how well it does on orders held out.
    pub report: Report,
}

/// What training found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Report {
    /// Accounts with orders.
    pub accounts: u32,
    /// Items with sales.
    pub items: u32,
    /// Orders, those of an account on one day counted once.
    pub orders: u32,
    /// Lines of them.
    pub lines: u32,
    /// Orders held out to learn from; 0 where there were too few, and defaults are used.
    pub examples: u32,
    /// Recall of the first ten on orders held out for choosing, 0 to 1.
    pub recall_at_10: f64,
    /// The same of the account's own most frequent items.
    pub baseline_recall_at_10: f64,
}

/// Answers questions. Cheap to ask, from many threads at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(crate) history: PurchaseHistory,
    pub(crate) state: State,
}

/// Learns from a history.
#[must_use]
pub fn train(history: PurchaseHistory, _settings: &Settings) -> Trained {
    let model = Model::of(history);
    let (_, orders, lines) = model.history.size();
    let report = Report {
        accounts: model.state.active,
        items: model.state.sales.iter().filter(|s| s.buyers > 0).count() as u32,
        orders: orders as u32,
        lines: lines as u32,
        ..Report::default()
    };
    Trained { model, report }
}

impl Model {
    /// A model that has learned nothing yet, for a history.
    #[must_use]
    pub fn of(history: PurchaseHistory) -> Self {
        let views: Vec<&[Basket]> = history.baskets.iter().map(Vec::as_slice).collect();
        let state = State::of(&views, history.items.len());
        Self { history, state }
    }

    /// Takes an order in: from now on every answer knows it.
    pub fn observe(&mut self, order: &Order) {
        let account = self.history.add(order);
        let baskets = &self.history.baskets[account as usize];
        let Some((last, before)) = baskets.split_last() else {
            return;
        };
        // Usually it is the account's newest; else everything of the account is counted anew.
        let counted = self
            .state
            .buyers
            .get(account as usize)
            .map_or(0, |b| b.orders);
        if last.day == order.day.0 && counted as usize == before.len() {
            self.state.take(account, last, before.last());
        } else {
            self.count_anew();
        }
    }

    fn count_anew(&mut self) {
        let views: Vec<&[Basket]> = self.history.baskets.iter().map(Vec::as_slice).collect();
        self.state = State::of(&views, self.history.items.len());
    }

    /// The history this model knows.
    #[must_use]
    pub fn history(&self) -> &PurchaseHistory {
        &self.history
    }

    pub(crate) fn buyer(&self, id: trade::id::AccountId) -> Option<&Buyer> {
        let buyer = self.state.buyers.get(self.account(id)? as usize)?;
        (buyer.orders > 0).then_some(buyer)
    }

    pub(crate) fn account(&self, id: trade::id::AccountId) -> Option<AccountAt> {
        self.history.account_at.get(&id).copied()
    }
}
