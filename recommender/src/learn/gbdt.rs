//! Gradient boosted trees for a yes or no: log loss, grown leaf by leaf on histograms, rising with
//! the features that must not work backwards.

use serde::{Deserialize, Serialize};

pub(crate) use super::bins::{Binned, Table};
use super::grow;

/// How trees are grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Growth {
    pub trees: usize,
    /// Leaves of a tree.
    pub leaves: usize,
    /// How much of what a tree would correct it may correct.
    pub rate: f32,
    /// Rows of a leaf, whatever their weights.
    pub least_rows: f32,
    pub l2: f32,
    /// Share of the features a tree may use.
    pub feature_share: f32,
    /// Share of the rows a tree is grown on.
    pub row_share: f32,
    pub seed: u64,
}

/// What follows when a row stands at an inner node: to the left if its value is at most the bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Node {
    pub feature: u32,
    pub bound: f32,
    /// An inner node of the same forest, or `!leaf` for a leaf.
    pub left: i32,
    pub right: i32,
}

/// What only explanations need of a node.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trace {
    /// What the tree would say if it ended here.
    pub value: f32,
    pub gain: f32,
}

/// Trees whose leaves add up to log-odds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Forest {
    /// Log-odds before any tree.
    pub(super) base: f32,
    pub(super) features: u32,
    /// Where each tree begins: a node, or `!leaf`.
    pub(super) roots: Vec<i32>,
    pub(super) nodes: Vec<Node>,
    /// Beside each node.
    pub(super) traces: Vec<Trace>,
    /// Beside each node: missing values go to the left.
    pub(super) missing_left: Vec<bool>,
    pub(super) leaves: Vec<f32>,
}

impl Forest {
    /// Learns `labels` (0 or 1) of the rows. The log-odds never fall when a feature marked in
    /// `rising` grows.
    pub fn grow(
        table: &Table,
        labels: &[f32],
        weights: &[f32],
        rising: &[bool],
        growth: &Growth,
    ) -> Self {
        Self::grow_binned(&Binned::of(table), labels, weights, rising, growth)
    }

    /// The same of rows that are in bins already.
    pub fn grow_binned(
        rows: &Binned,
        labels: &[f32],
        weights: &[f32],
        rising: &[bool],
        growth: &Growth,
    ) -> Self {
        grow::grow(rows, labels, weights, rising, growth)
    }

    /// Trees grown.
    pub fn trees(&self) -> usize {
        self.roots.len()
    }

    /// Log-odds of a row.
    pub fn margin(&self, row: &[f32]) -> f32 {
        self.margin_with(row, self.roots.len())
    }

    /// Log-odds of a row by the first trees alone.
    pub fn margin_with(&self, row: &[f32], trees: usize) -> f32 {
        let mut margin = self.base;
        for root in self.roots.iter().take(trees) {
            let mut at = *root;
            while at >= 0 {
                at = self.next(at as usize, row);
            }
            margin += self.leaves[!at as usize];
        }
        margin
    }

    fn next(&self, at: usize, row: &[f32]) -> i32 {
        let node = &self.nodes[at];
        let value = row[node.feature as usize];
        let left = value <= node.bound || (value.is_nan() && self.missing_left[at]);
        if left { node.left } else { node.right }
    }

    /// What each feature does for the margin of a row: the sum of what changes along the paths at
    /// its nodes. With [`Forest::bias`] they add up to the margin.
    pub fn contributions(&self, row: &[f32], out: &mut [f32]) {
        out.fill(0.0);
        for root in &self.roots {
            let mut at = *root;
            while at >= 0 {
                let node = at as usize;
                at = self.next(node, row);
                let change = self.value(at) - self.traces[node].value;
                out[self.nodes[node].feature as usize] += change;
            }
        }
    }

    /// The margin before any feature is looked at.
    pub fn bias(&self) -> f32 {
        let roots = self.roots.iter().map(|root| self.value(*root));
        self.base + roots.sum::<f32>()
    }

    fn value(&self, at: i32) -> f32 {
        if at >= 0 {
            self.traces[at as usize].value
        } else {
            self.leaves[!at as usize]
        }
    }

    /// How much of the loss each feature took away.
    pub fn gains(&self) -> Vec<f32> {
        let mut gains = vec![0.0; self.features as usize];
        for (node, trace) in self.nodes.iter().zip(&self.traces) {
            gains[node.feature as usize] += trace.gain;
        }
        gains
    }
}

#[cfg(test)]
#[path = "gbdt_tests.rs"]
mod tests;
