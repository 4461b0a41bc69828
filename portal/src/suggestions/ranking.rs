//! Accounts for a promotion, by what is expected of them: each with the offer at its own prices, of
//! what it sees and is sold. A handful of queries however many accounts there are.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use actix_web::web::Data;
use jiff::civil::Date;
use recommender::Step;
use recommender::answers::promotions::{Gain, Offer};
use sea_orm::sea_query::Value;
use trade::id::{AccountId, ProductId};
use trade::money::{Currency, Money};
use trade::promotion::{Promotion, covers};

use super::on_offer::{Priced, named};
use super::range::step_of;
use super::{day, store};
use crate::app::App;
use crate::catalogue::audiences::Audiences;
use crate::catalogue::padded;
use crate::catalogue::shelf::Shelf;
use crate::db::entity::account;
use crate::db::{Tx, placeholders};
use crate::error::{Error, Result};
use crate::pricing::PriceBook;

/// Items of the promotion that are weighed at all, the most popular first.
const COVERED: usize = 400;
/// Of those an account has ordered, so many are weighed, and so many that it has not.
const OWN: usize = 24;
const NEW: usize = 4;

/// The accounts among `accounts` that something is expected of, the best first; none where there is
/// no model. The caller has found the accounts through its own reach.
///
/// # Errors
/// Whatever the database says; a sum beyond 64 bits.
pub async fn rank(
    tx: &Tx,
    app: &Data<App>,
    promotion: &Promotion,
    accounts: Vec<account::Model>,
) -> Result<Option<Vec<(AccountId, Gain)>>> {
    if !store::ready(tx, app).await? {
        return Ok(None);
    }
    let reference = app.reference.get(tx).await?;
    let shelf = app.shelf.get(tx, &reference).await?;
    let covered: Vec<ProductId> = shelf
        .products
        .iter()
        .filter(|listed| covers(promotion, &shelf.item(listed)))
        .map(|listed| listed.id)
        .take(COVERED)
        .collect();
    let mut products = covered.clone();
    products.extend(named(promotion));
    products.sort_unstable();
    products.dedup();
    // What has not begun is weighed as of its first day.
    let date = Ord::max(app.today(), promotion.validity.from);
    let offering = Offering {
        prices: PriceBook::for_accounts(tx, &accounts, date, &products).await?,
        audiences: Audiences::load(tx, &products).await?,
        ordered: pairs(tx, ORDERED, &accounts, &covered).await?,
        dismissed: dismissed(tx, app.today(), &accounts, &covered).await?,
        promotion: promotion.clone(),
        shelf,
        covered,
        date,
    };
    let asked = app.clone();
    let ranked = actix_web::web::block(move || {
        let offers = offering.offers(&accounts)?;
        let ranked = asked
            .recommender
            .with(|model| model.accounts_for(&offers, day(asked.today())));
        Ok::<_, Error>(ranked)
    });
    ranked
        .await
        .map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?
}

// Of accounts that the caller has found through its own reach.
const ORDERED: &str = "SELECT account_id, product_id FROM account_products WHERE TRUE";
const DISMISSED: &str = "SELECT account_id, product_id FROM suggestion_dismissals \
    WHERE until_on > ";

/// What of `products` the accounts do not want suggested.
pub(super) async fn dismissed(
    tx: &Tx,
    today: Date,
    accounts: &[account::Model],
    products: &[ProductId],
) -> Result<HashSet<(AccountId, ProductId)>> {
    // A local date is digits and hyphens.
    pairs(tx, &format!("{DISMISSED} '{today}'"), accounts, products).await
}

/// Which of `accounts` go with which of `products`.
async fn pairs(
    tx: &Tx,
    select: &str,
    accounts: &[account::Model],
    products: &[ProductId],
) -> Result<HashSet<(AccountId, ProductId)>> {
    let mut found = HashSet::new();
    if accounts.is_empty() || products.is_empty() {
        return Ok(found);
    }
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let (ids, products) = (padded(&ids), padded(products));
    let sql = format!(
        "{select} AND account_id IN ({}) AND product_id IN ({})",
        placeholders(1, ids.len()),
        placeholders(1 + ids.len(), products.len()),
    );
    let ids = ids.iter().map(|id| Value::from(*id));
    let values = ids.chain(products.iter().map(|id| Value::from(*id)));
    for row in tx.rows(&sql, values).await? {
        found.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    Ok(found)
}

/// Everything that the offers are made of.
struct Offering {
    promotion: Promotion,
    shelf: Arc<Shelf>,
    covered: Vec<ProductId>,
    prices: HashMap<AccountId, PriceBook>,
    audiences: Audiences,
    ordered: HashSet<(AccountId, ProductId)>,
    dismissed: HashSet<(AccountId, ProductId)>,
    date: Date,
}

impl Offering {
    fn offers(&self, accounts: &[account::Model]) -> Result<Vec<(AccountId, Offer)>> {
        let offers = accounts.iter().filter_map(|account| {
            let priced = Priced {
                shelf: &self.shelf,
                prices: self.prices.get(&account.id)?,
            };
            let may = |product| self.step(account, product);
            let seen = self.covered.iter().copied().filter(|id| may(*id).is_some());
            let (own, new): (Vec<ProductId>, Vec<ProductId>) =
                seen.partition(|id| self.ordered.contains(&(account.id, *id)));
            let products = own.into_iter().take(OWN).chain(new.into_iter().take(NEW));
            let offer = priced.offer(&self.promotion, self.date, products, &may);
            Some(offer.map(|offer| (account.id, offer)))
        });
        offers.collect()
    }

    /// As [`super::Range::step`] answers for one account.
    fn step(&self, account: &account::Model, product: ProductId) -> Option<Step> {
        let wanted = !self.dismissed.contains(&(account.id, product));
        let sees = self.audiences.sees(account.id, account.group_id, product);
        let place = self.shelf.place(product).filter(|_| sees && wanted)?;
        step_of(self.shelf.products.get(place)?)
    }
}

/// An amount of the major unit.
#[must_use]
pub fn money(value: f64, currency: Currency) -> Money {
    let decimals = usize::try_from(currency.decimals()).unwrap_or(2);
    let text = format!("{:.decimals$}", value.clamp(-1e9, 1e9));
    let zero = Money::zero(currency);
    Money::from_decimal(&text, currency).unwrap_or(zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_is_an_amount_of_the_promotions_currency() {
        let minor = |value| money(value, Currency::EUR).minor;
        assert_eq!([12.345, -0.5, 0.0].map(minor), [1_235, -50, 0]);
        assert_eq!(minor(f64::NAN), 0);
    }
}
