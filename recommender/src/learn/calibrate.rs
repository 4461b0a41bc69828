//! Probabilities from scores: what share of the rows with such a score came true, never falling
//! as the score rises.

use serde::{Deserialize, Serialize};

/// Nothing is certain.
const LEAST: f64 = 1e-4;

/// Scores and the shares that came true there, both ascending.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Calibration {
    points: Vec<(f32, f64)>,
}

/// Rows that get one probability.
#[derive(Debug, Clone, Copy)]
struct Block {
    score: f64,
    ones: f64,
    weight: f64,
}

impl Block {
    fn share(&self) -> f64 {
        self.ones / self.weight
    }

    fn join(&mut self, other: &Block) {
        self.score += other.score;
        self.ones += other.ones;
        self.weight += other.weight;
    }
}

impl Calibration {
    /// The never falling curve nearest to the labels (0 or 1): neighbours that would fall are
    /// pooled.
    pub fn fit(scores: &[f32], labels: &[f32], weights: &[f32]) -> Self {
        let mut rows: Vec<(f32, f64, f64)> = scores
            .iter()
            .zip(labels)
            .zip(weights)
            .filter(|((score, _), weight)| score.is_finite() && **weight > 0.0)
            .map(|((score, label), weight)| (*score, f64::from(*label), f64::from(*weight)))
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut blocks: Vec<Block> = Vec::new();
        for same in rows.chunk_by(|a, b| a.0 == b.0) {
            let mut block = Block {
                score: 0.0,
                ones: 0.0,
                weight: 0.0,
            };
            for (score, label, weight) in same {
                block.join(&Block {
                    score: f64::from(*score) * weight,
                    ones: label * weight,
                    weight: *weight,
                });
            }
            while let Some(before) = blocks.last()
                && before.share() >= block.share()
            {
                block.join(before);
                blocks.pop();
            }
            blocks.push(block);
        }
        let points = blocks
            .iter()
            .map(|block| ((block.score / block.weight) as f32, block.share()))
            .collect();
        Self { points }
    }

    /// How likely a row of this score is: between the middles of two blocks, in proportion.
    pub fn probability(&self, score: f32) -> f64 {
        let after = self.points.partition_point(|(at, _)| *at <= score);
        let before = after.checked_sub(1).and_then(|at| self.points.get(at));
        let share = match (before, self.points.get(after)) {
            (Some((low, from)), Some((high, to))) => {
                let way = f64::from(score - low) / f64::from(high - low);
                from + (to - from) * way
            }
            (Some((_, share)), None) | (None, Some((_, share))) => *share,
            (None, None) => 0.5,
        };
        share.clamp(LEAST, 1.0 - LEAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::examples::Chance;

    /// Of all ranges that end at or after a row the least mean, of all that begin at or before it
    /// the greatest of these: the definition, counted out.
    fn counted_out(labels: &[f32], weights: &[f32]) -> Vec<f64> {
        let mean = |from: usize, to: usize| {
            let (mut ones, mut all) = (0.0, 0.0);
            for at in from..=to {
                ones += f64::from(labels[at] * weights[at]);
                all += f64::from(weights[at]);
            }
            ones / all
        };
        (0..labels.len())
            .map(|at| {
                let least = |from| {
                    let ends = at..labels.len();
                    ends.map(|to| mean(from, to)).fold(f64::INFINITY, f64::min)
                };
                (0..=at).map(least).fold(f64::NEG_INFINITY, f64::max)
            })
            .collect()
    }

    #[test]
    fn blocks_are_those_counted_out() {
        let mut chance = Chance::new(2);
        for length in 1..14 {
            for _ in 0..50 {
                let scores: Vec<f32> = (0..length).map(|at| at as f32).collect();
                let labels: Vec<f32> = scores.iter().map(|_| chance.next().round()).collect();
                let weights: Vec<f32> = scores
                    .iter()
                    .map(|_| 1.0 + (chance.next() * 4.0).floor())
                    .collect();
                let fit = Calibration::fit(&scores, &labels, &weights);
                let mut shares = counted_out(&labels, &weights);
                shares.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
                assert_eq!(fit.points.len(), shares.len());
                for ((_, found), wanted) in fit.points.iter().zip(shares) {
                    assert!((found - wanted).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn between_two_blocks_the_probability_is_between_theirs() {
        let fit = Calibration::fit(
            &[1.0, 1.0, 3.0, 3.0, 3.0, 3.0],
            &[1.0, 0.0, 1.0, 1.0, 1.0, 0.0],
            &[1.0; 6],
        );
        assert_eq!(fit.points, [(1.0, 0.5), (3.0, 0.75)]);
        assert_eq!(fit.probability(2.0), 0.625);
        assert_eq!((fit.probability(-9.0), fit.probability(9.0)), (0.5, 0.75));
    }

    #[test]
    fn nothing_is_certain_and_nothing_falls() {
        let fit = Calibration::fit(&[-1.0, 0.0, 1.0], &[0.0, 1.0, 1.0], &[1.0; 3]);
        assert_eq!(fit.probability(-5.0), 1e-4);
        assert_eq!(fit.probability(5.0), 1.0 - 1e-4);
        let mut last = 0.0;
        for at in -30..30 {
            let now = fit.probability(at as f32 / 10.0);
            assert!(now >= last);
            last = now;
        }
        assert_eq!(Calibration::fit(&[], &[], &[]).probability(0.0), 0.5);
    }
}
