//! Why a line cannot be ordered, in words, with the quantities that would do.

use jiff::civil::Date;
use trade::quantity::{Misfit, Unit};

use super::adding::{Reason, nearest};
use super::view::LineProblem;
use crate::catalogue::Article;
use crate::orders::quote::Problem;
use crate::web::shape::{Arg, Message};

/// A problem as pages show it.
#[must_use]
pub fn words(problem: &Problem, article: Option<&Article>, unit: Unit) -> LineProblem {
    match problem {
        Problem::NotFound => plain("problem-not-visible"),
        Problem::Delisted => plain("problem-delisted"),
        Problem::OtherUnit(_) => plain("problem-other-unit"),
        Problem::NoPrice => plain("problem-no-price"),
        Problem::NoTaxRate => plain("problem-no-tax-rate"),
        Problem::TooDear => plain("problem-too-dear"),
        Problem::Misfit(Misfit::NotPositive) => {
            let least = article.and_then(|article| least(article, unit));
            LineProblem {
                message: Message::new("problem-not-positive"),
                nearest: least.into_iter().collect(),
            }
        }
        Problem::Misfit(misfit) => LineProblem {
            message: misfit_words(*misfit),
            nearest: nearest(*misfit),
        },
        Problem::Short {
            available,
            expected_on,
        } => LineProblem {
            message: short_words(*available, *expected_on),
            nearest: article
                .and_then(|article| most_within(article, unit, *available))
                .into_iter()
                .collect(),
        },
    }
}

/// A line that is short, with the day on which all of it can be had: one that is nearer than the
/// next receipt is nobody's to promise.
#[must_use]
pub fn short(
    problem: &Problem,
    article: Option<&Article>,
    unit: Unit,
    day: Option<Date>,
) -> LineProblem {
    let mut said = words(problem, article, unit);
    if let Problem::Short { available, .. } = problem {
        said.message = short_words(*available, day);
    }
    said
}

/// Why a line was not added, as pages show it.
#[must_use]
pub fn reason_words(reason: &Reason, article: Option<&Article>, unit: Option<Unit>) -> LineProblem {
    let unit = unit
        .or_else(|| article.map(|article| article.order_unit))
        .unwrap_or(Unit::Piece);
    match reason {
        Reason::Problem(Problem::NotFound) => plain("problem-unknown-product"),
        Reason::Problem(problem) => words(problem, article, unit),
        Reason::WithCart { present, nearest } => {
            let options: Vec<String> = nearest.iter().map(i64::to_string).collect();
            let key = if options.is_empty() {
                "problem-with-cart-most"
            } else {
                "problem-with-cart"
            };
            let message = Message::new(key)
                .with("present", *present)
                .with("options", options.join(" / "));
            LineProblem {
                message,
                nearest: nearest.clone(),
            }
        }
        Reason::Full => {
            let most = i64::try_from(super::MOST_LINES).unwrap_or(i64::MAX);
            let message = Message::new("problem-cart-full").with("most", most);
            LineProblem {
                message,
                nearest: Vec::new(),
            }
        }
    }
}

/// What a person typed where a quantity belongs.
#[must_use]
pub fn quantity_words(typed: &str) -> LineProblem {
    let typed: String = typed.chars().take(40).collect();
    LineProblem {
        message: Message::new("problem-quantity").with("typed", typed),
        nearest: Vec::new(),
    }
}

/// A word that is no unit of the product.
#[must_use]
pub fn unit_words(typed: &str) -> LineProblem {
    let typed: String = typed.chars().take(40).collect();
    LineProblem {
        message: Message::new("problem-unit").with("typed", typed),
        nearest: Vec::new(),
    }
}

fn plain(key: &str) -> LineProblem {
    LineProblem {
        message: Message::new(key),
        nearest: Vec::new(),
    }
}

fn misfit_words(misfit: Misfit) -> Message {
    let key = Message::new;
    match misfit {
        Misfit::NotPositive => key("problem-not-positive"),
        Misfit::BelowMinimum {
            minimum: Some(minimum),
        } => key("problem-below-minimum").with("minimum", minimum),
        Misfit::BelowMinimum { minimum: None } => key("problem-other-unit"),
        Misfit::OffMultiple {
            step,
            below: Some(below),
            above: Some(above),
        } => key("problem-off-multiple")
            .with("step", step)
            .with("below", below)
            .with("above", above),
        Misfit::OffMultiple {
            step,
            below: Some(one),
            above: None,
        }
        | Misfit::OffMultiple {
            step,
            below: None,
            above: Some(one),
        } => key("problem-off-multiple-one")
            .with("step", step)
            .with("nearest", one),
        Misfit::OffMultiple {
            below: None,
            above: None,
            ..
        } => key("problem-other-unit"),
        Misfit::TooLarge { maximum } => key("problem-too-large").with("maximum", maximum),
    }
}

fn short_words(available: i64, expected_on: Option<Date>) -> Message {
    match expected_on {
        Some(date) => Message::new("problem-no-stock-until")
            .with("available", available)
            .with(
                "date",
                Arg::Date {
                    date: date.to_string(),
                },
            ),
        None => Message::new("problem-no-stock").with("available", available),
    }
}

fn least(article: &Article, unit: Unit) -> Option<i64> {
    Some(article.rule().least(article.factor(unit)?))
}

/// The most that may be ordered of what is available.
fn most_within(article: &Article, unit: Unit, available: i64) -> Option<i64> {
    let factor = article.factor(unit)?;
    let step = article.rule().step_in(factor);
    let most = available / step * step;
    article.rule().fit(most, factor).is_ok().then_some(most)
}
