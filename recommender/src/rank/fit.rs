//! Learning the order of candidates from orders held out.
//!
//! An order is held out by counting everything without it: each account's last order, the one
//! before, and what came first after a day some weeks back. What a learner sees of an order is
//! then what it will see of the next one.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::candidates::{self, Candidate, Scratch};
use super::features::{Around, FEATURES};
use super::index::{Index, Lists, Ties, Tuning, named};
use crate::history::{AccountAt, Basket, ItemAt, PurchaseHistory, Seen};
use crate::learn::bins::Cuts;
use crate::learn::calibrate::Calibration;
use crate::learn::gbdt::{Binned, Forest, Growth, Table};
use crate::learn::logistic::Logistic;
use crate::state::{Buyer, State};

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
    pub recall: f64,
    pub baseline: f64,
    pub examples: u32,
}

/// For each account, how many of its orders are seen, and which is to be found (none: not asked).
pub(crate) struct Cut {
    pub seen: Vec<usize>,
    pub asked: Vec<Option<usize>>,
}

/// A cut, counted.
pub(crate) struct Counted {
    pub cut: Cut,
    pub state: State,
    pub index: Index,
}

fn views<'a>(history: &'a PurchaseHistory, seen: &[usize]) -> Vec<&'a [Basket]> {
    history
        .baskets
        .iter()
        .zip(seen)
        .map(|(baskets, seen)| &baskets[..*seen])
        .collect()
}

impl Counted {
    fn of(history: &PurchaseHistory, cut: Cut, named: &Arc<Lists>, tuning: Tuning) -> Self {
        let views = views(history, &cut.seen);
        let state = State::of(&views, history.items.len());
        let ties = Ties::with_names(&views, &state, Arc::clone(named), history.dated);
        let index = Index::of(&views, &state, ties, history.dated, tuning);
        Self { cut, state, index }
    }
}

/// Fewest orders seen of an account that is learned from.
const LEAST_SEEN: usize = 1;

/// Without the last `back` orders of everybody; the first of those is asked for.
fn back(history: &PurchaseHistory, back: usize, least: usize) -> Cut {
    let seen: Vec<usize> = history
        .baskets
        .iter()
        .map(|baskets| match baskets.len().checked_sub(back) {
            Some(seen) if seen >= least => seen,
            _ => baskets.len().min(least),
        })
        .collect();
    let asked = history
        .baskets
        .iter()
        .zip(&seen)
        .map(|(baskets, seen)| (*seen >= least && *seen + back == baskets.len()).then_some(*seen))
        .collect();
    Cut { seen, asked }
}

/// Without the last order of a fifth of the accounts, which are asked for.
fn apart(history: &PurchaseHistory, seed: u64, part: u64) -> Cut {
    let mut cut = back(history, 0, LEAST_SEEN);
    for (account, baskets) in (0..).zip(&history.baskets) {
        let at = account as usize;
        cut.asked[at] = None;
        if baskets.len() > LEAST_SEEN && fold(seed, account) == part {
            cut.seen[at] = baskets.len() - 1;
            cut.asked[at] = Some(baskets.len() - 1);
        }
    }
    cut
}

/// As things stood `days` before the last day; each account's first order after it is asked for.
fn before(history: &PurchaseHistory, days: i32, least: usize) -> Cut {
    let day = history.last_day().0 - days;
    let seen: Vec<usize> = history
        .baskets
        .iter()
        .map(|baskets| baskets.partition_point(|basket| basket.day <= day))
        .collect();
    let asked = history
        .baskets
        .iter()
        .zip(&seen)
        .map(|(baskets, seen)| (*seen >= least && *seen < baskets.len()).then_some(*seen))
        .collect();
    Cut { seen, asked }
}

/// Which fifth of the accounts an account is in, by chance.
fn fold(seed: u64, account: AccountAt) -> u64 {
    mix(seed ^ u64::from(account).wrapping_mul(0x9e37_79b9_7f4a_7c15)) % 5
}

/// SplitMix64's finishing step.
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Candidates of an account with their features, one after another.
#[derive(Default)]
pub(crate) struct Asked {
    pub account: AccountAt,
    pub found: Vec<Candidate>,
    pub rows: Vec<f32>,
}

