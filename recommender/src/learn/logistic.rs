//! Logistic regression on standardised features, with a penalty on large coefficients: every
//! feature's share of the result is one product, exact and easy to say in words.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bins::Table;

/// Rows worked on together. Sums are taken block by block, in order.
const BLOCK: usize = 4096;
/// Rows the curvature is taken from; the slope is always that of all rows.
const SAMPLE: usize = 100_000;
/// Steps at most. Newton's steps converge in fewer than ten.
const STEPS: usize = 60;
/// The largest slope, for a row of weight 1 on average, that counts as flat.
const FLAT: f64 = 1e-7;

/// Coefficients of standardised features.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Logistic {
    bias: f64,
    features: Vec<Feature>,
}

/// How a feature is standardised, and what it counts; nothing if it is not used.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Feature {
    mean: f64,
    /// One through the standard deviation.
    scale: f64,
    coefficient: f64,
}

impl Feature {
    /// Missing values are as good as the mean.
    fn standard(&self, value: f32) -> f64 {
        if value.is_nan() {
            0.0
        } else {
            (f64::from(value) - self.mean) * self.scale
        }
    }
}

impl Logistic {
    /// Fits `labels` (0 or 1): the least weighted sum of log losses plus half of `l2` times the
    /// sum of squared coefficients. Features not in `used` count nothing.
    pub fn fit(table: &Table, labels: &[f32], weights: &[f32], used: &[bool], l2: f64) -> Self {
        let features = standards(table, weights, used);
        let free: Vec<usize> = (0..features.len())
            .filter(|at| features[*at].scale > 0.0)
            .collect();
        let mut fit = Fit {
            table,
            labels,
            weights,
            free,
            l2,
            model: Self {
                bias: 0.0,
                features,
            },
        };
        fit.run();
        fit.model
    }

    /// Log-odds of a row.
    pub fn margin(&self, row: &[f32]) -> f32 {
        let parts = self.features.iter().zip(row);
        let sum: f64 = parts
            .map(|(feature, value)| feature.coefficient * feature.standard(*value))
            .sum();
        (self.bias + sum) as f32
    }

    /// What one standard deviation of each feature counts.
    #[cfg(test)]
    pub fn coefficients(&self) -> Vec<f64> {
        self.features.iter().map(|f| f.coefficient).collect()
    }
}

/// Weighted means and deviations of the features used.
fn standards(table: &Table, weights: &[f32], used: &[bool]) -> Vec<Feature> {
    let one = |(column, used): (&Vec<f32>, &bool)| {
        if !used {
            return Feature::default();
        }
        let known = || {
            let both = column.iter().zip(weights);
            both.filter(|(value, _)| !value.is_nan())
                .map(|(value, weight)| (f64::from(*value), f64::from(*weight)))
        };
        let all: f64 = known().map(|(_, weight)| weight).sum();
        let mean = known().map(|(value, weight)| value * weight).sum::<f64>() / all;
        let square = known().map(|(value, weight)| weight * (value - mean) * (value - mean));
        let deviation = (square.sum::<f64>() / all).sqrt();
        // A feature that is the same everywhere says nothing; nor does one that is never known.
        if !deviation.is_finite() || deviation <= 1e-9 * (1.0 + mean.abs()) {
            return Feature::default();
        }
        Feature {
            mean,
            scale: 1.0 / deviation,
            coefficient: 0.0,
        }
    };
    let both = table.columns.par_iter().zip(used);
    both.map(one).collect()
}

struct Fit<'a> {
    table: &'a Table,
    labels: &'a [f32],
    weights: &'a [f32],
    /// Features whose coefficient is sought.
    free: Vec<usize>,
    l2: f64,
    model: Logistic,
}

/// Loss and slope at one point; the slope of the bias comes last.
struct Slope {
    loss: f64,
    by: Vec<f64>,
}

