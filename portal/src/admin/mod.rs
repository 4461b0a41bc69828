//! What the brand's administrators look after: people, outgoing mail, the audit log, imports, and
//! how the system is.

pub mod audit;
pub mod health;
pub mod mail;
pub mod users;
pub mod view;
pub mod web;

use crate::error::Result;
use crate::web::shape::{Paging, Query};

/// Rows on a page of a list.
pub const PAGE: u64 = 50;

/// The page of a list that `query` asks for, and how many rows come before it. The page's number
/// leaves the query: links to other pages set it anew.
///
/// # Errors
/// None that a list of this world reaches.
pub fn paging(query: &mut Query, total: u64) -> Result<(Paging, u64)> {
    let asked = query
        .remove("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let paging = Paging::new(asked, i64::try_from(PAGE)?, i64::try_from(total)?);
    let offset = u64::try_from(paging.page - 1)? * PAGE;
    Ok((paging, offset))
}
