//! The usual order: what the account's next order will hold, with its quantities.

use crate::model::Model;
use crate::rank::order::Ranked;
use crate::state::{Buyer, Pair};
use crate::suggestion::{Ask, Suggestion};

/// A usual order has at least so many lines, where the account has ordered as many items.
const LEAST_LINES: usize = 3;

impl Model {
    /// What the account orders again and again, the likeliest first, as many lines as its next
    /// order probably repeats (at most [`Ask::limit`]), each with the quantity it probably takes.
    ///
    /// The length is the one with the largest expected F1, the balance of lines that are wrong
    /// and lines that are missing (as the winners of the Instacart competition of 2017 cut their
    /// lists). Empty for an account that never ordered, or has nothing left that it may order.
    #[must_use]
    pub fn usual_order(&self, ask: &Ask<'_>) -> Vec<Suggestion> {
        let lines = self.usual_lines(ask);
        let probabilities: Vec<f64> = lines
            .iter()
            .map(|(ranked, ..)| ranked.probability)
            .collect();
        let length = best_length(&probabilities).max(LEAST_LINES).min(ask.limit);
        self.suggest_usual(ask, lines.into_iter().take(length))
    }

    /// What the account ordered before and may order now, the likeliest first, each with its
    /// chance and quantity; however unlikely.
    #[must_use]
    pub fn ordered_before(&self, ask: &Ask<'_>) -> Vec<Suggestion> {
        let lines = self.usual_lines(ask);
        self.suggest_usual(ask, lines.into_iter().take(ask.limit))
    }

    fn usual_lines(&self, ask: &Ask<'_>) -> Vec<(Ranked, &Buyer, &Pair)> {
        let (Some(account), Some(buyer)) = (self.account(ask.account), self.buyer(ask.account))
        else {
            return Vec::new();
        };
        self.rank(account)
            .into_iter()
            .filter_map(|ranked| Some((ranked, buyer, buyer.pair(ranked.item)?)))
            .filter(|(ranked, ..)| (ask.may)(self.history.items[ranked.item as usize]).is_some())
            .collect()
    }

    fn suggest_usual<'a>(
        &self,
        ask: &Ask<'_>,
        lines: impl Iterator<Item = (Ranked, &'a Buyer, &'a Pair)>,
    ) -> Vec<Suggestion> {
        let Some(account) = self.account(ask.account) else {
            return Vec::new();
        };
        let habit = self.habit(self.buyer(ask.account));
        lines
            .filter_map(|(ranked, buyer, pair)| {
                let product = self.history.items[ranked.item as usize];
                let step = (ask.may)(product)?;
                Some(Suggestion {
                    product,
                    pieces: self.usual_pieces(&habit, pair, ask.today, step),
                    score: f64::from(ranked.score),
                    probability: Some(ranked.probability),
                    reasons: self.own_reasons(account, buyer, pair, ask.today),
                })
            })
            .collect()
    }
}

/// How many of the first lines to take so that the expected F1 is largest: twice the expected
/// hits, through the lines taken and the lines expected.
fn best_length(probabilities: &[f64]) -> usize {
    let expected: f64 = probabilities.iter().sum();
    let mut hits = 0.0;
    let mut best = (0.0, 0);
    for (at, probability) in probabilities.iter().enumerate() {
        hits += probability;
        let length = at + 1;
        let f1 = 2.0 * hits / (length as f64 + expected);
        if f1 > best.0 {
            best = (f1, length);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_another_line_would_cost_more_than_it_brings() {
        assert_eq!(best_length(&[]), 0);
        assert_eq!(best_length(&[0.9, 0.9, 0.1, 0.05]), 2);
        // 0.5 × 2 / (1 + 2) = 1/3, then 2/4, 3/5, 4/6: every line pays.
        assert_eq!(best_length(&[0.5, 0.5, 0.5, 0.5]), 4);
    }
}
