//! Means with an idea of how sure they are: accounts are drawn anew, each with all its orders.

use portal::seed::chance::Chance;

/// Times the accounts are drawn anew.
const DRAWS: usize = 2_000;

/// What an account's orders add up to: a share is `part` of `whole`, a mean has orders as `whole`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    pub part: f64,
    pub whole: f64,
}

impl Sum {
    pub fn add(&mut self, part: u32, whole: u32) {
        self.part += f64::from(part);
        self.whole += f64::from(whole);
    }

    fn ratio(self) -> f64 {
        if self.whole > 0.0 {
            self.part / self.whole
        } else {
            0.0
        }
    }
}

/// A figure, and between which bounds 95 % of the draws lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// The difference of two figures of the same accounts, `one` less `other`.
pub fn difference(accounts: &[(Sum, Sum)]) -> Estimate {
    estimate(accounts, |one, other| one.ratio() - other.ratio())
}

/// By how much `one` differs from `other`, as a share of `other`.
pub fn relative(accounts: &[(Sum, Sum)]) -> Estimate {
    estimate(accounts, |one, other| match other.ratio() {
        0.0 => 0.0,
        base => one.ratio() / base - 1.0,
    })
}

/// A share or a mean.
pub fn share(accounts: &[Sum]) -> Estimate {
    let pairs: Vec<(Sum, Sum)> = accounts.iter().map(|sum| (*sum, Sum::default())).collect();
    difference(&pairs)
}

fn estimate(accounts: &[(Sum, Sum)], figure: impl Fn(Sum, Sum) -> f64) -> Estimate {
    let of = |drawn: &mut dyn Iterator<Item = &(Sum, Sum)>| {
        let (mut one, mut other) = (Sum::default(), Sum::default());
        for account in drawn {
            one.part += account.0.part;
            one.whole += account.0.whole;
            other.part += account.1.part;
            other.whole += account.1.whole;
        }
        figure(one, other)
    };
    let value = of(&mut accounts.iter());
    let mut chance = Chance::new(20).of("accounts drawn anew", 0);
    let mut drawn: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut draw =
                (0..accounts.len()).filter_map(|_| accounts.get(chance.below(accounts.len())));
            of(&mut draw)
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let bound = |permille: usize| {
        let at = (DRAWS * permille / 1_000).min(DRAWS.saturating_sub(1));
        drawn.get(at).copied().unwrap_or(value)
    };
    Estimate {
        value,
        low: bound(25),
        high: bound(975),
    }
}

/// The middle one; of an even number the lower.
pub fn median(values: impl IntoIterator<Item = u32>) -> u32 {
    let mut values: Vec<u32> = values.into_iter().collect();
    values.sort_unstable();
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(part: f64, whole: f64) -> Sum {
        Sum { part, whole }
    }

    #[test]
    fn a_share_counts_lines_not_accounts() {
        let share = share(&[sum(1.0, 1.0), sum(0.0, 9.0)]);
        assert_eq!(share.value, 0.1);
        assert_eq!((share.low, share.high), (0.0, 1.0));
    }

    #[test]
    fn accounts_that_are_alike_leave_no_doubt() {
        let alike = [(sum(6.0, 2.0), sum(4.0, 2.0)); 5];
        let sure = Estimate {
            value: 1.0,
            low: 1.0,
            high: 1.0,
        };
        assert_eq!(difference(&alike), sure);
        assert_eq!(relative(&alike).value, 0.5);
    }

    #[test]
    fn the_same_accounts_give_the_same_interval() {
        let accounts: Vec<Sum> = (0..40).map(|at| sum(f64::from(at % 7), 10.0)).collect();
        let once = share(&accounts);
        assert_eq!(once, share(&accounts));
        assert!(once.low < once.value && once.value < once.high, "{once:?}");
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(median([5, 1, 3]), 3);
        assert_eq!(median([4, 1, 3, 2]), 2);
        assert_eq!(median([]), 0);
    }
}
