//! Worlds in which the effect is known.
#![expect(clippy::as_conversions, reason = "a test that stumbles says where")]

use proptest::prelude::*;

use super::*;
use CampaignArm::{Holdout, Mail};

fn account(arm: CampaignArm, before: f64, since: f64) -> Account {
    Account { arm, before, since }
}

/// What a shop orders: often nothing, sometimes a lot; large shops more of everything.
struct Shops {
    chance: Chance,
}

impl Shops {
    fn new(seed: u64) -> Self {
        Self {
            chance: Chance::new(seed),
        }
    }

    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        (self.chance.between(0, 999_999) as f64 + 0.5) / 1e6
    }

    /// Around 1, with a long tail: its logarithm is the sum of twelve throws.
    fn size(&mut self, spread: f64) -> f64 {
        let normal = (0..12).map(|_| self.part()).sum::<f64>() - 6.0;
        (spread * normal).exp()
    }

    fn orders(&mut self, rate: f64) -> u32 {
        let (mut left, mut orders) = ((-rate).exp(), 0);
        let mut throw = self.part();
        while throw > left && orders < 50 {
            throw -= left;
            orders += 1;
            left *= rate / f64::from(orders);
        }
        orders
    }

    /// Accounts of a campaign, and what its mails brought each on average.
    fn campaign(&mut self, count: usize, held_permille: i64, lift: f64) -> (Vec<Account>, f64) {
        let mut brought = 0.0;
        let accounts = (0..count).map(|_| {
            let size = 100.0 * self.size(1.0);
            let keen = if self.chance.permille(700) {
                self.part() * 0.9
            } else {
                0.0
            };
            let before = f64::from(self.orders(keen * 4.0)) * size * self.size(0.3);
            let since = f64::from(self.orders(keen * 2.5)) * size * self.size(0.3);
            // Some order once more, the others somewhat more; some are not moved at all.
            let once = if self.chance.permille(150) { size } else { 0.0 };
            let more = lift * (once + 0.1 * since);
            brought += more;
            if self.chance.permille(held_permille) {
                account(Holdout, before, since)
            } else {
                account(Mail, before, since + more)
            }
        });
        let accounts: Vec<Account> = accounts.collect();
        (accounts, brought / count as f64)
    }
}

/// In how many of `worlds` the interval holds the truth, and its mean width.
fn covered(worlds: u64, held: i64, lift: f64, adjusting: Adjusting) -> (u32, f64) {
    let (mut covered, mut width) = (0, 0.0);
    for seed in 0..worlds {
        let (accounts, truth) = Shops::new(seed).campaign(240, held, lift);
        let each = drawn(&accounts, adjusting, seed, 399).unwrap().each;
        covered += u32::from(each.low <= truth && truth <= each.high);
        width += (each.high - each.low) / worlds as f64;
    }
    (covered, width)
}

#[test]
fn without_an_effect_the_interval_holds_nothing_in_about_95_of_100() {
    // Of 300, 285 are expected; three standard deviations are 11.
    let (held, _) = covered(300, 200, 0.0, Adjusting::Before);
    assert!((274..=296).contains(&held), "{held} of 300");
    let (held, _) = covered(300, 100, 0.0, Adjusting::Not);
    assert!((274..=296).contains(&held), "{held} of 300");
}

#[test]
fn a_known_effect_lies_in_the_interval_in_about_95_of_100() {
    for held in [120, 500] {
        let (times, _) = covered(300, held, 1.0, Adjusting::Before);
        assert!((271..=297).contains(&times), "{times} of 300 at {held}");
    }
}

#[test]
fn earlier_sales_make_the_interval_narrower() {
    let (_, adjusted) = covered(60, 200, 1.0, Adjusting::Before);
    let (_, plain) = covered(60, 200, 1.0, Adjusting::Not);
    assert!(adjusted < 0.85 * plain, "{adjusted} beside {plain}");
}

#[test]
fn a_difference_that_can_be_counted_by_hand() {
    // Told: 2, 4 … 20, hold-out: 1, 2 … 10: means of 11 and 5.5.
    let mut accounts = Vec::new();
    for number in 1..=10 {
        accounts.push(account(Mail, 0.0, f64::from(number * 2)));
        accounts.push(account(Holdout, 0.0, f64::from(number)));
    }
    let found = difference(&accounts, Adjusting::Before, 1).unwrap();
    assert!((found.each.value - 5.5).abs() < 1e-9, "{found:?}");
    assert!((found.total.value - 55.0).abs() < 1e-9, "{found:?}");
    // Variances 330/9 and 82.5/9, of ten each; 2.1 standard errors to either side at 18 degrees.
    let error = (330.0 / 90.0 + 82.5 / 90.0_f64).sqrt();
    assert!(
        (found.each.low - (5.5 - 2.1 * error)).abs() < 0.5,
        "{found:?}"
    );
    assert!(
        (found.each.high - (5.5 + 2.1 * error)).abs() < 0.5,
        "{found:?}"
    );
    assert_eq!(found.each.verdict(), Verdict::More);
}

