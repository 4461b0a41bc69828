//! Promotions: what a basket gains from those in force, why, and what is missing for more.
//!
//! A pure function from `(lines, promotions in force)` to adjustments, trace and near-misses,
//! [`apply`]. It works in stages, first what concerns an item, then an assortment, then the order,
//! then freight. What holds whatever the basket:
//!
//! - The order of lines and splitting or merging lines never changes what a product is discounted.
//! - Discounts never exceed what the lines are worth, and their parts add up to the cent.
//! - Inside an exclusivity class (which holds within a stage) the customer gets the best one;
//!   what is left is applied by priority, then id, each on what the earlier ones left.
//! - Free goods are lines of their own at zero, with the promotion as their cause.
//! - A promotion whose fund, cap or count cannot carry it is passed over as a whole, and says so.
//!
//! # Counting
//! Lines are grouped by product first: its pieces are the sum over its lines, its packs are whole
//! order units of that sum. With packs, loose pieces beyond whole packs count for nothing and keep
//! their price, where a discount is per pack. Whatever concerns some of a product's pieces concerns
//! them at the average of what is left of all of them: lines of one product at several prices are
//! one item, and no line's pieces are the free ones.
//!
//! # Two values, one rounding
//! What is left of a product is kept twice. *Exactly*, price × quantity less the discounts so far,
//! in ten-thousandths: discounts are computed from it, as fractions, and rounded once (half away
//! from zero) per promotion and product at the line stage, once per promotion at later ones. And in
//! *minor units*, the rounded nets of its lines less the discounts: it bounds every discount, and
//! is what thresholds of value ask, since it is what a buyer sees. A discount over several products
//! is spread over them by their exact values in question, then over each product's lines by what is
//! left of them, by largest remainder in an order of lines that the basket's does not touch.
//!
//! So where unit prices are whole minor units, splitting a line changes no product's discount at
//! all. Where they have more decimals, two lines may round to another net than one: discounts are
//! the same as long as that net neither bounds one nor decides a threshold of value.
//!
//! # Classes
//! Promotions of one class and stage are compared by what each would give alone on what was left at
//! the stage's start: free goods by what they are worth. At the line stage this is decided product
//! by product (a promotion loses only the products where another is better), else over the basket.
//! Equals are decided by priority, then id.
//!
//! # Limits
//! Cap and fund must carry all a promotion would spend, over all its products. One that they cannot
//! carry is taken out and its stage decided anew without it, so that an empty fund never keeps the
//! next best of a class from applying. Several promotions of one fund are charged in the order of
//! application. `times` limits an order, over all items: those whose round is worth most come first.

mod apply;
mod assortment;
mod benefit;
mod books;
mod exact;
mod goods;
mod line;
mod near;
mod offer;
mod order;
mod spread;
mod stage;

pub use apply::apply;
pub use offer::{Offer, covers, offer};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::id::{FundId, ProductId, PromotionId};
use crate::money::{BasisPoints, Currency, Money, UnitPrice};
use crate::price::{Item, Target};
use crate::quantity::{PackFactor, Unit};

/// When in the sequence a promotion is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Item by item.
    Line,
    /// Over several items at once.
    Assortment,
    /// Over the whole order.
    Order,
    /// The freight charge.
    Freight,
}

/// In what a quantity condition counts. A product's ordered pieces are added up over its lines
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountIn {
    /// Base units.
    Pieces,
    /// Whole order units of each product (a case of 12 counts one, 30 pieces count two).
    Packs,
}

/// How much is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Cut {
    /// A share of the value, 1 to 10 000 basis points.
    Percent(BasisPoints),
    /// So many minor units of the promotion's currency, in all.
    Amount(i64),
}

/// A step of a tiered promotion: the highest that is reached applies to everything counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tier {
    /// From how many on (packs or pieces), or from which value on (minor units).
    pub from: i64,
    /// What is taken off.
    pub cut: Cut,
}

/// An item of a bundle, or one that is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    /// The item.
    pub product: ProductId,
    /// Base units of it.
    pub pieces: i64,
}