impl Fit<'_> {
    fn run(&mut self) {
        let all: f64 = self.weights.iter().map(|weight| f64::from(*weight)).sum();
        let ones = self.labels.iter().zip(self.weights);
        let ones: f64 = ones.map(|(y, w)| f64::from(*y) * f64::from(*w)).sum();
        if all <= 0.0 {
            return;
        }
        let share = (ones / all).clamp(1e-6, 1.0 - 1e-6);
        self.model.bias = (share / (1.0 - share)).ln();
        let mut slope = self.slope(&self.model);
        for _ in 0..STEPS {
            if slope.by.iter().all(|by| by.abs() <= FLAT * all) {
                return;
            }
            let Some(step) = solve(self.curvature(), &slope.by) else {
                return;
            };
            // A full step first; shorter ones while they do not make it better.
            let mut length = 1.0;
            let taken = loop {
                let next = self.stepped(&step, length);
                let there = self.slope(&next);
                if there.loss <= slope.loss {
                    break Some((next, there));
                }
                length /= 2.0;
                if length < 1e-6 {
                    break None;
                }
            };
            let Some((next, there)) = taken else { return };
            self.model = next;
            slope = there;
        }
    }

    fn stepped(&self, step: &[f64], length: f64) -> Logistic {
        let mut next = self.model.clone();
        for (at, by) in self.free.iter().zip(step) {
            next.features[*at].coefficient -= by * length;
        }
        next.bias -= step.last().unwrap_or(&0.0) * length;
        next
    }

    /// Standardised values of some rows, feature by feature, then ones for the bias.
    fn standard(&self, rows: &[usize]) -> Vec<f64> {
        let mut values = Vec::with_capacity((self.free.len() + 1) * rows.len());
        for at in &self.free {
            let (feature, column) = (&self.model.features[*at], &self.table.columns[*at]);
            values.extend(rows.iter().map(|row| feature.standard(column[*row])));
        }
        values.resize(values.len() + rows.len(), 1.0);
        values
    }

    /// Log-odds of rows given as in [`Fit::standard`].
    fn margins(&self, model: &Logistic, values: &[f64], rows: usize) -> Vec<f64> {
        let mut margins = vec![model.bias; rows];
        for (at, values) in self.free.iter().zip(values.chunks(rows)) {
            let coefficient = model.features[*at].coefficient;
            for (margin, value) in margins.iter_mut().zip(values) {
                *margin += coefficient * value;
            }
        }
        margins
    }

    fn slope(&self, model: &Logistic) -> Slope {
        let rows: Vec<usize> = (0..self.labels.len()).collect();
        let blocks: Vec<Slope> = rows
            .par_chunks(BLOCK)
            .map(|rows| {
                let values = self.standard(rows);
                let mut rest = self.margins(model, &values, rows.len());
                let mut loss = 0.0;
                for (margin, row) in rest.iter_mut().zip(rows) {
                    let (label, weight) = (self.labels[*row], f64::from(self.weights[*row]));
                    let against = if label > 0.5 { -*margin } else { *margin };
                    loss += weight * (against.max(0.0) + (-against.abs()).exp().ln_1p());
                    *margin = (chance(*margin) - f64::from(label)) * weight;
                }
                let by = values.chunks(rows.len()).map(|of| dot(of, &rest)).collect();
                Slope { loss, by }
            })
            .collect();
        let mut sum = Slope {
            loss: 0.0,
            by: vec![0.0; self.free.len() + 1],
        };
        for block in blocks {
            sum.loss += block.loss;
            for (sum, by) in sum.by.iter_mut().zip(block.by) {
                *sum += by;
            }
        }
        for (by, at) in sum.by.iter_mut().zip(&self.free) {
            let coefficient = model.features[*at].coefficient;
            sum.loss += self.l2 * coefficient * coefficient / 2.0;
            *by += self.l2 * coefficient;
        }
        sum
    }

    /// Second derivatives where the model stands, row by row of the lower triangle.
    fn curvature(&self) -> Vec<Vec<f64>> {
        let count = self.labels.len();
        let wanted = count.min(SAMPLE);
        let rows: Vec<usize> = (0..wanted).map(|at| at * count / wanted).collect();
        let size = self.free.len() + 1;
        let blocks: Vec<Vec<f64>> = rows
            .par_chunks(BLOCK)
            .map(|rows| {
                let values = self.standard(rows);
                let mut pulls = self.margins(&self.model, &values, rows.len());
                for (pull, row) in pulls.iter_mut().zip(rows) {
                    let odds = chance(*pull);
                    *pull = f64::from(self.weights[*row]) * odds * (1.0 - odds);
                }
                let mut sums = Vec::with_capacity(size * (size + 1) / 2);
                for (at, one) in values.chunks(rows.len()).enumerate() {
                    let pulled: Vec<f64> = one.iter().zip(&pulls).map(|(v, p)| v * p).collect();
                    let others = values.chunks(rows.len()).take(at + 1);
                    sums.extend(others.map(|other| dot(other, &pulled)));
                }
                sums
            })
            .collect();
        let mut sums = vec![0.0; size * (size + 1) / 2];
        for block in blocks {
            for (sum, part) in sums.iter_mut().zip(block) {
                *sum += part;
            }
        }
        let share = count as f64 / wanted.max(1) as f64;
        let mut rest = sums.into_iter().map(|sum| sum * share);
        let mut rows: Vec<Vec<f64>> = (1..=size)
            .map(|columns| rest.by_ref().take(columns).collect())
            .collect();
        for (at, row) in rows.iter_mut().enumerate() {
            // A touch more than asked, so that features that say the same can be told apart.
            let more = if at + 1 < size { self.l2 } else { 0.0 };
            row[at] += more + 1e-9 * (1.0 + row[at].abs());
        }
        rows
    }
}

