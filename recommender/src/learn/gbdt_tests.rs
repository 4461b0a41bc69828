use super::*;
use crate::learn::examples::{Chance, loss};

const PLAIN: Growth = Growth {
    trees: 60,
    leaves: 8,
    rate: 0.1,
    least_rows: 20.0,
    l2: 1.0,
    feature_share: 1.0,
    row_share: 1.0,
    seed: 1,
};

/// Labels that hang on two features together and on neither alone, and features that say nothing.
fn crossed(rows: usize) -> (Table, Vec<f32>) {
    let mut chance = Chance::new(7);
    let columns: Vec<Vec<f32>> = (0..4)
        .map(|_| (0..rows).map(|_| chance.next()).collect())
        .collect();
    let labels = (0..rows)
        .map(|at| f32::from((columns[0][at] > 0.3) != (columns[1][at] > 0.6)))
        .collect();
    (Table { columns }, labels)
}

/// Chances that rise with the first feature, fall with the second, and have missing values.
fn noisy(rows: usize) -> (Table, Vec<f32>, Vec<f32>) {
    let mut chance = Chance::new(11);
    let mut columns = vec![Vec::new(); 5];
    let (mut labels, mut weights) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let row: Vec<f32> = (0..5).map(|_| chance.next()).collect();
        let odds = 3.0 * row[0] - 2.0 * row[1] + (row[2] * 12.0).sin() - 1.0;
        labels.push(f32::from(chance.next() < 1.0 / (1.0 + (-odds).exp())));
        weights.push(0.5 + (chance.next() * 3.0).floor());
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
        if chance.next() < 0.2 {
            let last = columns[2].len() - 1;
            columns[2][last] = f32::NAN;
        }
    }
    (Table { columns }, labels, weights)
}

fn margins(forest: &Forest, table: &Table) -> Vec<f32> {
    (0..table.rows())
        .map(|at| forest.margin(&table.row(at)))
        .collect()
}

#[test]
fn what_hangs_on_two_features_together_is_learned() {
    let (table, labels) = crossed(4000);
    let forest = Forest::grow(&table, &labels, &[1.0; 4000], &[false; 4], &PLAIN);
    let right = margins(&forest, &table)
        .iter()
        .zip(&labels)
        .filter(|(margin, label)| (**margin > 0.0) == (**label > 0.5))
        .count();
    assert!(right > 3950, "{right} of 4000");
}

#[test]
fn no_rows_one_class_and_equal_values_are_no_trouble() {
    let none = Forest::grow(&Table::default(), &[], &[], &[], &PLAIN);
    assert_eq!(none.margin(&[]), 0.0);
    let table = Table {
        columns: vec![vec![2.0; 50], vec![f32::NAN; 50]],
    };
    let all = Forest::grow(&table, &[1.0; 50], &[1.0; 50], &[true, true], &PLAIN);
    assert!(all.margin(&[1.0, 1.0]) > 10.0);
    let half: Vec<f32> = (0..50).map(|at| (at % 2) as f32).collect();
    let even = Forest::grow(&table, &half, &[1.0; 50], &[false; 2], &PLAIN);
    assert_eq!(even.margin(&[9.0, 0.0]), 0.0);
    let unweighted = Forest::grow(&table, &half, &[0.0; 50], &[false; 2], &PLAIN);
    assert_eq!(unweighted.margin(&[9.0, 0.0]), 0.0);
}

#[test]
fn nothing_falls_where_it_must_rise() {
    let (table, labels, weights) = noisy(6000);
    // The second feature works backwards: made to rise, it may not be used that way.
    let rising = [true, true, true, false, false];
    let growth = Growth {
        leaves: 15,
        row_share: 0.7,
        ..PLAIN
    };
    let forest = Forest::grow(&table, &labels, &weights, &rising, &growth);
    let mut chance = Chance::new(3);
    for _ in 0..2000 {
        let mut row: Vec<f32> = (0..5).map(|_| chance.next()).collect();
        for feature in 0..3 {
            let before = row[feature];
            let (mut last, mut value) = (f32::NEG_INFINITY, -0.05);
            while value < 1.1 {
                row[feature] = value;
                let margin = forest.margin(&row);
                assert!(margin >= last - 1e-5, "{margin} after {last}");
                last = margin;
                value += 0.05;
            }
            row[feature] = before;
        }
    }
}