/// Candidates of an account and their features.
pub(crate) fn ask(
    state: &State,
    index: &Index,
    seen: Seen<'_>,
    account: AccountAt,
    scratch: &mut Scratch,
) -> Asked {
    candidates::find(index, state, seen, account, scratch);
    scratch
        .found
        .sort_unstable_by_key(|candidate| candidate.item);
    let found = scratch.found.clone();
    let nobody = Buyer::default();
    let around = Around::of(state, index, account, &nobody, &found);
    let mut rows = Vec::with_capacity(found.len() * FEATURES.len());
    for (at, candidate) in found.iter().enumerate() {
        around.row(at, candidate, &mut rows);
    }
    Asked {
        account,
        found,
        rows,
    }
}

/// An order held out: its account, the candidates, and what it held.
struct Example {
    asked: Asked,
    truth: Vec<ItemAt>,
}

fn examples(history: &PurchaseHistory, counted: &Counted, accounts: &[AccountAt]) -> Vec<Example> {
    accounts
        .par_iter()
        .map_init(Scratch::default, |scratch, account| {
            let baskets = &history.baskets[*account as usize];
            let seen = counted.cut.seen[*account as usize];
            let known = Seen {
                baskets: &history.baskets,
                count: Some(&counted.cut.seen),
            };
            let asked = ask(&counted.state, &counted.index, known, *account, scratch);
            let truth = baskets[seen].lines.iter().map(|(item, _)| *item).collect();
            Example { asked, truth }
        })
        .collect()
}

/// Accounts whose examples are made at once.
const PORTION: usize = 256;
/// Rows of no use that are kept in all, about: of items never bought, and of items bought before.
const NEGATIVES: f64 = 400_000.0;
/// Rows the logistic regression learns from, about.
const LOGISTIC_ROWS: f64 = 150_000.0;

/// Rows to learn from, as bytes for the trees, and a share of them as they are.
struct Rows {
    binned: Option<Binned>,
    labels: Vec<f32>,
    weights: Vec<f32>,
    /// Of accounts that are kept for choosing.
    judged: Vec<bool>,
    bought: Vec<bool>,
    sample: Portion,
    pending: Portion,
    seed: u64,
    /// Shares that are kept of rows that did not come true, never bought and bought before.
    kept_new: f64,
    kept_old: f64,
    kept_sample: f64,
}

/// Rows as they are.
#[derive(Default)]
struct Portion {
    columns: Vec<Vec<f32>>,
    labels: Vec<f32>,
    weights: Vec<f32>,
    judged: Vec<bool>,
}

impl Portion {
    fn push(&mut self, values: &[f32], label: f32, weight: f32, judged: bool) {
        self.columns.resize(values.len(), Vec::new());
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(*value);
        }
        self.labels.push(label);
        self.weights.push(weight);
        self.judged.push(judged);
    }
}

/// A number from 0 to 1 that chance gives to these words.
fn chance(seed: u64, one: u32, other: u32) -> f64 {
    (mix(mix(seed) ^ (u64::from(one) << 32 | u64::from(other))) >> 11) as f64 / (1u64 << 53) as f64
}

impl Rows {
    fn take(&mut self, example: &Example, buyer: &Buyer, weight: f32, judged: bool, salt: u64) {
        let width = FEATURES.len();
        let account = example.asked.account;
        let weight = weight / (example.truth.len() as f32).sqrt();
        for (at, candidate) in example.asked.found.iter().enumerate() {
            let label = example.truth.binary_search(&candidate.item).is_ok();
            let bought = buyer.pair(candidate.item).is_some();
            let share = match (label, bought) {
                (true, _) => 1.0,
                (false, true) => self.kept_old,
                (false, false) => self.kept_new,
            };
            let drawn = chance(self.seed ^ salt, account, candidate.item);
            if drawn >= share {
                continue;
            }
            let values = &example.asked.rows[at * width..(at + 1) * width];
            let (label, weight) = (f32::from(label), weight / share as f32);
            self.pending.push(values, label, weight, judged);
            if chance(self.seed ^ !salt, account, candidate.item) < self.kept_sample {
                self.sample.push(values, label, weight, judged);
            }
            self.bought.push(bought);
        }
    }

