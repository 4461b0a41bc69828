//! The baselines reach what published programs and an independent implementation reach on open
//! data, so that to beat them means something. The data are not part of this repository.

#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests"
)]

#[expect(dead_code, reason = "shared with the examples")]
#[path = "../examples/common/mod.rs"]
mod common;
#[expect(dead_code, reason = "shared with the examples")]
#[path = "../examples/table/dataset.rs"]
mod dataset;
#[path = "../examples/table/metrics.rs"]
mod metrics;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{KeySet, account, number};
use dataset::Dataset;
use metrics::{Measures, mean, measure};
use recommender::baselines::{Baseline, Tifu, UpCf};
use trade::id::AccountId;

/// What is kept beside the repository, if it is there.
fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut places = ["shared", "../shared"]
        .map(|at| root.join(at).join(path))
        .into_iter();
    let found = places.find(|at| at.exists());
    if found.is_none() {
        eprintln!("left out: {path} is not there");
    }
    found
}

/// A folder of purchase histories.
fn folder(name: &str) -> Option<PathBuf> {
    shared(&format!("data/baskets/{name}"))
}

/// Recall, NDCG and PHR at 10, then at 20, over test users.
fn scores(set: &Dataset, keys: &KeySet, baseline: Baseline) -> [f64; 6] {
    let history = set.purchases(&HashSet::new());
    let among: HashSet<AccountId> = keys
        .train
        .iter()
        .map(|user| account(user.number()))
        .collect();
    // As the programs do it: TIFU's neighbours are those for training, UP-CF's are all.
    let among = matches!(baseline, Baseline::Tifu(_)).then_some(&among);
    let fitted = baseline.fit(&history, among);
    let mut sums = [0.0; 6];
    let users = set.users(&keys.test);
    for user in &users {
        let list = fitted.ranked(account(*user), 20).into_iter();
        let list: Vec<u64> = list.map(|(product, _)| number(product.0)).collect();
        let (truth, known) = (set.truth(*user), set.known(*user));
        for (at, k) in [10, 20].into_iter().enumerate() {
            let Measures {
                recall, ndcg, hit, ..
            } = measure(&list, &truth, &known, k);
            for (sum, value) in sums[at * 3..].iter_mut().zip([recall, ndcg, hit]) {
                *sum += value;
            }
        }
    }
    sums.map(|sum| sum / users.len() as f64)
}

