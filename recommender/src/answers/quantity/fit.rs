//! Learning from the latest orders what each fact is worth: a choice among the quantities in
//! question, fitted by Newton's method, held near the defaults where there is little to learn from.

use rayon::prelude::*;

use super::{AGAIN, Choice, FIRST, QuantityModel, Question, Rung, counted, gap, level};
use crate::history::{Basket, PurchaseHistory};
use crate::state::{Buyer, State};

/// Orders of each account that are learned from, the latest.
const LATEST: usize = 3;
/// At most so many lines are learned from.
const LINES: usize = 60_000;
/// How strongly the defaults hold, in lines' worth of evidence.
const HOLD: f64 = 5.0;
/// Lines that are worked through at one time; fixed, so that threads change nothing.
const CHUNK: usize = 2_048;

/// A line to learn from: the quantities in question, and the one taken.
struct Example {
    choices: Vec<Choice>,
    taken: usize,
}

impl QuantityModel {
    /// Learns the quantities in use, and what speaks for each. The same history gives the same.
    #[must_use]
    pub(crate) fn fit(history: &PurchaseHistory, state: &State) -> Self {
        let mut model = Self::ladders(history, state);
        let lines: usize = history.baskets.iter().map(|of| latest(of)).sum();
        let every = lines / LINES + 1;
        let examples: Vec<(bool, Example)> = history
            .baskets
            .par_iter()
            .zip(&state.buyers)
            .flat_map_iter(|(baskets, buyer)| model.examples(baskets, buyer, every))
            .collect();
        let (first, again): (Vec<_>, Vec<_>) = examples.into_iter().partition(|(first, _)| *first);
        let first: Vec<Example> = first.into_iter().map(|(_, example)| example).collect();
        let again: Vec<Example> = again.into_iter().map(|(_, example)| example).collect();
        model.first = worth::<FIRST>(&first, &model.first);
        model.again = worth::<AGAIN>(&again, &model.again);
        model
    }

    fn ladders(history: &PurchaseHistory, state: &State) -> Self {
        let mut pieces: Vec<Vec<u32>> = vec![Vec::new(); history.items.len()];
        for basket in history.baskets.iter().flatten() {
            for &(item, taken) in &basket.lines {
                pieces[item as usize].push(taken);
            }
        }
        let overall = counted(pieces.iter().flatten().copied().collect());
        let typical = pieces.into_iter().map(|pieces| {
            let ladder = counted(pieces).into_iter();
            ladder.rev().max_by_key(|rung| rung.1).map_or(0, |r| r.0)
        });
        let mut model = Self {
            typical: typical.collect(),
            lines: overall.iter().map(|taken| taken.1).sum(),
            overall,
            ..Self::default()
        };
        let mut rungs: Vec<Vec<Rung>> = vec![Vec::new(); history.items.len()];
        for (baskets, buyer) in history.baskets.iter().zip(&state.buyers) {
            let level = level(model.habit(buyer).multiple);
            for &(item, pieces) in baskets.iter().flat_map(|basket| &basket.lines) {
                rungs[item as usize].push(Rung {
                    pieces,
                    level,
                    times: 1,
                });
            }
        }
        for ladder in &mut rungs {
            ladder.sort_unstable();
            ladder.dedup_by(|next, kept| {
                let same = (next.pieces, next.level) == (kept.pieces, kept.level);
                kept.times += if same { next.times } else { 0 };
                same
            });
            ladder.shrink_to_fit();
        }
        model.ladders = rungs;
        model
    }

    /// Lines of an account's latest orders, seen from before each of them; every `every`th. With
    /// each: whether it was the first of its item.
    fn examples(&self, baskets: &[Basket], now: &Buyer, every: usize) -> Vec<(bool, Example)> {
        let mut examples = Vec::new();
        let level = level(self.habit(now).multiple);
        let mut number = 0;
        for back in 1..=LATEST.min(baskets.len().saturating_sub(1)) {
            let (before, hidden) = baskets.split_at(baskets.len() - back);
            let Some(basket) = hidden.first() else {
                continue;
            };
            let buyer = Buyer::of(before);
            let habit = self.habit(&buyer);
            for &(item, pieces) in &basket.lines {
                number += 1;
                if number % every != 0 {
                    continue;
                }
                let pair = buyer.pair(item);
                let choices = self.choices(&Question {
                    ladder: &self.ladders[item as usize],
                    left_out: Some((pieces, level)),
                    habit: &habit,
                    remembered: pair.map_or(&[], |pair| pair.remembered()),
                    gap: pair.map_or(0.0, |pair| gap(pair, basket.day)),
                });
                let taken = choices.iter().position(|choice| choice.pieces == pieces);
                if let Some(taken) = taken.filter(|_| choices.len() > 1) {
                    examples.push((pair.is_none(), Example { choices, taken }));
                }
            }
        }
        examples
    }
}

