//! Quantities: what is ordered, in which unit, and which quantities are allowed.
//!
//! Books count base units (pieces); the unit an item was ordered in and its pack factor are kept
//! beside them for display. A quantity off the rule is refused with the nearest allowed ones.
//!
//! ```
//! use trade::quantity::{Misfit, OrderRule, PackFactor};
//! // Sold by the case of 12, at least 2 cases, in steps of 2 cases.
//! let rule = OrderRule::new(PackFactor::new(12).unwrap(), 2, 2).unwrap();
//! assert_eq!(rule.fit(4, PackFactor::new(12).unwrap()).map(|q| q.0), Ok(48));
//! assert_eq!(
//!     rule.fit(30, PackFactor::new(1).unwrap()),
//!     Err(Misfit::OffMultiple { step: 24, below: Some(24), above: Some(48) })
//! );
//! ```

use serde::{Deserialize, Serialize};

/// The most that one line may order, in any unit. Keeps every product of price, quantity and pack
/// factor inside 64 bits.
pub const MAX_ORDERED: i64 = 1_000_000;
/// The largest pack factor.
pub const MAX_PACK_FACTOR: i64 = 100_000;

/// A count of base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Quantity(pub i64);

/// A unit of measure, by its UN/ECE Recommendation 20 code (packages: Recommendation 21 with X).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
pub enum Unit {
    /// H87, piece.
    Piece,
    /// PR, pair.
    Pair,
    /// SET, set.
    Set,
    /// XPK, pack.
    Pack,
    /// XBG, bag.
    Bag,
    /// XBX, box.
    Box,
    /// XCS, case.
    Case,
    /// XPX, pallet.
    Pallet,
    /// KGM, kilogram.
    Kilogram,
    /// LTR, litre.
    Litre,
    /// MTR, metre.
    Metre,
}

impl Unit {
    /// Every unit, in the order of the enum.
    pub const ALL: [Unit; 11] = [
        Unit::Piece,
        Unit::Pair,
        Unit::Set,
        Unit::Pack,
        Unit::Bag,
        Unit::Box,
        Unit::Case,
        Unit::Pallet,
        Unit::Kilogram,
        Unit::Litre,
        Unit::Metre,
    ];

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Unit::Piece => "H87",
            Unit::Pair => "PR",
            Unit::Set => "SET",
            Unit::Pack => "XPK",
            Unit::Bag => "XBG",
            Unit::Box => "XBX",
            Unit::Case => "XCS",
            Unit::Pallet => "XPX",
            Unit::Kilogram => "KGM",
            Unit::Litre => "LTR",
            Unit::Metre => "MTR",
        }
    }

    /// What people and other programs write for it, in English and German, lower case.
    #[must_use]
    fn spellings(self) -> &'static [&'static str] {
        match self {
            Unit::Piece => &[
                "piece", "pieces", "pc", "pcs", "pce", "each", "ea", "c62", "unit", "units",
                "stück", "stueck", "stk", "st",
            ],
            Unit::Pair => &["pair", "pairs", "paar"],
            Unit::Set => &["sets"],
            Unit::Pack => &[
                "pack",
                "packs",
                "pk",
                "packung",
                "packungen",
                "pkg",
                "pack.",
            ],
            Unit::Bag => &["bag", "bags", "beutel", "sack", "säcke", "saecke"],
            Unit::Box => &["box", "boxes", "bx", "schachtel", "schachteln"],
            Unit::Case => &[
                "case", "cases", "cs", "carton", "cartons", "ct", "ctn", "xct", "karton",
                "kartons", "krt", "kt", "ve",
            ],
            Unit::Pallet => &["pallet", "pallets", "pal", "palette", "paletten", "plt"],
            Unit::Kilogram => &["kilogram", "kilograms", "kilogramm", "kg"],
            Unit::Litre => &["litre", "litres", "liter", "l"],
            Unit::Metre => &["metre", "metres", "meter", "m"],
        }
    }
}

/// A word that is no unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a unit of measure")]
pub struct UnknownUnit(pub String);

