//! The model: history, what is counted of it, and what training learned.

use serde::{Deserialize, Serialize};
use trade::id::AccountId;

use crate::answers::quantity::QuantityModel;
use crate::history::{AccountAt, Basket, Order, PurchaseHistory};
use crate::rank::fit::{self, Ranker};
use crate::rank::index::{Index, Ties, Tuning};
use crate::state::{Buyer, Sales, State};

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
    pub(crate) index: Index,
    /// None where there was too little to learn from.
    pub(crate) ranker: Option<Ranker>,
    pub(crate) quantities: QuantityModel,
}

/// Learns from a history.
#[must_use]
pub fn train(history: PurchaseHistory, settings: &Settings) -> Trained {
    let ranker = fit::fit(&history, settings.seed);
    let mut model = Model::with(history, None, ranker, QuantityModel::default());
    model.quantities = QuantityModel::fit(&model.history, &model.state);
    let (_, orders, lines) = model.history.size();
    let report = Report {
        accounts: model.state.active,
        items: model.state.sales.iter().filter(|s| s.buyers > 0).count() as u32,
        orders: orders as u32,
        lines: lines as u32,
        examples: model.ranker.as_ref().map_or(0, |ranker| ranker.examples),
        recall_at_10: model.ranker.as_ref().map_or(0.0, |ranker| ranker.recall),
        baseline_recall_at_10: model.ranker.as_ref().map_or(0.0, |ranker| ranker.baseline),
    };
    Trained { model, report }
}

impl Model {
    /// A model that has learned nothing yet, for a history.
    #[must_use]
    pub fn of(history: PurchaseHistory) -> Self {
        Self::with(history, None, None, QuantityModel::default())
    }

    /// Counts a history for what was learned; ties between items are found anew where there are
    /// none.
    pub(crate) fn with(
        history: PurchaseHistory,
        ties: Option<Ties>,
        ranker: Option<Ranker>,
        quantities: QuantityModel,
    ) -> Self {
        let tuning = ranker
            .as_ref()
            .map_or_else(Tuning::default, |ranker| ranker.tuning);
        let views: Vec<&[Basket]> = history.baskets.iter().map(Vec::as_slice).collect();
        let state = State::of(&views, history.items.len());
        let ties = ties.unwrap_or_else(|| Ties::of(&views, &state, &history.facts, history.dated));
        let index = Index::of(&views, &state, ties, history.dated, tuning);
        Self {
            history,
            state,
            index,
            ranker,
            quantities,
        }
    }

    /// Takes an order in: from now on every answer knows it.
    pub fn observe(&mut self, order: &Order) {
        let account = self.history.number_account(order.account);
        let newest = self.history.baskets[account as usize].last();
        if newest.is_some_and(|newest| newest.day >= order.day.0) {
            // It joins an order of its day, or comes before one: the account is counted anew.
            self.forget(account);
            self.history.add(order);
            self.take_all(account);
            return;
        }
        let known = self.history.baskets[account as usize].len();
        self.history.add(order);
        let baskets = &self.history.baskets[account as usize];
        if let Some(taken) = baskets.get(known) {
            let before = known.checked_sub(1).map(|at| &baskets[at]);
            self.state.take(account, taken, before);
        }
        self.renew(account);
    }

    /// Puts these orders in the place of everything known of an account, as when one was
    /// cancelled. Costs what the account's orders cost, however large the history is.
    pub fn replace_account(&mut self, account: AccountId, orders: impl IntoIterator<Item = Order>) {
        let at = self.history.number_account(account);
        self.forget(at);
        self.history.baskets[at as usize].clear();
        let of_account = orders.into_iter().filter(|order| order.account == account);
        self.history.extend(of_account);
        self.take_all(at);
    }

    /// Counts anew which items go together, follow each other and sell, as training does. That
    /// changes slowly and costs the whole history; orders taken in one by one leave it as it was.
    pub fn tie_anew(&mut self) {
        let views: Vec<&[Basket]> = self.history.baskets.iter().map(Vec::as_slice).collect();
        self.index.ties = Ties::of(&views, &self.state, &self.history.facts, self.history.dated);
    }

    /// Takes an account's orders out of everything counted; its history is still there.
    fn forget(&mut self, account: AccountAt) {
        let baskets = &self.history.baskets[account as usize];
        self.state.forget(account, baskets);
    }

    /// Counts the orders of an account that was forgotten.
    fn take_all(&mut self, account: AccountAt) {
        let baskets = &self.history.baskets[account as usize];
        for (at, basket) in baskets.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &baskets[at]);
            self.state.take(account, basket, before);
        }
        self.renew(account);
    }

    fn renew(&mut self, account: AccountAt) {
        let (items, at) = (self.history.items.len(), account as usize);
        if self.state.buyers.len() <= at {
            self.state.buyers.resize(at + 1, Buyer::default());
        }
        if self.state.sales.len() < items {
            self.state.sales.resize(items, Sales::default());
        }
        let (buyer, baskets) = (&self.state.buyers[at], &self.history.baskets[at]);
        self.index.renew(account, buyer, baskets, items);
    }

    /// The history this model knows.
    #[must_use]
    pub fn history(&self) -> &PurchaseHistory {
        &self.history
    }

    pub(crate) fn buyer(&self, id: AccountId) -> Option<&Buyer> {
        let buyer = self.state.buyers.get(self.account(id)? as usize)?;
        (buyer.orders > 0).then_some(buyer)
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<AccountAt> {
        self.history.account_at.get(&id).copied()
    }
}

#[cfg(test)]
mod tests;
