//! The numbers of a trial as a page says and draws them.

use trade::money::{Currency, Money};

use super::view::{Amount, ArmHead, Figure, Forest, ForestRow, MetricRow};
use crate::suggestions::effect::{
    Arm, Difference, Effect, Estimate, LEAST_ACCOUNTS, LEAST_DAYS, Metric, Verdict,
};
use crate::web::shape::{Arg, Message};

/// Height of a row of the figure, and the half of its width, in its view box.
const ROW: i64 = 36;
const HALF: f64 = 500.0;
/// The figure's scale ends at one of these, in basis points.
const ENDS: [i64; 6] = [500, 1_000, 2_000, 4_000, 6_000, 10_000];

/// The nearest whole number; nothing beyond 52 bits comes up.
fn whole(number: f64) -> i64 {
    let number = if number.is_finite() { number } else { 0.0 };
    let number = number.clamp(-4e15, 4e15);
    // Half away from zero, as amounts are rounded.
    format!("{:.0}", number.round()).parse().unwrap_or(0)
}

fn bp(part: f64) -> i64 {
    whole(part * 10_000.0)
}

fn amount(metric: Metric, value: f64, currency: Currency) -> Amount {
    match metric {
        Metric::WeeklyValue | Metric::OrderValue => Amount::Money {
            money: Money::new(whole(value), currency),
        },
        Metric::WeeklyOrders | Metric::OrderLines => Amount::Hundredths {
            value: whole(value * 100.0),
        },
        Metric::MedianSeconds | Metric::MeanSeconds => {
            let seconds = whole(value);
            Amount::Duration {
                negative: seconds < 0,
                minutes: seconds.abs() / 60,
                seconds: seconds.abs() % 60,
            }
        }
        Metric::SuggestedShare => Amount::Rate { bp: bp(value) },
    }
}

fn figure(estimate: Estimate, say: impl Fn(f64) -> Amount) -> Figure {
    Figure {
        value: say(estimate.value),
        low: estimate.interval.map(|(low, _)| say(low)),
        high: estimate.interval.map(|(_, high)| say(high)),
    }
}

/// How many are in an arm.
pub fn head(arm: &Arm, currency: Currency) -> ArmHead {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    ArmHead {
        accounts: count(arm.accounts),
        ordering: count(arm.ordering),
        orders: i64::try_from(arm.orders).unwrap_or(i64::MAX),
        value: Some(Money::new(arm.value_minor, currency)),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotEnough => "not-enough",
        Verdict::Open => "open",
        Verdict::More => "more",
        Verdict::Less => "less",
    }
}

/// Every metric in both arms.
pub fn metrics(effect: &Effect, currency: Currency) -> Vec<MetricRow> {
    let row = |metric: Metric| {
        let say = |value: f64| amount(metric, value, currency);
        let rate = |value: f64| Amount::Rate { bp: bp(value) };
        let difference = effect.difference(metric);
        // Without suggestions there are no lines from them: that part says nothing.
        let relative = difference
            .and_then(|difference| difference.relative)
            .filter(|_| metric != Metric::SuggestedShare);
        MetricRow {
            metric: metric.name(),
            with: effect
                .suggestions
                .metric(metric)
                .map(|one| figure(one, say)),
            without: effect.control.metric(metric).map(|one| figure(one, say)),
            difference: difference.map(|one| figure(one.absolute, say)),
            relative: relative.map(|one| figure(one, rate)),
            detectable_bp: difference.and_then(|one| one.detectable).map(bp),
            verdict: word(effect.verdict(metric)),
        }
    };
    Metric::ALL.into_iter().map(row).collect()
}

/// What may be said, in sentences: of what accounts order, and of the time it takes them.
pub fn conclusion(effect: &Effect) -> Vec<Message> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    if !effect.is_enough() {
        return vec![
            Message::new("effect-not-enough")
                .with("with", count(effect.suggestions.ordering))
                .with("without", count(effect.control.ordering))
                .with("days", i64::from(effect.days))
                .with("accounts", count(LEAST_ACCOUNTS))
                .with("least-days", i64::from(LEAST_DAYS)),
        ];
    }
    [Metric::WeeklyValue, Metric::MedianSeconds]
        .into_iter()
        .map(|metric| sentence(effect, metric))
        .collect()
}

fn sentence(effect: &Effect, metric: Metric) -> Message {
    let none = Message::new(format!("effect-no-{}", metric.name()));
    let Some(Difference {
        relative:
            Some(Estimate {
                value,
                interval: Some((low, high)),
            }),
        detectable,
        ..
    }) = effect.difference(metric)
    else {
        return none;
    };
    let verdict = effect.verdict(metric);
    let rate = |part: f64| Arg::Rate { rate_bp: bp(part) };
    let key = format!("effect-{}-{}", word(verdict), metric.name());
    match verdict {
        Verdict::NotEnough => none,
        Verdict::More => Message::new(key)
            .with("rate", rate(value))
            .with("low", rate(low))
            .with("high", rate(high)),
        // "Less" is said without its sign, from the smaller to the larger.
        Verdict::Less => Message::new(key)
            .with("rate", rate(-value))
            .with("low", rate(-high))
            .with("high", rate(-low)),
        Verdict::Open => Message::new(key)
            .with("low", rate(low))
            .with("high", rate(high))
            .with("detectable", rate(detectable.unwrap_or(0.0))),
    }
}

