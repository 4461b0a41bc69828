//! Freight by order value: the highest step that is reached applies; a charge of zero is free.

use serde::{Deserialize, Serialize};

/// From a value of goods on, what the freight costs; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FreightStep {
    /// Net value of the goods.
    pub from_minor: i64,
    /// The charge.
    pub charge_minor: i64,
}

/// What an order's freight costs, and what would make it free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freight {
    /// The charge, minor units.
    pub charge_minor: i64,
    /// The value of goods from which it is free; none where it never is.
    pub free_from_minor: Option<i64>,
}

impl Freight {
    /// What is missing for free freight; none where it is free, or never will be.
    #[must_use]
    pub fn missing_minor(&self, goods_minor: i64) -> Option<i64> {
        let missing = self.free_from_minor? - goods_minor;
        (self.charge_minor > 0 && missing > 0).then_some(missing)
    }
}

/// The freight of goods worth `goods_minor`. Without a step that is reached there is none.
#[must_use]
pub fn freight(steps: &[FreightStep], goods_minor: i64) -> Freight {
    let reached = steps
        .iter()
        .filter(|step| step.from_minor <= goods_minor)
        .max_by_key(|step| step.from_minor);
    Freight {
        charge_minor: reached.map_or(0, |step| step.charge_minor),
        free_from_minor: steps
            .iter()
            .filter(|step| step.charge_minor == 0)
            .map(|step| step.from_minor)
            .min(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_step_reached_applies_and_what_is_missing_is_told() {
        let step = |from_minor, charge_minor| FreightStep {
            from_minor,
            charge_minor,
        };
        let steps = [step(25_000, 490), step(0, 990), step(50_000, 0)];
        let at = |goods| freight(&steps, goods);
        assert_eq!(at(0).charge_minor, 990);
        assert_eq!(at(24_999).charge_minor, 990);
        assert_eq!(at(25_000).charge_minor, 490);
        assert_eq!(at(25_000).missing_minor(25_000), Some(25_000));
        assert_eq!(at(50_000).charge_minor, 0);
        assert_eq!(at(50_000).missing_minor(50_000), None);
        assert_eq!(freight(&[], 1).charge_minor, 0);
        assert_eq!(freight(&[step(0, 990)], 1).missing_minor(1), None);
    }
}
