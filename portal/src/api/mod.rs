//! Other programs' way in: the REST API under `/api/v1`, its keys, its problems and its description.
//!
//! A key belongs to one account, or to the brand, and may do what its permissions say. Handlers
//! call the use cases that pages call and word the answer as JSON; there is no second logic here.
//! Whatever goes wrong is answered as problem details (RFC 9457), every fault of a body at once.

pub mod body;
pub mod caller;
pub mod cart;
pub mod cursor;
pub mod docs;
pub mod events;
pub mod keys;
pub mod order_shape;
pub mod orders;
pub mod prices;
pub mod problem;
pub mod products;
pub mod recommendations;
pub mod sent;
pub mod shape;
pub mod stock;
pub mod tag;

pub use caller::ApiCaller;
pub use problem::Fault;

/// The answer of a handler.
pub type Answer = Result<actix_web::HttpResponse, Fault>;
