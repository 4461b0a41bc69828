//! What one promotion gives many accounts: of each its own items of it in the quantities it usually
//! takes, at its own prices, as its cart would quote them. A handful of queries however many
//! accounts there are; this is what mails are written from.
//!
//! Whoever asks is not one of the accounts: what each of them sees is weighed here, so that nobody
//! is told of what is hidden from them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use recommender::answers::promotions::{Gain, Offer};
use recommender::{Ask, Reason, Step, Suggestion};
use sea_orm::sea_query::Value;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId, PromotionId};
use trade::money::Money;
use trade::price::Target;
use trade::promotion::{CountIn, Mechanic, Missing, Promotion, covers, offer};
use trade::usual::Habit;

use super::on_offer::{Priced, named};
use super::promotions::{Fitting, ranked};
use super::range::step_of;
use super::ranking::{self, money};
use super::saving::{Quoting, Ranked};
use super::words::{self, Reader, ReasonView};
use super::{day, store, trial};
use crate::app::App;
use crate::catalogue::audiences::Audiences;
use crate::catalogue::shelf::{Listed, Shelf};
use crate::catalogue::{Article, Reference, article, padded};
use crate::db::entity::{account, ship_to};
use crate::db::words::TrialArm;
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::orders::quote::{ForWhom, Goods};
use crate::pricing::{Customer, PriceBook};
use crate::promotions::book::{Book, Recipient};
use crate::promotions::offers::whole;
use crate::promotions::words::{Names, sentence};

/// Of what an account has ordered of a promotion, so many items are weighed.
const OWN: usize = 40;
/// Who has ordered nothing of it is told of so many of its most popular items.
const NEW: usize = 4;
/// The most popular items among which those are looked for.
const POPULAR: usize = 60;

