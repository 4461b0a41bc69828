//! `just season`: a season of the demo world, ordered with and without suggestions.
//!
//! The demo's generator knows what every shop needs and when. The recommender learns what came
//! before the season; then every order of the season is met line by line by a scripted buyer, who
//! types it, or begins with the last order, or with what is suggested. Prints the tables of
//! docs/season.md.

mod buyer;
mod effort;
mod figures;
mod quantity;
mod shop;
mod table;
mod walk;

use clap::Parser;
use portal::seed::world::{World, WorldSize};

use shop::Shop;
use walk::{Plan, Season};

#[derive(Parser)]
struct Arguments {
    /// Worlds, by the seeds from 1 on.
    #[arg(long, default_value_t = 5)]
    worlds: u64,
    #[arg(long, default_value_t = 60)]
    accounts: u32,
    #[arg(long, default_value_t = 320)]
    skus: u32,
    /// Of history and season together.
    #[arg(long, default_value_t = 104)]
    weeks: u32,
    /// Of those, the last so many are the season.
    #[arg(long, default_value_t = 13)]
    season_weeks: u32,
    /// Days from one training to the next. The product trains every night.
    #[arg(long, default_value_t = 7)]
    train_every_days: i64,
    /// The day after the season.
    #[arg(long, default_value = "2026-11-23")]
    today: jiff::civil::Date,
}

fn main() {
    let arguments = Arguments::parse();
    let plan = Plan {
        season_days: i64::from(arguments.season_weeks) * 7,
        train_every_days: arguments.train_every_days.max(1),
    };
    let mut walked = Vec::new();
    for seed in 1..=arguments.worlds {
        let world = World::of(WorldSize {
            accounts: arguments.accounts,
            skus: arguments.skus,
            weeks: arguments.weeks,
            seed,
            today: arguments.today,
            campaigns: false,
        });
        let season = Season::of(Shop::of(&world), plan);
        walked.extend(season.walk(|on| eprintln!("world {seed}: trained on {on}")));
    }
    println!("{}", table::of(&walked));
}
