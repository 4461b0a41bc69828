//! Tables in Markdown.

use std::collections::HashSet;

use crate::contest::{Completion, Entry, Pieces};
use crate::dataset::Dataset;
use crate::goals;
use crate::metrics::{Measures, interval, mean, measure};

/// Measures of a method's lists at 10 and 20, user by user, key set after key set.
pub struct Judged {
    pub name: String,
    /// By key set.
    pub sets: Vec<Vec<[Measures; 2]>>,
    pub cpu_seconds: f64,
    pub peak_mib: f64,
    pub micros: f64,
    /// Share of the items that stand in the first ten of some list.
    pub coverage: f64,
}

/// Measures the lists of a method, one entry a key set, over the users to test on.
pub fn judge(set: &Dataset, tests: &[Vec<u64>], entries: &[&Entry]) -> Judged {
    let runs = entries.len() as f64;
    let sum = |of: fn(&Entry) -> f64| entries.iter().map(|entry| of(entry)).sum::<f64>() / runs;
    let mut judged = Judged {
        name: entries
            .first()
            .map(|entry| entry.name.clone())
            .unwrap_or_default(),
        sets: Vec::new(),
        cpu_seconds: sum(|entry| entry.fit.cpu_seconds),
        peak_mib: entries
            .iter()
            .map(|entry| entry.fit.peak_mib)
            .fold(0.0, f64::max),
        micros: sum(|entry| entry.micros),
        coverage: 0.0,
    };
    let mut items = HashSet::new();
    for basket in set.history.values().flatten() {
        items.extend(basket.lines.iter().map(|(item, _)| *item));
    }
    for (users, entry) in tests.iter().zip(entries) {
        let mut shown: HashSet<u64> = HashSet::new();
        let mut found = Vec::new();
        for user in users {
            let list = entry.lists.get(user).map(Vec::as_slice).unwrap_or_default();
            let (truth, known) = (set.truth(*user), set.known(*user));
            shown.extend(list.iter().take(10));
            found.push([10, 20].map(|k| measure(list, &truth, &known, k)));
        }
        judged.coverage += shown.len() as f64 / items.len() as f64 / runs;
        judged.sets.push(found);
    }
    judged
}

impl Judged {
    /// The mean over key sets of the mean over users.
    pub fn mean(&self, at: usize, pick: impl Fn(&Measures) -> Option<f64>) -> f64 {
        let of = |users: &Vec<[Measures; 2]>| mean(users.iter().map(|m| pick(&m[at])));
        mean(self.sets.iter().map(|users| Some(of(users))))
    }

    fn values(&self, at: usize, pick: impl Fn(&Measures) -> f64) -> Vec<f64> {
        self.sets.iter().flatten().map(|m| pick(&m[at])).collect()
    }
}

fn share(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else {
        format!("{value:.4}")
    }
}

/// The lists of all methods beside the goals.
pub fn lists(name: &str, judged: &[Judged]) {
    println!(
        "\n| {name} | R@10 | N@10 | PHR@10 | R@20 | N@20 | PHR@20 | repeat R@10 | explore R@10 | fit, CPU s | peak MiB | CPU µs a user |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for method in judged {
        let mut cells = Vec::new();
        for at in [0, 1] {
            cells.push(method.mean(at, |m| Some(m.recall)));
            cells.push(method.mean(at, |m| Some(m.ndcg)));
            cells.push(method.mean(at, |m| Some(m.hit)));
        }
        cells.push(method.mean(0, |m| m.repeat_recall));
        cells.push(method.mean(0, |m| m.explore_recall));
        let cells: Vec<String> = cells.into_iter().map(share).collect();
        println!(
            "| {} | {} | {:.1} | {:.0} | {:.0} |",
            method.name,
            cells.join(" | "),
            method.cpu_seconds,
            method.peak_mib,
            method.micros
        );
    }
    if let Some(goals) = goals::of(name) {
        let [r10, n10, r20] = goals.lists.map(share);
        println!("| *goal* | {r10} | {n10} | | {r20} | | | | | | | |");
    }
}