/// What a promotion is to an account that it reaches.
#[derive(Debug, Clone, PartialEq)]
pub enum Telling {
    /// The account sees nothing of it, or nothing that has a price for it.
    NoItem,
    /// It gives nothing on what the account usually orders, or has nothing left to give.
    NothingGained,
    /// It is worth telling.
    Fits(Box<Fits>),
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Fits {
    /// The promotion on the account's own quantities.
    pub fitting: Fitting,
    /// Sales expected beyond those without the promotion, less what it gives; none without a model.
    pub expected: Option<Money>,
    /// Why the account is likely to order the first item.
    pub reason: Option<ReasonView>,
}

impl Fits {
    /// What it saves, with what comes along free.
    #[must_use]
    pub fn gives(&self) -> Money {
        let (saving, along) = (self.fitting.saving, self.fitting.along);
        Money::new(saving.minor + along.minor, saving.currency)
    }
}

/// Weighs the promotion for those of `accounts` that it reaches; nobody where it is not approved or
/// over. What has not begun is weighed as of its first day.
///
/// # Errors
/// Whatever the database says; a sum beyond 64 bits.
pub async fn tell(
    tx: &Tx,
    app: &App,
    promotion: PromotionId,
    accounts: &[account::Model],
) -> Result<HashMap<AccountId, Telling>> {
    let approved = app.promotions.get(tx).await?;
    let Some(found) = approved.iter().find(|one| one.promotion.id == promotion) else {
        return Ok(HashMap::new());
    };
    let date = Ord::max(app.today(), found.promotion.validity.from);
    let reached = accounts.iter().filter(|account| {
        account.status == "active"
            && account.currency == found.promotion.currency
            && found.promotion.validity.contains(date)
            && found.reach.includes(*account)
    });
    let reached: Vec<account::Model> = reached.cloned().collect();
    if reached.is_empty() {
        return Ok(HashMap::new());
    }
    let mut world = World::load(tx, app, &found.promotion, reached, date).await?;
    let mut told = HashMap::new();
    let mut reasons: Vec<(AccountId, Suggestion)> = Vec::new();
    for account in std::mem::take(&mut world.accounts) {
        let id = account.id;
        let telling = world.telling(app, account, &mut reasons)?;
        told.insert(id, telling);
    }
    explain(tx, app, reasons, &mut told).await?;
    Ok(told)
}

/// Words for the first item of each, in one go.
async fn explain(
    tx: &Tx,
    app: &App,
    reasons: Vec<(AccountId, Suggestion)>,
    told: &mut HashMap<AccountId, Telling>,
) -> Result<()> {
    let (accounts, first): (Vec<AccountId>, Vec<Suggestion>) = reasons.into_iter().unzip();
    let said = words::reasons(tx, app, Reader::Buyer, &first).await?;
    for (account, said) in accounts.into_iter().zip(said) {
        if let Some(Telling::Fits(fits)) = told.get_mut(&account) {
            fits.reason = said.into_iter().next();
        }
    }
    Ok(())
}

/// Everything that is asked of the database.
struct World {
    promotion: Promotion,
    date: Date,
    accounts: Vec<account::Model>,
    reference: Arc<Reference>,
    names: Names,
    articles: HashMap<ProductId, Arc<Article>>,
    audiences: Audiences,
    prices: HashMap<AccountId, PriceBook>,
    books: HashMap<AccountId, Book>,
    places: HashMap<AccountId, ship_to::Model>,
    habits: HashMap<AccountId, Vec<(ProductId, Habit)>>,
    ranked: HashMap<AccountId, Ranked>,
    offers: HashMap<AccountId, Offer>,
    shelf: Arc<Shelf>,
}

impl World {
    async fn load(
        tx: &Tx,
        app: &App,
        promotion: &Promotion,
        accounts: Vec<account::Model>,
        date: Date,
    ) -> Result<World> {
        let reference = app.reference.get(tx).await?;
        let shelf = app.shelf.get(tx, &reference).await?;
        let covered = shelf.products.iter();
        let covered = covered.filter(|listed| covers(promotion, &shelf.item(listed)));
        let covered: Vec<ProductId> = covered.map(|listed| listed.id).collect();
        let habits = habits(tx, &accounts, &covered.iter().copied().collect()).await?;
        let recipients: Vec<Recipient<'_>> = accounts.iter().map(Recipient::from).collect();
        let books = Book::for_accounts(tx, &app.promotions, &recipients, date).await?;
        let popular: Vec<ProductId> = covered.into_iter().take(POPULAR).collect();
        let mut products = popular.clone();
        products.extend(habits.values().flatten().map(|(product, _)| *product));
        products.extend(named(promotion));
        products.extend(books.values().flat_map(Book::gifts));
        products.sort_unstable();
        products.dedup();
        let dismissed = ranking::dismissed(tx, app.today(), &accounts, &products).await?;
        let mut ruled = products.clone();
        ruled.extend(targets(promotion));
        let places = places(tx, &accounts).await?;
        let customers = accounts.iter().map(|account| Customer {
            account: account.id,
            ship_to: places.get(&account.id).map(|place| place.id),
            currency: account.currency,
            date,
        });
        let customers: Vec<Customer> = customers.collect();
        let articles = article::by_id(tx, &reference, &products).await?;
        let mechanic = (&promotion.mechanic, &promotion.assortment);
        let mut world = World {
            date,
            names: Names::load(tx, Arc::clone(&reference), [mechanic]).await?,
            articles: articles
                .into_iter()
                .map(|(id, article)| (id, Arc::new(article)))
                .collect(),
            audiences: Audiences::load(tx, &ruled).await?,
            prices: PriceBook::for_customers(tx, &customers, &products).await?,
            promotion: promotion.clone(),
            ranked: HashMap::new(),
            offers: HashMap::new(),
            accounts,
            reference,
            books,
            places,
            habits,
            shelf,
        };
        world.offer(&popular, &dismissed)?;
        world.rank(tx, app).await?;
        Ok(world)
    }

    fn sees(&self, account: &account::Model, product: ProductId) -> bool {
        self.audiences.sees(account.id, account.group_id, product)
    }

