//! Who asks, and how they prove it: callers, sessions, passwords, and the unguessable words of
//! sessions, links and forms.

pub mod caller;
pub mod limits;
pub mod links;
pub mod mails;
pub mod password;
pub mod people;
pub mod session;
pub mod token;
pub mod view;
pub mod web;

pub use caller::{
    AccountAdmin, Admin, Buyer, Decider, Finance, Kam, Operations, Planner, SignedIn,
};
