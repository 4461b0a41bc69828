//! What a promotion does, in words: for the brand's people exactly, for retailers in a line.
//!
//! The words are made from the very mechanic that the engine applies. A test reads the figures and
//! names of the demo's promotions back out of their sentences, computes what they would give, and
//! compares that with the engine's answer to the cent.

mod names;

pub use names::Names;

use trade::calendar::Period;
use trade::money::{BasisPoints, Currency, Money, UnitPrice};
use trade::price::Target;
use trade::promotion::{
    Assortment, CountIn, Cut, Gain, Mechanic, Missing, NearMiss, Part, Promotion, Tier,
};
use trade::quantity::Unit;

use crate::web::shape::{Arg, Message};

/// An assortment of more targets than this is named as a whole in a sentence.
const MOST_NAMED: usize = 3;
const FREE: BasisPoints = BasisPoints(10_000);

/// What the promotion does, exactly: "For every 10 cases of Ragout, 1 case of Pâté comes free, up
/// to 3 times an order." The assortment is named where it has few targets; [`assortment`] lists it
/// whole. Validity, audience and limits are said apart.
#[must_use]
pub fn sentence(promotion: &Promotion, names: &Names) -> Message {
    let speaker = Speaker {
        currency: promotion.currency,
        assortment: &promotion.assortment,
        names,
    };
    speaker.sentence(&promotion.mechanic)
}

/// The promotion in a few words for its row: "10 + 1 free until 31 Mar".
#[must_use]
pub fn short(promotion: &Promotion, names: &Names) -> Message {
    let speaker = Speaker {
        currency: promotion.currency,
        assortment: &promotion.assortment,
        names,
    };
    let gist = speaker.gist(&promotion.mechanic);
    match promotion.validity.last_day() {
        Some(last) => Message::new("promotion-until")
            .with("gist", gist)
            .with("date", day(last)),
        None => gist,
    }
}

/// What is missing and what it would give: "Add 6 cases of Ragout to get 1 case of Pâté free."
#[must_use]
pub fn near_miss(near: &NearMiss, promotion: &Promotion, names: &Names) -> Message {
    let speaker = Speaker {
        currency: promotion.currency,
        assortment: &promotion.assortment,
        names,
    };
    Message::new("promotion-near")
        .with("missing", speaker.missing(&near.missing))
        .with("gain", speaker.gain(&near.gain))
}

/// Every target of an assortment: "Hofgold and Cat / Wet food, except Ragout Duck".
#[must_use]
pub fn assortment(assortment: &Assortment, names: &Names) -> Message {
    let all = |targets: &[Target]| Arg::List {
        all: targets.iter().map(|target| names.target(target)).collect(),
    };
    let included = match assortment.include.as_slice() {
        [] => Message::new("promotion-everything").into(),
        some => all(some),
    };
    if assortment.exclude.is_empty() {
        return Message::new("promotion-items").with("items", included);
    }
    Message::new("promotion-items-except")
        .with("items", included)
        .with("except", all(&assortment.exclude))
}

/// From when to when: "from 1 Mar 2026 to 31 Mar 2026".
#[must_use]
pub fn validity(validity: &Period) -> Message {
    let from = day(validity.from);
    match validity.last_day() {
        Some(last) => Message::new("promotion-valid-between")
            .with("from", from)
            .with("until", day(last)),
        None => Message::new("promotion-valid-from").with("from", from),
    }
}

/// How often, and for how much in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Orders of all accounts.
    pub uses: Option<i64>,
    /// Orders of each account.
    pub uses_per_account: Option<i64>,
    /// What it may give in all.
    pub cap: Option<Money>,
}

