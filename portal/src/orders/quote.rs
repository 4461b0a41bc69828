//! What some lines would cost an account today, and what stands in the way of ordering them.
//!
//! Cart, quick order, checkout, submit and the API all quote through here, so a price or a refusal
//! cannot differ between them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use sea_orm::{ColumnTrait, QueryFilter};
use trade::id::{AccountId, ProductId, ShipToId};
use trade::money::Money;
use trade::price::{LineStep, PriceTrace};
use trade::quantity::{Misfit, Quantity, Unit};
use trade::tax::{LineTax, TaxPlace, Totals, totals};

use crate::app::App;
use crate::catalogue::{Article, Reference, article};
use crate::db::Tx;
use crate::db::entity::{account, ship_to};
use crate::db::words::StockPolicy;
use crate::error::Result;
use crate::pricing::{Customer, PriceBook};

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
}

impl ForWhom {
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
        })
    }

    fn tax_place<'a>(&'a self, app: &'a App) -> TaxPlace<'a> {
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
    /// The rounded total; none without a price.
    pub net: Option<Money>,
    /// Its tax.
    pub tax: Option<LineTax>,
    /// Why it cannot be ordered.
    pub problem: Option<Problem>,
}

/// Lines and what they add up to.
#[derive(Debug, Clone)]
pub struct Quote {
    /// In the order they were wanted.
    pub lines: Vec<QuotedLine>,
    /// Of the lines that have a price and an allowed quantity.
    pub totals: Totals,
}

impl Quote {
    /// Whether every line can be ordered.
    #[must_use]
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.problem.is_none())
    }
}

/// Quotes `wanted` lines: a handful of queries however many they are.
///
/// # Errors
/// Whatever the database says; a sum beyond 64 bits.
pub async fn quote(tx: &Tx, app: &App, whom: &ForWhom, wanted: &[Wanted]) -> Result<Quote> {
    let reference = app.reference.get(tx).await?;
    let mut ids: Vec<ProductId> = wanted.iter().map(|line| line.product).collect();
    ids.sort_unstable();
    ids.dedup();
    let articles = article::by_id(tx, &reference, &ids).await?;
    let articles: HashMap<ProductId, Arc<Article>> = articles
        .into_iter()
        .map(|(id, article)| (id, Arc::new(article)))
        .collect();
    let book = PriceBook::load(tx, whom.customer, &ids).await?;
    let quoter = Quoter {
        app,
        whom,
        reference: &reference,
        book: &book,
    };
    let mut left: HashMap<ProductId, i64> = HashMap::new();
    let mut lines = Vec::with_capacity(wanted.len());
    for line in wanted {
        lines.push(quoter.line(*line, articles.get(&line.product), &mut left));
    }
    let counted = lines
        .iter()
        .filter(|line| line.ordered.0 > 0)
        .filter_map(|line| Some((line.net?, line.tax?)));
    let totals = totals(whom.customer.currency, counted)?;
    Ok(Quote { lines, totals })
}

struct Quoter<'a> {
    app: &'a App,
    whom: &'a ForWhom,
    reference: &'a Reference,
    book: &'a PriceBook,
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
            net: None,
            tax: None,
            problem: None,
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
        let quantity = line.wanted.quantity.clamp(1, trade::quantity::MAX_ORDERED);
        let Some(mut trace) = self.book.trace(article, line.wanted.unit, quantity) else {
            return;
        };
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
                trace.line = Some(LineStep { exact, net, tax });
                line.net = Some(net);
                line.tax = Some(tax);
            }
        }
        line.trace = Some(trace);
    }
}
