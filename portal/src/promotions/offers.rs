//! Promotions as a retailer is told of them: beside the products they concern, and beside the cart
//! with what is missing and a way to add it.
//!
//! What a promotion is called and which products it concerns follows from the catalogue and the
//! promotions alone; both are remembered until either changes, so that a list costs the same
//! however many promotions are in force.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tokio::sync::RwLock;
use trade::id::{AccountId, CartId, ProductId, PromotionId};
use trade::price::Item;
use trade::promotion::{
    Basket, CountIn, Gain, Line, Mechanic, Missing, NearMiss, Promotion, Stage, apply, covers,
    offer,
};

use super::book::{Approved, Book};
use super::words::{Names, near_miss, sentence, short};
use crate::app::App;
use crate::cart;
use crate::catalogue::Article;
use crate::catalogue::marks::Marks;
use crate::catalogue::reference::Reference;
use crate::catalogue::shelf::Shelf;
use crate::db::Tx;
use crate::error::Result;
use crate::orders::quote::Quote;
use crate::pricing::PriceBook;
use crate::web::locale::{Lang, Words};
use crate::web::shape::{Day, Message, Money, Unit};

/// Promotions that are told beside one product of a list; its own page tells all.
const BESIDE: usize = 2;

/// How long what a cart lacks is remembered for lists, in milliseconds. A cart or a promotion that
/// changes is seen at once; stock and what others have used of a limit, so much later at most.
const NEAR_MILLIS: i64 = 60_000;
/// How many accounts' carts are remembered; beyond, all are compared again.
const CARTS: usize = 2_000;

/// A message in every language: a list says the same few of them again and again.
pub type InWords = BTreeMap<Lang, String>;

fn in_words(words: &Words, message: &Message) -> InWords {
    Lang::ALL
        .into_iter()
        .map(|lang| (lang, words.message(lang, message)))
        .collect()
}

/// What a cart was when it was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartState {
    /// Which.
    pub cart: CartId,
    /// When it was changed last.
    pub updated_at: i64,
    /// Its lines, and what they count together.
    pub lines: i64,
    /// The sum of their quantities.
    pub quantities: i64,
}

/// What a cart lacks of promotions.
type Nearby = Arc<HashMap<PromotionId, InWords>>;

/// A promotion told beside a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfferHint {
    pub code: String,
    pub name: String,
    /// "10 + 1 free until 31 Mar".
    pub text: InWords,
    /// What the cart lacks for it; none where nothing of it is in the cart, or nothing is missing.
    pub near: Option<InWords>,
}

/// What is known of promotions whoever asks.
#[derive(Debug, Default)]
pub struct Told {
    approved: Arc<Vec<Approved>>,
    version: i64,
    names: Names,
    shorts: HashMap<PromotionId, InWords>,
    /// For the shelf of the same version.
    marks: Mutex<HashMap<PromotionId, Arc<Marks>>>,
}

impl Told {
    fn marks_of(&self, shelf: &Shelf, promotion: &Promotion) -> Arc<Marks> {
        let mut known = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(marks) = known.get(&promotion.id) {
            return Arc::clone(marks);
        }
        let mut marks = Marks::none(shelf.products.len());
        for (place, product) in shelf.products.iter().enumerate() {
            if covers(promotion, &shelf.item(product)) {
                marks.mark(place);
            }
        }
        let marks = Arc::new(marks);
        known.insert(promotion.id, Arc::clone(&marks));
        marks
    }
}

/// Keeps [`Told`] between requests.
#[derive(Default)]
pub struct OfferCache {
    current: RwLock<Arc<Told>>,
    nearby: Mutex<HashMap<AccountId, Known>>,
}

/// What a cart lacked when it was compared.
#[derive(Debug)]
struct Known {
    state: CartState,
    at: i64,
    told: Arc<Told>,
    nearby: Nearby,
}

