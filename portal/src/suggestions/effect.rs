//! What suggestions do, reckoned from what the accounts of a trial ordered. Nothing here reads or
//! waits; the same accounts and seed give the same numbers.
//!
//! Accounts were drawn, not orders: an account's orders resemble each other, and an interval that
//! took them for independent would be far too narrow. So the intervals come from a bootstrap over
//! accounts: each arm's accounts are drawn anew with replacement, with all they ordered, a thousand
//! times, and the middle 95 % of what comes out is the interval. Means are ratios of sums ("value
//! of all orders by orders"), so that a large account counts by what it does.

use crate::db::words::TrialArm;
use crate::seed::chance::Chance;

/// How often accounts are drawn anew.
const DRAWS: usize = 1_000;
/// Fewer draws where there is more than so much to add up in all.
const WORK: usize = 20_000_000;
/// Below so many accounts with an order in an arm, nothing is concluded.
pub const LEAST_ACCOUNTS: usize = 20;
/// Nor in fewer days.
pub const LEAST_DAYS: u32 = 14;
/// Standard errors of a difference that is found four times in five at the 5 % level.
const DETECTABLE: f64 = 2.8;

/// What an account did in the time looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What it was drawn for.
    pub arm: TrialArm,
    /// Days it took part.
    pub days: u32,
    /// Orders, without those that came to nothing.
    pub orders: u32,
    /// Orders in the currency that values are told in.
    pub valued: u32,
    /// What those were worth, net, in minor units.
    pub value_minor: i64,
    /// Lines of its orders.
    pub lines: u32,
    /// Of them, those that a suggestion put there.
    pub suggested: u32,
    /// From the visit's beginning to the submit, of each order where it is known.
    pub seconds: Vec<u32>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Value ordered by an account in a week, in minor units: what the trial is decided by.
    WeeklyValue,
    /// Orders of an account in a week.
    WeeklyOrders,
    /// Mean value of an order, in minor units.
    OrderValue,
    /// Mean lines of an order.
    OrderLines,
    /// Median seconds from the visit's beginning to the submit.
    MedianSeconds,
    /// Mean of the same.
    MeanSeconds,
    /// Share of the lines that a suggestion put there, 0 to 1.
    SuggestedShare,
}

impl Metric {
    /// Every one of them, the deciding one first.
    pub const ALL: [Metric; 7] = [
        Metric::WeeklyValue,
        Metric::WeeklyOrders,
        Metric::OrderValue,
        Metric::OrderLines,
        Metric::MedianSeconds,
        Metric::MeanSeconds,
        Metric::SuggestedShare,
    ];

    /// The word in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Metric::WeeklyValue => "weekly-value",
            Metric::WeeklyOrders => "weekly-orders",
            Metric::OrderValue => "order-value",
            Metric::OrderLines => "order-lines",
            Metric::MedianSeconds => "median-seconds",
            Metric::MeanSeconds => "mean-seconds",
            Metric::SuggestedShare => "suggested-share",
        }
    }
}

/// A number with its 95 % interval; none where too few accounts give one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// As counted.
    pub value: f64,
    /// From, to.
    pub interval: Option<(f64, f64)>,
}

/// What an arm did.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Accounts drawn for it, with orders or without.
    pub accounts: usize,
    /// Those with an order.
    pub ordering: usize,
    /// Their orders.
    pub orders: u64,
    /// What those were worth, net, in minor units.
    pub value_minor: i64,
    /// Each metric; none where there is nothing to divide by.
    pub metrics: Vec<(Metric, Option<Estimate>)>,
}

impl Arm {
    /// A metric of the arm.
    #[must_use]
    pub fn metric(&self, metric: Metric) -> Option<Estimate> {
        let found = self.metrics.iter().find(|(one, _)| *one == metric);
        found.and_then(|(_, estimate)| *estimate)
    }
}

/// How the arm with suggestions differs from the one without.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// With less without.
    pub absolute: Estimate,
    /// The same as a part of the arm without; none where that has none.
    pub relative: Option<Estimate>,
    /// The smallest difference, as a part, that this many accounts would show four times in five.
    pub detectable: Option<f64>,
}

/// What may be said of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Too few accounts or days to say anything.
    NotEnough,
    /// The interval holds no difference.
    Open,
    /// With suggestions it is more.
    More,
    /// With suggestions it is less.
    Less,
}

/// Both arms, and how they differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The accounts with suggestions.
    pub suggestions: Arm,
    /// Those without.
    pub control: Arm,
    /// Of each metric; none where an arm has none.
    pub differences: Vec<(Metric, Option<Difference>)>,
    /// The longest an account took part.
    pub days: u32,
}

