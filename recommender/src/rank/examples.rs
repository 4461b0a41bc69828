//! Orders held out as rows to learn from: each candidate of an account with its features, and
//! whether the order held it.

use std::sync::Arc;

use rayon::prelude::*;

use super::candidates::{self, Candidate, Scratch};
use super::chance;
use super::cuts::Cut;
use super::features::{Around, FEATURES};
use super::index::{Index, Lists, Ties, Tuning};
use crate::history::{AccountAt, ItemAt, PurchaseHistory, Seen};
use crate::learn::bins::Cuts;
use crate::learn::gbdt::{Binned, Table};
use crate::state::{Buyer, State};

/// A cut, counted.
pub(crate) struct Counted {
    pub cut: Cut,
    pub state: State,
    pub index: Index,
}

impl Counted {
    pub fn of(history: &PurchaseHistory, cut: Cut, named: &Arc<Lists>, tuning: Tuning) -> Self {
        let views = cut.views(history);
        let state = State::of(&views, history.items.len());
        let ties = Ties::with_names(&views, &state, Arc::clone(named), history.dated);
        let index = Index::of(&views, &state, ties, history.dated, tuning);
        Self { cut, state, index }
    }
}

/// Candidates of an account and their features, one after another.
pub(crate) struct Asked {
    pub account: AccountAt,
    pub found: Vec<Candidate>,
    /// [`FEATURES`] numbers a candidate.
    pub rows: Vec<f32>,
}

/// Finds the candidates of an account and what speaks for each.
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

/// An order held out: its account's candidates, and the items it held, sorted.
pub(crate) struct Example {
    pub asked: Asked,
    pub truth: Vec<ItemAt>,
}

impl Example {
    pub fn held(&self, item: ItemAt) -> bool {
        self.truth.binary_search(&item).is_ok()
    }
}

/// The examples of some accounts of a cut.
pub(crate) fn examples(
    history: &PurchaseHistory,
    counted: &Counted,
    accounts: &[AccountAt],
) -> Vec<Example> {
    let known = Seen {
        baskets: &history.baskets,
        count: Some(&counted.cut.seen),
    };
    let example = |scratch: &mut Scratch, account: &AccountAt| {
        let wanted = counted.cut.asked[*account as usize]?;
        let basket = &history.baskets[*account as usize][wanted];
        let truth = basket.lines.iter().map(|(item, _)| *item).collect();
        let asked = ask(&counted.state, &counted.index, known, *account, scratch);
        Some(Example { asked, truth })
    };
    accounts
        .par_iter()
        .map_init(Scratch::default, example)
        .flatten()
        .collect()
}

/// Rows that did not come true that are kept, about: of items never bought, and of others.
const NEGATIVES: f64 = 400_000.0;
/// Candidates of an account that it never bought, about.
const NEW_CANDIDATES: f64 = 450.0;
/// Share of all rows the logistic regression learns from.
const SAMPLE: f64 = 0.2;
/// Rows by which the bins are cut.
const FIRST: usize = 60_000;

/// Rows as they are.
#[derive(Default)]
pub(crate) struct Portion {
    pub columns: Vec<Vec<f32>>,
    pub labels: Vec<f32>,
    pub weights: Vec<f32>,
    /// Of accounts by which the mix is chosen.
    pub judged: Vec<bool>,
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

    /// The weights, nothing for rows that are judged by.
    pub fn weights_before_judging(&self) -> Vec<f32> {
        let rows = self.weights.iter().zip(&self.judged);
        rows.map(|(weight, judged)| if *judged { 0.0 } else { *weight })
            .collect()
    }
}

/// Rows to learn from: as bytes for the trees, and a share of them as they are.
pub(crate) struct Rows {
    pub binned: Option<Binned>,
    /// Labels, weights and judged of the binned rows.
    pub all: Portion,
    /// Whether the account had bought the item before.
    pub bought: Vec<bool>,
    pub sample: Portion,
    pending: Portion,
    seed: u64,
    kept_new: f64,
    kept_old: f64,
}

impl Rows {
    /// Room for so many examples, whose accounts have bought `old` items together.
    pub fn new(seed: u64, examples: usize, old: f64) -> Self {
        Self {
            binned: None,
            all: Portion::default(),
            bought: Vec::new(),
            sample: Portion::default(),
            pending: Portion::default(),
            seed,
            kept_new: (NEGATIVES / (examples as f64 * NEW_CANDIDATES).max(1.0)).clamp(0.02, 0.5),
            kept_old: (NEGATIVES / old.max(1.0)).clamp(0.1, 1.0),
        }
    }

    /// Takes an example in. Of what did not come true a share is kept, weighted up again; an
    /// order counts for the root of its length.
    pub fn take(&mut self, example: &Example, buyer: &Buyer, weight: f32, judged: bool, salt: u64) {
        let account = example.asked.account;
        let weight = weight / (example.truth.len() as f32).sqrt();
        let rows = example.asked.rows.chunks(FEATURES.len());
        for (candidate, values) in example.asked.found.iter().zip(rows) {
            let item = candidate.item;
            let (held, bought) = (example.held(item), buyer.pair(item).is_some());
            let kept = match (held, bought) {
                (true, _) => 1.0,
                (false, true) => self.kept_old,
                (false, false) => self.kept_new,
            };
            if chance::share(self.seed ^ salt, account, item) >= kept {
                continue;
            }
            let (label, weight) = (f32::from(held), weight / kept as f32);
            self.pending.push(values, label, weight, judged);
            self.bought.push(bought);
            if chance::share(self.seed ^ !salt, account, item) < SAMPLE {
                self.sample.push(values, label, weight, judged);
            }
        }
        self.settle(FIRST);
    }

    /// Puts what is pending into bins once it is `least` rows.
    pub fn settle(&mut self, least: usize) {
        if self.pending.labels.len() < least.max(1) {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let table = Table {
            columns: pending.columns,
        };
        let binned = &mut self.binned;
        binned
            .get_or_insert_with(|| Binned::empty(Cuts::of(&table)))
            .append(&table);
        self.all.labels.extend(pending.labels);
        self.all.weights.extend(pending.weights);
        self.all.judged.extend(pending.judged);
    }
}
