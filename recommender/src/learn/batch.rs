//! Many rows through a forest at once. A tree is not walked: every inner node is asked about some
//! rows side by side, and strikes out the leaves that a row which goes to the right can no longer
//! reach; the first leaf left is where the walk would have ended.

use super::gbdt::Forest;

/// Rows looked at side by side.
const LANES: usize = 16;
/// Leaves a tree may have: a bit each.
const LEAVES: usize = 32;

/// A node to ask.
struct Test {
    feature: usize,
    bound: f32,
    missing_left: bool,
    /// A bit for every leaf but those to its left.
    others: u32,
}

/// A tree to ask.
struct Tests {
    /// Its nodes in one list with those of all trees: from here up to the next tree's.
    from: usize,
    /// Leaves from left to right, likewise.
    leaves: usize,
}

struct Plan {
    trees: Vec<Tests>,
    tests: Vec<Test>,
    values: Vec<f32>,
}

impl Plan {
    /// None if a tree has too many leaves.
    fn of(forest: &Forest) -> Option<Self> {
        let mut plan = Self {
            trees: Vec::with_capacity(forest.roots.len()),
            tests: Vec::with_capacity(forest.nodes.len()),
            values: Vec::with_capacity(forest.leaves.len()),
        };
        for root in &forest.roots {
            let (from, leaves) = (plan.tests.len(), plan.values.len());
            plan.trees.push(Tests { from, leaves });
            plan.take(forest, *root, leaves);
            if plan.values.len() - leaves > LEAVES {
                return None;
            }
        }
        Some(plan)
    }

    /// Takes what hangs from a node, the leaves from left to right.
    fn take(&mut self, forest: &Forest, at: i32, first: usize) {
        if at < 0 {
            self.values.push(forest.leaves[!at as usize]);
            return;
        }
        let node = &forest.nodes[at as usize];
        let before = self.values.len() - first;
        self.take(forest, node.left, first);
        let after = self.values.len() - first;
        // More than fit are refused once the tree is taken.
        let below = |leaf: usize| {
            1_u64
                .checked_shl(leaf as u32)
                .map_or(u64::MAX, |bit| bit - 1)
        };
        self.tests.push(Test {
            feature: node.feature as usize,
            bound: node.bound,
            missing_left: forest.missing_left[at as usize],
            others: !((below(after) & !below(before)) as u32),
        });
        self.take(forest, node.right, first);
    }
}

impl Forest {
    /// Log-odds of rows that follow each other, each `width` values: the same as
    /// [`Forest::margin`] of each, to the bit.
    pub fn margins(&self, rows: &[f32], width: usize) -> Vec<f32> {
        let rows = rows.chunks_exact(width.max(1));
        let Some(plan) = Plan::of(self) else {
            return rows.map(|row| self.margin(row)).collect();
        };
        let mut margins = vec![self.base; rows.len()];
        let mut columns = vec![[0.0; LANES]; width];
        let rows: Vec<&[f32]> = rows.collect();
        for (margins, rows) in margins.chunks_mut(LANES).zip(rows.chunks(LANES)) {
            for (lane, row) in rows.iter().enumerate() {
                for (column, value) in columns.iter_mut().zip(*row) {
                    column[lane] = *value;
                }
            }
            plan.add(&columns, margins);
        }
        margins
    }
}

impl Plan {
    fn add(&self, columns: &[[f32; LANES]], margins: &mut [f32]) {
        for (at, tree) in self.trees.iter().enumerate() {
            let next = self.trees.get(at + 1);
            let to = next.map_or(self.tests.len(), |next| next.from);
            let mut left = [u32::MAX; LANES];
            for test in &self.tests[tree.from..to] {
                let values = &columns[test.feature];
                if test.missing_left {
                    for (left, value) in left.iter_mut().zip(values) {
                        *left &= if *value > test.bound {
                            test.others
                        } else {
                            u32::MAX
                        };
                    }
                } else {
                    for (left, value) in left.iter_mut().zip(values) {
                        *left &= if *value <= test.bound {
                            u32::MAX
                        } else {
                            test.others
                        };
                    }
                }
            }
            let values = &self.values[tree.leaves..];
            for (margin, left) in margins.iter_mut().zip(left) {
                *margin += values[left.trailing_zeros() as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::learn::examples::Chance;
    use crate::learn::gbdt::{Forest, Growth, Table};

    fn grown(leaves: usize) -> (Forest, Table) {
        let mut chance = Chance::new(9);
        let mut columns: Vec<Vec<f32>> = (0..6)
            .map(|_| (0..3000).map(|_| chance.next()).collect())
            .collect();
        for at in 0..600 {
            columns[at % 6][at] = f32::NAN;
        }
        let table = Table { columns };
        let labels: Vec<f32> = (0..3000)
            .map(|at| f32::from(table.row(at).iter().sum::<f32>() * chance.next() > 1.3))
            .collect();
        let growth = Growth {
            trees: 20,
            leaves,
            rate: 0.2,
            least_rows: 5.0,
            l2: 1.0,
            feature_share: 1.0,
            row_share: 1.0,
            seed: 4,
        };
        let forest = Forest::grow(&table, &labels, &[1.0; 3000], &[false; 6], &growth);
        (forest, table)
    }

    #[test]
    fn many_rows_at_once_are_as_one_after_another() {
        for leaves in [1, 2, 15, 32, 40] {
            let (forest, table) = grown(leaves);
            let rows: Vec<f32> = (0..3000).flat_map(|at| table.row(at)).collect();
            let all = forest.margins(&rows, 6);
            assert_eq!(all.len(), 3000);
            for (at, margin) in all.iter().enumerate() {
                let alone = forest.margin(&table.row(at));
                assert_eq!(
                    margin.to_bits(),
                    alone.to_bits(),
                    "{leaves} leaves, row {at}"
                );
            }
            assert!(forest.margins(&[], 6).is_empty());
        }
    }
}
