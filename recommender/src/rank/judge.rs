//! How good a ranking is.

use super::candidates::Candidate;
use crate::history::ItemAt;

/// The share of an order found among the first `k`; `truth` is sorted and not empty.
pub(crate) fn recall(ranked: &[ItemAt], truth: &[ItemAt], k: usize) -> f64 {
    let hits = ranked
        .iter()
        .take(k)
        .filter(|item| truth.binary_search(item).is_ok());
    hits.count() as f64 / truth.len() as f64
}

/// Hits among the first `k`, worth less the later they come, as a share of the whole order first.
pub(crate) fn ndcg(ranked: &[ItemAt], truth: &[ItemAt], k: usize) -> f64 {
    let gain = |at: usize| 1.0 / (at as f64 + 2.0).log2();
    let hits = ranked.iter().take(k).enumerate();
    let hits = hits.filter(|(_, item)| truth.binary_search(item).is_ok());
    hits.map(|(at, _)| gain(at)).sum::<f64>() / (0..truth.len()).map(gain).sum::<f64>()
}

/// Scores minus their mean, over their spread.
pub(crate) fn z_scores(values: &[f32]) -> Vec<f32> {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let variance = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<f32>()
        / count;
    let spread = variance.sqrt().max(1e-6);
    values.iter().map(|value| (value - mean) / spread).collect()
}

/// Places of candidates, the best score first.
pub(crate) fn by_score(scores: &[f32], found: &[Candidate]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| {
        let by_item = || found[*a].item.cmp(&found[*b].item);
        scores[*b].total_cmp(&scores[*a]).then_with(by_item)
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_near_the_top_count_most() {
        assert_eq!(recall(&[7, 1, 9, 3], &[1, 3, 5], 4), 2.0 / 3.0);
        assert_eq!(recall(&[7, 1, 9, 3], &[1, 3, 5], 3), 1.0 / 3.0);
        // Second place of a two-line order: (1 / log2 3) / (1 + 1 / log2 3).
        let second = 1.0 / 3.0_f64.log2();
        assert!((ndcg(&[7, 1], &[1, 3], 10) - second / (1.0 + second)).abs() < 1e-12);
        assert!((ndcg(&[3, 1], &[1, 3], 10) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn z_scores_of_equals_are_nothing() {
        assert_eq!(z_scores(&[2.0, 2.0]), [0.0, 0.0]);
        assert_eq!(z_scores(&[1.0, 3.0]), [-1.0, 1.0]);
    }
}