/// The differences as parts of what accounts without suggestions do, with their intervals.
pub fn forest(effect: &Effect) -> Option<Forest> {
    let drawn: Vec<(Metric, f64, (f64, f64))> = Metric::ALL
        .into_iter()
        .filter(|metric| *metric != Metric::SuggestedShare)
        .filter_map(|metric| {
            let relative = effect.difference(metric)?.relative?;
            Some((metric, relative.value, relative.interval?))
        })
        .collect();
    if drawn.is_empty() {
        return None;
    }
    let furthest = drawn
        .iter()
        .map(|(_, _, (low, high))| Ord::max(bp(low.abs()), bp(high.abs())))
        .max()
        .unwrap_or(0);
    let fits = ENDS.into_iter().find(|end| *end >= furthest);
    let end = fits.unwrap_or(10_000);
    let place = |part: f64| {
        let full = crate::suggestions::effect::real(end) / 10_000.0;
        whole(HALF + (part / full).clamp(-1.0, 1.0) * HALF)
    };
    let mut y = ROW / 2;
    let rows = drawn.into_iter().map(|(metric, value, (low, high))| {
        let row = ForestRow {
            metric: metric.name(),
            y,
            low: place(low),
            width: Ord::max(place(high) - place(low), 2),
            at: place(value),
            verdict: word(effect.verdict(metric)),
        };
        y += ROW;
        row
    });
    let rows: Vec<ForestRow> = rows.collect();
    Some(Forest {
        height: ROW * i64::try_from(rows.len()).unwrap_or(1),
        rows,
        end_bp: end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::words::TrialArm;
    use crate::suggestions::effect::{self, Account};

    fn accounts(with: i64, without: i64, each: usize) -> Vec<Account> {
        let one = |arm: TrialArm, value: i64, seconds: u32| Account {
            arm,
            days: 28,
            orders: 1,
            valued: 1,
            value_minor: value,
            lines: 10,
            suggested: 0,
            seconds: vec![seconds],
        };
        let mut all = vec![one(TrialArm::Suggestions, with, 90); each];
        all.extend(vec![one(TrialArm::Control, without, 120); each]);
        all
    }

    #[test]
    fn more_and_less_are_said_with_their_numbers() {
        let said = conclusion(&effect::of(&accounts(11_000, 10_000, 20), 1));
        let keys: Vec<&str> = said.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(
            keys,
            ["effect-more-weekly-value", "effect-less-median-seconds"]
        );
        let rate = |at: usize| said.get(at).and_then(|one| one.args.get("rate").cloned());
        assert_eq!(rate(0), Some(Arg::Rate { rate_bp: 1_000 }));
        assert_eq!(rate(1), Some(Arg::Rate { rate_bp: 2_500 }));
    }

    #[test]
    fn of_too_few_it_is_said_how_many_there_are() {
        let said = conclusion(&effect::of(&accounts(11_000, 10_000, 3), 1));
        assert_eq!(said.len(), 1);
        assert_eq!(
            said.first().map(|one| one.key.as_str()),
            Some("effect-not-enough")
        );
        let with = said.first().and_then(|one| one.args.get("with").cloned());
        assert_eq!(with, Some(Arg::Number(3)));
    }

    #[test]
    fn nothing_is_in_the_middle_of_the_figure_and_a_tenth_more_right_of_it() {
        let forest = forest(&effect::of(&accounts(11_000, 10_000, 20), 1)).unwrap();
        let places: Vec<(&str, i64)> = forest.rows.iter().map(|row| (row.metric, row.at)).collect();
        // The scale ends at 40 %, the first that holds 25 % less time.
        assert_eq!(forest.end_bp, 4_000);
        assert_eq!(
            places,
            [
                ("weekly-value", 625),
                ("weekly-orders", 500),
                ("order-value", 625),
                ("order-lines", 500),
                ("median-seconds", 188),
                ("mean-seconds", 188),
            ]
        );
    }

    #[test]
    fn a_number_is_said_in_its_own_unit() {
        let say = |metric, value| amount(metric, value, Currency::EUR);
        assert_eq!(
            say(Metric::MedianSeconds, -93.4),
            Amount::Duration {
                negative: true,
                minutes: 1,
                seconds: 33
            }
        );
        assert_eq!(
            say(Metric::WeeklyOrders, 1.274),
            Amount::Hundredths { value: 127 }
        );
        assert_eq!(
            say(Metric::SuggestedShare, 0.581_1),
            Amount::Rate { bp: 5_811 }
        );
    }
}
