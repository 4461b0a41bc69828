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

/// Trees whose leaves add up to log-odds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Forest {
    /// Log-odds before any tree.
    pub(super) base: f32,
    pub(super) features: u32,
    /// Where each tree begins: a node, or `!leaf`.
    pub(super) roots: Vec<i32>,
    pub(super) nodes: Vec<Node>,
    /// Beside each node: missing values go to the left.
    pub(super) missing_left: Vec<bool>,
    pub(super) leaves: Vec<f32>,
}

impl Forest {
    /// As [`Forest::grow_binned`], of rows that are not in bins yet.
    #[cfg(test)]
    pub fn grow(
        table: &Table,
        labels: &[f32],
        weights: &[f32],
        rising: &[bool],
        growth: &Growth,
    ) -> Self {
        Self::grow_binned(&Binned::of(table), labels, weights, rising, growth)
    }

    /// Learns `labels` (0 or 1) of the rows. The log-odds never fall when a feature marked in
    /// `rising` grows.
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
    #[cfg(test)]
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
}

#[cfg(test)]
#[path = "gbdt_tests.rs"]
mod tests;
