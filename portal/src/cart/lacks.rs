//! What a cart may lack: what the account usually orders and has not in it, and what goes with
//! what is in it.

use recommender::Suggestion;
use trade::id::ProductId;

use super::page::Priced;
use crate::app::App;
use crate::db::Tx;
use crate::db::words::SuggestionList;
use crate::error::Result;
use crate::suggestions::picks::{Pick, Wish, picks};

/// Suggestions of each list.
const SHOWN: usize = 6;
/// How many are asked for: some have no price, or are not there.
const ASKED: usize = 24;
/// More than an account is ever due to order.
const DUE: usize = 400;

/// What is suggested beside a cart.
#[derive(Debug, Default)]
pub struct Lacks {
    /// Usually ordered and not in it: what is due first.
    pub forgotten: Vec<Pick>,
    /// Goes with what is in it.
    pub goes_with: Vec<Pick>,
}

#[derive(Debug, Default)]
struct Said {
    forgotten: Vec<Suggestion>,
    goes_with: Vec<Suggestion>,
    due: Vec<ProductId>,
}

/// Asks what the cart lacks; nothing of an empty one.
///
/// # Errors
/// Whatever the database says.
pub async fn lacks(tx: &Tx, app: &App, priced: &Priced) -> Result<Lacks> {
    let mut cart: Vec<ProductId> = priced.lines.iter().map(|line| line.product_id).collect();
    cart.sort_unstable();
    cart.dedup();
    if cart.is_empty() {
        return Ok(Lacks::default());
    }
    let account = priced.whom.account.id;
    let said = crate::suggestions::ask(tx, app, account, ASKED, |model, ask| {
        let due = model.due(&ask.limit(DUE), 0);
        let due: Vec<ProductId> = due.into_iter().map(|one| one.product).collect();
        let mut forgotten = model.forgotten(ask, &cart);
        // In the model's order within what is due, and within what is not.
        forgotten.sort_by_key(|one| !due.contains(&one.product));
        let mut goes_with = model.goes_with(ask, &cart);
        goes_with.retain(|one| !forgotten.iter().any(|other| other.product == one.product));
        Said {
            forgotten,
            goes_with,
            due,
        }
    });
    let said = said.await?.unwrap_or_default();
    let wishes = [
        Wish::new(SuggestionList::Forgotten, said.forgotten, SHOWN).due(&said.due),
        Wish::new(SuggestionList::GoesWith, said.goes_with, SHOWN).due(&said.due),
    ];
    let lists = picks(tx, app, priced.whom.customer, &wishes).await?;
    let mut lists = lists.into_iter();
    Ok(Lacks {
        forgotten: lists.next().unwrap_or_default(),
        goes_with: lists.next().unwrap_or_default(),
    })
}
