//! The oracle's own arithmetic.

use trade::price::{Item, Target};
use trade::promotion::Promotion;

/// A fraction of ten-thousandths.
#[derive(Clone, Copy)]
pub struct Fraction(pub i128, pub i128);

impl Fraction {
    pub fn cents(self) -> i64 {
        let Fraction(over, under) = self;
        let under = under * 100;
        assert!(over >= 0 && under > 0);
        i64::try_from((2 * over + under) / (2 * under)).unwrap()
    }
    pub fn and(self, other: Fraction) -> Fraction {
        Fraction(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }
    pub fn rate(self, rate: i32) -> Fraction {
        Fraction(self.0 * i128::from(rate), self.1 * 10_000)
    }
    pub fn without(self, price: i128) -> Fraction {
        Fraction((self.0 - price * self.1).max(0), self.1)
    }
    pub fn up_to(self, most: i128) -> Fraction {
        if self.0 > most * self.1 {
            Fraction(most, 1)
        } else {
            self
        }
    }
}

/// Largest remainder, the remainders handed out one by one.
pub fn deal(cents: i64, weights: &[i128]) -> Vec<i64> {
    let total: i128 = weights.iter().sum();
    if total == 0 {
        let first = |at| if at == 0 { cents } else { 0 };
        return (0..weights.len()).map(first).collect();
    }
    let mut parts: Vec<(i64, i128)> = weights
        .iter()
        .map(|weight| i128::from(cents) * weight)
        .map(|exact| (i64::try_from(exact / total).unwrap(), exact % total))
        .collect();
    while parts.iter().map(|p| p.0).sum::<i64>() < cents {
        let largest = parts.iter().map(|p| p.1).max().unwrap();
        let lucky = parts.iter_mut().find(|p| p.1 == largest).unwrap();
        *lucky = (lucky.0 + 1, -1);
    }
    parts.into_iter().map(|p| p.0).collect()
}

/// The same under bounds: what does not fit goes where there is room.
pub fn deal_under(cents: i64, weights: &[i128], bounds: &[i64]) -> Vec<i64> {
    let parts = deal(cents, weights);
    let fitting: Vec<i64> = parts.iter().zip(bounds).map(|(p, b)| *p.min(b)).collect();
    let rest = cents - fitting.iter().sum::<i64>();
    let room: Vec<i128> = fitting
        .iter()
        .zip(bounds)
        .map(|(p, b)| i128::from(b - p))
        .collect();
    let more = if rest > 0 {
        deal(rest, &room)
    } else {
        vec![0; parts.len()]
    };
    fitting.iter().zip(more).map(|(p, m)| p + m).collect()
}

/// Whether an item is of the promotion's assortment.
pub fn belongs(promotion: &Promotion, item: &Item) -> bool {
    let is = |target: &Target| match target {
        Target::Product(product) => *product == item.product,
        Target::Brand(brand) => *brand == item.brand,
        Target::Category(category) => item.categories.iter().any(|c| c == category),
        Target::Everything => true,
    };
    let included = promotion
        .assortment
        .include
        .iter()
        .filter(|t| is(t))
        .count();
    let excluded = promotion
        .assortment
        .exclude
        .iter()
        .filter(|t| is(t))
        .count();
    (included > 0 || promotion.assortment.include.is_empty()) && excluded == 0
}