    /// The offer as each account would have it: of what it has ordered, else of what is popular.
    fn offer(
        &mut self,
        popular: &[ProductId],
        dismissed: &HashSet<(AccountId, ProductId)>,
    ) -> Result<()> {
        let mut offers = HashMap::new();
        for account in &self.accounts {
            let Some(prices) = self.prices.get(&account.id) else {
                continue;
            };
            let priced = Priced {
                shelf: &self.shelf,
                prices,
            };
            let may = |product: ProductId| -> Option<Step> {
                let wanted = !dismissed.contains(&(account.id, product));
                let place = self.shelf.place(product);
                let place = place.filter(|_| wanted && self.sees(account, product))?;
                step_of(self.shelf.products.get(place)?)
            };
            let of = |products: &[ProductId], most: usize| {
                let products = products.iter().copied().filter(|id| may(*id).is_some());
                priced.offer(&self.promotion, self.date, products.take(most), &may)
            };
            let own: Vec<ProductId> = self.own(account.id).map(|(product, _)| *product).collect();
            let mut offer = of(&own, OWN)?;
            if offer.items.is_empty() {
                offer = of(popular, NEW)?;
            }
            offers.insert(account.id, offer);
        }
        self.offers = offers;
        Ok(())
    }

    fn own(&self, account: AccountId) -> impl Iterator<Item = &(ProductId, Habit)> {
        self.habits.get(&account).into_iter().flatten()
    }

    /// What the model expects of each; of those that go without suggestions nothing is asked.
    async fn rank(&mut self, tx: &Tx, app: &App) -> Result<()> {
        if !store::ready(tx, app).await? {
            return Ok(());
        }
        let running = trial::running(tx).await?;
        let asked = |account: AccountId| {
            running.as_ref().is_none_or(|row| {
                trial::arm(account, row.salt, row.control_share) == TrialArm::Suggestions
            })
        };
        let offers = self.offers.iter().filter(|(id, _)| asked(**id));
        let gains = app.recommender.with(|model| {
            let gains = offers.filter_map(|(account, offer)| {
                let may = |product: ProductId| {
                    let place = self.shelf.place(product)?;
                    step_of(self.shelf.products.get(place)?)
                };
                let ask = Ask {
                    account: *account,
                    today: day(app.today()),
                    may: &may,
                    limit: super::promotions::SHOWN,
                };
                let gains = ranked(model, &ask, std::slice::from_ref(offer));
                Some((*account, gains.into_iter().next()?))
            });
            gains.collect()
        });
        self.ranked = gains.unwrap_or_default();
        Ok(())
    }

    fn telling(
        &mut self,
        app: &App,
        account: account::Model,
        reasons: &mut Vec<(AccountId, Suggestion)>,
    ) -> Result<Telling> {
        let id = account.id;
        let offer = self.offers.remove(&id).filter(|of| !of.items.is_empty());
        let (Some(offer), Some(prices)) = (offer, self.prices.remove(&id)) else {
            return Ok(Telling::NoItem);
        };
        let book = Arc::new(self.books.remove(&id).unwrap_or_default());
        let open = book.find(self.promotion.id);
        let open = open.filter(|one| {
            book.is_open(one) && named(one).iter().all(|of| self.sees(&account, *of))
        });
        let Some(open) = open.cloned() else {
            return Ok(Telling::NothingGained);
        };
        let ranked = self.ranked.remove(&id);
        let expected = ranked
            .as_ref()
            .map(|of| money(of.gain.value, account.currency));
        let ranked = ranked.unwrap_or_else(|| self.plain(id, &offer));
        let told = self.told_to(&account, &open);
        let quoting = self.quoting(account, prices, &book);
        let items = ranked.gain.items.as_slice();
        let fitting = if matches!(open.mechanic, Mechanic::FreeFreight { .. }) {
            // The cart tells what it saves; on the items themselves it is nothing.
            quoting.exactly(app, &open, items, &self.names, true)?
        } else {
            quoting.fitting(app, &open, &ranked, &self.names)?
        };
        let is_new = self.habits.get(&id).is_none_or(Vec::is_empty);
        let fitting = match fitting {
            None if is_new => self.asked_for(app, &open, &offer, &quoting)?,
            found => found,
        };
        let Some(mut fitting) = fitting else {
            return Ok(Telling::NothingGained);
        };
        fitting.sentence = sentence(&told, &self.names);
        reasons.extend(reason(&fitting, items).map(|first| (id, first)));
        Ok(Telling::Fits(Box::new(Fits {
            fitting,
            expected,
            reason: None,
        })))
    }

