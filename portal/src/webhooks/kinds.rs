//! The kinds of events, in the words that programs read.

/// What can happen.
///
/// Stock is not among them: every order moves it, the brand's own system counts it, and of a product
/// that an account does not see its programs must not hear. Who waits for an item is told when it
/// is back, and the number itself is there to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An order came in.
    OrderPlaced,
    /// An order waits for somebody's decision; again when what it waits for has changed.
    OrderHeld,
    /// One of the decisions that an order waited for went its way.
    OrderHoldReleased,
    /// An order is accepted.
    OrderConfirmed,
    /// What an order gets has changed: goods were set aside for what was owed.
    OrderChanged,
    /// Somebody decided against an order.
    OrderRejected,
    /// Nobody decided in time.
    OrderExpired,
    /// An order was withdrawn before it left.
    OrderCancelled,
    /// A promotion was approved, and runs in its time.
    PromotionApproved,
    /// A running promotion was ended early.
    PromotionStopped,
    /// An approved promotion was withdrawn before it ran.
    PromotionCancelled,
    /// A mail came back, and its address gets no more.
    MailBounced,
    /// An admin tries an endpoint.
    Test,
}

impl Kind {
    /// Those an endpoint can choose, in the order in which its page shows them.
    pub const CHOICES: [Kind; 12] = [
        Kind::OrderPlaced,
        Kind::OrderHeld,
        Kind::OrderHoldReleased,
        Kind::OrderConfirmed,
        Kind::OrderChanged,
        Kind::OrderRejected,
        Kind::OrderExpired,
        Kind::OrderCancelled,
        Kind::PromotionApproved,
        Kind::PromotionStopped,
        Kind::PromotionCancelled,
        Kind::MailBounced,
    ];

    /// The word that programs read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::OrderPlaced => "order.placed",
            Kind::OrderHeld => "order.held",
            Kind::OrderHoldReleased => "order.hold_released",
            Kind::OrderConfirmed => "order.confirmed",
            Kind::OrderChanged => "order.changed",
            Kind::OrderRejected => "order.rejected",
            Kind::OrderExpired => "order.expired",
            Kind::OrderCancelled => "order.cancelled",
            Kind::PromotionApproved => "promotion.approved",
            Kind::PromotionStopped => "promotion.stopped",
            Kind::PromotionCancelled => "promotion.cancelled",
            Kind::MailBounced => "mail.bounced",
            Kind::Test => "webhook.test",
        }
    }

    /// Whether it concerns an account, so that an endpoint of one may hear of it.
    #[must_use]
    pub fn is_of_account(self) -> bool {
        match self {
            Kind::OrderPlaced
            | Kind::OrderHeld
            | Kind::OrderHoldReleased
            | Kind::OrderConfirmed
            | Kind::OrderChanged
            | Kind::OrderRejected
            | Kind::OrderExpired
            | Kind::OrderCancelled
            | Kind::Test => true,
            Kind::PromotionApproved
            | Kind::PromotionStopped
            | Kind::PromotionCancelled
            | Kind::MailBounced => false,
        }
    }

    /// The kind of that name, of those that can be chosen.
    #[must_use]
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::CHOICES.into_iter().find(|kind| kind.name() == word)
    }
}