    /// Puts what is pending into bins; those are cut by the first rows that come.
    fn settle(&mut self, least: usize) {
        if self.pending.labels.len() < least.max(1) {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let table = Table {
            columns: pending.columns,
        };
        let binned = self
            .binned
            .get_or_insert_with(|| Binned::empty(Cuts::of(&table)));
        binned.append(&table);
        self.labels.extend(pending.labels);
        self.weights.extend(pending.weights);
        self.judged.extend(pending.judged);
    }

    /// The weights, nothing for rows that are not wanted.
    fn weighted(&self, wanted: impl Fn(usize) -> bool) -> Vec<f32> {
        (0..self.weights.len())
            .map(|at| if wanted(at) { self.weights[at] } else { 0.0 })
            .collect()
    }
}

fn growth(seed: u64, trees: usize) -> Growth {
    let var = |name: &str, value: f32| {
        std::env::var(name)
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(value)
    };
    Growth {
        trees: var("TREES", trees as f32) as usize,
        leaves: var("LEAVES", 15.0) as usize,
        rate: var("RATE", 0.06),
        least_rows: var("LEAST", 200.0),
        l2: var("L2", 10.0),
        feature_share: 0.6,
        row_share: 0.8,
        seed,
    }
}

/// Mean over accounts of the share of an order found among the first `k`.
fn recall(ranked: &[ItemAt], truth: &[ItemAt], k: usize) -> f64 {
    let hits = ranked
        .iter()
        .take(k)
        .filter(|item| truth.binary_search(item).is_ok());
    hits.count() as f64 / truth.len() as f64
}

fn ndcg(ranked: &[ItemAt], truth: &[ItemAt], k: usize) -> f64 {
    let gain = |at: usize| 1.0 / (at as f64 + 2.0).log2();
    let found: f64 = ranked
        .iter()
        .take(k)
        .enumerate()
        .filter(|(_, item)| truth.binary_search(item).is_ok())
        .map(|(at, _)| gain(at))
        .sum();
    found / (0..truth.len()).map(gain).sum::<f64>()
}

/// Scores minus their mean, over their spread.
pub(crate) fn z_scores(values: &[f32]) -> Vec<f32> {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let spread = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / count).sqrt();
    values
        .iter()
        .map(|v| (v - mean) / spread.max(1e-6))
        .collect()
}

/// Places of candidates, the best score first.
pub(crate) fn by_score(scores: &[f32], found: &[Candidate]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| {
        scores[*b]
            .total_cmp(&scores[*a])
            .then(found[*a].item.cmp(&found[*b].item))
    });
    order
}

/// Chooses how accounts are compared: by recall of the plain blend on last orders held out.
fn tune(history: &PurchaseHistory, seed: u64) -> Tuning {
    let cut = back(history, 1, LEAST_SEEN);
    let views = views(history, &cut.seen);
    let state = State::of(&views, history.items.len());
    let mut accounts: Vec<AccountAt> = (0..)
        .zip(&cut.asked)
        .filter(|(_, asked)| asked.is_some())
        .map(|(account, _)| account)
        .collect();
    accounts.sort_by_key(|account| mix(seed ^ u64::from(*account)));
    accounts.truncate(600);
    let nothing = Seen {
        baskets: &[],
        count: None,
    };
    let shares = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9];
    let mut best = (0.0, Tuning::default());
    for decay in [0.75, 0.85, 0.9, 0.95, 1.0] {
        let tuning = Tuning {
            decay,
            ..Tuning::default()
        };
        let index = Index::bare(&views, &state, tuning);
        let sums: Vec<f64> = accounts
            .par_iter()
            .map_init(Scratch::default, |scratch, account| {
                candidates::find(&index, &state, nothing, *account, scratch);
                let truth: Vec<ItemAt> = history.baskets[*account as usize]
                    [cut.seen[*account as usize]]
                    .lines
                    .iter()
                    .map(|(item, _)| *item)
                    .collect();
                shares.map(|own| {
                    let scores: Vec<f32> = scratch
                        .found
                        .iter()
                        .map(|candidate| candidate.blend(own))
                        .collect();
                    let order = by_score(&scores, &scratch.found);
                    let ranked: Vec<ItemAt> = order
                        .iter()
                        .take(20)
                        .map(|at| scratch.found[*at].item)
                        .collect();
                    recall(&ranked, &truth, 10) + ndcg(&ranked, &truth, 10)
                })
            })
            .reduce(
                || [0.0; 9],
                |mut a, b| {
                    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                    a
                },
            )
            .to_vec();
        for (sum, own) in sums.iter().zip(shares) {
            if *sum > best.0 {
                best = (*sum, Tuning { own, ..tuning });
            }
        }
    }
    best.1
}

