//! Ranks the next orders of a public purchase history.
//!
//! `cargo run --release -p recommender --example evaluate -- DATA_DIR --keyset KEYSET.json --out
//! PREDICTIONS.json [--k 20] [--explore]`
//!
//! Learns from `history` of all users, and from `future` only of users that are listed to train on
//! and neither to choose by nor to test on. Writes `{user: [item, …]}`, the best first, for the
//! users to choose by and to test on.

#![expect(clippy::as_conversions, reason = "counts become floats to be printed")]

mod common;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use recommender::{Settings, train};

#[derive(Parser)]
struct Arguments {
    /// Folder with history.csv.gz and future.csv.gz.
    data: PathBuf,
    /// Which users are for what; a path, or a name within the folder.
    #[arg(long)]
    keyset: PathBuf,
    /// Where the predictions go.
    #[arg(long)]
    out: PathBuf,
    /// Items for a user.
    #[arg(long, default_value_t = 20)]
    k: usize,
    /// Only items that are new to the user.
    #[arg(long)]
    explore: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let within = arguments.data.join(&arguments.keyset);
    let keys = if arguments.keyset.exists() {
        &arguments.keyset
    } else {
        &within
    };
    let keys = common::key_set(keys)?;
    let mut rows = common::rows(&arguments.data, "history.csv")?;
    let learnable = common::learnable(&keys);
    if !learnable.is_empty() {
        let future = common::rows(&arguments.data, "future.csv")?;
        rows.extend(
            future
                .into_iter()
                .filter(|row| learnable.contains(&row.user)),
        );
    }
    let history = common::history(&rows).with_items(common::items(&arguments.data)?);
    drop(rows);
    let (began, cost) = (Instant::now(), common::cost().0);
    let trained = train(history, &Settings::default());
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "training: {seconds:.2} s, {:.2} processor seconds; {:?}",
        common::cost().0 - cost,
        trained.report
    );
    let users: Vec<&common::User> = keys.val.iter().chain(&keys.test).collect();
    let (began, cost) = (Instant::now(), common::cost().0);
    let mut predictions: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for user in &users {
        let account = common::account(user.number());
        let ranked = if arguments.explore {
            trained.model.next_new(account, arguments.k)
        } else {
            trained.model.next_basket(account, arguments.k)
        };
        let items = ranked
            .into_iter()
            .map(|(product, _)| common::number(product.0))
            .collect();
        predictions.insert(user.name(), items);
    }
    let micros = |seconds: f64| seconds * 1e6 / users.len().max(1) as f64;
    println!(
        "answers: {:.0} microseconds a user, {:.0} of them processor time; {} users",
        micros(began.elapsed().as_secs_f64()),
        micros(common::cost().0 - cost),
        users.len()
    );
    let file = File::create(&arguments.out)
        .with_context(|| format!("cannot write {}", arguments.out.display()))?;
    serde_json::to_writer(BufWriter::new(file), &predictions)?;
    println!("peak memory: {:.0} MiB", common::cost().1);
    Ok(())
}