/// A measure of a user.
type Pick = fn(&Measures) -> f64;

/// How sure the difference between two methods is.
pub fn differences(ours: &Judged, theirs: &Judged) {
    println!(
        "\n| {} against {} | {} | 95 % | {} | difference | 95 % | in percent | 95 % |",
        ours.name, theirs.name, ours.name, theirs.name
    );
    println!("|---|---|---|---|---|---|---|---|");
    let picks: [(&str, Pick); 3] = [
        ("Recall", |m| m.recall),
        ("NDCG", |m| m.ndcg),
        ("PHR", |m| m.hit),
    ];
    for (at, k) in [(0, 10), (1, 20)] {
        for (name, pick) in picks {
            let (mine, base) = (ours.values(at, pick), theirs.values(at, pick));
            let gaps: Vec<f64> = mine.iter().zip(&base).map(|(a, b)| a - b).collect();
            let of = |values: &[f64]| mean(values.iter().copied().map(Some));
            let ((low, high), (from, to)) = (interval(&mine), interval(&gaps));
            let (gap, base) = (of(&gaps), of(&base));
            println!(
                "| {name}@{k} | {:.4} | {low:.4} … {high:.4} | {base:.4} | {gap:+.4} | {from:+.4} … {to:+.4} | {:+.1} % | {:+.1} … {:+.1} % |",
                of(&mine),
                100.0 * gap / base,
                100.0 * from / base,
                100.0 * to / base
            );
        }
    }
}

/// Lists of what is new to each account.
pub fn explore(name: &str, judged: &[Judged]) {
    println!("\n| {name}, new to the account | R@10 | PHR@10 | R@20 | items shown |");
    println!("|---|---|---|---|---|");
    for method in judged {
        println!(
            "| {} | {} | {} | {} | {:.0} % |",
            method.name,
            share(method.mean(0, |m| m.explore_recall)),
            share(method.mean(0, |m| m.explore_hit)),
            share(method.mean(1, |m| m.explore_recall)),
            100.0 * method.coverage
        );
    }
    if let Some(goals) = goals::of(name) {
        println!("| *goal* | {} | | | 40 % |", share(goals.explore));
    }
}

/// The other half of the order.
pub fn carts(name: &str, completions: &[Vec<Completion>]) {
    println!("\n| {name}, half of the order in the cart | R@10 of the rest | 95 % |");
    println!("|---|---|---|");
    for at in 0..completions.first().map_or(0, Vec::len) {
        let of_sets = completions.iter().map(|sets| &sets[at]);
        let all: Vec<f64> = of_sets
            .flat_map(|set| set.recalls.iter().copied())
            .collect();
        let (low, high) = interval(&all);
        println!(
            "| {} | {} | {low:.4} … {high:.4} |",
            completions[0][at].name,
            share(mean(all.into_iter().map(Some)))
        );
    }
    if let Some(goals) = goals::of(name) {
        println!("| *goal* | {} | |", share(goals.cart));
    }
}

/// Quantities.
pub fn pieces(name: &str, methods: &[Pieces]) {
    let lines = methods
        .first()
        .map(|method| method.lines)
        .unwrap_or_default();
    println!(
        "\n| {name}, quantities | ordered before ({}): exact | mean error | first time ({}): exact | mean error |",
        lines.0, lines.1
    );
    println!("|---|---|---|---|---|");
    for method in methods {
        println!(
            "| {} | {:.3} | {:.2} | {:.3} | {:.2} |",
            method.name, method.again.0, method.again.1, method.first.0, method.first.1
        );
    }
    if let Some(goals) = goals::of(name) {
        let [again, first, error] = goals.pieces.map(share);
        println!("| *goal* | {again} | | {first} | {error} |");
    }
}
