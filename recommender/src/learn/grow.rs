//! Growing trees. Gradients are whole numbers of a fine unit while they are summed: sums of whole
//! numbers do not depend on their order, so neither do trees on the number of threads, and what a
//! sibling lacks of its parent is exact.

use rayon::prelude::*;

use super::bins::{Binned, MISSING};
use super::gbdt::{Forest, Growth, Node};

/// Rows looked at together, so that their gradients stay in the nearest cache.
const BLOCK: usize = 1024;
/// Histograms counted together.
const TOGETHER: usize = 4;
/// Gains below are rounding.
const LEAST_GAIN: f64 = 1e-9;

/// Gradient and hessian of a row in units.
#[derive(Debug, Clone, Copy, Default)]
struct Pull {
    gradient: i32,
    hessian: u32,
}

/// Sums over rows: the gradient, and hessian with the number of rows above it.
type Sum = [u64; 2];
/// Sums by bin of one feature.
type Histogram = [Sum; 256];

/// What the units are worth.
#[derive(Debug, Clone, Copy)]
struct Units {
    gradient: f64,
    hessian: f64,
    /// Bits of the second sum that the hessian takes; rows are counted above.
    shift: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    gradient: f64,
    hessian: f64,
    rows: f64,
}

impl Units {
    fn of(weights: &[f32]) -> Self {
        let most = f64::from(weights.iter().copied().fold(f32::MIN_POSITIVE, f32::max));
        let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
        let shift = (weights.len() as u64 + 1).leading_zeros();
        // A gradient is at most the weight, a hessian a quarter of it.
        let by_row = most / f64::from(1_u32 << 30);
        let by_sum = sum / (1_u64 << (shift - 2)) as f64;
        Self {
            gradient: power_of_two(by_row),
            hessian: power_of_two((by_row / 8.0).max(by_sum)),
            shift,
        }
    }

    fn total(&self, sum: Sum) -> Total {
        let mask = (1_u64 << self.shift) - 1;
        Total {
            gradient: sum[0].cast_signed() as f64 * self.gradient,
            hessian: (sum[1] & mask) as f64 * self.hessian,
            rows: (sum[1] >> self.shift) as f64,
        }
    }
}

/// The next power of two: dividing by it is exact.
fn power_of_two(least: f64) -> f64 {
    least.log2().ceil().exp2()
}

fn add(sum: &mut Sum, other: Sum) {
    sum[0] = sum[0].wrapping_add(other[0]);
    sum[1] = sum[1].wrapping_add(other[1]);
}

fn less(sum: Sum, other: Sum) -> Sum {
    [sum[0].wrapping_sub(other[0]), sum[1].wrapping_sub(other[1])]
}

/// A way to part a leaf in two.
#[derive(Debug, Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    /// The last bin that goes to the left.
    bin: u8,
    missing_left: bool,
    left: f64,
    right: f64,
}

/// A leaf that may still be parted.
struct Leaf {
    /// Its rows in `Grower::order`.
    from: usize,
    to: usize,
    /// Its histograms in the pool.
    pool: usize,
    sum: Sum,
    value: f64,
    /// Between what bounds its value, and all below it, must stay.
    low: f64,
    high: f64,
    best: Option<Split>,
    /// Where the forest points to it: a node and its side; none at the root.
    hangs: Option<(usize, bool)>,
}

pub(super) fn grow(
    rows: &Binned,
    labels: &[f32],
    weights: &[f32],
    rising: &[bool],
    growth: &Growth,
) -> Forest {
    let features = rows.columns.len();
    let mut forest = Forest {
        base: base(labels, weights),
        features: features as u32,
        ..Forest::default()
    };
    let mut grower = Grower {
        rows,
        rising,
        growth,
        units: Units::of(weights),
        used: Vec::new(),
        order: Vec::new(),
        pulls: Vec::new(),
        spare: Vec::new(),
        bounds: Vec::new(),
        pool: Vec::new(),
    };
    let mut margins = vec![forest.base; rows.rows()];
    for tree in 0..growth.trees {
        let chance = mix(growth.seed ^ mix(tree as u64 + 1));
        grower.choose_features(chance);
        grower.choose_rows(chance, labels, weights, &margins);
        grower.grow_tree(&mut forest, &mut margins);
    }
    forest
}

