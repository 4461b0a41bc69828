//! The tables of a season, as Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::buyer::{Done, Fate, Source};
use super::figures::{Estimate, Sum, difference, median, relative, share};
use super::quantity::Right;
use super::walk::{WAYS, Walked, Way};

/// A figure of an order: a part, and what it is a part of (1 for a mean over orders).
type Measure = fn(&Done) -> (u32, u32);

/// A figure of one list in an order of so many lines.
type OfList = fn(Fate, u32) -> (u32, u32);

/// Which quantities count as right.
type OfRight = fn(Right) -> u32;

/// Where there is no figure.
const NONE: &str = "–";

/// How a figure is written.
#[derive(Clone, Copy)]
enum Form {
    Percent,
    Count,
    Seconds,
    /// Seconds more or less.
    Beside,
    /// A share more or less.
    Change,
}

pub fn of(walked: &[Walked]) -> String {
    let mut text = String::new();
    let accounts: BTreeSet<usize> = walked.iter().map(|one| one.account).collect();
    let lines = share(&sums(walked, |one| (one.of(Way::Typed).lines, 1)));
    let _ = writeln!(
        text,
        "{} orders of {} accounts, {} lines each.\n",
        walked.len(),
        accounts.len(),
        Form::Count.write(lines)
    );
    ways(&mut text, walked);
    lists(&mut text, walked);
    quantities(&mut text, walked);
    lengths(&mut text, walked);
    worlds(&mut text, walked);
    text
}

/// What is told of every way.
fn measures() -> [(&'static str, Form, Measure); 11] {
    [
        (
            "share of order lines that were laid out",
            Form::Percent,
            |done| (done.fate().used, done.lines),
        ),
        (
            "of lines laid out ready to order, kept",
            Form::Percent,
            |done| {
                let shown = ready(done);
                (shown - done.unticked, shown)
            },
        ),
        (
            "of lines used, with the right quantity",
            Form::Percent,
            |done| (done.fate().exact, done.fate().used),
        ),
        ("lines typed", Form::Count, |done| (done.typed, 1)),
        ("lines unticked", Form::Count, |done| (done.unticked, 1)),
        ("quantities corrected", Form::Count, |done| {
            (done.corrected, 1)
        }),
        ("**edits**: these three", Form::Count, |done| {
            (done.edits(), 1)
        }),
        ("orders without any edit", Form::Percent, |done| {
            (u32::from(done.edits() == 0), 1)
        }),
        ("lines taken with one press", Form::Count, |done| {
            (done.taken, 1)
        }),
        ("keystrokes, presses, movements", Form::Count, |done| {
            (done.effort.actions(), 1)
        }),
        ("**seconds**, mean", Form::Seconds, |done| {
            (done.effort.millis(), 1)
        }),
    ]
}

fn ways(text: &mut String, walked: &[Walked]) {
    text.push_str(
        "| an order, on average | typed | last order again | usual order | all lists |\n",
    );
    text.push_str("| --- | ---: | ---: | ---: | ---: |\n");
    for (name, form, measure) in measures() {
        let cells = WAYS.map(|way| {
            let sums = sums(walked, |one| measure(one.of(way)));
            if sums.iter().all(|sum| sum.whole == 0.0) {
                NONE.to_owned()
            } else {
                form.write(share(&sums))
            }
        });
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    let medians = WAYS.map(|way| {
        let millis = median(walked.iter().map(|one| one.of(way).effort.millis()));
        format!("{:.1}", f64::from(millis) / 1_000.0)
    });
    let _ = writeln!(text, "| seconds, median | {} |", medians.join(" | "));
    let typing = |way| (way != Way::Typed).then_some(Way::Typed);
    let again = |way| matches!(way, Way::Usual | Way::Lists).then_some(Way::Again);
    beside(
        text,
        "seconds beside typing, paired",
        Form::Beside,
        walked,
        typing,
    );
    beside(text, "the same, as a share", Form::Change, walked, typing);
    beside(
        text,
        "seconds beside the last order, paired",
        Form::Beside,
        walked,
        again,
    );
    let faster = WAYS.map(|way| {
        let quicker = |one: &Walked| {
            let typed = one.of(Way::Typed).effort.millis();
            (u32::from(one.of(way).effort.millis() < typed), 1)
        };
        match typing(way) {
            Some(_) => Form::Percent.write(share(&sums(walked, quicker))),
            None => NONE.to_owned(),
        }
    });
    let _ = writeln!(
        text,
        "| orders quicker than typed | {} |\n",
        faster.join(" | ")
    );
}

/// A row that sets each way beside another.
fn beside(
    text: &mut String,
    name: &str,
    form: Form,
    walked: &[Walked],
    other: impl Fn(Way) -> Option<Way>,
) {
    let cells = WAYS.map(|way| match (other(way), form) {
        (None, _) => NONE.to_owned(),
        (Some(other), Form::Change) => form.write(relative(&paired(walked, way, other))),
        (Some(other), _) => form.write(difference(&paired(walked, way, other))),
    });
    let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
}

/// Lines that stood there ready to order.
fn ready(done: &Done) -> u32 {
    let of = |source| done.fates.get(&source).map_or(0, |fate| fate.shown);
    of(Source::Usual) + of(Source::LastOrder)
}

fn lists(text: &mut String, walked: &[Walked]) {
    let sources = [
        ("usual order", Source::Usual),
        ("due beside it", Source::Due),
        ("new items", Source::New),
        ("forgotten, by the cart", Source::Forgotten),
        ("goes with the cart", Source::GoesWith),
    ];
    text.push_str("| list | looked at, an order | of them needed | with the right quantity | share of order lines |\n");
    text.push_str("| --- | ---: | ---: | ---: | ---: |\n");
    for (name, source) in sources {
        let cell = |form: Form, of: OfList| {
            form.write(share(&sums(walked, |one| {
                let done = one.of(Way::Lists);
                let fate = done.fates.get(&source).copied().unwrap_or_default();
                of(fate, done.lines)
            })))
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            cell(Form::Count, |fate, _| (fate.shown, 1)),
            cell(Form::Percent, |fate, _| (fate.used, fate.shown)),
            cell(Form::Percent, |fate, _| (fate.exact, fate.used)),
            cell(Form::Percent, |fate, lines| (fate.used, lines)),
        );
    }
    text.push('\n');
}

fn quantities(text: &mut String, walked: &[Walked]) {
    let rows: [(&str, OfRight); 3] = [
        ("as suggested", |right| right.suggested),
        ("as ordered last", |right| right.last),
        ("the one right most often, known in hindsight", |right| {
            right.hindsight
        }),
    ];
    text.push_str("| quantity of a line | exactly right |\n| --- | ---: |\n");
    for (name, of) in rows {
        let sums = sums(walked, |one| (of(one.right), one.right.lines));
        let _ = writeln!(text, "| {name} | {} |", Form::Percent.write(share(&sums)));
    }
    text.push('\n');
}

fn lengths(text: &mut String, walked: &[Walked]) {
    let classes = [(1, 3), (4, 8), (9, 15), (16, u32::MAX)];
    head(text, "lines of the order");
    for (least, most) in classes {
        let of: Vec<&Walked> = walked
            .iter()
            .filter(|one| (least..=most).contains(&one.of(Way::Typed).lines))
            .collect();
        let name = match most {
            u32::MAX => format!("{least} and more"),
            _ => format!("{least} to {most}"),
        };
        part(text, &name, &of);
    }
    text.push('\n');
}

fn worlds(text: &mut String, walked: &[Walked]) {
    let mut by: BTreeMap<u64, Vec<&Walked>> = BTreeMap::new();
    for one in walked {
        by.entry(one.world).or_default().push(one);
    }
    head(text, "seed of the world");
    for (seed, of) in by {
        part(text, &seed.to_string(), &of);
    }
}

fn head(text: &mut String, what: &str) {
    let _ = writeln!(
        text,
        "| {what} | orders | lines laid out, usual order | seconds typed | usual order beside it | all lists beside it |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
    );
}

fn part(text: &mut String, name: &str, of: &[&Walked]) {
    let laid_out = share(&sums(of.iter().copied(), |one| {
        let done = one.of(Way::Usual);
        (done.fate().used, done.lines)
    }));
    let typed = share(&sums(of.iter().copied(), |one| {
        (one.of(Way::Typed).effort.millis(), 1)
    }));
    let beside = |way| {
        let pairs = paired(of.iter().copied(), way, Way::Typed);
        Form::Change.write(relative(&pairs))
    };
    let _ = writeln!(
        text,
        "| {name} | {} | {} | {} | {} | {} |",
        of.len(),
        Form::Percent.write(laid_out),
        Form::Seconds.write(typed),
        beside(Way::Usual),
        beside(Way::Lists),
    );
}

/// By account.
fn sums<'w>(
    walked: impl IntoIterator<Item = &'w Walked>,
    measure: impl Fn(&Walked) -> (u32, u32),
) -> Vec<Sum> {
    let mut by: BTreeMap<usize, Sum> = BTreeMap::new();
    for one in walked {
        let (part, whole) = measure(one);
        by.entry(one.account).or_default().add(part, whole);
    }
    by.into_values().collect()
}

/// Milliseconds of a way and of another, by account.
fn paired<'w>(
    walked: impl IntoIterator<Item = &'w Walked>,
    way: Way,
    other: Way,
) -> Vec<(Sum, Sum)> {
    let mut by: BTreeMap<usize, (Sum, Sum)> = BTreeMap::new();
    for one in walked {
        let (own, beside) = by.entry(one.account).or_default();
        own.add(one.of(way).effort.millis(), 1);
        beside.add(one.of(other).effort.millis(), 1);
    }
    by.into_values().collect()
}

