//! What a campaign's mails did, reckoned from what the accounts of both arms ordered. Nothing here
//! reads or waits; the same accounts and seed give the same numbers, in whatever order they come.
//!
//! Accounts are compared **as they were drawn** (intention to treat): all who were to be told, read
//! or unread, bounced or unsubscribed, with all who were to be told nothing. Chance alone decided
//! who is where, so what differs between the arms beyond chance is the mails' doing. Comparing
//! readers with the others instead would measure who reads mails.
//!
//! **Estimate.** With `y` what an account ordered since the announcement and `x` what it ordered of
//! the same items in the weeks before,
//!
//! ```text
//! d = (ȳ₁ − ȳ₀) − θ (x̄₁ − x̄₀),    θ = Σₐ Sxy / Σₐ Sxx within the arms
//! ```
//!
//! the difference of means less what the arms' earlier sales explain of it: CUPED (Deng, Xu, Kohavi
//! and Walker, "Improving the sensitivity of online controlled experiments by utilizing
//! pre-experiment data", WSDM 2013), which is the analysis of covariance. `x` was fixed before the
//! draw, so that adjusting for it cannot take away an effect.
//!
//! **Interval.** Sales are mostly zero and sometimes huge, and the hold-out is small: there the
//! normal and the bootstrap intervals are too narrow. The draw itself is known, so it is repeated:
//! what the mails brought on average is taken off the told accounts, arms of the same sizes are
//! drawn anew some two thousand times, and each time the estimate is divided by its own standard
//! error. Where the middle 95 % of these lie says how far the real estimate may be off: a
//! studentised randomisation test, turned round (Wu and Ding, "Randomization tests for weak null
//! hypotheses in randomized experiments", JASA 116, 2021). Without an effect it is exact but for the
//! number of draws; with effects that differ between accounts it is right for many accounts.
//! `docs/campaign-effect.md` tells how it did where the truth is known.
//!
//! **Shares** of ordering accounts are compared by Newcombe's hybrid score interval (method 10 of
//! "Interval estimation for the difference between independent proportions", Statistics in Medicine
//! 17, 1998), whose ends stay between −100 % and 100 %.

use crate::db::words::CampaignArm;
use crate::seed::chance::Chance;

/// How often the arms are drawn anew: one less than a round number, so that the middle 95 % is a
/// whole number of draws.
const DRAWS: usize = 1_999;
/// Where the smaller arm has more accounts, means are normal whatever the accounts are.
const PLENTY: usize = 2_000;
/// The normal's 97.5 % point.
const Z: f64 = 1.959_963_984_540_054;
/// With fewer accounts in an arm nothing is concluded.
pub const LEAST_ACCOUNTS: usize = 10;
/// Nor with fewer accounts that ordered.
pub const LEAST_ORDERING: usize = 5;

/// An account of a campaign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Account {
    /// What it was drawn for.
    pub arm: CampaignArm,
    /// What it did before, in the same unit.
    pub before: f64,
    /// What it did since.
    pub since: f64,
}

/// A number with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// The same, of so many.
    #[must_use]
    pub fn times(self, factor: f64) -> Estimate {
        Estimate {
            value: self.value * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// What may be said of it.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        if self.low > 0.0 {
            Verdict::More
        } else if self.high < 0.0 {
            Verdict::Less
        } else {
            Verdict::Open
        }
    }
}

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is more with mails.
    More,
    /// It is less with mails.
    Less,
    /// None is within the interval.
    Open,
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untold {
    /// Everybody was told.
    NoHoldout,
    /// So few accounts were told nothing.
    FewHeldOut(usize),
    /// So few accounts were told.
    FewTold(usize),
    /// So few accounts ordered.
    FewOrdered(usize),
}

/// How the arms differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Of the means of the arms, adjusted.
    pub each: Estimate,
    /// In all accounts that were told.
    pub total: Estimate,
}

/// Whether accounts are compared with what they did before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjusting {
    /// Less what earlier sales explain.
    Before,
    /// As they are.
    Not,
}

/// How the accounts that were told differ from those that were not.
///
/// # Errors
/// Why that cannot be told.
pub fn difference(
    accounts: &[Account],
    adjusting: Adjusting,
    seed: u64,
) -> Result<Difference, Untold> {
    drawn(accounts, adjusting, seed, DRAWS)
}

/// Whether there is enough to say anything.
///
/// # Errors
/// What is lacking.
pub fn enough(accounts: &[Account]) -> Result<(), Untold> {
    let of = |arm: CampaignArm| accounts.iter().filter(|one| one.arm == arm).count();
    let (told, held) = (of(CampaignArm::Mail), of(CampaignArm::Holdout));
    let ordered = accounts.iter().filter(|one| one.since != 0.0).count();
    match (told, held) {
        (_, 0) => Err(Untold::NoHoldout),
        (_, few) if few < LEAST_ACCOUNTS => Err(Untold::FewHeldOut(few)),
        (few, _) if few < LEAST_ACCOUNTS => Err(Untold::FewTold(few)),
        _ if ordered < LEAST_ORDERING => Err(Untold::FewOrdered(ordered)),
        _ => Ok(()),
    }
}