impl OfferCache {
    /// What is known of the promotions of `book`, with the names of `reference`.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn get(
        &self,
        tx: &Tx,
        words: &Words,
        reference: &Arc<Reference>,
        book: &Book,
    ) -> Result<Arc<Told>> {
        let approved = book.approved();
        {
            let told = self.current.read().await;
            let same = Arc::ptr_eq(&told.approved, approved) && told.version == reference.version;
            if same && told.version > 0 {
                return Ok(Arc::clone(&told));
            }
        }
        let mut told = Told {
            approved: Arc::clone(approved),
            version: reference.version,
            ..Told::default()
        };
        if !approved.is_empty() {
            let named = approved
                .iter()
                .map(|one| (&one.promotion.mechanic, &one.promotion.assortment));
            told.names = Names::load(tx, Arc::clone(reference), named).await?;
            let worded = |one: &Approved| {
                let text = short(&one.promotion, &told.names);
                (one.promotion.id, in_words(words, &text))
            };
            told.shorts = approved.iter().map(worded).collect();
        }
        let told = Arc::new(told);
        *self.current.write().await = Arc::clone(&told);
        Ok(told)
    }
}

impl OfferCache {
    fn known(
        &self,
        account: AccountId,
        state: CartState,
        now: i64,
        told: &Arc<Told>,
    ) -> Option<Nearby> {
        let nearby = self.nearby.lock().unwrap_or_else(PoisonError::into_inner);
        let known = nearby.get(&account)?;
        let same = known.state == state && Arc::ptr_eq(&known.told, told);
        (same && now - known.at < NEAR_MILLIS).then(|| Arc::clone(&known.nearby))
    }

    fn remember(&self, account: AccountId, known: Known) {
        let mut nearby = self.nearby.lock().unwrap_or_else(PoisonError::into_inner);
        if nearby.len() >= CARTS {
            nearby.clear();
        }
        nearby.insert(account, known);
    }
}

/// The promotions of one account, as its pages tell of them.
#[derive(Debug, Default)]
pub struct Offers {
    book: Arc<Book>,
    told: Arc<Told>,
    names: Names,
    near: HashMap<PromotionId, Message>,
    nearby: Nearby,
    /// What they name and the account does not see: nobody is told of that.
    hidden: HashSet<PromotionId>,
}

/// The products without which a promotion gives nothing.
fn needed(mechanic: &Mechanic) -> Vec<ProductId> {
    match mechanic {
        Mechanic::BuyGetOther { get: part, .. } | Mechanic::FreeGoods { give: part, .. } => {
            vec![part.product]
        }
        Mechanic::Bundle { parts, .. } => parts.iter().map(|part| part.product).collect(),
        Mechanic::Percent { .. }
        | Mechanic::Amount { .. }
        | Mechanic::FixedPrice { .. }
        | Mechanic::BuyGet { .. }
        | Mechanic::MixAndMatch { .. }
        | Mechanic::OrderValue { .. }
        | Mechanic::FreeFreight { .. } => Vec::new(),
    }
}

/// Whether it is told beside each product it concerns: what takes something off the whole order
/// would stand beside everything, and is told with the cart.
fn is_of_products(promotion: &Promotion) -> bool {
    match promotion.mechanic.stage() {
        Stage::Line | Stage::Assortment => true,
        Stage::Order | Stage::Freight => !promotion.assortment.include.is_empty(),
    }
}

/// Whether it is worth telling: what costs more than the whole order again is not a little more,
/// and freight that is not charged cannot become free.
fn is_in_reach(near: &NearMiss, quote: &Quote) -> bool {
    let little = match near.missing {
        Missing::Value { minor } => minor <= quote.goods.minor,
        Missing::OfItem { .. } | Missing::OfAssortment { .. } | Missing::Parts { .. } => true,
    };
    little && (near.gain != Gain::Freight || quote.freight.charge.minor > 0)
}

