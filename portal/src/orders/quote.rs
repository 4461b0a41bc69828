//! What some lines would cost an account today, and what stands in the way of ordering them.
//!
//! Cart, quick order, checkout, submit and the API all quote through here, so a price or a refusal
//! cannot differ between them. A [`Draft`] has the prices of single lines; [`Draft::quote`] adds
//! what depends on all of them: promotions, goods that come along, freight, the minimum.

mod whole;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId, PromotionId, ShipToId};
use trade::money::Money;
use trade::price::{ByHand, LineStep, PriceTrace};
use trade::promotion::{Applied, NearMiss};
use trade::quantity::{Misfit, Quantity, Unit};
use trade::tax::{LineTax, TaxPlace, Totals, totals};

use crate::app::App;
use crate::catalogue::{Article, Reference, article};
use crate::db::Tx;
use crate::db::entity::{account, ship_to};
use crate::db::words::StockPolicy;
use crate::error::Result;
use crate::pricing::{Customer, PriceBook};
use crate::promotions::book::Book;

/// The most one line may cost, in minor units: the sum of as many lines as a cart can have, with
/// its tax, stays within 64 bits.
const MOST_LINE_MINOR: i64 = 1_000_000_000_000_000;

/// A line somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The product.
    pub product: ProductId,
    /// The unit it is wanted in.
    pub unit: Unit,
    /// How many of it.
    pub quantity: i64,
}

/// Whose prices and whose tax.
#[derive(Debug, Clone)]
pub struct ForWhom {
    /// The account's row.
    pub account: account::Model,
    /// Where the goods go; the account's own address where it has no place.
    pub ship_to: Option<ship_to::Model>,
    /// Whose prices.
    pub customer: Customer,
    /// Prices the brand's staff set for single lines.
    pub by_hand: HashMap<(ProductId, Unit), ByHand>,
}

impl ForWhom {
    /// The account that pays.
    #[must_use]
    pub fn bill_to(&self) -> AccountId {
        self.account.bill_to_id.unwrap_or(self.account.id)
    }

    /// The account, delivered to `ship_to` or else to its default place.
    ///
    /// # Errors
    /// `NotFound` for an account the caller does not see.
    pub async fn load(
        tx: &Tx,
        app: &App,
        account: AccountId,
        ship_to: Option<ShipToId>,
    ) -> Result<ForWhom> {
        let account = tx.get::<account::Entity>(account).await?;
        let place = tx
            .one::<ship_to::Entity>(|places| {
                let places = places
                    .filter(ship_to::Column::AccountId.eq(account.id))
                    .filter(ship_to::Column::Active.eq(true));
                match ship_to {
                    Some(id) => places.filter(ship_to::Column::Id.eq(id)),
                    None => places.filter(ship_to::Column::IsDefault.eq(true)),
                }
            })
            .await?;
        let customer = Customer {
            account: account.id,
            ship_to: place.as_ref().map(|place| place.id),
            currency: account.currency,
            date: app.today(),
        };
        Ok(ForWhom {
            account,
            ship_to: place,
            customer,
            by_hand: HashMap::new(),
        })
    }

    pub(super) fn tax_place<'a>(&'a self, app: &'a App) -> TaxPlace<'a> {
        TaxPlace {
            seller_country: &app.brand.row.country,
            ship_to_country: self
                .ship_to
                .as_ref()
                .map_or(&self.account.country, |place| &place.country),
            buyer_has_vat_id: self.account.vat_id.is_some(),
        }
    }
}

/// Why a line cannot be ordered as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such product, or not for this account.
    NotFound,
    /// No longer sold.
    Delisted,
    /// Not sold in that unit; these are.
    OtherUnit(Vec<Unit>),
    /// Minimum or multiple; with the nearest that would do.
    Misfit(Misfit),
    /// Price on request.
    NoPrice,
    /// The brand has set up no tax rate for it.
    NoTaxRate,
    /// It would cost more than an order can add up.
    TooDear,
    /// Sold only from stock, and there is less: so many of the unit, more from that day on.
    Short {
        /// What can be had, in the unit wanted.
        available: i64,
        /// When more is expected.
        expected_on: Option<Date>,
    },
}

