//! `kontor seed demo`.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::load;
use super::world::{TIME_ZONE, World, WorldSize};
use crate::clock;
use crate::db::Db;

/// What stands behind `kontor seed demo`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    accounts: u32,
    #[arg(long, default_value_t = 320, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    skus: u32,
    #[arg(long, default_value_t = 104, value_parser = clap::value_parser!(u32).range(1..=1_040))]
    weeks: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Default for Arguments {
    /// What `kontor serve` fills an empty demo with.
    fn default() -> Self {
        Arguments {
            accounts: 60,
            skus: 320,
            weeks: 104,
            seed: 1,
        }
    }
}

impl Arguments {
    fn size(self, today: Date) -> WorldSize {
        let Self {
            accounts,
            skus,
            weeks,
            seed,
        } = self;
        WorldSize {
            accounts,
            skus,
            weeks,
            seed,
            today,
            campaigns: true,
        }
    }
}

/// The brand's date at `now` (UTC milliseconds).
pub fn today(now: i64) -> Date {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    clock::zoned(now, &zone).date()
}

/// Fills an empty database with a demo of that size.
///
/// # Errors
/// A database that is not empty.
pub async fn seed(db: &Db, arguments: Arguments, now: i64) -> anyhow::Result<()> {
    let world = World::of(arguments.size(today(now)));
    let bar = crate::imports::command::bar("orders stored");
    let seeded = load::demo(db, &world, now, &mut |orders| bar.set_position(orders)).await;
    bar.finish_and_clear();
    let seeded = seeded?;
    println!(
        "demo: {} products, {} accounts, {} prices, {} orders, {} credit notes",
        seeded.products, seeded.accounts, seeded.prices, seeded.orders, seeded.credit_notes
    );
    Ok(())
}