impl Offers {
    /// The promotions of `book`, for whoever the transaction is for.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(
        tx: &Tx,
        app: &App,
        reference: &Arc<Reference>,
        book: Arc<Book>,
    ) -> Result<Offers> {
        if book.promotions().is_empty() {
            return Ok(Offers::default());
        }
        let words = app.templates.words();
        let told = app.offers.get(tx, words, reference, &book).await?;
        let shelf = app.shelf.get(tx, reference).await?;
        let range = shelf.range(tx).await?;
        let seen = |id: &ProductId| shelf.place(*id).is_some_and(|place| range.has(place));
        let hidden = book
            .promotions()
            .iter()
            .filter(|one| !needed(&one.mechanic).iter().all(seen))
            .map(|one| one.id)
            .collect();
        Ok(Offers {
            book,
            names: told.names.clone(),
            told,
            near: HashMap::new(),
            nearby: Nearby::default(),
            hidden,
        })
    }

    /// Tells from now on what this quote lacks.
    pub fn compare(&mut self, quote: &Quote) {
        for article in quote.lines.iter().filter_map(|line| line.article.as_ref()) {
            self.names.know(article);
        }
        for near in &quote.near {
            let Some(promotion) = self.book.find(near.promotion) else {
                continue;
            };
            if !self.is_told(promotion) || !is_in_reach(near, quote) {
                continue;
            }
            let message = near_miss(near, promotion, &self.names);
            self.near.entry(near.promotion).or_insert(message);
        }
    }

    /// As [`Offers::compare`] with the account's cart, for lists and products; a cart that was
    /// compared lately is not quoted again.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn compare_cart(
        &mut self,
        tx: &Tx,
        app: &App,
        account: AccountId,
        state: CartState,
    ) -> Result<()> {
        let now = app.clock.millis();
        if let Some(nearby) = app.offers.known(account, state, now, &self.told) {
            self.nearby = nearby;
            return Ok(());
        }
        if let Some(cart) = cart::page::priced(tx, app, account).await? {
            self.compare(&cart.quote);
        }
        let words = app.templates.words();
        let worded = self.near.iter();
        let worded = worded.map(|(id, message)| (*id, in_words(words, message)));
        self.nearby = Arc::new(worded.collect());
        let known = Known {
            state,
            at: now,
            told: Arc::clone(&self.told),
            nearby: Arc::clone(&self.nearby),
        };
        app.offers.remember(account, known);
        Ok(())
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.book.promotions().is_empty()
    }

    /// What products and their packs are called.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The promotions themselves.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Whether it has something left to give, and names nothing that is hidden from the account.
    #[must_use]
    pub fn is_told(&self, promotion: &Promotion) -> bool {
        self.book.is_open(promotion) && !self.hidden.contains(&promotion.id)
    }

    /// Whether it gives nothing without something that is hidden from the account.
    #[must_use]
    pub fn is_hidden(&self, promotion: &Promotion) -> bool {
        self.hidden.contains(&promotion.id)
    }

    /// What the quote that was compared lacks of a promotion.
    #[must_use]
    pub fn near(&self, promotion: PromotionId) -> Option<&Message> {
        self.near.get(&promotion)
    }

    /// Those that concern an item, what is near first, then in the order of application.
    pub fn of(&self, item: &Item) -> Vec<&Promotion> {
        let promotions = self.book.promotions().iter();
        let mut of: Vec<&Promotion> = promotions
            .filter(|one| is_of_products(one) && self.is_told(one) && covers(one, item))
            .collect();
        of.sort_by_key(|one| (!self.nearby.contains_key(&one.id), one.mechanic.stage()));
        of
    }

    /// What a list says beside an item.
    #[must_use]
    pub fn beside(&self, item: &Item) -> Vec<OfferHint> {
        if self.is_empty() {
            return Vec::new();
        }
        let of = self.of(item).into_iter().take(BESIDE);
        of.map(|one| self.hint(one)).collect()
    }

    /// A promotion in a few words.
    #[must_use]
    pub fn hint(&self, promotion: &Promotion) -> OfferHint {
        OfferHint {
            code: promotion.code.clone(),
            name: promotion.name.clone(),
            text: match self.told.shorts.get(&promotion.id) {
                Some(text) => text.clone(),
                None => InWords::new(),
            },
            near: self.nearby.get(&promotion.id).cloned(),
        }
    }

    /// What of the shelf is on promotion; with a code, on that one alone.
    #[must_use]
    pub fn marks(&self, shelf: &Shelf, code: Option<&str>) -> Marks {
        let mut marks = Marks::none(shelf.products.len());
        for promotion in self.book.promotions() {
            let meant = match code {
                Some(code) => promotion.code == code,
                None => is_of_products(promotion),
            };
            if meant && self.is_told(promotion) {
                marks.join(&self.told.marks_of(shelf, promotion));
            }
        }
        marks
    }
}

