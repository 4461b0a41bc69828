//! What a promotion gives on what is left.

use super::Part;
use super::exact::Exact;
use super::goods::{Goods, Left};
use super::spread::spread;
use crate::money::MoneyError;

/// What a promotion that is reached gives; possibly nothing, where nothing is left.
#[derive(Debug, Clone)]
pub(super) struct Benefit {
    /// Minor units off each product concerned, by its place in the basket's goods.
    pub off: Vec<(usize, i64)>,
    /// What it costs the brand: the discount, or what the free goods are worth.
    pub spend: i64,
    /// How often a repeating mechanic was reached.
    pub times: i64,
    /// What comes along.
    pub gives: Gives,
}

/// What comes along with a gain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// Nothing but the discount.
    Discount,
    /// Goods at no charge.
    Goods(Part),
    /// The freight.
    Freight,
}

impl Benefit {
    /// Whether it gives anything at all.
    pub fn is_any(&self) -> bool {
        self.spend > 0 || self.gives != Gives::Discount
    }

    /// What it takes off lines in all.
    pub fn discount(&self) -> i64 {
        self.off.iter().map(|(_, minor)| minor).sum()
    }

    /// So much off each of these products.
    pub fn off_items(off: Vec<(usize, i64)>, times: i64) -> Benefit {
        let spend = off.iter().map(|(_, minor)| minor).sum();
        Benefit {
            off,
            spend,
            times,
            gives: Gives::Discount,
        }
    }

    /// `discount` off several products together: rounded once, at most what is left of them, and
    /// spread by the value in question.
    pub fn off_together(
        goods: &Goods<'_>,
        left: &Left,
        discount: Exact,
        concerned: &[(usize, i128)],
        times: i64,
    ) -> Result<Benefit, MoneyError> {
        let over: Vec<(i128, i64)> = concerned
            .iter()
            .map(|(good, value)| (*value, left.of(*good).minor))
            .collect();
        let bound = over
            .iter()
            .try_fold(0_i64, |sum, (_, bound)| sum.checked_add(*bound))
            .ok_or(MoneyError::TooLarge)?;
        let minor = Ord::min(discount.to_minor(goods.scale)?, bound);
        let parts = spread(minor, &over);
        let off = concerned
            .iter()
            .zip(parts)
            .map(|((good, _), part)| (*good, part));
        Ok(Benefit::off_items(
            off.filter(|(_, part)| *part > 0).collect(),
            times,
        ))
    }
}
