//! The numbers of a campaign as a page says and draws them.

use trade::money::{Currency, Money};

use super::counted::Fate;
use super::view::{
    ArmRow, Arms, EffectView, Figure, IntervalBar, MoneyFigure, StepRow, WaveRow, WithoutRow,
};
use super::{Brought, Did};
use crate::campaigns::effect::{Estimate, Untold, Verdict};
use crate::db::words::{CampaignArm, Wave};
use crate::promotions::results::part;
use crate::web::shape::Message;

/// Height of a bar with the room about it, and the width of the drawing, in its view box.
const ROW: i64 = 28;
const GAP: i64 = 6;
const WIDTH: i64 = 1_000;
/// Why people get no mail; a word that is not among them is the last.
const BECAUSE: [&str; 12] = [
    "unsubscribed",
    "disabled",
    "suppressed",
    "capped",
    "ordered",
    "no-user",
    "no-item",
    "nothing-gained",
    "not-reached",
    "over",
    "stopped",
    "other",
];

/// An amount as statistics take it; exact below 2^53.
pub fn real(number: i64) -> f64 {
    // Halves of 32 bits convert without a doubt.
    let high = i32::try_from(number >> 32).unwrap_or(i32::MAX);
    let low = u32::try_from(number & 0xffff_ffff).unwrap_or(0);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// The nearest whole number, half away from zero.
fn whole(number: f64) -> i64 {
    let number = if number.is_finite() { number } else { 0.0 };
    let number = number.clamp(-4e15, 4e15);
    format!("{:.0}", number.round()).parse().unwrap_or(0)
}

/// What became of the mails, wave by wave; a wave without any is left out.
pub fn waves(fates: &[Fate], counts_opens: bool) -> Vec<WaveRow> {
    let waves = [Wave::Announcement, Wave::Reminder].into_iter();
    waves
        .filter_map(|wave| {
            let own: Vec<&Fate> = fates.iter().filter(|fate| fate.wave == wave).collect();
            (!own.is_empty()).then(|| one_wave(wave, &own, counts_opens))
        })
        .collect()
}

fn one_wave(wave: Wave, fates: &[&Fate], counts_opens: bool) -> WaveRow {
    let people = |is: &dyn Fn(&Fate) -> bool| -> i64 {
        let those = fates.iter().filter(|fate| is(fate));
        those.map(|fate| fate.people).sum()
    };
    let mailed = |state: &'static str| {
        move |fate: &Fate| fate.state == "mailed" && fate.mail_state.as_deref() == Some(state)
    };
    let sent = people(&mailed("sent"));
    let left = fates.iter().filter(|fate| mailed("sent")(fate));
    let bounced: i64 = left.map(|fate| fate.bounced).sum();
    let steps = [
        ("written", people(&|fate| fate.mail_state.is_some())),
        ("sent", sent),
        ("delivered", sent - bounced),
        ("opened", fates.iter().map(|fate| fate.opened).sum()),
        ("clicked", fates.iter().map(|fate| fate.clicked).sum()),
    ];
    let all = people(&|_| true);
    let shown = steps
        .into_iter()
        .filter(|(step, _)| counts_opens || *step != "opened");
    let steps: Vec<StepRow> = (0..)
        .zip(shown)
        .map(|(at, (step, people))| StepRow {
            step,
            people,
            share_bp: part(people, all, 10_000),
            y: at * ROW + GAP,
            width: part(people, all, WIDTH),
        })
        .collect();
    WaveRow {
        wave: wave.name(),
        people: all,
        waiting: people(&|fate| fate.state == "waiting"),
        daily: people(&|fate| fate.state == "mailed" && fate.mail_state.is_none()),
        on_the_way: people(&mailed("waiting")),
        bounced,
        failed: people(&mailed("dead")),
        without: without(fates),
        height: ROW * i64::try_from(steps.len()).unwrap_or(1),
        steps,
    }
}

