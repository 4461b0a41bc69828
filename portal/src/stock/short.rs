//! Lines that cannot be had whole at once: what of each is there now and when the rest comes; and
//! where an item is sold only from stock, what could be had instead.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use recommender::Suggestion;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use trade::id::ProductId;
use trade::money::{Currency, UnitPrice};
use trade::quantity::{PackFactor, Unit};
use trade::stock::Promise;

use super::outlook::Outlook;
use crate::app::App;
use crate::catalogue::{Article, article, padded};
use crate::db::Tx;
use crate::db::entity::product_substitute;
use crate::error::Result;
use crate::orders::quote::{ForWhom, Problem, QuotedLine};
use crate::pricing::PriceBook;
use crate::suggestions;
use crate::suggestions::picks::of_this;
use crate::suggestions::words::{self, Reader};
use crate::web::shape::Message;

/// Substitutes that are offered for one line.
const OFFERED: usize = 3;
/// How many the model is asked for: some have no price, or are not there.
const ASKED: usize = 6;

/// Something else that can be had at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitute {
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The unit it is ordered in.
    pub unit: Unit,
    /// As much of it as was wanted, in that unit, rounded up to what may be ordered.
    pub quantity: i64,
    /// What can be had of it, in that unit.
    pub available: i64,
    /// What one costs the account.
    pub unit_price: UnitPrice,
    /// In which currency.
    pub currency: Currency,
    /// As much as was wanted, in base units.
    pub pieces: i64,
    /// Why it is offered; none where the brand itself names it.
    pub reason: Option<Message>,
}

/// What is to be said of a line that is sold only from stock, and there is less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shortage {
    /// The day on which all of it can be had, as far as anybody knows.
    pub date: Option<Date>,
    /// What to take instead, the best first.
    pub substitutes: Vec<Substitute>,
}

impl Shortage {
    /// For programs.
    #[must_use]
    pub fn facts(&self) -> (Value, Value) {
        let date = json!(self.date.map(|date| date.to_string()));
        let substitutes = self.substitutes.iter().map(|other| {
            json!({
                "sku": other.sku,
                "name": other.name,
                "unit": other.unit,
                "quantity": other.quantity,
                "available": other.available,
                "unit_price": other.unit_price.to_decimal(),
                "currency": other.currency,
            })
        });
        (date, Value::Array(substitutes.collect()))
    }
}

/// What of each line is there now and when the rest comes, in the line's own unit; by the line's
/// place. Lines that can be had whole at once are not in it.
///
/// # Errors
/// Whatever the database says.
pub async fn promises(tx: &Tx, app: &App, lines: &[QuotedLine]) -> Result<HashMap<usize, Promise>> {
    let mut wanted: HashMap<ProductId, i64> = HashMap::new();
    for line in lines {
        *wanted.entry(line.wanted.product).or_default() += line.ordered.0;
    }
    let scarce = |article: &Article| {
        let wanted = wanted.get(&article.id).copied().unwrap_or(0);
        article.available.is_some_and(|there| there < wanted)
    };
    let mut products: Vec<ProductId> = lines
        .iter()
        .filter_map(|line| line.article.as_deref())
        .filter(|article| scarce(article))
        .map(|article| article.id)
        .collect();
    products.sort_unstable();
    products.dedup();
    if products.is_empty() {
        return Ok(HashMap::new());
    }
    let mut outlook = Outlook::load(tx, app.today(), &products).await?;
    let mut promises = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let factor = line
            .article
            .as_deref()
            .and_then(|article| article.factor(line.wanted.unit));
        let promise = outlook.promise(line.wanted.product, line.ordered.0);
        let Some((factor, promise)) = factor.zip(promise) else {
            continue;
        };
        if promise.is_short() {
            let day = promise.by;
            let mut counted = promise.in_units(factor);
            counted.by = counted.by.or(day);
            promises.insert(at, counted);
        }
    }
    Ok(promises)
}

/// Everything there is to say of the lines that are short, by their place: when they can be had,
/// and what the account sees, has a price for and can have at once instead. However many lines
/// there are, it is a handful of queries.
///
/// # Errors
/// Whatever the database says.
pub async fn explain(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    lines: &[QuotedLine],
) -> Result<HashMap<usize, Shortage>> {
    let is_short = |line: &QuotedLine| matches!(line.problem, Some(Problem::Short { .. }));
    let products: HashSet<ProductId> = lines
        .iter()
        .filter(|line| is_short(line))
        .map(|line| line.wanted.product)
        .collect();
    if products.is_empty() {
        return Ok(HashMap::new());
    }
    let promises = promises(tx, app, lines).await?;
    let instead = Instead::load(tx, app, whom, &products.into_iter().collect::<Vec<_>>()).await?;
    let mut shortages = HashMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_short(line)) {
        shortages.insert(
            at,
            Shortage {
                date: promises.get(&at).and_then(|promise| promise.by),
                substitutes: instead.of(line.wanted.product, line.ordered.0),
            },
        );
    }
    Ok(shortages)
}