fn drawn(
    accounts: &[Account],
    adjusting: Adjusting,
    seed: u64,
    draws: usize,
) -> Result<Difference, Untold> {
    enough(accounts)?;
    let mut points = centred(accounts, adjusting);
    let sums = |arm: CampaignArm, points: &[Point]| {
        let of_arm = points.iter().filter(|point| point.arm == arm);
        of_arm.fold(Sums::default(), |sums, point| sums.and(point))
    };
    let told = sums(CampaignArm::Mail, &points);
    let held = sums(CampaignArm::Holdout, &points);
    let found = compared(&told, &held);
    let ends = if Ord::min(told.count, held.count) > PLENTY {
        Some((-Z, Z))
    } else {
        for point in points.iter_mut().filter(|p| p.arm == CampaignArm::Mail) {
            point.since -= found.value;
        }
        again(&mut points, told.count, seed, draws)
    };
    // Nobody differs from anybody: there is nothing to be unsure about.
    let (low, high) = ends.unwrap_or((0.0, 0.0));
    let each = Estimate {
        value: found.value,
        low: found.value - high * found.error,
        high: found.value - low * found.error,
    };
    let total = each.times(real(told.count));
    Ok(Difference { each, total })
}

/// An account less the mean of all.
#[derive(Debug, Clone, Copy)]
struct Point {
    arm: CampaignArm,
    before: f64,
    since: f64,
}

/// In an order of their own, so that sums and draws do not depend on how they came.
fn centred(accounts: &[Account], adjusting: Adjusting) -> Vec<Point> {
    let mut points: Vec<Point> = accounts
        .iter()
        .map(|one| Point {
            arm: one.arm,
            before: match adjusting {
                Adjusting::Before => one.before,
                Adjusting::Not => 0.0,
            },
            since: one.since,
        })
        .collect();
    points.sort_by(|one, other| {
        let by_arm = one.arm.name().cmp(other.arm.name());
        one.since
            .total_cmp(&other.since)
            .then(one.before.total_cmp(&other.before))
            .then(by_arm)
    });
    let count = real(points.len());
    let before = points.iter().map(|one| one.before).sum::<f64>() / count;
    let since = points.iter().map(|one| one.since).sum::<f64>() / count;
    for point in &mut points {
        point.before -= before;
        point.since -= since;
    }
    points
}

/// What an arm adds up to.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: usize,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Sums {
    fn and(mut self, point: &Point) -> Sums {
        let (x, y) = (point.before, point.since);
        self.count += 1;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
        self
    }

    fn less(self, other: &Sums) -> Sums {
        Sums {
            count: self.count.saturating_sub(other.count),
            x: self.x - other.x,
            y: self.y - other.y,
            xx: self.xx - other.xx,
            xy: self.xy - other.xy,
            yy: self.yy - other.yy,
        }
    }

    /// Squares and products about the arm's own means.
    fn about(&self) -> (f64, f64, f64) {
        let count = real(self.count);
        (
            (self.xx - self.x * self.x / count).max(0.0),
            self.xy - self.x * self.y / count,
            (self.yy - self.y * self.y / count).max(0.0),
        )
    }
}

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy)]
struct Found {
    value: f64,
    error: f64,
}

fn compared(one: &Sums, other: &Sums) -> Found {
    let (first, second) = (one.about(), other.about());
    let squares = first.0 + second.0;
    let slope = if squares > 0.0 {
        (first.1 + second.1) / squares
    } else {
        0.0
    };
    let variance = |sums: &Sums, (xx, xy, yy): (f64, f64, f64)| {
        let rest = (yy - 2.0 * slope * xy + slope * slope * xx).max(0.0);
        let count = real(sums.count);
        rest / (count * (count - 1.0))
    };
    let (n, m) = (real(one.count), real(other.count));
    Found {
        value: (one.y / n - other.y / m) - slope * (one.x / n - other.x / m),
        error: (variance(one, first) + variance(other, second)).sqrt(),
    }
}

/// The middle 95 % of what arms drawn anew differ by, in standard errors; none where nothing
/// varies.
fn again(points: &mut [Point], told: usize, seed: u64, draws: usize) -> Option<(f64, f64)> {
    let all = points
        .iter()
        .fold(Sums::default(), |sums, point| sums.and(point));
    let held = points.len().saturating_sub(told);
    // The smaller arm is drawn; the other is what is left.
    let few = Ord::min(told, held);
    let mut chance = Chance::new(seed);
    let mut found = Vec::with_capacity(draws);
    for _ in 0..draws {
        for at in 0..few {
            let other = at + chance.below(points.len() - at);
            points.swap(at, other);
        }
        let some = points
            .iter()
            .take(few)
            .fold(Sums::default(), |sums, point| sums.and(point));
        let rest = all.less(&some);
        let one = if few == told {
            compared(&some, &rest)
        } else {
            compared(&rest, &some)
        };
        if one.error > 0.0 {
            found.push(one.value / one.error);
        }
    }
    found.sort_by(f64::total_cmp);
    let cut = (found.len() + 1) / 40;
    let low = *found.get(cut.checked_sub(1)?)?;
    let high = *found.get(found.len().checked_sub(cut)?)?;
    Some((low, high))
}

/// How two shares differ, each "so many of so many": the first less the second. None of nobody.
#[must_use]
pub fn shares(one: (usize, usize), other: (usize, usize)) -> Option<Estimate> {
    let (p, lower, upper) = wilson(one)?;
    let (q, least, most) = wilson(other)?;
    let value = p - q;
    Some(Estimate {
        value,
        low: value - ((p - lower).powi(2) + (most - q).powi(2)).sqrt(),
        high: value + ((upper - p).powi(2) + (q - least).powi(2)).sqrt(),
    })
}

/// A share with Wilson's score interval.
fn wilson((some, of): (usize, usize)) -> Option<(f64, f64, f64)> {
    if of == 0 {
        return None;
    }
    let (n, p) = (real(of), real(some) / real(of));
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    Some((p, (middle - half) / whole, (middle + half) / whole))
}

/// Exact for every count of accounts there is.
fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests;