/// Orders held out that learning needs.
const LEAST_EXAMPLES: usize = 20;
/// With more, the accounts that choose are not learned from.
const PLENTY: usize = 10_000;
/// Orders by which the mix is chosen, at most.
const MOST_JUDGED: usize = 1_200;

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

/// Learns from a history; none where there is too little to learn from.
pub(crate) fn fit(history: &PurchaseHistory, seed: u64) -> Option<Ranker> {
    let debug = std::env::var_os("KONTOR_LAB").is_some();
    let clock = std::time::Instant::now();
    let tuning = tune(history, seed);
    if debug {
        eprintln!("{:?} {tuning:?}", clock.elapsed());
    }
    let named = Arc::new(named(&history.facts));
    let mut cuts = Vec::new();
    if history.dated {
        cuts.push((back(history, 1, LEAST_SEEN), 1.0));
        let w: f32 = std::env::var("BACK2")
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(0.7);
        if w > 0.0 {
            cuts.push((back(history, 2, 2), w));
        }
        let days: Vec<i32> = std::env::var("CUTS").map_or(vec![14, 30, 45, 60, 75, 91, 120], |v| {
            v.split(',').filter_map(|d| d.parse().ok()).collect()
        });
        for days in days {
            cuts.push((before(history, days, 2), 0.7));
        }
    } else {
        // Nobody can say which of others' orders came later: they are all seen.
        for part in 0..5 {
            cuts.push((apart(history, seed, part), 1.0));
        }
    }
    let asked = |cut: &Cut| -> Vec<AccountAt> {
        let asked = (0..).zip(&cut.asked).filter(|(_, asked)| asked.is_some());
        let mut accounts: Vec<AccountAt> = asked.map(|(account, _)| account).collect();
        accounts.sort_by_key(|account| mix(seed ^ u64::from(*account)));
        accounts
    };
    let count: usize = cuts.iter().map(|(cut, _)| asked(cut).len()).sum();
    if count < LEAST_EXAMPLES {
        return None;
    }
    let old: f64 = cuts
        .iter()
        .flat_map(|(cut, _)| asked(cut))
        .map(|account| {
            history.baskets[account as usize]
                .iter()
                .map(|b| b.lines.len())
                .sum::<usize>()
        })
        .sum::<usize>() as f64
        * 0.6;
    let share = |rows: f64, of: f64| (rows / of.max(1.0)).clamp(0.02, 0.5);
    let mut rows = Rows {
        binned: None,
        labels: Vec::new(),
        weights: Vec::new(),
        judged: Vec::new(),
        bought: Vec::new(),
        sample: Portion::default(),
        pending: Portion::default(),
        seed,
        kept_new: share(NEGATIVES, count as f64 * 450.0),
        kept_old: (std::env::var("OLD")
            .ok()
            .and_then(|v| v.parse().ok())
            .unwrap_or(NEGATIVES)
            / old.max(1.0))
        .clamp(0.1, 1.0),
        kept_sample: (LOGISTIC_ROWS / (2.0 * NEGATIVES)).min(1.0),
    };
    let mut judged = Vec::new();
    for (at, (cut, weight)) in cuts.into_iter().enumerate() {
        let accounts = asked(&cut);
        let counted = Counted::of(history, cut, &named, tuning);
        for portion in accounts.chunks(PORTION) {
            for example in examples(history, &counted, portion) {
                let account = example.asked.account;
                let kept = fold(!seed, account) == 0;
                let buyer = &counted.state.buyers[account as usize];
                rows.take(&example, buyer, weight, kept, at as u64 + 1);
                if kept && (at == 0 || at == 2) && judged.len() < MOST_JUDGED {
                    judged.push(example);
                }
            }
            rows.settle(60_000);
        }
        if debug {
            eprintln!(
                "{:?} cut {at}: {} accounts, {} rows",
                clock.elapsed(),
                accounts.len(),
                rows.labels.len()
            );
        }
    }
    rows.settle(0);
    let width = FEATURES.len();
    let used: Vec<bool> = FEATURES.iter().map(|feature| feature.of_pair).collect();
    let rising: Vec<bool> = FEATURES.iter().map(|feature| feature.rising).collect();
    let binned = rows.binned.as_ref()?;
    let sample = Table {
        columns: std::mem::take(&mut rows.sample.columns),
    };
    let sampled = &rows.sample;
    let (labels, weights) = (&rows.labels, &rows.weights);
    // First without a fifth of the accounts, by which the mix is chosen.
    let first: Vec<f32> = sampled
        .weights
        .iter()
        .zip(&sampled.judged)
        .map(|(weight, judged)| if *judged { 0.0 } else { *weight })
        .collect();
    let logistic = Logistic::fit(&sample, &sampled.labels, &first, &used, 1.0);
    if debug {
        eprintln!("{:?} logistic on {}", clock.elapsed(), sampled.labels.len());
    }
    let first = rows.weighted(|at| !rows.judged[at]);
    let forest = Forest::grow_binned(binned, labels, &first, &rising, &growth(seed, 140));
    if debug {
        eprintln!("{:?} forest", clock.elapsed());
    }
    let mut scores = [0.0; MIXES.len()];
    let mut recalls = [0.0; MIXES.len()];
    let (mut margins, mut outcomes, mut ones) = (Vec::new(), Vec::new(), Vec::new());
    let mut baseline = 0.0;
    for example in &judged {
        let found = &example.asked.found;
        let row = |at: usize| &example.asked.rows[at * width..(at + 1) * width];
        let a: Vec<f32> = (0..found.len())
            .map(|at| logistic.margin(row(at)))
            .collect();
        let b: Vec<f32> = (0..found.len()).map(|at| forest.margin(row(at))).collect();
        let c: Vec<f32> = found
            .iter()
            .map(|candidate| candidate.blend(tuning.own))
            .collect();
        for (margin, candidate) in b.iter().zip(found) {
            margins.push(*margin);
            outcomes.push(f32::from(
                example.truth.binary_search(&candidate.item).is_ok(),
            ));
            ones.push(1.0);
        }
        let (a, b, z) = (z_scores(&a), z_scores(&b), z_scores(&c));
        let rank = |scores: &[f32]| -> Vec<ItemAt> {
            by_score(scores, found)
                .iter()
                .take(20)
                .map(|at| found[*at].item)
                .collect()
        };
        baseline += recall(&rank(&c), &example.truth, 10);
        for (at, mix) in MIXES.iter().enumerate() {
            let mixed: Vec<f32> = (0..found.len())
                .map(|i| mix[0] * a[i] + mix[1] * b[i] + mix[2] * z[i])
                .collect();
            let ranked = rank(&mixed);
            recalls[at] += recall(&ranked, &example.truth, 10);
            scores[at] += recall(&ranked, &example.truth, 10)
                + ndcg(&ranked, &example.truth, 10)
                + recall(&ranked, &example.truth, 20);
        }
    }
    let best = (0..MIXES.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    let n = judged.len().max(1) as f64;
    if debug {
        for (mix, (r, s)) in MIXES.iter().zip(recalls.iter().zip(&scores)) {
            eprintln!("{mix:?} recall {:.4} score {:.4}", r / n, s / n);
        }
        eprintln!("blend {:.4}", baseline / n);
        let mut gains: Vec<(f32, &str)> = forest
            .gains()
            .into_iter()
            .zip(FEATURES.iter().map(|f| f.name))
            .collect();
        gains.sort_by(|a, b| b.0.total_cmp(&a.0));
        eprintln!("{gains:?}");
    }
    let calibration = Calibration::fit(&margins, &outcomes, &ones);
    let logistic = Logistic::fit(&sample, &sampled.labels, &sampled.weights, &used, 1.0);
    // Where there is plenty, the fifth adds nothing.
    let forest = if count > PLENTY {
        forest
    } else {
        Forest::grow_binned(binned, labels, weights, &rising, &growth(seed, 140))
    };
    let new = rows.weighted(|at| !rows.bought[at]);
    let explore = Forest::grow_binned(binned, labels, &new, &rising, &growth(seed, 100));
    if debug {
        eprintln!("{:?} done", clock.elapsed());
    }
    Some(Ranker {
        tuning,
        logistic,
        forest,
        explore,
        mix: MIXES[best],
        calibration,
        recall: recalls[best] / n,
        baseline: baseline / n,
        examples: count as u32,
    })
}
