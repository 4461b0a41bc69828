//! Shapes that several answers share: money, a price with why, a line's problem.

use serde::Serialize;
use serde_json::Value;
use trade::calendar::Period;
use trade::money::{self, Currency, UnitPrice};
use trade::price::{self, Candidate, Offer, PriceTrace};
use trade::promotion::Step;
use utoipa::ToSchema;

use crate::app::App;
use crate::orders::{quote, refusals};
use crate::web::locale::Lang;
use crate::web::shape::{Arg, Message};

/// An amount of the major unit as text, and its currency. Totals have the currency's decimals,
/// prices of one unit up to four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    /// Such as `12.40`.
    #[schema(example = "12.40", pattern = r"^-?[0-9]+(\.[0-9]{1,4})?$")]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "EUR", pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Money {
        Money {
            amount: money.to_decimal(),
            currency: money.currency.to_string(),
        }
    }
}

impl Money {
    /// The price of one unit.
    #[must_use]
    pub fn unit(price: UnitPrice, currency: Currency) -> Money {
        Money {
            amount: price.to_decimal(),
            currency: currency.to_string(),
        }
    }
}

/// Why a price is what it is: every candidate with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trace {
    /// The unit that was asked for (UN/ECE Recommendation 20).
    pub unit: String,
    /// How many of it.
    pub quantity: i64,
    /// The day.
    #[schema(format = Date)]
    pub date: String,
    /// The price that won; null is "price on request".
    #[schema(required = true)]
    pub price: Option<Money>,
    /// What everybody pays for that quantity.
    #[schema(required = true)]
    pub list_price: Option<Money>,
    /// Every candidate, in the order in which they were asked.
    pub candidates: Vec<TraceCandidate>,
    /// The price the brand agreed for this line, in place of the one of its lists.
    #[schema(required = true)]
    pub by_hand: Option<PriceByHand>,
    /// What promotions took off the line, in the order in which they were applied.
    pub promotions: Vec<LinePromotion>,
    /// The rounding, where the trace belongs to a line.
    #[schema(required = true)]
    pub line: Option<TraceLine>,
}

/// A price that was agreed for one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PriceByHand {
    /// The price of one unit.
    pub price: Money,
    /// Who of the brand agreed it.
    pub by: String,
    /// What the lists say.
    #[schema(required = true)]
    pub instead_of: Option<Money>,
}

/// What a promotion takes off a line; zero where the line came along with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinePromotion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it takes off.
    pub discount: Money,
}

impl From<&Step> for LinePromotion {
    fn from(step: &Step) -> LinePromotion {
        LinePromotion {
            code: step.code.clone(),
            name: step.name.clone(),
            discount: step.discount.into(),
        }
    }
}

/// A price or a discount that was looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TraceCandidate {
    /// The list's code.
    pub list: String,
    /// The list's name.
    pub list_name: String,
    /// The contract the list belongs to.
    #[schema(required = true)]
    pub contract: Option<String>,
    /// How close the list stands: `contract`, `ship_to`, `group`, `default`.
    pub rank: String,
    /// The first day.
    #[schema(format = Date)]
    pub valid_from: String,
    /// The last day; null where no end is agreed.
    #[schema(required = true, format = Date)]
    pub valid_until: Option<String>,
    /// `price`, or `discount` off the list price.
    pub kind: String,
    /// What it offers: unit, tier and amount, or what is discounted and by how much.
    #[schema(value_type = Object)]
    pub offer: Value,
    /// Its price for one unit as asked.
    #[schema(required = true)]
    pub price: Option<Money>,
    /// `won`, or why not.
    pub outcome: String,
}

/// The one rounding of a line, and its tax.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TraceLine {
    /// Quantity × price before rounding.
    pub exact: Money,
    /// The rounded total, after promotions.
    pub net: Money,
    /// The rate in per cent, such as `19.00`.
    pub tax_rate: String,
    /// `taxed`, `intra_community` or `export`.
    pub tax_reason: String,
}

