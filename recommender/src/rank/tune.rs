//! How accounts are compared: chosen by how well the plain blend of an account's own vector and
//! its neighbours' finds last orders held out.

use rayon::prelude::*;

use super::candidates::{self, Scratch};
use super::cuts::without_last;
use super::index::{Index, Tuning};
use super::judge::{by_score, ndcg, recall};
use crate::history::{ItemAt, PurchaseHistory, Seen};
use crate::state::State;

/// Accounts that are looked at, at most.
const ACCOUNTS: usize = 600;
/// Weights of an order beside the one after it that are tried.
const DECAYS: [f32; 5] = [0.75, 0.85, 0.9, 0.95, 1.0];
/// Shares of the account's own vector that are tried. Published ones begin at 0.3; on grocery
/// baskets 0.1 finds a quarter more.
const OWN: [f32; 9] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9];

pub(crate) fn tune(history: &PurchaseHistory, seed: u64) -> Tuning {
    let cut = without_last(history, 1, 1);
    let views = cut.views(history);
    let state = State::of(&views, history.items.len());
    let mut accounts = cut.accounts(seed);
    accounts.truncate(ACCOUNTS);
    // Neighbours alone: what goes with the last order is not asked.
    let nothing = Seen {
        baskets: &[],
        count: None,
    };
    let mut best = (0.0, Tuning::default());
    for decay in DECAYS {
        let tuning = Tuning {
            decay,
            ..Tuning::default()
        };
        let index = Index::bare(&views, &state, tuning);
        let score = |scratch: &mut Scratch, account: &u32| {
            candidates::find(&index, &state, nothing, *account, scratch);
            let found = &scratch.found;
            let basket = &history.baskets[*account as usize][cut.seen[*account as usize]];
            let truth: Vec<ItemAt> = basket.lines.iter().map(|(item, _)| *item).collect();
            OWN.map(|own| {
                let scores: Vec<f32> = found.iter().map(|c| c.blend(own)).collect();
                let order = by_score(&scores, found);
                let ranked: Vec<ItemAt> = order.iter().take(10).map(|at| found[*at].item).collect();
                recall(&ranked, &truth, 10) + ndcg(&ranked, &truth, 10)
            })
        };
        let scores: Vec<_> = accounts
            .par_iter()
            .map_init(Scratch::default, score)
            .collect();
        for (at, own) in OWN.into_iter().enumerate() {
            let sum: f64 = scores.iter().map(|scores| scores[at]).sum();
            if sum > best.0 {
                best = (sum, Tuning { own, ..tuning });
            }
        }
    }
    best.1
}