impl std::str::FromStr for Unit {
    type Err = UnknownUnit;
    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        let word = text.trim().to_lowercase();
        Unit::ALL
            .into_iter()
            .find(|u| {
                u.code().eq_ignore_ascii_case(&word) || u.spellings().contains(&word.as_str())
            })
            .ok_or_else(|| UnknownUnit(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// How many base units a unit holds, 1 to [`MAX_PACK_FACTOR`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackFactor(i64);

impl PackFactor {
    /// The base unit's own.
    pub const ONE: PackFactor = PackFactor(1);

    /// `factor` base units; none outside the range.
    #[must_use]
    pub fn new(factor: i64) -> Option<PackFactor> {
        (1..=MAX_PACK_FACTOR)
            .contains(&factor)
            .then_some(PackFactor(factor))
    }

    /// The number of base units.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

/// Why a quantity is refused. Alternatives are counted in the unit that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Misfit {
    /// Zero or less.
    NotPositive,
    /// Below the minimum order quantity.
    BelowMinimum {
        /// The least allowed; none where no allowed quantity exists in this unit.
        minimum: Option<i64>,
    },
    /// Not a multiple of the order increment.
    OffMultiple {
        /// The increment in this unit.
        step: i64,
        /// The nearest allowed below.
        below: Option<i64>,
        /// The nearest allowed above.
        above: Option<i64>,
    },
    /// More than one line may order.
    TooLarge {
        /// The most allowed.
        maximum: i64,
    },
}

/// Minimum order quantity and multiple of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderRule {
    minimum: i64,
    step: i64,
}

impl OrderRule {
    /// `moq` and `multiple` count units of `factor` base units, both at least 1. None where they
    /// are not, or are beyond [`MAX_ORDERED`].
    #[must_use]
    pub fn new(factor: PackFactor, moq: i64, multiple: i64) -> Option<OrderRule> {
        let range = 1..=MAX_ORDERED;
        (range.contains(&moq) && range.contains(&multiple)).then_some(OrderRule {
            minimum: moq * factor.0,
            step: multiple * factor.0,
        })
    }

    /// The base units of `quantity` units of `factor`.
    ///
    /// # Errors
    /// A [`Misfit`] with the nearest quantities that would do.
    pub fn fit(&self, quantity: i64, factor: PackFactor) -> Result<Quantity, Misfit> {
        if quantity <= 0 {
            return Err(Misfit::NotPositive);
        }
        let step = self.step / gcd(self.step, factor.0);
        let maximum = MAX_ORDERED / step * step;
        if quantity > MAX_ORDERED {
            return Err(Misfit::TooLarge { maximum });
        }
        let least = round_up(div_up(self.minimum, factor.0), step);
        let least = (least <= MAX_ORDERED).then_some(least);
        let base = quantity * factor.0;
        if base < self.minimum {
            return Err(Misfit::BelowMinimum { minimum: least });
        }
        if base % self.step != 0 {
            let below = quantity / step * step;
            let above = below + step;
            return Err(Misfit::OffMultiple {
                step,
                below: (Some(below) >= least && below > 0).then_some(below),
                above: (above <= MAX_ORDERED).then_some(above),
            });
        }
        Ok(Quantity(base))
    }

    /// The least allowed quantity in a unit of `factor`; what a list offers first.
    #[must_use]
    pub fn least(&self, factor: PackFactor) -> i64 {
        round_up(div_up(self.minimum, factor.0), self.step_in(factor))
    }

    /// The least allowed quantity that is no less than `quantity`; the most allowed where none is.
    #[must_use]
    pub fn at_least(&self, quantity: i64, factor: PackFactor) -> i64 {
        let step = self.step_in(factor);
        let most = MAX_ORDERED / step * step;
        round_up(quantity.clamp(1, most), step).max(self.least(factor))
    }

    /// The step from one allowed quantity to the next in a unit of `factor`.
    #[must_use]
    pub fn step_in(&self, factor: PackFactor) -> i64 {
        self.step / gcd(self.step, factor.0)
    }
}

fn div_up(a: i64, b: i64) -> i64 {
    (a + b - 1) / b
}

fn round_up(a: i64, step: i64) -> i64 {
    div_up(a, step) * step
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(n: i64) -> PackFactor {
        PackFactor::new(n).unwrap()
    }

    #[test]
    fn the_least_allowed_from_a_quantity_on_is_found() {
        let rule = OrderRule::new(factor(12), 2, 2).unwrap();
        let cases = |quantity| rule.at_least(quantity, factor(12));
        assert_eq!([-5, 0, 1, 2, 3, 4].map(cases), [2, 2, 2, 2, 4, 4]);
        assert_eq!(rule.at_least(25, factor(1)), 48);
        assert_eq!(cases(i64::MAX), MAX_ORDERED);
    }

    #[test]
    fn a_quantity_off_the_multiple_offers_the_nearest_two() {
        let rule = OrderRule::new(factor(1), 12, 12).unwrap();
        let misfit = rule.fit(30, PackFactor::ONE).unwrap_err();
        assert_eq!(
            misfit,
            Misfit::OffMultiple {
                step: 12,
                below: Some(24),
                above: Some(36)
            }
        );
        assert_eq!(rule.fit(36, PackFactor::ONE), Ok(Quantity(36)));
    }

    #[test]
    fn a_quantity_below_the_minimum_offers_the_minimum_that_is_a_multiple() {
        let rule = OrderRule::new(factor(1), 10, 6).unwrap();
        assert_eq!(
            rule.fit(6, PackFactor::ONE),
            Err(Misfit::BelowMinimum { minimum: Some(12) })
        );
        assert_eq!(
            rule.fit(11, PackFactor::ONE),
            Err(Misfit::OffMultiple {
                step: 6,
                below: None,
                above: Some(12)
            })
        );
    }

    #[test]
    fn a_larger_unit_counts_its_base_units() {
        let rule = OrderRule::new(factor(12), 1, 1).unwrap();
        assert_eq!(rule.fit(1, factor(480)), Ok(Quantity(480)));
        assert_eq!(rule.least(factor(480)), 1);
        assert_eq!(rule.least(PackFactor::ONE), 12);
        // A display of 8 against cases of 12: three displays are two cases.
        assert_eq!(rule.step_in(factor(8)), 3);
    }

    #[test]
    fn nothing_below_one_and_nothing_beyond_the_bound() {
        let rule = OrderRule::new(factor(1), 1, 1).unwrap();
        assert_eq!(rule.fit(0, PackFactor::ONE), Err(Misfit::NotPositive));
        assert_eq!(rule.fit(-3, PackFactor::ONE), Err(Misfit::NotPositive));
        let huge = rule.fit(i64::MAX, PackFactor::ONE);
        assert_eq!(huge, Err(Misfit::TooLarge { maximum: 1_000_000 }));
    }

    #[test]
    fn units_are_read_by_code_and_by_word() {
        assert_eq!("XCS".parse(), Ok(Unit::Case));
        assert_eq!("Karton".parse(), Ok(Unit::Case));
        assert_eq!("pcs".parse(), Ok(Unit::Piece));
        assert_eq!("set".parse(), Ok(Unit::Set));
        assert_eq!("dozen".parse::<Unit>(), Err(UnknownUnit("dozen".into())));
    }
}