/// Skipped before anything was written, or withheld right before it left: to the reader the same.
fn without(fates: &[&Fate]) -> Vec<WithoutRow> {
    let mut rows: Vec<WithoutRow> = Vec::new();
    for fate in fates {
        let withheld = fate.mail_state.as_deref() == Some("withheld");
        let because = match (&fate.skipped_because, &fate.withheld_because) {
            (Some(because), _) => because.as_str(),
            (None, Some(because)) => because.as_str(),
            (None, None) if withheld => "other",
            (None, None) => continue,
        };
        let known = BECAUSE.into_iter().find(|word| *word == because);
        let because = known.unwrap_or("other");
        match rows.iter_mut().find(|row| row.because == because) {
            Some(row) => row.people += fate.people,
            None => rows.push(WithoutRow {
                because,
                people: fate.people,
            }),
        }
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.people), row.because));
    rows
}

/// Both arms side by side.
pub fn arms(did: &[Did], currency: Currency) -> Arms {
    Arms {
        told: arm(did, CampaignArm::Mail, currency),
        held: arm(did, CampaignArm::Holdout, currency),
    }
}

fn arm(did: &[Did], arm: CampaignArm, currency: Currency) -> ArmRow {
    let own = || did.iter().filter(|one| one.arm == arm);
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let accounts = count(own().count());
    let ordering = count(own().filter(|one| one.orders > 0).count());
    let net: i64 = own().map(|one| one.net).sum();
    let before: i64 = own().map(|one| one.net_before).sum();
    let each = |sum: i64| {
        let mean = (accounts > 0).then(|| whole(real(sum) / real(accounts)))?;
        Some(Money::new(mean, currency))
    };
    ArmRow {
        accounts,
        ordering,
        share_bp: (accounts > 0).then(|| part(ordering, accounts, 10_000)),
        orders: own().map(|one| one.orders).sum(),
        net: Money::new(net, currency),
        net_each: each(net),
        before_each: each(before),
    }
}

/// Why no effect is shown.
pub fn untold(why: Untold) -> Message {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    match why {
        Untold::NoHoldout => Message::new("campaign-untold-no-holdout"),
        Untold::FewHeldOut(few) => {
            Message::new("campaign-untold-few-held-out").with("accounts", count(few))
        }
        Untold::FewTold(few) => {
            Message::new("campaign-untold-few-told").with("accounts", count(few))
        }
        Untold::FewOrdered(few) => {
            Message::new("campaign-untold-few-ordered").with("accounts", count(few))
        }
    }
}

/// What the mails brought.
pub fn effect(brought: &Brought, currency: Currency) -> EffectView {
    let money = |estimate: Estimate| MoneyFigure {
        value: Money::new(whole(estimate.value), currency),
        low: Money::new(whole(estimate.low), currency),
        high: Money::new(whole(estimate.high), currency),
    };
    let figure = |estimate: Estimate, times: f64| Figure {
        value: whole(estimate.value * times),
        low: whole(estimate.low * times),
        high: whole(estimate.high * times),
    };
    let total = brought.sales.total;
    let sales = money(total);
    EffectView {
        verdict: word(total.verdict()),
        sentence: sentence(total, &sales),
        sales_each: money(brought.sales.each),
        orders: brought.orders.map(|orders| figure(orders.total, 100.0)),
        share: figure(brought.share, 10_000.0),
        drawing: drawing(total),
        sales,
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::More => "more",
        Verdict::Less => "less",
        Verdict::Open => "open",
    }
}

/// "Less" is said without its sign.
fn sentence(total: Estimate, sales: &MoneyFigure) -> Message {
    let key = match (total.verdict(), sales.value.minor < 0) {
        (Verdict::More, _) => "campaign-effect-more",
        (Verdict::Less, _) => "campaign-effect-less",
        (Verdict::Open, false) => "campaign-effect-open-more",
        (Verdict::Open, true) => "campaign-effect-open-less",
    };
    let value = Money::new(sales.value.minor.abs(), sales.value.currency);
    Message::new(key)
        .with("value", value)
        .with("low", sales.low)
        .with("high", sales.high)
}