impl Form {
    /// The figure, and its interval in brackets.
    fn write(self, estimate: Estimate) -> String {
        let Estimate { value, low, high } = estimate;
        if [value, low, high] == [0.0; 3] {
            return "0".to_owned();
        }
        let times = match self {
            Self::Percent | Self::Change => 100.0,
            Self::Count => 1.0,
            Self::Seconds | Self::Beside => 0.001,
        };
        let [value, low, high] = [value, low, high].map(|figure| figure * times);
        let text = match self {
            Self::Percent => format!("{value:.1} % ({low:.1} to {high:.1})"),
            Self::Change => format!("{value:+.1} % ({low:+.1} to {high:+.1})"),
            Self::Count => format!("{value:.2} ({low:.2} to {high:.2})"),
            Self::Seconds => format!("{value:.1} ({low:.1} to {high:.1})"),
            Self::Beside => format!("{value:+.1} ({low:+.1} to {high:+.1})"),
        };
        text.replace('-', "−")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_with_their_interval_and_their_sign() {
        let estimate = Estimate {
            value: -0.2253,
            low: -0.3,
            high: 0.1,
        };
        assert_eq!(Form::Change.write(estimate), "−22.5 % (−30.0 to +10.0)");
        let millis = Estimate {
            value: 49_500.0,
            low: 42_900.0,
            high: 56_200.0,
        };
        assert_eq!(Form::Seconds.write(millis), "49.5 (42.9 to 56.2)");
        let nothing = Estimate {
            value: 0.0,
            low: 0.0,
            high: 0.0,
        };
        assert_eq!(Form::Count.write(nothing), "0");
    }
}
