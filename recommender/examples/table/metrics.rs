//! How good lists are: the measures of published comparisons of next-basket prediction, and how
//! sure one may be of a difference.
//!
//! Recall@K is the share of the true order among the first K; NDCG@K weights hits by their rank
//! and divides by what a perfect list as long as the true order would reach; PHR@K says whether
//! there was any hit. Each is a mean over users. Repeat and explore are the same of those true
//! items that the user had, or had not, ordered before, over users who have such items.

use std::collections::HashSet;

/// Measures of one list for one user, at one length.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measures {
    pub recall: f64,
    pub ndcg: f64,
    pub hit: f64,
    pub repeat_recall: Option<f64>,
    pub explore_recall: Option<f64>,
    pub repeat_hit: Option<f64>,
    pub explore_hit: Option<f64>,
    /// Share of the places taken by items ordered before.
    pub repeated: f64,
}

/// Measures the first `k` of a list. Items that come twice count once.
pub fn measure(list: &[u64], truth: &HashSet<u64>, known: &HashSet<u64>, k: usize) -> Measures {
    let mut seen = HashSet::new();
    let top: Vec<u64> = list
        .iter()
        .copied()
        .filter(|item| seen.insert(*item))
        .take(k)
        .collect();
    let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let hits: Vec<usize> = (0..top.len())
        .filter(|at| truth.contains(&top[*at]))
        .collect();
    let (repeat, explore): (HashSet<u64>, HashSet<u64>) =
        truth.iter().partition(|item| known.contains(item));
    let found = |part: &HashSet<u64>| top.iter().filter(|item| part.contains(item)).count() as f64;
    let recall = |part: &HashSet<u64>| (!part.is_empty()).then(|| found(part) / part.len() as f64);
    let hit = |part: &HashSet<u64>| (!part.is_empty()).then(|| found(part).min(1.0));
    Measures {
        recall: hits.len() as f64 / truth.len() as f64,
        ndcg: hits.iter().map(|at| gain(*at)).sum::<f64>()
            / (0..truth.len()).map(gain).sum::<f64>(),
        hit: f64::from(u8::from(!hits.is_empty())),
        repeat_recall: recall(&repeat),
        explore_recall: recall(&explore),
        repeat_hit: hit(&repeat),
        explore_hit: hit(&explore),
        repeated: found(known) / k as f64,
    }
}

/// The mean of the values there are.
pub fn mean(values: impl IntoIterator<Item = Option<f64>>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.into_iter().flatten() {
        sum += value;
        count += 1.0;
    }
    sum / count
}

/// Where the mean of values would lie 95 times in 100 if they were drawn again.
pub fn interval(values: &[f64]) -> (f64, f64) {
    const DRAWS: usize = 1000;
    let mut bits = 1_u64;
    let mut draw = || {
        // SplitMix64.
        bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % values.len() as u64) as usize
    };
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn = values.iter().map(|_| values[draw()]);
            drawn.sum::<f64>() / values.len() as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    (means[DRAWS / 40], means[DRAWS - DRAWS / 40 - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_worked_out_by_hand() {
        let truth = HashSet::from([1, 2, 3, 4]);
        let known = HashSet::from([1, 2, 9]);
        // Hits in the first and the third place of four; the second 9 does not count.
        let found = measure(&[1, 9, 9, 3, 8, 4], &truth, &known, 4);
        let log = |rank: f64| 1.0 / rank.log2();
        let ideal = log(2.0) + log(3.0) + log(4.0) + log(5.0);
        assert_eq!(
            found,
            Measures {
                recall: 0.5,
                ndcg: (log(2.0) + log(4.0)) / ideal,
                hit: 1.0,
                repeat_recall: Some(0.5),
                explore_recall: Some(0.5),
                repeat_hit: Some(1.0),
                explore_hit: Some(1.0),
                repeated: 0.5,
            }
        );
        let nothing = measure(&[8], &HashSet::from([1]), &known, 10);
        assert_eq!(
            (
                nothing.recall,
                nothing.ndcg,
                nothing.hit,
                nothing.explore_recall
            ),
            (0.0, 0.0, 0.0, None)
        );
        assert_eq!(mean([Some(1.0), None, Some(2.0)]), 1.5);
    }

    #[test]
    fn intervals_are_as_wide_as_chance_makes_them() {
        let values: Vec<f64> = (0..400).map(|at| f64::from(at % 2)).collect();
        let (low, high) = interval(&values);
        // 1.96 · 0.5 / √400 to each side.
        assert!((low - 0.451).abs() < 0.006, "{low}");
        assert!((high - 0.549).abs() < 0.006, "{high}");
        assert_eq!(interval(&[2.0; 9]), (2.0, 2.0));
    }
}
