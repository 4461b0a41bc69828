//! What is known of a candidate, as numbers a learner can use. All of them come from what is
//! counted; none looks at the clock: what is asked is which items the account's next order holds,
//! whenever that is.

use super::candidates::Candidate;
use super::index::Index;
use crate::history::AccountAt;
use crate::state::{Buyer, DECAYS, HALF_LIVES, Pair, Sales, State};

/// A feature: its name, whether more of it can only speak for an item, and whether it tells items
/// of one account apart (what it does not is left to the trees).
pub(crate) struct Feature {
    pub name: &'static str,
    pub rising: bool,
    pub of_pair: bool,
}

const fn rising(name: &'static str) -> Feature {
    Feature {
        name,
        rising: true,
        of_pair: true,
    }
}

const fn free(name: &'static str) -> Feature {
    Feature {
        name,
        rising: false,
        of_pair: true,
    }
}

const fn of_account(name: &'static str) -> Feature {
    Feature {
        name,
        rising: false,
        of_pair: false,
    }
}

/// In the order in which [`row`] writes them.
pub(crate) const FEATURES: &[Feature] = &[
    // What others say.
    rising("own"),
    rising("neighbours"),
    rising("nearest"),
    rising("lately"),
    rising("blend"),
    rising("like"),
    rising("together_last"),
    rising("together_best"),
    rising("together_own"),
    rising("follows"),
    rising("follows_best"),
    rising("shared"),
    rising("named"),
    free("own_of_best"),
    free("blend_of_best"),
    free("like_of_best"),
    free("blend_rank"),
    free("like_rank"),
    // The account and the item.
    free("bought"),
    rising("count"),
    rising("frequency"),
    rising("frequency_since_first"),
    rising("decayed_95"),
    rising("decayed_85"),
    rising("decayed_70"),
    rising("decayed_50"),
    rising("half_life_14"),
    rising("half_life_45"),
    rising("half_life_180"),
    free("orders_since"),
    free("days_since"),
    free("mean_gap_orders"),
    free("gap_ratio_orders"),
    free("gap_ratio_days"),
    free("gap_spread"),
    free("longest_gap_ratio"),
    free("expected_days_over"),
    free("in_last"),
    free("in_last_but_one"),
    free("in_last_3"),
    free("in_last_5"),
    free("in_last_10"),
    free("streak"),
    free("orders_since_first"),
    free("last_pieces_ratio"),
    // The item.
    free("lines"),
    free("buyers"),
    free("repeat_share"),
    free("bought_next"),
    free("in_last_orders"),
    free("trend_last_orders"),
    free("sold_before"),
    free("sold_after"),
    free("trend_days"),
    free("item_gap_days"),
    free("sold_a_year_ago"),
    // The account.
    of_account("orders"),
    of_account("order_size"),
    of_account("last_size"),
    of_account("gap_days"),
    of_account("new_share"),
    of_account("repeated_share"),
    of_account("items"),
    of_account("last_new_share"),
];

/// What is the same for all candidates of an account.
pub(crate) struct Around<'a> {
    state: &'a State,
    index: &'a Index,
    buyer: &'a Buyer,
    best_own: f32,
    best_blend: f32,
    best_like: f32,
    blend_rank: Vec<f32>,
    like_rank: Vec<f32>,
}

fn ranks(values: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    for (rank, at) in order.into_iter().enumerate() {
        // Those with nothing stand last together.
        ranks[at] = if values[at] > 0.0 {
            ((rank + 1) as f32).ln()
        } else {
            (values.len() as f32 + 1.0).ln()
        };
    }
    ranks
}

impl<'a> Around<'a> {
    pub fn of(
        state: &'a State,
        index: &'a Index,
        account: AccountAt,
        nobody: &'a Buyer,
        found: &[Candidate],
    ) -> Self {
        let own = index.tuning.own;
        let blends: Vec<f32> = found.iter().map(|candidate| candidate.blend(own)).collect();
        let likes: Vec<f32> = found.iter().map(|candidate| candidate.like).collect();
        let best = |values: &[f32]| values.iter().fold(1e-9f32, |best, value| best.max(*value));
        Self {
            buyer: state.buyers.get(account as usize).unwrap_or(nobody),
            best_own: found.iter().fold(1e-9f32, |best, c| best.max(c.own)),
            best_blend: best(&blends),
            best_like: best(&likes),
            blend_rank: ranks(&blends),
            like_rank: ranks(&likes),
            state,
            index,
        }
    }

    /// Writes the features of a candidate, `FEATURES.len()` of them.
    pub fn row(&self, at: usize, candidate: &Candidate, row: &mut Vec<f32>) {
        let begin = row.len();
        let pair = self.buyer.pair(candidate.item);
        let sales = &self.state.sales[candidate.item as usize];
        let blend = candidate.blend(self.index.tuning.own);
        row.extend([
            candidate.own,
            candidate.neighbours,
            candidate.nearest,
            candidate.lately,
            blend,
            candidate.like,
            candidate.together_last,
            candidate.together_best,
            candidate.together_own,
            candidate.follows,
            candidate.follows_best,
            candidate.shared,
            candidate.named,
            candidate.own / self.best_own,
            blend / self.best_blend,
            candidate.like / self.best_like,
            self.blend_rank[at],
            self.like_rank[at],
        ]);
        self.of_pair(pair, sales, row);
        self.of_item(sales, row);
        self.of_account(row);
        debug_assert_eq!(row.len() - begin, FEATURES.len());
    }

