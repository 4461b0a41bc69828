//! Products as an account reads them: its own price and tiers, what can be had, what it took last
//! and what is in its cart. Every surface that shows products makes its rows here.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::sea_query::Value;
use trade::calendar::LocalDate;
use trade::id::{AccountGroupId, AccountId, CartId, ProductId, ShipToId};
use trade::money::Currency;
use trade::quantity::{PackFactor, Unit};

use super::shelf::Shelf;
use super::view::{Availability, LastOrder, PackView, ProductRow};
use super::{Article, Reference, padded};
use crate::app::App;
use crate::auth::session::AccountHead;
use crate::db::words::{ProductStatus, StockPolicy};
use crate::db::{Tx, placeholders};
use crate::error::Result;
use crate::pricing::view::{PriceView, TierView};
use crate::pricing::{Customer, PriceBook};
use crate::promotions::book::{Book, Recipient};
use crate::promotions::offers::{CartState, Offers};
use crate::stock::alerts;
use crate::stock::outlook::Outlook;
use crate::suggestions::due::{Due, Stamp};

/// "Only … left" is said below so many of the least orderable quantity.
const LOW: i64 = 5;

/// The account that looks at products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shopper {
    /// Whose prices: delivered to where its cart goes, else to its usual place.
    pub customer: Customer,
    /// How many different products it has ever bought.
    pub bought: i64,
    /// Blocked accounts may look but not order.
    pub may_order: bool,
    /// What decides what it is due to order.
    pub stamp: Stamp,
    /// What it is due to order, once somebody has asked ([`Shopper::know_due`]).
    pub due: Arc<Due>,
    /// Its group and region, by which promotions reach it.
    group: Option<AccountGroupId>,
    region: String,
    /// Its cart; none where it has none.
    cart: Option<CartState>,
}

/// What a list lacks of promotions is worked out for carts of up to so many lines; the cart's own
/// page always tells.
const COMPARED_LINES: i64 = 60;

const SHOPPER: &str = "SELECT COALESCE(\
    (SELECT s.id FROM carts c JOIN ship_tos s ON s.account_id = c.account_id \
        AND s.id = c.ship_to_id AND s.active WHERE c.account_id = $1 AND c.state = 'open'), \
    (SELECT s.id FROM ship_tos s WHERE s.account_id = $1 AND s.is_default AND s.active)), \
    (SELECT COUNT(*) FROM account_products WHERE account_id = $1), \
    (SELECT region FROM accounts WHERE id = $1), \
    c.id, c.updated_at, \
    (SELECT COUNT(*) FROM cart_lines l WHERE l.cart_id = c.id), \
    CAST((SELECT COALESCE(SUM(l.quantity), 0) FROM cart_lines l WHERE l.cart_id = c.id) AS bigint), \
    COALESCE(h.placed, 0), COALESCE(h.changed, 0), \
    (SELECT COUNT(*) FROM suggestion_dismissals WHERE account_id = $1), \
    (SELECT COALESCE(MAX(dismissed_at), 0) FROM suggestion_dismissals WHERE account_id = $1), \
    (SELECT COALESCE(MAX(started_at), 0) FROM suggestion_trials WHERE state = 'running') \
    FROM (SELECT 1 AS one) AS this \
    LEFT JOIN account_histories h ON h.account_id = $1 \
    LEFT JOIN carts c ON c.account_id = $1 AND c.state = 'open'";