/// From nothing or the interval's end, whichever is further, with a margin to either side.
fn drawing(total: Estimate) -> IntervalBar {
    let (from, to) = (total.low.min(0.0), total.high.max(0.0));
    let room = ((to - from) * 0.06).max(1.0);
    let (from, to) = (from - room, to + room);
    let place = |value: f64| whole((value - from) / (to - from) * real(WIDTH));
    IntervalBar {
        nothing: place(0.0),
        low: place(total.low),
        width: Ord::max(place(total.high) - place(total.low), 2),
        at: place(total.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(state: &str, mail: Option<&str>, people: i64) -> Fate {
        Fate {
            wave: Wave::Announcement,
            state: state.to_owned(),
            skipped_because: None,
            mail_state: mail.map(str::to_owned),
            withheld_because: None,
            people,
            bounced: 0,
            opened: 0,
            clicked: 0,
        }
    }

    #[test]
    fn every_mail_is_counted_where_it_ended() {
        let skipped = |because: &str, people| Fate {
            skipped_because: Some(because.to_owned()),
            ..fate("skipped", None, people)
        };
        let fates = [
            Fate {
                bounced: 3,
                opened: 20,
                clicked: 9,
                ..fate("mailed", Some("sent"), 60)
            },
            fate("mailed", Some("waiting"), 4),
            fate("mailed", Some("dead"), 2),
            Fate {
                withheld_because: Some("unsubscribed".to_owned()),
                ..fate("mailed", Some("withheld"), 5)
            },
            fate("mailed", None, 1),
            fate("waiting", None, 8),
            skipped("unsubscribed", 6),
            skipped("capped", 12),
            skipped("a word of tomorrow", 2),
        ];
        let rows = waves(&fates, false);
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        let steps: Vec<(&str, i64)> = row.steps.iter().map(|one| (one.step, one.people)).collect();
        assert_eq!(
            steps,
            [
                ("written", 71),
                ("sent", 60),
                ("delivered", 57),
                ("clicked", 9)
            ]
        );
        assert_eq!((row.people, row.waiting, row.daily), (100, 8, 1));
        assert_eq!((row.on_the_way, row.bounced, row.failed), (4, 3, 2));
        let without: Vec<(&str, i64)> = row.without.iter().map(|w| (w.because, w.people)).collect();
        assert_eq!(
            without,
            [("capped", 12), ("unsubscribed", 11), ("other", 2)]
        );
        let opened = waves(&fates, true);
        let opened = opened.first().and_then(|row| row.steps.get(3));
        assert_eq!(
            opened.map(|one| (one.step, one.people)),
            Some(("opened", 20))
        );
    }

    #[test]
    fn nothing_stands_within_the_drawing() {
        let bar = |low: f64, value: f64, high: f64| drawing(Estimate { value, low, high });
        let both = bar(-100.0, 0.0, 100.0);
        assert_eq!((both.nothing, both.at), (500, 500));
        let more = bar(100.0, 150.0, 200.0);
        assert!(more.nothing < more.low && more.low < more.at && more.at < more.low + more.width);
        let less = bar(-300.0, -150.0, -20.0);
        assert!(less.low + less.width < less.nothing && less.nothing < WIDTH);
        assert_eq!(bar(0.0, 0.0, 0.0).nothing, 500);
    }

    #[test]
    fn amounts_stay_what_they_are() {
        for minor in [
            0,
            1,
            -1,
            4_294_967_296,
            -4_294_967_297,
            9_007_199_254_740_991,
        ] {
            assert_eq!(format!("{:.0}", real(minor)), minor.to_string());
        }
    }
}