    fn of_pair(&self, pair: Option<&Pair>, sales: &Sales, row: &mut Vec<f32>) {
        let Some(pair) = pair else {
            row.extend([0.0; 27]);
            return;
        };
        let buyer = self.buyer;
        let orders = buyer.orders as f32;
        let since = (buyer.orders - 1 - pair.last) as f32;
        let days_since = (buyer.last_day - pair.last_day) as f32;
        let count = pair.count as f32;
        row.extend([
            1.0,
            count.ln_1p(),
            count / orders,
            count / (buyer.orders - pair.first) as f32,
        ]);
        for (value, decay) in pair.by_order.iter().zip(DECAYS) {
            // As a share of the largest it could be.
            let most = (1.0 - decay.powf(orders)) / (1.0 - decay);
            row.push(value * decay.powf(since) / most);
        }
        for (value, half_life) in pair.by_day.iter().zip(HALF_LIVES) {
            row.push((value * (-days_since / half_life).exp2()).ln_1p());
        }
        // Gaps, drawn towards what is usual for the item and the account.
        let own_gap = buyer.mean_gap().unwrap_or(30.0).max(1.0);
        let item_gap = if sales.gaps > 0 {
            sales.gap_days / sales.gaps as f32
        } else {
            own_gap * 3.0
        };
        let gaps = count - 1.0;
        let mean_orders = ((pair.last - pair.first) as f32 + item_gap / own_gap) / (gaps + 1.0);
        let mean_days = (pair.gap_days + item_gap) / (gaps + 1.0);
        let spread = if gaps > 0.0 {
            (pair.gap_orders_squared / gaps - (mean_orders * mean_orders))
                .max(0.0)
                .sqrt()
                / mean_orders.max(0.5)
        } else {
            1.0
        };
        let recent = pair.marks_from(buyer.orders);
        let bit = |k: u32| ((recent >> k) & 1) as f32;
        let latest = |of: u32| pair.in_latest(buyer.orders, of) as f32;
        let remembered = pair.remembered();
        let mean_pieces =
            remembered.iter().map(|p| *p as f32).sum::<f32>() / remembered.len().max(1) as f32;
        row.extend([
            since.ln_1p(),
            days_since.max(0.0).ln_1p(),
            mean_orders.max(0.0).ln_1p(),
            ((since + 1.0) / mean_orders.max(0.5)).ln_1p(),
            ((days_since + own_gap) / mean_days.max(1.0)).ln_1p(),
            spread,
            ((since + 1.0) / (pair.longest_gap.max(1)) as f32).ln_1p(),
            ((days_since + own_gap - mean_days) / own_gap).clamp(-20.0, 20.0),
            bit(0),
            bit(1),
            latest(3),
            latest(5),
            latest(10),
            recent.trailing_ones() as f32,
            ((buyer.orders - pair.first) as f32).ln(),
            (pair.pieces[0] as f32 / mean_pieces.max(1.0)).ln_1p(),
        ]);
    }

    fn of_item(&self, sales: &Sales, row: &mut Vec<f32>) {
        let lines = sales.postings.len() as f32;
        let active = self.state.active.max(1) as f32;
        let overall = lines / self.state.orders.max(1) as f32;
        let in_last = sales.in_last as f32 / active;
        row.extend([
            lines.ln_1p(),
            sales.buyers as f32 / active,
            (lines - sales.buyers as f32) / (lines + 3.0),
            (sales.followed_by_it as f32 + 0.5) / (sales.followed as f32 + 5.0),
            in_last,
            (in_last + 0.001) / (overall + 0.001),
        ]);
        let last = self.buyer.last_day;
        let dated = self.index.dated;
        let sold = |from, until| {
            if dated {
                sales.sold(from, until) as f32
            } else {
                0.0
            }
        };
        let before = sold(last - 30, last + 1);
        let after = sold(last + 1, last + 45);
        let span = self.buyer.mean_gap().unwrap_or(30.0).clamp(7.0, 90.0) as i32;
        let a_year_ago = sold(last - 365, last - 365 + span);
        row.extend([
            before.ln_1p(),
            after.ln_1p(),
            ((before + after + 1.0) / (lines + 5.0)).ln(),
            if sales.gaps > 0 {
                (sales.gap_days / sales.gaps as f32).ln_1p()
            } else {
                5.0
            },
            a_year_ago.ln_1p(),
        ]);
    }

    fn of_account(&self, row: &mut Vec<f32>) {
        let buyer = self.buyer;
        row.extend([
            (buyer.orders as f32).ln_1p(),
            buyer.size.ln_1p(),
            (buyer.last_lines as f32).ln_1p(),
            buyer.mean_gap().unwrap_or(0.0).ln_1p(),
            buyer.new_share / buyer.weight.max(1e-6),
            buyer.repeated as f32 / buyer.later_lines.max(1) as f32,
            (buyer.pairs.len() as f32).ln_1p(),
            buyer.last_new as f32 / buyer.last_lines.max(1) as f32,
        ]);
    }
}