fn chance(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

/// Sum of products, in four sums that are added at the end.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (ones, others) = (one.chunks_exact(4), other.chunks_exact(4));
    let rest: f64 = ones
        .remainder()
        .iter()
        .zip(others.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (one, other) in ones.zip(others) {
        for ((sum, a), b) in sums.iter_mut().zip(one).zip(other) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// Solves a symmetric positive system by Cholesky's way; none if it is not positive.
fn solve(mut matrix: Vec<Vec<f64>>, right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        for column in 0..=row {
            let known = (0..column).map(|at| matrix[row][at] * matrix[column][at]);
            let rest = matrix[row][column] - known.sum::<f64>();
            if row > column {
                matrix[row][column] = rest / matrix[column][column];
            } else if rest > 0.0 {
                matrix[row][row] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut found = right.to_vec();
    for row in 0..size {
        let known: f64 = (0..row).map(|at| matrix[row][at] * found[at]).sum();
        found[row] = (found[row] - known) / matrix[row][row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|at| matrix[at][row] * found[at]).sum();
        found[row] = (found[row] - known) / matrix[row][row];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::examples::{Chance, loss};

    const TRUE: [f32; 4] = [1.5, -2.0, 0.0, 0.7];

    fn example(rows: usize) -> (Table, Vec<f32>, Vec<f32>) {
        let mut chance = Chance::new(23);
        let mut columns = vec![Vec::new(); 4];
        let (mut labels, mut weights) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let mut odds = -0.5;
            for (at, column) in columns.iter_mut().enumerate() {
                let value = (chance.next() - 0.5) * (at + 1) as f32 + 3.0;
                odds += TRUE[at] * (value - 3.0);
                column.push(value);
            }
            labels.push(f32::from(chance.next() < 1.0 / (1.0 + (-odds).exp())));
            weights.push(0.5 + chance.next());
        }
        (Table { columns }, labels, weights)
    }

    #[test]
    fn coefficients_that_made_the_labels_are_found_again() {
        let (table, labels, weights) = example(200_000);
        let fit = Logistic::fit(&table, &labels, &weights, &[true; 4], 1.0);
        for (feature, wanted) in fit.features.iter().zip(TRUE) {
            let found = feature.coefficient * feature.scale;
            assert!((found - f64::from(wanted)).abs() < 0.04, "{found} {wanted}");
        }
    }

    #[test]
    fn no_way_from_the_fit_leads_down() {
        let (mut table, labels, weights) = example(5000);
        table.columns[1][7] = f32::NAN;
        // Two features that say the same, and one that says nothing.
        table.columns.push(table.columns[0].clone());
        table.columns.push(vec![4.0; 5000]);
        let used = [true, true, false, true, true, true];
        let l2 = 3.0;
        let fit = Logistic::fit(&table, &labels, &weights, &used, l2);
        let at = |model: &Logistic| {
            let rows = (0..5000).map(|at| table.row(at));
            let margins: Vec<f32> = rows.map(|row| model.margin(&row)).collect();
            let all: f64 = weights.iter().map(|w| f64::from(*w)).sum();
            let squares: f64 = model.coefficients().iter().map(|c| c * c).sum();
            loss(&margins, &labels, &weights) * all + l2 * squares / 2.0
        };
        let here = at(&fit);
        for feature in [0, 1, 3, 4] {
            for by in [-0.01, 0.01] {
                let mut other = fit.clone();
                other.features[feature].coefficient += by;
                assert!(at(&other) > here);
            }
        }
        let coefficients = fit.coefficients();
        assert_eq!((coefficients[2], coefficients[5]), (0.0, 0.0));
        assert!((coefficients[0] - coefficients[4]).abs() < 1e-6);
        let used: Vec<bool> = used.to_vec();
        let again = Fit {
            table: &table,
            labels: &labels,
            weights: &weights,
            free: (0..6).filter(|at| used[*at] && *at != 5).collect(),
            l2,
            model: fit.clone(),
        };
        assert!(again.slope(&fit).by.iter().all(|by| by.abs() < 1e-3));
    }

    #[test]
    fn threads_change_nothing_and_one_class_is_no_trouble() {
        let (table, labels, weights) = example(20_000);
        let fitted = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| Logistic::fit(&table, &labels, &weights, &[true; 4], 1.0))
        };
        assert_eq!(fitted(1), fitted(3));
        let ones = Logistic::fit(&table, &[1.0; 20_000], &weights, &[true; 4], 1.0);
        assert!(ones.margin(&table.row(0)) > 8.0);
        let none = Logistic::fit(&Table::default(), &[], &[], &[], 1.0);
        assert_eq!(none.margin(&[]), 0.0);
    }
}
