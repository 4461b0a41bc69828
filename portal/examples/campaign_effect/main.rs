//! `just campaign-effect`: what a campaign's results say, where the truth is known.
//!
//! Accounts of the demo world order by their own rhythm. A campaign is drawn, and the accounts that
//! are told order some more, which the generator knows to the cent. Then the results of the
//! promotion's page are asked, by its own code from the database. Prints the tables of
//! docs/campaign-effect.md.

mod ground;
mod mails;
mod table;

use clap::Parser;
use ground::Ground;
use mails::Lift;

#[derive(Parser)]
struct Arguments {
    /// Worlds, by the seeds from 1 on.
    #[arg(long, default_value_t = 10)]
    worlds: u64,
    /// Draws of the arms in each world, for each hold-out.
    #[arg(long, default_value_t = 20)]
    draws: u64,
    #[arg(long, default_value_t = 600)]
    accounts: u32,
    #[arg(long, default_value_t = 120)]
    skus: u32,
    #[arg(long, default_value_t = 14)]
    weeks: u32,
    /// Shares that are told nothing, in hundredths of a per cent.
    #[arg(long, value_delimiter = ',', default_value = "1000,2000,3000")]
    holdouts: Vec<i32>,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (mut told, mut untold) = (Vec::new(), 0);
    for seed in 1..=arguments.worlds {
        let ground = Box::pin(Ground::make(
            arguments.accounts,
            arguments.skus,
            arguments.weeks,
            seed,
        ))
        .await?;
        eprintln!(
            "world {seed}: {} accounts in the audience",
            ground.audience()
        );
        for holdout in &arguments.holdouts {
            for lift in [Lift::None, Lift::Some] {
                for draw in 0..arguments.draws {
                    let one = ground.campaign(*holdout, lift, draw).await?;
                    untold += u32::from(one.is_none());
                    told.extend(one);
                }
            }
        }
    }
    println!("{}", table::of(&told));
    println!("Left out, for too few accounts were told nothing: {untold}.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use table::Told;

    #[test]
    fn the_interval_holds_the_truth_in_most_draws_of_a_small_world() {
        let run = async {
            let ground = Box::pin(Ground::make(260, 60, 13, 7)).await.unwrap();
            let mut told: Vec<Told> = Vec::new();
            for draw in 0..12 {
                told.extend(ground.campaign(2_500, Lift::Some, draw).await.unwrap());
            }
            let again = ground.campaign(2_500, Lift::Some, 0).await.unwrap();
            assert_eq!(told.first(), again.as_ref(), "a draw is not what it was");
            told
        };
        let told = actix_web::rt::System::new().block_on(run);
        // Of twelve intervals of 95 % two may miss.
        let held = told.iter().filter(|one| one.covers(true)).count();
        assert_eq!(told.len(), 12);
        assert!(held >= 10, "{held} of 12: {told:?}");
        assert!(told.iter().all(|one| one.truth > 0), "{told:?}");
        // Without what accounts did before, the arms' luck is larger.
        let width = |adjusted: bool| -> f64 { told.iter().map(|one| one.width(adjusted)).sum() };
        assert!(
            width(true) < width(false),
            "{} {}",
            width(true),
            width(false)
        );
    }
}