/// What a promotion does. Quantities of one product count over all its lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mechanic {
    /// A share off each item of the assortment ordered at least `from` times. Stage: line.
    Percent {
        /// 1 to 10 000.
        off: BasisPoints,
        /// Least count of the item; 1 where any quantity will do.
        from: i64,
        /// In what `from` counts.
        count_in: CountIn,
    },
    /// An amount off each counted pack or piece of an item ordered at least `from` times.
    /// Stage: line.
    Amount {
        /// Off each one, in ten-thousandths of the major unit.
        off: UnitPrice,
        /// Least count of the item.
        from: i64,
        /// In what both count.
        count_in: CountIn,
    },
    /// Each counted pack or piece costs so much, where that is less. Stage: line.
    FixedPrice {
        /// The price of one.
        price: UnitPrice,
        /// Least count of the item.
        from: i64,
        /// In what both count.
        count_in: CountIn,
    },
    /// Of every `buy + get` counted of one item, `get` are cheaper by `off`: "of 12, 2 are free".
    /// Stage: line.
    BuyGet {
        /// So many at the full price.
        buy: i64,
        /// So many cheaper.
        get: i64,
        /// By how much; 10 000 is free.
        off: BasisPoints,
        /// In what both count.
        count_in: CountIn,
        /// At most so many times an order; none is without limit.
        times: Option<i64>,
    },
    /// For every `buy` counted of the assortment together, `get.pieces` of another item that is in
    /// the basket are cheaper by `off`. Stage: assortment.
    BuyGetOther {
        /// So many of the assortment.
        buy: i64,
        /// In what `buy` counts.
        count_in: CountIn,
        /// What is cheaper.
        get: Part,
        /// By how much; 10 000 is free.
        off: BasisPoints,
        /// At most so many times an order.
        times: Option<i64>,
    },
    /// For every `buy` counted of the assortment together, `give` comes along at no charge, as a
    /// line of its own. Stage: assortment.
    FreeGoods {
        /// So many of the assortment.
        buy: i64,
        /// In what `buy` counts.
        count_in: CountIn,
        /// What comes along.
        give: Part,
        /// At most so many times an order.
        times: Option<i64>,
    },
    /// All `parts` together for `price`, as often as they are all there. Stage: assortment.
    Bundle {
        /// At least two items.
        parts: Vec<Part>,
        /// What one bundle costs, in minor units.
        price_minor: i64,
        /// At most so many times an order.
        times: Option<i64>,
    },
    /// The more of an assortment, mixed as one likes, the more off all of it. Stage: assortment.
    MixAndMatch {
        /// In rising order of `from`.
        tiers: Vec<Tier>,
        /// In what `from` counts.
        count_in: CountIn,
    },
    /// From a value of the assortment on, something off it. Stage: order.
    OrderValue {
        /// In rising order of `from`, minor units of net value after earlier stages.
        tiers: Vec<Tier>,
    },
    /// From a value of the assortment on, no freight. Stage: freight.
    FreeFreight {
        /// Minor units of net value after all discounts.
        from_minor: i64,
    },
}

impl Mechanic {
    /// When it is applied.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Mechanic::Percent { .. }
            | Mechanic::Amount { .. }
            | Mechanic::FixedPrice { .. }
            | Mechanic::BuyGet { .. } => Stage::Line,
            Mechanic::BuyGetOther { .. }
            | Mechanic::FreeGoods { .. }
            | Mechanic::Bundle { .. }
            | Mechanic::MixAndMatch { .. } => Stage::Assortment,
            Mechanic::OrderValue { .. } => Stage::Order,
            Mechanic::FreeFreight { .. } => Stage::Freight,
        }
    }

    /// The word of its kind, as in the stored form.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Mechanic::Percent { .. } => "percent",
            Mechanic::Amount { .. } => "amount",
            Mechanic::FixedPrice { .. } => "fixed_price",
            Mechanic::BuyGet { .. } => "buy_get",
            Mechanic::BuyGetOther { .. } => "buy_get_other",
            Mechanic::FreeGoods { .. } => "free_goods",
            Mechanic::Bundle { .. } => "bundle",
            Mechanic::MixAndMatch { .. } => "mix_and_match",
            Mechanic::OrderValue { .. } => "order_value",
            Mechanic::FreeFreight { .. } => "free_freight",
        }
    }
}

/// The items a promotion counts and discounts: those included less those excluded. Without an
/// inclusion, everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Assortment {
    /// What belongs to it.
    pub include: Vec<Target>,
    /// What does not, although it would.
    pub exclude: Vec<Target>,
}

impl Assortment {
    /// Whether the item belongs to it.
    #[must_use]
    pub fn contains(&self, item: &Item) -> bool {
        (self.include.is_empty() || self.include.iter().any(|target| target.covers(item)))
            && !self.exclude.iter().any(|target| target.covers(item))
    }
}

/// How much a promotion may still be used; none is without limit. What the account has used and
/// what others have used is taken off already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Left {
    /// Orders of this account.
    pub account_uses: Option<i64>,
    /// Orders of all accounts.
    pub uses: Option<i64>,
    /// Of its own spend cap, in minor units.
    pub cap_minor: Option<i64>,
}

/// A promotion as it stands for one account: its audience has been asked already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// Its id, the last word where all else is equal.
    pub id: PromotionId,
    /// Its code, for people.
    pub code: String,
    /// Its name, for people.
    pub name: String,
    /// What it does.
    pub mechanic: Mechanic,
    /// To which items.
    pub assortment: Assortment,
    /// The currency of its amounts; it reaches only orders in that currency.
    pub currency: Currency,
    /// When it applies.
    pub validity: Period,
    /// Promotions of one class and stage exclude each other.
    pub class: Option<String>,
    /// The smaller number first.
    pub priority: i32,
    /// The budget it spends from; several may share one.
    pub fund: Option<FundId>,
    /// What is left of its limits.
    pub left: Left,
}