/// A line with its price, or with what stands in the way.
#[derive(Debug, Clone)]
pub struct QuotedLine {
    /// What was wanted.
    pub wanted: Wanted,
    /// The product, where the account sees it.
    pub article: Option<Arc<Article>>,
    /// In base units; 0 where the quantity is not allowed.
    pub ordered: Quantity,
    /// The price with why; also where the quantity is not allowed, for showing it.
    pub trace: Option<PriceTrace>,
    /// The rounded total before promotions; none without a price.
    pub before: Option<Money>,
    /// The total after promotions; none without a price.
    pub net: Option<Money>,
    /// Its tax.
    pub tax: Option<LineTax>,
    /// Why it cannot be ordered.
    pub problem: Option<Problem>,
    /// Of goods that come along at no charge: with which promotion.
    pub comes_with: Option<PromotionId>,
}

impl QuotedLine {
    /// What promotions take off it.
    #[must_use]
    pub fn discount(&self) -> Option<Money> {
        let (before, net) = (self.before?, self.net?);
        Some(Money::new(before.minor - net.minor, net.currency))
    }
}

/// What the freight of an order costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreightQuote {
    /// The charge, net.
    pub charge: Money,
    /// Its tax; none where nothing is charged.
    pub tax: Option<LineTax>,
    /// The value of goods from which it is free.
    pub free_from: Option<Money>,
    /// What is missing for that.
    pub missing: Option<Money>,
    /// The promotion that takes it off.
    pub waived_by: Option<PromotionId>,
}

/// The least an order should be worth, and what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minimum {
    /// Net value of goods.
    pub minimum: Money,
    /// Zero where it is reached.
    pub missing: Money,
}

/// Lines and what they add up to.
#[derive(Debug, Clone)]
pub struct Quote {
    /// In the order they were wanted.
    pub lines: Vec<QuotedLine>,
    /// Goods that come along at no charge.
    pub free: Vec<QuotedLine>,
    /// Net of the lines after promotions, without freight.
    pub goods: Money,
    /// What promotions take off in all.
    pub discount: Money,
    /// Freight.
    pub freight: FreightQuote,
    /// The minimum order value; none where there is none.
    pub minimum: Option<Minimum>,
    /// Of the lines that have a price and an allowed quantity, with freight.
    pub totals: Totals,
    /// Promotions that were applied.
    pub applied: Vec<Applied>,
    /// Promotions that are near.
    pub near: Vec<NearMiss>,
    /// The promotions that were asked, for naming them.
    pub book: Arc<Book>,
}

impl Quote {
    /// Whether every line can be ordered.
    #[must_use]
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.problem.is_none())
    }

    /// The lines of an order: what was wanted, then what comes along.
    pub fn order_lines(&self) -> impl Iterator<Item = &QuotedLine> {
        self.lines.iter().chain(&self.free)
    }
}

/// Quotes `wanted` lines as one order: a handful of queries however many they are.
///
/// # Errors
/// Whatever the database says; a sum beyond 64 bits.
pub async fn quote(tx: &Tx, app: &App, whom: &ForWhom, wanted: &[Wanted]) -> Result<Quote> {
    let date = whom.customer.date;
    let book = Book::load(tx, &app.promotions, &whom.account, date).await?;
    let draft = Draft::load(tx, app, whom, wanted, &book.gifts()).await?;
    draft.quote(app, whom, Arc::new(book))
}

/// Prices of single lines, as a price question asks: without what depends on the whole order.
///
/// # Errors
/// As [`quote`].
pub async fn prices(tx: &Tx, app: &App, whom: &ForWhom, wanted: &[Wanted]) -> Result<Quote> {
    let draft = Draft::load(tx, app, whom, wanted, &[]).await?;
    let mut quote = draft.quote(app, whom, Arc::default())?;
    let counted = counted(&quote.lines);
    quote.totals = totals(whom.customer.currency, counted)?;
    quote.freight.charge = Money::zero(whom.customer.currency);
    Ok(quote)
}

