//! Learning the order of candidates from orders held out.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::candidates::Candidate;
use super::chance;
use super::cuts::cuts;
use super::examples::{Counted, Example, Rows, examples};
use super::features::FEATURES;
use super::index::{Tuning, named};
use super::judge::{by_score, ndcg, recall, z_scores};
use super::tune::tune;
use crate::history::{ItemAt, PurchaseHistory};
use crate::learn::calibrate::Calibration;
use crate::learn::gbdt::{Forest, Growth, Table};
use crate::learn::logistic::Logistic;

/// What training learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ranker {
    pub tuning: Tuning,
    pub logistic: Logistic,
    pub forest: Forest,
    /// Ranks what an account never ordered, learned from such items alone.
    pub explore: Forest,
    /// Weights of the z-scores of logistic regression, trees and blend.
    pub mix: [f32; 3],
    /// From the trees' log-odds to a probability.
    pub calibration: Calibration,
    /// Orders learned from.
    pub examples: u32,
    /// Recall of the first ten on orders of accounts kept for choosing; and of the most
    /// frequent items of each.
    pub recall: f64,
    pub baseline: f64,
}

/// Orders held out that learning needs.
const LEAST_EXAMPLES: usize = 20;
/// With more, the accounts that choose the mix are not learned from: they would add nothing.
const PLENTY: usize = 10_000;
/// Orders by which the mix is chosen, at most.
const MOST_JUDGED: usize = 1_200;
/// Accounts whose examples are made at once: their rows stand in memory as floats.
const PORTION: usize = 256;
/// Trees of the ranking, and of that of new items.
const TREES: usize = 140;
const EXPLORE_TREES: usize = 100;

/// Ways of mixing the three scores that are tried.
const MIXES: [[f32; 3]; 9] = [
    [0.0, 1.0, 0.0],
    [1.0, 0.0, 0.0],
    [1.0, 1.0, 0.0],
    [1.0, 2.0, 0.0],
    [1.0, 3.0, 0.0],
    [1.0, 1.0, 0.7],
    [1.0, 2.0, 0.5],
    [1.0, 2.0, 1.0],
    [0.0, 2.0, 0.5],
];

fn growth(seed: u64, trees: usize) -> Growth {
    Growth {
        trees,
        leaves: 15,
        rate: 0.06,
        least_rows: 200.0,
        l2: 10.0,
        feature_share: 0.6,
        row_share: 0.8,
        seed,
    }
}

/// Learns from a history; none where there is too little to learn from.
pub(crate) fn fit(history: &PurchaseHistory, seed: u64) -> Option<Ranker> {
    let cuts = cuts(history, seed);
    let count: usize = cuts
        .iter()
        .map(|cut| cut.asked.iter().flatten().count())
        .sum();
    if count < LEAST_EXAMPLES {
        return None;
    }
    let tuning = tune(history, seed);
    let (rows, judged) = gather(history, cuts, tuning, seed, count);
    let binned = rows.binned.as_ref()?;
    let used: Vec<bool> = FEATURES.iter().map(|feature| feature.of_pair).collect();
    let rising: Vec<bool> = FEATURES.iter().map(|feature| feature.rising).collect();
    let sample = Table {
        columns: rows.sample.columns.clone(),
    };
    let logistic =
        |weights: &[f32]| Logistic::fit(&sample, &rows.sample.labels, weights, &used, 1.0);
    let forest = |weights: &[f32], trees: usize| {
        Forest::grow_binned(
            binned,
            &rows.all.labels,
            weights,
            &rising,
            &growth(seed, trees),
        )
    };
    // First without a fifth of the accounts, by which the mix is chosen.
    let mut trees = forest(&rows.all.weights_before_judging(), TREES);
    let line = logistic(&rows.sample.weights_before_judging());
    let verdict = choose(&judged, &line, &trees, tuning.own);
    let line = logistic(&rows.sample.weights);
    if count <= PLENTY {
        trees = forest(&rows.all.weights, TREES);
    }
    let of_new = rows.all.weights.iter().zip(&rows.bought);
    let of_new: Vec<f32> = of_new
        .map(|(w, bought)| if *bought { 0.0 } else { *w })
        .collect();
    Some(Ranker {
        tuning,
        logistic: line,
        explore: forest(&of_new, EXPLORE_TREES),
        forest: trees,
        mix: verdict.mix,
        calibration: verdict.calibration,
        examples: count as u32,
        recall: verdict.recall,
        baseline: verdict.baseline,
    })
}