/// Lines of the latest orders of an account, but for its first order.
fn latest(baskets: &[Basket]) -> usize {
    let later = baskets.iter().skip(1).rev().take(LATEST);
    later.map(|basket| basket.lines.len()).sum()
}

/// What is summed over lines: log likelihood, gradient, and curvature.
struct Sums<const N: usize> {
    likelihood: f64,
    slope: [f64; N],
    curve: [[f64; N]; N],
}

impl<const N: usize> Sums<N> {
    fn of(examples: &[Example], worth: &[f64; N]) -> Self {
        let parts: Vec<Self> = examples
            .par_chunks(CHUNK)
            .map(|examples| {
                let mut sums = Self::nothing();
                for example in examples {
                    sums.add(example, worth);
                }
                sums
            })
            .collect();
        parts.into_iter().fold(Self::nothing(), |mut all, part| {
            all.likelihood += part.likelihood;
            for (row, other) in (0..N).zip(&part.curve) {
                all.slope[row] += part.slope[row];
                for (value, more) in all.curve[row].iter_mut().zip(other) {
                    *value += more;
                }
            }
            all
        })
    }

    fn nothing() -> Self {
        Self {
            likelihood: 0.0,
            slope: [0.0; N],
            curve: [[0.0; N]; N],
        }
    }

    fn add(&mut self, example: &Example, worth: &[f64; N]) {
        let points: Vec<f64> = example
            .choices
            .iter()
            .map(|choice| worth.iter().zip(choice.facts).map(|(w, f)| w * f).sum())
            .collect();
        let most = points.iter().copied().fold(f64::MIN, f64::max);
        let all: f64 = points.iter().map(|points| (points - most).exp()).sum();
        self.likelihood += points[example.taken] - most - all.ln();
        let mut mean = [0.0; N];
        for (choice, points) in example.choices.iter().zip(&points) {
            let chance = (points - most).exp() / all;
            let facts = &choice.facts[..N];
            for ((curve, mean), fact) in self.curve.iter_mut().zip(&mut mean).zip(facts) {
                let weighted = chance * fact;
                *mean += weighted;
                for (value, other) in curve.iter_mut().zip(facts) {
                    *value += weighted * other;
                }
            }
        }
        for row in 0..N {
            self.slope[row] += example.choices[example.taken].facts[row] - mean[row];
            for column in 0..=row {
                self.curve[row][column] -= mean[row] * mean[column];
            }
        }
    }
}

/// What the facts are worth by these examples.
fn worth<const N: usize>(examples: &[Example], defaults: &[f64]) -> Vec<f64> {
    let mut start = [0.0; N];
    for (value, default) in start.iter_mut().zip(defaults) {
        *value = *default;
    }
    let held = |sums: &Sums<N>, worth: &[f64; N]| {
        let apart = worth.iter().zip(&start).map(|(a, b)| (a - b) * (a - b));
        sums.likelihood - HOLD / 2.0 * apart.sum::<f64>()
    };
    let mut worth = start;
    let mut sums = Sums::of(examples, &worth);
    for _ in 0..12 {
        let mut slope = sums.slope;
        let mut curve = sums.curve;
        for at in 0..N {
            slope[at] -= HOLD * (worth[at] - start[at]);
            curve[at][at] += HOLD;
        }
        let Some(step) = solve(curve, slope) else {
            break;
        };
        let (before, mut length) = (held(&sums, &worth), 1.0);
        let mut better = None;
        while length > 0.01 {
            let mut next = worth;
            for (value, step) in next.iter_mut().zip(&step) {
                *value += length * step;
            }
            let there = Sums::of(examples, &next);
            let gain = held(&there, &next) - before;
            if gain > 0.0 {
                better = Some((next, there, gain));
                break;
            }
            length /= 2.0;
        }
        let Some((next, there, gain)) = better else {
            break;
        };
        (worth, sums) = (next, there);
        if gain < 1e-6 * before.abs() {
            break;
        }
    }
    worth.to_vec()
}

/// Solves a symmetric, positive definite system given by its lower triangle (Cholesky).
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for row in 0..N {
        for column in 0..=row {
            let mut sum = matrix[row][column];
            let done = matrix[row].iter().zip(&matrix[column]).take(column);
            sum -= done.map(|(a, b)| a * b).sum::<f64>();
            if row > column {
                matrix[row][column] = sum / matrix[column][column];
            } else if sum > 0.0 {
                matrix[row][row] = sum.sqrt();
            } else {
                return None;
            }
        }
    }
    for row in 0..N {
        let known: f64 = (0..row).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|k| matrix[k][row] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}