impl Effect {
    /// How the arms differ in a metric.
    #[must_use]
    pub fn difference(&self, metric: Metric) -> Option<Difference> {
        let found = self.differences.iter().find(|(one, _)| *one == metric);
        found.and_then(|(_, difference)| *difference)
    }

    /// Whether there is enough to say anything: accounts that order in both arms, and time.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        let least = Ord::min(self.suggestions.ordering, self.control.ordering);
        least >= LEAST_ACCOUNTS && self.days >= LEAST_DAYS
    }

    /// What may be said of a metric.
    #[must_use]
    pub fn verdict(&self, metric: Metric) -> Verdict {
        let interval = self
            .difference(metric)
            .and_then(|difference| difference.absolute.interval);
        match interval {
            Some((low, high)) if self.is_enough() => {
                if low > 0.0 {
                    Verdict::More
                } else if high < 0.0 {
                    Verdict::Less
                } else {
                    Verdict::Open
                }
            }
            Some(_) | None => Verdict::NotEnough,
        }
    }
}

/// What the accounts of a trial ordered, arm by arm, and the difference.
#[must_use]
pub fn of(accounts: &[Account], seed: u64) -> Effect {
    let with = Sample::of(accounts, TrialArm::Suggestions);
    let without = Sample::of(accounts, TrialArm::Control);
    let work = with.work() + without.work();
    let draws = (WORK / Ord::max(work, 1)).clamp(200, DRAWS);
    let chance = Chance::new(seed);
    let with_draws = with.draw(draws, &mut chance.of("suggestions", 0));
    let without_draws = without.draw(draws, &mut chance.of("control", 0));
    let drawn = Some(draws).filter(|_| with.varies() && without.varies());
    let differences = Metric::ALL
        .into_iter()
        .map(|metric| {
            let ends = (with.total().get(metric), without.total().get(metric));
            let pairs = || {
                let both = with_draws.iter().zip(&without_draws);
                both.filter_map(|(with, without)| Some((with.get(metric)?, without.get(metric)?)))
            };
            let difference = match ends {
                (Some(one), Some(other)) => Some(difference((one, other), drawn, pairs)),
                _ => None,
            };
            (metric, difference)
        })
        .collect();
    Effect {
        suggestions: with.arm(&with_draws),
        control: without.arm(&without_draws),
        differences,
        days: accounts
            .iter()
            .map(|account| account.days)
            .max()
            .unwrap_or(0),
    }
}

fn difference<I: Iterator<Item = (f64, f64)>>(
    (with, without): (f64, f64),
    // How many draws were made; none where too few accounts order for an interval.
    draws: Option<usize>,
    pairs: impl Fn() -> I,
) -> Difference {
    let values: Vec<f64> = pairs().map(|(one, other)| one - other).collect();
    let spread = standard_deviation(&values);
    let absolute = Estimate {
        value: with - without,
        interval: interval(values, draws),
    };
    let relative = (without > 0.0).then(|| Estimate {
        value: with / without - 1.0,
        interval: interval(
            pairs()
                .filter(|(_, other)| *other > 0.0)
                .map(|(one, other)| one / other - 1.0)
                .collect(),
            draws,
        ),
    });
    Difference {
        absolute,
        relative,
        detectable: spread
            .filter(|_| without > 0.0 && absolute.interval.is_some())
            .map(|spread| DETECTABLE * spread / without),
    }
}

/// The middle 95 %; none where more than one draw in twenty gave nothing.
fn interval(mut values: Vec<f64>, draws: Option<usize>) -> Option<(f64, f64)> {
    let draws = draws?;
    if values.len() < 2 || values.len() * 20 < draws * 19 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let low = values.len() / 40;
    let high = values.len() - 1 - low;
    Some((*values.get(low)?, *values.get(high)?))
}

fn standard_deviation(values: &[f64]) -> Option<f64> {
    let count = f64::from(u32::try_from(values.len()).ok()?);
    if count < 2.0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (count - 1.0)).sqrt())
}

/// Sums over accounts, some of them counted several times.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    days: f64,
    orders: f64,
    valued: f64,
    value: f64,
    lines: f64,
    suggested: f64,
    timed: f64,
    seconds: f64,
    median: Option<f64>,
}

impl Sums {
    fn add(&mut self, other: &Sums, times: u32) {
        let times = f64::from(times);
        self.days += times * other.days;
        self.orders += times * other.orders;
        self.valued += times * other.valued;
        self.value += times * other.value;
        self.lines += times * other.lines;
        self.suggested += times * other.suggested;
        self.timed += times * other.timed;
        self.seconds += times * other.seconds;
    }