/// Checks means over the first key sets, as many as asked.
fn check(name: &str, sets: usize, wanted: &[(Baseline, [f64; 6])]) {
    let Some(folder) = folder(name) else { return };
    let set = Dataset::read(&folder).unwrap();
    let keys = set.key_sets.iter().take(sets);
    let mut wrong = Vec::new();
    for (baseline, wanted) in wanted {
        let each: Vec<[f64; 6]> = keys
            .clone()
            .map(|(_, keys)| scores(&set, keys, *baseline))
            .collect();
        let mean: Vec<f64> = (0..6)
            .map(|at| each.iter().map(|of| of[at]).sum::<f64>() / each.len() as f64)
            .collect();
        eprintln!("{name} {baseline:?}: {mean:.4?}, wanted {wanted:.4?}");
        // PHR is a share of few users, and one more or less among equals moves it.
        let near = [0.002, 0.002, 0.004, 0.002, 0.002, 0.004];
        let far = (0..6).any(|at| (mean[at] - wanted[at]).abs() > near[at]);
        if far {
            wrong.push(format!("{baseline:?}: {mean:.4?}, wanted {wanted:.4?}"));
        }
    }
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

fn tifu(neighbours: usize, within: f64, over: f64, own: f64, groups: usize) -> Baseline {
    Baseline::Tifu(Tifu {
        neighbours,
        within,
        over,
        own,
        groups,
    })
}

fn upcf(recent: usize, asymmetry: f64, locality: i32) -> Baseline {
    Baseline::UpCf(UpCf {
        recent,
        asymmetry,
        locality,
    })
}

#[test]
fn ta_feng_gives_what_published_programs_give() {
    check(
        "tafeng",
        3,
        &[
            (
                Baseline::Group,
                [0.0834, 0.0867, 0.2511, 0.1115, 0.0963, 0.3310],
            ),
            // The published program, which takes the lines of an order as the file has them, finds
            // .1072 and .1215. A history sorts them, and of items ordered equally often and first
            // in one order it prefers low numbers: here these are the items more in demand.
            (
                Baseline::Personal,
                [0.1097, 0.1001, 0.3594, 0.1421, 0.1140, 0.4410],
            ),
            (
                Baseline::PersonalThenGroup,
                [0.1240, 0.1060, 0.3813, 0.1721, 0.1253, 0.4915],
            ),
            (
                tifu(300, 0.9, 0.7, 0.7, 7),
                [0.1256, 0.1020, 0.3871, 0.1827, 0.1238, 0.5057],
            ),
            (
                tifu(300, 0.9, 0.9, 0.1, 11),
                [0.1573, 0.1353, 0.4529, 0.2041, 0.1542, 0.5445],
            ),
        ],
    );
    let similar = [0.1250, 0.1102, 0.3986, 0.1754, 0.1301, 0.4968];
    check("tafeng", 1, &[(upcf(10, 0.5, 5), similar)]);
}

#[test]
fn a_wholesaler_gives_what_published_programs_give() {
    check(
        "online-retail-last",
        3,
        &[
            (
                Baseline::Group,
                [0.0374, 0.0451, 0.3901, 0.0574, 0.0588, 0.4766],
            ),
            (
                Baseline::Personal,
                [0.1837, 0.2025, 0.7546, 0.2573, 0.2473, 0.8184],
            ),
            (
                tifu(600, 0.9, 0.9, 0.3, 15),
                [0.2179, 0.2341, 0.8184, 0.3081, 0.2898, 0.8851],
            ),
            (
                upcf(5, 0.75, 5),
                [0.2087, 0.2323, 0.8057, 0.2968, 0.2870, 0.8723],
            ),
        ],
    );
    check(
        "online-retail-time",
        3,
        &[
            (
                Baseline::Personal,
                [0.1666, 0.1918, 0.7646, 0.2426, 0.2380, 0.8414],
            ),
            (
                tifu(300, 1.0, 0.9, 0.3, 30),
                [0.1955, 0.2152, 0.8230, 0.2852, 0.2726, 0.8998],
            ),
            (
                upcf(5, 0.5, 5),
                [0.1867, 0.2065, 0.7947, 0.2774, 0.2643, 0.8865],
            ),
        ],
    );
}

#[test]
fn a_grocer_gives_what_an_independent_program_gives() {
    check(
        "dunnhumby-cj",
        3,
        &[
            (
                Baseline::Group,
                [0.0488, 0.0586, 0.3517, 0.0685, 0.0682, 0.4256],
            ),
            (
                Baseline::Personal,
                [0.1433, 0.1548, 0.5646, 0.1852, 0.1773, 0.6215],
            ),
            (
                tifu(300, 1.0, 0.9, 0.3, 30),
                [0.1490, 0.1652, 0.5744, 0.2052, 0.1933, 0.6474],
            ),
            (
                upcf(25, 0.5, 5),
                [0.1506, 0.1619, 0.5850, 0.2026, 0.1877, 0.6509],
            ),
        ],
    );
}

#[test]
fn measures_are_those_of_the_published_evaluator() {
    let (Some(folder), Some(script)) = (folder("online-retail-last"), shared("eval/nbr_eval.py"))
    else {
        return;
    };
    let set = Dataset::read(&folder).unwrap();
    let (_, keys) = &set.key_sets[0];
    let history = set.purchases(&HashSet::new());
    let fitted = Baseline::PersonalThenGroup.fit(&history, None);
    let lists: BTreeMap<u64, Vec<u64>> = set
        .users(&keys.test)
        .into_iter()
        .map(|user| {
            let list = fitted.ranked(account(user), 20).into_iter();
            (user, list.map(|(product, _)| number(product.0)).collect())
        })
        .collect();
    let predictions = std::env::temp_dir().join(format!("lists-{}.json", std::process::id()));
    std::fs::write(&predictions, serde_json::to_string(&lists).unwrap()).unwrap();
    let run = Command::new("python3")
        .args([&script, &folder, &predictions])
        .arg("--json")
        .output();
    std::fs::remove_file(&predictions).unwrap();
    let Ok(run) = run else {
        eprintln!("left out: there is no python3");
        return;
    };
    let theirs: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    for k in [10, 20] {
        let ours: Vec<Measures> = lists
            .iter()
            .map(|(user, list)| measure(list, &set.truth(*user), &set.known(*user), k))
            .collect();
        let of = |pick: fn(&Measures) -> Option<f64>| mean(ours.iter().map(pick));
        for (name, value) in [
            ("Recall", of(|m| Some(m.recall))),
            ("NDCG", of(|m| Some(m.ndcg))),
            ("PHR", of(|m| Some(m.hit))),
            ("RecallRep", of(|m| m.repeat_recall)),
            ("RecallExpl", of(|m| m.explore_recall)),
            ("PHRRep", of(|m| m.repeat_hit)),
            ("PHRExpl", of(|m| m.explore_hit)),
            ("RepRatio", of(|m| Some(m.repeated))),
        ] {
            let wanted = theirs[format!("{name}@{k}")].as_f64().unwrap();
            assert!(
                (value - wanted).abs() < 1e-6,
                "{name}@{k}: {value}, {wanted}"
            );
        }
    }
}
