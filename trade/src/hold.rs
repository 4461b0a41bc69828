//! Holds: what keeps an order from being confirmed, on which facts, and who may decide.
//!
//! A hold is a row in somebody's queue. It is decided once: released, rejected, expired past its
//! due time, or withdrawn with its order. Approval runs in levels: the second level waits until
//! the first is released.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{CategoryId, ProductId, UserId};
use crate::money::Money;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $unknown:literal { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "sea-orm", sea_orm(value_type = "String"))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word in tables and the API.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownHoldWord;
            fn from_str(text: &str) -> Result<Self, UnknownHoldWord> {
                $name::ALL.iter().copied().find(|word| word.name() == text).ok_or_else(|| {
                    UnknownHoldWord(format!("{:?} is no {}", text.chars().take(40).collect::<String>(), $unknown))
                })
            }
        }
    )*};
}

/// A word that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownHoldWord(String);

words! {
    /// Why an order is held.
    HoldKind, "kind of hold" {
        /// A rule of the account asks for approval.
        Approval = "approval",
        /// It would take the bill-to over its credit limit.
        Credit = "credit",
        /// The bill-to has items overdue beyond what is tolerated.
        Overdue = "overdue",
        /// Something is owed without a known date, or the account takes complete deliveries only.
        StockShort = "stock_short",
        /// Prices moved between submit and release.
        PriceDrift = "price_drift",
        /// Below the minimum order value.
        BelowMinimum = "below_minimum",
        /// Looks like an order placed shortly before.
        Duplicate = "duplicate",
        /// A quantity far from what this account usually orders.
        UnusualQuantity = "unusual_quantity",
        /// The KAM wants to see every order of this account.
        KamReview = "kam_review",
        /// The export to the ERP failed.
        ExportFailed = "export_failed",
    }

    /// Who may decide a hold.
    Releaser, "releaser" {
        /// The account's approvers and admins (a named one, where the rule names one).
        Approver = "approver",
        /// The account's KAM.
        Kam = "kam",
        /// The brand's finance people.
        Finance = "finance",
        /// The brand's order desk and warehouse.
        Operations = "operations",
    }

    /// Where a hold stands.
    HoldState, "hold state" {
        /// A later level of approval; opens when the one before is released.
        Waiting = "waiting",
        /// Somebody has to decide.
        Open = "open",
        /// Decided: the order may go on.
        Released = "released",
        /// Decided: the order is rejected.
        Rejected = "rejected",
        /// Nobody decided in time.
        Expired = "expired",
        /// Its order was cancelled, or rejected by another hold.
        Withdrawn = "withdrawn",
    }
}

impl HoldKind {
    /// Who decides it.
    #[must_use]
    pub fn releaser(self) -> Releaser {
        match self {
            HoldKind::Approval => Releaser::Approver,
            HoldKind::Credit | HoldKind::Overdue => Releaser::Finance,
            HoldKind::StockShort | HoldKind::ExportFailed => Releaser::Operations,
            HoldKind::PriceDrift
            | HoldKind::BelowMinimum
            | HoldKind::Duplicate
            | HoldKind::UnusualQuantity
            | HoldKind::KamReview => Releaser::Kam,
        }
    }

    /// Days after opening until it expires. A retailer's own approval may take a working week;
    /// the brand's own people are quicker, and stock stays reserved meanwhile.
    #[must_use]
    pub fn due_days(self) -> i32 {
        match self {
            HoldKind::Approval => 7,
            HoldKind::Credit | HoldKind::Overdue | HoldKind::StockShort => 5,
            HoldKind::PriceDrift
            | HoldKind::BelowMinimum
            | HoldKind::Duplicate
            | HoldKind::UnusualQuantity
            | HoldKind::KamReview
            | HoldKind::ExportFailed => 3,
        }
    }
}

impl HoldState {
    /// Whether the order still waits for it.
    #[must_use]
    pub fn holds_up(self) -> bool {
        match self {
            HoldState::Waiting | HoldState::Open => true,
            HoldState::Released
            | HoldState::Rejected
            | HoldState::Expired
            | HoldState::Withdrawn => false,
        }
    }
}

/// Why a rule of the account asks for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum ApprovalReason {
    /// The net total is above a threshold.
    Total {
        /// The order's net.
        net: Money,
        /// What may be ordered without approval.
        threshold: Money,
    },
    /// Lines of a category add up to more than a threshold.
    Category {
        /// The category.
        category: CategoryId,
        /// Its name path.
        name: String,
        /// Net of the lines in it.
        net: Money,
        /// What may be ordered of it without approval.
        threshold: Money,
    },
    /// Items without an agreed price.
    OffList {
        /// Article numbers, the first twenty.
        skus: Vec<String>,
        /// How many there are.
        count: i64,
    },
    /// A place the account has never had goods delivered to.
    NewShipTo {
        /// Its name.
        name: String,
    },
    /// The buyer's budget of the period.
    Budget {
        /// First day of the period.
        from: Date,
        /// The budget.
        limit: Money,
        /// Used before this order.
        used: Money,
        /// The order's net.
        net: Money,
    },
}

