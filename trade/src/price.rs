//! Prices: which of an account's price lists and contract conditions wins, and why.
//!
//! An access sequence, first the specific, then the general: an account's lists are ranked (own
//! contract, ship-to, group or parent, brand default), and the first list that has a valid
//! candidate for the item decides. Inside a list a price row beats a discount condition, a row in
//! the unit that is asked for beats one in base units, the highest tier reached beats lower ones,
//! and a condition on the item beats one on its brand, its category, everything. The order is
//! total: no tie is left to the order of rows. It is the specific that wins, not the cheapest.
//!
//! The answer holds its [`PriceTrace`]: every candidate with *won* or why not.

use std::cmp::Reverse;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::calendar::Period;
use crate::id::{CategoryId, PriceListId, ProductBrandId, ProductId};
use crate::money::{BasisPoints, Currency, Money, UnitPrice};
use crate::promotion::Step;
use crate::quantity::{PackFactor, Unit};
use crate::tax::LineTax;

/// How close a list stands to the account. Smaller is more specific and comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// The account's own contract.
    Contract,
    /// Agreed for the place of delivery.
    ShipTo,
    /// The parent's, or the account group's.
    Group,
    /// What everybody pays.
    Default,
}

impl Rank {
    /// 0 to 3, as stored.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Rank::Contract => 0,
            Rank::ShipTo => 1,
            Rank::Group => 2,
            Rank::Default => 3,
        }
    }

    /// The rank with that number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Rank> {
        [Rank::Contract, Rank::ShipTo, Rank::Group, Rank::Default]
            .into_iter()
            .find(|rank| rank.number() == number)
    }
}

/// A price list as it stands in one account's sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedList {
    /// Its id, the last word where all else is equal.
    pub id: PriceListId,
    /// Its code, for people.
    pub code: String,
    /// Its name, for people.
    pub name: String,
    /// The number of the contract it belongs to.
    pub contract: Option<String>,
    /// The currency of every price in it.
    pub currency: Currency,
    /// How close it stands.
    pub rank: Rank,
    /// Among lists of one rank, the smaller number first.
    pub priority: i32,
    /// When it applies to the account.
    pub validity: Period,
    /// Discounts off the list price that come with it.
    pub conditions: Vec<Condition>,
}

impl RankedList {
    fn sequence(&self) -> (Rank, i32, Reverse<Date>, PriceListId) {
        (
            self.rank,
            self.priority,
            Reverse(self.validity.from),
            self.id,
        )
    }
}

/// What a discount condition applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Target {
    /// One item.
    Product(ProductId),
    /// Every item of a product brand.
    Brand(ProductBrandId),
    /// Every item of a category or of one below it.
    Category(CategoryId),
    /// Every item.
    Everything,
}

impl Target {
    /// Whether it applies to the item.
    #[must_use]
    pub fn covers(&self, item: &Item) -> bool {
        match self {
            Target::Product(id) => item.product == *id,
            Target::Brand(id) => item.brand == *id,
            Target::Category(id) => item.categories.contains(id),
            Target::Everything => true,
        }
    }
}

/// A discount off the list price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its id, the last word where all else is equal.
    pub id: Uuid,
    /// What it applies to.
    pub target: Target,
    /// How much, 0 to 10 000.
    pub discount: BasisPoints,
    /// When it applies.
    pub validity: Period,
}

/// One price of a list: for an item, in a unit, from a quantity on, for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The list it stands in.
    pub list: PriceListId,
    /// The item.
    pub product: ProductId,
    /// The unit it prices, and counts its tier in.
    pub unit: Unit,
    /// From how many of that unit on.
    pub min_quantity: i64,
    /// When it applies.
    pub validity: Period,
    /// The price of one such unit.
    pub amount: UnitPrice,
}

