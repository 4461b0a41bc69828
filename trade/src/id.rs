//! Identities: one type a thing, so that an order's id is never taken for an account's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

// SeaORM asks every key column how it would be made from a row counter; ours never are.
macro_rules! unnumbered {
    ($name:path) => {
        #[cfg(feature = "sea-orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

unnumbered!(crate::money::Currency);
unnumbered!(crate::quantity::Unit);
unnumbered!(crate::tax::TaxClass);
unnumbered!(crate::calendar::LocalDate);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sea-orm", derive(sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        unnumbered!($name);
    )*};
}

ids! {
    /// A retailer company that buys.
    AccountId,
    /// A group of accounts that share conditions.
    AccountGroupId,
    /// A place an account receives goods at.
    ShipToId,
    /// A person who signs in.
    UserId,
    /// A sellable item.
    ProductId,
    /// The brand printed on a product.
    ProductBrandId,
    /// A node of the category tree.
    CategoryId,
    /// A list of prices, or of a contract's conditions.
    PriceListId,
    /// Conditions agreed with an account or a group for a period.
    ContractId,
    /// An order being built.
    CartId,
    /// A line of a cart.
    CartLineId,
    /// A submitted order.
    OrderId,
    /// A credit note.
    CreditNoteId,
    /// A promotion.
    PromotionId,
    /// Telling retailers of a promotion.
    CampaignId,
    /// Where a program wants to be told.
    WebhookId,
    /// A budget promotions spend from.
    FundId,
    /// What keeps an order from being confirmed until somebody decides.
    HoldId,
    /// An invoice, credit note or payment that is not settled.
    OpenItemId,
    /// A rule by which an account's orders need approval.
    ApprovalRuleId,
}