    fn quoting(&self, account: account::Model, prices: PriceBook, book: &Arc<Book>) -> Quoting {
        let customer = *prices.customer();
        let seen = self.articles.iter();
        let seen = seen.filter(|(product, _)| self.sees(&account, **product));
        let seen = seen.map(|(product, article)| (*product, Arc::clone(article)));
        let goods = Goods::of(
            seen.collect(),
            prices,
            book.gifts(),
            Arc::clone(&self.reference),
        );
        let whom = ForWhom {
            ship_to: self.places.get(&account.id).cloned(),
            customer,
            account,
            by_hand: HashMap::new(),
        };
        Quoting::of(whom, goods, Arc::clone(book))
    }

    /// Without a model: what the account takes on average, and the least of what it never took.
    fn plain(&self, account: AccountId, offer: &Offer) -> Ranked {
        let usual: HashMap<ProductId, i64> = self
            .own(account)
            .map(|(product, habit)| (*product, habit.usual()))
            .collect();
        let items = offer
            .items
            .iter()
            .take(super::promotions::SHOWN)
            .map(|item| {
                let usual = usual.get(&item.product).copied().unwrap_or_default();
                let usual = u32::try_from(usual).unwrap_or(u32::MAX);
                suggestion(item.product, Ord::max(usual, item.step.least))
            });
        Ranked {
            gain: Gain {
                promotion: offer.promotion,
                value: 0.0,
                saving: 0.0,
                items: items.collect(),
            },
            rhythms: HashMap::new(),
        }
    }