/// What the resolver must know of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The item.
    pub product: ProductId,
    /// Its brand.
    pub brand: ProductBrandId,
    /// Its category and those above it, the nearest first.
    pub categories: Vec<CategoryId>,
    /// The unit its books count in.
    pub base_unit: Unit,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The unit ordered in.
    pub unit: Unit,
    /// Base units in it.
    pub factor: PackFactor,
    /// How many of it, at least 1.
    pub quantity: i64,
    /// The brand's local date.
    pub date: Date,
    /// The account's currency.
    pub currency: Currency,
}

/// What a candidate offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Offer {
    /// A price row.
    Price {
        /// The unit it prices.
        unit: Unit,
        /// From how many of it on.
        min_quantity: i64,
        /// The price of one of it.
        amount: UnitPrice,
    },
    /// A discount off the list price.
    Discount {
        /// What it applies to.
        target: Target,
        /// How much.
        discount: BasisPoints,
        /// The list price it is taken off, in the unit asked for; none where there is none.
        off: Option<UnitPrice>,
    },
}

/// Whether a candidate won, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// This is the price.
    Won,
    /// A list before it in the sequence decided.
    LowerRank,
    /// In the same list, a higher tier or the ordered unit's own price applies.
    HigherTierApplies,
    /// In the same list, a price or a condition closer to the item applies.
    MoreSpecificApplies,
    /// The quantity is below its tier.
    TierNotReached,
    /// The date lies outside its validity.
    OutsideValidity,
    /// It prices a unit that is neither the one asked for nor the base unit.
    OtherUnit,
    /// Its list is in another currency.
    OtherCurrency,
    /// A discount off a list price that does not exist.
    NoListPrice,
}

/// A row or a condition that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Code of the list.
    pub list: String,
    /// Name of the list.
    pub list_name: String,
    /// Number of the contract the list belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contract: Option<String>,
    /// How close the list stands.
    pub rank: Rank,
    /// When the candidate applies: the row's own period.
    pub validity: Period,
    /// What it offers.
    pub offer: Offer,
    /// Its price for one unit as asked; none where it could not be worked out.
    pub price: Option<UnitPrice>,
    /// Won, or why not.
    pub outcome: Outcome,
}

/// The one rounding, and the tax, of the line a trace is stored with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineStep {
    /// Quantity × price before rounding, in ten-thousandths of the major unit.
    pub exact: i64,
    /// The rounded line total, after promotions.
    pub net: Money,
    /// Rate and reason.
    pub tax: LineTax,
    /// What promotions took off before that.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub promotions: Vec<Step>,
}

/// A price that the brand's staff set for one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// The price of one unit.
    pub price: UnitPrice,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// What it would have been.
    pub instead_of: Option<UnitPrice>,
}

/// Why a price is what it is. Stored with the order line and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTrace {
    /// The unit asked for.
    pub unit: Unit,
    /// How many of it.
    pub quantity: i64,
    /// The date asked for.
    pub date: Date,
    /// The currency asked for.
    pub currency: Currency,
    /// The price that won; none is "price on request".
    pub price: Option<UnitPrice>,
    /// What everybody pays for that quantity.
    pub list_price: Option<UnitPrice>,
    /// Every candidate, in the order of the sequence.
    pub candidates: Vec<Candidate>,
    /// A price set by hand, which then is the price.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_hand: Option<ByHand>,
    /// Rounding and tax, once the trace belongs to a line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<LineStep>,
}

impl PriceTrace {
    /// The candidate that won.
    #[must_use]
    pub fn winner(&self) -> Option<&Candidate> {
        self.candidates
            .iter()
            .find(|candidate| candidate.outcome == Outcome::Won)
    }
}

/// A step of the price ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderStep {
    /// From how many units on.
    pub from: i64,
    /// The price of one.
    pub price: UnitPrice,
}

/// An account's sequence of lists, brought into its total order once for a whole page.
#[derive(Debug, Clone)]
pub struct Sequence {
    lists: Vec<RankedList>,
}

struct Scored<'a> {
    list: &'a RankedList,
    validity: Period,
    offer: Offer,
    price: Option<UnitPrice>,
    fault: Option<Outcome>,
    /// Smaller wins inside the list.
    within: (u8, u8, Reverse<i64>, Reverse<Date>, Option<Unit>, Uuid),
}

