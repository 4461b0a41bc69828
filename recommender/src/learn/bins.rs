//! Features as small numbers: every value of a column becomes one of at most 255 bins of about
//! equally many rows. Trees are grown on bins; a grown tree compares values.

use rayon::prelude::*;

/// Bins of values, beside the one of missing values.
const MOST: usize = 254;
/// Rows the cuts are taken from.
const SAMPLE: usize = 200_000;
/// The bin of missing values.
pub(crate) const MISSING: u8 = 0;

/// Rows to learn from, one vector a feature. NaN says that a value is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub columns: Vec<Vec<f32>>,
}

impl Table {
    /// Rows held.
    #[cfg(test)]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// One row, for whoever asks row by row.
    #[cfg(test)]
    pub fn row(&self, at: usize) -> Vec<f32> {
        self.columns.iter().map(|column| column[at]).collect()
    }
}

/// Where the bins of each feature end. A value `v` is in bin `b` if `b - 1` is the number of ends
/// below it, so that `v <= ends[b - 1]` and "bin at most `b`" say the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cuts {
    ends: Vec<Vec<f32>>,
}

impl Cuts {
    /// Cuts for columns like these; at most 200,000 rows, evenly spread, are looked at.
    pub fn of(table: &Table) -> Self {
        let ends = table.columns.par_iter().map(|c| ends_of(c)).collect();
        Self { ends }
    }

    /// Bins of a feature, that of missing values counted.
    pub fn bins(&self, feature: usize) -> usize {
        self.ends[feature].len() + 1
    }

    /// The greatest value of a bin; none of the bin of missing values.
    pub fn end(&self, feature: usize, bin: u8) -> f32 {
        let at = usize::from(bin).checked_sub(1);
        at.and_then(|at| self.ends[feature].get(at))
            .map_or(f32::INFINITY, |end| *end)
    }

    fn bin(ends: &[f32], value: f32) -> u8 {
        if value.is_nan() {
            return MISSING;
        }
        let at = ends.partition_point(|end| *end < value);
        (at + 1).min(ends.len().max(1)) as u8
    }
}

/// A table in bins: a byte a value.
#[derive(Debug, Clone)]
pub(crate) struct Binned {
    pub cuts: Cuts,
    pub columns: Vec<Vec<u8>>,
}

impl Binned {
    /// All rows of a table, cut by its own values.
    #[cfg(test)]
    pub fn of(table: &Table) -> Self {
        let mut binned = Self::empty(Cuts::of(table));
        binned.append(table);
        binned
    }

    /// No rows yet: they come in portions, so that they never stand in memory as floats all at
    /// once.
    pub fn empty(cuts: Cuts) -> Self {
        let columns = vec![Vec::new(); cuts.ends.len()];
        Self { cuts, columns }
    }

    /// Adds rows.
    pub fn append(&mut self, table: &Table) {
        let ends = &self.cuts.ends;
        let both = self.columns.par_iter_mut().zip(&table.columns).zip(ends);
        both.for_each(|((bins, values), ends)| {
            bins.extend(values.iter().map(|value| Cuts::bin(ends, *value)));
        });
    }

    /// Rows held.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

/// Ends of bins of one column. The last is infinite, so that every value is below one.
fn ends_of(column: &[f32]) -> Vec<f32> {
    let wanted = column.len().min(SAMPLE);
    let mut values: Vec<f32> = (0..wanted)
        .map(|at| column[at * column.len() / wanted])
        .filter(|value| !value.is_nan())
        // Zero and minus zero are one value.
        .map(|value| value + 0.0)
        .collect();
    values.sort_unstable_by(f32::total_cmp);
    let groups: Vec<(f32, usize)> = values
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .collect();
    let mut ends = Vec::new();
    let mut rest = values.len();
    let mut held = 0;
    for (at, (value, count)) in groups.iter().enumerate() {
        held += count;
        let Some((next, next_count)) = groups.get(at + 1) else {
            break;
        };
        // What is left is shared evenly among the bins left; a frequent value gets its own.
        let share = rest / (MOST - ends.len()).max(1);
        let full = groups.len() <= MOST || held >= share || *next_count >= share;
        if full && ends.len() + 1 < MOST {
            ends.push(between(*value, *next));
            rest -= held;
            held = 0;
        }
    }
    ends.push(f32::INFINITY);
    ends
}

/// A value from `low` on and below `high`.
fn between(low: f32, high: f32) -> f32 {
    let middle = low + (high - low) / 2.0;
    if middle >= low && middle < high {
        middle
    } else {
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_get_a_bin_each_and_missing_its_own() {
        let column = vec![3.0, 1.0, f32::NAN, 1.0, 2.0, -0.0, 0.0];
        let binned = Binned::of(&Table {
            columns: vec![column],
        });
        assert_eq!(binned.columns[0], [4, 2, 0, 2, 3, 1, 1]);
        assert_eq!(binned.cuts.bins(0), 5);
        assert_eq!(binned.cuts.end(0, 2), 1.5);
        assert_eq!(binned.cuts.end(0, 4), f32::INFINITY);
    }

    #[test]
    fn many_values_share_bins_evenly() {
        let column: Vec<f32> = (0..100_000)
            .map(|at| ((at * 7919) % 100_000) as f32)
            .collect();
        let binned = Binned::of(&Table {
            columns: vec![column],
        });
        let mut counts = vec![0_u32; 256];
        for bin in &binned.columns[0] {
            counts[usize::from(*bin)] += 1;
        }
        assert_eq!(counts[0], 0);
        assert_eq!(binned.cuts.bins(0), MOST + 1);
        assert!(
            counts[1..=MOST]
                .iter()
                .all(|count| (300..500).contains(count))
        );
    }

    #[test]
    fn a_frequent_value_has_a_bin_of_its_own() {
        let column: Vec<f32> = (0..50_000)
            .map(|at| if at % 10 == 0 { at as f32 } else { 0.5 })
            .collect();
        let binned = Binned::of(&Table {
            columns: vec![column.clone()],
        });
        let of = |value: f32| Cuts::bin(&binned.cuts.ends[0], value);
        let bin = of(0.5);
        let alone = column.iter().filter(|value| of(**value) == bin);
        assert!(alone.clone().all(|value| *value == 0.5));
        assert_eq!(alone.count(), 45_000);
    }
}
