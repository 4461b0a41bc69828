//! What an account is due to order, remembered until something it follows from changes: lists mark
//! it without asking the model again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use trade::id::ProductId;

use super::Origin;
use super::words::{self, Reader};
use crate::app::App;
use crate::catalogue::marks::Marks;
use crate::catalogue::rows::Shopper;
use crate::catalogue::shelf::Shelf;
use crate::db::Tx;
use crate::error::Result;
use crate::pricing::PriceBook;
use crate::web::shape::Message;

/// How many accounts are remembered; beyond, all are asked for again.
const ACCOUNTS: usize = 2_000;
/// More than an account is ever due to order.
const MOST: usize = 400;

/// What decides what is due, as one statement reads it beside what a page asks anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// How many orders it has placed.
    pub placed: i64,
    /// How often one of them ceased to count, or was changed.
    pub changed: i64,
    /// What it dismissed.
    pub dismissed: i64,
    /// When it dismissed last.
    pub dismissed_at: i64,
    /// When the trial that runs began; 0 where none does.
    pub trial_at: i64,
}

/// What is due, and why.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// By their places on the shelf.
    pub marks: Marks,
    rhythms: HashMap<ProductId, Message>,
}

impl Due {
    /// The account's rhythm in words, for a product that is due.
    #[must_use]
    pub fn rhythm(&self, product: ProductId) -> Option<&Message> {
        self.rhythms.get(&product)
    }

    /// Whether a product is due.
    #[must_use]
    pub fn has(&self, product: ProductId) -> bool {
        self.rhythms.contains_key(&product)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    stamp: Stamp,
    model: Option<Origin>,
    catalogue: i64,
    today: Date,
}

/// Keeps [`Due`] between requests.
#[derive(Default)]
pub struct DueCache {
    known: Mutex<HashMap<trade::id::AccountId, (Key, Arc<Due>)>>,
}

impl DueCache {
    /// What `shopper` is due to order today.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn get(
        &self,
        tx: &Tx,
        app: &App,
        shelf: &Shelf,
        shopper: &Shopper,
    ) -> Result<Arc<Due>> {
        if shopper.bought == 0 {
            return Ok(Arc::default());
        }
        let account = shopper.customer.account;
        let key = Key {
            stamp: shopper.stamp,
            model: app.recommender.origin(),
            catalogue: shelf.reference.version,
            today: shopper.customer.date,
        };
        if let Some((known, due)) = self.known().get(&account)
            && *known == key
        {
            return Ok(Arc::clone(due));
        }
        let due = Arc::new(ask(tx, app, shelf, shopper).await?);
        // The first to ask may have brought the model here.
        let key = Key {
            model: app.recommender.origin(),
            ..key
        };
        let mut known = self.known();
        if known.len() >= ACCOUNTS {
            known.clear();
        }
        known.insert(account, (key, Arc::clone(&due)));
        Ok(due)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<trade::id::AccountId, (Key, Arc<Due>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(tx: &Tx, app: &App, shelf: &Shelf, shopper: &Shopper) -> Result<Due> {
    let account = shopper.customer.account;
    let due = super::ask(tx, app, account, MOST, |model, ask| model.due(ask, 0));
    let mut due = due.await?.unwrap_or_default();
    let ids: Vec<ProductId> = due.iter().map(|one| one.product).collect();
    let prices = PriceBook::for_list(tx, shopper.customer, &ids).await?;
    due.retain(|one| {
        let listed = shelf
            .place(one.product)
            .and_then(|place| shelf.products.get(place));
        listed.is_some_and(|listed| {
            let unit = (listed.order_unit, listed.factor);
            let price = prices.price_of(&shelf.item(listed), unit, listed.least);
            price.is_some()
        })
    });
    let reasons = words::reasons(tx, app, Reader::Buyer, &due).await?;
    let mut marks = Marks::none(shelf.products.len());
    let mut rhythms = HashMap::with_capacity(due.len());
    for (one, reasons) in due.iter().zip(reasons) {
        let rhythm = reasons.iter().find(|reason| reason.kind == "rhythm");
        let said = rhythm.or(reasons.first());
        if let Some(said) = said {
            rhythms.insert(one.product, said.text.clone());
            shelf
                .place(one.product)
                .into_iter()
                .for_each(|place| marks.mark(place));
        }
    }
    Ok(Due { marks, rhythms })
}
