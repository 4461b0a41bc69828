//! What a retailer will order next, and why.
//!
//! Purchase history goes in, ranked suggestions with their reasons come out: the usual order with
//! its quantities, what is due, what to try, what goes with a cart, what replaces an item, which
//! promotion an account gains from, and where it differs from accounts like it.
//!
//! ```
//! use recommender::{Ask, Day, Line, Order, PurchaseHistory, Settings, Step, train};
//! use trade::id::{AccountId, ProductId};
//! use uuid::Uuid;
//!
//! let (shop, seed) = (AccountId(Uuid::from_u128(1)), ProductId(Uuid::from_u128(7)));
//! let orders = (0..6).map(|week| Order {
//!     account: shop,
//!     day: Day(week * 14),
//!     lines: vec![Line { product: seed, pieces: 24 }],
//! });
//! let model = train(PurchaseHistory::of(orders), &Settings::default()).model;
//! let anything = |_| Some(Step::SINGLE);
//! let usual = model.usual_order(&Ask::new(shop, Day(84), &anything));
//! assert_eq!((usual[0].product, usual[0].pieces), (seed, 24));
//! ```
//!
//! What always holds:
//! - Nothing is suggested for which [`Ask::may`] has no [`Step`].
//! - Every [`Reason`] is a fact of the history; `tests/reasons.rs` counts each of them anew.
//! - The order in which orders of one day arrive changes nothing; nor does the number of threads.
//! - [`Model::observe`] leaves the model as if the order had been there at the start, but for what
//!   only training learns.
#![expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "dense arrays, indexed by numbers this crate handed out, hold counts as floats"
)]

pub mod answers;
pub mod baselines;
pub mod history;
mod learn;
pub mod model;
mod rank;
pub mod snapshot;
pub mod state;
pub mod suggestion;

pub use history::{Day, Item, Line, Order, PurchaseHistory, Retailer};
pub use model::{Model, Settings, Trained, train};
pub use suggestion::{Ask, List, Reason, Step, Suggestion};
