//! An account's candidates in the learned order.

use trade::id::{AccountId, ProductId};

use super::candidates::{Candidate, Scratch};
use super::examples::{Asked, ask};
use super::features::FEATURES;
use super::fit::mixed;
use super::judge::z_scores;
use crate::history::{AccountAt, ItemAt, Seen};
use crate::model::Model;

/// A candidate with its place in the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    pub item: ItemAt,
    /// What the list is sorted by; comparable within it.
    pub score: f32,
    /// That the account's next order holds it; calibrated where something was learned.
    pub probability: f64,
}

impl Model {
    /// What the account's next order will hold, the likeliest first: what it ordered before and
    /// what it did not, in one list. Whether it may order them is not asked here.
    #[must_use]
    pub fn next_basket(&self, account: AccountId, limit: usize) -> Vec<(ProductId, f64)> {
        let ranked = self.account(account).map(|account| self.rank(account));
        self.named(ranked.unwrap_or_default(), limit)
    }

    /// As [`Model::next_basket`], of items new to the account alone.
    #[must_use]
    pub fn next_new(&self, account: AccountId, limit: usize) -> Vec<(ProductId, f64)> {
        let ranked = self.account(account).map(|account| self.rank_new(account));
        self.named(ranked.unwrap_or_default(), limit)
    }

    fn named(&self, ranked: Vec<Ranked>, limit: usize) -> Vec<(ProductId, f64)> {
        let named = |one: Ranked| (self.history.items[one.item as usize], f64::from(one.score));
        ranked.into_iter().take(limit).map(named).collect()
    }

    fn candidates(&self, account: AccountAt) -> Asked {
        let seen = Seen {
            baskets: &self.history.baskets,
            count: None,
        };
        ask(
            &self.state,
            &self.index,
            seen,
            account,
            &mut Scratch::default(),
        )
    }

    /// All candidates of an account, the likeliest of its next order first.
    pub(crate) fn rank(&self, account: AccountAt) -> Vec<Ranked> {
        let asked = self.candidates(account);
        let own = self.index.tuning.own;
        let blend: Vec<f32> = asked.found.iter().map(|c| c.blend(own)).collect();
        let Some(ranker) = &self.ranker else {
            let probability = |score: f32| f64::from(score).clamp(0.0, 1.0);
            return self.sorted(&asked.found, &blend, |at| probability(blend[at]));
        };
        let rows = asked.rows.chunks(FEATURES.len());
        let linear: Vec<f32> = rows.map(|row| ranker.logistic.margin(row)).collect();
        let trees = ranker.forest.margins(&asked.rows, FEATURES.len());
        let z = [z_scores(&linear), z_scores(&trees), z_scores(&blend)];
        let scores: Vec<f32> = (0..blend.len())
            .map(|at| mixed(&z, &ranker.mix, at))
            .collect();
        let probability = |at: usize| ranker.calibration.probability(trees[at]);
        self.sorted(&asked.found, &scores, probability)
    }

    /// The candidates an account never ordered, the most promising first.
    pub(crate) fn rank_new(&self, account: AccountAt) -> Vec<Ranked> {
        let asked = self.candidates(account);
        let buyer = self.state.buyers.get(account as usize);
        let is_new = |item: ItemAt| buyer.is_none_or(|buyer| buyer.pair(item).is_none());
        let learned = self.ranker.as_ref();
        let margins = learned.map(|ranker| ranker.explore.margins(&asked.rows, FEATURES.len()));
        let mut found = Vec::new();
        let mut scores = Vec::new();
        for (at, candidate) in asked.found.iter().enumerate() {
            if !is_new(candidate.item) {
                continue;
            }
            found.push(*candidate);
            scores.push(match &margins {
                Some(margins) => margins[at],
                None => candidate.neighbours + candidate.like + candidate.shared,
            });
        }
        // Log-odds of trees that learned from such items alone.
        let probability = |at: usize| 1.0 / (1.0 + f64::from(-scores[at]).exp());
        self.sorted(&found, &scores, probability)
    }
}

impl Model {
    /// Candidates by score. Scores that differ in their last digits alone are equal: those depend
    /// on the order in which sums were taken, so ids decide.
    fn sorted(
        &self,
        found: &[Candidate],
        scores: &[f32],
        probability: impl Fn(usize) -> f64,
    ) -> Vec<Ranked> {
        let key = |at: usize| {
            let rounded = (f64::from(scores[at]) * 1e4).round() as i64;
            (
                std::cmp::Reverse(rounded),
                self.history.items[found[at].item as usize],
            )
        };
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by_cached_key(|at| key(*at));
        let ranked = |at: usize| Ranked {
            item: found[at].item,
            score: scores[at],
            probability: probability(at),
        };
        order.into_iter().map(ranked).collect()
    }
}
