//! What is due by the account's own rhythm, and what is overdue.

use crate::history::Day;
use crate::model::Model;
use crate::suggestion::{Ask, Reason, Suggestion};

impl Model {
    /// Items whose time has come: by the rhythm the account orders them in, or will come within
    /// `within_days`. The most overdue first. None without dates.
    #[must_use]
    pub fn due(&self, ask: &Ask<'_>, within_days: u32) -> Vec<Suggestion> {
        let (Some(account), Some(buyer)) = (self.account(ask.account), self.buyer(ask.account))
        else {
            return Vec::new();
        };
        let habit = self.habit(Some(buyer));
        let mut found: Vec<Suggestion> = Vec::new();
        for pair in &buyer.pairs {
            let product = self.history.items[pair.item as usize];
            let (Some(every), Some(step)) = (self.median_gap(account, pair), (ask.may)(product))
            else {
                continue;
            };
            let ago = ask.today.since(Day(pair.last_day)).max(0) as u32;
            if ago + within_days < every || ago > every.saturating_mul(4) {
                continue;
            }
            found.push(Suggestion {
                product,
                pieces: self.usual_pieces(&habit, pair, ask.today, step),
                score: f64::from(ago) / f64::from(every.max(1)),
                probability: None,
                reasons: vec![
                    Reason::Rhythm {
                        every_days: every,
                        last_days_ago: ago,
                    },
                    Reason::LastOrdered {
                        on: Day(pair.last_day),
                        pieces: pair.pieces[0],
                    },
                ],
            });
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product)));
        found.truncate(ask.limit);
        found
    }
}