#[test]
fn what_accounts_did_before_is_taken_off() {
    // Everybody orders what they ordered before, and who was told two more; the told are larger.
    let mut accounts = Vec::new();
    for number in 1..=20 {
        let number = f64::from(number);
        accounts.push(account(Mail, 10.0 * number, 10.0 * number + 2.0));
        accounts.push(account(Holdout, 5.0 * number, 5.0 * number));
    }
    let found = difference(&accounts, Adjusting::Before, 1).unwrap().each;
    assert!((found.value - 2.0).abs() < 1e-6, "{found:?}");
    assert!(found.high - found.low < 1e-3, "{found:?}");
    let plain = difference(&accounts, Adjusting::Not, 1).unwrap().each;
    assert!((plain.value - 54.5).abs() < 1e-6, "{plain:?}");
}

#[test]
fn of_too_few_nothing_is_said() {
    let of = |told: usize, held: usize, since: f64| {
        let mut all = vec![account(Mail, 0.0, since); told];
        all.extend(vec![account(Holdout, 0.0, since); held]);
        difference(&all, Adjusting::Before, 1)
    };
    assert_eq!(of(100, 0, 1.0), Err(Untold::NoHoldout));
    assert_eq!(of(100, 9, 1.0), Err(Untold::FewHeldOut(9)));
    assert_eq!(of(9, 10, 1.0), Err(Untold::FewTold(9)));
    assert_eq!(of(0, 0, 1.0), Err(Untold::NoHoldout));
    assert_eq!(of(100, 10, 0.0), Err(Untold::FewOrdered(0)));
    let same = of(100, 10, 1.0).unwrap().each;
    assert_eq!((same.value, same.low, same.high), (0.0, 0.0, 0.0));
}

#[test]
fn many_accounts_take_the_normal() {
    let mut shops = Shops::new(5);
    let (accounts, truth) = shops.campaign(6_000, 500, 1.0);
    let each = difference(&accounts, Adjusting::Before, 1).unwrap().each;
    assert!(each.low <= truth && truth <= each.high, "{each:?} {truth}");
    let middle = f64::midpoint(each.low, each.high);
    assert!((middle - each.value).abs() < 1e-9, "{each:?}");
}

#[test]
fn shares_differ_as_newcombe_worked_out() {
    // Of his tables: 56/70 less 48/80, and 9/10 less 3/10.
    let near = |found: Estimate, value: f64, low: f64, high: f64| {
        assert!((found.value - value).abs() < 5e-5, "{found:?}");
        assert!((found.low - low).abs() < 5e-5, "{found:?}");
        assert!((found.high - high).abs() < 5e-5, "{found:?}");
    };
    near(shares((56, 70), (48, 80)).unwrap(), 0.2, 0.0524, 0.3339);
    near(shares((9, 10), (3, 10)).unwrap(), 0.6, 0.1705, 0.8090);
    near(shares((10, 10), (0, 20)).unwrap(), 1.0, 0.6791, 1.0);
    assert_eq!(shares((0, 0), (1, 2)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_accounts_changes_nothing(seed in 0..1_000_u64, turn in 0..1_000_u64) {
        let (mut accounts, _) = Shops::new(seed).campaign(60, 400, 1.0);
        let first = difference(&accounts, Adjusting::Before, 7);
        Chance::new(turn).shuffle(&mut accounts);
        prop_assert_eq!(first, difference(&accounts, Adjusting::Before, 7));
    }

    #[test]
    fn the_estimate_lies_within_its_interval(seed in 0..10_000_u64, held in 200..600_i64) {
        let (accounts, _) = Shops::new(seed).campaign(80, held, 0.5);
        if let Ok(found) = difference(&accounts, Adjusting::Before, seed) {
            prop_assert!(found.each.low <= found.each.value && found.each.value <= found.each.high);
        }
    }

    #[test]
    fn in_cents_or_in_euros_the_same_comes_out(seed in 0..1_000_u64) {
        let (accounts, _) = Shops::new(seed).campaign(80, 400, 1.0);
        let cents: Vec<Account> = accounts.iter()
            .map(|one| account(one.arm, one.before * 100.0, one.since * 100.0))
            .collect();
        let euros = difference(&accounts, Adjusting::Before, 3).unwrap().each.times(100.0);
        let cents = difference(&cents, Adjusting::Before, 3).unwrap().each;
        prop_assert!((euros.low - cents.low).abs() <= 1e-6 * (1.0 + cents.low.abs()));
        prop_assert!((euros.high - cents.high).abs() <= 1e-6 * (1.0 + cents.high.abs()));
    }
}
