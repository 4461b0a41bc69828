//! The evaluation anyone can run: `just evaluate DIR`, where every folder in `DIR` holds purchase
//! histories (`recommender/examples/common` says in which form).
//!
//! For every folder and every key set: the baselines, their settings chosen by the users to choose
//! by, and the model, on users neither saw. Prints Markdown.

#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "counts become floats; tables are as wide as their heads"
)]

#[expect(dead_code, reason = "shared with another example")]
#[path = "../common/mod.rs"]
mod common;
mod contest;
mod dataset;
mod goals;
mod metrics;
mod report;
mod usage;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use recommender::baselines::Baseline;

use contest::{Contest, Entry, PUBLISHED};
use dataset::Dataset;

#[derive(Parser)]
struct Arguments {
    /// Folders of purchase histories in one folder.
    data: PathBuf,
    /// Only folders whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
    /// Without choosing settings of the baselines: as found before on these data.
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let entries = arguments
        .data
        .read_dir()
        .with_context(|| format!("cannot read {}", arguments.data.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("history.csv.gz").exists() || path.join("history.csv").exists())
        .filter(|path| path.to_string_lossy().contains(&arguments.only))
        .collect();
    folders.sort();
    for folder in folders {
        evaluate(&folder, arguments.quick)?;
    }
    Ok(())
}

/// Everything about one folder.
fn evaluate(folder: &Path, quick: bool) -> Result<()> {
    let set = Dataset::read(folder)?;
    let mut tests = Vec::new();
    let mut lists: Vec<Vec<Entry>> = Vec::new();
    let mut new: Vec<Vec<Entry>> = Vec::new();
    let mut completions = Vec::new();
    let mut pieces = Vec::new();
    for (name, keys) in &set.key_sets {
        let contest = Contest::of(&set, keys);
        eprintln!(
            "{} {name}: {} users to test on",
            set.name,
            contest.test.len()
        );
        let (studied, similar) = found_before(&set.name);
        let (tifu, upcf) = if quick {
            (studied, similar)
        } else {
            (contest.tune_tifu(), contest.tune_upcf())
        };
        eprintln!("{tifu:?} {upcf:?}");
        let (ours, model) = contest.run_model();
        eprintln!("{:?}", ours.fit);
        lists.push(vec![
            contest.run("last order", Baseline::LastOrder),
            contest.run("P-TopFreq", Baseline::Personal),
            contest.run("G-TopFreq", Baseline::Group),
            contest.run("GP-TopFreq", Baseline::PersonalThenGroup),
            contest.run("UP-CF, tuned", Baseline::UpCf(upcf)),
            contest.run("TIFU-KNN, as published", Baseline::Tifu(PUBLISHED)),
            contest.run("TIFU-KNN, earlier studies", Baseline::Tifu(studied)),
            contest.run("TIFU-KNN, tuned", Baseline::Tifu(tifu)),
            ours,
        ]);
        let neighbours = recommender::baselines::Tifu { own: 0.0, ..tifu };
        new.push(vec![
            contest.explore("G-TopFreq", Baseline::Group),
            contest.explore("TIFU-KNN's neighbours", Baseline::Tifu(neighbours)),
            contest.explore("UP-CF", Baseline::UpCf(upcf)),
            contest.explore_model(&model),
        ]);
        completions.push(contest.complete(tifu, &model));
        if set.counted {
            pieces = contest.pieces(&model);
        }
        tests.push(contest.test);
    }
    let judge = |methods: &[Vec<Entry>]| -> Vec<report::Judged> {
        let count = methods.first().map_or(0, Vec::len);
        let one = |at: usize| {
            let entries: Vec<&Entry> = methods.iter().map(|of_set| &of_set[at]).collect();
            report::judge(&set, &tests, &entries)
        };
        (0..count).map(one).collect()
    };
    let judged = judge(&lists);
    println!(
        "\n## {}\n\n{} users to test on",
        set.name,
        tests.iter().map(Vec::len).sum::<usize>()
    );
    report::lists(&set.name, &judged);
    if let Some((ours, others)) = judged.split_last() {
        let recall = |of: &report::Judged| of.mean(0, |m| Some(m.recall));
        let strongest = others.iter().max_by(|a, b| recall(a).total_cmp(&recall(b)));
        strongest.inspect(|theirs| report::differences(ours, theirs));
    }
    report::explore(&set.name, &judge(&new));
    report::carts(&set.name, &completions);
    if !pieces.is_empty() {
        report::pieces(&set.name, &pieces);
    }
    Ok(())
}

/// Settings that studies of these data found best; for others those of a large grocer.
fn found_before(name: &str) -> (recommender::baselines::Tifu, recommender::baselines::UpCf) {
    use recommender::baselines::{Tifu, UpCf};
    let tifu = |neighbours, within, over, own, groups| Tifu {
        neighbours,
        within,
        over,
        own,
        groups,
    };
    let upcf = |recent, asymmetry, locality| UpCf {
        recent,
        asymmetry,
        locality,
    };
    match name {
        "tafeng" => (tifu(300, 0.9, 0.9, 0.1, 11), upcf(10, 0.5, 5)),
        "online-retail-last" => (tifu(600, 0.9, 0.9, 0.3, 15), upcf(5, 0.75, 5)),
        "online-retail-time" => (tifu(300, 1.0, 0.9, 0.3, 30), upcf(5, 0.5, 5)),
        _ => (tifu(300, 1.0, 0.9, 0.3, 30), upcf(25, 0.75, 10)),
    }
}