    /// For who never ordered of it: the least that it gives something on.
    fn asked_for(
        &self,
        app: &App,
        promotion: &Promotion,
        of: &Offer,
        quoting: &Quoting,
    ) -> Result<Option<Fitting>> {
        for item in &of.items {
            let place = self.shelf.place(item.product);
            let listed = place.and_then(|place| self.shelf.products.get(place));
            let Some(basket) = listed.and_then(|listed| self.least(promotion, listed)) else {
                continue;
            };
            let found = quoting.exactly(app, promotion, &basket, &self.names, false)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn least(&self, promotion: &Promotion, listed: &Listed) -> Option<Vec<Suggestion>> {
        let asked = offer(promotion, &self.shelf.item(listed), listed.factor)?;
        let pieces = |count: i64| u32::try_from(count).ok();
        match asked.missing {
            Missing::OfItem {
                count, count_in, ..
            }
            | Missing::OfAssortment { count, count_in } => {
                let packs = match count_in {
                    CountIn::Packs => count,
                    CountIn::Pieces => whole(count, listed.factor.get()),
                };
                let count = packs.checked_mul(listed.factor.get())?;
                let mut basket = vec![suggestion(listed.id, pieces(count)?)];
                if let Mechanic::BuyGetOther { get, .. } = &promotion.mechanic
                    && get.product != listed.id
                {
                    basket.push(suggestion(get.product, pieces(get.pieces)?));
                }
                Some(basket)
            }
            Missing::Parts { parts } => parts
                .iter()
                .map(|part| Some(suggestion(part.product, pieces(part.pieces)?)))
                .collect(),
            // Whoever never ordered of it need not be asked for a sum.
            Missing::Value { .. } => None,
        }
    }

    /// The promotion without those of its targets that are hidden from the account.
    fn told_to(&self, account: &account::Model, promotion: &Promotion) -> Promotion {
        let mut told = promotion.clone();
        let seen = |target: &Target| match target {
            Target::Product(product) => self.sees(account, *product),
            Target::Brand(_) | Target::Category(_) | Target::Everything => true,
        };
        told.assortment.include.retain(seen);
        told.assortment.exclude.retain(seen);
        told
    }
}

fn suggestion(product: ProductId, pieces: u32) -> Suggestion {
    Suggestion {
        product,
        pieces,
        score: 0.0,
        probability: None,
        reasons: Vec::new(),
    }
}

/// The first item that is told, with what speaks for it beside the promotion. What names another
/// item is left out: it may be hidden from the reader.
fn reason(fitting: &Fitting, items: &[Suggestion]) -> Option<Suggestion> {
    let first = fitting.items.first()?;
    let found = items
        .iter()
        .find(|item| item.product == first.shown.product)?;
    let mut found = found.clone();
    found.reasons.retain(|reason| match reason {
        Reason::InPromotion { .. }
        | Reason::GoesWith { .. }
        | Reason::Replaces { .. }
        | Reason::VariantOf { .. } => false,
        Reason::OftenOrdered { .. }
        | Reason::Rhythm { .. }
        | Reason::LastOrdered { .. }
        | Reason::LikeAccounts { .. }
        | Reason::Rising { .. }
        | Reason::Season { .. }
        | Reason::CategoryYouStock { .. }
        | Reason::BrandYouStock { .. }
        | Reason::OfYourKind { .. }
        | Reason::Popular { .. }
        | Reason::JustAdded => true,
    });
    (!found.reasons.is_empty()).then_some(found)
}

/// The products that a promotion's assortment names.
fn targets(promotion: &Promotion) -> Vec<ProductId> {
    let assortment = &promotion.assortment;
    let targets = assortment.include.iter().chain(&assortment.exclude);
    let products = targets.filter_map(|target| match target {
        Target::Product(product) => Some(*product),
        Target::Brand(_) | Target::Category(_) | Target::Everything => None,
    });
    products.collect()
}

// Of accounts that the caller has found through its own reach.
const HABITS: &str = "SELECT account_id, product_id, times, pieces FROM account_products \
    WHERE account_id IN";

/// What of `covered` each account has ordered, what it orders most often first.
async fn habits(
    tx: &Tx,
    accounts: &[account::Model],
    covered: &HashSet<ProductId>,
) -> Result<HashMap<AccountId, Vec<(ProductId, Habit)>>> {
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let ids = padded(&ids);
    let sql = format!(
        "{HABITS} ({}) ORDER BY account_id, times DESC, product_id",
        placeholders(1, ids.len())
    );
    let mut habits: HashMap<AccountId, Vec<(ProductId, Habit)>> = HashMap::new();
    for row in tx.rows(&sql, ids.iter().map(|id| Value::from(*id))).await? {
        let product: ProductId = row.try_get_by_index(1)?;
        if !covered.contains(&product) {
            continue;
        }
        let own = habits.entry(row.try_get_by_index(0)?).or_default();
        if own.len() < OWN {
            let habit = Habit {
                times: row.try_get_by_index::<i32>(2)?.into(),
                pieces: row.try_get_by_index(3)?,
            };
            own.push((product, habit));
        }
    }
    Ok(habits)
}

/// Where each account is usually delivered to.
async fn places(
    tx: &Tx,
    accounts: &[account::Model],
) -> Result<HashMap<AccountId, ship_to::Model>> {
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let rows = tx
        .all::<ship_to::Entity>(|places| {
            places
                .filter(ship_to::Column::AccountId.is_in(padded(&ids)))
                .filter(ship_to::Column::Active.eq(true))
                .filter(ship_to::Column::IsDefault.eq(true))
        })
        .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}
