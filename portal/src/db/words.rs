//! Words that tables keep as text and the portal knows as enums.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sea_orm::DeriveValueType)]
        #[sea_orm(value_type = "String")]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),* }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word in tables, files and the API.
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
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                $name::ALL.iter().copied().find(|word| word.name() == text).ok_or_else(|| UnknownWord {
                    kind: stringify!($name),
                    text: text.chars().take(40).collect(),
                })
            }
        }
    )*};
}

/// A word that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {kind}")]
pub struct UnknownWord {
    kind: &'static str,
    text: String,
}

words! {
    /// What a user may do. The first three are a retailer's, the others the brand's own.
    Role {
        /// Orders.
        Buyer = "buyer",
        /// Orders, and approves others' orders.
        Approver = "approver",
        /// Also looks after the account's users and places.
        AccountAdmin = "account_admin",
        /// Looks after accounts.
        Kam = "kam",
        /// Plans promotions.
        Marketing = "marketing",
        /// Looks after receivables.
        Finance = "finance",
        /// Looks after stock and shipments.
        Operations = "operations",
        /// Looks after this Kontor.
        Admin = "admin",
    }

    /// Whether a user may sign in.
    UserStatus {
        /// Has not chosen a password yet.
        Invited = "invited",
        /// May sign in.
        Active = "active",
        /// May not, from the next request on.
        Disabled = "disabled",
    }

    /// Where a product stands in its life.
    ProductStatus {
        /// Sold.
        Active = "active",
        /// Sold while stock lasts.
        PhasingOut = "phasing_out",
        /// No longer sold; kept for history.
        Delisted = "delisted",
    }

    /// What happens when stock is short.
    StockPolicy {
        /// No more is sold than there is.
        Strict = "strict",
        /// The rest is owed.
        BackOrder = "back_order",
        /// Stock is not counted.
        Untracked = "untracked",
    }

    /// How an order came in.
    OrderSource {
        /// A retailer's own user.
        Portal = "portal",
        /// The brand's staff, for an account.
        OnBehalf = "on_behalf",
        /// Another program of the account.
        Api = "api",
        /// History from a file.
        Import = "import",
    }

    /// What becomes of an order that cannot be delivered whole.
    DeliveryPolicy {
        /// Nothing leaves before everything is there.
        Complete = "complete",
        /// What is there leaves, the rest is owed.
        BackOrder = "back_order",
        /// What is there leaves, the rest is cancelled.
        CancelRest = "cancel_rest",
    }

    /// Where a promotion stands, as stored: running and ended follow from approved and the calendar.
    PromotionState {
        /// Being written.
        Draft = "draft",
        /// Waits for another person's approval.
        Submitted = "submitted",
        /// Runs in its time.
        Approved = "approved",
        /// Ended before its time.
        Stopped = "stopped",
        /// Its spend is accounted for.
        Settled = "settled",
        /// Never ran.
        Cancelled = "cancelled",
    }

    /// Whom a promotion reaches.
    Audience {
        /// Every account.
        Everybody = "everybody",
        /// Accounts, groups and regions that are named.
        Chosen = "chosen",
    }

    /// Whether items belong to an assortment, or are taken out of it.
    ItemEffect {
        /// Belongs.
        Include = "include",
        /// Does not, although it would.
        Exclude = "exclude",
    }

    /// What became of a promotion's use in an order.
    UseState {
        /// The order is held.
        Reserved = "reserved",
        /// The order is confirmed.
        Committed = "committed",
        /// The order came to nothing.
        Released = "released",
    }

    /// What an open item is.
    OpenItemKind {
        /// Owed by the account.
        Invoice = "invoice",
        /// Owed to the account.
        CreditNote = "credit_note",
        /// Paid, and not yet matched with an invoice.
        Payment = "payment",
    }

    /// What a rule of approval looks at.
    ApprovalRuleKind {
        /// The order's net.
        Total = "total",
        /// The net of a category's lines.
        Category = "category",
        /// Items without an agreed price.
        OffList = "off_list",
        /// A place that has never been delivered to.
        NewShipTo = "new_ship_to",
        /// The buyer's budget of the period.
        Budget = "budget",
    }

    /// How long a budget lasts.
    BudgetPeriod {
        /// A calendar month.
        Month = "month",
        /// A calendar quarter.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
    /// A list of suggestions: which question it answers.
    SuggestionList {
        /// The usual order.
        Usual = "usual",
        /// Due by its rhythm.
        Due = "due",
        /// New to the account.
        New = "new",
        /// Goes with something.
        GoesWith = "goes_with",
        /// Usually ordered and not in the cart.
        Forgotten = "forgotten",
        /// Instead of something.
        Instead = "instead",
        /// In a promotion it gains from.
        Promotion = "promotion",
    }
    /// Where suggestions are shown.
    Surface {
        /// The buyer's first page.
        Home = "home",
        /// Lists of products.
        Catalogue = "catalogue",
        /// A product's page.
        Product = "product",
        /// The cart.
        Cart = "cart",
        /// Quick order.
        QuickOrder = "quick_order",
        /// A search without a hit.
        Search = "search",
        /// A program asked.
        Api = "api",
        /// A mail.
        Mail = "mail",
        /// An account's profile.
        Kam = "kam",
    }
    /// What an account says of a suggestion it does not want.
    Dismissal {
        /// For half a year.
        NotForUs = "not_for_us",
        /// For one of its own rhythms, or two weeks.
        NotNow = "not_now",
    }
    /// What an account gets in a trial of suggestions.
    TrialArm {
        /// Suggestions.
        Suggestions = "suggestions",
        /// None.
        Control = "control",
    }
    /// What messages are about: what a person chooses a way for.
    Topic {
        /// An order was received, held, confirmed, changed, shipped, cancelled.
        Orders = "orders",
        /// An order waits for one's approval, or one's own was decided.
        Approvals = "approvals",
        /// A promotion one gains from.
        Promotions = "promotions",
        /// An item one waits for is back.
        BackInStock = "back_in_stock",
        /// The usual order is due.
        Reorder = "reorder",
        /// An invoice, a credit note.
        Invoices = "invoices",
        /// A claim was decided.
        Claims = "claims",
        /// What happens in the accounts one looks after.
        Accounts = "accounts",
        /// What the night brought, each morning.
        Morning = "morning",
    }
    /// Whether and when a topic is mailed.
    MailChoice {
        /// A mail each.
        AtOnce = "at_once",
        /// One mail a day.
        Daily = "daily",
        /// None.
        Off = "off",
    }
    /// Why an address is written to no more.
    SuppressedBecause {
        /// Mail came back.
        Bounce = "bounce",
        /// Its reader called a mail unwanted.
        Complaint = "complaint",
        /// Somebody here said so.
        ByHand = "by_hand",
    }
    /// What a mail server sent back.
    BounceKind {
        /// There is no such address.
        Hard = "hard",
        /// It may go next time.
        Soft = "soft",
        /// Its reader called a mail unwanted.
        Complaint = "complaint",
    }
    /// Where a campaign stands.
    CampaignState {
        /// Its day has not come.
        Planned = "planned",
        /// Mails are written.
        Sending = "sending",
        /// Everything is written.
        Finished = "finished",
        /// Ended by hand.
        Stopped = "stopped",
    }
    /// Whether an account of a campaign is told.
    CampaignArm {
        /// Told.
        Mail = "mail",
        /// Told nothing, so that the effect can be told.
        Holdout = "holdout",
    }
    /// Which mail of a campaign.
    Wave {
        /// The first.
        Announcement = "announcement",
        /// Before the end, to those who have not ordered.
        Reminder = "reminder",
    }
}

// It is half of a key; SeaORM asks every key column how it would be made from a row counter.
impl sea_orm::TryFromU64 for Topic {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Topic"))
    }
}

impl Role {
    /// Whether it is a role of an account's users rather than of the brand's own.
    #[must_use]
    pub fn is_retailer(self) -> bool {
        matches!(self, Role::Buyer | Role::Approver | Role::AccountAdmin)
    }
}

impl ProductStatus {
    /// Whether it can be ordered.
    #[must_use]
    pub fn is_sold(self) -> bool {
        match self {
            ProductStatus::Active | ProductStatus::PhasingOut => true,
            ProductStatus::Delisted => false,
        }
    }
}