/// A promotion on a product's own page: exactly what it does, and what it makes of the price.
#[derive(Clone, Debug, Serialize)]
pub struct ProductOffer {
    pub code: String,
    pub name: String,
    /// Exactly what it does.
    pub sentence: Message,
    /// The last day; none where no end is set.
    pub last_day: Option<Day>,
    /// What the cart lacks for it.
    pub near: Option<InWords>,
    /// What so many would cost with it alone; none where it does not concern the price.
    pub price: Option<OfferPrice>,
}

/// So many of a product with a promotion, and without.
#[derive(Clone, Debug, Serialize)]
pub struct OfferPrice {
    pub quantity: i64,
    pub unit: Unit,
    pub before: Money,
    pub net: Money,
}

impl Offers {
    /// All promotions that concern a product, as its own page tells them.
    ///
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn on_page(&self, article: &Article, prices: &PriceBook) -> Result<Vec<ProductOffer>> {
        let told = self.of(&article.item).into_iter().map(|promotion| {
            Ok(ProductOffer {
                code: promotion.code.clone(),
                name: promotion.name.clone(),
                sentence: sentence(promotion, &self.names),
                last_day: promotion.validity.last_day().map(|day| day.to_string()),
                near: self.nearby.get(&promotion.id).cloned(),
                price: priced(promotion, article, prices)?,
            })
        });
        told.collect()
    }
}

/// What the least that reaches an item's promotion costs with it.
fn priced(
    promotion: &Promotion,
    article: &Article,
    prices: &PriceBook,
) -> Result<Option<OfferPrice>> {
    let unit = article.order_unit;
    let Some(factor) = article.factor(unit) else {
        return Ok(None);
    };
    let missing = offer(promotion, &article.item, factor).map(|offer| offer.missing);
    let Some(Missing::OfItem {
        count, count_in, ..
    }) = missing
    else {
        return Ok(None);
    };
    let packs = match count_in {
        CountIn::Packs => count,
        CountIn::Pieces => whole(count, factor.get()),
    };
    let quantity = article.rule().at_least(packs, factor);
    let price = prices.price(article, unit, quantity);
    let currency = prices.customer().currency;
    let before = price.and_then(|price| Some((price, price.line_total(quantity, currency).ok()?)));
    let Some((price, before)) = before else {
        return Ok(None);
    };
    let line = Line {
        item: article.item.clone(),
        unit,
        factor,
        order_factor: factor,
        quantity,
        price,
        net: before,
    };
    let basket = Basket {
        lines: std::slice::from_ref(&line),
        currency,
        date: prices.customer().date,
        worth: &[],
    };
    // Its fund and limits were asked before: here it is told, not spent.
    let alone = Promotion {
        fund: None,
        ..promotion.clone()
    };
    let outcome = apply(&basket, std::slice::from_ref(&alone), &[])?;
    let discount = outcome.lines.first().map_or(0, |line| line.discount.minor);
    Ok((discount > 0).then(|| OfferPrice {
        quantity,
        unit,
        before,
        net: Money::new(before.minor - discount, currency),
    }))
}

/// So many parts make so many whole ones, a started one included.
pub(crate) fn whole(parts: i64, of: i64) -> i64 {
    (parts + of - 1) / of.max(1)
}