/// Makes rows of all cuts; examples of accounts that choose the mix are kept as they are.
fn gather(
    history: &PurchaseHistory,
    cuts: Vec<super::cuts::Cut>,
    tuning: Tuning,
    seed: u64,
    count: usize,
) -> (Rows, Vec<Example>) {
    let named = Arc::new(named(&history.facts));
    let lines = |account: &u32| {
        history.baskets[*account as usize]
            .iter()
            .map(|b| b.lines.len())
    };
    let old: usize = cuts
        .iter()
        .flat_map(|cut| cut.accounts(seed))
        .map(|at| lines(&at).sum::<usize>())
        .sum();
    // About six in ten lines are of items not bought before.
    let mut rows = Rows::new(seed, count, old as f64 * 0.6);
    let mut judged = Vec::new();
    for (salt, cut) in (1..).zip(cuts) {
        let (accounts, weight) = (cut.accounts(seed), cut.weight);
        let counted = Counted::of(history, cut, &named, tuning);
        for portion in accounts.chunks(PORTION) {
            for example in examples(history, &counted, portion) {
                let account = example.asked.account;
                let kept = chance::fifth(!seed, account) == 0;
                let buyer = &counted.state.buyers[account as usize];
                rows.take(&example, buyer, weight, kept, salt);
                // The last orders and those of one day back in time choose.
                if kept && salt <= 2 && judged.len() < MOST_JUDGED {
                    judged.push(example);
                }
            }
        }
    }
    rows.settle(0);
    (rows, judged)
}

/// What the accounts kept for choosing say.
struct Verdict {
    mix: [f32; 3],
    calibration: Calibration,
    recall: f64,
    baseline: f64,
}

/// The mix that finds most of the orders held out, near the top.
fn choose(judged: &[Example], line: &Logistic, trees: &Forest, own: f32) -> Verdict {
    let mut scores = [0.0; MIXES.len()];
    let mut recalls = [0.0; MIXES.len()];
    let (mut margins, mut outcomes) = (Vec::new(), Vec::new());
    let mut baseline = 0.0;
    let times_at = FEATURES
        .iter()
        .position(|feature| feature.name == "count")
        .unwrap_or(0);
    for example in judged {
        let found = &example.asked.found;
        let rows = || example.asked.rows.chunks(FEATURES.len());
        let lines: Vec<f32> = rows().map(|row| line.margin(row)).collect();
        let treed = trees.margins(&example.asked.rows, FEATURES.len());
        let blend: Vec<f32> = found.iter().map(|candidate| candidate.blend(own)).collect();
        margins.extend_from_slice(&treed);
        outcomes.extend(
            found
                .iter()
                .map(|candidate| f32::from(example.held(candidate.item))),
        );
        let times: Vec<f32> = rows().map(|row| row[times_at]).collect();
        baseline += recall(&first(&times, found), &example.truth, 10);
        let z = [z_scores(&lines), z_scores(&treed), z_scores(&blend)];
        for (at, mix) in MIXES.iter().enumerate() {
            let mixed: Vec<f32> = (0..found.len()).map(|i| mixed(&z, mix, i)).collect();
            let ranked = first(&mixed, found);
            let at_10 = recall(&ranked, &example.truth, 10);
            recalls[at] += at_10;
            scores[at] +=
                at_10 + ndcg(&ranked, &example.truth, 10) + recall(&ranked, &example.truth, 20);
        }
    }
    let mut best = 0;
    for at in 1..MIXES.len() {
        if scores[at] > scores[best] {
            best = at;
        }
    }
    let count = judged.len().max(1) as f64;
    let ones = vec![1.0; margins.len()];
    Verdict {
        mix: MIXES[best],
        calibration: Calibration::fit(&margins, &outcomes, &ones),
        recall: recalls[best] / count,
        baseline: baseline / count,
    }
}

/// The mixed score of a candidate.
pub(crate) fn mixed(z: &[Vec<f32>; 3], mix: &[f32; 3], at: usize) -> f32 {
    z.iter().zip(mix).map(|(z, weight)| weight * z[at]).sum()
}

fn first(scores: &[f32], found: &[Candidate]) -> Vec<ItemAt> {
    by_score(scores, found)
        .iter()
        .take(20)
        .map(|at| found[*at].item)
        .collect()
}
