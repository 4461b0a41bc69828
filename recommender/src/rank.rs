//! Which items an account will order next: candidates, what speaks for each, and the learned order
//! of them.
//!
//! The method follows what holds up in comparisons of next-basket recommendation: decayed personal
//! frequency and neighbours' baskets (TIFU-KNN, Hu et al. 2020; UP-CF, Faggioli et al. 2020) with
//! recency and rhythm of each account's items (ReCANet, Ariannezhad et al. 2022), blended by a
//! logistic regression and boosted trees that learn from orders held out.

pub(crate) mod candidates;
mod chance;
mod cuts;
mod examples;
pub(crate) mod features;
pub(crate) mod fit;
pub(crate) mod index;
mod judge;
pub(crate) mod order;
mod tune;