impl From<&PriceTrace> for Trace {
    fn from(trace: &PriceTrace) -> Trace {
        let currency = trace.currency;
        Trace {
            unit: trace.unit.to_string(),
            quantity: trace.quantity,
            date: trace.date.to_string(),
            price: trace.price.map(|price| Money::unit(price, currency)),
            list_price: trace.list_price.map(|price| Money::unit(price, currency)),
            candidates: trace
                .candidates
                .iter()
                .map(|one| candidate(one, currency))
                .collect(),
            by_hand: trace.by_hand.as_ref().map(|by_hand| PriceByHand {
                price: Money::unit(by_hand.price, currency),
                by: by_hand.by.clone(),
                instead_of: by_hand.instead_of.map(|price| Money::unit(price, currency)),
            }),
            promotions: trace
                .line
                .iter()
                .flat_map(|step| &step.promotions)
                .map(LinePromotion::from)
                .collect(),
            line: trace.line.as_ref().map(|step| TraceLine {
                exact: Money::unit(UnitPrice(step.exact), currency),
                net: step.net.into(),
                tax_rate: percent(step.tax.rate),
                tax_reason: step.tax.reason.to_string(),
            }),
        }
    }
}

impl Trace {
    /// The trace that was stored with an order's line; none for imported history.
    #[must_use]
    pub fn stored(trace: Option<&Value>) -> Option<Trace> {
        let trace: PriceTrace = serde_json::from_value(trace?.clone()).ok()?;
        Some(Trace::from(&trace))
    }
}

fn candidate(one: &Candidate, currency: Currency) -> TraceCandidate {
    let Period { from, .. } = one.validity;
    let (kind, offer) = match &one.offer {
        Offer::Price {
            unit,
            min_quantity,
            amount,
        } => (
            "price",
            serde_json::json!({
                "unit": unit,
                "min_quantity": min_quantity,
                "amount": Money::unit(*amount, currency),
            }),
        ),
        Offer::Discount {
            target,
            discount,
            off,
        } => (
            "discount",
            serde_json::json!({
                "on": target_name(*target),
                "percent": percent(*discount),
                "off": off.map(|price| Money::unit(price, currency)),
            }),
        ),
    };
    TraceCandidate {
        list: one.list.clone(),
        list_name: one.list_name.clone(),
        contract: one.contract.clone(),
        rank: word(&one.rank),
        valid_from: from.to_string(),
        valid_until: one.validity.last_day().map(|day| day.to_string()),
        kind: kind.to_owned(),
        offer,
        price: one.price.map(|price| Money::unit(price, currency)),
        outcome: word(&one.outcome),
    }
}

fn target_name(target: price::Target) -> &'static str {
    match target {
        price::Target::Product(_) => "product",
        price::Target::Brand(_) => "brand",
        price::Target::Category(_) => "category",
        price::Target::Everything => "everything",
    }
}

/// The word that serde writes for an enum without data.
fn word(value: &impl Serialize) -> String {
    let text = serde_json::to_value(value).ok();
    text.and_then(|text| text.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// 1 900 basis points are `19.00`.
#[must_use]
pub fn percent(rate: money::BasisPoints) -> String {
    format!("{}.{:02}", rate.0 / 100, rate.0 % 100)
}

/// Why a line cannot be ordered as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineProblem {
    /// A stable word, such as `off-multiple`.
    pub code: String,
    /// The same in English.
    pub message: String,
    /// What goes with it: the nearest quantities, the units, what is available.
    #[schema(value_type = Object)]
    pub facts: Value,
}

impl LineProblem {
    /// The problem of a quoted line.
    #[must_use]
    pub fn of(app: &App, problem: &quote::Problem) -> LineProblem {
        let code = refusals::problem_code(problem);
        let facts = refusals::problem_facts(problem);
        let message = app
            .templates
            .words()
            .message(Lang::En, &problem_message(code, &facts));
        LineProblem {
            code: code.to_owned(),
            message,
            facts,
        }
    }
}

/// A problem's code and facts in words.
#[must_use]
pub fn problem_message(code: &str, facts: &Value) -> Message {
    let mut message = Message::new(format!("api-line-{code}"));
    for (name, value) in facts.as_object().into_iter().flatten() {
        let arg = match value {
            Value::Number(number) => number.as_i64().map(Arg::Number),
            Value::String(text) => Some(Arg::Text(text.clone())),
            Value::Array(all) => {
                let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                Some(Arg::Text(words.join(", ")))
            }
            Value::Null | Value::Bool(_) | Value::Object(_) => None,
        };
        // "none" where there is no such quantity: the sentence still reads.
        message = message.with(name, arg.unwrap_or_else(|| Arg::Text("none".into())));
    }
    message
}