fn counted(lines: &[QuotedLine]) -> impl Iterator<Item = (Money, LineTax)> {
    lines
        .iter()
        .filter(|line| line.ordered.0 > 0)
        .filter_map(|line| Some((line.net?, line.tax?)))
}

/// Articles and prices, loaded once for as many drafts as are made of them.
#[derive(Debug)]
pub struct Goods {
    articles: HashMap<ProductId, Arc<Article>>,
    book: PriceBook,
    gifts: Vec<ProductId>,
    reference: Arc<Reference>,
}

impl Goods {
    /// Loads articles and prices of `products` and of what may come along.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(
        tx: &Tx,
        app: &App,
        whom: &ForWhom,
        products: impl IntoIterator<Item = ProductId>,
        gifts: &[ProductId],
    ) -> Result<Goods> {
        let reference = app.reference.get(tx).await?;
        let mut ids: Vec<ProductId> = products.into_iter().collect();
        ids.extend(gifts);
        ids.sort_unstable();
        ids.dedup();
        let articles = article::by_id(tx, &reference, &ids).await?;
        Ok(Goods {
            articles: articles
                .into_iter()
                .map(|(id, article)| (id, Arc::new(article)))
                .collect(),
            book: PriceBook::load(tx, whom.customer, &ids).await?,
            gifts: gifts.to_vec(),
            reference,
        })
    }

    /// As [`Goods::load`], where everything has been loaded already: `articles` are those that the
    /// account sees.
    #[must_use]
    pub fn of(
        articles: HashMap<ProductId, Arc<Article>>,
        book: PriceBook,
        gifts: Vec<ProductId>,
        reference: Arc<Reference>,
    ) -> Goods {
        Goods {
            articles,
            book,
            gifts,
            reference,
        }
    }

    /// A product, where the account sees it.
    #[must_use]
    pub fn article(&self, product: ProductId) -> Option<&Article> {
        self.articles.get(&product).map(Arc::as_ref)
    }

    /// The lines with their own prices.
    #[must_use]
    pub fn draft(&self, app: &App, whom: &ForWhom, wanted: &[Wanted]) -> Draft {
        let mut together: HashMap<(ProductId, Unit), i64> = HashMap::new();
        for line in wanted {
            let sum = together.entry((line.product, line.unit)).or_insert(0);
            *sum = sum.saturating_add(Ord::max(line.quantity, 0));
        }
        let quoter = Quoter {
            app,
            whom,
            reference: &self.reference,
            book: &self.book,
            together: &together,
        };
        let mut left: HashMap<ProductId, i64> = HashMap::new();
        let lines = wanted
            .iter()
            .map(|line| quoter.line(*line, self.articles.get(&line.product), &mut left))
            .collect();
        let gifts = self.gifts.iter().filter_map(|id| self.articles.get(id));
        let gifts = gifts.filter(|article| article.status.is_sold());
        let gifts = gifts
            .map(|article| Gift {
                trace: self.book.trace(article, article.base_unit, 1),
                article: Arc::clone(article),
            })
            .collect();
        Draft {
            lines,
            gifts,
            reference: Arc::clone(&self.reference),
        }
    }
}

/// Lines with their own prices, before anything that depends on the whole order.
#[derive(Debug)]
pub struct Draft {
    lines: Vec<QuotedLine>,
    gifts: Vec<Gift>,
    reference: Arc<Reference>,
}

/// A product that may come along.
#[derive(Debug)]
struct Gift {
    article: Arc<Article>,
    /// Of one base unit; none is "price on request".
    trace: Option<PriceTrace>,
}

impl Draft {
    /// Loads articles and prices of what is wanted and of what may come along.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn load(
        tx: &Tx,
        app: &App,
        whom: &ForWhom,
        wanted: &[Wanted],
        gifts: &[ProductId],
    ) -> Result<Draft> {
        let products = wanted.iter().map(|line| line.product);
        let goods = Goods::load(tx, app, whom, products, gifts).await?;
        Ok(goods.draft(app, whom, wanted))
    }

    /// The lines, each by itself.
    #[must_use]
    pub fn lines(&self) -> &[QuotedLine] {
        &self.lines
    }

    /// The quote with these promotions. Asked again with what has changed of them, nothing is
    /// loaded anew.
    ///
    /// # Errors
    /// A sum beyond 64 bits.
    pub fn quote(&self, app: &App, whom: &ForWhom, book: Arc<Book>) -> Result<Quote> {
        whole::quote(self, app, whom, book)
    }
}