impl Shopper {
    /// The account of a request, on `date`.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(tx: &Tx, account: &AccountHead, date: Date) -> Result<Shopper> {
        let rows = tx.rows(SHOPPER, [account.id.into()]).await?;
        let (mut ship_to, mut bought, mut region, mut cart) = (None, 0, None, None);
        let mut stamp = Stamp::default();
        if let Some(row) = rows.first() {
            ship_to = row.try_get_by_index::<Option<ShipToId>>(0)?;
            bought = row.try_get_by_index(1)?;
            region = row.try_get_by_index::<Option<String>>(2)?;
            stamp = Stamp {
                placed: row.try_get_by_index(7)?,
                changed: row.try_get_by_index(8)?,
                dismissed: row.try_get_by_index(9)?,
                dismissed_at: row.try_get_by_index(10)?,
                trial_at: row.try_get_by_index(11)?,
            };
            if let Some(id) = row.try_get_by_index::<Option<CartId>>(3)? {
                cart = Some(CartState {
                    cart: id,
                    updated_at: row.try_get_by_index(4)?,
                    lines: row.try_get_by_index(5)?,
                    quantities: row.try_get_by_index(6)?,
                });
            }
        }
        let customer = Customer {
            account: account.id,
            ship_to,
            currency: account.currency,
            date,
        };
        Ok(Shopper {
            customer,
            bought,
            may_order: !account.blocked,
            stamp,
            due: Arc::default(),
            group: account.group,
            region: region.unwrap_or_default(),
            cart,
        })
    }

    /// Asks what the account is due to order today; its rows are marked from then on.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn know_due(&mut self, tx: &Tx, app: &App, shelf: &Shelf) -> Result<()> {
        self.due = app.due.get(tx, app, shelf, self).await?;
        Ok(())
    }

    /// Lines in its cart.
    #[must_use]
    pub fn cart_lines(&self) -> i64 {
        self.cart.map_or(0, |cart| cart.lines)
    }

    /// The promotions that reach the account today.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn offers(&self, tx: &Tx, app: &App, reference: &Arc<Reference>) -> Result<Offers> {
        let recipient = Recipient {
            id: self.customer.account,
            group: self.group,
            region: &self.region,
            currency: self.customer.currency,
        };
        let book = Book::load(tx, &app.promotions, recipient, self.customer.date).await?;
        Offers::load(tx, app, reference, Arc::new(book)).await
    }
}

/// The rows of `articles`, in their order, each with the promotions that concern it. Where the cart
/// has something, what it lacks of those promotions stands with them.
///
/// # Errors
/// Whatever the database says.
pub async fn rows(
    tx: &Tx,
    app: &App,
    shopper: &Shopper,
    book: &PriceBook,
    articles: &[&Article],
    offers: &mut Offers,
) -> Result<Vec<ProductRow>> {
    let account = book.customer().account;
    let own = own_facts(tx, account, articles).await?;
    let compared = shopper
        .cart
        .filter(|cart| (1..=COMPARED_LINES).contains(&cart.lines) && !offers.is_empty());
    if let Some(cart) = compared
        && articles
            .iter()
            .any(|article| !offers.of(&article.item).is_empty())
    {
        offers.compare_cart(tx, app, account, cart).await?;
    }
    let mut out = Out::load(tx, book.customer().date, articles).await?;
    let mut row = |article: &&Article| {
        let mut row = bare(article, book.customer().currency);
        row.price = price_view(book, article);
        row.offers = offers.beside(&article.item);
        if row.price.unit_price.is_some() && article.status.is_sold() {
            row.due = shopper.due.rhythm(article.id).cloned();
        }
        if let Some(facts) = own.get(&article.id) {
            row.last_order = facts.last_order.clone();
            row.in_cart = in_order_units(article, &facts.in_cart);
        }
        out.tell(article, &mut row);
        row
    };
    Ok(articles.iter().map(&mut row).collect())
}

/// What there is to say of products that are out of stock: when they come, and whether the reader
/// waits to be told. Nothing is asked where all are there.
struct Out {
    outlook: Outlook,
    waited_for: Vec<ProductId>,
}

impl Out {
    async fn load(tx: &Tx, today: Date, articles: &[&Article]) -> Result<Out> {
        let out: Vec<ProductId> = articles
            .iter()
            .filter(|article| alerts::is_out(article))
            .map(|article| article.id)
            .collect();
        Ok(Out {
            outlook: Outlook::load(tx, today, &out).await?,
            waited_for: alerts::waited_for(tx, &out).await?,
        })
    }

    fn tell(&mut self, article: &Article, row: &mut ProductRow) {
        if !alerts::is_out(article) {
            return;
        }
        let factor = article
            .factor(article.order_unit)
            .unwrap_or(PackFactor::ONE);
        let pieces = least(article) * factor.get();
        // Not when something comes, but when what comes is not owed to others before.
        let promise = self.outlook.promise(article.id, pieces);
        let day = promise.and_then(|promise| promise.by);
        row.availability.expected = day.map(|day| day.to_string());
        row.alert = if self.waited_for.contains(&article.id) {
            "kept".to_owned()
        } else {
            "offer".to_owned()
        };
    }
}

