//! What is asked, and what is answered: a suggestion with its reasons as data.

use serde::{Deserialize, Serialize};
use trade::id::{AccountId, CategoryId, ProductBrandId, ProductId, PromotionId};

use crate::history::Day;

/// In which steps an item can be ordered, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The least, a multiple of `multiple`; at least 1.
    pub least: u32,
    /// Every quantity is a multiple of this; at least 1.
    pub multiple: u32,
}

impl Step {
    /// One piece and up.
    pub const SINGLE: Step = Step {
        least: 1,
        multiple: 1,
    };

    /// The allowed quantity nearest to `pieces`, the larger of two; never under the least.
    #[must_use]
    pub fn nearest(self, pieces: f64) -> u32 {
        let multiple = self.multiple.max(1);
        let times = (pieces / f64::from(multiple)).round().clamp(0.0, 1e6);
        let times = times as u32;
        times.saturating_mul(multiple).max(self.least).max(1)
    }
}

/// Whether an account may order an item right now (sees it, it has a price, it is sold), and in
/// which steps; `None` where it may not.
pub type May<'a> = &'a (dyn Fn(ProductId) -> Option<Step> + Sync);

/// A question for an account.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Who asks.
    pub account: AccountId,
    /// The brand's local date.
    pub today: Day,
    /// What they may order.
    pub may: May<'a>,
    /// At most so many suggestions.
    pub limit: usize,
}

impl<'a> Ask<'a> {
    /// A question for 20 suggestions.
    #[must_use]
    pub fn new(account: AccountId, today: Day, may: May<'a>) -> Self {
        Self {
            account,
            today,
            may,
            limit: 20,
        }
    }

    /// The same, for at most `limit` suggestions.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }
}

/// Which question a suggestion answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The usual order.
    Usual,
    /// Due by its rhythm, or overdue.
    Due,
    /// New to this account.
    New,
    /// Goes with what is in the cart, or with a product.
    GoesWith,
    /// Usually ordered, and not in the cart.
    Forgotten,
    /// Instead of an item.
    Instead,
    /// In a promotion this account gains from.
    Promotion,
}

/// An item to order, how much of it, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What.
    pub product: ProductId,
    /// How many base units: allowed by its [`Step`]; for new items what others begin with.
    pub pieces: u32,
    /// What lists are sorted by, largest first; comparable within one list only.
    pub score: f64,
    /// That the account's next order holds the item, 0 to 1, calibrated on held-out orders; none
    /// where the list states none.
    pub probability: Option<f64>,
    /// The strongest first; for lists to buyers at least one.
    pub reasons: Vec<Reason>,
}

/// A fact of the history that speaks for an item. Each can be counted anew from the orders.
///
/// "Orders" are an account's orders, those of one day counted once. Days are whole local days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// It stood in `times` of the account's last `of` orders.
    OftenOrdered {
        /// 1 to `of`.
        times: u32,
        /// The account's orders, at most 8.
        of: u32,
    },
    /// The account orders it about every `every_days` days (the median of its own gaps, at least
    /// two of them, half days up), the last time `last_days_ago` days ago.
    Rhythm {
        /// The median gap, 1 or more.
        every_days: u32,
        /// Since the last order with it.
        last_days_ago: u32,
    },
    /// Ordered last on this day, so many pieces.
    LastOrdered {
        /// When.
        on: Day,
        /// Base units of that day's orders together.
        pieces: u32,
    },
    /// Of the `of` accounts most like this one, `buyers` have ordered it.
    LikeAccounts {
        /// 1 to `of`.
        buyers: u32,
        /// At most 30, as [`crate::Model::similar_accounts`] names them.
        of: u32,
    },
    /// Of the `of` orders (of all accounts) with `product` in them, `with` held this item too.
    GoesWith {
        /// What is in the cart, on the page, or in the account's last order.
        product: ProductId,
        /// 1 to `of`.
        with: u32,
        /// Orders with `product`.
        of: u32,
    },
    /// In the last 28 days `recent` orders held it, in the 364 days before `before`, so that it
    /// sells at least one and a half times as well as it did.
    Rising {
        /// Orders of the last 28 days, of all accounts.
        recent: u32,
        /// Orders of the 364 days before those.
        before: u32,
    },
    /// In the 28 days from this day last year on, the account ordered it.
    Season {
        /// The first day it did so.
        on: Day,
    },
    /// The account ordered `orders` times from this category, though not this item.
    CategoryYouStock {
        /// The item's category.
        category: CategoryId,
        /// Orders with something of it, 1 or more.
        orders: u32,
    },
    /// The account ordered `orders` times from this brand, though not this item.
    BrandYouStock {
        /// The item's brand.
        brand: ProductBrandId,
        /// Orders with something of it, 1 or more.
        orders: u32,
    },
    /// `buyers` of the `of` accounts in the same group (or, without a group, region) have ordered
    /// it.
    OfYourKind {
        /// 1 to `of`.
        buyers: u32,
        /// Accounts of that kind that have ordered anything, without this one.
        of: u32,
    },
    /// `buyers` of all `of` accounts that have ordered anything ordered it.
    Popular {
        /// 1 to `of`.
        buyers: u32,
        /// Accounts with an order.
        of: u32,
    },
    /// It takes the place of `product`: the brand says so, or accounts went over to it.
    Replaces {
        /// What it replaces.
        product: ProductId,
        /// Accounts whose first order with this came after their last with `product`; 0 where only
        /// the brand says so.
        switched: u32,
    },
    /// It is a variant of `product` by name, in the same category (or neither has one).
    VariantOf {
        /// What it resembles.
        product: ProductId,
    },
    /// Nobody has ordered it yet; it was added to the range.
    JustAdded,
    /// It takes part in a promotion.
    InPromotion {
        /// Which.
        promotion: PromotionId,
    },
}