/// The substitutes of some products that the account could order: what the brand names, then what
/// the model found.
struct Instead {
    named: HashMap<ProductId, Vec<ProductId>>,
    found: HashMap<ProductId, Vec<(ProductId, Option<Message>)>>,
    articles: HashMap<ProductId, Article>,
    book: PriceBook,
}

impl Instead {
    async fn load(tx: &Tx, app: &App, whom: &ForWhom, products: &[ProductId]) -> Result<Instead> {
        let mut named: HashMap<ProductId, Vec<ProductId>> = HashMap::new();
        for chunk in products.chunks(2_000) {
            let ids = padded(chunk);
            let rows = tx
                .all::<product_substitute::Entity>(|rows| {
                    rows.filter(product_substitute::Column::ProductId.is_in(ids))
                        .order_by_asc(product_substitute::Column::Position)
                        .order_by_asc(product_substitute::Column::SubstituteId)
                })
                .await?;
            for row in rows {
                let of = named.entry(row.product_id).or_default();
                of.push(row.substitute_id);
            }
        }
        let found = found(tx, app, whom, products, &named).await?;
        let others = found.values().flatten().map(|(product, _)| *product);
        let mut ids: Vec<ProductId> = named.values().flatten().copied().chain(others).collect();
        ids.sort_unstable();
        ids.dedup();
        let reference = app.reference.get(tx).await?;
        let articles = article::by_id(tx, &reference, &ids).await?;
        let book = PriceBook::for_list(tx, whom.customer, &ids).await?;
        Ok(Instead {
            named,
            found,
            articles,
            book,
        })
    }

    fn of(&self, product: ProductId, pieces: i64) -> Vec<Substitute> {
        let named = self.named.get(&product).into_iter().flatten();
        let found = self.found.get(&product).into_iter().flatten();
        named
            .map(|id| (id, None))
            .chain(found.map(|(id, reason)| (id, reason.clone())))
            .filter_map(|(id, reason)| {
                Some(Substitute {
                    reason,
                    ..self.offer(self.articles.get(id)?, pieces)?
                })
            })
            .take(OFFERED)
            .collect()
    }

    /// The substitute in the quantity that replaces `pieces`, if it can be ordered and is there.
    fn offer(&self, article: &Article, pieces: i64) -> Option<Substitute> {
        let unit = article.order_unit;
        let quantity = replacing(article, pieces)?;
        let factor = article.factor(unit)?;
        let available = match article.available {
            None => quantity,
            Some(there) => there / factor.get(),
        };
        if !article.status.is_sold() || available < quantity {
            return None;
        }
        Some(Substitute {
            sku: article.sku.clone(),
            name: article.name.clone(),
            unit,
            quantity,
            available,
            unit_price: self.book.price(article, unit, quantity)?,
            currency: self.book.customer().currency,
            pieces: quantity * factor.get(),
            reason: None,
        })
    }
}

/// What the model finds instead of each, beside what is named, with the strongest reason.
async fn found(
    tx: &Tx,
    app: &App,
    whom: &ForWhom,
    products: &[ProductId],
    named: &HashMap<ProductId, Vec<ProductId>>,
) -> Result<HashMap<ProductId, Vec<(ProductId, Option<Message>)>>> {
    let said = suggestions::ask(tx, app, whom.account.id, ASKED, |model, ask| {
        let of = |product: &ProductId| {
            let known = named.get(product).map_or(&[][..], Vec::as_slice);
            let mut others = model.substitutes(ask, *product);
            others.retain(|one| !known.contains(&one.product));
            (*product, others)
        };
        products.iter().map(of).collect::<Vec<_>>()
    });
    let said = said.await?.unwrap_or_default();
    let flat: Vec<Suggestion> = said.iter().flat_map(|(_, others)| others.clone()).collect();
    let reasons = words::reasons(tx, app, Reader::Buyer, &flat).await?;
    let mut reasons = reasons.into_iter();
    let mut found = HashMap::with_capacity(said.len());
    for (product, others) in said {
        let worded = others.into_iter().map(|one| {
            let said = reasons.next().and_then(|all| all.into_iter().next());
            (one.product, said.map(|reason| of_this(reason.text)))
        });
        found.insert(product, worded.collect());
    }
    Ok(found)
}

/// The least quantity in order units that may be ordered and is no less than `pieces`.
fn replacing(article: &Article, pieces: i64) -> Option<i64> {
    let factor: PackFactor = article.factor(article.order_unit)?;
    let rule = article.rule();
    let (least, step) = (rule.least(factor), rule.step_in(factor));
    let units = (pieces + factor.get() - 1) / factor.get();
    let quantity = Ord::max(least, (units + step - 1) / step * step);
    rule.fit(quantity, factor).is_ok().then_some(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rows::tests::article;

    #[test]
    fn as_much_is_offered_as_was_wanted_in_whole_steps() {
        // Cases of 12, two at least and in steps of two.
        let article = article();
        assert_eq!(replacing(&article, 1), Some(2));
        assert_eq!(replacing(&article, 24), Some(2));
        assert_eq!(replacing(&article, 25), Some(4));
        assert_eq!(replacing(&article, 60), Some(6));
    }
}