impl Sequence {
    /// The lists that are assigned to an account (and the ship-to in question), in any order.
    #[must_use]
    pub fn new(mut lists: Vec<RankedList>) -> Sequence {
        lists.sort_by_key(RankedList::sequence);
        Sequence { lists }
    }

    /// The lists in the order in which they are asked.
    #[must_use]
    pub fn lists(&self) -> &[RankedList] {
        &self.lists
    }

    /// The price of `ask`, with its trace. `rows` are this item's rows in these lists; rows of
    /// other items or lists are passed over.
    #[must_use]
    pub fn resolve(&self, item: &Item, rows: &[PriceRow], ask: &Ask) -> PriceTrace {
        let list_price = self.list_price(item, rows, ask);
        let mut candidates = Vec::new();
        let mut price = None;
        for list in &self.lists {
            let mut scored = score(list, item, rows, ask, list_price);
            scored.sort_by_key(|s| s.within);
            let winner = scored.iter().position(|s| s.fault.is_none());
            let decides = price.is_none() && winner.is_some();
            for (at, s) in scored.into_iter().enumerate() {
                let outcome = match s.fault {
                    Some(fault) => fault,
                    None if !decides => Outcome::LowerRank,
                    None if winner == Some(at) => {
                        price = s.price;
                        Outcome::Won
                    }
                    None => beaten_inside(&s.offer),
                };
                candidates.push(s.into_candidate(outcome));
            }
        }
        PriceTrace {
            unit: ask.unit,
            quantity: ask.quantity,
            date: ask.date,
            currency: ask.currency,
            price,
            list_price,
            candidates,
            by_hand: None,
            line: None,
        }
    }

    /// The price alone: as [`Sequence::resolve`], without the trace.
    #[must_use]
    pub fn price(&self, item: &Item, rows: &[PriceRow], ask: &Ask) -> Option<UnitPrice> {
        let list_price = self.list_price(item, rows, ask);
        self.lists
            .iter()
            .find_map(|list| best(score(list, item, rows, ask, list_price)))
    }

    /// What everybody pays for that quantity: the best row of the first default list that has one.
    #[must_use]
    pub fn list_price(&self, item: &Item, rows: &[PriceRow], ask: &Ask) -> Option<UnitPrice> {
        self.lists
            .iter()
            .filter(|list| list.rank == Rank::Default)
            .find_map(|list| best(score_rows(list, item, rows, ask).collect()))
    }

    /// How the price falls (or rises) with the quantity, from `least` units on: a step wherever
    /// the price changes.
    #[must_use]
    pub fn ladder(&self, item: &Item, rows: &[PriceRow], ask: &Ask, least: i64) -> Vec<LadderStep> {
        let mut breaks: Vec<i64> = rows
            .iter()
            .filter(|row| row.product == item.product)
            .filter_map(|row| {
                if row.unit == ask.unit {
                    Some(row.min_quantity)
                } else if row.unit == item.base_unit {
                    Some((row.min_quantity + ask.factor.get() - 1) / ask.factor.get())
                } else {
                    None
                }
            })
            .filter(|quantity| *quantity > least)
            .collect();
        breaks.push(least);
        breaks.sort_unstable();
        breaks.dedup();
        let mut steps: Vec<LadderStep> = Vec::new();
        for from in breaks {
            let Some(price) = self.price(
                item,
                rows,
                &Ask {
                    quantity: from,
                    ..*ask
                },
            ) else {
                continue;
            };
            if steps.last().is_none_or(|step| step.price != price) {
                steps.push(LadderStep { from, price });
            }
        }
        steps
    }
}

impl Scored<'_> {
    fn into_candidate(self, outcome: Outcome) -> Candidate {
        Candidate {
            list: self.list.code.clone(),
            list_name: self.list.name.clone(),
            contract: self.list.contract.clone(),
            rank: self.list.rank,
            validity: self.validity,
            offer: self.offer,
            price: self.price,
            outcome,
        }
    }
}