/// A row for somebody who buys for no account: without price and past.
#[must_use]
pub fn bare(article: &Article, currency: Currency) -> ProductRow {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    let rule = article.rule();
    let packs = article
        .units
        .iter()
        .filter(|known| known.factor.get() > 1)
        .map(|known| PackView {
            unit: known.unit,
            factor: known.factor.get(),
            base_unit: article.base_unit,
            gtin: known.gtin.clone(),
        });
    ProductRow {
        sku: article.sku.clone(),
        gtin: article.gtin.clone(),
        name: article.name.clone(),
        brand: article.brand_name.clone(),
        price: PriceView {
            unit_price: None,
            list_price: None,
            unit: article.order_unit,
            currency,
            tiers: Vec::new(),
        },
        order_unit: article.order_unit,
        packs: packs.collect(),
        min: rule.least(factor),
        step: rule.step_in(factor),
        availability: availability(article),
        last_order: None,
        status: status(article.status).to_owned(),
        in_cart: 0,
        offers: Vec::new(),
        alert: String::new(),
        due: None,
    }
}

/// The account's price of the least orderable quantity, and how it changes with more.
#[must_use]
pub fn price_view(book: &PriceBook, article: &Article) -> PriceView {
    let unit = article.order_unit;
    let least = least(article);
    let unit_price = book.price(article, unit, least);
    let list_price = book
        .list_price(article, unit, least)
        .filter(|list| Some(*list) != unit_price);
    let ladder = if unit_price.is_some() {
        book.ladder(article, unit)
    } else {
        Vec::new()
    };
    let tiers = ladder
        .into_iter()
        .filter(|step| step.from > least)
        .map(|step| TierView {
            min_quantity: step.from,
            unit_price: step.price,
            reached: false,
        });
    PriceView {
        unit_price,
        // A list price without a price of one's own would read as an offer.
        list_price: list_price.filter(|_| unit_price.is_some()),
        unit,
        currency: book.customer().currency,
        tiers: tiers.collect(),
    }
}

/// The least that can be ordered, in order units.
#[must_use]
pub fn least(article: &Article) -> i64 {
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    article.rule().least(factor)
}

/// What can be had, in order units.
#[must_use]
pub fn availability(article: &Article) -> Availability {
    let quantity = article.available_in(article.order_unit).unwrap_or(0);
    let state = match (article.status, article.stock_policy) {
        (ProductStatus::Delisted, _) => "none",
        (_, StockPolicy::Untracked) => "untracked",
        _ if quantity >= LOW * least(article) => "in-stock",
        _ if quantity > 0 => "low",
        (_, StockPolicy::BackOrder) => "back-order",
        (_, StockPolicy::Strict) => "none",
    };
    Availability {
        state: state.to_owned(),
        quantity,
        expected: article.expected_on.map(|date| date.to_string()),
    }
}

fn status(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Active => "active",
        ProductStatus::PhasingOut => "phasing-out",
        ProductStatus::Delisted => "delisted",
    }
}

/// What an account has to do with a product.
#[derive(Debug, Default)]
struct OwnFacts {
    last_order: Option<LastOrder>,
    in_cart: Vec<(Unit, i64)>,
}

async fn own_facts(
    tx: &Tx,
    account: AccountId,
    articles: &[&Article],
) -> Result<HashMap<ProductId, OwnFacts>> {
    let mut facts: HashMap<ProductId, OwnFacts> = HashMap::with_capacity(articles.len());
    let ids: Vec<ProductId> = articles.iter().map(|article| article.id).collect();
    for chunk in ids.chunks(2_000) {
        let chunk = padded(chunk);
        let sql = format!(
            "SELECT p.id, a.last_on, a.last_quantity, a.last_unit, c.unit, c.quantity \
             FROM products p \
             LEFT JOIN account_products a ON a.account_id = $1 AND a.product_id = p.id \
             LEFT JOIN cart_lines c ON c.product_id = p.id AND c.cart_id = \
                (SELECT id FROM carts WHERE account_id = $1 AND state = 'open') \
             WHERE p.id IN ({})",
            placeholders(2, chunk.len()),
        );
        let values =
            std::iter::once(Value::from(account.0)).chain(chunk.iter().map(|id| Value::from(*id)));
        for row in tx.rows(&sql, values).await? {
            let own = facts.entry(row.try_get_by_index(0)?).or_default();
            let last: Option<LocalDate> = row.try_get_by_index(1)?;
            let quantity: Option<i32> = row.try_get_by_index(2)?;
            let unit: Option<Unit> = row.try_get_by_index(3)?;
            if let (Some(date), Some(quantity), Some(unit)) = (last, quantity, unit) {
                let (quantity, date) = (quantity.into(), date.to_string());
                own.last_order = Some(LastOrder {
                    quantity,
                    unit,
                    date,
                });
            }
            let unit: Option<Unit> = row.try_get_by_index(4)?;
            let quantity: Option<i32> = row.try_get_by_index(5)?;
            own.in_cart.extend(unit.zip(quantity.map(i64::from)));
        }
    }
    Ok(facts)
}