/// Log-odds of the weighted share of ones.
fn base(labels: &[f32], weights: &[f32]) -> f32 {
    let (mut ones, mut all) = (0.0_f64, 0.0_f64);
    for (label, weight) in labels.iter().zip(weights) {
        ones += f64::from(*label) * f64::from(*weight);
        all += f64::from(*weight);
    }
    if all <= 0.0 {
        return 0.0;
    }
    let share = (ones / all).clamp(1e-6, 1.0 - 1e-6);
    (share / (1.0 - share)).ln() as f32
}

/// Well spread bits of a number (SplitMix64).
fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

struct Grower<'a> {
    rows: &'a Binned,
    rising: &'a [bool],
    growth: &'a Growth,
    units: Units,
    /// Features this tree may use, ascending.
    used: Vec<usize>,
    /// Rows of this tree, leaf by leaf, ascending within each.
    order: Vec<u32>,
    /// Beside `order`.
    pulls: Vec<Pull>,
    spare: Vec<(u32, Pull)>,
    /// The last bin to the left, beside the nodes of this tree.
    bounds: Vec<u8>,
    /// Histograms of the leaves, each one of every used feature.
    pool: Vec<Vec<Histogram>>,
}

impl Grower<'_> {
    fn choose_features(&mut self, chance: u64) {
        let mut all: Vec<usize> = (0..self.rows.columns.len())
            .filter(|feature| self.rows.cuts.bins(*feature) > 2 || self.has_missing(*feature))
            .collect();
        let share = self.growth.feature_share.clamp(0.0, 1.0);
        if share < 1.0 {
            let wanted = ((all.len() as f32 * share).ceil() as usize).max(1);
            all.sort_by_key(|feature| mix(chance ^ mix(!(*feature as u64))));
            all.truncate(wanted);
            all.sort_unstable();
        }
        self.used = all;
    }

    fn has_missing(&self, feature: usize) -> bool {
        self.rows.cuts.bins(feature) == 2 && self.rows.columns[feature].contains(&MISSING)
    }

    /// Takes the rows of a tree, with the gradients of where the forest stands.
    fn choose_rows(&mut self, chance: u64, labels: &[f32], weights: &[f32], margins: &[f32]) {
        let share = f64::from(self.growth.row_share.clamp(0.0, 1.0));
        let bound = (share * (1_u64 << 32) as f64) as u64;
        let chosen = |row: usize| share >= 1.0 || mix(chance ^ row as u64) >> 32 < bound;
        let units = self.units;
        self.order.clear();
        self.order.extend(
            (0..labels.len())
                .filter(|row| weights[*row] > 0.0 && chosen(*row))
                .map(|row| row as u32),
        );
        self.order
            .par_iter()
            .with_min_len(BLOCK)
            .map(|row| {
                let row = *row as usize;
                let weight = f64::from(weights[row]);
                let odds = f64::from(1.0 / (1.0 + (-margins[row]).exp()));
                let gradient = (odds - f64::from(labels[row])) * weight;
                let hessian = odds * (1.0 - odds) * weight;
                Pull {
                    gradient: (gradient / units.gradient).round() as i32,
                    hessian: (hessian / units.hessian).round() as u32,
                }
            })
            .collect_into_vec(&mut self.pulls);
    }

    fn grow_tree(&mut self, forest: &mut Forest, margins: &mut [f32]) {
        self.bounds.clear();
        let leaves = self.part(forest);
        let rate = f64::from(self.growth.rate);
        // The first node of the tree, unless it has none.
        let mut root = (forest.nodes.len() - self.bounds.len()) as i32;
        for leaf in &leaves {
            let at = !(forest.leaves.len() as i32);
            let value = (leaf.value * rate) as f32;
            forest.leaves.push(value);
            match leaf.hangs {
                None => root = at,
                Some((node, true)) => forest.nodes[node].left = at,
                Some((node, false)) => forest.nodes[node].right = at,
            }
            if self.growth.row_share >= 1.0 {
                for row in &self.order[leaf.from..leaf.to] {
                    margins[*row as usize] += value;
                }
            }
        }
        forest.roots.push(root);
        if self.growth.row_share < 1.0 {
            self.add_margins(forest, root, margins);
        }
    }

    /// What a tree says of every row, also those it was not grown on.
    fn add_margins(&self, forest: &Forest, root: i32, margins: &mut [f32]) {
        let first = forest.nodes.len() - self.bounds.len();
        let rows = &self.rows.columns;
        let blocks = margins.par_chunks_mut(BLOCK).enumerate();
        blocks.for_each(|(block, margins)| {
            for (row, margin) in (block * BLOCK..).zip(margins) {
                let mut at = root;
                while at >= 0 {
                    let node = &forest.nodes[at as usize];
                    let bin = rows[node.feature as usize][row];
                    let left = if bin == MISSING {
                        forest.missing_left[at as usize]
                    } else {
                        bin <= self.bounds[at as usize - first]
                    };
                    at = if left { node.left } else { node.right };
                }
                *margin += forest.leaves[!at as usize];
            }
        });
    }

    /// Parts the rows leaf by leaf, always where it gains most.
    fn part(&mut self, forest: &mut Forest) -> Vec<Leaf> {
        let mut sum = [0, 0];
        for pull in &self.pulls {
            add(&mut sum, self.sum_of(pull));
        }
        let total = self.units.total(sum);
        let mut root = Leaf {
            from: 0,
            to: self.order.len(),
            pool: 0,
            sum,
            value: self.best_value(total, f64::NEG_INFINITY, f64::INFINITY),
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            best: None,
            hangs: None,
        };
        self.fill(&root);
        root.best = self.best_split(&root);
        let mut leaves = vec![root];
        while leaves.len() < self.growth.leaves {
            let mut best: Option<(usize, Split)> = None;
            for (at, leaf) in leaves.iter().enumerate() {
                if let Some(split) = leaf.best
                    && best.is_none_or(|(_, best)| split.gain > best.gain)
                {
                    best = Some((at, split));
                }
            }
            let Some((at, split)) = best else { break };
            let last = leaves.len() + 1 == self.growth.leaves;
            let (left, right) = self.split(forest, &leaves[at], &split, leaves.len(), last);
            leaves[at] = left;
            leaves.push(right);
        }
        leaves
    }

    fn sum_of(&self, pull: &Pull) -> Sum {
        let rows = 1_u64 << self.units.shift;
        [
            i64::from(pull.gradient).cast_unsigned(),
            rows | u64::from(pull.hessian),
        ]
    }

    fn best_value(&self, total: Total, low: f64, high: f64) -> f64 {
        let denominator = total.hessian + f64::from(self.growth.l2);
        if denominator <= 0.0 {
            return 0.0_f64.clamp(low, high);
        }
        (-total.gradient / denominator).clamp(low, high)
    }

    /// How much less the loss is with this value than with none.
    fn gain(&self, total: Total, value: f64) -> f64 {
        let denominator = total.hessian + f64::from(self.growth.l2);
        -(2.0 * total.gradient * value + denominator * value * value)
    }

    fn split(
        &mut self,
        forest: &mut Forest,
        leaf: &Leaf,
        split: &Split,
        spare_pool: usize,
        last: bool,
    ) -> (Leaf, Leaf) {
        let node = forest.nodes.len();
        forest.nodes.push(Node {
            feature: split.feature as u32,
            bound: self.rows.cuts.end(split.feature, split.bin),
            left: 0,
            right: 0,
        });
        self.bounds.push(split.bin);
        forest.missing_left.push(split.missing_left);
        match leaf.hangs {
            Some((above, true)) => forest.nodes[above].left = node as i32,
            Some((above, false)) => forest.nodes[above].right = node as i32,
            None => {}
        }
        let (middle, left_sum) = self.move_rows(leaf, split);
        let rising = self.rising.get(split.feature).copied().unwrap_or(false);
        // Nothing to the left may ever come to say more than anything to the right.
        let between = f64::midpoint(split.left, split.right);
        let mut left = Leaf {
            to: middle,
            sum: left_sum,
            value: split.left,
            high: if rising { between } else { leaf.high },
            best: None,
            hangs: Some((node, true)),
            ..*leaf
        };
        let mut right = Leaf {
            from: middle,
            sum: less(leaf.sum, left_sum),
            value: split.right,
            low: if rising { between } else { leaf.low },
            best: None,
            hangs: Some((node, false)),
            ..*leaf
        };
        if !last {
            self.fill_children(&mut left, &mut right, spare_pool);
            left.best = self.best_split(&left);
            right.best = self.best_split(&right);
        }
        (left, right)
    }

    /// Moves a leaf's rows so that those to the left come first, each side in its order.
    fn move_rows(&mut self, leaf: &Leaf, split: &Split) -> (usize, Sum) {
        let column = self.rows.columns[split.feature].as_slice();
        let order = &mut self.order[leaf.from..leaf.to];
        let pulls = &mut self.pulls[leaf.from..leaf.to];
        self.spare.resize(order.len(), (0, Pull::default()));
        // Every row is written to both sides, and only the side it belongs to moves on: there is
        // nothing to guess wrong.
        let (mut lefts, mut rights) = (0, 0);
        for at in 0..order.len() {
            let (row, pull) = (order[at], pulls[at]);
            let bin = column[row as usize];
            let left =
                (bin != MISSING && bin <= split.bin) | (bin == MISSING && split.missing_left);
            order[lefts] = row;
            pulls[lefts] = pull;
            self.spare[rights] = (row, pull);
            lefts += usize::from(left);
            rights += usize::from(!left);
        }
        for (at, (row, pull)) in (lefts..order.len()).zip(&self.spare) {
            order[at] = *row;
            pulls[at] = *pull;
        }
        let middle = leaf.from + lefts;
        let mut sum = [0, 0];
        for pull in &self.pulls[leaf.from..middle] {
            add(&mut sum, self.sum_of(pull));
        }
        (middle, sum)
    }

    /// Histograms of two children: the smaller is counted, the other is what it leaves of theirs.
    fn fill_children(&mut self, left: &mut Leaf, right: &mut Leaf, spare_pool: usize) {
        let parent = left.pool;
        let left_smaller = left.to - left.from <= right.to - right.from;
        let smaller = if left_smaller { left } else { right };
        smaller.pool = spare_pool;
        self.fill(smaller);
        let Ok([small, large]) = self.pool.get_disjoint_mut([spare_pool, parent]) else {
            return;
        };
        for (large, small) in large.iter_mut().zip(small) {
            for (large, small) in large.iter_mut().zip(small) {
                *large = less(*large, *small);
            }
        }
    }

    /// Counts a leaf's histograms.
    fn fill(&mut self, leaf: &Leaf) {
        while self.pool.len() <= leaf.pool {
            self.pool.push(Vec::new());
        }
        let mut histograms = std::mem::take(&mut self.pool[leaf.pool]);
        histograms.clear();
        histograms.resize(self.used.len(), [[0, 0]; 256]);
        let order = &self.order[leaf.from..leaf.to];
        let pulls = &self.pulls[leaf.from..leaf.to];
        let share = self.used.len().div_ceil(rayon::current_num_threads());
        let share = share.max(1);
        let parts = histograms
            .par_chunks_mut(share)
            .zip(self.used.par_chunks(share));
        parts.for_each(|(histograms, features)| {
            let mut sums = Vec::with_capacity(BLOCK);
            for (order, pulls) in order.chunks(BLOCK).zip(pulls.chunks(BLOCK)) {
                sums.clear();
                sums.extend(pulls.iter().map(|pull| self.sum_of(pull)));
                let together = histograms.chunks_mut(TOGETHER);
                for (histograms, features) in together.zip(features.chunks(TOGETHER)) {
                    self.count(histograms, features, order, &sums);
                }
            }
        });
        self.pool[leaf.pool] = histograms;
    }

    fn best_split(&self, leaf: &Leaf) -> Option<Split> {
        let total = self.units.total(leaf.sum);
        if total.rows < 2.0 * f64::from(self.growth.least_rows) {
            return None;
        }
        let nothing = self.gain(total, leaf.value);
        let found: Vec<Option<Split>> = self
            .used
            .par_iter()
            .zip(&self.pool[leaf.pool])
            .with_min_len(8)
            .map(|(feature, histogram)| self.best_of(*feature, histogram, leaf, nothing))
            .collect();
        let mut best: Option<Split> = None;
        for split in found.into_iter().flatten() {
            if best.is_none_or(|best| split.gain > best.gain) {
                best = Some(split);
            }
        }
        best
    }

    fn best_of(
        &self,
        feature: usize,
        histogram: &Histogram,
        leaf: &Leaf,
        nothing: f64,
    ) -> Option<Split> {
        let rising = self.rising.get(feature).copied().unwrap_or(false);
        let bins = self.rows.cuts.bins(feature);
        let missing = histogram[usize::from(MISSING)];
        let mut best: Option<Split> = None;
        for missing_left in [true, false] {
            if missing == [0, 0] && !missing_left {
                break;
            }
            let mut sum = if missing_left { missing } else { [0, 0] };
            for (bin, here) in histogram.iter().enumerate().take(bins).skip(1) {
                if *here == [0, 0] && best.is_some() {
                    continue;
                }
                add(&mut sum, *here);
                let bin = bin as u8;
                let Some((gain, left, right)) = self.judge(sum, leaf, nothing, rising) else {
                    continue;
                };
                if gain > best.map_or(LEAST_GAIN, |best| best.gain) {
                    best = Some(Split {
                        gain,
                        feature,
                        bin,
                        missing_left,
                        left,
                        right,
                    });
                }
            }
        }
        best
    }

    /// Gain and values if the rows of this sum go to the left; none if that may not be.
    fn judge(&self, sum: Sum, leaf: &Leaf, nothing: f64, rising: bool) -> Option<(f64, f64, f64)> {
        let (left, right) = (self.units.total(sum), self.units.total(less(leaf.sum, sum)));
        let least = f64::from(self.growth.least_rows).max(1.0);
        if left.rows < least || right.rows < least {
            return None;
        }
        let left_value = self.best_value(left, leaf.low, leaf.high);
        let right_value = self.best_value(right, leaf.low, leaf.high);
        if rising && left_value > right_value {
            return None;
        }
        let gain = self.gain(left, left_value) + self.gain(right, right_value) - nothing;
        Some((gain, left_value, right_value))
    }

    /// Counts rows into histograms; several at once, because a sum must wait for the one before
    /// it in the same bin.
    fn count(&self, histograms: &mut [Histogram], features: &[usize], order: &[u32], sums: &[Sum]) {
        let column = |feature: &usize| self.rows.columns[*feature].as_slice();
        if let ([a, b, c, d], [of_a, of_b, of_c, of_d]) = (&mut *histograms, features) {
            let (of_a, of_b, of_c, of_d) = (column(of_a), column(of_b), column(of_c), column(of_d));
            for (row, sum) in order.iter().zip(sums) {
                let row = *row as usize;
                add(&mut a[usize::from(of_a[row])], *sum);
                add(&mut b[usize::from(of_b[row])], *sum);
                add(&mut c[usize::from(of_c[row])], *sum);
                add(&mut d[usize::from(of_d[row])], *sum);
            }
            return;
        }
        for (histogram, feature) in histograms.iter_mut().zip(features) {
            let column = column(feature);
            for (row, sum) in order.iter().zip(sums) {
                add(&mut histogram[usize::from(column[*row as usize])], *sum);
            }
        }
    }
}