fn beaten_inside(offer: &Offer) -> Outcome {
    match offer {
        Offer::Price { .. } => Outcome::HigherTierApplies,
        Offer::Discount { .. } => Outcome::MoreSpecificApplies,
    }
}

fn best(scored: Vec<Scored<'_>>) -> Option<UnitPrice> {
    scored
        .into_iter()
        .filter(|s| s.fault.is_none())
        .min_by_key(|s| s.within)?
        .price
}

fn score<'a>(
    list: &'a RankedList,
    item: &'a Item,
    rows: &'a [PriceRow],
    ask: &'a Ask,
    list_price: Option<UnitPrice>,
) -> Vec<Scored<'a>> {
    score_rows(list, item, rows, ask)
        .chain(list.conditions.iter().filter_map(|condition| {
            let nearness = nearness(condition.target, item)?;
            let price = list_price.map(|price| price.less(condition.discount));
            let fault = fault_of_list(list, ask)
                .or_else(|| {
                    let valid = condition.validity.contains(ask.date);
                    (!valid).then_some(Outcome::OutsideValidity)
                })
                .or_else(|| price.is_none().then_some(Outcome::NoListPrice));
            Some(Scored {
                list,
                validity: condition.validity,
                offer: Offer::Discount {
                    target: condition.target,
                    discount: condition.discount,
                    off: list_price,
                },
                price,
                fault,
                within: (
                    1,
                    nearness,
                    Reverse(0),
                    Reverse(condition.validity.from),
                    None,
                    condition.id,
                ),
            })
        }))
        .collect()
}

fn score_rows<'a>(
    list: &'a RankedList,
    item: &'a Item,
    rows: &'a [PriceRow],
    ask: &'a Ask,
) -> impl Iterator<Item = Scored<'a>> {
    rows.iter()
        .filter(|row| row.list == list.id && row.product == item.product)
        .map(move |row| {
            let own_unit = row.unit == ask.unit;
            let base_unit = row.unit == item.base_unit;
            let price = if own_unit {
                Some(row.amount)
            } else if base_unit {
                row.amount.times(ask.factor.get()).ok()
            } else {
                None
            };
            let counted = if own_unit {
                ask.quantity
            } else {
                ask.quantity.saturating_mul(ask.factor.get())
            };
            let fault = fault_of_list(list, ask)
                .or_else(|| (!row.validity.contains(ask.date)).then_some(Outcome::OutsideValidity))
                .or_else(|| price.is_none().then_some(Outcome::OtherUnit))
                .or_else(|| (counted < row.min_quantity).then_some(Outcome::TierNotReached));
            Scored {
                list,
                validity: row.validity,
                offer: Offer::Price {
                    unit: row.unit,
                    min_quantity: row.min_quantity,
                    amount: row.amount,
                },
                price,
                fault,
                within: (
                    0,
                    u8::from(!own_unit),
                    Reverse(row.min_quantity),
                    Reverse(row.validity.from),
                    Some(row.unit),
                    Uuid::nil(),
                ),
            }
        })
}

fn fault_of_list(list: &RankedList, ask: &Ask) -> Option<Outcome> {
    if list.currency != ask.currency {
        Some(Outcome::OtherCurrency)
    } else if !list.validity.contains(ask.date) {
        Some(Outcome::OutsideValidity)
    } else {
        None
    }
}

/// How close a condition's target stands to the item, 0 the closest; none where it misses it.
fn nearness(target: Target, item: &Item) -> Option<u8> {
    match target {
        Target::Product(id) => (id == item.product).then_some(0),
        Target::Brand(id) => (id == item.brand).then_some(1),
        Target::Category(id) => {
            let at = item
                .categories
                .iter()
                .position(|category| *category == id)?;
            Some(u8::try_from(at).unwrap_or(200).saturating_add(2).min(254))
        }
        Target::Everything => Some(255),
    }
}