    fn get(&self, metric: Metric) -> Option<f64> {
        let ratio = |some: f64, of: f64| (of > 0.0).then(|| some / of);
        match metric {
            Metric::WeeklyValue => ratio(self.value, self.days / 7.0),
            Metric::WeeklyOrders => ratio(self.orders, self.days / 7.0),
            Metric::OrderValue => ratio(self.value, self.valued),
            Metric::OrderLines => ratio(self.lines, self.orders),
            Metric::MedianSeconds => self.median,
            Metric::MeanSeconds => ratio(self.seconds, self.timed),
            Metric::SuggestedShare => ratio(self.suggested, self.lines),
        }
    }
}

/// One arm's accounts, added up one by one.
struct Sample {
    accounts: Vec<Sums>,
    ordering: usize,
    orders: u64,
    value_minor: i64,
    /// Seconds with whose they are, the shortest first.
    seconds: Vec<(u32, usize)>,
}

impl Sample {
    fn of(accounts: &[Account], arm: TrialArm) -> Sample {
        let own: Vec<&Account> = accounts.iter().filter(|one| one.arm == arm).collect();
        let mut seconds: Vec<(u32, usize)> = own
            .iter()
            .enumerate()
            .flat_map(|(at, account)| account.seconds.iter().map(move |one| (*one, at)))
            .collect();
        seconds.sort_unstable();
        Sample {
            accounts: own.iter().map(|account| sums(account)).collect(),
            ordering: own.iter().filter(|account| account.orders > 0).count(),
            orders: own.iter().map(|account| u64::from(account.orders)).sum(),
            value_minor: own.iter().map(|account| account.value_minor).sum(),
            seconds,
        }
    }

    /// One account drawn again and again varies in nothing.
    fn varies(&self) -> bool {
        self.ordering > 1
    }

    fn work(&self) -> usize {
        self.accounts.len() + self.seconds.len()
    }

    fn total(&self) -> Sums {
        self.weighted(&vec![1; self.accounts.len()])
    }

    fn weighted(&self, times: &[u32]) -> Sums {
        let mut sums = Sums::default();
        for (account, times) in self.accounts.iter().zip(times) {
            sums.add(account, *times);
        }
        sums.median = self.median(times);
        sums
    }

    /// Of all seconds, each account's as often as it was drawn; between two, their mean.
    fn median(&self, times: &[u32]) -> Option<f64> {
        let drawn = |at: usize| u64::from(times.get(at).copied().unwrap_or(0));
        let total: u64 = self.seconds.iter().map(|(_, at)| drawn(*at)).sum();
        let mut below = 0;
        let mut lower = None;
        for (seconds, at) in &self.seconds {
            let weight = drawn(*at);
            if weight == 0 {
                continue;
            }
            if let Some(lower) = lower {
                return Some((f64::from(lower) + f64::from(*seconds)) / 2.0);
            }
            below += weight;
            if below * 2 > total {
                return Some(f64::from(*seconds));
            }
            if below * 2 == total {
                lower = Some(*seconds);
            }
        }
        None
    }

    fn draw(&self, draws: usize, chance: &mut Chance) -> Vec<Sums> {
        let count = self.accounts.len();
        let mut times = vec![0_u32; count];
        (0..draws)
            .map(|_| {
                times.fill(0);
                for _ in 0..count {
                    if let Some(drawn) = times.get_mut(chance.below(count)) {
                        *drawn += 1;
                    }
                }
                self.weighted(&times)
            })
            .collect()
    }

    fn arm(&self, draws: &[Sums]) -> Arm {
        let total = self.total();
        let metrics = Metric::ALL.into_iter().map(|metric| {
            let estimate = total.get(metric).map(|value| {
                let values = draws.iter().filter_map(|sums| sums.get(metric)).collect();
                let drawn = Some(draws.len()).filter(|_| self.varies());
                Estimate {
                    value,
                    interval: interval(values, drawn),
                }
            });
            (metric, estimate)
        });
        Arm {
            accounts: self.accounts.len(),
            ordering: self.ordering,
            orders: self.orders,
            value_minor: self.value_minor,
            metrics: metrics.collect(),
        }
    }
}

fn sums(account: &Account) -> Sums {
    Sums {
        days: f64::from(account.days),
        orders: f64::from(account.orders),
        valued: f64::from(account.valued),
        value: real(account.value_minor),
        lines: f64::from(account.lines),
        suggested: f64::from(account.suggested),
        timed: account.seconds.iter().map(|_| 1.0).sum(),
        seconds: account.seconds.iter().map(|one| f64::from(*one)).sum(),
        median: None,
    }
}

/// A whole number as the nearest real one.
#[must_use]
pub fn real(number: i64) -> f64 {
    let high = i32::try_from(number >> 32).unwrap_or(0);
    let low = u32::try_from(number & 0xffff_ffff).unwrap_or(0);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests;
