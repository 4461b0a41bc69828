//! Orders: their states, the moves between them, and a line's quantities.

use serde::{Deserialize, Serialize};

use crate::quantity::Quantity;

/// Where an order stands. A cart is its own thing; submit ends in held or confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Somebody has to decide about a hold.
    Held,
    /// Accepted; buyers may still cancel before the cut-off.
    Confirmed,
    /// Handed over for picking; buyers' edits are closed.
    Released,
    /// Every line's open quantity is zero.
    Closed,
    /// Withdrawn by the buyer or the brand.
    Cancelled,
    /// Declined by the brand.
    Rejected,
    /// Held past its due time.
    Expired,
}

impl OrderState {
    /// Every state.
    pub const ALL: [OrderState; 7] = [
        OrderState::Held,
        OrderState::Confirmed,
        OrderState::Released,
        OrderState::Closed,
        OrderState::Cancelled,
        OrderState::Rejected,
        OrderState::Expired,
    ];

    /// The name in tables and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OrderState::Held => "held",
            OrderState::Confirmed => "confirmed",
            OrderState::Released => "released",
            OrderState::Closed => "closed",
            OrderState::Cancelled => "cancelled",
            OrderState::Rejected => "rejected",
            OrderState::Expired => "expired",
        }
    }

    /// Whether the move is one of the table of order moves.
    #[must_use]
    pub fn may_become(self, next: OrderState) -> bool {
        use OrderState::{Cancelled, Closed, Confirmed, Expired, Held, Rejected, Released};
        match self {
            Held => matches!(next, Confirmed | Rejected | Expired | Cancelled),
            Confirmed => matches!(next, Released | Cancelled),
            Released => matches!(next, Closed),
            Closed | Cancelled | Rejected | Expired => false,
        }
    }

    /// Whether goods are still to come.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            OrderState::Held | OrderState::Confirmed | OrderState::Released => true,
            OrderState::Closed
            | OrderState::Cancelled
            | OrderState::Rejected
            | OrderState::Expired => false,
        }
    }
}

/// A word that is no order state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an order state")]
pub struct UnknownOrderState(pub String);

impl std::str::FromStr for OrderState {
    type Err = UnknownOrderState;
    fn from_str(text: &str) -> Result<Self, UnknownOrderState> {
        OrderState::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| UnknownOrderState(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for OrderState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What becomes of a line's quantity, in base units:
/// `ordered = cancelled + shipped + allocated + back_ordered`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineQuantities {
    /// What was ordered.
    pub ordered: Quantity,
    /// Withdrawn.
    pub cancelled: Quantity,
    /// Sent.
    pub shipped: Quantity,
    /// Set aside in the warehouse.
    pub allocated: Quantity,
    /// Owed.
    pub back_ordered: Quantity,
}

impl LineQuantities {
    /// A new line of which `available` can be set aside; the rest is owed.
    #[must_use]
    pub fn promise(ordered: Quantity, available: Quantity) -> LineQuantities {
        let allocated = Quantity(ordered.0.min(available.0).max(0));
        LineQuantities {
            ordered,
            cancelled: Quantity(0),
            shipped: Quantity(0),
            allocated,
            back_ordered: Quantity(ordered.0 - allocated.0),
        }
    }

    /// Withdraws everything that was not sent.
    #[must_use]
    pub fn cancel_open(self) -> LineQuantities {
        LineQuantities {
            cancelled: Quantity(self.cancelled.0 + self.allocated.0 + self.back_ordered.0),
            allocated: Quantity(0),
            back_ordered: Quantity(0),
            ..self
        }
    }

    /// Whether the parts add up, none below zero.
    #[must_use]
    pub fn balances(&self) -> bool {
        let parts = [
            self.cancelled,
            self.shipped,
            self.allocated,
            self.back_ordered,
        ];
        parts.iter().all(|part| part.0 >= 0)
            && parts.iter().map(|part| part.0).sum::<i64>() == self.ordered.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_orders_do_not_move_and_released_ones_cannot_be_cancelled() {
        for state in OrderState::ALL {
            assert!(!OrderState::Closed.may_become(state));
            assert_eq!(state.name().parse(), Ok(state));
        }
        assert!(OrderState::Confirmed.may_become(OrderState::Cancelled));
        assert!(!OrderState::Released.may_become(OrderState::Cancelled));
    }

    #[test]
    fn cancelling_gives_back_what_was_not_sent() {
        let line = LineQuantities::promise(Quantity(24), Quantity(10));
        assert_eq!((line.allocated.0, line.back_ordered.0), (10, 14));
        let gone = line.cancel_open();
        assert_eq!(
            (gone.cancelled.0, gone.allocated.0, gone.back_ordered.0),
            (24, 0, 0)
        );
        assert!(line.balances() && gone.balances());
    }
}