struct Quoter<'a> {
    app: &'a App,
    whom: &'a ForWhom,
    reference: &'a Reference,
    book: &'a PriceBook,
    /// Of a product that stands on several lines in one unit, tiers count them together.
    together: &'a HashMap<(ProductId, Unit), i64>,
}

impl Quoter<'_> {
    fn line(
        &self,
        wanted: Wanted,
        article: Option<&Arc<Article>>,
        left: &mut HashMap<ProductId, i64>,
    ) -> QuotedLine {
        let mut line = QuotedLine {
            wanted,
            article: article.cloned(),
            ordered: Quantity(0),
            trace: None,
            before: None,
            net: None,
            tax: None,
            problem: None,
            comes_with: None,
        };
        let Some(article) = article else {
            line.problem = Some(Problem::NotFound);
            return line;
        };
        let Some(factor) = article.factor(wanted.unit) else {
            line.problem = Some(Problem::OtherUnit(
                article.units.iter().map(|known| known.unit).collect(),
            ));
            return line;
        };
        match article.rule().fit(wanted.quantity, factor) {
            Ok(ordered) => line.ordered = ordered,
            Err(misfit) => line.problem = Some(Problem::Misfit(misfit)),
        }
        self.price(&mut line, article);
        if !article.status.is_sold() {
            line.problem = Some(Problem::Delisted);
        }
        if line.problem.is_none() && article.stock_policy == StockPolicy::Strict {
            let left = left
                .entry(article.id)
                .or_insert(article.available.unwrap_or(0));
            if line.ordered.0 > *left {
                line.problem = Some(Problem::Short {
                    available: Ord::max(*left, 0) / factor.get(),
                    expected_on: article.expected_on,
                });
            }
            *left -= line.ordered.0;
        }
        line
    }

    fn price(&self, line: &mut QuotedLine, article: &Article) {
        // The price of a quantity that is not allowed is that of the least: the page shows one.
        let most = trade::quantity::MAX_ORDERED;
        let quantity = line.wanted.quantity.clamp(1, most);
        let key = (line.wanted.product, line.wanted.unit);
        let together = self.together.get(&key).copied().unwrap_or(quantity);
        let counted = together.clamp(1, most);
        let Some(mut trace) = self.book.trace(article, line.wanted.unit, counted) else {
            return;
        };
        if let Some(by_hand) = self.whom.by_hand.get(&key) {
            trace.by_hand = Some(ByHand {
                instead_of: trace.price,
                ..by_hand.clone()
            });
            trace.price = Some(by_hand.price);
        }
        let country = &self.app.brand.row.country;
        let date = self.whom.customer.date;
        let rate = self.reference.tax_rate(country, article.tax_class, date);
        match (trace.price, rate) {
            (None, _) => {
                line.problem.get_or_insert(Problem::NoPrice);
            }
            (Some(_), None) => {
                line.problem.get_or_insert(Problem::NoTaxRate);
            }
            (Some(price), Some(rate)) => {
                let total = price.line_total(quantity, trace.currency).ok();
                let total = total.filter(|net| net.minor <= MOST_LINE_MINOR);
                let (Some(net), Ok(exact)) = (total, price.times(quantity)) else {
                    line.problem.get_or_insert(Problem::TooDear);
                    line.trace = Some(trace);
                    return;
                };
                let tax = self.whom.tax_place(self.app).line(rate);
                let exact = exact.0;
                trace.line = Some(LineStep {
                    exact,
                    net,
                    tax,
                    promotions: Vec::new(),
                });
                line.before = Some(net);
                line.net = Some(net);
                line.tax = Some(tax);
            }
        }
        line.trace = Some(trace);
    }
}