/// Each limit for itself; none is said to be none.
#[must_use]
pub fn limits(limits: &Limits) -> Vec<Message> {
    let mut said = Vec::new();
    if let Some(count) = limits.uses_per_account {
        said.push(Message::new("promotion-limit-account").with("count", count));
    }
    if let Some(count) = limits.uses {
        said.push(Message::new("promotion-limit-uses").with("count", count));
    }
    if let Some(cap) = limits.cap {
        said.push(Message::new("promotion-limit-cap").with("amount", cap));
    }
    if said.is_empty() {
        said.push(Message::new("promotion-limit-none"));
    }
    said
}

fn day(date: jiff::civil::Date) -> Arg {
    Arg::Date {
        date: date.to_string(),
    }
}

fn rate(off: BasisPoints) -> Arg {
    Arg::Rate {
        rate_bp: off.0.into(),
    }
}

struct Speaker<'a> {
    currency: Currency,
    assortment: &'a Assortment,
    names: &'a Names,
}

impl Speaker<'_> {
    fn sentence(&self, mechanic: &Mechanic) -> Message {
        match mechanic {
            Mechanic::Percent {
                off,
                from,
                count_in,
            } => self
                .of_items("promotion-says-percent", *from, *count_in)
                .with("rate", rate(*off)),
            Mechanic::Amount {
                off,
                from,
                count_in,
            } => self
                .of_items("promotion-says-amount", *from, *count_in)
                .with("off", self.price(*off))
                .with("unit", self.one(*count_in)),
            Mechanic::FixedPrice {
                price,
                from,
                count_in,
            } => self
                .of_items("promotion-says-fixed-price", *from, *count_in)
                .with("price", self.price(*price))
                .with("unit", self.one(*count_in)),
            Mechanic::BuyGet {
                buy,
                get,
                off,
                count_in,
                times,
            } => repeated("promotion-says-buy-get", *off, *times)
                .with("cycle", self.count(buy.saturating_add(*get), *count_in))
                .with("get", *get)
                .with("items", self.plurality())
                .with("assortment", self.items()),
            Mechanic::BuyGetOther {
                buy,
                count_in,
                get,
                off,
                times,
            } => repeated("promotion-says-buy-get-other", *off, *times)
                .with("buy", self.count(*buy, *count_in))
                .with("get", self.part(get))
                .with("assortment", self.items()),
            Mechanic::FreeGoods {
                buy,
                count_in,
                give,
                times,
            } => repeated("promotion-says-free-goods", FREE, *times)
                .with("buy", self.count(*buy, *count_in))
                .with("give", self.part(give))
                .with("assortment", self.items()),
            Mechanic::Bundle {
                parts,
                price_minor,
                times,
            } => repeated("promotion-says-bundle", FREE, *times)
                .with("parts", self.parts(parts))
                .with("price", self.money(*price_minor)),
            Mechanic::MixAndMatch { tiers, count_in } => {
                Message::new("promotion-says-mix-and-match")
                    .with("assortment", self.items())
                    .with(
                        "tiers",
                        self.tiers("promotion-tier", tiers, Some(*count_in)),
                    )
            }
            Mechanic::OrderValue { tiers } => Message::new("promotion-says-order-value")
                .with("assortment", self.items())
                .with("tiers", self.tiers("promotion-tier", tiers, None)),
            Mechanic::FreeFreight { from_minor } => Message::new("promotion-says-free-freight")
                .with("assortment", self.items())
                .with("from", self.money(*from_minor)),
        }
    }

    fn gist(&self, mechanic: &Mechanic) -> Message {
        match mechanic {
            Mechanic::Percent {
                off,
                from,
                count_in,
            } => self
                .least("promotion-gist-percent", *from, *count_in)
                .with("rate", rate(*off)),
            Mechanic::Amount {
                off,
                from,
                count_in,
            } => self
                .least("promotion-gist-amount", *from, *count_in)
                .with("off", self.price(*off))
                .with("unit", self.one(*count_in)),
            Mechanic::FixedPrice {
                price,
                from,
                count_in,
            } => self
                .least("promotion-gist-fixed-price", *from, *count_in)
                .with("price", self.price(*price))
                .with("unit", self.one(*count_in)),
            Mechanic::BuyGet {
                buy,
                get,
                off,
                count_in,
                ..
            } => repeated("promotion-gist-buy-get", *off, None)
                .with("buy", *buy)
                .with("get", self.count(*get, *count_in)),
            Mechanic::BuyGetOther {
                buy,
                count_in,
                get,
                off,
                ..
            } => repeated("promotion-gist-buy-get-other", *off, None)
                .with("buy", self.count(*buy, *count_in))
                .with("get", self.part(get)),
            Mechanic::FreeGoods {
                buy,
                count_in,
                give,
                ..
            } => Message::new("promotion-gist-free-goods")
                .with("buy", self.count(*buy, *count_in))
                .with("give", self.part(give)),
            Mechanic::Bundle {
                parts, price_minor, ..
            } => Message::new("promotion-gist-bundle")
                .with("count", i64::try_from(parts.len()).unwrap_or(i64::MAX))
                .with("price", self.money(*price_minor)),
            Mechanic::MixAndMatch { tiers, count_in } => Message::new("promotion-gist-tiers").with(
                "tiers",
                self.tiers("promotion-gist-tier", tiers, Some(*count_in)),
            ),
            Mechanic::OrderValue { tiers } => Message::new("promotion-gist-tiers")
                .with("tiers", self.tiers("promotion-gist-tier", tiers, None)),
            Mechanic::FreeFreight { from_minor } => {
                Message::new("promotion-gist-free-freight").with("from", self.money(*from_minor))
            }
        }
    }

    fn missing(&self, missing: &Missing) -> Message {
        match missing {
            Missing::OfItem {
                product,
                count,
                count_in,
            } => Message::new("promotion-missing-item")
                .with(
                    "count",
                    self.count_of(Some(Target::Product(*product)), *count, *count_in),
                )
                .with("name", self.names.product(*product)),
            Missing::OfAssortment { count, count_in } => Message::new("promotion-missing-of")
                .with("count", self.count(*count, *count_in))
                .with("assortment", self.roughly()),
            Missing::Parts { parts } => {
                Message::new("promotion-missing-parts").with("parts", self.parts(parts))
            }
            Missing::Value { minor } => {
                let key = if self.assortment == &Assortment::default() {
                    "promotion-missing-value"
                } else {
                    "promotion-missing-value-of"
                };
                Message::new(key)
                    .with("amount", self.money(*minor))
                    .with("assortment", self.roughly())
            }
        }
    }

    fn gain(&self, gain: &Gain) -> Message {
        match gain {
            Gain::Percent { off } => Message::new("promotion-gain-off").with("off", rate(*off)),
            Gain::Amount { minor } => {
                Message::new("promotion-gain-off").with("off", self.money(*minor))
            }
            Gain::Each {
                off: Some(off),
                count_in,
                ..
            } => Message::new("promotion-gain-off-each")
                .with("off", self.price(*off))
                .with("unit", self.one(*count_in)),
            Gain::Each {
                off: None,
                price,
                count_in,
            } => Message::new("promotion-gain-price-each")
                .with("price", self.price(price.unwrap_or(UnitPrice(0))))
                .with("unit", self.one(*count_in)),
            Gain::Goods { part, off } => {
                repeated("promotion-gain-goods", *off, None).with("part", self.part(part))
            }
            Gain::BundlePrice { minor } => {
                Message::new("promotion-gain-bundle").with("price", self.money(*minor))
            }
            Gain::Freight => Message::new("promotion-gain-freight"),
        }
    }

    /// Of a mechanic that asks each item for itself: whose, and from how many on.
    fn of_items(&self, key: &str, from: i64, count_in: CountIn) -> Message {
        self.least(key, from, count_in)
            .with("items", self.plurality())
            .with("assortment", self.items())
    }

    fn least(&self, key: &str, from: i64, count_in: CountIn) -> Message {
        // A single piece is any quantity; a single pack is not, where pieces can be ordered.
        let any =
            from <= 1 && (count_in == CountIn::Pieces || self.unit(count_in) == Some(Unit::Piece));
        Message::new(key)
            .with("any", if any { "yes" } else { "no" })
            .with("from", self.count(from, count_in))
    }

    /// Whether the assortment can hold more than one item.
    fn plurality(&self) -> &'static str {
        match self.assortment.include.as_slice() {
            [Target::Product(_)] => "one",
            _ => "many",
        }
    }

    fn items(&self) -> Message {
        let named = self.assortment.include.len() + self.assortment.exclude.len();
        if named > MOST_NAMED {
            return Message::new("promotion-the-items");
        }
        assortment(self.assortment, self.names)
    }

    /// The assortment in a word or two, for who stands before it: "Hofgold", "these items".
    fn roughly(&self) -> Arg {
        match (
            self.assortment.include.as_slice(),
            self.assortment.exclude.is_empty(),
        ) {
            ([], true) => Message::new("promotion-any-item").into(),
            ([one], true) => self.names.briefly(one),
            _ => Message::new("promotion-these-items").into(),
        }
    }

    fn tiers(&self, key: &str, tiers: &[Tier], count_in: Option<CountIn>) -> Arg {
        let said = tiers.iter().map(|tier| {
            let from = match count_in {
                Some(count_in) => self.count(tier.from, count_in),
                None => self.money(tier.from).into(),
            };
            let off: Arg = match tier.cut {
                Cut::Percent(off) => rate(off),
                Cut::Amount(minor) => self.money(minor).into(),
            };
            Message::new(key).with("from", from).with("off", off).into()
        });
        Arg::List {
            all: said.collect(),
        }
    }

    fn parts(&self, parts: &[Part]) -> Arg {
        Arg::List {
            all: parts.iter().map(|part| self.part(part).into()).collect(),
        }
    }

    /// "2 cases of Ragout": in order units where they come out even.
    fn part(&self, part: &Part) -> Message {
        let (quantity, unit) = self.names.in_order_units(part);
        Message::new("promotion-part")
            .with("count", Arg::Quantity { quantity, unit })
            .with("name", self.names.product(part.product))
    }

    fn count(&self, count: i64, count_in: CountIn) -> Arg {
        self.count_of(None, count, count_in)
    }

    /// "6 cases", of an item or else of the whole assortment.
    fn count_of(&self, of: Option<Target>, quantity: i64, count_in: CountIn) -> Arg {
        let unit = match of {
            Some(target) => self.names.unit(&[target], count_in),
            None => self.unit(count_in),
        };
        match unit {
            Some(unit) => Arg::Quantity { quantity, unit },
            None => Message::new("promotion-packs")
                .with("count", quantity)
                .into(),
        }
    }

    /// "case".
    fn one(&self, count_in: CountIn) -> Message {
        let unit = match self.unit(count_in) {
            Some(unit) => format!("unit-{}", unit.code().to_ascii_lowercase()),
            None => "promotion-pack".to_owned(),
        };
        Message::new(unit).with("count", 1)
    }

    fn unit(&self, count_in: CountIn) -> Option<Unit> {
        self.names.unit(&self.assortment.include, count_in)
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    fn price(&self, unit_price: UnitPrice) -> Arg {
        Arg::UnitPrice {
            unit_price,
            currency: self.currency,
        }
    }
}

/// A message of goods that are free or cheaper, as often as its condition is met.
fn repeated(key: &str, off: BasisPoints, times: Option<i64>) -> Message {
    Message::new(key)
        .with("free", if off == FREE { "yes" } else { "no" })
        .with("rate", rate(off))
        // Without a limit there is nothing to say: zero stands for it.
        .with("times", times.unwrap_or(0))
}
