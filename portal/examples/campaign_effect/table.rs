//! How often the interval held the truth, how far off the estimate was, how wide the interval.

use std::fmt::Write as _;

use portal::campaigns::effect::Estimate;

use super::mails::Lift;

/// A campaign and what its results said. Minor units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    pub world: u64,
    pub holdout: i32,
    pub lift: Lift,
    /// What the mails brought, as the generator knows.
    pub truth: i64,
    /// What the told ordered in all.
    pub told_net: i64,
    pub adjusted: Estimate,
    pub plain: Estimate,
}

/// Exact for amounts below 2^53.
fn real(number: i64) -> f64 {
    format!("{number}").parse().unwrap_or(f64::NAN)
}

impl Told {
    fn of(&self, adjusted: bool) -> Estimate {
        if adjusted { self.adjusted } else { self.plain }
    }

    /// Whether the interval holds the truth.
    pub fn covers(&self, adjusted: bool) -> bool {
        let truth = real(self.truth);
        let found = self.of(adjusted);
        found.low <= truth && truth <= found.high
    }

    pub fn width(&self, adjusted: bool) -> f64 {
        let found = self.of(adjusted);
        found.high - found.low
    }
}

fn euros(minor: f64) -> String {
    format!("{:.0}", minor / 100.0)
}

/// The tables.
pub fn of(told: &[Told]) -> String {
    let mut text = String::new();
    let mut holdouts: Vec<i32> = told.iter().map(|one| one.holdout).collect();
    holdouts.sort_unstable();
    holdouts.dedup();
    for (lift, title) in [
        (Lift::Some, "Mails that bring something"),
        (Lift::None, "Mails that bring nothing"),
    ] {
        let _ = writeln!(text, "{title}\n");
        let _ = writeln!(
            text,
            "| hold-out | draws | the truth, mean | held by the interval | plain | off, mean | \
             off, mean, plain | width, mean | plain | said to bring something |\n\
             | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        );
        for holdout in &holdouts {
            let own = told.iter().filter(|one| one.holdout == *holdout);
            row(
                &mut text,
                *holdout,
                own.filter(|one| one.lift == lift).collect(),
            );
        }
        let all = told.iter().filter(|one| one.lift == lift).collect();
        row(&mut text, 0, all);
        text.push('\n');
    }
    text
}

fn row(text: &mut String, holdout: i32, own: Vec<&Told>) {
    let count = real(i64::try_from(own.len()).unwrap_or(1)).max(1.0);
    let mean = |of: &dyn Fn(&Told) -> f64| own.iter().map(|one| of(one)).sum::<f64>() / count;
    let held = |adjusted: bool| {
        let held = own.iter().filter(|one| one.covers(adjusted)).count();
        format!("{held} of {}", own.len())
    };
    let off = |adjusted: bool| mean(&|one| one.of(adjusted).value - real(one.truth));
    let more = own.iter().filter(|one| one.adjusted.low > 0.0).count();
    let name = if holdout == 0 {
        "all".to_owned()
    } else {
        format!("{} %", holdout / 100)
    };
    let _ = writeln!(
        text,
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {more} |",
        own.len(),
        euros(mean(&|one| real(one.truth))),
        held(true),
        held(false),
        euros(off(true)),
        euros(off(false)),
        euros(mean(&|one| one.width(true))),
        euros(mean(&|one| one.width(false))),
    );
}