/// A line the facts speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFact {
    /// The item.
    pub product: ProductId,
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Base units ordered.
    pub ordered: i64,
    /// What it is measured against: available, or usually ordered; base units.
    pub against: i64,
    /// When more is there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<Date>,
}

/// The facts a hold rests on, as they were when it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Facts {
    /// Of an approval: all rules of its level that ask for it.
    Approval {
        /// Why.
        reasons: Vec<ApprovalReason>,
    },
    /// Of a credit hold.
    Credit {
        /// The bill-to's limit.
        limit: Money,
        /// Its exposure before this order.
        exposure: Money,
        /// The order's gross.
        gross: Money,
    },
    /// Of an overdue hold.
    Overdue {
        /// What is overdue beyond the tolerance.
        overdue: Money,
        /// How many items.
        items: i64,
        /// Days the oldest is past its due date.
        oldest_days: i64,
        /// Days that are tolerated.
        tolerance_days: i64,
    },
    /// Of a stock hold.
    StockShort {
        /// Lines that are owed.
        lines: Vec<LineFact>,
        /// The account takes complete deliveries only.
        complete_only: bool,
    },
    /// Of a price drift.
    PriceDrift {
        /// What the order says.
        before: Money,
        /// What it would cost now, both net.
        now: Money,
    },
    /// Of an order below the minimum.
    BelowMinimum {
        /// The order's net goods.
        net: Money,
        /// The minimum.
        minimum: Money,
    },
    /// Of a duplicate suspect.
    Duplicate {
        /// Number of the earlier order.
        order: String,
        /// Milliseconds since 1970 of its submit.
        placed_at: i64,
    },
    /// Of an unusual quantity.
    UnusualQuantity {
        /// The lines.
        lines: Vec<LineFact>,
    },
    /// Of an account under review.
    KamReview {
        /// Why, in the KAM's words.
        note: String,
    },
    /// Of a failed export.
    ExportFailed {
        /// What the other side said.
        error: String,
    },
}

/// A hold that a submit opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Why.
    pub kind: HoldKind,
    /// 1 for all but later levels of approval.
    pub level: i32,
    /// The one person who may decide; anybody with the role otherwise.
    pub approver: Option<UserId>,
    /// On what it rests.
    pub facts: Facts,
}

impl Opening {
    /// A hold of one level that anybody with the role may decide.
    #[must_use]
    pub fn new(kind: HoldKind, facts: Facts) -> Opening {
        Opening {
            kind,
            level: 1,
            approver: None,
            facts,
        }
    }
}

/// What becomes of an order by its holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody still has to decide.
    Held,
    /// Nothing is in the way.
    Confirm,
    /// One hold was rejected.
    Reject,
    /// One hold expired.
    Expire,
}

/// What the holds of an order make of it.
#[must_use]
pub fn verdict(states: impl IntoIterator<Item = HoldState>) -> Verdict {
    let mut verdict = Verdict::Confirm;
    for state in states {
        match state {
            HoldState::Rejected => return Verdict::Reject,
            HoldState::Expired => verdict = Verdict::Expire,
            HoldState::Waiting | HoldState::Open if verdict == Verdict::Confirm => {
                verdict = Verdict::Held;
            }
            HoldState::Waiting | HoldState::Open | HoldState::Released | HoldState::Withdrawn => {}
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rejection_decides_and_nothing_is_confirmed_while_one_is_open() {
        use HoldState::{Expired, Open, Rejected, Released, Waiting, Withdrawn};
        assert_eq!(verdict([]), Verdict::Confirm);
        assert_eq!(verdict([Released, Withdrawn]), Verdict::Confirm);
        assert_eq!(verdict([Released, Open]), Verdict::Held);
        assert_eq!(verdict([Released, Waiting]), Verdict::Held);
        assert_eq!(verdict([Open, Expired]), Verdict::Expire);
        assert_eq!(verdict([Expired, Open, Rejected]), Verdict::Reject);
    }

    #[test]
    fn words_are_read_back() {
        for kind in HoldKind::ALL {
            assert_eq!(kind.name().parse(), Ok(*kind));
        }
        assert!("lost".parse::<HoldState>().is_err());
    }
}