/// A product may stand in the cart in several units; whole order units are shown.
fn in_order_units(article: &Article, lines: &[(Unit, i64)]) -> i64 {
    let pieces = |(unit, quantity): &(Unit, i64)| {
        article
            .factor(*unit)
            .map_or(0, |factor| factor.get() * quantity)
    };
    let pieces: i64 = lines.iter().map(pieces).sum();
    let factor = article
        .factor(article.order_unit)
        .unwrap_or(PackFactor::ONE);
    // A started case is in the cart, too.
    (pieces + factor.get() - 1) / factor.get()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::catalogue::article::ArticleUnit;
    use trade::id::{CategoryId, ProductBrandId};
    use trade::price::Item;
    use trade::tax::TaxClass;
    use uuid::Uuid;

    /// Sold by the case of 12, two cases at least and in steps of two.
    pub(crate) fn article() -> Article {
        let (id, brand) = (
            ProductId(Uuid::from_u128(7)),
            ProductBrandId(Uuid::from_u128(1)),
        );
        let unit = |unit, factor| ArticleUnit {
            unit,
            factor: PackFactor::new(factor).expect("a factor"),
            gtin: None,
        };
        Article {
            id,
            sku: "DOG-1".into(),
            gtin: None,
            name: "Adult Beef".into(),
            brand,
            brand_name: "Feldhof".into(),
            category: CategoryId(Uuid::from_u128(1)),
            units: vec![unit(Unit::Piece, 1), unit(Unit::Case, 12)],
            base_unit: Unit::Piece,
            order_unit: Unit::Case,
            moq: 2,
            multiple: 2,
            tax_class: TaxClass::Standard,
            status: ProductStatus::Active,
            stock_policy: StockPolicy::Strict,
            available: Some(125),
            expected_on: None,
            item: Item {
                product: id,
                brand,
                categories: vec![],
                base_unit: Unit::Piece,
            },
        }
    }

    fn state(change: impl FnOnce(&mut Article)) -> (String, i64) {
        let mut article = article();
        change(&mut article);
        let availability = availability(&article);
        (availability.state, availability.quantity)
    }

    #[test]
    fn availability_counts_whole_order_units() {
        assert_eq!(state(|_| ()), ("in-stock".into(), 10));
        assert_eq!(state(|a| a.available = Some(119)), ("low".into(), 9));
        assert_eq!(state(|a| a.available = Some(11)), ("none".into(), 0));
        assert_eq!(state(|a| a.available = Some(-4)), ("none".into(), 0));
    }

    #[test]
    fn what_is_short_is_on_back_order_only_where_that_is_the_policy() {
        let back_order = |a: &mut Article| {
            a.stock_policy = StockPolicy::BackOrder;
            a.available = None;
        };
        assert_eq!(state(back_order), ("back-order".into(), 0));
        assert_eq!(state(|a| a.available = None), ("none".into(), 0));
        assert_eq!(
            state(|a| a.stock_policy = StockPolicy::Untracked).0,
            "untracked"
        );
        assert_eq!(state(|a| a.status = ProductStatus::Delisted).0, "none");
    }

    #[test]
    fn a_row_offers_the_least_quantity_and_its_steps() {
        let row = bare(&article(), Currency::EUR);
        assert_eq!((row.min, row.step, row.order_unit), (2, 2, Unit::Case));
        assert_eq!(row.packs.len(), 1);
        assert_eq!(row.packs[0].factor, 12);
    }

    #[test]
    fn pieces_in_the_cart_count_as_started_cases() {
        let lines = [(Unit::Case, 2), (Unit::Piece, 5)];
        assert_eq!(in_order_units(&article(), &lines), 3);
        assert_eq!(in_order_units(&article(), &[]), 0);
    }
}