#[test]
fn threads_change_nothing() {
    let (table, labels, weights) = noisy(5000);
    let growth = Growth {
        feature_share: 0.6,
        row_share: 0.8,
        ..PLAIN
    };
    let grown = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| Forest::grow(&table, &labels, &weights, &[true; 5], &growth))
    };
    let alone = grown(1);
    assert_eq!(alone, grown(2));
    assert_eq!(alone, grown(5));
    let other = Growth { seed: 2, ..growth };
    let other = Forest::grow(&table, &labels, &weights, &[true; 5], &other);
    assert!(alone != other);
}

#[test]
fn a_weight_of_two_is_the_row_twice() {
    let mut chance = Chance::new(5);
    // Few values, so that both tables have the same bins.
    let columns: Vec<Vec<f32>> = (0..3)
        .map(|_| (0..3000).map(|_| (chance.next() * 20.0).floor()).collect())
        .collect();
    let weights: Vec<f32> = (0..3000).map(|at| [0.0, 1.0, 2.0][at % 3]).collect();
    let labels: Vec<f32> = (0..3000)
        .map(|at| f32::from(columns[0][at] + columns[1][at] > 20.0 + 8.0 * chance.next()))
        .collect();
    let twice: Vec<usize> = (0..3000).flat_map(|at| vec![at; at % 3]).collect();
    let again = Table {
        columns: columns
            .iter()
            .map(|column| twice.iter().map(|at| column[*at]).collect())
            .collect(),
    };
    let labels_again: Vec<f32> = twice.iter().map(|at| labels[*at]).collect();
    let table = Table { columns };
    let growth = Growth {
        least_rows: 1.0,
        ..PLAIN
    };
    let weighted = Forest::grow(&table, &labels, &weights, &[false; 3], &growth);
    let ones = vec![1.0; twice.len()];
    let repeated = Forest::grow(&again, &labels_again, &ones, &[false; 3], &growth);
    for at in 0..table.rows() {
        let row = table.row(at);
        let difference = (weighted.margin(&row) - repeated.margin(&row)).abs();
        assert!(difference < 1e-4, "{difference}");
    }
}

#[test]
fn rows_left_out_of_a_tree_count_with_what_it_says_of_them() {
    // If margins of left out rows were forgotten, the loss would stop falling.
    let (table, labels, weights) = noisy(6000);
    let share = |row_share: f32| {
        let growth = Growth { row_share, ..PLAIN };
        let forest = Forest::grow(&table, &labels, &weights, &[false; 5], &growth);
        loss(&margins(&forest, &table), &labels, &weights)
    };
    let (all, some) = (share(1.0), share(0.6));
    assert!((all - some).abs() < 0.01, "{all} and {some}");
}

#[test]
fn the_first_trees_are_the_forest_grown_with_fewer() {
    let (table, labels, weights) = noisy(2000);
    let long = Forest::grow(&table, &labels, &weights, &[false; 5], &PLAIN);
    let growth = Growth { trees: 20, ..PLAIN };
    let short = Forest::grow(&table, &labels, &weights, &[false; 5], &growth);
    assert_eq!((long.trees(), short.trees()), (60, 20));
    for at in 0..table.rows() {
        let row = table.row(at);
        assert_eq!(long.margin_with(&row, 20), short.margin(&row));
    }
    let written = postcard::to_allocvec(&long).unwrap();
    assert_eq!(postcard::from_bytes::<Forest>(&written).unwrap(), long);
}
