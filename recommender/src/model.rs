//! The model: history, what is counted of it, and what training learned.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, ProductId};

use crate::answers::quantity::QuantityModel;
use crate::history::{AccountAt, Basket, Order, PurchaseHistory, Seen};
use crate::rank::candidates::{Candidate, Scratch};
use crate::rank::features::FEATURES;
use crate::rank::fit::{self, Ranker, by_score, z_scores};
use crate::rank::index::{Index, Ties, Tuning};
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
        let ties = ties.unwrap_or_else(|| Ties::of(&views, &state, &history.facts));
        let index = Index::of(&views, &state, ties, history.dated, tuning);
        Self {
            history,
            state,
            index,
            ranker,
            quantities,
        }
    }

    /// Counts everything anew; what was learned stays.
    fn count_anew(&mut self) {
        let views: Vec<&[Basket]> = self.history.baskets.iter().map(Vec::as_slice).collect();
        self.state = State::of(&views, self.history.items.len());
        let ties = std::mem::take(&mut self.index.ties);
        let tuning = self.index.tuning;
        self.index = Index::of(&views, &self.state, ties, self.history.dated, tuning);
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
            let buyer = &self.state.buyers[account as usize];
            self.index
                .renew(account, buyer, baskets, self.history.items.len());
        } else {
            self.count_anew();
        }
    }

    /// What the account's next order will hold, the likeliest first: what it ordered before and
    /// what it did not, in one list. Whether it may order them is not asked here.
    #[must_use]
    pub fn next_basket(&self, account: AccountId, limit: usize) -> Vec<(ProductId, f64)> {
        self.ranked(account, limit, false)
    }

    /// As [`Model::next_basket`], of items new to the account alone.
    #[must_use]
    pub fn next_new(&self, account: AccountId, limit: usize) -> Vec<(ProductId, f64)> {
        self.ranked(account, limit, true)
    }

    fn ranked(&self, account: AccountId, limit: usize, only_new: bool) -> Vec<(ProductId, f64)> {
        let Some(account) = self.account(account) else {
            return Vec::new();
        };
        let mut scratch = Scratch::default();
        let seen = Seen {
            baskets: &self.history.baskets,
            count: None,
        };
        let mut asked = fit::ask(&self.state, &self.index, seen, account, &mut scratch);
        let buyer = &self.state.buyers[account as usize];
        if only_new {
            let width = FEATURES.len();
            let mut rows = Vec::with_capacity(asked.rows.len());
            let mut found: Vec<Candidate> = Vec::new();
            for (candidate, row) in asked.found.iter().zip(asked.rows.chunks(width)) {
                if buyer.pair(candidate.item).is_none() {
                    found.push(*candidate);
                    rows.extend_from_slice(row);
                }
            }
            (asked.found, asked.rows) = (found, rows);
        }
        let rows = asked.rows.chunks(FEATURES.len());
        let blend: Vec<f32> = asked
            .found
            .iter()
            .map(|c| c.blend(self.index.tuning.own))
            .collect();
        let scores: Vec<f32> = match &self.ranker {
            None => blend,
            Some(ranker) if only_new => rows.map(|row| ranker.explore.margin(row)).collect(),
            Some(ranker) => {
                let a: Vec<f32> = rows
                    .clone()
                    .map(|row| ranker.logistic.margin(row))
                    .collect();
                let b: Vec<f32> = rows.map(|row| ranker.forest.margin(row)).collect();
                let (a, b, c) = (z_scores(&a), z_scores(&b), z_scores(&blend));
                (0..a.len())
                    .map(|at| ranker.mix[0] * a[at] + ranker.mix[1] * b[at] + ranker.mix[2] * c[at])
                    .collect()
            }
        };
        by_score(&scores, &asked.found)
            .into_iter()
            .take(limit)
            .map(|at| {
                (
                    self.history.items[asked.found[at].item as usize],
                    f64::from(scores[at]),
                )
            })
            .collect()
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