/// What a line of a basket must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the assortments ask.
    pub item: Item,
    /// The unit ordered in.
    pub unit: Unit,
    /// Base units in it.
    pub factor: PackFactor,
    /// Base units in the unit that packs count.
    pub order_factor: PackFactor,
    /// How many units.
    pub quantity: i64,
    /// The price of one unit before promotions.
    pub price: UnitPrice,
    /// The rounded line total before promotions.
    pub net: Money,
}

/// A basket that is asked about.
#[derive(Debug, Clone)]
pub struct Basket<'a> {
    /// Its lines, in any order.
    pub lines: &'a [Line],
    /// The account's currency.
    pub currency: Currency,
    /// The brand's local date.
    pub date: Date,
    /// What one base unit of goods that may come along is worth to this account: by it free goods
    /// are compared with discounts and charged to a fund. An item that is not named is worth
    /// nothing.
    pub worth: &'a [(ProductId, UnitPrice)],
}

/// What is left of a fund, in minor units of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FundLeft {
    /// The fund.
    pub fund: FundId,
    /// Budget less reserved less committed.
    pub minor: i64,
}

/// What one promotion takes off one line. Stored with the line's price trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The promotion.
    pub promotion: PromotionId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it takes off, at least zero.
    pub discount: Money,
}

/// What becomes of one line of the basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    /// Everything that is taken off; at most the line's net.
    pub discount: Money,
    /// By which promotion how much, in the order of application.
    pub steps: Vec<Step>,
}

/// Goods that come along at no charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeGood {
    /// What, and base units of it.
    pub part: Part,
    /// Why.
    pub promotion: PromotionId,
}

/// A promotion that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Which.
    pub promotion: PromotionId,
    /// What it took off lines in all; zero for free goods and freight.
    pub discount: Money,
    /// What it spends: the discount, or what the free goods are worth; zero for freight.
    pub spend: Money,
    /// How often a repeating mechanic was reached; 1 for others.
    pub times: i64,
}

/// Why a promotion for this account gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passed {
    /// Another of its class gives more.
    BetterInClass,
    /// Its condition is not met.
    NotReached,
    /// The account has used it as often as it may.
    AccountLimit,
    /// It has been used as often as it may.
    TotalLimit,
    /// Its own spend cap cannot carry it.
    CapReached,
    /// Its fund cannot carry it.
    FundSpent,
    /// Another currency.
    OtherCurrency,
    /// Outside its validity.
    OutsideValidity,
    /// Nothing was left to take off.
    NothingLeft,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Missing {
    /// So many more of one item.
    OfItem {
        /// The item.
        product: ProductId,
        /// How many.
        count: i64,
        /// Counted in.
        count_in: CountIn,
    },
    /// So many more of the assortment.
    OfAssortment {
        /// How many.
        count: i64,
        /// Counted in.
        count_in: CountIn,
    },
    /// These, to complete one more bundle (or to have the cheaper item in the basket).
    Parts {
        /// What, and base units of each.
        parts: Vec<Part>,
    },
    /// So much more value, minor units of net.
    Value {
        /// How much.
        minor: i64,
    },
}

/// What it would give then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gain {
    /// A share of the value.
    Percent {
        /// How much.
        off: BasisPoints,
    },
    /// So much off in all, minor units.
    Amount {
        /// How much.
        minor: i64,
    },
    /// An amount off each, or a price for each.
    Each {
        /// The amount off each; none where `price` says it.
        off: Option<UnitPrice>,
        /// The price of each.
        price: Option<UnitPrice>,
        /// Each what.
        count_in: CountIn,
    },
    /// Goods at no charge, or cheaper by `off` of 10 000.
    Goods {
        /// What; of a line-stage promotion the item itself.
        part: Part,
        /// By how much.
        off: BasisPoints,
    },
    /// A bundle for so much, minor units.
    BundlePrice {
        /// Its price.
        minor: i64,
    },
    /// No freight.
    Freight,
}

/// A promotion that is near: something of it is in the basket, and a little more would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// Which.
    pub promotion: PromotionId,
    /// What is missing.
    pub missing: Missing,
    /// What it would give.
    pub gain: Gain,
}

/// The answer for a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For each line of the basket, in its order.
    pub lines: Vec<Adjusted>,
    /// Goods that come along.
    pub free: Vec<FreeGood>,
    /// The promotion that takes the freight off.
    pub free_freight: Option<PromotionId>,
    /// What was applied, in order of application.
    pub applied: Vec<Applied>,
    /// What was not, and why.
    pub passed: Vec<(PromotionId, Passed)>,
    /// What is near, the nearest first.
    pub near: Vec<NearMiss>,
}
